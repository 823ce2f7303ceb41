"""Wilson's interval of a share seen in draws, in exact arithmetic, rounded outwards.

    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)

n draws, p the share seen, z the normal deviate of the confidence. It stays inside [0, 1] and is sound for
shares near 0 and 1, where the plain interval is not. Source: E. B. Wilson, "Probable inference, the law of
succession, and statistical inference", 1927. When the draws give parts of a success between 0 and 1, their
spread is no larger than that of whole successes with the same mean, so the interval is wide enough.
"""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

Z_95 = Fraction("1.959963984540054")
"""Two-sided 95 %."""
UNITS = 10**6
ROOT_UNITS = 10**20


def wilson_interval(seen: Fraction | int, draws: int, z: Fraction = Z_95) -> tuple[Fraction, Fraction]:
    """Return the interval in which the true share lies with the confidence of z.

    Args:
        seen: successes, between 0 and draws; parts of a success are allowed.
        draws: number of draws, at least 1.
        z: normal deviate, above 0.
    Returns:
        (low, high) in whole millionths, low rounded down and high rounded up.
    Raises:
        ValueError: no draws, or more successes than draws.
    """
    if draws < 1 or not 0 <= seen <= draws:
        raise ValueError(f"{seen} of {draws} draws is no share")
    share, square = Fraction(seen) / draws, z * z
    middle = share + square / (2 * draws)
    inside = share * (1 - share) / draws + square / (4 * draws * draws)
    reach = z * _root_upwards(inside)
    width = 1 + square / draws
    low, high = (middle - reach) / width, (middle + reach) / width
    if seen == 0:
        low = Fraction(0)
    if seen == draws:
        high = Fraction(1)
    return (
        max(Fraction(0), Fraction((low * UNITS).__floor__(), UNITS)),
        min(Fraction(1), Fraction((high * UNITS).__ceil__(), UNITS)),
    )


def _root_upwards(value: Fraction) -> Fraction:
    """Return a number not below the square root and above it by less than 2 / ROOT_UNITS."""
    return Fraction(isqrt(value.numerator * ROOT_UNITS**2 // value.denominator) + 1, ROOT_UNITS)
