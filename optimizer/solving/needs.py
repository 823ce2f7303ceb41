"""What a choice of levels needs: every hard rule it breaks, and the exact change that would allow it.

Whole đồng and exact fractions. Where money may move between sources the amounts of the single ceilings are
the cheapest that serve: sources are raised in order of price, each by as much as lessens what is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.attainment import final_count
from optimizer.formulation.draft import Draft, Key
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingSource,
    GroupRule,
    OutputKind,
    Requires,
)
from optimizer.repair import ChangeKind, RuleChange
from optimizer.repair_price import Way
from optimizer.rule_book import ceiling_rule_id, link_rule_id
from optimizer.solving.bends import level_steps
from optimizer.spending import connected_sources, effective_floor_vnd, source_groups

Place = tuple[tuple[str, ...], int]
"""A group of sources and a year."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a choice breaks.

    Attributes:
        changes: change by rule id for every rule but the ceilings; None = no change may.
        missing_vnd: đồng above the ceiling of each group of sources and year.
    """

    changes: Mapping[str, RuleChange | None]
    missing_vnd: Mapping[Place, int]


def fixed_floors(problem: AllocationProblem) -> AllocationProblem:
    """Return the problem with every floor written at the amount it may really demand."""
    return replace(
        problem,
        limits=tuple(
            limit
            if limit.at_least_vnd is None
            else replace(limit, at_least_vnd=effective_floor_vnd(problem, limit))
            for limit in problem.limits
        ),
    )


class ExactNeeds:
    """Re-adds choices against the exact rows of a loosened model."""

    def __init__(self, problem: AllocationProblem, draft: Draft, prices: Mapping[Way, Fraction]) -> None:
        self._problem = problem
        self._draft = draft
        self._prices = prices
        by_id = {item.id: item for item in problem.candidates}
        self._candidates = [by_id[item.id] for item in draft.problem.candidates]
        self._ways = _row_ways(draft)
        self._places = _row_places(draft)
        self._amounts: dict[Key, list[tuple[int, int | Fraction]]] = {}
        for number, row in enumerate(draft.exact_rows):
            for key, amount in row.amounts.items():
                self._amounts.setdefault(key, []).append((number, amount))

    def of(self, chosen: Mapping[int, int]) -> Needs:
        """Return what a choice (level position by candidate position) breaks."""
        changes: dict[str, RuleChange | None] = {}
        missing: dict[Place, int] = {}
        for row, lacking in self._short_rows(chosen):
            if row in self._places:
                missing[self._places[row]] = int(lacking)
            else:
                rule_id, kind = self._ways[row]
                changes[rule_id] = RuleChange(rule_id, kind, Fraction(lacking))
        for change in (*self._minimums(chosen), *self._links(chosen)):
            known = changes.get(change.rule_id)
            if known is None or (known.amount or 0) < (change.amount or 0):
                changes[change.rule_id] = change
        changes |= dict(self._states(chosen))
        return Needs(changes, missing)

    def changes(
        self,
        needs: Needs,
        left_out: Collection[str] = frozenset(),
        preferred: Sequence[Collection[str]] = (),
    ) -> dict[str, RuleChange | None]:
        """Return the change of every rule that is broken and not left out, sorted by rule.

        Args:
            needs: of one choice.
            left_out: rules that do not count.
            preferred: sets of rules; connected ceilings of the first are raised before those of the second
                and so on, in each the cheaper first.
        """
        found = {key: change for key, change in needs.changes.items() if key not in left_out}
        for block, year in self._short_blocks(needs):
            found |= self._raises(needs, (block, year), (left_out, *preferred))
        return dict(sorted(found.items()))

    def _short_rows(self, chosen: Mapping[int, int]) -> Iterator[tuple[str, int | Fraction]]:
        """Yield the exact rows a choice breaks, and by how much."""
        totals: dict[int, int | Fraction] = {}
        for key in chosen.items():
            for number, amount in self._amounts.get(key, ()):
                totals[number] = totals.get(number, 0) + amount
        for number, row in enumerate(self._draft.exact_rows):
            total = totals.get(number, 0)
            lacking = row.edge - total if row.is_floor else total - row.edge
            if lacking > 0:
                yield row.name, lacking

    def _minimums(self, chosen: Mapping[int, int]) -> Iterator[RuleChange]:
        """Minimums of outputs that are not simply added up."""
        levels = [self._candidates[place].levels[level] for place, level in chosen.items()]
        for output in self._problem.outputs:
            if output.at_least is None or output.kind is OutputKind.QUANTITY:
                continue
            missing = output.at_least - final_count(output, levels)
            if missing > 0:
                yield RuleChange(f"minimum:{output.id}", ChangeKind.LOWER_MINIMUM, missing)

    def _links(self, chosen: Mapping[int, int]) -> Iterator[RuleChange]:
        positions = self._draft.positions
        for link in self._problem.links:
            rule_id = link_rule_id(link)
            if isinstance(link, Requires):
                needed = positions[link.needs_id]
                ids = [level.id for level in self._candidates[needed].levels]
                least = 0 if link.min_level_id is None else ids.index(link.min_level_id)
                if positions[link.candidate_id] in chosen and chosen.get(needed, -1) < least:
                    yield RuleChange(rule_id, ChangeKind.DROP_REQUIREMENT)
                continue
            funded = sum(1 for key in link.candidate_ids if positions[key] in chosen)
            if link.rule is GroupRule.AT_LEAST and funded < link.count:
                yield RuleChange(rule_id, ChangeKind.LOWER_COUNT, Fraction(link.count - funded))
            elif link.rule is GroupRule.EXACTLY_ONE and funded < 1:
                yield RuleChange(rule_id, ChangeKind.ALLOW_NONE)
            elif link.rule is not GroupRule.AT_LEAST and funded > 1:
                yield RuleChange(rule_id, ChangeKind.ALLOW_SEVERAL)

    def _states(self, chosen: Mapping[int, int]) -> Iterator[tuple[str, RuleChange | None]]:
        for place, candidate in enumerate(self._candidates):
            rule_id, level = f"state:{candidate.id}", chosen.get(place)
            if candidate.state is CandidateState.BARRED:
                if level is not None:
                    yield rule_id, None
            elif candidate.state is not CandidateState.OPEN:
                change = _state_change(candidate, level)
                if change is not None:
                    yield rule_id, change

    def _short_blocks(self, needs: Needs) -> list[tuple[tuple[str, ...], int]]:
        blocks = connected_sources([item for item in self._problem.sources if not item.is_uncapped])
        return [
            (block, year)
            for block in blocks
            for year in self._problem.years
            if any(set(group) <= set(block) and there == year for group, there in needs.missing_vnd)
        ]

    def _raises(
        self, needs: Needs, place: tuple[tuple[str, ...], int], order: Sequence[Collection[str]]
    ) -> dict[str, RuleChange | None]:
        """Raise the ceilings of one block of connected sources in one year, the cheapest first."""
        block, year = place
        sources = [item for item in self._problem.sources if item.id in block and year in item.ceiling_vnd]
        short = {
            frozenset(item.id for item in sources if _pays_for(item, group)): amount
            for group, amount in sorted(needs.missing_vnd.items(), key=lambda one: one[1])
            if group[1] == year and set(group[0]) <= set(block)
        }
        found: dict[str, RuleChange | None] = {}
        for source in sorted(sources, key=lambda item: self._reluctance(item, year, order)):
            rule_id = ceiling_rule_id(source.id, year)
            others = max((amount for payers, amount in short.items() if source.id not in payers), default=0)
            raised = max(short.values(), default=0) - max(others, 0)
            if raised > 0 and rule_id not in order[0]:
                found[rule_id] = RuleChange(rule_id, ChangeKind.RAISE_CEILING, Fraction(raised))
            short = {
                payers: amount - (raised if source.id in payers else 0) for payers, amount in short.items()
            }
            short = {payers: amount for payers, amount in short.items() if amount > 0}
        return found

    def _reluctance(
        self, source: FundingSource, year: int, order: Sequence[Collection[str]]
    ) -> tuple[int, Fraction, str]:
        rule_id = ceiling_rule_id(source.id, year)
        rank = next((place for place, rule_ids in enumerate(order) if rule_id in rule_ids), len(order))
        return rank, self._prices[rule_id, ChangeKind.RAISE_CEILING], source.id


def _pays_for(source: FundingSource, place: Place) -> bool:
    """Tell whether a source is in a group or may give to it."""
    return source.id in place[0] or bool(set(source.transfers_to_ids) & set(place[0]))


def _state_change(candidate: Candidate, level: int | None) -> RuleChange | None:
    rule_id = f"state:{candidate.id}"
    if level is None:
        return RuleChange(rule_id, ChangeKind.RELEASE)
    steps = level_steps(candidate)[level]
    if not steps:
        return None
    return RuleChange(rule_id, ChangeKind.CHANGE_LEVEL, Fraction(steps), candidate.levels[level].id)


def _row_places(draft: Draft) -> dict[str, Place]:
    """Return group and year of every ceiling row."""
    names = {row.name for row in draft.exact_rows}
    groups = enumerate(source_groups(draft.problem.sources))
    places = {
        f"ceiling_{number}_{year}": (group, year) for number, group in groups for year in draft.problem.years
    }
    return {name: place for name, place in places.items() if name in names}


def _row_ways(draft: Draft) -> dict[str, Way]:
    """Return the rule that every other exact row stands for, and how it is moved."""
    ways: dict[str, Way] = {}
    for number, limit in enumerate(draft.problem.limits):
        ways[f"cap_{number}"] = (f"cap:{limit.id}", ChangeKind.RAISE_CAP)
        ways[f"floor_{number}"] = (f"floor:{limit.id}", ChangeKind.LOWER_FLOOR)
    for number, output in enumerate(draft.problem.outputs):
        ways[f"minimum_{number}"] = (f"minimum:{output.id}", ChangeKind.LOWER_MINIMUM)
    return ways
