"""People at their desks: each sends one form after another and remembers what was acknowledged.

A form whose answer was lost is sent again with its key after the restart, as a browser's retry does;
the last acknowledged one too, which must be answered alike and do nothing.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from random import Random
from threading import Barrier, Event
from urllib.parse import urlencode
from uuid import UUID

from tests.crash.busy_province import BusyProvince
from tests.webapp.desks import PASSWORD, FormReader

_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
FIRST_PRICE_VND = 100_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Gone(Exception):
    """The web was killed before it answered."""


class Browser:
    """One person's browser: a cookie, a token, and a new connection for every request."""

    def __init__(self, port: int, login: str) -> None:
        self._port = port
        self._cookie = ""
        token = self._token(self.get("/dang-nhap"))
        status, _location = self.post(
            "/dang-nhap", {"csrf_token": token, "login": login, "password": PASSWORD}
        )
        assert status == 303, f"{login} could not sign in: {status}"
        self.token = self._token(self.get("/"))

    def get(self, address: str) -> str:
        """The text of a page."""
        return self._send("GET", address, None)[2]

    def post(self, address: str, fields: dict[str, str]) -> tuple[int, str]:
        """Status and Location of the answer to a form."""
        return self._send("POST", address, urlencode(fields))[:2]

    def _send(self, method: str, address: str, body: str | None) -> tuple[int, str, str]:
        headers = {"Cookie": self._cookie} | (FORM if body is not None else {})
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)) as connection:
                connection.request(method, address, body, headers)
                answer = connection.getresponse()
                text = answer.read().decode("utf-8")
        except (OSError, http.client.HTTPException) as error:
            raise Gone from error
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._cookie = cookie.partition(";")[0]
        return answer.status, answer.headers.get("Location", ""), text

    @staticmethod
    def _token(page: str) -> str:
        found = _TOKEN.search(page)
        assert found, "the page has no CSRF token"
        return found[1]


@dataclass
class Sent:
    """A form with its key; `location` once it was acknowledged."""

    browser: Browser
    operation: str
    address: str
    fields: dict[str, str]
    location: str = ""

    @property
    def key(self) -> str:
        """The idempotency key."""
        return self.fields["idempotency_key"]


@dataclass
class Desk:
    """One line of work: an endless story of forms, sent until the web is gone."""

    name: str
    story: Iterator[Sent]
    pending: Sent | None = None
    acknowledged: list[Sent] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def work(self, ready: Barrier, stopping: Event) -> None:
        """Repeat the last acknowledged form, then, all desks together, send one after another.

        Ends when told to stop or when the web is gone.
        """
        try:
            if self.acknowledged:
                self._repeat(self.acknowledged[-1])
            ready.wait()
            while not stopping.is_set() and not self.wrong:
                self.send_next()
        except Gone:
            return
        except Exception as error:  # a thread's error would otherwise be lost
            self.wrong.append(f"{self.name}: {error!r}")

    def send_next(self) -> None:
        """Send the form whose answer was lost, or the next one."""
        sent = self.pending = self.pending or next(self.story)
        self.tried.add(sent.key)
        status, location = sent.browser.post(sent.address, sent.fields)
        if status != 303:
            self.wrong.append(f"{self.name}: {sent.operation} answered {status}, wanted 303: {sent.fields}")
            return
        sent.location = location
        self.acknowledged.append(sent)
        self.pending = None

    def repeat(self, random: Random, count: int) -> None:
        """Send some acknowledged forms again."""
        for sent in random.sample(self.acknowledged, min(count, len(self.acknowledged))):
            self._repeat(sent)

    def _repeat(self, sent: Sent) -> None:
        status, location = sent.browser.post(sent.address, sent.fields)
        if (status, location) != (303, sent.location):
            said = f"first {sent.location}, then {status} {location}"
            self.wrong.append(f"{self.name}: {sent.operation} repeated is answered differently: {said}")


class Forms:
    """Makes forms of one browser with fresh keys."""

    def __init__(self, browser: Browser, random: Random) -> None:
        self._browser = browser
        self._random = random

    def make(self, operation: str, address: str, seen: int, **fields: str) -> Sent:
        """A form for the operation."""
        guard = {
            "csrf_token": self._browser.token,
            "idempotency_key": str(UUID(int=self._random.getrandbits(128), version=4)),
            "seen_version": str(seen),
        }
        return Sent(self._browser, operation, address, fields | guard)


def open_desks(port: int, busy: BusyProvince, random: Random) -> list[Desk]:
    """Sign everybody in and give each his work: save, submit, approve, run."""
    browsers = {name: Browser(port, login) for name, login in busy.logins.items()}
    forms = {name: Forms(browser, Random(random.getrandbits(64))) for name, browser in browsers.items()}
    page = browsers["preparer"].get(f"{_estimate(busy.saved_estimate_id)}/du-an?ma=DA1")
    return [
        Desk("save", _saving(forms["preparer"], busy, page)),
        Desk("submit", _submitting(forms["other_preparer"], forms["other_head"], busy)),
        Desk("approve", _approving(forms["planner"], forms["approver"], busy, random)),
        Desk("run", _running(forms["planner"], busy)),
    ]


def _estimate(estimate_id: int) -> str:
    return f"/du-toan/{estimate_id}"


def _saving(preparer: Forms, busy: BusyProvince, page: str) -> Iterator[Sent]:
    """The same project with an ever higher price, so that every save changes something."""
    address = f"{_estimate(busy.saved_estimate_id)}/du-an"
    typed = next(form for form in FormReader.forms_of(page) if form.action == address).fields
    seen = busy.saved_edit
    while True:
        price = {"lines-0-unit_price_vnd": str(FIRST_PRICE_VND + seen)}
        yield preparer.make("save_project", address, seen, **{**typed, **price, "act": "save"})
        seen += 1


def _submitting(officer: Forms, head: Forms, busy: BusyProvince) -> Iterator[Sent]:
    """Checked, signed, sent, taken back, opened again as the next version, and so on."""
    at, seen = _estimate(busy.sent_estimate_id), busy.sent_edit
    document = {"document_number": "12/DT-UBND", "document_on": "15/02/2012"}
    while True:
        yield officer.make("check_estimate", f"{at}/trinh", seen)
        yield head.make("sign_estimate", f"{at}/ky", seen + 1)
        yield head.make("send_estimate", f"{at}/gui", seen + 2, **document)
        yield head.make("withdraw_estimate", f"{at}/rut-ho-so", seen + 3, reason="Bổ sung phụ lục")
        yield officer.make("revise_estimate", f"{at}/lap-lai", seen + 4)
        seen += 5


def _approving(planner: Forms, approver: Forms, busy: BusyProvince, random: Random) -> Iterator[Sent]:
    """The first decision is approved at once, others go to and fro before, the last one for ever."""
    number = 0
    for decision_id in busy.decision_ids:
        at, seen = f"/phan-bo/quyet-dinh/{decision_id}", 1
        is_last = decision_id == busy.decision_ids[-1]
        is_first = decision_id == busy.decision_ids[0]
        # A run of few kills has to see an approval too.
        rounds = 0 if is_first else random.randint(0, 3)
        while True:
            yield planner.make("submit_allocation", f"{at}/trinh", seen)
            if rounds == 0 and not is_last:
                number += 1
                facts = {"number": f"{number}/QĐ-UBND", "signed_on": "15/02/2012"}
                yield approver.make("approve_allocation", f"{at}/phe-duyet", seen + 1, **facts)
                break
            yield approver.make("return_allocation", f"{at}/tra-lai", seen + 1, reason="Bổ sung thuyết minh")
            seen, rounds = seen + 2, rounds - 1


def _running(planner: Forms, busy: BusyProvince) -> Iterator[Sent]:
    """Every scenario in turn; one still under way is not asked twice by the program."""
    while True:
        for scenario_id in busy.scenario_ids:
            yield planner.make("request_run", f"/phuong-an/{scenario_id}/chay", 1)
