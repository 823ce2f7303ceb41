"""The plumbing itself: every test gets a store of its own, with what the migrations put there."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from finance.database import SessionFactory, reading, transaction
from finance.record_base import WriterTurn
from migrations.command import newest_number, stored_number


def test_a_fresh_store_has_the_newest_shape_and_the_writers_row(engine: Engine, session: Session) -> None:
    assert stored_number(engine) == newest_number()
    assert len(session.scalars(select(WriterTurn)).all()) == 1


@pytest.mark.parametrize("round_number", [1, 2])
def test_nothing_of_one_test_is_seen_by_the_next(session_factory: SessionFactory, round_number: int) -> None:
    with transaction(session_factory) as session:
        assert session.get(WriterTurn, 77) is None, f"left over before round {round_number}"
        session.add(WriterTurn(id=77))
    with reading(session_factory) as session:
        assert session.get(WriterTurn, 77) is not None


def test_the_session_fixture_survives_a_broken_rule(session: Session) -> None:
    session.add(WriterTurn(id=1))
    with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
        session.flush()
