// Which pasted column goes into which box: by the heads when the block has a head row, else in order;
// and which rows are no lines: titles, numbers of columns, the block's own totals.
import { fold } from "./fold.js";

const HEADS = {
  item_vi: ["noi dung chi", "noi dung", "noi dung cong viec", "dien giai", "noi dung thuc hien", "hang muc"],
  unit_name: ["dvt", "don vi tinh", "don vi"],
  unit_price_vnd: ["don gia", "muc chi"],
  frequency_thousandths: ["so lan", "so dot", "so thang"],
  source_code: ["nguon", "nguon kinh phi", "ma nguon", "nguon von"],
  nature: ["tinh chat", "tinh chat chi"],
  year: ["nam", "nam thuc hien"],
  budget_code: ["tieu muc", "ma tieu muc"],
  norm_code: ["dinh muc", "ma dinh muc"],
  over_norm_reason: ["ly do vuot dinh muc", "ly do"],
  note: ["ghi chu"],
};
// Known heads that are computed or counted here: left out on purpose.
const AMOUNT = /^(?:thanh tien|tong (?:tien|kinh phi|cong)|kinh phi)\b/;
const LEFT_OUT = /^(?:s?tt|so tt|so thu tu|ma du an)$/;
const TOTAL = /^(?:tong(?: (?:cong|so|kinh phi|tien|chi|du toan))?|cong|cong (?:muc|phan|nhom) .*|tong cong .*)(?:\s*[:(].*)?$/;
const COLUMN_NUMBER = /^(?:\(?[0-9]{1,2}\)?|\(?[a-z]\)?|\(?[0-9]{1,2}\)?\s*=.*)$/;
const MOST_TITLE_ROWS = 8;

function plainHead(text) {
  return fold(text).replace(/\s*\([^)]*\)\s*/g, " ").replace(/[.:*,]/g, "").replace(/\s+/g, " ").trim();
}

function levelOf(head, levels) {
  return levels.findIndex((name) => [name, `so luong ${name}`, `muc ${name}`, `so luong muc ${name}`].includes(head));
}

function partOfHead(head, levels) {
  for (const [part, names] of Object.entries(HEADS)) if (names.includes(head)) return part;
  const level = levelOf(head, levels);
  if (level >= 0) return `quantities-${level}`;
  if (levels.length === 1 && ["so luong", "sl", "khoi luong"].includes(head)) return "quantities-0";
  return null;
}

// The head of two rows: "Số lượng" over "Tối thiểu" and "Đầy đủ".
function joinedHeads(upper, lower) {
  let last = "";
  return upper.map((text, place) => {
    last = text || last;
    return lower[place] ? `${text || last} ${lower[place]}`.trim() : text;
  });
}

function judge(cells, levels) {
  const heads = cells.map(plainHead);
  const parts = heads.map((head) => partOfHead(head, levels));
  const filled = heads.filter(Boolean).length;
  const known = heads.filter((head, place) => parts[place] || LEFT_OUT.test(head) || AMOUNT.test(head)).length;
  return { cells, heads, parts, isHead: parts.filter(Boolean).length >= 2 && known * 2 >= filled };
}

function findHeads(rows, levels) {
  for (let at = 0; at < Math.min(MOST_TITLE_ROWS, rows.length); at += 1) {
    const one = judge(rows[at], levels);
    if (!one.isHead) continue;
    const lower = rows[at + 1];
    if (lower && lower.some((text) => levelOf(plainHead(text), levels) >= 0)) {
      const two = judge(joinedHeads(rows[at], lower), levels);
      if (two.parts.filter(Boolean).length > one.parts.filter(Boolean).length) return { ...two, first: at + 2 };
    }
    return { ...one, first: at + 1 };
  }
  return null;
}

// Levels named in the heads that the page has no column for: the page must make them first.
export function levelsInHeads(rows, allLevels) {
  const levels = allLevels.map(plainHead);
  const heads = findHeads(rows, levels);
  return heads ? heads.parts.filter((part) => part?.startsWith("quantities-")).map((part) => Number(part.slice(11))) : [];
}

function isTotal(cells, parts) {
  const text = (part) => cells[parts.indexOf(part)] ?? "";
  if (text("unit_price_vnd").trim() || text("unit_name").trim()) return false;
  return cells.slice(0, 3).some((cell) => TOTAL.test(plainTotal(cell)));
}

function plainTotal(cell) {
  return fold(cell).replace(/[.:*]+$/, "").trim();
}

/* { parts: box name or null per pasted column, rows, places: which rows of the block they were,
     leftOut: heads or numbers of columns not taken, totals: how many total rows were left out,
     amounts: the block's own amount per row, or null } */
export function placeColumns(rows, columns, startPart, levelNames) {
  const levels = levelNames.map(plainHead);
  const heads = findHeads(rows, levels);
  const width = Math.max(...rows.map((row) => row.length));
  const from = columns.indexOf(startPart);
  const parts = heads ? heads.parts : Array.from({ length: width }, (_, place) => columns[from + place] ?? null);
  const leftOut = heads
    ? heads.cells.filter((head, place) => head && !parts[place])
    : parts.flatMap((part, place) => (part ? [] : [String(place + 1)]));
  const places = [];
  let totals = 0;
  rows.forEach((cells, at) => {
    if (heads && at < heads.first) return;
    if (cells.every((cell) => cell === "")) return;
    if (heads && at <= heads.first + 1 && cells.filter(Boolean).length > 1 && cells.every((cell) => cell === "" || COLUMN_NUMBER.test(fold(cell)))) return;
    if (isTotal(cells, parts)) totals += 1;
    else places.push(at);
  });
  const amountAt = heads ? heads.heads.findIndex((head) => /^thanh tien/.test(head)) : -1;
  const amounts = amountAt < 0 ? null : places.map((at) => rows[at][amountAt] ?? "");
  return { parts, rows: places.map((at) => rows[at]), places, leftOut, totals, amounts };
}
