"""Numbers as Vietnamese readers expect them: dots between thousands, a comma before decimals."""

from __future__ import annotations

from fractions import Fraction

MOST_TOLD = 10**30
"""Figures beyond are not spelled out; only a forged file holds one."""


def amount_words(amount_vnd: int) -> str:
    """Return an amount as text, for instance 1.250.000 đồng."""
    return f"{amount_vnd:,}".replace(",", ".") + " đồng"


def number_words(value: Fraction, places: int = 3) -> str:
    """Return a number with at most the given decimal places, trailing zeros removed; no digit is guessed."""
    if abs(value) > MOST_TOLD:
        return "quá 10^30" if value > 0 else "dưới -10^30"
    scaled = round(value * 10**places)
    units, rest = divmod(abs(scaled), 10**places)
    whole = f"{'-' if scaled < 0 else ''}{units:,}".replace(",", ".")
    decimals = f"{rest:0{places}d}".rstrip("0") if places else ""
    return f"{whole},{decimals}" if decimals else whole


def points_words(points: Fraction) -> str:
    """Return points with at most four decimals, for instance 0,0314 điểm."""
    if points != 0 and abs(points) < Fraction(1, 20_000):
        return "dưới 0,0001 điểm"
    return f"{number_words(points, 4)} điểm"


def list_words(names: list[str] | tuple[str, ...]) -> str:
    """Return names joined as in a sentence: a, b và c."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} và {names[-1]}"
