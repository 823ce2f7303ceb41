"""The one door for writing: whole or not at all, one at a time, on both stores alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from finance.database import (
    SessionFactory,
    changing_shape,
    check_store,
    make_engine,
    make_session_factory,
    reading,
    transaction,
)
from finance.errors import RecordDamaged, RuleBroken
from finance.record_base import WriterTurn
from finance.rounds.records import BudgetRound

Door = Callable[[SessionFactory], AbstractContextManager[Session]]


def rows(factory: SessionFactory) -> list[int]:
    with reading(factory) as session:
        return sorted(session.scalars(select(WriterTurn.id)))


def write_and_fail(factory: SessionFactory, error: type[BaseException], door: Door = transaction) -> None:
    with door(factory) as session:
        session.add(WriterTurn(id=2))
        session.flush()
        raise error


def next_number(session: Session) -> int:
    return (session.scalar(select(func.max(WriterTurn.id))) or 0) + 1


def test_what_the_block_did_is_kept_when_it_ends(session_factory: SessionFactory) -> None:
    with transaction(session_factory) as session:
        session.add(WriterTurn(id=2))
    assert rows(session_factory) == [1, 2]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_any_error_undoes_the_whole_block(
    session_factory: SessionFactory, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        write_and_fail(session_factory, error)
    assert rows(session_factory) == [1]
    with transaction(session_factory) as session:  # and the turn was given back
        session.add(WriterTurn(id=3))
    assert rows(session_factory) == [1, 3]


def test_a_broken_rule_at_the_end_undoes_everything_before_it(session_factory: SessionFactory) -> None:
    def write_a_second_first_row() -> None:
        with transaction(session_factory) as session:
            session.add(WriterTurn(id=2))
            session.flush()
            session.execute(text("INSERT INTO writer_turn (id) VALUES (1)"))

    with pytest.raises(IntegrityError):
        write_a_second_first_row()
    assert rows(session_factory) == [1]


def test_two_writers_take_turns_so_that_check_then_write_stays_exact(
    session_factory: SessionFactory,
) -> None:
    def write_ten(_writer: int) -> None:
        for _ in range(10):
            with transaction(session_factory) as session:
                number = next_number(session)
                time.sleep(0.002)  # room for the other to read the same number
                session.add(WriterTurn(id=number))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write_ten, range(2)))
    assert rows(session_factory) == list(range(1, 22))


def test_migrations_wait_for_one_another(engine: Engine) -> None:
    def add_one(_starter: int) -> None:
        with changing_shape(engine) as connection:
            number = connection.scalar(select(func.max(WriterTurn.id)))
            time.sleep(0.05)
            connection.execute(text(f"INSERT INTO writer_turn (id) VALUES ({number + 1})"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_one, range(4)))
    assert rows(make_session_factory(engine)) == [1, 2, 3, 4, 5]


def test_a_migration_that_fails_leaves_nothing(engine: Engine) -> None:
    def make_half() -> None:
        with changing_shape(engine) as connection:
            connection.execute(text("CREATE TABLE half_made (id INTEGER PRIMARY KEY)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        make_half()
    with engine.connect() as connection:
        assert not engine.dialect.has_table(connection, "half_made")


def test_looking_does_not_wait_for_a_writer(session_factory: SessionFactory) -> None:
    with transaction(session_factory) as session:
        session.add(WriterTurn(id=2))
        session.flush()
        assert rows(session_factory) == [1], "and sees only what was finished"


def test_looking_keeps_nothing(session_factory: SessionFactory) -> None:
    with reading(session_factory) as session:
        session.add(WriterTurn(id=2))
        session.flush()
    with pytest.raises(ZeroDivisionError):
        write_and_fail(session_factory, ZeroDivisionError, door=reading)
    assert rows(session_factory) == [1]


@pytest.mark.parametrize("door", [transaction, reading], ids=["transaction", "reading"])
def test_what_was_found_stays_readable_afterwards(session_factory: SessionFactory, door: Door) -> None:
    with door(session_factory) as session:
        found = session.get_one(WriterTurn, 1)
    assert found.id == 1


def test_a_store_without_the_row_of_turns_is_not_written_to(session_factory: SessionFactory) -> None:
    with transaction(session_factory) as session:
        session.delete(session.get_one(WriterTurn, 1))
    with pytest.raises(RecordDamaged, match="writer_turn"), transaction(session_factory):
        pass


def test_a_row_that_names_nothing_is_refused_by_both_stores(session: Session) -> None:
    orphan = (
        "INSERT INTO round_deadline (id, round_id, stage, due_at) VALUES (1, 99, 'APPROVAL', '2012-03-01')"
    )
    with pytest.raises(IntegrityError):
        session.execute(text(orphan))


@pytest.mark.parametrize("number", [2**31, 2**63, -(2**70)])
def test_a_number_no_column_holds_names_nothing_on_either_store(
    session_factory: SessionFactory, number: int
) -> None:
    """PostgreSQL's own error would be a mishap of the program for every mistyped address."""
    with reading(session_factory) as session, suppress(OverflowError):
        assert session.get(WriterTurn, number) is None


def test_a_sign_no_text_holds_is_refused_with_a_sentence_or_kept(session_factory: SessionFactory) -> None:
    with reading(session_factory) as session, suppress(RuleBroken):
        assert session.scalar(select(BudgetRound.id).where(BudgetRound.code == "NAM\x00")) is None


def test_postgresql_without_a_driver_is_read_as_psycopg_3() -> None:
    for given in ("postgresql://postgres@/phanbo", "postgresql+psycopg://postgres@/phanbo"):
        assert make_engine(given).url.drivername == "postgresql+psycopg"


def test_sqlite_is_set_up_to_survive_a_power_cut(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_sound_store_is_let_through(engine: Engine) -> None:
    check_store(engine)


@pytest.mark.parametrize(
    ("pragmas", "named"),
    [
        (["foreign_keys=OFF"], "foreign_keys"),
        (["synchronous=NORMAL"], "synchronous"),
        (["journal_mode=DELETE"], "journal_mode"),
    ],
)
def test_a_store_that_cannot_keep_the_promises_is_refused(
    sqlite_url: str, pragmas: list[str], named: str
) -> None:
    engine = make_engine(sqlite_url)

    def spoil(connection: object, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    event.listen(engine, "connect", spoil)
    with pytest.raises(RecordDamaged, match=named):
        check_store(engine)
    engine.dispose()


def test_a_store_in_memory_is_refused() -> None:
    engine = make_engine("sqlite://")
    with pytest.raises(RecordDamaged, match="journal_mode is memory"):
        check_store(engine)
    engine.dispose()


def test_a_store_opened_past_the_one_door_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    with pytest.raises(RecordDamaged):
        check_store(engine)
    engine.dispose()
