"""A page typed on an older version: what both persons did is put together line by line, nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from finance.estimates.draft import EstimateDraft, ProjectDraft, tidy_draft
from finance.estimates.levels import LevelCode
from finance.estimates.merging.merge import merge_drafts
from finance.estimates.merging.three_ways import ABSENT, Conflict, Side
from finance.labels import LabelledEnum
from finance.money import format_quantity, format_vnd
from webapp.estimates.typed_base import pack_base, unpack_base
from webapp.estimates.typed_project import LINE_KEY, TypedProject, typed_from_draft

LONGEST_VALUE = 160


@dataclass(frozen=True, slots=True)
class TwoValues:
    """One thing two persons changed differently: what it is, and its three values in words."""

    what: str
    before: str
    theirs: str
    mine: str


@dataclass(frozen=True, slots=True)
class MergedProject:
    """The project with both persons' work; where both changed the same thing, the typed value stands.

    Attributes:
        typed: the same as boxes, made on what is stored now.
    """

    project: ProjectDraft
    typed: TypedProject
    conflicts: tuple[TwoValues, ...]


def merge_with_stored(
    stored: ProjectDraft | None, typed: TypedProject, mine: ProjectDraft
) -> MergedProject | None:
    """Put what was typed together with what is stored now.

    Args:
        stored: the project as it is stored now; None when it is not there.
        typed: the form; it carries what was stored when its page was made.
        mine: the form, read.

    Returns:
        None when there is nothing to compare with: somebody took the project away, or the form does
        not say what it was made from.
    """
    if typed.is_new and stored is None:
        return MergedProject(mine, typed, ())
    base = unpack_base(typed.base)
    if stored is None or base is None or base.project_key != mine.project_key:
        return None
    sides = [tidy_draft(EstimateDraft((one,))) for one in (base, mine, stored)]
    met = merge_drafts(sides[0], sides[1], sides[2]).conflicts
    mine_stand = {conflict.place: Side.FILE for conflict in met}
    merged = merge_drafts(sides[0], sides[1], sides[2], mine_stand)
    project = merged.draft.projects[0]
    return MergedProject(
        project, _as_boxes(project, stored), tuple(_in_words(one) for one in merged.conflicts)
    )


def _as_boxes(project: ProjectDraft, stored: ProjectDraft) -> TypedProject:
    """The merged project on a page made from what is stored; its lines are found again by their content."""
    boxes = typed_from_draft(project)
    lines = tuple(replace(line, values={**line.values, LINE_KEY: ""}) for line in boxes.lines)
    return replace(boxes, lines=lines, base=pack_base(stored))


def _in_words(conflict: Conflict) -> TwoValues:
    field = _field_words().get(conflict.field, "")
    if conflict.field.startswith("quantity_") and not field:
        field = _quantity_words(conflict.field)
    what = " – ".join(text for text in (conflict.part, field) if text) or _("Cả dự án")
    values = (_said(conflict.field, value) for value in (conflict.base, conflict.web, conflict.file))
    return TwoValues(what, *values)


def _said(field: str, value: Any) -> str:
    if value is ABSENT:
        return _("(đã xóa)")
    if isinstance(value, LabelledEnum):
        return value.label_vi
    if isinstance(value, int):
        if field.startswith(("quantity_", "frequency_")):
            return format_quantity(value)
        return format_vnd(value) if field == "unit_price_vnd" else str(value)
    if isinstance(value, str):
        return value if len(value) <= LONGEST_VALUE else f"{value[:LONGEST_VALUE]}…"
    if isinstance(value, Mapping):
        return str(value.get("item_vi", ""))
    if isinstance(value, Sequence):
        return ", ".join(str(one) for one in value)
    return _("có")


def _quantity_words(field: str) -> str:
    code = field.removeprefix("quantity_").upper()
    known = {level.value: level.label_vi for level in LevelCode}
    return f"{_('Số lượng')} {known[code].lower()}" if code in known else _("Số lượng")


def _field_words() -> dict[str, str]:
    return {
        "priority": _("Thứ tự ưu tiên"),
        "name_vi": _("Tên dự án"),
        "kind": _("Loại"),
        "task_code": _("Nhiệm vụ"),
        "place": _("Địa bàn thực hiện"),
        "justification": _("Thuyết minh sự cần thiết"),
        "item_vi": _("Nội dung chi"),
        "budget_code": _("Tiểu mục"),
        "norm_code": _("Định mức"),
        "source_code": _("Nguồn"),
        "nature": _("Tính chất"),
        "year": _("Năm"),
        "unit_name": _("ĐVT"),
        "unit_price_vnd": _("Đơn giá"),
        "frequency_thousandths": _("Số lần"),
        "over_norm_reason": _("Lý do vượt định mức"),
        "note": _("Ghi chú"),
        "levels": _("Các mức kinh phí"),
        "order": _("Thứ tự các dòng chi"),
        "quantity_thousandths": _("Số lượng"),
    }
