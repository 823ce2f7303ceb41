"""From a proposal to a decision: adopt a run, change an award with a reason, submit, return, approve.

Only a person decides. A plan is taken over only while the data it rests on are still the same; money is
checked to the đồng at every step; who touched the files does not approve, who asked for a project does not
change its award; what is approved is locked.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.allocations.award_writer import change_award, store_awards
from finance.allocations.queries import find_decision, get_decision, uses_of_decision
from finance.allocations.records import AllocationDecision, Award, AwardMoney
from finance.allocations.rules import DecisionStatus, decision_step, require_within_money
from finance.allocations.separation import require_touched_nothing
from finance.audit import Change, Subject, record_change
from finance.errors import NotFound, ReasonMissing, RuleBroken, StaleVersion
from finance.estimates.separation import require_no_hand
from finance.money import format_vnd
from finance.permissions import require
from finance.reviews.queries import pool_projects
from finance.rounds.queries import get_round
from finance.scenarios.frozen_question import FrozenLevel, FrozenProject, frozen_project, thaw_projects
from finance.scenarios.queries import get_scenario
from finance.scenarios.records import ScenarioRun
from finance.scenarios.rules import OUTCOMES_WITH_PLAN
from finance.scenarios.run_queries import get_run, is_run_current
from finance.vietnamese.dates import format_date
from finance.vietnamese.normal import nfc

MUST_RUN_AGAIN = (
    "Số liệu (dự toán đã thẩm định, khả năng cân đối, kết quả hoặc chính phương án) đã thay đổi sau "
    "lượt chạy này. Mời chạy lại phương án rồi chọn lượt chạy mới."
)
NUMBER_LENGTH = 60


def adopt_run(
    session: Session, actor: Actor, run_id: int, *, seen_edit: int | None = None
) -> AllocationDecision:
    """Take a run's plan over as the draft decision of its round; an older draft's awards are replaced.

    Args:
        session: open write session.
        actor: who adopts.
        run_id: a finished run with a plan.
        seen_edit: edit number of the draft the person saw; None when there was none.

    Raises:
        NotFound, NotAllowed: as their names say.
        RuleBroken: the run has no plan, or the present data give another question than the run's.
        NotInThisStatus: the decision is submitted or approved.
        StaleVersion: a draft exists that the person has not seen, or not in this state.
    """
    run = get_run(session, run_id)
    seat = require(actor, Action.ADOPT_SCENARIO)
    round_id = get_scenario(session, run.scenario_id).round_id
    if run.outcome not in OUTCOMES_WITH_PLAN or not run.plan:
        raise RuleBroken("Lượt chạy này không có phương án để chọn.")
    if not is_run_current(session, run):
        raise RuleBroken(MUST_RUN_AGAIN)
    decision = _open_draft(session, round_id, run, seen_edit)
    store_awards(session, decision, run)
    require_within_money(uses_of_decision(session, decision))
    details = {"run": run.id, "problem_hash": run.problem_hash}
    _record(session, actor, decision, Action.ADOPT_SCENARIO, seat, Change(details=details))
    return decision


def adjust_award(
    session: Session, actor: Actor, award_id: int, *, level_id: int | None, reason: str, seen_edit: int
) -> None:
    """Give a project another level or nothing, for a reason that the office will read.

    A project that cannot yet be measured draws on the line reserved for such projects. Choosing again what
    the plan proposed restores the plan's own sentences.

    Raises:
        NotFound, StaleVersion: as their names say.
        NotAllowed: the act is not the actor's, or he had a hand in what the project asks.
        NotInThisStatus: the decision is submitted or approved.
        ReasonMissing: no reason.
        RuleBroken: the level is not one of the project's, or appraisal left nothing of it.
        EnvelopeExceeded: some source, nature and year would give more than it has, to the đồng.
    """
    award = session.get(Award, award_id)
    if award is None:
        raise NotFound("mức phân bổ", award_id)
    decision, seat = _find_for(session, actor, award.decision_id, Action.ADJUST_AWARD, seen_edit)
    if not reason.strip():
        raise ReasonMissing(Action.ADJUST_AWARD.label_vi)
    project = _frozen_project_of(session, decision, award.project_id)
    require_no_hand(session, actor, Action.ADJUST_AWARD, [project.estimate_id])
    level = _level_to_give(project, level_id)
    before = _given_words(project.level_of(award.level_id))
    change_award(session, award, project, level=level, reason=nfc(reason).strip())
    require_within_money(uses_of_decision(session, decision))
    decision.edit_number += 1
    change = Change(
        from_state=before,
        to_state=_given_words(level),
        reason=nfc(reason).strip(),
        details={"award": award.id, "project": project.project_id, "amount_vnd": award.amount_vnd},
    )
    _record(session, actor, decision, Action.ADJUST_AWARD, seat, change, project.name_vi)


def submit_allocation(session: Session, actor: Actor, decision_id: int, *, seen_edit: int) -> None:
    """Put the decision before the authority that approves (trình phê duyệt).

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: as their names say.
        RuleBroken: appraised figures changed since the plan was adopted.
        EnvelopeExceeded: the awards exceed the money the round has now.

    Source:
        QĐ 3377/QĐ-UBND (2011), VII.6.b.
    """
    decision, seat = _find_for(session, actor, decision_id, Action.SUBMIT_ALLOCATION, seen_edit)
    _require_sound(session, decision)
    _move(session, actor, decision, Action.SUBMIT_ALLOCATION, seat, "")
    decision.return_reason = ""


def return_allocation(
    session: Session, actor: Actor, decision_id: int, *, reason: str, seen_edit: int
) -> None:
    """Give the decision back to be completed (trả lại để hoàn chỉnh).

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: as their names say.
        ReasonMissing: no reason.
    """
    decision, seat = _find_for(session, actor, decision_id, Action.RETURN_ALLOCATION, seen_edit)
    if not reason.strip():
        raise ReasonMissing(Action.RETURN_ALLOCATION.label_vi)
    decision.return_reason = nfc(reason).strip()
    _move(session, actor, decision, Action.RETURN_ALLOCATION, seat, decision.return_reason)


def approve_allocation(
    session: Session, actor: Actor, decision_id: int, *, number: str, signed_on: date, seen_edit: int
) -> None:
    """Approve the decision with its number and date; nothing of it can be changed afterwards.

    Raises:
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: as their names say; NotAllowed also when the
            approver took part in preparing, appraising or allocating.
        RuleBroken: no number, a date to come, or appraised figures changed since.
        EnvelopeExceeded: the awards exceed the money the round has now.

    Source:
        QĐ 3377/QĐ-UBND (2011), VI.2.
    """
    decision, seat = _find_for(session, actor, decision_id, Action.APPROVE_ALLOCATION, seen_edit)
    require_touched_nothing(session, actor, decision)
    clean_number = nfc(number).strip()
    if not clean_number or len(clean_number) > NUMBER_LENGTH:
        raise RuleBroken(f"Quyết định phải có số, không quá {NUMBER_LENGTH} ký tự.")
    if signed_on > actor.moment.business_on:
        raise RuleBroken("Ngày ký không được sau ngày làm việc hiện tại.")
    _require_sound(session, decision)
    decision.number, decision.signed_on = clean_number, signed_on
    decision.approved_by, decision.approved_at = actor.full_name, actor.moment.business_at
    _move(
        session,
        actor,
        decision,
        Action.APPROVE_ALLOCATION,
        seat,
        f"Số {clean_number}, {format_date(signed_on)}",
    )


def allocation_subject(session: Session, decision: AllocationDecision) -> Subject:
    """How the audit names a decision."""
    return Subject("allocation", decision.id, f"Phân bổ {get_round(session, decision.round_id).name_vi}")


def _open_draft(
    session: Session, round_id: int, run: ScenarioRun, seen_edit: int | None
) -> AllocationDecision:
    """The round's draft decision on this run, emptied; made when there is none."""
    decision = find_decision(session, round_id)
    if decision is None:
        decision = AllocationDecision(round_id=round_id, run_id=run.id, status=DecisionStatus.DRAFT)
        session.add(decision)
        session.flush()  # the awards need the new id
        return decision
    decision.status = decision_step(decision.status, Action.ADOPT_SCENARIO)
    if seen_edit != decision.edit_number:
        raise StaleVersion(seen_edit or 0, decision.edit_number)
    awards = select(Award.id).where(Award.decision_id == decision.id)
    session.execute(delete(AwardMoney).where(AwardMoney.award_id.in_(awards)))
    session.execute(delete(Award).where(Award.decision_id == decision.id))
    decision.run_id = run.id
    decision.edit_number += 1
    return decision


def _level_to_give(project: FrozenProject, level_id: int | None) -> FrozenLevel | None:
    if level_id is None:
        return None
    level = project.level_of(level_id)
    if level is None:
        raise RuleBroken("Mức được chọn không thuộc dự án này.")
    if level.appraised_vnd == 0:
        raise RuleBroken("Mức được chọn không còn kinh phí sau thẩm định.")
    return level


def _frozen_project_of(session: Session, decision: AllocationDecision, project_id: int) -> FrozenProject:
    run = session.get_one(ScenarioRun, decision.run_id)
    return next(one for one in thaw_projects(run.problem) if one.project_id == project_id)


def _given_words(level: FrozenLevel | None) -> str:
    return f"{level.code.label_vi}, {format_vnd(level.appraised_vnd)} đồng" if level else "không bố trí"


def _find_for(
    session: Session, actor: Actor, decision_id: int, action: Action, seen_edit: int
) -> tuple[AllocationDecision, Seat]:
    """Find, ask whether the actor may, ask whether the procedure has this step, refuse a stale page."""
    decision = get_decision(session, decision_id)
    seat = require(actor, action)
    decision_step(decision.status, action)
    if decision.edit_number != seen_edit:
        raise StaleVersion(seen_edit, decision.edit_number)
    return decision, seat


def _require_sound(session: Session, decision: AllocationDecision) -> None:
    """The awards fit the money there is now, and rest on the figures that are appraised now."""
    require_within_money(uses_of_decision(session, decision))
    run = session.get_one(ScenarioRun, decision.run_id)
    adopted = {project.project_id: project.levels for project in thaw_projects(run.problem)}
    present = {
        project.project_id: frozen_project(project).levels
        for project in pool_projects(session, decision.round_id)
    }
    if adopted != present:
        raise RuleBroken(MUST_RUN_AGAIN)


def _move(
    session: Session, actor: Actor, decision: AllocationDecision, action: Action, seat: Seat, reason: str
) -> None:
    before = decision.status
    decision.status = decision_step(before, action)
    decision.edit_number += 1
    change = Change(from_state=before.label_vi, to_state=decision.status.label_vi, reason=reason)
    _record(session, actor, decision, action, seat, change)


def _record(
    session: Session,
    actor: Actor,
    decision: AllocationDecision,
    action: Action,
    seat: Seat,
    change: Change,
    what_vi: str = "",
) -> None:
    subject = allocation_subject(session, decision)
    if what_vi:
        subject = Subject(subject.kind, subject.id, f"{subject.label}, “{what_vi}”")
    record_change(session, actor, action, subject, seat=seat, change=change)
