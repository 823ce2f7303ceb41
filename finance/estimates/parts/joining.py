"""Co-agencies' lines join the lead's project when it is handed on, and leave it when it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.agencies.records import Agency
from finance.errors import RuleBroken
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.parts.frame import frame_hash
from finance.estimates.parts.records import JoinedLine, ProjectPart
from finance.estimates.parts.rules import LIVE, PartStatus, lines_hash
from finance.estimates.project_json import line_of_json
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.rows import ProjectRow
from finance.estimates.totals import draft_line_amount, estimate_total, requested_ordinal
from finance.estimates.version_reader import read_version
from finance.estimates.version_writer import write_version


def own_draft(session: Session, version_id: int, draft: EstimateDraft) -> EstimateDraft:
    """The draft without the lines that came from co-agencies: what the lead itself asks."""
    joined = joined_positions(session, version_id)
    if not joined:
        return draft
    return EstimateDraft(
        tuple(
            replace(
                project,
                lines=tuple(
                    line
                    for position, line in enumerate(project.lines, start=1)
                    if position not in joined.get(project.project_key, {})
                ),
            )
            for project in draft.projects
        )
    )


def own_rows(session: Session, version_id: int, projects: Sequence[ProjectRow]) -> list[ProjectRow]:
    """The stored projects without the lines that came from co-agencies."""
    joined = joined_positions(session, version_id)
    return [_lines_of(project, joined, None) for project in projects]


def partner_rows(
    session: Session, version_id: int, projects: Sequence[ProjectRow]
) -> dict[int, list[ProjectRow]]:
    """The lines that came from co-agencies: office -> the projects with that office's lines alone."""
    joined = joined_positions(session, version_id)
    offices = dict.fromkeys(office for lines in joined.values() for office in lines.values())
    return {
        office: [
            _lines_of(project, joined, office)
            for project in projects
            if office in joined.get(project.project_key, {}).values()
        ]
        for office in offices
    }


def _lines_of(project: ProjectRow, joined: dict[str, dict[int, int]], office: int | None) -> ProjectRow:
    """The project with the lines of one co-agency, or for None with the lead's own."""
    theirs = joined.get(project.project_key, {})
    return replace(
        project, lines=tuple(line for line in project.lines if theirs.get(line.position) == office)
    )


def joined_positions(session: Session, version_id: int) -> dict[str, dict[int, int]]:
    """Per project which lines came from which co-agency: position (1 for the first) -> office."""
    found: dict[str, dict[int, int]] = {}
    for row in session.scalars(select(JoinedLine).where(JoinedLine.version_id == version_id)):
        found.setdefault(row.project_key, {})[row.position] = row.agency_id
    return found


def partner_total(session: Session, version_ids: Sequence[int]) -> int:
    """What co-agencies' lines in these versions ask at the requested levels, in đồng."""
    with_partners = select(JoinedLine.version_id).where(JoinedLine.version_id.in_(version_ids)).distinct()
    return sum(
        estimate_total(rows)
        for version_id in session.scalars(with_partners)
        for rows in partner_rows(session, version_id, read_version(session, version_id)).values()
    )


def signed_parts_total(session: Session, estimate_id: int, draft: EstimateDraft) -> int:
    """What the signed parts will add to a draft when it is handed on, at the requested levels, in đồng.

    Args:
        session: for reading.
        estimate_id: whose parts.
        draft: the lead's own projects; a part whose project is gone or has changed since adds nothing.
    """
    projects = {project.project_key: project for project in draft.projects}
    return sum(
        draft_line_amount(line_of_json(data), requested_ordinal(projects[part.project_key].levels))
        for part in live_parts(session, estimate_id)
        if is_signature_valid(part, projects.get(part.project_key))
        for data in part.lines
    )


def join_parts(
    session: Session, estimate: Estimate, version: EstimateVersion, draft: EstimateDraft
) -> EstimateDraft:
    """Put every signed part's lines behind the lead's own; the estimate must still be a draft.

    Returns:
        The draft with the joined lines, as it is stored now.

    Raises:
        RuleBroken: a part is not signed, or was signed for another project than it is now.
    """
    parts = live_parts(session, estimate.id)
    if not parts:
        return draft
    projects = {project.project_key: project for project in draft.projects}
    names = _names(session, parts)
    for part in parts:
        hindrance = part_hindrance(part, projects.get(part.project_key), names[part.agency_id])
        if hindrance:
            raise RuleBroken(hindrance)
    for part in parts:
        project = projects[part.project_key]
        first = len(project.lines) + 1
        lines = [
            replace(line_of_json(data), note=_origin_note(data["note"], names[part.agency_id]))
            for data in part.lines
        ]
        projects[part.project_key] = replace(project, lines=(*project.lines, *lines))
        session.add_all(
            JoinedLine(
                version_id=version.id,
                project_key=part.project_key,
                position=first + number,
                part_id=part.id,
                agency_id=part.agency_id,
            )
            for number in range(len(lines))
        )
    joined = EstimateDraft(tuple(projects[project.project_key] for project in draft.projects))
    write_version(session, estimate, version, joined)
    return joined


def leave_parts(session: Session, estimate: Estimate, version: EstimateVersion, draft: EstimateDraft) -> None:
    """Take the co-agencies' lines out again; the parts keep them, and their signatures."""
    own = own_draft(session, version.id, draft)
    if own == draft:
        return
    session.execute(delete(JoinedLine).where(JoinedLine.version_id == version.id))
    write_version(session, estimate, version, own)


def is_signature_valid(part: ProjectPart, project: ProjectDraft | None) -> bool:
    """True when the part is signed, for these lines and for the project as it is now."""
    return (
        part.status is PartStatus.SIGNED
        and project is not None
        and part.signed_frame == frame_hash(project)
        and part.signed_lines == lines_hash([line_of_json(data) for data in part.lines])
    )


def part_hindrance(part: ProjectPart, project: ProjectDraft | None, office: str) -> str:
    """Why the lead cannot hand on with this part, as a sentence; empty when it can.

    Args:
        part: live.
        project: the lead's project as it is now, None when it is gone.
        office: short name of the co-agency.
    """
    if project is None:
        return f"Dự án {part.project_key} đã bị xóa nhưng {office} còn phần phối hợp; mời rút lời mời trước."
    if part.status is not PartStatus.SIGNED:
        return f"Chờ {office} ký phần phối hợp của dự án {part.project_key} ({part.status.label_vi})."
    if not is_signature_valid(part, project):
        return f"Dự án {part.project_key} đã thay đổi sau khi {office} ký; phần phối hợp phải được ký lại."
    return ""


def live_parts(session: Session, estimate_id: int) -> list[ProjectPart]:
    """The parts an estimate must be handed on with, oldest first."""
    query = select(ProjectPart).where(
        ProjectPart.estimate_id == estimate_id, ProjectPart.status.in_(list(LIVE))
    )
    return list(session.scalars(query.order_by(ProjectPart.id)))


def _names(session: Session, parts: list[ProjectPart]) -> dict[int, str]:
    ids = [part.agency_id for part in parts]
    return dict(session.execute(select(Agency.id, Agency.short_vi).where(Agency.id.in_(ids))).all())


def _origin_note(note: str, office: str) -> str:
    origin = f"Phần của {office}"
    return f"{origin}. {note}" if note else origin
