"""The base a workbook was made from, carried in the workbook itself so that merging works without network.

The base only tells which side changed a cell; it is never taken in. A base that was damaged or
tampered with fails its hash and counts as none.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finance.estimates.draft import EstimateDraft
from finance.estimates.draft_text import draft_from_text, draft_to_text, text_hash
from finance.estimates.workbook.book import open_book
from finance.estimates.workbook.columns import BASE_SHEET
from finance.estimates.workbook.package import UNREADABLE, USUAL_LIMITS, Package, ReadLimits, WorkbookRefused
from finance.estimates.workbook.raw_sheet import SheetNotes, read_rows

if TYPE_CHECKING:
    from xlsxwriter import Workbook

LARGEST_BASE_BYTES = 64 * 1024 * 1024
_CELL_SIGNS = 30_000  # a cell holds 32,767 signs
_MARK = "phanbo-base-1"


@dataclass(frozen=True, slots=True)
class WorkbookBase:
    """What the estimate asked, and its edit number, when a workbook was made from it."""

    draft: EstimateDraft
    edit_number: int

    @property
    def content_hash(self) -> str:
        """SHA-256 of everything the base asks."""
        return text_hash(draft_to_text(self.draft))


def add_base_sheet(book: Workbook, base: WorkbookBase) -> None:
    """Write the base into a very hidden, locked sheet."""
    text = draft_to_text(base.draft)
    packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
    page = book.add_worksheet(BASE_SHEET)
    page.very_hidden()
    page.protect()
    chunks = [packed[at : at + _CELL_SIGNS] for at in range(0, len(packed), _CELL_SIGNS)]
    for row, text_of_cell in enumerate([_MARK, str(base.edit_number), text_hash(text), *chunks]):
        page.write_string(row, 0, text_of_cell)


def read_base(content: bytes, limits: ReadLimits = USUAL_LIMITS) -> WorkbookBase | None:
    """The base a workbook carries; None when it carries none that is whole.

    Args:
        content: the bytes as they were uploaded.
        limits: how large the file may be.
    """
    try:
        mark, edit, stated, *chunks = _texts(content, limits)
        if mark != _MARK or not edit.isdecimal():
            return None
        text = _unpacked("".join(chunks))
        if text_hash(text) != stated:
            return None
        return WorkbookBase(draft_from_text(text), int(edit))
    except (*UNREADABLE, WorkbookRefused, binascii.Error):
        return None


def _texts(content: bytes, limits: ReadLimits) -> list[str]:
    """The texts of the sheet's first column, from the top; none when there is no such sheet."""
    book = open_book(Package(content, limits))
    for sheet in book.sheets:
        if sheet.title == BASE_SHEET:
            rows = read_rows(book, sheet.title, sheet.part, SheetNotes())
            return [str(row.cells[0].value) for row in rows if 0 in row.cells]
    return []


def _unpacked(packed: str) -> str:
    """The text, never more than a base may be.

    Raises:
        ValueError: it would grow larger.
    """
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(base64.b64decode(packed, validate=True), LARGEST_BASE_BYTES)
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise ValueError("a base that grows beyond its bound")
    return data.decode()
