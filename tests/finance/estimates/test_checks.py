"""Every check finds its own mistake, at its place, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from finance.estimates.checking.checks import check_draft, check_project_of_draft, check_storable
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, PromiseDraft
from finance.estimates.levels import LevelCode
from finance.findings import Finding, Severity
from finance.programme.classification import Nature, ProjectKind
from tests.builders import a_draft, a_line, a_project, a_project_of_levels, a_promise
from tests.estimate_contexts import a_check_context

CONTEXT = a_check_context()
BLOCKS, WARNS, HINTS = Severity.BLOCKS, Severity.WARNS, Severity.HINTS


def findings_of(*projects: ProjectDraft) -> list[tuple[str, Severity, str]]:
    return [said(finding) for finding in check_draft(EstimateDraft(projects), CONTEXT)]


def said(finding: Finding) -> tuple[str, Severity, str]:
    return finding.code, finding.severity, finding.location.field


def test_a_sound_draft_has_no_finding() -> None:
    assert check_draft(a_draft(), CONTEXT) == []


def test_an_empty_draft_asks_nothing() -> None:
    assert findings_of() == [("NO_PROJECTS", BLOCKS, "projects")]


LINE_MISTAKES: list[tuple[LineDraft, str, Severity, str]] = [
    (a_line(""), "ITEM_MISSING", BLOCKS, "item_vi"),
    (a_line(unit_name=""), "UNIT_MISSING", BLOCKS, "unit_name"),
    (a_line(unit_price_vnd=0), "PRICE_ZERO", BLOCKS, "unit_price_vnd"),
    (a_line("Së Néi vô triÓn khai"), "TEXT_LEGACY", BLOCKS, "item_vi"),
    (a_line(note="Sôû Noäi vuï"), "TEXT_LEGACY", BLOCKS, "note"),
    (a_line(nature=Nature.BOTH), "NATURE_BOTH", BLOCKS, "nature"),
    (a_line(nature=Nature.CAPITAL), "SOURCE_NATURE", BLOCKS, "nature"),
    (a_line(source_code="NGOAI_NS"), "SOURCE_UNCERTAIN", HINTS, "source_code"),
    (a_line(budget_code=""), "BUDGET_CODE_MISSING", WARNS, "budget_code"),
    (a_line(unit_price_vnd=500_001, norm_code="N01"), "NORM_EXCEEDED", BLOCKS, "unit_price_vnd"),
    (
        a_line(unit_price_vnd=500_001, norm_code="N01", over_norm_reason="Giảng viên cấp cao"),
        "NORM_EXCEEDED_WITH_REASON",
        WARNS,
        "unit_price_vnd",
    ),
    (
        a_line(unit_price_vnd=100_001, norm_code="N03", unit_name="Người"),
        "NORM_EXCEEDED_UNCONFIRMED",
        WARNS,
        "unit_price_vnd",
    ),
    (
        a_line(unit_price_vnd=100_000, norm_code="N03", unit_name="người"),
        "NORM_UNCONFIRMED",
        HINTS,
        "norm_code",
    ),
    (a_line(norm_code="N01", unit_name="ngày"), "NORM_OTHER_UNIT", WARNS, "unit_name"),
    # What cannot be kept at all
    (a_line(source_code=""), "SOURCE_MISSING", BLOCKS, "source_code"),
    (a_line(source_code="NS_LA"), "SOURCE_UNKNOWN", BLOCKS, "source_code"),
    (a_line(budget_code="9999"), "BUDGET_CODE_UNKNOWN", BLOCKS, "budget_code"),
    (a_line(norm_code="N99"), "NORM_UNKNOWN", BLOCKS, "norm_code"),
    (a_line(year=2014), "YEAR_OUTSIDE_ROUND", BLOCKS, "year"),
    (a_line("x" * 301), "TEXT_TOO_LONG", BLOCKS, "item_vi"),
    (a_line(unit_price_vnd=-1), "NUMBER_NEGATIVE", BLOCKS, "unit_price_vnd"),
    (a_line(frequency_thousandths=0), "FREQUENCY_WRONG", BLOCKS, "frequency_thousandths"),
    (a_line(quantities=(-1,)), "NUMBER_NEGATIVE", BLOCKS, "quantities-0"),
    (a_line(quantities=(1000, 1000)), "QUANTITIES_MISMATCH", BLOCKS, "quantities"),
    (a_line(unit_price_vnd=2**62), "AMOUNT_TOO_LARGE", BLOCKS, "quantities-0"),
    (
        a_line(unit_price_vnd=10**12, quantities=(10**9,)),
        "AMOUNT_TOO_LARGE",
        BLOCKS,
        "quantities-0",
    ),
]


@pytest.mark.parametrize(("line", "code", "severity", "field"), LINE_MISTAKES)
def test_a_line_mistake_is_found_at_its_field(
    line: LineDraft, code: str, severity: Severity, field: str
) -> None:
    first = a_line("Dòng đúng")
    project = a_project(lines=(first, line))
    assert findings_of(project) == [(code, severity, f"projects-0-lines-1-{field}")]


def test_a_line_in_no_level_is_found() -> None:
    project = a_project(lines=(a_line("Dòng đúng"), a_line(quantities=(0,))))
    assert findings_of(project) == [("QUANTITY_ZERO", BLOCKS, "projects-0-lines-1-quantities-0")]


def test_money_of_a_lower_level_is_pointed_out() -> None:
    context = replace(CONTEXT, ceilings={"NS_XA": 10**12})
    lines = (a_line(), a_line("Khác", source_code="NS_XA"))
    found = check_draft(EstimateDraft((a_project(lines=lines),)), context)
    assert [said(one) for one in found] == [("SOURCE_LEVEL", WARNS, "projects-0-lines-1-source_code")]


def test_a_line_written_twice_is_pointed_out() -> None:
    project = a_project(lines=(a_line(), a_line("thuê GIẢNG viên")))
    assert findings_of(project) == [("LINE_DOUBLE", WARNS, "projects-0-lines-1-item_vi")]


PROMISE_MISTAKES: list[tuple[PromiseDraft, str, Severity, str]] = [
    (a_promise("HAI_LONG", quantity_thousandths=0), "OUTCOME_PROMISED", BLOCKS, "output_code"),
    (
        a_promise("BOI_DUONG", year=2013, quantity_thousandths=0),
        "PROMISE_QUANTITY_MISSING",
        BLOCKS,
        "quantity_thousandths",
    ),
    (a_promise("QUY_CHE"), "PROMISE_QUANTITY_UNUSED", BLOCKS, "quantity_thousandths"),
    (a_promise("QUY_CHE", quantity_thousandths=0, component="A"), "COMPONENT_UNKNOWN", BLOCKS, "component"),
    (a_promise("TRUNG_TAM", quantity_thousandths=0), "COMPONENT_MISSING", BLOCKS, "component"),
    (
        a_promise("MOT_CUA_XA", quantity_thousandths=0, component="PHONG"),
        "COVERAGE_WITHOUT_UNITS",
        BLOCKS,
        "unit_codes",
    ),
    (
        a_promise("QUY_CHE", quantity_thousandths=0, unit_codes=("X1",)),
        "UNITS_UNUSED",
        BLOCKS,
        "unit_codes",
    ),
    (
        a_promise("MOT_CUA_XA", quantity_thousandths=0, component="PHONG", unit_codes=("Y1",)),
        "UNIT_OUTSIDE_SCOPE",
        BLOCKS,
        "unit_codes",
    ),
    (
        a_promise("MOT_CUA_XA", quantity_thousandths=0, component="PHONG", unit_codes=("X6",)),
        "UNIT_EXEMPT",
        BLOCKS,
        "unit_codes",
    ),
    (
        a_promise("MOT_CUA_XA", quantity_thousandths=0, component="PHONG", unit_codes=("X5",)),
        "UNIT_REACHED",
        WARNS,
        "unit_codes",
    ),
    (a_promise("QUY_CHE", quantity_thousandths=0, year=2013), "PROMISE_LATE", WARNS, "year"),
    # What cannot be kept at all
    (a_promise("LA"), "OUTPUT_UNKNOWN", BLOCKS, "output_code"),
    (a_promise(level=2), "LEVEL_UNKNOWN", BLOCKS, "level"),
    (a_promise(year=2011), "YEAR_OUTSIDE_ROUND", BLOCKS, "year"),
    (a_promise(), "PROMISE_DOUBLE", BLOCKS, "output_code"),
    (a_promise(year=2013, quantity_thousandths=-1), "NUMBER_NEGATIVE", BLOCKS, "quantity_thousandths"),
    (
        a_promise("MOT_CUA_XA", quantity_thousandths=0, component="PHONG", unit_codes=("X9",)),
        "UNIT_UNKNOWN",
        BLOCKS,
        "unit_codes",
    ),
    (
        a_promise("MOT_CUA_XA", quantity_thousandths=0, component="PHONG", unit_codes=("X1", "X1")),
        "UNIT_DOUBLE",
        BLOCKS,
        "unit_codes",
    ),
]


@pytest.mark.parametrize(("promise", "code", "severity", "field"), PROMISE_MISTAKES)
def test_a_promise_mistake_is_found_at_its_field(
    promise: PromiseDraft, code: str, severity: Severity, field: str
) -> None:
    project = a_project(promises=(a_promise(), promise))
    assert findings_of(project) == [(code, severity, f"projects-0-promises-1-{field}")]


PROJECT_MISTAKES: list[tuple[dict[str, object], str, Severity, str]] = [
    ({"name_vi": ""}, "PROJECT_NAME_MISSING", BLOCKS, "name_vi"),
    ({"name_vi": "Sôû Noäi vuï"}, "TEXT_LEGACY", BLOCKS, "name_vi"),
    ({"justification": ""}, "JUSTIFICATION_MISSING", HINTS, "justification"),
    ({"task_code": "1a", "target_codes": ()}, "TASK_NOT_OF_AGENCY", WARNS, "task_code"),
    ({"target_codes": ("II.1.b.2",)}, "TARGET_NOT_OF_TASK", WARNS, "target_codes"),
    ({"lines": (), "kind": ProjectKind.TASK}, "PROJECT_WITHOUT_LINES", BLOCKS, "lines"),
    ({"promises": ()}, "NO_PROMISE", WARNS, "promises"),
    # What cannot be kept at all
    ({"project_key": ""}, "PROJECT_KEY_MISSING", BLOCKS, "project_key"),
    ({"project_key": "D" * 41}, "TEXT_TOO_LONG", BLOCKS, "project_key"),
    ({"place": "D" * 121}, "TEXT_TOO_LONG", BLOCKS, "place"),
    ({"justification": "D" * 10_001}, "TEXT_TOO_LONG", BLOCKS, "justification"),
    ({"priority": 0}, "PRIORITY_WRONG", BLOCKS, "priority"),
    ({"priority": 10_000}, "PRIORITY_WRONG", BLOCKS, "priority"),
    ({"task_code": ""}, "TASK_MISSING", BLOCKS, "task_code"),
    ({"task_code": "9z"}, "TASK_UNKNOWN", BLOCKS, "task_code"),
    ({"target_codes": ("II.9",)}, "TARGET_UNKNOWN", BLOCKS, "target_codes"),
]


@pytest.mark.parametrize(("changed", "code", "severity", "field"), PROJECT_MISTAKES)
def test_a_project_mistake_is_found_at_its_field(
    changed: dict[str, object], code: str, severity: Severity, field: str
) -> None:
    assert findings_of(a_project(**changed)) == [(code, severity, f"projects-0-{field}")]


@pytest.mark.parametrize(
    "levels",
    [
        (),
        (LevelCode.FULL, LevelCode.FULL),
        (LevelCode.FULL, LevelCode.REDUCED),
    ],
)
def test_levels_are_one_to_four_in_order(levels: tuple[LevelCode, ...]) -> None:
    project = a_project(
        levels=levels,
        lines=(a_line(quantities=(1000,) * len(levels)),),
        promises=tuple(a_promise(level=level) for level in range(1, len(levels) + 1)),
    )
    assert [(code, field) for code, _severity, field in findings_of(project)] == [
        *([("QUANTITY_ZERO", "projects-0-lines-0-quantities-0")] if not levels else []),
        ("LEVELS_WRONG", "projects-0-levels"),
    ][::-1]


def test_two_projects_do_not_share_a_key_and_hardly_a_name_or_rank() -> None:
    assert [one[0] for one in findings_of(a_project(), a_project())] == ["PROJECT_KEY_DOUBLE"]
    twin = a_project("DA2", name_vi=a_project().name_vi.upper())
    assert findings_of(a_project(), twin) == [
        ("PROJECT_NAME_DOUBLE", WARNS, "projects-1-name_vi"),
        ("PRIORITY_DOUBLE", WARNS, "projects-1-priority"),
    ]


def test_every_level_is_complete_in_itself() -> None:
    project = a_project_of_levels(lines=(a_line(quantities=(0, 1000, 2000)),))
    assert findings_of(project) == [("LEVEL_EMPTY", BLOCKS, "projects-0-levels-0")]


def test_levels_rise_in_cost_and_results() -> None:
    sound = a_project_of_levels()
    dear_first = replace(sound, lines=(a_line(quantities=(3000, 2000, 4000)),))
    assert findings_of(dear_first) == [("LEVEL_COSTS_NOT_RISING", WARNS, "projects-0-levels-1")]
    weak_last = replace(sound, promises=tuple(replace(p, level=4 - p.level) for p in sound.promises))
    assert findings_of(weak_last) == [
        ("LEVEL_RESULTS_NOT_RISING", WARNS, "projects-0-levels-1"),
        ("LEVEL_RESULTS_NOT_RISING", WARNS, "projects-0-levels-2"),
    ]


def test_a_level_without_a_result_cannot_be_chosen_by_results() -> None:
    sound = a_project_of_levels()
    project = replace(sound, promises=tuple(p for p in sound.promises if p.level > 1))
    assert findings_of(project) == [("NO_PROMISE_AT_LEVEL", WARNS, "projects-0-promises")]


def test_only_what_asks_for_the_pool_must_be_measurable() -> None:
    own_money = replace(a_project(promises=()), lines=(a_line(source_code="NS_HUYEN"),))
    context = replace(CONTEXT, ceilings={"NS_HUYEN": 5_000_000})
    assert check_draft(EstimateDraft((own_money,)), context) == []
    routine = a_project(promises=(), kind=ProjectKind.TASK)
    context = replace(CONTEXT, ceilings={"NST_TX": 5_000_000})
    assert check_draft(EstimateDraft((routine,)), context) == []


@pytest.mark.parametrize(
    ("kind", "source", "ceiling", "expected"),
    [
        (ProjectKind.TASK, "NST_TX", 5_000_000, []),
        (ProjectKind.TASK, "NST_TX", 4_999_999, [("CEILING_EXCEEDED", BLOCKS)]),
        (ProjectKind.TASK, "NST_TX", None, [("CEILING_MISSING", WARNS)]),
        (ProjectKind.PROJECT, "NS_HUYEN", 4_999_999, [("CEILING_EXCEEDED", BLOCKS)]),
        (ProjectKind.PROJECT, "NST_TX", 4_999_999, [("CEILING_EXCEEDED_BY_POOL", WARNS)]),
        (ProjectKind.SCHEME, "NST_TX", 5_000_000, []),
        (ProjectKind.PROJECT, "NST_TX", None, []),
    ],
)
def test_ceilings_bind_routine_and_own_money_and_warn_the_pool(
    kind: ProjectKind, source: str, ceiling: int | None, expected: list[tuple[str, Severity]]
) -> None:
    context = replace(CONTEXT, ceilings={} if ceiling is None else {source: ceiling})
    later_year = a_line("Năm sau", year=2013, source_code=source)
    project = a_project(kind=kind, lines=(a_line(source_code=source), later_year))
    found = check_draft(EstimateDraft((project,)), context)
    assert [(one.code, one.severity) for one in found] == expected
    assert {one.location.field for one in found} <= {f"ceilings-{source}"}


def test_sums_stay_silent_while_a_row_cannot_be_kept() -> None:
    context = replace(CONTEXT, ceilings={"NST_TX": 1})
    project = a_project(kind=ProjectKind.TASK, lines=(a_line(), a_line("Lạ", source_code="NS_LA")))
    assert [one.code for one in check_draft(EstimateDraft((project,)), context)] == ["SOURCE_UNKNOWN"]


def test_every_finding_says_where_what_and_how() -> None:
    mistakes: list[Callable[[], ProjectDraft]] = [
        *(lambda line=line: a_project(lines=(line,)) for line, *_rest in LINE_MISTAKES),
        *(lambda promise=promise: a_project(promises=(promise,)) for promise, *_rest in PROMISE_MISTAKES),
        *(lambda changed=changed: a_project(**changed) for changed, *_rest in PROJECT_MISTAKES),
    ]
    for make in mistakes:
        for finding in check_draft(EstimateDraft((make(),)), CONTEXT):
            assert finding.message_vi.endswith((".", "…")), finding
            assert finding.location.words.startswith("Dự án "), finding


def test_what_can_be_saved_is_a_smaller_question_than_what_is_ready() -> None:
    unready = EstimateDraft((a_project(name_vi="", lines=(a_line(unit_price_vnd=0),)),))
    assert check_storable(unready, CONTEXT) == []
    assert check_draft(unready, CONTEXT)


@pytest.mark.parametrize("is_storable", [True, False])
def test_one_project_is_told_what_the_whole_draft_is_told_of_it(is_storable: bool) -> None:
    """Beside a sound project and one like it; sums are judged only when every project can be kept."""
    for line, *_said in LINE_MISTAKES:
        wrong = a_project("DA1", priority=2, lines=(line, line))
        beside = a_project("DA2", lines=(a_line(source_code="NS_TINH" if is_storable else "NS_LA"),))
        draft = a_draft(a_project_of_levels(), wrong, beside, a_project("DA9", priority=2))
        everything = check_draft(draft, CONTEXT)
        for index in range(len(draft.projects)):
            others = tuple(f"projects-{other}-" for other in range(len(draft.projects)) if other != index)
            own = [one for one in everything if not one.location.field.startswith(others)]
            told = [
                one
                for one in check_project_of_draft(draft, index, CONTEXT)
                if not one.location.field.startswith(others)
            ]
            assert told == own
