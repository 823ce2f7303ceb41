"""The fixture `desk`: Nha Trang's estimate, written once per worker and copied for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from finance.database import make_engine, make_session_factory
from tests.stores import SqliteTemplate, migrate
from tests.webapp.estimates.agency_desk import Desk, PreparedEstimate, a_desk, prepare_estimate

PreparedDesk = tuple[SqliteTemplate, PreparedEstimate]


@pytest.fixture(scope="session")
def prepared_desk(tmp_path_factory: pytest.TempPathFactory) -> PreparedDesk:
    """The store to copy, and what is in it."""
    made: list[PreparedEstimate] = []

    def prepare(url: str) -> None:
        migrate(url)
        engine = make_engine(url)
        made.append(prepare_estimate(make_session_factory(engine)))
        engine.dispose()

    return SqliteTemplate(tmp_path_factory.mktemp("desk"), prepare), made[0]


@pytest.fixture
def desk(prepared_desk: PreparedDesk, tmp_path: Path) -> Iterator[Desk]:
    """The estimate of Nha Trang holds the builders' draft: one project of one level, one of three."""
    template, prepared = prepared_desk
    url = template.fresh_url()
    engine = make_engine(url)
    yield a_desk(make_session_factory(engine), tmp_path, prepared)
    engine.dispose()
    template.drop(url)
