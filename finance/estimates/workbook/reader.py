"""Reading an office's workbook into a draft, whichever of the two templates it is.

The order is: what the file is (`package`), what is in it (`book`), then its sheets row by row. A file that
cannot be read is a finding like any other, never a crash.
"""

from __future__ import annotations

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft
from finance.estimates.workbook.book import Book, open_book
from finance.estimates.workbook.columns import DATA_SHEETS, PROPERTY_TEMPLATE
from finance.estimates.workbook.headings import title_key
from finance.estimates.workbook.package import (
    UNREADABLE,
    USUAL_LIMITS,
    Package,
    ReadLimits,
    WorkbookRefused,
    damaged,
    refuse_file,
)
from finance.estimates.workbook.project_sheets import read_project_sheets
from finance.estimates.workbook.simple_columns import SIMPLE_TEMPLATE_NAME
from finance.estimates.workbook.simple_sheet import read_simple_sheet
from finance.findings import Finding
from finance.labels import LabelledEnum

_MOST_OF_ONE_CODE = 200  # warnings; a file with more of one kind says nothing new with each


class TemplateKind(LabelledEnum):
    """The two templates an office may fill in."""

    FULL = "FULL", "mẫu đầy đủ"
    SIMPLE = "SIMPLE", "mẫu giản đơn"


def read_estimate_workbook(
    content: bytes,
    context: CheckContext,
    *,
    limits: ReadLimits = USUAL_LIMITS,
    template: TemplateKind | None = None,
) -> tuple[EstimateDraft | None, list[Finding]]:
    """What the workbook asks, and everything there is to say about it.

    Args:
        content: the bytes as they were uploaded.
        context: programme, round and office the estimate belongs to.
        limits: how large the file may be.
        template: which template it must be; None to see by the file.

    Returns:
        The tidied draft, or None when the file is not the office's template at all; and all findings
        in the order of sheets and rows. The draft holds stand-ins where a cell could not be read, so
        it may be used only when no finding blocks.
    """
    try:
        book = open_book(Package(content, limits))
        kind = template or template_of(book)
        draft, findings = _read(book, context, kind)
    except WorkbookRefused as refusal:
        return None, [refusal.finding]
    except MemoryError:
        return None, [
            refuse_file("E_READING_STOPPED", "Đọc tệp tốn quá nhiều bộ nhớ.", "Tải mẫu và điền lại.")
        ]
    except UNREADABLE:
        return None, [damaged().finding]
    return draft, _without_repetition(findings)


def template_of(book: Book) -> TemplateKind:
    """Which template the file was made from; one that shows neither is held against the simple one."""
    said = book.properties.get(PROPERTY_TEMPLATE)
    if said is not None:
        return TemplateKind.SIMPLE if said == SIMPLE_TEMPLATE_NAME else TemplateKind.FULL
    titles = {title_key(entry.title) for entry in book.sheets}
    is_full = sum(title_key(shape.title) in titles for shape in DATA_SHEETS) >= 2
    return TemplateKind.FULL if is_full else TemplateKind.SIMPLE


def _read(
    book: Book, context: CheckContext, kind: TemplateKind
) -> tuple[EstimateDraft | None, list[Finding]]:
    if kind is TemplateKind.FULL:
        return read_project_sheets(book, context)
    return read_simple_sheet(book, context)


def _without_repetition(findings: list[Finding]) -> list[Finding]:
    """Warnings of one kind stop after many; what blocks is always said."""
    counts: dict[str, int] = {}
    kept = []
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if finding.is_blocking or counts[finding.code] <= _MOST_OF_ONE_CODE:
            kept.append(finding)
    return kept
