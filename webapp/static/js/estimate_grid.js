// The cost lines as a grid. Without this script the same form works with its buttons; the server
// counts everything again in any case.
import { Autosave } from "./autosave.js";
import { Columns } from "./grid_columns.js";
import { History } from "./grid_history.js";
import { handleKey, prepareDragging } from "./grid_keys.js";
import { Money } from "./grid_money.js";
import { pasteBlock, pasteWaiting } from "./grid_paste.js";
import { bringBack, sendToRebuild } from "./grid_restore.js";
import { markFigure, partOf, PRESET, Row, rowOf, setChoice, setValue } from "./grid_rows.js";
import { forgetKept } from "./keep-typing.js";
import { LiveFindings } from "./live_findings.js";
import { showVnd, readVnd } from "./vietnamese_numbers.js";

class Grid {
  constructor(form) {
    this.form = form;
    this.table = form.querySelector("[data-grid]");
    this.body = this.table.tBodies[0];
    // A submit button makes the browser look through the whole form for its first one: a thousand new
    // rows with two of them take seconds. With this script the buttons of a row need submit nothing.
    this.template = form.querySelector("template[data-line-template]").innerHTML.trim().replaceAll("<button ", '<button type="button" ');
    this.levels = JSON.parse(this.table.dataset.levels);
    this.facts = JSON.parse(document.getElementById("grid-facts").textContent);
    this.words = this.facts.words;
    this.rows = [...this.body.querySelectorAll(":scope > tr[data-line]")].map((row) => new Row(row));
    this.next = 1 + Math.max(-1, ...this.rows.map((row) => Number(row.id)));
    this.money = new Money(form, this.facts, this.levels.length);
    this.columnChoice = new Columns(form, this.table.closest(".grid-frame"));
    const [sample] = this.makeRows(1, ["sample"]);
    this.columns = [...sample.boxes.keys()].filter((part) => part !== "line_key");
    for (const row of this.rows) this.money.count(row);
    this.history = new History(this);
    this.listen();
  }

  say(text) {
    this.form.querySelector("[data-grid-status]").textContent = text;
  }

  unfold(part) {
    this.columnChoice.unfold(part);
  }

  // --- rows -----------------------------------------------------------------------------------
  makeRows(count, ids = Array.from({ length: count }, () => String(this.next++))) {
    const holder = document.createElement("template");
    holder.innerHTML = ids.map((id) => this.template.replaceAll("__line__", id)).join("");
    return [...holder.content.children].map((element) => new Row(element));
  }

  addRows(count, after = this.rows.at(-1)) {
    const made = this.makeRows(count);
    const piece = document.createDocumentFragment();
    for (const row of made) {
      if (after) for (const part of PRESET) setChoice(row.box(part), after.text(part));
      piece.append(row.element);
    }
    if (after) after.elements().at(-1).after(piece);
    else this.body.append(piece);
    this.rows.splice(after ? this.rows.indexOf(after) + 1 : 0, 0, ...made);
    for (const row of made) this.money.count(row);
    this.number();
    return made;
  }

  number() {
    this.rows.forEach((row, place) => row.setNumber(place + 1));
  }

  removeRow(row) {
    this.money.take(row);
    row.remove();
    this.rows.splice(this.rows.indexOf(row), 1);
  }

  moveTo(row, place) {
    const from = this.rows.indexOf(row);
    const to = Math.min(Math.max(0, place), this.rows.length - 1);
    if (from < 0 || from === to) return;
    const beside = this.rows[to];
    if (to < from) beside.element.before(...row.elements());
    else beside.elements().at(-1).after(...row.elements());
    this.rows.splice(to, 0, ...this.rows.splice(from, 1));
    this.settle(this.words.moved.replace("{number}", to + 1));
  }

  // After an act on rows: numbers, one step of the history, what is said.
  settle(text) {
    this.number();
    this.history.commit();
    this.typed();
    this.showSteps();
    if (text) this.say(text);
  }

  // After values were changed by the program: marks, norms, totals.
  changed(rows) {
    for (const row of rows) {
      for (const box of row.boxes.values()) markFigure(row, box, this.words);
      this.showNorm(row);
      this.money.count(row);
    }
    this.typed();
  }

  typed() {
    this.form.dataset.typed = "yes";
    // Tells the modules that keep what was typed.
    this.form.dispatchEvent(new Event("input"));
    this.showSteps();
  }

  showSteps() {
    for (const [name, steps] of [["undo", this.history.past], ["redo", this.history.future]]) {
      const button = this.form.querySelector(`[data-grid-act="${name}"]`);
      if (button) button.disabled = steps.length === 0;
    }
  }

  // --- steps back and forward -----------------------------------------------------------------
  apply(state) {
    const rows = new Map(this.rows.map((row) => [row.id, row]));
    const wanted = new Set(state.map(({ id }) => id));
    for (const row of [...this.rows]) if (!wanted.has(row.id)) this.removeRow(row);
    const missing = state.filter(({ id }) => !rows.has(id)).map(({ id }) => id);
    for (const row of this.makeRows(missing.length, missing)) rows.set(row.id, row);
    const changed = [];
    this.rows = state.map((kept) => {
      const row = rows.get(kept.id);
      if (row.kept !== kept || !row.element.isConnected) {
        [...row.boxes.values()].forEach((box, place) => setValue(box, kept.values[place]));
        row.kept = kept;
        changed.push(row);
      }
      return row;
    });
    const standing = this.body.querySelectorAll(":scope > tr[data-line]");
    if (this.rows.some((row, place) => standing[place] !== row.element)) this.reorder();
    this.number();
    this.changed(changed);
    return changed[0];
  }

  reorder() {
    const piece = document.createDocumentFragment();
    for (const row of this.rows) piece.append(...row.elements());
    this.body.append(piece);
  }

  step(state, text) {
    if (!state) return;
    const focused = document.activeElement;
    const first = this.apply(state);
    // Rows put in another order lose the cursor: it goes back where it was, or to what came back.
    const wanted = focused?.isConnected && focused !== document.body ? focused : (first ?? this.rows[0])?.box("item_vi");
    if (document.activeElement !== wanted) wanted?.focus();
    this.showSteps();
    this.say(text);
  }

  act(name, row) {
    this.history.commit();
    const at = this.rows.indexOf(row);
    if (name === "undo") this.step(this.history.back(), this.words.back);
    else if (name === "redo") this.step(this.history.forward(), this.words.forward);
    else if (name === "up" || name === "down") row && this.moveTo(row, at + (name === "up" ? -1 : 1));
    else if (name === "add" || name === "insert") {
      const [made] = this.addRows(1, name === "insert" && row ? row : this.rows.at(-1));
      this.settle("");
      made.box("item_vi").focus();
    } else if (name === "copy" && row) this.copy(row);
    else if (name === "drop" && row) this.drop(row, at);
  }

  copy(row) {
    const [made] = this.addRows(1, row);
    for (const [part, box] of made.boxes) if (part !== "line_key") setValue(box, row.text(part));
    this.changed([made]);
    this.settle("");
    made.box("item_vi").focus();
  }

  drop(row, at) {
    const beside = this.rows[at + 1] ?? this.rows[at - 1] ?? this.addRows(1)[0];
    this.removeRow(row);
    beside.box("item_vi").focus();
    this.settle(this.words.dropped.replace("{number}", at + 1));
  }

  // --- norms, sources, levels -----------------------------------------------------------------
  showNorm(row) {
    const norm = this.facts.norms[row.text("norm_code").trim()];
    let note = row.element.querySelector("[data-norm-note]");
    if (note) note.hidden = !norm;
    if (!norm) return;
    if (!note) {
      note = document.createElement("span");
      note.className = "norm-note";
      note.dataset.normNote = "";
      row.box("norm_code").after(note);
    }
    const most = BigInt(norm.most);
    note.textContent = this.words.norm.replace("{most}", showVnd(most)).replace("{unit}", norm.unit);
    note.title = norm.words;
    const isAbove = (readVnd(row.text("unit_price_vnd")) ?? 0n) > most;
    note.classList.toggle("norm-exceeded", isAbove);
    if (isAbove) this.unfold("over_norm_reason");
  }

  followSource(row) {
    const nature = this.facts.natures[row.text("source_code")];
    if (nature) setChoice(row.box("nature"), nature);
  }

  rebuildWithLevels(places) {
    const pairs = [...new FormData(this.form)].filter(([name]) => !["act", "levels", "csrf_token", "idempotency_key", "seen_version", "kept_sequence"].includes(name));
    const codes = places.map((place) => this.facts.levelCodes[place]);
    sendToRebuild(this.form, [...pairs, ...codes.map((code) => ["levels", code])], "levels");
  }

  // Rows for boxes with these names, where the page has fewer.
  makeRoom(names) {
    const wanted = new Set(names.map((name) => /^lines-(\d+)-/.exec(name)?.[1]).filter(Boolean));
    const here = new Set(this.rows.map((row) => row.id));
    const missing = [...wanted].filter((id) => !here.has(id));
    for (const row of this.makeRows(missing.length, missing)) {
      this.body.append(row.element);
      this.rows.push(row);
    }
    this.next = Math.max(this.next, ...missing.map((id) => Number(id) + 1));
    this.number();
  }

  // --- events ---------------------------------------------------------------------------------
  listen() {
    this.table.addEventListener("input", (event) => {
      const row = rowOf(event.target);
      if (!row) return;
      this.form.dataset.typed = "yes";
      const part = partOf(event.target);
      if (event.target.hasAttribute("aria-invalid")) markFigure(row, event.target, this.words);
      if (part === "source_code") this.followSource(row);
      if (part === "norm_code" || part === "unit_price_vnd") this.showNorm(row);
      this.money.count(row);
    });
    this.table.addEventListener("change", (event) => {
      const row = rowOf(event.target);
      if (!row) return;
      markFigure(row, event.target, this.words);
      this.history.commit();
      this.showSteps();
    });
    this.table.addEventListener("focusin", (event) => {
      this.current = rowOf(event.target) ?? this.current;
    });
    this.table.addEventListener("paste", (event) => {
      const row = rowOf(event.target);
      const part = partOf(event.target);
      const clipboard = { plain: event.clipboardData.getData("text/plain"), html: event.clipboardData.getData("text/html") };
      if (row && part && pasteBlock(this, row, part, clipboard)) event.preventDefault();
    });
    // A block of several rows pasted outside the table goes to its first empty row: nobody has to look
    // for a box first, and no box of one line can hold a table.
    document.addEventListener("paste", (event) => {
      const plain = event.clipboardData.getData("text/plain");
      if (event.defaultPrevented || this.table.contains(event.target) || event.target.matches?.("textarea") || !/\t.*[\r\n]+[^\r\n]*\t/.test(plain)) return;
      const row = this.rows.find((one) => one.isBlank()) ?? this.addRows(1)[0];
      if (!pasteBlock(this, row, "item_vi", { plain, html: event.clipboardData.getData("text/html") })) return;
      event.preventDefault();
      this.table.scrollIntoView({ block: "center" });
    });
    this.table.addEventListener("keydown", (event) => {
      if (rowOf(event.target) && partOf(event.target)) handleKey(this, event, event.target);
    });
    this.form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-grid-act]");
      if (!button) return;
      event.preventDefault();
      this.act(button.dataset.gridAct, rowOf(button) ?? (this.current?.element.isConnected ? this.current : this.rows[0]));
    });
    this.form.addEventListener("phanbo:restore", (event) => bringBack(this, event));
    prepareDragging(this);
  }
}

function prepareAutosave(form, grid) {
  const findings = new LiveFindings(grid);
  const atWork = document.querySelector("[data-at-work]");
  const autosave = new Autosave(form, {
    words: grid.words,
    onKept(said, isAllKept) {
      const others = said.others.join("; ");
      if (atWork.textContent !== others) atWork.textContent = others;
      atWork.hidden = !others;
      if (!isAllKept) return;
      forgetKept(form);
      findings.show(said);
    },
  });
  form.addEventListener("input", () => autosave.typed());
  form.addEventListener("submit", () => autosave.stop());
  window.addEventListener("pageshow", () => (autosave.isStopped = false));
}

function start() {
  const form = document.querySelector("form[data-project-form]");
  if (!form) return;
  const grid = new Grid(form);
  prepareAutosave(form, grid);
  form.addEventListener("input", (event) => {
    if (event.isTrusted) form.dataset.typed = "yes";
  });
  // A page that came back unsaved is kept at once, not only after the next key.
  if ("returned" in form.dataset) form.dispatchEvent(new Event("input"));
  form.addEventListener("submit", () => {
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
  window.addEventListener("beforeunload", (event) => {
    if (form.dataset.typed === "yes" && form.dataset.sent !== "yes") event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector("[data-save]"));
    }
  });
  document.querySelector("[data-show-keys]")?.addEventListener("click", () => document.dispatchEvent(new KeyboardEvent("keydown", { key: "?" })));
  // A line of a checklist on another page leads straight into its box.
  const wanted = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (wanted) (wanted.matches("input,select,textarea") ? wanted : wanted.querySelector("input,select,textarea,button"))?.focus();
  pasteWaiting(grid);
}

start();
