"""The steps of the procedure on a sent estimate: receive, return, open content, pass content, conclude."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.estimates.procedure import begin_content_appraisal, receive_estimate, return_estimate
from finance.reviews.operations import conclude_appraisal, pass_content
from finance.vietnamese.normal import nfc
from webapp.access import current_actor, requires
from webapp.request_scope import seen_version
from webapp.reviews.attempts import judge_once
from webapp.reviews.blueprint import blueprint
from webapp.reviews.overview import render_overview
from webapp.reviews.sheets import load_sheet

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


@blueprint.post("/tham-dinh/<int:estimate_id>/tiep-nhan")
@requires(Action.RECEIVE_ESTIMATE)
def receive_here(estimate_id: int) -> Answer:
    """Finance takes the estimate in."""
    actor, seen = current_actor(), seen_version()

    def act(session: Session) -> None:
        receive_estimate(session, actor, estimate_id, seen_edit=seen)

    return _take(Action.RECEIVE_ESTIMATE, estimate_id, act, _("Đã tiếp nhận hồ sơ."))


@blueprint.post("/tham-dinh/<int:estimate_id>/tra-lai")
@requires(Action.RETURN_ESTIMATE)
def return_here(estimate_id: int) -> Answer:
    """Give the estimate back to be completed, with the reason the office will read."""
    actor, seen, reason = current_actor(), seen_version(), _reason()

    def act(session: Session) -> None:
        return_estimate(session, actor, estimate_id, reason=reason, seen_edit=seen)

    return _take(Action.RETURN_ESTIMATE, estimate_id, act, _("Đã trả lại để đơn vị hoàn chỉnh."))


@blueprint.post("/tham-dinh/<int:estimate_id>/bat-dau-noi-dung")
@requires(Action.BEGIN_CONTENT_APPRAISAL)
def begin_content_here(estimate_id: int) -> Answer:
    """Open the content appraisal."""
    actor, seen = current_actor(), seen_version()

    def act(session: Session) -> None:
        begin_content_appraisal(session, actor, estimate_id, seen_edit=seen)

    said = _("Đã bắt đầu thẩm định nội dung. Mời cho ý kiến từng dự án.")
    return _take(Action.BEGIN_CONTENT_APPRAISAL, estimate_id, act, said, "reviews.content_page")


@blueprint.post("/tham-dinh/<int:estimate_id>/thong-qua-noi-dung")
@requires(Action.PASS_CONTENT)
def pass_content_here(estimate_id: int) -> Answer:
    """Let the estimate through the content gate."""
    actor, seen = current_actor(), seen_version()

    def act(session: Session) -> None:
        pass_content(session, actor, estimate_id, seen_edit=seen)

    return _take(Action.PASS_CONTENT, estimate_id, act, _("Đã thông qua nội dung."))


@blueprint.post("/tham-dinh/<int:estimate_id>/ket-luan")
@requires(Action.CONCLUDE_APPRAISAL)
def conclude_here(estimate_id: int) -> Answer:
    """Conclude the appraisal."""
    actor, seen, reason = current_actor(), seen_version(), _reason()

    def act(session: Session) -> None:
        conclude_appraisal(session, actor, estimate_id, seen_edit=seen, reason=reason)

    return _take(Action.CONCLUDE_APPRAISAL, estimate_id, act, _("Đã kết luận thẩm định."))


def _reason() -> str:
    return nfc(request.form.get("reason", "")).strip()


def _take(
    action: Action,
    estimate_id: int,
    act: Callable[[Session], None],
    said: str,
    endpoint: str = "reviews.overview_page",
) -> Answer:
    hindrance = judge_once(action.value, estimate_id, act)
    if hindrance is None:
        flash(said, "success")
        return redirect(url_for(endpoint, estimate_id=estimate_id), code=303)
    page = render_overview(load_sheet(estimate_id), hindrance=hindrance, tried=action, reason=_reason())
    return page, hindrance.status
