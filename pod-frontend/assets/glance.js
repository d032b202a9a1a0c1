// The first look: where the company stands, as the service has drawn it. Every company screen opens
// with it. The pod itself, which is larger by far, comes at the first sign that somebody wants more;
// where it does not come, what is shown here stays true.

const root = document.getElementById("pod");
const app = document.getElementById("app");
const message = document.getElementById("message");
const { installation, wholeJs, wholeWasm, loading } = document.body.dataset;
const psa = globalThis.connectactive;

const SERVICE_SILENT_AFTER = 60_000;
const SIGNS = ["pointerover", "focusin", "keydown"];

let look = new AbortController();
let looked = Promise.resolve(null); // what the service said of the record on the screen
let pod = null; // the pod, once it is on its way
let pressed = null; // the button that waits for it

// What the first script calls the record, as the service wants to hear it.
function named(record) {
  const [screen, id] = record.split("/");
  return screen === "company" ? { company: Number(id) } : { record: { [screen]: Number(id) } };
}

async function ask(record, signal) {
  const proof = await psa.proof();
  const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
  const answer = await fetch(`/i/${installation}/open`, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify({ proof, lang: document.documentElement.lang, zone, ...named(record) }),
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(SERVICE_SILENT_AFTER)]),
  });
  if (!answer.ok) throw new Error("refused");
  return { record, opened: await answer.text(), at: Date.now() };
}

async function show(record, signal) {
  root.dataset.state = "connecting";
  try {
    const seen = await ask(record, signal);
    if (signal.aborted) return null;
    const { state, screen, goes_on } = JSON.parse(seen.opened);
    app.innerHTML = screen;
    root.dataset.state = state;
    if (goes_on) load();
    return seen;
  } catch {
    // The pod asks again, and knows the words for what is wrong.
    if (!signal.aborted) load();
    return null;
  }
}

function open(record) {
  look.abort();
  look = new AbortController();
  pressed = null;
  app.replaceChildren();
  message.replaceChildren();
  looked = record === null ? Promise.resolve(null) : show(record, look.signal);
}

async function takeOver() {
  const whole = await import(wholeJs);
  await whole.default({ module_or_path: wholeWasm });
  let last, seen;
  // The record may change meanwhile.
  do seen = await (last = looked);
  while (last !== looked);
  app.removeEventListener("click", press);
  whole.take_over(seen?.record, seen?.opened, seen?.at ?? 0);
  if (pressed?.isConnected) pressed.click();
}

function load() {
  pod ??= takeOver().catch(() => {
    pod = null;
    if (["status", "not-set-up", "who"].includes(root.dataset.state)) {
      const [what, advice] = root.querySelector('[data-boot="broken"]').children;
      const loud = document.createElement("strong");
      loud.textContent = what.textContent;
      message.replaceChildren(loud, ` ${advice.textContent}`);
    } else if (["connecting", "loading"].includes(root.dataset.state)) root.dataset.state = "broken";
  });
}

function press(event) {
  const button = event.target.closest("[data-action]");
  if (button === null) return;
  // A form is the pod's to send, once it is there.
  event.preventDefault();
  pressed = button;
  message.textContent = loading;
  load();
}

export default function start() {
  app.addEventListener("click", press);
  for (const sign of SIGNS) root.addEventListener(sign, load, { once: true });
  psa.onRecord(open);
}
