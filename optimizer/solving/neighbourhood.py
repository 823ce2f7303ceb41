"""Better plans near a plan: free some candidates, keep the rest, let the engine decide the small rest.

A neighbourhood frees the candidates that are nearest to being decided otherwise, or a sample of them that
prefers small margins; everything else keeps the level of the best plan. Each answer passes the gate before
it counts. What is found here is a plan, never a bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from optimizer.engines.interface import (
    EngineAnswer,
    EngineSettings,
    EngineStatus,
    LinearModel,
    Numbers,
    product_sum,
)
from optimizer.problem import StageName
from optimizer.solving.limits import ShouldStop
from optimizer.solving.margins import Margins, margins_of
from optimizer.solving.search import Search
from optimizer.solving.submodel import submodel

CORE_CANDIDATES = 300
FIRST_SIZE = 50
LEAST_SIZE = 12
SECONDS_EACH = 1.0
QUICK_SHARE, SLOW_SHARE = 0.3, 0.6
NODES_EACH = 2000
GAP_EACH = 2e-5
MOST_FRUITLESS = 25
MARGIN_SOFTENING = 1e-5
"""Share of the bound added to each margin before sampling, so that candidates at 0 do not crowd out all."""
LOSS_BASE_SHARE = 0.05
REGRET_SHARE = 0.3
AUDITED_AT_ONCE = 1000
"""Up to so many candidates every better plan is audited at once; beyond, only the last of a search."""

IsGoodEnough = Callable[[float], bool]


class Neighbourhoods:
    """Searches around the best plan of one stage."""

    def __init__(self, search: Search, stage: StageName, relaxed: EngineAnswer) -> None:
        """Prepare the margins.

        Args:
            search: the model, with the plan to be improved if there is one.
            stage: whose objective is improved.
            relaxed: relaxation of that stage, with prices.
        """
        self._search = search
        self._stage = stage
        self._margins: Margins = margins_of(search, relaxed)
        self._model: LinearModel = search.whole_model(stage)
        self._rows = np.repeat(np.arange(len(self._model.row_names)), np.diff(self._model.starts))
        duals = relaxed.row_duals if relaxed.row_duals is not None else np.zeros(0)
        self._prices = np.zeros(len(self._model.row_names))
        self._prices[: len(duals)] = np.abs(duals)
        self._draw = Random(search.limits.seed)  # noqa: S311  a stated seed, not a secret
        self._softening = MARGIN_SOFTENING * max(1.0, abs(relaxed.objective or 0.0))
        self._relaxed_values = relaxed.values

    def search_core(self, seconds: float, width: int = CORE_CANDIDATES) -> bool:
        """Decide the candidates nearest the margin, the others as the relaxation has them.

        A core in which nothing fits is doubled. Returns whether a plan passed the gate.
        """
        ends = perf_counter() + seconds
        order = np.argsort(self._margins.margins, kind="stable")
        while self._relaxed_values is not None and perf_counter() < ends:
            is_free = np.zeros(len(order), bool)
            is_free[order[:width]] = True
            answer = self._decide(
                is_free, np.round(self._relaxed_values), ends - perf_counter(), 5 * GAP_EACH
            )
            if answer is not None:
                return self._offer(answer)
            if width >= len(order):
                return False
            width *= 2
        return False

    def improve(self, seconds: float, is_enough: IsGoodEnough, should_stop: ShouldStop | None = None) -> None:
        """Improve the best plan until time is over, it is good enough, or nothing better turns up."""
        ends = perf_counter() + seconds
        size, fruitless = FIRST_SIZE, 0
        values = self._best_values()
        is_small = len(self._margins.places) <= AUDITED_AT_ONCE
        waiting: Numbers | None = None
        while values is not None and fruitless < MOST_FRUITLESS and perf_counter() < ends:
            is_over = should_stop is not None and should_stop()
            if is_over or is_enough(self._worth(values)):
                break
            began = perf_counter()
            is_free = self._sample(size, values)
            found = self._decide(is_free, values, min(SECONDS_EACH, ends - began), GAP_EACH)
            size = self._next_size(size, (perf_counter() - began) / SECONDS_EACH)
            if (
                found is None
                or product_sum(self._model.costs, found) <= product_sum(self._model.costs, values) + 1e-9
            ):
                fruitless += 1
                continue
            fruitless, values = 0, found
            if is_small and not self._offer(found):
                values = self._best_values()
            waiting = None if is_small else found
        if waiting is not None:
            self._offer(waiting)

    def _worth(self, values: Numbers) -> float:
        return product_sum(self._model.costs, values)

    def _next_size(self, size: int, taken: float) -> int:
        """Free more where the engine is quick, fewer where it is slow."""
        if taken < QUICK_SHARE:
            size = size * 6 // 5 + 1
        elif taken > SLOW_SHARE:
            size = size * 9 // 10
        return max(LEAST_SIZE, min(size, len(self._margins.places)))

    def _sample(self, size: int, values: Numbers) -> NDArray[np.bool_]:
        """Draw candidates, more often those near the margin and those whose rows leave dear money unused."""
        used = np.bincount(
            self._rows, weights=self._model.values * values[self._model.indices], minlength=len(self._prices)
        )
        slack = np.minimum(self._model.row_upper - used, used - self._model.row_lower)
        lost = self._prices * np.where(np.isfinite(slack), np.maximum(slack, 0.0), 0.0)
        touched = np.bincount(
            self._model.indices, weights=lost[self._rows], minlength=len(self._model.costs)
        )[self._margins.columns]
        loss = np.zeros(len(self._margins.places))
        np.maximum.at(loss, self._margins.owners, touched)
        loss += LOSS_BASE_SHARE * max(float(loss.max()), 1e-12)
        by_margin = loss / (self._softening + self._margins.margins)
        # Those that stand below their best choice are asked again, but never only among themselves.
        regrets = self._margins.regrets(values)
        by_regret = np.where(regrets > self._softening, regrets, 0.0)
        is_free = np.zeros(len(loss), bool)
        self._draw_into(is_free, by_regret, int(size * REGRET_SHARE))
        self._draw_into(is_free, np.where(is_free, 0.0, by_margin), size - int(is_free.sum()))
        return is_free

    def _draw_into(self, is_free: NDArray[np.bool_], weights: Numbers, count: int) -> None:
        """Free up to so many candidates of positive weight, drawn without replacement."""
        places = np.flatnonzero(weights > 0)
        chances = np.array([self._draw.random() for _ in places])
        order = np.argsort(-np.log(chances) / weights[places], kind="stable")
        is_free[places[order[:count]]] = True

    def _decide(
        self, is_free: NDArray[np.bool_], values: Numbers, seconds: float, gap_share: float
    ) -> Numbers | None:
        """Return the best point in which only the free candidates may change; None = none found."""
        lower, upper = self._model.lower.copy(), self._model.upper.copy()
        kept = self._margins.columns[~is_free[self._margins.owners]]
        lower[kept] = upper[kept] = np.round(values[kept])
        part = submodel(self._model, lower, upper)
        limits = self._search.limits
        settings = EngineSettings(
            max(seconds, 0.05), gap_share, limits.threads, limits.seed, most_nodes=NODES_EACH
        )
        start = {
            place: float(round(values[column]))
            for place, column in enumerate(part.columns.tolist())
            if part.model.is_integer[place]
        }
        answer = self._search.engine.load(part.model).solve(settings, start)
        if answer.values is None or answer.status is EngineStatus.INFEASIBLE:
            return None
        return part.whole_values(answer.values)

    def _offer(self, values: Numbers) -> bool:
        """Let the gate judge a point; the cuts that refuse it join the model."""
        cuts = self._search.take(self._stage, values)
        for cut in cuts:
            self._search.add_cut(cut)
        if cuts:
            self._model = self._search.whole_model(self._stage)
        return not cuts

    def _best_values(self) -> Numbers | None:
        """Return the best plan as a point of the whole model; the counting columns follow from it."""
        start = self._search.start()
        if start is None:
            return None
        lower, upper = self._model.lower.copy(), self._model.upper.copy()
        for column, value in start.items():
            lower[column] = upper[column] = value
        part = submodel(self._model, lower, upper)
        answer = self._search.engine.load(replace(part.model)).solve(EngineSettings(10.0, 0.0))
        return None if answer.values is None else part.whole_values(answer.values)
