"""The same question in our words and as sides of rows: ceiling cut, project pinned, all ceilings moved."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimizer.bench.neutral_rows import NeutralModel
from optimizer.edits import CeilingEdit, Edit, StateEdit
from optimizer.formulation.choices import choice_row_name
from optimizer.formulation.draft import in_order, money_quantum_vnd
from optimizer.problem import AllocationProblem, CandidateState
from optimizer.spending import source_groups

Sides = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Question:
    """What if? As edits for us, as sides of rows for everybody else."""

    edits: tuple[Edit, ...]
    sides: Sides


def ceiling_questions(problem: AllocationProblem, model: NeutralModel, percent: int) -> list[Question]:
    """Return one question per source and year: its ceiling at so many per cent."""
    return [
        Question((edit,), {name: (-math.inf, edge)})
        for name, edit, edge in _moved_ceilings(problem, model, percent * 1000)
    ]


def level_questions(
    problem: AllocationProblem, model: NeutralModel, thousandths: Sequence[int]
) -> list[Question]:
    """Return one question per budget level: every ceiling at so many thousandths of a per cent of itself."""
    questions = []
    for level in thousandths:
        moved = _moved_ceilings(problem, model, level)
        sides = {name: (-math.inf, edge) for name, _, edge in moved}
        questions.append(Question(tuple(edit for _, edit, _ in moved), sides))
    return questions


def _moved_ceilings(
    problem: AllocationProblem, model: NeutralModel, thousandths: int
) -> list[tuple[str, CeilingEdit, float]]:
    """Return (row, edit, right side in quanta) of every ceiling that has a row."""
    quantum_vnd = money_quantum_vnd(problem)
    sources = {source.id: source for source in problem.sources}
    moved = []
    for number, group in enumerate(source_groups(in_order(problem).sources)):
        source = sources[group[0]]
        for year, ceiling_vnd in sorted(source.ceiling_vnd.items()):
            name = f"ceiling_{number}_{year}"
            quanta = ceiling_vnd * thousandths // 100_000 // quantum_vnd
            if name in model.places:
                moved.append((name, CeilingEdit(source.id, year, quanta * quantum_vnd), float(quanta)))
    return moved


def pin_questions(problem: AllocationProblem, model: NeutralModel, funded: Sequence[float]) -> list[Question]:
    """Return one question per open candidate that the relaxation leaves out: what if it must be funded?

    Args:
        funded: value of every variable in the relaxation.
    """
    shares: dict[str, float] = {}
    for place, (candidate_id, _) in model.levels.items():
        shares[candidate_id] = shares.get(candidate_id, 0.0) + funded[place]
    questions = []
    for place, candidate in enumerate(in_order(problem).candidates):
        if candidate.state is CandidateState.OPEN and shares.get(candidate.id, 1.0) < 1e-6:
            edit = StateEdit(candidate.id, CandidateState.PINNED)
            questions.append(Question((edit,), {choice_row_name(place): (1.0, 1.0)}))
    return questions
