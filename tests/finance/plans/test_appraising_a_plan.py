"""Guidance and requests stand at the activities, are answered before the plan comes again, or taken back."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from finance.actors import Actor, Capacity, Function
from finance.errors import NotAllowed, NotFound, NotInThisStatus, NotReady, ReasonMissing, RuleBroken
from finance.plans.comments import answer_plan_comment, give_plan_comment, withdraw_plan_comment
from finance.plans.operations import save_activity
from finance.plans.plan_lookup import get_seen_plan
from finance.plans.procedure import agree_plan, request_plan_changes, revise_plan, send_plan
from finance.plans.queries import plan_board, plan_comments
from finance.plans.records import PlanVersion
from finance.plans.rows import CommentRow
from finance.plans.workflow import CommentKind, PlanStatus
from tests.builders import Province, an_actor
from tests.plan_journeys import YEAR, a_saved_plan, an_activity, bring_plan_to, plan_edit_of


def comment(
    session: Session,
    actor: Actor,
    plan_id: int,
    kind: CommentKind,
    words: str = "Ghi rõ số lớp.",
    key: str = "HD01",
) -> CommentRow:
    edit = plan_edit_of(session, plan_id)
    give_plan_comment(session, actor, plan_id, activity_key=key, kind=kind, words=words, seen_edit=edit)
    return plan_comments(session, get_seen_plan(session, actor, plan_id))[-1]


def test_a_request_comes_back_answered(session: Session, province: Province) -> None:
    plan_id = bring_plan_to(session, province, PlanStatus.SENT)
    appraiser, officer = province.content_appraiser, province.preparer
    with pytest.raises(RuleBroken, match="yêu cầu sửa"):
        request_plan_changes(session, appraiser, plan_id, reason="", seen_edit=plan_edit_of(session, plan_id))
    comment(session, appraiser, plan_id, CommentKind.GUIDANCE, "Nên làm sớm hơn.")
    asked = comment(session, appraiser, plan_id, CommentKind.REQUEST)
    with pytest.raises(RuleBroken, match="Còn 1 yêu cầu"):
        agree_plan(session, appraiser, plan_id, seen_edit=plan_edit_of(session, plan_id))
    request_plan_changes(session, appraiser, plan_id, reason="", seen_edit=plan_edit_of(session, plan_id))
    revise_plan(session, officer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    changed = an_activity("Mở hai lớp bồi dưỡng", activity_key="HD01")
    save_activity(session, officer, plan_id, activity=changed, seen_edit=plan_edit_of(session, plan_id))
    with pytest.raises(NotReady) as refusal:
        send_plan(session, officer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    assert [one.code for one in refusal.value.findings] == ["REQUEST_UNANSWERED"]
    edit = plan_edit_of(session, plan_id)
    answer_plan_comment(
        session, officer, plan_id, comment_id=asked.id, answer="Đã ghi hai lớp.", seen_edit=edit
    )
    send_plan(session, officer, plan_id, seen_edit=plan_edit_of(session, plan_id))
    said = plan_comments(session, get_seen_plan(session, appraiser, plan_id))
    assert [(one.kind, one.answer) for one in said][1] == (CommentKind.REQUEST, "Đã ghi hai lớp.")
    # A request of the version before does not stand in the way of agreeing to this one.
    agree_plan(session, appraiser, plan_id, seen_edit=plan_edit_of(session, plan_id))


def test_what_was_said_can_be_taken_back_while_the_plan_is_on_the_desk(
    session: Session, province: Province
) -> None:
    plan_id = bring_plan_to(session, province, PlanStatus.SENT)
    appraiser = province.content_appraiser
    said = comment(session, appraiser, plan_id, CommentKind.REQUEST)
    edit = plan_edit_of(session, plan_id)
    withdraw_plan_comment(session, appraiser, plan_id, comment_id=said.id, seen_edit=edit)
    assert plan_comments(session, get_seen_plan(session, appraiser, plan_id)) == []
    with pytest.raises(RuleBroken):
        withdraw_plan_comment(session, appraiser, plan_id, comment_id=said.id, seen_edit=edit + 1)
    agree_plan(session, appraiser, plan_id, seen_edit=edit + 1)
    with pytest.raises(NotInThisStatus):
        comment(session, appraiser, plan_id, CommentKind.GUIDANCE)


def test_comments_need_words_an_activity_and_the_appraiser_s_seat(
    session: Session, province: Province
) -> None:
    plan_id = bring_plan_to(session, province, PlanStatus.SENT)
    with pytest.raises(ReasonMissing):
        comment(session, province.content_appraiser, plan_id, CommentKind.GUIDANCE, " ")
    with pytest.raises(NotFound):
        comment(session, province.content_appraiser, plan_id, CommentKind.GUIDANCE, key="HD77")
    for stranger in (province.preparer, province.estimate_appraiser, province.approver):
        with pytest.raises(NotAllowed):
            comment(session, stranger, plan_id, CommentKind.GUIDANCE)
    other_id = a_saved_plan(session, province.other_preparer, province.agencies["H_KHANHVINH"])
    said = comment(session, province.content_appraiser, plan_id, CommentKind.GUIDANCE)
    with pytest.raises(NotFound):  # a comment is found only under its own plan
        answer_plan_comment(
            session,
            province.other_preparer,
            other_id,
            comment_id=said.id,
            answer="?",
            seen_edit=plan_edit_of(session, other_id),
        )


def test_nobody_appraises_the_plan_he_prepared(session: Session, province: Province) -> None:
    office = province.agencies["SNV"]
    both = an_actor(
        session,
        "Trần Hai Ghế",
        (Function.PREPARE, Capacity.OFFICER, office),
        (Function.CONTENT_APPRAISAL, Capacity.OFFICER, office),
    )
    plan_id = a_saved_plan(session, both, office)
    send_plan(session, both, plan_id, seen_edit=plan_edit_of(session, plan_id))
    with pytest.raises(NotAllowed, match="tham gia lập"):
        agree_plan(session, both, plan_id, seen_edit=plan_edit_of(session, plan_id))
    with pytest.raises(NotAllowed):
        comment(session, both, plan_id, CommentKind.GUIDANCE)
    agree_plan(session, province.content_appraiser, plan_id, seen_edit=plan_edit_of(session, plan_id))


def test_the_board_tells_of_every_office_without_opening_drafts(session: Session, province: Province) -> None:
    bring_plan_to(session, province, PlanStatus.SENT)
    a_saved_plan(session, province.other_preparer, province.agencies["H_KHANHVINH"])
    board = {row.agency_short: row for row in plan_board(session, province.content_appraiser, YEAR)}
    assert board["UBND thành phố Nha Trang"].status_code == "SENT"
    assert board["UBND thành phố Nha Trang"].plan is not None
    drafted = board["UBND huyện Khánh Vĩnh"]
    assert (drafted.status_vi, drafted.plan) == ("đang soạn", None)
    assert {row.status_vi for row in plan_board(session, province.content_appraiser, YEAR + 1)} == {
        "chưa lập"
    }


def test_where_a_plan_was_sent_is_printed_from_functions(session: Session, province: Province) -> None:
    plan_id = bring_plan_to(session, province, PlanStatus.SENT)
    version = session.query(PlanVersion).filter_by(plan_id=plan_id).one()
    assert (version.sent_to, version.sent_by) == ("Sở Nội vụ", province.preparer.full_name)
