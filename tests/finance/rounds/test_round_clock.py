"""Deadlines are one instant, and the demonstration has a date of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from finance.audit import AuditEntry, audit_sentence
from finance.clock import VIETNAM_TIME, Moment
from finance.errors import NotFound, RoundClosed, RuleBroken
from finance.rounds.operations import set_clock
from finance.rounds.queries import business_moment_of, get_round, require_open_stage
from finance.rounds.records import BudgetRound
from finance.rounds.rules import RoundStage
from tests.builders import SUBMISSION_DUE_AT, Province, a_province, a_round

NOWHERE = 999_999  # the id of nothing
TRUE = datetime(2026, 1, 5, 3, 30, tzinfo=UTC)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def make_demonstration(session: Session, province: Province, on: date | None) -> None:
    session.execute(
        update(BudgetRound)
        .where(BudgetRound.id == province.round_id)
        .values(is_demonstration=True, business_on=on)
    )


def require_submission(session: Session, province: Province, business_at: datetime) -> None:
    require_open_stage(session, province.round_id, RoundStage.SUBMISSION, Moment(business_at, TRUE))


def test_the_deadline_is_one_instant_and_belongs_to_those_in_time(
    session: Session, province: Province
) -> None:
    require_submission(session, province, SUBMISSION_DUE_AT)
    require_submission(session, province, SUBMISSION_DUE_AT.astimezone(UTC))
    for late in (timedelta(seconds=1), timedelta(microseconds=1)):
        with pytest.raises(RoundClosed) as refusal:
            require_submission(session, province, SUBMISSION_DUE_AT + late)
    assert refusal.value.closed_at == SUBMISSION_DUE_AT
    assert "Đã hết hạn “lập và gửi dự toán” (17:00 29/02/2012)" in refusal.value.sentence_vi


def test_the_deadline_is_judged_by_business_time_not_by_the_machines(
    session: Session, province: Province
) -> None:
    early, late = SUBMISSION_DUE_AT, SUBMISSION_DUE_AT + timedelta(seconds=1)
    require_open_stage(session, province.round_id, RoundStage.SUBMISSION, Moment(early, late))
    with pytest.raises(RoundClosed):
        require_open_stage(session, province.round_id, RoundStage.SUBMISSION, Moment(late, early))


def test_a_stage_without_a_deadline_is_open_while_the_round_is(session: Session, province: Province) -> None:
    far = Moment(datetime(2099, 1, 1, tzinfo=UTC), TRUE)
    require_open_stage(session, province.round_id, RoundStage.APPROVAL, far)
    session.execute(update(BudgetRound).values(is_open=False))
    session.expire_all()
    with pytest.raises(RoundClosed):
        require_open_stage(session, province.round_id, RoundStage.APPROVAL, far)


def test_no_such_round_has_stages(session: Session, province: Province) -> None:
    with pytest.raises(NotFound):
        require_open_stage(session, NOWHERE, RoundStage.SUBMISSION, Moment(TRUE, TRUE))


def test_a_real_round_goes_by_the_true_time(session: Session, province: Province) -> None:
    assert business_moment_of(session, TRUE) == Moment(TRUE, TRUE)
    make_demonstration(session, province, None)
    assert business_moment_of(session, TRUE) == Moment(TRUE, TRUE)


def test_everybody_goes_by_the_demonstrations_date_while_it_is_open(
    session: Session, province: Province
) -> None:
    make_demonstration(session, province, date(2012, 2, 15))
    moment = business_moment_of(session, TRUE)
    assert moment.business_at == datetime(2012, 2, 15, 10, 30, tzinfo=VIETNAM_TIME)
    assert moment.recorded_at == TRUE
    session.execute(update(BudgetRound).values(is_open=False))
    assert business_moment_of(session, TRUE) == Moment(TRUE, TRUE)


def test_a_date_in_a_real_round_moves_nobodys_clock(session: Session, province: Province) -> None:
    session.execute(update(BudgetRound).values(business_on=date(2012, 2, 15)))
    assert business_moment_of(session, TRUE) == Moment(TRUE, TRUE)


def test_the_newest_demonstration_counts(session: Session, province: Province) -> None:
    make_demonstration(session, province, date(2012, 2, 15))
    a_round(session, "MH2", is_demonstration=True, business_on=date(2013, 5, 1))
    assert business_moment_of(session, TRUE).business_on == date(2013, 5, 1)


def test_the_administrator_moves_the_date_and_the_audit_keeps_both_times(
    session: Session, province: Province
) -> None:
    make_demonstration(session, province, date(2012, 2, 15))
    seen = get_round(session, province.round_id).edit_number
    set_clock(
        session, province.administrator, province.round_id, business_on=date(2012, 3, 1), seen_edit=seen
    )
    assert business_moment_of(session, TRUE).business_on == date(2012, 3, 1)
    entry = session.query(AuditEntry).one()
    assert audit_sentence(entry) == (
        "Ngô Hải Yến đặt ngày làm việc minh họa: Đợt bổ sung đầu năm 2012 (15/02/2012 → 01/03/2012)"
    )
    assert entry.recorded_at == province.administrator.moment.recorded_at
    assert entry.business_at == province.administrator.moment.business_at


@pytest.mark.parametrize("unreachable", [date(1800, 1, 1), date(202, 2, 20)])
def test_the_date_is_not_moved_to_where_nobody_could_move_it_back(
    session: Session, province: Province, unreachable: date
) -> None:
    make_demonstration(session, province, date(2012, 2, 15))
    seen = get_round(session, province.round_id).edit_number
    with pytest.raises(RuleBroken, match="sẽ không đổi lại được"):
        set_clock(session, province.administrator, province.round_id, business_on=unreachable, seen_edit=seen)
    assert business_moment_of(session, TRUE).business_on == date(2012, 2, 15)


def test_the_clock_of_a_real_round_cannot_be_moved(session: Session, province: Province) -> None:
    seen = get_round(session, province.round_id).edit_number
    with pytest.raises(RuleBroken, match="đợt thật theo ngày thật"):
        set_clock(
            session, province.administrator, province.round_id, business_on=date(2012, 3, 1), seen_edit=seen
        )
