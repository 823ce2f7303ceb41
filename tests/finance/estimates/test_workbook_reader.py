"""An office's workbook: what it may say, in how many ways, and that nothing in it is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.levels import LevelCode
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.findings import Severity
from finance.programme.classification import ProjectKind
from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.estimate_contexts import a_check_context
from tests.workbook_editing import a_workbook, edited, repacked

CONTEXT = a_check_context()
FILLED = a_workbook(CONTEXT, a_draft())


def read(content: bytes) -> tuple[EstimateDraft | None, list[tuple[str, str]]]:
    """The draft, and the findings as (place, code)."""
    draft, findings = read_estimate_workbook(content, CONTEXT)
    return draft, [(finding.location.text_vi, finding.code) for finding in findings]


def test_an_untouched_workbook_says_what_the_draft_said() -> None:
    assert read(FILLED) == (a_draft(), [])


def test_an_empty_template_only_lacks_projects() -> None:
    draft, findings = read(a_workbook(CONTEXT))
    assert draft == EstimateDraft()
    assert [code for _place, code in findings] == ["NO_PROJECTS"]


def test_another_program_may_save_it() -> None:
    assert read(edited(FILLED, {})) == (a_draft(), [])


@pytest.mark.parametrize(
    ("value", "amount", "codes"),
    [
        (700_000, 700_000, []),
        (700_000.0, 700_000, []),
        ("700.000 đ", 700_000, ["W_TEXT_NUMBER"]),
        ("7.000.000", 7_000_000, ["W_TEXT_NUMBER"]),
        ("7,000,000", 7_000_000, ["W_TEXT_NUMBER"]),
        ("700 000 đồng", 700_000, ["W_TEXT_NUMBER"]),
        (" 7 ", 7, ["W_TEXT_NUMBER"]),
    ],
)
def test_amounts_are_read_where_nothing_can_be_doubted(value: object, amount: int, codes: list[str]) -> None:
    draft, findings = read(edited(FILLED, {"Dòng chi!I5": value}))
    assert [code for _place, code in findings if code != "PRICE_ABOVE_NORM"] == codes
    assert draft is not None
    assert draft.projects[0].lines[0].unit_price_vnd == amount


@pytest.mark.parametrize(
    ("value", "thousandths"),
    [(2, 2000), (2.5, 2500), (0.001, 1), ("1,5", 1500), ("1 500", 1_500_000), (1234.567, 1_234_567)],
)
def test_quantities_are_read_to_three_decimals(value: object, thousandths: int) -> None:
    draft, findings = read(edited(FILLED, {"Dòng chi!M5": value}))
    assert findings == ([("Dòng chi!M5", "W_TEXT_NUMBER")] if isinstance(value, str) else [])
    assert draft is not None
    assert draft.projects[0].lines[0].quantities == (thousandths,)


CELL_MISTAKES: list[tuple[str, Any, str]] = [
    ("Dự án!A6", "DA1", "PROJECT_KEY_DOUBLE"),
    ("Dự án!B5", "một", "E_NUMBER"),
    ("Dự án!B5", None, "E_NUMBER"),
    ("Dự án!B5", 1.5, "E_NUMBER"),
    ("Dự án!D5", "chương trình", "CHOICE_UNKNOWN"),
    ("Dự án!D5", None, "CHOICE_MISSING"),
    ("Dự án!E5", "9z", "TASK_UNKNOWN"),
    ("Dự án!F5", "II.1.dd.1; II.9", "TARGET_UNKNOWN"),
    ("Dự án!K5", "chắc", "MARK_UNKNOWN"),
    ("Dự án!C5", 1.5, "CELL_NOT_TEXT"),
    ("Dòng chi!A5", "DA9", "PROJECT_OF_ROW_UNKNOWN"),
    ("Dòng chi!A5", None, "PROJECT_OF_ROW_UNKNOWN"),
    ("Dòng chi!B5", "Së Néi vô triÓn khai", "E_LEGACY_FONT"),
    ("Dòng chi!B5", '=HYPERLINK("x")', "E_FORMULA_IN_TEXT"),
    ("Dòng chi!C5", "9999", "BUDGET_CODE_UNKNOWN"),
    ("Dòng chi!D5", "N99", "NORM_UNKNOWN"),
    ("Dòng chi!E5", "NS_LA", "SOURCE_UNKNOWN"),
    ("Dòng chi!F5", "chi gì đó", "CHOICE_UNKNOWN"),
    ("Dòng chi!G5", 2019, "YEAR_OUTSIDE_ROUND"),
    ("Dòng chi!G5", "2012-2013", "E_NUMBER"),
    ("Dòng chi!I5", "1,5 tr", "E_NUMBER"),
    ("Dòng chi!I5", "1.5", "E_AMBIGUOUS_NUMBER"),
    ("Dòng chi!I5", 12345.5, "E_FRACTION"),
    ("Dòng chi!I5", -1, "E_NEGATIVE"),
    ("Dòng chi!I5", 10**15, "E_TOO_LARGE_NUMBER"),
    ("Dòng chi!I5", None, "E_NUMBER"),
    ("Dòng chi!I5", 0, "PRICE_ZERO"),
    ("Dòng chi!I5", True, "E_NUMBER"),
    ("Dòng chi!I5", date(2012, 5, 1), "E_NUMBER"),
    ("Dòng chi!I5", "#REF!", "E_CELL_ERROR"),
    ("Dòng chi!J5", "0", "FREQUENCY_WRONG"),
    ("Dòng chi!J5", 0.0005, "E_FRACTION"),
    ("Dòng chi!M5", "=1+1", "E_FORMULA_NO_VALUE"),
    ("Dòng chi!M5", 1 / 3, "E_FRACTION"),
    ("Dòng chi!M5", "1.5", "E_AMBIGUOUS_NUMBER"),
    ("Dòng chi!K5", 3, "QUANTITY_WITHOUT_LEVEL"),
    ("Kết quả!A5", "DA9", "PROJECT_OF_ROW_UNKNOWN"),
    ("Kết quả!B5", "Tối thiểu", "LEVEL_UNKNOWN"),
    ("Kết quả!B6", None, "CHOICE_MISSING"),
    ("Kết quả!C5", "LA", "OUTPUT_UNKNOWN"),
    ("Kết quả!E5", "nhiều", "E_NUMBER"),
    ("Kết quả!F6", "KHAC", "COMPONENT_UNKNOWN"),
    ("Kết quả!G6", "X1; X77", "UNIT_UNKNOWN"),
]


@pytest.mark.parametrize(("address", "value", "code"), CELL_MISTAKES)
def test_a_mistake_is_found_at_its_cell(address: str, value: object, code: str) -> None:
    _draft, findings = read_estimate_workbook(edited(FILLED, {address: value}), CONTEXT)
    sheet = address.split("!", maxsplit=1)[0]
    here = [f for f in findings if f.is_blocking and f.location.sheet == sheet and f.code != "LEVEL_EMPTY"]
    assert [(f.code, f.location.text_vi) for f in here] == [(code, address)]


def test_a_doubled_key_hides_nothing_of_the_other_sheets() -> None:
    cells = {"Dự án!A6": "DA1", "Dòng chi!I7": "hai trăm"}
    _draft, findings = read(edited(FILLED, cells))
    assert ("Dự án!A6", "PROJECT_KEY_DOUBLE") in findings
    assert ("Dòng chi!I7", "E_NUMBER") in findings


def test_a_project_without_a_mark_has_the_full_level() -> None:
    draft, findings = read(edited(FILLED, {"Dự án!K5": None, "Kết quả!B5": None}))
    assert (draft, findings) == (a_draft(), [])


def test_codes_may_stand_alone_or_with_their_names_and_labels_in_any_case() -> None:
    cells = {
        "Dự án!E5": "4b",
        "Dự án!D5": "DỰ ÁN",
        "Dòng chi!E5": "NST_TX",
        "Dòng chi!C5": 6751,
        "Dòng chi!F5": "Thường xuyên",
        "Dòng chi!G5": "2012",
        "Dòng chi!J5": None,
        "Kết quả!G6": "X1 | Xã số 1, Nha Trang; X2",
        "Kết quả!G7": "X2, X1",
    }
    assert read(edited(FILLED, cells)) == (a_draft(), [])


def test_the_programs_own_product_stands_and_a_different_one_is_pointed_out() -> None:
    # Row 5 of "Dòng chi": 10 x 500.000, shown by the file as 5.000.001
    content = repacked(FILLED, {}, r"(<c r=\"Q5\"[^>]*><f>[^<]*</f><v>)5000000", r"\g<1>5000001")
    draft, findings = read(content)
    assert draft == a_draft()
    assert findings == [("Dòng chi!Q5", "AMOUNT_DIFFERS")]


def test_a_hidden_row_is_read_and_pointed_out() -> None:
    def hide(book: Any) -> None:
        book["Dòng chi"].row_dimensions[7].hidden = True
        book["Dòng chi"].row_dimensions[20].hidden = True  # holds nothing

    draft, findings = read_estimate_workbook(edited(FILLED, {}, hide), CONTEXT)
    assert draft == a_draft()
    assert [(f.location.text_vi, f.code, f.severity) for f in findings] == [
        ("Dòng chi!A7", "W_HIDDEN_ROWS", Severity.WARNS)
    ]


def test_what_stands_beside_the_table_is_pointed_out() -> None:
    draft, findings = read(edited(FILLED, {"Kết quả!H5": "ghi thêm"}))
    assert draft == a_draft()
    assert findings == [("Kết quả!H5", "W_EXTRA_COLUMN")]


def test_sums_are_judged_when_every_cell_is_clear() -> None:
    routine = a_draft(a_project(kind=ProjectKind.TASK))
    context = replace(CONTEXT, ceilings={"NST_TX": 4_999_999})
    content = a_workbook(context, routine)
    _draft, findings = read_estimate_workbook(content, context)
    assert [finding.code for finding in findings] == ["CEILING_EXCEEDED"]
    _draft, findings = read_estimate_workbook(edited(content, {"Dòng chi!I5": "?"}), context)
    assert [finding.code for finding in findings] == ["E_NUMBER"]


def _texts(longest: int) -> st.SearchStrategy[str]:
    awkward = [
        "=1+1",
        "<r>đậm</r>",
        "'0012",
        "1,5",
        "TRUE",
        "Hòa",
        "Hoà",
        "a\nb\tc",
        "_x0041_",
        "4b | Tên",
        "&<>",
    ]
    anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=longest)
    return st.one_of(st.sampled_from(awkward), anything)


@st.composite
def projects(draw: st.DrawFn, key: str) -> ProjectDraft:
    levels = tuple(code for code in LevelCode if draw(st.booleans())) or (LevelCode.FULL,)
    quantities = st.tuples(*(st.integers(0, 9 * 10**6) for _code in levels))
    line = st.builds(
        a_line,
        _texts(40),
        source_code=st.sampled_from(sorted(CONTEXT.sources)),
        nature=st.sampled_from([a_line().nature, a_project_of_levels().lines[0].nature]),
        year=st.sampled_from(CONTEXT.years),
        unit_name=_texts(20),
        unit_price_vnd=st.integers(0, 10**9),
        quantities=quantities,
        frequency_thousandths=st.integers(1, 10**6),
        budget_code=st.sampled_from(["", *CONTEXT.budget_codes]),
        norm_code=st.sampled_from(["", *CONTEXT.norms]),
        over_norm_reason=_texts(30),
        note=_texts(60),
    )
    promise = st.tuples(
        st.integers(1, len(levels)), st.sampled_from(sorted(CONTEXT.outputs)), st.sampled_from(CONTEXT.years)
    )
    base = a_project_of_levels().promises[0]
    promised = []
    for level, code, year in sorted(draw(st.sets(promise, max_size=4))):
        output = CONTEXT.outputs[code]
        promised.append(
            replace(
                base,
                level=level,
                output_code=code,
                year=year,
                quantity_thousandths=draw(st.integers(0, 10**9)),
                component=draw(st.sampled_from(["", *output.components])),
                unit_codes=tuple(sorted(draw(st.sets(st.sampled_from(sorted(CONTEXT.unit_names)))))),
            )
        )
    return a_project(
        key,
        priority=draw(st.integers(1, 9999)),
        name_vi=draw(_texts(60)),
        kind=draw(st.sampled_from(list(ProjectKind))),
        task_code=draw(st.sampled_from(sorted(CONTEXT.tasks))),
        place=draw(_texts(30)),
        justification=draw(_texts(200)),
        target_codes=tuple(sorted(draw(st.sets(st.sampled_from(sorted(CONTEXT.target_names)))))),
        levels=levels,
        lines=tuple(draw(st.lists(line, max_size=4))),
        promises=tuple(promised),
    )


@st.composite
def drafts(draw: st.DrawFn) -> EstimateDraft:
    keys = draw(st.sets(st.sampled_from(["DA1", "DA02", "ĐÁN-3", "4", "0005", "=6"]), max_size=3))
    return a_draft(*(draw(projects(key)) for key in sorted(keys))) if keys else EstimateDraft()


def _round_trip(draft: EstimateDraft) -> None:
    read_back, _findings = read_estimate_workbook(a_workbook(CONTEXT, draft), CONTEXT)
    assert read_back == draft


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drafts())
def test_out_and_in_again_is_the_same_draft(draft: EstimateDraft) -> None:
    _round_trip(draft)


@pytest.mark.deep
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drafts())
def test_out_and_in_again_is_the_same_draft_many_times(draft: EstimateDraft) -> None:
    _round_trip(draft)
