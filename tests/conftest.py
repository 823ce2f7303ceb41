"""What tests stand on: fresh databases on both stores, and the speeds asked for.

`database_url` runs a test on SQLite and again on PostgreSQL; `engine`, `session_factory` and
`session` follow it. A test that one store proves takes `sqlite_url` instead. Use `session` or
`transaction(session_factory)` in a test, not both at once: there is one writer at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from finance.database import SessionFactory, make_engine, make_session_factory, transaction
from tests.shared_compilation import shared_compilation
from tests.stores import PostgresTemplate, SqliteTemplate

if TYPE_CHECKING:
    from playwright.sync_api import Browser

POSTGRES_VARIABLE = "PHANBO_TEST_POSTGRES"
SLOW_MARKERS = ("deep", "release", "bench")

# A developer's own settings must not reach a test.
for _name in ("DATABASE_URL", "PHANBO_INSTANCE", "PHANBO_SECRET_KEY"):
    os.environ.pop(_name, None)


class _Undo(Exception):
    """Thrown into the write session at the end of a test, so that nothing is committed."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know the speeds that are left out unless asked for."""
    for marker in SLOW_MARKERS:
        parser.addoption(f"--{marker}", action="store_true", help=f"also run the tests marked {marker}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the speeds not asked for."""
    unasked = [marker for marker in SLOW_MARKERS if not config.getoption(f"--{marker}")]
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in unasked)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Stores and programs of this worker share what was compiled for one of them."""
    with shared_compilation():
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """A migrated SQLite file of this worker."""
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of the PostgreSQL server for tests; skips when there is none."""
    address = os.environ.get(POSTGRES_VARIABLE)
    if not address:
        pytest.skip(f"{POSTGRES_VARIABLE} is not set: `python3 dev.py test` starts a PostgreSQL and sets it")
    return address


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[PostgresTemplate]:
    """A migrated PostgreSQL database of this worker."""
    template = PostgresTemplate(postgres_server)
    yield template
    template.close()


@pytest.fixture
def sqlite_url(sqlite_template: SqliteTemplate) -> Iterator[str]:
    """The address of an empty, migrated SQLite database of this test alone."""
    url = sqlite_template.fresh_url()
    yield url
    sqlite_template.drop(url)


@pytest.fixture
def postgres_url(postgres_template: PostgresTemplate) -> Iterator[str]:
    """The address of an empty, migrated PostgreSQL database of this test alone."""
    url = postgres_template.fresh_url()
    yield url
    postgres_template.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs once on each store."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine made as the program makes it."""
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session_factory(engine: Engine) -> SessionFactory:
    """What the doors and the worker hand around."""
    return make_session_factory(engine)


@pytest.fixture
def session(session_factory: SessionFactory) -> Iterator[Session]:
    """An open write session whose changes are undone at the end of the test."""
    with suppress(_Undo), transaction(session_factory) as open_session:
        yield open_session
        raise _Undo


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run."""
    # Imported here: a run without browser tests does not wait for Playwright.
    from tests.chromium import started_chromium

    with started_chromium() as started:
        yield started
