"""The audit is read as sentences, found without marks, and its chain is walked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

import finance
from finance.actions import Action
from finance.audit import AuditEntry
from finance.errors import NotAllowed
from finance.reports.audit_trail import (
    AuditFilter,
    audit_choices,
    audit_table,
    chain_state,
    filter_in_words,
    find_acts,
    latest_acts,
)
from finance.reports.audit_words import DETAIL_WORDS, SILENT_DETAILS, SUBJECT_KINDS, details_in_words
from finance.reports.export_tables import write_csv
from finance.rounds.operations import issue_ceiling, set_deadline
from finance.rounds.rules import RoundStage
from tests.builders import SUBMISSION_DUE_AT, Province, a_province
from tests.finance.reviews.review_stages import in_estimate_appraisal, judge_all, sent

EVERYTHING = AuditFilter()


@pytest.fixture
def province(session: Session) -> Province:
    found = a_province(session)
    set_deadline(
        session,
        found.estimate_appraiser,
        found.round_id,
        stage=RoundStage.SUBMISSION,
        due_at=SUBMISSION_DUE_AT,
        seen_edit=1,
    )
    issue_ceiling(
        session,
        found.estimate_appraiser,
        found.round_id,
        agency_id=found.agencies["H_NHATRANG"],
        source_code="NST_TX",
        amount_vnd=1_250_000_000,
        seen_edit=2,
    )
    sent(session, found)
    return found


def test_only_inspection_and_administration_look(session: Session, province: Province) -> None:
    for actor in (province.preparer, province.planner, province.approver, province.estimate_appraiser):
        with pytest.raises(NotAllowed):
            find_acts(session, actor, EVERYTHING, limit=10)
        with pytest.raises(NotAllowed):
            chain_state(session, actor)
    for actor in (province.inspector, province.administrator):
        assert find_acts(session, actor, EVERYTHING, limit=10)[1] > 5


def test_acts_read_as_sentences_with_their_figures(session: Session, province: Province) -> None:
    wanted = AuditFilter(action=Action.ISSUE_CEILING)
    (row,), total = find_acts(session, province.inspector, wanted, limit=10)
    assert total == 1
    assert row.sentence_vi.startswith("Phạm Thu Hằng thông báo số kiểm tra: Đợt bổ sung đầu năm 2012")
    assert "sau: 1.250.000.000" in row.details_vi
    assert row.agency_name == "Sở Tài chính"


def test_every_figure_of_the_way_has_vietnamese_words(session: Session) -> None:
    province = a_province(session)
    judge_all(session, province, in_estimate_appraisal(session, province))
    entries = session.scalars(select(AuditEntry)).all()
    names = {name for entry in entries for name in entry.details}
    assert names - SILENT_DETAILS <= set(DETAIL_WORDS), names - SILENT_DETAILS - set(DETAIL_WORDS)
    assert {entry.subject_kind for entry in entries} <= set(SUBJECT_KINDS)


def test_every_kind_of_subject_has_vietnamese_words() -> None:
    rooms = Path(finance.__file__).parent
    named = {
        kind
        for file in rooms.rglob("*.py")
        for kind in re.findall(r'Subject\(\s*"(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert "allocation" in named
    assert named <= set(SUBJECT_KINDS), named - set(SUBJECT_KINDS)


@pytest.mark.parametrize(
    ("wanted", "actions"),
    [
        (AuditFilter(words="thong bao so kiem tra"), {Action.ISSUE_CEILING}),
        (AuditFilter(words="Thông báo SỐ KIỂM TRA"), {Action.ISSUE_CEILING}),
        (AuditFilter(subject_kind="budget_round"), {Action.ISSUE_CEILING, Action.SET_DEADLINE}),
        (AuditFilter(person_name="Trần Văn Hòa"), {Action.SIGN_ESTIMATE, Action.SEND_ESTIMATE}),
        (AuditFilter(words="không có chữ nào như thế"), set()),
        (AuditFilter(first_on=date(2012, 2, 16)), set()),
        (AuditFilter(last_on=date(2012, 2, 14)), set()),
    ],
)
def test_filters(session: Session, province: Province, wanted: AuditFilter, actions: set[Action]) -> None:
    rows, total = find_acts(session, province.inspector, wanted, limit=100)
    assert {row.action for row in rows} == actions
    assert total == len(rows)


def test_a_day_takes_in_its_whole_day_in_viet_nam(session: Session, province: Province) -> None:
    on = date(2012, 2, 15)
    day = AuditFilter(first_on=on, last_on=on)
    every = find_acts(session, province.inspector, EVERYTHING, limit=1000)[1]
    assert find_acts(session, province.inspector, day, limit=1000)[1] == every


def test_pages_do_not_overlap(session: Session, province: Province) -> None:
    for wanted in (EVERYTHING, AuditFilter(words="2012")):
        first, total = find_acts(session, province.inspector, wanted, limit=3)
        second, _total = find_acts(session, province.inspector, wanted, limit=3, offset=3)
        ids = [row.id for row in (*first, *second)]
        assert ids == sorted(ids, reverse=True)
        assert len(set(ids)) == 6 <= total


def test_the_office_of_the_seat_is_a_filter(session: Session, province: Province) -> None:
    wanted = AuditFilter(agency_id=province.agencies["STC"])
    rows, _total = find_acts(session, province.inspector, wanted, limit=100)
    assert {row.agency_name for row in rows} == {"Sở Tài chính"}


def test_the_file_holds_every_act_of_the_filter(session: Session, province: Province) -> None:
    at = province.inspector.moment.recorded_at
    table = audit_table(session, province.inspector, AuditFilter(subject_kind="budget_round"), at=at)
    lines = write_csv(table).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("Số,Thời điểm nghiệp vụ,Thời điểm ghi,Người thực hiện")


def test_the_chain_is_whole_until_somebody_touches_it(session: Session, province: Province) -> None:
    state = chain_state(session, province.inspector)
    assert state.broken_id is None
    assert len(state.last_hash) == 64
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id).offset(3)).first()
    assert entry is not None
    session.expunge(entry)
    altered = replace_reason(session, entry.id)
    assert chain_state(session, province.inspector).broken_id == altered


def replace_reason(session: Session, entry_id: int) -> int:
    """Change a row behind the program's back, with the guard against it switched off."""
    if session.get_bind().dialect.name == "sqlite":
        guards = session.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
        )
        for (name,) in guards.all():
            session.execute(text(f'DROP TRIGGER "{name}"'))
    else:
        session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
    session.execute(
        text("UPDATE audit_entry SET reason = 'khác' WHERE id = :entry_id"), {"entry_id": entry_id}
    )
    session.expire_all()
    return entry_id


def test_what_a_person_may_choose_from_is_in_order(session: Session, province: Province) -> None:
    names, kinds = audit_choices(session, province.inspector)
    assert "Phạm Thu Hằng" in names
    assert ("budget_round", "đợt lập dự toán") in kinds


def test_the_last_acts_on_a_subject_come_newest_first(session: Session, province: Province) -> None:
    acts = latest_acts(session, "budget_round", province.round_id, limit=1)
    assert len(acts) == 1
    assert "thông báo số kiểm tra" in acts[0][1]


def test_a_filter_says_itself_in_words() -> None:
    wanted = AuditFilter(person_name="Cao Thị Mai", action=Action.SIGN_IN, first_on=date(2012, 2, 1))
    assert filter_in_words(wanted) == "người: Cao Thị Mai; việc: đăng nhập; từ 01/02/2012"
    assert filter_in_words(replace(EVERYTHING)) == ""


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"stage": "SUBMISSION", "after": "2012-02-29T17:00:00+07:00"},
         ("giai đoạn: lập và gửi dự toán", "sau: 17:00 29/02/2012")),
        ({"year": 2012, "before": None, "after": 12_500_000}, ("năm: 2012", "sau: 12.500.000")),
        ({"quantity_thousandths": 1_500}, ("số lượng: 1,5",)),
        ({"last_day": "2012-02-15"}, ("ngày cuối: 15/02/2012",)),
        ({"edit": 3, "rows": ["line-1"]}, ()),
        ({"unknown_name": "x"}, ("unknown_name: x",)),
    ],
)  # fmt: skip
def test_details_in_words(details: dict[str, object], said: tuple[str, ...]) -> None:
    assert details_in_words(details) == said
