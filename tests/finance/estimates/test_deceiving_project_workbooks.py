"""The full template of three sheets: what people and programs do to it between download and upload."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from unicodedata import normalize
from zipfile import ZipFile

import pytest

from finance.estimates.draft import EstimateDraft
from finance.estimates.workbook.package import ReadLimits
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.findings import Finding, Severity, blocking_findings
from tests.builders import a_draft
from tests.estimate_contexts import a_check_context
from tests.workbook_editing import a_workbook, edited, repacked

CONTEXT = a_check_context()
FILLED = a_workbook(CONTEXT, a_draft())
PRICE = r'(<c r="I5"[^>]*>)<v>\d+</v>'


def read(content: bytes, **facts: Any) -> tuple[EstimateDraft | None, list[Finding]]:
    return read_estimate_workbook(content, CONTEXT, **facts)


def _changed(change: Callable[[Any], None]) -> bytes:
    return edited(FILLED, {}, change)


def _insert_rows_above(book: Any) -> None:
    book["Dòng chi"].insert_rows(2, 3)


def _swap_price_and_times(book: Any) -> None:
    sheet = book["Dòng chi"]
    for row in range(4, 8):
        sheet.cell(row, 9).value, sheet.cell(row, 10).value = (
            sheet.cell(row, 10).value,
            sheet.cell(row, 9).value,
        )


def _decompose_titles(book: Any) -> None:
    for sheet in list(book):
        sheet.title = normalize("NFD", sheet.title)


def _add_own_sheet(book: Any) -> None:
    book.create_sheet("Dự toán")["A1"] = "Bảng tính nháp của tôi"


def _merge_keys(book: Any) -> None:
    book["Dòng chi"].merge_cells("A6:A7")


def _merge_prices(book: Any) -> None:
    book["Dòng chi"].merge_cells("I5:I6")


def _hide_prices(book: Any) -> None:
    book["Dòng chi"].column_dimensions["I"].hidden = True


def _add_column(book: Any) -> None:
    book["Dự án"].cell(4, 30, "Người theo dõi")
    book["Dự án"].cell(5, 30, "Anh Nam")


def _double_price(book: Any) -> None:
    book["Dòng chi"].cell(4, 40, "Đơn giá (đồng)")


def _leave_rows_blank(book: Any) -> None:
    book["Dòng chi"].move_range("A7:AA7", rows=2, translate=True)


TAKEN: dict[str, tuple[bytes, set[str]]] = {
    "rows put in above the heading": (_changed(_insert_rows_above), {"W_HEADER_MOVED"}),
    "two columns of figures exchanged": (_changed(_swap_price_and_times), {"W_COLUMNS_REORDERED"}),
    "sheet names typed on a Mac": (_changed(_decompose_titles), {"W_NORMALISED"}),
    "a draft sheet of one's own": (_changed(_add_own_sheet), set()),
    "a project's key merged over its lines": (_changed(_merge_keys), {"W_MERGED_TEXT"}),
    "the price column hidden": (_changed(_hide_prices), {"W_HIDDEN_COLUMN"}),
    "a column of one's own": (_changed(_add_column), {"W_EXTRA_COLUMN"}),
    "blank rows between lines": (_changed(_leave_rows_blank), {"W_BLANK_ROWS"}),
    "a price as a calculated formula": (
        repacked(FILLED, {}, PRICE, r"\1<f>250000*2</f><v>500000</v>"),
        {"W_FORMULA"},
    ),
    "a price with the noise of arithmetic": (
        repacked(FILLED, {}, PRICE, r"\1<v>499999.99999999994</v>"),
        {"W_ROUNDED"},
    ),
    "a dimension that lies": (
        repacked(FILLED, {}, r'<dimension ref="[^"]*"/>', '<dimension ref="A1:A1"/>'),
        set(),
    ),
    "a name with signs nobody sees": (
        edited(FILLED, {"Dự án!C5": "\u200b" + a_draft().projects[0].name_vi}),
        {"W_NORMALISED"},
    ),
}

REFUSED: dict[str, tuple[bytes, str, str]] = {
    "a price merged over two lines": (_changed(_merge_prices), "E_MERGED_AMOUNT", "Dòng chi!I5"),
    "two price columns": (_changed(_double_price), "E_COLUMN_TWICE", "Dòng chi!AN4"),
    "thousands in the price's heading": (
        edited(FILLED, {"Dòng chi!I4": "Đơn giá (nghìn đồng)"}),
        "E_UNIT",
        "Dòng chi!I4",
    ),
    "a price from another file": (
        repacked(FILLED, {}, PRICE, r"\1<f>[2]Gia!B7</f><v>500000</v>"),
        "E_EXTERNAL_FORMULA",
        "Dòng chi!I5",
    ),
    "a price nobody calculated": (
        repacked(FILLED, {}, PRICE, r"\1<f>B1*2</f>"),
        "E_FORMULA_NO_VALUE",
        "Dòng chi!I5",
    ),
    "a price beyond a spreadsheet's digits": (
        repacked(FILLED, {}, PRICE, r"\1<v>5E+300</v>"),
        "E_TOO_LARGE_NUMBER",
        "Dòng chi!I5",
    ),
    "two notations on two sheets": (
        edited(FILLED, {"Dòng chi!I5": "1.500.000", "Kết quả!E5": "1,200,000"}),
        "E_MIXED_SEPARATORS",
        "Kết quả!E5",
    ),
    "broken letters": (
        edited(FILLED, {"Dòng chi!B5": "Táº­p huáº¥n"}),
        "E_LEGACY_FONT",
        "Dòng chi!B5",
    ),
    "lost letters": (edited(FILLED, {"Dòng chi!T5": "ng\ufffdy"}), "E_LEGACY_FONT", "Dòng chi!T5"),
    "no heading": (
        edited(FILLED, {f"Dòng chi!{c}4": None for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}),
        "E_NO_HEADER",
        "Dòng chi!A4",
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_happened_to_the_file_is_said_and_nothing_is_lost(name: str) -> None:
    content, codes = TAKEN[name]
    draft, findings = read(content)
    assert [(found.code, found.location.text_vi) for found in blocking_findings(findings)] == []
    assert {found.code for found in findings if found.severity is Severity.WARNS} == codes
    assert draft == a_draft()


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_mean_two_things_is_refused_at_its_cell(name: str) -> None:
    content, code, place = REFUSED[name]
    _draft, findings = read(content)
    found = [finding.location.text_vi for finding in blocking_findings(findings) if finding.code == code]
    assert found
    assert place in found[0]


def test_a_file_of_many_lines_is_read_only_where_that_is_allowed() -> None:
    line = re.compile(r'<row r="7".*?</row>', re.DOTALL)

    def more(part: bytes) -> bytes:
        text = part.decode()
        match = line.search(text)
        assert match is not None
        copies = "".join(re.sub(r'(r="[A-Z]*)7"', rf'\g<1>{number}"', match[0]) for number in range(7, 2_100))
        rest = re.sub(r'<row r="(?:[89]|\d\d+)".*?(?=</sheetData>)', "", text[match.end() :], flags=re.DOTALL)
        return (text[: match.start()] + copies + rest).encode()

    sheet = "xl/worksheets/sheet3.xml"
    with ZipFile(io.BytesIO(FILLED)) as package:
        content = repacked(FILLED, {sheet: more(package.read(sheet))})
    draft, findings = read(content)
    assert (draft, [found.code for found in findings]) == (None, ["E_TOO_MANY_ROWS"])
    assert findings[0].location.text_vi == "Dòng chi!A2005"
    draft, _findings = read(content, limits=ReadLimits(lines=3000))
    assert draft is not None
    assert sum(len(project.lines) for project in draft.projects) == 2_095
