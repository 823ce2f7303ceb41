"""Bringing a database to a shape, or back; used by the command line, the start-up and the tests."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from finance.database import changing_shape

HERE = Path(__file__).parent


def newest_number() -> str:
    """The number in CURRENT_HEAD: two branches that add a migration collide there, in git."""
    return (HERE / "CURRENT_HEAD").read_text().strip()


def stored_number(engine: Engine) -> str | None:
    """The number of the shape the database has now, or None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database up to the given number, in one transaction."""
    with changing_shape(engine) as connection:
        command.upgrade(_configuration(connection), to)


def downgrade(engine: Engine, to: str = "base") -> None:
    """Bring the database down to the given number, in one transaction."""
    with changing_shape(engine) as connection:
        command.downgrade(_configuration(connection), to)


def _configuration(connection: object) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(HERE))
    configuration.attributes["connection"] = connection
    return configuration
