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
from finance.estimates.workbook.columns import BASE_SHEET
from finance.estimates.workbook.package import UNREADABLE
from finance.estimates.workbook.parts import first_column_texts

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


def read_base(content: bytes) -> WorkbookBase | None:
    """The base a workbook carries; None when it carries none that is whole.

    Args:
        content: a file that passed `check_package`.
    """
    try:
        mark, edit, stated, *chunks = first_column_texts(content, BASE_SHEET)
        if mark != _MARK or not edit.isdecimal():
            return None
        text = _unpacked("".join(chunks))
        if text_hash(text) != stated:
            return None
        return WorkbookBase(draft_from_text(text), int(edit))
    except (*UNREADABLE, binascii.Error):
        return None


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
