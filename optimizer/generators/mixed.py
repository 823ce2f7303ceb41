"""Realistic synthetic problems for benchmarks and tests: everything invented, nothing named after a place.

The shape follows what a province's round looks like: sizes spread widely around 800 triệu đồng, one to four
levels per project, three sources, counted outputs with falling worth, communes that need three components,
two-part deliverables, floors per area, some commitments, prerequisites and exclusions. All chance comes
from the generator of random numbers that is passed in.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from optimizer.problem import (
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

if TYPE_CHECKING:
    from random import Random

LEVEL_SHAPES = (
    ("toi-thieu", 55, 50),
    ("rut-gon", 80, 80),
    ("day-du", 100, 100),
    ("mo-rong", 135, 120),
)
"""Level id, per cent of the cost, per cent of the result of the full level."""
LEVEL_SETS = ((2,), (0, 2), (0, 1, 2), (0, 1, 2, 3))
CURVE = ((Fraction(1, 2), Fraction(63, 100)), (Fraction(4, 5), Fraction(93, 100)), (Fraction(1), Fraction(1)))
COMPONENTS = ("phong", "phan-mem", "nhan-su")
FIRST_YEAR = 2012
UNIT_COUNT = 140
ROUNDING_VND = 100_000


def generate_problem(
    draw: Random, project_count: int, year_count: int = 1, tightness: float = 0.55
) -> AllocationProblem:
    """Return a synthetic problem that has at least one plan.

    Args:
        draw: source of chance; the same state gives the same problem.
        project_count: number of candidates, at least 4.
        year_count: fiscal years.
        tightness: ceilings as a share of what all candidates ask for at their highest level.
    """
    years = tuple(range(FIRST_YEAR, FIRST_YEAR + year_count))
    outputs = _outputs(draw, project_count, years[-1])
    candidates = tuple(_candidate(draw, place, years, outputs) for place in range(project_count))
    candidates = tuple(
        replace(item, state=CandidateState.COMMITTED) if place % 33 == 7 else item
        for place, item in enumerate(candidates)
    )
    return AllocationProblem(
        title=f"Bài toán thử {project_count} dự án",
        years=years,
        sources=_sources(candidates, years, tightness),
        outputs=outputs,
        candidates=candidates,
        limits=_area_floors(candidates, tightness),
        links=_links(draw, candidates),
    )


def _outputs(draw: Random, project_count: int, last_year: int) -> tuple[Output, ...]:
    outputs = []
    quantity_count, deliverable_count = (
        max(3, min(12, project_count // 5)),
        max(2, min(14, project_count // 4)),
    )
    for place in range(quantity_count):
        target = Fraction(draw.randint(20, 80) * max(1, project_count // 20))
        outputs.append(
            Output(
                f"Q{place:02d}",
                f"Số lượng {place + 1}",
                OutputKind.QUANTITY,
                "việc",
                Fraction(3),
                Fraction(0),
                target * draw.randint(0, 3) / 10,
                target,
                last_year,
                curve=CURVE,
            )
        )
    units = tuple(f"don-vi-{place:03d}" for place in range(UNIT_COUNT))
    for place in range(2):
        reached = {unit: (COMPONENTS[draw.randrange(3)],) for unit in units[:: 4 + place]}
        outputs.append(
            Output(
                f"C{place}",
                f"Độ phủ {place + 1}",
                OutputKind.COVERAGE,
                "đơn vị",
                Fraction(12),
                target=Fraction(100),
                scope_unit_ids=units,
                exempt_unit_ids=units[-3:],
                reached_components=reached,
                components=COMPONENTS,
            )
        )
    for place in range(deliverable_count):
        kind = OutputKind.DELIVERABLE if place % 3 else OutputKind.MILESTONE
        outputs.append(
            Output(
                f"D{place:02d}",
                f"Sản phẩm {place + 1}",
                kind,
                weight=Fraction(5, 2),
                components=("du-thao", "ban-hanh"),
            )
        )
    total = sum(output.weight for output in outputs)
    shares = [Fraction(round(output.weight * 10_000 / total), 100) for output in outputs]
    shares[0] += 100 - sum(shares)
    return tuple(replace(output, weight=share) for output, share in zip(outputs, shares, strict=True))


def _candidate(draw: Random, place: int, years: tuple[int, ...], outputs: tuple[Output, ...]) -> Candidate:
    shapes = LEVEL_SETS[draw.choices(range(4), weights=(30, 20, 20, 30))[0]]
    size_vnd = int(800_000_000 * draw.lognormvariate(0, 0.8))
    source_ids = draw.sample(("tx", "dt", "mt"), draw.choice((1, 1, 2)))
    if place % 5 == 4:
        source_ids = ["tx"]
    chosen = draw.sample(outputs, 2)
    units = draw.sample([f"don-vi-{item:03d}" for item in range(UNIT_COUNT)], draw.randint(10, 60))
    part = COMPONENTS[draw.randrange(3)]
    levels = []
    for level_id, cost_percent, result_percent in (LEVEL_SHAPES[item] for item in shapes):
        level = FundingLevel(level_id, _spread(size_vnd * cost_percent // 100, source_ids, years))
        amount = Fraction(draw.randint(4, 12) * result_percent, 100)
        for output in chosen:
            level = _with_result(level, output, (amount, result_percent), (part, units, years))
        levels.append(level)
    return Candidate(
        id=f"P{place:04d}",
        name=f"Dự án {place + 1}",
        agency=f"CQ{place % max(2, min(100, place + 1, 10)):02d}",
        area=str(place % 6 + 1),
        levels=tuple(levels),
        rank=place // 10 + 1,
    )


def _with_result(
    level: FundingLevel,
    output: Output,
    sizes: tuple[Fraction, int],
    reach: tuple[str, list[str], tuple[int, ...]],
) -> FundingLevel:
    """Return the level with its promise for one output, in the way the output's kind asks for."""
    (amount, percent), (part, units, years) = sizes, reach
    if output.kind is OutputKind.QUANTITY:
        by_year = {years[-1]: amount}
        return replace(level, yields={**level.yields, output.id: by_year})
    if output.kind is OutputKind.COVERAGE:
        served = tuple(units[: max(1, len(units) * min(percent, 100) // 100)])
        given = COMPONENTS if percent > 100 else (part, COMPONENTS[0])
        return replace(level, covers={**level.covers, output.id: dict.fromkeys(given, served)})
    delivered = output.components if percent >= 100 else output.components[:1]
    return replace(level, delivers={**level.delivers, output.id: delivered})


def _spread(cost_vnd: int, source_ids: list[str], years: tuple[int, ...]) -> dict[str, dict[int, int]]:
    """Spread a cost evenly over sources and years in steps of 100.000 đồng."""
    step = max(ROUNDING_VND, cost_vnd // (len(source_ids) * len(years)) // ROUNDING_VND * ROUNDING_VND)
    return {source_id: dict.fromkeys(years, step) for source_id in source_ids}


def _sources(
    candidates: tuple[Candidate, ...], years: tuple[int, ...], tightness: float
) -> tuple[FundingSource, ...]:
    sources = []
    for source_id, name, nature in (
        ("tx", "Ngân sách tỉnh, chi thường xuyên", Nature.RECURRENT),
        ("dt", "Ngân sách tỉnh, chi đầu tư", Nature.CAPITAL),
        ("mt", "Chương trình mục tiêu quốc gia", Nature.RECURRENT),
    ):
        ceilings = {}
        for year in years:
            asked = [item.levels[-1].cost_vnd.get(source_id, {}).get(year, 0) for item in candidates]
            forced = [
                item.levels[0].cost_vnd.get(source_id, {}).get(year, 0)
                for item in candidates
                if item.state is CandidateState.COMMITTED
            ]
            share_vnd = int(sum(asked) * tightness) // ROUNDING_VND * ROUNDING_VND
            ceilings[year] = max(share_vnd, sum(forced))
        sources.append(FundingSource(source_id, name, nature, ceilings))
    return tuple(sources)


def _area_floors(candidates: tuple[Candidate, ...], tightness: float) -> tuple[Limit, ...]:
    """Each area gets a twentieth of the money at least, where its files can use it."""
    asked_vnd = sum(
        amount
        for item in candidates
        for by_year in item.levels[-1].cost_vnd.values()
        for amount in by_year.values()
    )
    floor_vnd = int(asked_vnd * tightness) // 20 // ROUNDING_VND * ROUNDING_VND
    areas = sorted({item.area for item in candidates})
    return tuple(
        Limit(
            f"san-{area}",
            f"Sàn lĩnh vực {area}",
            LimitScope(areas=(area,)),
            at_least_vnd=floor_vnd,
            is_hard=False,
        )
        for area in areas
    )


def _links(draw: Random, candidates: tuple[Candidate, ...]) -> tuple[Requires | GroupLink, ...]:
    """One prerequisite per twenty candidates, one exclusion per fifty; each candidate in one link at most."""
    open_ids = [item.id for item in candidates if item.state is CandidateState.OPEN]
    draw.shuffle(open_ids)
    pairs = list(zip(open_ids[::2], open_ids[1::2], strict=False))
    needs, rivals = max(1, len(candidates) // 20), max(1, len(candidates) // 50)
    return (
        *(Requires(one, other) for one, other in pairs[:needs]),
        *(GroupLink(GroupRule.AT_MOST_ONE, pair) for pair in pairs[needs : needs + rivals]),
    )
