"""Until when a commune hands its estimate up: the round's hour, the district's, or one of its own."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.attachments.records import AttachedFile
from finance.audit import AuditEntry
from finance.clock import VIETNAM_TIME
from finance.errors import NotAllowed, NotFound, RecordDamaged, RoundClosed, RuleBroken, StaleVersion
from finance.estimates.handing_up.lower_deadlines import LowerDeadlineRow, lower_deadlines, set_lower_deadline
from finance.estimates.handovers import return_estimate_down, submit_estimate_up, take_estimate
from finance.estimates.procedure import (
    check_estimate,
    return_estimate,
    revise_estimate,
    send_estimate,
    sign_estimate,
)
from finance.estimates.queries import estimate_row
from finance.estimates.records import CostLine
from finance.rounds.deadlines import extend_deadline
from finance.rounds.operations import set_deadline
from finance.rounds.queries import get_round
from finance.rounds.records import LowerDeadline
from finance.rounds.rules import RoundStage
from tests.builders import SUBMISSION_DUE_AT, Province, a_draft, a_project, a_province, later
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, edit_of
from tests.handover_journeys import (
    hand_up,
    offered,
    put_paper,
    sign_below,
    signed_below,
    taken,
    written_below,
)
from tests.plan_journeys import Communes, communes_of

EARLY = datetime(2012, 2, 20, 17, 0, tzinfo=VIETNAM_TIME)
LONGER = datetime(2012, 3, 5, 17, 0, tzinfo=VIETNAM_TIME)
AFTER_EARLY, AFTER_GENERAL, AFTER_LONGER = date(2012, 2, 21), date(2012, 3, 2), date(2012, 3, 6)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


@pytest.fixture
def communes(session: Session, province: Province) -> Communes:
    return communes_of(session, province)


def row_of(session: Session, province: Province) -> LowerDeadlineRow:
    (row,) = lower_deadlines(session, province.preparer, province.round_id)
    return row


def set_below(
    session: Session,
    province: Province,
    due_at: datetime,
    actor: Actor | None = None,
    seen: int | None = None,
) -> None:
    agency_id = province.agencies["H_NHATRANG"]
    seen_edit = row_of(session, province).edit_number if seen is None else seen
    set_lower_deadline(
        session,
        actor or province.preparer,
        province.round_id,
        agency_id=agency_id,
        due_at=due_at,
        seen_edit=seen_edit,
    )


def lengthen(session: Session, province: Province, agency_id: int) -> None:
    extend_deadline(
        session,
        province.estimate_appraiser,
        province.round_id,
        agency_id=agency_id,
        until_at=LONGER,
        reason="Bão số 1",
        seen_edit=get_round(session, province.round_id).edit_number,
    )


def hand_on(session: Session, communes: Communes, estimate_id: int, on: date) -> None:
    """Draft to handed up, all on this day."""
    officer, head = later(communes.officer, on), later(communes.head, on)
    check_estimate(session, officer, estimate_id, seen_edit=edit_of(session, estimate_id))
    sign_estimate(session, head, estimate_id, seen_edit=edit_of(session, estimate_id))
    submit_estimate_up(session, officer, estimate_id, seen_edit=edit_of(session, estimate_id))


def test_after_the_round_s_hour_nothing_is_handed_up_without_a_longer_time(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id = signed_below(session, province, communes)
    edit, late = edit_of(session, estimate_id), later(communes.officer, AFTER_GENERAL)
    assert estimate_row(session, late, estimate_id).due_at == SUBMISSION_DUE_AT
    with pytest.raises(RoundClosed, match="cơ quan chủ trì"):
        submit_estimate_up(session, late, estimate_id, seen_edit=edit)
    lengthen(session, province, communes.first_id)
    row = estimate_row(session, late, estimate_id)
    assert (row.due_at, row.extended_until, row.due_set_by) == (LONGER, LONGER, "")
    submit_estimate_up(session, late, estimate_id, seen_edit=edit)


def test_the_district_s_hour_binds_its_communes_alone(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id = written_below(session, province, communes)
    set_below(session, province, EARLY)
    row = estimate_row(session, communes.officer, estimate_id)
    assert (row.due_at, row.due_set_by, row.extended_until) == (EARLY, "UBND thành phố Nha Trang", None)
    with pytest.raises(RoundClosed, match=r"17:00 20/02/2012.*UBND thành phố Nha Trang"):
        hand_on(session, communes, estimate_id, AFTER_EARLY)
    own = a_saved_estimate(session, province)
    assert estimate_row(session, province.preparer, own).due_at == SUBMISSION_DUE_AT
    check_estimate(session, later(province.preparer, AFTER_EARLY), own, seen_edit=edit_of(session, own))
    set_below(session, province, SUBMISSION_DUE_AT)
    hand_on(session, communes, estimate_id, AFTER_EARLY)


def test_a_longer_time_from_the_province_reaches_past_the_district_s_hour(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id = written_below(session, province, communes)
    set_below(session, province, EARLY)
    lengthen(session, province, communes.first_id)
    row = estimate_row(session, communes.officer, estimate_id)
    assert (row.due_at, row.due_set_by, row.extended_until) == (LONGER, "", LONGER)
    hand_on(session, communes, estimate_id, AFTER_GENERAL)


def test_an_hour_is_set_by_who_consolidates_dated_and_named(
    session: Session, province: Province, communes: Communes
) -> None:
    assert row_of(session, province).binding_due == SUBMISSION_DUE_AT
    assert [office.id for office in row_of(session, province).offices] == [
        communes.first_id,
        communes.second_id,
    ]
    set_below(session, province, EARLY)
    with pytest.raises(StaleVersion) as stale:
        set_below(session, province, SUBMISSION_DUE_AT, seen=0)
    assert stale.value.differences == (f"{province.preparer.full_name} đặt hạn 17:00 20/02/2012.",)
    set_below(session, province, EARLY)
    (stored,) = session.scalars(select(LowerDeadline)).all()
    assert (stored.set_by, stored.due_at) == (province.preparer.full_name, EARLY)
    said = select(AuditEntry).where(AuditEntry.action == Action.SET_LOWER_DEADLINE)
    assert session.scalars(said).one().to_state == "17:00 20/02/2012, đơn vị thuộc UBND thành phố Nha Trang"
    set_below(session, province, SUBMISSION_DUE_AT)
    assert row_of(session, province).binding_due == SUBMISSION_DUE_AT
    # The province moves its own hour forward: no commune has longer than its district.
    sooner = datetime(2012, 2, 24, 17, 0, tzinfo=VIETNAM_TIME)
    edit = get_round(session, province.round_id).edit_number
    finance = province.estimate_appraiser
    set_deadline(
        session, finance, province.round_id, stage=RoundStage.SUBMISSION, due_at=sooner, seen_edit=edit
    )
    assert row_of(session, province).binding_due == sooner


def test_no_hour_is_set_that_nobody_could_keep(
    session: Session, province: Province, communes: Communes
) -> None:
    with pytest.raises(RuleBroken, match="phải sau lúc này"):
        set_below(session, province, province.preparer.moment.business_at)
    with pytest.raises(RuleBroken, match="chậm nhất"):
        set_below(session, province, LONGER)
    lengthen(session, province, province.agencies["H_NHATRANG"])
    set_below(session, province, LONGER)
    for stranger in (communes.officer, province.other_preparer, province.estimate_appraiser):
        with pytest.raises(NotAllowed):
            set_below(session, province, EARLY, actor=stranger)
    assert lower_deadlines(session, province.other_preparer, province.round_id) == []
    facts = {"due_at": EARLY, "seen_edit": 0}
    other = province.agencies["H_KHANHVINH"]
    with pytest.raises(RuleBroken, match="không tổng hợp"):
        set_lower_deadline(session, province.other_preparer, province.round_id, agency_id=other, **facts)
    with pytest.raises(NotFound):
        set_lower_deadline(session, province.preparer, 999, agency_id=communes.first_id, **facts)


def give_back_late(session: Session, province: Province, estimate_id: int, handover_id: int) -> None:
    return_estimate_down(
        session,
        later(province.preparer, AFTER_GENERAL),
        handover_id,
        reason="Thiếu báo giá",
        seen_edit=edit_of(session, estimate_id),
    )


def test_what_was_given_back_is_answered_until_the_district_s_own_hour(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id, handover_id = offered(session, province, communes)
    lengthen(session, province, province.agencies["H_NHATRANG"])
    give_back_late(session, province, estimate_id, handover_id)
    officer = later(communes.officer, AFTER_GENERAL)
    assert estimate_row(session, officer, estimate_id).due_at == LONGER
    revise_estimate(session, officer, estimate_id, seen_edit=edit_of(session, estimate_id))
    with pytest.raises(RoundClosed, match="05/03/2012"):
        hand_on(session, communes, estimate_id, AFTER_LONGER)
    hand_on(session, communes, estimate_id, AFTER_GENERAL)


def test_what_was_given_back_waits_with_the_district_for_the_province(
    session: Session, province: Province, communes: Communes
) -> None:
    upper_id, estimate_id, handover_id = taken(session, province, communes)
    officer, head, finance = province.preparer, province.head, province.estimate_appraiser
    check_estimate(session, officer, upper_id, seen_edit=edit_of(session, upper_id))
    sign_estimate(session, head, upper_id, seen_edit=edit_of(session, upper_id))
    document = {"document_number": "9/UBND", "document_on": DOCUMENT_ON}
    send_estimate(session, head, upper_id, **document, seen_edit=edit_of(session, upper_id))
    return_estimate(session, finance, upper_id, reason="Thiếu", seen_edit=edit_of(session, upper_id))
    late = later(officer, AFTER_GENERAL)
    revise_estimate(session, late, upper_id, seen_edit=edit_of(session, upper_id))
    give_back_late(session, province, estimate_id, handover_id)
    ends = datetime(2012, 3, 20, 17, 0, tzinfo=VIETNAM_TIME)
    edit = get_round(session, province.round_id).edit_number
    stage = RoundStage.ESTIMATE_APPRAISAL
    set_deadline(session, finance, province.round_id, stage=stage, due_at=ends, seen_edit=edit)
    below = later(communes.officer, AFTER_LONGER)
    assert estimate_row(session, below, estimate_id).due_at == ends
    revise_estimate(session, below, estimate_id, seen_edit=edit_of(session, estimate_id))
    hand_on(session, communes, estimate_id, AFTER_LONGER)
    # For a commune that was never asked again the district, which has the time, sets an hour.
    assert row_of(session, province).own_due == ends
    set_below(session, province, LONGER, actor=late)
    assert row_of(session, province).binding_due == LONGER


def test_only_what_was_signed_is_handed_up_and_taken_in(
    session: Session, province: Province, communes: Communes
) -> None:
    upper_id = a_saved_estimate(session, province, a_draft(a_project("DA1")))
    estimate_id = written_below(session, province, communes)
    put_paper(session, communes.officer, estimate_id, "X1", "bao-gia.pdf")
    sign_below(session, communes, estimate_id)
    edit, before = edit_of(session, estimate_id), session.scalars(select(CostLine.note)).first()
    session.execute(update(CostLine).values(note="sửa sau lưng"))
    with pytest.raises(RecordDamaged):
        submit_estimate_up(session, communes.officer, estimate_id, seen_edit=edit)
    session.execute(update(CostLine).values(note=before))
    handover_id = hand_up(session, province, communes, estimate_id)
    session.execute(update(AttachedFile).values(file_name="bao-gia-khac.pdf"))
    with pytest.raises(RecordDamaged):
        take_estimate(session, province.preparer, handover_id, seen_edit=edit + 1)
    session.execute(update(AttachedFile).values(file_name="bao-gia.pdf"))
    session.execute(update(CostLine).values(note="sửa sau lưng"))
    with pytest.raises(RecordDamaged):
        take_estimate(session, province.preparer, handover_id, seen_edit=edit + 1)
    session.execute(update(CostLine).values(note=before))
    assert take_estimate(session, province.preparer, handover_id, seen_edit=edit + 1) == upper_id
