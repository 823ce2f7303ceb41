"""A reader sees one moment of the store, however many questions he asks; a writer sees the newest."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.database import SessionFactory, reading, transaction
from finance.rounds.records import BudgetRound
from tests.builders import a_round


def _rounds(session: Session) -> int:
    return session.scalar(select(func.count(BudgetRound.id))) or 0


def test_what_others_commit_does_not_come_into_a_page_half_read(session_factory: SessionFactory) -> None:
    with reading(session_factory) as reader:
        assert _rounds(reader) == 0
        with transaction(session_factory) as writer:
            a_round(writer)
        assert _rounds(reader) == 0
    with reading(session_factory) as reader:
        assert _rounds(reader) == 1


def test_a_writer_after_a_reader_sees_the_newest(session_factory: SessionFactory) -> None:
    """The reader's way of looking does not stay with the connection."""
    with reading(session_factory) as reader:
        assert _rounds(reader) == 0
    with transaction(session_factory) as writer:
        a_round(writer)
    with transaction(session_factory) as writer:
        assert _rounds(writer) == 1
        if writer.get_bind().dialect.name == "postgresql":
            assert writer.connection().get_isolation_level() == "READ COMMITTED"
