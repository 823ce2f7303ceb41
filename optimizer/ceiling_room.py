"""What is left under the ceilings while levels are taken one after another, in exact đồng.

Standard library only. Asks only the ceilings that a level's money counts in, so that trying hundreds of
levels does not re-add the whole plan each time; every other rule is left to the audit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from optimizer.problem import AllocationProblem, FundingLevel
from optimizer.spending import MoneyPlace, cost_items, group_ceiling_vnd, source_groups


@dataclass(frozen=True, slots=True)
class CeilingExcess:
    """A group of sources and a year that would spend so many đồng above their ceiling."""

    source_ids: tuple[str, ...]
    year: int
    over_vnd: int


class CeilingRoom:
    """Money spent so far under every ceiling."""

    def __init__(self, problem: AllocationProblem, levels: Iterable[FundingLevel] = ()) -> None:
        """Take the levels that are funded already."""
        self._spent: dict[tuple[tuple[str, ...], int], int] = {}
        self._ceilings: dict[tuple[tuple[str, ...], int], int] = {}
        self._groups: dict[MoneyPlace, list[tuple[tuple[str, ...], int]]] = {}
        for group in source_groups(problem.sources):
            for year in problem.years:
                ceiling_vnd = group_ceiling_vnd(problem.sources, group, year)
                if ceiling_vnd is None:
                    continue
                self._ceilings[group, year] = ceiling_vnd
                for source_id in group:
                    self._groups.setdefault((source_id, year), []).append((group, year))
        for level in levels:
            self.take(level)

    def take(self, level: FundingLevel, instead_of: FundingLevel | None = None) -> None:
        """Fund a level, instead of another of the same candidate where one is given."""
        for key, amount_vnd in self._changes(level, instead_of).items():
            self._spent[key] = self._spent.get(key, 0) + amount_vnd

    def excesses(
        self, level: FundingLevel, instead_of: FundingLevel | None = None
    ) -> tuple[CeilingExcess, ...]:
        """Return the ceilings kept so far that funding a level would break."""
        found = []
        for key, amount_vnd in self._changes(level, instead_of).items():
            before = self._spent.get(key, 0) - self._ceilings[key]
            if before <= 0 < before + amount_vnd:
                found.append(CeilingExcess(*key, before + amount_vnd))
        return tuple(sorted(found, key=lambda item: (len(item.source_ids), item.source_ids, item.year)))

    def _changes(
        self, level: FundingLevel, instead_of: FundingLevel | None
    ) -> dict[tuple[tuple[str, ...], int], int]:
        changes: dict[tuple[tuple[str, ...], int], int] = {}
        for sign, item in ((1, level), (-1, instead_of)):
            for place, amount_vnd in cost_items(item) if item is not None else ():
                for key in self._groups.get(place, ()):
                    changes[key] = changes.get(key, 0) + sign * amount_vnd
        return changes
