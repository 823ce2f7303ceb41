"""Random problems of a few candidates that mix every kind and rule, and an oracle that tries everything.

The oracle is written from the specification, apart from the optimizer: it enumerates all choices of levels,
re-states every rule in its own words and compares whole đồng and exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from random import Random

from optimizer import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Nature,
    Output,
    OutputKind,
    Requires,
)

YEARS = (2012, 2013)
UNITS = ("xa-1", "xa-2", "xa-3", "xa-4", "xa-5")
PARTS = ("phong", "may")
CURVE = ((Fraction(1, 2), Fraction(7, 10)), (Fraction(1), Fraction(1)))


def random_problem(draw: Random) -> AllocationProblem:
    """Return a problem of 3 to 6 candidates; money is small so that ceilings bite."""
    outputs = _outputs(draw)
    candidates = tuple(_candidate(draw, place, outputs) for place in range(draw.randint(3, 6)))
    ids = [item.id for item in candidates]
    sources = tuple(
        FundingSource(
            name,
            f"Nguồn {name}",
            nature,
            {year: draw.randint(3, 12) * draw.choice((1, 1, 1000)) + draw.randint(0, 3) for year in YEARS},
            transfers_to_ids=("b",) if name == "a" and draw.random() < 0.25 else (),
        )
        for name, nature in (("a", Nature.RECURRENT), ("b", Nature.CAPITAL))
    )
    links: list[Requires | GroupLink] = []
    if draw.random() < 0.5:
        one, other = draw.sample(candidates, 2)
        links.append(Requires(one.id, other.id, draw.choice((None, other.levels[-1].id))))
    if draw.random() < 0.4:
        links.append(GroupLink(draw.choice(tuple(GroupRule)), tuple(draw.sample(ids, 2)), 1))
    limits = []
    for number in range(draw.randint(0, 2)):
        scope = draw.choice(
            (
                LimitScope(areas=("1",)),
                LimitScope(agencies=("x",), years=(2012,)),
                LimitScope(natures=(Nature.CAPITAL,)),
                LimitScope(source_ids=("a",), places=("p",)),
            )
        )
        floor, cap = draw.choice(((draw.randint(1, 9), None), (None, draw.randint(4, 15)), (2, 14)))
        limits.append(
            Limit(f"L{number}", f"Giới hạn {number}", scope, "", floor, cap, is_hard=draw.random() < 0.5)
        )
    reference = None
    if draw.random() < 0.3:
        reference = {item.id: item.levels[0].id for item in candidates if draw.random() < 0.5}
    return AllocationProblem(
        "thử", YEARS, sources, outputs, candidates, tuple(limits), tuple(links), reference_plan=reference
    )


def _outputs(draw: Random) -> tuple[Output, ...]:
    base = Fraction(draw.randint(0, 3))
    reached = {draw.choice(UNITS): (draw.choice(PARTS),), UNITS[0]: PARTS if draw.random() < 0.3 else ()}
    outputs = [
        Output(
            "q",
            "Số lượng",
            OutputKind.QUANTITY,
            weight=Fraction(30),
            baseline=base,
            target=Fraction(draw.choice((2, 8, 12))),
            year=2012 if draw.random() < 0.3 else None,
            curve=CURVE if draw.random() < 0.6 else (),
            is_linear_beyond_target=draw.random() < 0.2,
        ),
        Output(
            "q2",
            "Số lượng sau",
            OutputKind.QUANTITY,
            weight=Fraction(10),
            baseline=base,
            target=Fraction(20),
            follows_id="q",
            curve=CURVE if draw.random() < 0.3 else (),
        ),
        Output(
            "c",
            "Độ phủ",
            OutputKind.COVERAGE,
            weight=Fraction(35),
            target=Fraction(4) if draw.random() < 0.5 else None,
            scope_unit_ids=UNITS,
            exempt_unit_ids=(UNITS[-1],) if draw.random() < 0.5 else (),
            reached_components=reached,
            components=PARTS,
        ),
        Output(
            "d", "Văn bản", OutputKind.DELIVERABLE, weight=Fraction(15), components=("du-thao", "ban-hanh")
        ),
        Output("m", "Mốc", OutputKind.MILESTONE, weight=Fraction(10), components=("xong",)),
        Output("o", "Mức hài lòng", OutputKind.OUTCOME),
    ]
    if draw.random() < 0.15:
        outputs[draw.choice((0, 2))] = replace(outputs[0], at_least=base + 1)
        outputs = [
            item for place, item in enumerate(outputs) if item.id not in [i.id for i in outputs[:place]]
        ]
        if not any(item.id == "c" for item in outputs):
            outputs.append(
                Output(
                    "c",
                    "Độ phủ",
                    OutputKind.COVERAGE,
                    weight=Fraction(35),
                    scope_unit_ids=UNITS,
                    components=PARTS,
                )
            )
    return tuple(outputs)


def _candidate(draw: Random, place: int, outputs: tuple[Output, ...]) -> Candidate:
    levels = []
    base = draw.randint(1, 5)
    for number in range(draw.choice((1, 1, 2, 3))):
        cost: dict[str, dict[int, int]] = {
            draw.choice(("a", "b")): {draw.choice(YEARS): base + 2 * number, 2013: draw.randint(0, 2)}
        }
        amount = Fraction(draw.randint(1, 9) + 2 * number, draw.choice((1, 2)))
        level = FundingLevel(f"m{number}", cost, yields={"q": {2012: amount, 2013: Fraction(1)}})
        kind = draw.randrange(4)
        if kind == 0:
            level = replace(level, yields={**level.yields, "q2": {2012: amount * 2}})
        elif kind == 1:
            level = replace(level, covers={"c": {part: tuple(draw.sample(UNITS, 2)) for part in PARTS}})
        elif kind == 2:
            level = replace(level, delivers={"d": (draw.choice(("du-thao", "ban-hanh")),)})
        else:
            level = replace(level, yields={}, delivers={"m": ("xong",), "d": ("ban-hanh",)})
        levels.append(level)
    state, lowest, pinned = CandidateState.OPEN, None, None
    chance = draw.random()
    if chance < 0.08:
        state, lowest = CandidateState.COMMITTED, levels[-1].id if draw.random() < 0.5 else None
    elif chance < 0.14:
        state = CandidateState.BARRED
    elif chance < 0.2:
        state, pinned = CandidateState.PINNED, levels[0].id
    return Candidate(
        f"P{place}", f"Dự án {place}", draw.choice(("x", "y")), draw.choice(("1", "2")), tuple(levels),
        draw.choice(("p", "")), place % 3 + 1, state, lowest, pinned,
    )  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """The best of all choices, stage by stage; None = no choice keeps the hard rules."""

    shortfall_vnd: int
    score: Fraction
    changes: int
    cost_vnd: int


def try_everything(problem: AllocationProblem, decided: dict[str, bool] | None = None) -> Truth | None:
    """Return the best values over all choices of levels, by enumeration.

    decided: candidates that must (True) or must not (False) be funded, without any change of the rules.
    """
    best: tuple[int, Fraction, int, int] | None = None
    options = [(None, *item.levels) for item in problem.candidates]
    for picked in product(*options):
        chosen = {
            item.id: level
            for item, level in zip(problem.candidates, picked, strict=True)
            if level is not None
        }
        if any((key in chosen) != is_funded for key, is_funded in (decided or {}).items()):
            continue
        shortfall = shortfall_if_lawful(problem, chosen)
        if shortfall is None:
            continue
        reference = problem.reference_plan
        changes = 0
        if reference is not None:
            names = {key: level.id for key, level in chosen.items()}
            changes = sum(1 for item in problem.candidates if names.get(item.id) != reference.get(item.id))
        cost = sum(_cost(level, None, None) for level in chosen.values())
        value = (-shortfall, score_by_hand(problem, list(chosen.values())), -changes, -cost)
        if best is None or value > best:
            best = value
    return None if best is None else Truth(-best[0], best[1], -best[2], -best[3])


def _cost(level: FundingLevel, sources: object, years: object) -> int:
    return sum(
        amount
        for source, by_year in level.cost_vnd.items()
        for year, amount in by_year.items()
        if (sources is None or source in sources) and (years is None or year in years)  # type: ignore[operator]
    )


def shortfall_if_lawful(problem: AllocationProblem, chosen: dict[str, FundingLevel]) -> int | None:
    """Return the shortfall of the limits that are not hard, or None if a hard rule is broken."""
    laws = (_states_hold, _ceilings_hold, _links_hold)
    if not all(law(problem, chosen) for law in laws):
        return None
    for output in problem.outputs:
        if output.at_least is not None and counts_by_hand(output, list(chosen.values())) < output.at_least:
            return None
    return _limits_by_hand(problem, chosen)


def _states_hold(problem: AllocationProblem, chosen: dict[str, FundingLevel]) -> bool:
    for item in problem.candidates:
        level = chosen.get(item.id)
        ids = [one.id for one in item.levels]
        must = item.state in (CandidateState.COMMITTED, CandidateState.PINNED)
        if (level is None and must) or (level is not None and item.state is CandidateState.BARRED):
            return False
        if item.pinned_level_id and level is not None and level.id != item.pinned_level_id:
            return False
        if item.min_level_id and level is not None and ids.index(level.id) < ids.index(item.min_level_id):
            return False
    return True


def _ceilings_hold(problem: AllocationProblem, chosen: dict[str, FundingLevel]) -> bool:
    """What "b" lacks may come from "a" where the file allows it."""
    a, b = problem.sources
    for year in YEARS:
        spent = {
            s.id: sum(_cost(level, (s.id,), (year,)) for level in chosen.values()) for s in problem.sources
        }
        moved = max(0, spent["b"] - b.ceiling_vnd[year])
        if (moved and not a.transfers_to_ids) or spent["a"] + moved > a.ceiling_vnd[year]:
            return False
    return True


def _links_hold(problem: AllocationProblem, chosen: dict[str, FundingLevel]) -> bool:
    levels = {item.id: [one.id for one in item.levels] for item in problem.candidates}
    for link in problem.links:
        if isinstance(link, Requires):
            needed, order = chosen.get(link.needs_id), levels[link.needs_id]
            least = order.index(link.min_level_id) if link.min_level_id else 0
            if link.candidate_id in chosen and (needed is None or order.index(needed.id) < least):
                return False
            continue
        count = sum(1 for key in link.candidate_ids if key in chosen)
        least, most = {
            GroupRule.AT_MOST_ONE: (0, 1),
            GroupRule.EXACTLY_ONE: (1, 1),
            GroupRule.AT_LEAST: (link.count, len(link.candidate_ids)),
        }[link.rule]
        if not least <= count <= most:
            return False
    return True


def _limits_by_hand(problem: AllocationProblem, chosen: dict[str, FundingLevel]) -> int | None:
    natures = {source.id: source.nature for source in problem.sources}
    total = 0
    for limit in problem.limits:
        scope = limit.scope
        sources = [
            key
            for key, nature in natures.items()
            if (not scope.source_ids or key in scope.source_ids)
            and (not scope.natures or nature in scope.natures)
        ]
        inside = [
            item
            for item in problem.candidates
            if (not scope.agencies or item.agency in scope.agencies)
            and (not scope.areas or item.area in scope.areas)
            and (not scope.places or item.place in scope.places)
        ]
        years = scope.years or YEARS
        used = sum(_cost(chosen[item.id], sources, years) for item in inside if item.id in chosen)
        least = sum(
            _cost(item.levels[0], sources, years)
            for item in inside
            if item.state is not CandidateState.BARRED
        )
        gap = max(0, min(limit.at_least_vnd or 0, least) - used)
        gap += max(0, used - limit.at_most_vnd) if limit.at_most_vnd is not None else 0
        if gap and limit.is_hard:
            return None
        total += gap
    return total


def counts_by_hand(output: Output, levels: list[FundingLevel]) -> Fraction:
    """Return the final count of a quantity or coverage output, or 0/1 for a one-time output."""
    if output.kind is OutputKind.QUANTITY:
        total = output.baseline if output.baseline is not None else output.start
        for level in levels:
            for year, amount in level.yields.get(output.id, {}).items():
                if output.year is None or year <= output.year:
                    total += amount
        return total
    if output.kind is OutputKind.COVERAGE:
        units = [unit for unit in output.scope_unit_ids if unit not in output.exempt_unit_ids]
        return Fraction(sum(1 for unit in units if _parts_at(output, unit, levels) >= set(output.components)))
    have = {part for level in levels for part in level.delivers.get(output.id, ())}
    return Fraction(int(bool(output.components) and have >= set(output.components)))


def _parts_at(output: Output, unit: str, levels: list[FundingLevel]) -> set[str]:
    have = set(output.reached_components.get(unit, ()))
    for level in levels:
        have |= {part for part, units in level.covers.get(output.id, {}).items() if unit in units}
    return have


def score_by_hand(problem: AllocationProblem, levels: list[FundingLevel]) -> Fraction:
    """Return the points that the chosen levels earn over today's counts."""
    total = Fraction(0)
    by_id = {output.id: output for output in problem.outputs}
    for output in problem.outputs:
        after, before = counts_by_hand(output, levels), counts_by_hand(output, [])
        if output.kind is OutputKind.OUTCOME:
            continue
        if output.kind in (OutputKind.MILESTONE, OutputKind.DELIVERABLE):
            total += output.weight * after
            continue
        target = _target(output)
        start = (
            output.start
            if output.follows_id is None
            else max(output.start, _target(by_id[output.follows_id]))
        )
        if target <= start or (before >= target and not output.is_linear_beyond_target):
            continue
        worth = [_worth(output, (count - start) / (target - start)) for count in (before, after)]
        total += output.weight * (worth[1] - worth[0])
    return total


def _target(output: Output) -> Fraction:
    if output.target is not None:
        return output.target
    return Fraction(len([unit for unit in output.scope_unit_ids if unit not in output.exempt_unit_ids]))


def _worth(output: Output, way: Fraction) -> Fraction:
    if way <= 0:
        return Fraction(0)
    if not output.curve:
        return way if output.is_linear_beyond_target else min(way, Fraction(1))
    if way <= Fraction(1, 2):
        return way * Fraction(14, 10)
    if way <= 1 or output.is_linear_beyond_target:
        return Fraction(7, 10) + (way - Fraction(1, 2)) * Fraction(6, 10)
    return Fraction(1)
