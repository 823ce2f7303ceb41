"""Stores prepared once per worker and copied for every test, with what the preparation made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.stores import PostgresTemplate, SqliteTemplate, Template


@dataclass(frozen=True)
class PreparedStore:
    """A template and the value its preparation gave; ids in every copy are the same."""

    template: Template
    value: Any


@dataclass(frozen=True)
class StoreFixtures:
    """Fixtures to be bound to names in a conftest."""

    sqlite_prepared: Any
    postgres_prepared: Any
    prepared: Any
    database_url: Any


def copied_stores(prepare: Callable[[str], Any]) -> StoreFixtures:
    """Fixtures that run a test on a copy of the store that `prepare` filled, on both stores.

    Args:
        prepare: fills the empty store at an address and gives back what tests want to know of it.
    """

    @pytest.fixture(scope="session")
    def sqlite_prepared(tmp_path_factory: pytest.TempPathFactory) -> PreparedStore:
        made: list[Any] = []
        folder = tmp_path_factory.mktemp("prepared")
        return PreparedStore(SqliteTemplate(folder, lambda url: made.append(prepare(url))), made[0])

    @pytest.fixture(scope="session")
    def postgres_prepared(postgres_server: str) -> Iterator[PreparedStore]:
        made: list[Any] = []
        template = PostgresTemplate(postgres_server, lambda url: made.append(prepare(url)))
        yield PreparedStore(template, made[0])
        template.close()

    @pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
    def prepared_store(request: pytest.FixtureRequest) -> PreparedStore:
        return request.getfixturevalue(f"{request.param}_prepared")

    @pytest.fixture
    def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
        store: PreparedStore = request.getfixturevalue("prepared")
        url = store.template.fresh_url()
        yield url
        store.template.drop(url)

    return StoreFixtures(sqlite_prepared, postgres_prepared, prepared_store, database_url)
