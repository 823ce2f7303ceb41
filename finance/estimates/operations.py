"""Starting and saving an estimate; workbooks come in by `workbook_import`, `procedure` moves it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.queries import get_agency
from finance.audit import Change
from finance.errors import NotFound, NotReady, RuleBroken
from finance.estimates.checking.checks import check_draft, check_storable
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft, ProjectDraft, tidy_draft, tidy_text
from finance.estimates.estimate_lookup import note_edit
from finance.estimates.merging.draft_differences import DraftChanges, compare_drafts
from finance.estimates.open_drafts import OpenDraft, note_changes, open_draft
from finance.estimates.queries import find_estimate
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.version_writer import write_version
from finance.estimates.workflow import EstimateKind, EstimateStatus
from finance.findings import Finding
from finance.permissions import require
from finance.rounds.queries import get_round


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What saving did.

    Attributes:
        edit_number: of the estimate now; as seen when nothing changed.
        findings: everything the checks say of what is stored now.
        changes: what was added, changed and removed.
    """

    edit_number: int
    findings: tuple[Finding, ...]
    changes: DraftChanges


def start_estimate(
    session: Session, actor: Actor, *, round_id: int, agency_id: int, kind: EstimateKind = EstimateKind.ANNUAL
) -> int:
    """Open an office's estimate in a round, empty.

    Returns:
        The estimate's id.

    Raises:
        NotAllowed: the person does not prepare for this office.
        RuleBroken: the round is closed, or the office has this estimate already.
        NotFound: no such round or office.
    """
    row = get_round(session, round_id)
    agency = get_agency(session, agency_id)
    seat = require(actor, Action.START_ESTIMATE, agency_id)
    if not row.is_open:
        raise RuleBroken(f"{row.name_vi} đã khép lại, không mở dự toán mới được.")
    if find_estimate(session, round_id, agency_id, kind) is not None:
        raise RuleBroken(f"{agency.short_vi} đã có {kind.label_vi} trong {row.name_vi}.")
    estimate = Estimate(
        round_id=round_id,
        agency_id=agency_id,
        kind=kind,
        status=EstimateStatus.DRAFT,
        version_number=1,
        edit_number=0,  # the act of starting is the first edit
        status_since=actor.moment.business_at,
    )
    session.add(estimate)
    session.flush()  # version and audit need the estimate's id
    session.add(EstimateVersion(estimate_id=estimate.id, number=1, opened_at=actor.moment.business_at))
    change = Change(to_state=EstimateStatus.DRAFT.label_vi)
    note_edit(session, actor, estimate, Action.START_ESTIMATE, seat=seat, change=change)
    return estimate.id


def save_draft(
    session: Session, actor: Actor, estimate_id: int, *, draft: EstimateDraft, seen_edit: int
) -> SavedDraft:
    """Replace the open version's content by the draft; mistakes may be saved and mended later.

    Returns:
        What changed and everything the checks say; saving what is stored already changes nothing.

    Raises:
        NotReady: the draft names something the program does not have (see `storable_checks`).
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: as their names say.
    """
    opened = open_draft(session, actor, estimate_id, Action.SAVE_DRAFT, seen_edit)
    return _save(session, actor, opened, tidy_draft(draft), Action.SAVE_DRAFT)


def save_project(
    session: Session, actor: Actor, estimate_id: int, *, project: ProjectDraft, seen_edit: int
) -> SavedDraft:
    """Add a project to the draft, or replace the one with the same key.

    Raises:
        NotReady, NotFound, NotAllowed, StaleVersion, NotInThisStatus: like `save_draft`.
    """
    return put_project(
        session, actor, estimate_id, project=project, seen_edit=seen_edit, action=Action.SAVE_DRAFT
    )


def put_project(
    session: Session,
    actor: Actor,
    estimate_id: int,
    *,
    project: ProjectDraft,
    seen_edit: int,
    action: Action,
    details: Mapping[str, str] | None = None,
) -> SavedDraft:
    """The same by an act that has a name and figures of its own in the audit (a copy, for one).

    Raises:
        NotReady, NotFound, NotAllowed, StaleVersion, NotInThisStatus: like `save_draft`.
    """
    opened = open_draft(session, actor, estimate_id, action, seen_edit)
    key = tidy_text(project.project_key)
    others = tuple(known for known in opened.draft.projects if known.project_key != key)
    draft = tidy_draft(EstimateDraft((*others, replace(project, project_key=key))))
    return _save(session, actor, opened, draft, action, details)


def remove_project(
    session: Session, actor: Actor, estimate_id: int, *, project_key: str, seen_edit: int
) -> SavedDraft:
    """Take a project out of the draft.

    Raises:
        NotFound: no such project (or estimate).
        NotAllowed, StaleVersion, NotInThisStatus: like `save_draft`.
    """
    opened = open_draft(session, actor, estimate_id, Action.SAVE_DRAFT, seen_edit)
    kept = tuple(known for known in opened.draft.projects if known.project_key != project_key)
    if len(kept) == len(opened.draft.projects):
        raise NotFound("dự án", project_key)
    return _save(session, actor, opened, EstimateDraft(kept), Action.SAVE_DRAFT)


def _save(
    session: Session,
    actor: Actor,
    opened: OpenDraft,
    draft: EstimateDraft,
    action: Action,
    details: Mapping[str, str] | None = None,
) -> SavedDraft:
    today = actor.moment.business_on
    context = check_context(session, opened.estimate.round_id, opened.estimate.agency_id, on=today)
    unstorable = check_storable(draft, context)
    if unstorable:
        raise NotReady(unstorable)
    changes = compare_drafts(opened.draft, draft)
    if draft != opened.draft:
        write_version(session, opened.estimate, opened.version, draft, before=opened.draft)
        note_changes(session, actor, opened, action, changes, dict(details or {}))
    return SavedDraft(opened.estimate.edit_number, tuple(check_draft(draft, context)), changes)
