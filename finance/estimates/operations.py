"""Writing an estimate: start, save, import. Moving it on is `finance.estimates.procedure`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.agencies.queries import get_agency
from finance.audit import Change
from finance.errors import NotFound, NotInThisStatus, NotReady, RuleBroken
from finance.estimates.checks import check_draft, check_storable
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft, ProjectDraft, tidy_draft, tidy_text
from finance.estimates.draft_differences import DraftChanges, compare_drafts
from finance.estimates.estimate_lookup import (
    get_current_version,
    get_visible_estimate,
    note_edit,
    require_seen_estimate,
)
from finance.estimates.queries import find_estimate
from finance.estimates.records import Estimate, EstimateVersion, UploadedWorkbook
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.version_writer import write_version
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.estimates.workflow import EDITABLE, EstimateKind, EstimateStatus
from finance.findings import Finding, blocking_findings
from finance.permissions import require
from finance.rounds.queries import get_round

LONGEST_FILE_NAME = 200
MOST_SENTENCES_KEPT = 50  # of one change, in the audit


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


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an uploaded workbook said and did; nothing was changed when a finding blocks.

    Attributes:
        added, changed, removed: keys of projects.
        draft: what the workbook asks; None when it could not be read as one.
    """

    findings: tuple[Finding, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    draft: EstimateDraft | None
    edit_number: int
    sha256: str

    @property
    def is_taken(self) -> bool:
        """True when nothing blocked, so that the estimate now asks what the workbook says."""
        return not blocking_findings(self.findings)


@dataclass(frozen=True, slots=True)
class _OpenDraft:
    """A draft found, permitted and fresh."""

    estimate: Estimate
    version: EstimateVersion
    seat: Seat
    draft: EstimateDraft


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
    opened = _open_draft(session, actor, estimate_id, Action.SAVE_DRAFT, seen_edit)
    return _save(session, actor, opened, tidy_draft(draft), Action.SAVE_DRAFT)


def save_project(
    session: Session, actor: Actor, estimate_id: int, *, project: ProjectDraft, seen_edit: int
) -> SavedDraft:
    """Add a project to the draft, or replace the one with the same key.

    Raises:
        NotReady, NotFound, NotAllowed, StaleVersion, NotInThisStatus: like `save_draft`.
    """
    opened = _open_draft(session, actor, estimate_id, Action.SAVE_DRAFT, seen_edit)
    key = tidy_text(project.project_key)
    others = tuple(known for known in opened.draft.projects if known.project_key != key)
    draft = tidy_draft(EstimateDraft((*others, replace(project, project_key=key))))
    return _save(session, actor, opened, draft, Action.SAVE_DRAFT)


def remove_project(
    session: Session, actor: Actor, estimate_id: int, *, project_key: str, seen_edit: int
) -> SavedDraft:
    """Take a project out of the draft.

    Raises:
        NotFound: no such project (or estimate).
        NotAllowed, StaleVersion, NotInThisStatus: like `save_draft`.
    """
    opened = _open_draft(session, actor, estimate_id, Action.SAVE_DRAFT, seen_edit)
    kept = tuple(known for known in opened.draft.projects if known.project_key != project_key)
    if len(kept) == len(opened.draft.projects):
        raise NotFound("dự án", project_key)
    return _save(session, actor, opened, EstimateDraft(kept), Action.SAVE_DRAFT)


def import_workbook(
    session: Session, actor: Actor, estimate_id: int, *, file_name: str, content: bytes, seen_edit: int
) -> ImportReport:
    """Take an office's workbook in: it replaces the whole draft, or nothing changes.

    Returns:
        Every finding at once, each with its sheet and cell. A workbook that says what is stored
        already changes nothing, not even the edit number. The original is kept with its hash.

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: like `save_draft`.
    """
    opened = _open_draft(session, actor, estimate_id, Action.IMPORT_WORKBOOK, seen_edit)
    today = actor.moment.business_on
    context = check_context(session, opened.estimate.round_id, opened.estimate.agency_id, on=today)
    draft, findings = read_estimate_workbook(content, context)
    sha256 = hashlib.sha256(content).hexdigest()
    if draft is None or blocking_findings(findings):
        return ImportReport(tuple(findings), (), (), (), draft, opened.estimate.edit_number, sha256)
    changes = compare_drafts(opened.draft, draft)
    if draft != opened.draft:
        write_version(session, opened.estimate, opened.version, draft)
        session.add(
            UploadedWorkbook(
                version_id=opened.version.id,
                file_name=tidy_text(file_name)[-LONGEST_FILE_NAME:],
                sha256=sha256,
                content=content,
                uploaded_at=actor.moment.business_at,
                uploaded_by=actor.full_name,
            )
        )
        _note_changes(session, actor, opened, Action.IMPORT_WORKBOOK, changes, {"sha256": sha256})
    edit_number = opened.estimate.edit_number
    return ImportReport(
        tuple(findings), changes.added, changes.changed, changes.removed, draft, edit_number, sha256
    )


def _open_draft(
    session: Session, actor: Actor, estimate_id: int, action: Action, seen_edit: int
) -> _OpenDraft:
    estimate = get_visible_estimate(session, actor, estimate_id)
    seat = require(actor, action, estimate.agency_id)
    require_seen_estimate(session, estimate, seen_edit)
    if estimate.status not in EDITABLE:
        raise NotInThisStatus(estimate.status.label_vi, action.label_vi)
    version = get_current_version(session, estimate)
    return _OpenDraft(estimate, version, seat, draft_of_rows(read_version(session, version.id)))


def _save(
    session: Session, actor: Actor, opened: _OpenDraft, draft: EstimateDraft, action: Action
) -> SavedDraft:
    today = actor.moment.business_on
    context = check_context(session, opened.estimate.round_id, opened.estimate.agency_id, on=today)
    unstorable = check_storable(draft, context)
    if unstorable:
        raise NotReady(unstorable)
    changes = compare_drafts(opened.draft, draft)
    if draft != opened.draft:
        write_version(session, opened.estimate, opened.version, draft)
        _note_changes(session, actor, opened, action, changes, {})
    return SavedDraft(opened.estimate.edit_number, tuple(check_draft(draft, context)), changes)


def _note_changes(
    session: Session,
    actor: Actor,
    opened: _OpenDraft,
    action: Action,
    changes: DraftChanges,
    details: dict[str, str],
) -> None:
    said = list(changes.sentences_vi[:MOST_SENTENCES_KEPT])
    more = len(changes.sentences_vi) - len(said)
    if more > 0:
        said.append(f"Và {more} thay đổi khác.")
    change = Change(details={"changes": said, **details})
    note_edit(session, actor, opened.estimate, action, seat=opened.seat, change=change)
