"""Files that are not the office's template are refused with one sentence; the template is what it claims."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from finance.estimates.workbook.columns import DATA_SHEETS, CellKind
from finance.estimates.workbook.package import LARGEST_FILE_BYTES, MOST_ENTRIES
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.estimates.workbook.template import write_template
from tests.builders import a_draft, a_project
from tests.estimate_contexts import a_check_context
from tests.workbook_editing import MADE_AT, a_workbook, edited, repacked

CONTEXT = a_check_context()
FILLED = a_workbook(CONTEXT, a_draft())
TYPES = "[Content_Types].xml"


def _zip(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return stream.getvalue()


def _types_of_macro_book() -> bytes:
    with ZipFile(io.BytesIO(FILLED)) as package:
        return package.read(TYPES).replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )


def _encrypted() -> bytes:
    """The zip's own words changed: every entry says it is encrypted."""
    content = bytearray(FILLED)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    return bytes(content)


REFUSED = {
    "empty": (b"", "E_EMPTY_FILE"),
    "a text": ("Mã dự án;Tên".encode(), "E_NOT_XLSX"),
    "an old .xls or a password": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "E_OLD_XLS"),
    "another zip": (_zip({"a.txt": b"a"}), "E_NOT_XLSX"),
    "cut short": (FILLED[: len(FILLED) // 2], "E_CORRUPT"),
    "encrypted entries": (_encrypted(), "E_ENCRYPTED"),
    "too large": (b"PK" + b"\0" * LARGEST_FILE_BYTES, "E_FILE_TOO_LARGE"),
    "a bomb": (repacked(FILLED, {"xl/media/a.bin": b"\0" * 150_000_000}), "E_ZIP_BOMB"),
    "too much": (_zip({"xl/a.bin": b"0123456789abcdef" * 8_000_000}), "E_ZIP_BOMB"),
    "too many parts": (repacked(FILLED, {f"xl/media/{n}": b"" for n in range(MOST_ENTRIES)}), "E_ZIP_BOMB"),
    "a macro": (repacked(FILLED, {"xl/vbaProject.bin": b"x"}), "E_MACRO"),
    "a macro book": (repacked(FILLED, {TYPES: _types_of_macro_book()}), "E_MACRO"),
    "no template": (repacked(FILLED, {"docProps/custom.xml": None}), "E_TEMPLATE_VERSION"),
    "broken sheet": (
        repacked(FILLED, {"xl/worksheets/sheet3.xml": b"<worksheet><sheetData>"}),
        "E_CORRUPT",
    ),
    "entities": (
        repacked(
            FILLED,
            {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><workbook>&x;</workbook>'},
        ),
        "E_XML_ENTITY",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_template_is_refused_with_one_sentence(name: str) -> None:
    content, code = REFUSED[name]
    draft, findings = read_estimate_workbook(content, CONTEXT)
    assert draft is None
    assert [finding.code for finding in findings] == [code]
    assert findings[0].is_blocking
    assert findings[0].message_vi.endswith(".")
    assert findings[0].remedy_vi.endswith(".")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"round_code": "BS2013"}, "E_ROUND"),
        ({"agency_code": "H_KHANHVINH"}, "E_AGENCY"),
    ],
)
def test_the_template_of_another_round_or_office_is_refused(changed: dict[str, str], code: str) -> None:
    foreign = a_workbook(replace(CONTEXT, **changed), a_draft())
    draft, findings = read_estimate_workbook(foreign, CONTEXT)
    assert (draft, [finding.code for finding in findings]) == (None, [code])


def test_a_template_of_another_making_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finance.estimates.workbook.template.SCHEMA_VERSION", "0")
    draft, findings = read_estimate_workbook(a_workbook(CONTEXT, a_draft()), CONTEXT)
    assert (draft, [finding.code for finding in findings]) == (None, ["E_TEMPLATE_VERSION"])


def _remove_column(book: Any) -> None:
    book["Dòng chi"].delete_cols(9)


def _remove_sheet(book: Any) -> None:
    del book["Kết quả"]


def _hide_sheet(book: Any) -> None:
    book["Kết quả"].sheet_state = "hidden"


def _double_sheet(book: Any) -> None:
    book.copy_worksheet(book["Dự án"]).title = "DỰ ÁN "


def _fill_too_far(book: Any) -> None:
    for row in range(5, 2005 + 1):
        book["Dự án"].cell(row, 1, f"DA{row}")


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        (_remove_column, "Trang Dòng chi, cột Đơn giá (đồng)", "E_COLUMN_MISSING"),
        (_remove_sheet, "Trang Kết quả", "E_NO_SHEET"),
        (_hide_sheet, "Trang Kết quả", "E_HIDDEN_SHEET"),
        (_double_sheet, "Trang Dự án", "E_AMBIGUOUS_SHEET"),
        (_fill_too_far, "Dự án!A2005", "E_TOO_MANY_ROWS"),
    ],
)
def test_a_template_out_of_shape_is_refused(change: Any, place: str, code: str) -> None:
    draft, findings = read_estimate_workbook(edited(FILLED, {}, change), CONTEXT)
    assert draft is None
    assert [(f.location.text_vi, f.code) for f in findings if f.is_blocking] == [(place, code)]


def _move_columns(book: Any) -> None:
    book["Dòng chi"].move_range("B4:B7", cols=40)


def _write_far_below(book: Any) -> None:
    book["Dòng chi"].move_range("A6:AA7", rows=5000, translate=True)


@pytest.mark.parametrize(
    ("change", "code"), [(_move_columns, "W_COLUMNS_REORDERED"), (_write_far_below, "W_BLANK_ROWS")]
)
def test_what_was_moved_is_found_by_its_heading_and_nothing_is_lost(change: Any, code: str) -> None:
    draft, findings = read_estimate_workbook(edited(FILLED, {}, change), CONTEXT)
    assert draft == a_draft()
    assert [finding.code for finding in findings] == [code]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(FILLED) - 1), st.binary(min_size=1, max_size=40))
def test_a_damaged_file_is_a_finding_never_a_crash(at: int, noise: bytes) -> None:
    damaged = FILLED[:at] + noise + FILLED[at + len(noise) :]
    draft, findings = read_estimate_workbook(damaged, CONTEXT)
    assert draft is not None or any(finding.is_blocking for finding in findings)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet3.xml", "xl/sharedStrings.xml"]), st.data())
def test_damaged_parts_are_a_finding_never_a_crash(name: str, data: st.DataObject) -> None:
    with ZipFile(io.BytesIO(FILLED)) as package:
        part = package.read(name)
    at = data.draw(st.integers(0, len(part) - 1))
    noise = data.draw(
        st.sampled_from([b"", b"<", b'"', b"<row r='9999999'>", b"&", b"-1", b"99999999", b"</row>"])
    )
    draft, findings = read_estimate_workbook(
        repacked(FILLED, {name: part[:at] + noise + part[at + 3 :]}), CONTEXT
    )
    assert draft is not None or any(finding.is_blocking for finding in findings)


def test_the_template_locks_what_it_computes_and_lets_people_type_the_rest() -> None:
    book = load_workbook(io.BytesIO(write_template(CONTEXT, a_draft(), made_at=MADE_AT)))
    shown = ["Hướng dẫn", "Dự án", "Dòng chi", "Kết quả", "Tổng hợp", "Tra cứu"]
    assert book.sheetnames == [*shown, "Danh mục"]
    assert book["Danh mục"].sheet_state == "veryHidden"
    for shape in DATA_SHEETS:
        sheet = book[shape.title]
        assert sheet.protection.sheet
        assert sheet["A2"].value == "Đơn vị tính: đồng"
        assert sheet.freeze_panes is not None
        for index, column in enumerate(shape.columns, start=1):
            first, last = sheet.cell(5, index), sheet.cell(4 + shape.offered_rows, index)
            is_locked = not column.kind.is_typed
            assert first.protection.locked is last.protection.locked is is_locked, column.title
            assert (first.data_type == "f") is (column.kind is CellKind.AMOUNT), column.title
        assert all(rule.showErrorMessage and rule.error for rule in sheet.data_validations.dataValidation)
    lists = {str(rule.sqref).split(":")[0]: rule for rule in book["Dòng chi"].data_validations.dataValidation}
    assert lists["I5"].type == "whole"
    assert lists["M5"].type == "decimal"
    assert lists["E5"].type == "list"
    assert lists["E5"].formula1.startswith("'Danh mục'!")


def test_texts_never_become_formulas_or_links() -> None:
    draft = a_draft(a_project(name_vi='=HYPERLINK("http://x")', place="http://x.vn", justification="+1"))
    book = load_workbook(io.BytesIO(a_workbook(CONTEXT, draft)))
    assert [book["Dự án"][cell].data_type for cell in ("C5", "G5", "H5")] == ["s", "s", "s"]
    assert book["Dự án"]["G5"].hyperlink is None


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert a_workbook(CONTEXT, a_draft()) == FILLED
