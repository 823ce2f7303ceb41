// What the checks say of the boxes as they stand, put under their cells without moving the cursor.
import { addNote, dropNote, markFigure } from "./grid_rows.js";

export class LiveFindings {
  constructor(grid) {
    this.grid = grid;
    this.summary = document.querySelector("[data-live-findings]");
  }

  show({ notes, summary }) {
    const rows = new Map(this.grid.rows.map((row) => [row.id, row]));
    for (const row of this.grid.rows) if (row.notes()) this.clear(row);
    for (const note of notes) {
      const row = rows.get(String(note.row));
      const box = row && document.getElementById(note.field);
      if (!box) continue;
      dropNote(row, box);
      addNote(row, box, note);
      box.classList.toggle("is-invalid", note.stops);
      box.classList.toggle("has-warning", !note.stops);
      if (note.stops) box.setAttribute("aria-invalid", "true");
      this.grid.unfold(note.field.replace(/^lines-[0-9]+-/, ""));
    }
    if (this.summary) this.renew(summary);
  }

  clear(row) {
    row.notes().remove();
    for (const box of row.boxes.values()) {
      box.removeAttribute("aria-describedby");
      box.removeAttribute("aria-invalid");
      box.classList.remove("has-warning");
      if (box.tagName === "INPUT") box.classList.remove("is-invalid");
      markFigure(row, box, this.grid.words);
    }
  }

  renew(html) {
    const wasOpen = this.summary.querySelector("details")?.open;
    if (this.shown === html) return;
    this.shown = html;
    this.summary.innerHTML = html;
    const details = this.summary.querySelector("details");
    if (details && wasOpen !== undefined) details.open = wasOpen;
  }
}
