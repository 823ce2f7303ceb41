// A block copied from a spreadsheet, as rows of cells: tabs between cells, CRLF or LF between rows,
// quotes around cells that hold a tab, a quote or a line break (a quote inside is doubled).
export function parseClipboard(text) {
  const rows = [[]];
  let at = 0;
  while (at < text.length) {
    const [cell, next] = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    rows.at(-1).push(tidy(cell));
    at = next;
    if (text[at] === "\t") {
      at += 1;
      if (at === text.length) rows.at(-1).push("");
    } else if (at < text.length) {
      at += text.startsWith("\r\n", at) ? 2 : 1;
      if (at < text.length) rows.push([]);
    }
  }
  while (rows.length && rows.at(-1).every((cell) => cell === "")) rows.pop();
  return rows;
}

function plainCell(text, start) {
  let end = start;
  while (end < text.length && !"\t\r\n".includes(text[end])) end += 1;
  return [text.slice(start, end), end];
}

function quotedCell(text, start) {
  let end = start + 1;
  let cell = "";
  while (end < text.length) {
    if (text[end] === '"') {
      if (text[end + 1] !== '"') break;
      end += 1;
    }
    cell += text[end];
    end += 1;
  }
  // Only a quote that closes right before the next separator was a spreadsheet's quote.
  const after = text[end + 1];
  if (end < text.length && (after === undefined || "\t\r\n".includes(after))) return [cell, end + 1];
  return plainCell(text, start);
}

// A box holds one line: words on both sides of a line break must not be glued together.
function tidy(cell) {
  return cell.normalize("NFC").replace(/\s*[\r\n]+\s*/g, " ").trim();
}
