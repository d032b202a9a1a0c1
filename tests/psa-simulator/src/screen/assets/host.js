// The host side of the Hosted API: what the PSA's page does with the pods it frames.
//
// Every message is a JSON string. A pod says "ready" and gets its MessageFrameID, which it must
// put on all it says from then on. Events carry an _id that the answer repeats; a save waits
// for the answers to beforeSave.
"use strict";
(() => {
  const LATE_MS = 1500;
  const ANSWER_MS = 5000;

  const options = new URLSearchParams(location.search);
  const is = (name, value) => options.get(name) === value;
  const nilear = is("mode", "nilear");
  const byId = (id) => document.getElementById(id);

  const log = [];
  const hosted = (frame) => ({
    frame,
    origin: frame.dataset.origin || "",
    hostedAs: frame.dataset.hostedAs || "pod",
    frameId: null,
    greeting: false,
    greeted: false,
    dirty: false,
    // The answers that are waited for, by _id.
    waiting: new Map(),
  });
  const pods = [...document.querySelectorAll("iframe.pod")].map(hosted);
  const { screen, record } = byId("screen").dataset;

  const psa = {
    log,
    override: {},
    unanswered: 0,
    // A page behind a menu entry has no record.
    record: record ? { screen, id: Number(record) } : null,
    tab: currentTab(),
    get dirty() {
      return pods.some((pod) => pod.dirty);
    },
  };
  window.psa = psa;

  function currentTab() {
    const current = document.querySelector(".tabs [aria-current]");
    return current ? current.dataset.tab : screen;
  }

  const randomId = () => crypto.getRandomValues(new Uint32Array(2)).join("-");

  // --- speaking ---------------------------------------------------------------------------

  function say(pod, message) {
    const text = JSON.stringify(message);
    log.push({ direction: "out", pod: pod.frame.id, text });
    // To the registered origin only: a pod that went elsewhere hears nothing.
    pod.frame.contentWindow.postMessage(text, pod.origin || "null");
  }

  function sayEvent(pod, name, data) {
    const id = randomId();
    const answer = new Promise((resolve) => pod.waiting.set(id, resolve));
    say(pod, { event: name, _id: id, data });
    return answer;
  }

  function sayOnLoad(pod) {
    if (psa.record === null) return;
    const { screen, id } = psa.record;
    const screenObject = { screen, id: is("onload_id", "text") ? String(id) : id, hostedAs: pod.hostedAs };
    const answered = sayEvent(pod, "onLoad", { screenObject });
    let late = setTimeout(() => {
      late = null;
      psa.unanswered += 1;
      showMessages([`${pod.frame.title} has not answered onLoad.`]);
    }, ANSWER_MS);
    answered.then(() => late !== null && clearTimeout(late));
  }

  // --- hearing ----------------------------------------------------------------------------

  addEventListener("message", (event) => {
    const pod = pods.find((candidate) => candidate.frame.contentWindow === event.source);
    const text = typeof event.data === "string" ? event.data : String(event.data);
    const ignore = (reason) => log.push({ direction: "ignored", pod: pod ? pod.frame.id : null, text, reason });
    if (!pod) return ignore("not from a pod");
    if (pod.origin !== "*" && event.origin !== pod.origin) return ignore(`from ${event.origin}`);
    if (typeof event.data !== "string") return ignore("not a string");
    let message;
    try {
      message = JSON.parse(event.data);
    } catch {
      return ignore("not JSON");
    }
    if (message === null || typeof message !== "object") return ignore("not an object");
    if (message.message === "ready") {
      log.push({ direction: "in", pod: pod.frame.id, text });
      return void greet(pod);
    }
    if (!nilear && (pod.frameId === null || message.frameID !== pod.frameId)) return ignore("wrong frameID");
    if (typeof message.hosted_request === "string") {
      log.push({ direction: "in", pod: pod.frame.id, text });
      return void request(pod, message.hosted_request, message.args ?? {});
    }
    const waiting = message.event === undefined ? undefined : pod.waiting.get(message._id);
    if (!waiting) return ignore("neither a request nor an awaited answer");
    log.push({ direction: "in", pod: pod.frame.id, text });
    pod.waiting.delete(message._id);
    waiting(message);
  });

  async function greet(pod) {
    if (pod.greeting) return;
    pod.greeting = true;
    const first = is("order", "onload_first");
    if (first) sayOnLoad(pod);
    if (!nilear && !is("frame_id", "never")) {
      if (is("frame_id", "late")) await new Promise((resolve) => setTimeout(resolve, LATE_MS));
      pod.frameId ??= randomId();
      say(pod, { MessageFrameID: pod.frameId });
      if (is("frame_id", "twice")) say(pod, { MessageFrameID: pod.frameId });
    }
    if (!first) sayOnLoad(pod);
    pod.greeting = false;
    pod.greeted = true;
  }

  async function request(pod, name, args) {
    switch (name) {
      case "getMemberAuthentication": {
        const proof = await fetch(`/screen/proof${location.search}`).then((answer) => answer.json());
        const message = { response: name.toLowerCase(), data: { ...proof, ...psa.override } };
        if (!nilear) message._id = randomId();
        return say(pod, message);
      }
      case "setDirty":
        pod.dirty = args.dirty === true;
        byId("dirty-mark").hidden = !psa.dirty;
        return;
      case "openScreen":
        return openScreen(pod, args);
      case "refreshScreen":
        if (await mayLeave()) await psa.refresh();
        return;
      default:
        log.push({ direction: "ignored", pod: pod.frame.id, text: name, reason: "unknown request" });
    }
  }

  function openScreen(pod, { screen, id, newTab }) {
    const number = Number(id);
    const ignore = (reason) =>
      log.push({ direction: "ignored", pod: pod.frame.id, text: `openScreen ${screen} ${id}`, reason });
    if (screen !== "company" && screen !== "ticket") return ignore("unknown screen");
    if (!Number.isInteger(number) || number <= 0) return ignore("not a record's id");
    if (newTab) window.open(`/${screen}/${number}`, "_blank", "noopener");
    else if (psa.record?.screen === screen) psa.navigate(number);
    else leaveFor(`/${screen}/${number}`);
  }

  async function leaveFor(place) {
    if (!(await mayLeave())) return;
    // The person has agreed already.
    pods.forEach((pod) => (pod.dirty = false));
    location.assign(place);
  }

  // --- the record -------------------------------------------------------------------------

  function showMessages(messages) {
    const lines = messages.map((text) => {
      const line = document.createElement("p");
      line.className = "notice";
      line.textContent = text;
      return line;
    });
    byId("messages").replaceChildren(...lines);
  }

  function mayLeave() {
    if (!psa.dirty) return Promise.resolve(true);
    const dialog = byId("leave-dialog");
    return new Promise((resolve) => {
      const done = (answer) => () => {
        dialog.close();
        resolve(answer);
      };
      byId("leave-stay").onclick = done(false);
      byId("leave-go").onclick = done(true);
      dialog.oncancel = () => resolve(false);
      dialog.showModal();
    });
  }

  async function showRecord(id, tab) {
    const answer = await fetch(`/screen/panel/${screen}/${id}/${tab}${location.search}`);
    byId("record").innerHTML = await answer.text();
    psa.tab = tab;
    // The frame of a hosted tab comes and goes with its tab.
    for (const gone of pods.filter((pod) => !pod.frame.isConnected)) pods.splice(pods.indexOf(gone), 1);
    pods.push(...[...document.querySelectorAll("#record iframe.pod")].map(hosted));
    byId("dirty-mark").hidden = !psa.dirty;
  }

  const isHosted = (tab) => tab.startsWith("hosted-");

  async function showTab(tab) {
    if (isHosted(psa.tab) && !(await mayLeave())) return;
    await showRecord(psa.record.id, tab);
    history.pushState(null, "", address(psa.record.id, tab));
  }

  function address(id, tab) {
    return `/${screen}/${id}${tab === screen ? "" : `/${tab}`}${location.search}`;
  }

  // Another record on the same page: each pod is told, or its frame is loaded anew.
  psa.navigate = async (id) => {
    if (!(await mayLeave())) return false;
    psa.record.id = Number(id);
    await showRecord(id, psa.tab);
    history.pushState(null, "", address(id, psa.tab));
    document.title = `${byId("record-name")?.textContent ?? screen} - PSA simulator`;
    for (const pod of pods) {
      pod.dirty = false;
      if (is("navigate", "reload")) {
        pod.greeted = false;
        pod.frameId = null;
        pod.frame.src = pod.frame.dataset.url.replaceAll("[cw_id]", String(id)).replaceAll("[cw_screen]", screen);
      } else if (pod.greeted) {
        sayOnLoad(pod);
      }
    }
    byId("dirty-mark").hidden = true;
    return true;
  };

  psa.refresh = async () => {
    // A hosted tab is told, and stays.
    if (!isHosted(psa.tab)) await showRecord(psa.record.id, psa.tab);
    pods.filter((pod) => pod.greeted).forEach(sayOnLoad);
  };

  // Ask every pod, then save. A pod that refuses stops it; one that is silent holds it up.
  psa.save = async () => {
    const button = byId("save");
    if (button.disabled) return { outcome: "refused", errors: ["A save is under way."] };
    button.disabled = true;
    byId("save-state").textContent = "Saving: waiting for the pods";
    showMessages([]);
    const result = await saved();
    const words = { saved: "Saved", refused: "Not saved", failed: "Not saved", hung: "The save hangs" };
    // A save that hangs leaves the screen as the PSA leaves it: waiting.
    byId("save").disabled = result.outcome === "hung";
    byId("save-state").textContent = words[result.outcome];
    showMessages(result.errors);
    return result;
  };

  async function saved() {
    const form = byId("record-form");
    const fields = form ? new URLSearchParams(new FormData(form)) : new URLSearchParams();
    // Tabs are not asked: the event is one of pods.
    const heeded = pods.filter((pod) => pod.greeted && pod.hostedAs === "pod");
    const asked = heeded.map((pod) => sayEvent(pod, "beforeSave", {}));
    const limit = Number(options.get("save_timeout")) || 10000;
    const silence = new Promise((resolve) => setTimeout(() => resolve(null), limit));
    const answers = await Promise.race([Promise.all(asked), silence]);
    if (answers === null) return { outcome: "hung", errors: ["A pod has not answered beforeSave."] };
    const refusals = answers.filter((answer) => answer.result !== "success");
    if (refusals.length > 0) {
      return { outcome: "refused", errors: refusals.flatMap((answer) => answer.errors ?? ["A pod refused."]).map(String) };
    }
    const answer = await fetch(`/${screen}/${psa.record.id}/save${location.search}`, { method: "POST", body: fields });
    const body = await answer.json();
    if (!body.saved) return { outcome: "failed", errors: body.errors };
    if (!isHosted(psa.tab)) await showRecord(psa.record.id, psa.tab);
    return { outcome: "saved", errors: [] };
  }

  // Tell the pods of a record that is not the one on the screen; the answers.
  psa.claim = (id) => {
    const screenObject = { ...psa.record, id, hostedAs: "pod" };
    return Promise.all(pods.map((pod) => sayEvent(pod, "onLoad", { screenObject })));
  };

  // One onLoad of the record on the screen that carries this many characters for nothing; the answers.
  psa.huge = (characters) => {
    const screenObject = { ...psa.record, hostedAs: "pod" };
    const padding = "x".repeat(characters);
    return Promise.all(pods.map((pod) => sayEvent(pod, "onLoad", { screenObject, padding })));
  };

  // This many messages at once, of every kind, whose answers nobody waits for. They are not in
  // the log: it would hold nothing else.
  psa.flood = (count) => {
    const kinds = [
      "not JSON",
      "null",
      "[]",
      '{"response":"getmemberauthentication","data":{}}',
      '{"message":"ready"}',
      JSON.stringify({ event: "onLoad", _id: "flood", data: { screenObject: { ...psa.record, hostedAs: "pod" } } }),
    ];
    for (const pod of pods) {
      for (let index = 0; index < count; index += 1) {
        pod.frame.contentWindow.postMessage(kinds[index % kinds.length], pod.origin);
      }
    }
  };

  // Anything at all to every pod: for tests of what a pod must ignore.
  psa.raw = (value) => {
    for (const pod of pods) {
      log.push({ direction: "out", pod: pod.frame.id, text: String(value) });
      pod.frame.contentWindow.postMessage(value, pod.origin);
    }
  };

  // A toolbar button opens its page in a dialog. Nothing public says how the PSA greets it: here as
  // it greets a pod.
  function openDialog(button) {
    const dialog = document.createElement("dialog");
    dialog.className = "toolbar-dialog";
    const frame = document.createElement("iframe");
    frame.className = "pod";
    frame.id = `dialog-${button.dataset.toolbar}`;
    frame.title = button.textContent;
    frame.dataset.origin = button.dataset.origin;
    frame.width = button.dataset.width;
    frame.height = button.dataset.height;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.onclick = async () => (await mayLeave()) && dialog.close();
    dialog.append(close, frame);
    const pod = hosted(frame);
    pods.push(pod);
    dialog.addEventListener("close", () => {
      pods.splice(pods.indexOf(pod), 1);
      byId("dirty-mark").hidden = !psa.dirty;
      dialog.remove();
    });
    document.body.append(dialog);
    const id = String(psa.record.id);
    frame.src = button.dataset.url.replaceAll("[cw_id]", id).replaceAll("[cw_screen]", psa.record.screen);
    dialog.showModal();
  }

  // --- the pods of the screen ---------------------------------------------------------------

  function move(from, to) {
    byId(to).append(...byId(from).selectedOptions);
  }

  async function arrange() {
    if (!(await mayLeave())) return;
    const displayed = [...byId("displayed").options].map((option) => option.value).join(",");
    const body = new URLSearchParams({ screen, displayed });
    const answer = await fetch(`/screen/pods${location.search}`, { method: "POST", body });
    byId("arrange-dialog").close();
    if (!answer.ok) return showMessages(["The pods could not be saved."]);
    pods.forEach((pod) => (pod.dirty = false));
    location.reload();
  }

  // --- the page ---------------------------------------------------------------------------

  addEventListener("click", (event) => {
    const tab = event.target.closest("a[data-tab]");
    if (tab && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      showTab(tab.dataset.tab);
    } else if (event.target.dataset.toolbar) {
      openDialog(event.target);
    } else if (event.target.id === "save") {
      psa.save();
    } else if (event.target.id === "refresh") {
      mayLeave().then((leave) => leave && psa.refresh());
    } else if (event.target.id === "full-width") {
      const full = byId("screen").classList.toggle("full-width");
      event.target.setAttribute("aria-pressed", String(full));
    } else if (event.target.id === "arrange") {
      byId("arrange-dialog").showModal();
    } else if (event.target.id === "pod-add") {
      move("not-displayed", "displayed");
    } else if (event.target.id === "pod-remove") {
      move("displayed", "not-displayed");
    } else if (event.target.id === "arrange-save") {
      arrange();
    } else if (event.target.id === "arrange-cancel") {
      byId("arrange-dialog").close();
    }
  });
  addEventListener("submit", (event) => {
    if (event.target.id === "record-form") {
      event.preventDefault();
      psa.save();
    }
  });
  addEventListener("popstate", () => location.reload());
  addEventListener("beforeunload", (event) => {
    if (psa.dirty) event.preventDefault();
  });
})();
