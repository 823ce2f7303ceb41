"""What a dossier lacks, rule by rule; a whole one has nothing left to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from finance.dossiers.checks import check_dossier
from finance.dossiers.required_papers import read_required_papers
from finance.dossiers.rules import (
    AfterCosts,
    ConditionAnswer,
    Continuity,
    Dossier,
    DossierSubject,
    OutputEvidence,
    OutturnFigure,
    OutturnKind,
    PaperFact,
    PaperRequirement,
    PromisedResult,
    ResultCondition,
    RunningCost,
    condition_paper,
    required_papers,
)
from finance.findings import Finding, Severity
from finance.programme.classification import Nature, ProjectKind

YEAR = 2012
SUBJECT = DossierSubject(
    project_key="DA1",
    prefix="projects-0-",
    words="Dự án DA1",
    kind=ProjectKind.PROJECT,
    competes=True,
    exceeds_ceiling=False,
    levels=("MINIMUM", "FULL"),
    results=(PromisedResult("BOI_DUONG", "Công chức được bồi dưỡng", "người"),),
    asked_vnd={Nature.CAPITAL: 90_000_000, Nature.RECURRENT: 20_000_000},
)
EVIDENCE = OutputEvidence(
    "BOI_DUONG",
    baseline_thousandths=40_000,
    baseline_on=date(2011, 12, 31),
    baseline_source="Báo cáo năm 2011",
    data_source="Danh sách lớp",
    verification="Đối chiếu ký nhận",
    responsible="Phòng Nội vụ",
)
OUTTURNS = tuple(
    OutturnFigure(kind, 1_000_000, date(2011, 11, 30), "Đối chiếu Kho bạc") for kind in OutturnKind
)
WHOLE = Dossier(
    "DA1",
    minimum_level="MINIMUM",
    minimum_reason="Dưới một lớp thì không mở được.",
    continuity=Continuity.CONTINUING,
    after_costs=AfterCosts.SOME,
    conditions=tuple(ConditionAnswer(one, is_met=True, evidence="Văn bản 12") for one in ResultCondition),
    outputs=(EVIDENCE,),
    outturns=OUTTURNS,
    running_costs=(RunningCost("Bảo trì", 2013, 5_000_000, "Ngân sách huyện", "UBND huyện"),),
)


def checked(dossier: Dossier, subject: DossierSubject = SUBJECT, *papers: PaperFact) -> list[Finding]:
    return check_dossier(subject, dossier, papers, [], YEAR)


def codes(findings: list[Finding]) -> list[tuple[str, Severity]]:
    return [(one.code, one.severity) for one in findings]


def test_a_whole_dossier_has_nothing_left_to_say() -> None:
    assert checked(WHOLE) == []


def test_a_dossier_nobody_began_is_one_finding_and_a_hint_for_routine_tasks() -> None:
    empty = Dossier("DA1")
    assert codes(checked(empty)) == [("DOSSIER_EMPTY", Severity.WARNS)]
    task = replace(SUBJECT, kind=ProjectKind.TASK, competes=False)
    assert codes(checked(empty, task)) == [("DOSSIER_EMPTY", Severity.HINTS)]


def _answered(condition: ResultCondition, *, is_met: bool | None, evidence: str = "") -> Dossier:
    others = [one for one in WHOLE.conditions if one.condition is not condition]
    return replace(WHOLE, conditions=(*others, ConditionAnswer(condition, is_met, evidence)))


@pytest.mark.parametrize("condition", ResultCondition)
def test_each_condition_is_answered_and_proved(condition: ResultCondition) -> None:
    unsaid, bare = _answered(condition, is_met=None), _answered(condition, is_met=True)
    assert codes(checked(unsaid)) == [("RESULT_CONDITION_UNSAID", Severity.HINTS)]
    assert codes(checked(bare)) == [("RESULT_CONDITION_NO_EVIDENCE", Severity.WARNS)]
    assert checked(bare)[0].location.field == f"projects-0-dossier-condition-{condition.value}"
    assert checked(bare, SUBJECT, PaperFact(condition_paper(condition), "a.pdf")) == []
    assert codes(checked(_answered(condition, is_met=False))) == [
        ("RESULT_CONDITION_NOT_MET", Severity.HINTS)
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"baseline_thousandths": None}, "BASELINE_MISSING"),
        ({"baseline_thousandths": None, "is_unmeasured": True}, "BASELINE_UNMEASURED"),
        ({"baseline_on": None}, "BASELINE_UNSOURCED"),
        ({"baseline_source": ""}, "BASELINE_UNSOURCED"),
        ({"verification": ""}, "VERIFICATION_MISSING"),
        ({"responsible": ""}, "VERIFICATION_MISSING"),
    ],
)
def test_each_result_has_a_baseline_and_a_way_to_verify(changed: dict[str, object], code: str) -> None:
    dossier = replace(WHOLE, outputs=(replace(EVIDENCE, **changed),))  # type: ignore[arg-type]
    assert [one.code for one in checked(dossier)] == [code]


def test_the_baseline_nought_is_a_figure() -> None:
    assert checked(replace(WHOLE, outputs=(replace(EVIDENCE, baseline_thousandths=0),))) == []


def test_the_minimum_level_warns_only_where_more_is_asked_than_the_control_figure() -> None:
    unnamed = replace(WHOLE, minimum_level="", minimum_reason="")
    over = replace(SUBJECT, exceeds_ceiling=True)
    assert codes(checked(unnamed)) == [("MINIMUM_LEVEL_UNNAMED", Severity.HINTS)]
    assert codes(checked(unnamed, over)) == [("MINIMUM_LEVEL_UNNAMED", Severity.WARNS)]
    assert codes(checked(replace(WHOLE, minimum_reason=""), over)) == [
        ("MINIMUM_REASON_MISSING", Severity.WARNS)
    ]
    assert codes(checked(replace(WHOLE, minimum_level="REDUCED"))) == [("MINIMUM_LEVEL_GONE", Severity.WARNS)]


def test_a_continuing_project_states_three_figures_each_with_its_day_and_method() -> None:
    assert codes(checked(replace(WHOLE, outturns=()))) == [("OUTTURN_MISSING", Severity.WARNS)] * 3
    said = [one.message_vi for one in checked(replace(WHOLE, outturns=()))]
    assert ["2010" in said[0], "2011" in said[1], "2011" in said[2]] == [True] * 3
    bare = (replace(OUTTURNS[0], cut_off_on=None), replace(OUTTURNS[1], method=""), OUTTURNS[2])
    assert codes(checked(replace(WHOLE, outturns=bare))) == [("OUTTURN_BASIS_MISSING", Severity.WARNS)] * 2
    assert checked(replace(WHOLE, continuity=Continuity.NEW, outturns=())) == []
    assert codes(checked(replace(WHOLE, continuity=Continuity.UNSAID))) == [
        ("CONTINUITY_UNSAID", Severity.HINTS)
    ]


def test_costs_after_the_project_are_named_and_paid_by_somebody() -> None:
    assert codes(checked(replace(WHOLE, running_costs=()))) == [("AFTER_COSTS_EMPTY", Severity.WARNS)]
    unpaid = replace(WHOLE.running_costs[0], payer_vi="")
    assert codes(checked(replace(WHOLE, running_costs=(unpaid,)))) == [("AFTER_COSTS_UNPAID", Severity.WARNS)]
    unsaid = replace(WHOLE, after_costs=AfterCosts.UNSAID)
    assert codes(checked(unsaid)) == [("AFTER_COSTS_UNSAID", Severity.HINTS)]


def test_only_a_suspected_file_blocks_by_itself() -> None:
    suspect, waiting = (
        PaperFact("KHAC", "a.pdf", is_suspect=True),
        PaperFact("KHAC", "b.pdf", is_waiting=True),
    )
    assert codes(checked(WHOLE, SUBJECT, suspect, waiting)) == [
        ("PAPER_SUSPECT", Severity.BLOCKS),
        ("PAPER_WAITING", Severity.WARNS),
    ]


def _a_requirement(**changed: object) -> PaperRequirement:
    usual = PaperRequirement(
        code="BAO_GIA",
        name_vi="Báo giá",
        project_kind=None,
        nature=Nature.CAPITAL,
        least_vnd=90_000_000,
        only_continuing=False,
        severity=Severity.WARNS,
        valid_from=date(2011, 1, 1),
        valid_to=None,
        legal_reference="Quy định thử",
    )
    return replace(usual, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "is_asked"),
    [
        ({}, True),
        ({"least_vnd": 90_000_001}, False),
        ({"nature": None, "least_vnd": 110_000_000}, True),
        ({"nature": None, "least_vnd": 110_000_001}, False),
        ({"project_kind": ProjectKind.SCHEME}, False),
        ({"project_kind": ProjectKind.PROJECT}, True),
        ({"only_continuing": True}, False),
        ({"nature": Nature.BOTH, "least_vnd": 0}, False),
    ],
)
def test_a_paper_is_asked_for_by_kind_and_amount(changed: dict[str, object], is_asked: bool) -> None:
    asked = required_papers(SUBJECT, Continuity.NEW, [_a_requirement(**changed)])
    assert bool(asked) is is_asked


def test_a_missing_paper_is_as_severe_as_the_table_says_and_a_suspected_one_is_none() -> None:
    for severity in Severity:
        requirement = _a_requirement(severity=severity)
        missing = check_dossier(SUBJECT, WHOLE, [], [requirement], YEAR)
        assert codes(missing) == [("PAPER_MISSING", severity)]
        there = check_dossier(SUBJECT, WHOLE, [PaperFact("BAO_GIA", "a.pdf")], [requirement], YEAR)
        assert there == []
        bad = check_dossier(
            SUBJECT, WHOLE, [PaperFact("BAO_GIA", "a.pdf", is_suspect=True)], [requirement], YEAR
        )
        assert ("PAPER_MISSING", severity) in codes(bad)


def test_the_packaged_table_can_be_read_and_blocks_nothing_yet() -> None:
    rows = read_required_papers()
    assert rows
    assert {row.severity for row in rows} <= {Severity.WARNS, Severity.HINTS}
    assert all(row.legal_reference for row in rows)
