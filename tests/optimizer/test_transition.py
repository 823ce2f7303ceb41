"""From headcount to results: exact sums, the corridor, who never loses, and refusals with exact amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer import InvalidProblem
from optimizer.transition.apportion import apportion_vnd
from optimizer.transition.blocks import run_transition
from optimizer.transition.facts import (
    AgencyFigures,
    Corridor,
    DecidingRule,
    ResultLine,
    Transition,
    TransitionAgency,
    TransitionYear,
    YearBlocks,
    corridor_bounds_vnd,
)
from optimizer.transition.refusal import OutsideCorridor

YEAR = 2013
WIDE = Corridor(Fraction(1, 10), Fraction(15, 100))
QUICK = settings(max_examples=40, deadline=None)
SHARES = st.fractions(min_value=0, max_value=1, max_denominator=8)


def handled(output: int | None, price_vnd: int = 10, **others: Fraction) -> ResultLine:
    return ResultLine("Hồ sơ", price_vnd, verified=None if output is None else Fraction(output), **others)


def one_year(
    rows: Sequence[tuple[int, Sequence[ResultLine], int | None]],
    total_vnd: int,
    theta: Fraction,
    corridor: Corridor = WIDE,
) -> Transition:
    """One year; a row is headcount, results and the amount of the year before."""
    codes = [f"CQ{place}" for place in range(len(rows))]
    return Transition(
        "thử",
        {YEAR: theta},
        tuple(
            TransitionAgency(code, f"Cơ quan {code}", row[2]) for code, row in zip(codes, rows, strict=True)
        ),
        (
            TransitionYear(
                YEAR,
                1,
                total_vnd,
                corridor,
                tuple(
                    AgencyFigures(code, row[0], tuple(row[1])) for code, row in zip(codes, rows, strict=True)
                ),
            ),
        ),
    )


def shared(transition: Transition) -> YearBlocks:
    return run_transition(transition)[0]


def amounts(transition: Transition) -> dict[str, int]:
    return {block.code: block.amount_vnd for block in shared(transition).agencies}


LINES = st.builds(
    ResultLine,
    st.just("Hồ sơ"),
    st.integers(0, 900),
    SHARES,
    st.fractions(min_value=Fraction(1, 2), max_value=2, max_denominator=4),
    st.fractions(min_value=0, max_value=40, max_denominator=3),
)
SURE_LINE = st.builds(ResultLine, st.just("Hồ sơ"), st.integers(1, 900), verified=st.just(Fraction(3)))


@st.composite
def feasible_years(draw: st.DrawFn, *, has_corridor: bool = True) -> Transition:
    """Transitions of one year whose total lies inside what the corridors allow, ends included."""
    last = (st.none() | st.integers(0, 3000)) if has_corridor else st.none()
    row = st.tuples(st.integers(0, 25), st.lists(LINES, max_size=2), last)
    first = st.tuples(st.integers(1, 25), st.lists(SURE_LINE, min_size=1, max_size=1), last)
    rows = [draw(first), *draw(st.lists(row, max_size=5))]
    corridor = draw(st.builds(Corridor, SHARES, SHARES))
    bounds = [corridor_bounds_vnd(before, corridor) for *_, before in rows]
    lowest = sum(low for low, _ in bounds)
    highest = sum(5000 if high is None else high for _, high in bounds)
    total_vnd = draw(st.sampled_from([lowest, highest]) | st.integers(lowest, max(lowest, highest)))
    return one_year(rows, total_vnd, draw(SHARES), corridor)


def assert_follows_the_rule(year: YearBlocks) -> None:
    """Second way: the answer alone is checked against the rule; the clipped multiple is unique."""
    assert sum(block.amount_vnd for block in year.agencies) == year.total_vnd
    assert sum(block.exact_vnd for block in year.agencies) == year.total_vnd
    assert year.headcount_block_vnd + year.result_block_vnd == year.total_vnd
    for block in year.agencies:
        cap_vnd = year.total_vnd if block.cap_vnd is None else block.cap_vnd
        assert block.floor_vnd <= block.amount_vnd <= cap_vnd
        assert abs(block.amount_vnd - block.exact_vnd) < 1
        mix = (1 - year.theta) * block.headcount_share + year.theta * block.result_share
        assert block.raw_vnd == mix * year.total_vnd
        if year.multiplier is not None:
            wanted = year.multiplier * block.raw_vnd
            assert block.exact_vnd == min(max(wanted, block.floor_vnd), cap_vnd)
            assert (block.rule is DecidingRule.SHARE) == (wanted == block.exact_vnd)
            assert (block.rule is DecidingRule.FLOOR) == (wanted < block.exact_vnd)
        elif mix:
            assert block.exact_vnd == cap_vnd
            assert block.rule is DecidingRule.CAP
        else:
            assert block.floor_vnd <= block.exact_vnd <= cap_vnd


@QUICK
@given(feasible_years())
def test_the_answer_sums_exactly_and_is_the_clipped_multiple(transition: Transition) -> None:
    year = shared(transition)
    assert_follows_the_rule(year)
    assert all(block.sentences for block in year.agencies)


@QUICK
@given(feasible_years(has_corridor=False))
def test_without_results_or_without_headcount_the_shares_are_plain(transition: Transition) -> None:
    year = transition.years[0]
    heads = {item.code: Fraction(item.headcount) for item in year.agencies}
    values = {
        item.code: sum(
            (line.price_vnd * line.quality * line.place_factor * line.verified for line in item.results),
            Fraction(0),
        )
        for item in year.agencies
    }
    by_heads = replace(transition, calendar={YEAR: Fraction(0)})
    by_results = replace(transition, calendar={YEAR: Fraction(1)})
    assert amounts(by_heads) == apportion_vnd(year.total_vnd, heads)
    assert amounts(by_results) == apportion_vnd(year.total_vnd, values)


def richer(transition: Transition, data: st.DataObject) -> tuple[str, Transition]:
    """The same year after one agency had more of its output verified, and the code of that agency."""
    year = transition.years[0]
    place = data.draw(st.integers(0, len(year.agencies) - 1))
    mine = year.agencies[place]
    more = data.draw(st.fractions(min_value=0, max_value=60, max_denominator=7))
    if mine.results and data.draw(st.booleans()):
        grown = (replace(mine.results[0], verified=mine.results[0].verified + more), *mine.results[1:])
    else:
        grown = (*mine.results, ResultLine("Thêm", 7, verified=more))
    agencies = (*year.agencies[:place], replace(mine, results=grown), *year.agencies[place + 1 :])
    return mine.code, replace(transition, years=(replace(year, agencies=agencies),))


@QUICK
@given(feasible_years(), st.data())
def test_who_verifies_more_never_loses_a_dong(transition: Transition, data: st.DataObject) -> None:
    code, after = richer(transition, data)
    assert amounts(after)[code] >= amounts(transition)[code]


@pytest.mark.deep
@settings(max_examples=4000, deadline=None)
@given(feasible_years(), st.data())
def test_rule_and_monotony_on_thousands_of_years(transition: Transition, data: st.DataObject) -> None:
    code, after = richer(transition, data)
    before = shared(transition)
    assert_follows_the_rule(before)
    mine = next(block for block in before.agencies if block.code == code)
    assert amounts(after)[code] >= mine.amount_vnd


@QUICK
@given(feasible_years(), st.randoms(use_true_random=False), st.integers(2, 1000))
def test_order_of_agencies_and_scale_of_prices_change_nothing(
    transition: Transition, chance: object, factor: int
) -> None:
    year = transition.years[0]
    agencies, known = list(year.agencies), list(transition.agencies)
    chance.shuffle(agencies)  # type: ignore[attr-defined]
    chance.shuffle(known)  # type: ignore[attr-defined]
    mixed = replace(transition, agencies=tuple(known), years=(replace(year, agencies=tuple(agencies)),))
    assert run_transition(mixed) == run_transition(transition)
    dearer = tuple(
        replace(
            item,
            results=tuple(replace(line, price_vnd=line.price_vnd * factor) for line in item.results),
        )
        for item in year.agencies
    )
    scaled = replace(transition, years=(replace(year, agencies=dearer),))
    assert amounts(scaled) == amounts(transition)


@QUICK
@given(feasible_years(), st.integers(1, 4000))
def test_outside_the_corridor_the_refusal_names_end_and_amount_and_its_repairs_work(
    transition: Transition, beyond: int
) -> None:
    year = transition.years[0]
    bounds = [corridor_bounds_vnd(item.last_year_vnd, year.corridor) for item in transition.agencies]
    lowest = sum(low for low, _ in bounds)
    if lowest >= beyond:
        below = replace(transition, years=(replace(year, total_vnd=lowest - beyond),))
        told = refusal_of(below)
        assert (told.end, told.amount_vnd, told.year) == ("floor", beyond, YEAR)
        assert told.widened_share is not None
        wider = replace(below.years[0], corridor=replace(year.corridor, down=told.widened_share))
        run_transition(replace(below, years=(wider,)))
    if all(high is not None for _, high in bounds):
        highest = sum(high for _, high in bounds if high is not None)
        above = replace(transition, years=(replace(year, total_vnd=highest + beyond),))
        told = refusal_of(above)
        assert (told.end, told.amount_vnd) == ("cap", beyond)
        if told.widened_share is not None:
            wider = replace(above.years[0], corridor=replace(year.corridor, up=told.widened_share))
            run_transition(replace(above, years=(wider,)))
            tighter = replace(
                wider, corridor=replace(year.corridor, up=told.widened_share - Fraction(1, 10_000))
            )
            refusal_of(replace(above, years=(tighter,)))


def refusal_of(transition: Transition) -> OutsideCorridor:
    with pytest.raises(OutsideCorridor) as caught:
        run_transition(transition)
    return caught.value


def test_the_refusal_speaks() -> None:
    transition = one_year(
        [(10, [handled(1)], 2_000_000_000), (10, [], 1_000_000_000)], 2_000_000_000, Fraction(1, 2)
    )
    (conflict,) = refusal_of(transition).conflicts
    assert conflict.words == (
        "Năm 2013: tổng mức sàn của hành lang là 2.700.000.000 đồng, vượt tổng kinh phí "
        "2.000.000.000 đồng là 700.000.000 đồng."
    )
    assert conflict.repair_words == (
        "Tăng tổng kinh phí thêm ít nhất 700.000.000 đồng, hoặc cho phép giảm đến 33,34% so với năm trước "
        "(đang là 10%)."
    )
    above = replace(transition, years=(replace(transition.years[0], total_vnd=3_451_000_000),))
    (conflict,) = refusal_of(above).conflicts
    assert "vượt tổng mức trần của hành lang 3.450.000.000 đồng là 1.000.000 đồng" in conflict.words
    assert "Giảm tổng kinh phí ít nhất 1.000.000 đồng, hoặc cho phép tăng đến 15,04%" in conflict.repair_words
    nothing_before = one_year([(1, [handled(1)], 0)], 5, Fraction(1, 2))
    assert refusal_of(nothing_before).conflicts[0].repair_words == "Giảm tổng kinh phí ít nhất 5 đồng."


def test_an_unverified_result_counts_by_plan_up_to_its_cap() -> None:
    by_plan = handled(None, planned=Fraction(90), planned_at_most=Fraction(60))
    year = shared(one_year([(1, [by_plan], None), (1, [handled(40)], None)], 1000, Fraction(1)))
    assert [block.amount_vnd for block in year.agencies] == [600, 400]
    assert year.agencies[0].unverified_count == 1
    assert any("chưa được xác nhận" in sentence for sentence in year.agencies[0].sentences)
    modest = replace(by_plan, planned=Fraction(10))
    assert amounts(one_year([(1, [modest], None), (1, [handled(40)], None)], 1000, Fraction(1)))["CQ0"] == 200
    verified = replace(by_plan, verified=Fraction(160))
    assert (
        amounts(one_year([(1, [verified], None), (1, [handled(40)], None)], 1000, Fraction(1)))["CQ0"] == 800
    )


def test_the_corridor_is_rounded_inwards_to_whole_dong() -> None:
    tenth = Corridor(Fraction(1, 10), Fraction(1, 10))
    assert corridor_bounds_vnd(15, tenth) == (14, 16)
    assert corridor_bounds_vnd(1, tenth) == (1, 1)
    assert corridor_bounds_vnd(20, tenth) == (18, 22)
    assert corridor_bounds_vnd(0, tenth) == (0, 0)
    assert corridor_bounds_vnd(None, tenth) == (0, None)


def test_without_a_year_before_there_is_no_corridor() -> None:
    year = shared(one_year([(9, [], None), (1, [handled(1)], 200)], 1000, Fraction(0)))
    assert [(block.amount_vnd, block.cap_vnd) for block in year.agencies] == [(820, None), (180, 230)]
    assert "không áp dụng hành lang" in year.agencies[0].sentences[2]
    assert "không chạm hành lang" not in year.agencies[0].sentences[-1]
    assert "giữ ở sàn hành lang" in year.agencies[1].sentences[-1]


def test_nothing_to_count_stands_at_its_floor_until_all_others_are_full() -> None:
    rows = [(0, [], 100), (5, [handled(2)], 1000), (0, [], 300)]
    floors = shared(one_year(rows, 1400, Fraction(1, 2)))
    assert [block.amount_vnd for block in floors.agencies] == [90, 1040, 270]
    full = shared(one_year(rows, 1560, Fraction(1, 2)))
    assert full.multiplier is None
    # 50 are left above the floors 90 and 270; the rooms are 25 and 75; the half goes to the smaller code.
    assert [block.amount_vnd for block in full.agencies] == [103, 1150, 307]
    assert [block.rule for block in full.agencies] == [
        DecidingRule.REMAINDER,
        DecidingRule.CAP,
        DecidingRule.REMAINDER,
    ]
    assert "phần còn lại" in full.agencies[2].sentences[-1]


def test_a_part_nobody_can_claim_is_refused() -> None:
    no_results = one_year([(5, [], None), (3, [handled(0)], None)], 1000, Fraction(1, 10))
    no_heads = one_year([(0, [handled(3)], None)], 1000, Fraction(1, 2))
    for transition, words in ((no_results, "theo kết quả"), (no_heads, "theo biên chế")):
        with pytest.raises(InvalidProblem) as caught:
            run_transition(transition)
        assert [item.path for item in caught.value.mistakes] == ["$.years[0].agencies"]
        assert words in caught.value.mistakes[0].words
    assert amounts(replace(no_results, calendar={YEAR: Fraction(0)})) == {"CQ0": 625, "CQ1": 375}
    assert amounts(replace(no_heads, calendar={YEAR: Fraction(1)})) == {"CQ0": 1000}


@QUICK
@given(feasible_years(), st.lists(SHARES, min_size=3, max_size=3))
def test_year_by_year_each_corridor_stands_on_the_year_before(
    transition: Transition, thetas: list[Fraction]
) -> None:
    first = transition.years[0]
    calendar = dict(zip((YEAR, YEAR + 1, YEAR + 2), sorted(thetas), strict=True))
    years = tuple(replace(first, year=year) for year in reversed(calendar))
    run = run_transition(replace(transition, calendar=calendar, years=years))
    assert [year.year for year in run] == [YEAR, YEAR + 1, YEAR + 2]
    for before, after in pairwise(run):
        assert_follows_the_rule(after)
        for one, other in zip(before.agencies, after.agencies, strict=True):
            assert (other.floor_vnd, other.cap_vnd) == corridor_bounds_vnd(one.amount_vnd, first.corridor)


def test_who_sits_out_a_year_comes_back_without_a_corridor() -> None:
    transition = one_year([(5, [handled(2)], 500), (5, [handled(2)], 500)], 1000, Fraction(1, 2))
    first = transition.years[0]
    alone = replace(first, year=YEAR + 1, total_vnd=500, agencies=first.agencies[:1])
    again = replace(first, year=YEAR + 2)
    run = run_transition(
        replace(
            transition,
            calendar=dict.fromkeys((YEAR, YEAR + 1, YEAR + 2), Fraction(1, 2)),
            years=(first, alone, again),
        )
    )
    assert [block.code for block in run[1].agencies] == ["CQ0"]
    assert [block.cap_vnd for block in run[2].agencies] == [575, None]


def test_a_thousand_agencies_are_shared_out_at_once() -> None:
    rows = [(1 + place % 37, [handled(place % 91 + 1)], 1_000_000 + place * 777) for place in range(1000)]
    transition = one_year(rows, sum(row[2] or 0 for row in rows) * 51 // 50, Fraction(3, 7))
    assert_follows_the_rule(shared(transition))
