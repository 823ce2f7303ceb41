"""A whole amount cut by exact shares: every share in whole đồng, the sum exact, nothing lost by rounding.

The largest-remainder rule (Hamilton): everyone first gets his exact quota rounded down; the đồng that are
left go one each to the largest fractions, ties to the smaller code.

What is true of it, and tested:
- the sum is the amount, and nobody is a whole đồng away from his quota (the quota rule), so someone whose
  quota lies between two whole bounds stays between them;
- a weight of zero gets nothing; equal weights differ by one đồng at most;
- the order of the input and a common factor of the weights change nothing;
- whose quota rises while no other quota rises does not lose a đồng. So a weight that grows alone never
  costs its owner anything.

What is not true: when the amount itself grows, or several weights change, someone may lose one đồng
(the Alabama and population paradoxes). No rule is free of the second and keeps every quota (Balinski and
Young); at one đồng we keep the quota.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor


def apportion_vnd(amount_vnd: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Return an amount cut in proportion to weights, in whole đồng that sum to it.

    quota_a = amount x weight_a / sum of weights, then the largest-remainder rule.

    Args:
        amount_vnd: what is cut, not negative.
        weights: exact weights by code, none negative.
    Returns:
        đồng by code, sorted by code.
    Raises:
        ValueError: a negative amount or weight, or an amount and nobody with a weight.
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight is negative")
    sum_of_weights = sum(weights.values(), Fraction(0))
    if amount_vnd and not sum_of_weights:
        raise ValueError("nobody has a weight")
    if not sum_of_weights:
        return dict.fromkeys(sorted(weights), 0)
    return round_to_total(
        {code: amount_vnd * weight / sum_of_weights for code, weight in weights.items()}, amount_vnd
    )


def round_to_total(quotas_vnd: Mapping[str, Fraction], amount_vnd: int) -> dict[str, int]:
    """Return quotas in whole đồng with the same sum, each rounded down or up, largest fractions up.

    Args:
        quotas_vnd: exact quotas by code, none negative, summing to the amount.
        amount_vnd: their sum.
    Returns:
        đồng by code, sorted by code.
    Raises:
        ValueError: the quotas do not sum to the amount, or one is negative.
    """
    if any(quota < 0 for quota in quotas_vnd.values()):
        raise ValueError("a quota is negative")
    if sum(quotas_vnd.values(), Fraction(0)) != amount_vnd:
        raise ValueError("the quotas do not sum to the amount")
    rounded = {code: floor(quota) for code, quota in sorted(quotas_vnd.items())}
    left = amount_vnd - sum(rounded.values())
    by_fraction = sorted(rounded, key=lambda code: (rounded[code] - quotas_vnd[code], code))
    for code in by_fraction[:left]:
        rounded[code] += 1
    return rounded
