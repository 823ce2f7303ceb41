// Puts a pasted block into the grid: one act, one step back, and one sentence on what was done.
import { readClipboard } from "./clipboard_table.js";
import { markFigure, PRESET, setValue } from "./grid_rows.js";
import { levelsInHeads, placeColumns } from "./paste_columns.js";
import { readVnd } from "./vietnamese_numbers.js";

// A template's cell shows the name behind the code: "NST_TX | Ngân sách tỉnh".
const CODED = ["source_code", "budget_code", "norm_code"];
// A merged cell says the same of all its rows only where a line takes one choice of a list.
const SHARED_WHEN_MERGED = [...PRESET, "budget_code"];

const WAITING = "phanbo-waiting-paste";

export function pasteBlock(grid, row, part, { plain, html }) {
  const block = readClipboard(plain, html);
  if (!block.rows.length || (block.rows.length === 1 && block.rows[0].length === 1)) return false;
  if (makeLevels(grid, block, { row: grid.rows.indexOf(row), part, plain, html })) return true;
  const placed = placeColumns(block.rows, grid.columns, part, grid.levels);
  if (!placed.rows.length) return false;
  grid.history.commit();
  const start = grid.rows.indexOf(row);
  const missing = start + placed.rows.length - grid.rows.length;
  if (missing > 0) grid.addRows(missing);
  const rows = grid.rows.slice(start, start + placed.rows.length);
  rows.forEach((one, place) => fillRow(grid, one, placed.rows[place], placed.parts, block.repeated[placed.places[place]] ?? []));
  for (const one of placed.parts) if (one) grid.unfold(one);
  grid.changed(rows);
  grid.history.commit();
  grid.say(sentence(grid, { block, placed, rows, start }));
  return true;
}

function fillRow(grid, row, cells, parts, repeated) {
  parts.forEach((part, place) => {
    const box = part && row.box(part);
    if (!box) return;
    const cell = cells[place] ?? "";
    if (repeated[place] && !SHARED_WHEN_MERGED.includes(part)) return setValue(box, "");
    const text = CODED.includes(part) ? cell.split("|")[0].trim() : cell;
    if (text === "" && PRESET.includes(part)) return;
    // An empty cell says once: twelve months must not stay of a row that is pasted over.
    setValue(box, text === "" && part === "frequency_thousandths" ? "1" : text);
    if (part === "source_code") grid.followSource(row);
  });
  for (const box of row.boxes.values()) markFigure(row, box, grid.words);
}

// A block whose heads name levels the project does not have yet: the page is made again with them.
function makeLevels(grid, block, paste) {
  const named = levelsInHeads(block.rows, grid.facts.allLevels);
  if (named.length < 2) return false;
  const names = named.map((place) => grid.facts.allLevels[place]);
  if (names.every((name) => grid.levels.includes(name))) return false;
  try {
    sessionStorage.setItem(WAITING, JSON.stringify(paste));
  } catch {
    return false; // without room for it the block is pasted into the levels there are
  }
  grid.rebuildWithLevels([...new Set(named)].sort());
  return true;
}

// The block that waited for its levels, on the page that has them.
export function pasteWaiting(grid) {
  const waiting = sessionStorage.getItem(WAITING);
  if (!waiting) return;
  sessionStorage.removeItem(WAITING);
  const { row, part, plain, html } = JSON.parse(waiting);
  if (!grid.rows[row]) grid.addRows(row + 1 - grid.rows.length);
  pasteBlock(grid, grid.rows[row], part, { plain, html });
  grid.rows[row].box(part)?.focus();
}

function sentence(grid, { block, placed, rows, start }) {
  const words = grid.words;
  const unclear = rows.reduce((sum, row) => sum + [...row.boxes.values()].filter((box) => box.classList.contains("is-invalid")).length, 0);
  const said = [words.pasted.replace("{count}", rows.length).replace("{first}", start + 1).replace("{unclear}", unclear)];
  if (placed.leftOut.length) said.push(words.withoutColumns.replace("{columns}", placed.leftOut.join(", ")));
  if (placed.totals) said.push(words.withoutTotals.replace("{count}", placed.totals));
  if (block.hidden) said.push(words.withoutHidden.replace("{count}", block.hidden));
  const other = otherAmounts(grid, placed, rows);
  if (other) said.push(words.otherAmounts.replace("{count}", other));
  return `${said.join("; ")}.`;
}

// How many rows came with an amount of their own that is not what the figures beside it give.
function otherAmounts(grid, placed, rows) {
  if (!placed.amounts || grid.levels.length !== 1) return 0;
  return rows.filter((row, place) => {
    const own = readVnd(placed.amounts[place]);
    const [counted] = row.amounts(1);
    return own !== null && counted !== null && own !== counted;
  }).length;
}
