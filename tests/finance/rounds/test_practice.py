"""A round for practice is counted nowhere and wiped on closing; a true round can never be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import MetaData, func, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.audit import AuditEntry, audit_sentence, find_broken_entry
from finance.errors import NotAllowed, NotFound, ReasonMissing, RecordDamaged, RuleBroken, StaleVersion
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.part_operations import invite_partner
from finance.estimates.procedure import (
    check_estimate,
    receive_estimate,
    return_estimate,
    revise_estimate,
    send_estimate,
    sign_estimate,
)
from finance.estimates.queries import estimate_history, estimate_row, list_estimates
from finance.estimates.records import Estimate
from finance.estimates.workflow import EstimateKind, EstimateStatus
from finance.overlaps.queries import overlap_list
from finance.reports.consolidation import Grouping, consolidate_round
from finance.reviews.queries import board_of_round, pool_projects
from finance.rounds.operations import set_deadline
from finance.rounds.practice import NewPractice, close_round, open_practice_round, wipe_practice_round
from finance.rounds.queries import (
    current_round,
    get_round,
    list_deadlines,
    list_outputs,
    list_rounds,
    list_scope_units,
    open_practice_rounds,
    output_units,
)
from finance.rounds.records import BudgetRound
from finance.rounds.rules import RoundStage
from finance.scenarios.operations import create_scenario
from finance.vietnamese.dates import format_moment
from tests.builders import SUBMISSION_DUE_AT, Province, a_ceiling, a_draft, a_province
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, bring_to, edit_of


@pytest.fixture
def province(session: Session) -> Province:
    province = a_province(session)
    a_ceiling(session, province.round_id, province.agencies["H_NHATRANG"], "NST_TX", 100_000_000)
    return province


def open_practice(session: Session, province: Province, code: str = "TH1") -> int:
    new = NewPractice(code, "Tập huấn tháng 2", province.round_id)
    return open_practice_round(session, province.estimate_appraiser, new)


def a_practised_estimate(session: Session, province: Province, round_id: int) -> int:
    """An estimate typed, signed, sent and returned in the practice round."""
    office = province.agencies["H_NHATRANG"]
    estimate_id = start_estimate(session, province.preparer, round_id=round_id, agency_id=office)
    edit = save_draft(session, province.preparer, estimate_id, draft=a_draft(), seen_edit=1).edit_number
    edit = check_estimate(session, province.preparer, estimate_id, seen_edit=edit)
    edit = sign_estimate(session, province.head, estimate_id, seen_edit=edit)
    edit = send_estimate(
        session,
        province.head,
        estimate_id,
        document_number="1/TH",
        document_on=DOCUMENT_ON,
        seen_edit=edit,
    )
    edit = receive_estimate(session, province.estimate_appraiser, estimate_id, seen_edit=edit)
    return_estimate(session, province.estimate_appraiser, estimate_id, reason="Tập trả lại", seen_edit=edit)
    return estimate_id


def counts(session: Session) -> dict[str, int]:
    """How many rows every table of the store has."""
    session.flush()
    stored = MetaData()
    stored.reflect(session.connection())
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in stored.sorted_tables
    }


def changed(before: dict[str, int], after: dict[str, int]) -> Iterator[str]:
    return (table for table in before if before[table] != after[table])


def test_it_takes_over_the_catalogue_and_has_time_of_its_own(session: Session, province: Province) -> None:
    practice = open_practice(session, province)
    row = get_round(session, practice)
    assert row.is_practice
    assert row.is_open
    assert row.years == get_round(session, province.round_id).years
    codes = [output.code for output in list_outputs(session, practice)]
    assert codes == [output.code for output in list_outputs(session, province.round_id)]
    assert len(list_scope_units(session, practice)) == 6
    scopes = [len(units) for units in output_units(session, practice).values()]
    assert scopes == [len(units) for units in output_units(session, province.round_id).values()]
    hours = {format_moment(deadline.due_at)[:5] for deadline in list_deadlines(session, practice)}
    assert hours == {"17:00"}, "a deadline ends with the office's day"


def test_it_is_nowhere_counted(session: Session, province: Province) -> None:
    a_saved_estimate(session, province)
    practice = open_practice(session, province)
    a_practised_estimate(session, province, practice)
    assert [row.id for row in list_rounds(session)] == [province.round_id]
    assert [row.id for row in open_practice_rounds(session)] == [practice]
    current = current_round(session)
    assert current is not None
    assert current.id == province.round_id
    assert pool_projects(session, practice) == []
    with pytest.raises(NotFound):
        board_of_round(session, province.estimate_appraiser, practice)
    with pytest.raises(NotFound):
        consolidate_round(session, province.planner, practice, grouping=Grouping.AREA)
    with pytest.raises(NotFound):
        create_scenario(session, province.planner, practice, name_vi="Thử")


def test_the_overlap_radar_does_not_look_at_it(session: Session, province: Province) -> None:
    """The same request in a true round and in practice is no request asked twice."""
    bring_to(session, province, EstimateStatus.SENT)
    before = overlap_list(session, province.estimate_appraiser, province.round_id)
    practice = open_practice(session, province)
    a_practised_estimate(session, province, practice)
    after = overlap_list(session, province.estimate_appraiser, province.round_id)
    assert (after.project_count, len(after.pairs)) == (before.project_count, len(before.pairs))
    assert not overlap_list(session, province.estimate_appraiser, practice).pairs


def test_closing_wipes_it_and_nothing_else(session: Session, province: Province) -> None:
    true_one = a_saved_estimate(session, province)
    before = counts(session)
    content = [estimate_row(session, province.preparer, true_one), estimate_history(session, true_one)]
    practice = open_practice(session, province)
    estimate_id = a_practised_estimate(session, province, practice)
    edit = revise_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    invite_partner(
        session,
        province.preparer,
        estimate_id,
        project_key="DA1",
        agency_id=province.agencies["H_KHANHVINH"],
        words="Tập phối hợp",
        seen_edit=edit,
    )
    assert set(changed(before, counts(session))) > {"estimate", "cost_line", "project_part"}
    seen = get_round(session, practice).edit_number
    close_round(session, province.estimate_appraiser, practice, reason="Xong lớp", seen_edit=seen)
    after = counts(session)
    assert set(changed(before, after)) == {"audit_entry", "budget_round"}
    assert after["budget_round"] == before["budget_round"] + 1
    assert [
        estimate_row(session, province.preparer, true_one),
        estimate_history(session, true_one),
    ] == content
    assert find_broken_entry(session) is None
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert last.action is Action.CLOSE_ROUND
    assert "xóa 1 dự toán tập huấn" in audit_sentence(last)
    assert last.details["wiped"]["cost_line"] == 6  # of two versions
    assert not list_estimates(session, province.preparer, practice)


def test_a_true_estimate_with_a_wiped_one_s_number_inherits_nothing(
    session: Session, province: Province
) -> None:
    practice = open_practice(session, province)
    wiped_id = a_practised_estimate(session, province, practice)
    seen = get_round(session, practice).edit_number
    close_round(session, province.estimate_appraiser, practice, reason="Xong lớp", seen_edit=seen)
    office = province.agencies["H_NHATRANG"]
    session.add(
        Estimate(
            id=wiped_id,
            round_id=province.round_id,
            agency_id=office,
            kind=EstimateKind.ANNUAL,
            status=EstimateStatus.DRAFT,
            version_number=1,
            edit_number=1,
            status_since=SUBMISSION_DUE_AT,
        )
    )
    session.flush()
    assert estimate_history(session, wiped_id) == []


def test_a_true_round_is_never_wiped(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    before = counts(session)
    record = session.get_one(BudgetRound, province.round_id)
    with pytest.raises(RecordDamaged):
        wipe_practice_round(session, record)
    close_round(
        session,
        province.estimate_appraiser,
        province.round_id,
        reason="Hết đợt",
        seen_edit=record.edit_number,
    )
    assert set(changed(before, counts(session))) == {"audit_entry"}
    assert estimate_row(session, province.preparer, estimate_id).asked_vnd > 0


def test_a_row_of_two_rounds_stops_everything(session: Session, province: Province) -> None:
    """A practice estimate that somebody moved under a true round's result."""
    practice = open_practice(session, province)
    estimate_id = a_practised_estimate(session, province, practice)
    estimate = session.get_one(Estimate, estimate_id)
    estimate.round_id = province.round_id
    session.flush()
    seen = get_round(session, practice).edit_number
    before = counts(session)
    with pytest.raises(RecordDamaged):
        close_round(session, province.estimate_appraiser, practice, reason="Xong", seen_edit=seen)
    assert counts(session) == before


def test_what_opening_and_closing_need(session: Session, province: Province) -> None:
    practice = open_practice(session, province)
    with pytest.raises(RuleBroken, match="đã được dùng"):
        open_practice(session, province)
    with pytest.raises(RuleBroken, match="đợt thật"):
        open_practice_round(session, province.estimate_appraiser, NewPractice("TH2", "Tập huấn", practice))
    with pytest.raises(RuleBroken, match="mã và tên"):
        open_practice_round(
            session, province.estimate_appraiser, NewPractice(" ", "Tập huấn", province.round_id)
        )
    with pytest.raises(NotAllowed):
        open_practice_round(session, province.head, NewPractice("TH2", "Tập huấn", province.round_id))
    with pytest.raises(ReasonMissing):
        close_round(session, province.estimate_appraiser, practice, reason=" ", seen_edit=1)
    with pytest.raises(StaleVersion):
        close_round(session, province.estimate_appraiser, practice, reason="Xong", seen_edit=7)
    with pytest.raises(NotAllowed):
        close_round(session, province.planner, practice, reason="Xong", seen_edit=1)
    close_round(session, province.estimate_appraiser, practice, reason="Xong", seen_edit=1)
    with pytest.raises(RuleBroken, match="từ trước"):
        close_round(session, province.estimate_appraiser, practice, reason="Xong", seen_edit=2)
    with pytest.raises(NotFound):
        close_round(session, province.estimate_appraiser, 999_999, reason="Xong", seen_edit=1)


def test_a_practice_round_s_deadline_moves_like_any(session: Session, province: Province) -> None:
    practice = open_practice(session, province)
    set_deadline(
        session,
        province.estimate_appraiser,
        practice,
        stage=RoundStage.SUBMISSION,
        due_at=SUBMISSION_DUE_AT,
        seen_edit=1,
    )
    assert get_round(session, practice).edit_number == 2
