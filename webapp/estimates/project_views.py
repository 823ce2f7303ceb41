"""One project of a draft: typed, checked, saved, moved up or down, taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from flask import session as browser_session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.errors import NotFound, NotInThisStatus
from finance.estimates.draft import EstimateDraft
from finance.estimates.kept_typing import find_typing, forget_typing
from finance.estimates.operations import remove_project, save_draft, save_project
from finance.estimates.queries import estimate_row, load_draft
from finance.estimates.totals import draft_level_total, requested_ordinal
from finance.findings import blocking_findings
from finance.money import format_vnd
from finance.permissions import require
from finance.vietnamese.dates import format_moment
from webapp.access import current_actor, requires
from webapp.estimates import kept_typing_views  # noqa: F401 (its routes belong here)
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.desk import may_edit
from webapp.estimates.estimate_page import show_estimate
from webapp.estimates.project_page import (
    Desk,
    Occasion,
    kept_name,
    open_desk,
    project_key_of,
    require_free_key,
    show_project,
    stopping_findings,
)
from webapp.estimates.project_reading import read_project
from webapp.estimates.row_changes import APPLY_LEVELS, SAVE, SAVE_AND_BACK, apply_levels, change_rows
from webapp.estimates.stale_merge import merge_with_stored
from webapp.estimates.typed_project import (
    TypedProject,
    blank_project,
    typed_from_draft,
    typed_from_form,
    typed_from_pairs,
)
from webapp.formatting import in_short
from webapp.request_scope import present_moment, read, seen_version

if TYPE_CHECKING:
    from finance.database import Session

ACCEPTED = "accepted_forms"
Answer = Response | str | tuple[str, int]


@blueprint.get("/du-toan/<int:estimate_id>/du-an")
@requires(Action.SAVE_DRAFT)
def project_page(estimate_id: int) -> Answer:
    """The form of the project whose key is asked for, or an empty one."""
    key = request.args.get("ma", "")
    with read() as session:
        desk = open_desk(session, estimate_id)
    require(current_actor(), Action.SAVE_DRAFT, desk.estimate.agency_id)
    if not may_edit(current_actor(), desk.estimate):
        raise NotInThisStatus(desk.estimate.status.label_vi, Action.SAVE_DRAFT.label_vi)
    # Told once: the page on which the browser forgets what it kept, because it was accepted.
    accepted = browser_session.pop(ACCEPTED, [])
    if "nhap" in request.args:
        with read() as session:
            kept = find_typing(session, current_actor(), estimate_id, key)
        if kept is not None:
            brought_back = Occasion(typed_on=kept.typed_on)
            return show_project(estimate_id, typed_from_pairs(kept.form), brought_back, desk=desk)
    if not key:
        typed = blank_project(_free_key(desk), _next_priority(desk))
        return show_project(estimate_id, typed, Occasion(accepted=accepted), desk=desk)
    stored = desk.find(key)
    if stored is None:
        raise NotFound("dự án", key)
    return show_project(estimate_id, typed_from_draft(stored), Occasion(accepted=accepted), desk=desk)


@blueprint.post("/du-toan/<int:estimate_id>/du-an")
@requires(Action.SAVE_DRAFT)
def save_project_here(estimate_id: int) -> Answer:
    """Save the project, or do what another button of the form says to its boxes."""
    with read() as session:
        desk = open_desk(session, estimate_id)
    require(current_actor(), Action.SAVE_DRAFT, desk.estimate.agency_id)
    typed = typed_from_form(request.form, dict(request.form.lists()))
    act = request.form.get("act", SAVE)
    if act not in (SAVE, SAVE_AND_BACK):
        said = _("Đã đổi các cột mức; mời điền số lượng.") if act == APPLY_LEVELS else ""
        changed = change_rows(typed, act, desk.context.fiscal_year)
        return show_project(estimate_id, changed, Occasion(said=said), desk=desk)
    if typed.wanted_levels and typed.wanted_levels != typed.levels:
        said = _("Các mức đã đổi: mời điền số lượng của mức mới rồi lưu.")
        return show_project(estimate_id, apply_levels(typed), Occasion(said=said), desk=desk)
    return _save(desk, typed)


@blueprint.post("/du-toan/<int:estimate_id>/xoa-du-an")
@requires(Action.SAVE_DRAFT)
def remove_project_here(estimate_id: int) -> Answer:
    """Take a project out of the draft."""
    seen, key, actor = seen_version(), request.form.get("project_key", ""), current_actor()

    def act(session: Session) -> int:
        return remove_project(session, actor, estimate_id, project_key=key, seen_edit=seen).edit_number

    return _answer_on_estimate("remove_project", estimate_id, act, _("Đã xóa dự án %(key)s.", key=key))


@blueprint.post("/du-toan/<int:estimate_id>/thu-tu")
@requires(Action.SAVE_DRAFT)
def move_project_here(estimate_id: int) -> Answer:
    """Move a project one place up or down in the office's own order."""
    seen, key, actor = seen_version(), request.form.get("project_key", ""), current_actor()
    step = -1 if request.form.get("direction") == "up" else 1

    def act(session: Session) -> int:
        estimate_row(session, actor, estimate_id)
        draft = _moved(load_draft(session, estimate_id), key, step)
        return save_draft(session, actor, estimate_id, draft=draft, seen_edit=seen).edit_number

    return _answer_on_estimate("move_project", estimate_id, act, "")


def _save(desk: Desk, typed: TypedProject) -> Answer:
    """Save what can be read; else the page again, with everything as typed."""
    seen, actor, estimate_id = seen_version(), current_actor(), desk.estimate.id
    found = read_project(typed)
    if stopping_findings(desk, found):
        return show_project(estimate_id, typed, Occasion(is_attempt=True)), 422
    project = found.project

    def act(session: Session) -> dict[str, Any]:
        if typed.is_new:
            require_free_key(load_draft(session, estimate_id), project.project_key)
        saved = save_project(session, actor, estimate_id, project=project, seen_edit=seen)
        forget_typing(session, actor, estimate_id, project_key=project_key_of(typed))
        return {"edit": saved.edit_number, "standing": len(blocking_findings(saved.findings))}

    done = attempt("save_project", estimate_id, act)
    if isinstance(done, Refused) and done.status == 409:
        merged = merge_with_stored(desk.find(project.project_key), typed, project)
        if merged is not None and not merged.conflicts:
            # Nobody's change is touched: both are saved, and the person reads what was put together.
            project, seen, others = merged.project, desk.estimate.edit_number, done.differences
            done = attempt("save_project", estimate_id, act)
            if not isinstance(done, Refused) and others:
                flash(_("Đã ghép với thay đổi của người khác: %(said)s", said=in_short(others)), "info")
        elif merged is not None:
            return show_project(estimate_id, merged.typed, Occasion(True, done, merged=merged)), 409
    if isinstance(done, Refused):
        return show_project(estimate_id, typed, Occasion(True, done)), done.status
    total = format_vnd(draft_level_total(project, requested_ordinal(project.levels)))
    said = _(
        "Đã lưu dự án %(key)s lúc %(hour)s: %(count)s dòng chi, %(total)s đồng.",
        key=project.project_key,
        hour=format_moment(present_moment().business_at),
        count=len(project.lines),
        total=total,
    )
    flash(said, "success")
    browser_session[ACCEPTED] = [kept_name(estimate_id, "" if typed.is_new else project.project_key)]
    if request.form.get("act") == SAVE_AND_BACK:
        return redirect(url_for("estimates.estimate_page", estimate_id=estimate_id), code=303)
    address = url_for("estimates.project_page", estimate_id=estimate_id, ma=project.project_key)
    return redirect(address, code=303)


def _answer_on_estimate(operation: str, estimate_id: int, act: Any, said: str) -> Answer:
    done = attempt(operation, estimate_id, act)
    if isinstance(done, Refused):
        return show_estimate(estimate_id, done)
    if said:
        flash(said, "success")
    return redirect(url_for("estimates.estimate_page", estimate_id=estimate_id, _anchor="projects"), code=303)


def _moved(draft: EstimateDraft, key: str, step: int) -> EstimateDraft:
    """The projects in their new order, numbered from 1.

    Raises:
        NotFound: no such project.
    """
    projects = list(draft.projects)
    at = next((place for place, one in enumerate(projects) if one.project_key == key), None)
    if at is None:
        raise NotFound("dự án", key)
    to = min(max(at + step, 0), len(projects) - 1)
    projects.insert(to, projects.pop(at))
    return EstimateDraft(tuple(replace(one, priority=place) for place, one in enumerate(projects, start=1)))


def _free_key(desk: Desk) -> str:
    """A short key nobody uses yet."""
    number = len(desk.stored.projects) + 1
    while desk.find(f"DA{number:02}"):
        number += 1
    return f"DA{number:02}"


def _next_priority(desk: Desk) -> int:
    return 1 + max((one.priority for one in desk.stored.projects), default=0)
