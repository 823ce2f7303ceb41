"""The template is good without network: it computes, colours, looks up, and knows where it comes from."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft, tidy_draft
from finance.estimates.draft_text import draft_from_text, draft_to_text
from finance.estimates.totals import draft_level_total, draft_total, requested_ordinal
from finance.estimates.workbook.base_sheet import WorkbookBase, read_base
from finance.estimates.workbook.columns import BASE_SHEET, LINE_SHEET, TOTALS_SHEET, column_letters
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.estimates.workbook.rule_set import rule_set_name
from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.estimate_contexts import a_check_context
from tests.finance.estimates.test_workbook_reader import drafts
from tests.workbook_editing import a_workbook, edited
from webapp.estimates.project_reading import read_project
from webapp.estimates.typed_project import typed_from_draft

CONTEXT = a_check_context(ceilings={"NST_TX": 20_000_000, "NST_DT": 50_000_000})
DEAR = a_draft(
    a_project(
        lines=(a_line(unit_price_vnd=600_000, norm_code="N01", over_norm_reason="giảng viên nước ngoài"),)
    ),
    a_project_of_levels(),
)


def opened(content: bytes, *, computed: bool = False) -> Any:
    return load_workbook(io.BytesIO(content), data_only=computed)


def column(key: str) -> str:
    return column_letters(LINE_SHEET.position(key))


def test_the_sheet_of_totals_shows_what_the_service_for_sums_says() -> None:
    sheet = opened(a_workbook(CONTEXT, DEAR), computed=True)[TOTALS_SHEET]
    shown = {sheet.cell(row, 1).value: [sheet.cell(row, at).value for at in range(3, 8)] for row in (6, 7)}
    assert shown["DA1"] == [0, 0, 6_000_000, 0, 6_000_000]
    three = DEAR.projects[1]
    levels = [draft_level_total(three, ordinal) for ordinal in (1, 2, 3)]
    assert shown["DA2"] == [*levels, 0, levels[requested_ordinal(three.levels) - 1]]
    assert sum(row[-1] for row in shown.values()) == draft_total(DEAR)
    sources = {
        sheet.cell(row, 10).value: [sheet.cell(row, at).value for at in (12, 13, 14)] for row in range(6, 11)
    }
    assert sources["NST_TX"] == [20_000_000, 6_000_000, 14_000_000], "of the year alone"
    assert sources["NST_DT"] == [50_000_000, 55_555_551, -5_555_551]
    assert sources["NS_XA"] == ["chưa có", 0, None]


def test_every_computed_cell_is_a_formula_over_the_rows_the_sheets_offer() -> None:
    book = opened(a_workbook(CONTEXT, DEAR))
    lines, totals = book[LINE_SHEET.title], book[TOTALS_SHEET]
    last = lines.max_row
    assert (
        totals["E6"].value
        == f"=IF($A6=\"\",\"\",SUMIF('Dòng chi'!$A$5:$A${last},$A6,'Dòng chi'!$Q$5:$Q${last}))"
    )
    assert totals["M6"].value.count(f"$E$5:$E${last}") == 2
    assert lines[f"{column('norm_max_vnd')}5"].value.startswith('=IF(D5="","",IFERROR(INDEX(')
    assert totals["A1"].protection.locked
    assert totals.protection.sheet
    every = [
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]
    assert every
    assert not [formula for formula in every if "_xlfn" in formula or "#" in formula or "[" in formula]


def test_a_price_stands_beside_its_norm_and_is_coloured_above_it() -> None:
    content = a_workbook(CONTEXT, DEAR)
    lines = opened(content, computed=True)[LINE_SHEET.title]
    assert lines[f"{column('norm_max_vnd')}5"].value == 500_000
    assert lines[f"{column('requested_vnd')}5"].value == 6_000_000
    marks = {
        str(area.sqref).split(":")[0]: [rule.formula[0] for rule in area.rules]
        for area in opened(content)[LINE_SHEET.title].conditional_formatting
    }
    most = f"${column('norm_max_vnd')}5"
    assert f"AND(ISNUMBER($I5),ISNUMBER({most}),$I5>{most})" in marks["I5"]
    assert {"A5", "B5", "E5", "F5", "G5", "H5", "I5", "K5", "S5"} <= marks.keys()


def test_sheets_print_as_wide_as_the_paper_and_long_texts_are_seen_whole() -> None:
    long = a_draft(a_project(justification="Thuyết minh rất dài. " * 20), a_project_of_levels())
    book = opened(a_workbook(CONTEXT, long))
    for title in ("Dự án", "Dòng chi", "Kết quả", TOTALS_SHEET):
        page = book[title]
        assert page.page_setup.orientation == "landscape"
        assert (page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
        assert page.print_title_rows == ("$5:$5" if title == TOTALS_SHEET else "$4:$4")
    heights = book["Dự án"].row_dimensions
    assert heights[4].height > 2 * 15, "a heading of two lines"
    assert heights[5].height > 5 * 15
    assert heights[7].height is None, "an empty row grows with what is typed"


def test_line_keys_are_hidden_and_locked_and_a_row_with_nothing_else_is_blank() -> None:
    content = a_workbook(CONTEXT, DEAR)
    book = opened(content)
    key = column("line_key")
    assert [book["Dòng chi"][f"{key}{row}"].value for row in (5, 6, 7, 8)] == [
        "DA1#1",
        "DA2#1",
        "DA2#2",
        None,
    ]
    assert book["Dòng chi"].column_dimensions[key].hidden
    assert book["Dòng chi"][f"{key}5"].protection.locked
    draft, findings = read_estimate_workbook(edited(content, {f"Dòng chi!{key}9": "DA1#9"}), CONTEXT)
    assert draft == DEAR
    assert not [
        finding for finding in findings if finding.is_blocking and finding.location.sheet == "Dòng chi"
    ]
    assert [line.line_key for project in draft.projects for line in project.lines] == [
        "DA1#1",
        "DA2#1",
        "DA2#2",
    ]


def test_the_template_says_where_it_comes_from() -> None:
    base = WorkbookBase(DEAR, 7)
    book = opened(a_workbook(CONTEXT, DEAR, base))
    said = {prop.name: prop.value for prop in book.custom_doc_props.props}
    assert said["phanbo_schema_version"] == "2"
    assert said["phanbo_fiscal_year"] == "2012"
    assert said["phanbo_made_at"] == "2012-02-01T15:00:00+07:00"
    assert said["phanbo_base_hash"] == base.content_hash
    assert said["phanbo_rule_set"] == rule_set_name(CONTEXT)
    assert rule_set_name(replace(CONTEXT, ceilings={})) != rule_set_name(CONTEXT)
    assert book[BASE_SHEET].sheet_state == "veryHidden"


def test_the_base_travels_with_the_file_also_through_another_program() -> None:
    long = a_draft(a_project(justification="Thuyết minh rất dài. " * 300, lines=tuple(_many_lines())))
    base = WorkbookBase(long, 12)
    content = a_workbook(CONTEXT, long, base)
    assert read_base(content) == base
    assert read_base(edited(content, {"Dự án!C5": "Tên khác"})) == base
    assert read_base(a_workbook(CONTEXT, DEAR)) is None


def _many_lines() -> list[Any]:
    return [
        a_line(f"Khoản {number} {number * 7919 % 1000003:x}", note=str(number**3)) for number in range(700)
    ]


@pytest.mark.parametrize("cell", ["A1", "A2", "A3", "A4"])
def test_a_base_somebody_changed_counts_as_none(cell: str) -> None:
    content = a_workbook(CONTEXT, DEAR, WorkbookBase(DEAR, 7))
    assert read_base(edited(content, {f"{BASE_SHEET}!{cell}": "x"})) is None


def test_a_template_of_the_first_version_is_read_as_it_is() -> None:
    def older(book: Any) -> None:
        book["Dòng chi"].delete_cols(LINE_SHEET.position("norm_max_vnd") + 1, 3)
        del book[TOTALS_SHEET]
        book.custom_doc_props["phanbo_schema_version"].value = "1"

    draft, findings = read_estimate_workbook(edited(a_workbook(CONTEXT, DEAR), {}, older), CONTEXT)
    assert draft == DEAR
    assert findings == read_estimate_workbook(a_workbook(CONTEXT, DEAR), CONTEXT)[1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drafts())
def test_a_draft_written_as_text_is_the_same_draft(draft: EstimateDraft) -> None:
    assert draft_from_text(draft_to_text(draft)) == draft


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drafts())
def test_form_and_workbook_of_the_same_content_give_the_same_draft(draft: EstimateDraft) -> None:
    context: CheckContext = a_check_context()
    # A form leaves out rows in which nobody wrote; a workbook does the same with its own blank rows.
    draft = tidy_draft(
        EstimateDraft(
            tuple(
                replace(one, lines=tuple(line for line in one.lines if line.item_vi), promises=one.promises)
                for one in draft.projects
            )
        )
    )
    typed = [read_project(typed_from_draft(project)) for project in draft.projects]
    by_form = tidy_draft(EstimateDraft(tuple(one.project for one in typed)))
    by_workbook, _findings = read_estimate_workbook(a_workbook(context, draft), context)
    assert by_form == by_workbook == draft


@pytest.mark.deep
def test_libreoffice_computes_what_the_template_shows(tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("no LibreOffice here: apt-get install libreoffice-calc")
    content = a_workbook(CONTEXT, DEAR)
    # Without the values beside the formulas the program has to compute them itself.
    (tmp_path / "mau.xlsx").write_bytes(edited(content, {}))
    asked = ["--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
    out = tmp_path / "of"
    subprocess.run(
        [program, *asked, "--outdir", str(out), str(tmp_path / "mau.xlsx")],
        check=True,
        capture_output=True,
        timeout=180,
    )
    shown, computed = opened(content, computed=True), opened((out / "mau.xlsx").read_bytes(), computed=True)
    for title in (TOTALS_SHEET, LINE_SHEET.title):
        for row in shown[title].iter_rows():
            for cell in row:
                assert (computed[title][cell.coordinate].value or "") == (cell.value or ""), cell.coordinate
