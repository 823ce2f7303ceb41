"""The formats of a template's cells, by what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finance.estimates.workbook.columns import CellKind

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

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
