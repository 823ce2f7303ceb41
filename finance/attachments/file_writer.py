"""Writing what is attached. Who may, and to what, was decided by the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.attachments.records import AttachedFile, StoredFile
from finance.attachments.rules import FileKind, ScanState
from finance.errors import NotFound


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was looked at and lies in the store, not yet attached anywhere.

    Attributes:
        name: tidied.

    Units:
        `size_bytes` in bytes.
    """

    sha256: str
    name: str
    size_bytes: int
    kind: FileKind
    scan_state: ScanState
    scan_words: str = ""


@dataclass(frozen=True, slots=True)
class PaperPlace:
    """Where a paper belongs: a project of a version, and as which paper."""

    version_id: int
    project_key: str
    paper_code: str


def add_attached(session: Session, place: PaperPlace, kept: KeptFile, *, at: datetime, by: str) -> int:
    """Attach a kept file.

    Returns:
        Id of the paper; the same when this very file was attached there before.
    """
    stored = _stored_file(session, kept, at)
    same = select(AttachedFile.id).where(
        AttachedFile.version_id == place.version_id,
        AttachedFile.project_key == place.project_key,
        AttachedFile.paper_code == place.paper_code,
        AttachedFile.file_id == stored.id,
    )
    known = session.scalar(same)
    if known is not None:
        return known
    attached = AttachedFile(
        version_id=place.version_id,
        project_key=place.project_key,
        paper_code=place.paper_code,
        file_id=stored.id,
        file_name=kept.name,
        attached_at=at,
        attached_by=by,
    )
    session.add(attached)
    session.flush()  # the id is answered
    return attached.id


def remove_attached(session: Session, attached_id: int) -> None:
    """Take a paper off; its bytes stay until a sweep finds that nobody names them."""
    session.execute(delete(AttachedFile).where(AttachedFile.id == attached_id))


def copy_attached(session: Session, from_version_id: int, to_version_id: int) -> None:
    """Carry the papers of a version over to the next one; the bytes are shared."""
    query = select(AttachedFile).where(AttachedFile.version_id == from_version_id).order_by(AttachedFile.id)
    session.add_all(
        AttachedFile(
            version_id=to_version_id,
            project_key=row.project_key,
            paper_code=row.paper_code,
            file_id=row.file_id,
            file_name=row.file_name,
            attached_at=row.attached_at,
            attached_by=row.attached_by,
        )
        for row in session.scalars(query).all()
    )


def note_scan(session: Session, sha256: str, state: ScanState, words: str, *, at: datetime) -> None:
    """Keep what the scanner said of a content.

    Raises:
        NotFound: no such content.
    """
    stored = session.scalar(select(StoredFile).where(StoredFile.sha256 == sha256))
    if stored is None:
        raise NotFound("tệp đính kèm", sha256)
    stored.scan_state, stored.scan_words, stored.scanned_at = state, words, at


def forget_unattached(session: Session) -> int:
    """Remove records of contents that no paper names any more.

    Returns:
        How many.
    """
    named = select(AttachedFile.file_id)
    gone = session.scalars(select(StoredFile).where(StoredFile.id.not_in(named))).all()
    for stored in gone:
        session.delete(stored)
    return len(gone)


def _stored_file(session: Session, kept: KeptFile, at: datetime) -> StoredFile:
    stored = session.scalar(select(StoredFile).where(StoredFile.sha256 == kept.sha256))
    if stored is None:
        stored = StoredFile(sha256=kept.sha256, size_bytes=kept.size_bytes, kind=kept.kind)
        _judge(stored, kept, at)
        session.add(stored)
        session.flush()  # the paper needs its id
    elif stored.scan_state is not ScanState.SUSPECT and kept.scan_state is not ScanState.UNSCANNED:
        # The same content, looked at again: the newer word holds, but a suspicion is never talked away.
        _judge(stored, kept, at)
    return stored


def _judge(stored: StoredFile, kept: KeptFile, at: datetime) -> None:
    is_judged = kept.scan_state in {ScanState.CLEAN, ScanState.SUSPECT}
    stored.scan_state, stored.scan_words = kept.scan_state, kept.scan_words
    stored.scanned_at = at if is_judged else None
