"""A store of its own for each test, with one office and two persons, and a browser-less visitor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import webapp
from finance.actors import Capacity, Function
from finance.agencies.records import Agency, FunctionAssignment, Person, Position
from finance.database import make_engine, make_session_factory, transaction
from finance.rounds.records import BudgetRound
from finance.rounds.rules import RoundKind
from tests.webapp.desks import HASHED, PASSWORD
from tests.webapp.gallery import blueprint as gallery
from webapp.config import Settings
from webapp.request_scope import Doorway

if TYPE_CHECKING:
    pass

SINCE = date(2011, 1, 1)


@dataclass
class Clock:
    """A machine clock that stands still until a test moves it."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 3, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, length: timedelta) -> None:
        self.now += length


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database_url="sqlite://",
        instance_folder=tmp_path,
        secret_key="a secret that lives for one test only",
        province_name="tỉnh A",
    )


@pytest.fixture
def app(
    sqlite_url: str, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    engine = make_engine(sqlite_url)
    factory = make_session_factory(engine)
    with transaction(factory) as session:
        _add_people(session)
        _add_round(session)
    monkeypatch.setattr("webapp.FEATURES", (*webapp.FEATURES, gallery))
    made = webapp.create_app(settings, Doorway(factory, machine_clock=clock))
    yield made
    engine.dispose()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app.test_client())


class Visitor:
    """A browser without a screen: keeps cookies, reads tokens out of pages, posts forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, **more: object) -> TestResponse:
        return self.client.get(address, buffered=True, **more)

    def token(self, address: str = "/dang-nhap") -> str:
        page = self.client.get(address, follow_redirects=True).text
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found, "the page has no CSRF token"
        return found.group(1)

    def post(self, address: str, *, at: str = "/dang-nhap", **fields: str) -> TestResponse:
        return self.client.post(address, data={"csrf_token": self.token(at), **fields})

    def sign_in(self, login: str = "lan", password: str = PASSWORD, **more: str) -> TestResponse:
        return self.post("/dang-nhap", login=login, password=password, **more)


def _add_people(session: Session) -> None:
    office = Agency(
        code="so-a",
        name_vi="Sở A",
        short_vi="Sở A",
        kind="department",
        budget_code=None,
        valid_from=SINCE,
        valid_to=None,
        source="test",
        search_key="so a",
        sort_key="so a",
    )
    session.add(office)
    session.flush()
    for login, name, function in (
        ("lan", "Nguyễn Thị Lan", Function.PREPARE),
        ("quan.tri", "Trần Văn Quản", Function.ADMINISTRATION),
    ):
        person = Person(login=login, full_name=name, password_hash=HASHED, is_active=True, sort_key=login)
        session.add(person)
        session.flush()
        session.add(
            Position(
                person_id=person.id,
                agency_id=office.id,
                function=function,
                capacity=Capacity.OFFICER,
                title_vi="Chuyên viên",
                valid_from=SINCE,
                valid_to=None,
            )
        )
    session.add(
        FunctionAssignment(
            function=Function.ADMINISTRATION,
            agency_id=office.id,
            valid_from=SINCE,
            valid_to=None,
            source="test",
        )
    )


def _add_round(session: Session) -> None:
    session.add(
        BudgetRound(
            code="2012-bs",
            name_vi="Đợt bổ sung đầu năm 2012",
            fiscal_year=2012,
            last_year=2015,
            kind=RoundKind.SUPPLEMENTARY,
            is_open=True,
            is_demonstration=True,
            business_on=date(2012, 2, 6),
        )
    )


Change = Callable[[Session], None]


@pytest.fixture
def store(app: Flask) -> Callable[[Change], None]:
    """Change the store behind the program's back."""

    def change(act: Change) -> None:
        with transaction(app.extensions["phanbo"].factory) as session:
            act(session)

    return change
