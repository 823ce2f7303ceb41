"""From headcount to results, step by step: how much each agency's autonomous block is, year by year.

For a year with total D [đồng] and weight of results theta (0 to 1, by a published calendar), agency a:

    H_a   = headcount_a x norm                                                      [đồng]
    O_a   = sum of price x quality x place factor x verified output of the year before   [đồng]
    raw_a = D ((1 - theta) H_a / sum H + theta O_a / sum O)                          [đồng]
    B_a   = clip(lambda raw_a, floor_a, cap_a),   lambda such that  sum B_a = D      [đồng]

floor and cap are the corridor around the amount of the year before, in whole đồng; an agency without a
year before has none. B_a is exact, then rounded to đồng by largest remainder: bounds are whole, so rounding
never leaves the corridor. An answer exists exactly when sum of floors <= D <= sum of caps.

Agencies without headcount and results have raw 0 and stand at their floors. Only when all others stand at
their caps is something left for them; it is cut by the room of their corridors (cap - floor).

What is true of it, and tested: it sums exactly; theta 0 gives headcount shares and theta 1 without corridor
gives output shares; who verifies more, others as before, does not lose a đồng; the order of agencies and
a common factor of all prices change nothing.

This sizes the autonomous block against the result block, before anything is chosen: it knows no project
and sets no floor inside the project pool, where money follows results only.

Source: the decision, III.5.b: allocation by headcount is replaced by results, step by step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.errors import InvalidProblem
from optimizer.transition.apportion import apportion_vnd, round_to_total
from optimizer.transition.checks import transition_mistakes
from optimizer.transition.facts import (
    AgencyBlock,
    AgencyFigures,
    DecidingRule,
    Transition,
    TransitionAgency,
    TransitionYear,
    YearBlocks,
    corridor_bounds_vnd,
    results_value_vnd,
)
from optimizer.transition.refusal import require_feasible_corridor
from optimizer.transition.words import with_sentences


@dataclass(frozen=True, slots=True)
class _Claim:
    """One agency before the sharing: its part of the total and its corridor."""

    share: Fraction
    floor_vnd: int
    cap_vnd: int


def run_transition(transition: Transition) -> tuple[YearBlocks, ...]:
    """Return every year shared out, each in the corridor around the year before.

    Args:
        transition: the question; it is checked first.
    Returns:
        The years in order.
    Raises:
        InvalidProblem: with every mistake.
        OutsideCorridor: a year's total lies below all floors or above all caps together; says by how much.
    """
    mistakes = transition_mistakes(transition)
    if mistakes:
        raise InvalidProblem(mistakes)
    agencies = {agency.code: agency for agency in transition.agencies}
    shared: list[YearBlocks] = []
    for year in sorted(transition.years, key=lambda item: item.year):
        blocks = size_blocks(year, transition.calendar[year.year], agencies)
        shared.append(with_sentences(blocks, agencies))
        amounts = {block.code: block.amount_vnd for block in shared[-1].agencies}
        agencies = {code: replace(item, last_year_vnd=amounts.get(code)) for code, item in agencies.items()}
    return tuple(shared)


def size_blocks(
    year: TransitionYear, theta: Fraction, agencies: Mapping[str, TransitionAgency]
) -> YearBlocks:
    """Return one year shared out.

    Args:
        year: figures of the agencies that take part, free of mistakes.
        theta: weight of results in this year.
        agencies: name and amount of the year before, by code.
    Returns:
        The blocks, without sentences.
    Raises:
        OutsideCorridor: the total lies below all floors or above all caps together; says by how much.
    """
    figures = {item.code: item for item in sorted(year.agencies, key=lambda item: item.code)}
    values = {code: results_value_vnd(item) for code, item in figures.items()}
    parts = _both_shares(figures, values)
    claims = _claims(year, theta, agencies, parts)
    require_feasible_corridor(
        year, {code: (claim.floor_vnd, claim.cap_vnd) for code, claim in claims.items()}, agencies
    )
    level_vnd = _common_level_vnd(claims, year.total_vnd)
    exact = _exact_amounts(claims, level_vnd, year.total_vnd)
    rounded = round_to_total(exact, year.total_vnd)
    blocks = tuple(
        AgencyBlock(
            code=code,
            name=agencies[code].name,
            headcount=figures[code].headcount,
            headcount_vnd=figures[code].headcount * year.norm_vnd,
            results_vnd=values[code],
            headcount_share=parts[code][0],
            result_share=parts[code][1],
            raw_vnd=claim.share * year.total_vnd,
            floor_vnd=claim.floor_vnd,
            cap_vnd=None if agencies[code].last_year_vnd is None else claim.cap_vnd,
            exact_vnd=exact[code],
            amount_vnd=rounded[code],
            rule=_deciding_rule(claim, exact[code], level_vnd),
            unverified_count=sum(line.verified is None for line in figures[code].results),
        )
        for code, claim in claims.items()
    )
    cut_vnd = apportion_vnd(year.total_vnd, {"headcount": 1 - theta, "results": theta})
    return YearBlocks(
        year=year.year,
        theta=theta,
        total_vnd=year.total_vnd,
        headcount_block_vnd=cut_vnd["headcount"],
        result_block_vnd=cut_vnd["results"],
        multiplier=_multiplier(level_vnd, year.total_vnd),
        agencies=blocks,
    )


def _both_shares(
    figures: Mapping[str, AgencyFigures], values: Mapping[str, Fraction]
) -> dict[str, tuple[Fraction, Fraction]]:
    """Return each agency's part of headcount and of results; 0 where nobody has any (theta excludes it)."""
    heads = sum(item.headcount for item in figures.values())
    value_vnd = sum(values.values(), Fraction(0))
    return {
        code: (
            Fraction(item.headcount, heads) if heads else Fraction(0),
            values[code] / value_vnd if value_vnd else Fraction(0),
        )
        for code, item in figures.items()
    }


def _claims(
    year: TransitionYear,
    theta: Fraction,
    agencies: Mapping[str, TransitionAgency],
    parts: Mapping[str, tuple[Fraction, Fraction]],
) -> dict[str, _Claim]:
    """Return each agency's mixed part of the total and its corridor, sorted by code."""
    claims = {}
    for code, (headcount_share, result_share) in parts.items():
        floor_vnd, cap_vnd = corridor_bounds_vnd(agencies[code].last_year_vnd, year.corridor)
        share = (1 - theta) * headcount_share + theta * result_share
        # No amount exceeds the total while floors are not negative, so it serves as "no cap".
        claims[code] = _Claim(share, floor_vnd, year.total_vnd if cap_vnd is None else cap_vnd)
    return claims


def _common_level_vnd(claims: Mapping[str, _Claim], total_vnd: int) -> Fraction | None:
    """Return the level L = lambda x D at which the clipped shares sum to the total.

    f(L) = sum of clip(L share_a, floor_a, cap_a) is continuous, never falls and is straight between the
    2A points floor_a / share_a and cap_a / share_a. They are walked in order: below its first point an
    agency stands at its floor, between them it grows with its share, above it stands at its cap. No
    bisection: the piece that holds D is solved exactly. O(A log A).

    Returns:
        The level, or None when every agency with a share stands at its cap and something is still left.
    """
    points: list[tuple[Fraction, Fraction, int]] = []
    for claim in claims.values():
        if claim.share:
            points.append((claim.floor_vnd / claim.share, claim.share, -claim.floor_vnd))
            points.append((claim.cap_vnd / claim.share, -claim.share, claim.cap_vnd))
    standing_vnd, growing = sum(claim.floor_vnd for claim in claims.values()), Fraction(0)
    for level_vnd, share, vnd in sorted(points):
        if standing_vnd + level_vnd * growing >= total_vnd:
            return (total_vnd - standing_vnd) / growing if growing else level_vnd
        standing_vnd += vnd
        growing += share
    return None


def _exact_amounts(
    claims: Mapping[str, _Claim], level_vnd: Fraction | None, total_vnd: int
) -> dict[str, Fraction]:
    """Return B_a before rounding; they sum to the total."""
    if level_vnd is not None:
        return {
            code: min(max(level_vnd * claim.share, Fraction(claim.floor_vnd)), Fraction(claim.cap_vnd))
            for code, claim in claims.items()
        }
    standing_vnd = {code: claim.cap_vnd if claim.share else claim.floor_vnd for code, claim in claims.items()}
    room_vnd = {code: claim.cap_vnd - claim.floor_vnd for code, claim in claims.items() if not claim.share}
    left_vnd, all_room_vnd = total_vnd - sum(standing_vnd.values()), sum(room_vnd.values())
    return {
        code: vnd + (Fraction(left_vnd * room_vnd.get(code, 0), all_room_vnd) if left_vnd else Fraction(0))
        for code, vnd in standing_vnd.items()
    }


def _deciding_rule(claim: _Claim, exact_vnd: Fraction, level_vnd: Fraction | None) -> DecidingRule:
    if level_vnd is None:
        if claim.share:
            return DecidingRule.CAP
        return DecidingRule.REMAINDER if exact_vnd > claim.floor_vnd else DecidingRule.FLOOR
    asked_vnd = level_vnd * claim.share
    if asked_vnd == exact_vnd:
        return DecidingRule.SHARE
    return DecidingRule.FLOOR if asked_vnd < exact_vnd else DecidingRule.CAP


def _multiplier(level_vnd: Fraction | None, total_vnd: int) -> Fraction | None:
    """Return lambda; with nothing to share any factor is right, so 1."""
    if level_vnd is None:
        return None
    return level_vnd / total_vnd if total_vnd else Fraction(1)
