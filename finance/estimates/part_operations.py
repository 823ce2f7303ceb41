"""Acts on the parts of co-agencies: invite, take, write, sign, and take back. One table says when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.agencies.queries import get_agency
from finance.agencies.records import Agency
from finance.audit import Change, Subject, record_change
from finance.errors import NotFound, NotInThisStatus, NotReady, RuleBroken, StaleVersion
from finance.estimates.checking.checks import check_storable
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, tidy_project
from finance.estimates.estimate_lookup import (
    PART_KIND,
    estimate_label,
    subject_kind_of,
)
from finance.estimates.inner_chain import alone_with_it
from finance.estimates.open_drafts import open_draft
from finance.estimates.part_checks import CheckedPart, check_part
from finance.estimates.part_queries import PartRow, find_part
from finance.estimates.parts.frame import component_name, frame_hash, require_same_frame
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import LIVE, PartStatus, lines_hash, part_step
from finance.estimates.project_json import line_to_json
from finance.estimates.records import Estimate
from finance.findings import Finding, blocking_findings
from finance.permissions import require
from finance.rounds.queries import list_outputs
from finance.vietnamese.normal import nfc


def invite_partner(
    session: Session,
    actor: Actor,
    estimate_id: int,
    *,
    project_key: str,
    agency_id: int,
    words: str,
    seen_edit: int,
) -> int:
    """Invite an office to do and ask for a part of a project.

    Returns:
        The part's id.

    Raises:
        NotFound: no such estimate, project or office.
        RuleBroken: the office is the lead itself, is invited already, or nothing is asked of it.
        NotAllowed, StaleVersion, NotInThisStatus: like `save_draft`.
    """
    opened = open_draft(session, actor, estimate_id, Action.INVITE_PARTNER, seen_edit)
    agency = get_agency(session, agency_id)
    if all(project.project_key != project_key for project in opened.draft.projects):
        raise NotFound("dự án", project_key)
    if agency_id == opened.estimate.agency_id:
        raise RuleBroken("Cơ quan chủ trì không tự mời mình phối hợp.")
    if not words.strip():
        raise RuleBroken("Phải ghi phần việc mời cơ quan phối hợp làm.")
    known = select(ProjectPart.id).where(
        ProjectPart.estimate_id == estimate_id,
        ProjectPart.project_key == project_key,
        ProjectPart.agency_id == agency_id,
        ProjectPart.status.in_(list(LIVE)),
    )
    if session.scalar(known) is not None:
        raise RuleBroken(f"{agency.short_vi} đã được mời phối hợp dự án này.")
    part = ProjectPart(
        estimate_id=estimate_id,
        project_key=project_key,
        agency_id=agency_id,
        status=PartStatus.INVITED,
        edit_number=1,
        words=nfc(words).strip(),
        lines=[],
    )
    session.add(part)
    session.flush()  # the audit names the part by its id
    change = Change(to_state=PartStatus.INVITED.label_vi, reason=part.words)
    _note(session, actor, part, Action.INVITE_PARTNER, opened.seat, change)
    return part.id


def withdraw_invitation(session: Session, actor: Actor, part_id: int, *, reason: str, seen_edit: int) -> None:
    """The lead takes the invitation back; the partner's lines stay with the part, unused.

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus, ReasonMissing: as their names say.
    """
    _move(session, actor, part_id, Action.WITHDRAW_INVITATION, seen_edit, reason)


def accept_part(session: Session, actor: Actor, part_id: int, *, seen_edit: int) -> None:
    """The co-agency takes the part and begins to write.

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: as their names say.
    """
    _move(session, actor, part_id, Action.ACCEPT_PART, seen_edit)


def decline_part(session: Session, actor: Actor, part_id: int, *, reason: str, seen_edit: int) -> None:
    """The co-agency's head declines, with the reason the lead reads.

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus, ReasonMissing: as their names say.
    """
    _move(session, actor, part_id, Action.DECLINE_PART, seen_edit, reason)


def reopen_part(session: Session, actor: Actor, part_id: int, *, reason: str, seen_edit: int) -> None:
    """The co-agency's head takes the signature back while the lead still drafts.

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus, ReasonMissing: as their names say.
    """
    part = _move(session, actor, part_id, Action.REOPEN_PART, seen_edit, reason)
    part.signed_frame = part.signed_lines = part.signed_by = ""
    part.signed_at = None


def save_part(
    session: Session,
    actor: Actor,
    part_id: int,
    *,
    lines: Sequence[LineDraft],
    seen_edit: int,
    seen_frame: str,
) -> list[Finding]:
    """Write the part's lines; mistakes may be saved and mended before the signature.

    Args:
        lines: one quantity for each level of the project as it was seen.
        seen_edit: of the part, as it was seen.
        seen_frame: what the lead's project was when the lines were typed (`parts.frame.frame_text`).

    Returns:
        Everything the checks say of the part now.

    Raises:
        FrameChanged: the lead has changed the project since.
        NotReady: a line names something the program does not have.
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: as their names say.
    """
    row = find_part(session, actor, part_id)
    require(actor, Action.SAVE_PART, row.agency_id)
    _require_still_in(row, Action.SAVE_PART, seen_edit)
    project = _seen_project(session, row, seen_frame)
    tidy = tidy_project(replace(project, lines=tuple(lines))).lines
    context = check_context(session, row.round_id, row.agency_id)
    unstorable = [
        finding
        for finding in check_storable(EstimateDraft((_bare(project, tidy),)), context)
        if "lines-" in finding.location.field
    ]
    if unstorable:
        raise NotReady(unstorable)
    part = _move(session, actor, part_id, Action.SAVE_PART, seen_edit)
    part.lines = [line_to_json(line) for line in tidy]
    session.flush()  # what is checked next counts the new lines
    return part_findings(session, find_part(session, actor, part_id), on=actor.moment.business_on)


def sign_part(session: Session, actor: Actor, part_id: int, *, seen_edit: int, seen_frame: str) -> None:
    """The co-agency's head signs its lines for the lead's project as it is now, which he has seen.

    Args:
        seen_edit: of the part, as it was seen.
        seen_frame: what the lead's project was then (`parts.frame.frame_text`).

    Raises:
        FrameChanged: the lead has changed the project since.
        NotReady: something blocks, among it the co-agency's own control figure.
        RuleBroken: the part has no lines.
        NotAllowed: the person wrote the part and the office has somebody else.
        NotFound, StaleVersion, NotInThisStatus: as their names say.
    """
    row = find_part(session, actor, part_id)
    require(actor, Action.SIGN_PART, row.agency_id)
    _require_still_in(row, Action.SIGN_PART, seen_edit)
    project = _seen_project(session, row, seen_frame)
    if not row.lines:
        raise RuleBroken("Phần phối hợp chưa có dòng chi nào để ký.")
    if any(len(line.quantities) != len(project.levels) for line in row.lines):
        raise RuleBroken("Các mức của dự án đã đổi; mời ghi lại số lượng từng mức rồi ký.")
    standing = blocking_findings(part_findings(session, row, on=actor.moment.business_on))
    if standing:
        raise NotReady(standing)
    alone = alone_with_it(
        session,
        actor,
        row.agency_id,
        _subject_of(session, row),
        action=Action.SIGN_PART,
        touching=frozenset({Action.SAVE_PART}),
    )
    part = _move(session, actor, part_id, Action.SIGN_PART, seen_edit, noted=alone)
    part.signed_frame, part.signed_lines = frame_hash(project), lines_hash(row.lines)
    part.signed_by, part.signed_at = actor.full_name, actor.moment.business_at


def part_findings(session: Session, row: PartRow, *, on: date | None = None) -> list[Finding]:
    """What the checks say on a day of the part's own lines and of the co-agency's control figures."""
    if row.project is None:
        return []
    return check_part(session, CheckedPart(row.round_id, row.agency_id, row.project, row.lines), on=on)


def _move(
    session: Session,
    actor: Actor,
    part_id: int,
    action: Action,
    seen_edit: int,
    reason: str = "",
    *,
    noted: Mapping[str, object] | None = None,
) -> ProjectPart:
    """Find, ask, refuse an old page, take the step of the table, audit."""
    row = find_part(session, actor, part_id)
    owner = row.lead_id if action is Action.WITHDRAW_INVITATION else row.agency_id
    seat = require(actor, action, owner)
    part = session.get_one(ProjectPart, part_id)
    _require_fresh(row, seen_edit)
    step = part_step(part.status, action, reason)
    if not row.is_lead_drafting:
        raise NotInThisStatus("cơ quan chủ trì đã trình dự toán", action.label_vi)
    change = Change(part.status.label_vi, step.next_status.label_vi, nfc(reason).strip(), dict(noted or {}))
    part.status, part.edit_number = step.next_status, part.edit_number + 1
    part.reason = nfc(reason).strip()
    _note(session, actor, part, action, seat, change)
    return part


def _require_still_in(row: PartRow, action: Action, seen_edit: int) -> None:
    """Who has left the project is not told what has changed in it since."""
    if row.is_over:
        _require_fresh(row, seen_edit)
        part_step(row.status, action)


def _require_fresh(row: PartRow, seen_edit: int) -> None:
    if row.edit_number != seen_edit:
        raise StaleVersion(seen_edit, row.edit_number)


def _note(
    session: Session, actor: Actor, part: ProjectPart, action: Action, seat: Seat, change: Change
) -> None:
    details = {
        "edit": part.edit_number,
        "project_key": part.project_key,
        "lead_estimate": part.estimate_id,
        **(change.details or {}),
    }
    noted = replace(change, details=details)
    record_change(session, actor, action, _subject(session, part), seat=seat, change=noted)


def _subject(session: Session, part: ProjectPart) -> Subject:
    office = session.get_one(Agency, part.agency_id).short_vi
    estimate = session.get_one(Estimate, part.estimate_id)
    return Subject(
        subject_kind_of(session, estimate.id, PART_KIND),
        part.id,
        f"Phần của {office} trong dự án {part.project_key}, {estimate_label(session, estimate)}",
    )


def _subject_of(session: Session, row: PartRow) -> Subject:
    return Subject(subject_kind_of(session, row.estimate_id, PART_KIND), row.id, row.label_vi)


def _project_of(row: PartRow) -> ProjectDraft:
    """The lead's project.

    Raises:
        RuleBroken: the lead has taken it out of the draft.
    """
    if row.project is None:
        raise RuleBroken(f"{row.lead_short} đã bỏ dự án {row.project_key} khỏi dự toán.")
    return row.project


def _seen_project(session: Session, row: PartRow, seen_frame: str) -> ProjectDraft:
    """The lead's project, which must be what the partner saw.

    Raises:
        RuleBroken: the lead has taken it out of the draft.
        FrameChanged: the lead has changed it since.
    """
    project = _project_of(row)
    outputs = list_outputs(session, row.round_id)
    names = {output.code: output.name_vi for output in outputs} | {
        component_name(output.code, one.code): one.name_vi for output in outputs for one in output.components
    }
    require_same_frame(seen_frame, project, names, row.edit_number)
    return project


def _bare(project: ProjectDraft, lines: Sequence[LineDraft]) -> ProjectDraft:
    """The lead's project with the partner's lines alone, to be checked as any project is."""
    return replace(project, lines=tuple(lines), promises=())
