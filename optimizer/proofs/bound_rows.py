"""The rules that tie candidates together, each as one row "left side <= right side", and the rows' names.

A row adds up amounts of choices (a candidate at a level) and of counting variables (units covered, segments
of a curve, things done). Every plan that keeps the rules has values of the counting variables that keep all
rows and earn the plan's points. Standard library only: an auditor re-adds a bound from these rows.

Row ids: ``ceiling:SOURCES:YEAR``, ``cap:LIMIT``, ``floor:LIMIT``, ``soft``, ``requires:P:Q:LEVEL``,
``most:GROUP``, ``least:GROUP``, ``output:J``, ``unit:J:UNIT:PART``, ``part:J:PART``, ``minimum:J``,
``gate:J``, ``open:J``. Counting variables: ``slack:ROW``, ``segment:J:I``, ``free:J``, and, 0 or 1 in every
plan, ``gate:J``, ``unit:J:UNIT``, ``done:J``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from optimizer.problem import (
    AllocationProblem,
    CandidateState,
    FundingLevel,
    GroupLink,
    Requires,
    allowed_level_ids,
)

WHOLE_COUNTS = ("gate", "unit", "done")
"""Families of counting variables that are 0 or 1 in every plan, never between."""


@dataclass(slots=True)
class Row:
    """One row; the unit of both sides depends on the family.

    Attributes:
        right_side: what the left side may be at most.
        choices: amount by choice number, a whole number of 1/scale.
        counts: amount by counting variable, a whole number of 1/scale.
        scale: 1 for money, links and units; the common denominator where yields or counts are not whole.
    """

    right_side: Fraction
    choices: dict[int, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    scale: int = 1


@dataclass(slots=True)
class RowBook:
    """All rows of a problem, and what they speak of.

    Attributes:
        levels: level by choice number; only choices that a candidate's state allows have a number.
        owners: candidate id by choice number.
        numbers: choice number by candidate id, then level id, from least to most.
        may_be_left_out: ids of the candidates that no state forces into the plan.
        rows: row by id.
        largest: largest value of every counting variable; the least is 0.
        points: points per unit of every counting variable.
    """

    levels: list[FundingLevel] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    may_be_left_out: set[str] = field(default_factory=set)
    rows: dict[str, Row] = field(default_factory=dict)
    largest: dict[str, Fraction] = field(default_factory=dict)
    points: dict[str, Fraction] = field(default_factory=dict)

    def add_count(self, key: str, largest: Fraction, points: Fraction = Fraction(0)) -> None:
        """Add a counting variable between 0 and its largest value."""
        self.largest[key] = largest
        self.points[key] = points


def open_book(problem: AllocationProblem) -> RowBook:
    """Return a book without rows in which every choice has its number."""
    book = RowBook()
    for candidate in problem.candidates:
        allowed = set(allowed_level_ids(candidate))
        numbers = book.numbers[candidate.id] = {}
        for level in candidate.levels:
            if level.id in allowed:
                numbers[level.id] = len(book.levels)
                book.levels.append(level)
                book.owners.append(candidate.id)
        if candidate.state in (CandidateState.OPEN, CandidateState.BARRED):
            book.may_be_left_out.add(candidate.id)
    return book


def choices_row(right_side: Fraction, amounts: Mapping[int, Fraction]) -> Row:
    """Return a row of choices; their amounts become whole numbers over their common denominator."""
    scale = lcm(*(amount.denominator for amount in amounts.values()))
    whole = {number: int(amount * scale) for number, amount in amounts.items() if amount}
    return Row(right_side, whole, {}, scale)


def counts_row(right_side: Fraction, amounts: Mapping[str, Fraction | int]) -> Row:
    """Return a row of counting variables; their amounts become whole numbers over a common denominator."""
    scale = lcm(*(amount.denominator for amount in amounts.values()))
    return Row(right_side, {}, {key: int(amount * scale) for key, amount in amounts.items()}, scale)


def row_name(family: str, *parts: str | int | tuple[str, ...]) -> str:
    """Return the id of a row: family and parts joined by colons, members of a group by plus signs."""
    texts = (part if isinstance(part, tuple) else (str(part),) for part in parts)
    return ":".join([family, *("+".join(_plain(text) for text in sorted(members)) for members in texts)])


def requires_row(link: Requires) -> str:
    """Return the row id of a requirement."""
    return row_name("requires", link.candidate_id, link.needs_id, link.min_level_id or "")


def group_row(side: str, link: GroupLink) -> str:
    """Return the row id of one side ("most" or "least") of a group link."""
    return row_name(side, link.rule.value, link.candidate_ids, link.count if side == "least" else 1)


def _plain(text: str) -> str:
    """Write the two marks that row ids use as percent codes, so that no two rows share an id."""
    return text.replace("%", "%25").replace(":", "%3A").replace("+", "%2B")
