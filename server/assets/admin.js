// The administrator's page in the PSA. The talk with the PSA's page is boot.js's.

const base = `/i/${document.body.dataset.installation}`;
const byId = (id) => document.getElementById(id);

let token = null;
// The right that opens this page, as it is saved.
let named = null;
// The board for tickets, as it is saved.
let ticketBoard = "";

function show(state) {
  byId("pod").dataset.state = state;
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

async function ask(method, path, body) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(`${base}/${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "omit",
    signal: AbortSignal.timeout(120_000),
  });
  if (answer.status === 204) return null;
  const data = await answer.json();
  if (!answer.ok) throw data;
  return data;
}

function problem(data) {
  const words = element("p", "", "problem");
  const message = typeof data?.message === "string" && data.code ? data.message : "The service did not answer.";
  words.append(element("strong", message), " ", data?.advice ?? "Try again in a minute.");
  if (data?.code) words.dataset.code = data.code;
  return words;
}

function row(state, text, advice) {
  const line = element("li", "", state);
  line.dataset.state = state;
  const mark = element("span", { good: "\u2713", bad: "\u2717", optional: "\u25cb" }[state], "mark");
  mark.setAttribute("aria-hidden", "true");
  const words = element("div", text);
  if (advice) words.append(element("p", advice, "advice"));
  line.append(mark, words);
  return line;
}

function pieces(list) {
  byId("pieces").replaceChildren(
    ...list.map((piece) => {
      const line = row(piece.problem ? "bad" : "good", piece.words, piece.problem);
      line.dataset.piece = piece.code;
      return line;
    }),
  );
}

function needs(missing) {
  const lines = missing.map((need) => row(need.required ? "bad" : "optional", need.message, need.place));
  if (!missing.some((need) => need.required)) lines.unshift(row("good", "It allows all that is needed."));
  byId("needs").replaceChildren(...lines);
}

// One errand: its control rests meanwhile, and what came of it is said beside it.
async function errand(control, said, work, back) {
  control.disabled = true;
  try {
    await signIn();
    said.textContent = await work();
  } catch (error) {
    back?.();
    said.replaceChildren(problem(error));
  }
  control.disabled = false;
}

function name({ target: choice }) {
  const work = async () => {
    const proof = await globalThis.connectactive.proof();
    await ask("POST", "admin/administrators", { administrators: choice.value, proof });
    named = choice.value;
    return "Saved.";
  };
  return errand(choice, byId("administrators-said"), work, () => (choice.value = named));
}

function boards(list, chosen) {
  const select = byId("board");
  const options = list.map((board) => {
    const option = element("option", board.name);
    option.value = board.id;
    return option;
  });
  const none = element("option", "No tickets");
  none.value = "";
  select.replaceChildren(none, ...options);
  select.value = chosen ?? "";
  ticketBoard = select.value;
}

function chooseBoard({ target: choice }) {
  const work = async () => {
    await ask("PUT", "admin/board", { board: choice.value ? Number(choice.value) : null });
    ticketBoard = choice.value;
    return choice.value
      ? "Saved. A company that needs a person gets one ticket here, which is closed by itself."
      : "Saved. No tickets are opened.";
  };
  return errand(choice, byId("board-said"), work, () => (choice.value = ticketBoard));
}

function saveRules() {
  return errand(byId("save-rules"), byId("rules-said"), async () => {
    await ask("PUT", "admin/rules", { rules: byId("rules").value });
    return "Saved. They hold from the next sync of each company.";
  });
}

// Tokens last five minutes, so each errand brings a proof of its own.
async function signIn() {
  token = null;
  const proof = await globalThis.connectactive.proof();
  const session = await ask("POST", "session", { proof, purpose: "administer" });
  token = session.token;
  byId("who").textContent = `You are ${session.member}.`;
}

async function open() {
  try {
    await signIn();
    const state = await ask("GET", "admin/state");
    byId("psa").textContent = `${state.login_company} at ${state.site}`;
    needs(state.missing);
    pieces(state.pieces);
    named = byId("administrators").value = state.administrators;
    byId("rules").value = state.rules;
    boards(state.boards, state.board);
    show("ready");
  } catch (error) {
    byId("refused").replaceChildren(problem(error));
    show("refused");
  }
}

function register() {
  byId("busy").textContent = "Putting it in order\u2026";
  return errand(byId("register"), byId("busy"), async () => {
    pieces(await ask("POST", "admin/registration"));
    return "Done.";
  });
}

export default function start() {
  byId("register").addEventListener("click", register);
  byId("administrators").addEventListener("change", name);
  byId("save-rules").addEventListener("click", saveRules);
  byId("board").addEventListener("change", chooseBoard);
  globalThis.connectactive.onHost(open);
}
