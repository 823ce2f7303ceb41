"""Problems in trade words, for tests: one source, one year, costs in whole triệu unless said otherwise."""

from __future__ import annotations

from fractions import Fraction

from optimizer import AllocationProblem, Candidate, FundingLevel, FundingSource, Nature, Output, OutputKind

YEAR = 2012
MILLION = 1_000_000


def a_source(ceiling_vnd: int, source_id: str = "tinh", **others: object) -> FundingSource:
    """Return a recurrent source with one ceiling."""
    return FundingSource(source_id, f"Nguồn {source_id}", Nature.RECURRENT, {YEAR: ceiling_vnd}, **others)  # type: ignore[arg-type]


def a_level(cost_vnd: int, level_id: str = "day-du", **results: object) -> FundingLevel:
    """Return a level that costs so much from the source "tinh"."""
    return FundingLevel(level_id, {"tinh": {YEAR: cost_vnd}}, **results)  # type: ignore[arg-type]


def a_candidate(candidate_id: str, *levels: FundingLevel, **others: object) -> Candidate:
    """Return an open candidate of agency CQ, area 1."""
    facts: dict[str, object] = {"name": f"Dự án {candidate_id}", "agency": "CQ", "area": "1", **others}
    return Candidate(id=candidate_id, levels=levels, **facts)  # type: ignore[arg-type]


def trained(people: int) -> dict[str, dict[int, Fraction]]:
    """Return the yield of a training project."""
    return {"hoc-vien": {YEAR: Fraction(people)}}


def training_output(target: int = 100, **others: object) -> Output:
    """Return the counted output "people trained", worth 100 points."""
    facts: dict[str, object] = {
        "weight": Fraction(100),
        "target": Fraction(target),
        "unit": "người",
        **others,
    }
    return Output("hoc-vien", "Người được đào tạo", OutputKind.QUANTITY, **facts)  # type: ignore[arg-type]


def a_problem(
    *candidates: Candidate,
    ceiling_vnd: int = 100 * MILLION,
    outputs: tuple[Output, ...] = (),
    **others: object,
) -> AllocationProblem:
    """Return a problem with one source and, unless given, the training output."""
    facts: dict[str, object] = {"sources": (a_source(ceiling_vnd),), **others}
    return AllocationProblem(
        "thử",
        (YEAR,),
        outputs=outputs or (training_output(),),
        candidates=candidates,
        **facts,  # type: ignore[arg-type]
    )
