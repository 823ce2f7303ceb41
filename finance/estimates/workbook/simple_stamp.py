"""The lines above the simple table: which template, office, year and unit the sheet was filled in for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.workbook.cell_texts import tidy_cell_text
from finance.estimates.workbook.columns import PROPERTY_ROUND, column_letters
from finance.estimates.workbook.headings import title_key
from finance.estimates.workbook.raw_sheet import RawRow
from finance.estimates.workbook.simple_columns import (
    AGENCY_LABEL,
    AGENCY_ROW,
    SIMPLE_SHEET,
    SIMPLE_VERSION,
    TITLE_ROW,
    VERSION_LABEL,
    VERSION_ROW,
)
from finance.findings import Finding, Location, Severity

_YEAR = re.compile(r"\bnam (\d{4})\b")
_UNIT = re.compile(r"(?:don vi tinh|dvt|don vi)\s*:\s*(.*)")
_DONG = frozenset({"dong", "vnd", "d", "dong viet nam", "viet nam dong"})
_REMEDY = "Tải mẫu của đợt này và điền lại."


def check_stamp(above: Sequence[RawRow], properties: dict[str, str], context: CheckContext) -> list[Finding]:
    """What the lines above the table say of another template, office, year or unit.

    Args:
        above: the rows above the heading.
        properties: what the file says of itself; a file of another program says nothing.
        context: round and office it must be for.
    """
    texts = [
        (title_key(cell.value), f"{column_letters(index)}{row.number}", row, index)
        for row in above
        for index, cell in sorted(row.cells.items())
        if cell.kind == "s" and cell.value
    ]
    stamp = [(text, place) for text, place, _row, _index in texts]
    findings = [*_check_version(stamp), *_check_year(stamp, context.fiscal_year), *_check_units(stamp)]
    label = title_key(AGENCY_LABEL).rstrip(":")
    labelled = next(((row, index) for text, _place, row, index in texts if text.rstrip(": ") == label), None)
    findings += _check_agency(labelled, context)
    round_code = properties.get(PROPERTY_ROUND)
    if round_code and round_code != context.round_code:
        findings.append(_refuse("E_ROUND", f"A{TITLE_ROW}", f"Mẫu của đợt khác ({round_code})."))
    return findings


def _check_version(stamp: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    label = title_key(VERSION_LABEL)
    text, place = next((found for found in stamp if found[0].startswith(label)), ("", f"A{VERSION_ROW}"))
    version = text.removeprefix(label).strip()
    if version != title_key(SIMPLE_VERSION):
        said = f"Mẫu thuộc phiên bản khác ({version or 'không ghi'}); cần “{SIMPLE_VERSION}”."
        yield _refuse("E_TEMPLATE_VERSION", place, said)


def _check_year(stamp: Sequence[tuple[str, str]], year: int) -> Iterator[Finding]:
    found = next(((match[1], place) for text, place in stamp if (match := _YEAR.search(text))), None)
    if found is None:
        yield _refuse("E_YEAR", f"A{TITLE_ROW}", "Dòng tiêu đề không ghi năm của dự toán.")
    elif int(found[0]) != year:
        yield _refuse("E_YEAR", found[1], f"Tệp lập cho năm {found[0]}; đợt này là năm {year}.")


def _check_units(stamp: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    for text, place in stamp:
        match = _UNIT.match(text)
        if match and match[1].strip(" .") not in _DONG:
            said = f"Tệp ghi “{match[0]}”; mẫu tính bằng đồng."
            yield _refuse("E_UNIT", place, said, "Đổi mọi số tiền ra đồng rồi ghi lại “Đơn vị tính: đồng”.")


def _check_agency(labelled: tuple[RawRow, int] | None, context: CheckContext) -> Iterator[Finding]:
    row_number, index = (labelled[0].number, labelled[1]) if labelled else (AGENCY_ROW, 0)
    cell = labelled[0].cells.get(index + 1) if labelled else None
    code = " ".join(tidy_cell_text(cell.value or "")[0].split()) if cell is not None else ""
    if code.casefold() != context.agency_code.casefold():
        own = f"{context.agency_code}, {context.agency_name}"
        said = f"Tệp ghi cơ quan “{code or 'trống'}”; dự toán này của {own}."
        yield _refuse("E_AGENCY", f"{column_letters(index + 1)}{row_number}", said)


def _refuse(code: str, place: str, said: str, remedy: str = _REMEDY) -> Finding:
    return Finding(code, Severity.BLOCKS, said, Location(sheet=SIMPLE_SHEET.title, cell=place), remedy)
