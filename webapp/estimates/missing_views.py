"""What is missing in an estimate: the list by page, its count for open pages, reasons for warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.errors import NotFound
from finance.estimates.completeness import Completeness, version_completeness
from finance.estimates.dossier_acts import pass_warning
from finance.estimates.parts.joining import own_draft
from finance.estimates.queries import check_context, current_version, estimate_row, load_draft
from finance.estimates.rows import EstimateRow
from finance.permissions import may
from webapp.access import current_actor, made_by_the_page, requires
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.desk import may_edit
from webapp.estimates.estimate_page import url_of_field
from webapp.estimates.missing_list import missing_list
from webapp.form_fields import tidy_words
from webapp.request_scope import present_moment, read, seen_version

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


@blueprint.get("/du-toan/<int:estimate_id>/con-thieu")
@requires(Action.SAVE_DRAFT)
def missing_page(estimate_id: int) -> Answer:
    """Everything that is missing, grouped by the page on which it is made good."""
    return _show(estimate_id)


@blueprint.get("/du-toan/<int:estimate_id>/con-thieu/so-luong")
@requires(Action.SAVE_DRAFT)
@made_by_the_page
def missing_count(estimate_id: int) -> Answer:
    """The count for a page that stays open while others mend: it asks by itself now and then."""
    with read() as session:
        row, complete, keys = _missing(session, estimate_id)
    listed = missing_list(complete, keys, estimate_id, lambda _field: "")
    return render_template(
        "estimates/missing_count.html",
        estimate=row,
        count=listed.count,
        mark=listed.mark,
        seen_mark=request.args.get("da-xem", ""),
    )


@blueprint.post("/du-toan/<int:estimate_id>/con-thieu/ly-do")
@requires(Action.PASS_WARNING)
def pass_warning_here(estimate_id: int) -> Answer:
    """Let a warning stand for a reason, or take the reason back."""
    seen, actor = seen_version(), current_actor()
    words_hash, reason = request.form.get("warning", ""), tidy_words(request.form.get("reason"))
    everywhere = request.form.get("everywhere") == "yes"
    done = attempt(
        "pass_warning",
        estimate_id,
        lambda session: pass_warning(
            session,
            actor,
            estimate_id,
            words_hash=words_hash,
            reason=reason,
            seen_edit=seen,
            everywhere=everywhere,
        ),
    )
    if isinstance(done, Refused):
        return _show(estimate_id, done, {words_hash: reason}), done.status
    flash(_("Đã ghi lý do giữ lại cảnh báo.") if reason else _("Đã bỏ lý do; cảnh báo trở lại."), "success")
    return redirect(url_for("estimates.missing_page", estimate_id=estimate_id, _anchor="warnings"), code=303)


def _show(estimate_id: int, refused: Refused | None = None, typed: dict[str, str] | None = None) -> str:
    with read() as session:
        row, complete, keys = _missing(session, estimate_id)
    is_editable = may_edit(current_actor(), row)
    listed = missing_list(complete, keys, estimate_id, url_of_field(row, keys, is_editable=is_editable))
    return render_template(
        "estimates/missing.html",
        estimate=row,
        listed=listed,
        refused=refused,
        typed=typed or {},
        is_editable=is_editable,
    )


def _missing(session: Session, estimate_id: int) -> tuple[EstimateRow, Completeness, list[str]]:
    """The list of an own estimate.

    Raises:
        NotFound: another office's; what it still has to mend is not for others to see.
    """
    row = estimate_row(session, current_actor(), estimate_id)
    if not may(current_actor(), Action.SAVE_DRAFT, row.agency_id):
        raise NotFound("dự toán", estimate_id)
    on, version_id = present_moment().business_on, current_version(session, estimate_id).id
    draft = own_draft(session, version_id, load_draft(session, estimate_id))
    complete = version_completeness(
        session,
        version_id,
        draft,
        check_context(session, row.round_id, row.agency_id, on=on),
        on=on,
    )
    return row, complete, [project.project_key for project in draft.projects]
