"""A pool whose first run has been answered, ready to be adopted."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from finance.allocations.operations import adopt_run
from finance.allocations.queries import AwardRow, list_awards
from finance.database import SessionFactory, make_engine, make_session_factory, reading, transaction
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import PartStatus
from finance.jobs.operations import claim_job
from finance.scenarios.runs import request_run, run_job
from tests.finance.scenarios.appraised import RECORDED_AT
from tests.finance.scenarios.conftest import Pool, prepare_pool
from tests.finance.scenarios.copied_stores import PreparedStore, copied_stores


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


def a_part(session: Session, answered: Answered) -> None:
    """Nha Trang's part 1 in Khánh Vĩnh's DB1."""
    session.add(
        ProjectPart(
            id=1,
            estimate_id=answered.pool.estimate_ids["H_KHANHVINH"],
            project_key="DB1",
            agency_id=answered.pool.province.agencies["H_NHATRANG"],
            status=PartStatus.SIGNED,
            words="In tài liệu",
            lines=[],
        )
    )
    session.flush()


def prepare_answered(url: str) -> Answered:
    """Fill the pool of the store at this address and answer one run."""
    pool = prepare_pool(url)
    engine = make_engine(url)
    answered = Answered(pool, answer_run(make_session_factory(engine), pool))
    engine.dispose()
    return answered


answered_stores = copied_stores(prepare_answered)
sqlite_prepared, postgres_prepared = answered_stores.sqlite_prepared, answered_stores.postgres_prepared
prepared, database_url = answered_stores.prepared, answered_stores.database_url


@pytest.fixture
def answered(prepared: PreparedStore, session_factory: SessionFactory) -> Answered:
    """The pool with an answered run, in this test's own copy of the store."""
    found: Answered = prepared.value
    return found


@pytest.fixture
def decision_id(session_factory: SessionFactory, answered: Answered) -> int:
    """A draft decision that took the run over; its edit number is 1."""
    with transaction(session_factory) as session:
        return adopt_run(session, answered.pool.province.planner, answered.run_id).id
