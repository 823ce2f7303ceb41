"""The guard before a workbook is opened: what it is, how large it would grow, what it hides.

An .xlsx file is a zip of XML. Everything is looked at in the zip's directory first, so that a file
made to burst or to run something is refused without being unpacked.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from posixpath import join, normpath
from struct import error as struct_error
from zipfile import BadZipFile, ZipFile
from zlib import error as zlib_error

from defusedxml.ElementTree import fromstring, iterparse

from finance.findings import Finding, Location, Severity

LARGEST_FILE_BYTES = 10 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 60 * 1024 * 1024
LARGEST_RATIO = 200
MOST_ENTRIES = 300
NEEDED_ENTRIES = frozenset({"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"})

# What zip, XML and spreadsheet readers raise on damaged files; SyntaxError is the base of XML's own.
UNREADABLE = (
    BadZipFile, zlib_error, struct_error, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
    OSError, EOFError, ArithmeticError, RuntimeError,
)  # fmt: skip

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"


def refuse_file(code: str, message_vi: str, remedy_vi: str = "") -> Finding:
    """A blocking finding about the file as a whole."""
    return Finding(code, Severity.BLOCKS, message_vi, Location(words="Tệp bảng tính"), remedy_vi)


def check_package(content: bytes) -> list[Finding]:
    """Why the file must not be opened; empty when it may.

    Args:
        content: the bytes as they were uploaded.

    Returns:
        At most one finding: what is no workbook cannot be wrong in detail.
    """
    if not content:
        return [refuse_file("FILE_EMPTY", "Tệp rỗng.", "Chọn lại tệp.")]
    if len(content) > LARGEST_FILE_BYTES:
        limit = LARGEST_FILE_BYTES // (1024 * 1024)
        return [refuse_file("FILE_TOO_LARGE", f"Tệp lớn hơn {limit} MB.", "Bỏ hình ảnh, trang thừa.")]
    if content.startswith(_OLD_OFFICE_MAGIC):
        return [
            refuse_file(
                "FILE_NOT_XLSX",
                "Tệp là bảng tính kiểu cũ (.xls) hoặc đặt mật khẩu.",
                "Bỏ mật khẩu và lưu lại dạng .xlsx.",
            )
        ]
    try:
        with ZipFile(io.BytesIO(content)) as package:
            return [found for found in (next(_check_directory(package), None),) if found is not None]
    except UNREADABLE:
        return [refuse_file("FILE_NOT_XLSX", "Tệp không phải bảng tính .xlsx.", "Tải mẫu và điền lại.")]


def hidden_rows(content: bytes) -> dict[str, frozenset[int]]:
    """Numbers of the hidden rows by sheet title; the file passed `check_package`."""
    with ZipFile(io.BytesIO(content)) as package:
        return {title: _hidden_rows_of(package, path) for title, path in _sheet_paths(package).items()}


def _check_directory(package: ZipFile) -> Iterator[Finding]:
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED_BYTES or unpacked > packed * LARGEST_RATIO:
        yield refuse_file("FILE_BURSTS", "Tệp bung ra quá lớn so với một dự toán.", "Tải mẫu và điền lại.")
    if any(entry.flag_bits & 1 for entry in entries):
        yield refuse_file("FILE_NOT_XLSX", "Tệp đặt mật khẩu.", "Bỏ mật khẩu rồi tải lên lại.")
    if len(set(names)) != len(names) or not set(names) >= NEEDED_ENTRIES:
        yield refuse_file("FILE_NOT_XLSX", "Tệp không phải bảng tính .xlsx.", "Tải mẫu và điền lại.")
        return
    types = package.read("[Content_Types].xml").decode("utf-8", "replace").lower()
    if "macroenabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        yield refuse_file("FILE_HAS_MACROS", "Tệp có chứa macro.", "Lưu lại dạng .xlsx không có macro.")


def _sheet_paths(package: ZipFile) -> dict[str, str]:
    """Path within the zip of every worksheet by its title."""
    relations = fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheets = fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    found = {}
    for sheet in sheets:
        target = targets.get(sheet.get(_RELATION), "")
        path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if path in package.namelist():
            found[sheet.get("name", "")] = path
    return found


def _hidden_rows_of(package: ZipFile, path: str) -> frozenset[int]:
    hidden = set()
    with package.open(path) as source:
        for _event, element in iterparse(source):
            if element.tag == f"{_MAIN}row":
                if element.get("hidden") in {"1", "true"} and element.get("r", "").isdecimal():
                    hidden.add(int(element.get("r")))
                element.clear()
    return frozenset(hidden)
