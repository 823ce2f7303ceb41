"""The search for nested plans in the common model of all rungs: law, then the weighted score, then cost.

Every answer of the engine passes the gate rung by rung: exact rows, exact audit, exact nesting. What breaks
one gets the cut that removes it, as for a single plan.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import perf_counter

import numpy as np

from optimizer.engines.interface import EngineAnswer, EngineSettings, EngineStatus, Numbers
from optimizer.errors import SolverFailure
from optimizer.formulation.draft import Term
from optimizer.formulation.ladder import LadderDraft, RungDraft
from optimizer.nesting import un_nested
from optimizer.problem import AllocationProblem
from optimizer.solving.compile import compile_model
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.gate import Cut, exact_cuts, no_good_cut
from optimizer.solving.limits import ShouldStop, SolveLimits
from optimizer.solving.loaded_model import AddedRow
from optimizer.solving.search import HOLD_SLACK, score_hold_slack
from optimizer.spending import level_cost_vnd
from optimizer.verify import audit_levels

LAW_SHARE, SCORE_SHARE = 0.3, 0.9
"""Share of the time after which the law, and after which the score, must be done."""
SLACK, RELATIVE_SLACK = 1e-6, 1e-9
"""How far the engine's bound may lie from the exact value it is said to prove."""
HALF_A_DONG = 0.5
Levels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LadderWorth:
    """What nested plans are worth, in the order in which it counts; more is better."""

    minus_shortfall_vnd: int
    points: Fraction
    minus_cost_vnd: int

    def key(self) -> tuple[int, Fraction, int]:
        """Return the order of comparison."""
        return self.minus_shortfall_vnd, self.points, self.minus_cost_vnd


@dataclass(frozen=True, slots=True)
class LadderFound:
    """Nested plans and how far they are proven.

    Attributes:
        level_ids: one plan per rung.
        bound_points: no nested plans with as small a shortfall have a larger weighted score, by the engine;
            None = it gave no bound.
        is_proven: True when law and score are proven best.
    """

    level_ids: tuple[Levels, ...]
    worth: LadderWorth
    bound_points: Fraction | None
    is_proven: bool


class LadderSearch:
    """The loaded common model and the best nested plans so far."""

    def __init__(
        self,
        draft: LadderDraft,
        audited: tuple[Sequence[AllocationProblem], Sequence[Fraction]],
        limits: SolveLimits,
        should_stop: ShouldStop | None = None,
    ) -> None:
        """Load a ladder.

        Args:
            draft: the common model.
            audited: the problem of each rung, by which its plan is audited, and the weights.
            limits: threads, seed, gap and engine.
            should_stop: asked often; True ends the search and keeps the best plans so far.
        """
        self._draft = draft
        self._problems, self._weights = audited
        self._limits = limits
        self._should_stop = should_stop
        model = compile_model(draft.model)
        self._columns = {name: place for place, name in enumerate(model.column_names)}
        self._session = engine_named(limits.engine_name).load(model)
        self._best: tuple[tuple[Levels, ...], LadderWorth] | None = None

    def offer(self, level_ids: Sequence[Levels]) -> bool:
        """Tell whether plans pass the audit and are nested; keep them where they are the best so far."""
        worth = self._worth(level_ids)
        if worth is None:
            return False
        if self._best is None or worth.key() > self._best[1].key():
            self._best = tuple(dict(sorted(ids.items())) for ids in level_ids), worth
        return True

    def run(self, seconds: float) -> LadderFound | EngineStatus:
        """Search stage by stage.

        Args:
            seconds: wall clock of the whole search.
        Returns:
            The best nested plans; without any, how the engine ended.
        """
        began = perf_counter()
        is_lawful = True
        if self._draft.shortfalls:
            law = tuple((variable, -amount) for variable, amount in self._draft.shortfalls)
            status, law_bound = self._stage(law, began + LAW_SHARE * seconds)
            if self._best is None:
                return status
            is_lawful = status is EngineStatus.PROVEN and self._is_least_shortfall(law_bound)
            quanta = self._best[1].minus_shortfall_vnd // self._draft.rungs[0].quantum_vnd
            self._hold(self._objective(law), quanta - HOLD_SLACK)
        status, bound = self._stage(self._draft.points, began + SCORE_SHARE * seconds, is_score=True)
        if self._best is None:
            return status
        points = self._objective(self._draft.points)
        slack = score_hold_slack(dict(enumerate(points.tolist())))
        self._hold(points, float(self._best[1].points) - slack)
        self._stage(self._costs(), began + seconds)
        return _found(*self._best, bound, is_proven=is_lawful and status is EngineStatus.PROVEN)

    def _costs(self) -> tuple[Term, ...]:
        """Minus the cost of all rungs together, in quanta: of equal ladders the cheapest is taken."""
        return tuple(
            (rung.fund[key], Fraction(-level_cost_vnd(level), rung.quantum_vnd))
            for rung in self._draft.rungs
            for key, _, level in rung.levels()
        )

    def _is_least_shortfall(self, bound: float | None) -> bool:
        """Tell whether the engine's bound leaves no room for a đồng less (rows may be rounded)."""
        if self._best is None or bound is None:
            return False
        return bound * self._draft.rungs[0].quantum_vnd < self._best[1].minus_shortfall_vnd + HALF_A_DONG

    def _hold(self, costs: Numbers, edge: float) -> None:
        places = np.flatnonzero(costs).tolist()
        self._session.add_row({place: float(costs[place]) for place in places}, edge, math.inf)

    def _stage(
        self, terms: Sequence[Term], ends: float, *, is_score: bool = False
    ) -> tuple[EngineStatus, float | None]:
        """Optimise one stage until its answer passes the gate; return how it ended and its bound."""
        self._session.set_costs(self._objective(terms))
        gap_share = self._limits.relative_gap_share if is_score else 0.0
        bound: float | None = None
        is_second_look = False
        while True:
            answer = self._solve(ends, gap_share, is_second_look=is_second_look)
            if answer.status is EngineStatus.INFEASIBLE and not is_second_look:
                # "Nothing fits" may be rounding: it is believed only when a second look says so too.
                is_second_look = True
                continue
            if answer.bound is not None:
                bound = answer.bound if bound is None else min(bound, answer.bound)
            cuts = self._take(answer)
            if not cuts:
                return answer.status, bound
            if perf_counter() >= ends or answer.was_interrupted:
                return EngineStatus.STOPPED, bound
            for cut in cuts:
                self._session.add_row(cut.terms, cut.lower, cut.upper)

    def _solve(self, ends: float, gap_share: float, *, is_second_look: bool) -> EngineAnswer:
        seconds = max(ends - perf_counter(), 0.05)
        threads, seed = self._limits.threads, self._limits.seed
        settings = EngineSettings(seconds, gap_share, threads, seed, is_second_look=is_second_look)
        return self._session.solve(settings, self._start(), None, self._should_stop)

    def _objective(self, terms: Sequence[Term]) -> Numbers:
        total: dict[int, Fraction] = {}
        for variable, amount in terms:
            place = self._columns[variable.name]
            total[place] = total.get(place, Fraction(0)) + amount
        costs = np.zeros(len(self._columns))
        costs[list(total)] = [float(amount) for amount in total.values()]
        return costs

    def _start(self) -> dict[int, float] | None:
        if self._best is None:
            return None
        return {
            self._column(rung, key): float(level_ids.get(candidate.id) == level.id)
            for rung, level_ids in zip(self._draft.rungs, self._best[0], strict=True)
            for key, candidate, level in rung.levels()
        }

    def _column(self, rung: RungDraft, key: tuple[int, int]) -> int:
        return self._columns[rung.fund[key].name]

    def _take(self, answer: EngineAnswer) -> list[AddedRow]:
        """Keep the plans of an answer, or return the rows that remove what the gate refuses."""
        if answer.values is None:
            return []
        rows: list[AddedRow] = []
        level_ids: list[Levels] = []
        for rung, problem in zip(self._draft.rungs, self._problems, strict=True):
            chosen = {
                place: position
                for place, position in rung.fund
                if answer.values[self._column(rung, (place, position))] > 0.5
            }
            level_ids.append(_named(rung, chosen))
            cuts = exact_cuts(rung, chosen)
            if not cuts and not audit_levels(problem, level_ids[-1]).is_kept:
                cuts = [no_good_cut(rung, chosen)]
            rows += [self._row(rung, cut) for cut in cuts]
        if not rows and not self.offer(level_ids):
            raise SolverFailure("Bộ giải trả về các phương án không lồng nhau.")
        return rows

    def _row(self, rung: RungDraft, cut: Cut) -> AddedRow:
        return AddedRow(
            {self._column(rung, key): amount for key, amount in cut.terms.items()},
            -math.inf if cut.lower is None else cut.lower,
            math.inf if cut.upper is None else cut.upper,
        )

    def _worth(self, level_ids: Sequence[Levels]) -> LadderWorth | None:
        """Return what plans are worth by the exact audit; None = one is refused or they are not nested."""
        reports = [audit_levels(*pair) for pair in zip(self._problems, level_ids, strict=True)]
        is_lawful = all(report.is_kept for report in reports)
        if not is_lawful or un_nested(self._problems[0], level_ids):
            return None
        weighted = zip(self._weights, reports, strict=True)
        return LadderWorth(
            -sum(report.shortfall_vnd for report in reports),
            sum((weight * report.score_points for weight, report in weighted), Fraction(0)),
            -sum(
                vnd for report in reports for by_year in report.money_vnd.values() for vnd in by_year.values()
            ),
        )


def _found(
    level_ids: tuple[Levels, ...], worth: LadderWorth, bound: float | None, *, is_proven: bool
) -> LadderFound:
    """State what was found; a bound that the exact value refutes, or does not reach, proves nothing."""
    value = float(worth.points)
    slack = SLACK + RELATIVE_SLACK * abs(value)
    if bound is None or bound < value - slack:
        return LadderFound(level_ids, worth, None, is_proven=False)
    if is_proven and bound <= value + slack:
        return LadderFound(level_ids, worth, worth.points, is_proven=True)
    return LadderFound(level_ids, worth, max(Fraction(repr(bound)), worth.points), is_proven=False)


def _named(rung: RungDraft, chosen: Mapping[int, int]) -> dict[str, str]:
    candidates = rung.problem.candidates
    return {candidates[place].id: candidates[place].levels[level].id for place, level in chosen.items()}
