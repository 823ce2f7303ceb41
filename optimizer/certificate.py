"""An upper bound of the score that anyone can re-add: a Lagrangian bound in exact fractions.

Every rule that ties candidates together is written as a row "left side <= right side". Give each row a
price (multiplier) of at least 0 points per unit. Then no plan is worth more than

    sum of price x right side
    + for every candidate, its best level after paying the prices (or nothing, if it may be left out)
    + for every counting variable, its points after paying the prices, if positive, times its largest value,

because a plan that keeps the rows pays at least nothing for them. This holds for *any* prices; good prices
(the engine's) only make the bound tight. Standard library only; the auditor repeats the addition here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from optimizer.attainment import (
    ONE_TIME_KINDS,
    baseline_count,
    counted_yield,
    earlier_outputs,
    open_units,
    paying_segments,
)
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    GroupLink,
    GroupRule,
    Output,
    OutputKind,
    Requires,
    allowed_level_ids,
)
from optimizer.spending import (
    cost_items,
    effective_floor_vnd,
    group_ceiling_vnd,
    scoped_cost_vnd,
    source_groups,
)

Choice = tuple[str, str]
"""Candidate id and level id."""


@dataclass(slots=True)
class _Row:
    """choices and counts are the left side; right_side the right; unit depends on the family."""

    right_side: Fraction
    choices: dict[Choice, Fraction] = field(default_factory=dict)
    counts: dict[str, Fraction] = field(default_factory=dict)


class PricedRows:
    """All rows of a problem, ready to be priced.

    Row ids: ``ceiling:SOURCES:YEAR``, ``cap:LIMIT``, ``floor:LIMIT``, ``soft``, ``requires:P:Q``,
    ``most:GROUP``, ``least:GROUP``, ``output:J``, ``unit:J:UNIT:PART``, ``part:J:PART``, ``minimum:J``,
    ``gate:J``, ``open:J``.
    """

    def __init__(self, problem: AllocationProblem, shortfall_vnd: int = 0) -> None:
        """Write the rows.

        Args:
            problem: the question.
            shortfall_vnd: how far the plans compared may stay from the limits that are not hard, in đồng.
        """
        self._problem = problem
        self._rows: dict[str, _Row] = {}
        self._largest: dict[str, Fraction] = {}
        self._points: dict[str, Fraction] = {}
        self._pairs = [
            (candidate, level)
            for candidate in problem.candidates
            for level in candidate.levels
            if level.id in allowed_level_ids(candidate)
        ]
        self._write_ceilings()
        self._write_limits(shortfall_vnd)
        self._write_links()
        earlier = earlier_outputs(problem)
        for output in problem.outputs:
            if output.kind in ONE_TIME_KINDS:
                self._write_one_time(output)
            elif output.kind is not OutputKind.OUTCOME:
                self._write_counted(output, earlier[output.id])

    def priced(self, multipliers: Mapping[str, Fraction]) -> PricedProblem:
        """Return what the candidates and counts are worth after paying the prices.

        Raises:
            ValueError: a row id is unknown or a price is negative.
        """
        total = Fraction(0)
        worth: dict[Choice, Fraction] = {}
        counts = dict(self._points)
        for row_id, price in multipliers.items():
            row = self._rows.get(row_id)
            if row is None or price < 0:
                raise ValueError(f"nhân tử của hàng “{row_id}” không hợp lệ")
            total += price * row.right_side
            for choice, amount in row.choices.items():
                worth[choice] = worth.get(choice, Fraction(0)) - price * amount
            for count, amount in row.counts.items():
                counts[count] -= price * amount
        total += sum(
            (max(Fraction(0), value) * self._largest[key] for key, value in counts.items()), Fraction(0)
        )
        return PricedProblem(
            total, {item.id: _worth_of_levels(item, worth) for item in self._problem.candidates}
        )

    def row_ids(self) -> tuple[str, ...]:
        """Return every row id."""
        return tuple(self._rows)

    def _count(self, key: str, largest: Fraction, points: Fraction = Fraction(0)) -> None:
        self._largest[key] = largest
        self._points[key] = points

    def _write_ceilings(self) -> None:
        years = sorted({year for _, level in self._pairs for (_, year), _ in cost_items(level)})
        for group in source_groups(self._problem.sources):
            for year in years:
                ceiling_vnd = group_ceiling_vnd(self._problem.sources, group, year)
                if ceiling_vnd is not None:
                    row = self._rows[row_name("ceiling", group, year)] = _Row(Fraction(ceiling_vnd))
                    for candidate, level in self._pairs:
                        used_vnd = sum(level.cost_vnd.get(source_id, {}).get(year, 0) for source_id in group)
                        if used_vnd:
                            row.choices[candidate.id, level.id] = Fraction(used_vnd)

    def _write_limits(self, shortfall_vnd: int) -> None:
        sources = {source.id: source for source in self._problem.sources}
        soft = _Row(Fraction(shortfall_vnd))
        for limit in self._problem.limits:
            costs = {
                (candidate.id, level.id): Fraction(scoped_cost_vnd(sources, limit.scope, candidate, level))
                for candidate, level in self._pairs
            }
            costs = {choice: amount for choice, amount in costs.items() if amount}
            sides = [("cap", 1, limit.at_most_vnd), ("floor", -1, limit.at_least_vnd)]
            for side, sign, stated_vnd in sides:
                if stated_vnd is None:
                    continue
                edge_vnd = stated_vnd if side == "cap" else effective_floor_vnd(self._problem, limit)
                row_id = row_name(side, limit.id)
                row = _Row(
                    Fraction(sign * edge_vnd), {choice: sign * amount for choice, amount in costs.items()}
                )
                self._rows[row_id] = row
                if not limit.is_hard:
                    self._count(f"slack:{row_id}", Fraction(shortfall_vnd))
                    row.counts[f"slack:{row_id}"] = Fraction(-1)
                    soft.counts[f"slack:{row_id}"] = Fraction(1)
        if soft.counts:
            self._rows["soft"] = soft

    def _write_links(self) -> None:
        levels = {candidate.id: candidate.levels for candidate in self._problem.candidates}
        for link in self._problem.links:
            if isinstance(link, Requires):
                row = self._rows[requires_row(link)] = _Row(Fraction(0))
                for level in levels[link.candidate_id]:
                    row.choices[link.candidate_id, level.id] = Fraction(1)
                for level in _levels_from(levels[link.needs_id], link.min_level_id):
                    row.choices[link.needs_id, level.id] = Fraction(-1)
                continue
            choices = [(item, level.id) for item in link.candidate_ids for level in levels[item]]
            if link.rule is not GroupRule.AT_LEAST:
                self._rows[group_row("most", link)] = _Row(Fraction(1), dict.fromkeys(choices, Fraction(1)))
            if link.rule is not GroupRule.AT_MOST_ONE:
                count = link.count if link.rule is GroupRule.AT_LEAST else 1
                self._rows[group_row("least", link)] = _Row(
                    Fraction(-count), dict.fromkeys(choices, Fraction(-1))
                )

    def _write_counted(self, output: Output, earlier: Output | None) -> None:
        """Segments of the curve are fed by yields (quantity) or by covered units (coverage)."""
        feeding = _Row(Fraction(0))
        if output.kind is OutputKind.QUANTITY:
            for candidate, level in self._pairs:
                amount = counted_yield(output, level)
                if amount:
                    feeding.choices[candidate.id, level.id] = -amount
        else:
            self._write_units(output, feeding)
        if output.at_least is not None:
            missing = output.at_least - baseline_count(output)
            self._rows[row_name("minimum", output.id)] = _Row(
                -missing, dict(feeding.choices), dict(feeding.counts)
            )
        free, segments = paying_segments(output, earlier)
        if not segments:
            return
        most = self._largest_count(feeding)
        for position, (length, slope) in enumerate(segments):
            key = f"segment:{output.id}:{position}"
            self._count(key, most if length is None else min(length, most), slope)
            feeding.counts[key] = Fraction(1)
        self._rows[row_name("output", output.id)] = feeding
        if free:
            self._write_gate(output, feeding, free, most)

    def _write_gate(self, output: Output, feeding: _Row, free: Fraction, most: Fraction) -> None:
        """A later target of a chain pays only after the part below it is complete."""
        paid = [key for key in feeding.counts if key.startswith("segment:")]
        self._count(f"free:{output.id}", free)
        self._count(f"gate:{output.id}", Fraction(1))
        feeding.counts[f"free:{output.id}"] = Fraction(1)
        gate = _Row(Fraction(0), {}, dict.fromkeys(paid, Fraction(1)))
        gate.counts[f"gate:{output.id}"] = -min(most, sum((self._largest[key] for key in paid), Fraction(0)))
        self._rows[row_name("gate", output.id)] = gate
        opened = {f"gate:{output.id}": free, f"free:{output.id}": Fraction(-1)}
        self._rows[row_name("open", output.id)] = _Row(Fraction(0), {}, opened)

    def _largest_count(self, feeding: _Row) -> Fraction:
        """Return the most that the feeding side can give: best level of every candidate, every unit."""
        best: dict[str, Fraction] = {}
        for (candidate_id, _), amount in feeding.choices.items():
            best[candidate_id] = max(best.get(candidate_id, Fraction(0)), -amount)
        units = sum((-amount * self._largest[key] for key, amount in feeding.counts.items()), Fraction(0))
        return sum(best.values(), Fraction(0)) + units

    def _write_units(self, output: Output, feeding: _Row) -> None:
        givers: dict[tuple[str, str], list[Choice]] = {}
        for candidate, level in self._pairs:
            for part, units in level.covers.get(output.id, {}).items():
                for unit in set(units):
                    givers.setdefault((unit, part), []).append((candidate.id, level.id))
        for unit in open_units(output):
            there = output.reached_components.get(unit, ())
            missing = [part for part in output.components if part not in there]
            if any((unit, part) not in givers for part in missing):
                continue
            key = row_name("unit", output.id, unit)
            self._count(key, Fraction(1))
            feeding.counts[key] = Fraction(-1)
            for part in missing:
                choices = dict.fromkeys(givers[unit, part], Fraction(-1))
                self._rows[row_name("unit", output.id, unit, part)] = _Row(
                    Fraction(0), choices, {key: Fraction(1)}
                )

    def _write_one_time(self, output: Output) -> None:
        if baseline_count(output) >= 1:
            return
        key = f"done:{output.id}"
        self._count(key, Fraction(1), output.weight)
        for part in output.components:
            row = self._rows[row_name("part", output.id, part)] = _Row(Fraction(0), {}, {key: Fraction(1)})
            for candidate, level in self._pairs:
                if part in level.delivers.get(output.id, ()):
                    row.choices[candidate.id, level.id] = Fraction(-1)
        if output.at_least is not None:
            self._rows[row_name("minimum", output.id)] = _Row(-output.at_least, {}, {key: Fraction(-1)})


@dataclass(frozen=True, slots=True)
class PricedProblem:
    """The bound taken apart: a constant and, for every candidate, what each of its choices adds.

    Attributes:
        constant: points that do not depend on any candidate.
        worth: by candidate id: points by level id; key None = not funded (0), where that is allowed.
    """

    constant: Fraction
    worth: Mapping[str, Mapping[str | None, Fraction]]

    def bound(self) -> Fraction:
        """Return the bound for all plans."""
        return self.constant + sum((max(choices.values()) for choices in self.worth.values()), Fraction(0))

    def bound_with(self, candidate_id: str, *, is_funded: bool) -> Fraction | None:
        """Return the bound for the plans in which a candidate is (or is not) funded; None = no such plan."""
        choices = self.worth[candidate_id]
        kept = [points for level_id, points in choices.items() if (level_id is not None) == is_funded]
        if not kept:
            return None
        return self.bound() - max(choices.values()) + max(kept)


def lagrangian_bound(
    problem: AllocationProblem, multipliers: Mapping[str, Fraction], shortfall_vnd: int = 0
) -> Fraction:
    """Return the upper bound of the score that the multipliers prove.

    Args:
        problem: the question.
        multipliers: price of each row in points per unit of the row (see PricedRows for the ids).
        shortfall_vnd: shortfall allowed against limits that are not hard, in đồng.
    Raises:
        ValueError: a row id is unknown, a price is negative, or a candidate has no possible choice.
    """
    return PricedRows(problem, shortfall_vnd).priced(multipliers).bound()


def row_name(family: str, *parts: str | int | tuple[str, ...]) -> str:
    """Return the id of a row: family and parts joined by colons, members of a group by plus signs."""
    texts = (parts_text if isinstance(parts_text, tuple) else (str(parts_text),) for parts_text in parts)
    return ":".join([family, *("+".join(_plain(text) for text in sorted(members)) for members in texts)])


def requires_row(link: Requires) -> str:
    """Return the row id of a requirement."""
    return row_name("requires", link.candidate_id, link.needs_id, link.min_level_id or "")


def group_row(side: str, link: GroupLink) -> str:
    """Return the row id of one side ("most" or "least") of a group link."""
    return row_name(side, link.rule.value, link.candidate_ids, link.count if side == "least" else 1)


def _plain(text: str) -> str:
    """Write the two marks that row ids use as percent codes, so that no two rows share an id."""
    return text.replace("%", "%25").replace(":", "%3A").replace("+", "%2B")


def _levels_from(levels: tuple[FundingLevel, ...], min_level_id: str | None) -> tuple[FundingLevel, ...]:
    if min_level_id is None:
        return levels
    return levels[[level.id for level in levels].index(min_level_id) :]


def _worth_of_levels(candidate: Candidate, worth: Mapping[Choice, Fraction]) -> dict[str | None, Fraction]:
    """Return the points of every choice the candidate's state allows."""
    choices: dict[str | None, Fraction] = {}
    if candidate.state in (CandidateState.OPEN, CandidateState.BARRED):
        choices[None] = Fraction(0)
    for level_id in allowed_level_ids(candidate):
        choices[level_id] = worth.get((candidate.id, level_id), Fraction(0))
    return choices
