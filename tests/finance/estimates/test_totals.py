"""Parts sum to the whole, whichever way they are sorted; a project counts once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.estimates.draft import EstimateDraft
from finance.estimates.levels import LevelCode
from finance.estimates.totals import (
    Part,
    draft_line_amount,
    draft_total,
    requested_ordinal,
    sum_of,
    totals_by_area,
    totals_by_nature,
    totals_by_source,
    totals_by_year,
)
from finance.programme.classification import Nature
from tests.builders import a_line, a_project, a_project_of_levels

L = LevelCode
PARTS = st.lists(
    st.builds(
        Part,
        project_key=st.sampled_from(["DA1", "DA2"]),
        area_code=st.sampled_from(["1", "2", "3"]),
        source_code=st.sampled_from(["NST_TX", "NS_HUYEN"]),
        nature=st.sampled_from(list(Nature)),
        year=st.integers(2012, 2014),
        amount_vnd=st.integers(0, 10**13),
    ),
    max_size=30,
)


@pytest.mark.parametrize(
    ("codes", "ordinal"),
    [
        ([L.FULL], 1),
        ([L.MINIMUM, L.REDUCED, L.FULL, L.EXTENDED], 3),
        ([L.MINIMUM, L.REDUCED], 2),
        ([L.REDUCED, L.EXTENDED], 1),
        ([L.EXTENDED], 1),
    ],
)
def test_the_request_is_the_full_level_or_the_highest_below_an_extension(
    codes: list[LevelCode], ordinal: int
) -> None:
    assert requested_ordinal(codes) == ordinal


def test_a_project_without_a_level_asks_nothing() -> None:
    with pytest.raises(ValueError, match="without a level"):
        requested_ordinal([])


@given(PARTS)
def test_parts_sum_to_the_whole(parts: list[Part]) -> None:
    whole = sum(part.amount_vnd for part in parts)
    assert sum_of(parts) == whole
    for sums in (
        totals_by_source(parts),
        totals_by_nature(parts),
        totals_by_year(parts),
        totals_by_area(parts),
    ):
        assert sum(sums.values()) == whole


def test_a_draft_counts_every_project_once_at_its_request() -> None:
    # 10 x 500.000 = 5.000.000; the other at Đầy đủ: 4,5 x 12.345.678 = 55.555.551; 2 x 500.000 = 1.000.000
    draft = EstimateDraft((a_project(), a_project_of_levels()))
    assert draft_total(draft) == 5_000_000 + 55_555_551 + 1_000_000


def test_a_line_is_rounded_half_up_once() -> None:
    line = a_line(unit_price_vnd=3, frequency_thousandths=500, quantities=(1000, 333))
    assert draft_line_amount(line, 1) == 2  # 1,5
    assert draft_line_amount(line, 2) == 0  # 0,4995
