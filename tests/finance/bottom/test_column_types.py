"""What may be stored: whole numbers, instants, known codes, one text for one value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from sqlalchemy import func, literal, literal_column, select, text, type_coerce, union_all
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from finance.actors import Capacity, Function
from finance.clock import VIETNAM_TIME
from finance.jobs.records import Job
from finance.record_base import (
    CodeColumn,
    JsonText,
    ThousandthsColumn,
    UtcMoment,
    VndColumn,
    WholeNumber,
    canonical_json,
)

WHOLE_KINDS = [WholeNumber(), VndColumn(), ThousandthsColumn()]


def stored_and_read(session: Session, value: Any, kind: TypeEngine[Any]) -> Any:
    return session.scalar(select(literal(value, kind)))


def test_a_whole_number_comes_back_as_it_went(session: Session) -> None:
    for kind, value in product(WHOLE_KINDS, (0, -1, 1_234_567_890_123, 2**62, None)):
        found = stored_and_read(session, value, kind)
        assert (found, type(found)) == (value, type(value)), kind


def test_nothing_but_a_whole_number_gets_in(session: Session) -> None:
    for kind, wrong in product(WHOLE_KINDS, (1.0, 0.1, True, False, Decimal(1), "1", float("nan"))):
        with pytest.raises(StatementError, match="whole number"):
            stored_and_read(session, wrong, kind)


def test_a_sum_is_a_whole_number_on_both_stores(session: Session) -> None:
    amounts = union_all(*(select(literal(10**15 + n, VndColumn()).label("vnd")) for n in range(3))).subquery()
    total = session.scalar(select(func.sum(amounts.c.vnd)))
    assert total == 3 * 10**15 + 3
    assert type(total) is int


def test_a_fraction_that_slipped_into_the_store_is_not_read_as_money(session: Session) -> None:
    with pytest.raises(TypeError, match="where a whole number belongs"):
        session.scalar(select(type_coerce(literal_column("1.5"), VndColumn())))


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="naive"):
        stored_and_read(session, datetime(2012, 2, 29, 17, 0), UtcMoment())  # noqa: DTZ001


def test_a_moment_is_the_same_instant_afterwards_and_says_so_in_utc(session: Session) -> None:
    for zone in (UTC, VIETNAM_TIME, timezone(timedelta(hours=-5))):
        moment = datetime(2012, 2, 29, 23, 59, 59, 123456, tzinfo=zone)
        found = stored_and_read(session, moment, UtcMoment())
        assert found == moment
        assert found.utcoffset() == timedelta()


def test_a_code_goes_in_as_its_member_only(session: Session) -> None:
    assert stored_and_read(session, Capacity.HEAD, CodeColumn(Capacity)) is Capacity.HEAD
    for wrong in ("HEAD", "head", Function.APPROVAL):
        with pytest.raises(StatementError, match="Capacity is needed"):
            stored_and_read(session, wrong, CodeColumn(Capacity))


def test_a_code_nobody_knows_is_neither_stored_nor_read(session: Session) -> None:
    with pytest.raises(ValueError, match="is not a Capacity"):
        session.scalar(select(type_coerce(literal_column("'CLERK'"), CodeColumn(Capacity))))
    session.add(Job(kind="X", subject_id=1, requested_by_id=1, requested_at=datetime(2026, 1, 5, tzinfo=UTC)))
    session.flush()
    with pytest.raises(IntegrityError, match="state_known"):
        session.execute(text("UPDATE job SET state = 'LOST'"))


def test_one_value_has_one_text() -> None:
    assert canonical_json({"b": 1, "a": ("Hòa", None)}) == '{"a":["Hòa",null],"b":1}'
    assert canonical_json({"a": ["Hòa", None], "b": 1}) == canonical_json({"b": 1, "a": ["Hòa", None]})


def test_json_comes_back_and_a_date_is_refused(session: Session) -> None:
    value = {"mức": [1, 2], "tên": "Khánh Vĩnh", "không": None}
    assert stored_and_read(session, value, JsonText()) == value
    with pytest.raises(StatementError, match="not JSON serializable"):
        stored_and_read(session, {"on": date(2012, 1, 1)}, JsonText())
