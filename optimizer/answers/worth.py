"""What a candidate is worth at prices, apart from any search: value, money, rule rent, and its own points.

    value   V = - sum_j mu[j] a[j,p,k]     rows that count results: output, unit, part (a < 0: given)
    money   C =   sum_B mu[B] c[B,p,k]     ceilings of the sources
    rules   R =   sum_r mu[r] a[r,p,k]     all other rows: caps, floors, links, hard minimums
    margin  d = V - C - R

Sets: p candidates, k levels, j, B, r rows of optimizer.proofs.bound_rows. Units: points. Reason: d is what
funding p at k adds to the Lagrangian sum, so it equals the relaxation's reduced cost; V, C and R say where
it comes from. Prices of a relaxation are hints for planners, never the reason for a candidate at the margin.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from optimizer.answer_prices import WorthHint
from optimizer.attainment import earlier_outputs, earned_points, final_count
from optimizer.problem import AllocationProblem, Candidate, FundingLevel, Output, allowed_level_ids
from optimizer.proofs.certificate import PricedRows
from optimizer.spending import level_cost_vnd

RESULT_ROWS = ("output", "unit", "part")
MONEY_ROWS = ("ceiling",)


def worth_hints(
    rows: PricedRows, multipliers: Mapping[str, Fraction], level_ids: Mapping[str, str]
) -> dict[str, WorthHint]:
    """Return what every candidate is worth at some prices.

    Args:
        rows: the rows of the problem.
        multipliers: points per unit of each row.
        level_ids: the plan; a candidate that is out is shown at the level with the highest margin.
    Returns:
        Hints by candidate id; candidates without a level that may be chosen have none.
    """
    sums = _sums_by_choice(rows, multipliers)
    hints = {}
    for candidate_id, numbers in rows.book.numbers.items():
        levels = [
            WorthHint(level_id, *(sums[part][number] for part in ("value", "money", "rules")))
            for level_id, number in numbers.items()
        ]
        chosen = [hint for hint in levels if hint.level_id == level_ids.get(candidate_id)]
        if chosen or levels:
            hints[candidate_id] = max(chosen or levels, key=lambda hint: hint.margin_points)
    return hints


def _sums_by_choice(rows: PricedRows, multipliers: Mapping[str, Fraction]) -> dict[str, list[Fraction]]:
    """Add up, for every choice, what it gives and pays in the three kinds of rows."""
    sums = {part: [Fraction(0)] * len(rows.book.levels) for part in ("value", "money", "rules")}
    for row_id, price in multipliers.items():
        family = row_id.split(":")[0]
        part = "value" if family in RESULT_ROWS else "money" if family in MONEY_ROWS else "rules"
        row = rows.book.rows[row_id]
        each = (-price if part == "value" else price) / row.scale
        column = sums[part]
        for number, amount in row.choices.items():
            column[number] += each * amount
    return sums


class OwnWorth:
    """The exact change of a plan's score by one candidate alone, from the outputs it speaks of."""

    def __init__(self, problem: AllocationProblem, level_ids: Mapping[str, str]) -> None:
        """Take the levels of a plan, by the outputs they speak of."""
        self._levels = {(item.id, level.id): level for item in problem.candidates for level in item.levels}
        self._level_ids = level_ids
        self._earlier = earlier_outputs(problem)
        self._outputs = {output.id: output for output in problem.outputs}
        self._speaking: dict[str, dict[str, FundingLevel]] = {}
        for key in level_ids.items():
            for output_id in _spoken_of(self._levels[key]):
                self._speaking.setdefault(output_id, {})[key[0]] = self._levels[key]

    def level_of(self, candidate: Candidate) -> FundingLevel:
        """Return the level that is spoken about: that of the plan, else the least that is allowed."""
        level_id = self._level_ids.get(candidate.id)
        allowed = allowed_level_ids(candidate) or tuple(level.id for level in candidate.levels)
        return self._levels[candidate.id, level_id or allowed[0]]

    def cost_vnd(self, candidate: Candidate) -> int:
        """Return the cost of that level."""
        return level_cost_vnd(self.level_of(candidate))

    def points(self, candidate: Candidate, level: FundingLevel | None = None) -> Fraction:
        """Return the score with a level less the score without the candidate, all others as in the plan.

        Args:
            candidate: the candidate.
            level: one of its levels; None = level_of.
        """
        level = level or self.level_of(candidate)
        return sum(
            (self._change(self._outputs[key], candidate.id, level) for key in sorted(_spoken_of(level))),
            Fraction(0),
        )

    def _change(self, output: Output, candidate_id: str, level: FundingLevel) -> Fraction:
        others = [item for key, item in self._speaking.get(output.id, {}).items() if key != candidate_id]
        after, before = (final_count(output, levels) for levels in ([*others, level], others))
        earlier = self._earlier[output.id]
        return earned_points(output, earlier, after) - earned_points(output, earlier, before)


def _spoken_of(level: FundingLevel) -> set[str]:
    return {*level.yields, *level.covers, *level.delivers}
