"""Copying a project into the open draft: choose, look at what would come, copy, confirm the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.errors import NotFound, NotInThisStatus, RuleBroken
from finance.estimates.copying.operations import (
    ProposedCopy,
    confirm_copy,
    copy_into_draft,
    offered_projects,
    origin_of_copy,
    propose_copy,
)
from finance.estimates.copying.rules import ROUNDING_STEPS, PriceUpdate
from finance.estimates.draft import EstimateDraft
from finance.estimates.merging.draft_differences import compare_drafts
from finance.estimates.queries import estimate_row, load_draft
from finance.estimates.rows import EstimateRow
from finance.money import NumberUnclear, format_quantity, format_vnd, parse_quantity
from webapp.access import current_actor, requires
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.desk import may_edit
from webapp.form_fields import tidy_words
from webapp.request_scope import read, seen_version

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

LONGEST_BASIS = 200


@blueprint.get("/du-toan/<int:estimate_id>/chep")
@requires(Action.COPY_PROJECT)
def copy_page(estimate_id: int) -> Answer:
    """Which project: own ones of other rounds, last year's first; or one of them with its new prices."""
    return _copy_page(estimate_id, request.args)


@blueprint.post("/du-toan/<int:estimate_id>/chep/vao-du-toan")
@requires(Action.COPY_PROJECT)
def copy_here(estimate_id: int) -> Answer:
    """Put the copy into the draft."""
    seen, actor = seen_version(), current_actor()
    origin_id = request.form.get("nguon", 0, type=int)
    with read() as session:
        _open_estimate(estimate_row(session, actor, estimate_id))
    if not origin_id:
        return _copy_page(estimate_id, request.form, Refused(422, _("Mời chọn một dự án để chép.")))
    try:
        prices = _prices(request.form)
    except RuleBroken as broken:
        return _copy_page(estimate_id, request.form, Refused(422, broken.sentence_vi))
    done = attempt(
        "copy_into_draft",
        estimate_id,
        lambda session: copy_into_draft(
            session, actor, estimate_id, origin_id=origin_id, prices=prices, seen_edit=seen
        ),
    )
    if isinstance(done, Refused):
        return _copy_page(estimate_id, request.form, done)
    flash(_("Đã chép dự án. Số liệu chép được đánh dấu cho đến khi được sửa hoặc xác nhận."), "success")
    return redirect(url_for("estimates.project_page", estimate_id=estimate_id, ma=done), code=303)


@blueprint.get("/du-toan/<int:estimate_id>/chep/so-voi-goc")
@requires(Action.COPY_PROJECT)
def copy_origin_page(estimate_id: int) -> Answer:
    """How a copied project differs from where it came from, line by line."""
    key = request.args.get("ma", "")
    with read() as session:
        row = estimate_row(session, current_actor(), estimate_id)
        draft = load_draft(session, estimate_id)
        origin = origin_of_copy(session, estimate_id, key)
    now = next((one for one in draft.projects if one.project_key == key), None)
    if origin is None or now is None or not may_edit(current_actor(), row):
        raise NotFound("dự án đã chép", key)
    before = replace(origin, project_key=now.project_key, priority=now.priority)
    said = compare_drafts(EstimateDraft((before,)), EstimateDraft((now,))).sentences_vi
    return render_template("estimates/copy_origin.html", estimate=row, origin=origin, now=now, sentences=said)


@blueprint.post("/du-toan/<int:estimate_id>/chep/xac-nhan")
@requires(Action.CONFIRM_COPY)
def confirm_copy_here(estimate_id: int) -> Answer:
    """Say that the copied figures were looked at."""
    seen, actor = seen_version(), current_actor()
    key = request.form.get("project_key", "")
    done = attempt(
        "confirm_copy",
        estimate_id,
        lambda session: confirm_copy(session, actor, estimate_id, project_key=key, seen_edit=seen),
    )
    if isinstance(done, Refused):
        flash(done.sentence, "error")
    else:
        flash(_("Đã ghi: số liệu chép đã được xem."), "success")
    return redirect(url_for("estimates.estimate_page", estimate_id=estimate_id), code=303)


def _copy_page(estimate_id: int, typed: Mapping[str, str], refused: Refused | None = None) -> Answer:
    actor = current_actor()
    words = tidy_words(typed.get("tim"))
    origin_id = _whole(typed.get("nguon"))
    proposed: ProposedCopy | None = None
    with read() as session:
        row = _open_estimate(estimate_row(session, actor, estimate_id))
        offered = offered_projects(session, actor, estimate_id, words=words)
        if origin_id:
            proposed, refused = _proposed(session, estimate_id, origin_id, typed, refused)
    page = render_template(
        "estimates/copy.html",
        estimate=row,
        offered=offered,
        words=words,
        origin_id=origin_id,
        proposed=proposed,
        refused=refused,
        typed=_typed(typed),
        steps=[(str(step), format_vnd(step)) for step in ROUNDING_STEPS],
    )
    return (page, refused.status) if refused else page


def _proposed(
    session: Session, estimate_id: int, origin_id: int, typed: Mapping[str, str], refused: Refused | None
) -> tuple[ProposedCopy | None, Refused | None]:
    """The copy as it would come in; without one the reason why."""
    try:
        prices = _prices(typed)
        found = propose_copy(session, current_actor(), estimate_id, origin_id=origin_id, prices=prices)
    except RuleBroken as broken:
        return None, refused or Refused(422, broken.sentence_vi)
    return found, refused


def _open_estimate(row: EstimateRow) -> EstimateRow:
    """The row, when this person may write into it now.

    Raises:
        NotFound: it is not this person's to write.
        NotInThisStatus: it is no draft any more.
    """
    if not may_edit(current_actor(), row):
        if row.agency_id not in {seat.agency_id for seat in current_actor().seats}:
            raise NotFound("dự toán", row.id)
        raise NotInThisStatus(row.status.label_vi, Action.COPY_PROJECT.label_vi)
    return row


def _prices(typed: Mapping[str, str]) -> PriceUpdate:
    """The price update as typed.

    Raises:
        RuleBroken: the factor is no number, or a factor has no basis.
    """
    said = _typed(typed)
    try:
        percent = parse_quantity(said["ty-le"])
    except NumberUnclear as unclear:
        raise RuleBroken(str(unclear)) from unclear
    basis = tidy_words(said["can-cu"])[:LONGEST_BASIS]
    if percent != 100_000 and not basis:
        raise RuleBroken(_("Đổi giá thì phải ghi căn cứ: chỉ số nào, tháng năm nào, văn bản nào."))
    return PriceUpdate(percent, _whole(said["lam-tron"]) or 1, basis, follows_norms=bool(said["dinh-muc"]))


def _typed(typed: Mapping[str, str]) -> dict[str, str]:
    """What the boxes say, with what they say at first."""
    return {
        "ty-le": typed.get("ty-le") or format_quantity(100_000),
        "lam-tron": typed.get("lam-tron") or "1000",
        "can-cu": typed.get("can-cu") or "",
        "dinh-muc": typed.get("dinh-muc") or "",
    }


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
