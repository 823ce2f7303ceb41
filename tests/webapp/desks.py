"""A province in the store and a browser-less visitor for each of its people."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from finance.actors import Actor
from finance.agencies.records import Person
from finance.database import SessionFactory
from tests.builders import Province

PASSWORD = "mật khẩu đủ dài"
# Cheap on purpose: the digest names its own cost, and some hundred tests sign in.
HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def give_passwords(session: Session) -> None:
    """Let everybody of the province sign in with the one password of the tests."""
    for person in session.scalars(select(Person)):
        person.password_hash = HASHED


@dataclass
class Desks:
    """The running program, its store and its people."""

    app: Flask
    factory: SessionFactory
    province: Province

    def at(self, actor: Actor) -> Browser:
        """A browser in which this person has signed in."""
        with self.factory() as session:
            login = session.get_one(Person, actor.person_id).login
        browser = Browser(self)
        answer = browser.send("/dang-nhap", "/dang-nhap", login=login, password=PASSWORD)
        assert answer.status_code == 303, "the sign-in was refused"
        return browser


@dataclass
class Form:
    """A form of a page: where it goes and what it carries unless typed over."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Browser:
    """Keeps cookies, opens pages, sends the forms that stand on them."""

    def __init__(self, desks: Desks) -> None:
        self.client = desks.app.test_client()

    def open(self, address: str, status: int = 200) -> str:
        """The text of a page that must answer with this status."""
        answer = self.client.get(address)
        assert answer.status_code == status, f"{address}: {answer.status_code}, wanted {status}"
        return answer.text

    def form(self, address: str, action: str | None = None) -> Form:
        """The form that leads to `action` (the page itself unless told), as the page made it."""
        wanted = action or address.partition("?")[0]
        forms = FormReader.forms_of(self.open(address))
        found = next((form for form in forms if form.action.partition("?")[0] == wanted), None)
        assert found is not None, f"{address} has no form to {wanted}, only {[f.action for f in forms]}"
        return found

    def post(self, form: Form, **typed: str) -> TestResponse:
        """Send a form with these fields typed over."""
        return self.client.post(form.action, data=form.fields | typed)

    def send(self, address: str, action: str | None = None, **typed: str) -> TestResponse:
        """Open the page, type, send."""
        return self.post(self.form(address, action), **typed)


class FormReader(HTMLParser):
    """Reads the forms of a page with the values a browser would send untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._area = ""

    @classmethod
    def forms_of(cls, page: str) -> list[Form]:
        reader = cls()
        reader.feed(page)
        return reader.forms

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(said.get("action", "")))
        elif self.forms and said.get("name"):
            self._read_field(tag, said)
        elif tag == "option" and self._select:
            fields = self.forms[-1].fields
            if "selected" in said or self._select not in fields:
                fields[self._select] = said.get("value", "")

    def _read_field(self, tag: str, said: dict[str, str]) -> None:
        fields = self.forms[-1].fields
        self._select = said["name"] if tag == "select" else ""
        self._area = said["name"] if tag == "textarea" else ""
        if tag == "input" and (said.get("type") not in {"checkbox", "radio"} or "checked" in said):
            fields[said["name"]] = said.get("value", "")
        elif tag == "textarea":
            fields[said["name"]] = ""

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1].fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            fields = self.forms[-1].fields
            fields[self._area] = re.sub(r"^\r?\n", "", fields[self._area])
            self._area = ""
