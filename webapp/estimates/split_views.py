"""Dividing lines of a project over the years of the round ("Chia theo năm"): look first, then divide."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.errors import NotFound, RuleBroken
from finance.estimates.draft import ProjectDraft
from finance.estimates.operations import save_project
from finance.estimates.queries import check_context, estimate_row, load_draft
from finance.estimates.splitting import (
    Share,
    are_percentages_whole,
    equal_shares,
    split_project,
)
from finance.estimates.totals import draft_level_total, draft_line_amount
from finance.money import NumberUnclear, format_quantity, parse_quantity
from webapp.access import current_actor, requires
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.desk import may_edit
from webapp.request_scope import read, seen_version

Answer = Response | str | tuple[str, int]


@blueprint.get("/du-toan/<int:estimate_id>/chia-nam")
@requires(Action.SAVE_DRAFT)
def split_page(estimate_id: int) -> Answer:
    """Which lines, over which years, by which shares; with the result as soon as shares are given."""
    return _split_page(estimate_id, request.args)


@blueprint.post("/du-toan/<int:estimate_id>/chia-nam/chia")
@requires(Action.SAVE_DRAFT)
def split_here(estimate_id: int) -> Answer:
    """Divide the chosen lines."""
    seen, actor = seen_version(), current_actor()
    project, years = _find(estimate_id, request.form.get("project_key", ""))
    try:
        divided = _divided(project, request.form, years)
    except RuleBroken as broken:
        return _split_page(estimate_id, request.form, Refused(422, broken.sentence_vi))
    done = attempt(
        "split_project",
        estimate_id,
        lambda session: (
            save_project(session, actor, estimate_id, project=divided, seen_edit=seen).edit_number
        ),
    )
    if isinstance(done, Refused):
        return _split_page(estimate_id, request.form, done)
    flash(_("Đã chia theo năm; tổng của từng mức không đổi."), "success")
    return redirect(
        url_for("estimates.project_page", estimate_id=estimate_id, ma=project.project_key), code=303
    )


def _split_page(estimate_id: int, typed: MultiDict[str, str], refused: Refused | None = None) -> Answer:
    key = typed.get("project_key") or typed.get("ma", "")
    project, years = _find(estimate_id, key)
    with read() as session:
        row = estimate_row(session, current_actor(), estimate_id)
    divided = None
    if typed.get("cach"):
        try:
            divided = _divided(project, typed, years)
        except RuleBroken as broken:
            refused = refused or Refused(422, broken.sentence_vi)
    levels = range(1, len(project.levels) + 1)
    page = render_template(
        "estimates/split.html",
        estimate=row,
        project=project,
        years=years,
        refused=refused,
        divided=divided,
        chosen=_numbers(typed, project),
        typed=typed,
        shares={year: typed.get(f"nam-{year}", "") for year in years},
        amount=draft_line_amount,
        top=len(project.levels),
        totals=[
            (
                project.levels[level - 1],
                draft_level_total(project, level),
                draft_level_total(divided, level) if divided else None,
            )
            for level in levels
        ],
    )
    return (page, refused.status) if refused else page


def _find(estimate_id: int, key: str) -> tuple[ProjectDraft, tuple[int, ...]]:
    """The project of an open draft and the round's years.

    Raises:
        NotFound: no such project, or the draft is not this person's to write.
    """
    actor = current_actor()
    with read() as session:
        row = estimate_row(session, actor, estimate_id)
        if not may_edit(actor, row):
            raise NotFound("dự toán", estimate_id)
        draft = load_draft(session, estimate_id)
        years = check_context(session, row.round_id, row.agency_id).years
    project = next((one for one in draft.projects if one.project_key == key), None)
    if project is None:
        raise NotFound("dự án", key)
    return project, years


def _numbers(typed: MultiDict[str, str], project: ProjectDraft) -> frozenset[int]:
    """The lines chosen; all of them until something is chosen."""
    if not typed.get("cach"):
        only = typed.get("dong", type=int)
        return frozenset({only}) if only is not None else frozenset(range(len(project.lines)))
    known = range(len(project.lines))
    return frozenset(number for number in typed.getlist("dong", type=int) if number in known)


def _divided(project: ProjectDraft, typed: MultiDict[str, str], years: Sequence[int]) -> ProjectDraft:
    """The project with the chosen lines divided.

    Raises:
        RuleBroken: nothing chosen, or the shares are not 100 % in all.
    """
    numbers = _numbers(typed, project)
    if not numbers:
        raise RuleBroken(_("Mời chọn ít nhất một dòng chi."))
    shares = _shares(typed, years)
    if not any(share.weight for share in shares):
        raise RuleBroken(_("Mời chọn ít nhất một năm."))
    return split_project(project, numbers, shares, in_whole_units=bool(typed.get("nguyen")))


def _shares(typed: MultiDict[str, str], years: Sequence[int]) -> tuple[Share, ...]:
    if typed.get("cach") == "deu":
        return equal_shares([year for year in years if str(year) in typed.getlist("nam")])
    shares = tuple(Share(year, _percent(typed.get(f"nam-{year}", ""))) for year in years)
    if not are_percentages_whole(shares):
        total = format_quantity(sum(share.weight for share in shares))
        raise RuleBroken(_("Tổng tỷ lệ là %(total)s %%, phải đúng 100 %%.", total=total))
    return shares


def _percent(text: str) -> int:
    """A percentage in thousandths; an empty box is nought."""
    if not text.strip():
        return 0
    try:
        return parse_quantity(text)
    except NumberUnclear as unclear:
        raise RuleBroken(str(unclear)) from unclear
