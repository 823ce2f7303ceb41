"""The store: one engine, two kinds of session, and the only place that commits.

`transaction()` is the one door for writing. On both stores there is one writer at a time: SQLite
by BEGIN IMMEDIATE, PostgreSQL by locking the single row of `writer_turn`. A province has some
hundred officers and short writes; one writer makes every check-then-write sound without retries,
and SQLite and PostgreSQL behave alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, func, make_url, select
from sqlalchemy.orm import Session, sessionmaker

from finance.errors import RecordDamaged, RuleBroken
from finance.record_base import WriterTurn

# `Session` is among them so that the web can name the type without knowing SQLAlchemy.
__all__ = [
    "Session",
    "SessionFactory",
    "changing_shape",
    "check_store",
    "make_engine",
    "make_session_factory",
    "read_once",
    "reading",
    "transaction",
]

SessionFactory = sessionmaker[Session]

Read = TypeVar("Read")

_WRITES = "phanbo_writes"
_READ_ALREADY = "phanbo_read_already"
_OUT_OF_RANGE = "22003"  # the code of the SQL standard
_MIGRATION_LOCK = 3377_2011  # any number that nobody else on the server locks


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL with the settings the promises rest on.

    Args:
        url: a SQLAlchemy URL; a bare ``postgresql://`` is read as psycopg 3.

    Returns:
        The engine. SQLite connections have foreign keys on, WAL and synchronous=FULL: with
        NORMAL an acknowledged approval may not survive a power cut.
    """
    address = make_url(url)
    if address.drivername in {"postgresql", "postgres"}:
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() != "sqlite":
        engine = create_engine(address, pool_pre_ping=True)
        event.listen(engine, "handle_error", _name_what_no_column_holds)
        return engine
    engine = create_engine(address, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def make_session_factory(engine: Engine) -> SessionFactory:
    """Sessions whose objects stay readable after the transaction has ended."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(factory: SessionFactory) -> Iterator[Session]:
    """A write session: committed when the block ends, rolled back on any error.

    Args:
        factory: made by `make_session_factory`.

    Yields:
        The session; it holds the writer's turn until the block ends, so keep the block short.

    Raises:
        RecordDamaged: the store has lost the row that writers take turns on.
    """
    with factory() as session:
        session.connection(execution_options={_WRITES: True})
        if session.scalar(select(WriterTurn.id).where(WriterTurn.id == 1).with_for_update()) is None:
            # Without the row PostgreSQL would lock nothing, and every check-then-write would race.
            raise RecordDamaged("the row of writer_turn is missing")
        yield session
        session.commit()


@contextmanager
def changing_shape(engine: Engine) -> Iterator[Connection]:
    """A connection for migrations: one at a time, and every step of it or none.

    A second starter waits here and then finds the newest shape already there.
    """
    with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        yield connection


@contextmanager
def reading(factory: SessionFactory) -> Iterator[Session]:
    """A session for looking only, at one moment: closing it keeps nothing of what was done in it.

    Everything read is of the moment of the first look, on both stores: a page made of several
    questions never shows half of what somebody else has just done.
    """
    # Closing rolls back; a rollback asked for would also empty the objects the caller still reads.
    with factory() as session:
        if session.get_bind().dialect.name == "postgresql":
            # SQLite's reader keeps its moment by itself; PostgreSQL would look anew at every question.
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        session.info[_READ_ALREADY] = {}
        yield session


def read_once(session: Session, name: tuple[str, int], read: Callable[[], Read]) -> Read:
    """What one look has read already under this name; a session that writes reads anew every time.

    A page asks for the same large thing in several places, and at one moment it is one thing.

    Args:
        session: made by `reading` or `transaction`.
        name: what it is and of what id.
        read: reads it; what it gives must be unchangeable.
    """
    known = session.info.get(_READ_ALREADY)
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    found: Read = known[name]
    return found


def check_store(engine: Engine) -> None:
    """Refuse to serve on a store that cannot keep the promises.

    Raises:
        RecordDamaged: SQLite without foreign keys, WAL or synchronous=FULL.
    """
    if engine.dialect.name != "sqlite":
        return
    wanted = {"foreign_keys": 1, "synchronous": 2}
    with engine.connect() as connection:
        for pragma, value in wanted.items():
            found = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            if found != value:
                raise RecordDamaged(f"SQLite PRAGMA {pragma} is {found}, must be {value}")
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        # A store in memory ("memory") would lose everything acknowledged at the first restart.
        if journal != "wal":
            raise RecordDamaged(f"SQLite journal_mode is {journal}, must be wal")


def _name_what_no_column_holds(context: ExceptionContext) -> None:
    """Say of a number too large what SQLite's driver says of it, and of a sign no text may hold what to mend.

    Raises:
        OverflowError: a number larger than its column, such as the id in a mistyped address.
        RuleBroken: a text with the sign of code 0.
    """
    error = context.original_exception
    if getattr(error, "sqlstate", None) == _OUT_OF_RANGE:
        raise OverflowError("a number larger than its column") from error
    if context.is_disconnect or "NUL (0x00)" not in str(error):
        return
    raise RuleBroken("Nội dung có ký tự điều khiển không lưu được; mời gõ lại thay vì dán.") from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set the pragmas and take BEGIN out of the driver's hands (SQLAlchemy's own recipe)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    """Take the write lock at the start of a write, never in the middle of it."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
