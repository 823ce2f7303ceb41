"""The shape of the estimate workbook: sheets and columns, known by the file's writer and reader alike.

A column's key is the field name the checks use, so a finding finds its cell by the key.
"""

from __future__ import annotations

from dataclasses import dataclass

from finance.estimates.levels import LEVEL_ORDER, LevelCode
from finance.labels import LabelledEnum

TEMPLATE_NAME = "phanbo-estimate"
SCHEMA_VERSION = "2"
# Version 1 lacks the optional columns and the base sheet; nothing is lost by reading it as it is.
READABLE_SCHEMAS = frozenset({"1", SCHEMA_VERSION})
PROPERTY_TEMPLATE = "phanbo_template"
PROPERTY_SCHEMA = "phanbo_schema_version"
PROPERTY_ROUND = "phanbo_round"
PROPERTY_AGENCY = "phanbo_agency"
PROPERTY_CYCLE = "phanbo_fiscal_year"
PROPERTY_RULES = "phanbo_rule_set"
PROPERTY_HASH = "phanbo_base_hash"
PROPERTY_MADE_AT = "phanbo_made_at"

GUIDE_SHEET = "Hướng dẫn"
LOOKUP_SHEET = "Tra cứu"
LIST_SHEET = "Danh mục"
BASE_SHEET = "Bản gốc"  # very hidden: what the estimate asked when the workbook was made
TOTALS_SHEET = "Tổng hợp"
RESULT_SHEET = "Kết quả kiểm tra"  # added to a workbook that goes back to its author
HEADER_ROW = 4  # rows are counted from 1, as a person sees them
FIRST_ROW = HEADER_ROW + 1
MARK = "x"  # in a level's column: the project has this level
CODE_SEPARATOR = " | "  # between a code and its name in a list cell
ITEM_SEPARATOR = ";"  # between several codes in one cell


class CellKind(LabelledEnum):
    """What a column's cells hold."""

    TEXT = "TEXT", "chữ"
    CODE = "CODE", "mã trong danh mục"
    CODES = "CODES", "các mã, cách nhau dấu chấm phẩy"
    LABEL = "LABEL", "chọn trong danh sách"
    MARK = "MARK", "đánh dấu x"
    WHOLE = "WHOLE", "số nguyên"
    VND = "VND", "số tiền, đồng"
    QUANTITY = "QUANTITY", "số lượng"
    AMOUNT = "AMOUNT", "thành tiền, tự tính"
    KEY = "KEY", "mã dòng, tự ghi"
    DATE = "DATE", "ngày/tháng/năm"

    @property
    def is_typed(self) -> bool:
        """True when a person fills it in; the rest is computed or written by the program."""
        return self not in {CellKind.AMOUNT, CellKind.KEY}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field name, heading, what its cells hold, width, and the list it chooses from.

    Attributes:
        is_optional: templates of an earlier version do without it.
        is_hidden: not shown; it serves the program only.
        is_computed: the template writes a formula into every offered row.
    """

    key: str
    title: str
    kind: CellKind
    width: int
    choices: str = ""
    is_optional: bool = False
    is_hidden: bool = False
    is_computed: bool = False


@dataclass(frozen=True, slots=True)
class SheetShape:
    """One data sheet: its title, its columns in order, and how many empty rows a template offers."""

    title: str
    columns: tuple[Column, ...]
    offered_rows: int

    def position(self, key: str) -> int:
        """The column's index, 0 for the first."""
        return next(index for index, column in enumerate(self.columns) if column.key == key)


def level_key(code: LevelCode) -> str:
    """Key of the column that marks a level of a project."""
    return f"level_{code}"


def quantity_key(code: LevelCode) -> str:
    """Key of the column with a line's quantity in a level."""
    return f"quantity_{code}"


def amount_key(code: LevelCode) -> str:
    """Key of the computed column with a line's amount in a level."""
    return f"amount_{code}"


_K = CellKind
PROJECT_SHEET = SheetShape(
    "Dự án",
    (
        Column("project_key", "Mã dự án", _K.TEXT, 12),
        Column("priority", "Thứ tự ưu tiên", _K.WHOLE, 10),
        Column("name_vi", "Tên đề án, dự án, nhiệm vụ", _K.TEXT, 46),
        Column("kind", "Loại", _K.LABEL, 20, "kinds"),
        Column("task_code", "Nhiệm vụ của phụ lục", _K.CODE, 34, "tasks"),
        Column("target_codes", "Mục tiêu (các mã, cách nhau dấu ;)", _K.CODES, 26),
        Column("place", "Địa bàn", _K.TEXT, 20),
        Column("justification", "Thuyết minh sự cần thiết", _K.TEXT, 50),
        *(Column(level_key(code), f"Mức {code.label_vi} (x)", _K.MARK, 10, "marks") for code in LEVEL_ORDER),
    ),
    60,
)
LINE_SHEET = SheetShape(
    "Dòng chi",
    (
        Column("project_key", "Mã dự án", _K.TEXT, 12),
        Column("item_vi", "Nội dung chi", _K.TEXT, 44),
        Column("budget_code", "Tiểu mục", _K.CODE, 24, "budget_codes"),
        Column("norm_code", "Định mức", _K.CODE, 24, "norms"),
        Column("source_code", "Nguồn kinh phí", _K.CODE, 28, "sources"),
        Column("nature", "Tính chất chi", _K.LABEL, 22, "natures"),
        Column("year", "Năm", _K.WHOLE, 8, "years"),
        Column("unit_name", "Đơn vị tính", _K.TEXT, 14),
        Column("unit_price_vnd", "Đơn giá (đồng)", _K.VND, 16),
        Column("frequency_thousandths", "Số lần", _K.QUANTITY, 9),
        *(
            Column(quantity_key(code), f"Số lượng, mức {code.label_vi}", _K.QUANTITY, 11)
            for code in LEVEL_ORDER
        ),
        *(
            Column(amount_key(code), f"Thành tiền, mức {code.label_vi} (đồng)", _K.AMOUNT, 17)
            for code in LEVEL_ORDER
        ),
        Column("over_norm_reason", "Lý do vượt định mức", _K.TEXT, 32),
        Column("note", "Ghi chú", _K.TEXT, 32),
        Column("norm_max_vnd", "Đơn giá tối đa theo định mức (đồng)", _K.AMOUNT, 17, is_optional=True),
        Column("requested_vnd", "Thành tiền mức đề nghị (đồng)", _K.AMOUNT, 17, is_optional=True),
        Column("line_key", "Mã dòng (hệ thống ghi)", _K.KEY, 14, is_optional=True, is_hidden=True),
    ),
    600,
)
PROMISE_SHEET = SheetShape(
    "Kết quả",
    (
        Column("project_key", "Mã dự án", _K.TEXT, 12),
        Column("level", "Mức", _K.LABEL, 14, "levels"),
        Column("output_code", "Kết quả cam kết", _K.CODE, 44, "outputs"),
        Column("year", "Năm", _K.WHOLE, 8, "years"),
        Column("quantity_thousandths", "Số lượng", _K.QUANTITY, 12),
        Column("component", "Cấu phần", _K.CODE, 30, "components"),
        Column("unit_codes", "Đơn vị trong phạm vi (các mã, cách nhau dấu ;)", _K.CODES, 44),
    ),
    300,
)
DATA_SHEETS = (PROJECT_SHEET, LINE_SHEET, PROMISE_SHEET)


def coded_cell(code: str, name_vi: str) -> str:
    """A code with its name, as a list cell shows it; the reader takes the code alone."""
    return f"{code}{CODE_SEPARATOR}{name_vi}" if code and name_vi else code


def code_in_cell(text: str) -> str:
    """The code of a list cell, with or without a name behind it."""
    return text.split(CODE_SEPARATOR.strip(), 1)[0].strip()


def codes_in_cell(text: str) -> tuple[str, ...]:
    """The codes of a cell that holds several, without the empty ones.

    A comma separates codes too, unless the cell shows names, which may hold commas themselves.
    """
    plain = text.replace("\n", ITEM_SEPARATOR)
    if CODE_SEPARATOR.strip() not in plain:
        plain = plain.replace(",", ITEM_SEPARATOR)
    return tuple(code for code in map(code_in_cell, plain.split(ITEM_SEPARATOR)) if code)


def column_letters(index: int) -> str:
    """Letters of the column at the index, 0 for A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_address(shape: SheetShape, key: str, row: int) -> str:
    """Address of a sheet's cell, such as F14."""
    return f"{column_letters(shape.position(key))}{row}"
