"""Cells of a reference file: opened strictly, read by type, refused by file, line and column."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from importlib.resources.abc import Traversable
from io import StringIO
from pathlib import Path
from typing import TypedDict, TypeVar

from finance.errors import RuleBroken
from finance.labels import LabelledEnum
from finance.money import NumberUnclear, parse_quantity
from finance.vietnamese.normal import nfc

Row = TypeVar("Row")
Member = TypeVar("Member", bound=LabelledEnum)

_PROVENANCE_COLUMNS = ("source_line", "source", "note")


class ReferenceFileWrong(RuleBroken):
    """A reference file is not as described; nothing of it is taken.

    Attributes:
        place_vi: file, line and column, for the person who mends the file.
    """

    def __init__(self, place_vi: str, reason_vi: str) -> None:
        super().__init__(f"{place_vi}: {reason_vi}")
        self.place_vi = place_vi


class Provenance(TypedDict):
    """Where a row comes from."""

    source: str
    source_line: int | None
    note: str


class Cells:
    """The cells of one line, each read as the type the column promises."""

    def __init__(self, file_name: str, line: int, texts: dict[str, str]) -> None:
        self._file_name = file_name
        self._line = line
        self._texts = texts

    def wrong(self, column: str, reason_vi: str) -> ReferenceFileWrong:
        """Name this line's column as the place of a mistake."""
        return ReferenceFileWrong(f"{self._file_name}, dòng {self._line}, cột {column}", reason_vi)

    def raw(self, column: str) -> str:
        """The text, which may be empty."""
        return self._texts[column]

    def text(self, column: str) -> str:
        """The text, which must be there."""
        if not self._texts[column]:
            raise self.wrong(column, "ô bắt buộc đang để trống")
        return self._texts[column]

    def text_or_none(self, column: str) -> str | None:
        """The text, or None for an empty cell."""
        return self._texts[column] or None

    def ascii_text(self, column: str) -> str:
        """A code that may stand in an address or a file name."""
        text = self.text(column)
        if not text.isascii() or " " in text:
            raise self.wrong(column, f"mã “{text}” chỉ được gồm chữ cái không dấu, chữ số, dấu chấm, gạch")
        return text

    def digits(self, column: str) -> str:
        """A code of digits, kept as text for its leading zeros."""
        text = self.text(column)
        if not (text.isascii() and text.isdigit()):
            raise self.wrong(column, f"mã “{text}” phải gồm toàn chữ số")
        return text

    def integer(self, column: str) -> int:
        """A whole number not below zero, written in plain digits."""
        return int(self.digits(column))

    def integer_or_none(self, column: str) -> int | None:
        """A whole number, or None for an empty cell."""
        return self.integer(column) if self._texts[column] else None

    def thousandths_or_none(self, column: str) -> int | None:
        """A decimal with a comma and at most three places, in thousandths; None for an empty cell."""
        if not self._texts[column]:
            return None
        try:
            return parse_quantity(self._texts[column])
        except NumberUnclear as refusal:
            raise self.wrong(column, str(refusal)) from refusal

    def yes_no(self, column: str) -> bool:
        """The words yes or no."""
        return self.one_of(column, ("yes", "no")) == "yes"

    def one_of(self, column: str, allowed: Sequence[str]) -> str:
        """One of the allowed words."""
        text = self.text(column)
        if text not in allowed:
            raise self.wrong(column, f"“{text}” không thuộc: {', '.join(allowed)}")
        return text

    def member(self, column: str, members: type[Member]) -> Member:
        """A member of an enum by its code, which files write in small letters."""
        codes = [str(member.value).lower() for member in members]
        return members.of(self.one_of(column, codes).upper())

    def codes(self, column: str) -> tuple[str, ...]:
        """Words parted by semicolons; an empty cell holds none."""
        parts = tuple(self._texts[column].split(";")) if self._texts[column] else ()
        if any(part != part.strip() or not part for part in parts) or len(set(parts)) != len(parts):
            raise self.wrong(column, "các mục cách nhau bằng dấu chấm phẩy, không trống, không lặp")
        return parts

    def day_or_none(self, column: str) -> date | None:
        """A date like 2012-02-05, or None for an empty cell."""
        text = self._texts[column]
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.wrong(column, f"ngày “{text}” phải viết như 2012-02-05") from error

    def validity(self) -> tuple[date, date | None]:
        """The first and the last day of `valid_from` and `valid_to`, in this order."""
        first, last = self.day_or_none("valid_from"), self.day_or_none("valid_to")
        if first is None:
            raise self.wrong("valid_from", "ô bắt buộc đang để trống")
        if last is not None and last < first:
            raise self.wrong("valid_to", "ngày cuối đứng trước ngày đầu")
        return first, last

    def provenance(self) -> Provenance:
        """The source, which every row must name."""
        return {
            "source": self.text("source"),
            "source_line": self.integer_or_none("source_line"),
            "note": self.raw("note"),
        }


def read_table(
    file: Path | Traversable, columns: Sequence[str], build: Callable[[Cells], Row], *, key: Sequence[str]
) -> list[Row]:
    """Read a reference file whole, or refuse it whole.

    Args:
        file: UTF-8 CSV with a heading line; a byte-order mark is allowed.
        columns: the columns before source_line, source and note, which every file ends with.
        build: makes a row from its cells.
        key: columns whose combination may occur once.
    Returns:
        The rows in the order of the file.
    Raises:
        ReferenceFileWrong: the file is missing, not UTF-8, has other columns, or a cell is wrong.
    """
    rows: list[Row] = []
    seen: set[tuple[str, ...]] = set()
    for cells in _lines(file, [*columns, *_PROVENANCE_COLUMNS]):
        identity = tuple(cells.raw(column) for column in key)
        if identity in seen:
            raise cells.wrong(", ".join(key), f"“{' '.join(identity)}” đã có ở dòng trên")
        seen.add(identity)
        rows.append(build(cells))
    return rows


def _lines(file: Path | Traversable, columns: Sequence[str]) -> list[Cells]:
    lines = csv.reader(StringIO(_content(file), newline=""), strict=True)
    found: list[Cells] = []
    try:
        heading = next(lines, [])
        if heading != list(columns):
            raise ReferenceFileWrong(f"{file.name}, dòng 1", f"các cột phải là: {', '.join(columns)}")
        for texts in lines:
            if len(texts) != len(columns):
                reason = f"có {len(texts)} ô, phải có {len(columns)}"
                raise ReferenceFileWrong(f"{file.name}, dòng {lines.line_num}", reason)
            cells = Cells(file.name, lines.line_num, dict(zip(columns, texts, strict=True)))
            _require_clean(cells, columns)
            found.append(cells)
    except csv.Error as error:
        raise ReferenceFileWrong(f"{file.name}, dòng {lines.line_num}", f"không đọc được: {error}") from error
    return found


def _content(file: Path | Traversable) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ReferenceFileWrong(file.name, "không có tệp này") from error
    except UnicodeDecodeError as error:
        raise ReferenceFileWrong(file.name, "tệp phải ở bảng mã UTF-8") from error


def _require_clean(cells: Cells, columns: Sequence[str]) -> None:
    for column in columns:
        text = cells.raw(column)
        if text != nfc(text).strip():
            raise cells.wrong(column, "thừa dấu cách ở đầu, cuối, hoặc chữ chưa ở dạng Unicode dựng sẵn")
