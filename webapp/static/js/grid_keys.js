// Keys and the mouse on rows: a grid one knows from Excel, and everything the mouse does has its key.
import { partOf, rowOf, setValue } from "./grid_rows.js";

const LETTERS = { z: "undo", y: "redo", d: "copyDown" };

export function handleKey(grid, event, box) {
  const name = nameOf(event, box);
  if (!name) return;
  event.preventDefault();
  ACTS[name](grid, rowOf(box), box);
}

function nameOf(event, box) {
  const isCtrl = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (isCtrl) {
    const letter = LETTERS[event.key.toLowerCase()];
    if (letter && event.shiftKey) return { undo: "redo", copyDown: "copyRow" }[letter] ?? null;
    if (event.key === "Enter") return "insert";
    return letter ?? null;
  }
  if (event.altKey) return event.ctrlKey ? null : ({ ArrowUp: "rowUp", ArrowDown: "rowDown", Delete: "drop" }[event.key] ?? null);
  if (event.key === "Enter") return event.shiftKey ? "above" : "below";
  if (event.shiftKey || box.tagName !== "INPUT") return null;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") return box.list ? null : event.key === "ArrowDown" ? "downIfAny" : "above";
  const [start, end] = [box.selectionStart, box.selectionEnd];
  const isWhole = start === 0 && end === box.value.length;
  if (event.key === "ArrowLeft" && (isWhole || end === 0)) return "left";
  if (event.key === "ArrowRight" && (isWhole || start === box.value.length)) return "right";
  return null;
}

const ACTS = {
  undo: (grid) => grid.act("undo"),
  redo: (grid) => grid.act("redo"),
  insert: (grid, row) => grid.act("insert", row),
  copyRow: (grid, row) => grid.act("copy", row),
  drop: (grid, row) => grid.act("drop", row),
  rowUp: (grid, row, box) => moveWithFocus(grid, row, -1, box),
  rowDown: (grid, row, box) => moveWithFocus(grid, row, 1, box),
  above: (grid, row, box) => go(grid, row, -1, box),
  below: (grid, row, box) => go(grid, row, 1, box),
  downIfAny: (grid, row, box) => row !== grid.rows.at(-1) && go(grid, row, 1, box),
  left: (grid, row, box) => goBeside(row, box, -1),
  right: (grid, row, box) => goBeside(row, box, 1),
  copyDown(grid, row, box) {
    const above = grid.rows[grid.rows.indexOf(row) - 1];
    if (!above) return;
    setValue(box, above.text(partOf(box)));
    if (partOf(box) === "source_code") grid.followSource(row);
    grid.changed([row]);
    grid.history.commit();
    grid.showSteps();
  },
};

function moveWithFocus(grid, row, step, box) {
  grid.act(step < 0 ? "up" : "down", row);
  box.focus();
}

function go(grid, row, step, box) {
  const at = Math.max(0, grid.rows.indexOf(row) + step);
  if (!grid.rows[at]) grid.addRows(1);
  reach(grid.rows[at].box(partOf(box)));
}

function goBeside(row, box, step) {
  const boxes = [...row.boxes.values()].filter((one) => one.type !== "hidden" && one.offsetParent);
  reach(boxes[boxes.indexOf(box) + step]);
}

function reach(box) {
  box?.focus();
  box?.select?.();
}

// A row is taken by its number and dropped on another row's place.
export function prepareDragging(grid) {
  let taken = null;
  const marked = () => grid.table.querySelector(".drop-here");
  const unmark = () => marked()?.classList.remove("drop-here");
  grid.table.addEventListener("pointerover", (event) => {
    const number = event.target.closest?.("tbody th.c-n");
    if (number) number.draggable = true;
  });
  grid.table.addEventListener("dragstart", (event) => {
    taken = event.target.matches?.("th.c-n") ? rowOf(event.target) : null;
    if (taken) event.dataTransfer.setData("text/plain", taken.text("item_vi"));
  });
  grid.table.addEventListener("dragover", (event) => {
    const over = taken && event.target.closest("tr[data-line]");
    if (!over) return;
    event.preventDefault();
    if (over === marked()) return;
    unmark();
    over.classList.add("drop-here");
  });
  grid.table.addEventListener("drop", (event) => {
    const over = taken && event.target.closest("tr[data-line]");
    if (!over) return;
    event.preventDefault();
    grid.moveTo(taken, grid.rows.indexOf(rowOf(over)));
  });
  grid.table.addEventListener("dragend", () => {
    taken = null;
    unmark();
  });
}
