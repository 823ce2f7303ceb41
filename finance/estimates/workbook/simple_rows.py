"""What a row of the simple sheet is: a line, a group with its subtotal, a total, or words below the table.

A total is never counted as a line, and one that is not the sum of its lines is refused: either a line is
missing or a figure was changed after adding up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from finance.estimates.workbook.cell_texts import tidy_cell_text
from finance.estimates.workbook.cells import SheetRow
from finance.estimates.workbook.headings import title_key
from finance.labels import LabelledEnum
from finance.money import format_vnd

# With its marks, because "Công tác phí" without them begins like "Cộng".
_TOTAL = re.compile(r"(?:tổng|cộng|tong cong|tong so)\b.*")
_GRAND = re.compile(r"(?:tổng|tong)\b.*")
_ROMAN = re.compile(r"[ivx]{1,6}[.)]?")
_LETTER = re.compile(r"[a-z][.)]?")


class RowKind(LabelledEnum):
    """What a row is."""

    LINE = "LINE", "dòng chi"
    GROUP = "GROUP", "dòng nhóm"
    TOTAL = "TOTAL", "dòng tổng"
    WORDS = "WORDS", "dòng chữ"


@dataclass(slots=True)
class SimpleRow:
    """A row with its kind, and for a line its amount once it is known."""

    row: SheetRow
    kind: RowKind
    rank: int = 0  # of a group: 0 for letters, 1 for Roman numbers
    amount_vnd: int = 0


def sort_rows(rows: Sequence[SheetRow]) -> list[SimpleRow]:
    """Every row with its kind, in order."""
    found: list[SimpleRow] = []
    has_total = False
    for row in rows:
        sorted_row = _kind_of(row, is_below=has_total)
        has_total = has_total or (sorted_row.kind is RowKind.TOTAL and len(found) > 0)
        found.append(sorted_row)
    return found


def check_totals(rows: Sequence[SimpleRow]) -> None:
    """Hold every subtotal and total against the lines it stands for; all amounts are known."""
    everything = sum(one.amount_vnd for one in rows if one.kind is RowKind.LINE)
    for place, one in enumerate(rows):
        if one.kind is RowKind.GROUP:
            _check(one, {_sum_below(rows, place)}, "W_SUBTOTAL_ROW", "nhóm")
        elif one.kind is RowKind.TOTAL:
            is_grand = _GRAND.fullmatch(_words(one.row)) is not None
            sums = {everything} if is_grand else {everything, _sum_above(rows, place)}
            _check(one, sums, "W_TOTAL_ROW", "tổng")
        elif one.kind is RowKind.WORDS:
            said = f"Dòng {one.row.number} chỉ có chữ, không có số tiền; không đọc thành dòng chi."
            one.row.warn("W_SUBTOTAL_ROW", "item_vi", said)


def _kind_of(row: SheetRow, *, is_below: bool) -> SimpleRow:
    def blank(*keys: str) -> bool:
        return all(row.cell(key).is_blank for key in keys)

    words = _words(row)
    is_code_empty = blank("task_code") or title_key(row.cell("task_code").value or "") == title_key(words)
    if _TOTAL.fullmatch(words) and is_code_empty and blank("unit_price_vnd", "source_code", "unit_name"):
        return SimpleRow(row, RowKind.TOTAL)
    if not blank("task_code", "quantity", "unit_price_vnd", "source_code"):
        return SimpleRow(row, RowKind.LINE)
    number = title_key(row.cell("stt").value or "")
    if _ROMAN.fullmatch(number):
        return SimpleRow(row, RowKind.GROUP, 1)
    if _LETTER.fullmatch(number):
        return SimpleRow(row, RowKind.GROUP, 0)
    if row.cell("amount_vnd").is_blank and row.cell("unit_name").is_blank and (is_below or not number):
        return SimpleRow(row, RowKind.WORDS)
    return SimpleRow(row, RowKind.LINE)


def _words(row: SheetRow) -> str:
    """The first words of a row, wherever a person put them."""
    cells = (row.cell(key) for key in ("stt", "task_code", "item_vi"))
    texts = (_as_said(cell.value) for cell in cells if cell.kind == "s" and cell.value)
    return next((text for text in texts if len(text) > 2), "")


def _as_said(text: str) -> str:
    return " ".join(tidy_cell_text(text)[0][:80].casefold().split())


def _sum_below(rows: Sequence[SimpleRow], place: int) -> int:
    total = 0
    for one in rows[place + 1 :]:
        if one.kind is RowKind.TOTAL or (one.kind is RowKind.GROUP and one.rank <= rows[place].rank):
            break
        total += one.amount_vnd if one.kind is RowKind.LINE else 0
    return total


def _sum_above(rows: Sequence[SimpleRow], place: int) -> int:
    total = 0
    for one in reversed(rows[:place]):
        if one.kind in {RowKind.TOTAL, RowKind.GROUP}:
            break
        total += one.amount_vnd if one.kind is RowKind.LINE else 0
    return total


def _check(one: SimpleRow, sums: set[int], code: str, words: str) -> None:
    row = one.row
    cell = row.cell("amount_vnd")
    said = f"Dòng {row.number} là dòng {words}, không tính thành dòng chi."
    if cell.value is None or not cell.value.strip():
        # Nothing to compare, or a formula nobody calculated: the program adds up itself.
        row.warn(code, "item_vi", said)
        return
    shown = row.vnd("amount_vnd", words=f"số {words}")
    if any(finding.is_blocking for finding in row.findings):
        return
    if shown in sums:
        row.warn(code, "amount_vnd", said)
        return
    computed = " hoặc ".join(format_vnd(total) for total in sorted(sums))
    row.refuse(
        "E_GRAND_TOTAL",
        "amount_vnd",
        f"Dòng {words} ghi {format_vnd(shown)} đồng, cộng các dòng chi được {computed} đồng.",
        "Tìm dòng thiếu hoặc số đã sửa; cộng lại.",
    )
