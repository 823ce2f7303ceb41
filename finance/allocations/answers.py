"""The answer an office reads: asked, appraised, allocated, and why. For offices only after approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function
from finance.agencies.queries import agencies_with_function, get_agency
from finance.allocations.queries import AwardRow, award_rows, find_decision
from finance.allocations.records import AllocationDecision, Award
from finance.allocations.rules import DecisionStatus
from finance.permissions import may, require
from finance.reviews.queries import appraised_projects, current_version_id
from finance.rounds.queries import get_round
from finance.vietnamese.dates import format_date

RECIPIENT_FUNCTIONS = (
    Function.ALLOCATION_CONSOLIDATION,
    Function.ESTIMATE_APPRAISAL,
    Function.CONTENT_APPRAISAL,
    Function.INSPECTION,
)


@dataclass(frozen=True, slots=True)
class SignedAllocation:
    """The number and day of a round's approved allocation; public once it is signed."""

    number: str
    signed_on: date | None

    @property
    def words_vi(self) -> str:
        """Such as “quyết định số 412/QĐ-UBND ngày 20/03/2012”."""
        day = f" ngày {format_date(self.signed_on)}" if self.signed_on else ""
        return f"quyết định số {self.number}{day}"


@dataclass(frozen=True, slots=True)
class AgencyAnswer:
    """What one office asked, what was appraised and allocated, project by project.

    Attributes:
        is_decided: False until approval; an office then sees no project at all.
        awards: in the office's own order; each with at most three sentences why.
        recipients: names under "Nơi nhận", the office first.
    """

    round_id: int
    round_name: str
    agency_id: int
    agency_name: str
    agency_short: str
    is_decided: bool
    number: str
    signed_on: date | None
    approved_by: str
    awards: tuple[AwardRow, ...]
    recipients: tuple[str, ...]

    @property
    def asked_vnd(self) -> int:
        """What was asked of the pool's sources, đồng."""
        return sum(row.asked_vnd for row in self.awards)

    @property
    def appraised_vnd(self) -> int:
        """What appraisal left, đồng."""
        return sum(row.appraised_vnd for row in self.awards)

    @property
    def allocated_vnd(self) -> int:
        """What is allocated, đồng."""
        return sum(row.amount_vnd for row in self.awards)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One office in the list of answers; amounts in đồng."""

    agency_id: int
    agency_short: str
    project_count: int
    funded_count: int
    asked_vnd: int
    appraised_vnd: int
    allocated_vnd: int


def signed_allocation(session: Session, round_id: int) -> SignedAllocation | None:
    """The allocation of the round that was approved, or None before there is one."""
    decision = find_decision(session, round_id)
    if decision is None or decision.status is not DecisionStatus.APPROVED:
        return None
    return SignedAllocation(decision.number, decision.signed_on)


def missed_allocation(session: Session, round_id: int, estimate_id: int) -> SignedAllocation | None:
    """The approved allocation that came before this estimate was ready; its projects wait for another round.

    Returns:
        None when the round has no approved allocation yet, when it holds a project of the estimate, or
        when the estimate asks nothing of the pool.
    """
    signed = signed_allocation(session, round_id)
    projects = appraised_projects(session, current_version_id(session, estimate_id)) if signed else []
    asking = [one.project.id for one in projects if one.is_pool]
    if not asking:
        return None
    awarded = (
        select(Award.id)
        .join(AllocationDecision, AllocationDecision.id == Award.decision_id)
        .where(AllocationDecision.round_id == round_id, Award.project_id.in_(asking))
    )
    return signed if session.scalar(awarded.limit(1)) is None else None


def answer_of_agency(session: Session, actor: Actor, round_id: int, agency_id: int) -> AgencyAnswer:
    """What a round answered one office.

    Raises:
        NotFound: no such round or office.
        NotAllowed: the answer belongs to another office and the actor's office does not judge it.
    """
    round_row, agency = get_round(session, round_id), get_agency(session, agency_id)
    require(actor, Action.VIEW_ANSWER, agency_id)
    decision = find_decision(session, round_id)
    is_decided = decision is not None and decision.status is DecisionStatus.APPROVED
    rows = award_rows(session, decision) if decision and (is_decided or _sees_proposals(actor)) else []
    return AgencyAnswer(
        round_id=round_id,
        round_name=round_row.name_vi,
        agency_id=agency_id,
        agency_name=agency.name_vi,
        agency_short=agency.short_vi,
        is_decided=is_decided,
        number=decision.number if decision and is_decided else "",
        signed_on=decision.signed_on if decision and is_decided else None,
        approved_by=decision.approved_by if decision and is_decided else "",
        awards=tuple(
            sorted((row for row in rows if row.agency_id == agency_id), key=lambda row: row.priority)
        ),
        recipients=_recipients(session, agency_id, agency.name_vi, actor.moment.business_on),
    )


def list_answers(session: Session, actor: Actor, round_id: int) -> list[AnswerLine]:
    """The offices whose answers the actor may read, in the order of their names; none before there is one.

    Raises:
        NotFound: no such round.
    """
    get_round(session, round_id)
    decision = find_decision(session, round_id)
    if decision is None:
        return []
    if decision.status is not DecisionStatus.APPROVED and not _sees_proposals(actor):
        return []
    by_agency: dict[int, list[AwardRow]] = {}
    for row in award_rows(session, decision):
        if may(actor, Action.VIEW_ANSWER, row.agency_id):
            by_agency.setdefault(row.agency_id, []).append(row)
    return [_answer_line(rows) for rows in by_agency.values()]


def _sees_proposals(actor: Actor) -> bool:
    """Offices that take part in the decision see it before it is approved; others do not."""
    return may(actor, Action.VIEW_ALLOCATION)


def _answer_line(rows: list[AwardRow]) -> AnswerLine:
    return AnswerLine(
        rows[0].agency_id,
        rows[0].agency_short,
        len(rows),
        sum(1 for row in rows if row.level_id is not None),
        sum(row.asked_vnd for row in rows),
        sum(row.appraised_vnd for row in rows),
        sum(row.amount_vnd for row in rows),
    )


def _recipients(session: Session, agency_id: int, agency_name: str, on: date) -> tuple[str, ...]:
    names = [agency_name]
    for function in RECIPIENT_FUNCTIONS:
        names += [row.name_vi for row in agencies_with_function(session, function, on) if row.id != agency_id]
    return tuple(dict.fromkeys(names))
