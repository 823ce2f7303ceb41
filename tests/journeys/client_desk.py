"""The desk without a browser: reads the page's forms and sends what a browser without scripts would send."""

from __future__ import annotations

import io
from collections.abc import Mapping
from urllib.parse import urljoin

from flask import Flask
from werkzeug.datastructures import MultiDict

from finance.clock import machine_now
from finance.database import SessionFactory
from tests.journeys.desk import File, Typed
from tests.journeys.page_reading import (
    Element,
    fields_named,
    filled_names,
    find_by_words,
    label_of,
    read_page,
)
from webapp.worker import work

Sent = MultiDict[str, str | tuple[io.BytesIO, str]]


class ClientDesk:
    """One person's browser without a screen."""

    def __init__(self, app: Flask, factory: SessionFactory) -> None:
        self._client = app.test_client()
        self._factory = factory
        self._files: dict[str, File] = {}
        self.address = "/"
        self.page = read_page("")

    @property
    def words(self) -> str:
        return next(self.page.all("main")).words

    def sign_in(self, login: str, password: str) -> None:
        self.open("/dang-nhap")
        self.send("Đăng nhập", {"login": login, "password": password})

    def open(self, address: str, status: int = 200) -> None:
        self._read(address, self._client.get(address, follow_redirects=True), status)

    def follow(self, words: str, beside: str = "") -> None:
        link = find_by_words(self.page, ("a",), words, beside)
        self.open(urljoin(self.address, link.get("href").partition("#")[0]))

    def boxes(self, button: str) -> list[str]:
        return filled_names(find_by_words(self.page, ("button",), button, ""))

    def fill(self, button: str, typed: Mapping[str, Typed], beside: str = "") -> None:
        form = _form_of(find_by_words(self.page, ("button",), button, beside))
        for name, value in typed.items():
            self._fill_one(form, name, value)

    def choose(self, button: str, typed: Mapping[str, str], without_scripts: str = "") -> None:
        self.fill(button, typed)
        if without_scripts:
            self.send(without_scripts)

    def press(self, button: str) -> None:
        self.send(button)

    def send(
        self,
        button: str,
        typed: Mapping[str, Typed] | None = None,
        *,
        beside: str = "",
        status: int = 200,
    ) -> None:
        address, content = self.envelope(button, typed, beside=beside)
        self._read(address, self._client.post(address, data=content, follow_redirects=True), status)

    def envelope(
        self, button: str, typed: Mapping[str, Typed] | None = None, *, beside: str = ""
    ) -> tuple[str, Sent]:
        """What the button would send, and where to: kept by a test that sends it twice."""
        self.fill(button, typed or {}, beside)
        pressed = find_by_words(self.page, ("button",), button, beside)
        form = _form_of(pressed)
        content = self._content_of(form)
        if pressed.get("name"):
            content.add(pressed.get("name"), pressed.get("value"))
        target = pressed.get("formaction") or form.get("action")
        return urljoin(self.address, target.partition("#")[0]), content

    def post(self, address: str, content: Sent, status: int = 200) -> None:
        """Send an envelope, perhaps once more."""
        self._read(address, self._client.post(address, data=content, follow_redirects=True), status)

    def download(self, words: str) -> bytes:
        link = find_by_words(self.page, ("a",), words, "")
        answer = self._client.get(urljoin(self.address, link.get("href")))
        assert answer.status_code == 200, f"“{words}” answers {answer.status_code}"
        return answer.data

    def await_result(self, heading: str) -> None:
        work(self._factory, machine_now, is_once=True)
        self.open(self.address)
        assert self._heading().startswith(heading), f"the page is “{self._heading()}”, not “{heading}”"

    def show(self, name: str) -> None:
        title = next(self.page.all("title")).words
        assert title == f"{self._heading()} – Phân Bổ", f"{name}: title “{title}”"

    def _heading(self) -> str:
        headings = [one.words for one in self.page.all("h1")]
        assert len(headings) == 1, f"{self.address} has the headings {headings}"
        return headings[0]

    def _read(self, asked: str, answer: object, status: int) -> None:
        got = answer.status_code  # type: ignore[attr-defined]
        self.address = answer.request.full_path.rstrip("?")  # type: ignore[attr-defined]
        self.page = read_page(answer.text)  # type: ignore[attr-defined]
        self._files.clear()
        assert got == status, f"{asked} answers {got}, not {status}: {self.words[:1500]}"

    def _fill_one(self, form: Element, name: str, value: Typed) -> None:
        boxes = fields_named(form, name)
        kind = boxes[0].get("type")
        if isinstance(value, File):
            self._files[boxes[0].get("name")] = value
        elif kind in {"checkbox", "radio"}:
            _tick(form, boxes, (value,) if isinstance(value, str) else tuple(value))
        elif boxes[0].tag == "select":
            _select(boxes[0], str(value))
        elif boxes[0].tag == "textarea":
            boxes[0].inside = [str(value)]
        else:
            boxes[0].attributes["value"] = str(value)

    def _content_of(self, form: Element) -> Sent:
        content: Sent = MultiDict()
        for box in form.all("input", "select", "textarea"):
            name = box.get("name")
            if not name or "disabled" in box.attributes:
                continue
            if box.get("type") == "file":
                file = self._files.get(name, File("", b""))
                content.add(name, (io.BytesIO(file.content), file.name))
            elif box.tag == "select":
                chosen = _chosen(box)
                if chosen is not None:
                    content.add(name, chosen)
            elif box.tag == "textarea":
                content.add(name, "".join(str(piece) for piece in box.inside).removeprefix("\n"))
            elif box.get("type") not in {"checkbox", "radio"} or "checked" in box.attributes:
                content.add(name, box.get("value"))
        return content


class ClientOffice:
    """The program in this process, its store and everybody's desk."""

    def __init__(self, app: Flask, factory: SessionFactory, password: str) -> None:
        self.app, self.factory = app, factory
        self._password = password
        self._desks: dict[str, ClientDesk] = {}

    def at(self, login: str) -> ClientDesk:
        if login not in self._desks:
            self._desks[login] = ClientDesk(self.app, self.factory)
            self._desks[login].sign_in(login, self._password)
        return self._desks[login]


def _form_of(pressed: Element) -> Element:
    return next(one for one in pressed.above() if one.tag == "form")


def _tick(form: Element, boxes: list[Element], wanted: tuple[str, ...]) -> None:
    """Tick exactly these, named by their value or by the words beside them."""
    left = set(wanted)
    for box in boxes:
        said = label_of(form, box)
        meant = {one for one in wanted if box.get("value") == one or said.startswith(one)}
        left -= meant
        if meant:
            box.attributes["checked"] = ""
        else:
            box.attributes.pop("checked", None)
    assert not left, f"no box to tick for {left}"


def _select(box: Element, value: str) -> None:
    options = list(box.all("option"))
    meant = [one for one in options if one.get("value") == value]
    meant = meant or [one for one in options if one.words.startswith(value)]
    assert meant, f"{box.get('name')} offers no “{value}”, only {[one.get('value') for one in options]}"
    for one in options:
        one.attributes.pop("selected", None)
    meant[0].attributes["selected"] = ""


def _chosen(box: Element) -> str | None:
    options = list(box.all("option"))
    marked = [one for one in options if "selected" in one.attributes]
    return (marked or options)[0].get("value") if options else None
