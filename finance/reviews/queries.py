"""Reading what was judged: asked beside appraised, what may be allocated, what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function
from finance.agencies.queries import agencies_with_function
from finance.agencies.records import Agency
from finance.estimates.estimate_lookup import stays_private
from finance.estimates.handing_up.sending_time import RoundHours, round_hours
from finance.estimates.parts.joining import own_rows
from finance.estimates.parts.money import sent_part_charges
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.rows import ProjectRow
from finance.estimates.separation import hands_in
from finance.estimates.totals import estimate_parts, sum_of
from finance.estimates.version_reader import read_version
from finance.estimates.workflow import PRIVATE, EstimateKind, EstimateStatus
from finance.permissions import require
from finance.reviews.board import STAGE_OF_STATUS, BoardRow, InboxRow, waiting_for, whole_days_since
from finance.reviews.figures import AppraisedProject, figures_of
from finance.reviews.judgements import judgements_of, pool_sources_by_code
from finance.reviews.pool import PoolFile, PoolProject, pool_project
from finance.reviews.rules import holding_function, opinion_rule
from finance.reviews.side_by_side import lay_beside
from finance.reviews.work_left import work_left
from finance.rounds.queries import get_round, list_ceilings, list_deadlines, require_true_round
from finance.rounds.records import BudgetRound
from finance.rounds.rules import RoundStage

# Before the estimate has passed the estimate appraisal its figures may still change.
_FINISHED = EstimateStatus.APPRAISED


def appraised_projects(session: Session, version_id: int) -> list[AppraisedProject]:
    """The projects of a version in the office's own order, asked beside appraised."""
    judged = judgements_of(session, version_id)
    return [lay_beside(project, judged) for project in read_version(session, version_id)]


def current_version_id(session: Session, estimate_id: int) -> int:
    """Id of the version an estimate is at."""
    query = (
        select(EstimateVersion.id)
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .where(Estimate.id == estimate_id, EstimateVersion.number == Estimate.version_number)
    )
    return session.scalars(query).one()


def current_version_ids(session: Session, estimate_ids: Collection[int]) -> dict[int, int]:
    """By estimate the id of the version it is at."""
    query = (
        select(Estimate.id, EstimateVersion.id)
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .where(Estimate.id.in_(estimate_ids), EstimateVersion.number == Estimate.version_number)
    )
    return dict(session.execute(query).all())


def pool_projects(session: Session, round_id: int) -> list[PoolProject]:
    """What the allocation of a round may choose among, by office, then the office's own order.

    Schemes and projects of fully appraised annual requests that ask money of a source of the pool
    and whose content was not refused; of their cost only the money of such sources.

    Source:
        decision 3377/QĐ-UBND (2011), VI.2, VII.6.b.
    """
    if get_round(session, round_id).is_practice:
        return []
    query = (
        select(Estimate, Agency)
        .join(Agency, Agency.id == Estimate.agency_id)
        .where(
            Estimate.round_id == round_id, Estimate.status == _FINISHED, Estimate.kind == EstimateKind.ANNUAL
        )
        .order_by(Agency.sort_key, Agency.id)
    )
    pool_sources = pool_sources_by_code(session)
    found: list[PoolProject] = []
    for estimate, agency in session.execute(query):
        version_id = current_version_id(session, estimate.id)
        file = PoolFile(estimate.id, version_id, agency.id, agency.code, agency.short_vi)
        found += (
            pool_project(one, file, pool_sources)
            for one in appraised_projects(session, file.version_id)
            if one.is_pool
        )
    return found


def review_inbox(session: Session, actor: Actor, round_id: int) -> list[InboxRow]:
    """What waits for the actor's functions in a round, the earliest deadline first."""
    due = _due_by_stage(session, round_id)
    found: list[InboxRow] = []
    sent = [row for row in session.execute(_estimates_of(round_id)) if row[0].status not in PRIVATE]
    own_work = hands_in(session, [estimate.id for estimate, _agency in sent], by=actor.person_id)
    versions = current_version_ids(session, [row[0].id for row in sent if row[0].id not in own_work])
    left = work_left(session, versions.values())
    for estimate, agency in sent:
        if estimate.id in own_work:
            continue
        projects = left.get(versions[estimate.id], [])
        found += (
            InboxRow(
                action=work.action,
                sheet=work.sheet,
                estimate_id=estimate.id,
                agency_name=agency.name_vi,
                label_vi=f"{agency.name_vi}: {estimate.kind.label_vi}",
                detail_vi=work.detail_vi,
                status=estimate.status,
                status_since=estimate.status_since,
                due_at=due.get(STAGE_OF_STATUS[estimate.status]),
            )
            for work in waiting_for(actor, estimate.status, agency.id, projects)
        )
    return sorted(found, key=lambda row: (row.due_at is None, row.due_at or row.status_since))


def board_of_round(session: Session, actor: Actor, round_id: int) -> list[BoardRow]:
    """Where every office that prepares stands, in alphabetical order, one row for each estimate.

    Listed are the offices that have an estimate or a control figure in the round.

    Raises:
        NotAllowed: the actor reviews nothing; an office does not see how far another has come.
    """
    require(actor, Action.VIEW_REVIEWS)
    require_true_round(session, round_id)
    ceilings = _ceilings(session, round_id)
    in_parts = sent_part_charges(session, round_id, get_round(session, round_id).fiscal_year)
    due = _due_by_stage(session, round_id)
    hours = round_hours(session, round_id, actor.moment.business_on)

    def facts(agency: Agency) -> _OfficeFacts:
        figures, parts = ceilings.get(agency.id), in_parts.get(agency.id, {})
        return _OfficeFacts(agency, figures, parts, _own_due(due, hours, agency))

    rows = [
        _board_row(session, actor, estimate, facts(agency))
        for estimate, agency in session.execute(_estimates_of(round_id))
    ]
    started = {row.agency_id for row in rows}
    waiting = session.scalars(select(Agency).where(Agency.id.in_(set(ceilings) - started)))
    rows += (_empty_row(actor, facts(agency)) for agency in waiting)
    order = dict(session.execute(select(Agency.id, Agency.sort_key)).all())
    return sorted(rows, key=lambda row: (order[row.agency_id], row.agency_id, row.estimate_id or 0))


def _own_due(
    due: Mapping[RoundStage, datetime], hours: RoundHours, agency: Agency
) -> Mapping[RoundStage, datetime]:
    """The round's deadlines with the office's own hour to send."""
    until = hours.of_office(agency.id)
    return due if until is None else {**due, RoundStage.SUBMISSION: until}


@dataclass(frozen=True, slots=True)
class _OfficeFacts:
    """What the board knows of an office beside its estimate.

    Attributes:
        ceiling: control figures by source; None when none was issued.
        in_parts: what it asks by source in sent projects of other offices, in the fiscal year.
    """

    agency: Agency
    ceiling: Mapping[str, int] | None
    in_parts: Mapping[str, int]
    due: Mapping[RoundStage, datetime]

    @property
    def ceiling_vnd(self) -> int | None:
        return sum(self.ceiling.values()) if self.ceiling else None

    @property
    def in_parts_vnd(self) -> int:
        """Of the sources that have a control figure."""
        return sum(self.in_parts.get(code, 0) for code in self.ceiling or ())


def _board_row(session: Session, actor: Actor, estimate: Estimate, office: _OfficeFacts) -> BoardRow:
    agency = office.agency
    is_private = stays_private(session, estimate)
    version_id = current_version_id(session, estimate.id)
    projects = [] if is_private else appraised_projects(session, version_id)
    in_parts_vnd = office.in_parts_vnd if estimate.kind is EstimateKind.ANNUAL else 0
    asked_vnd = None
    if office.ceiling and not is_private:
        # Co-agencies' lines stand under their own control figures, in their own rows.
        own = own_rows(session, version_id, [one.project for one in projects])
        asked_vnd = _asked_within(session, estimate, own, office.ceiling) + in_parts_vnd
    due_at = office.due.get(STAGE_OF_STATUS[estimate.status])
    return BoardRow(
        agency_id=agency.id,
        agency_name=agency.name_vi,
        agency_short=agency.short_vi,
        estimate_id=estimate.id,
        version_number=estimate.version_number,
        status=estimate.status,
        is_private=is_private,
        held_by=_holders(session, actor, estimate.status, agency),
        days_held=whole_days_since(estimate.status_since, actor.moment.business_on),
        due_at=due_at,
        is_late=due_at is not None and due_at < actor.moment.business_at,
        figures=None if is_private else figures_of(projects),
        opinions_left=sum(_opinions_due_now(one, estimate.status) for one in projects),
        ceiling_vnd=office.ceiling_vnd,
        asked_in_ceiling_vnd=asked_vnd,
        asked_in_parts_vnd=in_parts_vnd,
    )


def _asked_within(
    session: Session, estimate: Estimate, projects: Sequence[ProjectRow], ceiling: Mapping[str, int]
) -> int:
    """What the projects ask in the fiscal year of the sources that have a control figure."""
    year = session.get_one(BudgetRound, estimate.round_id).fiscal_year
    asked = estimate_parts(projects)
    return sum_of(part for part in asked if part.source_code in ceiling and part.year == year)


def _opinions_due_now(one: AppraisedProject, status: EstimateStatus) -> int:
    """How many opinions are missing of those that the procedure lets be given here."""
    rules = [opinion_rule(function) for function in one.opinions_missing]
    return sum(rule is not None and status in rule.statuses for rule in rules)


def _empty_row(actor: Actor, office: _OfficeFacts) -> BoardRow:
    """An office that was given a control figure and has not started."""
    agency, due_at = office.agency, office.due.get(RoundStage.SUBMISSION)
    return BoardRow(
        agency_id=agency.id,
        agency_name=agency.name_vi,
        agency_short=agency.short_vi,
        estimate_id=None,
        version_number=None,
        status=None,
        is_private=True,
        held_by=(agency.short_vi,),
        days_held=None,
        due_at=due_at,
        is_late=due_at is not None and due_at < actor.moment.business_at,
        figures=None,
        opinions_left=0,
        ceiling_vnd=office.ceiling_vnd,
        asked_in_ceiling_vnd=None,
        asked_in_parts_vnd=office.in_parts_vnd,
    )


def _holders(session: Session, actor: Actor, status: EstimateStatus, agency: Agency) -> tuple[str, ...]:
    function = holding_function(status)
    if function is Function.PREPARE:
        return (agency.short_vi,)
    holders = agencies_with_function(session, function, actor.moment.business_on)
    return tuple(row.short_vi for row in holders)


def _estimates_of(round_id: int) -> Select[Estimate, Agency]:
    return (
        select(Estimate, Agency)
        .join(Agency, Agency.id == Estimate.agency_id)
        .where(Estimate.round_id == round_id)
        .order_by(Agency.sort_key, Agency.id, Estimate.kind)
    )


def _ceilings(session: Session, round_id: int) -> dict[int, dict[str, int]]:
    """Control figures by office, then source code, in đồng."""
    found: dict[int, dict[str, int]] = {}
    for row in list_ceilings(session, round_id):
        found.setdefault(row.agency_id, {})[row.source_code] = row.amount_vnd
    return found


def _due_by_stage(session: Session, round_id: int) -> dict[RoundStage, datetime]:
    return {row.stage: row.due_at for row in list_deadlines(session, round_id)}
