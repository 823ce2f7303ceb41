"""Nobody appraises a plan he had a hand in: the plan itself, or one below whose activities it took in."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Subject, require_untouched
from finance.plans.plan_lookup import PLAN_SUBJECT
from finance.plans.records import PlanActivity, PlanVersion, ReformPlan

# Who did one of these on a plan has made it and may not appraise it.
PLAN_PREPARING_ACTS = frozenset(
    {
        Action.START_PLAN,
        Action.SAVE_PLAN,
        Action.LINK_PROJECT,
        Action.SEND_PLAN,
        Action.SUBMIT_PLAN_UP,
        Action.WITHDRAW_PLAN,
        Action.REVISE_PLAN,
        Action.ISSUE_PLAN,
        Action.TAKE_PLAN,
        # Giving a plan back takes what came from it out of the upper office's own.
        Action.RETURN_PLAN_DOWN,
        Action.ANSWER_PLAN_COMMENT,
    }
)


def require_no_hand_in_plan(session: Session, actor: Actor, action: Action, plan: ReformPlan) -> None:
    """Refuse the act to anyone who prepared the plan or one of those it was put together from.

    Raises:
        NotAllowed: says what he did, when and in which plan.
    """
    subjects = [Subject(PLAN_SUBJECT, plan_id, "") for plan_id in _made_from(session, plan)]
    require_untouched(session, actor, action, *subjects, touching=PLAN_PREPARING_ACTS)


def _made_from(session: Session, plan: ReformPlan) -> list[int]:
    """Ids of the plan and of every plan of the year whose activities any version of it took in."""
    whole = select(ReformPlan.id, ReformPlan.year).where(ReformPlan.id == plan.id)
    tree = whole.cte("made_from", recursive=True)
    lower = aliased(ReformPlan)
    below = (
        select(lower.id, lower.year)
        .join(PlanActivity, PlanActivity.origin_agency_id == lower.agency_id)
        .join(PlanVersion, PlanVersion.id == PlanActivity.version_id)
        .join(tree, (tree.c.id == PlanVersion.plan_id) & (tree.c.year == lower.year))
    )
    tree = tree.union(below)  # without repetition, so that it ends
    return list(session.scalars(select(tree.c.id)))
