"""What the store must say when the story is over: every act once, every figure to the đồng."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from finance.actions import Action
from finance.allocations.queries import find_decision
from finance.allocations.records import Award
from finance.audit import AuditEntry, find_broken_entry
from finance.database import SessionFactory, reading
from finance.estimates.records import EstimateVersion
from finance.rounds.queries import current_round
from finance.scenarios.records import ScenarioRun

# The story's acts after the round was opened; what is not named here is not counted.
ACTS = {
    Action.START_ESTIMATE: 2,
    Action.SAVE_DRAFT: 3,
    Action.IMPORT_WORKBOOK: 1,
    Action.CHECK_ESTIMATE: 3,
    Action.SIGN_ESTIMATE: 3,
    Action.SEND_ESTIMATE: 3,
    Action.RECEIVE_ESTIMATE: 3,
    Action.RETURN_ESTIMATE: 1,
    Action.REVISE_ESTIMATE: 1,
    Action.BEGIN_CONTENT_APPRAISAL: 2,
    Action.GIVE_CONTENT_OPINION: 5,
    Action.GIVE_IT_OPINION: 1,
    Action.PASS_CONTENT: 2,
    Action.GIVE_POOL_OPINION: 4,
    Action.CONCLUDE_APPRAISAL: 2,
    Action.CREATE_SCENARIO: 1,
    Action.REQUEST_RUN: 1,
    Action.RECORD_RUN: 1,
    Action.ADOPT_SCENARIO: 1,
    Action.ADJUST_AWARD: 2,
    Action.SUBMIT_ALLOCATION: 1,
    Action.APPROVE_ALLOCATION: 1,
}


def acts_done(factory: SessionFactory) -> Counter[Action]:
    """How often each act stands in the journal."""
    with reading(factory) as session:
        rows = session.execute(select(AuditEntry.action, func.count()).group_by(AuditEntry.action))
        return Counter({row[0]: row[1] for row in rows})


def assert_the_end(factory: SessionFactory) -> None:
    """Hold the store against the story."""
    done = acts_done(factory)
    assert {action: done[action] for action in ACTS} == ACTS
    with reading(factory) as session:
        assert find_broken_entry(session) is None
        round_row = current_round(session)
        decision = find_decision(session, round_row.id) if round_row else None
        assert decision is not None
        assert (decision.number, str(decision.signed_on)) == ("812/QĐ-UBND", "2012-03-12")
        awards = session.scalars(select(Award).where(Award.decision_id == decision.id)).all()
        assert sorted(award.amount_vnd for award in awards) == [0, 7_000_000, 21_300_333, 25_500_000]
        assert session.scalar(select(func.count()).select_from(ScenarioRun)) == 1
        assert session.scalar(select(func.count()).select_from(EstimateVersion)) == 3
