"""Which opinions are due, and the arithmetic of a cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.actors import Function
from finance.estimates.workflow import EstimateStatus
from finance.money import line_amount_vnd
from finance.programme.classification import OutputKind, ProjectKind
from finance.reviews.rules import (
    OPINION_RULES,
    AskedLine,
    AskedPromise,
    CutReason,
    LineFigures,
    ProjectStanding,
    PromiseFigures,
    Verdict,
    appraised_amounts,
    check_line_appraisal,
    check_promise_appraisal,
    holding_function,
    is_cut,
    is_less_than_promised,
    is_pool_project,
    opinion_rule,
    opinions_due,
    settled_promise,
    spread_quantities,
    verdict_needs_words,
)

# One line in three levels (ids 11, 12, 13): 2, 5 and 5 units of 1.000.001 đồng, once and a half.
LINE = AskedLine(1_000_001, 1500, {11: 2000, 12: 5000, 13: 5000})


def standing(
    kind: ProjectKind = ProjectKind.PROJECT,
    *,
    pool: bool = True,
    it: bool = False,
    verdict: Verdict | None = None,
) -> ProjectStanding:
    return ProjectStanding(kind, asks_pool_money=pool, needs_it_opinion=it, content_verdict=verdict)


def codes(findings: list) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("project", "due"),
    [
        (standing(), [Function.CONTENT_APPRAISAL, Function.ALLOCATION_CONSOLIDATION]),
        (standing(ProjectKind.SCHEME), [Function.CONTENT_APPRAISAL, Function.ALLOCATION_CONSOLIDATION]),
        (standing(ProjectKind.TASK), [Function.CONTENT_APPRAISAL]),
        (standing(pool=False), [Function.CONTENT_APPRAISAL]),
        (
            standing(it=True),
            [Function.CONTENT_APPRAISAL, Function.IT_OPINION, Function.ALLOCATION_CONSOLIDATION],
        ),
        (standing(it=True, verdict=Verdict.REJECT), [Function.CONTENT_APPRAISAL]),
        (standing(ProjectKind.TASK, it=True), [Function.CONTENT_APPRAISAL, Function.IT_OPINION]),
    ],
)
def test_the_opinions_due_follow_kind_money_and_task(project: ProjectStanding, due: list[Function]) -> None:
    assert list(opinions_due(project)) == due


def test_a_refused_project_leaves_the_pool_and_one_to_be_changed_stays() -> None:
    assert not is_pool_project(standing(verdict=Verdict.REJECT))
    assert is_pool_project(standing(verdict=Verdict.AGREE_WITH_CHANGE))


def test_every_function_that_gives_opinions_has_one_row() -> None:
    assert len({rule.function for rule in OPINION_RULES}) == len(OPINION_RULES)
    assert opinion_rule(Function.CONTENT_APPRAISAL) is OPINION_RULES[0]
    assert opinion_rule(Function.PREPARE) is None


def test_only_plain_agreement_goes_without_words() -> None:
    assert [verdict for verdict in Verdict if not verdict_needs_words(verdict)] == [Verdict.AGREE]


@pytest.mark.parametrize(
    ("status", "function"),
    [
        (EstimateStatus.DRAFT, Function.PREPARE),
        (EstimateStatus.CHECKED, Function.PREPARE),
        (EstimateStatus.SIGNED, Function.PREPARE),
        (EstimateStatus.SENT, Function.ESTIMATE_APPRAISAL),
        (EstimateStatus.RETURNED, Function.PREPARE),
        (EstimateStatus.RECEIVED, Function.CONTENT_APPRAISAL),
        (EstimateStatus.CONTENT_APPRAISAL, Function.CONTENT_APPRAISAL),
        (EstimateStatus.ESTIMATE_APPRAISAL, Function.ESTIMATE_APPRAISAL),
        (EstimateStatus.APPRAISED, Function.ALLOCATION_CONSOLIDATION),
    ],
)
def test_the_file_lies_with_the_function_that_can_take_it_forward(
    status: EstimateStatus, function: Function
) -> None:
    assert holding_function(status) is function


def test_the_amount_is_rounded_half_up_once_per_level() -> None:
    # 1.000.001 x 1,5 x 2 = 3.000.003; 1.000.001 x 1,5 x 5 = 7.500.007,5 -> 7.500.008
    assert appraised_amounts(LINE, LineFigures(1_000_001, {})) == {
        11: 3_000_003,
        12: 7_500_008,
        13: 7_500_008,
    }


def test_a_price_acts_on_every_level() -> None:
    assert appraised_amounts(LINE, LineFigures(800_000, {})) == {11: 2_400_000, 12: 6_000_000, 13: 6_000_000}


def test_a_cut_of_one_level_reaches_the_levels_that_ask_no_more() -> None:
    assert spread_quantities(LINE.quantities, {13: 4000}) == {11: 2000, 12: 4000, 13: 4000}
    assert spread_quantities(LINE.quantities, {13: 1000}) == {11: 1000, 12: 1000, 13: 1000}
    # A cut of the least level says nothing about the larger ones.
    assert spread_quantities(LINE.quantities, {11: 0}) == {11: 0, 12: 5000, 13: 5000}


def test_the_same_figures_are_no_cut() -> None:
    assert not is_cut(LINE, LineFigures(1_000_001, dict(LINE.quantities)))
    assert not is_cut(LINE, LineFigures(1_000_001, {}))
    assert is_cut(LINE, LineFigures(1_000_000, {}))
    assert is_cut(LINE, LineFigures(1_000_001, {11: 1999}))


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (LineFigures(1_000_002, {}), ["PRICE_ABOVE_ASKED"]),
        (LineFigures(-1, {}), ["PRICE_ABOVE_ASKED"]),
        (LineFigures(1, {11: 2001}), ["QUANTITY_ABOVE_ASKED"]),
        (LineFigures(1, {11: -1}), ["QUANTITY_ABOVE_ASKED"]),
        (LineFigures(1, {99: 1}), ["UNKNOWN_LEVEL"]),
        (LineFigures(2_000_000, {11: 9000, 12: 9000}), ["PRICE_ABOVE_ASKED"] + ["QUANTITY_ABOVE_ASKED"] * 2),
        (LineFigures(1_000_001, {12: 5000, 13: 4000}), ["LEVELS_OUT_OF_ORDER"]),
        (LineFigures(1_000_001, {11: 2000, 13: 1000}), ["LEVELS_OUT_OF_ORDER"]),
        (LineFigures(0, {11: 0, 12: 0, 13: 0}, CutReason.AGAINST_LAW, "trùng"), []),
    ],
)
def test_nothing_is_appraised_above_what_was_asked(figures: LineFigures, expected: list[str]) -> None:
    assert codes(check_line_appraisal(LINE, figures)) == expected


_QUANTITIES = st.dictionaries(st.integers(1, 4), st.integers(0, 10**6), min_size=1, max_size=4)


@given(_QUANTITIES, st.integers(0, 10**12), st.integers(1, 10**5), st.data())
def test_whatever_passes_the_check_never_raises_the_amount_of_a_level(
    asked: dict[int, int], price: int, frequency: int, data: st.DataObject
) -> None:
    line = AskedLine(price, frequency, asked)
    some = data.draw(st.lists(st.sampled_from(sorted(asked)), unique=True))
    given_quantities = {level: data.draw(st.integers(-1, 10**6 + 1)) for level in some}
    figures = LineFigures(data.draw(st.integers(-1, price + 1)), given_quantities)
    if check_line_appraisal(line, figures):
        return
    amounts = appraised_amounts(line, figures)
    for level, quantity in asked.items():
        assert 0 <= amounts[level] <= line_amount_vnd(price, frequency, quantity)


@given(_QUANTITIES, st.data())
def test_a_change_of_one_level_always_keeps_the_levels_in_order(
    asked: dict[int, int], data: st.DataObject
) -> None:
    level = data.draw(st.sampled_from(sorted(asked)))
    spread = spread_quantities(asked, {level: data.draw(st.integers(0, asked[level]))})
    held = {one: quantity for one, quantity in spread.items() if asked[one] <= asked[level]}
    assert all(quantity <= spread[level] or one == level for one, quantity in held.items())


COVERAGE = AskedPromise(OutputKind.COVERAGE, 0, frozenset({1, 2, 3}))
QUANTITY = AskedPromise(OutputKind.QUANTITY, 7000)
MILESTONE = AskedPromise(OutputKind.MILESTONE, 0)


@pytest.mark.parametrize(
    ("asked", "figures", "expected"),
    [
        (QUANTITY, PromiseFigures(is_accepted=True, quantity_thousandths=7001), ["PROMISE_ABOVE_ASKED"]),
        (QUANTITY, PromiseFigures(is_accepted=True, quantity_thousandths=-1), ["PROMISE_ABOVE_ASKED"]),
        (QUANTITY, PromiseFigures(is_accepted=True, quantity_thousandths=0), ["NOTHING_ACCEPTED"]),
        (QUANTITY, PromiseFigures(is_accepted=False, quantity_thousandths=9), []),
        (COVERAGE, PromiseFigures(is_accepted=True, refused_unit_ids=frozenset({4})), ["UNKNOWN_UNIT"]),
        (MILESTONE, PromiseFigures(is_accepted=True), []),
    ],
)
def test_no_promise_is_accepted_beyond_itself(
    asked: AskedPromise, figures: PromiseFigures, expected: list[str]
) -> None:
    assert codes(check_promise_appraisal(asked, figures)) == expected


def test_what_is_refused_carries_no_quantity_and_no_units() -> None:
    settled = settled_promise(
        QUANTITY, PromiseFigures(is_accepted=False, quantity_thousandths=5000, words="trùng")
    )
    assert settled == PromiseFigures(is_accepted=False, words="trùng")


def test_a_coverage_of_which_every_unit_is_refused_is_refused() -> None:
    everything = PromiseFigures(is_accepted=True, refused_unit_ids=frozenset({1, 2, 3}))
    assert settled_promise(COVERAGE, everything).is_accepted is False
    two = PromiseFigures(is_accepted=True, refused_unit_ids=frozenset({1, 2}))
    assert settled_promise(COVERAGE, two) == two


def test_a_delivery_is_whole_or_nothing() -> None:
    settled = settled_promise(MILESTONE, PromiseFigures(is_accepted=True, quantity_thousandths=5))
    assert settled == PromiseFigures(is_accepted=True)
    assert not is_less_than_promised(MILESTONE, settled)


def test_less_than_promised_is_told_from_all_of_it() -> None:
    assert is_less_than_promised(QUANTITY, PromiseFigures(is_accepted=True, quantity_thousandths=6999))
    assert not is_less_than_promised(QUANTITY, PromiseFigures(is_accepted=True, quantity_thousandths=7000))
    assert is_less_than_promised(QUANTITY, PromiseFigures(is_accepted=False))
    assert is_less_than_promised(COVERAGE, PromiseFigures(is_accepted=True, refused_unit_ids=frozenset({1})))
