"""Reading the parts of co-agencies: for the two offices a part concerns, and what each may do with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function
from finance.agencies.records import Agency
from finance.errors import NotFound, NotInThisStatus
from finance.estimates.draft import LineDraft, ProjectDraft
from finance.estimates.estimate_lookup import get_current_version
from finance.estimates.parts.joining import is_signature_valid
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import LIVE, PartStatus, part_step
from finance.estimates.project_json import line_of_json
from finance.estimates.records import Estimate
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.workflow import EDITABLE
from finance.permissions import may


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part as pages show it.

    Attributes:
        project: the lead's project as it is now; None when it is gone, or no longer the reader's to see.
    """

    id: int
    estimate_id: int
    project_key: str
    agency_id: int
    agency_short: str
    lead_id: int
    lead_short: str
    label_vi: str
    status: PartStatus
    edit_number: int
    words: str
    lines: tuple[LineDraft, ...]
    reason: str
    signed_by: str
    project: ProjectDraft | None
    is_lead_drafting: bool
    is_signature_valid: bool
    round_id: int

    @property
    def is_over(self) -> bool:
        """True when it was declined or withdrawn, and the co-agency has no hand in the project any more."""
        return self.status not in LIVE


def part_row(session: Session, actor: Actor, part_id: int) -> PartRow:
    """The part, for the two offices it concerns.

    Raises:
        NotFound: no such part, or neither of the offices is the person's.
    """
    return _as_read(actor, find_part(session, actor, part_id))


def list_parts(session: Session, actor: Actor, round_id: int) -> list[PartRow]:
    """The parts of the person's offices, as lead or partner, in the round."""
    offices = actor.agencies_of([Function.PREPARE])
    query = (
        select(ProjectPart)
        .join(Estimate, Estimate.id == ProjectPart.estimate_id)
        .where(
            Estimate.round_id == round_id,
            ProjectPart.agency_id.in_(offices) | Estimate.agency_id.in_(offices),
        )
    )
    return [_as_read(actor, _row(session, part)) for part in session.scalars(query.order_by(ProjectPart.id))]


def part_acts(actor: Actor, row: PartRow) -> frozenset[Action]:
    """What the person may do with the part now."""
    wanted = (
        (Action.WITHDRAW_INVITATION, row.lead_id),
        (Action.ACCEPT_PART, row.agency_id),
        (Action.DECLINE_PART, row.agency_id),
        (Action.SAVE_PART, row.agency_id),
        (Action.SIGN_PART, row.agency_id),
        (Action.REOPEN_PART, row.agency_id),
    )
    if not row.is_lead_drafting:
        return frozenset()
    return frozenset(
        action
        for action, owner in wanted
        if may(actor, action, owner)
        and _is_open(row.status, action)
        and not (action is Action.SIGN_PART and row.is_signature_valid)
    )


def find_part(session: Session, actor: Actor, part_id: int) -> PartRow:
    """The part with the project as it is stored, to be acted on by one of the two offices.

    Raises:
        NotFound: no such part, or neither of the offices is the person's.
    """
    part = session.get(ProjectPart, part_id)
    if part is not None:
        row = _row(session, part)
        if actor.agencies_of([Function.PREPARE]) & {row.agency_id, row.lead_id}:
            return row
    raise NotFound("phần phối hợp", part_id)


def _as_read(actor: Actor, row: PartRow) -> PartRow:
    """Without the lead's project for a co-agency that has left it: what the lead drafts on is its own."""
    if row.is_over and row.lead_id not in actor.agencies_of([Function.PREPARE]):
        return replace(row, project=None)
    return row


def _is_open(status: PartStatus, action: Action) -> bool:
    try:
        part_step(status, action, "?")
    except NotInThisStatus:
        return False
    return True


def _row(session: Session, part: ProjectPart) -> PartRow:
    estimate = session.get_one(Estimate, part.estimate_id)
    version = get_current_version(session, estimate)
    projects = draft_of_rows(read_version(session, version.id)).projects
    project = next((one for one in projects if one.project_key == part.project_key), None)
    lead, partner = session.get_one(Agency, estimate.agency_id), session.get_one(Agency, part.agency_id)
    return PartRow(
        id=part.id,
        estimate_id=estimate.id,
        project_key=part.project_key,
        agency_id=partner.id,
        agency_short=partner.short_vi,
        lead_id=lead.id,
        lead_short=lead.short_vi,
        label_vi=f"Phần của {partner.short_vi} trong dự án {part.project_key} do {lead.short_vi} chủ trì",
        status=part.status,
        edit_number=part.edit_number,
        words=part.words,
        lines=tuple(line_of_json(data) for data in part.lines),
        reason=part.reason,
        signed_by=part.signed_by,
        project=project,
        is_lead_drafting=estimate.status in EDITABLE,
        is_signature_valid=is_signature_valid(part, project),
        round_id=estimate.round_id,
    )
