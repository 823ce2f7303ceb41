"""Adding up a cross table with pandas, in whole đồng from end to end.

A pivot with a hole in it becomes float64 in pandas, and a float forgets đồng above 2**53. Here holes are
filled before they appear, what is not int64 is refused, and every margin is proven against its cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from finance.errors import RecordDamaged
from finance.reports.cross_layout import KEY_OF, CrossLayout, MoneyFact

if TYPE_CHECKING:
    from pandas import DataFrame, Series

_LARGEST_INT64 = 2**63 - 1
_ROW, _DETAIL, _COLUMN = "row", "detail", "column"

Cells: TypeAlias = dict[str, int]


@dataclass(frozen=True, slots=True)
class SumLine:
    """The cells of one line by column key, and the line's own total; a missing key is an empty cell."""

    cells: Cells
    total: int


@dataclass(frozen=True, slots=True)
class CrossSums:
    """Every line of the table by its keys.

    Attributes:
        details: (row key, detail key) -> line; empty when the layout has no detail.
        rows: row key -> line; the sub-totals when there is detail.
        grand: the line of totals.

    Units:
        đồng, or projects when the figure counts projects.
    """

    details: dict[tuple[str, str], SumLine]
    rows: dict[str, SumLine]
    grand: SumLine


def cross_sums(facts: Sequence[MoneyFact], layout: CrossLayout) -> CrossSums:
    """The facts added up by rows, detail and columns.

    Projects are counted once in every cell, sub-total and total: a project paid from two sources stands
    in two columns and is one project in the total.

    Raises:
        RecordDamaged: the sums do not fit whole numbers of 64 bits, or a margin is not the sum of its cells.
    """
    used = [(fact, amount) for fact in facts if (amount := fact.amount_of(layout.figure)) is not None]
    if not used:
        return CrossSums({}, {}, SumLine({}, 0))
    if sum(abs(amount) for _fact, amount in used) > _LARGEST_INT64:
        raise RecordDamaged("a cross table does not fit 64 bits")
    frame = _frame(used, layout)
    is_money = layout.figure.is_money
    details = _lines(frame, [_ROW, _DETAIL], is_money=is_money) if layout.detail else {}
    rows = {key[0]: line for key, line in _lines(frame, [_ROW], is_money=is_money).items()}
    grand = _lines(frame.assign(all=""), ["all"], is_money=is_money)[("",)]
    found = CrossSums({(row, detail): line for (row, detail), line in details.items()}, rows, grand)
    _prove(found, is_money=is_money)
    return found


def _frame(used: Sequence[tuple[MoneyFact, int]], layout: CrossLayout) -> DataFrame:
    from pandas import DataFrame, Series  # a second of start-up: loaded with the first table

    def keys(of: Any) -> list[str]:
        return [KEY_OF[of](fact) for fact, _amount in used]

    columns: dict[str, Any] = {
        _ROW: keys(layout.rows),
        _COLUMN: keys(layout.columns),
        "amount": Series([amount for _fact, amount in used], dtype="int64"),
        "project": Series([fact.project_id for fact, _amount in used], dtype="int64"),
    }
    if layout.detail:
        columns[_DETAIL] = keys(layout.detail)
    return DataFrame(columns)


def _lines(frame: DataFrame, by: list[str], *, is_money: bool) -> dict[tuple[str, ...], SumLine]:
    """One line for every combination of keys; cells nothing belongs to are left out, not 0."""
    pivot = _measured(frame, [*by, _COLUMN], is_money=is_money).unstack(_COLUMN, fill_value=0)
    is_there = frame.groupby([*by, _COLUMN]).size().unstack(_COLUMN, fill_value=0) > 0
    for kind in pivot.dtypes:
        _require_int64(kind)
    totals = _measured(frame, by, is_money=is_money)
    columns = [str(name) for name in pivot.columns]
    found: dict[tuple[str, ...], SumLine] = {}
    amounts, present = pivot.to_numpy(), is_there.to_numpy()
    for place, key in enumerate(pivot.index):
        cells = {
            name: int(amount)
            for name, amount, here in zip(columns, amounts[place], present[place], strict=True)
            if here
        }
        found[key if isinstance(key, tuple) else (key,)] = SumLine(cells, int(totals.loc[key]))
    return found


def _measured(frame: DataFrame, by: list[str], *, is_money: bool) -> Series:
    groups = frame.groupby(by)
    measured = groups["amount"].sum() if is_money else groups["project"].nunique()
    _require_int64(measured.dtype)
    return measured


def _require_int64(kind: object) -> None:
    if str(kind) != "int64":
        raise RecordDamaged(f"a cross table was added up as {kind}, not as whole numbers")


def _prove(found: CrossSums, *, is_money: bool) -> None:
    """Every margin against what stands before it, added again without pandas."""
    lines = [*found.details.values(), *found.rows.values(), found.grand]
    for line in lines:
        _agree(line.total, list(line.cells.values()), is_money=is_money)
    for column, amount in found.grand.cells.items():
        of_rows = [line.cells[column] for line in found.rows.values() if column in line.cells]
        _agree(amount, of_rows, is_money=is_money)
    for key, line in found.rows.items() if found.details else ():
        inside = [one for (row, _detail), one in found.details.items() if row == key]
        for column, amount in line.cells.items():
            of_details = [one.cells[column] for one in inside if column in one.cells]
            _agree(amount, of_details, is_money=is_money)


def _agree(total: int, parts: list[int], *, is_money: bool) -> None:
    """Money adds up; of projects, no total is above the sum of its parts nor below the largest."""
    is_right = total == sum(parts) if is_money else max(parts) <= total <= sum(parts)
    if not is_right:
        raise RecordDamaged("a total of a cross table is not that of its cells")
