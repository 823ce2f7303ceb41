"""Reading a decision: its awards, what departs from the plan, how the money adds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.records import Agency
from finance.allocations.records import AllocationDecision, Award, AwardMoney
from finance.allocations.rules import DecisionStatus, MoneyLine, MoneyUse, money_uses
from finance.errors import NotFound
from finance.estimates.records import Estimate
from finance.estimates.workflow import PRIVATE, EstimateStatus
from finance.permissions import require
from finance.programme.queries import list_sources
from finance.rounds.queries import list_envelopes
from finance.scenarios.frozen_question import FrozenProject, thaw_projects
from finance.scenarios.problem_candidates import source_words
from finance.scenarios.records import ScenarioRun
from finance.scenarios.rules import MoneyPart
from finance.scenarios.run_results import LevelsJudgement, ResultRow, judge_levels, results_of_levels

_AT_REST = frozenset({EstimateStatus.APPRAISED, EstimateStatus.RETURNED})


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """The decision on a round; `awarded_vnd` in đồng.

    `left_out` names the offices whose sent estimates are still being appraised: their projects are
    not in the decision, and whoever submits or approves should know it.
    """

    id: int
    round_id: int
    run_id: int
    scenario_id: int
    status: DecisionStatus
    edit_number: int
    number: str
    signed_on: date | None
    approved_by: str
    approved_at: datetime | None
    return_reason: str
    awarded_vnd: int
    funded_count: int
    award_count: int
    departure_count: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """A level that may be given, with its appraised cost in đồng."""

    level_id: int
    label_vi: str
    cost_vnd: int


@dataclass(frozen=True, slots=True)
class AwardRow:
    """What one project is given; amounts in đồng, from sources of the pool only.

    Attributes:
        proposed_vi: level the plan proposed, empty for none.
        level_vi: level given, empty for none.
        departure_reason: the person's reason where the award is not what the plan proposed.
    """

    id: int
    decision_id: int
    project_id: int
    agency_id: int
    agency_short: str
    name_vi: str
    area_code: str
    priority: int
    is_unmeasured: bool
    asked_vnd: int
    appraised_vnd: int
    proposed_vnd: int
    proposed_vi: str
    amount_vnd: int
    level_id: int | None
    level_vi: str
    departure_reason: str
    verdict_vi: str
    sentences_vi: tuple[str, ...]
    choices: tuple[LevelChoice, ...]

    @property
    def is_departure(self) -> bool:
        """True when a person decided otherwise than the plan."""
        return bool(self.departure_reason)

    @property
    def given_less_vnd(self) -> int:
        """What is given less what was asked: below zero for a cut."""
        return self.amount_vnd - self.asked_vnd


def get_decision(session: Session, decision_id: int) -> AllocationDecision:
    """The stored decision with this id.

    Raises:
        NotFound: no such decision.
    """
    decision = session.get(AllocationDecision, decision_id)
    if decision is None:
        raise NotFound("quyết định phân bổ", decision_id)
    return decision


def find_decision(session: Session, round_id: int) -> AllocationDecision | None:
    """The stored decision of a round, or None while no plan was adopted."""
    return session.scalar(select(AllocationDecision).where(AllocationDecision.round_id == round_id))


def decision_row(session: Session, actor: Actor, round_id: int) -> DecisionRow | None:
    """The decision of a round, or None while no plan was adopted.

    Raises:
        NotAllowed: the actor may not see allocation decisions.
    """
    require(actor, Action.VIEW_ALLOCATION)
    decision = find_decision(session, round_id)
    return None if decision is None else _decision_row(session, decision)


def decision_by_id(session: Session, actor: Actor, decision_id: int) -> DecisionRow:
    """The decision with this id.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    decision = get_decision(session, decision_id)
    require(actor, Action.VIEW_ALLOCATION)
    return _decision_row(session, decision)


def results_of_decision(session: Session, actor: Actor, decision_id: int) -> list[ResultRow]:
    """What the awards, as they stand, reach against the targets: what the money buys.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    decision = get_decision(session, decision_id)
    require(actor, Action.VIEW_ALLOCATION)
    return results_of_levels(session, decision.run_id, _levels_of(session, decision))


def judgement_of_decision(session: Session, actor: Actor, decision_id: int) -> LevelsJudgement:
    """Points of the awards as they stand, and the scenario's rules they break, by the run's own question.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    decision = get_decision(session, decision_id)
    require(actor, Action.VIEW_ALLOCATION)
    return judge_levels(session, decision.run_id, _levels_of(session, decision))


def list_awards(session: Session, actor: Actor, decision_id: int) -> list[AwardRow]:
    """The awards of a decision, by office and the office's own order.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    decision = get_decision(session, decision_id)
    require(actor, Action.VIEW_ALLOCATION)
    return award_rows(session, decision)


def award_rows(session: Session, decision: AllocationDecision) -> list[AwardRow]:
    """The awards of a decision without asking who reads (for rooms that ask in their own way)."""
    run = session.get_one(ScenarioRun, decision.run_id)
    frozen = {project.project_id: project for project in thaw_projects(run.problem)}
    awards = session.scalars(select(Award).where(Award.decision_id == decision.id))
    rows = [_award_row(award, frozen[award.project_id]) for award in awards]
    return sorted(rows, key=lambda row: (row.is_unmeasured, row.agency_short, row.priority, row.project_id))


def decision_money(session: Session, actor: Actor, decision_id: int) -> tuple[MoneyUse, ...]:
    """What the awards draw from every source, nature and year.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    decision = get_decision(session, decision_id)
    require(actor, Action.VIEW_ALLOCATION)
    return uses_of_decision(session, decision)


def uses_of_decision(session: Session, decision: AllocationDecision) -> tuple[MoneyUse, ...]:
    """What the stored awards draw from the money the round has now."""
    query = select(AwardMoney, Award).join(Award, Award.id == AwardMoney.award_id)
    query = query.where(Award.decision_id == decision.id)
    measured: list[MoneyPart] = []
    by_hand: list[MoneyPart] = []
    for money, award in session.execute(query):
        part = MoneyPart(money.source_id, money.nature, money.year, money.amount_vnd)
        (by_hand if award.is_unmeasured else measured).append(part)
    return money_uses(money_lines(session, decision.round_id), measured, by_hand)


def money_lines(session: Session, round_id: int) -> list[MoneyLine]:
    """The money of a round: pool and reserved line per source, nature and year."""
    sources = {source.id: source for source in list_sources(session)}
    return [
        MoneyLine(
            row.source_id,
            source_words(sources[row.source_id], row.nature),
            row.nature,
            row.year,
            row.pool_vnd,
            row.unmeasured_vnd,
        )
        for row in list_envelopes(session, round_id)
    ]


def largest_changes(rows: Iterable[AwardRow], most: int = 5) -> list[AwardRow]:
    """The awards that differ most from what was asked, largest difference first."""
    changed = [row for row in rows if row.given_less_vnd]
    return sorted(changed, key=lambda row: (-abs(row.given_less_vnd), row.project_id))[:most]


def hardest_refusals(rows: Iterable[AwardRow], most: int = 5) -> list[AwardRow]:
    """The projects given nothing, those with the largest appraised request first."""
    refused = [row for row in rows if row.level_id is None]
    return sorted(refused, key=lambda row: (-row.appraised_vnd, row.project_id))[:most]


def _levels_of(session: Session, decision: AllocationDecision) -> dict[int, int | None]:
    awards = session.scalars(select(Award).where(Award.decision_id == decision.id))
    return {award.project_id: award.level_id for award in awards}


def _decision_row(session: Session, decision: AllocationDecision) -> DecisionRow:
    rows = list(session.scalars(select(Award).where(Award.decision_id == decision.id)))
    run = session.get_one(ScenarioRun, decision.run_id)
    return DecisionRow(
        id=decision.id,
        round_id=decision.round_id,
        run_id=decision.run_id,
        scenario_id=run.scenario_id,
        status=decision.status,
        edit_number=decision.edit_number,
        number=decision.number,
        signed_on=decision.signed_on,
        approved_by=decision.approved_by,
        approved_at=decision.approved_at,
        return_reason=decision.return_reason,
        awarded_vnd=sum(row.amount_vnd for row in rows),
        funded_count=sum(1 for row in rows if row.level_id is not None),
        award_count=len(rows),
        departure_count=sum(1 for row in rows if row.departure_reason and not row.is_unmeasured),
        left_out=_offices_left_out(session, decision.round_id),
    )


def _offices_left_out(session: Session, round_id: int) -> tuple[str, ...]:
    on_the_way = [status for status in EstimateStatus if status not in PRIVATE | _AT_REST]
    query = (
        select(Agency.short_vi)
        .join(Estimate, Estimate.agency_id == Agency.id)
        .where(Estimate.round_id == round_id, Estimate.status.in_(on_the_way))
        .order_by(Agency.sort_key)
    )
    return tuple(session.scalars(query))


def _award_row(award: Award, project: FrozenProject) -> AwardRow:
    level, proposed = project.level_of(award.level_id), project.level_of(award.proposed_level_id)
    return AwardRow(
        id=award.id,
        decision_id=award.decision_id,
        project_id=award.project_id,
        agency_id=project.agency_id,
        agency_short=project.agency_short,
        name_vi=project.name_vi,
        area_code=project.area_code,
        priority=project.priority,
        is_unmeasured=award.is_unmeasured,
        asked_vnd=project.asked_vnd,
        appraised_vnd=project.appraised_vnd,
        proposed_vnd=proposed.appraised_vnd if proposed else 0,
        proposed_vi=proposed.code.label_vi if proposed else "",
        amount_vnd=award.amount_vnd,
        level_id=award.level_id,
        level_vi=level.code.label_vi if level else "",
        departure_reason=award.departure_reason,
        verdict_vi=award.verdict_vi,
        sentences_vi=tuple(award.sentences_vi),
        choices=tuple(
            LevelChoice(one.id, one.code.label_vi, one.appraised_vnd)
            for one in project.levels
            if one.appraised_vnd > 0
        ),
    )
