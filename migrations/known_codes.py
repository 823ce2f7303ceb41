"""Widening a CHECK that lists codes, in place, on both stores.

SQLite cannot alter a CHECK, and rebuilding the table would take its triggers and the keys that point
at it along; its own manual names editing the stored text as the way for CHECKs. Codes are added to
what the store lists now, so that two steps which each bring an act of their own fit in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from alembic import op
from sqlalchemy import inspect, text

_CODE = re.compile(r"'([^']+)'")


def add_known_codes(table: str, column: str, codes: Iterable[str]) -> None:
    """Let these codes, too, into the column (by the CHECK `codes_check` made)."""
    known = _known_codes(table, column)
    _replace(table, column, [*known, *(code for code in codes if code not in known)])


def remove_known_codes(table: str, column: str, codes: Iterable[str]) -> None:
    """Let these codes no longer into the column; refused by the store while a row holds one."""
    gone = set(codes)
    _replace(table, column, [code for code in _known_codes(table, column) if code not in gone])


def _known_codes(table: str, column: str) -> list[str]:
    wanted = _name(table, column)
    for check in inspect(op.get_bind()).get_check_constraints(table):
        if check["name"] == wanted:
            return _CODE.findall(str(check["sqltext"]))
    raise LookupError(f"{table} has no CHECK {wanted}")


def _replace(table: str, column: str, codes: list[str]) -> None:
    words = f"{column} IN ({', '.join(repr(code) for code in codes)})"
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(_name(table, column)), table, type_="check")
        op.create_check_constraint(op.f(_name(table, column)), table, words)
        return
    _refuse_foreign_codes(table, column, codes)
    _rewrite_sqlite(table, _name(table, column), words)


def _refuse_foreign_codes(table: str, column: str, codes: list[str]) -> None:
    """SQLite does not look at the rows when the text of a CHECK changes; PostgreSQL does."""
    listed = ", ".join(repr(code) for code in codes)
    question = text(f"SELECT {column} FROM {table} WHERE {column} NOT IN ({listed}) LIMIT 1")  # noqa: S608
    found = op.get_bind().scalar(question)
    if found is not None:
        raise ValueError(f"{table}.{column} holds {found!r}: the step back would forbid it")


def _rewrite_sqlite(table: str, name: str, words: str) -> None:
    bind = op.get_bind()
    stored = str(
        bind.scalar(text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :t"), {"t": table})
    )
    pattern = re.compile(rf"CONSTRAINT {name} CHECK \(\w+ IN \([^)]*\)\)")
    changed, count = pattern.subn(f"CONSTRAINT {name} CHECK ({words})", stored)
    if count != 1:
        raise LookupError(f"{table} does not say CHECK {name} as it was made")
    version = int(str(bind.scalar(text("PRAGMA schema_version"))))
    bind.execute(text("PRAGMA writable_schema = ON"))
    bind.execute(
        text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :t"),
        {"sql": changed, "t": table},
    )
    # Every open connection, this one too, reads the shape anew.
    bind.execute(text(f"PRAGMA schema_version = {version + 1}"))
    bind.execute(text("PRAGMA writable_schema = RESET"))


def _name(table: str, column: str) -> str:
    return f"ck_{table}_{column}_known"
