"""A model with a few columns of money more, searched in whole numbers until an answer holds to the đồng."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Generic, TypeVar

import numpy as np

from optimizer.answers.best_with import LEAST_SECONDS, MOST_ROUNDS, hold_shortfall
from optimizer.answers.question import Question, choice_columns
from optimizer.engines.interface import EngineSession, EngineStatus, LinearModel
from optimizer.formulation.assemble import formulate
from optimizer.problem import AllocationProblem, StageName
from optimizer.solving.gate import no_good_cut
from optimizer.solving.search import Search, score_hold_slack

Measured = TypeVar("Measured")
Measure = Callable[[Mapping[str, str], Sequence[float]], "Measured | None"]
"""From a choice of levels and the engine's columns of money to exact facts; None = the choice is refused."""


@dataclass(frozen=True, slots=True)
class WidenedAnswer(Generic[Measured]):
    """What was found.

    Attributes:
        is_possible: False = the engine says that nothing fits.
        found: exact facts of the best choice that holds; None = none found.
        least_quanta: the objective cannot be smaller, by the engine; None = unknown.
    """

    is_possible: bool
    found: Measured | None
    least_quanta: float | None


def search_holding_score(question: Question, problem: AllocationProblem) -> tuple[Search, int]:
    """Load a problem in which every plan scores no less than the plan; return it with that row."""
    search = Search(formulate(problem), question.engine, question.limits)
    hold_shortfall(search, question.report.shortfall_vnd)
    terms = search.objective_terms(StageName.SCORE)
    held = float(question.score) - score_hold_slack(terms)
    return search, search.add_row(terms, held, math.inf)


def searched(
    question: Question,
    search: Search,
    session: EngineSession,
    seconds: float,
    measure: Measure[Measured],
    *,
    near: Mapping[str, str] | None = None,
) -> WidenedAnswer[Measured]:
    """Search for the smallest sum of money; answers that do not hold exactly are cut off.

    Args:
        question: gives the settings of the engine.
        search: reads the columns of choices.
        session: the widened model.
        seconds: wall clock.
        measure: measures a choice exactly.
        near: levels to start from, level id by candidate id, where enough money makes them hold.
    """
    ends, first = perf_counter() + seconds, len(search.model.costs)
    start = None if near is None else choice_columns(search, near)
    least: float | None = None
    for _ in range(MOST_ROUNDS):
        answer = session.solve(question.settings(max(LEAST_SECONDS, ends - perf_counter())), start)
        if answer.status is EngineStatus.INFEASIBLE:
            return WidenedAnswer(is_possible=False, found=None, least_quanta=None)
        if answer.bound is not None:
            # What is cut off holds in no plan, so every bound holds for all of them.
            least = -answer.bound if least is None else max(least, -answer.bound)
        if answer.values is None:
            break
        chosen = search.read(answer.values)
        measured = measure(dict(sorted(search.level_ids(chosen).items())), answer.values[first:].tolist())
        if measured is not None:
            return WidenedAnswer(is_possible=True, found=measured, least_quanta=least)
        cut = no_good_cut(search.draft, chosen)
        terms = {search.column(key): amount for key, amount in cut.terms.items()}
        session.add_row(terms, -math.inf if cut.lower is None else cut.lower, math.inf)
        if perf_counter() >= ends:
            break
    return WidenedAnswer(is_possible=True, found=None, least_quanta=least)


def widened(
    search: Search, entries: Sequence[tuple[str, int, float]], largest: Sequence[float]
) -> LinearModel:
    """Return a model with some columns of money more; their sum is minimised.

    Args:
        search: the loaded model, with what was added to it.
        entries: (name of a row, number of the new column, amount); rows the model lacks are passed over.
        largest: largest value of each new column.
    """
    model = search.model_with(np.zeros(len(search.model.costs)))
    first, rows, count = len(model.costs), len(model.row_names), len(largest)
    known = [
        (row, first + new, amount)
        for name, new, amount in entries
        if (row := search.row_named(name)) is not None
    ]
    owner = np.concatenate([np.repeat(np.arange(rows), np.diff(model.starts)), _column(known, 0, np.int64)])
    order = np.argsort(owner, kind="stable")
    starts = np.zeros(rows + 1, np.int32)
    np.cumsum(np.bincount(owner, minlength=rows), out=starts[1:])
    return replace(
        model,
        column_names=[*model.column_names, *(f"money_{number}" for number in range(count))],
        costs=np.append(model.costs, np.full(count, -1.0)),
        lower=np.append(model.lower, np.zeros(count)),
        upper=np.append(model.upper, np.array(largest, float)),
        is_integer=np.append(model.is_integer, np.zeros(count, bool)),
        starts=starts,
        indices=np.concatenate([model.indices, _column(known, 1, np.int32)])[order].astype(np.int32),
        values=np.concatenate([model.values, _column(known, 2, float)])[order],
    )


def _column(entries: Sequence[tuple[int, int, float]], place: int, kind: type) -> np.ndarray:
    return np.array([entry[place] for entry in entries], dtype=kind)
