"""Bringing a database to a shape, or back; used by the command line, the start-up and the tests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, column, inspect, select, table

from finance.database import changing_shape

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent

# Where Alembic keeps the number. Web and worker read it themselves and load Alembic only to change the
# shape: with its templates and highlighting it costs a fifth of their start.
_KEPT_IN = table("alembic_version", column("version_num"))


def newest_number() -> str:
    """The number in CURRENT_HEAD: two branches that add a migration collide there, in git."""
    return (HERE / "CURRENT_HEAD").read_text().strip()


def stored_number(engine: Engine) -> str | None:
    """The number of the shape the database has now, or None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table(_KEPT_IN.name):
            return None
        number: str | None = connection.scalar(select(_KEPT_IN.c.version_num))
        return number


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database up to the given number, in one transaction."""
    from alembic import command

    with changing_shape(engine) as connection:
        command.upgrade(_configuration(connection), to)


def downgrade(engine: Engine, to: str = "base") -> None:
    """Bring the database down to the given number, in one transaction."""
    from alembic import command

    with changing_shape(engine) as connection:
        command.downgrade(_configuration(connection), to)


def _configuration(connection: object) -> Config:
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(HERE))
    configuration.attributes["connection"] = connection
    return configuration
