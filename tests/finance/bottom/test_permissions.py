"""Who may do what, every cell of it: function x capacity x act x own or another office's file.

The table is written by hand from the decision (VII.1-7) and stands beside the one in
finance/permissions.py on purpose: a change of rights must be meant twice.

    -      may not                      own    files of his own office
    own.o  the same, officers only      own.h  the same, the head only
    any    files of every office        any.h  the same, the head only
                                        own.s  the same, the head of a section only
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from finance.actions import Action
from finance.actors import Actor, Capacity, Function, Seat
from finance.clock import Moment
from finance.errors import NotAllowed
from finance.permissions import PERMISSIONS, may, require

TABLE = """
                         PREPARE CONTENT ESTIMATE CAPITAL IT   ALLOCATION APPROVAL INSPECTION ADMIN
VIEW_WORKLIST            any     any     any      any     any  any        any      any        any
VIEW_PROGRAMME           any     any     any      any     any  any        any      any        any
VIEW_ROUND               any     any     any      any     any  any        any      any        any
VIEW_PLAN                own     any     any      any     any  any        any      any        -
VIEW_ESTIMATE            own     any     any      any     any  any        any      any        -
VIEW_REVIEWS             -       any     any      any     any  any        any      any        -
VIEW_SCENARIOS           -       any     any      -       -    any        any      any        -
VIEW_ALLOCATION          -       any     any      -       -    any        any      any        -
VIEW_ANSWER              own     any     any      any     any  any        any      any        -
VIEW_REPORTS             -       any     any      any     any  any        any      any        -
VIEW_AUDIT               -       -       -        -       -    -          -        any        any
SIGN_IN                  -       -       -        -       -    -          -        -          -
SIGN_OUT                 any     any     any      any     any  any        any      any        any
CHANGE_PASSWORD          any     any     any      any     any  any        any      any        any
REGISTER_AGENCY          -       -       -        -       -    -          -        -          any
ASSIGN_FUNCTION          -       -       -        -       -    -          -        -          any
ADD_PERSON               -       -       -        -       -    -          -        -          any
GRANT_POSITION           -       -       -        -       -    -          -        -          any
END_POSITION             -       -       -        -       -    -          -        -          any
DEACTIVATE_PERSON        -       -       -        -       -    -          -        -          any
REACTIVATE_PERSON        -       -       -        -       -    -          -        -          any
SET_OFFICE_CHAIN         own.h   -       -        -       -    -          -        -          -
DELEGATE_RIGHTS          own.h   own.h   own.h    own.h   own.h own.h      own.h    own.h      own.h
REVOKE_DELEGATION        own.h   own.h   own.h    own.h   own.h own.h      own.h    own.h      own.h
LOAD_PROGRAMME           -       -       -        -       -    -          -        -          any
SET_CLOCK                -       -       -        -       -    -          -        -          any
SET_HOLIDAY              -       -       -        -       -    -          -        -          any
ADD_NORM                 -       -       any      -       -    -          -        -          -
REPLACE_NORM             -       -       any      -       -    -          -        -          -
REPEAL_NORM              -       -       any      -       -    -          -        -          -
DATE_RULE                -       -       any      -       -    -          -        -          -
ADD_REQUIRED_PAPER       -       -       any      -       -    -          -        -          -
END_REQUIRED_PAPER       -       -       any      -       -    -          -        -          -
OPEN_ROUND               -       -       any      -       -    -          -        -          -
CLOSE_ROUND              -       -       any      -       -    -          -        -          -
EXTEND_DEADLINE          -       -       any      -       -    -          -        -          -
SET_LOWER_DEADLINE       own     -       -        -       -    -          -        -          -
REMIND_OFFICE            -       -       any      -       -    -          -        -          -
SET_DEADLINE             -       -       any      -       -    -          -        -          -
ISSUE_CEILING            -       -       any      -       -    -          -        -          -
SET_ENVELOPE             -       -       -        -       -    any        -        -          -
RECORD_BASELINE          -       any     -        -       -    -          -        -          -
PLACE_AGENCY             -       -       -        -       -    -          -        -          any
START_PLAN               own     -       -        -       -    -          -        -          -
SAVE_PLAN                own     -       -        -       -    -          -        -          -
LINK_PROJECT             own     -       -        -       -    -          -        -          -
SEND_PLAN                own     -       -        -       -    -          -        -          -
SUBMIT_PLAN_UP           own     -       -        -       -    -          -        -          -
WITHDRAW_PLAN            own.h   -       -        -       -    -          -        -          -
REVISE_PLAN              own     -       -        -       -    -          -        -          -
ISSUE_PLAN               own.h   -       -        -       -    -          -        -          -
RECORD_PLAN_PROGRESS     own     -       -        -       -    -          -        -          -
RETURN_PLAN_DOWN         own     -       -        -       -    -          -        -          -
TAKE_PLAN                own     -       -        -       -    -          -        -          -
COMMENT_PLAN             -       any     -        -       -    -          -        -          -
ANSWER_PLAN_COMMENT      own     -       -        -       -    -          -        -          -
REQUEST_PLAN_CHANGES     -       any     -        -       -    -          -        -          -
AGREE_PLAN               -       any     -        -       -    -          -        -          -
START_ESTIMATE           own     -       -        -       -    -          -        -          -
SAVE_DRAFT               own     -       -        -       -    -          -        -          -
IMPORT_WORKBOOK          own     -       -        -       -    -          -        -          -
SAVE_DOSSIER             own     -       -        -       -    -          -        -          -
ATTACH_PAPER             own     -       -        -       -    -          -        -          -
REMOVE_PAPER             own     -       -        -       -    -          -        -          -
PASS_WARNING             own     -       -        -       -    -          -        -          -
COPY_PROJECT             own     -       -        -       -    -          -        -          -
CONFIRM_COPY             own     -       -        -       -    -          -        -          -
INVITE_PARTNER           own     -       -        -       -    -          -        -          -
WITHDRAW_INVITATION      own     -       -        -       -    -          -        -          -
ACCEPT_PART              own     -       -        -       -    -          -        -          -
DECLINE_PART             own.h   -       -        -       -    -          -        -          -
SAVE_PART                own     -       -        -       -    -          -        -          -
SIGN_PART                own.h   -       -        -       -    -          -        -          -
REOPEN_PART              own.h   -       -        -       -    -          -        -          -
CHECK_ESTIMATE           own.o   -       -        -       -    -          -        -          -
PASS_SECTION             own.s   -       -        -       -    -          -        -          -
REFUSE_SECTION           own.s   -       -        -       -    -          -        -          -
REOPEN_ESTIMATE          own.o   -       -        -       -    -          -        -          -
REFUSE_ESTIMATE          own.h   -       -        -       -    -          -        -          -
SIGN_ESTIMATE            own.h   -       -        -       -    -          -        -          -
SEND_ESTIMATE            own     -       -        -       -    -          -        -          -
WITHDRAW_ESTIMATE        own.h   -       -        -       -    -          -        -          -
REVISE_ESTIMATE          own     -       -        -       -    -          -        -          -
SUBMIT_ESTIMATE_UP       own     -       -        -       -    -          -        -          -
TAKE_ESTIMATE            own     -       -        -       -    -          -        -          -
RETURN_ESTIMATE_DOWN     own     -       -        -       -    -          -        -          -
RECEIVE_ESTIMATE         -       -       any      -       -    -          -        -          -
RETURN_ESTIMATE          -       any     any      -       -    -          -        -          -
BEGIN_CONTENT_APPRAISAL  -       any     -        -       -    -          -        -          -
GIVE_CONTENT_OPINION     -       any     -        -       -    -          -        -          -
PASS_CONTENT             -       any     -        -       -    -          -        -          -
APPRAISE_LINE            -       -       any      -       -    -          -        -          -
APPRAISE_OUTPUT          -       -       any      -       -    -          -        -          -
GIVE_POOL_OPINION        -       -       -        -       -    any        -        -          -
GIVE_IT_OPINION          -       -       -        -       any  -          -        -          -
CONCLUDE_APPRAISAL       -       -       any      -       -    -          -        -          -
DECIDE_OVERLAP           -       any     any      -       -    any        -        -          -
CREATE_SCENARIO          -       -       -        -       -    any        -        -          -
CHANGE_SCENARIO          -       -       -        -       -    any        -        -          -
REQUEST_RUN              -       -       -        -       -    any        -        -          -
CANCEL_RUN               -       -       -        -       -    any        -        -          -
RECORD_RUN               -       -       -        -       -    -          -        -          -
ADOPT_SCENARIO           -       -       -        -       -    any        -        -          -
ADJUST_AWARD             -       -       -        -       -    any        -        -          -
SUBMIT_ALLOCATION        -       -       -        -       -    any        -        -          -
RETURN_ALLOCATION        -       -       -        -       -    -          any.h    -          -
APPROVE_ALLOCATION       -       -       -        -       -    -          any.h    -          -
"""
COLUMNS = {
    "PREPARE": Function.PREPARE,
    "CONTENT": Function.CONTENT_APPRAISAL,
    "ESTIMATE": Function.ESTIMATE_APPRAISAL,
    "CAPITAL": Function.CAPITAL_REVIEW,
    "IT": Function.IT_OPINION,
    "ALLOCATION": Function.ALLOCATION_CONSOLIDATION,
    "APPROVAL": Function.APPROVAL,
    "INSPECTION": Function.INSPECTION,
    "ADMIN": Function.ADMINISTRATION,
}
OWN, OTHER = 7, 8
NOW = Moment(datetime(2012, 2, 15, 2, tzinfo=UTC), datetime(2026, 1, 5, 2, tzinfo=UTC))
CAPACITIES_OF_CELL = {
    "": set(Capacity),
    "o": {Capacity.OFFICER},
    "s": {Capacity.SECTION_HEAD},
    "h": {Capacity.HEAD},
}


def rows_of_the_table() -> dict[str, dict[Function, str]]:
    heading, *lines = TABLE.strip("\n").splitlines()
    functions = [COLUMNS[name] for name in heading.split()]
    rows = {}
    for line in lines:
        action, *cells = line.split()
        assert action not in rows, f"{action} has two rows"
        rows[action] = dict(zip(functions, cells, strict=True))
    return rows


def is_granted(cell: str, capacity: Capacity, owner_agency_id: int) -> bool:
    scope, _, whose = cell.partition(".")
    if scope == "-" or capacity not in CAPACITIES_OF_CELL[whose]:
        return False
    return scope == "any" or owner_agency_id == OWN


def seated(function: Function, capacity: Capacity) -> Actor:
    return Actor(1, "Nguyễn Thị Lan", (Seat(function, capacity, OWN),), NOW)


def test_every_act_has_a_row_and_every_function_a_column() -> None:
    assert set(rows_of_the_table()) == {action.value for action in Action}, "a new act needs a row here"
    assert set(COLUMNS.values()) == set(Function), "a new function needs a column here"
    assert set(PERMISSIONS) == set(Action), "an act missing from PERMISSIONS would fail at the door"


@pytest.mark.parametrize("action", list(Action), ids=lambda action: action.value)
def test_every_cell_is_as_the_table_says(action: Action) -> None:
    cells = rows_of_the_table()[action.value]
    wrong = [
        f"{function.value} {capacity.value} {'own' if owner == OWN else 'other'}: {cells[function]}"
        for function, capacity, owner in product(Function, Capacity, (OWN, OTHER))
        if may(seated(function, capacity), action, owner) != is_granted(cells[function], capacity, owner)
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("action", list(Action), ids=lambda action: action.value)
def test_asking_on_any_file_at_all_is_asking_on_ones_own(action: Action) -> None:
    for function, capacity in product(Function, Capacity):
        actor = seated(function, capacity)
        assert may(actor, action) == may(actor, action, OWN)


def test_nobody_without_a_seat_may_do_anything() -> None:
    nobody = Actor(1, "Nguyễn Thị Lan", (), NOW)
    assert not [action for action in Action if may(nobody, action) or may(nobody, action, OWN)]


def test_the_seat_that_covers_the_file_is_the_one_named_in_the_audit() -> None:
    here, there = (Seat(Function.PREPARE, Capacity.HEAD, agency) for agency in (OWN, OTHER))
    actor = Actor(1, "Trần Văn Hòa", (here, there), NOW)
    assert require(actor, Action.SIGN_ESTIMATE, OTHER) is there
    assert require(actor, Action.SIGN_ESTIMATE, OWN) is here


def test_a_refusal_names_the_act_in_vietnamese() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(seated(Function.PREPARE, Capacity.OFFICER), Action.SIGN_ESTIMATE, OWN)
    assert refusal.value.sentence_vi == "Đồng chí không có quyền “ký duyệt” đối với hồ sơ này."


def test_an_operation_that_forgets_the_owner_lets_no_preparer_in() -> None:
    preparer = seated(Function.PREPARE, Capacity.OFFICER)
    for action in (Action.SAVE_DRAFT, Action.VIEW_ESTIMATE, Action.VIEW_ANSWER):
        with pytest.raises(NotAllowed):
            require(preparer, action)
    appraiser = seated(Function.CONTENT_APPRAISAL, Capacity.OFFICER)
    assert require(appraiser, Action.VIEW_ESTIMATE) is appraiser.seats[0]
