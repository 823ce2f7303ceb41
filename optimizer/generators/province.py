"""A province's round at any size, for benchmarks and tests: 4 to 20,000 projects, everything invented.

The shape is fixed by the measurements it must repeat: one to four ways of carrying out a project, sizes
spread widely around 800 triệu đồng, four sources over some years, 24 counted targets with falling worth,
agencies and reform areas with hard floors and ceilings, commitments, prerequisites, exclusions and eight
hard minimums. Counts and shares are exact (quotas, shuffled), only who is who is left to chance.

A plan always exists: one is made beside the problem, inside ceilings and links, and every floor, cap and
minimum is set so that this plan keeps it. All chance comes from the generator of random numbers passed in.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from optimizer.attainment import baseline_count
from optimizer.generators.province_rules import (
    STEP_VND,
    owner_limits,
    province_links,
    rounded_part,
    whole_steps,
    witness_levels,
)
from optimizer.generators.province_words import AREA_NAMES, SOURCES, TARGETS
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    FundingSource,
    Nature,
    Output,
    OutputKind,
)
from optimizer.spending import spent_vnd

if TYPE_CHECKING:
    from random import Random

LEVEL_SHAPES = (("toi-thieu", 55, 50), ("rut-gon", 80, 80), ("day-du", 100, 100), ("mo-rong", 135, 120))
"""Level id, per cent of the cost and per cent of the result of the full level."""
LEVEL_SETS = ((2,), (0, 2), (0, 1, 2), (0, 1, 2, 3))
LEVEL_SET_PERCENTS = (30, 20, 20, 30)
CURVE = tuple(
    (Fraction(way, 100), Fraction(worth, 100))
    for way, worth in ((20, 34), (40, 60), (60, 79), (80, 92), (100, 100))
)
"""Five segments, each worth less than the one before: most is won by beginning."""
FIRST_YEAR = 2012
MEDIAN_STEPS = 8_000
SIZE_SPREAD = 0.95
"""Sigma of the lognormal size: half of all projects lie between 420 triệu and 1,5 tỷ đồng."""
LEAST_PROJECTS = 4
MINIMUM_COUNT = 8

Plan = dict[str, str]


def generate_province(
    draw: Random, project_count: int, year_count: int = 3, tightness: float = 0.55
) -> AllocationProblem:
    """Return a synthetic province that has at least one plan.

    Args:
        draw: source of chance; the same state gives the same problem.
        project_count: number of candidates, at least 4.
        year_count: fiscal years, at least 1.
        tightness: ceilings as a share of what all candidates ask for at their highest level, above 0.
    Raises:
        ValueError: a size or a tightness outside its range.
    """
    return generate_province_with_plan(draw, project_count, year_count, tightness)[0]


def generate_province_with_plan(
    draw: Random, project_count: int, year_count: int = 3, tightness: float = 0.55
) -> tuple[AllocationProblem, Plan]:
    """Return a synthetic province and one plan (level id by candidate id) that keeps every rule of it.

    The plan is the proof that the problem is feasible, not a good plan.

    Raises:
        ValueError: a size or a tightness outside its range.
    """
    if project_count < LEAST_PROJECTS or year_count < 1 or not tightness > 0:
        raise ValueError(f"no province of {project_count} projects, {year_count} years, {tightness=}")
    years = tuple(range(FIRST_YEAR, FIRST_YEAR + year_count))
    candidates = _candidates(draw, project_count, years)
    links = province_links(draw, candidates)
    sources = _sources(candidates, years, tightness)
    worths = [draw.randint(5, 40) for _ in TARGETS]
    guarded_ids = _guarded_ids(candidates, worths)
    chosen = witness_levels(draw, candidates, links, sources, guarded_ids)
    outputs = _outputs(draw, candidates, worths, years[-1])
    problem = AllocationProblem(
        title=f"Tỉnh thử nghiệm: {project_count} dự án, {year_count} năm",
        years=years,
        sources=sources,
        outputs=_with_minimums(draw, outputs, guarded_ids, _sums(chosen.values())),
        candidates=candidates,
        limits=owner_limits(candidates, chosen, tightness),
        links=links,
    )
    return problem, {candidate_id: level.id for candidate_id, level in sorted(chosen.items())}


def _shuffled_quotas(draw: Random, count: int, percents: Sequence[int]) -> list[int]:
    """Return class numbers in exact shares, in random order; every class begins before any repeats."""
    edges = [sum(percents[: place + 1]) for place in range(len(percents))]
    numbers = [
        next(number for number, edge in enumerate(edges) if (2 * place + 1) * edges[-1] < 2 * count * edge)
        for place in range(count)
    ]
    draw.shuffle(numbers)
    return numbers


def _owners(draw: Random, count: int, owner_count: int) -> list[int]:
    """Return an owner for each project: everyone has one, some have many more than others."""
    weights = [draw.lognormvariate(0, 0.5) for _ in range(owner_count)]
    owners = [*range(min(owner_count, count))]
    owners += draw.choices(range(owner_count), weights, k=count - len(owners))
    draw.shuffle(owners)
    return owners


def _candidates(draw: Random, count: int, years: tuple[int, ...]) -> tuple[Candidate, ...]:
    shapes = _shuffled_quotas(draw, count, LEVEL_SET_PERCENTS)
    agencies = _owners(draw, count, max(2, min(100, count // 10)))
    areas = _owners(draw, count, len(AREA_NAMES))
    committed = set(draw.sample(range(count), rounded_part(count, 3)))
    yield_rates = [draw.uniform(0.02, 0.5) for _ in TARGETS]
    digits, handed_in, made = max(4, len(str(count - 1))), dict.fromkeys(agencies, 0), []
    for place in range(count):
        handed_in[agencies[place]] += 1
        made.append(
            Candidate(
                id=f"P{place:0{digits}d}",
                name=f"Dự án {place + 1}",
                agency=f"CQ{agencies[place]:02d}",
                area=str(areas[place] + 1),
                levels=_levels(draw, LEVEL_SETS[shapes[place]], years, yield_rates),
                rank=handed_in[agencies[place]],
                state=CandidateState.COMMITTED if place in committed else CandidateState.OPEN,
            )
        )
    return tuple(made)


def _levels(
    draw: Random, shapes: Sequence[int], years: tuple[int, ...], yield_rates: Sequence[float]
) -> tuple[FundingLevel, ...]:
    """Return the ways of carrying out one project, from least to most."""
    size_steps = max(100, round(MEDIAN_STEPS * draw.lognormvariate(0, SIZE_SPREAD)))
    source_count = draw.choices((1, 2, 3), (60, 30, 10))[0]
    duration = draw.randint(1, len(years))
    start = draw.randint(0, len(years) - duration)
    lasting = years[start : start + duration]
    places = [(source[0], year) for source in draw.sample(SOURCES, source_count) for year in lasting]
    parts = [draw.randint(1, 6) for _ in places]
    steps = [max(1, size_steps * part // sum(parts)) for part in parts]
    targets = draw.sample(range(len(TARGETS)), draw.choices((1, 2, 3, 4), (35, 35, 20, 10))[0])
    amounts = [
        max(1, round(size_steps / 10 * yield_rates[target] * draw.lognormvariate(0, 0.5) / len(targets)))
        for target in targets
    ]
    made = []
    for level_id, cost_percent, result_percent in (LEVEL_SHAPES[item] for item in shapes):
        cost_vnd: dict[str, dict[int, int]] = {}
        for (source_id, year), part in zip(places, steps, strict=True):
            cost_vnd.setdefault(source_id, {})[year] = STEP_VND * ((part * cost_percent + 99) // 100)
        yields = {
            _target_id(target): {lasting[-1]: Fraction(amount * result_percent, 100)}
            for target, amount in zip(targets, amounts, strict=True)
        }
        made.append(FundingLevel(level_id, cost_vnd, yields))
    return tuple(made)


def _target_id(place: int) -> str:
    return f"K{place + 1:02d}"


def _sources(
    candidates: tuple[Candidate, ...], years: tuple[int, ...], tightness: float
) -> tuple[FundingSource, ...]:
    asked_vnd = spent_vnd(item.levels[-1] for item in candidates)
    forced_vnd = spent_vnd(item.levels[0] for item in candidates if item.state is CandidateState.COMMITTED)

    def ceiling_vnd(source_id: str, year: int) -> int:
        share_vnd = whole_steps(asked_vnd.get((source_id, year), 0) * tightness)
        return max(share_vnd, forced_vnd.get((source_id, year), 0))

    return tuple(
        FundingSource(key, name, Nature(nature), {year: ceiling_vnd(key, year) for year in years})
        for key, name, nature in SOURCES
    )


def _guarded_ids(candidates: tuple[Candidate, ...], worths: Sequence[int]) -> set[str]:
    """Return the targets with a hard minimum: of those anybody serves the ones the score cares least for."""
    served = {key for item in candidates for key in item.levels[0].yields}
    order = sorted(range(len(TARGETS)), key=lambda place: (worths[place], place))
    return set([_target_id(place) for place in order if _target_id(place) in served][:MINIMUM_COUNT])


def _outputs(
    draw: Random, candidates: tuple[Candidate, ...], worths: Sequence[int], last_year: int
) -> tuple[Output, ...]:
    """Return the targets: 60 to 95 % of what all projects promise together stands between today and each."""
    promised = _sums(item.levels[-1] for item in candidates)
    weights = [Fraction(worth * 10_000 // sum(worths), 100) for worth in worths]
    weights[0] += 100 - sum(weights)
    made = []
    for place, (name, unit) in enumerate(TARGETS):
        key = _target_id(place)
        way = max(10, int(promised.get(key, Fraction(0)) * draw.randint(60, 95) / 100))
        baseline = Fraction(way * draw.randint(0, 15) // 100)
        output = Output(key, name, OutputKind.QUANTITY, unit, weights[place], year=last_year, curve=CURVE)
        made.append(replace(output, baseline=baseline, target=baseline + way))
    return tuple(made)


def _with_minimums(
    draw: Random, outputs: Sequence[Output], guarded_ids: Container[str], reached: Mapping[str, Fraction]
) -> tuple[Output, ...]:
    """Give the guarded targets hard minimums that the witness keeps; one it does not serve gets none."""
    made = []
    for output in outputs:
        least = int(reached.get(output.id, Fraction(0)) * draw.randint(90, 100) / 100)
        if output.id in guarded_ids and least:
            output = replace(output, at_least=baseline_count(output) + least)
        made.append(output)
    return tuple(made)


def _sums(levels: Iterable[FundingLevel]) -> dict[str, Fraction]:
    """Return what the levels yield together, by output id; every year of the generator counts."""
    sums: dict[str, Fraction] = {}
    for level in levels:
        for output_id, by_year in level.yields.items():
            sums[output_id] = sums.get(output_id, Fraction(0)) + sum(by_year.values())
    return sums
