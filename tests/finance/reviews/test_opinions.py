"""Opinions of the offices, and the content gate."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function, Seat
from finance.audit import AuditEntry, find_broken_entry
from finance.errors import (
    NotAllowed,
    NotFound,
    NotInThisStatus,
    NotReady,
    ReasonMissing,
    RuleBroken,
    StaleVersion,
)
from finance.estimates.procedure import return_estimate, revise_estimate
from finance.estimates.records import Estimate
from finance.estimates.workflow import EstimateStatus
from finance.reviews.operations import give_opinion, pass_content
from finance.reviews.records import Opinion
from finance.reviews.rules import Verdict
from tests.builders import Province, a_project, a_province
from tests.finance.reviews.review_stages import (
    appraised,
    edit_of,
    give_content,
    in_content_appraisal,
    in_estimate_appraisal,
    projects_of,
    sent,
)

CONTENT, IT, POOL = Function.CONTENT_APPRAISAL, Function.IT_OPINION, Function.ALLOCATION_CONSOLIDATION


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def say(
    session: Session,
    actor: Actor,
    estimate_id: int,
    *,
    key: str = "DA1",
    function: Function = CONTENT,
    verdict: Verdict = Verdict.AGREE,
    words: str = "",
    seen_edit: int | None = None,
) -> int:
    one = next(one for one in projects_of(session, estimate_id) if one.project.project_key == key)
    seen = edit_of(session, estimate_id) if seen_edit is None else seen_edit
    return give_opinion(
        session, actor, one.project.id, function=function, verdict=verdict, words=words, seen_edit=seen
    )


def test_an_opinion_stands_beside_the_project_and_in_the_audit(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    before = edit_of(session, estimate_id)
    after = say(
        session,
        province.content_appraiser,
        estimate_id,
        verdict=Verdict.AGREE_WITH_CHANGE,
        words="  Bổ sung danh sách lớp.\u0007 ",
    )
    assert after == edit_of(session, estimate_id) == before + 1
    one = projects_of(session, estimate_id)[0]
    opinion = one.opinion_of(CONTENT)
    assert opinion is not None
    assert (opinion.verdict, opinion.words) == (Verdict.AGREE_WITH_CHANGE, "Bổ sung danh sách lớp.")
    assert opinion.person_name == province.content_appraiser.full_name
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.action is Action.GIVE_CONTENT_OPINION
    assert "Bồi dưỡng công chức một cửa" in entry.subject_label
    assert entry.reason == "Bổ sung danh sách lớp."
    assert find_broken_entry(session) is None


def test_speaking_again_replaces_and_the_audit_keeps_both(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    say(session, province.content_appraiser, estimate_id, verdict=Verdict.REJECT, words="Trùng.")
    say(session, province.content_appraiser, estimate_id)
    assert len(session.scalars(select(Opinion)).all()) == 1
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.from_state, last.to_state) == (Verdict.REJECT.label_vi, Verdict.AGREE.label_vi)


@pytest.mark.parametrize("verdict", [Verdict.REJECT, Verdict.AGREE_WITH_CHANGE])
def test_a_verdict_other_than_agreement_needs_words(
    session: Session, province: Province, verdict: Verdict
) -> None:
    estimate_id = in_content_appraisal(session, province)
    with pytest.raises(ReasonMissing):
        say(session, province.content_appraiser, estimate_id, verdict=verdict, words=" \n\u200b\u202e ")
    assert projects_of(session, estimate_id)[0].opinions == ()


@pytest.mark.parametrize("who", ["estimate_appraiser", "planner", "it_adviser", "approver", "inspector"])
def test_nobody_else_speaks_for_the_content(session: Session, province: Province, who: str) -> None:
    estimate_id = in_content_appraisal(session, province)
    with pytest.raises(NotAllowed):
        say(session, getattr(province, who), estimate_id)


def test_the_administrator_does_not_even_know_of_the_file(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    with pytest.raises(NotFound):
        say(session, province.administrator, estimate_id)


def test_whoever_prepared_the_estimate_appraises_no_part_of_it(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    seat = Seat(CONTENT, Capacity.OFFICER, province.agencies["SNV"])
    moved = replace(province.preparer, seats=(seat,))
    with pytest.raises(NotAllowed, match="tham gia lập"):
        say(session, moved, estimate_id)


def test_an_unknown_project_is_not_found(session: Session, province: Province) -> None:
    with pytest.raises(NotFound):
        give_opinion(
            session,
            province.content_appraiser,
            999,
            function=CONTENT,
            verdict=Verdict.AGREE,
            words="",
            seen_edit=1,
        )


def test_a_function_without_opinions_is_refused(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    with pytest.raises(RuleBroken, match="không cho ý kiến"):
        say(session, province.preparer, estimate_id, function=Function.PREPARE)


def test_content_is_judged_while_the_file_is_in_content_appraisal_only(
    session: Session, province: Province
) -> None:
    estimate_id = sent(session, province)
    with pytest.raises(NotInThisStatus):
        say(session, province.content_appraiser, estimate_id)


def test_content_is_closed_after_the_gate(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    with pytest.raises(NotInThisStatus):
        say(session, province.content_appraiser, estimate_id)


def test_the_pool_opinion_is_given_from_the_appraisal_on(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    with pytest.raises(NotInThisStatus):
        say(session, province.planner, estimate_id, function=POOL)
    give_content(session, province, estimate_id)
    pass_content(session, province.content_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    say(session, province.planner, estimate_id, function=POOL)
    assert projects_of(session, estimate_id)[0].pool_verdict is Verdict.AGREE


def test_the_pool_opinion_may_still_change_once_appraised(session: Session, province: Province) -> None:
    estimate_id = appraised(session, province)
    say(
        session, province.planner, estimate_id, function=POOL, verdict=Verdict.REJECT, words="Chưa cấp thiết."
    )
    assert projects_of(session, estimate_id)[0].pool_verdict is Verdict.REJECT


def test_no_opinion_is_taken_that_nobody_asked_for(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    with pytest.raises(RuleBroken, match="không thuộc diện"):
        say(session, province.planner, estimate_id, key="NV3", function=POOL)
    with pytest.raises(RuleBroken, match="không thuộc diện"):
        say(session, province.it_adviser, estimate_id, function=IT)


def test_a_project_of_information_technology_gets_its_opinion(session: Session, province: Province) -> None:
    digital = a_project(task_code="6b", target_codes=("II.1.h.1",))
    estimate_id = in_content_appraisal(session, province, digital)
    say(session, province.it_adviser, estimate_id, function=IT, verdict=Verdict.REJECT, words="Sai chuẩn.")
    one = projects_of(session, estimate_id)[0]
    assert one.it_verdict is Verdict.REJECT
    assert IT in one.opinions_due
    assert not one.is_rejected, "only the content appraisal refuses a project"


def test_another_projects_opinion_does_not_make_a_page_stale(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    seen = edit_of(session, estimate_id)
    say(session, province.content_appraiser, estimate_id, key="DA2", seen_edit=seen)
    say(session, province.content_appraiser, estimate_id, key="DA1", seen_edit=seen)
    assert [one.content_verdict for one in projects_of(session, estimate_id)] == [
        Verdict.AGREE,
        Verdict.AGREE,
        None,
    ]


def test_the_same_projects_opinion_does_and_says_who_spoke(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    seen = edit_of(session, estimate_id)
    say(session, province.content_appraiser, estimate_id, seen_edit=seen)
    with pytest.raises(StaleVersion) as refusal:
        say(
            session,
            province.content_appraiser,
            estimate_id,
            verdict=Verdict.REJECT,
            words="Không.",
            seen_edit=seen,
        )
    assert "Lê Minh Đức cho ý kiến nội dung" in refusal.value.differences[0]
    assert projects_of(session, estimate_id)[0].content_verdict is Verdict.AGREE


def test_a_page_from_the_future_is_refused(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    with pytest.raises(StaleVersion):
        say(session, province.content_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id) + 1)


def test_a_project_of_an_earlier_version_is_stale(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    old = projects_of(session, estimate_id)[0].project.id
    return_estimate(
        session,
        province.content_appraiser,
        estimate_id,
        reason="Thiếu phụ lục.",
        seen_edit=edit_of(session, estimate_id),
    )
    revise_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))
    session.get_one(Estimate, estimate_id).status = EstimateStatus.CONTENT_APPRAISAL
    with pytest.raises(StaleVersion, match="seen 1, current 2"):
        give_opinion(
            session,
            province.content_appraiser,
            old,
            function=CONTENT,
            verdict=Verdict.AGREE,
            words="",
            seen_edit=edit_of(session, estimate_id),
        )


def test_the_content_gate_names_every_project_without_an_opinion(
    session: Session, province: Province
) -> None:
    estimate_id = in_content_appraisal(session, province)
    say(session, province.content_appraiser, estimate_id, key="DA2")
    with pytest.raises(NotReady) as refusal:
        pass_content(
            session, province.content_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
        )
    missing = projects_of(session, estimate_id)
    assert [finding.code for finding in refusal.value.findings] == ["CONTENT_OPINION_MISSING"] * 2
    assert [finding.location.field for finding in refusal.value.findings] == [
        f"project-{missing[0].project.id}",
        f"project-{missing[2].project.id}",
    ]
    assert session.get_one(Estimate, estimate_id).status is EstimateStatus.CONTENT_APPRAISAL


def test_the_content_gate_opens_when_every_project_has_its_opinion(
    session: Session, province: Province
) -> None:
    estimate_id = in_content_appraisal(session, province)
    give_content(session, province, estimate_id, {"NV3": Verdict.REJECT})
    pass_content(session, province.content_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    assert session.get_one(Estimate, estimate_id).status is EstimateStatus.ESTIMATE_APPRAISAL


def test_the_gate_is_not_opened_on_an_old_page(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    seen = edit_of(session, estimate_id)
    give_content(session, province, estimate_id)
    with pytest.raises(StaleVersion) as refusal:
        pass_content(session, province.content_appraiser, estimate_id, seen_edit=seen)
    assert len(refusal.value.differences) == 3


def test_the_gate_is_opened_by_the_content_appraiser_alone(session: Session, province: Province) -> None:
    estimate_id = in_content_appraisal(session, province)
    give_content(session, province, estimate_id)
    with pytest.raises(NotAllowed):
        pass_content(
            session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
        )


def test_the_gate_is_passed_once(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    with pytest.raises(NotInThisStatus):
        pass_content(
            session, province.content_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
        )
