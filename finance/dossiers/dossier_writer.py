"""Writing dossiers and what hangs beside them. Whether the version is open was decided by the caller."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.attachments.file_writer import copy_attached
from finance.attachments.queries import list_attached
from finance.dossiers.queries import find_seal, list_passed_warnings, read_dossiers
from finance.dossiers.records import (
    DossierCondition,
    DossierOutput,
    DossierOutturn,
    DossierRunningCost,
    DossierSeal,
    PassedWarning,
    ProjectDossier,
)
from finance.dossiers.rules import Dossier
from finance.errors import RecordDamaged
from finance.labels import LabelledEnum
from finance.record_base import canonical_json

PARTS = (DossierCondition, DossierOutput, DossierOutturn, DossierRunningCost)


def write_dossier(session: Session, version_id: int, dossier: Dossier) -> None:
    """Replace the dossier of one project by this one; an empty one leaves nothing."""
    remove_dossier(session, version_id, dossier.project_key)
    if dossier.is_empty:
        return
    head = ProjectDossier(
        version_id=version_id,
        project_key=dossier.project_key,
        minimum_level=dossier.minimum_level,
        minimum_reason=dossier.minimum_reason,
        continuity=dossier.continuity,
        after_costs=dossier.after_costs,
        savings_vnd=dossier.savings_vnd,
        savings_note=dossier.savings_note,
    )
    session.add(head)
    session.flush()  # the parts need its id
    session.add_all(_part_rows(head.id, dossier))
    session.flush()  # what is read next must see the new rows


def remove_dossier(session: Session, version_id: int, project_key: str) -> None:
    """Take the dossier of one project away, if there is one."""
    ids = select(ProjectDossier.id).where(
        ProjectDossier.version_id == version_id, ProjectDossier.project_key == project_key
    )
    for part in PARTS:
        session.execute(delete(part).where(part.dossier_id.in_(ids)))
    session.execute(delete(ProjectDossier).where(ProjectDossier.id.in_(ids)))


def copy_dossiers(session: Session, from_version_id: int, to_version_id: int) -> None:
    """Carry dossiers, papers and passed warnings of a version over to the next one."""
    for dossier in read_dossiers(session, from_version_id).values():
        write_dossier(session, to_version_id, dossier)
    copy_attached(session, from_version_id, to_version_id)
    passed = select(PassedWarning).where(PassedWarning.version_id == from_version_id)
    session.add_all(
        PassedWarning(
            version_id=to_version_id,
            code=row.code,
            words_hash=row.words_hash,
            message_vi=row.message_vi,
            reason=row.reason,
            passed_at=row.passed_at,
            passed_by=row.passed_by,
        )
        for row in session.scalars(passed.order_by(PassedWarning.id)).all()
    )


def dossier_digest(session: Session, version_id: int) -> str:
    """SHA-256 of all dossiers, papers and reasons of a version."""
    said = {
        "dossiers": [asdict(dossier) for dossier in read_dossiers(session, version_id).values()],
        "papers": sorted(
            [row.project_key, row.paper_code, row.file_name, row.sha256]
            for row in list_attached(session, version_id)
        ),
        "passed": sorted(
            [row.code, row.words_hash, row.reason, row.passed_by]
            for row in list_passed_warnings(session, version_id)
        ),
    }
    return hashlib.sha256(canonical_json(_plain(said)).encode()).hexdigest()


def seal_dossiers(session: Session, version_id: int) -> None:
    """Note the digest at signing."""
    break_seal(session, version_id)
    session.add(DossierSeal(version_id=version_id, content_hash=dossier_digest(session, version_id)))


def break_seal(session: Session, version_id: int) -> None:
    """A signature given before is void."""
    session.execute(delete(DossierSeal).where(DossierSeal.version_id == version_id))


def require_sealed(session: Session, version_id: int) -> None:
    """Refuse to go on with dossiers that are not those that were signed.

    Raises:
        RecordDamaged: somebody changed stored rows behind the program's back.
    """
    seal = find_seal(session, version_id)
    # A version signed before there were dossiers has no seal, and nothing that could have changed.
    if seal is not None and seal != dossier_digest(session, version_id):
        raise RecordDamaged(f"dossiers of version {version_id} are not what was signed")


def _part_rows(dossier_id: int, dossier: Dossier) -> Sequence[object]:
    return [
        *(DossierCondition(dossier_id=dossier_id, **_columns(answer)) for answer in dossier.conditions),
        *(DossierOutput(dossier_id=dossier_id, **_columns(evidence)) for evidence in dossier.outputs),
        *(DossierOutturn(dossier_id=dossier_id, **_columns(figure)) for figure in dossier.outturns),
        *(
            DossierRunningCost(dossier_id=dossier_id, position=position, **_columns(cost))
            for position, cost in enumerate(dossier.running_costs, start=1)
        ),
    ]


def _columns(part: object) -> dict[str, object]:
    """The parts of a dossier name their fields as the columns do."""
    return asdict(part)  # type: ignore[call-overload, no-any-return]


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, LabelledEnum) else value
