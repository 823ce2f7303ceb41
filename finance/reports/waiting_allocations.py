"""What waits around the money: setting up the round, scenarios, the decision, answers to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from finance.actions import Action
from finance.actors import Function
from finance.allocations.queries import find_decision
from finance.allocations.records import AllocationDecision
from finance.allocations.rules import DecisionStatus
from finance.audit import AuditEntry
from finance.estimates.workflow import EstimateStatus
from finance.permissions import may
from finance.reports.desk import Desk
from finance.reports.work_items import Place, WorkItem, work_item
from finance.rounds.queries import list_ceilings, list_deadlines, list_envelopes, list_outputs
from finance.rounds.rules import RoundStage
from finance.scenarios.records import Scenario, ScenarioRun


def round_setup(desk: Desk) -> Iterator[WorkItem]:
    """What a freshly opened round still lacks, for those who can give it."""
    lacking = (
        (Action.SET_DEADLINE, "Đặt hạn", "chưa có thời hạn nào", list_deadlines, "rounds.deadline_page"),
        (Action.RECORD_BASELINE, "Ghi", "chưa có kết quả và hiện trạng", list_outputs, "rounds.results_page"),
        (Action.ISSUE_CEILING, "Thông báo", "chưa có số kiểm tra nào", list_ceilings, "rounds.ceiling_page"),
        (Action.SET_ENVELOPE, "Ghi", "chưa có khả năng cân đối", list_envelopes, "rounds.envelope_page"),
    )  # fmt: skip
    for action, verb, what, rows_of, endpoint in lacking:
        if may(desk.actor, action) and not rows_of(desk.session, desk.round.id):
            yield work_item(
                verb,
                desk.round.name_vi,
                f"Đợt đang mở · {what}",
                due_at=None,
                today=desk.today,
                place=Place(endpoint, desk.where),
            )


def scenario_steps(desk: Desk) -> Iterator[WorkItem]:
    """For the planner, once estimates are appraised and nothing is adopted: make, run or choose."""
    if not may(desk.actor, Action.CREATE_SCENARIO) or _decision_of(desk) is not None:
        return
    done = sum(file.status is EstimateStatus.APPRAISED for file in desk.files)
    if not done:
        return
    verb, said, place = _next_of_scenarios(desk)
    yield work_item(
        verb,
        f"Phương án phân bổ, {desk.round.name_vi}",
        f"{done}/{len(desk.files)} dự toán đã gửi được thẩm định xong · {said}",
        due_at=desk.deadlines.get(RoundStage.CONSOLIDATION),
        today=desk.today,
        place=place,
    )


def decision_steps(desk: Desk) -> Iterator[WorkItem]:
    """The decision to complete and submit, or to approve."""
    decision = _decision_of(desk)
    if decision is None:
        return
    submit, approve = Action.SUBMIT_ALLOCATION, Action.APPROVE_ALLOCATION
    steps = {
        DecisionStatus.DRAFT: (submit, "Trình", RoundStage.CONSOLIDATION, "decision_page"),
        DecisionStatus.SUBMITTED: (approve, "Phê duyệt", RoundStage.APPROVAL, "approval_page"),
    }
    if decision.status not in steps:
        return
    action, verb, stage, page = steps[decision.status]
    if may(desk.actor, action):
        returned = f": bị trả lại, {decision.return_reason}" if decision.return_reason else ""
        yield work_item(
            verb,
            f"Quyết định phân bổ, {desk.round.name_vi}",
            f"{decision.status.label_vi}{returned}",
            due_at=desk.deadlines.get(stage),
            today=desk.today,
            place=Place(f"allocations.{page}", {"decision_id": decision.id}),
        )


def answers_to_read(desk: Desk) -> Iterator[WorkItem]:
    """For each own office with an appraised estimate: the approved answer to it."""
    decision = _decision_of(desk)
    if decision is None or decision.status is not DecisionStatus.APPROVED:
        return
    own = desk.actor.agencies_of({Function.PREPARE})
    for file in desk.files:
        if file.agency_id in own and file.status is EstimateStatus.APPRAISED:
            yield work_item(
                "Xem trả lời",
                f"Kết quả phân bổ, {file.agency_short}",
                f"{desk.round.name_vi} · Quyết định số {decision.number}",
                due_at=None,
                today=desk.today,
                place=Place("allocations.answer_page", {**desk.where, "agency_id": file.agency_id}),
            )


def submitted_decision(desk: Desk) -> Iterator[tuple[int, str, datetime]]:
    """For the planner: a decision that lies with the approving authority (id, name, since when)."""
    decision = _decision_of(desk)
    is_with_authority = decision is not None and decision.status is DecisionStatus.SUBMITTED
    if decision is None or not is_with_authority or not may(desk.actor, Action.SUBMIT_ALLOCATION):
        return
    submitted_at = desk.session.scalar(
        select(AuditEntry.business_at)
        .where(AuditEntry.action == Action.SUBMIT_ALLOCATION, AuditEntry.subject_id == decision.id)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    if submitted_at is not None:
        yield decision.id, f"Quyết định phân bổ, {desk.round.name_vi}", submitted_at


def _next_of_scenarios(desk: Desk) -> tuple[str, str, Place]:
    scenarios = list(
        desk.session.scalars(
            select(Scenario).where(Scenario.round_id == desk.round.id).order_by(Scenario.id.desc())
        )
    )
    if not scenarios:
        return "Lập", "chưa có phương án nào", Place("scenarios.list_page")
    ids = [scenario.id for scenario in scenarios]
    finished = desk.session.scalar(
        select(ScenarioRun.id)
        .where(ScenarioRun.scenario_id.in_(ids), ScenarioRun.finished_at.is_not(None))
        .limit(1)
    )
    if finished is None:
        return "Chạy", "có phương án chưa chạy", Place("scenarios.scenario_page", {"scenario_id": ids[0]})
    return "Chọn", "đã có lượt chạy xong", Place("scenarios.list_page")


def _decision_of(desk: Desk) -> AllocationDecision | None:
    return find_decision(desk.session, desk.round.id)
