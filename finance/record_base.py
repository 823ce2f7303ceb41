"""What every stored record shares: the base class, the column types, the naming convention.

Column types that exist on one database only are not used. Amounts are whole đồng in BigInteger
(Numeric on SQLite is REAL and sums to 0.30000000000000004); quantities are whole thousandths.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from finance.labels import LabelledEnum

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Record(DeclarativeBase):
    """Base of every stored record."""

    metadata = METADATA


class WholeNumber(TypeDecorator[int]):
    """A BigInteger that refuses everything but int: a float must never slip into an amount."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Pass an int on, refuse bool, float and Decimal."""
        if value is None:
            return None
        if type(value) is not int:
            raise TypeError(f"a whole number is needed, not {value!r}")
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        """Give back an int: PostgreSQL sums BigInteger to Decimal, and SQLite would keep a stray REAL."""
        if value is None or type(value) is int:
            return value
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        raise TypeError(f"the store holds {value!r} where a whole number belongs")


class VndColumn(WholeNumber):
    """An amount in whole đồng."""

    cache_ok = True


class ThousandthsColumn(WholeNumber):
    """A quantity in whole thousandths (decimals of at most three places)."""

    cache_ok = True


class UtcMoment(TypeDecorator[datetime]):
    """An aware instant; stored in UTC, refused when naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC (SQLite keeps no zone, so it is dropped there)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a naive datetime cannot be stored: which instant is it?")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC time on both stores."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """A JSON value in a Text column, written canonically so that equal values are equal text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the value as canonical JSON."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the JSON text back."""
        return None if value is None else json.loads(value)


class CodeColumn(TypeDecorator[LabelledEnum]):
    """A labelled enum stored as its English code."""

    impl = String(40)
    cache_ok = True

    def __init__(self, kind: type[LabelledEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: LabelledEnum | None, dialect: Dialect) -> str | None:
        """Store the code; refuse a bare string so that a misspelt code cannot pass."""
        if value is None:
            return None
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.kind.__name__} is needed, not {value!r}")
        return str(value.value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> LabelledEnum | None:
        """Give the enum member back."""
        return None if value is None else self.kind.of(value)


class WriterTurn(Record):
    """The one row that a writer on PostgreSQL holds while it writes (see finance/database.py)."""

    __tablename__ = "writer_turn"

    id: Mapped[int] = mapped_column(primary_key=True)


def codes_check(column: str, kind: type[LabelledEnum]) -> CheckConstraint:
    """A CHECK that lets only the enum's codes into the column."""
    codes = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({codes})", name=f"{column}_known")


def canonical_json(value: Any) -> str:
    """One text for one value: sorted keys, no spaces, Vietnamese letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
