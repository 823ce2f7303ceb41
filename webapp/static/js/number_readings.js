// How an unclear figure could be read, in the right notation: the same answers as finance/money.py gives.
import { plainNumber, showVnd } from "./vietnamese_numbers.js";

const DONG_SIGN = /\s*(?:đồng|đ|₫|vnđ|vnd)$/i;
const LARGE_UNIT = /^([0-9]+)(?:[.,]([0-9]+))?\s*(nghìn|ngàn|k|triệu|tr|tỷ|tỉ|ty)\.?$/i;
const ZEROS = { nghìn: 3, ngàn: 3, k: 3, triệu: 6, tr: 6, tỷ: 9, tỉ: 9, ty: 9 };
const GROUPED_BY_COMMA = /^[0-9]{1,3}(?:,[0-9]{3})+$/;
const ONE_SEPARATOR = /^([0-9]+)[.,]([0-9]+)$/;
const LARGEST = 2n ** 63n - 1n;

function written(candidates, ending) {
  return candidates
    .filter((digits) => digits && digits.replace(/^0+/, "").length <= 19 && BigInt(digits) <= LARGEST)
    .map((digits) => showVnd(BigInt(digits)) + ending);
}

export function readingsOf(text, isMoney) {
  const plain = plainNumber(text);
  return isMoney ? amountReadings(plain.replace(DONG_SIGN, "")) : quantityReadings(plain);
}

function amountReadings(digits) {
  const unit = LARGE_UNIT.exec(digits);
  if (unit) {
    const zeros = ZEROS[unit[3].toLowerCase()];
    const decimals = unit[2] ?? "";
    const candidates = decimals.length <= zeros ? [unit[1] + decimals.padEnd(zeros, "0")] : [];
    if (decimals.length === 3) candidates.push(unit[1] + decimals + "0".repeat(zeros));
    return written(candidates, " đồng");
  }
  if (GROUPED_BY_COMMA.test(digits)) return written([digits.replaceAll(",", "")], " đồng");
  const parts = ONE_SEPARATOR.exec(digits);
  if (!parts) return [];
  const million = parts[2].length <= 6 ? parts[1] + parts[2].padEnd(6, "0") : "";
  return [...written([million], ` đồng (nếu là ${parts[1]},${parts[2]} triệu)`), ...written([parts[1] + parts[2]], " đồng")];
}

function quantityReadings(plain) {
  const readings = [];
  const parts = ONE_SEPARATOR.exec(plain);
  if (parts && parts[2].length <= 3) {
    const decimals = parts[2].replace(/0+$/, "");
    readings.push(...written([parts[1]], decimals ? `,${decimals}` : ""));
  }
  const isOnePoint = parts && (plain.includes(".") || parts[2].length === 3);
  if (isOnePoint || GROUPED_BY_COMMA.test(plain)) readings.push(...written([plain.replace(/[.,]/g, "")], ""));
  return readings;
}
