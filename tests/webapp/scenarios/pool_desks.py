"""A served province whose pool holds appraised projects and one scenario."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from finance.database import make_engine, make_session_factory, transaction
from finance.jobs.operations import claim_job
from finance.rounds.records import BudgetRound
from finance.scenarios.runs import run_job
from tests.finance.scenarios.conftest import Pool, fill_pool
from tests.webapp.desks import Desks, give_passwords
from webapp import create_app
from webapp.config import Settings
from webapp.request_scope import Doorway

NOW = datetime(2012, 2, 16, 3, 0, tzinfo=UTC)


@dataclass
class PoolDesks(Desks):
    """The running program over a filled pool."""

    pool: Pool

    def work(self) -> None:
        """Do what the worker does: answer the run that waits."""
        with transaction(self.factory) as session:
            claimed = claim_job(session, worker="test", now=NOW, lease_seconds=60)
        assert claimed is not None, "no run waits"
        assert run_job(self.factory, claimed, now=lambda: NOW)


@pytest.fixture
def pool_desks(sqlite_url: str, tmp_path: Path) -> Iterator[PoolDesks]:
    """The pool of `fill_pool` on 16 February 2012, served by the program."""
    engine = make_engine(sqlite_url)
    factory = make_session_factory(engine)
    with transaction(factory) as session:
        pool = fill_pool(session)
        session.get_one(BudgetRound, pool.province.round_id).is_demonstration = True
        give_passwords(session)
    settings = Settings(database_url="sqlite://", instance_folder=tmp_path, secret_key="k" * 40)
    app = create_app(settings, Doorway(factory, machine_clock=lambda: NOW))
    yield PoolDesks(app, factory, pool.province, pool)
    engine.dispose()
