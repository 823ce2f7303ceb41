"""Largest remainder: exact sums, quotas kept, and the two monotone properties, one true and one not."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.transition.apportion import apportion_vnd, round_to_total

WEIGHTS = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2),
    st.fractions(min_value=0, max_value=50, max_denominator=12),
    min_size=1,
    max_size=7,
).filter(lambda weights: any(weights.values()))
QUICK = settings(max_examples=50, deadline=None)
AMOUNTS = st.integers(0, 10**12) | st.integers(0, 60)


def test_the_parts_left_over_go_to_the_largest_fractions_then_to_the_smaller_code() -> None:
    assert apportion_vnd(10, {"a": Fraction(1), "b": Fraction(1), "c": Fraction(1)}) == {
        "a": 4,
        "b": 3,
        "c": 3,
    }
    assert apportion_vnd(10, {"a": Fraction(15), "b": Fraction(16), "c": Fraction(69)}) == {
        "a": 1,
        "b": 2,
        "c": 7,
    }
    assert apportion_vnd(7, {"a": Fraction(0), "b": Fraction(1, 3), "c": Fraction(0)}) == {
        "a": 0,
        "b": 7,
        "c": 0,
    }
    assert apportion_vnd(0, {"a": Fraction(0)}) == {"a": 0}
    assert apportion_vnd(0, {}) == {}


@QUICK
@given(AMOUNTS, WEIGHTS)
def test_sum_quota_order_and_scale(amount: int, weights: dict[str, Fraction]) -> None:
    parts = apportion_vnd(amount, weights)
    assert sum(parts.values()) == amount
    total = sum(weights.values())
    for code, part in parts.items():
        quota = amount * weights[code] / total
        assert abs(part - quota) < 1
        assert part == quota or quota.denominator != 1
    assert list(parts) == sorted(weights)
    assert parts == apportion_vnd(amount, dict(reversed(weights.items())))
    assert parts == apportion_vnd(amount, {code: weight * Fraction(7, 3) for code, weight in weights.items()})


@QUICK
@given(AMOUNTS, WEIGHTS, st.data())
def test_a_weight_that_grows_alone_never_loses(
    amount: int, weights: dict[str, Fraction], data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from(sorted(weights)))
    more = data.draw(st.fractions(min_value=0, max_value=5, max_denominator=9))
    grown = {**weights, code: weights[code] + more}
    before, after = apportion_vnd(amount, weights), apportion_vnd(amount, grown)
    assert after[code] >= before[code]


@QUICK
@given(st.integers(0, 12), WEIGHTS.filter(lambda weights: len(weights) <= 4))
def test_no_other_whole_parts_lie_closer_to_the_quotas(amount: int, weights: dict[str, Fraction]) -> None:
    """Second way: of all ways to cut the amount, the rule's has the least sum of squares."""
    parts, total = apportion_vnd(amount, weights), sum(weights.values())
    codes = sorted(weights)

    def distance(values: tuple[int, ...]) -> Fraction:
        return sum(
            (
                (value - amount * weights[code] / total) ** 2
                for code, value in zip(codes, values, strict=True)
            ),
            Fraction(0),
        )

    every = (values for values in product(range(amount + 1), repeat=len(codes)) if sum(values) == amount)
    assert distance(tuple(parts[code] for code in codes)) == min(distance(values) for values in every)


def test_a_larger_amount_may_cost_someone_one_dong() -> None:
    """The Alabama paradox, stated in the module: the reason why the page promises nothing about it."""
    weights = {"a": Fraction(6), "b": Fraction(6), "c": Fraction(2)}
    assert apportion_vnd(10, weights)["c"] == 2
    assert apportion_vnd(11, weights)["c"] == 1


def test_what_cannot_be_cut_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody has a weight"):
        apportion_vnd(1, {"a": Fraction(0)})
    with pytest.raises(ValueError, match="weight is negative"):
        apportion_vnd(1, {"a": Fraction(-1), "b": Fraction(2)})
    with pytest.raises(ValueError, match="quota is negative"):
        apportion_vnd(-1, {"a": Fraction(1)})
    with pytest.raises(ValueError, match="do not sum"):
        round_to_total({"a": Fraction(1, 2)}, 1)
