"""Delegation by dates (ủy quyền) and the inner chain of an office: acts of a head about the own office.

A delegation lends named acts of the head's own seat to a person of the same office, from a day to a day,
under a document. It is never wider than the giver's right: what the giver may no longer do, the delegate
may not either (`finance.agencies.queries.actor_for`). It ends by itself.

Source: Decree 30/2020/NĐ-CP Art. 13 (signing on behalf); the office's own working regulations.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function, Seat
from finance.agencies.operations import agency_subject, get_person
from finance.agencies.queries import get_agency, list_persons_of
from finance.agencies.records import Delegation, OfficeChain
from finance.agencies.rules import LONGEST_DELEGATION
from finance.audit import Change, record_change
from finance.errors import NotAllowed, NotFound, ReasonMissing, RuleBroken
from finance.permissions import PERMISSIONS, require
from finance.vietnamese.dates import format_date
from finance.vietnamese.normal import nfc

LONGEST_DOCUMENT_NUMBER = 60
# What a head says about the own office is his to say: it is not lent on.
NEVER_LENT = frozenset({Action.DELEGATE_RIGHTS, Action.REVOKE_DELEGATION, Action.SET_OFFICE_CHAIN})


@dataclass(frozen=True, slots=True)
class NewDelegation:
    """What the written delegation says.

    Attributes:
        acts: the acts lent, each one that the giver's seat has and an officer's has not.
    """

    agency_id: int
    function: Function
    delegate_id: int
    acts: frozenset[Action]
    valid_from: date
    valid_to: date
    document_number: str
    document_on: date


def lendable_acts(function: Function) -> tuple[Action, ...]:
    """The acts that only the head of an office with this function has, in the order of the acts."""
    return tuple(
        action
        for action in Action
        if action not in NEVER_LENT
        and any(
            grant.function is function and grant.capacity is Capacity.HEAD for grant in PERMISSIONS[action]
        )
    )


def delegate_rights(session: Session, actor: Actor, new: NewDelegation) -> Delegation:
    """Lend named acts of one's own head's seat to a person of the office.

    Raises:
        NotAllowed: the actor is not the head (a delegate lends nothing on).
        NotFound: no such office or person.
        RuleBroken: dates, document, person or acts are not as a delegation has them.
    """
    agency = get_agency(session, new.agency_id)
    seat = _own_head_seat(actor, Action.DELEGATE_RIGHTS, new.agency_id, new.function)
    _require_delegation_sound(session, actor, new)
    delegate = get_person(session, new.delegate_id)
    row = Delegation(
        agency_id=new.agency_id,
        function=new.function,
        capacity=Capacity.HEAD,
        giver_id=actor.person_id,
        delegate_id=new.delegate_id,
        acts=sorted(act.value for act in new.acts),
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        document_number=nfc(new.document_number).strip(),
        document_on=new.document_on,
        given_at=actor.moment.business_at,
    )
    session.add(row)
    session.flush()  # the audit names the delegation by its id
    change = Change(
        to_state=f"{delegate.full_name}, {format_date(new.valid_from)}–{format_date(new.valid_to)}",
        details={
            "delegation": row.id,
            "acts": [act.label_vi for act in Action if act in new.acts],
            "document": row.document_number,
            "document_on": new.document_on.isoformat(),
        },
    )
    record_change(session, actor, Action.DELEGATE_RIGHTS, agency_subject(agency), seat=seat, change=change)
    return row


def revoke_delegation(session: Session, actor: Actor, delegation_id: int, *, reason: str) -> None:
    """End a delegation at once; what was done under it stays done.

    Raises:
        NotFound: no such delegation, or one of another office.
        NotAllowed: the actor is not the head of the office.
        ReasonMissing: no reason was written.
        RuleBroken: it has ended already.
    """
    row = session.get(Delegation, delegation_id)
    if row is None:
        raise NotFound("ủy quyền", delegation_id)
    seat = _own_head_seat(actor, Action.REVOKE_DELEGATION, row.agency_id, row.function)
    if not reason.strip():
        raise ReasonMissing(Action.REVOKE_DELEGATION.label_vi)
    if row.revoked_at is not None or row.valid_to < actor.moment.business_on:
        raise RuleBroken("Ủy quyền này đã hết hiệu lực từ trước.")
    row.revoked_at = actor.moment.business_at
    row.revoke_reason = nfc(reason).strip()
    delegate = get_person(session, row.delegate_id)
    change = Change(
        from_state=delegate.full_name,
        to_state="đã thu hồi",
        reason=row.revoke_reason,
        details={"delegation": row.id, "document": row.document_number},
    )
    subject = agency_subject(get_agency(session, row.agency_id))
    record_change(session, actor, Action.REVOKE_DELEGATION, subject, seat=seat, change=change)


def set_office_chain(session: Session, actor: Actor, agency_id: int, *, has_section_step: bool) -> None:
    """Say whether the office's estimates pass the head of a section before the head signs.

    Raises:
        NotAllowed: the actor is not the head of the office.
        NotFound: no such office.
        RuleBroken: nobody sits as head of a section, so that no file would ever pass.
    """
    agency = get_agency(session, agency_id)
    seat = require(actor, Action.SET_OFFICE_CHAIN, agency_id)
    row = session.scalar(select(OfficeChain).where(OfficeChain.agency_id == agency_id))
    before = row is not None and row.has_section_step
    if before == has_section_step:
        return
    if has_section_step and not _has_section_head(session, agency_id, actor.moment.business_on):
        raise RuleBroken(
            "Cơ quan chưa có ai giữ vị trí lãnh đạo phòng; mời quản trị giao vị trí trước khi thêm bước này."
        )
    if row is None:
        row = OfficeChain(
            agency_id=agency_id, has_section_step=has_section_step, since=actor.moment.business_on
        )
        session.add(row)
    row.has_section_step, row.since = has_section_step, actor.moment.business_on
    change = Change(_chain_words(has_section_step=before), _chain_words(has_section_step=has_section_step))
    record_change(session, actor, Action.SET_OFFICE_CHAIN, agency_subject(agency), seat=seat, change=change)


def _own_head_seat(actor: Actor, action: Action, agency_id: int, function: Function) -> Seat:
    """The actor's own seat as head of the office in this function; a borrowed one does not count."""
    for seat in actor.seats:
        is_it = seat.agency_id == agency_id and seat.function is function
        if is_it and seat.capacity is Capacity.HEAD and seat.loan is None:
            return seat
    raise NotAllowed(action.label_vi, "Chỉ thủ trưởng cơ quan được ủy quyền phần việc của mình.")


def _require_delegation_sound(session: Session, actor: Actor, new: NewDelegation) -> None:
    today = actor.moment.business_on
    if new.valid_to < new.valid_from:
        raise RuleBroken("Ngày cuối không được trước ngày đầu.")
    if new.valid_from < today:
        raise RuleBroken("Ủy quyền không có hiệu lực về trước; ngày đầu sớm nhất là hôm nay.")
    if new.valid_to - new.valid_from > LONGEST_DELEGATION:
        raise RuleBroken(f"Một lần ủy quyền không quá {LONGEST_DELEGATION.days} ngày.")
    if not new.document_number.strip() or len(new.document_number.strip()) > LONGEST_DOCUMENT_NUMBER:
        raise RuleBroken(f"Phải ghi số văn bản ủy quyền, nhiều nhất {LONGEST_DOCUMENT_NUMBER} ký tự.")
    if new.document_on > today:
        raise RuleBroken("Ngày văn bản ủy quyền không được sau hôm nay.")
    _require_lendable(new.acts, new.function)
    if new.delegate_id == actor.person_id:
        raise RuleBroken("Không tự ủy quyền cho chính mình.")
    members = {row.id for row in list_persons_of(session, new.agency_id, today) if row.is_active}
    if new.delegate_id not in members:
        raise RuleBroken("Người được ủy quyền phải là người của cơ quan, tài khoản không bị khóa.")


def _require_lendable(acts: Iterable[Action], function: Function) -> None:
    wanted = frozenset(acts)
    if not wanted:
        raise RuleBroken("Mời chọn ít nhất một việc được ủy quyền.")
    beyond = wanted - set(lendable_acts(function))
    if beyond:
        named = ", ".join(sorted(act.label_vi for act in beyond))
        raise RuleBroken(f"Không ủy quyền được: {named}.")


def _has_section_head(session: Session, agency_id: int, on: date) -> bool:
    return any(row.is_active for row in list_persons_of(session, agency_id, on, Capacity.SECTION_HEAD))


def _chain_words(*, has_section_step: bool) -> str:
    return "qua lãnh đạo phòng" if has_section_step else "trình thẳng thủ trưởng"
