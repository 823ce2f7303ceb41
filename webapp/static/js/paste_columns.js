// Which pasted column goes into which box: by the heads when the block has a head row, else in order.
import { fold } from "./fold.js";

const HEADS = {
  item_vi: ["noi dung chi", "noi dung", "noi dung cong viec", "dien giai"],
  unit_name: ["dvt", "don vi tinh", "don vi"],
  unit_price_vnd: ["don gia"],
  frequency_thousandths: ["so lan", "so dot", "so thang"],
  source_code: ["nguon", "nguon kinh phi", "ma nguon"],
  nature: ["tinh chat", "tinh chat chi"],
  year: ["nam"],
  budget_code: ["tieu muc", "ma tieu muc"],
  norm_code: ["dinh muc", "ma dinh muc"],
  over_norm_reason: ["ly do vuot dinh muc", "ly do"],
  note: ["ghi chu"],
};
// Known heads that are computed or counted here: left out on purpose.
const LEFT_OUT = /^(?:s?tt|so tt|thanh tien.*|ma du an)$/;

function plainHead(text) {
  return fold(text).replace(/\s*\([^)]*\)\s*/g, " ").replace(/[.:*,]/g, "").replace(/\s+/g, " ").trim();
}

function partOfHead(head, levels) {
  for (const [part, names] of Object.entries(HEADS)) if (names.includes(head)) return part;
  const level = levels.findIndex((name) => [name, `so luong ${name}`, `muc ${name}`, `so luong muc ${name}`].includes(head));
  if (level >= 0) return `quantities-${level}`;
  if (levels.length === 1 && ["so luong", "sl", "khoi luong"].includes(head)) return "quantities-0";
  return null;
}

// { parts: box name or null per pasted column, rows, leftOut: heads or numbers of columns not taken }.
export function placeColumns(rows, columns, startPart, levelNames) {
  const levels = levelNames.map(plainHead);
  const heads = rows[0].map(plainHead);
  const named = heads.map((head) => partOfHead(head, levels));
  const known = heads.filter((head, place) => named[place] || LEFT_OUT.test(head));
  if (named.filter(Boolean).length >= 2 && known.length * 2 >= heads.filter(Boolean).length) {
    const leftOut = rows[0].filter((head, place) => head && !named[place]);
    return { parts: named, rows: rows.slice(1), leftOut };
  }
  const from = columns.indexOf(startPart);
  const width = Math.max(...rows.map((row) => row.length));
  const parts = Array.from({ length: width }, (_, place) => columns[from + place] ?? null);
  const leftOut = parts.flatMap((part, place) => (part ? [] : [String(place + 1)]));
  return { parts, rows, leftOut };
}
