"""The workbook's lists, validations and explanations: everything around its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.levels import LEVEL_ORDER
from finance.estimates.workbook.columns import (
    FIRST_ROW,
    LIST_SHEET,
    MARK,
    CellKind,
    Column,
    coded_cell,
    column_letters,
)
from finance.programme.classification import Nature, OutputKind, ProjectKind

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

ListRanges = Mapping[str, str]

_WRONG_CHOICE = "Chọn một giá trị trong danh sách."
_NUMBER_RULES: Mapping[CellKind, tuple[str, str]] = {
    CellKind.VND: ("whole", "Nhập số tiền nguyên bằng đồng, không âm."),
    CellKind.WHOLE: ("whole", "Nhập số nguyên không âm."),
    CellKind.QUANTITY: ("decimal", "Nhập số không âm, nhiều nhất 3 chữ số thập phân."),
}


def add_lists(book: Workbook, context: CheckContext) -> ListRanges:
    """Write every list into a hidden sheet; gives list name -> the range it stands in."""
    page = book.add_worksheet(LIST_SHEET)
    page.very_hidden()
    ranges: dict[str, str] = {}
    for index, (name, values) in enumerate(_lists(context).items()):
        page.write_string(0, index, name)
        for row, value in enumerate(values, start=1):
            if isinstance(value, int):
                page.write_number(row, index, value)  # a year typed as a number must match the list
            else:
                page.write_string(row, index, value)
        letters = column_letters(index)
        if values:
            ranges[name] = f"='{LIST_SHEET}'!${letters}$2:${letters}${len(values) + 1}"
    return ranges


def add_validation(page: Worksheet, column: Column, index: int, last_row: int, ranges: ListRanges) -> None:
    """What Excel lets a person type into the column, with the refusal in Vietnamese."""
    rule: dict[str, object] = {}
    if column.choices in ranges:
        rule = {"validate": "list", "source": ranges[column.choices], "error_message": _WRONG_CHOICE}
    elif column.kind in _NUMBER_RULES:
        validate, message = _NUMBER_RULES[column.kind]
        rule = {"validate": validate, "criteria": ">=", "value": 0, "error_message": message}
    if rule:
        rule["error_title"] = "Giá trị chưa đúng"
        page.data_validation(FIRST_ROW - 1, index, last_row - 1, index, rule)


def guide_rows(context: CheckContext) -> list[list[str]]:
    """The lines of the guide."""
    lines = [
        f"DỰ TOÁN CỦA {context.agency_name.upper()}",
        f"{context.round_name}, mã đợt {context.round_code}. Đơn vị tính: đồng.",
        "1. Trang “Dự án”: mỗi đề án, dự án, nhiệm vụ một dòng, mỗi dòng một mã riêng (ví dụ DA01).",
        f"2. Đánh dấu {MARK} vào các mức kinh phí của dự án. Không đánh dấu nghĩa là chỉ có mức Đầy đủ.",
        (
            "3. Trang “Dòng chi”: mỗi khoản chi một dòng, ghi số lượng cho từng mức; để trống hoặc 0 là mức "
            "đó không có khoản chi này. Ô “Thành tiền” tự tính, không sửa."
        ),
        (
            "4. Trang “Kết quả”: mỗi kết quả cam kết một dòng cho mỗi mức và mỗi cấu phần; kết quả tính theo "
            "đơn vị thì ghi mã các đơn vị, cách nhau dấu chấm phẩy."
        ),
        (
            "5. Số tiền viết 1.234.567 hoặc 1234567; số lượng viết 1,5 (dấu phẩy cho phần lẻ). Không dùng "
            "công thức trong các ô nhập."
        ),
        "6. Mã kết quả, cấu phần, đơn vị, mục tiêu xem ở trang “Tra cứu”.",
        (
            "7. Trang “Tổng hợp” tự cộng theo mức, theo nguồn và so với số kiểm tra, không cần mạng. Ô vàng "
            "là ô còn thiếu; ô đỏ là đơn giá cao hơn định mức, mã dự án sai hoặc số vượt số kiểm tra."
        ),
        (
            "8. Không đổi tên trang. Nhập tệp lên hệ thống: mọi lỗi được báo một lần kèm tên trang và ô, có "
            "thể tải lại chính tệp này với ghi chú ở từng ô; hệ thống cho xem trước rồi mới thay đổi."
        ),
        (
            "9. Những gì đã sửa trên web sau khi tải tệp này về được giữ lại; chỗ cả hai bên cùng sửa thì "
            "hệ thống hỏi giữ giá trị nào. Nhập nhầm thì hoàn tác được trong một ngày."
        ),
    ]
    return [[line] for line in lines]


def lookup_rows(context: CheckContext) -> list[list[str]]:
    """Results, units and targets with their codes, to be looked up while typing."""
    rows = [["Tra cứu mã"], ["Mã kết quả", "Tên", "Loại", "Đơn vị tính", "Hạn", "Cấu phần"]]
    for output in context.outputs.values():
        parts = "; ".join(coded_cell(code, name) for code, name in output.components.items())
        kind = output.kind.label_vi
        if output.kind is OutputKind.OUTCOME:
            kind += " (không cam kết được)"
        rows.append([output.code, output.name_vi, kind, output.unit_name, str(output.year), parts])
    rows += [[""], ["Mã đơn vị", "Tên"]]
    rows += [[code, name] for code, name in context.unit_names.items()]
    rows += [[""], ["Mã mục tiêu", "Tên"]]
    rows += [[code, name] for code, name in context.target_names.items()]
    return rows


def _lists(context: CheckContext) -> dict[str, Sequence[str | int]]:
    components = {
        coded_cell(code, name): None
        for output in context.outputs.values()
        for code, name in output.components.items()
    }
    return {
        "kinds": [kind.label_vi for kind in ProjectKind],
        "levels": [code.label_vi for code in LEVEL_ORDER],
        "natures": [nature.label_vi for nature in Nature if nature is not Nature.BOTH],
        "marks": [MARK],
        "years": list(context.years),
        "tasks": [coded_cell(task.code, task.name_vi) for task in context.tasks.values()],
        "sources": [coded_cell(source.code, source.name_vi) for source in context.sources.values()],
        "norms": [coded_cell(norm.code, norm.item_vi) for norm in context.norms_in_force],
        "norm_codes": [norm.code for norm in context.norms_in_force],
        "norm_prices": [norm.max_vnd for norm in context.norms_in_force],
        "budget_codes": [coded_cell(code.code, code.name_vi) for code in context.budget_codes.values()],
        "outputs": [
            coded_cell(output.code, output.name_vi)
            for output in context.outputs.values()
            if output.kind is not OutputKind.OUTCOME
        ],
        "components": list(components),
    }
