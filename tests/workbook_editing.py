"""Changing an estimate workbook as a person would, and damaging one as a person would not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft
from finance.estimates.workbook.base_sheet import WorkbookBase
from finance.estimates.workbook.columns import DATA_SHEETS
from finance.estimates.workbook.template import write_template

MADE_AT = datetime(2012, 2, 1, 8, 0, tzinfo=UTC)


def a_workbook(
    context: CheckContext, draft: EstimateDraft | None = None, base: WorkbookBase | None = None
) -> bytes:
    """The office's workbook, filled with the draft; it offers few empty rows, so that tests are quick."""
    small = tuple(replace(shape, offered_rows=10) for shape in DATA_SHEETS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("finance.estimates.workbook.template.DATA_SHEETS", small)
        return write_template(context, draft, made_at=MADE_AT, base=base)


def edited(content: bytes, cells: Mapping[str, Any], change: Callable[[Any], None] | None = None) -> bytes:
    """The workbook with these cells ("Dòng chi!I5") set, saved by another program (openpyxl)."""
    book = load_workbook(io.BytesIO(content))
    for address, value in cells.items():
        sheet, cell = address.split("!")
        book[sheet][cell] = value
    if change is not None:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(content: bytes, changed: Mapping[str, bytes | None], pattern: str = "", new: str = "") -> bytes:
    """The zip with entries added, replaced or (None) left out; `pattern` is replaced in every sheet."""
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as made:
        for name in old.namelist():
            if name in changed:
                continue
            entry = old.read(name)
            if pattern and name.startswith("xl/worksheets/sheet"):
                entry = re.sub(pattern, new, entry.decode()).encode()
            made.writestr(name, entry)
        for name, entry in changed.items():
            if entry is not None:
                made.writestr(name, entry)
    return stream.getvalue()
