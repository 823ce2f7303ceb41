"""Four eyes: who prepared, appraised or allocated does not approve. Kept by person, not by office."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.allocations.records import AllocationDecision
from finance.audit import Subject, require_untouched
from finance.estimates.records import Estimate
from finance.estimates.separation import PREPARING_ACTS, require_no_hand
from finance.scenarios.records import ScenarioRun

ALLOCATING = frozenset({Action.ADOPT_SCENARIO, Action.ADJUST_AWARD, Action.SUBMIT_ALLOCATION})
PLANNING = frozenset({Action.CREATE_SCENARIO, Action.CHANGE_SCENARIO, Action.REQUEST_RUN})
APPRAISING = frozenset(
    {
        Action.GIVE_CONTENT_OPINION,
        Action.PASS_CONTENT,
        Action.APPRAISE_LINE,
        Action.APPRAISE_OUTPUT,
        Action.GIVE_POOL_OPINION,
        Action.GIVE_IT_OPINION,
        Action.CONCLUDE_APPRAISAL,
    }
)


def require_touched_nothing(session: Session, actor: Actor, decision: AllocationDecision) -> None:
    """Refuse an approver who took part in anything the decision rests on.

    Args:
        session: open session.
        actor: who wants to approve.
        decision: the decision.

    Raises:
        NotAllowed: he prepared or appraised an estimate of the round or a part of one, set the scenario up,
            or allocated.
    """
    run = session.get_one(ScenarioRun, decision.run_id)
    action = Action.APPROVE_ALLOCATION
    require_untouched(session, actor, action, Subject("allocation", decision.id, ""), touching=ALLOCATING)
    require_untouched(session, actor, action, Subject("scenario", run.scenario_id, ""), touching=PLANNING)
    estimates = session.scalars(select(Estimate.id).where(Estimate.round_id == decision.round_id)).all()
    require_no_hand(session, actor, action, estimates, own_acts=PREPARING_ACTS | APPRAISING)
