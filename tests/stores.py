"""Fresh databases for tests: prepared once per worker, copied for every test.

A template is filled once (migrated, or migrated and loaded with something dear) and every test gets
a copy of its own. Copies keep the rows a migration inserts, which emptying the tables would not.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from finance.database import make_engine
from migrations.command import upgrade

# Workers of one run and several runs may share a server: both are part of every database's name.
_OWNER = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
_NUMBERS = itertools.count(1)
FIRST_WITH_STRATEGY = 150000
"""PostgreSQL 15, the first that lets one choose how a database is copied."""


class Template(Protocol):
    """A prepared database that can be copied."""

    def fresh_url(self) -> str:
        """The address of a new copy."""

    def drop(self, url: str) -> None:
        """Remove a copy."""

    def close(self) -> None:
        """Remove the template."""


def migrate(url: str) -> None:
    """Bring the database at this address to the newest shape."""
    engine = make_engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


class SqliteTemplate:
    """A SQLite file that is copied like any file."""

    def __init__(self, folder: Path, prepare: Callable[[str], None] = migrate) -> None:
        self._folder = folder
        self._file = folder / "template.sqlite3"
        prepare(f"sqlite:///{self._file}")
        # Closing the last connection folds the write-ahead log into the file, so one file is enough.
        if (folder / "template.sqlite3-wal").exists():
            raise RuntimeError("dispose of the engine in prepare(): its log is not folded in yet")

    def fresh_url(self) -> str:
        """The address of a new copy."""
        copy = self._folder / f"{next(_NUMBERS)}.sqlite3"
        shutil.copyfile(self._file, copy)
        return f"sqlite:///{copy}"

    def drop(self, url: str) -> None:
        """Remove a copy and its log."""
        for file in self._folder.glob(f"{Path(make_url(url).database or '').name}*"):
            file.unlink()

    def close(self) -> None:
        """Nothing to do: pytest removes the folder."""


class PostgresTemplate:
    """A PostgreSQL database that the server copies."""

    def __init__(self, server_url: str, prepare: Callable[[str], None] = migrate) -> None:
        self._server_url = make_url(server_url)
        self._name = f"phanbo_template_{_OWNER}_{next(_NUMBERS)}"
        self._version = self._server_version()
        self._run(f'CREATE DATABASE "{self._name}"')
        prepare(self._url_of(self._name))

    def fresh_url(self) -> str:
        """The address of a new copy."""
        name = f"phanbo_test_{_OWNER}_{next(_NUMBERS)}"
        # Files are copied five times as fast as they are written to the log, which is the server's own way;
        # servers before 15 know no other and no word for it.
        strategy = " STRATEGY FILE_COPY" if self._version >= FIRST_WITH_STRATEGY else ""
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self._name}"{strategy}')
        return self._url_of(name)

    def drop(self, url: str) -> None:
        """Remove a copy, also when a killed program still holds a connection."""
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def close(self) -> None:
        """Remove the template."""
        self.drop(self._url_of(self._name))

    def _server_version(self) -> int:
        engine = create_engine(self._server_url, poolclass=NullPool)
        with engine.connect() as connection:
            version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
        engine.dispose()
        return int(version)

    def _url_of(self, name: str) -> str:
        return self._server_url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        """Run one statement outside a transaction, as CREATE DATABASE demands."""
        engine = create_engine(self._server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()
