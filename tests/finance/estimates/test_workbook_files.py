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
    "empty": (b"", "FILE_EMPTY"),
    "a text": ("Mã dự án;Tên".encode(), "FILE_NOT_XLSX"),
    "an old .xls or a password": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "FILE_NOT_XLSX"),
    "another zip": (_zip({"a.txt": b"a"}), "FILE_NOT_XLSX"),
    "cut short": (FILLED[: len(FILLED) // 2], "FILE_NOT_XLSX"),
    "encrypted entries": (_encrypted(), "FILE_NOT_XLSX"),
    "too large": (b"PK" + b"\0" * LARGEST_FILE_BYTES, "FILE_TOO_LARGE"),
    "a bomb": (repacked(FILLED, {"xl/media/a.bin": b"\0" * 50_000_000}), "FILE_BURSTS"),
    "too much": (_zip({"xl/a.bin": b"0123456789abcdef" * 4_000_000}), "FILE_BURSTS"),
    "too many parts": (repacked(FILLED, {f"xl/media/{n}": b"" for n in range(MOST_ENTRIES)}), "FILE_BURSTS"),
    "a macro": (repacked(FILLED, {"xl/vbaProject.bin": b"x"}), "FILE_HAS_MACROS"),
    "a macro book": (repacked(FILLED, {TYPES: _types_of_macro_book()}), "FILE_HAS_MACROS"),
    "no template": (repacked(FILLED, {"docProps/custom.xml": None}), "TEMPLATE_UNKNOWN"),
    "broken sheet": (
        repacked(FILLED, {"xl/worksheets/sheet3.xml": b"<worksheet><sheetData>"}),
        "FILE_DAMAGED",
    ),
    "entities": (
        repacked(
            FILLED,
            {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><workbook>&x;</workbook>'},
        ),
        "FILE_DAMAGED",
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
        ({"round_code": "BS2013"}, "ROUND_OTHER"),
        ({"agency_code": "H_KHANHVINH"}, "AGENCY_OTHER"),
    ],
)
def test_the_template_of_another_round_or_office_is_refused(changed: dict[str, str], code: str) -> None:
    foreign = a_workbook(replace(CONTEXT, **changed), a_draft())
    draft, findings = read_estimate_workbook(foreign, CONTEXT)
    assert (draft, [finding.code for finding in findings]) == (None, [code])


def test_a_template_of_another_making_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finance.estimates.workbook.template.SCHEMA_VERSION", "0")
    draft, findings = read_estimate_workbook(a_workbook(CONTEXT, a_draft()), CONTEXT)
    assert (draft, [finding.code for finding in findings]) == (None, ["TEMPLATE_OLD"])


def _move_columns(book: Any) -> None:
    book["Dòng chi"].move_range("B4:B7", cols=30)


def _remove_sheet(book: Any) -> None:
    del book["Kết quả"]


def _write_far_below(book: Any) -> None:
    book["Dự án"]["A5001"] = "DA99"


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        (_move_columns, "Dòng chi!B4", "COLUMN_MOVED"),
        (_remove_sheet, "Tệp bảng tính", "SHEET_MISSING"),
        (_write_far_below, "Dự án!A5001", "TOO_MANY_ROWS"),
    ],
)
def test_a_template_out_of_shape_is_refused(change: Any, place: str, code: str) -> None:
    draft, findings = read_estimate_workbook(edited(FILLED, {}, change), CONTEXT)
    assert draft is None
    assert [(f.location.text_vi, f.code) for f in findings if f.is_blocking] == [(place, code)]


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
