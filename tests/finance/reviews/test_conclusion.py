"""Judging promised results, and concluding the appraisal."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actors import Function
from finance.audit import AuditEntry
from finance.errors import (
    NotAllowed,
    NotReady,
    ReasonMissing,
    StaleVersion,
)
from finance.estimates.records import Estimate
from finance.estimates.workflow import EstimateStatus
from finance.reviews.figures import figures_of
from finance.reviews.operations import (
    accept_rest,
    accept_rest_outputs,
    appraise_output,
    appraise_output_as_seen,
    conclude_appraisal,
    give_opinion,
)
from finance.reviews.records import OutputAppraisal, RefusedUnit
from finance.reviews.rules import PromiseFigures, Verdict
from tests.builders import Province, a_project, a_province
from tests.finance.reviews.review_stages import (
    cut_computers,
    edit_of,
    in_estimate_appraisal,
    judge_all,
    projects_of,
    promise_of,
)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def test_less_of_a_promise_needs_words(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    promise = promise_of(session, estimate_id, "DA1").promise
    with pytest.raises(ReasonMissing):
        appraise_output(
            session,
            province.estimate_appraiser,
            promise.id,
            is_accepted=True,
            quantity_thousandths=promise.quantity_thousandths - 1,
            refused_unit_ids=(),
            words="",
        )
    with pytest.raises(ReasonMissing):
        appraise_output(
            session,
            province.estimate_appraiser,
            promise.id,
            is_accepted=False,
            quantity_thousandths=0,
            refused_unit_ids=(),
            words="",
        )


def test_a_promise_is_accepted_in_part(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    promise = promise_of(session, estimate_id, "DA1").promise
    appraise_output(
        session,
        province.estimate_appraiser,
        promise.id,
        is_accepted=True,
        quantity_thousandths=80_000,
        refused_unit_ids=(),
        words="Chỉ đủ kinh phí cho 80 người.",
    )
    judged = promise_of(session, estimate_id, "DA1")
    assert (judged.is_accepted, judged.quantity_thousandths) == (True, 80_000)


def test_more_than_was_promised_is_refused(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    promise = promise_of(session, estimate_id, "DA1").promise
    with pytest.raises(NotReady):
        appraise_output(
            session,
            province.estimate_appraiser,
            promise.id,
            is_accepted=True,
            quantity_thousandths=promise.quantity_thousandths + 1,
            refused_unit_ids=(),
            words="",
        )


def test_units_of_a_coverage_are_refused_one_by_one(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    judged = promise_of(session, estimate_id, "DA2", -1)
    refused = judged.promise.unit_ids[:2]
    for units in (refused, refused[:1]):
        appraise_output(
            session,
            province.estimate_appraiser,
            judged.promise.id,
            is_accepted=True,
            quantity_thousandths=0,
            refused_unit_ids=units,
            words="Xã chưa có trụ sở.",
        )
    again = promise_of(session, estimate_id, "DA2", -1)
    assert again.refused_unit_ids == {refused[0]}
    assert again.accepted_unit_ids == judged.promise.unit_ids[1:]
    assert session.scalar(select(func.count()).select_from(RefusedUnit)) == 1
    assert session.scalar(select(func.count()).select_from(OutputAppraisal)) == 1


def test_a_stale_promise_is_refused_with_what_was_done(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    seen = edit_of(session, estimate_id)
    promise = promise_of(session, estimate_id, "DA1").promise
    everything = PromiseFigures(is_accepted=True, quantity_thousandths=promise.quantity_thousandths)
    appraiser = province.estimate_appraiser
    appraise_output_as_seen(session, appraiser, promise.id, figures=everything, seen_edit=seen)
    with pytest.raises(StaleVersion) as refusal:
        appraise_output_as_seen(session, appraiser, promise.id, figures=everything, seen_edit=seen)
    assert "chấp nhận 100" in refusal.value.differences[0]


def test_the_conclusion_names_everything_that_is_missing(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province, verdicts={"NV3": Verdict.REJECT})
    cut_computers(session, province, estimate_id)
    with pytest.raises(NotReady) as refusal:
        conclude_appraisal(
            session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
        )
    one, two, _refused = projects_of(session, estimate_id)
    expected = [
        f"line-{one.lines[0].line.id}",
        f"promise-{one.promises[0].promise.id}",
        f"project-{one.project.id}",
    ]
    expected += [f"line-{two.lines[1].line.id}"]
    expected += [f"promise-{promise.promise.id}" for promise in two.promises] + [f"project-{two.project.id}"]
    assert [finding.location.field for finding in refusal.value.findings] == expected
    assert session.get_one(Estimate, estimate_id).status is EstimateStatus.ESTIMATE_APPRAISAL


def test_the_conclusion_waits_for_the_opinion_on_the_pool(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    appraiser = province.estimate_appraiser
    accept_rest(session, appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    accept_rest_outputs(session, appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    with pytest.raises(NotReady) as refusal:
        conclude_appraisal(session, appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    assert [finding.code for finding in refusal.value.findings] == ["POOL_OPINION_MISSING"] * 2


def test_a_silent_it_office_needs_a_reason_not_an_answer(session: Session, province: Province) -> None:
    digital = a_project(task_code="6b", target_codes=("II.1.h.1",))
    estimate_id = in_estimate_appraisal(session, province, digital)
    judge_all(session, province, estimate_id)
    appraiser = province.estimate_appraiser
    with pytest.raises(ReasonMissing):
        conclude_appraisal(session, appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    conclude_appraisal(
        session,
        appraiser,
        estimate_id,
        seen_edit=edit_of(session, estimate_id),
        reason="Đã quá hạn lấy ý kiến 10 ngày.",
    )
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.reason == "Đã quá hạn lấy ý kiến 10 ngày."


def test_an_it_opinion_given_needs_no_reason(session: Session, province: Province) -> None:
    digital = a_project(task_code="6b", target_codes=("II.1.h.1",))
    estimate_id = in_estimate_appraisal(session, province, digital)
    judge_all(session, province, estimate_id)
    give_opinion(
        session,
        province.it_adviser,
        projects_of(session, estimate_id)[0].project.id,
        function=Function.IT_OPINION,
        verdict=Verdict.AGREE,
        words="",
        seen_edit=edit_of(session, estimate_id),
    )
    conclude_appraisal(
        session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id)
    )
    assert session.get_one(Estimate, estimate_id).status is EstimateStatus.APPRAISED


def test_the_conclusion_is_finances_and_not_on_an_old_page(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province)
    seen = edit_of(session, estimate_id)
    judge_all(session, province, estimate_id)
    with pytest.raises(NotAllowed):
        conclude_appraisal(session, province.planner, estimate_id, seen_edit=edit_of(session, estimate_id))
    with pytest.raises(StaleVersion):
        conclude_appraisal(session, province.estimate_appraiser, estimate_id, seen_edit=seen)


def test_the_parts_of_every_total_add_up(session: Session, province: Province) -> None:
    estimate_id = in_estimate_appraisal(session, province, verdicts={"NV3": Verdict.REJECT})
    before = figures_of(projects_of(session, estimate_id))
    assert before.appraised_vnd is None, "what nobody has judged is unknown, not nought"
    cut_computers(session, province, estimate_id)
    accept_rest(session, province.estimate_appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    projects = projects_of(session, estimate_id)
    figures = figures_of(projects)
    assert figures.asked_vnd == sum(one.requested_level.asked_vnd for one in projects)
    assert figures.appraised_vnd == sum(one.requested_level.appraised_vnd or 0 for one in projects)
    assert figures.appraised_vnd == figures.asked_vnd + figures.difference_so_far_vnd
    for one in projects[:2]:
        for place, level in enumerate(one.levels):
            assert level.appraised_vnd == sum(line.quantities[place].appraised_vnd or 0 for line in one.lines)
