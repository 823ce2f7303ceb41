"""Workbooks coming in: kept while they are looked at, taken in at one stroke, undone for a day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.errors import NotInThisStatus, NotReady, RuleBroken
from finance.estimates.checking.checks import check_storable
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft, tidy_text
from finance.estimates.draft_text import draft_from_text, draft_to_text
from finance.estimates.estimate_lookup import get_visible_estimate
from finance.estimates.merging.draft_differences import DraftChanges, compare_drafts
from finance.estimates.merging.merge import merge_drafts
from finance.estimates.merging.three_ways import Conflict, Side
from finance.estimates.open_drafts import OpenDraft, note_changes, open_draft
from finance.estimates.records import UploadedWorkbook
from finance.estimates.version_writer import write_version
from finance.estimates.workbook.import_plan import ReadWorkbook, plan_import, read_workbook
from finance.estimates.workbook.import_records import WaitingWorkbook, WorkbookImport
from finance.estimates.workflow import EDITABLE
from finance.findings import Finding
from finance.permissions import may, require

LONGEST_FILE_NAME = 200
MOST_WAITING = 5  # workbooks of one estimate that are kept while they are looked at
KEPT_FOR = timedelta(days=1)
UNDO_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a workbook said and did; nothing was changed when a finding blocks or a conflict is open.

    Attributes:
        added, changed, removed: keys of projects.
        draft: what the workbook asks; None when it could not be read as one.
        open_conflicts: what both sides changed and nobody has decided.
    """

    findings: tuple[Finding, ...]
    changes: DraftChanges
    draft: EstimateDraft | None
    edit_number: int
    sha256: str
    is_taken: bool
    open_conflicts: tuple[Conflict, ...] = ()

    @property
    def added(self) -> tuple[str, ...]:
        """Keys of the projects the import added."""
        return self.changes.added

    @property
    def changed(self) -> tuple[str, ...]:
        """Keys of the projects the import changed."""
        return self.changes.changed

    @property
    def removed(self) -> tuple[str, ...]:
        """Keys of the projects the import removed."""
        return self.changes.removed


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A workbook that is looked at."""

    file_name: str
    content: bytes
    uploaded_by: str


@dataclass(frozen=True, slots=True)
class UndoableImport:
    """An import that can still be undone.

    Attributes:
        is_edited: somebody changed the estimate since; undoing then keeps those changes.
    """

    id: int
    file_name: str
    taken_at: datetime
    taken_by: str
    is_edited: bool


def keep_upload(session: Session, actor: Actor, estimate_id: int, *, file_name: str, content: bytes) -> str:
    """Keep a workbook while it is looked at; nothing of the estimate changes.

    Args:
        content: passed `check_package`, so its size is bounded.

    Returns:
        Its SHA-256, by which it is found again. The same bytes are kept once; old ones go.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: as their names say.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    require(actor, Action.IMPORT_WORKBOOK, estimate.agency_id)
    if estimate.status not in EDITABLE:
        raise NotInThisStatus(estimate.status.label_vi, Action.IMPORT_WORKBOOK.label_vi)
    now = actor.moment.recorded_at
    session.execute(delete(WaitingWorkbook).where(WaitingWorkbook.expires_at <= now))
    sha256 = hashlib.sha256(content).hexdigest()
    of_estimate = WaitingWorkbook.estimate_id == estimate_id
    session.execute(delete(WaitingWorkbook).where(of_estimate, WaitingWorkbook.sha256 == sha256))
    newest_first = select(WaitingWorkbook.id).where(of_estimate).order_by(WaitingWorkbook.id.desc())
    too_many = list(session.scalars(newest_first.offset(MOST_WAITING - 1)))
    session.execute(delete(WaitingWorkbook).where(WaitingWorkbook.id.in_(too_many)))
    session.add(
        WaitingWorkbook(
            estimate_id=estimate_id,
            sha256=sha256,
            file_name=_short_name(file_name),
            content=content,
            uploaded_at=now,
            uploaded_by=actor.full_name,
            expires_at=now + KEPT_FOR,
        )
    )
    return sha256


def find_upload(session: Session, actor: Actor, estimate_id: int, sha256: str) -> WaitingFile | None:
    """The workbook that is looked at; None when its time is over.

    Raises:
        NotFound, NotAllowed: the estimate is none of his.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    require(actor, Action.IMPORT_WORKBOOK, estimate.agency_id)
    found = session.scalar(
        select(WaitingWorkbook).where(
            WaitingWorkbook.estimate_id == estimate_id,
            WaitingWorkbook.sha256 == sha256,
            WaitingWorkbook.expires_at > actor.moment.recorded_at,
        )
    )
    return WaitingFile(found.file_name, found.content, found.uploaded_by) if found else None


def import_workbook(
    session: Session, actor: Actor, estimate_id: int, *, file_name: str, content: bytes, seen_edit: int
) -> ImportReport:
    """Read an office's workbook and take it in: `take_workbook` for whoever has only the bytes.

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus, NotReady: like `take_workbook`.
    """
    opened = open_draft(session, actor, estimate_id, Action.IMPORT_WORKBOOK, seen_edit)
    estimate, today = opened.estimate, actor.moment.business_on
    context = check_context(session, estimate.round_id, estimate.agency_id, on=today)
    workbook = read_workbook(content, context, file_name=file_name)
    return take_workbook(session, actor, estimate_id, workbook=workbook, seen_edit=seen_edit)


def take_workbook(
    session: Session,
    actor: Actor,
    estimate_id: int,
    *,
    workbook: ReadWorkbook,
    seen_edit: int,
    choices: Mapping[str, Side] | None = None,
) -> ImportReport:
    """Take a workbook in that was read before, all of it or nothing.

    One that carries its base is merged with what was saved since; one without replaces the draft.

    Returns:
        What it did. A workbook that changes nothing changes not even the edit number. The original
        is kept with its hash, and what was there before is kept for a day.

    Raises:
        NotReady: what would be stored names something the program does not have (any more).
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: as their names say.
    """
    opened = open_draft(session, actor, estimate_id, Action.IMPORT_WORKBOOK, seen_edit)
    usable, edit = workbook.usable, opened.estimate.edit_number
    if usable is None:
        return ImportReport(
            workbook.findings, DraftChanges(), workbook.draft, edit, workbook.sha256, is_taken=False
        )
    plan = plan_import(usable, workbook.base, opened.draft, choices)
    if not plan.open_conflicts and plan.draft != opened.draft:
        _require_storable(session, actor, opened, plan.draft)
        _store_import(session, actor, opened, workbook, (plan.draft, plan.changes))
    return ImportReport(
        workbook.findings,
        DraftChanges() if plan.open_conflicts else plan.changes,
        usable,
        opened.estimate.edit_number,
        workbook.sha256,
        is_taken=not plan.open_conflicts,
        open_conflicts=plan.open_conflicts,
    )


def undo_import(
    session: Session, actor: Actor, estimate_id: int, *, import_id: int, seen_edit: int
) -> DraftChanges:
    """Undo an import of the last day; what was changed since stays, if the two do not collide.

    Returns:
        What undoing changed.

    Raises:
        RuleBroken: no such import any more, too late, undone already, another version is open, or
            later edits changed the same places.
        NotFound, NotAllowed, StaleVersion, NotInThisStatus, NotReady: as their names say.
    """
    opened = open_draft(session, actor, estimate_id, Action.IMPORT_WORKBOOK, seen_edit)
    done = session.get(WorkbookImport, import_id)
    if done is None or done.estimate_id != estimate_id:
        raise RuleBroken("Không còn lần nhập này để hoàn tác.")
    _require_undoable(done, opened, actor.moment.recorded_at)
    before, after = draft_from_text(done.before_text), draft_from_text(done.after_text)
    merged = merge_drafts(after, before, opened.draft)
    if merged.open_conflicts:
        raise RuleBroken(
            f"Không hoàn tác được: sau khi nhập đã có {len(merged.open_conflicts)} chỗ được sửa tiếp. "
            "Sửa trực tiếp ở trang dự án, hoặc tải tệp Excel về, sửa rồi nhập lại."
        )
    _require_storable(session, actor, opened, merged.draft)
    changes = compare_drafts(opened.draft, merged.draft)
    done.undone_at = actor.moment.recorded_at
    write_version(session, opened.estimate, opened.version, merged.draft, before=opened.draft)
    said = (f"Hoàn tác lần nhập từ tệp {done.file_name}.", *changes.sentences_vi)
    noted = DraftChanges(changes.added, changes.changed, changes.removed, said)
    note_changes(session, actor, opened, Action.SAVE_DRAFT, noted, {"undone_sha256": done.sha256})
    return changes


def latest_import(session: Session, actor: Actor, estimate_id: int) -> UndoableImport | None:
    """The last import, as long as it can be undone and this person may do it.

    Raises:
        NotFound: no such estimate, or none he may know of.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    query = (
        select(WorkbookImport)
        .where(WorkbookImport.estimate_id == estimate_id)
        .order_by(WorkbookImport.id.desc())
        .limit(1)
    )
    done = session.scalar(query)
    is_over = done is None or done.undone_at or done.taken_at + UNDO_FOR <= actor.moment.recorded_at
    is_his = may(actor, Action.IMPORT_WORKBOOK, estimate.agency_id)
    if done is None or is_over or not is_his or estimate.status not in EDITABLE:
        return None
    is_edited = estimate.edit_number != done.edit_number
    return UndoableImport(done.id, done.file_name, done.taken_at, done.taken_by, is_edited)


def _require_undoable(done: WorkbookImport, opened: OpenDraft, now: datetime) -> None:
    if done.undone_at is not None:
        raise RuleBroken("Lần nhập này đã được hoàn tác.")
    if done.taken_at + UNDO_FOR <= now:
        raise RuleBroken("Chỉ hoàn tác được trong một ngày sau khi nhập.")
    if done.version_id != opened.version.id:
        raise RuleBroken("Dự toán đã sang lần lập khác; không hoàn tác lần nhập của lần lập trước được.")


def _require_storable(session: Session, actor: Actor, opened: OpenDraft, draft: EstimateDraft) -> None:
    estimate, today = opened.estimate, actor.moment.business_on
    context = check_context(session, estimate.round_id, estimate.agency_id, on=today)
    unstorable = check_storable(draft, context)
    if unstorable:
        raise NotReady(unstorable)


def _store_import(
    session: Session,
    actor: Actor,
    opened: OpenDraft,
    workbook: ReadWorkbook,
    planned: tuple[EstimateDraft, DraftChanges],
) -> None:
    draft, changes = planned
    now, name = actor.moment.recorded_at, _short_name(workbook.file_name)
    write_version(session, opened.estimate, opened.version, draft, before=opened.draft)
    session.add(
        UploadedWorkbook(
            version_id=opened.version.id,
            file_name=name,
            sha256=workbook.sha256,
            content=workbook.content,
            uploaded_at=actor.moment.business_at,
            uploaded_by=actor.full_name,
        )
    )
    details = {"sha256": workbook.sha256}
    edit_number = note_changes(session, actor, opened, Action.IMPORT_WORKBOOK, changes, details)
    # What can no longer be undone is not kept.
    session.execute(delete(WorkbookImport).where(WorkbookImport.taken_at <= now - UNDO_FOR))
    session.add(
        WorkbookImport(
            estimate_id=opened.estimate.id,
            version_id=opened.version.id,
            edit_number=edit_number,
            file_name=name,
            sha256=workbook.sha256,
            before_text=draft_to_text(opened.draft),
            after_text=draft_to_text(draft),
            taken_at=now,
            taken_by=actor.full_name,
        )
    )


def _short_name(file_name: str) -> str:
    """The end of a name, without folders and on one line: its kind stands there."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    return " ".join(tidy_text(last).split())[-LONGEST_FILE_NAME:]
