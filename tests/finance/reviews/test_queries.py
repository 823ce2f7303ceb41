"""What the allocation may choose among, what waits for whom, and the board of the round."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function
from finance.clock import VIETNAM_TIME
from finance.errors import NotAllowed, NotFound
from finance.estimates.operations import start_estimate
from finance.estimates.procedure import return_estimate
from finance.estimates.totals import estimate_total
from finance.estimates.workflow import EstimateStatus
from finance.programme.classification import Nature
from finance.reviews.board import Sheet
from finance.reviews.operations import appraise_line, appraise_output, conclude_appraisal, pass_content
from finance.reviews.queries import board_of_round, pool_projects, review_inbox
from finance.reviews.review_file import review_file
from finance.reviews.rules import CutReason, Verdict
from finance.rounds.records import RoundDeadline
from finance.rounds.rules import RoundStage
from tests.builders import Province, a_ceiling, a_line, a_project, a_project_of_levels, a_province, later
from tests.finance.reviews.review_stages import (
    appraised,
    edit_of,
    give_content,
    in_content_appraisal,
    in_estimate_appraisal,
    judge_all,
    projects_of,
    sent,
)

APPRAISAL_DUE_AT = datetime(2012, 3, 10, 17, 0, tzinfo=VIETNAM_TIME)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def test_only_concluded_estimates_enter_the_pool(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    judge_all(session, province, estimate_id)
    assert pool_projects(session, province.round_id) == []
    conclude_appraisal(
        session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
    )
    pool = pool_projects(session, province.round_id)
    assert [one.project_key for one in pool] == ["DA1", "DA2"], "a routine task is no candidate"
    assert {one.agency_code for one in pool} == {"H_NHATRANG"}
    with pytest.raises(NotFound):
        pool_projects(session, province.round_id + 1)


def test_a_refused_project_and_one_without_pool_money_stay_out(session: Session, province: Province) -> None:
    own_money = a_project("DA4", priority=4, lines=(a_line(source_code="NS_HUYEN"),))
    appraised(
        session, province, a_project(), a_project_of_levels(), own_money, verdicts={"DA1": Verdict.REJECT}
    )
    assert [one.project_key for one in pool_projects(session, province.round_id)] == ["DA2"]


def test_the_pool_holds_appraised_money_of_pool_sources_by_source_nature_and_year(
    session: Session, province: Province
) -> None:
    mixed = a_project_of_levels(
        lines=(
            a_line(
                "Máy",
                source_code="NST_DT",
                nature=Nature.CAPITAL,
                unit_price_vnd=1_000,
                quantities=(1000,) * 3,
            ),
            a_line("Lớp 2012", unit_price_vnd=200, quantities=(0, 1000, 2000)),
            a_line("Lớp 2012 nữa", unit_price_vnd=30, quantities=(1000, 1000, 1000)),
            a_line("Lớp 2013", unit_price_vnd=4, quantities=(0, 0, 1000), year=2013),
            a_line("Huyện góp", source_code="NS_HUYEN", unit_price_vnd=50_000, quantities=(1000,) * 3),
        )
    )
    estimate_id = in_estimate_appraisal(session, province, mixed)
    line = projects_of(session, estimate_id)[0].lines[1].line
    appraise_line(
        session,
        province.estimate_appraiser,
        line.id,
        unit_price_vnd=100,
        quantities_thousandths={},
        reason=CutReason.NOT_THRIFTY,
        words="Giá cao.",
    )
    judge_all(session, province, estimate_id)
    conclude_appraisal(
        session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
    )
    (one,) = pool_projects(session, province.round_id)
    assert [(level.asked_vnd, level.appraised_vnd) for level in one.levels] == [
        (1_030, 1_030),
        (1_230, 1_130),
        (1_434, 1_234),
    ]
    assert [(part.source_code, part.nature, part.year, part.amount_vnd) for part in one.levels[2].money] == [
        ("NST_DT", Nature.CAPITAL, 2012, 1_000),
        ("NST_TX", Nature.RECURRENT, 2012, 230),
        ("NST_TX", Nature.RECURRENT, 2013, 4),
    ]
    assert one.requested_level_id == one.levels[2].id
    assert one.pool_opinion is not None


def test_the_pool_holds_accepted_promises_without_refused_units(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    two = projects_of(session, estimate_id)[1]
    first, second = two.promises[-2], two.promises[-1]
    for promise, accepted in ((first, True), (second, False)):
        appraise_output(
            session,
            province.estimate_appraiser,
            promise.promise.id,
            is_accepted=accepted,
            quantity_thousandths=0,
            refused_unit_ids=promise.promise.unit_ids[:1],
            words="Chưa có trụ sở.",
        )
    judge_all(session, province, estimate_id)
    conclude_appraisal(
        session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
    )
    full = pool_projects(session, province.round_id)[1].levels[2]
    assert [promise.promise_id for promise in full.promises] == [first.promise.id]
    assert full.promises[0].unit_codes == first.promise.unit_codes[1:]
    assert len(full.promises[0].unit_ids) == len(full.promises[0].unit_codes)


def test_a_project_whose_promises_cannot_score_is_not_measured(session: Session, province: Province) -> None:
    outcome = a_project("DA5", priority=5, promises=())
    appraised(session, province, a_project(), outcome)
    assert [one.is_measured for one in pool_projects(session, province.round_id)] == [True, False]


def waiting(session: Session, actor: Actor, province: Province) -> list[tuple[Action, Sheet]]:
    return [(row.action, row.sheet) for row in review_inbox(session, actor, province.round_id)]


def test_the_inbox_follows_the_procedure(session: Session, province: Province) -> None:
    estimate_id = sent(session, province)
    finance, content, planner = province.estimate_appraiser, province.content_appraiser, province.planner
    assert waiting(session, finance, province) == [(Action.RECEIVE_ESTIMATE, Sheet.OVERVIEW)]
    assert waiting(session, content, province) == []
    assert waiting(session, province.inspector, province) == []
    assert waiting(session, province.preparer, province) == []
    return_estimate(session, finance, estimate_id, reason="Thiếu.", seen_edit=edit_of(session, estimate_id))
    assert waiting(session, finance, province) == []
    assert waiting(session, planner, province) == []


def test_the_inbox_counts_what_is_left(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    (row,) = review_inbox(session, province.content_appraiser, province.round_id)
    assert (row.action, row.detail_vi) == (
        Action.GIVE_CONTENT_OPINION,
        "Còn 3 dự án chưa có ý kiến nội dung.",
    )
    assert row.estimate_id == estimate_id


def test_the_inbox_of_finance_and_of_the_planner_during_the_appraisal(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    assert waiting(session, province.estimate_appraiser, province) == [
        (Action.APPRAISE_LINE, Sheet.LINES),
        (Action.APPRAISE_OUTPUT, Sheet.OUTPUTS),
    ]
    assert waiting(session, province.planner, province) == [(Action.GIVE_POOL_OPINION, Sheet.POOL)]
    judge_all(session, province, estimate_id)
    assert waiting(session, province.planner, province) == []
    assert waiting(session, province.estimate_appraiser, province) == [
        (Action.CONCLUDE_APPRAISAL, Sheet.OVERVIEW)
    ]


def test_the_inbox_carries_the_deadline_of_the_stage(session: Session, province: Province) -> None:
    session.execute(
        insert(RoundDeadline).values(
            round_id=province.round_id, stage=RoundStage.ESTIMATE_APPRAISAL, due_at=APPRAISAL_DUE_AT
        )
    )
    in_estimate_appraisal(session, province)
    rows = review_inbox(session, province.estimate_appraiser, province.round_id)
    assert {row.due_at for row in rows} == {APPRAISAL_DUE_AT}


def test_the_board_shows_every_office_and_hides_the_figures_of_drafts(
    session: Session, province: Province
) -> None:
    nha_trang, khanh_vinh = province.agencies["H_NHATRANG"], province.agencies["H_KHANHVINH"]
    a_ceiling(session, province.round_id, nha_trang, "NST_TX", 6_000_000)
    a_ceiling(session, province.round_id, province.agencies["SNV"], "NST_TX", 1)
    estimate_id = sent(session, province)
    start_estimate(session, province.other_preparer, round_id=province.round_id, agency_id=khanh_vinh)
    on_the_20th = later(province.estimate_appraiser, date(2012, 2, 20))
    rows = {row.agency_id: row for row in board_of_round(session, on_the_20th, province.round_id)}
    assert list(rows) == [province.agencies["SNV"], khanh_vinh, nha_trang]
    mine = rows[nha_trang]
    assert (mine.status, mine.days_held, mine.held_by) == (EstimateStatus.SENT, 5, ("Sở Tài chính",))
    assert mine.figures is not None
    assert mine.figures.asked_vnd == estimate_total(one.project for one in projects_of(session, estimate_id))
    assert (mine.ceiling_vnd, mine.asked_in_ceiling_vnd) == (6_000_000, 5_000_000)
    draft = rows[khanh_vinh]
    assert (draft.status, draft.figures, draft.is_open_to_reviewers) == (EstimateStatus.DRAFT, None, False)
    assert draft.held_by == ("UBND huyện Khánh Vĩnh",)
    silent = rows[province.agencies["SNV"]]
    assert (silent.status, silent.estimate_id, silent.days_held) == (None, None, None)


def test_the_board_counts_an_opinion_as_missing_only_once_it_may_be_given(
    session: Session, province: Province
) -> None:
    estimate_id = in_content_appraisal(session, province)
    (row,) = board_of_round(session, province.planner, province.round_id)
    assert row.opinions_left == 3, "the content of three projects; the pool is not asked yet"
    give_content(session, province, estimate_id)
    pass_content(session, province.content_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    (row,) = board_of_round(session, province.planner, province.round_id)
    assert row.opinions_left == 2


def test_the_board_tells_the_late(session: Session, province: Province) -> None:
    a_ceiling(session, province.round_id, province.agencies["SNV"], "NST_TX", 1)
    after_the_deadline = later(province.estimate_appraiser, date(2012, 3, 1))
    (row,) = board_of_round(session, after_the_deadline, province.round_id)
    assert row.is_late
    (before,) = board_of_round(session, province.estimate_appraiser, province.round_id)
    assert not before.is_late


@pytest.mark.parametrize("who", ["preparer", "administrator"])
def test_the_board_is_for_reviewers(session: Session, province: Province, who: str) -> None:
    with pytest.raises(NotAllowed):
        board_of_round(session, getattr(province, who), province.round_id)


def test_the_review_file_offers_each_person_his_own_acts(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    file = review_file(session, province.content_appraiser, estimate_id)
    assert [step.action for step in file.steps] == [Action.RETURN_ESTIMATE, Action.PASS_CONTENT]
    assert file.open_opinions == {Function.CONTENT_APPRAISAL}
    assert [finding.code for finding in file.findings] == ["CONTENT_OPINION_MISSING"] * 3
    for actor in (province.estimate_appraiser, province.planner, province.inspector, province.approver):
        other = review_file(session, actor, estimate_id)
        assert (other.steps, other.open_opinions, other.may_appraise) == ((), frozenset(), False)


def test_the_review_file_of_finance_during_the_appraisal(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    file = review_file(session, province.estimate_appraiser, estimate_id)
    assert file.may_appraise
    assert [step.action for step in file.steps] == [Action.RETURN_ESTIMATE, Action.CONCLUDE_APPRAISAL]


def test_a_draft_has_no_review_file(session: Session, province: Province) -> None:
    agency_id = province.agencies["H_NHATRANG"]
    estimate_id = start_estimate(session, province.preparer, round_id=province.round_id, agency_id=agency_id)
    for actor in (province.estimate_appraiser, province.preparer):
        with pytest.raises(NotFound):
            review_file(session, actor, estimate_id)


def test_an_office_does_not_open_the_review_of_its_own_estimate(session: Session, province: Province) -> None:
    estimate_id = sent(session, province)
    with pytest.raises(NotAllowed):
        review_file(session, province.preparer, estimate_id)
    with pytest.raises(NotFound):
        review_file(session, province.other_preparer, estimate_id)
