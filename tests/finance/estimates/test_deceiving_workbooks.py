"""Files that say one thing to a person and another to a program: our own, beside the shared corpus.

Each is an honest book with one thing changed; what is refused is refused with its place, and what is
taken is taken to the đồng.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from struct import pack_into, unpack_from

import pytest

from finance.estimates.draft import EstimateDraft
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.findings import Finding, blocking_findings
from tests.raw_workbooks import (
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


def _without(name: str) -> bytes:
    return a_simple_book(parts={name: None}).content()


def _with_part(name: str, part: bytes = b"<x/>") -> bytes:
    return a_simple_book(parts={name: part}).content()


def _directory_field(name: str, offset: int, value: int) -> bytes:
    """An honest file whose zip directory says another size of a part."""
    content = bytearray(a_simple_book().content())
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(name.encode()))
    pack_into("<I", content, at + offset, value)
    return bytes(content)


def _overlapping() -> bytes:
    """Two entries of the directory share one stretch of the file."""
    content = bytearray(a_simple_book().content())
    ends = content.rfind(b"PK\x05\x06")
    first = unpack_from("<I", content, ends + 16)[0]
    second = content.find(b"PK\x01\x02", first + 4)
    third = content.find(b"PK\x01\x02", second + 4)
    pack_into("<I", content, third + 42, unpack_from("<I", content, second + 42)[0] + 1)
    return bytes(content)


def _other_local_name() -> bytes:
    content = bytearray(a_simple_book().content())
    at = content.find(SHEET_PART.encode())
    content[at : at + 2] = b"XL"
    return bytes(content)


def _doctype_in(name: str) -> bytes:
    return _edited_part(name, lambda part: part.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1))


def _rows_changed(pattern: str, new: str) -> bytes:
    return _edited_part(SHEET_PART, lambda part: re.sub(pattern, new, part.decode(), count=1).encode())


def _dde_link() -> bytes:
    part = b'<externalLink xmlns="m"><ddeLink ddeService="cmd" ddeTopic="calc"/></externalLink>'
    return _with_part("xl/externalLinks/externalLink1.xml", part)


# name: (file, code, what the place must name)
REFUSED: dict[str, tuple[bytes, str, str]] = {
    "something behind the zip's end": (a_simple_book().content() + b"#!/bin/sh", "E_CORRUPT", ""),
    "two parts that differ by case": (_with_part("xl/worksheets/Sheet1.xml"), "E_CORRUPT", ""),
    "overlapping entries": (_overlapping(), "E_ZIP_BOMB", ""),
    "a local name unlike the directory's": (_other_local_name(), "E_CORRUPT", ""),
    "a backslash in a name": (_with_part("xl\\worksheets\\sheet9.xml"), "E_CORRUPT", ""),
    "a drive letter in a name": (_with_part("C:/x.xml"), "E_CORRUPT", ""),
    "a size declared too large": (_directory_field(SHEET_PART, 24, 999_999), "E_CORRUPT", ""),
    "a size declared too small": (_directory_field(SHEET_PART, 24, 10), "E_ZIP_BOMB", ""),
    "a wrong checksum": (_directory_field(SHEET_PART, 16, 7), "E_CORRUPT", ""),
    "no workbook part": (_without("xl/workbook.xml"), "E_NOT_XLSX", ""),
    "no content types": (_without("[Content_Types].xml"), "E_NOT_XLSX", ""),
    "no sheet part": (_without(SHEET_PART), "E_NO_SHEET", "Dự toán"),
    "a macro part in capitals": (_with_part("XL/VBAPROJECT.BIN"), "E_MACRO", ""),
    "a dialog sheet": (_with_part("xl/dialogsheets/sheet1.xml"), "E_MACRO", ""),
    "a name that runs by itself": (
        a_simple_book(
            names='<definedNames><definedName name="_xlnm.Auto_Open">x</definedName></definedNames>'
        ).content(),
        "E_MACRO",
        "",
    ),
    "a macro function's name": (
        a_simple_book(
            names='<definedNames><definedName name="F" function="1">x</definedName></definedNames>'
        ).content(),
        "E_MACRO",
        "",
    ),
    "a DDE link": (_dde_link(), "E_ACTIVE_CONTENT", ""),
    "an ActiveX control": (_with_part("xl/activeX/activeX1.xml"), "E_ACTIVE_CONTENT", ""),
    "a ribbon of its own": (_with_part("customUI/customUI.xml"), "E_ACTIVE_CONTENT", ""),
    "a DOCTYPE in the styles": (_doctype_in("xl/styles.xml"), "E_XML_ENTITY", ""),
    "a DOCTYPE in the relations": (_doctype_in("xl/_rels/workbook.xml.rels"), "E_XML_ENTITY", ""),
    "a DOCTYPE in the content types": (_doctype_in("[Content_Types].xml"), "E_XML_ENTITY", ""),
    "another declared encoding": (
        _edited_part(SHEET_PART, lambda part: part.replace(b"UTF-8", b"windows-1258", 1)),
        "E_CORRUPT",
        "",
    ),
    "UTF-16 with its mark": (
        _edited_part(SHEET_PART, lambda part: part.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16")),
        "E_CORRUPT",
        "",
    ),
    "a string that is not there": (
        a_simple_book({"C7": Raw('<c r="{r}" t="s"><v>99</v></c>')}).content(),
        "E_CORRUPT",
        "",
    ),
    "a string before the first": (
        a_simple_book({"C7": Raw('<c r="{r}" t="s"><v>-1</v></c>')}).content(),
        "E_CORRUPT",
        "",
    ),
    "the same row twice": (_rows_changed('<row r="9">', '<row r="8">'), "E_CORRUPT", ""),
    "rows out of order": (_rows_changed('<row r="9">', '<row r="3">'), "E_CORRUPT", ""),
    "the same cell twice": (_rows_changed('r="G7"', 'r="F7"'), "E_CORRUPT", ""),
    "a cell that names another row": (_rows_changed('r="H7"', 'r="H9"'), "E_CORRUPT", ""),
    "a cell beyond the last column": (a_simple_book({"XFE7": 1}).content(), "E_CORRUPT", ""),
    "a row beyond the last": (_rows_changed('<row r="9">', '<row r="1048577">'), "E_CORRUPT", ""),
    "a shared formula from another file": (
        a_simple_book(
            {
                "G7": formula("[1]Gia!A1", 10_000_000, attributes=' t="shared" ref="G7:G8" si="0"'),
                "G8": formula("", 250_000, attributes=' t="shared" si="0"'),
            }
        ).content(),
        "E_EXTERNAL_FORMULA",
        "G8",
    ),
    "a price fetched from the web": (
        a_simple_book({"G7": formula('WEBSERVICE("http://127.0.0.1:9")', 10_000_000)}).content(),
        "E_EXTERNAL_FORMULA",
        "G7",
    ),
    "a formula's error in the quantity": (
        a_simple_book({"F7": formula("1/0", "#DIV/0!", ' t="e"')}).content(),
        "E_CELL_ERROR",
        "F7",
    ),
    "a formula in the name": (
        a_simple_book({"C7": formula("A1", "Mở lớp", ' t="str"')}).content(),
        "E_FORMULA_IN_TEXT",
        "C7",
    ),
    "a hexadecimal number": (
        a_simple_book({"G7": Raw('<c r="{r}"><v>0x989680</v></c>')}).content(),
        "E_NUMBER",
        "G7",
    ),
    "Arabic digits": (a_simple_book({"F7": "٤"}).content(), "E_NUMBER", "F7"),
    "Thai digits": (a_simple_book({"F7": "๔"}).content(), "E_NUMBER", "F7"),
    "a circled digit": (a_simple_book({"F7": "④"}).content(), "E_NUMBER", "F7"),
    "Swiss grouping": (a_simple_book({"H7": "40'000'000"}).content(), "E_NUMBER", "H7"),
    "one and a half, the English way": (a_simple_book({"F7": "1.5"}).content(), "E_AMBIGUOUS_NUMBER", "F7"),
    "decimals of a đồng in a text": (a_simple_book({"H7": "40.000.000,5"}).content(), "E_FRACTION", "H7"),
    "a quantity with four decimals": (a_simple_book({"F7": 4.0001}).content(), "E_FRACTION", "F7"),
    "a price above any price": (a_simple_book({"G7": 10**13 + 1}).content(), "E_TOO_LARGE_NUMBER", "G7"),
    "a price formatted as a date": (
        a_simple_book({"G7": Raw(STYLED.format(style=1, value=10_000_000))}).content(),
        "E_NUMBER",
        "G7",
    ),
    "a quantity merged over two lines": (
        a_simple_book({"F8": None}, after='<mergeCells><mergeCell ref="F7:F8"/></mergeCells>').content(),
        "E_MERGED_AMOUNT",
        "F7",
    ),
    "a merged range without a place": (
        a_simple_book(after='<mergeCells><mergeCell ref="toàn bộ"/></mergeCells>').content(),
        "E_CORRUPT",
        "",
    ),
    "thousands in a heading with an abbreviation": (
        a_simple_book({"G6": "Đơn giá (1.000đ)"}).content(),
        "E_UNIT",
        "G6",
    ),
    "thousands in the unit line": (a_simple_book({"A4": "ĐVT: 1.000 đồng"}).content(), "E_UNIT", "A4"),
    "another year in full-width digits": (
        a_simple_book({"A1": "DỰ TOÁN NĂM ２０１１"}).content(),
        "E_YEAR",
        "A1",
    ),
    "no year": (a_simple_book({"A1": "DỰ TOÁN"}).content(), "E_YEAR", "A1"),
    "no office": (a_simple_book({"B2": None}).content(), "E_AGENCY", "B2"),
    "no version": (a_simple_book({"A3": None}).content(), "E_TEMPLATE_VERSION", "A3"),
    "a total at the top that lies": (
        RawBook(
            cells=simple_cells(((None, None, "TỔNG CỘNG", None, None, None, None, SIMPLE_TOTAL - 1), *LINES))
        ).content(),
        "E_GRAND_TOTAL",
        "H7",
    ),
    "a group's sum below its lines that lies": (
        RawBook(
            cells=simple_cells((*LINES, (None, None, "Cộng nhóm I", None, None, None, None, 5)))
        ).content(),
        "E_GRAND_TOTAL",
        "H10",
    ),
    "a line without a source": (a_simple_book({"I7": None}).content(), "E_UNKNOWN_SOURCE", "I7"),
    "a task in Greek letters": (a_simple_book({"B7": "4\u03b2"}).content(), "E_UNKNOWN_CODE", "B7"),
    "a sum text without price": (a_simple_book({"G7": None}).content(), "E_NUMBER", "G7"),
    "an unknown day": (a_simple_book({"J7": "Quý II/2012"}).content(), "E_DATE", "J7"),
    "a day as a formula": (a_simple_book({"J7": formula("TODAY()", 40940)}).content(), "E_DATE", "J7"),
    "a name too long to keep": (a_simple_book({"C7": "Mở lớp " * 60}).content(), "TEXT_TOO_LONG", "C7"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_deceiving_file_is_refused_at_its_place(name: str) -> None:
    content, code, place = REFUSED[name]
    draft, findings = read(content)
    blocking = blocking_findings(findings)
    assert code in {finding.code for finding in blocking}
    at = [found.location.text_vi for found in blocking if found.code == code]
    assert any(place in text for text in at), at
    assert all(finding.message_vi and finding.message_vi[0].isupper() for finding in findings)
    if code in {"E_CORRUPT", "E_ZIP_BOMB", "E_MACRO", "E_XML_ENTITY", "E_ACTIVE_CONTENT", "E_NOT_XLSX"}:
        assert (draft, len(findings)) == (None, 1)
