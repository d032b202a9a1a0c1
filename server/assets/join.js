// The joining page. The link's code stays behind the # of the address, where no server, log or
// Referer sees it; it goes along with each request as a bearer token.

const code = location.hash.slice(1);
const byId = (id) => document.getElementById(id);
const main = byId("join");
const fields = ["site", "login_company", "public_key", "private_key", "client_id"];

const TYPING_PAUSE = 600;

function show(state) {
  main.dataset.state = state;
  for (const [id, states] of [
    ["ask", ["ask", "joining"]],
    ["done", ["done"]],
    ["gone", ["gone"]],
    ["refused", ["refused"]],
  ]) {
    byId(id).hidden = !states.includes(state);
  }
}

async function ask(method, path, body) {
  const headers = { Accept: "application/json" };
  if (code) headers.Authorization = `Bearer ${code}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit",
      signal: AbortSignal.timeout(120_000),
    });
  } catch {
    return { ok: false, data: { message: "The service did not answer.", advice: "Try again in a minute." } };
  }
  const text = await answer.text();
  let data = null;
  try {
    data = text === "" ? null : JSON.parse(text);
  } catch {
    data = { message: "The service answered something else.", advice: "Reload this page." };
  }
  return { ok: answer.ok, data };
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function problem(data) {
  const words = element("p", "", "problem");
  words.append(element("strong", data?.message ?? "Something went wrong."), " ", data?.advice ?? "");
  if (data?.code) words.dataset.code = data.code;
  return words;
}

const MARKS = { good: "\u2713", bad: "\u2717", waiting: "\u00b7" };
const SPOKEN = { good: "Good:", bad: "Not good:", waiting: "To do:" };

function steps(list) {
  byId("steps").replaceChildren(
    ...list.map((step) => {
      const optional = step.state === "bad" && !step.required;
      const line = element("li", "", optional ? "optional" : step.state);
      line.dataset.step = step.code;
      line.dataset.state = optional ? "optional" : step.state;
      const mark = element("span", optional ? "\u25cb" : MARKS[step.state], "mark");
      mark.setAttribute("aria-hidden", "true");
      const words = element("div");
      words.append(element("span", optional ? "Optional:" : SPOKEN[step.state], "spoken"), " ");
      words.append(element("span", step.message));
      if (step.advice) words.append(element("p", step.advice, "advice"));
      line.append(mark, words);
      return line;
    }),
  );
  const ready = list.every((step) => step.state === "good" || !step.required);
  byId("go").disabled = !ready;
}

function entered() {
  const request = Object.fromEntries(fields.map((id) => [id, byId(id).value]));
  if (!request.client_id.trim()) delete request.client_id;
  request.toolbar_button = byId("toolbar_button").checked;
  return request;
}

let timer = 0;
let round = 0;

async function check() {
  const own = ++round;
  byId("busy").textContent = "Checking\u2026";
  const { ok, data } = await ask("POST", "/join/check", entered());
  // Something was typed meanwhile: a later answer is on its way.
  if (own !== round) return;
  byId("busy").replaceChildren(...(ok ? [] : [problem(data)]));
  if (ok) steps(data.steps);
}

function typed() {
  byId("go").disabled = true;
  round += 1;
  clearTimeout(timer);
  timer = setTimeout(check, TYPING_PAUSE);
}

async function join(event) {
  event.preventDefault();
  clearTimeout(timer);
  round += 1;
  show("joining");
  byId("go").disabled = true;
  byId("busy").textContent = "Joining\u2026";
  const { ok, data } = await ask("POST", "/join", entered());
  byId("busy").textContent = "";
  if (!ok) {
    show("ask");
    if (data?.steps) steps(data.steps);
    else byId("busy").replaceChildren(problem(data));
    byId("go").disabled = false;
    return;
  }
  byId("private_key").value = "";
  byId("pieces").replaceChildren(
    ...data.pieces.map((piece) => {
      const line = element("li", "", piece.problem ? "bad" : "good");
      line.dataset.piece = piece.code;
      line.dataset.changed = String(piece.changed);
      const mark = element("span", piece.problem ? MARKS.bad : MARKS.good, "mark");
      mark.setAttribute("aria-hidden", "true");
      const words = element("div", piece.words);
      words.append(piece.problem ? ` is missing: ${piece.problem}` : piece.changed ? " is in place" : " was there already");
      line.append(mark, words);
      return line;
    }),
  );
  byId("origin").textContent = data.origin;
  byId("pod").textContent = data.pod;
  byId("by_hand").hidden = !data.pieces.some((piece) => piece.code === "company_pod" && piece.problem);
  show("done");
}

async function leave() {
  byId("busy").textContent = "Leaving\u2026";
  const { ok, data } = await ask("POST", "/join/leave", { login_company: byId("leave_company").value });
  byId("busy").replaceChildren(...(ok ? [] : [problem(data)]));
  if (ok) show("gone");
}

async function begin() {
  const { ok, data } = await ask("GET", "/join/state");
  if (!ok) {
    byId("refused").replaceChildren(element("h1", "This does not work"), problem(data));
    show("refused");
    return;
  }
  if (data.installation) {
    byId("title").textContent = "Connect your PSA again";
    byId("site").value = data.installation.site;
    byId("login_company").value = data.installation.login_company;
    byId("leaving").hidden = false;
  }
  show("ask");
  byId("form").addEventListener("input", (event) => {
    if (event.target.id !== "leave_company") typed();
  });
  byId("form").addEventListener("submit", join);
  byId("leave").addEventListener("click", leave);
  await check();
}

if (main.dataset.state === "loading") await begin();
