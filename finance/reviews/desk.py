"""One file opened on a reviewer's desk: found, permitted, untouched, in the right status, and fresh.

Several officers judge one estimate at once, so a row is stale only when that very row was judged
since the page was made; the whole file is stale when anything was. The audit tells the two apart:
every act of this room notes the edit number it made and the rows it judged.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.audit import AuditEntry, Change, Subject, audit_sentence, record_change
from finance.errors import NotFound, NotInThisStatus, StaleVersion
from finance.estimates.estimate_lookup import (
    estimate_subject,
    get_current_version,
    get_visible_estimate,
    subject_kind_of,
)
from finance.estimates.records import Estimate, EstimateProject, EstimateVersion
from finance.estimates.separation import require_no_hand
from finance.estimates.workflow import EstimateStatus
from finance.permissions import require
from finance.reviews.audit_notes import Note

# A row that is not there and a row of a file one may not know of are refused in the same words.
FILE_VI = "dự toán"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """An estimate the actor may judge now, and the seat he does it from."""

    estimate: Estimate
    version_id: int
    subject: Subject
    seat: Seat


def open_file(
    session: Session, actor: Actor, action: Action, estimate_id: int, *, statuses: Collection[EstimateStatus]
) -> OpenFile:
    """Find the estimate, ask for the right, keep off whoever prepared it, and look where it stands.

    Raises:
        NotFound: no such estimate, or none the actor may know of.
        NotAllowed: the act is not his, or he had a hand in it, a part of it or one it was taken from.
        NotInThisStatus: the procedure has no such act here.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    seat = require(actor, action, estimate.agency_id)
    require_no_hand(session, actor, action, [estimate.id])
    if estimate.status not in statuses:
        raise NotInThisStatus(estimate.status.label_vi, action.label_vi)
    version_id = get_current_version(session, estimate).id
    return OpenFile(estimate, version_id, estimate_subject(session, estimate), seat)


def require_current_version(session: Session, file: OpenFile, project: EstimateProject) -> None:
    """Refuse to judge a project of an earlier version: the office has sent another since.

    Raises:
        StaleVersion: the project is not of the version the estimate is at.
    """
    if project.version_id == file.version_id:
        return
    old = session.get_one(EstimateVersion, project.version_id).number
    now = file.estimate.version_number
    raise StaleVersion(old, now, (f"Đơn vị đã lập lại: lần {old} được thay bằng lần {now}.",))


def require_fresh_rows(session: Session, file: OpenFile, rows: Collection[str], seen_edit: int) -> None:
    """Refuse an act on rows that somebody judged since the page was made.

    Raises:
        StaleVersion: with who judged them; also when the page claims to be newer than the file.
    """
    current = file.estimate.edit_number
    if seen_edit == current:
        return
    changed = _acts_on(session, file, frozenset(rows), seen_edit)
    if changed or seen_edit > current:
        raise StaleVersion(seen_edit, current, changed)


def close_file(session: Session, actor: Actor, action: Action, file: OpenFile, *, note: Note) -> int:
    """Write the act into the audit and count the edit.

    Returns:
        The estimate's new edit number.
    """
    file.estimate.edit_number += 1
    details: dict[str, Any] = {
        **(note.change.details or {}),
        "edit": file.estimate.edit_number,
        "version": file.estimate.version_number,
        "rows": sorted(note.rows),
    }
    change = Change(note.change.from_state[:80], note.change.to_state[:80], note.change.reason, details)
    subject = Subject(file.subject.kind, file.subject.id, f"{file.subject.label}, {note.what_vi}")
    record_change(session, actor, action, subject, seat=file.seat, change=change)
    return file.estimate.edit_number


def find_project(session: Session, project_id: int) -> tuple[EstimateProject, int]:
    """A project and the id of its estimate.

    Raises:
        NotFound: no such project.
    """
    query = (
        select(EstimateProject, EstimateVersion.estimate_id)
        .join(EstimateVersion, EstimateVersion.id == EstimateProject.version_id)
        .where(EstimateProject.id == project_id)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound(FILE_VI, project_id)
    return found[0], found[1]


def _acts_on(session: Session, file: OpenFile, rows: frozenset[str], seen_edit: int) -> list[str]:
    """Every act on these rows after that edit, as sentences, oldest first."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == subject_kind_of(session, file.estimate.id),
            AuditEntry.subject_id == file.estimate.id,
        )
        .order_by(AuditEntry.id.desc())
    )
    found: list[str] = []
    for entry in session.scalars(query):
        edit = entry.details.get("edit", seen_edit + 1)
        if edit <= seen_edit:
            break
        if rows & set(entry.details.get("rows", ())):
            found.append(audit_sentence(entry))
    return found[::-1]
