"""The question put to the optimizer, as frozen facts: money in đồng, quantities as exact fractions.

Knows nothing of solvers, files or databases. Two problems with the same facts in another order are the
same question: every consumer of these classes sorts by id before it builds anything. Only the levels of a
candidate keep their order, from least to most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction


class Nature(Enum):
    """Nature of money: recurrent (chi thường xuyên) or capital (chi đầu tư)."""

    RECURRENT = "recurrent"
    CAPITAL = "capital"


class OutputKind(Enum):
    """How an output is counted; decides which of yields, covers or delivers may speak of it."""

    QUANTITY = "quantity"
    COVERAGE = "coverage"
    MILESTONE = "milestone"
    DELIVERABLE = "deliverable"
    OUTCOME = "outcome"


class CandidateState(Enum):
    """What was decided about a candidate before the allocation."""

    OPEN = "open"
    COMMITTED = "committed"
    BARRED = "barred"
    PINNED = "pinned"


class GroupRule(Enum):
    """How many candidates of a group may or must be funded."""

    AT_MOST_ONE = "at_most_one"
    EXACTLY_ONE = "exactly_one"
    AT_LEAST = "at_least"


class StageName(Enum):
    """Stages of the lexicographic search, in the order in which they count."""

    LEGAL_MINIMUMS = "legal_minimums"
    SCORE = "score"
    STABILITY = "stability"
    COST = "cost"
    RANK = "rank"


ALL_STAGES = tuple(StageName)


@dataclass(frozen=True, slots=True)
class FundingSource:
    """A source of money (nguồn kinh phí) with one ceiling per fiscal year.

    Attributes:
        ceiling_vnd: đồng by fiscal year; a year that is absent has no ceiling and may not be spent in.
        is_uncapped: True when the source has no ceilings at all.
        eligible_candidate_ids: the only candidates that may use the source; None = every candidate.
        transfers_to_ids: sources that may be topped up, in the same year, from what this one leaves over.
    """

    id: str
    name: str
    nature: Nature
    ceiling_vnd: Mapping[int, int]
    is_uncapped: bool = False
    eligible_candidate_ids: tuple[str, ...] | None = None
    transfers_to_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """One scored target of the programme.

    Attributes:
        weight: points for going the whole way; None only for an outcome, which earns nothing.
        start: count at the start of the programme.
        baseline: count today, stated by the monitoring office; None = start, or for coverage the number of
            units in scope that already have every component.
        target: count to reach; None for coverage means every unit in scope that is not exempt.
        year: yields of later years do not count; None = every year counts.
        follows_id: the earlier target of a chain; this one pays only the part above it.
        curve: (share of the way, share of the weight), rising and concave; empty = straight line.
        is_linear_beyond_target: the last slope goes on beyond the target (benchmarks).
        scope_unit_ids: coverage: the units that can be covered.
        exempt_unit_ids: coverage: units that never count.
        reached_components: coverage: components a unit already has.
        components: coverage, milestone and deliverable: what must come together.
        at_least: hard minimum of the final count, or None.
    Units:
        counts in ``unit``; weight in points; shares between 0 and 1.
    """

    id: str
    name: str
    kind: OutputKind
    unit: str = ""
    weight: Fraction = Fraction(0)
    start: Fraction = Fraction(0)
    baseline: Fraction | None = None
    target: Fraction | None = None
    year: int | None = None
    follows_id: str | None = None
    curve: tuple[tuple[Fraction, Fraction], ...] = ()
    is_linear_beyond_target: bool = False
    scope_unit_ids: tuple[str, ...] = ()
    exempt_unit_ids: tuple[str, ...] = ()
    reached_components: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    components: tuple[str, ...] = ()
    at_least: Fraction | None = None


@dataclass(frozen=True, slots=True)
class FundingLevel:
    """One way to carry out a candidate, complete in itself (tối thiểu, rút gọn, đầy đủ, mở rộng).

    Attributes:
        cost_vnd: đồng by source id, then fiscal year.
        yields: counts by output id, then year (quantity outputs).
        covers: unit ids by output id, then component (coverage outputs).
        delivers: components by output id (milestones and deliverables).
    """

    id: str
    cost_vnd: Mapping[str, Mapping[int, int]]
    yields: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)
    covers: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    delivers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scheme or project that asks for money of the pool.

    Attributes:
        rank: place in its agency's own order of submission, 1 = first; None = not ranked.
        min_level_id: committed candidates only: the least level that honours the commitment.
        pinned_level_id: pinned candidates only: the level decided by hand; None = any level.
        levels: from least to most.
    """

    id: str
    name: str
    agency: str
    area: str
    levels: tuple[FundingLevel, ...]
    place: str = ""
    rank: int | None = None
    state: CandidateState = CandidateState.OPEN
    min_level_id: str | None = None
    pinned_level_id: str | None = None


@dataclass(frozen=True, slots=True)
class LimitScope:
    """Which money a limit speaks of; an empty tuple means no restriction on that mark."""

    agencies: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    natures: tuple[Nature, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A floor and/or ceiling on the money inside a scope.

    Attributes:
        at_least_vnd: floor in đồng; effective at most up to the sum of the least levels in its scope.
        at_most_vnd: ceiling in đồng.
        is_hard: True = no plan may break it; False = its shortfall or excess is made smallest first.
    """

    id: str
    words: str
    scope: LimitScope
    legal_reference: str = ""
    at_least_vnd: int | None = None
    at_most_vnd: int | None = None
    is_hard: bool = True


@dataclass(frozen=True, slots=True)
class Requires:
    """A candidate may be funded only together with another (at a level not below min_level_id)."""

    candidate_id: str
    needs_id: str
    min_level_id: str | None = None


@dataclass(frozen=True, slots=True)
class GroupLink:
    """How many of a group may be funded; count speaks only for AT_LEAST."""

    rule: GroupRule
    candidate_ids: tuple[str, ...]
    count: int = 1


@dataclass(frozen=True, slots=True)
class AllocationProblem:
    """Everything a plan is judged by; nothing else may influence it."""

    title: str
    years: tuple[int, ...]
    sources: tuple[FundingSource, ...]
    outputs: tuple[Output, ...]
    candidates: tuple[Candidate, ...]
    limits: tuple[Limit, ...] = ()
    links: tuple[Requires | GroupLink, ...] = ()
    stages: tuple[StageName, ...] = ALL_STAGES
    reference_plan: Mapping[str, str] | None = None


def allowed_level_ids(candidate: Candidate) -> tuple[str, ...]:
    """Return the levels at which a candidate may be funded, from least to most."""
    ids = tuple(level.id for level in candidate.levels)
    if candidate.state is CandidateState.BARRED:
        return ()
    if candidate.state is CandidateState.PINNED and candidate.pinned_level_id is not None:
        return (candidate.pinned_level_id,)
    if candidate.state is CandidateState.COMMITTED and candidate.min_level_id is not None:
        return ids[ids.index(candidate.min_level_id) :]
    return ids
