"""Goal 2: a question asked again with one ceiling cut or one project pinned; relaxation, prices included."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optimizer.bench.bare_highs import arrays_of, loaded, relaxed_with
from optimizer.bench.findings import Finding
from optimizer.bench.measuring import middle, timed
from optimizer.bench.neutral_rows import NeutralModel, NeutralRow
from optimizer.bench.occasion import LARGE, PEER_STEPS, PROVINCE, Occasion
from optimizer.bench.questions import Question, ceiling_questions, pin_questions
from optimizer.bench.stock_pulp import PulpModel, built_by_sums, cbc, solved
from optimizer.problem import AllocationProblem
from optimizer.solving.live import LiveAllocation

TITLE = "What if: one ceiling −10 %, one project pinned (relaxation and prices)"
OURS, BARE = "ours: live edit + relaxation + prices", "highspy direct, live"
REBUILT, KEPT = "PuLP lpSum rebuilt + CBC", "PuLP kept, changeRHS + CBC"
GOALS = {PROVINCE: 50, LARGE: 100}
SAME_VALUE = 1e-6


@dataclass(slots=True)
class Asked:
    """CPU seconds per question, and the value of the relaxation, of one peer."""

    seconds: list[float]
    values: list[float]


def measure_what_if(occasion: Occasion) -> Finding:
    """Measure goal 2 at the size of a province and at the large one."""
    finding = Finding(2, TITLE)
    for projects in occasion.sizes_from(PROVINCE, LARGE):
        problem, model = occasion.problem(projects), occasion.model(projects)
        bare = loaded(arrays_of(model), is_relaxed=True)
        _, values, _ = relaxed_with(bare, {})
        kinds = {
            "ceiling −10 %": ceiling_questions(problem, model, 90),
            "pin": pin_questions(problem, model, values.tolist()),
        }
        for kind, questions in kinds.items():
            occasion.told(f"goal 2, P={projects}, {kind}")
            answers = _ask_all(problem, model, bare, questions[: 2 * PEER_STEPS])
            _write_down(finding, projects, kind, answers)
    if LARGE not in occasion.sizes:
        finding.remark("P=5,000 is not part of this run.")
    return finding


def _ask_all(
    problem: AllocationProblem, model: NeutralModel, bare: Any, questions: Sequence[Question]
) -> dict[str, Asked]:
    """Ask every peer the same questions in turns; slow peers the first few."""
    kept = built_by_sums(model)
    peers: dict[str, Callable[[Question], tuple[float, float]]] = {
        OURS: _OurLive(problem).ask,
        BARE: _BareLive(model, bare).ask,
        REBUILT: lambda question: _rebuilt(model, question),
        KEPT: lambda question: _kept(model, kept, question),
    }
    answers = {who: Asked([], []) for who in peers}
    for number, question in enumerate(questions):
        for who, ask in peers.items():
            if number < PEER_STEPS or who in (OURS, BARE):
                seconds, value = ask(question)
                answers[who].seconds.append(seconds)
                answers[who].values.append(value)
    return answers


class _OurLive:
    """A live allocation; only the way from the base to the answer is measured, not the way back."""

    def __init__(self, problem: AllocationProblem) -> None:
        self._live = LiveAllocation(problem)
        self._live.relax()

    def ask(self, question: Question) -> tuple[float, float]:
        """Return CPU seconds and value."""
        seconds, value = timed(lambda: self._answer(question))
        self._live.reset()
        self._live.relax()
        return seconds, value

    def _answer(self, question: Question) -> float:
        self._live.edit(*question.edits)
        relaxed = self._live.relax()
        self._live.prices(relaxed)
        return math.nan if relaxed.bound_points is None else relaxed.bound_points


class _BareLive:
    """HiGHS itself, its model kept."""

    def __init__(self, model: NeutralModel, highs: Any) -> None:
        self._model = model
        self._highs = highs

    def ask(self, question: Question) -> tuple[float, float]:
        """Return CPU seconds and value."""
        places = self._model.places
        sides = {places[name]: edges for name, edges in question.sides.items()}
        seconds, answer = timed(lambda: relaxed_with(self._highs, sides))
        relaxed_with(self._highs, {row: _sides_of(self._model.rows[row]) for row in sides})
        return seconds, answer[0]


def _sides_of(row: NeutralRow) -> tuple[float, float]:
    return row.lower, row.upper


def _rebuilt(model: NeutralModel, question: Question) -> tuple[float, float]:
    asked = model.with_sides(question.sides)
    seconds, answer = timed(lambda: solved(built_by_sums(asked), cbc(is_relaxed=True)))
    return seconds, _value_of(answer)


def _kept(model: NeutralModel, kept: PulpModel, question: Question) -> tuple[float, float]:
    """Change right sides in place; a pinned row becomes an equation only in a model that is rebuilt."""
    edges = {model.places[name]: edges for name, edges in question.sides.items()}
    if any(lower == upper for lower, upper in edges.values()):
        return math.nan, math.nan

    def act() -> PulpModel:
        for row, (_, upper) in edges.items():
            kept.rows[row].changeRHS(upper)
        return solved(kept, cbc(is_relaxed=True))

    seconds, answer = timed(act)
    value = _value_of(answer)
    for row in edges:
        kept.rows[row].changeRHS(model.rows[row].upper)
    return seconds, value


def _value_of(answer: PulpModel) -> float:
    return answer.objective() if answer.problem.status == 1 else math.nan


def _write_down(finding: Finding, projects: int, kind: str, answers: Mapping[str, Asked]) -> None:
    cost = {who: middle(asked.seconds) for who, asked in answers.items()}
    for who, seconds in cost.items():
        if not math.isnan(seconds):
            got = "" if who == OURS else f"{seconds / cost[OURS]:.1f}× ours"
            finding.measured(f"{who}: {kind}", projects, seconds, got)
    _compare_values(finding, projects, kind, answers)
    if projects in GOALS:
        words = f"{kind}, P={projects:,}"
        finding.at_least(
            f"faster than PuLP rebuild + CBC, {words}", cost[REBUILT] / cost[OURS], GOALS[projects]
        )
        finding.at_most(f"of highspy direct, {words}", cost[OURS] / cost[BARE], 1.5)


def _compare_values(finding: Finding, projects: int, kind: str, answers: Mapping[str, Asked]) -> None:
    """Say where peers do not agree on the value; without that no ratio means anything."""
    for number, value in enumerate(answers[OURS].values):
        for who, asked in answers.items():
            other = asked.values[number] if number < len(asked.values) else math.nan
            both = not (math.isnan(other) or math.isnan(value))
            if both and abs(other - value) > SAME_VALUE * max(1.0, abs(value)):
                finding.remark(f"{who} ({kind}, P={projects:,}) {other:.6f} where ours says {value:.6f}.")
