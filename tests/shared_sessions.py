"""A write session whose changes are undone, on one database for all tests of a file.

For files whose tests only need an open session: making a PostgreSQL database takes longer than such a
test. Take both fixtures into the conftest.py beside the tests. Ids go on counting from test to test,
so a test asks for an id that cannot exist, not for 99.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy.orm import Session

from finance.database import SessionFactory, make_engine, make_session_factory, transaction
from tests.stores import Template


class _Undo(Exception):
    """Thrown into the write session at the end of a test, so that nothing is committed."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shared_factory(request: pytest.FixtureRequest) -> Iterator[SessionFactory]:
    """Makes sessions of a database that the tests of one file share; the tests run once on each store."""
    template: Template = request.getfixturevalue(f"{request.param}_template")
    url = template.fresh_url()
    engine = make_engine(url)
    yield make_session_factory(engine)
    engine.dispose()
    template.drop(url)


@pytest.fixture
def session(shared_factory: SessionFactory) -> Iterator[Session]:
    """An open write session whose changes are undone at the end of the test."""
    with suppress(_Undo), transaction(shared_factory) as open_session:
        yield open_session
        raise _Undo
