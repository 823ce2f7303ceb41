"""Bands of earlier prices: exact figures, what belongs together, and how often next year's prices fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.unit_costs.bands import (
    LEAST_LINES,
    PricedLine,
    band_for,
    gather_prices,
    list_bands,
    make_band,
    quantile_vnd,
)
from tests.finance.unit_costs.invented_history import ITEMS, five_years


def lines_at(
    *prices: int, item: str = "Mua máy vi tính", unit: str = "bộ", norm: str = ""
) -> list[PricedLine]:
    return [
        PricedLine(number, item, unit, 2011, price, norm_code=norm)
        for number, price in enumerate(prices, start=1)
    ]


@pytest.mark.parametrize(
    ("prices", "quartiles"),
    [
        ((7,), (7, 7, 7)),
        ((1, 2), (1, 2, 2)),  # 1,25 and 1,5 and 1,75
        ((10, 20, 30, 40), (18, 25, 33)),  # 17,5 and 25 and 32,5, halves upwards
        ((1, 2, 3, 4, 5), (2, 3, 4)),
    ],
)
def test_quartiles_are_whole_dong(prices: tuple[int, ...], quartiles: tuple[int, int, int]) -> None:
    band = make_band(lines_at(*prices))
    assert (band.lower_quartile_vnd, band.median_vnd, band.upper_quartile_vnd) == quartiles


@given(st.lists(st.integers(1, 10**15), min_size=1, max_size=30))
def test_quantiles_stay_in_order_and_within(prices: list[int]) -> None:
    band = make_band(lines_at(*prices))
    figures = [
        band.least_vnd,
        band.lower_quartile_vnd,
        band.median_vnd,
        band.upper_quartile_vnd,
        band.most_vnd,
    ]
    assert figures == sorted(figures)
    assert all(type(figure) is int for figure in figures)
    assert quantile_vnd(sorted(prices), 0, 4) == min(prices)
    assert band.usual_from_vnd <= band.lower_quartile_vnd <= band.upper_quartile_vnd <= band.usual_to_vnd


def test_few_lines_make_no_band() -> None:
    four = gather_prices(lines_at(1, 2, 3, 4))
    assert band_for("Mua máy vi tính", "bộ", "", four) is None
    five = gather_prices(lines_at(1, 2, 3, 4, 5))
    band = band_for("Mua máy vi tính", "bộ", "", five)
    assert band is not None
    assert band.count == LEAST_LINES
    assert band_for("Mua máy vi tính", "bộ", "", four, least_lines=4) is not None


def test_one_thing_said_in_two_ways_is_one_kind_in_one_unit() -> None:
    history = gather_prices([*lines_at(1, 2, 3), *lines_at(4, 5, item="Trang bị máy tính")])
    assert band_for("mua sam may tinh", "BỘ", "", history) is not None
    assert band_for("Mua máy vi tính", "chiếc", "", history) is None
    assert band_for("Mua máy in", "bộ", "", history) is None


def test_a_norm_gathers_whatever_the_words() -> None:
    lines = [replace(line, item_vi=f"Việc {line.line_id}") for line in lines_at(1, 2, 3, 4, 5, norm="N05")]
    history = gather_prices(lines)
    assert band_for("Khác hẳn", "bộ", "N05", history) is not None
    assert band_for("Khác hẳn", "bộ", "", history) is None


def test_the_order_of_the_lines_makes_no_difference() -> None:
    lines = five_years(1)
    assert list_bands(gather_prices(lines)) == list_bands(gather_prices(reversed(lines)))


def test_a_price_far_off_is_unusual_and_one_a_little_off_is_not() -> None:
    same = make_band(lines_at(*[500_000] * 6))
    assert same.is_usual(540_000)
    assert not same.is_usual(700_000)
    assert not same.is_usual(300_000)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_last_year_hidden(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The band of 2008-2011 against the prices of 2012, which it has not seen."""
    lines = five_years(seed)
    history = gather_prices(lines)
    hidden = [line for line in lines if line.year == 2012]
    judged = [
        (line.unit_price_vnd, band)
        for line in hidden
        if (band := band_for(line.item_vi, line.unit_name, "", history, before_year=2012))
    ]
    assert all(max(band.years) < 2012 for _price, band in judged)
    usual = sum(band.is_usual(price) for price, band in judged)
    between = sum(band.lower_quartile_vnd <= price <= band.upper_quartile_vnd for price, band in judged)
    with capsys.disabled():
        share = [100 * part // len(judged) for part in (usual, between)]
        print(
            f"\nUnit-cost bands, seed {seed}: {len(judged)} of {len(hidden)} hidden lines have a band;"
            f" the usual range holds {share[0]} %, the quartiles {share[1]} %"
        )
    assert len(judged) * 10 >= len(hidden) * 9
    assert usual * 10 >= len(judged) * 8
    doubled = sum(not band.is_usual(2 * price) for price, band in judged)
    assert doubled * 10 >= len(judged) * 9, "a doubled price should stand out"


def test_no_band_mixes_two_things() -> None:
    thing = {way: number for number, (ways, *_rest) in enumerate(ITEMS) for way in ways}
    for band in list_bands(gather_prices(five_years(1))):
        assert len({thing[line.item_vi] for line in band.lines}) == 1, band.name_vi


def test_the_list_shows_a_norm_once() -> None:
    lines = lines_at(1, 2, 3, 4, 5, norm="N05")
    (band,) = list_bands(gather_prices(lines))
    assert (band.norm_code, band.count) == ("N05", 5)
    mixed = [*lines, replace(lines[0], line_id=9, norm_code="")]
    assert {band.norm_code for band in list_bands(gather_prices(mixed))} == {"N05", ""}
