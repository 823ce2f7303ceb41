"""One model under search: run a stage, pass the gate, hold what was achieved, go on to the next.

Every accepted plan has passed the exact audit; the best one so far survives a time limit or a stop.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from time import perf_counter

import numpy as np

from optimizer.engines.interface import (
    Engine,
    EngineAnswer,
    EngineProgress,
    EngineSettings,
    EngineStatus,
    LinearModel,
    Numbers,
    Watcher,
)
from optimizer.formulation.draft import Draft, ExactRow
from optimizer.formulation.stages import stage_terms
from optimizer.problem import StageName
from optimizer.proofs.certificate import PricedProblem
from optimizer.solving.gate import Cut, exact_cuts, no_good_cut
from optimizer.solving.limits import OnProgress, ShouldStop, SolveLimits, SolveProgress
from optimizer.solving.loaded_model import LoadedModel
from optimizer.solving.stage_values import engine_hold, natural_value, stage_value
from optimizer.spending import level_cost_vnd
from optimizer.verify import AuditReport, audit_levels

SCORE_HOLD_SLACK, HOLD_SLACK = 1e-6, 0.25
"""How far below a held value the engine may go; the gate holds it exactly.

For the score as a share of the largest worth in its row. At a thousand times the engine's tolerance it is
far enough: held nearer, HiGHS has given up branches with the best plan and called worse ones proven. Other
values are whole numbers (quanta, levels).
"""
DOUBTFUL = (EngineStatus.INFEASIBLE, EngineStatus.UNKNOWN)
"""What an engine may say out of rounding alone; no stage that is held leaves a model without a plan."""
SECONDS_TO_LOOK_TWICE = 2.0
"""A claim that nothing fits is worth a moment beyond the time limit."""
MOST_CHOICES_TO_AUDIT_ON_THE_WAY = 5000
"""Beyond this the points an engine finds on its way wait for its end."""


@dataclass(frozen=True, slots=True)
class AuditedChoice:
    """A choice of levels that keeps every rule: level position by candidate position, and its audit."""

    chosen: Mapping[int, int]
    report: AuditReport


@dataclass(frozen=True, slots=True)
class StageRun:
    """How one stage ended; bound in the stage's natural unit."""

    status: EngineStatus
    bound: float | None
    seconds: float


class Search(LoadedModel):
    """A loaded model, the best audited choice so far, and the stages already held."""

    def __init__(self, draft: Draft, engine: Engine, limits: SolveLimits) -> None:
        super().__init__(draft, engine)
        self.limits = limits
        self.best: AuditedChoice | None = None
        self.was_interrupted = False
        self.most_nodes: int | None = None
        self._looks_twice = False
        self._held: list[tuple[StageName, Fraction]] = []
        self._held_rows: list[ExactRow] = []
        self._started = perf_counter()

    def begin(self, limits: SolveLimits) -> None:
        """Start anew on the model as it stands: no plan, nothing held, the clock at zero."""
        self.limits = limits
        self.best = None
        self.was_interrupted = False
        self.most_nodes = None
        self._looks_twice = False
        self._held = []
        self._held_rows = []
        self._started = perf_counter()

    def seconds(self) -> float:
        """Return the seconds since the search began."""
        return perf_counter() - self._started

    def offer(self, chosen: Mapping[int, int]) -> bool:
        """Keep a choice found elsewhere as the best so far if the audit passes it."""
        report = self._audit(chosen)
        if report.is_kept and self.best is None:
            self.best = AuditedChoice(dict(chosen), report)
        return report.is_kept

    def objective_terms(self, stage: StageName) -> dict[int, float]:
        """Return the objective of a stage as amounts by column, zeros left out."""
        costs = self.objective(stage)
        return {place: float(costs[place]) for place in np.flatnonzero(costs).tolist()}

    def costs_of(self, weights: Mapping[tuple[int, int], float]) -> list[float]:
        """Return an objective that weighs choices of levels."""
        costs = [0.0] * len(self.model.costs)
        for key, weight in weights.items():
            costs[self.column(key)] = weight
        return costs

    def aim(self, stage: StageName) -> None:
        """Make a stage the running objective."""
        self.session.set_costs(self.objective(stage))

    def run_stage(
        self,
        stage: StageName,
        seconds: float,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> StageRun:
        """Optimise one stage; every answer of the engine passes the gate before it counts.

        Args:
            stage: what to optimise; earlier stages are held already.
            seconds: wall clock guard of this stage.
            on_progress: told best value and bound while the engine runs.
            should_stop: asked often; True ends the run and keeps the best plan.
        """
        began = perf_counter()
        self.aim(stage)
        bound: float | None = None
        while True:
            settings = self._settings(stage, seconds - (perf_counter() - began))
            answer = self.session.solve(
                settings, self.start(), self._watcher(stage, on_progress), should_stop
            )
            self.was_interrupted = self.was_interrupted or answer.was_interrupted
            if answer.status in DOUBTFUL and not (self._looks_twice or self.was_interrupted):
                self._look_again(stage)
                continue
            if on_progress is not None:
                self.tell(stage, on_progress, (answer.objective, answer.bound))
            if answer.bound is not None:
                told = natural_value(self.draft, stage, answer.bound)
                bound = told if bound is None else _tighter(stage, bound, told)
            cuts = self.take(stage, answer.values)
            out_of_time = perf_counter() - began >= seconds or self.was_interrupted
            if not cuts or out_of_time:
                status = EngineStatus.STOPPED if cuts else answer.status
                return StageRun(status, bound, perf_counter() - began)
            for cut in cuts:
                self.add_cut(cut)

    def _settings(self, stage: StageName, left: float) -> EngineSettings:
        gap = self.limits.relative_gap_share if stage is StageName.SCORE else 0.0
        least = SECONDS_TO_LOOK_TWICE if self._looks_twice and self.best is None else 0.05
        seconds, threads, seed = max(left, least), self.limits.threads, self.limits.seed
        return EngineSettings(
            seconds, gap, threads, seed, is_second_look=self._looks_twice, most_nodes=self.most_nodes
        )

    def _look_again(self, stage: StageName) -> None:
        """Begin the stage again, cold and with tolerances that refuse less, and stay with them.

        "No plan exists" hangs on floating point; it is believed only when both looks say so.
        """
        self._looks_twice = True
        self.session = self.engine.load(self.model_with(self.objective(stage)))

    def hold(self, stage: StageName) -> None:
        """Demand from every later stage what the best choice achieved in this one."""
        if self.best is None:
            return
        value = stage_value(self.draft, stage, self.best.chosen, self.best.report)
        if stage is StageName.SCORE:
            value -= self.limits.score_tolerance_points
        self._held.append((stage, value))
        edge = engine_hold(self.draft, stage, value)
        terms = self.objective_terms(stage)
        edge -= score_hold_slack(terms) if stage is StageName.SCORE else HOLD_SLACK
        if stage is StageName.COST:
            costs = {key: level_cost_vnd(level) for key, _, level in self.draft.levels()}
            self._held_rows.append(ExactRow("held_cost", costs, -value, is_floor=False))
        row = self.add_row(terms, edge, math.inf)
        if stage is StageName.LEGAL_MINIMUMS:
            self.means(row, "soft", Fraction(1, self.draft.quantum_vnd))

    def relax(self) -> EngineAnswer:
        """Solve the running objective without whole numbers."""
        left = max(1.0, self.limits.time_limit_seconds - self.seconds())
        return self.session.relax(EngineSettings(left, 0.0, self.limits.threads, self.limits.seed))

    def narrow(self, priced: PricedProblem, held_points: Fraction) -> int:
        """Fix every choice that the certificate proves cannot reach the held score; return how many.

        Args:
            priced: the problem under the prices of the certificate.
            held_points: score every later plan must reach.
        """
        bound, fixed = priced.bound(), 0
        for place, candidate in enumerate(self.draft.problem.candidates):
            worth = priced.worth[candidate.id]
            rest = bound - max(worth.values())
            for position, level in enumerate(candidate.levels):
                # A live model has columns for levels that the state forbids; they are at 0 already.
                is_open = (place, position) in self.draft.fund and level.id in worth
                if is_open and rest + worth[level.id] < held_points:
                    self.set_column_bounds(self.column((place, position)), 0.0, 0.0)
                    fixed += 1
            row = self.choice_row(place)
            if row is not None and None in worth and rest + worth[None] < held_points:
                self.set_row_bounds(row, 1.0, 1.0)
                fixed += 1
        return fixed

    def level_ids(self, chosen: Mapping[int, int]) -> dict[str, str]:
        """Return a choice as level ids by candidate id."""
        candidates = self.draft.problem.candidates
        return {candidates[place].id: candidates[place].levels[level].id for place, level in chosen.items()}

    def read(self, values: Sequence[float] | Numbers) -> dict[int, int]:
        """Return the choice that the engine's column values mean."""
        return {key[0]: key[1] for key in self.draft.fund if values[self.column(key)] > 0.5}

    def _audit(self, chosen: Mapping[int, int]) -> AuditReport:
        return audit_levels(self.draft.problem, self.level_ids(chosen))

    def objective(self, stage: StageName) -> Numbers:
        """Return the objective of a stage, one amount per column."""
        total: dict[int, Fraction] = {}
        for variable, amount in stage_terms(self.draft, stage):
            place = self.column_named(variable.name)
            total[place] = total.get(place, Fraction(0)) + amount
        costs = np.zeros(len(self.model.costs))
        costs[list(total)] = [float(amount) for amount in total.values()]
        return costs

    def whole_model(self, stage: StageName) -> LinearModel:
        """Return the model as it stands with a stage's objective, every cut and hold added since included."""
        return self.model_with(self.objective(stage))

    def start(self) -> dict[int, float] | None:
        """Return the best choice as values of the choice columns."""
        if self.best is None:
            return None
        chosen = self.best.chosen
        return {self.column(key): float(chosen.get(key[0]) == key[1]) for key in self.draft.fund}

    def take(self, stage: StageName, values: Numbers | None) -> list[Cut]:
        """Accept an engine's point as the best choice, or return the cuts that remove it."""
        if values is None:
            return []
        chosen = self.read(values)
        cuts = exact_cuts(self.draft, chosen, self._held_rows)
        if cuts:
            return cuts
        found = AuditedChoice(chosen, self._audit(chosen))
        if not self._is_kept(found):
            return [no_good_cut(self.draft, chosen)]
        if self.best is None or self._value(stage, found) > self._value(stage, self.best):
            self.best = found
        return []

    def adopt(self, chosen: Mapping[int, int]) -> None:
        """Make a choice that passed the gate the best one, though no stage prefers it."""
        self.best = AuditedChoice(dict(chosen), self._audit(chosen))

    def refusals(self, chosen: Mapping[int, int]) -> list[Cut]:
        """Return the cuts that remove a choice the exact audit refuses; empty = it passes."""
        cuts = exact_cuts(self.draft, chosen, self._held_rows)
        if cuts:
            return cuts
        is_kept = self._is_kept(AuditedChoice(chosen, self._audit(chosen)))
        return [] if is_kept else [no_good_cut(self.draft, chosen)]

    def _value(self, stage: StageName, choice: AuditedChoice) -> Fraction:
        return stage_value(self.draft, stage, choice.chosen, choice.report)

    def _is_kept(self, choice: AuditedChoice) -> bool:
        """Tell whether a choice keeps every rule and every stage that is held."""
        return choice.report.is_kept and all(self._value(stage, choice) >= held for stage, held in self._held)

    def add_cut(self, cut: Cut) -> None:
        """Add a cut that every plan keeps."""
        terms = {self.column(key): amount for key, amount in cut.terms.items()}
        lower = -math.inf if cut.lower is None else cut.lower
        self.add_row(terms, lower, math.inf if cut.upper is None else cut.upper)

    def _watcher(self, stage: StageName, on_progress: OnProgress | None) -> Watcher:
        """Return what is told during a run; better plans are kept as they are found."""

        def watch(progress: EngineProgress) -> None:
            if progress.values is not None and len(self.draft.fund) <= MOST_CHOICES_TO_AUDIT_ON_THE_WAY:
                self.take(stage, progress.values)
            if on_progress is not None:
                self.tell(stage, on_progress, (progress.best_value, progress.bound))

        return watch

    def tell(
        self, stage: StageName, on_progress: OnProgress, values: tuple[float | None, float | None]
    ) -> None:
        """Tell where a stage stands: (best value, bound) in the engine's unit."""
        best, bound = (None if value is None else natural_value(self.draft, stage, value) for value in values)
        on_progress(SolveProgress(stage, self.seconds(), best, bound))


def score_hold_slack(terms: Mapping[int, float]) -> float:
    """Return how far below a held score the engine may go, by the terms of the score's row."""
    return SCORE_HOLD_SLACK * max(1.0, *map(abs, terms.values()), 0.0)


def _tighter(stage: StageName, one: float, other: float) -> float:
    """Return the tighter of two bounds: the smaller where more is better, else the larger."""
    return min(one, other) if stage in (StageName.SCORE, StageName.RANK) else max(one, other)
