"""The agency's desk over a small province: browsers without a screen, forms filled and sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from finance.actors import Actor
from finance.agencies.queries import hash_token
from finance.agencies.records import SignInSession
from finance.database import SessionFactory, reading, transaction
from finance.estimates.draft import EstimateDraft
from finance.estimates.estimate_lookup import acts_since
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.queries import estimate_row, load_draft
from finance.estimates.rows import EstimateRow
from tests.builders import Province, a_ceiling, a_draft, a_province
from webapp import create_app
from webapp.config import Settings
from webapp.request_scope import Doorway

NOW = datetime(2012, 2, 16, 3, 0, tzinfo=UTC)


class _Forms(HTMLParser):
    """Every form of a page as address and fields, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, MultiDict[str, str]]] = []
        self._fields: MultiDict[str, str] | None = None
        self._list_name = ""
        self._text_name = ""
        self._in_template = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attributes}
        if tag == "template":
            self._in_template = True
        if self._in_template:
            return
        if tag == "form":
            self._fields = MultiDict()
            self.forms.append((of.get("action", ""), self._fields))
        if self._fields is None:
            return
        name = of.get("name", "")
        if tag == "input" and name and self._is_sent(of):
            self._fields.add(name, of.get("value", ""))
        elif tag == "select":
            self._list_name = name
        elif tag == "option" and self._list_name:
            # A browser chooses the first option when none is marked.
            if "selected" in of or self._list_name not in self._fields:
                self._fields.setlist(self._list_name, [of.get("value", "")])
        elif tag == "textarea":
            self._text_name = name
            self._fields.add(name, "")

    def handle_data(self, data: str) -> None:
        if self._text_name and self._fields is not None:
            self._fields[self._text_name] = self._fields[self._text_name] + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self._in_template = False
        elif tag == "form":
            self._fields = None
        elif tag == "select":
            self._list_name = ""
        elif tag == "textarea":
            self._text_name = ""

    @staticmethod
    def _is_sent(of: dict[str, str]) -> bool:
        return of.get("type") not in {"checkbox", "radio"} or "checked" in of


class Visitor:
    """One person's browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def fields(self, page: str, address: str) -> MultiDict[str, str]:
        """The fields of the first form of a page that leads to the address."""
        parser = _Forms()
        parser.feed(page)
        found = [fields for action, fields in parser.forms if action.split("#")[0] == address]
        assert found, f"no form leads to {address}"
        return found[0]

    def send(self, page: str, address: str, **typed: str) -> TestResponse:
        """Fill the form of a page and send it; `__` in a name stands for `-`."""
        return self.post(address, self.fields(page, address), **typed)

    def post(self, address: str, fields: MultiDict[str, str], **typed: str) -> TestResponse:
        """Send these fields, some of them changed."""
        sent = MultiDict(fields)
        for name, text in typed.items():
            sent[name.replace("__", "-")] = text
        return self.client.post(address, data=sent)


@dataclass
class Desk:
    """A program over a store that holds one province and the estimate of Nha Trang."""

    app: Flask
    factory: SessionFactory
    province: Province
    estimate_id: int
    tokens: set[str] = field(default_factory=set)
    clock: list[datetime] = field(default_factory=lambda: [NOW])

    @property
    def address(self) -> str:
        """Of the estimate's page."""
        return f"/du-toan/{self.estimate_id}"

    def visitor(self, actor: Actor) -> Visitor:
        """The browser of a person who has signed in."""
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = self.token(actor)
            cookie["_fresh"] = True
        return Visitor(client)

    def token(self, actor: Actor) -> str:
        """A stored session of the person, one for all his browsers."""
        token = f"token-of-{actor.person_id}"
        if token not in self.tokens:
            self.tokens.add(token)
            stored = SignInSession(
                token_hash=hash_token(token), person_id=actor.person_id, created_at=NOW, last_seen_at=NOW
            )
            with transaction(self.factory) as session:
                session.add(stored)
        return token

    def pass_time(self, length: timedelta) -> None:
        """The machine's clock goes on; everybody stays signed in."""
        self.clock[0] += length
        with transaction(self.factory) as session:
            for stored in session.scalars(select(SignInSession)):
                stored.created_at = stored.last_seen_at = self.clock[0]

    def sentences(self) -> list[str]:
        """What the audit says of every change to the estimate, oldest first."""
        with reading(self.factory) as session:
            return list(acts_since(session, self.estimate_id, 0))

    def draft(self) -> EstimateDraft:
        """What the estimate asks now."""
        with reading(self.factory) as session:
            return load_draft(session, self.estimate_id)

    def row(self) -> EstimateRow:
        """The estimate now, as its office sees it."""
        with reading(self.factory) as session:
            return estimate_row(session, self.province.preparer, self.estimate_id)

    def save(self, draft: EstimateDraft) -> None:
        """Another person of the office saves, behind the back of whoever has a page open."""
        with transaction(self.factory) as session:
            seen = estimate_row(session, self.province.head, self.estimate_id).edit_number
            save_draft(session, self.province.head, self.estimate_id, draft=draft, seen_edit=seen)


@dataclass(frozen=True)
class PreparedEstimate:
    """A province and the id of Nha Trang's estimate, the same in every copy of the store they are in."""

    province: Province
    estimate_id: int


def prepare_estimate(factory: SessionFactory, draft: EstimateDraft | None = None) -> PreparedEstimate:
    """Fill an empty store; the estimate asks this (the builders' draft unless told)."""
    with transaction(factory) as session:
        province = a_province(session)
        return PreparedEstimate(
            province, _an_estimate(session, province, a_draft() if draft is None else draft)
        )


def a_desk(factory: SessionFactory, folder: Path, prepared: PreparedEstimate) -> Desk:
    """A desk over a store that was prepared."""
    settings = Settings(
        database_url="sqlite://",
        instance_folder=folder,
        secret_key="a secret that lives for one test only",
    )
    clock = [NOW]
    app = create_app(settings, Doorway(factory, machine_clock=lambda: clock[0]))
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = True
    return Desk(app, factory, prepared.province, prepared.estimate_id, clock=clock)


def _an_estimate(session: Session, province: Province, draft: EstimateDraft) -> int:
    nha_trang = province.agencies["H_NHATRANG"]
    a_ceiling(session, province.round_id, nha_trang, "NST_TX", 20_000_000)
    a_ceiling(session, province.round_id, nha_trang, "NST_DT", 60_000_000)
    estimate_id = start_estimate(session, province.preparer, round_id=province.round_id, agency_id=nha_trang)
    if draft.projects:
        save_draft(session, province.preparer, estimate_id, draft=draft, seen_edit=1)
    return estimate_id
