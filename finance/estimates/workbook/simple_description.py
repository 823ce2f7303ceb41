"""The simple template as data, for programs that make workbooks in its shape or test its readers."""

from __future__ import annotations

from itertools import count, islice

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.workbook.offline_context import DESCRIBED_AGENCY, DESCRIBED_YEAR, offline_context
from finance.estimates.workbook.simple_codes import task_alias
from finance.estimates.workbook.simple_columns import (
    AGENCY_ROW,
    LARGEST_LINE_VND,
    SIMPLE_HEADER_ROW,
    SIMPLE_LAST_LINE,
    SIMPLE_SHEET,
    SIMPLE_VERSION,
    TITLE_ROW,
    UNIT_LABEL,
    UNIT_ROW,
    VERSION_ROW,
)

# The part each column plays, in the words other programs use.
_PARTS = {
    "stt": "stt",
    "task_code": "code",
    "item_vi": "text",
    "output_vi": "output",
    "unit_name": "unit",
    "quantity": "qty",
    "unit_price_vnd": "price",
    "amount_vnd": "amount",
    "source_code": "source",
    "starts_on": "date",
    "note": "note",
}


def describe_simple_template(agency_code: str = "", fiscal_year: int = 0) -> dict[str, object]:
    """Sheet, rows, columns, codes and limits of the simple template.

    Args:
        agency_code: the office it is for; empty for the one of the description.
        fiscal_year: of the estimate; 0 likewise.

    Raises:
        NotFound: no such office in the shipped list.
    """
    context = offline_context(agency_code or DESCRIBED_AGENCY, fiscal_year or DESCRIBED_YEAR)
    return {
        "sheet": SIMPLE_SHEET.title,
        "version": SIMPLE_VERSION,
        "year": context.fiscal_year,
        "agency_code": context.agency_code,
        "agency_name": context.agency_name,
        "unit_label": UNIT_LABEL,
        "title_row": TITLE_ROW,
        "agency_row": AGENCY_ROW,
        "version_row": VERSION_ROW,
        "unit_row": UNIT_ROW,
        "header_row": SIMPLE_HEADER_ROW,
        "columns": [[_PARTS[column.key], column.title] for column in SIMPLE_SHEET.columns],
        "codes": _codes(context),
        "max_lines": SIMPLE_LAST_LINE,
        "max_amount": LARGEST_LINE_VND,
    }


def _codes(context: CheckContext) -> list[str]:
    """Codes for a full sheet: every task, then every task's activities counted behind the dot."""
    tasks = [task_alias(place) for place in range(len(context.tasks))]
    numbered = (f"{task}.{number}" for number in count(1) for task in tasks)
    return [*tasks, *islice(numbered, SIMPLE_LAST_LINE + 1 - len(tasks))]
