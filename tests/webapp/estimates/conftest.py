"""The agency's desk over a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from finance.database import make_engine, make_session_factory
from tests.webapp.estimates.agency_desk import Desk, a_desk


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """The estimate of Nha Trang holds the builders' draft: one project of one level, one of three."""
    engine = make_engine(sqlite_url)
    yield a_desk(make_session_factory(engine), tmp_path)
    engine.dispose()
