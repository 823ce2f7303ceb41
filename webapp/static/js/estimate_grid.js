// The cost lines as a grid: totals while typing, rows added, copied and taken away, a block pasted
// from a spreadsheet, keys, one step back. Without this script the same form works with its buttons;
// the server counts everything again in any case.
import { parseClipboard } from "./clipboard_table.js";
import { bringBack } from "./grid_restore.js";
import { boxOf, boxesOf, markFigure, notesOf, setChoice, setValue, Totals } from "./grid_rows.js";
import { placeColumns } from "./paste_columns.js";
import { showVnd, readVnd } from "./vietnamese_numbers.js";

const MOST_STEPS_BACK = 20;
const PRESET = ["source_code", "nature", "year"];
// A template's cell shows the name behind the code: "NST_TX | Ngân sách tỉnh".
const CODED = ["source_code", "budget_code", "norm_code"];

class Grid {
  constructor(form) {
    this.form = form;
    this.table = form.querySelector("[data-grid]");
    this.body = this.table.tBodies[0];
    this.template = form.querySelector("template[data-line-template]");
    this.levels = JSON.parse(this.table.dataset.levels);
    this.facts = JSON.parse(document.getElementById("grid-facts").textContent);
    this.totals = new Totals(form, this.levels.length);
    this.next = 1 + Math.max(-1, ...this.rows().map((row) => Number(row.dataset.line)));
    this.past = [];
    this.columns = [...this.template.content.querySelectorAll("[data-part][data-column]")].map((box) => box.dataset.part);
    for (const row of this.rows()) this.totals.count(row);
    this.listen();
  }

  rows() {
    return [...this.body.querySelectorAll(":scope > tr[data-line]")];
  }

  say(key, values = {}) {
    const text = this.table.dataset[key] ?? "";
    this.form.querySelector("[data-grid-status]").textContent = text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  // --- rows -----------------------------------------------------------------------------------
  newRow(above) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    const index = String(this.next++);
    for (const element of [row, ...row.querySelectorAll("[name],[id],[value],[aria-labelledby],[for]")]) {
      for (const { name, value } of [...element.attributes]) {
        if (value.includes("__line__")) element.setAttribute(name, value.replaceAll("__line__", index));
      }
    }
    row.dataset.line = index;
    if (above) for (const part of PRESET) setChoice(boxOf(row, part), boxOf(above, part).value);
    return row;
  }

  addRows(count, above = this.rows().at(-1)) {
    const piece = document.createDocumentFragment();
    const made = Array.from({ length: count }, () => this.newRow(above));
    piece.append(...made);
    if (above) (notesOf(above) ?? above).after(piece);
    else this.body.append(piece);
    this.number();
    return made;
  }

  number() {
    this.rows().forEach((row, place) => {
      row.querySelector("[data-number]").textContent = place + 1;
    });
  }

  values() {
    return this.rows().map((row) => boxesOf(row).map((box) => [box.dataset.part, box.value]));
  }

  fill(row, values) {
    for (const [part, value] of values) setValue(boxOf(row, part), value);
    this.refresh(row);
  }

  refresh(row) {
    for (const box of boxesOf(row)) markFigure(box);
    this.showNorm(row);
    this.totals.count(row);
  }

  // --- one step back --------------------------------------------------------------------------
  remember() {
    this.past.push(this.values());
    if (this.past.length > MOST_STEPS_BACK) this.past.shift();
    this.form.querySelector("[data-grid-undo]").hidden = false;
  }

  goBack() {
    const values = this.past.pop();
    if (!values) return;
    const missing = values.length - this.rows().length;
    if (missing > 0) this.addRows(missing);
    for (const row of this.rows().slice(values.length)) this.drop(row);
    this.rows().forEach((row, place) => this.fill(row, values[place]));
    this.number();
    this.typed();
    this.say("sayBack");
    this.form.querySelector("[data-grid-undo]").hidden = this.past.length === 0;
  }

  drop(row) {
    this.totals.take(row);
    notesOf(row)?.remove();
    row.remove();
    this.totals.show();
  }

  typed() {
    this.form.dataset.typed = "yes";
    // Tells the module that keeps what was typed in this browser.
    this.form.dispatchEvent(new Event("input"));
  }

  act(name, row) {
    if (name === "add") this.addRows(1).at(0).querySelector("input").focus();
    if (name === "undo") this.goBack();
    if (name === "copy") {
      this.remember();
      const [copy] = this.addRows(1, row);
      this.fill(copy, boxesOf(row).map((box) => [box.dataset.part, box.value]));
      copy.querySelector("input").focus();
      this.typed();
    }
    if (name === "drop") {
      this.remember();
      const number = row.querySelector("[data-number]").textContent;
      const rows = this.rows();
      const at = rows.indexOf(row);
      const beside = rows[at + 1] ?? rows[at - 1] ?? this.addRows(1).at(0);
      this.drop(row);
      this.number();
      beside.querySelector("input").focus();
      this.say("sayDropped", { number });
      this.typed();
    }
  }

  // --- norms and sources ----------------------------------------------------------------------
  showNorm(row) {
    const note = row.querySelector("[data-norm-note]");
    const norm = this.facts.norms[boxOf(row, "norm_code").value.trim()];
    note.hidden = !norm;
    if (!norm) return;
    const most = BigInt(norm.most);
    note.textContent = this.table.dataset.sayNorm.replace("{most}", showVnd(most)).replace("{unit}", norm.unit);
    note.classList.toggle("norm-exceeded", (readVnd(boxOf(row, "unit_price_vnd").value) ?? 0n) > most);
    note.title = norm.words;
  }

  followSource(row) {
    const nature = this.facts.natures[boxOf(row, "source_code").value];
    if (nature) setChoice(boxOf(row, "nature"), nature);
  }

  // --- pasting --------------------------------------------------------------------------------
  paste(box, text) {
    const rows = parseClipboard(text);
    if (!rows.length || (rows.length === 1 && rows[0].length === 1)) return false;
    const block = placeColumns(rows, this.columns, box.dataset.part, this.levels);
    if (!block.rows.length) return false;
    this.remember();
    const start = this.rows().indexOf(box.closest("tr"));
    const missing = start + block.rows.length - this.rows().length;
    if (missing > 0) this.addRows(missing);
    const places = this.rows().slice(start, start + block.rows.length);
    places.forEach((row, place) => this.pasteRow(row, block.rows[place], block.parts));
    const unclear = places.flatMap((row) => boxesOf(row)).filter((one) => one.classList.contains("is-invalid")).length;
    this.say(block.leftOut.length ? "sayPastedWithout" : "sayPasted", {
      count: block.rows.length,
      first: start + 1,
      unclear,
      columns: block.leftOut.join(", "),
    });
    this.typed();
    return true;
  }

  pasteRow(row, cells, parts) {
    parts.forEach((part, place) => {
      const cell = cells[place] ?? "";
      const text = CODED.includes(part) ? cell.split("|")[0].trim() : cell;
      if (!part || (text === "" && PRESET.includes(part))) return;
      setValue(boxOf(row, part), text);
      if (part === "source_code") this.followSource(row);
    });
    this.refresh(row);
  }

  // --- keys -----------------------------------------------------------------------------------
  move(box, step) {
    const rows = this.rows();
    const at = Math.max(0, rows.indexOf(box.closest("tr")) + step);
    const next = boxOf(rows[at] ?? this.addRows(1).at(0), box.dataset.part);
    next.focus();
    next.select?.();
  }

  key(event, box) {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Enter" && isPlain) {
      event.preventDefault();
      this.move(box, event.shiftKey ? -1 : 1);
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && isPlain && box.tagName === "INPUT" && !box.list) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (this.rows().indexOf(box.closest("tr")) + step < this.rows().length) this.move(box, step);
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") {
      event.preventDefault();
      const rows = this.rows();
      const above = rows[rows.indexOf(box.closest("tr")) - 1];
      if (!above) return;
      setValue(box, boxOf(above, box.dataset.part).value);
      this.refresh(box.closest("tr"));
      this.typed();
    }
  }

  // Rows for boxes with these names, where the page has fewer.
  makeRoom(names) {
    const wanted = new Set(names.map((name) => /^lines-(\d+)-/.exec(name)?.[1]).filter(Boolean));
    for (const index of wanted) {
      if (this.body.querySelector(`[data-line="${index}"]`)) continue;
      this.next = Math.max(this.next, Number(index));
      const row = this.newRow(null);
      this.body.append(row);
    }
    this.number();
  }

  listen() {
    this.table.addEventListener("input", (event) => {
      const row = event.target.closest("tr[data-line]");
      if (!row) return;
      this.form.dataset.typed = "yes";
      if (event.target.getAttribute("aria-invalid")) markFigure(event.target);
      if (event.target.dataset.part === "source_code") this.followSource(row);
      this.showNorm(row);
      this.totals.count(row);
    });
    this.table.addEventListener("change", (event) => {
      if (event.target.dataset.part) markFigure(event.target);
    });
    this.table.addEventListener("paste", (event) => {
      const box = event.target.closest("[data-part][data-column]");
      if (box && this.paste(box, event.clipboardData.getData("text/plain"))) event.preventDefault();
    });
    this.table.addEventListener("keydown", (event) => {
      const box = event.target.closest("[data-part]");
      if (box) this.key(event, box);
    });
    this.form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-grid-act]");
      if (!button) return;
      event.preventDefault();
      this.act(button.dataset.gridAct, button.closest("tr[data-line]"));
    });
    this.form.addEventListener("phanbo:restore", (event) => bringBack(this, event));
  }
}

function start() {
  const form = document.querySelector("form[data-project-form]");
  if (!form) return;
  const grid = new Grid(form);
  // A page that came back unsaved is kept in this browser at once, not only after the next key.
  if ("returned" in form.dataset) form.dispatchEvent(new Event("input"));
  form.addEventListener("input", (event) => {
    if (event.isTrusted) form.dataset.typed = "yes";
  });
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
  // A line of a checklist on another page leads straight into its box.
  const wanted = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (wanted) (wanted.matches("input,select,textarea") ? wanted : wanted.querySelector("input,select,textarea,button"))?.focus();
  return grid;
}

start();
