"""The reviewer's desk over a small province: a program, signed-in browsers without a screen, pages read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from finance.actors import Actor
from finance.agencies.queries import hash_token
from finance.agencies.records import SignInSession
from finance.audit import AuditEntry
from finance.database import SessionFactory, make_engine, make_session_factory, reading, transaction
from finance.estimates.records import Estimate
from finance.estimates.rows import LineRow
from finance.estimates.workflow import EstimateStatus
from finance.reviews.figures import AppraisedProject
from finance.reviews.rules import CutReason
from tests.builders import Province, a_province
from tests.finance.reviews.review_stages import edit_of, projects_of
from tests.stores import SqliteTemplate
from webapp import create_app
from webapp.config import Settings
from webapp.request_scope import Doorway

NOW = datetime(2012, 2, 16, 3, 0, tzinfo=UTC)
Stage = Callable[[Session, Province], int]


class Visitor:
    """One person's browser: keeps the session, takes forms out of pages and posts them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, *, is_partial: bool = False) -> TestResponse:
        return self.client.get(address, headers={"HX-Request": "true"} if is_partial else {})

    def hidden_of(self, page: str, action: str) -> dict[str, str]:
        """The hidden fields of the form with this action on a page."""
        form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
        assert form, f"no form leads to {action}"
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.group(1))
        return dict(hidden)

    def send(
        self, page: str, action: str, *, is_partial: bool = False, without: str = "", **typed: object
    ) -> TestResponse:
        """Fill the form of a page and send it; `without` leaves one of its fields out."""
        fields = {**self.hidden_of(page, action), **typed}
        fields.pop(without, None)
        return self.client.post(action, data=fields, headers={"HX-Request": "true"} if is_partial else {})


@dataclass
class Desk:
    """A program over a store that holds one province and one estimate at some stage."""

    app: Flask
    factory: SessionFactory
    province: Province
    estimate_id: int

    def visitor(self, actor: Actor) -> Visitor:
        """The browser of a person who has signed in."""
        token = f"token-of-{actor.person_id}"
        with transaction(self.factory) as session:
            session.add(
                SignInSession(
                    token_hash=hash_token(token), person_id=actor.person_id, created_at=NOW, last_seen_at=NOW
                )
            )
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return Visitor(client)

    def projects(self) -> list[AppraisedProject]:
        """What is stored of the estimate now."""
        with reading(self.factory) as session:
            return projects_of(session, self.estimate_id)

    def edit(self) -> int:
        """The edit number a page made now carries."""
        with reading(self.factory) as session:
            return edit_of(session, self.estimate_id)

    def address(self, sheet: str = "") -> str:
        """The address of a sheet of the estimate."""
        return f"/tham-dinh/{self.estimate_id}{sheet}"


class PreparedStages:
    """Stores whose estimate of Nha Trang was brought to a stage: each made once, copied for every desk."""

    def __init__(self, folder: Path, empty: SqliteTemplate) -> None:
        self._folder, self._empty = folder, empty
        self._made: dict[Stage, tuple[SqliteTemplate, Province, int]] = {}

    @contextmanager
    def desk_at(self, stage: Stage, folder: Path) -> Iterator[Desk]:
        """A desk over a copy of its own."""
        if stage not in self._made:
            self._made[stage] = self._prepared(stage)
        template, province, estimate_id = self._made[stage]
        url = template.fresh_url()
        engine = make_engine(url)
        factory = make_session_factory(engine)
        yield Desk(_a_program(factory, folder), factory, province, estimate_id)
        engine.dispose()
        template.drop(url)

    def _prepared(self, stage: Stage) -> tuple[SqliteTemplate, Province, int]:
        made: list[tuple[Province, int]] = []

        def prepare(url: str) -> None:
            empty = self._empty.fresh_url()
            shutil.copyfile(make_url(empty).database or "", make_url(url).database or "")
            self._empty.drop(empty)
            engine = make_engine(url)
            with transaction(make_session_factory(engine)) as session:
                province = a_province(session)
                made.append((province, stage(session, province)))
            engine.dispose()

        folder = self._folder / str(len(self._made))
        folder.mkdir()
        return SqliteTemplate(folder, prepare), *made[0]


def _a_program(factory: SessionFactory, folder: Path) -> Flask:
    settings = Settings(
        database_url="sqlite://",
        instance_folder=folder,
        secret_key="a secret that lives for one test only",
    )
    app = create_app(settings, Doorway(factory, machine_clock=lambda: NOW))
    app.testing = True
    return app


def status_of(desk: Desk) -> EstimateStatus:
    """Where the estimate stands now."""
    with reading(desk.factory) as session:
        return session.get_one(Estimate, desk.estimate_id).status


def acts_in(desk: Desk) -> int:
    """How many acts the audit holds."""
    with reading(desk.factory) as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def cut_first_line(
    desk: Desk, visitor: Visitor, *, is_partial: bool = False, **typed: str
) -> tuple[LineRow, str, dict[str, str], TestResponse]:
    """Open the form of the second project's first line, cut it, and send; `quantity` fills every level."""
    line = desk.projects()[1].lines[0].line
    page = visitor.get(desk.address(f"/dong-chi?sua={line.id}")).text
    fields = {"unit_price": "10.000.000", "reason": CutReason.NOT_THRIFTY.value, "words": "Giá cao."} | typed
    fields |= {f"quantity-{one.level_id}": typed.get("quantity", "2") for one in line.quantities}
    fields.pop("quantity", None)
    return (
        line,
        page,
        fields,
        visitor.send(page, desk.address(f"/dong-chi/{line.id}"), is_partial=is_partial, **fields),
    )
