"""The money rows of a compiled model when candidates become dearer: arrays are edited, nothing is rewritten.

For every entry of a money row the amounts it is made of are remembered. A draw grows each amount in whole
đồng, adds them up again and divides by the quantum. The division is rounded to the safe side (ceilings
down, floors up, by one step of floating point), so the relaxation never loses a plan that keeps the đồng.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.draws import MILLION, Draw
from optimizer.engines.interface import LinearModel
from optimizer.formulation.draft import Draft
from optimizer.problem import CandidateState, FundingLevel, Limit
from optimizer.spending import scope_source_ids, source_groups

MONEY_ROW = re.compile(r"(ceiling|cap|floor)_(\d+)(?:_(\d+))?")
LARGEST_AMOUNT = 2**62 // (16 * MILLION)
"""Larger amounts are added up as Python's whole numbers, which have no end."""
Places = NDArray[np.intp]
Amounts = NDArray[Any]
"""Whole đồng: int64 where the sums fit, else Python's whole numbers."""


@dataclass(frozen=True, slots=True)
class _MoneyRow:
    """Which money a row speaks of; no years = every year."""

    row: int
    source_ids: Collection[str]
    years: Collection[int]
    is_floor: bool
    limit: Limit | None


@dataclass(slots=True)
class _Sums:
    """Amounts in columns, the amounts of one sum side by side."""

    amounts: list[int] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    years: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def begin(self) -> None:
        """Begin the next sum."""
        self.starts.append(len(self.amounts))

    def add(self, place: int, level: FundingLevel, money: _MoneyRow) -> None:
        """Add to the current sum what a candidate's level spends inside a row."""
        for source_id in sorted(set(level.cost_vnd) & set(money.source_ids)):
            for year, amount_vnd in sorted(level.cost_vnd[source_id].items()):
                if amount_vnd and (not money.years or year in money.years):
                    self.amounts.append(amount_vnd)
                    self.candidates.append(place)
                    self.years.append(year)

    def close(self) -> bool:
        """Drop the current sum if nothing was added; tell whether it stays."""
        if self.starts[-1] == len(self.amounts):
            self.starts.pop()
            return False
        return True


class DrawnCosts:
    """The money of one model, ready to grow."""

    def __init__(self, draft: Draft, model: LinearModel) -> None:
        """Remember what every entry and floor of a compiled draft is made of.

        Args:
            draft: the draft.
            model: the same draft, compiled.
        """
        self._draft, self._model = draft, model
        self._keys = {variable.name: key for key, variable in draft.fund.items()}
        self._entries: list[int] = []
        self._is_floor: list[bool] = []
        self._floors: list[tuple[int, int]] = []
        sums = _Sums()
        rows = list(_money_rows(draft, model))
        for money in rows:
            self._add_entries(sums, money)
        for money in rows:
            self._add_floor(sums, money)
        is_small = max(sums.amounts, default=0) <= LARGEST_AMOUNT
        self._amounts: Amounts = np.array(sums.amounts, np.int64 if is_small else object)
        self._candidates: Places = np.array(sums.candidates, np.intp)
        self._years = np.array(sums.years, np.int64)
        self._starts: Places = np.array(sums.starts, np.intp)

    def model_in(self, draw: Draw) -> LinearModel:
        """Return the model as it is in a draw of overruns; its weights are those it was compiled with."""
        if not len(self._starts):
            return self._model
        totals = np.add.reduceat(self._grown(draw), self._starts)
        count, q = len(self._entries), self._draft.quantum_vnd
        quotients = np.array(totals[:count] / q, float)
        safe_side = np.where(self._is_floor, np.inf, -np.inf)
        values, row_lower = self._model.values.copy(), self._model.row_lower.copy()
        values[self._entries] = np.nextafter(quotients, safe_side)
        for (row, at_least_vnd), available_vnd in zip(self._floors, totals[count:].tolist(), strict=True):
            row_lower[row] = float(min(at_least_vnd, available_vnd) // q)
        return replace(self._model, values=values, row_lower=row_lower)

    def _grown(self, draw: Draw) -> Amounts:
        """Return every amount after its candidate's overrun, halves of a đồng rounded up."""
        by_place = np.array([draw.overruns_ppm.get(item.id, 0) for item in self._draft.problem.candidates])
        ppm = by_place[self._candidates].astype(self._amounts.dtype)
        if draw.years:
            ppm = np.where(np.isin(self._years, draw.years), ppm, 0)
        grown: Amounts = (self._amounts * (MILLION + ppm) + MILLION // 2) // MILLION
        return grown

    def _add_entries(self, sums: _Sums, money: _MoneyRow) -> None:
        model, candidates = self._model, self._draft.problem.candidates
        for entry in range(int(model.starts[money.row]), int(model.starts[money.row + 1])):
            key = self._keys.get(model.column_names[model.indices[entry]])
            if key is not None:
                sums.begin()
                sums.add(key[0], candidates[key[0]].levels[key[1]], money)
                self._entries.append(entry)
                self._is_floor.append(money.is_floor)

    def _add_floor(self, sums: _Sums, money: _MoneyRow) -> None:
        """A floor counts at most up to the least levels in its scope, which become dearer too."""
        limit = money.limit
        if not money.is_floor or limit is None or limit.at_least_vnd is None:
            return
        sums.begin()
        for candidate in self._draft.scopes().within(limit.scope):
            if candidate.state is not CandidateState.BARRED:
                sums.add(self._draft.positions[candidate.id], candidate.levels[0], money)
        if sums.close():
            self._floors.append((money.row, limit.at_least_vnd))


def _money_rows(draft: Draft, model: LinearModel) -> Iterator[_MoneyRow]:
    problem, groups = draft.problem, source_groups(draft.problem.sources)
    for row, name in enumerate(model.row_names):
        found = MONEY_ROW.fullmatch(name)
        if found is None:
            continue
        kind, number = found[1], int(found[2])
        if kind == "ceiling":
            yield _MoneyRow(row, groups[number], (int(found[3]),), is_floor=False, limit=None)
        else:
            limit = problem.limits[number]
            source_ids = scope_source_ids(problem.sources, limit.scope)
            yield _MoneyRow(row, source_ids, limit.scope.years, is_floor=kind == "floor", limit=limit)
