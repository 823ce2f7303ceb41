// A block copied from a spreadsheet, as rows of cells. The plain text: tabs between cells, CRLF or LF
// between rows, quotes around cells that hold a tab, a quote or a line break (a quote inside is
// doubled). The HTML beside it knows what plain text cannot say: merged cells, hidden columns.
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

const HIDDEN = /(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))/i;
const MOST_CELLS = 200000;

// { rows, hidden: how many columns and rows were hidden }, or null where the HTML holds no one table.
export function parseHtmlTable(html) {
  if (!/<table/i.test(html)) return null;
  // Styles are only read: as live attributes they would be refused by the page's own policy.
  const inert = html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle\s*=/gi, " data-look=");
  const found = new DOMParser().parseFromString(inert, "text/html");
  const tables = found.querySelectorAll("table");
  if (tables.length !== 1) return null;
  const grid = [];
  let count = 0;
  let hiddenRows = 0;
  const lines = [...tables[0].rows];
  lines.forEach((line, at) => {
    let column = 0;
    for (const cell of line.cells) {
      while (grid[at]?.[column] !== undefined) column += 1;
      const [wide, high] = [spanOf(cell.colSpan), Math.min(spanOf(cell.rowSpan), lines.length - at)];
      if ((count += wide * high) > MOST_CELLS) return;
      const text = tidy(textOf(cell));
      for (let down = 0; down < high; down += 1)
        for (let right = 0; right < wide; right += 1) {
          (grid[at + down] ??= [])[column + right] = { text: right ? "" : text, isRepeated: down > 0, isHidden: isHidden(cell) };
        }
      column += wide;
    }
  });
  const shown = grid.filter((_, at) => !isHidden(lines[at]) || !(hiddenRows += 1));
  const hidden = hiddenColumns(tables[0], shown);
  const rows = shown.map((cells) => Array.from(cells, (cell) => cell ?? { text: "" }).filter((_, place) => !hidden.has(place)));
  while (rows.length && rows.at(-1).every((cell) => cell.text === "")) rows.pop();
  return { rows: rows.map((cells) => cells.map((cell) => cell.text)), repeated: rows.map((cells) => cells.map((cell) => Boolean(cell.isRepeated))), hidden: hidden.size + hiddenRows };
}

function spanOf(number) {
  return Math.min(Math.max(1, number || 1), 1000);
}

function isHidden(element) {
  return element.hidden || HIDDEN.test(element.dataset.look ?? "") || element.getAttribute("width") === "0" || element.getAttribute("height") === "0";
}

function hiddenColumns(table, rows) {
  const hidden = new Set();
  let place = 0;
  for (const column of table.querySelectorAll("col")) {
    for (let times = spanOf(column.span); times > 0; times -= 1, place += 1) if (isHidden(column)) hidden.add(place);
  }
  const width = Math.max(0, ...rows.map((cells) => cells.length));
  for (let at = 0; at < width; at += 1) if (rows.length && rows.every((cells) => cells[at]?.isHidden)) hidden.add(at);
  return hidden;
}

// Line breaks of a cell are words' ends, line breaks of the source are not.
function textOf(cell) {
  for (const end of cell.querySelectorAll("br,p,div")) end.append(end.tagName === "BR" ? "" : "\n");
  for (const end of cell.querySelectorAll("br")) end.replaceWith("\n");
  return cell.textContent.replace(/[ \t\u00a0]+/g, " ");
}

// The block to paste: the plain text, unless the HTML shows that the plain text is poor.
export function readClipboard(plain, html) {
  const rows = parseClipboard(plain);
  const table = html ? parseHtmlTable(html) : null;
  if (!table || !table.rows.length) return { rows, repeated: [], hidden: 0 };
  const isPoor = rows.length < table.rows.length || Math.max(...rows.map((row) => row.length), 0) < Math.max(...table.rows.map((row) => row.length));
  const knowsMore = table.hidden > 0 || table.repeated.some((row) => row.includes(true));
  return isPoor || knowsMore ? table : { rows, repeated: [], hidden: 0 };
}
