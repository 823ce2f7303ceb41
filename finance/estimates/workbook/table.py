"""A data sheet as a table: its heading found, its rows with cells by key, what stands around it said.

Used for both templates. What blank rows, hidden rows, merged cells and cells beside the table mean is decided
here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise

from finance.estimates.workbook.book import Book, SheetEntry
from finance.estimates.workbook.cells import SheetRow
from finance.estimates.workbook.columns import CellKind, SheetShape, column_letters
from finance.estimates.workbook.headings import Headings, find_headings, title_key
from finance.estimates.workbook.notation import NotationWatch
from finance.estimates.workbook.package import WorkbookRefused
from finance.estimates.workbook.raw_sheet import MergedRange, RawRow, SheetNotes, read_rows
from finance.findings import Finding, Location, Severity

_HEADING_WITHIN = 40  # rows that hold something
_MOST_OUTSIDE = 20  # findings about single cells beside the table
_WIDE_COLUMNS, _TALL_ROWS = 100, 1000  # of a merged range that no person made on purpose
_FIGURES = frozenset({CellKind.VND, CellKind.QUANTITY, CellKind.WHOLE})


@dataclass(slots=True)
class SheetTable:
    """A data sheet, read.

    Attributes:
        above: the rows above the heading.
        rows: those below it in which something was typed.
    """

    shape: SheetShape
    above: list[RawRow] = field(default_factory=list)
    rows: list[SheetRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_readable(self) -> bool:
        """True when nothing about the sheet itself blocks."""
        return not any(finding.is_blocking for finding in self.findings)


def find_sheet(book: Book, shape: SheetShape) -> tuple[SheetEntry | None, list[Finding]]:
    """The one visible sheet of this title, and what is unusual about it."""
    wanted = title_key(shape.title)
    found = [entry for entry in book.sheets if title_key(entry.title) == wanted]
    where = Location(sheet=shape.title, words=f"Trang {shape.title}")
    if not found:
        said = f"Tệp không có trang “{shape.title}”."
        return None, [Finding("E_NO_SHEET", Severity.BLOCKS, said, where, "Tải mẫu và điền lại.")]
    if len(found) > 1:
        said = f"Có {len(found)} trang cùng tên “{shape.title}”."
        return None, [Finding("E_AMBIGUOUS_SHEET", Severity.BLOCKS, said, where, "Chỉ giữ một trang.")]
    if found[0].is_hidden:
        said = f"Trang “{shape.title}” đang bị ẩn."
        return None, [Finding("E_HIDDEN_SHEET", Severity.BLOCKS, said, where, "Hiện trang rồi lưu lại.")]
    if found[0].title == shape.title:
        return found[0], []
    said = f"Tên trang “{found[0].title}” khác cách viết của mẫu; vẫn nhận ra được."
    return found[0], [Finding("W_NORMALISED", Severity.WARNS, said, where, f"Đặt lại tên “{shape.title}”.")]


def read_sheet_table(
    book: Book, entry: SheetEntry, shape: SheetShape, expected_row: int, watch: NotationWatch
) -> SheetTable:
    """Read a sheet to its end.

    Raises:
        WorkbookRefused: the sheet is damaged or larger than any estimate.
    """
    notes = SheetNotes()
    rows = read_rows(book, shape.title, entry.part, notes)
    first = list(islice(rows, _HEADING_WITHIN))
    table = SheetTable(shape)
    found = find_headings(first, shape, expected_row)
    if isinstance(found, Finding):
        table.findings.append(found)
        return table
    table.findings += found.findings
    table.above = [row for row in first if row.number < found.row]
    if not table.is_readable:
        return table
    below = (row for row in chain(first, rows) if row.number > found.last_row)
    filler = _TableFiller(table, found, watch, book.package.limits.lines)
    for row in below:
        filler.take(row)
    filler.finish(notes)
    return table


@dataclass(slots=True)
class _TableFiller:
    table: SheetTable
    headings: Headings
    watch: NotationWatch
    most_lines: int
    seen: int = 0
    outside: int = 0
    stray: str = ""
    letters: dict[str, str] = field(init=False)
    keys: list[tuple[int, str]] = field(init=False)
    known: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.letters = self.headings.letters
        self.keys = [(index, column.key) for index, column in self.headings.columns.items()]
        self.known = frozenset(self.headings.columns) | self.headings.extra

    def take(self, row: RawRow) -> None:
        cells = row.cells
        if not cells.keys() <= self.known:
            self._look_outside(row)
        read = SheetRow(
            self.table.shape,
            row.number,
            {key: cells[index] for index, key in self.keys if index in cells},
            self.letters,
            self.watch,
            row.is_hidden,
        )
        if not read.is_blank:
            self.table.rows.append(read)
            if len(self.table.rows) > self.most_lines:
                self._refuse_length(row.number)
            return
        if all(cell.is_blank for cell in cells.values()):
            self.stray = self.stray or f"{column_letters(min(cells))}{row.number}"
        else:
            self.seen += 1
            if self.seen > 10 * self.most_lines:
                self._refuse_length(row.number)

    def finish(self, notes: SheetNotes) -> None:
        findings = self.table.findings
        last = self.table.rows[-1].number if self.table.rows else self.headings.last_row
        wide = [merged for merged in notes.merged if _is_sprawling(merged, last)]
        if wide and not self.stray:
            self.stray = f"{column_letters(wide[0].first_column)}{wide[0].first_row}"
        if self.stray:
            said = "Có ô trông như trống (dấu cách) hoặc vùng gộp rộng nằm ngoài các dòng dữ liệu; bỏ qua."
            findings.append(self._warning("W_STRAY_CELL", self.stray, said, "Xóa ô, bỏ gộp."))
        findings += _blank_rows(self.table)
        findings += self._hidden_columns(notes)
        for merged in notes.merged:
            self._apply_merge(merged)

    def _look_outside(self, row: RawRow) -> None:
        for index in row.cells.keys() - self.known:
            place = f"{column_letters(index)}{row.number}"
            if row.cells[index].is_blank:
                self.stray = self.stray or place
            elif self.outside < _MOST_OUTSIDE:
                self.outside += 1
                said = "Nội dung nằm ngoài bảng, không được đọc."
                remedy = "Chuyển vào cột Ghi chú nếu cần giữ."
                self.table.findings.append(self._warning("W_EXTRA_COLUMN", place, said, remedy))

    def _hidden_columns(self, notes: SheetNotes) -> Iterator[Finding]:
        for index, column in sorted(self.headings.columns.items()):
            if not column.is_hidden and any(first <= index <= last for first, last in notes.hidden_columns):
                said = f"Cột “{column.title}” đang bị ẩn nhưng vẫn được đọc."
                place = f"{column_letters(index)}{self.headings.last_row}"
                yield self._warning("W_HIDDEN_COLUMN", place, said, "Hiện cột để kiểm tra.")

    def _apply_merge(self, merged: MergedRange) -> None:
        """Text merged over lines belongs to each; a figure merged over lines belongs to nobody."""
        if merged.first_row == merged.last_row:
            return
        covered = [row for row in self.table.rows if merged.first_row <= row.number <= merged.last_row]
        columns = [
            column
            for index, column in self.headings.columns.items()
            if merged.first_column <= index <= merged.last_column
        ]
        figures = [column for column in columns if column.kind in _FIGURES]
        if len(covered) < 2 or not columns:
            return
        place = f"{column_letters(merged.first_column)}{merged.first_row}"
        if figures:
            for row in covered:
                of = figures[0].title
                said = f"Ô {place} gộp qua {len(covered)} dòng: không rõ “{of}” là của dòng nào."
                row.refuse("E_MERGED_AMOUNT", figures[0].key, said, "Bỏ gộp ô, ghi số vào từng dòng.")
            return
        self._fill_down(merged, covered, place)

    def _fill_down(self, merged: MergedRange, covered: Sequence[SheetRow], place: str) -> None:
        column = self.headings.columns.get(merged.first_column)
        top = covered[0].cells.get(column.key) if column is not None else None
        if column is None or top is None or covered[0].number != merged.first_row:
            return
        for row in covered[1:]:
            row.cells = {**row.cells, column.key: top}
        said = f"Ô “{column.title}” gộp qua {len(covered)} dòng; mỗi dòng nhận cùng nội dung."
        self.table.findings.append(self._warning("W_MERGED_TEXT", place, said, "Nên ghi ở từng dòng."))

    def _refuse_length(self, number: int) -> None:
        where = Location(sheet=self.table.shape.title, cell=f"A{number}")
        said = f"Trang “{self.table.shape.title}” có hơn {self.most_lines} dòng."
        remedy = "Xóa các dòng thừa ở cuối trang, hoặc tách thành nhiều tệp."
        raise WorkbookRefused(Finding("E_TOO_MANY_ROWS", Severity.BLOCKS, said, where, remedy))

    def _warning(self, code: str, place: str, said: str, remedy: str = "") -> Finding:
        where = Location(sheet=self.table.shape.title, cell=place)
        return Finding(code, Severity.WARNS, said, where, remedy)


def _is_sprawling(merged: MergedRange, last_line: int) -> bool:
    is_large = (
        merged.last_row - merged.first_row >= _TALL_ROWS
        or merged.last_column - merged.first_column >= _WIDE_COLUMNS
    )
    return is_large and merged.last_row > last_line


def _blank_rows(table: SheetTable) -> Iterator[Finding]:
    numbers = [row.number for row in table.rows]
    gaps = [(before + 1, after - 1) for before, after in pairwise(numbers) if after > before + 1]
    if gaps:
        count = sum(last - first + 1 for first, last in gaps)
        said = f"Có {count} dòng trống giữa các dòng dữ liệu, từ dòng {gaps[0][0]}; đã đọc tiếp các dòng sau."
        where = Location(sheet=table.shape.title, cell=f"A{gaps[0][0]}")
        yield Finding("W_BLANK_ROWS", Severity.WARNS, said, where, "Xóa dòng trống; xem có sót nội dung.")


def hidden_rows_finding(table: SheetTable, amount_words: str) -> Iterable[Finding]:
    """The warning that counts and totals the hidden rows; nothing when there are none."""
    hidden = [row for row in table.rows if row.is_hidden]
    if hidden:
        listed = ", ".join(str(row.number) for row in hidden[:10]) + (", …" if len(hidden) > 10 else "")
        said = f"Có {len(hidden)} dòng đang bị ẩn (dòng {listed}){amount_words}; vẫn được tính."
        where = Location(sheet=table.shape.title, cell=f"A{hidden[0].number}")
        yield Finding("W_HIDDEN_ROWS", Severity.WARNS, said, where, "Hiện các dòng để kiểm tra.")
