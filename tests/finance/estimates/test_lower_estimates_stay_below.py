"""What a commune handed to its district and never went on to the province is read by nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.attachments.queries import list_attached
from finance.errors import NotFound
from finance.estimates.estimate_lookup import private_estimates, stays_private
from finance.estimates.handing_up.queries import get_handover
from finance.estimates.handovers import take_estimate
from finance.estimates.paper_acts import get_readable_paper
from finance.estimates.procedure import check_estimate, send_estimate, sign_estimate
from finance.estimates.queries import current_version, estimate_row, list_estimates, version_projects
from finance.estimates.records import Estimate
from finance.estimates.workbook.export import export_workbook
from finance.estimates.workflow import EstimateStatus
from finance.overlaps.queries import alike_for_agency
from finance.reports.audit_trail import CLOSED_VI, AuditFilter, find_acts
from finance.reports.consolidation import sent_estimates
from finance.reviews.queries import board_of_round
from finance.reviews.review_file import review_file
from tests.builders import Province, a_draft, a_project, a_province
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, bring_to, edit_of
from tests.handover_journeys import give_back, hand_up, put_paper, sign_below, written_below
from tests.plan_journeys import Communes, communes_of


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


@pytest.fixture
def communes(session: Session, province: Province) -> Communes:
    return communes_of(session, province)


def with_paper(session: Session, province: Province, communes: Communes) -> tuple[int, int, int]:
    """The commune's estimate handed up with a paper: estimate, handover, paper."""
    estimate_id = written_below(session, province, communes)
    paper_id = put_paper(session, communes.officer, estimate_id, "X1", "bao-gia.pdf")
    sign_below(session, communes, estimate_id)
    return estimate_id, hand_up(session, province, communes, estimate_id), paper_id


def readers_of(province: Province) -> tuple[Actor, ...]:
    return (
        province.content_appraiser,
        province.estimate_appraiser,
        province.planner,
        province.approver,
        province.inspector,
    )


def assert_closed(session: Session, province: Province, estimate_id: int, paper_id: int) -> None:
    """Nobody of the province reads anything of the estimate through any door."""
    assert stays_private(session, session.get_one(Estimate, estimate_id))
    assert session.scalar(select(private_estimates()).where(Estimate.id == estimate_id)) is True
    for reader in readers_of(province):
        for door in (
            lambda who: estimate_row(session, who, estimate_id),
            lambda who: review_file(session, who, estimate_id),
            lambda who: export_workbook(session, who, estimate_id),
            lambda who: get_readable_paper(session, who, estimate_id, paper_id),
        ):
            with pytest.raises(NotFound):
                door(reader)
        seen = [row.id for row in list_estimates(session, reader, province.round_id)]
        assert estimate_id not in seen
        assert estimate_id not in [row.id for row in sent_estimates(session, reader, province.round_id)]
        (row,) = [
            r for r in board_of_round(session, reader, province.round_id) if r.estimate_id == estimate_id
        ]
        assert (row.figures, row.asked_in_ceiling_vnd, row.is_open_to_reviewers) == (None, None, False)
    wanted = AuditFilter(subject_kind="estimate", subject_id=estimate_id)
    acts, _count = find_acts(session, province.inspector, wanted, limit=50)
    assert {row.details_vi for row in acts if row.details_vi} == {(CLOSED_VI,)}


def test_an_estimate_given_back_by_the_district_stays_between_the_two(
    session: Session, province: Province, communes: Communes
) -> None:
    estimate_id, handover_id, paper_id = with_paper(session, province, communes)
    # A request like the commune's lies in the open, so that a leak would be shown beside it.
    bring_to(session, province, EstimateStatus.SENT, a_draft(a_project("X1")), other=True)
    give_back(session, province, estimate_id, handover_id)
    assert session.get_one(Estimate, estimate_id).status is EstimateStatus.RETURNED
    assert_closed(session, province, estimate_id, paper_id)
    assert alike_for_agency(session, province.content_appraiser, (estimate_id, "X1")) == []
    for own in (communes.officer, communes.head):
        assert estimate_row(session, own, estimate_id).is_private
        assert get_readable_paper(session, own, estimate_id, paper_id).file_name == "bao-gia.pdf"
    assert get_handover(session, province.preparer, handover_id).reason == "Thiếu báo giá"


def test_what_the_district_sent_is_read_in_the_district_s_estimate_alone(
    session: Session, province: Province, communes: Communes
) -> None:
    upper_id = a_saved_estimate(session, province, a_draft(a_project("DA1")))
    estimate_id, handover_id, paper_id = with_paper(session, province, communes)
    take_estimate(session, province.preparer, handover_id, seen_edit=edit_of(session, estimate_id))
    check_estimate(session, province.preparer, upper_id, seen_edit=edit_of(session, upper_id))
    sign_estimate(session, province.head, upper_id, seen_edit=edit_of(session, upper_id))
    document = {"document_number": "9/UBND", "document_on": DOCUMENT_ON}
    send_estimate(session, province.head, upper_id, **document, seen_edit=edit_of(session, upper_id))
    assert_closed(session, province, estimate_id, paper_id)
    for reader in readers_of(province):
        version_id = current_version(session, estimate_row(session, reader, upper_id).id).id
        keys = [project.project_key for project in version_projects(session, version_id)]
        assert keys == ["DA1", "X_VINHTHANH.X1", "X_VINHTHANH.X2"]
        (carried,) = list_attached(session, version_id)
        assert get_readable_paper(session, reader, upper_id, carried.id).file_name == "bao-gia.pdf"


def test_what_the_province_returned_stays_readable_there(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.RETURNED)
    assert session.scalar(select(private_estimates()).where(Estimate.id == estimate_id)) is False
    for reader in readers_of(province):
        assert not estimate_row(session, reader, estimate_id).is_private
        assert review_file(session, reader, estimate_id).version.sent_at
