"""Goal 5: 200 budget levels, bound and duals of each, beside rebuilds and beside a bare loop."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from optimizer.batch.variants import RelaxedVariant, relax_variants
from optimizer.bench.bare_highs import arrays_of, loaded, relaxed_with
from optimizer.bench.findings import Finding
from optimizer.bench.measuring import cpu_seconds, middle, timed
from optimizer.bench.neutral_rows import NeutralModel
from optimizer.bench.occasion import LARGE, PEER_STEPS, PROVINCE, Occasion
from optimizer.bench.questions import Question, level_questions
from optimizer.bench.stock_pulp import PulpModel, built_by_sums, cbc, solved, stock_highs
from optimizer.problem import AllocationProblem
from optimizer.solving.live import LiveAllocation

TITLE = "A sweep over 200 budget levels (relaxation and duals of each)"
LEVELS, LARGEST_PERCENT = 200, 150
OURS, BARE = "ours: sweep over the loaded model", "highspy direct, bare loop"
BY_CBC, BY_HIGHS = "PuLP lpSum rebuilt + CBC", "PuLP lpSum rebuilt + stock pulp.HiGHS"
IDLE_LOAD = 0.6
"""Load average up to which the machine counts as idle, so that two processes may be judged by the wall."""
SAME_VALUE = 1e-6


def measure_sweep(occasion: Occasion) -> Finding:
    """Measure goal 5 at the size of a province and at the large one."""
    finding = Finding(5, TITLE)
    for projects in occasion.sizes_from(PROVINCE, LARGE):
        occasion.told(f"goal 5, P={projects}")
        _measure_size(finding, occasion, projects)
    if LARGE not in occasion.sizes:
        finding.remark("Two processes are judged at P=5,000, which this run leaves out.")
    return finding


def _measure_size(finding: Finding, occasion: Occasion, projects: int) -> None:
    problem, model = occasion.problem(projects), occasion.model(projects)
    questions = _feasible_levels(problem, model)
    finding.remark(f"P={projects:,}: levels from {_least_percent(questions, problem, model):.1f} % to 150 %.")
    bare = loaded(arrays_of(model), is_relaxed=True)
    relaxed_with(bare, {})
    live = LiveAllocation(problem)
    live.relax()
    seconds: dict[str, list[float]] = {OURS: [], BARE: []}
    for _ in range(occasion.repeats(projects)):
        ours, answers = timed(lambda: _swept(live, questions, 1))
        direct, values = timed(lambda: [_bare_step(bare, model, question) for question in questions])
        seconds[OURS].append(ours / LEVELS)
        seconds[BARE].append(direct / LEVELS)
        _compare(finding, projects, answers, values)
    steps: dict[str, list[float]] = {BY_CBC: [], BY_HIGHS: []} if projects <= PROVINCE else {BY_CBC: []}
    for question in questions[:: LEVELS // PEER_STEPS]:
        asked = model.with_sides(question.sides)
        for who, taken in steps.items():
            taken.append(timed(lambda: _rebuilt(asked, who))[0])  # noqa: B023  called at once
    each = {who: middle(taken) for who, taken in {**seconds, **steps}.items()}
    for who, step in each.items():
        got = "" if who == OURS else f"{step / each[OURS]:.1f}× ours"
        finding.measured(f"{who}, one level", projects, step, got)
    words = f"P={projects:,}"
    finding.at_least(f"faster than PuLP + CBC rebuilds, {words}", each[BY_CBC] / each[OURS], 50)
    finding.at_most(f"of a bare highspy loop, {words}", each[OURS] / each[BARE], 1.2)
    _two_processes(finding, live, questions, projects)


def _two_processes(
    finding: Finding, live: LiveAllocation, questions: Sequence[Question], projects: int
) -> None:
    """Compare one process with two: on the wall, starting them included, and in CPU."""
    load = os.getloadavg()[0]
    walls, cpus = [], []
    for workers in (1, 2):
        wall, cpu = perf_counter(), cpu_seconds()
        _swept(live, questions, workers)
        walls.append(perf_counter() - wall)
        cpus.append(cpu_seconds() - cpu)
    told = f"{walls[0] / walls[1]:.2f}× on the wall, {cpus[1] / cpus[0]:.2f}× the CPU of one process"
    finding.measured("ours: whole sweep, two processes", projects, cpus[1], told)
    if projects != LARGE:
        return
    cores = os.cpu_count() or 1
    if load <= IDLE_LOAD and cores >= 2:
        finding.at_least("two processes against one, on the wall, P=5,000", walls[0] / walls[1], 1.6)
    else:
        finding.remark(
            f"Two processes: not judged, the machine was not idle (load {load:.1f} on {cores} cores)."
        )


def _swept(live: LiveAllocation, questions: Sequence[Question], workers: int) -> list[RelaxedVariant]:
    """Sweep; every answer carries its duals, as the bare loop's does."""
    return relax_variants(live, [question.edits for question in questions], workers)


def _bare_step(highs: Any, model: NeutralModel, question: Question) -> float:
    sides = {model.places[name]: edges for name, edges in question.sides.items()}
    return relaxed_with(highs, sides)[0]


def _rebuilt(asked: NeutralModel, who: str) -> PulpModel:
    return solved(built_by_sums(asked), (cbc if who == BY_CBC else stock_highs)(is_relaxed=True))


def _feasible_levels(problem: AllocationProblem, model: NeutralModel) -> list[Question]:
    """Return 200 levels up to 150 %, from the lowest whole per cent at which anything fits."""
    highs = loaded(arrays_of(model), is_relaxed=True)
    relaxed_with(highs, {})
    fitting = 100
    for percent in range(99, 49, -1):
        [question] = level_questions(problem, model, [percent * 1000])
        if math.isnan(_bare_step(highs, model, question)):
            break
        fitting = percent
    span = (LARGEST_PERCENT - fitting) * 1000
    levels = [fitting * 1000 + span * number // (LEVELS - 1) for number in range(LEVELS)]
    return level_questions(problem, model, levels)


def _least_percent(questions: Sequence[Question], problem: AllocationProblem, model: NeutralModel) -> float:
    [full] = level_questions(problem, model, [100_000])
    name, (_, edge) = next(iter(full.sides.items()))
    return 100.0 * questions[0].sides[name][1] / edge


def _compare(
    finding: Finding, projects: int, answers: Sequence[RelaxedVariant], values: Sequence[float]
) -> None:
    for answer, value in zip(answers, values, strict=True):
        ours = math.nan if answer.bound_points is None else answer.bound_points
        if not abs(ours - value) <= SAME_VALUE * max(1.0, abs(value)):
            finding.remark(f"P={projects:,}: highspy direct says {value:.6f} where ours says {ours:.6f}.")
