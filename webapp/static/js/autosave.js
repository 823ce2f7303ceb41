// Keeps the form on the server 400 ms after the last key. Every keeping has a number that rises; the
// server never lets a lower one replace a higher one, so a late letter or a second page loses nothing.
import { csrfToken } from "./page.js";

const PAUSE = 400;
const LONGEST_WAIT = 30000;
const NEVER_SENT = new Set(["csrf_token", "idempotency_key", "seen_version", "kept_form", "kept_sequence", "act"]);

export class Autosave {
  constructor(form, { words, onKept }) {
    this.form = form;
    this.words = words;
    this.onKept = onKept;
    this.state = form.querySelector("[data-save-state]");
    this.sequence = Number(form.dataset.sequence);
    this.timer = null;
    this.isSending = false;
    this.isDirty = false;
    this.isHeld = false;
    this.tries = 0;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.isDirty) this.send();
    });
  }

  typed() {
    this.isDirty = true;
    this.wait(PAUSE);
  }

  wait(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), milliseconds);
  }

  stop() {
    clearTimeout(this.timer);
    this.isStopped = true;
  }

  async send() {
    clearTimeout(this.timer);
    // A form on its way to be made again is kept by the page it becomes.
    if (this.isStopped || this.isHeld || !this.isDirty || this.form.dataset.sent === "yes") return;
    if (this.isSending) return this.wait(PAUSE);
    this.isSending = true;
    this.isDirty = false;
    try {
      await this.read(await this.post());
    } catch {
      this.fail(this.words.notKept);
    } finally {
      this.isSending = false;
    }
  }

  post() {
    this.sequence += 1;
    this.form.elements.kept_sequence.value = this.sequence;
    const form = [...new FormData(this.form)].filter(([name, value]) => !NEVER_SENT.has(name) && typeof value === "string");
    return fetch(this.form.dataset.autosave, {
      method: "POST",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ sequence: this.sequence, typed_on: Number(this.form.elements.typed_on.value), form }),
    });
  }

  async read(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401) return this.fail(this.words.signedOut);
    const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    if (answer.status === 409 && said) return this.offerToGoOn(said);
    if (!answer.ok || !said) return this.fail(answer.status < 500 && answer.status !== 429 ? this.words.refused : this.words.notKept);
    this.tries = 0;
    this.say(this.words.kept.replace("{hour}", said.hour), false);
    if (!this.isDirty) delete this.form.dataset.typed;
    this.onKept(said, !this.isDirty);
  }

  fail(text) {
    this.isDirty = true;
    this.tries += 1;
    this.say(text, true);
    this.wait(Math.min(LONGEST_WAIT, 1000 * 2 ** this.tries));
  }

  // Something typed later is kept already: another page of the same person. He says which one goes on.
  // Until then this page keeps nothing on the server, however much is typed in it.
  offerToGoOn({ sequence, hour }) {
    this.isDirty = true;
    this.isHeld = true;
    this.say(this.words.elsewhere.replace("{hour}", hour), true);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "row-act";
    button.textContent = this.words.goOnHere;
    button.addEventListener("click", () => {
      this.sequence = sequence;
      this.isHeld = false;
      this.send();
    });
    this.state.append(" ", button);
  }

  say(text, isWrong) {
    if (this.state.firstChild?.textContent !== text || this.state.childNodes.length > 1) this.state.textContent = text;
    this.state.classList.toggle("is-wrong", isWrong);
  }
}
