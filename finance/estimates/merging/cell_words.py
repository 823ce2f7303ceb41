"""What a cell of an estimate is called and how its value is shown: for previews and conflicts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import ProjectDraft
from finance.estimates.levels import LEVEL_ORDER
from finance.estimates.merging.flat_project import quantity_field
from finance.estimates.merging.three_ways import ABSENT
from finance.labels import LabelledEnum
from finance.money import format_quantity, format_vnd

NOTHING = "–"
_NAMES: Mapping[str, str] = {
    "priority": "Thứ tự ưu tiên",
    "name_vi": "Tên",
    "kind": "Loại",
    "task_code": "Nhiệm vụ",
    "place": "Địa bàn",
    "justification": "Thuyết minh",
    "target_codes": "Mục tiêu",
    "levels": "Mức kinh phí",
    "item_vi": "Nội dung chi",
    "budget_code": "Tiểu mục",
    "norm_code": "Định mức",
    "source_code": "Nguồn",
    "nature": "Tính chất chi",
    "year": "Năm",
    "unit_name": "Đơn vị tính",
    "unit_price_vnd": "Đơn giá",
    "frequency_thousandths": "Số lần",
    "over_norm_reason": "Lý do vượt định mức",
    "note": "Ghi chú",
    "quantity_thousandths": "Số lượng",
    "unit_codes": "Đơn vị trong phạm vi",
    "order": "Thứ tự dòng chi",
    **{quantity_field(code): f"Số lượng, mức {code.label_vi}" for code in LEVEL_ORDER},
}


def cell_name(field: str) -> str:
    """What people call the field; empty for a whole part."""
    return _NAMES.get(field, field)


def value_words(field: str, value: Any, context: CheckContext) -> str:
    """A cell's value as a person reads it; a dash where there is none."""
    if value is ABSENT or value in ("", (), frozenset()):
        return NOTHING
    if field == "unit_price_vnd":
        return f"{format_vnd(value)} đồng"
    if field.startswith("quantity") or field == "frequency_thousandths":
        return format_quantity(value)
    if isinstance(value, LabelledEnum):
        return value.label_vi
    if isinstance(value, (tuple, frozenset)):
        return ", ".join(
            value_words("", one, context) for one in (value if field == "order" else sorted(value))
        )
    name = _code_name(field, str(value), context)
    return f"{value} – {name}" if name else str(value)


def part_words(value: Any, context: CheckContext) -> str:
    """A whole part in one line: a project, a line or a promise; what it is not called is left out."""
    if value is ABSENT:
        return "đã xóa / không có"
    if isinstance(value, ProjectDraft):
        return f"{value.name_vi} ({len(value.lines)} dòng chi)"
    if isinstance(value, tuple):
        quantity, units = value
        said = [format_quantity(quantity)] if quantity else []
        return "; ".join([*said, ", ".join(sorted(units))]) or "có cam kết"
    quantities = (
        f"{code.label_vi} {format_quantity(value[quantity_field(code)])}"
        for code in LEVEL_ORDER
        if value[quantity_field(code)]
    )
    price = f"{format_vnd(value['unit_price_vnd'])} đồng × {', '.join(quantities)} {value['unit_name']}"
    return f"{value['item_vi']}: {price}, {value_words('source_code', value['source_code'], context)}"


def _code_name(field: str, code: str, context: CheckContext) -> str:
    if field == "source_code" and code in context.sources:
        return context.sources[code].name_vi
    if field == "norm_code" and code in context.norms:
        return context.norms[code].item_vi
    if field == "task_code" and code in context.tasks:
        return context.tasks[code].name_vi
    if field == "budget_code" and code in context.budget_codes:
        return context.budget_codes[code].name_vi
    return ""
