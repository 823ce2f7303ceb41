"""What an acknowledged act costs at the store; the promises are generous for two shared cores."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change, Subject, find_broken_entry, record_change
from finance.clock import Moment
from finance.database import SessionFactory, reading, transaction
from migrations.command import downgrade, upgrade
from tests.bench.measuring import median_milliseconds

pytestmark = pytest.mark.bench

NOON = datetime(2012, 2, 6, 5, 0, tzinfo=UTC)
ACTOR = Actor(person_id=0, full_name="Nguyễn Thị Lan", seats=(), moment=Moment(NOON, NOON))
ENTRIES_OF_A_YEAR = 10_000


def _append(factory: SessionFactory, numbers: itertools.count[int], entries: int) -> None:
    with transaction(factory) as session:
        for number in itertools.islice(numbers, entries):
            subject = Subject("bench", number, f"Hồ sơ số {number}")
            record_change(session, ACTOR, Action.SIGN_IN, subject, seat=None, change=Change(reason="đo"))


def test_one_audited_write_answers_at_once(session_factory: SessionFactory) -> None:
    numbers = itertools.count(1)
    middle = median_milliseconds("one audited write", lambda: _append(session_factory, numbers, 1), times=100)
    assert middle < 100


def test_the_audit_of_a_year_is_verified_within_seconds(session_factory: SessionFactory) -> None:
    _append(session_factory, itertools.count(1), ENTRIES_OF_A_YEAR)

    def verify() -> None:
        with reading(session_factory) as session:
            assert find_broken_entry(session) is None

    assert median_milliseconds(f"verify {ENTRIES_OF_A_YEAR} audit entries", verify, times=3) < 10_000


def test_an_empty_store_is_migrated_within_seconds(engine: Engine) -> None:
    def down_and_up() -> None:
        downgrade(engine)
        upgrade(engine)

    assert median_milliseconds("all migrations down and up", down_and_up, times=3) < 10_000
