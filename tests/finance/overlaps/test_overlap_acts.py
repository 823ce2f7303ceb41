"""Pairs of stored requests: who sees them, how they are closed, and when a conclusion is stale."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Seat
from finance.audit import AuditEntry
from finance.errors import NotAllowed, NotFound, ReasonMissing, StaleVersion
from finance.estimates.draft import EstimateDraft
from finance.estimates.operations import save_draft
from finance.estimates.procedure import return_estimate, revise_estimate
from finance.estimates.workflow import EstimateStatus
from finance.overlaps.operations import decide_overlap
from finance.overlaps.queries import alike_for_agency, overlap_list, overlap_pair
from finance.overlaps.rules import OverlapVerdict
from tests.builders import Province, a_draft, a_line, a_project, a_province
from tests.estimate_journeys import a_saved_estimate, bring_to, edit_of


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def asked(name: str, key: str = "DA1") -> EstimateDraft:
    lines = (a_line("Bảng điện tử niêm yết thủ tục"), a_line("Lắp đặt bảng"))
    return a_draft(a_project(key, name_vi=name, place="Nha Trang", lines=lines, promises=()))


def two_offices(session: Session, province: Province) -> tuple[int, int]:
    """Ids of two sent estimates that ask for one thing in different words."""
    one = bring_to(session, province, EstimateStatus.SENT, asked("Niêm yết thủ tục hành chính tại Nha Trang"))
    words = "Niem yet TTHC bang bang dien tu, TP Nha Trang"
    return one, bring_to(session, province, EstimateStatus.SENT, asked(words, "DA7"), other=True)


def decide(session: Session, province: Province, one: int, other: int, seen: int = 0) -> None:
    decide_overlap(
        session,
        province.estimate_appraiser,
        pair=((other, "DA7"), (one, "DA1")),
        verdict=OverlapVerdict.DUPLICATE,
        reason="Hai cơ quan cùng xin bảng điện tử.",
        seen_edit=seen,
    )


def test_a_pair_across_offices_is_listed_and_closed(session: Session, province: Province) -> None:
    one, other = two_offices(session, province)
    (pair,) = overlap_list(session, province.estimate_appraiser, province.round_id).pairs
    assert {pair.one.key, pair.other.key} == {(one, "DA1"), (other, "DA7")}
    assert pair.standing is None
    decide(session, province, one, other)
    found = overlap_list(session, province.content_appraiser, province.round_id)
    assert found.undecided == 0
    assert found.pairs[0].standing is not None
    assert found.pairs[0].standing.verdict is OverlapVerdict.DUPLICATE
    entry = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "overlap")).one()
    assert entry.to_state == "trùng nội dung"


def test_a_conclusion_is_stale_when_either_side_says_something_else(
    session: Session, province: Province
) -> None:
    one, other = two_offices(session, province)
    decide(session, province, one, other)
    finance = province.estimate_appraiser
    return_estimate(session, finance, one, reason="Bổ sung", seen_edit=edit_of(session, one))
    revise_estimate(session, province.preparer, one, seen_edit=edit_of(session, one))
    changed = asked("Niêm yết thủ tục hành chính tại thành phố Nha Trang")
    save_draft(session, province.preparer, one, draft=changed, seen_edit=edit_of(session, one))
    # A draft is nobody's business: the pair is gone until it is sent again.
    assert overlap_list(session, finance, province.round_id).pairs == ()
    both = replace(
        finance,
        seats=(*finance.seats, *(Seat(s.function, s.capacity, s.agency_id) for s in province.preparer.seats)),
    )
    pair = overlap_pair(session, both, (one, "DA1"), (other, "DA7"))
    assert pair.standing is None
    assert pair.decisions[0].is_stale


def test_an_agency_is_only_shown_its_own_requests(session: Session, province: Province) -> None:
    one, _other = two_offices(session, province)
    assert alike_for_agency(session, province.preparer, (one, "DA1")) == []
    assert len(alike_for_agency(session, province.estimate_appraiser, (one, "DA1"))) == 1
    with pytest.raises(NotAllowed):
        overlap_list(session, province.preparer, province.round_id)


def test_an_agency_is_shown_what_it_asked_twice_itself(session: Session, province: Province) -> None:
    one = asked("Niêm yết thủ tục hành chính tại Nha Trang").projects[0]
    twice = EstimateDraft(
        (one, replace(one, project_key="DA2", priority=2, name_vi="Niem yet TTHC Nha Trang"))
    )
    mine = a_saved_estimate(session, province, twice)
    (pair,) = alike_for_agency(session, province.preparer, (mine, "DA1"))
    assert pair.other.project_key == "DA2"
    assert alike_for_agency(session, province.other_preparer, (mine, "DA1")) == []


def test_what_is_refused(session: Session, province: Province) -> None:
    one, other = two_offices(session, province)
    pair = ((one, "DA1"), (other, "DA7"))
    facts = {"pair": pair, "verdict": OverlapVerdict.DISTINCT, "reason": "Khác nơi", "seen_edit": 0}
    for actor in (province.preparer, province.inspector, province.it_adviser):
        with pytest.raises(NotAllowed):
            decide_overlap(session, actor, **facts)
    finance = province.estimate_appraiser
    with pytest.raises(ReasonMissing):
        decide_overlap(session, finance, **(facts | {"reason": " "}))
    with pytest.raises(NotFound):
        decide_overlap(session, finance, **(facts | {"pair": ((one, "DA1"), (one, "DA1"))}))
    with pytest.raises(NotFound):
        decide_overlap(session, finance, **(facts | {"pair": ((one, "DA1"), (987, "DA7"))}))
    decide(session, province, one, other)
    with pytest.raises(StaleVersion):
        decide(session, province, one, other)


def test_whoever_prepared_one_side_does_not_conclude(session: Session, province: Province) -> None:
    one, other = two_offices(session, province)
    seats = (*province.preparer.seats, *province.estimate_appraiser.seats)
    both = replace(province.preparer, seats=seats)
    with pytest.raises(NotAllowed):
        decide_overlap(
            session,
            both,
            pair=((one, "DA1"), (other, "DA7")),
            verdict=OverlapVerdict.DISTINCT,
            reason="Của mình",
            seen_edit=0,
        )
