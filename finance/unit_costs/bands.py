"""Bands of unit prices from earlier lines: whole đồng, median and quartiles, with count and spread. Pure.

Lines belong together when they name one norm, or are counted in one unit and their items say the same
in the words that count. Too few lines make no band: three prices are an anecdote.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from finance.vietnamese.fold import fold
from finance.vietnamese.key_words import key_words

Kept = TypeVar("Kept", bound=Sequence["PricedLine"])

LEAST_LINES = 5  # fewer make no band
LEAST_LIKENESS = 60  # per cent of the words two items share to be one thing


@dataclass(frozen=True, slots=True)
class PricedLine:
    """An earlier line with the price the province accepted.

    Attributes:
        is_allocated: money was allocated to its project; else it was only appraised.

    Units:
        `unit_price_vnd` in đồng for one `unit_name`.
    """

    line_id: int
    item_vi: str
    unit_name: str
    year: int
    unit_price_vnd: int
    norm_code: str = ""
    agency_short: str = ""
    round_name: str = ""
    project_name: str = ""
    is_allocated: bool = False
    priced_at: datetime | None = None
    estimate_id: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """What lines of one kind cost.

    Attributes:
        name_vi: the item as it is written most often.
        lines: where the figures come from, cheapest first.
        norm_code: the norm all of them name; empty when they are gathered by item.

    Units:
        All amounts in đồng for one `unit_name`.
    """

    name_vi: str
    unit_name: str
    least_vnd: int
    lower_quartile_vnd: int
    median_vnd: int
    upper_quartile_vnd: int
    most_vnd: int
    lines: tuple[PricedLine, ...]
    norm_code: str = ""

    @property
    def count(self) -> int:
        """How many lines it rests on."""
        return len(self.lines)

    @property
    def years(self) -> tuple[int, ...]:
        """The years the lines are of."""
        return tuple(sorted({line.year for line in self.lines}))

    @property
    def usual_from_vnd(self) -> int:
        """Below this a price is unusual: the lower quartile less one and a half times the spread."""
        return max(0, self.lower_quartile_vnd - self._reach)

    @property
    def usual_to_vnd(self) -> int:
        """Above this a price is unusual: the upper quartile and one and a half times the spread."""
        return self.upper_quartile_vnd + self._reach

    @property
    def _reach(self) -> int:
        """One and a half times the spread of the quartiles, at least a tenth of the median.

        Where everybody paid the same (a norm), a price a little off is not unusual.
        """
        spread = self.upper_quartile_vnd - self.lower_quartile_vnd
        return max(_half_up(3 * spread, 2), _half_up(self.median_vnd, 10))

    def is_usual(self, unit_price_vnd: int) -> bool:
        """True when a price lies where earlier ones did."""
        return self.usual_from_vnd <= unit_price_vnd <= self.usual_to_vnd


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """Earlier lines gathered into kinds, ready to be asked about a line."""

    by_norm: Mapping[str, tuple[PricedLine, ...]] = field(default_factory=dict)
    by_unit: Mapping[str, tuple[tuple[frozenset[str], tuple[PricedLine, ...]], ...]] = field(
        default_factory=dict
    )


def gather_prices(lines: Iterable[PricedLine]) -> PriceHistory:
    """Gather earlier lines: by norm, and by unit and item.

    Items are gathered around the item written most often: every line joins the first kind whose words it
    shares to 60 %, else it begins a kind of its own. The order of the lines makes no difference.
    """
    every = sorted(lines, key=lambda line: (line.year, line.line_id))
    by_norm: dict[str, list[PricedLine]] = defaultdict(list)
    by_item: dict[tuple[str, frozenset[str]], list[PricedLine]] = defaultdict(list)
    for line in every:
        if line.norm_code:
            by_norm[line.norm_code].append(line)
        by_item[_unit(line.unit_name), item_words(line.item_vi)].append(line)
    kinds: dict[str, list[tuple[frozenset[str], list[PricedLine]]]] = defaultdict(list)
    most_first = sorted(by_item.items(), key=lambda item: (-len(item[1]), sorted(item[0][1])))
    for (unit, words), same in most_first:
        home = _nearest(words, kinds[unit])
        if home is None:
            kinds[unit].append((words, list(same)))
        else:
            home.extend(same)
    return PriceHistory(
        {code: tuple(same) for code, same in by_norm.items()},
        {unit: tuple((words, tuple(same)) for words, same in found) for unit, found in kinds.items()},
    )


def band_for(
    item_vi: str,
    unit_name: str,
    norm_code: str,
    history: PriceHistory,
    *,
    before_year: int | None = None,
    without_estimate: int | None = None,
    least_lines: int = LEAST_LINES,
) -> Band | None:
    """What lines like this one cost before; None when there are too few.

    Args:
        item_vi: item of the line.
        unit_name: its unit.
        norm_code: the norm it names, empty for none: lines of one norm are one kind.
        history: earlier lines, gathered.
        before_year: only lines of earlier years; None for all.
        without_estimate: leaves this estimate's own lines out: nothing is compared with itself.
        least_lines: how many lines make a band.
    """
    named = history.by_norm.get(norm_code, ()) if norm_code else ()
    lines = _counted(named, before_year, without_estimate)
    if len(lines) < least_lines:
        alike = _nearest(item_words(item_vi), history.by_unit.get(_unit(unit_name), ()))
        lines = _counted(alike or (), before_year, without_estimate)
    return make_band(lines) if len(lines) >= least_lines else None


def list_bands(history: PriceHistory, *, least_lines: int = LEAST_LINES) -> list[Band]:
    """Every band that rests on enough lines, in the order of their names without marks.

    Lines of one norm make one band; by item only those are shown that no norm gathers already.
    """
    by_norm = {code: lines for code, lines in history.by_norm.items() if len(lines) >= least_lines}
    bands = [make_band(lines) for lines in by_norm.values()]
    bands += [
        make_band(lines)
        for kinds in history.by_unit.values()
        for _words, lines in kinds
        if len(lines) >= least_lines and not {line.norm_code for line in lines} <= by_norm.keys()
    ]
    return sorted(bands, key=lambda band: (fold(band.name_vi), band.unit_name))


def make_band(lines: Sequence[PricedLine]) -> Band:
    """The band of these lines (at least one)."""
    ordered = tuple(sorted(lines, key=lambda line: (line.unit_price_vnd, line.line_id)))
    prices = [line.unit_price_vnd for line in ordered]
    names = Counter(line.item_vi for line in ordered)
    norms = {line.norm_code for line in ordered}
    return Band(
        norm_code=norms.pop() if len(norms) == 1 else "",
        name_vi=min(names, key=lambda name: (-names[name], name)),
        unit_name=ordered[0].unit_name,
        least_vnd=prices[0],
        lower_quartile_vnd=quantile_vnd(prices, 1, 4),
        median_vnd=quantile_vnd(prices, 1, 2),
        upper_quartile_vnd=quantile_vnd(prices, 3, 4),
        most_vnd=prices[-1],
        lines=ordered,
    )


def quantile_vnd(ordered: Sequence[int], numerator: int, denominator: int) -> int:
    """The value below which that part of the ordered values lies, between neighbours, whole đồng.

    Between two neighbours the value is taken in proportion and rounded half up (as spreadsheets do with
    QUARTILE.INC, but in whole numbers throughout).
    """
    place, rest = divmod((len(ordered) - 1) * numerator, denominator)
    if not rest:
        return ordered[place]
    step = ordered[place + 1] - ordered[place]
    return ordered[place] + _half_up(step * rest, denominator)


@lru_cache(maxsize=50_000)
def item_words(item_vi: str) -> frozenset[str]:
    """The words of an item that count."""
    return frozenset(key_words(item_vi))


def _half_up(amount: int, parts: int) -> int:
    """A part of an amount not below 0, rounded half up."""
    return (2 * amount + parts) // (2 * parts)


def _unit(unit_name: str) -> str:
    return fold(unit_name)


def _counted(
    lines: Iterable[PricedLine], before_year: int | None, without_estimate: int | None
) -> list[PricedLine]:
    return [
        line
        for line in lines
        if (before_year is None or line.year < before_year) and line.estimate_id != (without_estimate or -1)
    ]


def _nearest(words: frozenset[str], kinds: Iterable[tuple[frozenset[str], Kept]]) -> Kept | None:
    """The lines of the kind whose words are most like these; None when none is like enough."""
    best: Kept | None = None
    best_shared = LEAST_LIKENESS - 1
    for known, lines in kinds:
        every = len(words | known)
        shared = 100 * len(words & known) // every if every else 0
        if shared > best_shared:
            best, best_shared = lines, shared
    return best
