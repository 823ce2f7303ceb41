"""The money of a decision adds up exactly, and the procedure has only the steps of its table."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.actions import Action
from finance.allocations.rules import (
    DECISION_STEPS,
    DecisionStatus,
    MoneyLine,
    decision_step,
    money_uses,
    require_within_money,
)
from finance.errors import EnvelopeExceeded, NotInThisStatus
from finance.programme.classification import Nature
from finance.scenarios.rules import MoneyPart

CAPITAL, RECURRENT = Nature.CAPITAL, Nature.RECURRENT


def a_money_line(pool_vnd: int = 1_000, unmeasured_vnd: int = 200, **changed: object) -> MoneyLine:
    facts: dict[str, object] = {
        "source_id": 1,
        "source_name": "Ngân sách tỉnh",
        "nature": CAPITAL,
        "year": 2012,
    }
    return MoneyLine(**(facts | changed), pool_vnd=pool_vnd, unmeasured_vnd=unmeasured_vnd)  # type: ignore[arg-type]


def part(amount_vnd: int, nature: Nature = CAPITAL, year: int = 2012) -> MoneyPart:
    return MoneyPart(1, nature, year, amount_vnd)


def test_the_last_dong_of_the_pool_may_be_given_and_not_one_more() -> None:
    require_within_money(money_uses([a_money_line()], [part(999), part(1)], []))
    with pytest.raises(EnvelopeExceeded) as refused:
        require_within_money(money_uses([a_money_line()], [part(999), part(2)], []))
    assert "vượt khả năng cân đối 1 đồng" in refused.value.sentence_vi
    assert (refused.value.envelope_vnd, refused.value.total_vnd) == (1_000, 1_001)


def test_projects_not_yet_measured_draw_on_their_own_line_alone() -> None:
    require_within_money(money_uses([a_money_line()], [part(1_000)], [part(200)]))
    with pytest.raises(EnvelopeExceeded, match="phần để riêng"):
        require_within_money(money_uses([a_money_line()], [], [part(201)]))


@pytest.mark.parametrize("drawn", [part(1, RECURRENT), part(1, year=2013)])
def test_money_of_another_nature_or_year_is_no_help(drawn: MoneyPart) -> None:
    with pytest.raises(EnvelopeExceeded):
        require_within_money(money_uses([a_money_line()], [drawn], []))


@given(st.lists(st.tuples(st.sampled_from([2012, 2013]), st.integers(0, 10**12)), max_size=20))
def test_uses_sum_to_exactly_what_was_given(amounts: list[tuple[int, int]]) -> None:
    parts = [part(amount, year=year) for year, amount in amounts]
    uses = money_uses([a_money_line(), a_money_line(year=2013)], parts, parts)
    assert sum(use.measured_vnd for use in uses) == sum(amount for _, amount in amounts)
    assert all(use.measured_vnd == use.by_hand_vnd for use in uses)
    assert all(use.pool_left_vnd == use.line.pool_vnd - use.measured_vnd for use in uses)


@pytest.mark.parametrize(("status", "action"), list(product(DecisionStatus, Action)))
def test_an_act_outside_the_table_is_refused(status: DecisionStatus, action: Action) -> None:
    if (status, action) in DECISION_STEPS:
        assert decision_step(status, action) is DECISION_STEPS[status, action]
    else:
        with pytest.raises(NotInThisStatus):
            decision_step(status, action)


def test_nothing_leads_out_of_approved() -> None:
    assert not [step for step in DECISION_STEPS if step[0] is DecisionStatus.APPROVED]
