"""The demonstration loaded once per worker and store, copied for every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from finance.database import SessionFactory, make_engine, make_session_factory
from tests.stores import SqliteTemplate, migrate
from webapp.demonstration.province import Until, load_province

Clock = Callable[[], datetime]


def a_clock(begins_at: datetime = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)) -> Clock:
    """A machine clock that goes on by a millisecond whenever it is looked at."""
    looked = 0

    def now() -> datetime:
        nonlocal looked
        looked += 1
        return begins_at + timedelta(milliseconds=looked)

    return now


def prepare_until(until: Until) -> Callable[[str], None]:
    """Fill a database with the story up to there."""

    def prepare(url: str) -> None:
        migrate(url)
        engine = make_engine(url)
        load_province(make_session_factory(engine), a_clock(), until=until)
        engine.dispose()

    return prepare


@pytest.fixture(scope="session")
def busy_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """The province as `phanbo load-demo` leaves it."""
    return SqliteTemplate(tmp_path_factory.mktemp("busy"), prepare_until(Until.DESKS_BUSY))


@pytest.fixture(scope="session")
def appraised_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """The province with all seven estimates appraised."""
    return SqliteTemplate(tmp_path_factory.mktemp("appraised"), prepare_until(Until.ALL_APPRAISED))


@pytest.fixture
def busy(busy_template: SqliteTemplate) -> Iterator[SessionFactory]:
    """A copy of the province as `phanbo load-demo` leaves it."""
    yield from _copy_of(busy_template)


@pytest.fixture
def appraised(appraised_template: SqliteTemplate) -> Iterator[SessionFactory]:
    """A copy of the province with all seven estimates appraised."""
    yield from _copy_of(appraised_template)


@pytest.fixture
def sqlite_factory(sqlite_url: str) -> Iterator[SessionFactory]:
    """An empty, migrated SQLite database."""
    yield from _factory_of(sqlite_url)


@pytest.fixture
def empty_postgres_factory(postgres_url: str) -> Iterator[SessionFactory]:
    """An empty, migrated PostgreSQL database."""
    yield from _factory_of(postgres_url)


def _copy_of(template: SqliteTemplate) -> Iterator[SessionFactory]:
    url = template.fresh_url()
    yield from _factory_of(url)
    template.drop(url)


def _factory_of(url: str) -> Iterator[SessionFactory]:
    engine = make_engine(url)
    yield make_session_factory(engine)
    engine.dispose()
