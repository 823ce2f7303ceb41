// Amounts and quantities as the server reads them (finance/money.py), in exact whole numbers.
// What is not one number beyond doubt is null: the live total never guesses; the server has the last word.
const WHOLE = /^(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)$/;
const DONG_SIGN = /\s*(?:đồng|đ|₫|vnđ|vnd)$/i;
const SPACES = /[\u00a0\u2007\u2009\u202f\u3000]/g;

export function plainNumber(text) {
  return text
    .normalize("NFC")
    .replace(SPACES, " ")
    .replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replaceAll("．", ".")
    .replaceAll("，", ",")
    .trim();
}

const digitsOf = (whole) => BigInt(whole.replace(/[. ]/g, ""));

// Whole đồng as BigInt, or null.
export function readVnd(text) {
  const digits = plainNumber(text).replace(DONG_SIGN, "");
  return WHOLE.test(digits) ? digitsOf(digits) : null;
}

// Thousandths as BigInt, or null: "1,5" is 1500n, "1.500" is 1500000n, "1,500" and "1.5" are unclear.
export function readThousandths(text) {
  const [whole, decimals, ...rest] = plainNumber(text).split(",");
  if (rest.length || !WHOLE.test(whole)) return null;
  if (decimals === undefined) return digitsOf(whole) * 1000n;
  if (!/^[0-9]{1,3}$/.test(decimals)) return null;
  const looksEnglish = decimals.length === 3 && decimals.endsWith("0") && /^[0-9]+$/.test(whole) && /[1-9]/.test(whole);
  return looksEnglish ? null : digitsOf(whole) * 1000n + BigInt(decimals.padEnd(3, "0"));
}

// Price × times × quantity, rounded half up to the đồng once.
export function lineAmount(price, frequency, quantity) {
  return (price * frequency * quantity + 500000n) / 1000000n;
}

export function showVnd(amount) {
  return amount.toString().replace(/\B(?=([0-9]{3})+$)/g, ".");
}
