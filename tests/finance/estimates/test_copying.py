"""A copied project: exact prices, shifted years, relinked codes, every loss told."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.estimates.copying.rules import (
    ROUNDING_STEPS,
    UNCHANGED,
    CopyPlan,
    OldNorm,
    PriceUpdate,
    copy_project,
    unchecked_lines,
    updated_price,
)
from finance.estimates.draft import ProjectDraft
from finance.estimates.project_json import project_of_json, project_to_json
from finance.programme.classification import OutputKind
from finance.record_base import canonical_json
from tests.builders import a_line, a_project, a_project_of_levels, a_promise
from tests.estimate_contexts import a_check_context

PLAN = CopyPlan("DA9", 9, 1)


def codes(origin: ProjectDraft, plan: CopyPlan = PLAN, **changed: object) -> set[str]:
    result = copy_project(origin, plan, a_check_context(**changed), {})
    return {finding.code for finding in result.findings}


@given(st.integers(0, 10**12), st.integers(1, 1_000_000), st.sampled_from(ROUNDING_STEPS))
def test_a_price_is_rounded_half_up_first_to_the_dong_then_to_the_step(
    price: int, percent: int, step: int
) -> None:
    got = updated_price(price, PriceUpdate(percent, step))
    if percent == UNCHANGED:
        assert got == price
        return
    exact = Fraction(price * percent, UNCHANGED)
    to_dong = int(exact + Fraction(1, 2))
    if to_dong < step:
        assert got == to_dong, "a small price is not rounded away"
        return
    assert got % step == 0
    assert -step < 2 * (got - to_dong) <= step


@pytest.mark.parametrize("update", [PriceUpdate(0), PriceUpdate(1_000_001), PriceUpdate(100_000, 7)])
def test_what_is_no_price_update(update: PriceUpdate) -> None:
    with pytest.raises(ValueError, match="price update"):
        updated_price(1, update)


def test_years_shift_and_the_rest_stays() -> None:
    origin = a_project(lines=(a_line(year=2012),), promises=(a_promise(),))
    result = copy_project(origin, PLAN, a_check_context(), {})
    assert not result.findings
    assert (result.project.project_key, result.project.priority) == ("DA9", 9)
    assert [line.year for line in result.project.lines] == [2013]
    assert [promise.year for promise in result.project.promises] == [2013]
    back = replace(
        result.project, project_key="DA1", priority=1, lines=origin.lines, promises=origin.promises
    )
    assert back == origin


def test_the_rule_is_said_with_its_rounding_and_its_basis() -> None:
    update = PriceUpdate(104_500, 1_000, "CPI bình quân năm 2011, Cục Thống kê", follows_norms=True)
    assert update.rule_vi == (
        "đơn giá nhân 104,5 %, làm tròn đến 1.000 đồng (từ một nửa trở lên thì tăng; giá dưới bậc ấy làm "
        "tròn đến đồng); đơn giá bằng định mức cũ thì lấy định mức mới; "
        "căn cứ: CPI bình quân năm 2011, Cục Thống kê"
    )


def test_a_price_at_the_old_norm_follows_the_norm() -> None:
    at_norm = a_line(norm_code="N01", unit_price_vnd=400_000)
    below = a_line(norm_code="N01", unit_price_vnd=300_000)
    plan = replace(PLAN, prices=PriceUpdate(110_000, follows_norms=True))
    result = copy_project(
        a_project(lines=(at_norm, below)), plan, a_check_context(), {"N01": OldNorm(400_000)}
    )
    assert [line.unit_price_vnd for line in result.project.lines] == [500_000, 330_000]
    assert [(c.old_price_vnd, c.new_price_vnd) for c in result.changes] == [
        (400_000, 500_000),
        (300_000, 330_000),
    ]


def test_a_replaced_norm_leads_to_the_version_in_force() -> None:
    line = a_line(norm_code="N00", unit_price_vnd=450_000)
    plan = replace(PLAN, prices=PriceUpdate(follows_norms=True))
    known = {"N00": OldNorm(450_000, "N01"), "N01": OldNorm(500_000)}
    result = copy_project(a_project(lines=(line,)), plan, a_check_context(), known)
    assert [finding.code for finding in result.findings] == ["COPY_NORM_REPLACED"]
    assert [(kept.norm_code, kept.unit_price_vnd) for kept in result.project.lines] == [("N01", 500_000)]


@pytest.mark.parametrize(
    ("line", "code", "lines_left"),
    [
        (a_line(source_code="CU"), "COPY_SOURCE_GONE", 0),
        (a_line(year=2013), "COPY_YEAR_OUTSIDE", 0),
        (a_line(norm_code="N99", over_norm_reason="cũ"), "COPY_NORM_GONE", 1),
        (a_line(budget_code="9999"), "COPY_CODE_GONE", 1),
    ],
)
def test_what_no_longer_exists_is_told(line: object, code: str, lines_left: int) -> None:
    origin = a_project(lines=(line,), promises=())
    result = copy_project(origin, PLAN, a_check_context(), {})
    assert [finding.code for finding in result.findings] == [code]
    assert len(result.project.lines) == lines_left
    for kept in result.project.lines:
        assert kept.norm_code in {"", "N01"}
        assert kept.budget_code in {"", "6751"}
        assert not kept.over_norm_reason


def test_targets_tasks_results_and_units_are_relinked() -> None:
    assert codes(a_project(target_codes=("II.9.z",))) == {"COPY_TARGET_GONE"}
    assert codes(a_project(task_code="9z")) == {"COPY_TASK_GONE"}
    assert codes(a_project(promises=(a_promise("KHAC"),))) == {"COPY_OUTPUT_GONE"}
    assert codes(a_project(promises=(a_promise(year=2013),))) == {"COPY_YEAR_OUTSIDE"}
    communes = a_promise("MOT_CUA_XA", component="PHONG", unit_codes=("X1", "X99"), quantity_thousandths=0)
    result = copy_project(a_project(promises=(communes,)), PLAN, a_check_context(), {})
    assert [finding.code for finding in result.findings] == ["COPY_UNITS_GONE"]
    assert result.project.promises[0].unit_codes == ("X1",)
    assert a_check_context().outputs["MOT_CUA_XA"].kind is OutputKind.COVERAGE


def test_a_line_stays_unchecked_until_it_is_touched() -> None:
    copied = a_project(lines=(a_line(), a_line(), a_line("Khác")))
    touched = replace(copied, lines=(a_line(unit_price_vnd=1), a_line("Khác"), a_line()))
    assert unchecked_lines(copied, copied) == (0, 1, 2)
    assert unchecked_lines(copied, touched) == (1, 2)
    assert unchecked_lines(copied, replace(copied, lines=())) == ()
    twice = replace(copied, lines=(a_line("Khác"), a_line("Khác")))
    assert unchecked_lines(copied, twice) == (0,)


@pytest.mark.parametrize("project", [a_project(), a_project_of_levels()])
def test_a_project_survives_being_kept_as_json(project: ProjectDraft) -> None:
    data = project_to_json(project)
    assert canonical_json(data)
    assert project_of_json(data) == project
