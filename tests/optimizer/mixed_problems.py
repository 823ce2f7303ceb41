"""Random problems that mix every kind and rule of a problem file, and the names of what a problem contains.

Money is a few coins times a scale, so that ceilings bite and ties happen; ceilings are shares of what is
asked, so that most problems have a plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from math import prod
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
    StageName,
)

FIRST_YEAR = 2012
UNITS = ("xa-1", "xa-2", "xa-3", "xa-4", "xa-5")
PARTS = ("phong", "may", "nguoi")
CURVES = (
    (),
    ((Fraction(1, 2), Fraction(7, 10)), (Fraction(1), Fraction(1))),
    ((Fraction(1, 4), Fraction(1, 2)), (Fraction(3, 4), Fraction(1)), (Fraction(1), Fraction(1))),
    ((Fraction(1, 25), Fraction(1, 8)), (Fraction(1), Fraction(1))),
)
SCALES = (1, 1, 1000, 1_000_000, 999_983)


def mixed_problem(
    draw: Random, most_candidates: int = 6, most_choices: int = 4_000, *, is_filled: bool = False
) -> AllocationProblem:
    """Return a problem with any mix of kinds and rules.

    Args:
        draw: source of chance.
        most_candidates: at most so many candidates and at least three fewer (filled: two fewer).
        most_choices: at most so many combinations of levels.
        is_filled: True = levels are added until that number is nearly reached.
    """
    years = tuple(range(FIRST_YEAR, FIRST_YEAR + draw.choice((1, 2, 2, 3))))
    outputs = _outputs(draw, years)
    count = draw.randint(most_candidates - (2 if is_filled else 3), most_candidates)
    source_ids = ("a", "b", "c")[: draw.choice((1, 2, 2, 3))]
    scale = draw.choice(SCALES)
    sizes = _level_counts(draw, count, most_choices, is_filled=is_filled)
    candidates = tuple(
        _candidate(draw, (place, sizes[place]), (years, source_ids, scale), outputs) for place in range(count)
    )
    sources = _sources(draw, candidates, (years, source_ids))
    reference = None
    if draw.random() < 0.35:
        reference = {item.id: draw.choice(item.levels).id for item in candidates if draw.random() < 0.6}
    stages = tuple(StageName)
    if draw.random() < 0.12:
        stages = tuple(draw.sample(stages, draw.randint(1, 4)))
    return AllocationProblem(
        "thử",
        years,
        sources,
        _with_minimum(draw, outputs),
        candidates,
        _limits(draw, candidates, (years, source_ids)),
        _links(draw, candidates),
        stages,
        reference,
    )


def _level_counts(draw: Random, count: int, most_choices: int, *, is_filled: bool) -> list[int]:
    """Draw how many levels each candidate has, within the number of combinations."""
    sizes = [1] * count
    for place in draw.sample(range(count), count):
        others = prod(size + 1 for size in sizes) // 2
        lawful = [size for size in (1, 2, 3, 4) if others * (size + 1) <= most_choices]
        sizes[place] = lawful[-1] if is_filled else draw.choice(lawful or [1])
    return sizes


def _outputs(draw: Random, years: tuple[int, ...]) -> tuple[Output, ...]:
    return (*_quantities(draw, years), *_coverages(draw), *_one_time(draw))


def _quantities(draw: Random, years: tuple[int, ...]) -> Iterator[Output]:
    start = Fraction(draw.choice((0, 0, 2)))
    base = start + draw.choice((Fraction(0), Fraction(1), Fraction(5, 2), Fraction(7)))
    first = Output(
        "q1", "Số lượng", OutputKind.QUANTITY, "người", _weight(draw), start, base,
        start + draw.choice((2, 6, 12)), draw.choice((None, *years)), None, draw.choice(CURVES),
        draw.random() < 0.2,
    )  # fmt: skip
    yield first
    if draw.random() < 0.6:
        second = replace(
            first, id="q2", weight=_weight(draw), target=Fraction(18), follows_id="q1",
            curve=draw.choice(CURVES), is_linear_beyond_target=draw.random() < 0.1,
        )  # fmt: skip
        yield second
        if draw.random() < 0.5:
            third = replace(second, id="q3", weight=_weight(draw), target=Fraction(24), follows_id="q2")
            yield replace(third, baseline=None if draw.random() < 0.5 else base)
    if draw.random() < 0.5:
        baseline = Fraction(draw.choice((0, 3, 9)))
        yield Output(
            "q4", "Thủ tục", OutputKind.QUANTITY, "thủ tục", _weight(draw), Fraction(0), baseline,
            Fraction(9), draw.choice((None, years[0])), None, draw.choice(CURVES), draw.random() < 0.4,
        )  # fmt: skip


def _coverages(draw: Random) -> Iterator[Output]:
    parts = PARTS[: draw.choice((1, 2, 2, 3))]
    reached = {unit: tuple(draw.sample(parts, draw.randint(0, len(parts)))) for unit in UNITS[:2]}
    first = Output(
        "c1", "Độ phủ", OutputKind.COVERAGE, "xã", _weight(draw),
        target=draw.choice((None, Fraction(2), Fraction(3))), curve=draw.choice(CURVES), scope_unit_ids=UNITS,
        exempt_unit_ids=draw.choice(((), UNITS[-1:])), reached_components=reached, components=parts,
        is_linear_beyond_target=draw.random() < 0.1,
    )  # fmt: skip
    if draw.random() < 0.15:
        first = replace(first, baseline=Fraction(draw.choice((0, 1, 3))))
    yield first
    if draw.random() < 0.3 and first.target is not None:
        yield replace(
            first, id="c2", weight=_weight(draw), target=None, follows_id="c1", curve=draw.choice(CURVES)
        )


def _one_time(draw: Random) -> Iterator[Output]:
    if draw.random() < 0.8:
        parts = ("du-thao", "ban-hanh")
        yield Output("d1", "Văn bản", OutputKind.DELIVERABLE, weight=_weight(draw), components=parts)
    if draw.random() < 0.8:
        yield Output(
            "m1",
            "Mốc",
            OutputKind.MILESTONE,
            weight=_weight(draw),
            components=("nha", "may")[: draw.randint(1, 2)],
        )
    if draw.random() < 0.2:
        yield Output(
            "m2", "Mốc đã đạt", OutputKind.MILESTONE, weight=_weight(draw), baseline=Fraction(1),
            components=("xong",),
        )  # fmt: skip
    if draw.random() < 0.3:
        yield Output("o1", "Mức hài lòng", OutputKind.OUTCOME, "%", baseline=Fraction(71))


def _weight(draw: Random) -> Fraction:
    return Fraction(draw.randint(1, 300), draw.choice((1, 10, 100)))


def _with_minimum(draw: Random, outputs: tuple[Output, ...]) -> tuple[Output, ...]:
    """Give one output a hard minimum, now and then."""
    if draw.random() > 0.4:
        return outputs
    kind = draw.choice([*{item.kind: None for item in outputs}])
    chosen = draw.choice([item for item in outputs if item.kind is kind])
    least = {
        OutputKind.QUANTITY: (chosen.baseline or chosen.start) + Fraction(draw.choice((1, 3, 7)), 2),
        OutputKind.COVERAGE: Fraction(draw.choice((1, 2, 3))),
        OutputKind.OUTCOME: Fraction(70),
    }.get(kind, Fraction(1))
    return tuple(replace(item, at_least=least) if item is chosen else item for item in outputs)


def _candidate(
    draw: Random,
    shape: tuple[int, int],
    money: tuple[tuple[int, ...], tuple[str, ...], int],
    outputs: tuple[Output, ...],
) -> Candidate:
    (place, level_count), (years, source_ids, scale) = shape, money
    base = draw.randint(1, 5)
    levels = []
    for number in range(level_count):
        cost: dict[str, dict[int, int]] = {}
        for _ in range(draw.choice((1, 1, 2))):
            amount = (base + draw.randint(0, 2) + number) * scale + draw.choice((0, 0, 1, 7))
            cost.setdefault(draw.choice(source_ids), {})[draw.choice(years)] = amount
        if draw.random() < 0.04:
            cost = {draw.choice(source_ids): {years[0]: 0}}
        level = FundingLevel(f"m{number}", cost)
        for _ in range(draw.choice((1, 2, 2, 3))):
            level = _with_result(draw, level, draw.choice(outputs), (years, number))
        if not (level.yields or level.covers or level.delivers):
            level = _with_result(draw, level, outputs[0], (years, number))
        levels.append(level)
    state = draw.choices(tuple(CandidateState), (78, 8, 6, 8))[0]
    names = [level.id for level in levels]
    return Candidate(
        f"P{place}", f"Dự án {place}", draw.choice(("x", "y")), draw.choice(("1", "2")), tuple(levels),
        draw.choice(("p", "")), draw.choice((None, 1, 2, 3)), state,
        draw.choice((None, *names)) if state is CandidateState.COMMITTED else None,
        draw.choice((None, *names)) if state is CandidateState.PINNED else None,
    )  # fmt: skip


def _with_result(
    draw: Random, level: FundingLevel, output: Output, size: tuple[tuple[int, ...], int]
) -> FundingLevel:
    years, number = size
    if output.kind is OutputKind.QUANTITY:
        amounts = {
            year: Fraction(draw.randint(1, 7) + number, draw.choice((1, 1, 2)))
            for year in draw.sample(years, draw.randint(1, len(years)))
        }
        return replace(level, yields={**level.yields, output.id: amounts})
    if output.kind is OutputKind.COVERAGE:
        parts = draw.sample(output.components, draw.randint(1, len(output.components)))
        units = tuple(draw.sample(UNITS, draw.randint(1, 3)))
        return replace(level, covers={**level.covers, output.id: dict.fromkeys(parts, units)})
    if output.kind is OutputKind.OUTCOME:
        return level
    parts = draw.sample(output.components, draw.randint(1, len(output.components)))
    return replace(level, delivers={**level.delivers, output.id: tuple(parts)})


def _sources(
    draw: Random, candidates: tuple[Candidate, ...], money: tuple[tuple[int, ...], tuple[str, ...]]
) -> tuple[FundingSource, ...]:
    years, source_ids = money
    sources = []
    for name in source_ids:
        ceilings = {}
        for year in years:
            asked = [
                level.cost_vnd.get(name, {}).get(year, 0) for item in candidates for level in item.levels
            ]
            share = draw.choice((30, 50, 50, 70, 100))
            ceilings[year] = max(sum(asked) * share // 100 - draw.choice((0, 0, 1)), max(asked, default=0))
            if not any(asked) and draw.random() < 0.3:
                del ceilings[year]
        users = {item.id for item in candidates if any(name in level.cost_vnd for level in item.levels)}
        others = [other for other in source_ids if other != name]
        source = FundingSource(name, f"Nguồn {name}", draw.choice(tuple(Nature)), ceilings)
        if draw.random() < 0.12:
            source = replace(source, ceiling_vnd={}, is_uncapped=True)
        if draw.random() < 0.2:
            source = replace(source, eligible_candidate_ids=tuple(sorted(users)))
        if others and draw.random() < 0.25:
            receivers = draw.sample(others, draw.randint(1, len(others)))
            source = replace(source, transfers_to_ids=tuple(receivers))
        sources.append(source)
    return tuple(sources)


def _limits(
    draw: Random, candidates: tuple[Candidate, ...], money: tuple[tuple[int, ...], tuple[str, ...]]
) -> tuple[Limit, ...]:
    years, source_ids = money
    asked = sum(sum(by_year.values()) for item in candidates for by_year in item.levels[-1].cost_vnd.values())
    limits = []
    for number in range(draw.choice((0, 1, 1, 2, 3))):
        marks = set(draw.sample(range(6), draw.choice((0, 1, 1, 2))))
        scope = LimitScope(
            agencies=(draw.choice(("x", "y")),) if 0 in marks else (),
            areas=(draw.choice(("1", "2")),) if 1 in marks else (),
            places=("p",) if 2 in marks else (),
            source_ids=(draw.choice(source_ids),) if 3 in marks else (),
            natures=(draw.choice(tuple(Nature)),) if 4 in marks else (),
            years=(draw.choice(years),) if 5 in marks else (),
        )
        floor, cap = asked * draw.randint(5, 30) // 100, asked * draw.randint(35, 90) // 100
        sides = draw.choice(((floor, None), (None, cap), (floor, cap)))
        limits.append(
            Limit(f"L{number}", f"Giới hạn {number}", scope, "", *sides, is_hard=draw.random() < 0.5)
        )
    return tuple(limits)


def _links(draw: Random, candidates: tuple[Candidate, ...]) -> tuple[Requires | GroupLink, ...]:
    ids = [item.id for item in candidates]
    links: list[Requires | GroupLink] = []
    for _ in range(draw.choice((0, 0, 1, 1, 2))):
        one, other = draw.sample(candidates, 2)
        links.append(Requires(one.id, other.id, draw.choice((None, other.levels[-1].id))))
    if draw.random() < 0.5:
        rule = draw.choice(tuple(GroupRule))
        group = tuple(draw.sample(ids, draw.randint(2, 3)))
        links.append(GroupLink(rule, group, draw.randint(1, 2) if rule is GroupRule.AT_LEAST else 1))
    return tuple(dict.fromkeys(links))
