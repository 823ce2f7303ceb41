"""Whether a frozen version still says what its head signed: asked at every door it goes through."""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.dossiers.dossier_writer import require_sealed
from finance.errors import RecordDamaged
from finance.estimates.records import EstimateVersion
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.version_writer import draft_digest


def require_as_signed(session: Session, version: EstimateVersion) -> None:
    """Refuse to send, hand up or take in what is not, word for word, what was signed.

    Raises:
        RecordDamaged: lines, dossiers, papers or reasons were changed behind the program's back.
    """
    if draft_digest(draft_of_rows(read_version(session, version.id))) != version.content_hash:
        raise RecordDamaged(f"version {version.id} is not what was signed")
    require_sealed(session, version.id)
