"""The simple template's shape: one sheet, one level, a few lines a task; known by writer and reader alike."""

from __future__ import annotations

import re

from finance.estimates.workbook.columns import CellKind, Column, SheetShape

SIMPLE_TEMPLATE_NAME = "phanbo-simple"
SIMPLE_VERSION = "Giản đơn v1"
TITLE_ROW, AGENCY_ROW, VERSION_ROW, UNIT_ROW = 1, 2, 3, 4
SIMPLE_HEADER_ROW = 6
SIMPLE_LAST_LINE = 2000
LARGEST_LINE_VND = 10**13  # of one price or amount; ten thousand billion is a slip of the hand

AGENCY_LABEL = "Cơ quan:"
VERSION_LABEL = "Mẫu:"
UNIT_LABEL = "Đơn vị tính: đồng"
# CCHC-04 is the fourth task of the annex; no spreadsheet turns it into a number or an hour.
TASK_PREFIX = "CCHC-"

_K = CellKind
SIMPLE_SHEET = SheetShape(
    "Dự toán",
    (
        Column("stt", "STT", _K.KEY, 6, is_optional=True),
        Column("task_code", "Mã nhiệm vụ", _K.CODE, 22, "simple_tasks"),
        Column("item_vi", "Nội dung công việc", _K.TEXT, 44),
        Column("output_vi", "Kết quả đầu ra", _K.TEXT, 32, is_optional=True),
        Column("unit_name", "Đơn vị tính", _K.TEXT, 12),
        Column("quantity", "Số lượng", _K.QUANTITY, 11),
        Column("unit_price_vnd", "Đơn giá (đồng)", _K.VND, 16),
        Column("amount_vnd", "Thành tiền (đồng)", _K.VND, 18, is_computed=True),
        Column("source_code", "Nguồn kinh phí", _K.CODE, 26, "simple_sources"),
        Column("starts_on", "Thời gian bắt đầu", _K.DATE, 14, is_optional=True),
        Column("note", "Ghi chú", _K.TEXT, 32, is_optional=True),
    ),
    200,
)


def title_of(year: int) -> str:
    """The title of the sheet."""
    return f"DỰ TOÁN KINH PHÍ CẢI CÁCH HÀNH CHÍNH NĂM {year}"


def amount_formula(quantity: str, price: str) -> str:
    """The template's own formula of an amount, without the equals sign; addresses as in F7."""
    return f'IF(OR({quantity}="",{price}=""),"",ROUND({quantity}*{price},0))'


def is_own_formula(formula: str | None, quantity: str, price: str) -> bool:
    """True for the template's formula, however the program that saved it spaced it."""
    bare = re.sub(r"[\s$]", "", formula or "").upper()
    return bare == amount_formula(quantity, price).upper()
