"""Reading what is attached, as small frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from finance.attachments.records import AttachedFile, StoredFile
from finance.attachments.rules import FileKind, ScanState
from finance.errors import NotFound


@dataclass(frozen=True, slots=True)
class AttachedRow:
    """A paper of a project, without its bytes.

    Units:
        `size_bytes` in bytes.
    """

    id: int
    version_id: int
    project_key: str
    paper_code: str
    file_name: str
    sha256: str
    size_bytes: int
    kind: FileKind
    scan_state: ScanState
    attached_at: datetime
    attached_by: str


def list_attached(session: Session, version_id: int) -> list[AttachedRow]:
    """The papers of a version in the order they were attached."""
    query = _attached().where(AttachedFile.version_id == version_id).order_by(AttachedFile.id)
    return [AttachedRow(*row) for row in session.execute(query)]


def get_attached(session: Session, attached_id: int) -> AttachedRow:
    """One paper.

    Raises:
        NotFound: no such paper.
    """
    row = session.execute(_attached().where(AttachedFile.id == attached_id)).first()
    if row is None:
        raise NotFound("tệp đính kèm", attached_id)
    return AttachedRow(*row)


def find_scan(session: Session, sha256: str) -> ScanState | None:
    """What is known of a content that was stored before, or None for a new one."""
    return session.scalar(select(StoredFile.scan_state).where(StoredFile.sha256 == sha256))


def hashes_in_use(session: Session) -> set[str]:
    """Every content some paper names."""
    query = select(StoredFile.sha256).join(AttachedFile, AttachedFile.file_id == StoredFile.id)
    return set(session.scalars(query))


def stored_sizes(session: Session) -> dict[str, int]:
    """Bytes by hash of every content that some paper names."""
    query = select(StoredFile.sha256, StoredFile.size_bytes).join(
        AttachedFile, AttachedFile.file_id == StoredFile.id
    )
    return dict(session.execute(query).all())


def list_unscanned(session: Session) -> list[str]:
    """Hashes of the contents no scanner has judged, oldest first."""
    states = [ScanState.WAITING, ScanState.UNSCANNED]
    query = select(StoredFile.sha256).where(StoredFile.scan_state.in_(states)).order_by(StoredFile.id)
    return list(session.scalars(query))


def count_by_scan_state(session: Session) -> dict[ScanState, int]:
    """How many contents stand in which state."""
    query = select(StoredFile.scan_state, func.count()).group_by(StoredFile.scan_state)
    return dict(session.execute(query).all())


def _attached() -> Select[*tuple[Any, ...]]:
    return select(
        AttachedFile.id,
        AttachedFile.version_id,
        AttachedFile.project_key,
        AttachedFile.paper_code,
        AttachedFile.file_name,
        StoredFile.sha256,
        StoredFile.size_bytes,
        StoredFile.kind,
        StoredFile.scan_state,
        AttachedFile.attached_at,
        AttachedFile.attached_by,
    ).join(StoredFile, StoredFile.id == AttachedFile.file_id)
