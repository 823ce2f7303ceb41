"""Goal 8: the same plan whatever the order of lists and the number of threads; calm after small changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import TypeVar

from optimizer.bench.findings import Finding
from optimizer.bench.measuring import timed
from optimizer.bench.occasion import Occasion
from optimizer.bench.peer_plans import Budget
from optimizer.edits import CeilingEdit, apply_edits
from optimizer.generators.province import generate_province
from optimizer.plan import AllocationPlan, Outcome
from optimizer.problem import AllocationProblem
from optimizer.solving.limits import SolveLimits
from optimizer.solving.solve import solve

TITLE = "Same plan for the same question, calm after a small change"
PROJECTS, SHUFFLES, QUICK_SHUFFLES = 24, 20, 4
CHANGED_PROJECTS = 60
CPU_LIMIT = 60.0
EPSILON = Fraction(1, 20)
MOST_CHANGED = 10
Item = TypeVar("Item")


def measure_same_plan(occasion: Occasion) -> Finding:
    """Measure goal 8."""
    finding = Finding(8, TITLE)
    shuffles = QUICK_SHUFFLES if occasion.is_quick else SHUFFLES
    seed = occasion.seeds[0]
    problem = generate_province(Random(seed), PROJECTS)  # noqa: S311  a stated seed, not a secret
    occasion.told(f"goal 8, {shuffles} shuffles on 1 and 2 threads")
    _same_plan(finding, problem, shuffles)
    occasion.told("goal 8, a ceiling −1 %")
    _calm(finding, occasion.problem(CHANGED_PROJECTS))
    return finding


def _same_plan(finding: Finding, problem: AllocationProblem, shuffles: int) -> None:
    seconds, first = timed(lambda: solve(problem, _limits(1)))
    finding.measured("ours: all stages to proof", PROJECTS, seconds, _outcome_words(first))
    if any(stage.outcome is not Outcome.PROVEN for stage in first.stages):
        finding.remark("Not every stage was proven in time: nothing is promised then, and nothing is judged.")
        return
    same, total = 0, 0.0
    for number in range(shuffles):
        shuffled = shuffled_problem(problem, Random(number))  # noqa: S311  a stated seed, not a secret
        taken, plan = timed(lambda: solve(shuffled, _limits(1 + number % 2)))  # noqa: B023  called at once
        total += taken
        same += plan.level_ids == first.level_ids
    finding.measured(f"ours: {shuffles} shuffles, 1 and 2 threads in turns, each", PROJECTS, total / shuffles)
    finding.at_least(f"identical plans of {shuffles}", float(same), float(shuffles), "")


def _calm(finding: Finding, problem: AllocationProblem) -> None:
    """Cut the tightest ceiling by 1 % and count who is funded otherwise than in the published plan."""
    seconds, published = timed(lambda: solve(problem, _limits(1)))
    finding.measured("ours: the published plan", CHANGED_PROJECTS, seconds, _outcome_words(published))
    source = max(problem.sources, key=lambda item: (sum(item.ceiling_vnd.values()), item.id))
    year, ceiling_vnd = max(source.ceiling_vnd.items(), key=lambda item: item[1])
    cut = apply_edits(problem, (CeilingEdit(source.id, year, ceiling_vnd * 99 // 100),))
    asked = replace(cut, reference_plan=dict(published.level_ids))
    seconds, plan = timed(lambda: solve(asked, replace(_limits(1), score_tolerance_points=EPSILON)))
    changed = len(changed_ids(published.level_ids, plan.level_ids))
    finding.measured(
        "ours: after one ceiling −1 %",
        CHANGED_PROJECTS,
        seconds,
        f"{changed} changed, {_outcome_words(plan)}",
    )
    words = f"candidates changed after one ceiling −1 %, giving up at most {float(EPSILON)} points for calm"
    finding.at_most(words, float(changed), float(MOST_CHANGED), "")


def changed_ids(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """Return the candidates whose level is another, funded before or after."""
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}


def shuffled_problem(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    """Return the problem with every list in another order, levels excepted: they rise."""
    return replace(
        problem,
        years=_mixed(problem.years, draw),
        sources=_mixed(problem.sources, draw),
        outputs=_mixed(problem.outputs, draw),
        candidates=_mixed(problem.candidates, draw),
        limits=_mixed(problem.limits, draw),
        links=_mixed(problem.links, draw),
    )


def _mixed(items: Sequence[Item], draw: Random) -> tuple[Item, ...]:
    return tuple(draw.sample(items, len(items)))


def _limits(threads: int) -> SolveLimits:
    return SolveLimits(Budget(CPU_LIMIT).wall_seconds(), threads=threads)


def _outcome_words(plan: AllocationPlan) -> str:
    stages = ", ".join(f"{stage.name.value} {stage.outcome.value}" for stage in plan.stages)
    return f"{float(plan.score_points):.4f} ({stages})"
