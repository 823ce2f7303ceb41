"""Reading one line of the simple sheet: task, figures, source, date; and lines held against one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from finance.estimates.checking.check_context import CheckContext, KnownSource
from finance.estimates.draft import LineDraft
from finance.estimates.workbook.cell_dates import read_date
from finance.estimates.workbook.cells import SheetRow
from finance.estimates.workbook.simple_codes import SimpleLists, written_code
from finance.estimates.workbook.simple_columns import LARGEST_LINE_VND, is_own_formula
from finance.estimates.workbook.simple_notes import SimpleNote
from finance.findings import Severity
from finance.money import format_vnd, line_amount_vnd
from finance.programme.classification import Nature
from finance.vietnamese.dates import format_date
from finance.vietnamese.fold import fold
from finance.vietnamese.legacy_encodings import foreign_lookalikes
from finance.written_numbers import read_stored_number

_SMALL_LINE_VND = 2_000_000  # a file in which no line reaches it was probably filled in thousands
_FEWEST_TO_JUDGE = 3


@dataclass(frozen=True, slots=True)
class SimpleLine:
    """A line as it was read.

    Attributes:
        written: the task code as the file writes it, with its number behind the dot.
        source: None where it could not be found, which is a finding.
    """

    row: SheetRow
    task_code: str
    written: str
    line: LineDraft
    source: KnownSource | None

    @property
    def amount_vnd(self) -> int:
        """Quantity times price, rounded to the đồng."""
        return line_amount_vnd(self.line.unit_price_vnd, 1000, self.line.quantities[0])


def read_line(
    row: SheetRow, context: CheckContext, lists: SimpleLists, *, counts_from_1904: bool
) -> SimpleLine:
    """The line of a row; its findings are noted in the row.

    Args:
        row: one that `sort_rows` calls a line.
        context: the round and its years.
        lists: the round's tasks and sources.
        counts_from_1904: how the workbook counts days.
    """
    written, task_code = _task(row, lists)
    source_text = row.code("source_code")
    source = lists.source(source_text)
    if source is None and not _is_refused(row, "source_code"):
        said = f"Không có nguồn kinh phí “{source_text}”." if source_text else "Chưa chọn nguồn kinh phí."
        row.refuse("E_UNKNOWN_SOURCE", "source_code", said, "Chọn trong danh sách của cột.")
    day = read_date(row, "starts_on", counts_from_1904=counts_from_1904)
    if row.cell("quantity").is_blank:
        row.refuse("E_NUMBER", "quantity", "Chưa nhập số lượng.", "Nhập một con số.")
    quantity = row.quantity("quantity", 1000)
    line = LineDraft(
        item_vi=row.text("item_vi"),
        source_code=source.code if source else "",
        nature=source.nature if source and source.nature is not Nature.BOTH else Nature.RECURRENT,
        year=_year(row, day, context),
        unit_name=row.text("unit_name"),
        unit_price_vnd=row.vnd("unit_price_vnd", words="đơn giá", largest=LARGEST_LINE_VND),
        quantities=(quantity,),
        note=SimpleNote(row.text("note"), row.text("output_vi"), day).text,
    )
    found = SimpleLine(row, task_code, written, line, source)
    _check_amount(found)
    return found


def check_repetition(lines: Sequence[SimpleLine]) -> None:
    """The same line twice is refused; a task taken up again further down is pointed out."""
    first: dict[tuple[object, ...], int] = {}
    last_of_code: dict[str, int] = {}
    for place, one in enumerate(lines):
        line, row = one.line, one.row
        same = (
            one.written, fold(line.item_vi), fold(line.unit_name), line.source_code, line.unit_price_vnd,
            line.quantities, fold(line.note),
        )  # fmt: skip
        number = first.setdefault(same, row.number)
        before = last_of_code.get(one.written, place - 1)
        last_of_code[one.written] = place
        if number != row.number:
            said = f"Dòng {row.number} giống hệt dòng {number}."
            remedy = "Xóa một dòng; nếu là hai việc thì ghi rõ chỗ khác hoặc đánh số sau mã (4b.1, 4b.2)."
            row.refuse("E_DUPLICATE_LINE", "task_code", said, remedy)
        elif before != place - 1:
            said = f"Mã {one.written} đã dùng ở dòng {lines[before].row.number} với nội dung khác."
            remedy = "Hai dòng vào cùng một nhiệm vụ; nên để cạnh nhau hoặc đánh số sau mã (4b.1)."
            row.warn("W_CODE_TWICE", "task_code", said, remedy)


def check_scale(lines: Sequence[SimpleLine]) -> None:
    """Point out a file whose every line is so small that it was probably filled in thousands."""
    amounts = [one.amount_vnd for one in lines]
    if len(amounts) >= _FEWEST_TO_JUDGE and max(amounts) < _SMALL_LINE_VND:
        said = f"Dòng lớn nhất chỉ {format_vnd(max(amounts))} đồng: có thể tệp ghi theo nghìn đồng."
        lines[0].row.warn(
            "W_IMPLAUSIBLE_SCALE", "unit_price_vnd", said, "Kiểm tra đơn vị; mẫu tính bằng đồng."
        )


def _task(row: SheetRow, lists: SimpleLists) -> tuple[str, str]:
    text = row.code("task_code")
    written = written_code(text)
    found = lists.task(written)
    if _is_refused(row, "task_code"):
        return written, found or ""
    if found is None:
        foreign = foreign_lookalikes(text)
        said = f"Không có mã nhiệm vụ “{text}”." if text else "Chưa ghi mã nhiệm vụ."
        if foreign:
            said = f"Mã nhiệm vụ “{text}” có chữ cái không phải La-tinh: {' '.join(foreign)}."
        row.refuse("E_UNKNOWN_CODE", "task_code", said, "Chọn trong danh sách của cột, ví dụ 4b.")
    elif written.casefold() != text.casefold() and not _has_warning(row, "task_code"):
        said = f"Mã “{text}” đọc là “{written}”."
        row.warn("W_NORMALISED", "task_code", said, "Nên chọn trong danh sách của cột.")
    return written, found or ""


def _year(row: SheetRow, day: date | None, context: CheckContext) -> int:
    if day is not None and day.year in context.years:
        return day.year
    if day is not None:
        said = f"Ngày {format_date(day)} ngoài các năm của đợt; dòng chi tính vào {context.fiscal_year}."
        row.warn("W_DATE_RANGE", "starts_on", said, "Kiểm tra lại năm.")
    return context.fiscal_year


def _check_amount(one: SimpleLine) -> None:
    """The amount must be what quantity and price give, to the đồng."""
    row = one.row
    cell = row.cell("amount_vnd")
    places = row.location("quantity").cell, row.location("unit_price_vnd").cell
    if cell.kind != "e" and is_own_formula(cell.formula, *places):
        shown = read_stored_number(cell.value) if cell.value else None
        if shown is not None and shown != one.amount_vnd and not _has_refusal(row):
            computed = format_vnd(one.amount_vnd)
            said = f"Tệp hiện {cell.value}, hệ thống tính {computed} đồng; lấy số của hệ thống."
            row.warn("AMOUNT_DIFFERS", "amount_vnd", said, "Mở bằng Excel cho tính lại rồi xem.")
        return
    amount = row.vnd("amount_vnd", words="thành tiền", largest=LARGEST_LINE_VND)
    if _has_refusal(row) or amount == one.amount_vnd:
        return
    at = "quantity" if one.line.quantities[0] == 0 else "amount_vnd"
    said = (
        f"Thành tiền ghi {format_vnd(amount)} đồng, số lượng × đơn giá là {format_vnd(one.amount_vnd)} đồng."
    )
    row.refuse("E_LINE_TOTAL", at, said, "Sửa số lượng, đơn giá hoặc thành tiền cho khớp.")


def _is_refused(row: SheetRow, key: str) -> bool:
    return any(found.is_blocking and found.location.field == key for found in row.findings)


def _has_warning(row: SheetRow, key: str) -> bool:
    return any(found.severity is Severity.WARNS and found.location.field == key for found in row.findings)


def _has_refusal(row: SheetRow) -> bool:
    figures = {"quantity", "unit_price_vnd", "amount_vnd"}
    return any(found.is_blocking and found.location.field in figures for found in row.findings)
