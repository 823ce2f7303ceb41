// Live money: totals by level, by source and year, what is left under the control figures. A key
// re-counts one row; what is shown changes once a frame and only where the figure is another one.
import { amountInWords } from "./amount_words.js";
import { showVnd } from "./vietnamese_numbers.js";

const NOTHING = [];

export class Money {
  constructor(form, facts, levelCount) {
    this.form = form;
    this.facts = facts;
    this.levelCount = levelCount;
    this.sums = Array(levelCount).fill(0n);
    this.unclear = Array(levelCount).fill(0);
    this.bySource = new Map();
    this.counted = new Map();
    this.totals = this.sums.map((_, place) => [...form.querySelectorAll(`[data-total="${place}"]`)]);
    this.doubts = this.sums.map((_, place) => [...form.querySelectorAll(`[data-unclear="${place}"]`)]);
    this.words = form.querySelector("[data-words]");
    this.sources = [...form.querySelectorAll("[data-source]")].map((row) => ({
      row,
      code: row.dataset.source,
      others: BigInt(row.dataset.others),
      ceiling: row.dataset.ceiling === "" ? null : BigInt(row.dataset.ceiling),
      years: [...row.querySelectorAll("[data-year]")],
      left: row.querySelector("[data-left]"),
    }));
    this.waiting = false;
  }

  // The row's amounts as they are now, in place of what was counted for it before.
  count(row) {
    this.take(row);
    const amounts = row.amounts(this.levelCount);
    const place = `${row.text("source_code")}|${row.text("year")}`;
    this.counted.set(row, { amounts, place });
    this.add(amounts, place, 1n);
    row.showAmounts(amounts);
    this.show();
  }

  // What was counted for a row that goes away.
  take(row) {
    const before = this.counted.get(row);
    if (!before) return;
    this.add(before.amounts, before.place, -1n);
    this.counted.delete(row);
    this.show();
  }

  add(amounts, place, sign) {
    amounts.forEach((amount, level) => {
      if (amount === null) this.unclear[level] += Number(sign);
      else this.sums[level] += sign * amount;
    });
    const asked = amounts[this.facts.requested] ?? 0n;
    this.bySource.set(place, (this.bySource.get(place) ?? 0n) + sign * asked);
  }

  of(code, year) {
    return this.bySource.get(`${code}|${year}`) ?? 0n;
  }

  show() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.showTotals();
      for (const source of this.sources) this.showSource(source);
    });
  }

  showTotals() {
    this.sums.forEach((sum, place) => {
      for (const shown of this.totals[place] ?? NOTHING) put(shown, showVnd(sum));
      for (const note of this.doubts[place] ?? NOTHING) {
        note.hidden = this.unclear[place] === 0;
        put(note, note.dataset.say.replace("{count}", this.unclear[place]));
      }
    });
    if (this.words) put(this.words, amountInWords(this.sums[this.facts.requested]));
  }

  showSource({ row, code, others, ceiling, years, left }) {
    let asked = 0n;
    for (const cell of years) {
      const sum = this.of(code, cell.dataset.year);
      asked += sum;
      put(cell, showVnd(sum));
    }
    row.hidden = asked === 0n && others === 0n && ceiling === null;
    if (ceiling === null) return;
    const rest = ceiling - others - this.of(code, this.facts.fiscalYear);
    put(left, `${rest < 0n ? "−" : ""}${showVnd(rest < 0n ? -rest : rest)}`);
    row.classList.toggle("is-exceeded", rest < 0n);
  }
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
