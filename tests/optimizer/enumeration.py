"""An oracle that tries every choice of levels at once, in whole numbers.

Written from the specification, apart from the optimizer: every rule is stated again in its own words. Each
candidate is a column of choices (0 = not funded, k = its k-th level); all choices together are the rows of
int64 arrays, points are brought to one denominator first, so 100.000 choices take milliseconds and stay
exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from optimizer import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    GroupLink,
    GroupRule,
    Limit,
    Output,
    OutputKind,
    Requires,
    StageName,
)
from tests.optimizer.moved_money import money_can_be_moved

Numbers = np.ndarray
LARGEST_SUM = 2**62


@dataclass(frozen=True)
class Best:
    """The lexicographic best over the stages a problem asks for; a stage not asked for has None.

    Attributes:
        plans: every choice that reaches all of it, as level ids by candidate id.
    """

    shortfall_vnd: int | None
    score: Fraction
    changes: int | None
    cost_vnd: int | None
    order: int | None
    plans: tuple[dict[str, str], ...]


class Enumeration:
    """All choices of levels of one problem, with what each costs, reaches and breaks."""

    def __init__(self, problem: AllocationProblem) -> None:
        self.problem = problem
        self.size = 1
        strides = []
        for item in problem.candidates:
            strides.append(self.size)
            self.size *= len(item.levels) + 1
        rows = np.arange(self.size)
        self._choice = {
            item.id: rows // stride % (len(item.levels) + 1)
            for item, stride in zip(problem.candidates, strides, strict=True)
        }
        self._by_id = {item.id: item for item in problem.candidates}

    def plan(self, row: int) -> dict[str, str]:
        """Return one choice as level ids by candidate id, funded candidates only."""
        picked = {key: int(choice[row]) for key, choice in self._choice.items()}
        return {key: self._by_id[key].levels[at - 1].id for key, at in picked.items() if at}

    def row_of(self, level_ids: dict[str, str]) -> int:
        """Return the row of a choice given as level ids."""
        row, stride = 0, 1
        for item in self.problem.candidates:
            ids = [level.id for level in item.levels]
            row += stride * (ids.index(level_ids[item.id]) + 1 if item.id in level_ids else 0)
            stride *= len(ids) + 1
        return row

    def lawful(self) -> Numbers:
        """Return which choices keep every hard rule."""
        keep = np.ones(self.size, dtype=bool)
        for item in self.problem.candidates:
            keep &= np.array(_allowed(item))[self._choice[item.id]]
        for link in self.problem.links:
            keep &= self._link_holds(link)
        for limit in self.problem.limits:
            if limit.is_hard:
                keep &= self._gap_vnd(limit) == 0
        for output in self.problem.outputs:
            if output.at_least is not None:
                keep &= self._at_least(output)
        for year in self.problem.years:
            keep &= self._year_is_paid(year, keep)
        return keep

    def shortfall_vnd(self) -> Numbers:
        """Return for every choice the đồng by which it misses the limits that are not hard."""
        soft = [self._gap_vnd(limit) for limit in self.problem.limits if not limit.is_hard]
        return sum(soft, np.zeros(self.size, dtype=np.int64))

    def cost_vnd(self) -> Numbers:
        """Return for every choice what it costs in all."""
        return self._added(lambda _, level: _cost(level))

    def changes(self) -> Numbers:
        """Return for every choice how many candidates stand otherwise than in the reference plan."""
        reference = self.problem.reference_plan or {}
        total = np.zeros(self.size, dtype=np.int64)
        for item in self.problem.candidates:
            before = reference.get(item.id)
            names = [None, *(level.id for level in item.levels)]
            total += np.array([int(name != before) for name in names])[self._choice[item.id]]
        return total

    def order(self) -> Numbers:
        """Return for every choice its order points: more for files that their agency put earlier."""
        ranks = [item.rank for item in self.problem.candidates if item.rank is not None]
        last = max(ranks, default=0) + 1

        return self._added(lambda item, _: 0 if item.rank is None else last - item.rank)

    def first_by_id(self, rows: Numbers) -> Numbers:
        """Return the one of these choices that stands first: by id, funded before not, lower levels first."""
        for item in sorted(self.problem.candidates, key=lambda one: one.id):
            # Choice 0 is "not funded" and comes last, level 1 first.
            preference = np.array([0, *range(len(item.levels), 0, -1)])[self._choice[item.id]][rows]
            rows = rows[preference == preference.max()]
        return rows

    def points(self) -> tuple[Numbers, int]:
        """Return for every choice its score in units of 1/n points, and n."""
        tables = [self._points_of(output) for output in self.problem.outputs]
        unit = lcm(*(value.denominator for table, _ in tables for value in table))
        total = np.zeros(self.size, dtype=np.int64)
        for table, where in tables:
            scaled = [int(value * unit) for value in table]
            assert max(scaled) < LARGEST_SUM // len(tables)
            total += np.array(scaled, dtype=np.int64)[where]
        return total, unit

    def best(self) -> Best | None:
        """Return the lexicographic best of all lawful choices; None = no choice is lawful."""
        rows = np.flatnonzero(self.lawful())
        if not rows.size:
            return None
        told: dict[StageName, int] = {}
        points, unit = self.points()
        measures: dict[StageName, Callable[[], Numbers]] = {
            StageName.LEGAL_MINIMUMS: lambda: -self.shortfall_vnd(),
            StageName.SCORE: lambda: points,
            StageName.STABILITY: lambda: -self.changes(),
            StageName.COST: lambda: -self.cost_vnd(),
            StageName.RANK: self.order,
        }
        for stage, measure in measures.items():
            is_asked = stage in self.problem.stages or stage is StageName.SCORE
            if not is_asked or (stage is StageName.STABILITY and self.problem.reference_plan is None):
                continue
            values = measure()[rows]
            told[stage] = int(values.max())
            rows = rows[values == told[stage]]
        if StageName.RANK in self.problem.stages:
            rows = self.first_by_id(rows)
        return Best(
            _negated(told.get(StageName.LEGAL_MINIMUMS)),
            Fraction(told[StageName.SCORE], unit),
            _negated(told.get(StageName.STABILITY)),
            _negated(told.get(StageName.COST)),
            told.get(StageName.RANK),
            tuple(self.plan(int(row)) for row in rows[:5000]),
        )

    def _added(self, amount: Callable[[Candidate, FundingLevel], int]) -> Numbers:
        """Add up a whole number per chosen level."""
        total = np.zeros(self.size, dtype=np.int64)
        for item in self.problem.candidates:
            amounts = [0, *(amount(item, level) for level in item.levels)]
            assert max(amounts) < LARGEST_SUM // len(self._choice)
            total += np.array(amounts, dtype=np.int64)[self._choice[item.id]]
        return total

    def funded(self, candidate_id: str, from_level: int = 0) -> Numbers:
        """Return which choices fund a candidate above a level (0 = at all)."""
        return self._choice[candidate_id] > from_level

    def _link_holds(self, link: Requires | GroupLink) -> Numbers:
        if isinstance(link, Requires):
            ids = [level.id for level in self._by_id[link.needs_id].levels]
            least = 0 if link.min_level_id is None else ids.index(link.min_level_id)
            return ~self.funded(link.candidate_id) | self.funded(link.needs_id, least)
        count = sum(self.funded(key).astype(np.int64) for key in link.candidate_ids)
        held: dict[GroupRule, Numbers] = {
            GroupRule.AT_MOST_ONE: count <= 1,
            GroupRule.EXACTLY_ONE: count == 1,
            GroupRule.AT_LEAST: count >= link.count,
        }
        return held[link.rule]

    def _gap_vnd(self, limit: Limit) -> Numbers:
        """Return the đồng missing to the floor or above the ceiling of a limit."""
        natures = {source.id: source.nature for source in self.problem.sources}

        def inside(item: Candidate, level: FundingLevel) -> int:
            scope = limit.scope
            marks = ((scope.agencies, item.agency), (scope.areas, item.area), (scope.places, item.place))
            if any(wanted and found not in wanted for wanted, found in marks):
                return 0
            return sum(
                amount
                for source, by_year in level.cost_vnd.items()
                for year, amount in by_year.items()
                if (not scope.source_ids or source in scope.source_ids)
                and (not scope.natures or natures[source] in scope.natures)
                and (not scope.years or year in scope.years)
            )

        used = self._added(inside)
        gap = np.zeros(self.size, dtype=np.int64)
        if limit.at_least_vnd is not None:
            alive = [item for item in self.problem.candidates if item.state is not CandidateState.BARRED]
            floor = min(limit.at_least_vnd, sum(inside(item, item.levels[0]) for item in alive))
            gap += np.maximum(0, floor - used)
        if limit.at_most_vnd is not None:
            gap += np.maximum(0, used - limit.at_most_vnd)
        return gap

    def _year_is_paid(self, year: int, asked: Numbers) -> Numbers:
        """Tell whether the money of one year can be found: own ceilings first, then what may be moved."""
        capped = [source for source in self.problem.sources if not source.is_uncapped]
        needs = {
            source.id: self._added(lambda _, level, key=source.id: level.cost_vnd.get(key, {}).get(year, 0))
            for source in capped
        }
        fits = np.ones(self.size, dtype=bool)
        for source in capped:
            fits &= needs[source.id] <= source.ceiling_vnd.get(year, 0)
        if fits.all() or not any(source.transfers_to_ids for source in self.problem.sources):
            return fits
        tried = np.flatnonzero(asked & ~fits)
        asked_for, where = np.unique(
            np.array([needs[source.id][tried] for source in capped]), axis=1, return_inverse=True
        )
        paid = [
            money_can_be_moved(
                self.problem.sources,
                year,
                {source.id: int(amount) for source, amount in zip(capped, amounts, strict=True)},
            )
            for amounts in asked_for.T
        ]
        fits[tried] = np.array(paid, dtype=bool)[where.ravel()]
        return fits

    def _at_least(self, output: Output) -> Numbers:
        counts, where = self._counts(output)
        return np.array([count >= output.at_least for count in counts])[where]

    def _counts(self, output: Output) -> tuple[list[Fraction], Numbers]:
        """Return the different final counts of an output, and for every choice which of them it reaches."""
        before = _today(output)
        if output.kind is OutputKind.QUANTITY:
            amounts = [_yield(output, level) for item in self.problem.candidates for level in item.levels]
            unit = lcm(before.denominator, *(amount.denominator for amount in amounts))
            reached = int(before * unit) + self._added(lambda _, level: int(_yield(output, level) * unit))
        elif output.kind is OutputKind.COVERAGE:
            unit = before.denominator
            reached = int(before * unit) + unit * self._newly_complete(output)
        elif output.kind is OutputKind.OUTCOME:
            return [before], np.zeros(self.size, dtype=np.int64)
        else:
            done = np.full(self.size, before >= 1)
            parts = [
                self._given(lambda level, part=part: part in level.delivers.get(output.id, ()))
                for part in output.components
            ]
            done |= np.logical_and.reduce(parts)
            reached, unit = done.astype(np.int64), 1
        values, where = np.unique(reached, return_inverse=True)
        return [Fraction(int(value), unit) for value in values], where

    def _newly_complete(self, output: Output) -> Numbers:
        count = np.zeros(self.size, dtype=np.int64)
        for unit in sorted(set(output.scope_unit_ids) - set(output.exempt_unit_ids)):
            there = output.reached_components.get(unit, ())
            missing = [part for part in output.components if part not in there]
            if missing:
                served = [
                    self._given(
                        lambda level, part=part, unit=unit: (
                            unit in level.covers.get(output.id, {}).get(part, ())
                        )
                    )
                    for part in missing
                ]
                count += np.logical_and.reduce(served)
        return count

    def _given(self, gives: Callable[[FundingLevel], bool]) -> Numbers:
        """Tell for every choice whether some chosen level gives a thing."""
        given = np.zeros(self.size, dtype=bool)
        for item in self.problem.candidates:
            table = [False, *(gives(level) for level in item.levels)]
            if any(table):
                given |= np.array(table)[self._choice[item.id]]
        return given

    def _points_of(self, output: Output) -> tuple[list[Fraction], Numbers]:
        counts, where = self._counts(output)
        earlier = next((item for item in self.problem.outputs if item.id == output.follows_id), None)
        return [points_by_hand(output, earlier, count) for count in counts], where


def points_by_hand(output: Output, earlier: Output | None, count: Fraction) -> Fraction:
    """Return the points earned between today's count and a final count of one output."""
    before = _today(output)
    if output.kind is OutputKind.OUTCOME:
        return Fraction(0)
    if output.kind in (OutputKind.MILESTONE, OutputKind.DELIVERABLE):
        return output.weight * ((count >= 1) - (before >= 1))
    start, target = output.start, _goal(output)
    if earlier is not None:
        start = max(start, _goal(earlier))
    if target <= start or (before >= target and not output.is_linear_beyond_target):
        return Fraction(0)
    ways = [(one - start) / (target - start) for one in (before, count)]
    worth_before, worth_after = (_worth(output, max(way, Fraction(0))) for way in ways)
    return output.weight * (worth_after - worth_before)


def _worth(output: Output, way: Fraction) -> Fraction:
    """Walk along the curve: every piece pays its own slope for the part of it that is behind us."""
    left, low, worth, slope = Fraction(0), Fraction(0), Fraction(0), Fraction(0)
    for right, high in output.curve or ((Fraction(1), Fraction(1)),):
        slope = (high - low) / (right - left)
        worth += slope * (min(way, right) - left) if way > left else Fraction(0)
        left, low = right, high
    if way > 1 and output.is_linear_beyond_target:
        worth += slope * (way - 1)
    return worth


def _today(output: Output) -> Fraction:
    if output.baseline is not None:
        return output.baseline
    if output.kind is not OutputKind.COVERAGE:
        return output.start
    units = set(output.scope_unit_ids) - set(output.exempt_unit_ids)
    whole = [unit for unit in units if set(output.components) <= set(output.reached_components.get(unit, ()))]
    return max(output.start, Fraction(len(whole)))


def _goal(output: Output) -> Fraction:
    if output.target is not None:
        return output.target
    return Fraction(len(set(output.scope_unit_ids) - set(output.exempt_unit_ids)))


def _yield(output: Output, level: FundingLevel) -> Fraction:
    by_year = level.yields.get(output.id, {})
    counted = [amount for year, amount in by_year.items() if output.year is None or year <= output.year]
    return sum(counted, Fraction(0))


def _cost(level: FundingLevel) -> int:
    return sum(sum(by_year.values()) for by_year in level.cost_vnd.values())


def _allowed(item: Candidate) -> list[bool]:
    """Tell for "not funded" and for every level whether the candidate's state allows it."""
    ids = [level.id for level in item.levels]
    if item.state is CandidateState.BARRED:
        return [True] + [False] * len(ids)
    if item.state is CandidateState.PINNED:
        return [False, *(item.pinned_level_id in (None, name) for name in ids)]
    if item.state is CandidateState.COMMITTED:
        least = 0 if item.min_level_id is None else ids.index(item.min_level_id)
        return [False, *(place >= least for place in range(len(ids)))]
    return [True] * (len(ids) + 1)


def _negated(value: int | None) -> int | None:
    return None if value is None else -value
