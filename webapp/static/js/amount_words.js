// Amounts in words, as finance/vietnamese/words.py writes them under a total.
const DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
const GROUP_NAMES = ["", "nghìn", "triệu"];

export function amountInWords(amount) {
  const phrase = `${numberInWords(amount)} đồng`;
  return phrase[0].toUpperCase() + phrase.slice(1);
}

function numberInWords(number) {
  if (number < 0n) return `âm ${numberInWords(-number)}`;
  if (number === 0n) return DIGITS[0];
  const blocks = split(number, 1000000000n);
  const words = [];
  for (let place = blocks.length - 1; place >= 0; place -= 1) {
    if (blocks[place] === 0n) continue;
    words.push(...blockInWords(blocks[place], words.length === 0));
    // An empty block further right says no "tỷ" of its own: this one steps over it.
    let silent = 0;
    while (silent < place && blocks[place - 1 - silent] === 0n) silent += 1;
    for (let said = Math.min(place, silent + 1); said > 0; said -= 1) words.push("tỷ");
  }
  return words.join(" ");
}

function blockInWords(block, isFirst) {
  const groups = split(block, 1000n);
  while (!isFirst && groups.length < 3) groups.push(0n);
  const words = [];
  for (let place = groups.length - 1; place >= 0; place -= 1) {
    if (groups[place] === 0n) continue;
    words.push(...groupInWords(Number(groups[place]), isFirst && words.length === 0));
    if (place) words.push(GROUP_NAMES[place]);
  }
  return words;
}

function groupInWords(group, isFirst) {
  const hundreds = Math.floor(group / 100);
  const tens = Math.floor((group % 100) / 10);
  const units = group % 10;
  const saysHundreds = hundreds > 0 || !isFirst;
  const words = saysHundreds ? [DIGITS[hundreds], "trăm"] : [];
  if (tens === 0) return units === 0 ? words : [...words, ...(saysHundreds ? ["linh"] : []), DIGITS[units]];
  words.push(...(tens === 1 ? ["mười"] : [DIGITS[tens], "mươi"]));
  if (units === 5) words.push("lăm");
  else if (units === 1 && tens > 1) words.push("mốt");
  else if (units) words.push(DIGITS[units]);
  return words;
}

function split(number, base) {
  const digits = [];
  for (let left = number; left > 0n; left /= base) digits.push(left % base);
  return digits;
}
