"""Norms written, replaced and repealed; the lines that rest on them and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.audit import AuditEntry
from finance.errors import NotAllowed, NotReady, ReasonMissing, RuleBroken, StaleVersion
from finance.estimates.checking.checks import check_draft
from finance.estimates.operations import save_draft
from finance.estimates.procedure import check_estimate
from finance.estimates.queries import check_context, load_draft
from finance.estimates.workflow import EstimateStatus
from finance.norms.operations import add_norm, repeal_norm, replace_norm
from finance.norms.queries import (
    affected_lines,
    get_norm,
    lines_on_ended_norms,
    list_examples,
    norm_by_code,
    norm_versions,
)
from finance.norms.rules import Example, ExampleVerdict, NormText
from finance.programme.operations import load_norms
from finance.programme.records import SpendingNorm
from finance.reports.worklist import worklist
from tests.builders import Province, a_draft, a_line, a_project, a_province, later
from tests.estimate_journeys import a_saved_estimate, bring_to, edit_of

DAY = date(2012, 2, 15)
NORM = NormText("Thù lao giảng viên", "buổi", 450_000, "Nghị quyết 05 thử nghiệm", date(2012, 3, 1))
EXAMPLES = (
    Example(450_000, date(2012, 3, 1), ExampleVerdict.WITHIN),
    Example(450_001, date(2012, 3, 1), ExampleVerdict.ABOVE),
)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def a_draft_on(code: str, price: int = 400_000) -> object:
    return a_draft(a_project(lines=(a_line(norm_code=code, unit_price_vnd=price), a_line("Việc khác"))))


def codes_of(session: Session, province: Province, estimate_id: int, on: date = DAY) -> dict[str, str]:
    context = check_context(session, province.round_id, province.agencies["H_NHATRANG"], on=on)
    findings = check_draft(load_draft(session, estimate_id), context)
    return {finding.code: finding.message_vi + finding.remedy_vi for finding in findings}


def test_a_norm_is_stored_with_its_examples(session: Session, province: Province) -> None:
    norm_id = add_norm(session, province.estimate_appraiser, "DM01", NORM, examples=EXAMPLES)
    row = get_norm(session, norm_id)
    assert (row.code, row.max_vnd, row.set_by) == ("DM01", 450_000, "Phạm Thu Hằng")
    assert list_examples(session, norm_id) == list(EXAMPLES)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "spending_norm")).one()
    assert entry.action.value == "ADD_NORM"


def test_an_example_that_fails_stores_nothing(session: Session, province: Province) -> None:
    with pytest.raises(NotReady):
        add_norm(
            session,
            province.estimate_appraiser,
            "DM01",
            replace(NORM, max_vnd=449_999),
            examples=EXAMPLES,
        )
    assert session.scalar(select(SpendingNorm.id).where(SpendingNorm.code == "DM01")) is None


def test_only_the_office_that_guides_estimates_writes_norms(session: Session, province: Province) -> None:
    norm = norm_by_code(session, "N01")
    for actor in (province.preparer, province.content_appraiser, province.planner, province.administrator):
        with pytest.raises(NotAllowed):
            add_norm(session, actor, "DM01", NORM, examples=EXAMPLES)
        with pytest.raises(NotAllowed):
            repeal_norm(session, actor, norm.id, last_day=DAY, ended_by="QĐ", seen_edit=1)


def test_a_code_is_not_used_twice(session: Session, province: Province) -> None:
    with pytest.raises(RuleBroken):
        add_norm(session, province.estimate_appraiser, "N01", NORM, examples=EXAMPLES)
    with pytest.raises(NotReady):
        add_norm(session, province.estimate_appraiser, "N01.2", NORM, examples=EXAMPLES)


def test_a_replaced_norm_stays_with_its_lines_and_says_so(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province, a_draft_on("N01"))
    old = norm_by_code(session, "N01")
    new_id = replace_norm(
        session, province.estimate_appraiser, old.id, NORM, examples=EXAMPLES, seen_edit=old.edit_number
    )
    new = get_norm(session, new_id)
    assert (new.code, new.replaces_code) == ("N01.2", "N01")
    assert norm_by_code(session, "N01").valid_to == date(2012, 2, 29)
    assert [row.code for row in norm_versions(session, get_norm(session, old.id))] == ["N01.2", "N01"]
    assert load_draft(session, estimate_id).projects[0].lines[0].norm_code == "N01"
    # Until its last day the old one still holds, with notice; from the next day on it stops.
    before = codes_of(session, province, estimate_id)
    assert "NORM_ENDING" in before
    after = codes_of(session, province, estimate_id, date(2012, 3, 1))
    assert "N01.2" in after["NORM_ENDED"]


def test_a_repealed_norm_blocks_and_its_lines_are_listed(session: Session, province: Province) -> None:
    mine = a_saved_estimate(session, province, a_draft_on("N01"))
    bring_to(session, province, EstimateStatus.SENT, a_draft_on("N01"), other=True)
    norm = norm_by_code(session, "N01")
    count = repeal_norm(
        session,
        province.estimate_appraiser,
        norm.id,
        last_day=date(2012, 2, 14),
        ended_by="QĐ 01/QĐ-UBND",
        seen_edit=1,
    )
    assert count == 2
    seen = affected_lines(session, province.estimate_appraiser, norm.id)
    assert (len(seen.shown), seen.hidden_lines, seen.hidden_offices) == (1, 1, 1)
    assert seen.shown[0].asked_vnd == 4_000_000
    assert "NORM_ENDED" in codes_of(session, province, mine)
    found = lines_on_ended_norms(session, [mine], 2012, DAY)
    assert found == {mine: (1, ("N01",))}
    with pytest.raises(NotReady):
        check_estimate(session, province.preparer, mine, seen_edit=edit_of(session, mine))
    # The draft can still be saved: what is wrong is told, not locked in.
    save_draft(
        session, province.preparer, mine, draft=a_draft_on("N01", 300_000), seen_edit=edit_of(session, mine)
    )


def test_the_agency_finds_the_lines_among_its_work(session: Session, province: Province) -> None:
    a_saved_estimate(session, province, a_draft_on("N01"))
    norm = norm_by_code(session, "N01")
    repeal_norm(
        session,
        province.estimate_appraiser,
        norm.id,
        last_day=date(2012, 2, 14),
        ended_by="QĐ 01",
        seen_edit=1,
    )
    mine = [item for item in worklist(session, province.preparer) if "N01" in item.detail_vi]
    assert len(mine) == 1
    assert not [item for item in worklist(session, province.other_preparer) if "N01" in item.detail_vi]


def test_what_stands_in_the_way_of_a_repeal(session: Session, province: Province) -> None:
    norm, actor = norm_by_code(session, "N01"), province.estimate_appraiser
    with pytest.raises(ReasonMissing):
        repeal_norm(session, actor, norm.id, last_day=DAY, ended_by=" ", seen_edit=1)
    with pytest.raises(StaleVersion):
        repeal_norm(session, actor, norm.id, last_day=DAY, ended_by="QĐ 01", seen_edit=7)
    repeal_norm(session, actor, norm.id, last_day=DAY, ended_by="QĐ 01", seen_edit=1)
    with pytest.raises(RuleBroken):
        repeal_norm(session, actor, norm.id, last_day=DAY, ended_by="QĐ 02", seen_edit=2)
    with pytest.raises(RuleBroken):
        replace_norm(session, actor, norm.id, NORM, examples=EXAMPLES, seen_edit=2)


def test_a_firm_norm_is_not_passed_with_a_reason(session: Session, province: Province) -> None:
    add_norm(
        session,
        province.estimate_appraiser,
        "DM01",
        replace(NORM, is_firm=True, valid_from=date(2012, 1, 1)),
        examples=EXAMPLES,
    )
    line = a_line(norm_code="DM01", unit_price_vnd=460_000, over_norm_reason="Giảng viên ở xa")
    estimate_id = a_saved_estimate(session, province, a_draft(a_project(lines=(line,))))
    assert "NORM_EXCEEDED_FIRM" in codes_of(session, province, estimate_id)


def test_a_norm_of_another_level_is_pointed_out(session: Session, province: Province) -> None:
    examples = [replace(example, level_code="tinh") for example in EXAMPLES]
    text = replace(NORM, level_code="tinh", valid_from=date(2012, 1, 1))
    add_norm(session, province.estimate_appraiser, "DM01", text, examples=examples)
    estimate_id = a_saved_estimate(session, province, a_draft_on("DM01"))
    assert "NORM_OTHER_LEVEL" in codes_of(session, province, estimate_id)


def test_loading_the_files_does_not_bring_a_repealed_norm_back(session: Session, province: Province) -> None:
    load_norms(session, province.administrator, name="norms_demonstration.csv")
    norm = norm_by_code(session, "MH05")
    repeal_norm(session, province.estimate_appraiser, norm.id, last_day=DAY, ended_by="QĐ 01", seen_edit=1)
    report = load_norms(session, province.administrator, name="norms_demonstration.csv")
    assert report.is_empty
    assert norm_by_code(session, "MH05").ended_by == "QĐ 01"


def test_the_next_day_counts_by_the_persons_clock(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province, a_draft_on("N01"))
    repeal_norm(
        session,
        province.estimate_appraiser,
        norm_by_code(session, "N01").id,
        last_day=date(2012, 2, 20),
        ended_by="QĐ 01",
        seen_edit=1,
    )
    check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    other = a_saved_estimate(session, province, a_draft_on("N01"), other=True)
    with pytest.raises(NotReady):
        check_estimate(
            session,
            later(province.other_preparer, date(2012, 2, 21)),
            other,
            seen_edit=edit_of(session, other),
        )
