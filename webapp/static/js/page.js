// What every page needs: light switch, CSRF for htmx, one click one submit, findings that jump,
// questions before an act, keys. The other modules are started from here.
import { prepareTables } from "./tables.js";
import { prepareKeptForms } from "./keep-typing.js";
import { keepWhatIsTypedMeanwhile } from "./typed_meanwhile.js";
import { say } from "./words.js";

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

function prepareThemeSwitch() {
  const buttons = document.querySelectorAll("[data-theme-switch]");
  const root = document.documentElement;
  const label = () => {
    for (const button of buttons) {
      button.textContent = root.dataset.bsTheme === "dark" ? button.dataset.lightLabel : button.dataset.darkLabel;
    }
  };
  const change = () => {
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("phanbo-theme", root.dataset.bsTheme);
    } catch {
      // The choice then lasts for this page only.
    }
    label();
  };
  for (const button of buttons) button.addEventListener("click", change);
  label();
}

function jumpTo(id) {
  const target = document.getElementById(id);
  if (!target) return false;
  target.scrollIntoView({ block: "center" });
  const focusable = target.matches("input,select,textarea,button,a[href],[tabindex]")
    ? target
    : target.querySelector("input,select,textarea,button,a[href]");
  (focusable ?? target).focus({ preventScroll: true });
  return true;
}

function onClick(event) {
  const jump = event.target.closest("a[data-jump]");
  if (jump && jumpTo(decodeURIComponent(jump.hash.slice(1)))) event.preventDefault();
  const dismiss = event.target.closest("[data-dismiss-message]");
  if (dismiss) dismiss.closest(".message").remove();
  if (event.target.closest("[data-go-back]")) history.back();
  if (event.target.closest("[data-print]")) window.print();
}

// A dialog that says in one sentence what will happen; resolves to true when agreed.
export function ask(sentence, verb) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "ask";
    const text = document.createElement("p");
    text.id = "ask-sentence";
    text.textContent = sentence;
    dialog.setAttribute("aria-labelledby", text.id);
    const row = document.createElement("form");
    row.method = "dialog";
    row.className = "button-row";
    for (const [value, label, look] of [["yes", verb, "btn-primary"], ["no", say("drop"), "btn-outline-secondary"]]) {
      const button = document.createElement("button");
      button.value = value;
      button.className = `btn ${look}`;
      button.textContent = label;
      row.append(button);
    }
    dialog.append(text, row);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

async function onSubmit(event) {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.ask && form.dataset.agreed !== "yes") {
    event.preventDefault();
    const submitter = event.submitter;
    if (await ask(form.dataset.ask, form.dataset.askVerb || submitter?.textContent.trim() || say("agree"))) {
      form.dataset.agreed = "yes";
      form.requestSubmit(submitter);
    }
    return;
  }
  if (form.method !== "post" || isPartial(form)) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault(); // the first click is on its way; its key makes even a second one harmless
    return;
  }
  form.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("aria-busy", "true");
}

function isPartial(form) {
  return ["hx-post", "hx-get", "hx-put", "hx-patch", "hx-delete"].some((name) => form.hasAttribute(name));
}

function freeForms() {
  // A page taken from the browser's memory by "Back" must be usable again.
  for (const busy of document.querySelectorAll('[aria-busy="true"]')) busy.removeAttribute("aria-busy");
  for (const form of document.querySelectorAll("form[data-agreed]")) delete form.dataset.agreed;
}

// What answers an attempt is read once: a part renewed by polling must not steal the focus again.
function focusFindings() {
  const findings = document.querySelector("[data-findings]:not([data-read])");
  if (!findings) return;
  findings.dataset.read = "yes";
  findings.focus();
}

function typingIn(element) {
  return element.matches?.("input,textarea,select,[contenteditable]");
}

function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const rows = [["?", say("keysHelp")], ["/", say("keysSearch")], ["Alt + 1", say("home")]];
  for (const element of document.querySelectorAll("[data-keys]")) {
    rows.push([element.dataset.keys, element.dataset.keysSay ?? element.textContent.trim()]);
  }
  const heading = document.createElement("h2");
  heading.textContent = say("keys");
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [keys, says] of rows) {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = keys;
    term.append(key);
    const meaning = document.createElement("dd");
    meaning.textContent = says;
    list.append(term, meaning);
  }
  const form = document.createElement("form");
  form.method = "dialog";
  const close = document.createElement("button");
  close.className = "btn btn-outline-secondary mt-3";
  close.textContent = say("close");
  form.append(close);
  dialog.append(heading, list, form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function onKey(event) {
  if (event.altKey && event.key === "1") {
    document.querySelector("a.brand").click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) return;
  if (event.key === "?" && !document.querySelector("dialog[open]")) showKeys();
  if (event.key === "/") {
    const search = document.querySelector('main input[type="search"]');
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
}

// Safe to repeat: after a part was renewed (its target may be gone by then) the whole page is asked.
function prepare() {
  prepareTables(document);
  prepareKeptForms(document);
  focusFindings();
}

document.addEventListener("click", onClick);
document.addEventListener("submit", onSubmit);
document.addEventListener("keydown", onKey);
window.addEventListener("pageshow", freeForms);
document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = csrfToken();
});
keepWhatIsTypedMeanwhile();
document.addEventListener("htmx:after:swap", prepare);
document.addEventListener("htmx:error", () => {
  const place = document.getElementById("page-messages");
  if (!place || place.querySelector("[data-lost-line]")) return;
  const message = document.createElement("div");
  message.className = "message message-error";
  message.dataset.lostLine = "";
  message.setAttribute("role", "alert");
  message.textContent = say("lostLine");
  place.append(message);
});

prepareThemeSwitch();
prepare();
