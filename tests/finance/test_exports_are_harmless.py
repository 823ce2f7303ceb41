"""Whatever a person typed, no file that leaves the program runs it: every export is tried with formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from finance.estimates.draft import EstimateDraft
from finance.estimates.workbook.base_sheet import WorkbookBase
from finance.estimates.workbook.result_sheet import CheckStamp
from finance.estimates.workbook.returned import mark_workbook
from finance.estimates.workbook.simple_template import write_simple_template
from finance.findings import Finding, Location, Severity
from finance.reports.export_tables import Column, ColumnKind, ExportTable, write_csv
from finance.reports.workbooks import write_workbook
from tests.builders import a_draft, a_line, a_project
from tests.estimate_contexts import a_check_context
from tests.workbook_editing import MADE_AT, a_workbook

ROOT = Path(__file__).parents[2]
HOSTILE = ("=1+1", "=cmd|'/C calc'!A0", "+84", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "＝1")
STAMP = CheckStamp("=1+1.xlsx", "ab" * 32, datetime(2012, 2, 16, tzinfo=UTC), "2012", "=1+1", "@SUM(A1)")


def _draft(words: str) -> EstimateDraft:
    line = a_line(words, unit_name=words, note=words, over_norm_reason=words)
    return a_draft(a_project(name_vi=words, place=words, justification=words, lines=(line,)))


def _table(words: str) -> ExportTable:
    columns = (Column("Nội dung", ColumnKind.TEXT), Column("Số", ColumnKind.WHOLE))
    return ExportTable(title=words, columns=columns, rows=((words, 1),), notes=(words,))


def _template(words: str) -> bytes:
    context = a_check_context(agency_name=words, round_name=words)
    return a_workbook(context, _draft(words), WorkbookBase(_draft(words), 1))


def _simple(words: str) -> bytes:
    context = a_check_context(agency_name=words, round_name=words)
    return write_simple_template(context, _draft(words), made_at=MADE_AT)


def _returned(words: str) -> bytes:
    finding = Finding("E_NUMBER", Severity.BLOCKS, words, Location(sheet="Dòng chi", cell="I5"), words)
    return mark_workbook(_template(words), [finding], STAMP)


# Each module that writes a workbook, and what it writes.
WORKBOOKS: dict[str, Callable[[str], bytes]] = {
    "finance/estimates/workbook/template.py": _template,
    "finance/estimates/workbook/simple_template.py": _simple,
    "finance/estimates/workbook/returned.py": _returned,
    "finance/reports/workbooks.py": lambda words: write_workbook(_table(words)),
}


def _formulas(content: bytes) -> Iterator[str]:
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            yield from (str(cell.value) for cell in row if cell.data_type == "f")


@pytest.mark.parametrize("name", WORKBOOKS)
def test_what_a_person_typed_is_text_in_every_workbook(name: str) -> None:
    plain = list(_formulas(WORKBOOKS[name]("chữ")))
    for words in HOSTILE:
        content = WORKBOOKS[name](words)
        assert list(_formulas(content)) == plain, f"{words} became a formula"
        with ZipFile(io.BytesIO(content)) as package:
            assert not [part for part in package.namelist() if "externalLink" in part]
            links = [package.read(part) for part in package.namelist() if part.endswith(".rels")]
        assert not any(b'TargetMode="External"' in part for part in links), f"{words} became a link"


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_person_typed_is_text_in_csv(words: str) -> None:
    rows = list(csv.reader(io.StringIO(write_csv(_table(words)).decode("utf-8-sig"))))
    cell = rows[1][0]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.lstrip("'") == words


def test_no_other_module_writes_workbooks_or_csv() -> None:
    """A new export has to stand in the list above."""
    found = set()
    for house in ("finance", "webapp"):
        for path in (ROOT / house).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            imports = [
                line for line in text.splitlines() if re.match(r"\s+from xlsxwriter import Workbook\b", line)
            ]
            opens = re.search(r"\bWorkbook\(\w+, \{", text)
            if (imports and opens) or "csv.writer(" in text or "DictWriter(" in text:
                found.add(path.relative_to(ROOT).as_posix())
    written = set(WORKBOOKS) - {"finance/estimates/workbook/returned.py"}
    assert found == written | {"finance/reports/export_tables.py"}
