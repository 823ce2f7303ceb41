"""What a goal found: a table of what was measured, and each promise kept or missed, by how much.

A goal is a ratio "more is better": how many times less a peer's CPU seconds we need, or how many times
what is allowed would still fit. Nothing is rounded in our favour: the ratio is judged before it is written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """One promise and what came of it.

    Attributes:
        words: what is promised, against whom, at which size.
        measured: the measured ratio, share or count.
        goal: where the promise is kept.
        is_least: True = measured must be at least the goal, False = at most.
        unit: written behind both figures.
    """

    words: str
    measured: float
    goal: float
    is_least: bool
    unit: str = "×"

    @property
    def is_reached(self) -> bool:
        """Whether the promise is kept."""
        return self.measured >= self.goal if self.is_least else self.measured <= self.goal

    @property
    def missed_percent(self) -> float:
        """By how many per cent of the goal it is missed; 0 = reached."""
        if self.is_reached:
            return 0.0
        return 100.0 * abs(self.measured - self.goal) / self.goal if self.goal else float("inf")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: who, at which size, how many CPU seconds, and what they got for them."""

    who: str
    projects: int
    cpu_seconds: float
    got: str = ""


@dataclass(slots=True)
class Finding:
    """What one goal found.

    Attributes:
        number: as in the table of goals.
        title: the goal in one line.
        rows: everything measured.
        verdicts: every promise that could be judged.
        remarks: what was not judged and why, and which peers failed or claimed what is not true.
    """

    number: int
    title: str
    rows: list[Row] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def measured(self, who: str, projects: int, seconds: float, got: str = "") -> None:
        """Write down one measurement."""
        self.rows.append(Row(who, projects, seconds, got))

    def at_least(self, words: str, measured: float, goal: float, unit: str = "×") -> None:
        """Judge a promise of "at least"."""
        self.verdicts.append(Verdict(words, measured, goal, True, unit))

    def at_most(self, words: str, measured: float, goal: float, unit: str = "×") -> None:
        """Judge a promise of "at most"."""
        self.verdicts.append(Verdict(words, measured, goal, False, unit))

    def remark(self, words: str) -> None:
        """Say what the figures do not."""
        if words not in self.remarks:
            self.remarks.append(words)

    def data(self) -> Mapping[str, Any]:
        """Return the finding as JSON data."""
        told = [
            {
                **asdict(item),
                "measured": _finite(item.measured),
                "reached": item.is_reached,
                "missed_percent": _finite(item.missed_percent),
            }
            for item in self.verdicts
        ]
        return {**asdict(self), "verdicts": told}


def _finite(number: float) -> float | None:
    """Return a number as JSON knows it; None where there is none."""
    return number if math.isfinite(number) else None
