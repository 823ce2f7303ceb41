// One row of the cost grid: its boxes by part, its exact amounts, the notes under it.
import { fold } from "./fold.js";
import { lineAmount, readThousandths, readVnd, showVnd } from "./vietnamese_numbers.js";
import { readingsOf } from "./number_readings.js";

const NUMBERS = /^(?:unit_price_vnd|frequency_thousandths|quantities-[0-3])$/;
// What a new row takes over from the row above: it seldom changes.
export const PRESET = ["source_code", "nature", "year"];
const rowOfElement = new WeakMap();

// lines-12-unit_price_vnd → unit_price_vnd
export function partOf(box) {
  const name = box.name ?? "";
  return name.startsWith("lines-") ? name.slice(name.indexOf("-", 6) + 1) : "";
}

export function rowOf(element) {
  return rowOfElement.get(element.closest("tr[data-line]"));
}

export class Row {
  constructor(element) {
    this.element = element;
    this.id = element.dataset.line;
    this.boxes = new Map();
    for (const box of element.querySelectorAll("input,select")) this.boxes.set(partOf(box), box);
    this.kept = { id: this.id, values: this.values() };
    rowOfElement.set(element, this);
  }

  box(part) {
    return this.boxes.get(part);
  }

  text(part) {
    return this.boxes.get(part)?.value ?? "";
  }

  values() {
    return [...this.boxes.values()].map((box) => box.value);
  }

  // The row as it stands, the same object as long as nothing changed.
  capture() {
    const values = this.values();
    if (values.some((value, place) => value !== this.kept.values[place])) this.kept = { id: this.id, values };
    return this.kept;
  }

  isBlank() {
    const preset = ["line_key", "frequency_thousandths", ...PRESET];
    return [...this.boxes].every(([part, box]) => preset.includes(part) || box.value.trim() === "");
  }

  notes() {
    const next = this.element.nextElementSibling;
    return next?.matches("tr.line-notes") ? next : null;
  }

  // The row and what is said of it, as they move together.
  elements() {
    const notes = this.notes();
    return notes ? [this.element, notes] : [this.element];
  }

  remove() {
    for (const element of this.elements()) element.remove();
  }

  setNumber(number) {
    const shown = (this.numberShown ??= this.element.querySelector("[data-number]"));
    if (shown.textContent !== String(number)) shown.textContent = number;
  }

  // Figures of the row per level; null where a box cannot be read.
  amounts(levelCount) {
    const price = readable(this.box("unit_price_vnd"), "unit_price_vnd");
    const times = readable(this.box("frequency_thousandths"), "frequency_thousandths");
    return Array.from({ length: levelCount }, (_, place) => {
      const part = `quantities-${place}`;
      const quantity = readable(this.box(part), part);
      return price === null || times === null || quantity === null ? null : lineAmount(price, times, quantity);
    });
  }

  showAmounts(amounts) {
    this.outputs ??= amounts.map((_, place) => this.element.querySelector(`[data-amount="${place}"]`));
    amounts.forEach((amount, place) => {
      const isEmpty = amount === 0n && this.text(`quantities-${place}`).trim() === "";
      const text = amount === null || isEmpty ? "–" : showVnd(amount);
      if (this.outputs[place].textContent !== text) this.outputs[place].textContent = text;
    });
  }
}

function readable(box, part) {
  const text = box.value;
  if (text.trim() === "") return part === "frequency_thousandths" ? 1000n : 0n;
  return part === "unit_price_vnd" ? readVnd(text) : readThousandths(text);
}

// Marks a box whose figure is unclear and says beneath it how it could be read; true when it is clear.
export function markFigure(row, box, words) {
  const part = partOf(box);
  if (!NUMBERS.test(part)) return true;
  const isClear = readable(box, part) !== null;
  box.classList.toggle("is-invalid", !isClear);
  dropNote(row, box);
  if (isClear) box.removeAttribute("aria-invalid");
  else {
    box.setAttribute("aria-invalid", "true");
    const readings = readingsOf(box.value, part === "unit_price_vnd");
    const found = readings.length ? words.readings.replace("{readings}", readings.join(words.orElse)) : "";
    addNote(row, box, { words: words.parts[part.replace(/-[0-3]$/, "")], text: `${words.unclear.replace("{text}", box.value)} ${found}`.trim(), stops: true });
  }
  return isClear;
}

export function addNote(row, box, { words, text, stops }) {
  let notes = row.notes();
  if (!notes) {
    notes = document.createElement("tr");
    notes.className = "line-notes";
    notes.dataset.notesOf = row.id;
    notes.append(document.createElement("td"));
    row.element.after(notes);
  }
  const note = document.createElement("p");
  note.id = `${box.name}-${stops ? "error" : "warning"}`;
  note.className = stops ? "cell-error" : "cell-warning";
  const place = document.createElement("strong");
  place.textContent = `${words}:`;
  note.append(place, ` ${text}`);
  notes.firstElementChild.append(note);
  box.setAttribute("aria-describedby", note.id);
}

export function dropNote(row, box) {
  for (const kind of ["error", "warning"]) document.getElementById(`${box.name}-${kind}`)?.remove();
  box.removeAttribute("aria-describedby");
  const notes = row.notes();
  if (notes && !notes.querySelector("p")) notes.remove();
}

// Words of a list by their folded name, made once for each list of the page.
const known = new Map();

function namesOf(select) {
  const kind = partOf(select);
  if (!known.has(kind)) {
    const names = new Map();
    for (const option of select.options) {
      if (option.value === "") continue;
      names.set(fold(option.textContent.split(" · ").pop()), option.value);
      names.set(fold(option.value), option.value);
    }
    known.set(kind, names);
  }
  return known.get(kind);
}

export function setValue(box, value) {
  if (box.tagName === "SELECT") setChoice(box, value);
  else if (box.value !== value) box.value = value;
}

// By code or by name, however it is accented; a word the list does not know stays to be seen and mended.
export function setChoice(box, text) {
  if (box.value === text) return;
  const wanted = fold(text).replace(/^chi (?=thuong xuyen|dau tu)/, "");
  const code = text === "" ? "" : namesOf(box).get(wanted);
  if (code === undefined && ![...box.options].some((option) => option.value === text)) box.append(new Option(text, text));
  box.value = code ?? text;
  box.classList.toggle("is-invalid", code === undefined && text !== "");
}
