"""Bảng chéo: the consolidated estimates of a round by any two or three marks, on the screen and as a file.

Counted is what the consolidation counts: annual estimates sent and not returned, each project once at
its requested level. The grand total is held against the store's own; an inequality is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.errors import RecordDamaged
from finance.permissions import require
from finance.programme.classification import Nature, ProjectKind
from finance.programme.queries import list_areas, list_sources, list_tasks
from finance.reports.cross_facts import CrossFacts, cross_facts
from finance.reports.cross_layout import CrossLayout, Dimension, Figure
from finance.reports.cross_sums import CrossSums, SumLine, cross_sums
from finance.reports.export_tables import Cell, Column, ColumnKind, ExportTable
from finance.rounds.queries import RoundRow, get_round, require_true_round

_TOTAL_VI = "Tổng số"
_SUBTOTAL_VI = "Cộng"


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One row of the table; None where nothing belongs to the cell.

    Attributes:
        name_vi: the row's name; of a detail, the name of the row it stands under.
        detail_vi: the detail's name; empty for a row or sub-total.
    """

    name_vi: str
    detail_vi: str
    cells: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class CrossTable:
    """The table with its totals and what stands behind it.

    Attributes:
        columns: names of the columns, without that of the totals.
        rows: in the order of the decision, the offices in Vietnamese order; a sub-total stands before
            its details.
        total: the last row; its total is the store's own total of the figure.
        counted: estimates in the figures.
        appraised_count: how many of them are fully appraised.
        returned: offices whose estimate was returned and is not in the figures.
    """

    round: RoundRow
    layout: CrossLayout
    columns: tuple[str, ...]
    rows: tuple[CrossRow, ...]
    total: CrossRow
    counted: int
    appraised_count: int
    returned: tuple[str, ...]


def cross_table(session: Session, actor: Actor, round_id: int, *, layout: CrossLayout) -> CrossTable:
    """The round's estimates laid out as asked.

    Raises:
        NotAllowed: the actor neither appraises, decides nor inspects.
        NotFound: no such round, or one for practice.
        RecordDamaged: what was added up is not what the store adds up.
    """
    require(actor, Action.VIEW_REPORTS)
    require_true_round(session, round_id)
    known = cross_facts(session, actor, round_id)
    sums = cross_sums(known.facts, layout)
    if sums.grand.total != known.stored[layout.figure]:
        raise RecordDamaged(f"the cross table of round {round_id} is not the store's own total")
    columns = _in_order(_names(session, layout.columns, known), sums.grand.cells)
    return CrossTable(
        round=get_round(session, round_id),
        layout=layout,
        columns=tuple(columns.values()),
        rows=_rows(session, known, sums, tuple(columns), layout),
        total=_row(_TOTAL_VI, "", sums.grand, tuple(columns)),
        counted=len(known.counted),
        appraised_count=known.appraised_count,
        returned=known.returned,
    )


def cross_export(table: CrossTable) -> ExportTable:
    """The table of the page as it leaves the program."""
    layout = table.layout
    kind = ColumnKind.AMOUNT if layout.figure.is_money else ColumnKind.WHOLE
    names = [_heading(one) for one in (layout.rows, layout.detail) if one is not None]
    unit = "đồng" if layout.figure.is_money else "dự án"
    return ExportTable(
        title=table_title(layout),
        columns=(
            *(Column(name) for name in names),
            *(Column(f"{name} ({unit})", kind) for name in (*table.columns, _TOTAL_VI)),
        ),
        rows=tuple(_cells(row, has_detail=layout.detail is not None) for row in table.rows),
        notes=_notes(table),
        total=_cells(table.total, has_detail=layout.detail is not None),
    )


def table_title(layout: CrossLayout) -> str:
    """What the table is, in one line."""
    figure = f"Kinh phí {layout.figure.label_vi}" if layout.figure.is_money else "Số dự án"
    if layout.figure is Figure.DIFFERENCE:
        figure = "Chênh lệch thẩm định so với đề nghị"
    rows = ", ".join(one.label_vi for one in (layout.rows, layout.detail) if one is not None)
    return f"{figure} theo {rows} và {layout.columns.label_vi}"


def _rows(
    session: Session, known: CrossFacts, sums: CrossSums, columns: tuple[str, ...], layout: CrossLayout
) -> tuple[CrossRow, ...]:
    names = _in_order(_names(session, layout.rows, known), sums.rows)
    details = _names(session, layout.detail, known) if layout.detail else {}
    found: list[CrossRow] = []
    for key, name in names.items():
        found.append(_row(name, "", sums.rows[key], columns))
        inside = {detail: line for (row, detail), line in sums.details.items() if row == key}
        for detail, detail_name in _in_order(details, inside).items():
            found.append(_row(name, detail_name, inside[detail], columns))
    return tuple(found)


def _row(name: str, detail: str, line: SumLine, columns: tuple[str, ...]) -> CrossRow:
    return CrossRow(
        name, detail, tuple(line.cells.get(key) for key in columns), line.total if line.cells else None
    )


def _in_order(names: Mapping[str, str], keys: Iterable[str]) -> dict[str, str]:
    """The names of these keys in the order of the names.

    Raises:
        RecordDamaged: a key has no name, so that its row would silently be missing.
    """
    wanted = set(keys)
    if wanted - set(names):
        raise RecordDamaged(f"a cross table has no name for {sorted(wanted - set(names))}")
    return {key: name for key, name in names.items() if key in wanted}


def _names(session: Session, dimension: Dimension, known: CrossFacts) -> dict[str, str]:
    """Every key of the dimension with its name: in the decision's order, or the alphabet's for offices."""
    if dimension is Dimension.AREA:
        return {row.code: f"{row.code}. {row.name_vi}" for row in list_areas(session)}
    if dimension is Dimension.TASK:
        return {row.code: f"{row.code}. {row.name_vi}" for row in list_tasks(session)}
    if dimension is Dimension.SOURCE:
        return {row.code: row.name_vi for row in list_sources(session)}
    if dimension is Dimension.AGENCY:
        return {str(file.agency_id): file.agency_name for file in known.counted}
    if dimension is Dimension.YEAR:
        years = sorted({fact.year for fact in known.facts})
        return {str(year): f"Năm {year}" for year in years}
    members = Nature if dimension is Dimension.NATURE else ProjectKind
    return {str(member): _sentence(member.label_vi) for member in members}


def _notes(table: CrossTable) -> tuple[str, ...]:
    notes = [
        table.round.name_vi,
        f"Tính {table.counted} dự toán đã gửi; {table.appraised_count} đã thẩm định xong.",
        counting_note(table.layout),
    ]
    if table.returned:
        notes.append(f"Chưa tính dự toán bị trả lại: {', '.join(table.returned)}.")
    if table.round.is_demonstration:
        notes.append("Dữ liệu minh họa: số tiền là giả định.")
    return tuple(notes)


def counting_note(layout: CrossLayout) -> str:
    """How the figure is counted, in one sentence."""
    if not layout.figure.is_money:
        return (
            "Mỗi dự án có kinh phí đề nghị đếm một lần trong từng ô và từng dòng, cột tổng; dự án có ở "
            "nhiều ô vẫn là một dự án trong tổng số."
        )
    by_office = Dimension.AGENCY in (layout.rows, layout.detail, layout.columns)
    whose = " Phần của cơ quan phối hợp đứng ở cơ quan chủ trì." if by_office else ""
    if layout.figure.needs_appraisal:
        return f"Mỗi dự án tính một lần, ở mức đề nghị; chỉ gồm dự toán đã thẩm định xong.{whose}"
    return f"Mỗi dự án tính một lần, ở mức đề nghị.{whose}"


def _cells(row: CrossRow, *, has_detail: bool) -> tuple[Cell, ...]:
    detail = [row.detail_vi or _SUBTOTAL_VI] if has_detail else []
    return (row.name_vi, *detail, *row.cells, row.total)


def _heading(dimension: Dimension) -> str:
    return _sentence(dimension.label_vi)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
