"""A desk over a migrated store of its own, with one estimate at the stage a test asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from finance.database import SessionFactory, make_engine
from tests.webapp.reviews.review_desk import Desk, Stage, a_desk


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """One store proves a page; the operations behind it are proven on both."""
    made = make_engine(sqlite_url)
    yield made
    made.dispose()


@pytest.fixture
def make_desk(session_factory: SessionFactory, tmp_path: Path) -> Callable[[Stage], Desk]:
    """A desk whose estimate was brought to a stage."""
    return lambda stage: a_desk(session_factory, tmp_path, stage)
