"""Finding a table's heading by its texts, wherever it was moved to: rows above, columns in another order.

Never by position: where quantity and price change places, a reader that counts columns takes one for the
other. A heading that could mean two columns, or a unit other than đồng, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from finance.estimates.workbook.cell_texts import tidy_cell_text
from finance.estimates.workbook.columns import CellKind, Column, SheetShape, column_letters
from finance.estimates.workbook.raw_sheet import RawRow
from finance.findings import Finding, Location, Severity
from finance.vietnamese.fold import fold

_MONEY = frozenset({CellKind.VND, CellKind.AMOUNT})
_DONG = frozenset({"", "dong", "d", "vnd", "dong viet nam", "don vi tinh: dong", "dvt: dong"})
_LARGE_UNIT = re.compile(r"\b(nghin|ngan|trieu|tr|ty|1000|1\.000)\b")
_IN_BRACKETS = re.compile(r"(.*?)\s*\(([^()]*)\)")


@dataclass(slots=True)
class Headings:
    """Where the columns of a table stand.

    Attributes:
        row: of the heading, its first when it has two.
        last_row: its last row; the table begins below.
        columns: index in the sheet (0 for A) -> column.
        extra: indexes of headings that are none of the template's.
        findings: what is wrong or unusual; the table is not read when one blocks.
    """

    row: int
    last_row: int
    columns: dict[int, Column]
    extra: frozenset[int] = frozenset()
    findings: list[Finding] = field(default_factory=list)

    @property
    def letters(self) -> dict[str, str]:
        """Letters of each column by its key."""
        return {column.key: column_letters(index) for index, column in self.columns.items()}


def find_headings(rows: Sequence[RawRow], shape: SheetShape, expected_row: int) -> Headings | Finding:
    """The heading among the sheet's first rows, or why there is none.

    Args:
        rows: the first rows that hold something.
        shape: the columns looked for.
        expected_row: where the template has it.
    """
    known = _known_titles(shape)
    needed = sum(not column.is_optional for column in shape.columns)
    best: tuple[int, bool, Sequence[RawRow], dict[int, Column]] | None = None
    for place, row in enumerate(rows):
        for used in ([row], _with_next(rows, place)):
            matched = _match(used, known)
            score = len({column.key for column in matched.values()})
            if used and (best is None or score > best[0]):
                best = (score, len(used) > 1, used, matched)
    if best is None or best[0] < 3 or best[0] * 2 < needed:
        return Finding(
            "E_NO_HEADER",
            Severity.BLOCKS,
            f"Trang “{shape.title}” không có dòng tiêu đề cột của mẫu.",
            Location(sheet=shape.title, cell=f"A{expected_row}"),
            "Tải mẫu và điền lại; giữ nguyên dòng tiêu đề.",
        )
    _score, is_double, used, matched = best
    found = Headings(used[0].number, used[-1].number, matched)
    found.extra = frozenset(
        index
        for row in used
        for index, cell in row.cells.items()
        if not cell.is_blank and index not in matched and not _spans(index, matched, row, used)
    )
    found.findings += _check_columns(found, shape, used)
    found.findings += _check_place(found, shape, expected_row, is_double=is_double)
    return found


def title_key(text: str) -> str:
    """A title as it is compared: without case, marks, line breaks and doubled spaces."""
    return fold(tidy_cell_text(text)[0])


def _known_titles(shape: SheetShape) -> dict[str, Column]:
    known: dict[str, Column] = {}
    for column in shape.columns:
        key = title_key(column.title)
        bare = _IN_BRACKETS.fullmatch(key)
        known[key] = column
        if bare:
            known.setdefault(bare[1], column)
    return known


def _with_next(rows: Sequence[RawRow], place: int) -> Sequence[RawRow]:
    """The row and the one right below it: a heading may have two."""
    pair = rows[place : place + 2]
    return pair if len(pair) == 2 and pair[1].number == pair[0].number + 1 else []


def _match(rows: Sequence[RawRow], known: Mapping[str, Column]) -> dict[int, Column]:
    matched: dict[int, Column] = {}
    for row in rows:
        for index, cell in row.cells.items():
            if index not in matched and cell.kind == "s" and cell.value:
                column = _column_of(title_key(cell.value[:200]), known)
                if column is not None:
                    matched[index] = column
    return matched


def _column_of(key: str, known: Mapping[str, Column]) -> Column | None:
    if key in known:
        return known[key]
    bare = _IN_BRACKETS.fullmatch(key)
    if bare:
        return known.get(bare[1])
    large = _LARGE_UNIT.search(key)
    column = known.get(key[: large.start()].rstrip(" ,:;-")) if large else None
    return column if column is not None and column.kind in _MONEY else None


def _spans(index: int, matched: Mapping[int, Column], row: RawRow, used: Sequence[RawRow]) -> bool:
    """True for a heading such as "Kinh phí" that only stands over others."""
    return len(used) > 1 and row is used[0] and index in {*matched, *(place - 1 for place in matched)}


def _check_columns(found: Headings, shape: SheetShape, used: Sequence[RawRow]) -> list[Finding]:
    by_key: dict[str, list[int]] = {}
    for index, column in sorted(found.columns.items()):
        by_key.setdefault(column.key, []).append(index)
    findings = []
    for column in shape.columns:
        places = by_key.get(column.key, [])
        if not places and not column.is_optional:
            findings.append(_missing(shape, column))
        elif len(places) > 1:
            findings.append(_twice(found, shape, column, places))
        if places and column.kind in _MONEY:
            findings += _check_unit(shape, column, places[0], used)
    if any(_text_at(index, used)[1] for index in found.columns):
        said = "Tiêu đề cột gõ bằng dấu tổ hợp hoặc có ký tự ẩn; vẫn nhận ra được."
        findings.append(_at(shape, "W_NORMALISED", Severity.WARNS, f"A{found.row}", said))
    for index in sorted(found.extra):
        text = _text_at(index, used)[0]
        said = f"Cột “{text[:60]}” không có trong mẫu, không được đọc."
        where = f"{column_letters(index)}{found.row}"
        findings.append(
            _at(shape, "W_EXTRA_COLUMN", Severity.WARNS, where, said, "Chuyển vào cột Ghi chú nếu cần giữ.")
        )
    return findings


def _missing(shape: SheetShape, column: Column) -> Finding:
    return Finding(
        "E_COLUMN_MISSING",
        Severity.BLOCKS,
        f"Trang “{shape.title}” thiếu cột “{column.title}”.",
        Location(sheet=shape.title, words=f"Trang {shape.title}, cột {column.title}"),
        "Không xóa, đổi tên cột của mẫu; tải mẫu và điền lại.",
    )


def _twice(found: Headings, shape: SheetShape, column: Column, places: Sequence[int]) -> Finding:
    cells = " và ".join(f"{column_letters(index)}{found.last_row}" for index in places)
    return Finding(
        "E_COLUMN_TWICE",
        Severity.BLOCKS,
        f"Có {len(places)} cột “{column.title}” ({cells}).",
        Location(
            sheet=shape.title,
            cell=f"{column_letters(places[-1])}{found.row}",
            words=f"Trang {shape.title}, cột {column.title}",
        ),
        "Chỉ giữ một cột.",
    )


def _check_unit(shape: SheetShape, column: Column, index: int, used: Sequence[RawRow]) -> list[Finding]:
    key = title_key(_text_at(index, used)[0])
    bracket = _IN_BRACKETS.fullmatch(key)
    unit = bracket[2].strip(" .") if bracket else ""
    is_other = (bracket is not None and unit not in _DONG) or (not bracket and _LARGE_UNIT.search(key))
    if not is_other or key == title_key(column.title):
        return []
    row = next(row for row in reversed(used) if index in row.cells)
    return [
        _at(
            shape,
            "E_UNIT",
            Severity.BLOCKS,
            f"{column_letters(index)}{row.number}",
            f"Tiêu đề ghi “{_text_at(index, used)[0][:60]}”; mẫu tính bằng đồng.",
            "Đổi mọi số tiền ra đồng rồi ghi lại tiêu đề của mẫu.",
        )
    ]


def _text_at(index: int, used: Sequence[RawRow]) -> tuple[str, bool]:
    for row in reversed(used):
        cell = row.cells.get(index)
        if cell is not None and cell.value:
            text, was_cleaned = tidy_cell_text(cell.value)
            return " ".join(text.split()), was_cleaned
    return "", False


def _check_place(found: Headings, shape: SheetShape, expected_row: int, *, is_double: bool) -> list[Finding]:
    order = {column.key: place for place, column in enumerate(shape.columns)}
    places = [order[column.key] for _index, column in sorted(found.columns.items())]
    where = f"A{found.row}"
    if places != sorted(places):
        said = "Các cột đứng khác thứ tự của mẫu; đã đọc theo tên cột."
        return [_at(shape, "W_COLUMNS_REORDERED", Severity.WARNS, where, said, "Nên giữ thứ tự của mẫu.")]
    is_shifted = any(index != order[column.key] for index, column in found.columns.items())
    if found.row == expected_row and not is_double and not is_shifted:
        return []
    said = f"Dòng tiêu đề nằm ở dòng {found.row}, khác chỗ của mẫu; đã đọc theo tên cột."
    return [_at(shape, "W_HEADER_MOVED", Severity.WARNS, where, said, "Nên giữ nguyên bố cục của mẫu.")]


def _at(shape: SheetShape, code: str, severity: Severity, cell: str, said: str, remedy: str = "") -> Finding:
    return Finding(code, severity, said, Location(sheet=shape.title, cell=cell), remedy)
