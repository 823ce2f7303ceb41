// Tables: sort in Vietnamese order, search without diacritics, labels for phone cards.
import { fold } from "./fold.js";
import { say } from "./words.js";

const inVietnameseOrder = new Intl.Collator("vi", { numeric: true, sensitivity: "variant" });

function headCells(table) {
  const rows = table.tHead?.rows;
  return rows?.length ? [...rows[rows.length - 1].cells] : [];
}

// A cell shows the words of its column when rows become cards; a cell's own data-label wins.
function labelCells(table) {
  const labels = headCells(table).map((cell) => cell.dataset.phone ?? cell.textContent.replace(/[↕↑↓]/g, "").trim());
  for (const row of table.querySelectorAll(":scope > tbody > tr, :scope > tfoot > tr")) {
    if (row.cells.length !== labels.length) continue;
    [...row.cells].forEach((cell, place) => {
      if (cell.tagName === "TD" && labels[place] && !cell.dataset.label) cell.dataset.label = labels[place];
    });
  }
}

function valueOf(row, place, kind) {
  const cell = row.cells[place];
  const text = (cell?.dataset.value ?? cell?.textContent ?? "").trim();
  if (kind === "text") return text;
  if (kind === "date") return text.split("/").reverse().join("-");
  const number = Number(text.replaceAll(".", "").replace(",", ".").replace("−", "-").replace(/[^\d.-]/g, ""));
  return text === "" || text === "–" || Number.isNaN(number) ? -Infinity : number;
}

function sortBy(table, head, place) {
  const kind = head.dataset.sort;
  const upwards = head.getAttribute("aria-sort") !== "ascending";
  for (const other of headCells(table)) if (other.dataset.sort) other.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", upwards ? "ascending" : "descending");
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [valueOf(row, place, kind), row]);
  rows.sort(([a], [b]) => (kind === "number" ? a - b || 0 : inVietnameseOrder.compare(a, b)) * (upwards ? 1 : -1));
  body.append(...rows.map(([, row]) => row));
}

function prepareSorting(table) {
  headCells(table).forEach((head, place) => {
    if (!head.dataset.sort || head.querySelector(".sort-button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort-button";
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sortBy(table, head, place));
  });
}

function prepareSearch(frame, table) {
  const box = frame.querySelector("[data-table-search]");
  if (!box || box.dataset.ready) return;
  box.dataset.ready = "yes";
  const count = frame.querySelector("[data-table-count]");
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
  const report = (found) => {
    count.textContent = say(found === rows.length ? "rows" : "rowsFound", { found, count: rows.length });
  };
  const texts = rows.map((row) => fold(row.textContent));
  box.addEventListener("input", () => {
    const wanted = fold(box.value);
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !texts[index].includes(wanted);
      if (!row.hidden) shown += 1;
    });
    report(shown);
  });
  report(rows.length);
}

export function prepareTables(root) {
  for (const table of root.querySelectorAll("table.data-table")) {
    labelCells(table);
    prepareSorting(table);
    const frame = table.closest("[data-table-frame]");
    if (frame) prepareSearch(frame, table);
  }
}
