"""The one-sheet template: what it writes it reads again; what it cannot say is not lost and not invented."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, tidy_draft
from finance.estimates.levels import LevelCode
from finance.estimates.workbook import simple_template
from finance.estimates.workbook.reader import TemplateKind, read_estimate_workbook
from finance.estimates.workbook.simple_codes import simple_lists
from finance.estimates.workbook.simple_columns import SIMPLE_SHEET
from finance.estimates.workbook.simple_notes import SimpleNote, note_of
from finance.estimates.workbook.simple_template import simple_template_holds, write_simple_template
from finance.findings import Severity, blocking_findings
from finance.programme.classification import Nature, ProjectKind
from tests.builders import a_draft, a_line
from tests.raw_workbooks import a_simple_context
from tests.workbook_editing import edited

MADE_AT = datetime(2012, 2, 1, 8, 0, tzinfo=UTC)
CONTEXT = a_simple_context()


def a_simple_line(item_vi: str = "Mở lớp bồi dưỡng", **changed: object) -> LineDraft:
    facts: dict[str, object] = {
        "source_code": "NST_TX",
        "nature": Nature.RECURRENT,
        "year": 2012,
        "unit_name": "lớp",
        "unit_price_vnd": 10_000_000,
        "quantities": (4_000,),
        "budget_code": "",
        "norm_code": "",
        "over_norm_reason": "",
        "note": "",
    }
    return a_line(item_vi, **(facts | changed))


def a_simple_project(code: str = "4b", priority: int = 1, *lines: LineDraft) -> ProjectDraft:
    return ProjectDraft(
        project_key=code,
        priority=priority,
        name_vi=CONTEXT.tasks[code].name_vi,
        kind=ProjectKind.TASK,
        task_code=code,
        lines=lines or (a_simple_line(),),
    )


def _read(content: bytes) -> tuple[EstimateDraft | None, list[str]]:
    draft, findings = read_estimate_workbook(content, CONTEXT)
    return draft, [found.code for found in findings if found.severity is not Severity.HINTS]


def test_what_was_written_is_read_again() -> None:
    note = SimpleNote("Theo kế hoạch", "Lớp học", date(2012, 3, 5)).text
    second = a_simple_line("Thuê hội trường", unit_price_vnd=333_333, quantities=(1_500,), note=note)
    draft = EstimateDraft(
        (
            a_simple_project("4b", 1, a_simple_line(), second),
            a_simple_project("2a", 2, a_simple_line(year=2012)),
        )
    )
    content = write_simple_template(CONTEXT, draft, made_at=MADE_AT)
    assert _read(content) == (tidy_draft(draft), [])
    assert simple_template_holds(CONTEXT, draft, made_at=MADE_AT)


def test_another_program_may_save_it() -> None:
    draft = EstimateDraft((a_simple_project(),))
    saved = edited(write_simple_template(CONTEXT, draft, made_at=MADE_AT), {"Dự toán!A7": 1})
    assert _read(saved) == (tidy_draft(draft), [])


def test_an_empty_one_only_lacks_lines() -> None:
    assert _read(write_simple_template(CONTEXT, made_at=MADE_AT)) == (None, ["E_NO_LINES"])


def test_lines_that_say_the_same_are_numbered() -> None:
    draft = EstimateDraft((a_simple_project("4b", 1, a_simple_line(), a_simple_line()),))
    content = write_simple_template(CONTEXT, draft, made_at=MADE_AT)
    cells = load_workbook(io.BytesIO(content))["Dự toán"]
    assert [str(cells[f"B{row}"].value).split(" | ")[0] for row in (7, 8)] == ["4b.1", "4b.2"]
    assert _read(content) == (tidy_draft(draft), [])


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": ProjectKind.PROJECT},
        {"justification": "Cần thiết"},
        {"levels": (LevelCode.MINIMUM,)},
        {"name_vi": "Tên khác"},
        {"priority": 7},
        {"lines": (a_simple_line(frequency_thousandths=2000),)},
        {"lines": (a_simple_line(budget_code="6751"),)},
        {"lines": (a_simple_line(year=2013),)},
        {"lines": (a_simple_line(unit_price_vnd=0),)},
    ],
)
def test_a_draft_it_cannot_say_is_not_offered_in_it(changed: dict[str, object]) -> None:
    project = replace(a_simple_project(), **changed)  # type: ignore[arg-type]
    is_refused_by_checks = project.lines[0].unit_price_vnd == 0
    assert simple_template_holds(CONTEXT, EstimateDraft((project,)), made_at=MADE_AT) is False
    if not is_refused_by_checks:
        content = write_simple_template(CONTEXT, EstimateDraft((project,)), made_at=MADE_AT)
        assert not blocking_findings(read_estimate_workbook(content, CONTEXT)[1])


def test_the_full_draft_of_levels_and_results_is_not_offered_in_it() -> None:
    assert not simple_template_holds(CONTEXT, a_draft(), made_at=MADE_AT)


def test_the_template_locks_what_it_computes_and_explains_in_vietnamese() -> None:
    book = load_workbook(io.BytesIO(write_simple_template(CONTEXT, made_at=MADE_AT)))
    assert book.sheetnames == ["Dự toán", "Hướng dẫn", "Danh mục"]
    assert book["Danh mục"].sheet_state == "veryHidden"
    sheet = book["Dự toán"]
    assert sheet.protection.sheet
    assert [sheet[cell].value for cell in ("A1", "B2", "A3", "A4")] == [
        "DỰ TOÁN KINH PHÍ CẢI CÁCH HÀNH CHÍNH NĂM 2012",
        "H_NHATRANG",
        "Mẫu: Giản đơn v1",
        "Đơn vị tính: đồng",
    ]
    assert sheet["H7"].data_type == "f"
    assert sheet["H7"].protection.locked
    assert not sheet["G7"].protection.locked
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    assert {cell: rule.type for cell, rule in rules.items()} == {
        "B7": "list",
        "F7": "decimal",
        "G7": "whole",
        "I7": "list",
        "J7": "date",
    }
    assert all(rule.error and rule.showErrorMessage for rule in rules.values())
    assert any("một mức" in str(row[0].value) for row in book["Hướng dẫn"].iter_rows())


def test_the_reader_sees_by_itself_which_template_it_got() -> None:
    content = write_simple_template(CONTEXT, EstimateDraft((a_simple_project(),)), made_at=MADE_AT)
    draft, findings = read_estimate_workbook(content, CONTEXT, template=TemplateKind.FULL)
    assert draft is None
    assert [found.code for found in findings] == ["E_TEMPLATE_VERSION"]


def test_another_round_is_refused() -> None:
    content = write_simple_template(
        replace(CONTEXT, round_code="BS2011"), EstimateDraft((a_simple_project(),)), made_at=MADE_AT
    )
    assert _read(content) == (None, ["E_ROUND"])


def test_a_short_source_is_the_recurrent_one() -> None:
    lists = simple_lists(CONTEXT)
    found = [
        lists.source(text) for text in ("ngân sách tỉnh", "Ngân sách tỉnh, đầu tư", "NS_XA", "Ngân sách")
    ]
    assert [source.code if source else None for source in found] == ["NST_TX", "NST_DT", "NS_XA", None]


def test_tasks_are_found_however_they_are_written() -> None:
    lists = simple_lists(CONTEXT)
    codes = ["1A", "CCHC-01", "CCHC-03", "CCHC-03.12", "4B.2", "CCHC-04", "4B.", "4B.2.3", ""]
    assert [lists.task(code) for code in codes] == ["1a", "1a", "4b", "4b", "4b", None, None, None, None]


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2100, 1, 1))),
)
def test_a_note_of_three_parts_is_taken_apart_again(note: str, output: str, day: date | None) -> None:
    parts = SimpleNote(note, output, day)
    kept = note_of(parts.text)
    assert kept.text == parts.text
    if not note.startswith(("Kết quả đầu ra: ", "Bắt đầu: ")) and not output.startswith("Bắt đầu: "):
        assert (kept.note, kept.output_vi, kept.starts_on) == (note, output, day)


@st.composite
def simple_drafts(draw: st.DrawFn) -> EstimateDraft:
    codes = draw(st.lists(st.sampled_from(sorted(CONTEXT.tasks)), unique=True, min_size=1))
    texts = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), max_size=40)
    line = st.builds(
        a_simple_line,
        st.sampled_from(["Mở lớp", "=1+1", "<r>đậm</r>", "Rà soát\nthủ tục", "_x0041_"]),
        source_code=st.sampled_from(["NST_TX", "NS_XA", "NGOAI_NS"]),
        unit_name=st.sampled_from(["lớp", "phiếu", "m²"]),
        unit_price_vnd=st.integers(1, 10**7),
        quantities=st.tuples(st.integers(1, 10**6)),
        note=texts,
    )
    projects = [
        a_simple_project(code, priority, *draw(st.lists(line, min_size=1, max_size=4)))
        for priority, code in enumerate(codes, start=1)
    ]
    return tidy_draft(EstimateDraft(tuple(projects)))


@pytest.fixture(autouse=True, scope="module")
def few_rows() -> Iterator[None]:
    """Templates that offer few empty rows, so that tests are quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simple_template, "SIMPLE_SHEET", replace(SIMPLE_SHEET, offered_rows=5))
        patch.setattr(simple_template, "_SPARE_ROWS", 2)
        yield


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(simple_drafts())
def test_out_and_in_again_is_the_same_draft(draft: EstimateDraft) -> None:
    read, findings = read_estimate_workbook(write_simple_template(CONTEXT, draft, made_at=MADE_AT), CONTEXT)
    assert blocking_findings(findings) == []
    assert read == draft
