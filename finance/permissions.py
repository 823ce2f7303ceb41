"""Who may do what: the one table of function x act x whose file.

Read beside finance/estimates/workflow.py: this table says *who*, the workflow says *when*.
Nobody appraises or approves what he touched: that rule needs the audit, so it stands in the
operations (`finance.audit.require_untouched`).
"""

from __future__ import annotations

from dataclasses import dataclass

from finance.actions import Action
from finance.actors import Actor, Capacity, Function, Seat
from finance.errors import NotAllowed
from finance.labels import LabelledEnum


class Scope(LabelledEnum):
    """Whose files a grant covers."""

    OWN = "OWN", "hồ sơ của cơ quan mình"
    ANY = "ANY", "hồ sơ của mọi cơ quan"


@dataclass(frozen=True, slots=True)
class Grant:
    """A function may do the act on files of this scope; `capacity` None means officer or head."""

    function: Function
    scope: Scope
    capacity: Capacity | None = None

    def covers(self, seat: Seat, owner_agency_id: int | None) -> bool:
        """True when the seat has the function and capacity, and the file is within its scope."""
        if seat.function is not self.function:
            return False
        if self.capacity is not None and seat.capacity is not self.capacity:
            return False
        return self.scope is Scope.ANY or owner_agency_id is None or owner_agency_id == seat.agency_id


def _any(*functions: Function, capacity: Capacity | None = None) -> tuple[Grant, ...]:
    return tuple(Grant(function, Scope.ANY, capacity) for function in functions)


def _own(capacity: Capacity | None = None) -> tuple[Grant, ...]:
    return (Grant(Function.PREPARE, Scope.OWN, capacity),)


def _heads() -> tuple[Grant, ...]:
    return tuple(Grant(function, Scope.OWN, Capacity.HEAD) for function in Function)


_F = Function
_APPRAISERS = (
    _F.CONTENT_APPRAISAL,
    _F.ESTIMATE_APPRAISAL,
    _F.CAPITAL_REVIEW,
    _F.IT_OPINION,
    _F.ALLOCATION_CONSOLIDATION,
)
_DECIDERS = (_F.APPROVAL, _F.INSPECTION)
_EVERYONE = tuple(Function)

PERMISSIONS: dict[Action, tuple[Grant, ...]] = {
    Action.VIEW_WORKLIST: _any(*_EVERYONE),
    Action.VIEW_PROGRAMME: _any(*_EVERYONE),
    Action.VIEW_ROUND: _any(*_EVERYONE),
    Action.VIEW_PLAN: _own() + _any(*_APPRAISERS, *_DECIDERS),
    Action.VIEW_ESTIMATE: _own() + _any(*_APPRAISERS, *_DECIDERS),
    Action.VIEW_REVIEWS: _any(*_APPRAISERS, *_DECIDERS),
    Action.VIEW_SCENARIOS: _any(
        _F.ALLOCATION_CONSOLIDATION, _F.ESTIMATE_APPRAISAL, _F.CONTENT_APPRAISAL, *_DECIDERS
    ),
    Action.VIEW_ALLOCATION: _any(
        _F.ALLOCATION_CONSOLIDATION, _F.ESTIMATE_APPRAISAL, _F.CONTENT_APPRAISAL, *_DECIDERS
    ),
    Action.VIEW_ANSWER: _own() + _any(*_APPRAISERS, *_DECIDERS),
    Action.VIEW_REPORTS: _any(*_APPRAISERS, *_DECIDERS),
    Action.VIEW_AUDIT: _any(_F.INSPECTION, _F.ADMINISTRATION),
    Action.SIGN_OUT: _any(*_EVERYONE),
    Action.CHANGE_PASSWORD: _any(*_EVERYONE),
    Action.REGISTER_AGENCY: _any(_F.ADMINISTRATION),
    Action.ASSIGN_FUNCTION: _any(_F.ADMINISTRATION),
    Action.PLACE_AGENCY: _any(_F.ADMINISTRATION),
    Action.ADD_PERSON: _any(_F.ADMINISTRATION),
    Action.GRANT_POSITION: _any(_F.ADMINISTRATION),
    Action.END_POSITION: _any(_F.ADMINISTRATION),
    Action.DEACTIVATE_PERSON: _any(_F.ADMINISTRATION),
    Action.REACTIVATE_PERSON: _any(_F.ADMINISTRATION),
    Action.LOAD_PROGRAMME: _any(_F.ADMINISTRATION),
    Action.SET_CLOCK: _any(_F.ADMINISTRATION),
    Action.SET_HOLIDAY: _any(_F.ADMINISTRATION),
    # A head speaks for the own office alone, whichever function gives him the seat.
    Action.SET_OFFICE_CHAIN: _own(Capacity.HEAD),
    Action.DELEGATE_RIGHTS: _heads(),
    Action.REVOKE_DELEGATION: _heads(),
    Action.ADD_NORM: _any(_F.ESTIMATE_APPRAISAL),
    Action.REPLACE_NORM: _any(_F.ESTIMATE_APPRAISAL),
    Action.REPEAL_NORM: _any(_F.ESTIMATE_APPRAISAL),
    Action.DATE_RULE: _any(_F.ESTIMATE_APPRAISAL),
    Action.ADD_REQUIRED_PAPER: _any(_F.ESTIMATE_APPRAISAL),
    Action.END_REQUIRED_PAPER: _any(_F.ESTIMATE_APPRAISAL),
    Action.OPEN_ROUND: _any(_F.ESTIMATE_APPRAISAL),
    Action.CLOSE_ROUND: _any(_F.ESTIMATE_APPRAISAL),
    Action.SET_DEADLINE: _any(_F.ESTIMATE_APPRAISAL),
    Action.EXTEND_DEADLINE: _any(_F.ESTIMATE_APPRAISAL),
    # The operation names the office that consolidates as owner.
    Action.SET_LOWER_DEADLINE: _own(),
    Action.REMIND_OFFICE: _any(_F.ESTIMATE_APPRAISAL),
    Action.ISSUE_CEILING: _any(_F.ESTIMATE_APPRAISAL),
    Action.SET_ENVELOPE: _any(_F.ALLOCATION_CONSOLIDATION),
    Action.RECORD_BASELINE: _any(_F.CONTENT_APPRAISAL),
    Action.START_PLAN: _own(),
    Action.SAVE_PLAN: _own(),
    Action.LINK_PROJECT: _own(),
    Action.SEND_PLAN: _own(),
    Action.SUBMIT_PLAN_UP: _own(),
    Action.WITHDRAW_PLAN: _own(Capacity.HEAD),
    Action.REVISE_PLAN: _own(),
    Action.ISSUE_PLAN: _own(Capacity.HEAD),
    Action.RECORD_PLAN_PROGRESS: _own(),
    # The upper office acts on a plan of an office under it: the operation names the upper one as owner.
    Action.RETURN_PLAN_DOWN: _own(),
    Action.TAKE_PLAN: _own(),
    Action.COMMENT_PLAN: _any(_F.CONTENT_APPRAISAL),
    Action.ANSWER_PLAN_COMMENT: _own(),
    Action.REQUEST_PLAN_CHANGES: _any(_F.CONTENT_APPRAISAL),
    Action.AGREE_PLAN: _any(_F.CONTENT_APPRAISAL),
    Action.START_ESTIMATE: _own(),
    Action.SAVE_DRAFT: _own(),
    Action.IMPORT_WORKBOOK: _own(),
    Action.SAVE_DOSSIER: _own(),
    Action.ATTACH_PAPER: _own(),
    Action.REMOVE_PAPER: _own(),
    Action.PASS_WARNING: _own(),
    Action.COPY_PROJECT: _own(),
    Action.CONFIRM_COPY: _own(),
    Action.INVITE_PARTNER: _own(),
    Action.WITHDRAW_INVITATION: _own(),
    # The part belongs to the co-agency: the operation names the co-agency as owner.
    Action.ACCEPT_PART: _own(),
    Action.DECLINE_PART: _own(Capacity.HEAD),
    Action.SAVE_PART: _own(),
    Action.SIGN_PART: _own(Capacity.HEAD),
    Action.REOPEN_PART: _own(Capacity.HEAD),
    Action.CHECK_ESTIMATE: _own(Capacity.OFFICER),
    Action.PASS_SECTION: _own(Capacity.SECTION_HEAD),
    Action.REFUSE_SECTION: _own(Capacity.SECTION_HEAD),
    Action.REOPEN_ESTIMATE: _own(Capacity.OFFICER),
    Action.REFUSE_ESTIMATE: _own(Capacity.HEAD),
    Action.SIGN_ESTIMATE: _own(Capacity.HEAD),
    Action.SEND_ESTIMATE: _own(),
    Action.WITHDRAW_ESTIMATE: _own(Capacity.HEAD),
    Action.REVISE_ESTIMATE: _own(),
    Action.SUBMIT_ESTIMATE_UP: _own(),
    # As with plans, the operation names the upper office as owner.
    Action.TAKE_ESTIMATE: _own(),
    Action.RETURN_ESTIMATE_DOWN: _own(),
    Action.RECEIVE_ESTIMATE: _any(_F.ESTIMATE_APPRAISAL),
    Action.RETURN_ESTIMATE: _any(_F.ESTIMATE_APPRAISAL, _F.CONTENT_APPRAISAL),
    Action.BEGIN_CONTENT_APPRAISAL: _any(_F.CONTENT_APPRAISAL),
    Action.GIVE_CONTENT_OPINION: _any(_F.CONTENT_APPRAISAL),
    Action.PASS_CONTENT: _any(_F.CONTENT_APPRAISAL),
    Action.APPRAISE_LINE: _any(_F.ESTIMATE_APPRAISAL),
    Action.APPRAISE_OUTPUT: _any(_F.ESTIMATE_APPRAISAL),
    Action.GIVE_POOL_OPINION: _any(_F.ALLOCATION_CONSOLIDATION),
    Action.GIVE_IT_OPINION: _any(_F.IT_OPINION),
    Action.CONCLUDE_APPRAISAL: _any(_F.ESTIMATE_APPRAISAL),
    Action.DECIDE_OVERLAP: _any(_F.CONTENT_APPRAISAL, _F.ESTIMATE_APPRAISAL, _F.ALLOCATION_CONSOLIDATION),
    Action.CREATE_SCENARIO: _any(_F.ALLOCATION_CONSOLIDATION),
    Action.CHANGE_SCENARIO: _any(_F.ALLOCATION_CONSOLIDATION),
    Action.REQUEST_RUN: _any(_F.ALLOCATION_CONSOLIDATION),
    Action.CANCEL_RUN: _any(_F.ALLOCATION_CONSOLIDATION),
    Action.RECORD_RUN: (),
    Action.ADOPT_SCENARIO: _any(_F.ALLOCATION_CONSOLIDATION),
    Action.ADJUST_AWARD: _any(_F.ALLOCATION_CONSOLIDATION),
    Action.SUBMIT_ALLOCATION: _any(_F.ALLOCATION_CONSOLIDATION),
    Action.RETURN_ALLOCATION: _any(_F.APPROVAL, capacity=Capacity.HEAD),
    Action.APPROVE_ALLOCATION: _any(_F.APPROVAL, capacity=Capacity.HEAD),
    # Signing in comes before any seat: the door asks nobody's permission for it.
    Action.SIGN_IN: (),
}


# Ids of offices begin at 1; the installation's own seat is at 0.
_NOBODYS = -1


def may(actor: Actor, action: Action, owner_agency_id: int | None = None) -> bool:
    """True when one of the actor's seats may do the act on a file of that office.

    Args:
        actor: who asks.
        action: the act.
        owner_agency_id: office that owns the file; None asks "on any file at all?".
    """
    return find_seat(actor, action, owner_agency_id) is not None


def require(actor: Actor, action: Action, owner_agency_id: int | None = None) -> Seat:
    """The seat from which the actor does the act.

    Args:
        actor: who asks.
        action: the act.
        owner_agency_id: office that owns the file; None for a file that belongs to no office, which
            no grant over one's own files covers.

    Returns:
        The first seat that a grant covers; the audit names its office as "for whom".

    Raises:
        NotAllowed: no seat covers the act.
    """
    # An operation that forgets to name the owner must fail closed, not open to every office.
    seat = find_seat(actor, action, _NOBODYS if owner_agency_id is None else owner_agency_id)
    if seat is None:
        raise NotAllowed(action.label_vi)
    return seat


def find_seat(actor: Actor, action: Action, owner_agency_id: int | None = None) -> Seat | None:
    """The first of the actor's seats that may do the act, or None."""
    for grant in PERMISSIONS[action]:
        for seat in actor.seats:
            if seat.allows(action) and grant.covers(seat, owner_agency_id):
                return seat
    return None
