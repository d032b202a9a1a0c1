// The part of the pod that must work when everything else fails: the talk with ConnectWise PSA
// (Hosted API 1.0: JSON texts by postMessage). It answers every event at once, so that the pod
// never holds up a save, and hands the pod the record on the screen and the member's proof.

const root = document.getElementById("pod");
const { origins, podJs } = document.body.dataset;
const allowed = new Set(origins.split(" ").filter(Boolean));
const host = window.parent;

const HOST_SILENT_AFTER = 5_000;
const PROOF_SILENT_AFTER = 10_000;
const RECORD_SILENT_AFTER = 3_000;
const READY_AGAIN_AFTER = [500, 1_500, 4_000];

let hostOrigin = null;
let frame = null;
let record; // undefined: not told yet; null: none of ours; else its screen and id, such as "ticket/12"
let listener = null;
let hostListener = null;
let question = null; // the one outstanding getMemberAuthentication
let dirty = false;
let broken = false;

function show(state) {
  if (!broken) root.dataset.state = state;
  if (state === "broken") broken = true;
}

function post(message, origin) {
  // The PSA reads JSON texts only; once it has named our frame it wants that name in each.
  host.postMessage(JSON.stringify(frame === null ? message : { ...message, frameID: frame }), origin);
}

function change(next) {
  if (next === record) return;
  record = next;
  if (next === null) show("elsewhere");
  if (listener) listener(next);
}

function recordId(value) {
  // A number or its text; a literal "[cw_id]" means that the PSA did not fill it in.
  return /^[1-9][0-9]{0,14}$/.test(String(value)) ? Number(value) : null;
}

function recordOn(screen, value) {
  const name = String(screen).toLowerCase();
  const id = recordId(value);
  return id !== null && ["company", "contact", "ticket"].includes(name) ? `${name}/${id}` : null;
}

function framed(id) {
  if (frame === id) return;
  frame = id;
  if (root.dataset.state === "outside") show("connecting");
  if (hostListener) hostListener();
  setTimeout(() => {
    // No onLoad: the address is the next best hint. The service asks the PSA in any case.
    const hint = new URLSearchParams(location.search);
    const hinted = recordOn(hint.get("screen"), hint.get("id"));
    if (record === undefined && hinted !== null) change(hinted);
  }, RECORD_SILENT_AFTER);
}

function happened(message) {
  const answer = { event: message.event, result: "success" };
  if (message._id !== undefined) answer._id = message._id;
  post(answer, hostOrigin);
  if (message.event.toLowerCase() !== "onload") return;
  const screen = message.data?.screenObject;
  change(recordOn(screen?.screen, screen?.id));
}

function answered(message) {
  if (question === null || message.response.toLowerCase() !== "getmemberauthentication") return;
  const { resolve, reject, timer } = question;
  question = null;
  clearTimeout(timer);
  const data = new Map(Object.entries(message.data ?? {}).map(([key, value]) => [key.toLowerCase(), value]));
  const text = (key) => (typeof data.get(key) === "string" ? data.get(key) : "");
  const proof = {
    login_company: text("companyid"),
    member: text("memberid"),
    hash: text("memberhash"),
    context: text("membercontext"),
  };
  if (proof.login_company && proof.member && proof.hash) resolve(proof);
  else reject(new Error("incomplete"));
}

addEventListener("message", (event) => {
  if (event.source !== host || !allowed.has(event.origin) || typeof event.data !== "string") return;
  let message;
  try {
    message = JSON.parse(event.data);
  } catch {
    return;
  }
  if (message === null || typeof message !== "object") return;
  const name = Object.keys(message).find((key) => key.toLowerCase() === "messageframeid");
  if (name && typeof message[name] === "string") {
    hostOrigin = event.origin;
    framed(message[name]);
  } else if (typeof message.event === "string") {
    hostOrigin = event.origin;
    happened(message);
  } else if (typeof message.response === "string") {
    answered(message);
  }
});

globalThis.connectactive = Object.freeze({
  /** The PSA's origin; null before it spoke. */
  origin: () => hostOrigin,
  /** Calls back with the record on the screen, such as "company/250", or null when it is none of ours;
   *  at once when it is known, and again whenever it changes. */
  onRecord(callback) {
    listener = callback;
    if (record !== undefined) callback(record);
  },
  /** Calls back once the PSA has named our frame: for pages that belong to no record. */
  onHost(callback) {
    hostListener = callback;
    if (frame !== null) callback();
  },
  /** The member's proof. Answers carry no request id, so there is one question at a time. */
  proof() {
    if (question !== null) return question.promise;
    const { promise, resolve, reject } = Promise.withResolvers();
    const timer = setTimeout(() => {
      question = null;
      reject(new Error("silent"));
    }, PROOF_SILENT_AFTER);
    question = { promise, resolve, reject, timer };
    post({ hosted_request: "getMemberAuthentication" }, hostOrigin);
    return promise;
  },
  /** Loads the PSA's screen again. */
  refresh() {
    post({ hosted_request: "refreshScreen" }, hostOrigin);
  },
  /** Whether leaving the screen would lose something. */
  setDirty(value) {
    if (value === dirty || hostOrigin === null) return;
    dirty = value;
    post({ hosted_request: "setDirty", args: { dirty } }, hostOrigin);
  },
});

function ready() {
  // Nothing secret is in it: each allowed origin gets one, the browser drops what does not fit.
  if (frame === null) for (const origin of allowed) host.postMessage('{"message":"ready"}', origin);
}

if (host === window) {
  show("outside");
} else {
  ready();
  for (const delay of READY_AGAIN_AFTER) setTimeout(ready, delay);
  setTimeout(() => {
    if (hostOrigin === null) show("outside");
  }, HOST_SILENT_AFTER);
}

// A pod that has crashed says so; the talk with the PSA above goes on.
const crashed = (event) => {
  if ((event.error ?? event.reason) instanceof WebAssembly.RuntimeError) show("broken");
};
addEventListener("error", crashed);
addEventListener("unhandledrejection", crashed);

try {
  const pod = await import(podJs);
  await pod.default();
} catch {
  show("broken");
}
