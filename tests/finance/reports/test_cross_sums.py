"""A cross table adds up like a person with a dictionary would, to the last đồng."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finance.errors import RecordDamaged, RuleBroken
from finance.programme.classification import Nature, ProjectKind
from finance.reports import cross_sums as the_sums
from finance.reports.cross_layout import KEY_OF, CrossLayout, Dimension, Figure, MoneyFact
from finance.reports.cross_sums import CrossSums, SumLine, cross_sums

# One đồng more than a float can tell apart.
BEYOND_FLOAT = 2**53 + 1

A_FACT = MoneyFact(
    project_id=1,
    agency_id=7,
    area_code="2",
    task_code="2a",
    source_code="NST_TX",
    nature=Nature.RECURRENT,
    year=2012,
    kind=ProjectKind.PROJECT,
    asked_vnd=BEYOND_FLOAT,
    appraised_vnd=None,
)

amounts = st.one_of(st.just(0), st.just(BEYOND_FLOAT), st.integers(0, 2**58))
facts = st.builds(
    MoneyFact,
    project_id=st.integers(1, 5),
    agency_id=st.integers(1, 3),
    area_code=st.sampled_from(["1", "2", "6"]),
    task_code=st.sampled_from(["1a", "2a", "6dd"]),
    source_code=st.sampled_from(["NST_TX", "NS_HUYEN", "ODA"]),
    nature=st.sampled_from([Nature.RECURRENT, Nature.CAPITAL]),
    year=st.sampled_from([2012, 2013]),
    kind=st.sampled_from(list(ProjectKind)),
    asked_vnd=amounts,
    appraised_vnd=st.one_of(st.none(), amounts),
)
layouts = st.builds(
    lambda marks, has_detail, figure: CrossLayout(
        marks[0], marks[1], figure, detail=marks[2] if has_detail else None
    ),
    st.permutations(list(Dimension)),
    st.booleans(),
    st.sampled_from(list(Figure)),
)


def by_hand(found: list[MoneyFact], figure: Figure, *by: Dimension) -> dict[tuple[str, ...], int]:
    """The figure by these marks, with a dictionary and nothing else."""
    money: dict[tuple[str, ...], int] = defaultdict(int)
    projects: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for fact in found:
        if figure in (Figure.ASKED, Figure.PROJECTS):
            if not fact.asked_vnd:
                continue
            amount = fact.asked_vnd
        else:
            if fact.appraised_vnd is None or (fact.asked_vnd, fact.appraised_vnd) == (0, 0):
                continue
            amount = fact.appraised_vnd - (fact.asked_vnd if figure is Figure.DIFFERENCE else 0)
        key = tuple(KEY_OF[one](fact) for one in by)
        money[key] += amount
        projects[key].add(fact.project_id)
    return {key: len(projects[key]) if figure is Figure.PROJECTS else money[key] for key in money}


@settings(max_examples=40, deadline=None)
@given(st.lists(facts, max_size=12), layouts)
def test_every_cell_and_margin_is_the_sum_by_hand(found: list[MoneyFact], layout: CrossLayout) -> None:
    sums, rows, columns, figure = cross_sums(found, layout), layout.rows, layout.columns, layout.figure
    cells = {(row, column): n for row, line in sums.rows.items() for column, n in line.cells.items()}
    assert cells == by_hand(found, figure, rows, columns)
    assert {(row,): line.total for row, line in sums.rows.items()} == by_hand(found, figure, rows)
    assert {(column,): n for column, n in sums.grand.cells.items()} == by_hand(found, figure, columns)
    assert sums.grand.total == by_hand(found, figure).get((), 0)
    if layout.detail:
        inner = {(*key, column): n for key, line in sums.details.items() for column, n in line.cells.items()}
        assert inner == by_hand(found, figure, rows, layout.detail, columns)
        totals = {key: line.total for key, line in sums.details.items()}
        assert totals == by_hand(found, figure, rows, layout.detail)


def test_holes_in_the_table_lose_no_dong() -> None:
    other = replace(A_FACT, project_id=2, area_code="6", source_code="ODA", asked_vnd=1)
    sums = cross_sums([A_FACT, other], CrossLayout(Dimension.AREA, Dimension.SOURCE, Figure.ASKED))
    assert sums.rows["2"] == SumLine({"NST_TX": BEYOND_FLOAT}, BEYOND_FLOAT)
    assert sums.rows["6"] == SumLine({"ODA": 1}, 1)
    assert sums.grand.total == BEYOND_FLOAT + 1
    assert type(sums.grand.total) is int


def test_a_project_of_two_sources_is_one_project() -> None:
    again = replace(A_FACT, source_code="ODA")
    layout = CrossLayout(Dimension.AGENCY, Dimension.SOURCE, Figure.PROJECTS)
    assert cross_sums([A_FACT, again], layout).grand == SumLine({"NST_TX": 1, "ODA": 1}, 1)


def test_what_does_not_fit_is_refused_not_wrapped() -> None:
    huge = [replace(A_FACT, project_id=n, asked_vnd=2**62) for n in (1, 2)]
    with pytest.raises(RecordDamaged, match="64 bits"):
        cross_sums(huge, CrossLayout(Dimension.AREA, Dimension.SOURCE, Figure.ASKED))


def test_floats_are_refused() -> None:
    from pandas import Series

    with pytest.raises(RecordDamaged, match="float64"):
        the_sums._require_int64(Series([1, None]).dtype)
    the_sums._require_int64(Series([1, 2]).dtype)


@pytest.mark.parametrize(
    ("is_money", "row", "grand"),
    [
        (True, SumLine({"A": 5}, 6), SumLine({"A": 5}, 5)),
        (True, SumLine({"A": 5}, 5), SumLine({"A": 4}, 4)),
        (False, SumLine({"A": 1, "B": 1}, 3), SumLine({"A": 1, "B": 1}, 2)),
        (False, SumLine({"A": 2, "B": 1}, 1), SumLine({"A": 2, "B": 1}, 2)),
    ],
)
def test_a_margin_that_is_not_its_cells_is_an_error(is_money: bool, row: SumLine, grand: SumLine) -> None:
    with pytest.raises(RecordDamaged, match="not that of its cells"):
        the_sums._prove(CrossSums({}, {"2": row}, grand), is_money=is_money)


@pytest.mark.parametrize("detail", [Dimension.AREA, Dimension.SOURCE])
def test_the_same_mark_twice_is_refused(detail: Dimension) -> None:
    with pytest.raises(RuleBroken, match="phải khác nhau"):
        CrossLayout(Dimension.AREA, Dimension.SOURCE, Figure.ASKED, detail=detail)
    with pytest.raises(RuleBroken, match="phải khác nhau"):
        CrossLayout(Dimension.AREA, Dimension.AREA, Figure.ASKED)
