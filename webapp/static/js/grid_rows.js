// Rows of the cost grid: their boxes, exact amounts and running totals. One key re-counts one row.
import { fold } from "./fold.js";
import { lineAmount, readThousandths, readVnd, showVnd } from "./vietnamese_numbers.js";

const NUMBERS = /^(?:unit_price_vnd|frequency_thousandths|quantities-[0-3])$/;
const counted = new WeakMap();

export function boxOf(row, part) {
  return row.querySelector(`[data-part="${part}"]`);
}

export function boxesOf(row) {
  return [...row.querySelectorAll("[data-part]")];
}

function readable(box) {
  const text = box.value;
  const part = box.dataset.part;
  if (text.trim() === "") return part === "frequency_thousandths" ? 1000n : 0n;
  return part === "unit_price_vnd" ? readVnd(text) : readThousandths(text);
}

function dropNote(id) {
  const note = document.getElementById(id);
  const row = note?.closest("tr.line-notes");
  note?.remove();
  if (row && !row.querySelector("p")) row.remove();
}

// Marks a box whose figure is unclear; a box that became clear loses the server's old complaint too.
export function markFigure(box) {
  if (!NUMBERS.test(box.dataset.part)) return true;
  const isClear = readable(box) !== null;
  box.classList.toggle("is-invalid", !isClear);
  if (isClear) {
    box.removeAttribute("aria-invalid");
    dropNote(`${box.id}-error`);
  } else box.setAttribute("aria-invalid", "true");
  return isClear;
}

export function notesOf(row) {
  const next = row.nextElementSibling;
  return next?.matches("tr.line-notes") ? next : null;
}

export function setValue(box, value) {
  if (box.tagName === "SELECT") setChoice(box, value);
  else box.value = value;
}

// By code or by name, however it is accented; a word the list does not know stays to be seen and mended.
export function setChoice(box, text) {
  const options = [...box.options];
  const wanted = fold(text).replace(/^chi (?=thuong xuyen|dau tu)/, "");
  const known = options.find((option) => option.value === text) ?? options.find((option) => wanted && fold(option.textContent.split(" · ").pop()) === wanted);
  if (!known && text) box.append(new Option(text, text));
  box.value = known ? known.value : text;
  box.classList.toggle("is-invalid", !known && text !== "");
}

function amountsOf(row, levelCount) {
  const price = readable(boxOf(row, "unit_price_vnd"));
  const frequency = readable(boxOf(row, "frequency_thousandths"));
  return Array.from({ length: levelCount }, (_, place) => {
    const quantity = readable(boxOf(row, `quantities-${place}`));
    return price === null || frequency === null || quantity === null ? null : lineAmount(price, frequency, quantity);
  });
}

export class Totals {
  constructor(form, levelCount) {
    this.form = form;
    this.levelCount = levelCount;
    this.sums = Array(levelCount).fill(0n);
    this.unclear = Array(levelCount).fill(0);
    this.waiting = false;
  }

  // The row's amounts as they are now, in place of what was counted for it before.
  count(row) {
    this.take(row);
    const amounts = amountsOf(row, this.levelCount);
    counted.set(row, amounts);
    amounts.forEach((amount, place) => {
      if (amount === null) this.unclear[place] += 1;
      else this.sums[place] += amount;
      const shown = row.querySelector(`[data-amount="${place}"]`);
      const isEmpty = amount === 0n && boxOf(row, `quantities-${place}`).value.trim() === "";
      shown.textContent = amount === null || isEmpty ? "–" : showVnd(amount);
    });
    this.show();
  }

  // What was counted for a row that goes away.
  take(row) {
    (counted.get(row) ?? []).forEach((amount, place) => {
      if (amount === null) this.unclear[place] -= 1;
      else this.sums[place] -= amount;
    });
    counted.delete(row);
  }

  show() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.sums.forEach((sum, place) => {
        for (const shown of this.form.querySelectorAll(`[data-total="${place}"]`)) shown.textContent = showVnd(sum);
        for (const note of this.form.querySelectorAll(`[data-unclear="${place}"]`)) {
          note.hidden = this.unclear[place] === 0;
          note.textContent = note.dataset.say.replace("{count}", this.unclear[place]);
        }
      });
      for (const words of this.form.querySelectorAll("[data-words-of-saved]")) words.hidden = this.form.dataset.typed === "yes";
    });
  }
}
