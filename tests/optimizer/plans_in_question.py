"""Plans of small random problems under question, made once for all tests that ask about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import prod
from random import Random

from optimizer import (
    AllocationPlan,
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    FundingSource,
    Limit,
    LimitScope,
    Nature,
    Output,
    OutputKind,
    audit_levels,
    solve,
)
from optimizer.answers.question import Question, hardened, open_question
from optimizer.canonical import fingerprint_of
from tests.optimizer.small_problems import (
    YEARS,
    random_problem,
    try_everything,
)

SECONDS = 5.0
SEEDS, SCARCE_SEEDS, MOST_CHOICES = 14, 16, 50


@lru_cache(maxsize=1)
def small_questions() -> tuple[Question, ...]:
    """Return plans of random problems of few choices that meet every limit; so limits are law for all."""
    found = []
    problems = [random_problem(Random(seed)) for seed in range(SEEDS)]
    problems += [scarce_problem(Random(seed)) for seed in range(SCARCE_SEEDS)]
    for problem in problems:
        if prod(len(item.levels) + 1 for item in problem.candidates) > MOST_CHOICES:
            continue
        if try_everything(problem) is None:
            continue
        plan = solve(problem)
        if audit_levels(problem, plan.level_ids).shortfall_vnd == 0:
            found.append(open_question(hardened(problem), restated(hardened(problem), plan)))
    return tuple(found)


def scarce_problem(draw: Random) -> AllocationProblem:
    """Return a problem of five candidates for the same people, in which money for about half is there."""
    candidates = tuple(
        Candidate(f"P{place}", f"Dự án {place}", "x", draw.choice("12"), (scarce_level(draw),))
        for place in range(5)
    )
    given_to = ("b",) if draw.random() < 0.3 else ()
    sources = (
        FundingSource("a", "Nguồn a", Nature.RECURRENT, scarce_money(draw), transfers_to_ids=given_to),
        FundingSource("b", "Nguồn b", Nature.CAPITAL, scarce_money(draw)),
    )
    output = Output("q", "Người", OutputKind.QUANTITY, "người", Fraction(100), target=Fraction(60))
    floor = Limit("san", "Sàn", LimitScope(areas=("1",)), "", 5)
    return AllocationProblem(
        "thử", YEARS, sources, (output,), candidates, (floor,) if draw.random() < 0.5 else ()
    )


def scarce_money(draw: Random) -> dict[int, int]:
    return {year: draw.randint(8, 14) for year in YEARS}


def scarce_level(draw: Random) -> FundingLevel:
    """Return a level that costs some đồng of both sources."""
    cost = {
        "a": {2012: draw.randint(2, 7), 2013: draw.randint(0, 4)},
        "b": {draw.choice(YEARS): draw.randint(1, 6)},
    }
    return FundingLevel("m", cost, yields={"q": {2012: Fraction(draw.randint(5, 20))}})


def moves_money(problem: AllocationProblem) -> bool:
    """Tell whether some source may top up another."""
    return any(source.transfers_to_ids for source in problem.sources)


def restated(problem: AllocationProblem, plan: AllocationPlan) -> AllocationPlan:
    """Return the plan as one of another problem that it keeps."""
    return replace(plan, problem_sha256=fingerprint_of(problem), certificate=None, stages=())


def best_score(problem: AllocationProblem, decided: Mapping[str, bool] | None = None) -> Fraction | None:
    """Return the best score by enumeration; None = no plan."""
    truth = try_everything(problem, dict(decided or {}))
    return None if truth is None else truth.score


def open_ids(question: Question) -> list[str]:
    return [key for key, item in question.candidates.items() if item.state is CandidateState.OPEN]
