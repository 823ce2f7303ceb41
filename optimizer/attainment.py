"""How far each output comes and how many points that is worth, in exact fractions.

Standard library only. One definition, used by the audit; the formulation states the same rules for the
engine and tests compare the two on random problems.

The score counts what the money earns: the curve of an output is entered at today's count, so what was
already reached pays nothing, and stating a higher baseline can only lower what is still to be earned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise

from optimizer.problem import AllocationProblem, FundingLevel, Output, OutputKind

ONE_TIME_KINDS = (OutputKind.MILESTONE, OutputKind.DELIVERABLE)


def open_units(output: Output) -> tuple[str, ...]:
    """Return the units of a coverage output that can still be won, sorted.

    Exempt units and units that already have every component are left out.
    """
    exempt = set(output.exempt_unit_ids)
    return tuple(unit for unit in sorted(set(output.scope_unit_ids) - exempt) if not is_reached(output, unit))


def is_reached(output: Output, unit: str) -> bool:
    """Tell whether a unit already has every component of a coverage output."""
    return set(output.components) <= set(output.reached_components.get(unit, ()))


def baseline_count(output: Output) -> Fraction:
    """Return today's count: as stated, else the start, else for coverage the units already complete."""
    if output.baseline is not None:
        return output.baseline
    if output.kind is OutputKind.COVERAGE:
        in_scope = set(output.scope_unit_ids) - set(output.exempt_unit_ids)
        return max(output.start, Fraction(sum(1 for unit in in_scope if is_reached(output, unit))))
    return output.start


def target_count(output: Output) -> Fraction:
    """Return the count to reach; one-time outputs have 1, coverage without a target its whole scope."""
    if output.kind in ONE_TIME_KINDS:
        return Fraction(1)
    if output.target is not None:
        return output.target
    return Fraction(len(set(output.scope_unit_ids) - set(output.exempt_unit_ids)))


def paying_start(output: Output, earlier: Output | None) -> Fraction:
    """Return the count from which an output pays: its start, or the target of the earlier in its chain."""
    return output.start if earlier is None else max(output.start, target_count(earlier))


def counted_yield(output: Output, level: FundingLevel) -> Fraction:
    """Return how much of a quantity output a level yields in the years that count."""
    by_year = level.yields.get(output.id, {})
    return exact_sum(amount for year, amount in by_year.items() if output.year is None or year <= output.year)


def exact_sum(amounts: Iterable[Fraction]) -> Fraction:
    """Return the sum of fractions; those with the same denominator are added as whole numbers first."""
    tops: dict[int, int] = {}
    for amount in amounts:
        tops[amount.denominator] = tops.get(amount.denominator, 0) + amount.numerator
    parts = [Fraction(top, bottom) for bottom, top in sorted(tops.items())]
    return sum(parts[1:], parts[0]) if parts else Fraction(0)


def final_counts(outputs: Iterable[Output], levels: Iterable[FundingLevel]) -> dict[str, Fraction]:
    """Return the final count of every output by id; each output asks only the levels that speak of it."""
    speaking: dict[str, list[FundingLevel]] = {}
    for level in levels:
        for output_id in {*level.yields, *level.covers, *level.delivers}:
            speaking.setdefault(output_id, []).append(level)
    return {output.id: final_count(output, speaking.get(output.id, ())) for output in outputs}


def final_count(output: Output, levels: Iterable[FundingLevel]) -> Fraction:
    """Return the count of an output after the chosen levels are carried out.

    Quantity: baseline plus the counted yields. Coverage: baseline plus the open units that have every
    component, each once however many levels name it. Milestone, deliverable: 1 when every component is
    delivered (or was there before), else 0. Outcome: the baseline, because promises do not move it.
    """
    before = baseline_count(output)
    if output.kind is OutputKind.QUANTITY:
        return before + exact_sum(counted_yield(output, level) for level in levels)
    if output.kind is OutputKind.COVERAGE:
        return before + len(covered_units(output, levels))
    if output.kind in ONE_TIME_KINDS:
        delivered = {part for level in levels for part in level.delivers.get(output.id, ())}
        return Fraction(1) if before >= 1 or set(output.components) <= delivered else Fraction(0)
    return before


def covered_units(output: Output, levels: Iterable[FundingLevel]) -> set[str]:
    """Return the open units that have every component of a coverage output after the chosen levels."""
    parts_of: dict[str, set[str]] = {
        unit: set(output.reached_components.get(unit, ())) for unit in open_units(output)
    }
    for level in levels:
        for part, units in level.covers.get(output.id, {}).items():
            for unit in units:
                if unit in parts_of:
                    parts_of[unit].add(part)
    return {unit for unit, parts in parts_of.items() if set(output.components) <= parts}


def curve_share(output: Output, way: Fraction) -> Fraction:
    """Return the share of the weight that a share of the way is worth.

    Args:
        way: share of the way from the paying start to the target; below 0 counts as 0, above 1 as 1
            unless the output goes on linearly beyond its target.
    """
    corners = ((Fraction(0), Fraction(0)), *(output.curve or ((Fraction(1), Fraction(1)),)))
    way = max(way, Fraction(0))
    for (left, low), (right, high) in pairwise(corners):
        if way <= right:
            return low + (high - low) * (way - left) / (right - left)
    if not output.is_linear_beyond_target:
        return corners[-1][1]
    (left, low), (right, high) = corners[-2:]
    return high + (way - right) * (high - low) / (right - left)


def earned_points(output: Output, earlier: Output | None, count: Fraction) -> Fraction:
    """Return the points that moving an output from today's count to this count earns.

    An output already reached today, or whose target lies at or below its start, earns nothing.

    Args:
        earlier: the output it follows in a chain, if any.
        count: the final count.
    """
    if output.kind is OutputKind.OUTCOME:
        return Fraction(0)
    before, target = baseline_count(output), target_count(output)
    if output.kind in ONE_TIME_KINDS:
        return output.weight if before < 1 <= count else Fraction(0)
    low = paying_start(output, earlier)
    if target <= low or (before >= target and not output.is_linear_beyond_target):
        return Fraction(0)
    width = target - low
    return output.weight * (
        curve_share(output, (count - low) / width) - curve_share(output, (before - low) / width)
    )


def earlier_outputs(problem: AllocationProblem) -> dict[str, Output | None]:
    """Return, for every output id, the output it follows in a chain."""
    by_id = {output.id: output for output in problem.outputs}
    return {
        output.id: None if output.follows_id is None else by_id[output.follows_id]
        for output in problem.outputs
    }


def score_points(problem: AllocationProblem, counts: Mapping[str, Fraction]) -> Fraction:
    """Return the score of a plan: the points all outputs earn with the given final counts."""
    earlier = earlier_outputs(problem)
    return sum(
        (earned_points(output, earlier[output.id], counts[output.id]) for output in problem.outputs),
        Fraction(0),
    )


def paying_segments(
    output: Output, earlier: Output | None
) -> tuple[Fraction, list[tuple[Fraction | None, Fraction]]]:
    """Return how the points of a counted output (quantity, coverage) are earned from today's count on.

    Args:
        output: a quantity or coverage output.
        earlier: the output it follows in a chain, if any.
    Returns:
        (free count to cover before anything is paid, segments); a segment is (length in counts, points
        per count), slopes falling, length None = no end. No segments when nothing can be earned.
    """
    before, target, low = baseline_count(output), target_count(output), paying_start(output, earlier)
    if target <= low or (before >= target and not output.is_linear_beyond_target):
        return Fraction(0), []
    width = target - low
    entered = max(Fraction(0), (before - low) / width)
    corners = ((Fraction(0), Fraction(0)), *(output.curve or ((Fraction(1), Fraction(1)),)))
    segments: list[tuple[Fraction | None, Fraction]] = []
    slope = Fraction(0)
    for (left, worth_left), (right, worth_right) in pairwise(corners):
        slope = output.weight * (worth_right - worth_left) / ((right - left) * width)
        if right > entered and slope > 0:
            segments.append(((right - max(left, entered)) * width, slope))
    if output.is_linear_beyond_target and slope > 0:
        segments.append((None, slope))
    return max(Fraction(0), low - before), segments
