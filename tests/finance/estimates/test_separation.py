"""Whoever had a hand in what an estimate asks judges nothing of it: itself, its parts, those below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function, Seat
from finance.audit import Change, Subject, record_change
from finance.errors import NotAllowed
from finance.estimates.handing_up.records import EstimateHandover, TakenProject
from finance.estimates.handing_up.states import HandoverState
from finance.estimates.handovers import submit_estimate_up, take_estimate
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.part_operations import invite_partner
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import PartStatus
from finance.estimates.procedure import (
    begin_content_appraisal,
    check_estimate,
    receive_estimate,
    return_estimate,
    send_estimate,
    sign_estimate,
)
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.separation import HandPlace, find_hand, hands_in
from finance.estimates.workflow import EstimateStatus
from finance.overlaps.operations import decide_overlap
from finance.overlaps.queries import overlap_list
from finance.overlaps.rules import OverlapVerdict
from finance.reviews.operations import accept_rest, conclude_appraisal, give_opinion, pass_content
from finance.reviews.queries import review_inbox
from finance.reviews.review_file import review_file
from finance.reviews.rules import Verdict
from tests.builders import SUBMISSION_DUE_AT, Province, a_draft, a_project, a_province
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, bring_to, edit_of
from tests.finance.estimates.test_parts import act
from tests.finance.reviews.review_stages import projects_of
from tests.plan_journeys import Communes, communes_of


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def moved(actor: Actor, province: Province) -> Actor:
    """The same person, now sitting in every office that judges."""
    judges = {
        Function.ESTIMATE_APPRAISAL: "STC",
        Function.CONTENT_APPRAISAL: "SNV",
        Function.ALLOCATION_CONSOLIDATION: "SKHDT",
    }
    seats = tuple(
        Seat(function, Capacity.OFFICER, province.agencies[code]) for function, code in judges.items()
    )
    return replace(actor, seats=seats)


def handed_on(session: Session, actor: Actor, head: Actor, estimate_id: int) -> None:
    """Checked, signed and sent by the office."""
    check_estimate(session, actor, estimate_id, seen_edit=edit_of(session, estimate_id))
    sign_estimate(session, head, estimate_id, seen_edit=edit_of(session, estimate_id))
    send_estimate(
        session,
        head,
        estimate_id,
        document_number="12/DT",
        document_on=DOCUMENT_ON,
        seen_edit=edit_of(session, estimate_id),
    )


def invited(session: Session, province: Province, inviter: Actor, estimate_id: int) -> int:
    """The part of Khánh Vĩnh in DA1."""
    return invite_partner(
        session,
        inviter,
        estimate_id,
        project_key="DA1",
        agency_id=province.agencies["H_KHANHVINH"],
        words="In tài liệu cho học viên của huyện",
        seen_edit=edit_of(session, estimate_id),
    )


def with_a_part(session: Session, province: Province) -> int:
    """Nha Trang's sent estimate; Khánh Vĩnh's officer typed a part of its DA1 and its head signed it."""
    estimate_id = a_saved_estimate(session, province, a_draft(a_project()))
    part_id = invited(session, province, province.section_head, estimate_id)
    act(session, province.other_preparer, part_id, Action.ACCEPT_PART)
    act(session, province.other_preparer, part_id, Action.SAVE_PART)
    act(session, province.other_head, part_id, Action.SIGN_PART)
    handed_on(session, province.preparer, province.head, estimate_id)
    return estimate_id


def with_a_commune(session: Session, province: Province) -> tuple[int, Communes, int]:
    """Nha Trang's sent estimate with what its commune asks in it, who sits there, the commune's own."""
    communes = communes_of(session, province)
    upper_id = a_saved_estimate(session, province, a_draft(a_project("DA1")))
    lower_id = start_estimate(
        session, communes.officer, round_id=province.round_id, agency_id=communes.first_id
    )
    save_draft(session, communes.officer, lower_id, draft=a_draft(a_project("X1")), seen_edit=1)
    check_estimate(session, communes.officer, lower_id, seen_edit=2)
    sign_estimate(session, communes.head, lower_id, seen_edit=3)
    submit_estimate_up(session, communes.head, lower_id, seen_edit=4)
    handover_id = session.scalars(select(EstimateHandover.id)).one()
    take_estimate(session, province.preparer, handover_id, seen_edit=5)
    handed_on(session, province.preparer, province.head, upper_id)
    return upper_id, communes, lower_id


def refusals(session: Session, person: Actor, judges: Province, estimate_id: int) -> Iterator[str]:
    """Walk the appraisal to its end; every act is first tried by the person, and his refusal is given."""

    def edit() -> int:
        return edit_of(session, estimate_id)

    def refused(act: Callable[[Actor], object], then: Actor | None) -> str:
        with pytest.raises(NotAllowed) as refusal:
            act(person)
        if then is not None:
            act(then)
        return refusal.value.because

    finance, content = judges.estimate_appraiser, judges.content_appraiser
    yield refused(lambda who: return_estimate(session, who, estimate_id, reason="x", seen_edit=edit()), None)
    yield refused(lambda who: receive_estimate(session, who, estimate_id, seen_edit=edit()), finance)
    yield refused(lambda who: begin_content_appraisal(session, who, estimate_id, seen_edit=edit()), content)
    for project in projects_of(session, estimate_id):
        facts = {"function": Function.CONTENT_APPRAISAL, "verdict": Verdict.AGREE, "words": ""}
        yield refused(
            lambda who, id_=project.project.id, facts=facts: give_opinion(  # type: ignore[misc]
                session, who, id_, **facts, seen_edit=edit()
            ),
            content,
        )
    yield refused(lambda who: pass_content(session, who, estimate_id, seen_edit=edit()), content)
    yield refused(lambda who: accept_rest(session, who, estimate_id, seen_edit=edit()), finance)
    yield refused(lambda who: conclude_appraisal(session, who, estimate_id, seen_edit=edit()), None)


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("section_head", "đã mời cơ quan phối hợp"),
        ("other_preparer", "đã nhận phần phối hợp"),
        ("other_head", "đã ký phần phối hợp"),
    ],
)
def test_a_part_binds_who_invited_typed_or_signed_it(
    session: Session, province: Province, who: str, said: str
) -> None:
    estimate_id = with_a_part(session, province)
    person = moved(getattr(province, who), province)
    where = "15/02/2012 – Phần của UBND huyện Khánh Vĩnh trong dự án DA1"
    for because in refusals(session, person, province, estimate_id):
        assert f"{person.full_name} {said} ngày {where}" in because


@pytest.mark.parametrize(
    ("who", "said"), [("officer", "đã lập dự toán mới"), ("head", "đã ký duyệt")], ids=["typed", "signed"]
)
def test_what_came_from_below_binds_who_made_it_there(
    session: Session, province: Province, who: str, said: str
) -> None:
    upper_id, communes, _lower_id = with_a_commune(session, province)
    person = moved(getattr(communes, who), province)
    for because in refusals(session, person, province, upper_id):
        assert f"{person.full_name} {said} ngày 15/02/2012 – " in because
        assert "của UBND xã Vĩnh Thạnh" in because
        assert because.endswith("dự toán cấp dưới đã tổng hợp vào hồ sơ này.")


def test_his_page_and_his_inbox_offer_him_nothing(session: Session, province: Province) -> None:
    estimate_id = with_a_part(session, province)
    signer = moved(province.other_head, province)
    assert review_inbox(session, signer, province.round_id) == []
    assert [row.estimate_id for row in review_inbox(session, stranger(province), province.round_id)]
    file = review_file(session, signer, estimate_id)
    assert (file.is_party, file.steps, file.may_appraise) == (True, (), False)
    assert file.own_hand is not None
    assert "ký phần phối hợp" in file.own_hand.what_vi
    assert review_file(session, stranger(province), estimate_id).own_hand is None


def stranger(province: Province) -> Actor:
    """Somebody who judges and has prepared nothing."""
    return moved(replace(province.inspector, person_id=987_654), province)


def test_everybody_with_a_hand_is_known_and_by_what(session: Session, province: Province) -> None:
    estimate_id = with_a_part(session, province)
    found = hands_in(session, [estimate_id])[estimate_id]
    assert {(hand.place, hand.person_id) for hand in found} == {
        (HandPlace.OWN, province.preparer.person_id),
        (HandPlace.OWN, province.head.person_id),
        (HandPlace.PART, province.section_head.person_id),
        (HandPlace.PART, province.other_preparer.person_id),
        (HandPlace.PART, province.other_head.person_id),
    }
    assert [hand.place for hand in found] == sorted((hand.place for hand in found), key=list(HandPlace).index)
    assert hands_in(session, [estimate_id], by=province.planner.person_id) == {}
    assert hands_in(session, []) == {}


def test_who_only_declined_a_part_may_judge(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province, a_draft(a_project()))
    part_id = invited(session, province, province.preparer, estimate_id)
    act(session, province.other_head, part_id, Action.DECLINE_PART)
    handed_on(session, province.preparer, province.head, estimate_id)
    receive_estimate(
        session, moved(province.other_head, province), estimate_id, seen_edit=edit_of(session, estimate_id)
    )


def a_source(session: Session, province: Province, above: int, agency_id: int, key: str) -> int:
    """An estimate of the office from which the one above took a project, as the rooms leave the rows."""
    estimate = Estimate(
        round_id=province.round_id, agency_id=agency_id, status_since=SUBMISSION_DUE_AT,
        kind=session.get_one(Estimate, above).kind, status=EstimateStatus.SIGNED,
        version_number=1, edit_number=1,
    )  # fmt: skip
    session.add(estimate)
    session.flush()
    version = EstimateVersion(estimate_id=estimate.id, number=1, opened_at=SUBMISSION_DUE_AT)
    session.add(version)
    session.flush()
    taken_from(session, above, estimate.id, version.id, key)
    return estimate.id


def taken_from(session: Session, above: int, below: int, version_id: int, key: str) -> None:
    handover = EstimateHandover(
        estimate_id=below, version_id=version_id, state=HandoverState.TAKEN,
        upper_agency_id=session.get_one(Estimate, above).agency_id,
        offered_at=SUBMISSION_DUE_AT, offered_by="",
    )  # fmt: skip
    session.add(handover)
    session.flush()
    session.add(TakenProject(estimate_id=above, project_key=key, handover_id=handover.id, origin_key=key))
    session.flush()


def test_hands_are_followed_through_every_office_and_round_about(
    session: Session, province: Province
) -> None:
    """A part of the lowest of three binds at the highest, and offices that took from each other end it."""
    upper_id, communes, lower_id = with_a_commune(session, province)
    lowest_id = a_source(session, province, lower_id, communes.second_id, "Y1")
    part = ProjectPart(
        estimate_id=lowest_id, project_key="Y1", agency_id=province.agencies["SNV"],
        status=PartStatus.SIGNED, words="In", lines=[],
    )  # fmt: skip
    session.add(part)
    session.flush()
    assert find_hand(session, province.it_adviser.person_id, upper_id) is None
    label = Subject("project_part", part.id, "Phần của Sở Nội vụ trong dự án Y1")
    record_change(session, province.it_adviser, Action.SAVE_PART, label, seat=None, change=Change())
    hand = find_hand(session, province.it_adviser.person_id, upper_id)
    assert hand is not None
    assert hand.what_vi.endswith("Phần của Sở Nội vụ trong dự án Y1")
    upper_version = session.scalars(
        select(EstimateVersion.id).where(EstimateVersion.estimate_id == upper_id)
    ).one()
    taken_from(session, lowest_id, upper_id, upper_version, "DA1")
    places = {
        (id_, hand.place) for id_, hands in hands_in(session, [upper_id, lowest_id]).items() for hand in hands
    }
    assert places == {
        (upper_id, HandPlace.OWN),
        (upper_id, HandPlace.BELOW),
        (upper_id, HandPlace.PART),
        (lowest_id, HandPlace.BELOW),
        (lowest_id, HandPlace.PART),
    }


def test_who_wrote_a_part_of_one_side_concludes_no_overlap(session: Session, province: Province) -> None:
    estimate_id = with_a_part(session, province)
    other_id = bring_to(session, province, EstimateStatus.SENT, a_draft(a_project()), other=True)
    (pair,) = overlap_list(session, province.estimate_appraiser, province.round_id).pairs
    assert {pair.one.estimate_id, pair.other.estimate_id} == {estimate_id, other_id}
    facts = {"verdict": OverlapVerdict.DISTINCT, "reason": "Khác nơi", "seen_edit": 0}
    inviter = moved(province.section_head, province)
    with pytest.raises(NotAllowed, match="đã mời cơ quan phối hợp"):
        decide_overlap(session, inviter, pair=(pair.one.key, pair.other.key), **facts)
    decide_overlap(session, province.estimate_appraiser, pair=(pair.one.key, pair.other.key), **facts)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """What is asked of the store meanwhile."""
    asked: list[str] = []
    connection = session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)


def test_the_list_of_waiting_files_asks_once_for_all(session: Session, province: Province) -> None:
    judge = moved(province.planner, province)
    first = with_a_part(session, province)
    with counted(session) as asked:
        review_inbox(session, judge, province.round_id)
    assert sum("audit_entry" in statement for statement in asked) == 1
    second = bring_to(session, province, EstimateStatus.SENT, other=True)
    with counted(session) as asked:
        assert len(review_inbox(session, judge, province.round_id)) == 2
    assert sum("audit_entry" in statement for statement in asked) == 1
    for ids in ([first], [first, second]):
        with counted(session) as asked:
            hands_in(session, ids, by=judge.person_id)
        assert len(asked) == 2
