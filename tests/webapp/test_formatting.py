"""What the filters print."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from finance.actors import Function
from webapp.formatting import (
    sentence_case,
    show_date,
    show_difference,
    show_label,
    show_moment,
    show_percent,
    show_quantity,
    show_vnd,
    show_words,
    tone_of,
)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (show_vnd(1234567), "1.234.567"),
        (show_vnd(0), "0"),
        (show_vnd(None), "–"),
        (show_difference(-60425000), "−60.425.000"),
        (show_difference(5), "+5"),
        (show_difference(0), "0"),
        (show_difference(None), "–"),
        (show_quantity(1500), "1,5"),
        (show_quantity(None), "–"),
        (show_percent(12500), "12,5\u00a0%"),
        (show_percent(None), "–"),
        (show_date(date(2012, 2, 6)), "06/02/2012"),
        (show_date(None), "–"),
        (show_moment(datetime(2012, 2, 6, 3, 4, tzinfo=UTC)), "10:04 06/02/2012"),
        (show_moment(None), "–"),
        (show_words(None), "–"),
        (show_label(Function.APPROVAL), "phê duyệt"),
        (show_label("chữ"), "chữ"),
        (show_label(None), "–"),
        (sentence_case("đang lập"), "Đang lập"),
        (sentence_case("UBND tỉnh"), "UBND tỉnh"),
        (tone_of("RETURNED"), "red"),
        (tone_of("SOMETHING_NEW"), "grey"),
    ],
)
def test_filters(shown: str, expected: str) -> None:
    assert shown == expected


def test_amounts_in_words_name_the_unit() -> None:
    assert "đồng" in show_words(865425000)
