"""Opening a workbook with openpyxl and taking its cells out, bounded, before anything is understood.

FRAGILE: openpyxl raises whatever its parser stumbles over in a damaged file, and warns of things a
person cannot mend; both are turned into one finding or silence here and nowhere else.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from finance.estimates.check_context import CheckContext
from finance.estimates.workbook.cells import RawCell, SheetRow
from finance.estimates.workbook.columns import (
    DATA_SHEETS,
    FIRST_ROW,
    HEADER_ROW,
    LAST_ROW,
    LINE_SHEET,
    PROPERTY_AGENCY,
    PROPERTY_ROUND,
    PROPERTY_SCHEMA,
    PROPERTY_TEMPLATE,
    READABLE_SCHEMAS,
    TEMPLATE_NAME,
    CellKind,
    SheetShape,
    cell_address,
    column_letters,
)
from finance.estimates.workbook.package import UNREADABLE, check_package, hidden_rows, refuse_file
from finance.findings import Finding, Location, Severity
from finance.vietnamese.fold import fold

_SPARE_COLUMNS = 5  # read beyond the last one, to say that what stands there is not taken


@dataclass(frozen=True, slots=True)
class OpenedWorkbook:
    """The rows of every data sheet that hold something, by sheet title.

    Attributes:
        cached_amounts: what the file's own "Thành tiền" cells show, by cell address.
    """

    rows: Mapping[str, list[SheetRow]]
    cached_amounts: Mapping[str, Any]


def open_workbook(content: bytes, context: CheckContext) -> tuple[OpenedWorkbook | None, list[Finding]]:
    """The cells of the office's own template, or why the file cannot be taken.

    Args:
        content: the bytes as they were uploaded.
        context: round and office the template must have been made for.

    Returns:
        The opened workbook, and findings about the file, its sheets and its headings; None when one
        of them blocks.
    """
    from openpyxl.utils.exceptions import InvalidFileException  # as in `_open`

    refused = check_package(content)
    if refused:
        return None, refused
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _open(content, context)
    except (*UNREADABLE, InvalidFileException):
        return None, [
            refuse_file("FILE_DAMAGED", "Tệp bị hỏng, không đọc được.", "Mở bằng Excel, lưu lại rồi tải lên.")
        ]


def _open(content: bytes, context: CheckContext) -> tuple[OpenedWorkbook | None, list[Finding]]:
    # Loaded with the first file: it brings numpy along, a fifth of the program's whole start.
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True)
    findings = _check_origin({prop.name: str(prop.value) for prop in book.custom_doc_props.props}, context)
    for shape in DATA_SHEETS:
        if shape.title not in book.sheetnames:
            message = f"Không có trang “{shape.title}”."
            findings.append(refuse_file("SHEET_MISSING", message, "Tải mẫu và điền lại."))
    if findings:
        return None, findings
    hidden = hidden_rows(content)
    rows: dict[str, list[SheetRow]] = {}
    for shape in DATA_SHEETS:
        sheet = book[shape.title]
        sheet.reset_dimensions()  # the file's own word for its size is not trusted
        rows[shape.title] = list(_rows_of(sheet, shape, hidden.get(shape.title, frozenset()), findings))
    book.close()
    if any(finding.is_blocking for finding in findings):
        return None, findings
    return OpenedWorkbook(rows, _cached_amounts(content)), findings


def _check_origin(properties: Mapping[str, str], context: CheckContext) -> list[Finding]:
    if properties.get(PROPERTY_TEMPLATE) != TEMPLATE_NAME:
        return [
            refuse_file(
                "TEMPLATE_UNKNOWN",
                "Tệp không được lập từ mẫu của hệ thống.",
                "Tải mẫu của đợt này và điền lại.",
            )
        ]
    expected = (
        (PROPERTY_SCHEMA, READABLE_SCHEMAS, "TEMPLATE_OLD", "Mẫu thuộc phiên bản khác ({found})."),
        (PROPERTY_ROUND, {context.round_code}, "ROUND_OTHER", "Mẫu của đợt khác ({found})."),
        (PROPERTY_AGENCY, {context.agency_code}, "AGENCY_OTHER", "Mẫu của cơ quan khác ({found})."),
    )
    return [
        refuse_file(code, said.format(found=properties.get(name, "không rõ")), "Tải đúng mẫu và điền lại.")
        for name, values, code, said in expected
        if properties.get(name) not in values
    ]


def _rows_of(
    sheet: Any, shape: SheetShape, hidden: frozenset[int], findings: list[Finding]
) -> Iterator[SheetRow]:
    """The rows that hold something; headings and size are judged on the way."""
    width = len(shape.columns)
    has_header = False
    cells = sheet.iter_rows(min_row=HEADER_ROW, min_col=1, max_col=width + _SPARE_COLUMNS)
    for number, row in enumerate(cells, start=HEADER_ROW):
        if number == HEADER_ROW:
            has_header = True
            findings += _check_headings(shape, [cell.value for cell in row[:width]])
            continue
        if number > LAST_ROW:
            findings.append(_too_long(shape))
            return
        read = SheetRow(
            shape,
            number,
            {
                column.key: RawCell(cell.value, cell.data_type)
                for column, cell in zip(shape.columns, row[:width], strict=True)
                if cell.value is not None
            },
            is_hidden=number in hidden,
        )
        findings += _outside(shape, number, row[width:])
        if not read.is_blank:
            yield read
    if not has_header:
        findings += _check_headings(shape, [None] * width)


def _check_headings(shape: SheetShape, values: list[Any]) -> list[Finding]:
    found = []
    for index, (column, value) in enumerate(zip(shape.columns, values, strict=True)):
        if column.is_optional and value is None:
            continue
        if fold(str(value or "")) != fold(column.title):
            found.append(
                Finding(
                    "COLUMN_MOVED",
                    Severity.BLOCKS,
                    f"Ô tiêu đề phải là “{column.title}”, trong tệp là “{str(value or '')[:60]}”.",
                    Location(sheet=shape.title, cell=f"{column_letters(index)}{HEADER_ROW}"),
                    "Không thêm, bớt, đổi chỗ cột; tải mẫu và điền lại.",
                )
            )
    return found


def _too_long(shape: SheetShape) -> Finding:
    where = Location(sheet=shape.title, cell=f"A{LAST_ROW + 1}")
    message = f"Trang “{shape.title}” có dòng dưới dòng {LAST_ROW}."
    return Finding("TOO_MANY_ROWS", Severity.BLOCKS, message, where, "Xóa các dòng thừa ở cuối trang.")


def _outside(shape: SheetShape, number: int, cells: tuple[Any, ...]) -> list[Finding]:
    """What stands to the right of the last column is not taken, and said so."""
    return [
        Finding(
            "OUTSIDE_TABLE",
            Severity.WARNS,
            "Nội dung nằm ngoài bảng, không được đọc.",
            Location(sheet=shape.title, cell=f"{column_letters(len(shape.columns) + index)}{number}"),
            "Chuyển vào cột Ghi chú nếu cần giữ.",
        )
        for index, cell in enumerate(cells)
        if cell.value is not None and number >= FIRST_ROW
    ]


def _cached_amounts(content: bytes) -> dict[str, Any]:
    """What the file's "Thành tiền" cells show, by address; programs that do not compute leave none."""
    from openpyxl import load_workbook  # as in `_open`

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = book[LINE_SHEET.title]
    sheet.reset_dimensions()
    columns = [
        (index, column.key)
        for index, column in enumerate(LINE_SHEET.columns)
        if column.kind is CellKind.AMOUNT
    ]
    found = {}
    rows = sheet.iter_rows(min_row=FIRST_ROW, max_row=LAST_ROW, min_col=1, max_col=len(LINE_SHEET.columns))
    for number, row in enumerate(rows, start=FIRST_ROW):
        for index, key in columns:
            if row[index].value not in (None, ""):
                found[cell_address(LINE_SHEET, key, number)] = row[index].value
    book.close()
    return found
