"""Any act on a plan is in the table or refused without effect: every status x person x act is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Capacity, Function
from finance.audit import AuditEntry
from finance.database import make_engine, make_session_factory
from finance.errors import FinanceError, NotAllowed, NotFound, NotInThisStatus, RuleBroken
from finance.plans.procedure import (
    agree_plan,
    issue_plan,
    request_plan_changes,
    return_plan_down,
    revise_plan,
    send_plan,
    submit_plan_up,
    take_plan,
    withdraw_plan,
)
from finance.plans.records import PlanActivity, PlanVersion, ReformPlan
from finance.plans.workflow import PLAN_STEPS, PlanStatus, plan_step_for, plan_steps_from
from tests.builders import Province, a_province, an_actor
from tests.plan_journeys import bring_plan_to, plan_edit_of

S, A = PlanStatus, Action
# Written by hand beside the table: who may do what in which status, and where it leads. In the two
# statuses of the lower way the plan is a commune's: "own" sits in the commune, "preparer" in its district.
ALLOWED = {
    (S.DRAFT, A.SEND_PLAN, "preparer"): S.SENT,
    (S.DRAFT, A.SEND_PLAN, "head"): S.SENT,
    (S.SENT, A.WITHDRAW_PLAN, "head"): S.RETURNED,
    (S.SENT, A.AGREE_PLAN, "content_appraiser"): S.AGREED,
    (S.SUBMITTED_UP, A.WITHDRAW_PLAN, "own_head"): S.RETURNED,
    (S.SUBMITTED_UP, A.RETURN_PLAN_DOWN, "preparer"): S.RETURNED,
    (S.SUBMITTED_UP, A.RETURN_PLAN_DOWN, "head"): S.RETURNED,
    (S.SUBMITTED_UP, A.TAKE_PLAN, "preparer"): S.TAKEN,
    (S.SUBMITTED_UP, A.TAKE_PLAN, "head"): S.TAKEN,
    (S.RETURNED, A.REVISE_PLAN, "preparer"): S.DRAFT,
    (S.RETURNED, A.REVISE_PLAN, "head"): S.DRAFT,
    (S.TAKEN, A.RETURN_PLAN_DOWN, "preparer"): S.RETURNED,
    (S.TAKEN, A.RETURN_PLAN_DOWN, "head"): S.RETURNED,
    (S.TAKEN, A.ISSUE_PLAN, "own_head"): S.ISSUED,
    (S.AGREED, A.ISSUE_PLAN, "head"): S.ISSUED,
    (S.AGREED, A.REVISE_PLAN, "preparer"): S.DRAFT,
    (S.AGREED, A.REVISE_PLAN, "head"): S.DRAFT,
    (S.ISSUED, A.REVISE_PLAN, "preparer"): S.DRAFT,
    (S.ISSUED, A.REVISE_PLAN, "head"): S.DRAFT,
}
# A section's head works on the file like its officers.
ALLOWED |= {
    (status, action, "section_head"): to for (status, action, who), to in ALLOWED.items() if who == "preparer"
}
# Rows of the table that ask for more than the act: a request at an activity, an office above.
FURTHER_STEPS = {
    (S.DRAFT, A.SUBMIT_PLAN_UP): S.SUBMITTED_UP,
    (S.SENT, A.REQUEST_PLAN_CHANGES): S.RETURNED,
}
LOWER_WAY = {S.SUBMITTED_UP, S.TAKEN}


@pytest.fixture
def province_session(sqlite_url: str) -> Iterator[tuple[Session, Province]]:
    """One store: the table is the same on both, and every cell is tried."""
    engine = make_engine(sqlite_url)
    with make_session_factory(engine)() as session:
        yield session, a_province(session)
        session.rollback()
    engine.dispose()


@pytest.mark.parametrize("status", list(PlanStatus))
def test_every_act_by_everybody_is_in_the_table_or_refused_without_effect(
    province_session: tuple[Session, Province], status: PlanStatus
) -> None:
    session, province = province_session
    plan_id = bring_plan_to(session, province, status)
    people = _people(session, province, plan_id, status)
    tried, before = 0, _stored(session, plan_id)
    for name, actor in people.items():
        for action, act in acts_on_plan(session, plan_id, actor).items():
            tried += 1
            attempt = session.begin_nested()
            expected = ALLOWED.get((status, action, name))
            if expected is not None:
                act()
                assert session.get_one(ReformPlan, plan_id).status is expected, (action, name)
                assert _stored(session, plan_id)["acts"] > before["acts"]  # type: ignore[operator]
            else:
                with pytest.raises(_refusals(status, action, name)):
                    act()
                assert _stored(session, plan_id) == before, (action, name)
            attempt.rollback()
    assert tried == len(people) * 9


def _people(session: Session, province: Province, plan_id: int, status: PlanStatus) -> dict[str, Actor]:
    names = [f.name for f in fields(Province) if isinstance(getattr(province, f.name), Actor)]
    people = {name: getattr(province, name) for name in names}
    if status in LOWER_WAY:
        owner = session.get_one(ReformPlan, plan_id).agency_id
        people["own_officer"] = an_actor(session, "Cao Thị Tám", (Function.PREPARE, Capacity.OFFICER, owner))
        people["own_head"] = an_actor(session, "Cao Văn Chín", (Function.PREPARE, Capacity.HEAD, owner))
    return people


def _refusals(status: PlanStatus, action: Action, name: str) -> tuple[type[FinanceError], ...]:
    if name.startswith("other") or name == "administrator":
        return (NotFound,)
    if status is S.DRAFT and name not in {"preparer", "head", "section_head"}:
        return (NotFound,)
    if (status, action) in FURTHER_STEPS:
        return (RuleBroken, NotAllowed)
    return (NotAllowed, NotInThisStatus)


def test_the_table_is_what_was_written_by_hand() -> None:
    by_hand = {(status, action, to) for (status, action, _who), to in ALLOWED.items()}
    by_hand |= {(status, action, to) for (status, action), to in FURTHER_STEPS.items()}
    assert {(step.status, step.action, step.next_status) for step in PLAN_STEPS} == by_hand


def test_every_status_is_reached_and_none_is_a_dead_end() -> None:
    assert {step.next_status for step in PLAN_STEPS} == set(PlanStatus)
    assert all(plan_steps_from(status) for status in PlanStatus)


def test_a_step_not_in_the_table_is_refused_by_name() -> None:
    for step in PLAN_STEPS:
        assert plan_step_for(step.status, step.action, step.party) is step
    with pytest.raises(NotInThisStatus, match="đã ban hành"):
        plan_step_for(S.ISSUED, A.AGREE_PLAN, PLAN_STEPS[0].party)


def _stored(session: Session, plan_id: int) -> dict[str, object]:
    """Everything a refused act must leave as it was."""
    session.flush()
    session.expire_all()
    plan = session.get_one(ReformPlan, plan_id)
    versions = session.scalars(select(PlanVersion).order_by(PlanVersion.id))
    return {
        "plan": (plan.status, plan.version_number, plan.edit_number, plan.status_since),
        "versions": [
            (v.plan_id, v.number, v.sent_at, v.content_hash, v.return_reason, v.agreed_at, v.document_number)
            for v in versions
        ],
        "activities": session.scalar(select(func.count()).select_from(PlanActivity)),
        "acts": session.scalar(select(func.count()).select_from(AuditEntry)) or 0,
    }


def acts_on_plan(session: Session, plan_id: int, actor: Actor) -> dict[Action, Callable[[], int]]:
    """Every act of the way, asked for by this person from a fresh page with a reason."""
    edit = plan_edit_of(session, plan_id)
    with_reason = {"reason": "Lý do", "seen_edit": edit}
    return {
        A.SEND_PLAN: lambda: send_plan(session, actor, plan_id, seen_edit=edit),
        A.SUBMIT_PLAN_UP: lambda: submit_plan_up(session, actor, plan_id, seen_edit=edit),
        A.WITHDRAW_PLAN: lambda: withdraw_plan(session, actor, plan_id, **with_reason),  # type: ignore[arg-type]
        A.REQUEST_PLAN_CHANGES: lambda: request_plan_changes(session, actor, plan_id, **with_reason),  # type: ignore[arg-type]
        A.AGREE_PLAN: lambda: agree_plan(session, actor, plan_id, seen_edit=edit),
        A.RETURN_PLAN_DOWN: lambda: return_plan_down(session, actor, plan_id, **with_reason),  # type: ignore[arg-type]
        A.TAKE_PLAN: lambda: take_plan(session, actor, plan_id, seen_edit=edit),
        A.REVISE_PLAN: lambda: revise_plan(session, actor, plan_id, **with_reason),  # type: ignore[arg-type]
        A.ISSUE_PLAN: lambda: issue_plan(
            session, actor, plan_id, document_number="5/KH", document_on=date(2012, 2, 15), seen_edit=edit
        ),
    }
