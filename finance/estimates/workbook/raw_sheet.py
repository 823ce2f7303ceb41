"""A worksheet read as a stream: rows with their cells as the file keeps them, in bounded memory.

The file's own word for its size (`dimension`) is never looked at. A row or cell out of order, or one that
names another place than where it stands, is damage: two programs would read two things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from finance.estimates.workbook.book import Book
from finance.estimates.workbook.package import damaged, refused
from finance.estimates.workbook.shared_strings import LONGEST_TEXT
from finance.estimates.workbook.xml_parts import DEEPEST, MAIN, Attributes, feed, new_parser
from finance.findings import Finding, Location, Severity

LAST_SHEET_ROW = 1_048_576
LAST_SHEET_COLUMN = 16_384
MOST_COLUMNS = 200
MOST_MERGES = 10_000
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# [1]Sheet1!A1, cmd|'/C calc'!A0, and functions that fetch: what they show is not in this file.
_OUTSIDE = re.compile(
    r"(?<![A-Za-z0-9_\]])\[\d+\]|\w\|'|\b(?:WEBSERVICE|RTD|FILTERXML|IMPORTDATA|CALL|REGISTER\.ID)\(",
    re.IGNORECASE,
)


class RawCell(NamedTuple):
    """What stands in a cell.

    Attributes:
        value: the text or number as the file writes it; None for none.
        kind: the file's word: n number, s text, b truth value, e error, d ISO date.
        formula: the formula, where it is shared as its first cell has it; None for none.
        is_date: the cell's style shows a date.
    """

    value: str | None
    kind: str = "n"
    formula: str | None = None
    is_date: bool = False

    @property
    def is_blank(self) -> bool:
        """True when nothing a person can see stands there."""
        return self.formula is None and (self.value is None or not self.value.strip(_INVISIBLE))

    @property
    def is_outside(self) -> bool:
        """True when the formula takes from another file or program."""
        return self.formula is not None and _OUTSIDE.search(self.formula) is not None


BLANK = RawCell(None)
_INVISIBLE = " \t\r\n\u00a0\u200b\ufeff\u202f\u3000"


class RawRow(NamedTuple):
    """A row that holds something: its number, whether it is hidden, and its cells by column (0 for A)."""

    number: int
    is_hidden: bool
    cells: dict[int, RawCell]


class MergedRange(NamedTuple):
    """A merged range: rows counted from 1, columns from 0, both ends within."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class SheetNotes:
    """What a sheet says beside its cells; complete once all rows were read."""

    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[MergedRange] = field(default_factory=list)


def column_index(letters: str) -> int:
    """Index of the column with these letters, 0 for A."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def read_rows(book: Book, title: str, part: str, notes: SheetNotes) -> Iterator[RawRow]:
    """The sheet's rows that hold something, in order.

    Args:
        book: the opened workbook.
        title: of the sheet, for findings.
        part: the sheet's part.
        notes: filled while reading.

    Raises:
        WorkbookRefused: the part is damaged or larger than any estimate.
    """
    reader = _SheetReader(book, title, notes)
    parser = new_parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    for _ in feed(parser, book.package.chunks(part)):
        yield from reader.rows
        reader.rows.clear()


_ROW, _CELL, _VALUE, _FORMULA = f"{MAIN}row", f"{MAIN}c", f"{MAIN}v", f"{MAIN}f"
_INLINE, _TEXT, _PHONETIC = f"{MAIN}is", f"{MAIN}t", f"{MAIN}rPh"
_MERGE, _COLUMN = f"{MAIN}mergeCell", f"{MAIN}col"


class _SheetReader:
    """The handlers. A cell is told of in five calls and a large sheet has a million: they are kept short."""

    def __init__(self, book: Book, title: str, notes: SheetNotes) -> None:
        self.rows: list[RawRow] = []
        self._strings = book.strings
        self._dates = book.date_styles
        self._cells_left = book.package.limits.cells
        self._title = title
        self._notes = notes
        self._depth = self._row = 0
        self._row_text = self._text = self._shared = ""
        self._hidden = self._catching = self._phonetic = False
        self._cells: dict[int, RawCell] = {}
        self._columns: dict[str, int] = {}
        self._column = -1
        self._cell: Attributes = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._formulas: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise damaged()
        if name == _CELL:
            place = attributes.get("r")
            if place is None:
                column = self._column + 1
            else:
                letters = place.removesuffix(self._row_text)
                column = self._columns.get(letters, -1)
                if column < 0:
                    column = self._new_column(place, letters)
                if column <= self._column:
                    raise damaged()
            self._column = column
            self._cell = attributes
            self._value = self._formula = None
        elif name == _VALUE:
            self._catching = True
        elif name == _FORMULA:
            self._catching = True
            self._shared = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif name == _ROW:
            self._start_row(attributes)
        else:
            self._start_other(name, attributes)

    def end(self, name: str) -> None:
        self._depth -= 1
        if name == _CELL:
            if self._value is not None or self._formula is not None:
                self._end_cell()
        elif name == _VALUE:
            self._value, self._text, self._catching = self._text, "", False
        elif name == _FORMULA:
            self._end_formula()
        elif name == _ROW:
            if self._cells:
                self.rows.append(RawRow(self._row, self._hidden, self._cells))
        elif name == _TEXT:
            self._catching = False
        elif name == _INLINE:
            self._value, self._text = self._text, ""
        elif name == _PHONETIC:
            self._phonetic = False

    def characters(self, data: str) -> None:
        if self._catching:
            if not self._text:
                self._text = data
            elif len(self._text) <= LONGEST_TEXT:
                self._text += data

    def _start_other(self, name: str, attributes: Attributes) -> None:
        if name == _TEXT:
            self._catching = not self._phonetic
        elif name == _PHONETIC:
            self._phonetic = True
        elif name in {_MERGE, _COLUMN}:
            self._note(name, attributes)

    def _start_row(self, attributes: Attributes) -> None:
        text = attributes.get("r") or str(self._row + 1)
        if not text.isdecimal() or len(text) > 7 or not self._row < int(text) <= LAST_SHEET_ROW:
            raise damaged()
        self._row = int(text)
        self._row_text = text
        self._hidden = attributes.get("hidden", "0") in {"1", "true"}
        self._cells = {}
        self._column = -1

    def _new_column(self, place: str, letters: str) -> int:
        match = _ADDRESS.fullmatch(place)
        if match is None or match[1] != letters or int(match[2]) != self._row:
            raise damaged()
        column = column_index(letters)
        if column >= LAST_SHEET_COLUMN:
            raise damaged()
        self._columns[letters] = column
        return column

    def _end_formula(self) -> None:
        formula, self._text, self._catching = self._text, "", False
        if self._shared:
            if formula:
                self._formulas[self._shared] = formula
            formula = formula or self._formulas.get(self._shared, "")
        self._formula = formula

    def _end_cell(self) -> None:
        self._cells_left -= 1
        if self._cells_left < 0:
            raise refused("E_TOO_MANY_ROWS", f"Trang “{self._title}” có quá nhiều ô.", "Xóa các ô thừa.")
        kind, value = self._cell.get("t", "n"), self._value
        if kind == "s":
            value = self._shared_string(value)
        elif kind in {"str", "inlineStr"}:
            kind = "s"
        cell = RawCell(value, kind, self._formula, self._cell.get("s") in self._dates)
        if self._column >= MOST_COLUMNS and not cell.is_blank:
            raise self._refuse(
                "E_TOO_MANY_COLUMNS",
                f"Trang “{self._title}” có hơn {MOST_COLUMNS} cột.",
                "Chỉ giữ các cột của mẫu.",
            )
        self._cells[self._column] = cell

    def _shared_string(self, number: str | None) -> str:
        if number is None or not number.isdecimal() or len(number) > 9:
            raise damaged()
        place = int(number)
        if place >= len(self._strings):
            raise damaged()
        return self._strings[place]

    def _note(self, name: str, attributes: Attributes) -> None:
        if name == _COLUMN:
            if attributes.get("hidden", "0") in {"1", "true"} or attributes.get("width") == "0":
                ends = attributes.get("min", ""), attributes.get("max", "")
                if all(end.isdecimal() and len(end) <= 5 for end in ends):
                    self._notes.hidden_columns.append((int(ends[0]) - 1, int(ends[1]) - 1))
            return
        corners = [_ADDRESS.fullmatch(corner) for corner in attributes.get("ref", "").split(":")]
        if None in corners or len(corners) not in {1, 2}:
            raise damaged()
        first, last = corners[0], corners[-1]
        assert first is not None and last is not None  # noqa: PT018, S101  told to mypy
        self._notes.merged.append(
            MergedRange(int(first[2]), column_index(first[1]), int(last[2]), column_index(last[1]))
        )
        if len(self._notes.merged) > MOST_MERGES:
            raise self._refuse(
                "E_TOO_MANY_MERGES",
                f"Trang “{self._title}” có hơn {MOST_MERGES} vùng ô gộp.",
                "Bỏ gộp ô dưới bảng.",
            )

    def _refuse(self, code: str, said: str, remedy: str) -> Exception:
        refusal = refused(code, said, remedy)
        where = Location(sheet=self._title, words=f"Trang {self._title}")
        refusal.finding = Finding(code, Severity.BLOCKS, said, where, remedy)
        return refusal
