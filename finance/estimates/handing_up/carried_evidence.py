"""Dossiers and papers that came in with a project from an office below: brought with it, taken out with it.

Which rows were carried is read from what was handed up: a paper is the commune's when the same person
attached the same file at the same instant there. What the upper office attached itself is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.attachments.records import AttachedFile
from finance.dossiers.dossier_writer import remove_dossier, write_dossier
from finance.dossiers.queries import read_dossiers
from finance.estimates.handing_up.records import EstimateHandover
from finance.estimates.records import Estimate

LONGEST_KEY = 40


def key_above(office_code: str, project_key: str) -> str:
    """Under which key a project of an office below stands in the estimate above."""
    return f"{office_code}.{project_key}"[-LONGEST_KEY:]


def carry_evidence(session: Session, from_version: int, to_version: int, new_keys: Mapping[str, str]) -> None:
    """Dossiers and papers go with their project, under its new key.

    Args:
        session: open write session; what was carried before is gone (`drop_carried`).
        from_version: as it was handed up.
        to_version: the upper office's draft.
        new_keys: key above by key below, of the projects that were taken in.
    """
    for key, dossier in read_dossiers(session, from_version).items():
        if key in new_keys:
            write_dossier(session, to_version, replace(dossier, project_key=new_keys[key]))
    there = {(paper.project_key, paper.paper_code, paper.file_id) for paper in _papers(session, to_version)}
    session.add_all(
        AttachedFile(
            version_id=to_version,
            project_key=new_keys[paper.project_key],
            paper_code=paper.paper_code,
            file_id=paper.file_id,
            file_name=paper.file_name,
            attached_at=paper.attached_at,
            attached_by=paper.attached_by,
        )
        for paper in _papers(session, from_version)
        if paper.project_key in new_keys
        # The upper office may have attached this very file itself while the project was away.
        and (new_keys[paper.project_key], paper.paper_code, paper.file_id) not in there
    )
    session.flush()  # what is read next must see the new rows


def drop_carried(session: Session, lower: Estimate, office_code: str, upper_version: int) -> None:
    """Take out of the upper draft every dossier and paper that any version of this estimate brought in.

    The bytes of a paper stay until a sweep finds that nobody names them.
    """
    handed = select(EstimateHandover.version_id).where(EstimateHandover.estimate_id == lower.id)
    carried: set[tuple[object, ...]] = set()
    for version_id in session.scalars(handed).all():
        carried |= {
            _mark(paper, key_above(office_code, paper.project_key)) for paper in _papers(session, version_id)
        }
        for key in read_dossiers(session, version_id):
            remove_dossier(session, upper_version, key_above(office_code, key))
    gone = [
        paper.id for paper in _papers(session, upper_version) if _mark(paper, paper.project_key) in carried
    ]
    session.execute(delete(AttachedFile).where(AttachedFile.id.in_(gone)))


def _mark(paper: AttachedFile, key: str) -> tuple[object, ...]:
    return key, paper.paper_code, paper.file_id, paper.attached_at, paper.attached_by


def _papers(session: Session, version_id: int) -> list[AttachedFile]:
    query = select(AttachedFile).where(AttachedFile.version_id == version_id).order_by(AttachedFile.id)
    return list(session.scalars(query))
