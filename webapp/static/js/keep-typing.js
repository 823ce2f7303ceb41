// Nothing typed is lost: a form marked data-keep="NAME" is remembered in this browser until it
// was sent and accepted, and offered again when the page comes back (lost session, closed tab).
import { say } from "./words.js";

const PREFIX = "phanbo-kept:";
const NEVER_KEPT = new Set(["kept_form", "csrf_token", "idempotency_key", "seen_version", "kept_sequence", "seen_hash", "frame", "rows"]);

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && !NEVER_KEPT.has(field.name) && !["password", "file", "submit"].includes(field.type)
  );
}

function read(form) {
  return fieldsOf(form).map((field) =>
    ["checkbox", "radio"].includes(field.type) ? [field.name, field.checked, field.value] : [field.name, field.value]
  );
}

function keyOf(form) {
  return PREFIX + form.dataset.keep;
}

function keep(form) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values: read(form) }));
  } catch {
    // A full or forbidden storage must not disturb typing.
  }
}

// What the server has taken over need not be kept here too.
export function forgetKept(form) {
  try {
    localStorage.removeItem(keyOf(form));
  } catch {
    // Nothing was kept in a forbidden storage.
  }
}

function offer(form, kept) {
  const bar = document.createElement("div");
  bar.className = "message message-info";
  const text = document.createElement("p");
  const hour = new Date(kept.at).toLocaleString("vi-VN", { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", year: "numeric" });
  text.textContent = `${say("kept", { hour })} `;
  const restore = document.createElement("button");
  restore.type = "button";
  restore.className = "btn btn-sm btn-outline-primary";
  restore.textContent = say("restore");
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "message-close";
  drop.textContent = say("forget");
  restore.addEventListener("click", () => {
    // A form with rows makes room for what was kept, or brings it back by itself.
    if (!form.dispatchEvent(new CustomEvent("phanbo:restore", { detail: kept.values, cancelable: true }))) return;
    const byName = new Map();
    for (const [name, value] of kept.values) byName.set(name, [...(byName.get(name) ?? []), value]);
    for (const field of fieldsOf(form)) {
      const value = byName.get(field.name)?.shift();
      if (value === undefined) continue;
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    bar.remove();
  });
  drop.addEventListener("click", () => {
    localStorage.removeItem(keyOf(form));
    bar.remove();
  });
  text.append(restore);
  bar.append(text, drop);
  form.prepend(bar);
}

// Lets the server say by name which form it has accepted.
function nameTo(form) {
  let box = form.querySelector("input[name=kept_form]");
  if (!box) {
    box = document.createElement("input");
    box.type = "hidden";
    box.name = "kept_form";
    form.append(box);
  }
  box.value = form.dataset.keep;
}

// A part renewed by its own form was accepted when the answer is no refusal.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  const form = sourceElement?.closest?.("form[data-keep]");
  if (form && sourceElement === form && response.status < 400) localStorage.removeItem(keyOf(form));
});

export function prepareKeptForms(root) {
  // The server names the forms it has accepted; only then is what was typed forgotten,
  // and before anything is offered: the page made from what was accepted needs no offer.
  for (const mark of root.querySelectorAll("[data-accepted-form]")) {
    localStorage.removeItem(PREFIX + mark.dataset.acceptedForm);
  }
  for (const form of root.querySelectorAll("form[data-keep]")) {
    if (form.dataset.keepReady) continue;
    form.dataset.keepReady = "yes";
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(keyOf(form)));
    } catch {
      kept = null;
    }
    if (kept && JSON.stringify(kept.values) !== JSON.stringify(read(form))) offer(form, kept);
    form.addEventListener("submit", () => nameTo(form));
    let timer = null;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => keep(form), 400);
    });
    // What is sent is kept as sent, not as it stood before the last pause.
    form.addEventListener("submit", () => {
      if (timer === null) return;
      clearTimeout(timer);
      keep(form);
    });
  }
}
