"""Opening a round and saying what money it has: who may, what is refused, what the audit says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import AuditEntry, audit_sentence, find_broken_entry
from finance.clock import VIETNAM_TIME
from finance.errors import FinanceError, NotAllowed, NotFound, RuleBroken, StaleVersion
from finance.programme.classification import Nature
from finance.rounds.operations import (
    EnvelopeEntry,
    NewRound,
    issue_ceiling,
    open_round,
    set_clock,
    set_deadline,
    set_envelope,
)
from finance.rounds.queries import (
    current_round,
    get_round,
    list_ceilings,
    list_deadlines,
    list_envelopes,
    list_rounds,
)
from finance.rounds.records import Envelope
from finance.rounds.rules import RoundKind, RoundStage, pool_vnd
from tests.builders import Province, a_province

ROUND = NewRound("HN2013", "Đợt hằng năm 2013", 2013, 2014, RoundKind.ANNUAL)
NOWHERE = 999_999  # the id of nothing
DUE_AT = datetime(2012, 2, 29, 17, 0, tzinfo=VIETNAM_TIME)
MONEY = EnvelopeEntry("NST_TX", Nature.RECURRENT, 2012, 10_000_000_000, 300_000_000, 200_000_000)

Act = Callable[[Session, Province, Actor, int], Any]


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def edit_of(session: Session, province: Province) -> int:
    return get_round(session, province.round_id).edit_number


def last_entry(session: Session) -> AuditEntry:
    assert find_broken_entry(session) is None
    return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def deadline(session: Session, province: Province, actor: Actor, seen_edit: int, **changed: Any) -> None:
    facts = {"stage": RoundStage.CONTENT_APPRAISAL, "due_at": DUE_AT} | changed
    set_deadline(session, actor, province.round_id, seen_edit=seen_edit, **facts)


def ceiling(session: Session, province: Province, actor: Actor, seen_edit: int, **changed: Any) -> None:
    facts = {"agency_id": province.agencies["H_NHATRANG"], "source_code": "NST_TX", "amount_vnd": 10**9}
    issue_ceiling(session, actor, province.round_id, seen_edit=seen_edit, **(facts | changed))


def envelope(session: Session, province: Province, actor: Actor, seen_edit: int, **changed: Any) -> None:
    entry = replace(MONEY, **changed)
    set_envelope(session, actor, province.round_id, entry=entry, seen_edit=seen_edit)


def clock(session: Session, province: Province, actor: Actor, seen_edit: int) -> None:
    set_clock(session, actor, province.round_id, business_on=date(2012, 3, 1), seen_edit=seen_edit)


CHANGES: dict[Action, tuple[Act, str]] = {
    Action.SET_DEADLINE: (deadline, "estimate_appraiser"),
    Action.ISSUE_CEILING: (ceiling, "estimate_appraiser"),
    Action.SET_ENVELOPE: (envelope, "planner"),
    Action.SET_CLOCK: (clock, "administrator"),
}
EVERYBODY = ("preparer", "head", "content_appraiser", "estimate_appraiser", "it_adviser", "planner",
             "approver", "inspector", "administrator")  # fmt: skip


# --- opening


def test_a_round_is_opened_and_becomes_the_current_one(session: Session, province: Province) -> None:
    record = open_round(session, province.estimate_appraiser, ROUND)
    row = get_round(session, record.id)
    assert (row.code, row.years, row.is_open, row.edit_number) == ("HN2013", (2013, 2014), True, 1)
    assert current_round(session) == row
    assert [one.code for one in list_rounds(session)] == ["HN2013", "BS2012"]
    assert audit_sentence(last_entry(session)) == (
        "Phạm Thu Hằng mở đợt lập dự toán: Đợt hằng năm 2013 (đang mở)"
    )


def test_only_the_office_that_guides_estimates_opens_a_round(session: Session, province: Province) -> None:
    for name in set(EVERYBODY) - {"estimate_appraiser"}:
        with pytest.raises(NotAllowed):
            open_round(session, getattr(province, name), ROUND)
    assert [row.code for row in list_rounds(session)] == ["BS2012"]


def test_a_round_that_makes_no_sense_is_refused(session: Session, province: Province) -> None:
    for wrong, words in (
        (replace(ROUND, code="BS2012"), "Mã đợt “BS2012” đã được dùng"),
        (replace(ROUND, code=" "), "Phải ghi mã và tên"),
        (replace(ROUND, name_vi=""), "Phải ghi mã và tên"),
        (replace(ROUND, last_year=2012), "Năm cuối không được trước"),
        (replace(ROUND, last_year=2023), "không kéo dài quá 10 năm"),
        (replace(ROUND, business_on=date(2012, 1, 1)), "đợt thật theo ngày thật"),
        (replace(ROUND, is_demonstration=True), "không được cùng mở"),
    ):
        with pytest.raises(RuleBroken, match=words):
            open_round(session, province.estimate_appraiser, wrong)
    longest = replace(ROUND, last_year=2022)
    assert len(get_round(session, open_round(session, province.estimate_appraiser, longest).id).years) == 10


# --- what every change of a round has in common


@pytest.mark.parametrize("action", CHANGES, ids=lambda action: action.value)
def test_a_change_is_done_by_its_office_alone(session: Session, province: Province, action: Action) -> None:
    act, may_do_it = CHANGES[action]
    seen = edit_of(session, province)
    for name in set(EVERYBODY) - {may_do_it}:
        with pytest.raises(NotAllowed, match=action.label_vi):
            act(session, province, getattr(province, name), seen)
    assert edit_of(session, province) == seen
    assert session.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize("action", CHANGES, ids=lambda action: action.value)
def test_an_old_page_is_refused_and_hears_what_happened_since(
    session: Session, province: Province, action: Action
) -> None:
    act, may_do_it = CHANGES[action]
    seen = edit_of(session, province)
    ceiling(session, province, province.estimate_appraiser, seen)
    envelope(session, province, province.planner, seen + 1)
    with pytest.raises(StaleVersion) as refusal:
        act(session, province, getattr(province, may_do_it), seen + 1)
    assert (refusal.value.seen, refusal.value.current) == (seen + 1, seen + 2)
    (since,) = refusal.value.differences
    assert since.startswith("Đỗ Ngọc Ánh xác định khả năng cân đối")
    assert edit_of(session, province) == seen + 2


@pytest.mark.parametrize("action", CHANGES, ids=lambda action: action.value)
def test_no_such_round(session: Session, province: Province, action: Action) -> None:
    act, may_do_it = CHANGES[action]
    with pytest.raises(NotFound):
        act(session, replace(province, round_id=NOWHERE), getattr(province, may_do_it), 1)


def test_every_change_raises_the_edit_number_by_one_and_is_audited_once(
    session: Session, province: Province
) -> None:
    first = edit_of(session, province)
    for number, act_of in enumerate((deadline, ceiling, ceiling)):
        act_of(session, province, province.estimate_appraiser, first + number)
    envelope(session, province, province.planner, first + 3)
    assert edit_of(session, province) == first + 4
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == [
        Action.SET_DEADLINE, Action.ISSUE_CEILING, Action.ISSUE_CEILING, Action.SET_ENVELOPE
    ]  # fmt: skip
    assert [entry.details["edit"] for entry in entries] == [first + 1, first + 2, first + 3, first + 4]
    assert {(entry.subject_kind, entry.subject_id) for entry in entries} == {
        ("budget_round", province.round_id)
    }


# --- deadlines


def test_a_deadline_is_set_and_moved(session: Session, province: Province) -> None:
    seen = edit_of(session, province)
    deadline(session, province, province.estimate_appraiser, seen)
    moved = DUE_AT + timedelta(days=2)
    deadline(session, province, province.estimate_appraiser, seen + 1, due_at=moved)
    dated = {row.stage: row.due_at for row in list_deadlines(session, province.round_id)}
    assert dated[RoundStage.CONTENT_APPRAISAL] == moved
    assert list(dated) == [RoundStage.SUBMISSION, RoundStage.CONTENT_APPRAISAL], "in the procedure's order"
    assert audit_sentence(last_entry(session)) == (
        "Phạm Thu Hằng đặt thời hạn: Đợt bổ sung đầu năm 2012"
        " (17:00 29/02/2012 → 17:00 02/03/2012, thẩm định nội dung)"
    )


def test_a_deadline_without_a_zone_is_no_deadline(session: Session, province: Province) -> None:
    naive = DUE_AT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        deadline(session, province, province.estimate_appraiser, edit_of(session, province), due_at=naive)


# --- ceilings


def test_a_ceiling_is_issued_and_corrected(session: Session, province: Province) -> None:
    seen = edit_of(session, province)
    ceiling(session, province, province.estimate_appraiser, seen)
    ceiling(session, province, province.estimate_appraiser, seen + 1, amount_vnd=0)
    (row,) = list_ceilings(session, province.round_id, province.agencies["H_NHATRANG"])
    assert (row.source_code, row.amount_vnd) == ("NST_TX", 0)
    entry = last_entry(session)
    assert (entry.from_state, entry.details["before"], entry.details["after"]) == (
        "1.000.000.000 đồng",
        10**9,
        0,
    )
    assert "0 đồng, UBND thành phố Nha Trang, Ngân sách tỉnh, chi thường xuyên" in audit_sentence(entry)


def test_the_ceilings_of_one_office_are_not_anothers(session: Session, province: Province) -> None:
    seen = edit_of(session, province)
    ceiling(session, province, province.estimate_appraiser, seen)
    other = province.agencies["H_KHANHVINH"]
    ceiling(session, province, province.estimate_appraiser, seen + 1, agency_id=other, amount_vnd=7)
    assert [row.amount_vnd for row in list_ceilings(session, province.round_id, other)] == [7]
    assert len(list_ceilings(session, province.round_id)) == 2


def test_a_ceiling_that_cannot_be_is_refused(session: Session, province: Province) -> None:
    seen = edit_of(session, province)
    wrongs: tuple[tuple[dict[str, Any], type[FinanceError]], ...] = (
        ({"amount_vnd": -1}, RuleBroken),
        ({"agency_id": NOWHERE}, NotFound),
        ({"source_code": "KHONG_CO"}, NotFound),
    )
    for changed, refusal in wrongs:
        with pytest.raises(refusal):
            ceiling(session, province, province.estimate_appraiser, seen, **changed)
    assert list_ceilings(session, province.round_id) == []
    assert edit_of(session, province) == seen


# --- envelopes


def test_what_is_left_to_allocate_is_the_envelope_less_what_is_kept_back(
    session: Session, province: Province
) -> None:
    envelope(session, province, province.planner, edit_of(session, province))
    (row,) = list_envelopes(session, province.round_id)
    assert (row.amount_vnd, row.contingency_vnd, row.unmeasured_vnd) == (
        10_000_000_000,
        300_000_000,
        200_000_000,
    )
    assert row.pool_vnd == 9_500_000_000 == pool_vnd(10_000_000_000, 300_000_000, 200_000_000)


def test_an_envelope_is_corrected_and_the_audit_knows_every_part(
    session: Session, province: Province
) -> None:
    seen = edit_of(session, province)
    envelope(session, province, province.planner, seen)
    envelope(session, province, province.planner, seen + 1, contingency_vnd=0, unmeasured_vnd=1)
    (row,) = list_envelopes(session, province.round_id)
    assert row.pool_vnd == 10_000_000_000 - 1
    details = last_entry(session).details
    assert details["before"] == {
        "amount_vnd": 10_000_000_000,
        "contingency_vnd": 300_000_000,
        "unmeasured_vnd": 200_000_000,
    }
    assert details["after"] == {
        "amount_vnd": 10_000_000_000, "contingency_vnd": 0, "unmeasured_vnd": 1
    }  # fmt: skip
    assert (details["source"], details["nature"], details["year"]) == ("NST_TX", "RECURRENT", 2012)


def test_source_nature_and_year_have_each_their_own_envelope(session: Session, province: Province) -> None:
    seen = edit_of(session, province)
    others: tuple[dict[str, Any], ...] = (
        {},
        {"year": 2013},
        {"source_code": "NST_DT", "nature": Nature.CAPITAL},
        {"source_code": "NGOAI_NS", "nature": Nature.CAPITAL},
        {"source_code": "NGOAI_NS", "nature": Nature.RECURRENT},
    )
    for number, changed in enumerate(others):
        envelope(session, province, province.planner, seen + number, **changed)
    assert len(list_envelopes(session, province.round_id)) == 5


def test_an_envelope_that_cannot_be_is_refused(session: Session, province: Province) -> None:
    seen = edit_of(session, province)
    wrongs: tuple[tuple[dict[str, Any], str], ...] = (
        ({"year": 2011}, r"Năm 2011 không thuộc đợt này \(2012-2013\)"),
        ({"year": 2014}, "không thuộc đợt này"),
        ({"amount_vnd": -1, "contingency_vnd": 0, "unmeasured_vnd": 0}, "không được âm"),
        ({"contingency_vnd": -1}, "không được âm"),
        ({"unmeasured_vnd": -1}, "không được âm"),
        ({"contingency_vnd": 9_800_000_001}, "vượt quá tổng nguồn"),
        ({"nature": Nature.CAPITAL}, "chỉ dùng cho chi thường xuyên"),
        ({"nature": Nature.BOTH}, "chỉ dùng cho chi thường xuyên"),
    )
    for changed, words in wrongs:
        with pytest.raises(RuleBroken, match=words):
            envelope(session, province, province.planner, seen, **changed)
    with pytest.raises(NotFound):
        envelope(session, province, province.planner, seen, source_code="KHONG_CO")
    assert list_envelopes(session, province.round_id) == []
    envelope(session, province, province.planner, seen, contingency_vnd=9_800_000_000)
    assert list_envelopes(session, province.round_id)[0].pool_vnd == 0


def test_the_store_itself_keeps_no_envelope_with_more_kept_back_than_there_is(
    session: Session, province: Province
) -> None:
    envelope(session, province, province.planner, edit_of(session, province))
    session.scalars(select(Envelope)).one().contingency_vnd = 9_800_000_001
    with pytest.raises(IntegrityError, match="parts_within_amount"):
        session.flush()
