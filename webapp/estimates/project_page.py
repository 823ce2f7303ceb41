"""What the page of one project shows: the boxes as typed, what each line comes to, what the checks say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import render_template, request
from flask_babel import gettext as _

from finance.errors import NotReady
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.checking.checks import check_project_of_draft, check_storable
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.merging.draft_differences import compare_drafts
from finance.estimates.queries import check_context, estimate_row, load_draft
from finance.estimates.rows import EstimateRow
from finance.estimates.totals import draft_level_total, draft_line_amount
from finance.findings import Finding, Location, Severity
from finance.money import vnd
from webapp.access import current_actor
from webapp.estimates.attempts import Refused
from webapp.estimates.checklist import make_checklist, notes_by_field, notes_by_line
from webapp.estimates.form_choices import form_choices
from webapp.estimates.money_beside import money_beside
from webapp.estimates.project_reading import ReadProject, findings_of_project, read_project
from webapp.estimates.row_changes import REFRESH_TARGETS, spare_lines
from webapp.estimates.typed_project import TypedProject, blank_line, blank_promise
from webapp.estimates.typing_beside import typing_beside
from webapp.request_scope import is_partial_request, read, seen_version

if TYPE_CHECKING:
    from finance.database import Session
    from webapp.estimates.stale_merge import MergedProject

SPARE_LINES = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """The estimate a project belongs to, as it is stored now."""

    estimate: EstimateRow
    context: CheckContext
    stored: EstimateDraft

    def find(self, project_key: str) -> ProjectDraft | None:
        """The stored project with this key."""
        return next((one for one in self.stored.projects if one.project_key == project_key), None)

    def beside(self, project_key: str) -> tuple[ProjectDraft, ...]:
        """The stored projects beside the one with this key."""
        return tuple(one for one in self.stored.projects if one.project_key != project_key)

    def with_project(self, project: ProjectDraft) -> tuple[EstimateDraft, int]:
        """The whole draft as it would be with this project, and the project's place in it."""
        every = sorted(
            [*self.beside(project.project_key), project],
            key=lambda one: (one.priority, one.project_key),
        )
        return EstimateDraft(tuple(every)), every.index(project)


def open_desk(session: Session, estimate_id: int) -> Desk:
    """The estimate with everything a draft of it is held against.

    Raises:
        NotFound: no such estimate, or none the visitor may know of.
    """
    row = estimate_row(session, current_actor(), estimate_id)
    today = current_actor().moment.business_on
    context = check_context(session, row.round_id, row.agency_id, on=today)
    return Desk(row, context, load_draft(session, estimate_id))


def stopping_findings(desk: Desk, found: ReadProject) -> list[Finding]:
    """What stands in the way of saving: boxes that cannot be read, codes the program does not have."""
    draft, index = desk.with_project(found.project)
    return [*found.findings, *findings_of_project(check_storable(draft, desk.context), index)]


def say_findings(
    desk: Desk, typed: TypedProject, found: ReadProject, *, is_quiet: bool, is_attempt: bool
) -> tuple[list[Finding], list[Finding]]:
    """What stops the saving, and what else the checks say of the project."""
    draft, index = desk.with_project(found.project)
    said = [] if is_quiet else check_project_of_draft(draft, index, desk.context)
    everything = list(findings_of_project(said, index))
    stopping = stopping_findings(desk, found) if is_attempt else list(found.findings)
    if typed.is_new and desk.find(found.project.project_key):
        stopping.append(_key_taken(found.project.project_key))
    stopped = {finding.location.field for finding in stopping}
    return stopping, [finding for finding in everything if finding.location.field not in stopped]


def project_key_of(typed: TypedProject) -> str:
    """Under which key the store keeps what is typed; a project never saved has none yet."""
    return "" if typed.is_new else typed.values["project_key"]


def require_free_key(stored: EstimateDraft, project_key: str) -> None:
    """Refuse a new project whose key another one has: saving would write over that one.

    Raises:
        NotReady: the key is taken.
    """
    if any(one.project_key == project_key for one in stored.projects):
        raise NotReady([_key_taken(project_key)])


def kept_name(estimate_id: int, project_key: str) -> str:
    """Under which name the browser keeps what is typed; the new project has no key of its own yet."""
    return f"estimate-{estimate_id}-{project_key or 'new'}"


def _key_taken(project_key: str) -> Finding:
    message = _("Mã “%(key)s” đã dùng cho dự án khác trong dự toán này.", key=project_key)
    place = Location(field="project_key", words=_("Mã dự án"))
    return Finding("PROJECT_KEY_TAKEN", Severity.BLOCKS, message, place, _("Đặt mã khác."))


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why the page is shown.

    Attributes:
        is_attempt: it answers an attempt to save: what stops it is read out first.
        refused: why the save was refused by the store (somebody was faster, wrong step).
        said: one sentence on what a button has just done to the boxes.
        accepted: names of kept forms the browser may forget.
        typed_on: the version these boxes were typed on, when they are brought back.
        merged: the boxes hold two persons' work; what both changed is shown side by side.
    """

    is_attempt: bool = False
    refused: Refused | None = None
    said: str = ""
    accepted: Sequence[str] = ()
    typed_on: int | None = None
    merged: MergedProject | None = None


OPENED = Occasion()


def show_project(
    estimate_id: int, typed: TypedProject, occasion: Occasion = OPENED, *, desk: Desk | None = None
) -> str:
    """The page with these boxes.

    Args:
        estimate_id: whose project.
        typed: what stands in the boxes.
        occasion: what the page answers; nothing when it was only opened.
        desk: the estimate as it was just read, if nothing was written since; else it is read now.
    """
    is_attempt, refused, typed_on = occasion.is_attempt, occasion.refused, occasion.typed_on
    key = project_key_of(typed)
    with read() as session:
        desk = desk or open_desk(session, estimate_id)
        at_work = typing_beside(session, estimate_id, key, is_brought_back=typed_on is not None)
    found = read_project(typed)
    is_untouched = typed.is_new and not (typed.filled_lines or typed.values["name_vi"])
    # A button that only changed the boxes is no attempt: nobody is told off for a row just opened.
    is_quiet = is_untouched or (request.method == "POST" and not is_attempt)
    stopping, others = say_findings(desk, typed, found, is_quiet=is_quiet, is_attempt=is_attempt)
    notes = notes_by_field([*stopping, *others])
    return render_template(
        _template(),
        estimate=desk.estimate,
        context=desk.context,
        typed=_with_spare_rows(typed, desk.context),
        blank=blank_line(desk.context.fiscal_year, len(typed.levels)),
        amounts=_amounts(found, typed),
        totals=_totals(found.project),
        money=money_beside(found.project, desk.beside(found.project.project_key), desk.context),
        stopping=stopping,
        checklist=make_checklist(others, lambda field: f"#{field}"),
        notes=notes,
        line_notes=notes_by_line(notes),
        is_attempt=is_attempt,
        is_returned=request.method == "POST",
        seen=_seen(desk, refused) if typed_on is None else typed_on,
        refused=refused,
        conflict=_conflict(desk, found.project) if refused and refused.status == 409 else None,
        at_work=at_work,
        merged=occasion.merged,
        is_brought_back=typed_on is not None,
        said=occasion.said,
        accepted=occasion.accepted,
        kept_name=kept_name(estimate_id, key),
        choices=form_choices(desk.context, typed),
    )


def _seen(desk: Desk, refused: Refused | None) -> int:
    """The version the form will say it was typed on.

    A page that only comes back keeps the version it was first made from: what others saved meanwhile
    must still be noticed. Only the page that shows what they saved carries the present one.
    """
    if request.method != "POST" or (refused is not None and refused.status == 409):
        return desk.estimate.edit_number
    return seen_version()


def _template() -> str:
    """The whole page, or the part of it that a script on the page asks to renew."""
    if not is_partial_request():
        return "estimates/project.html"
    is_about_targets = request.form.get("act") == REFRESH_TARGETS
    return "estimates/targets_part.html" if is_about_targets else "estimates/promises_part.html"


def _with_spare_rows(typed: TypedProject, context: CheckContext) -> TypedProject:
    """A few empty rows below, so that a page without scripts can be typed into; room for a first result."""
    blank_rows = sum(1 for line in typed.lines if line.is_blank)
    count = max(0, SPARE_LINES - blank_rows)
    promises = typed.promises
    if typed.is_new and not promises:
        promises = (blank_promise(context.fiscal_year, typed.levels[-1]),)
    spare = spare_lines(typed, context.fiscal_year, count)
    return replace(typed, lines=(*typed.lines, *spare), promises=promises)


def _amounts(found: ReadProject, typed: TypedProject) -> list[tuple[int | None, ...]]:
    """Per row of the page and level: what it comes to; None where a box cannot be read."""
    unreadable = {
        "-".join(finding.location.field.split("-")[:2])
        for finding in found.findings
        if finding.location.field.startswith("lines-")
    }
    levels = range(1, len(typed.levels) + 1)
    return [
        tuple(
            None if f"lines-{index}" in unreadable else _amount(found.project, index, ordinal)
            for ordinal in levels
        )
        for index in range(len(found.project.lines))
    ]


def _amount(project: ProjectDraft, index: int, ordinal: int) -> int | None:
    try:
        return draft_line_amount(project.lines[index], ordinal)
    except OverflowError:
        return None


def _totals(project: ProjectDraft) -> list[int | None]:
    """Per level: the total of what can be read; None where it is larger than any amount can be."""
    totals: list[int | None] = []
    for ordinal in range(1, len(project.levels) + 1):
        try:
            totals.append(vnd(draft_level_total(project, ordinal)))
        except OverflowError:
            totals.append(None)
    return totals


def _conflict(desk: Desk, typed: ProjectDraft) -> dict[str, Any]:
    """The stored project beside the typed one, for a page on which somebody else was faster."""
    stored = desk.find(typed.project_key)
    mine = EstimateDraft((typed,))
    sentences: Sequence[str] = ()
    if stored:
        sentences = compare_drafts(EstimateDraft((stored,)), mine).sentences_vi
    return {"stored": stored, "totals": _totals(stored) if stored else [], "sentences": sentences}
