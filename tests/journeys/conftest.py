"""Fresh copies of the story's first day on both stores, made once per worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.telling import Chapter
from tests.journeys.world import open_round, told_from
from tests.stores import PostgresTemplate, SqliteTemplate


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """The first day in a SQLite file."""
    return SqliteTemplate(tmp_path_factory.mktemp("journey"), open_round)


@pytest.fixture
def first_day_sqlite(first_day: SqliteTemplate) -> Iterator[str]:
    """A copy of the first day in SQLite."""
    url = first_day.fresh_url()
    yield url
    first_day.drop(url)


@pytest.fixture(scope="session")
def typed(first_day: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """The day on which Nha Trang has typed its estimate, in a SQLite file."""
    return told_from(first_day, tmp_path_factory.mktemp("typed"), until=Chapter.TYPED)


@pytest.fixture
def typed_sqlite(typed: SqliteTemplate) -> Iterator[str]:
    """A copy of the day on which Nha Trang has typed its estimate."""
    url = typed.fresh_url()
    yield url
    typed.drop(url)


@pytest.fixture(scope="session")
def submitted(typed: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """The day on which the decision lies before the chairperson, in a SQLite file."""
    folder = tmp_path_factory.mktemp("submitted")
    return told_from(typed, folder, after=Chapter.TYPED, until=Chapter.SUBMITTED)


@pytest.fixture
def submitted_sqlite(submitted: SqliteTemplate) -> Iterator[str]:
    """A copy of the day on which the decision lies before the chairperson."""
    url = submitted.fresh_url()
    yield url
    submitted.drop(url)


@pytest.fixture
def first_day_postgres(postgres_server: str) -> Iterator[str]:
    """The first day in PostgreSQL; one test asks for it, so nothing is copied."""
    template = PostgresTemplate(postgres_server, open_round)
    url = template.fresh_url()
    yield url
    template.drop(url)
    template.close()
