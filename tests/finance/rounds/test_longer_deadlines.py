"""A longer time for a named office, reminders, and working days left."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from finance.clock import VIETNAM_TIME
from finance.errors import NotAllowed, NotFound, ReasonMissing, RoundClosed, RuleBroken, StaleVersion
from finance.estimates.procedure import check_estimate
from finance.estimates.queries import estimate_row
from finance.rounds.deadlines import (
    extend_deadline,
    last_reminders,
    list_extensions,
    remind_office,
)
from finance.rounds.public_holidays import (
    DayKind,
    count_working_days,
    list_holidays,
    load_public_holidays,
    set_holiday,
    working_days_left,
)
from finance.rounds.queries import get_round
from tests.builders import SUBMISSION_DUE_AT, Province, a_province, later
from tests.estimate_journeys import a_saved_estimate, edit_of

UNTIL = datetime(2012, 3, 5, 17, 0, tzinfo=VIETNAM_TIME)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def extend(session: Session, province: Province, **changed: object) -> None:
    facts: dict[str, object] = {
        "agency_id": province.agencies["H_NHATRANG"],
        "until_at": UNTIL,
        "reason": "Bão số 1, mất liên lạc ba ngày",
        "seen_edit": get_round(session, province.round_id).edit_number,
    }
    actor = changed.pop("actor", province.estimate_appraiser)
    extend_deadline(session, actor, province.round_id, **(facts | changed))  # type: ignore[arg-type]


def test_after_the_deadline_only_the_named_office_may_submit(session: Session, province: Province) -> None:
    own = a_saved_estimate(session, province)
    other = a_saved_estimate(session, province, other=True)
    late, late_other = (
        later(actor, date(2012, 3, 2)) for actor in (province.preparer, province.other_preparer)
    )
    with pytest.raises(RoundClosed):
        check_estimate(session, late, own, seen_edit=edit_of(session, own))
    extend(session, province)
    with pytest.raises(RoundClosed):
        check_estimate(session, late_other, other, seen_edit=edit_of(session, other))
    too_late = later(province.preparer, date(2012, 3, 6))
    with pytest.raises(RoundClosed, match="05/03/2012"):
        check_estimate(session, too_late, own, seen_edit=edit_of(session, own))
    check_estimate(session, late, own, seen_edit=edit_of(session, own))


def test_the_office_sees_its_own_deadline(session: Session, province: Province) -> None:
    own = a_saved_estimate(session, province)
    other = a_saved_estimate(session, province, other=True)
    extend(session, province)
    mine = estimate_row(session, province.preparer, own)
    assert (mine.due_at, mine.extended_until) == (UNTIL, UNTIL)
    theirs = estimate_row(session, province.other_preparer, other)
    assert (theirs.due_at, theirs.extended_until) == (SUBMISSION_DUE_AT, None)


def test_a_later_extension_takes_the_place_of_the_earlier(session: Session, province: Province) -> None:
    extend(session, province)
    extend(session, province, until_at=UNTIL + timedelta(days=2), reason="Thêm hai ngày")
    rows = list_extensions(session, province.round_id)
    assert [(row.reason, row.is_live) for row in rows] == [
        ("Thêm hai ngày", True),
        ("Bão số 1, mất liên lạc ba ngày", False),
    ]


def test_what_an_extension_needs(session: Session, province: Province) -> None:
    with pytest.raises(ReasonMissing):
        extend(session, province, reason="  ")
    with pytest.raises(RuleBroken, match="sau hạn chung"):
        extend(session, province, until_at=SUBMISSION_DUE_AT)
    with pytest.raises(NotFound):
        extend(session, province, agency_id=999_999)
    with pytest.raises(StaleVersion):
        extend(session, province, seen_edit=99)
    for name in ("planner", "content_appraiser", "head", "administrator", "inspector"):
        with pytest.raises(NotAllowed):
            extend(session, province, actor=getattr(province, name))


def test_a_reminder_once_a_day(session: Session, province: Province) -> None:
    office, clerk = province.agencies["H_NHATRANG"], province.estimate_appraiser

    def remind(on: date) -> None:
        seen = get_round(session, province.round_id).edit_number
        remind_office(session, later(clerk, on), province.round_id, agency_id=office, seen_edit=seen)

    remind(date(2012, 2, 15))
    with pytest.raises(RuleBroken, match="mỗi ngày nhắc một lần"):
        remind(date(2012, 2, 15))
    remind(date(2012, 2, 16))
    assert last_reminders(session, province.round_id)[office].sent_by == clerk.full_name
    with pytest.raises(NotAllowed):
        remind_office(session, province.planner, province.round_id, agency_id=office, seen_edit=3)


@pytest.mark.parametrize(
    ("today", "due", "days"),
    [
        (date(2012, 2, 15), date(2012, 2, 15), 0),
        (date(2012, 2, 15), date(2012, 2, 17), 2),  # Wednesday to Friday
        (date(2012, 2, 17), date(2012, 2, 20), 1),  # over a weekend
        (date(2012, 2, 18), date(2012, 2, 19), 0),  # Saturday to Sunday
        (date(2012, 2, 15), date(2012, 2, 29), 10),
        (date(2012, 2, 15), date(2012, 2, 10), 0),
    ],
)
def test_working_days_left(today: date, due: date, days: int) -> None:
    assert count_working_days(today, due, {}) == days


def test_days_off_and_made_up_days_count_as_announced(session: Session, province: Province) -> None:
    administrator = province.administrator
    assert load_public_holidays(session, administrator) == len(list_holidays(session)) > 0
    assert load_public_holidays(session, administrator) == 0
    # Friday 27/04 to Wednesday 02/05/2012: 30/04 and 01/05 are off.
    assert working_days_left(session, date(2012, 4, 27), date(2012, 5, 2)) == 1
    # Friday 25/04 to Monday 05/05/2025: Saturday 26/04 is worked for Friday 02/05.
    assert working_days_left(session, date(2025, 4, 25), date(2025, 5, 5)) == 4
    document = {"name_vi": "Nghỉ bão", "legal_reference": "Công điện 3"}
    set_holiday(session, administrator, day=date(2012, 2, 16), kind=DayKind.OFF, **document)
    assert working_days_left(session, date(2012, 2, 15), date(2012, 2, 17)) == 1
    set_holiday(session, administrator, day=date(2012, 2, 16), kind=DayKind.MAKE_UP, **document)
    assert working_days_left(session, date(2012, 2, 15), date(2012, 2, 17)) == 2
    with pytest.raises(RuleBroken, match="không cần ghi"):
        set_holiday(session, administrator, day=date(2012, 2, 18), kind=DayKind.OFF, **document)
    with pytest.raises(ReasonMissing):
        set_holiday(
            session, administrator, day=date(2012, 2, 17), kind=DayKind.OFF, name_vi="x", legal_reference=""
        )
    with pytest.raises(NotAllowed):
        set_holiday(session, province.planner, day=date(2012, 2, 17), kind=DayKind.OFF, **document)
