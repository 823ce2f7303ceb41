"""What leaves the program: letters whole, amounts to the đồng, no text ever run as a formula."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from finance.reports.export_tables import Column, ColumnKind, ExportTable, harmless_cell, write_csv
from finance.reports.workbooks import write_workbook

COLUMNS = (Column("Cơ quan"), Column("Số tiền (đồng)", ColumnKind.AMOUNT))


def table_of(*rows: tuple[str | int | None, ...]) -> ExportTable:
    return ExportTable("Bảng thử", COLUMNS, rows)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_begins_with_a_bom_and_keeps_its_letters() -> None:
    content = write_csv(table_of(("Sở Nội vụ, “đặc biệt”", 1_250_000_000)))
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content) == [["Cơ quan", "Số tiền (đồng)"], ["Sở Nội vụ, “đặc biệt”", "1250000000"]]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_looks_like_a_formula_is_made_harmless(text: str) -> None:
    assert harmless_cell(text) == f"'{text}"
    sheet = load_workbook(io.BytesIO(write_workbook(table_of((text, 1))))).worksheets[0]
    cell = sheet.cell(row=sheet.max_row, column=1)
    assert cell.data_type == "s"
    assert sheet.cell(row=sheet.max_row, column=2).value == 1


def test_a_negative_amount_stays_a_number() -> None:
    assert harmless_cell(-1_000) == -1_000
    assert read_csv(write_csv(table_of(("A", -1_000))))[1] == ["A", "-1000"]


def test_an_amount_too_long_for_a_spreadsheet_stays_exact() -> None:
    amount = 10**17 + 1
    sheet = load_workbook(io.BytesIO(write_workbook(table_of(("A", amount))))).worksheets[0]
    assert sheet.cell(row=sheet.max_row, column=2).value == str(amount)


def test_an_unknown_figure_is_an_empty_cell() -> None:
    assert read_csv(write_csv(table_of(("A", None))))[1] == ["A", ""]
    sheet = load_workbook(io.BytesIO(write_workbook(table_of(("A", None))))).worksheets[0]
    assert sheet.cell(row=sheet.max_row, column=2).value is None


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="one cell per column"):
        table_of(("A",))


@given(st.text(max_size=40), st.integers(-(2**63), 2**63 - 1))
def test_no_text_cell_of_a_csv_begins_like_a_formula(text: str, amount: int) -> None:
    cell = read_csv(write_csv(table_of((text.replace("\x00", ""), amount))))[1]
    assert not cell[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell[1] == str(amount)
