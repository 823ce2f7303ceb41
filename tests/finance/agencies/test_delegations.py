"""Delegation by dates: lent acts, both names in the audit, never wider than the giver's right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function
from finance.agencies.delegations import (
    NewDelegation,
    delegate_rights,
    lendable_acts,
    revoke_delegation,
    set_office_chain,
)
from finance.agencies.queries import actor_for, has_section_step, list_delegations
from finance.agencies.records import Person, Position
from finance.audit import AuditEntry, audit_sentence, find_broken_entry
from finance.errors import NotAllowed, NotFound, ReasonMissing, RuleBroken
from finance.permissions import may
from tests.builders import Province, a_moment, a_province, an_actor

TODAY = date(2012, 2, 15)
LAST_DAY = date(2012, 2, 20)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def signing(province: Province, **changed: object) -> NewDelegation:
    """The head of Nha Trang lends his signature to the head of a section for six days."""
    new = NewDelegation(
        agency_id=province.agencies["H_NHATRANG"],
        function=Function.PREPARE,
        delegate_id=province.section_head.person_id,
        acts=frozenset({Action.SIGN_ESTIMATE, Action.REFUSE_ESTIMATE}),
        valid_from=TODAY,
        valid_to=LAST_DAY,
        document_number="15/GUQ-UBND",
        document_on=date(2012, 2, 14),
    )
    return replace(new, **changed)  # type: ignore[arg-type]


def on(session: Session, person: Actor, day: date) -> Actor:
    return actor_for(session, person.person_id, a_moment(day))


def may_sign(session: Session, province: Province, day: date = TODAY) -> bool:
    delegate = on(session, province.section_head, day)
    return may(delegate, Action.SIGN_ESTIMATE, province.agencies["H_NHATRANG"])


def test_the_acts_are_lent_from_the_first_day_to_the_last(session: Session, province: Province) -> None:
    assert not may_sign(session, province)
    delegate_rights(session, province.head, signing(province, valid_from=date(2012, 2, 16)))
    days = [date(2012, 2, day) for day in range(14, 23)]
    assert [day.day for day in days if may_sign(session, province, day)] == [16, 17, 18, 19, 20]


def test_only_the_named_acts_and_only_the_own_office(session: Session, province: Province) -> None:
    delegate_rights(session, province.head, signing(province))
    delegate = on(session, province.section_head, TODAY)
    own, other = province.agencies["H_NHATRANG"], province.agencies["H_KHANHVINH"]
    lent = {action for action in Action if may(delegate, action, own)}
    before = {action for action in Action if may(province.section_head, action, own)}
    assert lent - before == {Action.SIGN_ESTIMATE, Action.REFUSE_ESTIMATE}
    assert not any(may(delegate, action, other) for action in lent - before)


def test_never_wider_than_the_giver_s_own_right(session: Session, province: Province) -> None:
    delegate_rights(session, province.head, signing(province))
    seat = update(Position).where(Position.person_id == province.head.person_id)
    session.execute(seat.values(valid_to=date(2012, 2, 16)))
    assert may_sign(session, province, date(2012, 2, 16))
    assert not may_sign(session, province, date(2012, 2, 17))
    session.execute(seat.values(valid_to=None, capacity=Capacity.OFFICER))
    assert not may_sign(session, province)


def test_a_locked_giver_and_a_delegate_who_left_lend_nothing(session: Session, province: Province) -> None:
    delegate_rights(session, province.head, signing(province))
    giver = update(Person).where(Person.id == province.head.person_id)
    session.execute(giver.values(is_active=False))
    assert not may_sign(session, province)
    session.execute(giver.values(is_active=True))
    assert may_sign(session, province)
    left = update(Position).where(Position.person_id == province.section_head.person_id)
    session.execute(left.values(valid_to=date(2012, 2, 14)))
    assert not may_sign(session, province)


def test_revoking_ends_it_at_once_and_says_why(session: Session, province: Province) -> None:
    row = delegate_rights(session, province.head, signing(province))
    with pytest.raises(ReasonMissing):
        revoke_delegation(session, province.head, row.id, reason=" ")
    revoke_delegation(session, province.head, row.id, reason="Thủ trưởng đã về")
    assert not may_sign(session, province)
    kept = list_delegations(session, province.agencies["H_NHATRANG"], TODAY)
    assert [(one.revoke_reason, one.is_in_force, one.is_over) for one in kept] == [
        ("Thủ trưởng đã về", False, True)
    ]
    with pytest.raises(RuleBroken, match="hết hiệu lực"):
        revoke_delegation(session, province.head, row.id, reason="lần nữa")
    with pytest.raises(NotFound):
        revoke_delegation(session, province.head, 999_999, reason="không có")


def test_what_is_borrowed_is_not_lent_on(session: Session, province: Province) -> None:
    row = delegate_rights(session, province.head, signing(province))
    delegate = on(session, province.section_head, TODAY)
    lent_on = signing(province, delegate_id=province.preparer.person_id)
    for attempt in (
        lambda: delegate_rights(session, delegate, lent_on),
        lambda: revoke_delegation(session, delegate, row.id, reason="tự thu hồi"),
        lambda: set_office_chain(session, delegate, row.agency_id, has_section_step=True),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_nobody_but_the_head_of_the_office_lends(session: Session, province: Province) -> None:
    names = ("preparer", "other_head", "section_head", "estimate_appraiser", "approver", "administrator")
    for name in names:
        with pytest.raises(NotAllowed):
            delegate_rights(session, getattr(province, name), signing(province))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"valid_to": date(2012, 2, 14)}, "Ngày cuối"),
        ({"valid_from": date(2012, 2, 14)}, "về trước"),
        ({"valid_to": date(2013, 2, 20)}, "không quá"),
        ({"document_number": " "}, "số văn bản"),
        ({"document_number": "x" * 61}, "số văn bản"),
        ({"document_on": date(2012, 2, 16)}, "Ngày văn bản"),
        ({"acts": frozenset()}, "ít nhất một việc"),
        ({"acts": frozenset({Action.RECEIVE_ESTIMATE})}, "Không ủy quyền được"),
        ({"acts": frozenset({Action.DELEGATE_RIGHTS})}, "Không ủy quyền được"),
    ],
)
def test_what_a_delegation_must_say(
    session: Session, province: Province, changed: dict[str, object], said: str
) -> None:
    with pytest.raises(RuleBroken, match=said):
        delegate_rights(session, province.head, signing(province, **changed))


def test_the_delegate_is_somebody_else_of_the_same_office(session: Session, province: Province) -> None:
    for person_id in (province.head.person_id, province.other_preparer.person_id):
        with pytest.raises(RuleBroken):
            delegate_rights(session, province.head, signing(province, delegate_id=person_id))


def test_the_audit_names_both(session: Session, province: Province) -> None:
    delegate_rights(session, province.head, signing(province))
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == Action.DELEGATE_RIGHTS)).one()
    assert "Trần Văn Hòa ủy quyền" in audit_sentence(entry)
    assert "Lý Thị Hoa, 15/02/2012–20/02/2012" in audit_sentence(entry)
    assert find_broken_entry(session) is None


def test_an_approver_s_deputy_gets_the_approver_s_acts(session: Session, province: Province) -> None:
    office = province.agencies["UBND_TINH"]
    deputy = an_actor(session, "Phan Thị Ngân", (Function.APPROVAL, Capacity.OFFICER, office))
    assert not may(deputy, Action.APPROVE_ALLOCATION)
    acts = frozenset({Action.APPROVE_ALLOCATION})
    new = signing(
        province, agency_id=office, function=Function.APPROVAL, delegate_id=deputy.person_id, acts=acts
    )
    delegate_rights(session, province.approver, new)
    assert may(on(session, deputy, TODAY), Action.APPROVE_ALLOCATION)
    assert not may(on(session, deputy, TODAY), Action.RETURN_ALLOCATION)


def test_what_can_be_lent_is_what_only_heads_do() -> None:
    assert Action.SIGN_ESTIMATE in lendable_acts(Function.PREPARE)
    assert Action.SAVE_DRAFT not in lendable_acts(Function.PREPARE)
    assert set(lendable_acts(Function.APPROVAL)) == {Action.RETURN_ALLOCATION, Action.APPROVE_ALLOCATION}
    assert not lendable_acts(Function.INSPECTION)


def test_the_chain_needs_somebody_to_pass_it(session: Session, province: Province) -> None:
    own = province.agencies["H_NHATRANG"]
    set_office_chain(session, province.head, own, has_section_step=True)
    assert has_section_step(session, own)
    set_office_chain(session, province.head, own, has_section_step=False)
    assert not has_section_step(session, own)
    with pytest.raises(RuleBroken, match="lãnh đạo phòng"):
        set_office_chain(
            session, province.other_head, province.agencies["H_KHANHVINH"], has_section_step=True
        )
    for name in ("preparer", "other_head", "administrator"):
        with pytest.raises(NotAllowed):
            set_office_chain(session, getattr(province, name), own, has_section_step=True)
