"""A norm agrees with its examples or is not stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from finance.norms.rules import (
    Example,
    ExampleVerdict,
    NormText,
    check_norm_text,
    judge_price,
    next_code,
)

NORM = NormText("Thù lao giảng viên", "buổi", 500_000, "Nghị quyết thử nghiệm", date(2012, 3, 1))
WITHIN = Example(500_000, date(2012, 3, 1), ExampleVerdict.WITHIN)
ABOVE = Example(500_001, date(2012, 3, 1), ExampleVerdict.ABOVE)


@pytest.mark.parametrize(
    ("price", "on", "level", "verdict"),
    [
        (500_000, date(2012, 3, 1), "", ExampleVerdict.WITHIN),
        (500_001, date(2012, 3, 1), "", ExampleVerdict.ABOVE),
        (1, date(2012, 2, 29), "", ExampleVerdict.NOT_APPLIED),
        (1, date(2013, 1, 1), "", ExampleVerdict.NOT_APPLIED),
        (1, date(2012, 12, 31), "huyen", ExampleVerdict.WITHIN),
        (1, date(2012, 12, 31), "tinh", ExampleVerdict.NOT_APPLIED),
    ],
)
def test_what_a_norm_says(price: int, on: date, level: str, verdict: ExampleVerdict) -> None:
    norm = replace(NORM, valid_to=date(2012, 12, 31), level_code="huyen")
    assert judge_price(norm, price, on, level) is verdict


def test_examples_that_agree_let_it_pass() -> None:
    assert check_norm_text(NORM, [WITHIN, ABOVE]) == []


@pytest.mark.parametrize(
    ("norm", "examples", "field"),
    [
        (NORM, [WITHIN, replace(ABOVE, verdict=ExampleVerdict.WITHIN), ABOVE], "examples-1-verdict"),
        (replace(NORM, max_vnd=400_000), [WITHIN, ABOVE], "examples-0-verdict"),
        (replace(NORM, valid_from=date(2012, 4, 1)), [WITHIN, ABOVE], "examples-0-verdict"),
        (NORM, [WITHIN], "examples-0-unit_price_vnd"),
        (NORM, [ABOVE], "examples-0-unit_price_vnd"),
        (NORM, [], "examples-0-unit_price_vnd"),
        (replace(NORM, item_vi=""), [WITHIN, ABOVE], "item_vi"),
        (replace(NORM, legal_reference=""), [WITHIN, ABOVE], "legal_reference"),
        (replace(NORM, max_vnd=0), [WITHIN, ABOVE], "max_vnd"),
        (replace(NORM, valid_to=date(2012, 2, 1)), [WITHIN, ABOVE], "valid_to"),
    ],
)
def test_what_keeps_a_norm_from_being_stored(norm: NormText, examples: list[Example], field: str) -> None:
    findings = check_norm_text(norm, examples)
    assert field in {finding.location.field for finding in findings}
    assert all(finding.is_blocking for finding in findings)


def test_versions_count_up() -> None:
    assert next_code("N05", frozenset({"N05"})) == "N05.2"
    assert next_code("N05.2", frozenset({"N05", "N05.2"})) == "N05.3"
    assert next_code("N05", frozenset({"N05", "N05.2"})) == "N05.3"
