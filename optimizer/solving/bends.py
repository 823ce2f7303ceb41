"""One column per way in which a rule may bend, and the rows it eases."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.attainment import ONE_TIME_KINDS, baseline_count
from optimizer.engines.interface import LinearModel
from optimizer.formulation.draft import Draft
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    GroupLink,
    GroupRule,
    OutputKind,
    Requires,
    allowed_level_ids,
)
from optimizer.repair import MONEY_CHANGES, ChangeKind
from optimizer.repair_price import Way, charge_of, unit_prices
from optimizer.rule_book import ceiling_rule_id, link_rule_id
from optimizer.spending import source_groups

UNTOUCHABLE_PRICE = Fraction(100)
"""Only for finding which rules stand against each other; no repair pays it."""
NewRow = tuple[str, Mapping[int, float], float, float]
"""Name, terms by column, lower and upper side."""
Entry = tuple[int, float]
"""Row and coefficient."""


@dataclass(frozen=True, slots=True)
class Bend:
    """One column: a rule eased.

    Attributes:
        kind: how the rule is moved; None = a refused candidate brought back, which no repair does.
        entries: the rows it eases.
        upper: largest value of the column: what no choice can need more of.
        price: per unit of the column: a quantum of money, a count, a level, or the rule dropped.
        charge: price of moving the rule at all.
    """

    rule_id: str
    kind: ChangeKind | None
    entries: tuple[Entry, ...]
    upper: float
    is_whole: bool
    price: Fraction
    charge: Fraction = Fraction(0)

    @property
    def is_money(self) -> bool:
        """True when the column counts quanta of money."""
        return self.kind in MONEY_CHANGES


def bends_of(problem: AllocationProblem, draft: Draft, base: LinearModel) -> tuple[list[Bend], list[NewRow]]:
    """Return the bends of every hard rule, and the rows that the plain model does not have.

    Args:
        problem: the question, floors fixed.
        draft: its loosened model: every level may be chosen.
        base: the compiled draft.
    """
    writer = _BendWriter(problem, draft, base)
    writer.write()
    return writer.bends, writer.new_rows


class _BendWriter:
    def __init__(self, problem: AllocationProblem, draft: Draft, base: LinearModel) -> None:
        self._problem = problem
        self._draft = draft
        self._rows = {name: place for place, name in enumerate(base.row_names)}
        self._columns = {name: place for place, name in enumerate(base.column_names)}
        self._prices = unit_prices(problem)
        self._lacking = _largest_lacks(draft)
        self.bends: list[Bend] = []
        self.new_rows: list[NewRow] = []

    def write(self) -> None:
        """Write all families."""
        self._write_ceilings()
        self._write_limits()
        self._write_minimums()
        self._write_links()
        for place, loose in enumerate(self._draft.problem.candidates):
            candidate = next(item for item in self._problem.candidates if item.id == loose.id)
            if candidate.state is not CandidateState.OPEN:
                self._write_state(place, candidate)

    def _add(self, way: Way, entries: list[Entry], upper: float, *, is_whole: bool) -> None:
        rule_id, kind = way
        unit = self._draft.quantum_vnd if kind in MONEY_CHANGES else 1
        price, charge = self._prices[way] * unit, charge_of(kind)
        if upper > 0:
            self.bends.append(Bend(rule_id, kind, tuple(entries), upper, is_whole, price, charge))

    def _money_lack(self, *names: str) -> float:
        """Most quanta by which any choice can break some rows of money."""
        return float(max(-(-self._lacking.get(name, 0) // self._draft.quantum_vnd) for name in names))

    def _new_row(self, name: str, terms: Mapping[int, float], lower: float, upper: float) -> int:
        self.new_rows.append((name, terms, lower, upper))
        return len(self._rows) + len(self.new_rows) - 1

    def _write_ceilings(self) -> None:
        """A raised source eases every group that it is in or may give to."""
        sources = self._draft.problem.sources
        groups = list(enumerate(source_groups(sources)))
        for source in sources:
            for year in sorted(source.ceiling_vnd) if not source.is_uncapped else ():
                names = [
                    f"ceiling_{number}_{year}"
                    for number, group in groups
                    if f"ceiling_{number}_{year}" in self._rows
                    and (source.id in group or set(source.transfers_to_ids) & set(group))
                ]
                if names:
                    way = (ceiling_rule_id(source.id, year), ChangeKind.RAISE_CEILING)
                    entries = [(self._rows[name], -1.0) for name in names]
                    self._add(way, entries, self._money_lack(*names), is_whole=False)

    def _write_limits(self) -> None:
        for number, limit in enumerate(self._draft.problem.limits):
            for name, sign, way in (
                (f"cap_{number}", -1.0, (f"cap:{limit.id}", ChangeKind.RAISE_CAP)),
                (f"floor_{number}", 1.0, (f"floor:{limit.id}", ChangeKind.LOWER_FLOOR)),
            ):
                if name in self._rows:
                    self._add(way, [(self._rows[name], sign)], self._money_lack(name), is_whole=False)

    def _write_minimums(self) -> None:
        for number, output in enumerate(self._draft.problem.outputs):
            missing = (output.at_least or Fraction(0)) - baseline_count(output)
            way = (f"minimum:{output.id}", ChangeKind.LOWER_MINIMUM)
            row = self._rows.get(f"minimum_{number}")
            if row is None and output.kind is OutputKind.OUTCOME:
                row = self._new_row(f"minimum_{number}", {}, float(missing), math.inf)
            if row is None:
                continue  # done already today
            if output.kind in ONE_TIME_KINDS:
                self._add(way, [(row, 1.0)], float(output.at_least or 0), is_whole=False)
            else:
                self._add(way, [(row, 1.0)], float(missing), is_whole=False)

    def _write_links(self) -> None:
        entries: dict[Way, list[Entry]] = {}
        tops: dict[Way, float] = {}
        for number, link in enumerate(self._draft.problem.links):
            for way, entry, top in self._link_bends(number, link):
                entries.setdefault(way, []).append(entry)
                tops[way] = max(tops.get(way, 0.0), top)
        for way, rows in entries.items():
            self._add(way, rows, tops[way], is_whole=True)

    def _link_bends(self, number: int, link: Requires | GroupLink) -> Iterator[tuple[Way, Entry, float]]:
        rule_id = link_rule_id(link)
        if isinstance(link, Requires):
            way = (rule_id, ChangeKind.DROP_REQUIREMENT)
            yield way, (self._rows[f"requires_{number}"], -1.0), 1.0
            return
        if link.rule is GroupRule.AT_LEAST:
            way = (rule_id, ChangeKind.LOWER_COUNT)
            yield way, (self._rows[f"least_{number}"], 1.0), float(link.count)
            return
        others = float(len(link.candidate_ids) - 1)
        yield (rule_id, ChangeKind.ALLOW_SEVERAL), (self._rows[f"most_{number}"], -others), 1.0
        if link.rule is GroupRule.EXACTLY_ONE:
            yield (rule_id, ChangeKind.ALLOW_NONE), (self._rows[f"least_{number}"], 1.0), 1.0

    def _write_state(self, place: int, candidate: Candidate) -> None:
        rule_id = f"state:{candidate.id}"
        columns = [
            self._columns[self._draft.fund[place, position].name] for position in range(len(candidate.levels))
        ]
        if candidate.state is CandidateState.BARRED:
            row = self._new_row(f"barred_{place}", dict.fromkeys(columns, 1.0), -math.inf, 0.0)
            self.bends.append(Bend(rule_id, None, ((row, -1.0),), 1.0, True, UNTOUCHABLE_PRICE))
            return
        released = [(self._new_row(f"must_{place}", dict.fromkeys(columns, 1.0), 1.0, math.inf), 1.0)]
        steps = level_steps(candidate)
        most = max(steps)
        if most:
            terms = {column: float(count) for column, count in zip(columns, steps, strict=True) if count}
            row = self._new_row(f"agreed_{place}", terms, -math.inf, 0.0)
            released.append((row, -float(most)))
            self._add((rule_id, ChangeKind.CHANGE_LEVEL), [(row, -1.0)], float(most), is_whole=True)
        self._add((rule_id, ChangeKind.RELEASE), released, 1.0, is_whole=True)


def _largest_lacks(draft: Draft) -> dict[str, int]:
    """Return, for every row of money, the most đồng by which any choice can break it."""
    lacks = {}
    for row in draft.exact_rows:
        best: dict[int, int | Fraction] = {}
        for (place, _), amount in row.amounts.items():
            best[place] = max(best.get(place, 0), amount)
        lacks[row.name] = int(row.edge if row.is_floor else sum(best.values()) - row.edge)
    return lacks


def level_steps(candidate: Candidate) -> list[int]:
    """Return how many levels each level lies away from the nearest one that the state allows."""
    ids = [level.id for level in candidate.levels]
    allowed = [ids.index(level_id) for level_id in allowed_level_ids(candidate)]
    return [min(abs(place - there) for there in allowed) for place in range(len(ids))]
