"""Laws of dividing and multiplying money: parts sum to the whole, a line is rounded once."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.money import LARGEST_STORED, apportion, line_amount_vnd

WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=30).filter(any)
TOTALS = st.integers(-(10**18), 10**18)


@given(TOTALS, WEIGHTS)
def test_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    assert sum(apportion(total, weights)) == total


@given(TOTALS, WEIGHTS)
def test_every_part_is_less_than_one_away_from_its_exact_share(total: int, weights: list[int]) -> None:
    for part, weight in zip(apportion(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight != 0 or part == 0


@given(st.integers(0, 10**15), WEIGHTS)
def test_more_weight_never_gets_less(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)
    ordered = sorted(zip(weights, parts, strict=True))
    for (weight, part), (heavier, larger) in pairwise(ordered):
        assert weight == heavier or part <= larger


@given(st.integers(0, 10**15), WEIGHTS, st.integers(1, 1000))
def test_scaling_all_weights_changes_nothing(total: int, weights: list[int], factor: int) -> None:
    assert apportion(total, weights) == apportion(total, [weight * factor for weight in weights])


def test_ties_are_served_in_order_of_position() -> None:
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(11, [1, 1, 1]) == [4, 4, 3]
    assert apportion(2, [1, 1, 1, 1]) == [1, 1, 0, 0]
    assert apportion(-10, [1, 1, 1]) == [-4, -3, -3]


def test_the_largest_remainder_is_served_first() -> None:
    # Exact shares 3,4 / 1,7 / 4,9: the two missing units go to the third and the second.
    assert apportion(10, [34, 17, 49]) == [3, 2, 5]


def test_nothing_is_divided_where_nothing_carries_weight() -> None:
    assert apportion(0, [0, 0]) == [0, 0]
    assert apportion(0, []) == []
    for weights in ([0, 0], []):
        with pytest.raises(ValueError, match="nothing carries weight"):
            apportion(1, weights)
    with pytest.raises(ValueError, match="below zero"):
        apportion(1, [2, -1])


PRICES = st.integers(0, 10**12)
THOUSANDTHS = st.integers(0, 10**6)


@given(PRICES, THOUSANDTHS, THOUSANDTHS)
def test_a_line_is_the_exact_product_rounded_half_up_once(price: int, frequency: int, quantity: int) -> None:
    exact = Fraction(price) * Fraction(frequency, 1000) * Fraction(quantity, 1000)
    rest = exact - line_amount_vnd(price, frequency, quantity)
    assert Fraction(-1, 2) <= rest < Fraction(1, 2)


@given(PRICES, THOUSANDTHS, THOUSANDTHS)
def test_frequency_and_quantity_may_change_places(price: int, frequency: int, quantity: int) -> None:
    assert line_amount_vnd(price, frequency, quantity) == line_amount_vnd(price, quantity, frequency)


def test_halves_go_up_and_rounding_happens_once() -> None:
    assert line_amount_vnd(1, 500, 1000) == 1
    assert line_amount_vnd(1, 499, 1000) == 0
    # 0,5 x 0,9 is 0,45 and so 0; rounding the first product to 1 would give 1.
    assert line_amount_vnd(1, 500, 900) == 0
    assert line_amount_vnd(150_000, 2_000, 12_500) == 3_750_000


def test_a_line_refuses_factors_below_zero_floats_and_what_no_column_holds() -> None:
    with pytest.raises(ValueError, match="below zero"):
        line_amount_vnd(1, -1000, 1000)
    with pytest.raises(TypeError):
        line_amount_vnd(1, 1.5, 1000)  # type: ignore[arg-type]
    with pytest.raises(OverflowError):
        line_amount_vnd(LARGEST_STORED, 2_000, 1_000)
