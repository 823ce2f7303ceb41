"""The programme as the decision gives it, row by row with its source; found without typing marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.errors import NotFound
from finance.programme.classification import BodyRole, OutputKind
from finance.programme.queries import (
    list_areas,
    list_budget_codes,
    list_norms,
    list_sources,
    list_targets,
    list_tasks,
)
from finance.vietnamese.collation import sort_key
from finance.vietnamese.fold import fold
from webapp.access import requires
from webapp.form_fields import labelled_choices
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session

blueprint = Blueprint("programme", __name__, template_folder="templates")

Answer = Response | str
Row = TypeVar("Row")

# Names of the classification's segments; an imported list may bring others, shown by their code.
SEGMENTS = {
    "chapter": "Chương",
    "category": "Loại",
    "subcategory": "Khoản",
    "item": "Mục",
    "subitem": "Tiểu mục",
    "group": "Nhóm, tiểu nhóm",
    "subgroup": "Tiểu nhóm",
}


@blueprint.get("/chuong-trinh")
@requires(Action.VIEW_PROGRAMME)
def targets_page() -> Answer:
    """The targets, by content of reform and kind."""
    area, kind = request.args.get("noi-dung", ""), request.args.get("cach-tinh", "")
    with read() as session:
        areas = _area_choices(session)
        every = list_targets(session)
    chosen = [row for row in every if area in ("", row.area_code) and kind in ("", row.kind.value)]
    rows = found(
        chosen, lambda row: (row.code, row.name_vi, row.unit_name, row.scope_vi, row.exception_vi, row.note)
    )
    return render_template(
        "programme/targets.html",
        rows=rows,
        total=len(every),
        areas=areas,
        area=area,
        kind=kind,
        kinds=labelled_choices(OutputKind),
        words=wanted_words(),
    )


@blueprint.get("/chuong-trinh/nhiem-vu")
@requires(Action.VIEW_PROGRAMME)
def tasks_page() -> Answer:
    """The annex tasks with the bodies that lead, take part and appraise."""
    area = request.args.get("noi-dung", "")
    with read() as session:
        areas = _area_choices(session)
        every = list_tasks(session)
    chosen = [row for row in every if area in ("", row.area_code)]
    rows = found(
        chosen,
        lambda row: (row.code, row.name_vi, row.deliverables_vi, *(body.name_vi for body in row.bodies)),
    )
    return render_template(
        "programme/tasks.html", rows=rows, total=len(every), areas=areas, area=area, words=wanted_words()
    )


@blueprint.get("/chuong-trinh/nhiem-vu/<int:task_id>")
@requires(Action.VIEW_PROGRAMME)
def task_page(task_id: int) -> Answer:
    """One task: deadline, deliverables, bodies, the targets it serves."""
    with read() as session:
        task = next((row for row in list_tasks(session) if row.id == task_id), None)
        if task is None:
            raise NotFound("nhiệm vụ", task_id)
        area = next(row for row in list_areas(session) if row.code == task.area_code)
        targets = [row for row in list_targets(session) if row.code in task.target_codes]
    bodies = {
        role: sorted((body.name_vi for body in task.bodies if body.role is role), key=sort_key)
        for role in BodyRole
    }
    return render_template("programme/task.html", task=task, area=area, targets=targets, bodies=bodies)


@blueprint.get("/chuong-trinh/nguon-kinh-phi")
@requires(Action.VIEW_PROGRAMME)
def sources_page() -> Answer:
    """The funding sources, and which of them are allocated by results."""
    with read() as session:
        every = list_sources(session)
    rows = found(every, lambda row: (row.code, row.name_vi, row.nature.label_vi, row.source))
    return render_template("programme/sources.html", rows=rows, total=len(every), words=wanted_words())


@blueprint.get("/chuong-trinh/dinh-muc-chi")
@requires(Action.VIEW_PROGRAMME)
def norms_page() -> Answer:
    """The spending norms with their dates, in Vietnamese alphabetical order."""
    on = present_moment().business_on
    is_all = request.args.get("ca-het-hieu-luc") == "1"
    with read() as session:
        every = list_norms(session)
        in_force = {row.id for row in list_norms(session, on)}
    shown = sorted(
        (row for row in every if is_all or row.id in in_force),
        key=lambda row: (sort_key(row.item_vi), row.code),
    )
    rows = found(shown, lambda row: (row.code, row.item_vi, row.unit_name, row.legal_reference))
    return render_template(
        "programme/norms.html",
        rows=rows,
        total=len(every),
        in_force=in_force,
        is_all=is_all,
        words=wanted_words(),
    )


@blueprint.get("/chuong-trinh/muc-luc-ngan-sach")
@requires(Action.VIEW_PROGRAMME)
def budget_codes_page() -> Answer:
    """The budget classification, by segment and code."""
    segment = request.args.get("phan", "")
    with read() as session:
        every = list_budget_codes(session)
    segments = [
        (code, SEGMENTS.get(code.lower(), code)) for code in dict.fromkeys(row.segment for row in every)
    ]
    chosen = [row for row in every if segment in ("", row.segment)]
    rows = found(chosen, lambda row: (row.code, row.name_vi, row.source))
    return render_template(
        "programme/budget_codes.html",
        rows=rows,
        total=len(every),
        segments=segments,
        segment_names=dict(segments),
        segment=segment,
        words=wanted_words(),
    )


def _area_choices(session: Session) -> list[tuple[str, str]]:
    return [(row.code, f"{row.code}. {row.name_vi}") for row in list_areas(session)]


def wanted_words() -> str:
    """What was typed into the search box, of a sensible length."""
    return request.args.get("tim", "").strip()[:100]


def found(rows: Sequence[Row], texts_of: Callable[[Row], Sequence[Any]]) -> list[Row]:
    """The rows that hold every word of the search, marks or no marks."""
    words = fold(wanted_words()).split()
    return [row for row in rows if all(word in fold(" ".join(map(str, texts_of(row)))) for word in words)]
