"""Files that are unusual and honest: what is taken is taken to the đồng, and what happened is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from finance.estimates.draft import EstimateDraft
from finance.estimates.totals import draft_total
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.findings import Finding, Severity, blocking_findings
from tests.raw_workbooks import (
    HEADINGS,
    LINES,
    SHEET_PART,
    SIMPLE_TOTAL,
    Raw,
    RawBook,
    a_simple_book,
    a_simple_context,
    formula,
    simple_cells,
    zipped,
)

CONTEXT = a_simple_context()
STYLED = '<c r="{{r}}" s="{style}"><v>{value}</v></c>'


def read(content: bytes) -> tuple[EstimateDraft | None, list[Finding]]:
    return read_estimate_workbook(content, CONTEXT)


def _edited_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    members = a_simple_book().members()
    return zipped(members | {name: change(members[name])})


def _rows_changed(pattern: str, new: str) -> bytes:
    return _edited_part(SHEET_PART, lambda part: re.sub(pattern, new, part.decode(), count=1).encode())


def _in_rich_runs(text: str, guide: str) -> str:
    head, tail = text[:3], text[3:]
    runs = f"<r><t xml:space='preserve'>{head}</t></r><r><t>{tail}</t></r>"
    return f"<si>{runs}<rPh sb='0' eb='1'><t>{guide}</t></rPh></si>"


MERGED_CODES = '<mergeCells><mergeCell ref="B7:B8"/></mergeCells>'
# name: (file, codes of the warnings, total)
TAKEN: dict[str, tuple[bytes, set[str], int]] = {
    "an honest file": (a_simple_book().content(), set(), SIMPLE_TOTAL),
    "a phonetic guide beside the text": (
        a_simple_book(
            {"I7": Raw('<c r="{r}" t="s"><v>0</v></c>')}, strings=_in_rich_runs("NST_TX", "x")
        ).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "cells without addresses": (
        _edited_part(SHEET_PART, lambda part: re.sub(rb' r="[A-I]9"', b"", part)),
        set(),
        SIMPLE_TOTAL,
    ),
    "rows without numbers": (_rows_changed('<row r="9">', "<row>"), set(), SIMPLE_TOTAL),
    "a comment inside a number": (
        a_simple_book({"G7": Raw('<c r="{r}"><v>10000<!-- 0 -->000</v></c>')}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "a CDATA text": (
        a_simple_book({"E7": Raw('<c r="{r}" t="inlineStr"><is><t><![CDATA[lớp]]></t></is></c>')}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "white space around a number": (
        a_simple_book({"G7": Raw('<c r="{r}"><v>\n 1E7 </v></c>')}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "a cell of a foreign namespace": (
        a_simple_book({"L7": Raw('<z:c xmlns:z="urn:z" r="{r}"><z:v>5</z:v></z:c>')}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "a byte order mark": (_edited_part(SHEET_PART, lambda part: b"\xef\xbb\xbf" + part), set(), SIMPLE_TOTAL),
    "a picture and a printer's settings": (
        a_simple_book(parts={"xl/media/image1.png": b"\x89PNG", "xl/printerSettings/p.bin": b"\0"}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "a number format that says đồng": (
        a_simple_book({"G7": Raw(STYLED.format(style=2, value=10_000_000))}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "a day of a style with brackets": (
        a_simple_book({"J7": Raw(STYLED.format(style=1, value=40940))}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "a day in ISO form": (
        a_simple_book({"J7": Raw('<c r="{r}" t="d"><v>2012-02-01T00:00:00</v></c>')}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "the template's own formula, never calculated": (
        a_simple_book({"H7": formula('IF(OR(F7="",G7=""),"",ROUND(F7*G7,0))')}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "a formula over a table's column": (
        a_simple_book({"G7": formula("SUM(Bang1[Giá])", 10_000_000)}).content(),
        {"W_FORMULA"},
        SIMPLE_TOTAL,
    ),
    "a formula that gives a text": (
        a_simple_book({"G7": formula("A1", "10000000", ' t="str"')}).content(),
        {"W_FORMULA", "W_TEXT_NUMBER"},
        SIMPLE_TOTAL,
    ),
    "thousands with the sign of the đồng": (
        a_simple_book({"G9": "20.000 đ"}).content(),
        {"W_TEXT_NUMBER"},
        SIMPLE_TOTAL,
    ),
    "a number with a sign nobody sees": (
        a_simple_book({"H7": "40\u200b000000"}).content(),
        {"W_TEXT_NUMBER", "W_NORMALISED"},
        SIMPLE_TOTAL,
    ),
    "half a unit, rounded up to the đồng": (
        a_simple_book({"F7": 0.5, "G7": 10_000_001, "H7": 5_000_001}).content(),
        set(),
        SIMPLE_TOTAL - 40_000_000 + 5_000_001,
    ),
    "a quantity as Excel stores 0,3": (
        a_simple_book({"F7": Raw('<c r="{r}"><v>0.29999999999999999</v></c>'), "H7": 3_000_000}).content(),
        set(),
        SIMPLE_TOTAL - 37_000_000,
    ),
    "a column of no width": (
        a_simple_book(columns='<cols><col min="8" max="8" width="0"/></cols>').content(),
        {"W_HIDDEN_COLUMN"},
        SIMPLE_TOTAL,
    ),
    "a task merged over two lines": (
        a_simple_book({"B8": None}, after=MERGED_CODES).content(),
        {"W_MERGED_TEXT"},
        SIMPLE_TOTAL,
    ),
    "an honest total at the top": (
        RawBook(
            cells=simple_cells(((None, None, "TỔNG CỘNG", None, None, None, None, SIMPLE_TOTAL), *LINES))
        ).content(),
        {"W_TOTAL_ROW"},
        SIMPLE_TOTAL,
    ),
    "who signed, below the total": (
        RawBook(
            cells=simple_cells(
                (
                    *LINES,
                    (None, "Tổng cộng", None, None, None, None, None, SIMPLE_TOTAL),
                    (None, None, "Người lập biểu"),
                )
            )
        ).content(),
        {"W_TOTAL_ROW", "W_SUBTOTAL_ROW"},
        SIMPLE_TOTAL,
    ),
    "groups within groups": (
        RawBook(
            cells=simple_cells(
                (
                    ("A", None, "Chi thường xuyên", None, None, None, None, SIMPLE_TOTAL),
                    ("I", None, "Tỉnh", None, None, None, None, 60_000_000),
                    *LINES[:2],
                    ("II", None, "Huyện", None, None, None, None, 7_000_000),
                    LINES[2],
                )
            )
        ).content(),
        {"W_SUBTOTAL_ROW"},
        SIMPLE_TOTAL,
    ),
    "a line that begins like a total": (a_simple_book({"C7": "Công tác phí"}).content(), set(), SIMPLE_TOTAL),
    "an office in small letters": (a_simple_book({"B2": "h_nhatrang"}).content(), set(), SIMPLE_TOTAL),
    "no unit line": (a_simple_book({"A4": None}).content(), set(), SIMPLE_TOTAL),
    "numbered lines of one task": (
        RawBook(
            cells=simple_cells(tuple((line[0], f"4b.{line[0]}", *LINES[0][2:]) for line in LINES))
        ).content(),
        set(),
        120_000_000,
    ),
    "tasks by their place in the annex": (
        a_simple_book({"B7": "CCHC-03", "B8": "cchc - 02"}).content(),
        {"W_NORMALISED"},
        SIMPLE_TOTAL,
    ),
    "a bullet before a name": (
        a_simple_book({"C7": "- Mở lớp", "C8": "+ Rà soát"}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "a line break in a name": (
        a_simple_book({"C7": "Mở lớp_x000D_\nbồi dưỡng"}).content(),
        set(),
        SIMPLE_TOTAL,
    ),
    "optional columns taken out": (
        RawBook(
            cells={
                address: value
                for address, value in simple_cells().items()
                if address[0] not in "JK" or address[1:] < "6"
            }
        ).content(),
        set(),
        SIMPLE_TOTAL,
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_an_unusual_file_is_taken_to_the_dong(name: str) -> None:
    content, codes, total = TAKEN[name]
    draft, findings = read(content)
    assert [(found.code, found.location.text_vi) for found in blocking_findings(findings)] == []
    assert {found.code for found in findings if found.severity is Severity.WARNS} == codes
    assert draft is not None
    assert draft_total(draft) == total


def test_the_day_the_result_and_the_note_are_kept_in_words() -> None:
    content = a_simple_book({"J7": Raw(STYLED.format(style=1, value=40940)), "K7": "Ưu tiên"}).content()
    draft, _findings = read(content)
    assert draft is not None
    line = draft.projects[0].lines[0]
    assert line.note == "Ưu tiên\nKết quả đầu ra: Lớp học\nBắt đầu: 01/02/2012"
    assert line.year == 2012


def test_hidden_lines_are_counted_and_added_up_in_words() -> None:
    _draft, findings = read(a_simple_book(hidden_rows=frozenset({7, 9})).content())
    said = next(found.message_vi for found in findings if found.code == "W_HIDDEN_ROWS")
    assert "2 dòng" in said
    assert "47.000.000 đồng" in said


def test_a_file_of_text_amounts_keeps_to_one_notation() -> None:
    _draft, findings = read(a_simple_book({"H7": "40.000.000", "H8": "20,000,000"}).content())
    clash = next(found for found in findings if found.code == "E_MIXED_SEPARATORS")
    assert clash.location.text_vi == "Dự toán!H8"
    assert "Dự toán!H7" in clash.message_vi


OPTIONAL = {"STT", "Ghi chú", "Kết quả đầu ra", "Thời gian bắt đầu"}


@pytest.mark.parametrize("missing", [heading for heading in HEADINGS if heading not in OPTIONAL])
def test_every_needed_column_is_missed_by_its_name(missing: str) -> None:
    letter = chr(65 + HEADINGS.index(missing))
    cells: Mapping[str, object] = {f"{letter}{row}": None for row in range(6, 10)}
    _draft, findings = read(a_simple_book(cells).content())
    assert [(found.code, missing in found.location.text_vi) for found in blocking_findings(findings)] == [
        ("E_COLUMN_MISSING", True)
    ]
