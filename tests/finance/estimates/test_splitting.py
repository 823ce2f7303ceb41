"""A divided line adds up: every level, every price, every frequency, to the đồng."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.estimates.draft import LineDraft
from finance.estimates.levels import LevelCode
from finance.estimates.splitting import (
    Share,
    are_percentages_whole,
    equal_shares,
    split_over_sources,
    split_over_years,
    split_project,
    split_quantities,
)
from finance.estimates.totals import draft_level_total, draft_line_amount
from tests.builders import a_line, a_project_of_levels

QUANTITIES = st.lists(st.integers(0, 9_999_999), min_size=1, max_size=4).map(tuple)
LINES = st.builds(
    lambda price, often, quantities: a_line(
        unit_price_vnd=price, frequency_thousandths=often, quantities=quantities
    ),
    st.integers(0, 10**11),
    st.integers(1, 99_999),
    QUANTITIES,
)
WEIGHTS = st.lists(st.integers(0, 100_000), min_size=1, max_size=6).filter(any)


def amounts(line: LineDraft) -> list[int]:
    return [draft_line_amount(line, level) for level in range(1, len(line.quantities) + 1)]


@given(LINES, WEIGHTS, st.booleans())
def test_quantities_and_amounts_add_up_in_every_level(
    line: LineDraft, weights: list[int], in_whole_units: bool
) -> None:
    parts = split_quantities(line, weights, in_whole_units=in_whole_units)
    assert tuple(map(sum, zip(*parts, strict=True))) == line.quantities
    costs = [amounts(replace(line, quantities=part)) for part in parts]
    assert [sum(cost) for cost in zip(*costs, strict=True)] == amounts(line)
    assert all(quantity >= 0 for part in parts for quantity in part)


@given(LINES, WEIGHTS, st.booleans())
def test_where_levels_rise_every_part_rises(
    line: LineDraft, weights: list[int], in_whole_units: bool
) -> None:
    rising = replace(line, quantities=tuple(sorted(line.quantities)))
    # Prices in whole thousands cut into thousandths of a unit: nothing is left over to go to one part.
    rising = replace(rising, unit_price_vnd=line.unit_price_vnd // 1000 * 1000, frequency_thousandths=1000)
    if in_whole_units:
        rising = replace(rising, quantities=tuple(q // 1000 * 1000 for q in rising.quantities))
    for part in split_quantities(rising, weights, in_whole_units=in_whole_units):
        assert list(part) == sorted(part)


@given(LINES, WEIGHTS)
def test_whole_units_stay_whole(line: LineDraft, weights: list[int]) -> None:
    whole = replace(line, quantities=tuple(q // 1000 * 1000 for q in line.quantities))
    parts = split_quantities(whole, weights, in_whole_units=True)
    assert all(quantity % 1000 == 0 for part in parts for quantity in part)


def test_ten_units_over_three_years_by_percentages() -> None:
    shares = (Share(2012, 33_300), Share(2013, 33_300), Share(2014, 33_400))
    assert are_percentages_whole(shares)
    parts = split_over_years(a_line(quantities=(10_000,)), shares, in_whole_units=False)
    assert [(part.year, part.quantities) for part in parts] == [
        (2012, (3_330,)),
        (2013, (3_330,)),
        (2014, (3_340,)),
    ]
    whole = split_over_years(a_line(quantities=(10_000,)), shares, in_whole_units=True)
    assert [(part.year, part.quantities) for part in whole] == [
        (2012, (3_000,)),
        (2013, (3_000,)),
        (2014, (4_000,)),
    ]


def test_a_year_that_gets_nothing_has_no_line() -> None:
    one = a_line(quantities=(1_000,))
    parts = split_over_years(one, equal_shares((2012, 2013)), in_whole_units=True)
    assert [(part.year, part.quantities) for part in parts] == [(2012, (1_000,))]


def test_a_line_without_quantities_yet_is_not_lost() -> None:
    empty = a_line(quantities=(0,), note="chờ báo giá")
    assert split_over_years(empty, equal_shares((2012, 2013)), in_whole_units=False) == [empty]
    assert split_over_sources(empty, [("NST_TX", 1), ("NS_HUYEN", 1)], in_whole_units=False) == [empty]


def test_a_price_that_divides_badly_still_adds_up() -> None:
    odd = a_line(unit_price_vnd=33_333, frequency_thousandths=1_333, quantities=(7_777, 12_345))
    parts = split_over_years(odd, equal_shares((2012, 2013, 2014)), in_whole_units=False)
    assert [sum(costs) for costs in zip(*map(amounts, parts), strict=True)] == amounts(odd)


def test_by_sources() -> None:
    parts = split_over_sources(
        a_line(quantities=(10_000,)), [("NST_TX", 70), ("NS_HUYEN", 30)], in_whole_units=False
    )
    assert [(part.source_code, part.quantities) for part in parts] == [
        ("NST_TX", (7_000,)),
        ("NS_HUYEN", (3_000,)),
    ]


def test_a_project_costs_the_same_in_every_level_after_dividing() -> None:
    project = a_project_of_levels()
    assert project.levels[0] is LevelCode.MINIMUM
    divided = split_project(project, frozenset({0}), equal_shares((2012, 2013)), in_whole_units=False)
    assert len(divided.lines) == len(project.lines) + 1
    for level in (1, 2, 3):
        assert draft_level_total(divided, level) == draft_level_total(project, level)
    assert divided.lines[2] == project.lines[1]


@pytest.mark.parametrize("weights", [[0, 0], [-1, 2]])
def test_weights_that_say_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weight"):
        split_quantities(a_line(), weights, in_whole_units=False)
