"""A CHECK that lists codes is widened and narrowed in place, with the rows and triggers around it."""

from __future__ import annotations

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from finance.database import changing_shape
from migrations.known_codes import add_known_codes, remove_known_codes

TABLE, COLUMN = "audit_entry", "action"


def _add_row(connection: Connection, code: str) -> None:
    columns = (
        "business_at, recorded_at, person_name, action, subject_kind, subject_id, subject_label, from_state,"
        " to_state, reason, details, previous_hash, entry_hash"
    )
    values = "'2012-02-15', '2012-02-15', 'A', :code, 'x', 1, '', '', '', '', '{}', :code, :code"
    connection.execute(text(f"INSERT INTO {TABLE} ({columns}) VALUES ({values})"), {"code": code})


def _change(engine: Engine, act: object, *codes: str) -> None:
    with changing_shape(engine) as connection, Operations.context(MigrationContext.configure(connection)):
        act(TABLE, COLUMN, codes)  # type: ignore[operator]


def test_a_code_is_let_in_and_shut_out_again(engine: Engine) -> None:
    _change(engine, add_known_codes, "NEW_ACT", "SIGN_IN")
    with pytest.raises(DatabaseError), engine.begin() as connection:
        _add_row(connection, "NEVER_HEARD_OF")
    _change(engine, remove_known_codes, "NEW_ACT")
    with pytest.raises(DatabaseError), engine.begin() as connection:
        _add_row(connection, "NEW_ACT")
    _change(engine, add_known_codes, "NEW_ACT")
    with engine.begin() as connection:
        _add_row(connection, "NEW_ACT")
        _add_row(connection, "SIGN_IN")
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
        connection.execute(text(f"DELETE FROM {TABLE}"))


def test_a_step_back_is_refused_while_a_row_holds_the_code(engine: Engine) -> None:
    _change(engine, add_known_codes, "NEW_ACT")
    with engine.begin() as connection:
        _add_row(connection, "NEW_ACT")
    with pytest.raises((ValueError, DatabaseError)):
        _change(engine, remove_known_codes, "NEW_ACT")
    names = {check["name"] for check in inspect(engine).get_check_constraints(TABLE)}
    assert f"ck_{TABLE}_{COLUMN}_known" in names
