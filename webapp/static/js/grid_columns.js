// Which columns are shown, and how high rows are: the person's choice, remembered in this browser.
const KEY = "phanbo-grid-columns";
const COLUMN_OF = { over_norm_reason: "reason", note: "note", frequency_thousandths: "times", nature: "nature", year: "year", budget_code: "budget", norm_code: "norm" };

export class Columns {
  constructor(form, frame) {
    this.frame = frame;
    this.boxes = [...form.querySelectorAll("[data-column-choice]")];
    const chosen = this.remembered();
    for (const box of this.boxes) {
      const name = box.dataset.columnChoice;
      // A column with something in it is never folded away by an old choice.
      const isWanted = chosen[name] ?? !frame.classList.contains(`without-${name}`);
      if (name === "low") this.set(box, chosen.low ?? false);
      else this.set(box, isWanted || (this.isFilled(name) && !frame.classList.contains(`without-${name}`) && ["reason", "note"].includes(name)));
      box.addEventListener("change", () => {
        this.set(box, box.checked);
        this.remember();
      });
    }
  }

  isFilled(name) {
    return [...this.frame.querySelectorAll(`tbody .c-${name} :is(input,select)`)].some((box) => box.value.trim() !== "");
  }

  set(box, isOn) {
    box.checked = isOn;
    const name = box.dataset.columnChoice;
    this.frame.classList.toggle(name === "low" ? "is-low" : `without-${name}`, name === "low" ? isOn : !isOn);
  }

  unfold(part) {
    const box = this.boxes.find((one) => one.dataset.columnChoice === COLUMN_OF[part]);
    if (box && !box.checked) this.set(box, true);
  }

  remembered() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  }

  remember() {
    try {
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(this.boxes.map((box) => [box.dataset.columnChoice, box.checked]))));
    } catch {
      // The choice then lasts for this page only.
    }
  }
}
