"""The same problem as chance might have it: other weights, dearer candidates. Pure facts, no solver.

    weight of output j   w_j (1 + e_j),  e_j uniform in [-a, a], all scaled back to the old sum of weights
    cost of candidate p  every amount c of p becomes c (1 + f_p),  f_p uniform in [0, b], whole đồng

Units: weights in points, amounts in đồng, a and b shares (0.2 = 20 %). Overruns go one way only, because
estimates are seldom too high, and hit different candidates independently. Shares are drawn in millionths,
so that every draw is exact. All draws are made at once from one source of chance, in the order of ids: the
same seed gives the same draws however the lists of the problem are ordered and whoever works on them.
Standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from optimizer.problem import AllocationProblem, Candidate, FundingLevel, Output
from optimizer.transition.apportion import apportion_vnd

if TYPE_CHECKING:
    from random import Random

MILLION = 1_000_000
MOST_DIGITS = 15
"""Weights stay decimals of so many digits, as problem files have them."""
WEIGHT_PLACES = 9


@dataclass(frozen=True, slots=True)
class DrawRanges:
    """How far chance may move things.

    Attributes:
        weights_share: a: every weight moves by at most this share before all are scaled back.
        costs_share: b: every candidate becomes dearer by at most this share.
        years: fiscal years whose costs may grow; empty = all.
    """

    weights_share: Fraction = Fraction(0)
    costs_share: Fraction = Fraction(0)
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw.

    Attributes:
        weights: weight by output id; empty = as in the problem.
        overruns_ppm: millionths by which a candidate becomes dearer, by id; empty = none.
        years: fiscal years whose costs grow; empty = all.
    """

    number: int
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    overruns_ppm: Mapping[str, int] = field(default_factory=dict)
    years: tuple[int, ...] = ()


def sample_draws(
    problem: AllocationProblem, ranges: DrawRanges, count: int, chance: Random
) -> tuple[Draw, ...]:
    """Return draws of weights and costs.

    Args:
        problem: the question.
        ranges: how far each may move; a range of 0 leaves that side as it is.
        count: number of draws.
        chance: source of chance; the same state gives the same draws.
    """
    outputs = sorted((item for item in problem.outputs if item.weight), key=lambda item: item.id)
    candidate_ids = sorted(item.id for item in problem.candidates)
    spread, most = int(ranges.weights_share * MILLION), int(ranges.costs_share * MILLION)
    years = tuple(sorted(ranges.years))
    draws = []
    for number in range(count):
        weights = _drawn_weights(outputs, spread, chance) if spread else {}
        overruns = {key: chance.randint(0, most) for key in candidate_ids} if most else {}
        draws.append(Draw(number, weights, overruns, years))
    return tuple(draws)


def _drawn_weights(outputs: list[Output], spread: int, chance: Random) -> dict[str, Fraction]:
    moved = {item.id: item.weight * (MILLION + chance.randint(-spread, spread)) for item in outputs}
    return _scaled_to_sum(moved, sum((item.weight for item in outputs), Fraction(0)))


def _scaled_to_sum(moved: Mapping[str, Fraction], total: Fraction) -> dict[str, Fraction]:
    """Return amounts in the same proportion with a given sum, as short decimals, by largest remainders."""
    places = min(WEIGHT_PLACES, MOST_DIGITS - len(str(int(total))))
    units = total * 10**places
    if places < 0 or units.denominator != 1:
        return {key: amount * total / sum(moved.values()) for key, amount in sorted(moved.items())}
    shares = apportion_vnd(int(units), moved)  # here in units of 10^-places points
    return {key: Fraction(share, 10**places) for key, share in shares.items()}


def overrun_vnd(amount_vnd: int, ppm: int) -> int:
    """Return an amount after it grew by so many millionths, in whole đồng, halves rounded up."""
    return (amount_vnd * (MILLION + ppm) + MILLION // 2) // MILLION


def problem_in_draw(problem: AllocationProblem, draw: Draw) -> AllocationProblem:
    """Return the problem as it is in a draw; ceilings, limits and promised results stay what they are."""
    outputs, candidates = problem.outputs, problem.candidates
    if draw.weights:
        outputs = tuple(replace(item, weight=draw.weights.get(item.id, item.weight)) for item in outputs)
    if draw.overruns_ppm:
        candidates = tuple(
            _dearer(item, draw.overruns_ppm.get(item.id, 0), draw.years) for item in candidates
        )
    return replace(problem, outputs=outputs, candidates=candidates)


def _dearer(candidate: Candidate, ppm: int, years: Collection[int]) -> Candidate:
    return replace(candidate, levels=tuple(_dearer_level(level, ppm, years) for level in candidate.levels))


def _dearer_level(level: FundingLevel, ppm: int, years: Collection[int]) -> FundingLevel:
    return replace(
        level,
        cost_vnd={
            source_id: {
                year: overrun_vnd(amount_vnd, ppm) if not years or year in years else amount_vnd
                for year, amount_vnd in by_year.items()
            }
            for source_id, by_year in level.cost_vnd.items()
        },
    )
