"""Opening the three data sheets of the full template: is it ours, for this round and office, and whole?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.workbook.book import Book
from finance.estimates.workbook.cells import SheetRow
from finance.estimates.workbook.columns import (
    DATA_SHEETS,
    HEADER_ROW,
    PROPERTY_AGENCY,
    PROPERTY_ROUND,
    PROPERTY_SCHEMA,
    PROPERTY_TEMPLATE,
    READABLE_SCHEMAS,
    TEMPLATE_NAME,
)
from finance.estimates.workbook.notation import NotationWatch
from finance.estimates.workbook.package import refuse_file
from finance.estimates.workbook.table import SheetTable, find_sheet, hidden_rows_finding, read_sheet_table
from finance.findings import Finding


@dataclass(frozen=True, slots=True)
class OpenedWorkbook:
    """The rows of every data sheet in which something was typed, by sheet title."""

    rows: Mapping[str, list[SheetRow]]


def open_data_sheets(book: Book, context: CheckContext) -> tuple[OpenedWorkbook | None, list[Finding]]:
    """The rows of the office's own template, or why the file cannot be taken.

    Args:
        book: the opened workbook.
        context: round and office the template must have been made for.

    Returns:
        The rows, and findings about the file, its sheets and its headings; None when one of them
        blocks.

    Raises:
        WorkbookRefused: a sheet is damaged or larger than any estimate.
    """
    findings = [*book.findings, *_check_origin(book.properties, context)]
    if any(finding.is_blocking for finding in findings):
        return None, findings
    entries = {}
    for shape in DATA_SHEETS:
        entries[shape.title], said = find_sheet(book, shape)
        findings += said
    watch = NotationWatch()
    tables: list[SheetTable] = []
    for shape in DATA_SHEETS:
        entry = entries[shape.title]
        if entry is not None and not any(finding.is_blocking for finding in findings):
            tables.append(read_sheet_table(book, entry, shape, HEADER_ROW, watch))
            findings += tables[-1].findings
    if any(finding.is_blocking for finding in findings):
        return None, findings
    for table in tables:
        findings += hidden_rows_finding(table, "")
    return OpenedWorkbook({table.shape.title: table.rows for table in tables}), findings


def _check_origin(properties: Mapping[str, str], context: CheckContext) -> list[Finding]:
    if properties.get(PROPERTY_TEMPLATE) != TEMPLATE_NAME:
        said = "Tệp không được lập từ mẫu của hệ thống."
        return [refuse_file("E_TEMPLATE_VERSION", said, "Tải mẫu của đợt này và điền lại.")]
    expected = (
        (PROPERTY_SCHEMA, READABLE_SCHEMAS, "E_TEMPLATE_VERSION", "Mẫu thuộc phiên bản khác ({found})."),
        (PROPERTY_ROUND, {context.round_code}, "E_ROUND", "Mẫu của đợt khác ({found})."),
        (PROPERTY_AGENCY, {context.agency_code}, "E_AGENCY", "Mẫu của cơ quan khác ({found})."),
    )
    return [
        refuse_file(code, said.format(found=properties.get(name, "không rõ")), "Tải đúng mẫu và điền lại.")
        for name, values, code, said in expected
        if properties.get(name) not in values
    ]
