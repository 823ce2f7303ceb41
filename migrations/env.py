"""Alembic's entry: works on the connection handed over by migrations.command."""

from __future__ import annotations

from alembic import context

from finance.schema import METADATA


def migrate() -> None:
    """Run the migrations on the connection in the configuration, in one transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate()
