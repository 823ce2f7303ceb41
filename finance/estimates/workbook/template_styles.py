"""The formats of a template's cells, by what they are for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from finance.estimates.workbook.columns import CellKind, SheetShape

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

A3, A4 = 8, 9  # as the format numbers kinds of paper
LINE_POINTS = 15.75  # of `FONT`
ONE_LINE = LINE_POINTS + 1.5
HIGHEST_ROW = 409  # the format allows no higher one
FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}


@dataclass(frozen=True, slots=True)
class Styles:
    """Cell formats by what they are for; `missing` and `exceeded` colour cells by a condition."""

    title: Format
    note: Format
    header: Format
    by_kind: Mapping[CellKind, Format]
    missing: Format
    exceeded: Format


def add_styles(book: Workbook) -> Styles:
    """Every format a template needs."""
    cell = FONT | {"border": 1, "border_color": "#B0B7C3", "locked": False, "text_wrap": True}
    money = cell | {"num_format": "#,##0", "text_wrap": False}
    amounts = money | {"locked": True, "bg_color": "#EEF1F5"}
    kinds = {kind: book.add_format(cell | {"num_format": "@"}) for kind in CellKind}
    kinds[CellKind.WHOLE] = book.add_format(cell | {"num_format": "0"})
    kinds[CellKind.VND] = book.add_format(money)
    kinds[CellKind.QUANTITY] = book.add_format(money | {"num_format": "#,##0.###"})
    kinds[CellKind.AMOUNT] = book.add_format(amounts)
    kinds[CellKind.KEY] = book.add_format(amounts | {"num_format": "@"})
    return Styles(
        title=book.add_format(FONT | {"bold": True, "font_size": 14}),
        note=book.add_format(FONT | {"italic": True}),
        header=book.add_format(
            FONT | {"bold": True, "border": 1, "bg_color": "#DCE3EC", "text_wrap": True, "align": "center"}
        ),
        by_kind=kinds,
        missing=book.add_format({"bg_color": "#FFF2CC"}),
        exceeded=book.add_format({"bg_color": "#F8CBAD", "font_color": "#9C0006"}),
    )


def print_across(page: Worksheet, heading_row: int, paper: int = A4) -> None:
    """Print the sheet lying, as wide as the paper, with its headings on every page.

    Args:
        page: a sheet of the template.
        heading_row: 1 for the first.
        paper: `A3` for a sheet nobody could read on A4.
    """
    page.set_landscape()
    page.set_paper(paper)
    page.fit_to_pages(1, 0)
    page.repeat_rows(heading_row - 1)


def height_for(texts: Iterable[tuple[str, float]]) -> float:
    """Points a row needs to show these texts, wrapped.

    LibreOffice leaves rows of other programs' files as high as they say, and one line where they say nothing.

    Args:
        texts: each with the width of its column, in signs.
    """
    lines = max(
        (sum(max(1, ceil(len(line) / width)) for line in text.split("\n")) for text, width in texts),
        default=1,
    )
    return min(LINE_POINTS * lines + 1.5, HIGHEST_ROW)


def set_heights(
    page: Worksheet, shape: SheetShape, rows: Sequence[Mapping[str, object]], heading_row: int
) -> None:
    """Heights of the headings, and of the filled rows that need more than a line; others are left to grow.

    Args:
        page: of the shape.
        shape: its columns.
        rows: what is filled in below the headings, by column.
        heading_row: 1 for the first.
    """
    page.set_row(heading_row - 1, height_for((column.title, column.width) for column in shape.columns))
    for at, cells in enumerate(rows, start=heading_row):
        height = height_for((str(cells.get(column.key, "")), column.width) for column in shape.columns)
        if height > ONE_LINE:
            page.set_row(at, height)
