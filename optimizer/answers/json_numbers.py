"""Exact numbers as the JSON numbers of answers: whole where they are whole, else the nearest decimal."""

from __future__ import annotations

from fractions import Fraction


def nearest_number(value: Fraction) -> int | float:
    """Return a JSON number; whole numbers stay whole, others become the nearest decimal."""
    return value.numerator if value.denominator == 1 else float(value)


def nearest_or_none(value: Fraction | None) -> int | float | None:
    """Return a JSON number, or None where nothing is known."""
    return None if value is None else nearest_number(value)


def told_seconds(seconds: float) -> float:
    """Return seconds to the microsecond."""
    return round(seconds, 6)
