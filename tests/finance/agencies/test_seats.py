"""From which seats a person acts: positions by date, and only while the office holds the function."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function, Seat
from finance.agencies.installation import installation_actor
from finance.agencies.operations import (
    NewAgency,
    NewPosition,
    add_person,
    assign_function,
    deactivate_person,
    end_function,
    end_position,
    grant_position,
    register_agency,
)
from finance.agencies.queries import (
    actor_for,
    agencies_with_function,
    list_agencies,
    list_functions,
    list_persons,
    list_persons_of,
    positions_of,
)
from finance.audit import AuditEntry, audit_sentence, find_broken_entry
from finance.errors import NotAllowed, NotFound, ReasonMissing, RuleBroken
from tests.builders import a_moment

NOWHERE = 999_999  # the id of nothing
SINCE, UNTIL = date(2012, 1, 1), date(2012, 6, 30)
ADMIN = installation_actor(a_moment())
CLERK = Actor(77, "Người ngoài", (Seat(Function.PREPARE, Capacity.HEAD, 1),), a_moment())
DECISION = "QĐ 12/QĐ-UBND ngày 05/01/2012"


@dataclass(frozen=True)
class Office:
    """One office with the estimate appraisal, and one person."""

    agency_id: int
    person_id: int


@pytest.fixture
def office(session: Session) -> Office:
    agency = register_agency(session, ADMIN, NewAgency("STC", "Sở Tài chính", "Sở TC", "department", "test"))
    assign_function(
        session,
        ADMIN,
        agency.id,
        function=Function.ESTIMATE_APPRAISAL,
        valid_from=date(2011, 1, 1),
        source=DECISION,
    )
    person = add_person(session, ADMIN, login="hang", full_name="Phạm Thu Hằng", password="một câu đủ dài")
    return Office(agency.id, person.id)


def give(session: Session, office: Office, function: Function, **changed: object) -> int:
    facts = {"valid_from": SINCE, "valid_to": UNTIL, "capacity": Capacity.OFFICER, "title_vi": "Chuyên viên"}
    position = NewPosition(agency_id=office.agency_id, function=function, **(facts | changed))  # type: ignore[arg-type]
    return granted(session, office, position)


def granted(session: Session, office: Office, position: NewPosition) -> int:
    row = grant_position(session, ADMIN, office.person_id, position=position)
    session.flush()
    return row.id


def seats_on(session: Session, office: Office, on: date) -> list[Function]:
    return [seat.function for seat in actor_for(session, office.person_id, a_moment(on)).seats]


def last_sentence(session: Session) -> str:
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert find_broken_entry(session) is None
    return audit_sentence(entry)


# --- seats


def test_a_seat_counts_from_its_first_day_to_its_last(session: Session, office: Office) -> None:
    give(session, office, Function.ESTIMATE_APPRAISAL)
    held = {day: bool(seats_on(session, office, day)) for day in (
        SINCE - timedelta(days=1), SINCE, UNTIL, UNTIL + timedelta(days=1)
    )}  # fmt: skip
    assert list(held.values()) == [False, True, True, False]


def test_the_seat_dies_when_the_office_loses_the_function(session: Session, office: Office) -> None:
    give(session, office, Function.ESTIMATE_APPRAISAL, valid_to=None)
    last_day = date(2012, 3, 31)
    end_function(
        session,
        ADMIN,
        office.agency_id,
        function=Function.ESTIMATE_APPRAISAL,
        last_day=last_day,
        source=DECISION,
    )
    assert seats_on(session, office, last_day) == [Function.ESTIMATE_APPRAISAL]
    assert seats_on(session, office, last_day + timedelta(days=1)) == []
    assert last_sentence(session) == (
        "Cài đặt hệ thống giao chức năng cho cơ quan: Sở Tài chính"
        f" (thẩm định dự toán → thôi sau ngày 31/03/2012). Lý do: {DECISION}"
    )


def test_a_seat_of_a_function_the_office_never_held_is_no_seat(session: Session, office: Office) -> None:
    give(session, office, Function.APPROVAL)
    assert seats_on(session, office, SINCE) == []


def test_every_office_may_prepare_without_being_given_the_function(session: Session, office: Office) -> None:
    give(session, office, Function.PREPARE)
    assert seats_on(session, office, SINCE) == [Function.PREPARE]


def test_a_person_may_hold_several_seats_in_the_order_given(session: Session, office: Office) -> None:
    give(session, office, Function.PREPARE, capacity=Capacity.HEAD)
    give(session, office, Function.ESTIMATE_APPRAISAL)
    seats = actor_for(session, office.person_id, a_moment(SINCE)).seats
    assert seats == (
        Seat(Function.PREPARE, Capacity.HEAD, office.agency_id),
        Seat(Function.ESTIMATE_APPRAISAL, Capacity.OFFICER, office.agency_id),
    )


def test_an_ended_position_ends_after_its_last_day_and_stays_in_the_list(
    session: Session, office: Office
) -> None:
    position_id = give(session, office, Function.PREPARE, valid_to=None)
    end_position(session, ADMIN, position_id, last_day=date(2012, 2, 29))
    assert seats_on(session, office, date(2012, 2, 29)) == [Function.PREPARE]
    assert seats_on(session, office, date(2012, 3, 1)) == []
    assert [row.valid_to for row in positions_of(session, office.person_id)] == [date(2012, 2, 29)]
    assert last_sentence(session) == (
        "Cài đặt hệ thống thôi vị trí công tác: Phạm Thu Hằng (hang) (Chuyên viên → thôi sau ngày 29/02/2012)"
    )


def test_an_old_page_cannot_bring_an_ended_seat_back_to_life(session: Session, office: Office) -> None:
    position_id = give(session, office, Function.PREPARE, valid_to=None)
    end_position(session, ADMIN, position_id, last_day=date(2012, 2, 29))
    for last_day in (date(2012, 2, 29), date(2012, 4, 1)):
        with pytest.raises(RuleBroken, match="đã thôi từ 29/02/2012"):
            end_position(session, ADMIN, position_id, last_day=last_day)
    assert seats_on(session, office, date(2012, 3, 1)) == []


def test_a_planned_end_may_come_earlier(session: Session, office: Office) -> None:
    position_id = give(session, office, Function.PREPARE, valid_to=UNTIL)
    end_position(session, ADMIN, position_id, last_day=SINCE)
    assert seats_on(session, office, SINCE + timedelta(days=1)) == []


def test_the_last_administrator_cannot_leave_the_program_without_one(
    session: Session, office: Office
) -> None:
    only = give(session, office, Function.ADMINISTRATION, valid_to=None)
    with pytest.raises(RuleBroken, match="quản trị cuối cùng"):
        end_position(session, ADMIN, only, last_day=SINCE)
    give(session, office, Function.ADMINISTRATION, valid_to=None)
    end_position(session, ADMIN, only, last_day=SINCE)


def test_dates_out_of_order_are_refused_in_words(session: Session, office: Office) -> None:
    with pytest.raises(RuleBroken, match="Ngày cuối không được trước ngày đầu"):
        give(session, office, Function.PREPARE, valid_to=SINCE - timedelta(days=1))
    position_id = give(session, office, Function.PREPARE)
    with pytest.raises(RuleBroken, match="không được trước ngày bắt đầu"):
        end_position(session, ADMIN, position_id, last_day=SINCE - timedelta(days=1))
    wrong = NewAgency("X", "Sở X", "Sở X", "department", "test", valid_from=UNTIL, valid_to=SINCE)
    with pytest.raises(RuleBroken, match="Ngày cuối"):
        register_agency(session, ADMIN, wrong)


def test_a_locked_account_acts_no_more(session: Session, office: Office) -> None:
    give(session, office, Function.PREPARE)
    deactivate_person(session, ADMIN, office.person_id, reason="Chuyển công tác")
    with pytest.raises(NotFound):
        actor_for(session, office.person_id, a_moment())
    assert last_sentence(session).endswith("khóa tài khoản: Phạm Thu Hằng (hang). Lý do: Chuyển công tác")


def test_locking_needs_a_reason_and_happens_once(session: Session, office: Office) -> None:
    with pytest.raises(ReasonMissing):
        deactivate_person(session, ADMIN, office.person_id, reason="  ")
    deactivate_person(session, ADMIN, office.person_id, reason="Chuyển công tác")
    with pytest.raises(RuleBroken, match="đã bị khóa từ trước"):
        deactivate_person(session, ADMIN, office.person_id, reason="Chuyển công tác")


# --- functions


def test_a_function_is_given_once_at_a_time(session: Session, office: Office) -> None:
    again = {"function": Function.ESTIMATE_APPRAISAL, "valid_from": SINCE, "source": DECISION}
    with pytest.raises(RuleBroken, match="Sở TC đã có chức năng “thẩm định dự toán” từ 01/01/2011"):
        assign_function(session, ADMIN, office.agency_id, **again)  # type: ignore[arg-type]
    end_function(
        session,
        ADMIN,
        office.agency_id,
        function=Function.ESTIMATE_APPRAISAL,
        last_day=SINCE - timedelta(days=1),
        source=DECISION,
    )
    assign_function(session, ADMIN, office.agency_id, **again)  # type: ignore[arg-type]
    held = [(row.valid_from, row.valid_to) for row in list_functions(session, office.agency_id)]
    assert held == [(date(2011, 1, 1), SINCE - timedelta(days=1)), (SINCE, None)]


def test_a_function_not_held_cannot_be_taken_away(session: Session, office: Office) -> None:
    for function, day in (
        (Function.APPROVAL, SINCE),
        (Function.ESTIMATE_APPRAISAL, date(2010, 12, 31)),
    ):
        with pytest.raises(RuleBroken, match="không có chức năng"):
            end_function(session, ADMIN, office.agency_id, function=function, last_day=day, source=DECISION)


def test_a_function_rests_on_a_decision(session: Session, office: Office) -> None:
    with pytest.raises(RuleBroken, match="văn bản"):
        assign_function(
            session, ADMIN, office.agency_id, function=Function.APPROVAL, valid_from=SINCE, source=" "
        )
    with pytest.raises(RuleBroken, match="văn bản"):
        end_function(
            session,
            ADMIN,
            office.agency_id,
            function=Function.ESTIMATE_APPRAISAL,
            last_day=SINCE,
            source="",
        )


def test_who_holds_a_function_is_known_by_date(session: Session, office: Office) -> None:
    for day, count in ((date(2010, 12, 31), 0), (date(2011, 1, 1), 1)):
        assert len(agencies_with_function(session, Function.ESTIMATE_APPRAISAL, day)) == count


# --- offices and persons


def test_offices_stand_in_vietnamese_order_and_only_while_they_exist(session: Session) -> None:
    for code, name, valid_to in (
        ("D", "Đài Truyền hình", None),
        ("DU", "Du lịch", None),
        ("A", "Ấn loát", None),
        ("B", "Bảo tàng", None),
        ("C", "Chi cục cũ", date(2011, 12, 31)),
    ):
        new = NewAgency(code, name, name, "other", "test", valid_to=valid_to)
        register_agency(session, ADMIN, new)
    names = [row.name_vi for row in list_agencies(session, SINCE)]
    assert names == ["Ấn loát", "Bảo tàng", "Du lịch", "Đài Truyền hình"]
    assert "Chi cục cũ" in [row.name_vi for row in list_agencies(session, date(2011, 12, 31))]


def test_persons_are_listed_by_given_name_as_vietnamese_lists_are(session: Session) -> None:
    names = ["Trần Văn Đức", "Nguyễn Thị Ánh", "Lê Minh An", "Phạm Bình", "Cao Thị Dung", "Bùi An"]
    for number, name in enumerate(names):
        add_person(session, ADMIN, login=f"p{number}", full_name=name, password="một câu đủ dài")
    assert [row.full_name for row in list_persons(session, SINCE)] == [
        "Bùi An", "Lê Minh An", "Nguyễn Thị Ánh", "Phạm Bình", "Cao Thị Dung", "Trần Văn Đức"
    ]  # fmt: skip


def test_the_titles_of_a_person_are_those_of_the_day(session: Session, office: Office) -> None:
    give(session, office, Function.PREPARE)
    assert list_persons(session, SINCE)[0].titles == ("Chuyên viên, Sở TC",)
    assert list_persons(session, UNTIL + timedelta(days=1))[0].titles == ()
    [member] = list_persons_of(session, office.agency_id, SINCE)
    assert (member.login, member.titles) == ("hang", ("Chuyên viên (lập dự toán)",))
    assert list_persons_of(session, office.agency_id, UNTIL + timedelta(days=1)) == []


def test_an_office_is_registered_with_a_free_code_and_names(session: Session, office: Office) -> None:
    sound = NewAgency("X", "Sở X", "Sở X", "department", "test")
    for wrong, words in (
        (replace(sound, code="STC"), "Mã cơ quan “STC” đã được dùng"),
        (replace(sound, code=" "), "Phải ghi mã"),
        (replace(sound, name_vi=""), "Phải ghi mã"),
        (replace(sound, short_vi="s" * 81), "tên ngắn 80"),
    ):
        with pytest.raises(RuleBroken, match=words):
            register_agency(session, ADMIN, wrong)
    assert register_agency(session, ADMIN, sound).id


def test_a_person_is_added_with_a_free_name_and_a_good_password(session: Session, office: Office) -> None:
    sound = {"login": "moi", "full_name": "Người mới", "password": "một câu đủ dài"}
    for changed, words in (
        ({"login": " HANG "}, "“hang” đã được dùng"),
        ({"login": ""}, "từ 1 đến 80 ký tự"),
        ({"login": "thu hằng"}, "không có dấu cách"),
        ({"login": "h" * 81}, "từ 1 đến 80 ký tự"),
        ({"full_name": "  "}, "Phải ghi họ và tên"),
        ({"password": "ngắn quá 11"}, "ít nhất 12 ký tự"),
        ({"password": "d" * 129}, "không được dài quá 128 ký tự"),
    ):
        with pytest.raises(RuleBroken, match=words):
            add_person(session, ADMIN, **(sound | changed))
    assert add_person(session, ADMIN, **sound).id


def test_nothing_here_is_done_by_anybody_but_the_administrator(session: Session, office: Office) -> None:
    position_id = give(session, office, Function.PREPARE)
    position = NewPosition(office.agency_id, Function.PREPARE, Capacity.HEAD, "Giám đốc", SINCE)
    acts = {
        Action.REGISTER_AGENCY: lambda: register_agency(
            session, CLERK, NewAgency("X", "Sở X", "Sở X", "department", "test")
        ),
        Action.ASSIGN_FUNCTION: lambda: assign_function(
            session, CLERK, office.agency_id, function=Function.APPROVAL, valid_from=SINCE, source=DECISION
        ),
        Action.ADD_PERSON: lambda: add_person(
            session, CLERK, login="x", full_name="X", password="một câu đủ dài"
        ),
        Action.GRANT_POSITION: lambda: grant_position(session, CLERK, office.person_id, position=position),
        Action.END_POSITION: lambda: end_position(session, CLERK, position_id, last_day=SINCE),
        Action.DEACTIVATE_PERSON: lambda: deactivate_person(session, CLERK, office.person_id, reason="…"),
    }
    before = session.scalars(select(AuditEntry.id)).all()
    for action, act in acts.items():
        with pytest.raises(NotAllowed, match=action.label_vi):
            act()
    with pytest.raises(NotAllowed):
        end_function(
            session,
            CLERK,
            office.agency_id,
            function=Function.ESTIMATE_APPRAISAL,
            last_day=SINCE,
            source=DECISION,
        )
    assert session.scalars(select(AuditEntry.id)).all() == before


def test_what_does_not_exist_is_not_found(session: Session, office: Office) -> None:
    nowhere = NewPosition(NOWHERE, Function.PREPARE, Capacity.HEAD, "Giám đốc", SINCE)
    for act in (
        lambda: grant_position(session, ADMIN, office.person_id, position=nowhere),
        lambda: grant_position(
            session, ADMIN, NOWHERE, position=replace(nowhere, agency_id=office.agency_id)
        ),
        lambda: end_position(session, ADMIN, NOWHERE, last_day=SINCE),
        lambda: deactivate_person(session, ADMIN, NOWHERE, reason="…"),
        lambda: actor_for(session, NOWHERE, a_moment()),
    ):
        with pytest.raises(NotFound):
            act()


def test_the_installation_acts_without_a_person(session: Session, office: Office) -> None:
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id).limit(1)).one()
    assert (entry.person_id, entry.person_name, entry.agency_id) == (None, "Cài đặt hệ thống", None)
