"""A plan is written activity by activity, checked as a whole, and never changed once it was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from finance.errors import (
    NotAllowed,
    NotFound,
    NotInThisStatus,
    NotReady,
    RecordDamaged,
    RuleBroken,
    StaleVersion,
)
from finance.findings import Severity
from finance.plans.content import read_plan_draft
from finance.plans.draft import TargetValue
from finance.plans.operations import move_activity, remove_activity, save_activity, save_aims, start_plan
from finance.plans.plan_lookup import get_plan_version, get_seen_plan
from finance.plans.procedure import agree_plan, issue_plan, revise_plan, send_plan
from finance.plans.progress import record_plan_progress
from finance.plans.queries import plan_activities, plan_findings, plan_history, plan_row, plan_versions
from finance.plans.records import PlanActivity, ReformPlan
from finance.plans.workflow import PlanStatus, ProgressState
from tests.builders import Province
from tests.plan_journeys import DOCUMENT, YEAR, a_saved_plan, an_activity, bring_plan_to, plan_edit_of


def keys_of(session: Session, province: Province, plan_id: int) -> list[str]:
    seen = get_seen_plan(session, province.preparer, plan_id)
    return [one.activity_key for one in read_plan_draft(session, seen.version).activities]


def codes_of(session: Session, province: Province, plan_id: int) -> list[tuple[str, bool]]:
    seen = get_seen_plan(session, province.preparer, plan_id)
    return [(one.code, one.is_blocking) for one in plan_findings(session, seen, date(2012, 2, 15))]


def test_what_is_saved_is_read_again(session: Session, province: Province) -> None:
    given = an_activity(partners_vi="Sở Nội vụ", note="Hai đợt", product_vi="  Giấy\r\nchứng nhận ")
    plan_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"], given)
    seen = get_seen_plan(session, province.preparer, plan_id)
    (stored,) = read_plan_draft(session, seen.version).activities
    assert stored == replace(given, activity_key="HD01", product_vi="Giấy\nchứng nhận")
    (row,) = plan_activities(session, seen, seen.version)
    assert (row.task_code, row.targets[0].value_vi) == ("4b", "45 %")
    assert row.targets[0].programme_vi == "từ (≥) 100 % vào năm 2015"


def test_activities_are_added_changed_moved_and_removed(session: Session, province: Province) -> None:
    office = province.agencies["H_NHATRANG"]
    plan_id = a_saved_plan(
        session, province.preparer, office, an_activity("Một"), an_activity("Hai"), an_activity("Ba")
    )
    move_activity(
        session,
        province.preparer,
        plan_id,
        activity_key="HD03",
        steps=-2,
        seen_edit=plan_edit_of(session, plan_id),
    )
    assert keys_of(session, province, plan_id) == ["HD03", "HD01", "HD02"]
    remove_activity(
        session, province.preparer, plan_id, activity_key="HD01", seen_edit=plan_edit_of(session, plan_id)
    )
    added = save_activity(
        session,
        province.preparer,
        plan_id,
        activity=an_activity("Bốn"),
        seen_edit=plan_edit_of(session, plan_id),
    )
    assert keys_of(session, province, plan_id) == ["HD03", "HD02", added.activity_key]
    said = [row.sentence_vi for row in plan_history(session, plan_id, 20)]
    assert len(said) == 1 + 3 + 3
    with pytest.raises(NotFound):
        remove_activity(
            session, province.preparer, plan_id, activity_key="HD99", seen_edit=plan_edit_of(session, plan_id)
        )


def test_saving_the_same_again_changes_nothing(session: Session, province: Province) -> None:
    plan_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    edit = plan_edit_of(session, plan_id)
    again = save_activity(
        session, province.preparer, plan_id, activity=an_activity(activity_key="HD01"), seen_edit=edit
    )
    assert again.edit_number == edit
    assert save_aims(session, province.preparer, plan_id, aims_vi="", seen_edit=edit).edit_number == edit


def test_an_old_page_a_stranger_and_a_second_plan_are_refused(session: Session, province: Province) -> None:
    office = province.agencies["H_NHATRANG"]
    plan_id = a_saved_plan(session, province.preparer, office)
    with pytest.raises(StaleVersion) as stale:
        save_aims(session, province.preparer, plan_id, aims_vi="Mới", seen_edit=1)
    assert any("soạn kế hoạch năm" in sentence for sentence in stale.value.differences)
    with pytest.raises(NotFound):
        save_aims(session, province.other_preparer, plan_id, aims_vi="Mới", seen_edit=2)
    with pytest.raises(NotFound):  # a draft is nobody else's to read
        plan_row(session, province.content_appraiser, plan_id)
    with pytest.raises(NotAllowed):
        start_plan(session, province.other_preparer, agency_id=office, year=YEAR + 1)
    with pytest.raises(RuleBroken, match="đã có kế hoạch"):
        start_plan(session, province.preparer, agency_id=office, year=YEAR)
    with pytest.raises(RuleBroken, match="Năm kế hoạch"):
        start_plan(session, province.preparer, agency_id=office, year=1999)


@pytest.mark.parametrize(
    "changed",
    [
        {"name_vi": " "},
        {"task_code": "9z"},
        {"name_vi": "x" * 501},
        {"responsible_vi": "x" * 301},
        {"targets": (TargetValue("II.9.z"),)},
    ],
)
def test_what_cannot_be_kept_is_refused(
    session: Session, province: Province, changed: dict[str, object]
) -> None:
    plan_id = a_saved_plan(session, province.preparer, province.agencies["H_NHATRANG"])
    with pytest.raises(NotReady):
        save_activity(
            session, province.preparer, plan_id, activity=replace(an_activity(), **changed), seen_edit=2
        )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"product_vi": ""}, "ACTIVITY_PRODUCT"),
        ({"responsible_vi": ""}, "ACTIVITY_UNIT"),
        ({"due_on": None}, "ACTIVITY_DUE"),
        ({"due_on": date(2013, 1, 5)}, "ACTIVITY_DUE_YEAR"),
        ({"targets": (TargetValue("II.1.dd.1", 50_000),)}, "TARGET_TWO_VALUES"),
    ],
)
def test_gaps_may_be_saved_but_not_sent(
    session: Session, province: Province, changed: dict[str, object], code: str
) -> None:
    office = province.agencies["H_NHATRANG"]
    plan_id = a_saved_plan(
        session, province.preparer, office, an_activity("Một"), an_activity("Hai", **changed)
    )
    assert (code, True) in codes_of(session, province, plan_id)
    with pytest.raises(NotReady) as refusal:
        send_plan(session, province.preparer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    assert [finding.code for finding in refusal.value.findings] == [code]
    assert session.get_one(ReformPlan, plan_id).status is PlanStatus.DRAFT


def test_an_empty_plan_and_a_led_task_left_out_are_told(session: Session, province: Province) -> None:
    plan_id = start_plan(session, province.preparer, agency_id=province.agencies["H_NHATRANG"], year=YEAR)
    assert codes_of(session, province, plan_id) == [("PLAN_EMPTY", True)]
    # Task 6b is carried out, not led, by Nha Trang: nothing to warn of.
    save_activity(session, province.preparer, plan_id, activity=an_activity(targets=()), seen_edit=1)
    seen = get_seen_plan(session, province.preparer, plan_id)
    found = plan_findings(session, seen, date(2012, 2, 15))
    assert [(one.code, one.severity) for one in found] == [("ACTIVITY_NO_TARGET", Severity.WARNS)]


def test_a_sent_plan_is_frozen_and_readable(session: Session, province: Province) -> None:
    plan_id = bring_plan_to(session, province, PlanStatus.SENT)
    edit = plan_edit_of(session, plan_id)
    with pytest.raises(NotInThisStatus):
        save_aims(session, province.preparer, plan_id, aims_vi="Mới", seen_edit=edit)
    assert plan_row(session, province.content_appraiser, plan_id).activity_count == 1
    assert plan_row(session, province.approver, plan_id).shown_number == 1
    with pytest.raises(NotFound):
        plan_row(session, province.other_preparer, plan_id)


def test_the_head_issues_what_was_sent_or_nothing(session: Session, province: Province) -> None:
    plan_id = bring_plan_to(session, province, PlanStatus.AGREED)
    edit = plan_edit_of(session, plan_id)
    for wrong in (
        {"document_number": " "},
        {"document_on": date(2012, 2, 16)},
        {"document_number": "x" * 61},
    ):
        with pytest.raises(RuleBroken):
            issue_plan(session, province.head, plan_id, **(DOCUMENT | wrong), seen_edit=edit)  # type: ignore[arg-type]
    version = get_plan_version(session, session.get_one(ReformPlan, plan_id))
    row = session.query(PlanActivity).filter_by(version_id=version.id).one()
    row.name_vi = "Đã bị sửa sau lưng chương trình"
    session.flush()
    with pytest.raises(RecordDamaged):
        issue_plan(session, province.head, plan_id, **DOCUMENT, seen_edit=edit)  # type: ignore[arg-type]


def test_a_changed_issued_plan_is_a_new_version_beside_the_issued_one(
    session: Session, province: Province
) -> None:
    plan_id = bring_plan_to(session, province, PlanStatus.ISSUED)
    with pytest.raises(RuleBroken):  # an issued plan is not changed without a word
        revise_plan(session, province.preparer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    revise_plan(
        session, province.preparer, plan_id, reason="Thêm lớp", seen_edit=plan_edit_of(session, plan_id)
    )
    save_activity(
        session,
        province.preparer,
        plan_id,
        activity=an_activity("Lớp thứ hai"),
        seen_edit=plan_edit_of(session, plan_id),
    )
    own = get_seen_plan(session, province.preparer, plan_id)
    others = get_seen_plan(session, province.content_appraiser, plan_id)
    assert (own.version.number, others.version.number) == (2, 1)
    assert others.version.document_number == "05/KH-UBND"
    assert len(read_plan_draft(session, own.version).activities) == 2
    assert len(read_plan_draft(session, others.version).activities) == 1
    assert [row.number for row in plan_versions(session, others)] == [1]


def test_last_year_s_unfinished_activities_come_first_and_marked(
    session: Session, province: Province
) -> None:
    office = province.agencies["H_NHATRANG"]
    names = ("Xong", "Dở dang", "Chưa ghi", "Bỏ")
    plan_id = a_saved_plan(session, province.preparer, office, *(an_activity(name) for name in names))
    with pytest.raises(RuleBroken, match="chưa được ban hành"):
        _record(session, province, plan_id, "HD01", ProgressState.DONE)
    session.get_one(ReformPlan, plan_id)
    send_plan(session, province.preparer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    agree_plan(session, province.content_appraiser, plan_id, seen_edit=plan_edit_of(session, plan_id))
    issue_plan(session, province.head, plan_id, **DOCUMENT, seen_edit=plan_edit_of(session, plan_id))  # type: ignore[arg-type]
    _record(session, province, plan_id, "HD01", ProgressState.DONE)
    _record(session, province, plan_id, "HD02", ProgressState.UNDER_WAY)
    _record(session, province, plan_id, "HD04", ProgressState.DROPPED)
    with pytest.raises(RuleBroken):
        start_plan(session, province.preparer, agency_id=office, year=YEAR + 2, from_last_year=True)
    next_id = start_plan(session, province.preparer, agency_id=office, year=YEAR + 1, from_last_year=True)
    seen = get_seen_plan(session, province.preparer, next_id)
    copied = read_plan_draft(session, seen.version).activities
    assert [(one.name_vi, one.carried_from) for one in copied] == [
        ("Dở dang", YEAR),
        ("Chưa ghi", YEAR),
        ("Xong", None),
    ]
    assert {one.due_on for one in copied} == {date(YEAR + 1, 6, 30)}
    assert not any(one.targets for one in copied)


def _record(session: Session, province: Province, plan_id: int, key: str, state: ProgressState) -> None:
    record_plan_progress(
        session,
        province.preparer,
        plan_id,
        activity_key=key,
        state=state,
        words="Đã có báo cáo",
        seen_edit=plan_edit_of(session, plan_id),
    )
