"""Reading requests for comparison, the pairs found, and what was concluded about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.records import Agency, AgencyStanding, BudgetLevel
from finance.errors import NotFound
from finance.estimates.estimate_lookup import may_see, private_estimates
from finance.estimates.records import (
    CostLine,
    Estimate,
    EstimateProject,
    EstimateVersion,
    LineQuantity,
    ProjectLevel,
    PromisedOutput,
    PromisedUnit,
)
from finance.estimates.totals import requested_ordinal
from finance.overlaps.likeness import Likeness, compare_projects
from finance.overlaps.marking import shared_key_words
from finance.overlaps.places import Gazetteer, gazetteer
from finance.overlaps.profiles import AskedLine, AskedProject
from finance.overlaps.records import OverlapDecision
from finance.overlaps.rules import OverlapVerdict
from finance.overlaps.search import Corpus, Pair, find_alike, find_covering, find_pairs, make_corpus
from finance.permissions import require
from finance.programme.queries import list_sources
from finance.programme.records import FundingSource, ProgrammeTask, ReformArea
from finance.rounds.records import BudgetRound, RoundOutput, ScopeUnit

ProjectName = tuple[int, str]  # estimate id and the key that stays the same over versions

# An agency is shown few hints, and only strong ones: many weak ones are read by nobody.
MOST_HINTS = 3
HINTED_FROM = 0.55


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A conclusion about a pair.

    Attributes:
        is_stale: one of the two says something else since.
    """

    verdict: OverlapVerdict
    reason: str
    person_name: str
    decided_at: datetime
    is_stale: bool


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair with its conclusions, newest first."""

    one: AskedProject
    other: AskedProject
    likeness: Likeness
    decisions: tuple[DecisionRow, ...]

    @property
    def shared(self) -> frozenset[str]:
        """The key words both use."""
        return shared_key_words(self.one.text, self.other.text)

    @property
    def standing(self) -> DecisionRow | None:
        """The newest conclusion while it still fits what is asked."""
        newest = self.decisions[0] if self.decisions else None
        return None if newest is None or newest.is_stale else newest

    @property
    def edit_number(self) -> int:
        """How many conclusions the page knows of."""
        return len(self.decisions)


@dataclass(frozen=True, slots=True)
class OverlapList:
    """What the radar shows for a round, against every round.

    Attributes:
        covering: pairs of which one scope holds the other, kept apart.
    """

    pairs: tuple[JudgedPair, ...]
    covering: tuple[JudgedPair, ...]
    project_count: int

    @property
    def undecided(self) -> int:
        """Pairs without a standing conclusion."""
        return sum(pair.standing is None for pair in self.pairs)


def overlap_list(session: Session, actor: Actor, round_id: int) -> OverlapList:
    """Every pair of which at least one was asked in the round, the most alike first.

    Raises:
        NotAllowed: the actor reviews nothing.
    """
    require(actor, Action.VIEW_REVIEWS)
    corpus = _corpus(session, actor)
    in_round = set(session.scalars(select(Estimate.id).where(Estimate.round_id == round_id)))
    decided = _decisions(session)

    def of_round(pairs: Sequence[Pair]) -> tuple[JudgedPair, ...]:
        touching = [
            pair for pair in pairs if pair.one.estimate_id in in_round or pair.other.estimate_id in in_round
        ]
        return tuple(_judged(pair, decided) for pair in touching)

    return OverlapList(of_round(find_pairs(corpus)), of_round(find_covering(corpus)), len(corpus.profiles))


def overlap_pair(session: Session, actor: Actor, one: ProjectName, other: ProjectName) -> JudgedPair:
    """Two projects side by side.

    Raises:
        NotAllowed: the actor reviews nothing.
        NotFound: no such project, or none the person may see.
    """
    require(actor, Action.VIEW_REVIEWS)
    corpus = _corpus(session, actor)
    profiles = {profile.asked.key: profile for profile in corpus.profiles}
    first, second = sorted((one, other))
    if first not in profiles or second not in profiles or first == second:
        raise NotFound("cặp dự án", f"{one} {other}")
    likeness = compare_projects(profiles[first], profiles[second], corpus.weights, corpus.known)
    pair = Pair(profiles[first].asked, profiles[second].asked, likeness)
    return _judged(pair, _decisions(session))


def alike_for_agency(session: Session, actor: Actor, name: ProjectName) -> list[Pair]:
    """What the person may see that is like a project of his: at most three, only the strong ones.

    An agency sees its own requests of every round and nobody else's; a reviewer what was sent.
    """
    corpus = _corpus(session, actor)
    own = next((profile.asked for profile in corpus.profiles if profile.asked.key == name), None)
    return find_alike(own, corpus, listed_from=HINTED_FROM)[:MOST_HINTS] if own else []


def known_places(session: Session) -> Gazetteer:
    """The place names of the province: its first-level units and communes, and the units of rounds."""
    rank = select(BudgetLevel.id).where(BudgetLevel.rank >= 3)
    offices = (
        select(Agency.name_vi)
        .join(AgencyStanding, AgencyStanding.agency_id == Agency.id)
        .where(AgencyStanding.level_id.in_(rank))
    )
    places = [(name, "") for name in session.scalars(offices)]
    places += [(name, place) for name, place in session.execute(select(ScopeUnit.name_vi, ScopeUnit.place))]
    return gazetteer(places)


def _corpus(session: Session, actor: Actor) -> Corpus:
    return make_corpus(_asked_projects(session, actor), known_places(session))


def _asked_projects(session: Session, actor: Actor) -> list[AskedProject]:
    """Every project of the current versions the person may see, in seven queries."""
    visible = [
        estimate_id
        for estimate_id, agency_id, is_private in session.execute(
            select(Estimate.id, Estimate.agency_id, private_estimates())
        )
        if may_see(actor, agency_id, is_private=is_private)
    ]
    query = (
        select(
            EstimateProject,
            Estimate,
            Agency.short_vi,
            BudgetRound.name_vi,
            ProgrammeTask.code,
            ReformArea.code,
        )
        .join(EstimateVersion, EstimateVersion.id == EstimateProject.version_id)
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .join(Agency, Agency.id == Estimate.agency_id)
        .join(BudgetRound, BudgetRound.id == Estimate.round_id)
        .join(ProgrammeTask, ProgrammeTask.id == EstimateProject.task_id)
        .join(ReformArea, ReformArea.id == ProgrammeTask.area_id)
        .where(
            EstimateVersion.number == Estimate.version_number,
            BudgetRound.is_practice.is_(False),
            Estimate.id.in_(visible),
        )
        .order_by(EstimateProject.id)
    )
    rows = session.execute(query).all()
    ids = [row[0].id for row in rows]
    lines, promises = _lines(session, ids), _promises(session, ids)
    areas = _office_areas(session)
    names = {row.code: row.name_vi for row in list_sources(session)}
    return [
        AskedProject(
            estimate_id=estimate.id,
            project_key=project.project_key,
            agency_id=estimate.agency_id,
            agency_short=short_vi,
            round_name=round_name,
            name_vi=project.name_vi,
            task_code=task_code,
            area_code=area_code,
            place=project.place,
            place_of_office=areas.get(estimate.agency_id, ""),
            justification=project.justification,
            lines=lines[project.id],
            output_codes=frozenset(promises[project.id][0]),
            output_names=tuple(sorted(promises[project.id][0].values())),
            source_names=tuple(sorted({names[line.source_code] for line in lines[project.id]})),
            unit_names=tuple(sorted(promises[project.id][1])),
            asked_vnd=sum(line.amount_vnd for line in lines[project.id]),
        )
        for project, estimate, short_vi, round_name, task_code, area_code in rows
    ]


def _lines(session: Session, project_ids: Collection[int]) -> dict[int, tuple[AskedLine, ...]]:
    """Per project its lines with what the requested level asks of each."""
    levels: dict[int, list[tuple[int, object]]] = defaultdict(list)
    query = (
        select(ProjectLevel).where(ProjectLevel.project_id.in_(project_ids)).order_by(ProjectLevel.ordinal)
    )
    for level in session.scalars(query):
        levels[level.project_id].append((level.id, level.code))
    requested = {
        held[requested_ordinal([code for _id, code in held]) - 1][0]  # type: ignore[misc]
        for held in levels.values()
    }
    lines = (
        select(
            CostLine.project_id, CostLine.item_vi, FundingSource.code, CostLine.year, LineQuantity.amount_vnd
        )
        .join(FundingSource, FundingSource.id == CostLine.source_id)
        .join(LineQuantity, LineQuantity.line_id == CostLine.id)
        .where(CostLine.project_id.in_(project_ids), LineQuantity.level_id.in_(requested))
        .order_by(CostLine.project_id, CostLine.position)
    )
    found: dict[int, tuple[AskedLine, ...]] = defaultdict(tuple)
    for project_id, item_vi, source_code, year, amount in session.execute(lines):
        found[project_id] += (AskedLine(item_vi, source_code, year, amount),)
    return found


def _promises(session: Session, project_ids: Collection[int]) -> dict[int, tuple[dict[str, str], set[str]]]:
    """Per project the promised results (code -> name) and the names of the units they name."""
    found: dict[int, tuple[dict[str, str], set[str]]] = defaultdict(lambda: ({}, set()))
    query = (
        select(ProjectLevel.project_id, RoundOutput.code, RoundOutput.name_vi, ScopeUnit.name_vi)
        .join(PromisedOutput, PromisedOutput.level_id == ProjectLevel.id)
        .join(RoundOutput, RoundOutput.id == PromisedOutput.output_id)
        .outerjoin(PromisedUnit, PromisedUnit.promise_id == PromisedOutput.id)
        .outerjoin(ScopeUnit, ScopeUnit.id == PromisedUnit.unit_id)
        .where(ProjectLevel.project_id.in_(project_ids))
        .distinct()
    )
    for project_id, output_code, output_name, unit_name in session.execute(query):
        found[project_id][0][output_code] = output_name
        if unit_name:
            found[project_id][1].add(unit_name)
    return found


def _office_areas(session: Session) -> dict[int, str]:
    """Names of the offices that are responsible for one area only, by id."""
    query = (
        select(Agency.id, Agency.name_vi)
        .join(AgencyStanding, AgencyStanding.agency_id == Agency.id)
        .join(BudgetLevel, BudgetLevel.id == AgencyStanding.level_id)
        .where(BudgetLevel.rank >= 3)
    )
    return {key: value for key, value in session.execute(query)}  # noqa: C416 (rows are no pairs to mypy)


def _decisions(session: Session) -> dict[tuple[ProjectName, ProjectName], list[OverlapDecision]]:
    """Every conclusion by pair, newest first."""
    found: dict[tuple[ProjectName, ProjectName], list[OverlapDecision]] = defaultdict(list)
    for row in session.scalars(select(OverlapDecision).order_by(OverlapDecision.id.desc())):
        one = (row.one_estimate_id, row.one_project_key)
        found[one, (row.other_estimate_id, row.other_project_key)].append(row)
    return found


def _judged(pair: Pair, decided: dict[tuple[ProjectName, ProjectName], list[OverlapDecision]]) -> JudgedPair:
    one, other = sorted((pair.one, pair.other), key=lambda project: project.key)
    rows = decided.get((one.key, other.key), [])
    hashes = (one.content_hash, other.content_hash) if rows else ("", "")
    decisions = tuple(
        DecisionRow(
            row.verdict, row.reason, row.person_name, row.decided_at, (row.one_hash, row.other_hash) != hashes
        )
        for row in rows
    )
    return JudgedPair(one, other, pair.likeness, decisions)
