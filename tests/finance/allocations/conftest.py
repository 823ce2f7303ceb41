"""A pool whose first run has been answered, ready to be adopted."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from finance.allocations.operations import adopt_run
from finance.allocations.queries import AwardRow, list_awards
from finance.database import SessionFactory, reading, transaction
from finance.jobs.operations import claim_job
from finance.scenarios.runs import request_run, run_job
from tests.finance.scenarios.appraised import RECORDED_AT
from tests.finance.scenarios.conftest import Pool, fill_pool


@dataclass(frozen=True)
class Answered:
    """The pool and its answered run."""

    pool: Pool
    run_id: int


def answer_run(factory: SessionFactory, pool: Pool, seen_edit: int = 1) -> int:
    """Id of a run asked for and answered."""
    with transaction(factory) as session:
        run_id = request_run(session, pool.province.planner, pool.scenario_id, seen_edit=seen_edit).id
    with transaction(factory) as session:
        claimed = claim_job(session, worker="test", now=RECORDED_AT, lease_seconds=60)
    assert claimed is not None
    assert run_job(factory, claimed, now=lambda: RECORDED_AT)
    return run_id


def award_of(factory: SessionFactory, pool: Pool, decision_id: int, key: str) -> AwardRow:
    """The award of the project whose name ends with this key."""
    with reading(factory) as session:
        rows = list_awards(session, pool.province.planner, decision_id)
    return next(row for row in rows if row.name_vi.endswith(f"({key})"))


@pytest.fixture
def answered(session_factory: SessionFactory) -> Answered:
    """The pool with an answered run, committed."""
    with transaction(session_factory) as session:
        pool = fill_pool(session)
    return Answered(pool, answer_run(session_factory, pool))


@pytest.fixture
def decision_id(session_factory: SessionFactory, answered: Answered) -> int:
    """A draft decision that took the run over; its edit number is 1."""
    with transaction(session_factory) as session:
        return adopt_run(session, answered.pool.province.planner, answered.run_id).id
