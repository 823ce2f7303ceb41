"""Dividing a cost line over years or sources so that the parts add up to the đồng. Pure.

Quantities are divided, prices stay. A quantity is cut only into steps that cost a whole number of đồng,
and what is smaller than a step stays with one part: so every level's amount is the sum of its parts,
whatever the price, with no correcting line. The division itself is `finance.money.apportion`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import gcd, lcm

from finance.estimates.draft import LineDraft, ProjectDraft
from finance.money import apportion

# A price times a frequency in thousandths times a quantity in thousandths is in millionths of a đồng.
_MILLIONTHS = 1_000_000
_WHOLE_UNIT = 1000  # thousandths
WHOLE = 100_000  # 100 % in thousandths of a percent


@dataclass(frozen=True, slots=True)
class Share:
    """A year's part of the whole, as a weight: thousandths of a percent, or 1 each for equal parts."""

    year: int
    weight: int


def equal_shares(years: Sequence[int]) -> tuple[Share, ...]:
    """The same part for every year."""
    return tuple(Share(year, 1) for year in years)


def are_percentages_whole(shares: Sequence[Share]) -> bool:
    """True when percentages (in thousandths) add up to exactly 100."""
    return sum(share.weight for share in shares) == WHOLE


def split_quantities(
    line: LineDraft, weights: Sequence[int], *, in_whole_units: bool
) -> list[tuple[int, ...]]:
    """The quantities of every part, level by level.

    Args:
        line: what is divided.
        weights: one per part; whole, not below zero, not all zero.
        in_whole_units: half a computer is no part; then a part gets whole units or none.

    Returns:
        One tuple of quantities (thousandths, in the levels' order) per weight. Over the parts, each
        level's quantities add up to the line's and its amounts to the line's amount. Where levels rise,
        every part rises too, but for what is smaller than a step.

    Raises:
        ValueError: a weight is below zero, or all are zero.
    """
    if not any(weights):
        raise ValueError("a line cannot be divided where nothing carries weight")
    step = _step_of(line, in_whole_units=in_whole_units)
    levels = _levels_split(line.quantities, weights, step)
    return [tuple(level[part] for level in levels) for part in range(len(weights))]


def split_over_years(line: LineDraft, shares: Sequence[Share], *, in_whole_units: bool) -> list[LineDraft]:
    """The line as one line a year; a year that gets nothing in any level has no line.

    A line without any quantity yet has nothing to divide and stays as it is.
    """
    if not any(line.quantities):
        return [line]
    parts = split_quantities(line, [share.weight for share in shares], in_whole_units=in_whole_units)
    return [
        replace(line, year=share.year, quantities=quantities, line_key="")
        for share, quantities in zip(shares, parts, strict=True)
        if any(quantities)
    ]


def split_over_sources(
    line: LineDraft, weights_by_source: Sequence[tuple[str, int]], *, in_whole_units: bool
) -> list[LineDraft]:
    """The line as one line a source, like `split_over_years`."""
    if not any(line.quantities):
        return [line]
    weights = [weight for _code, weight in weights_by_source]
    parts = split_quantities(line, weights, in_whole_units=in_whole_units)
    return [
        replace(line, source_code=code, quantities=quantities, line_key="")
        for (code, _weight), quantities in zip(weights_by_source, parts, strict=True)
        if any(quantities)
    ]


def split_project(
    project: ProjectDraft, numbers: frozenset[int], shares: Sequence[Share], *, in_whole_units: bool
) -> ProjectDraft:
    """The project with these lines (0 for the first) divided over the years, in the lines' order."""
    lines: list[LineDraft] = []
    for number, line in enumerate(project.lines):
        if number in numbers:
            lines += split_over_years(line, shares, in_whole_units=in_whole_units)
        else:
            lines.append(line)
    return replace(project, lines=tuple(lines))


def _step_of(line: LineDraft, *, in_whole_units: bool) -> int:
    """The smallest quantity, in thousandths, every multiple of which costs whole đồng."""
    cost_of_one = line.unit_price_vnd * line.frequency_thousandths
    step = _MILLIONTHS // gcd(cost_of_one, _MILLIONTHS)
    return lcm(step, _WHOLE_UNIT) if in_whole_units else step


def _levels_split(quantities: Sequence[int], weights: Sequence[int], step: int) -> list[list[int]]:
    """Per level its quantity over the parts."""
    if any(higher < lower for lower, higher in pairwise(quantities)):
        return [_split(quantity, weights, step) for quantity in quantities]
    # What a level adds to the one below is divided by itself: dividing the sums could let a part fall.
    below = [0] * len(weights)
    levels = []
    steps_below = rest_below = 0
    for quantity in quantities:
        steps, rest = divmod(quantity, step)
        added = apportion(steps - steps_below, weights)
        below = [old + more * step for old, more in zip(below, added, strict=True)]
        steps_below, rest_below = steps, rest
        levels.append(_with_rest(below, rest_below, weights))
    return levels


def _split(quantity: int, weights: Sequence[int], step: int) -> list[int]:
    steps, rest = divmod(quantity, step)
    return _with_rest([part * step for part in apportion(steps, weights)], rest, weights)


def _with_rest(parts: Sequence[int], rest: int, weights: Sequence[int]) -> list[int]:
    """What is smaller than a step goes whole to the heaviest part, the first of several."""
    heaviest = max(range(len(weights)), key=lambda part: (weights[part], -part))
    return [part + rest if number == heaviest else part for number, part in enumerate(parts)]
