"""The desk in a real Chromium: clicks, types and looks; every page is photographed wide and narrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Locator, Page, Request, Response

from tests.journeys.desk import File, Typed
from tests.journeys.page_reading import (
    Element,
    fields_named,
    filled_names,
    find_by_words,
    label_of,
    read_page,
)

WIDE, NARROW, HEIGHT = 1440, 360, 900
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A result is computed in about a second; a crowded machine may take longer.
RESULT_MILLISECONDS = 60_000
BOXES = "input, select, textarea"
# Hiding the caret would write a style into every box, which the pages' own policy forbids.
PICTURE = {"type": "jpeg", "quality": 80, "caret": "initial"}
MEASURES = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"


class BrowserDesk:
    """One person's browser."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        photograph: Callable[[Page, str], None],
        *,
        has_scripts: bool = True,
    ) -> None:
        context = browser.new_context(
            base_url=address,
            viewport={"width": WIDE, "height": HEIGHT},
            java_script_enabled=has_scripts,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        self.page = context.new_page()
        self._address = address
        self._photograph = photograph
        self._has_scripts = has_scripts
        self.complaints: list[str] = []
        self._expected_status = 200
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._watch)

    @property
    def words(self) -> str:
        return next(self._read().all("main")).words

    def sign_in(self, login: str, password: str) -> None:
        self.open("/dang-nhap")
        self.send("Đăng nhập", {"login": login, "password": password})

    def open(self, address: str, status: int = 200) -> None:
        self._expected_status = status
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == status, f"{address} answers {answer.status}"

    def follow(self, words: str, beside: str = "") -> None:
        link = self._pointed("a", words, beside)
        self._unfold(link)
        if link.get_attribute("hx-get"):
            self._renewed(link.click, "GET")
        else:
            with self.page.expect_navigation():
                link.click()

    def boxes(self, button: str) -> list[str]:
        return filled_names(self._found("button", button, "")[1])

    def fill(self, button: str, typed: Mapping[str, Typed], beside: str = "") -> None:
        tree, pressed = self._found("button", button, beside)
        form = next(one for one in pressed.above() if one.tag == "form")
        place = self.page.locator("form").nth(list(tree.all("form")).index(form)).locator(BOXES)
        boxes = list(form.all("input", "select", "textarea"))
        for name, value in typed.items():
            named = fields_named(form, name)
            if named[0].get("type") in {"checkbox", "radio"}:
                wanted = (value,) if isinstance(value, str) else tuple(str(one) for one in value)
                for box in named:
                    meant = {box.get("value"), label_of(form, box)}
                    is_wanted = any(one in meant or label_of(form, box).startswith(one) for one in wanted)
                    self._tick(place.nth(boxes.index(box)), is_wanted)
            else:
                self._fill_one(place.nth(boxes.index(named[0])), named[0], value)

    def choose(self, button: str, typed: Mapping[str, str], without_scripts: str = "") -> None:
        self._renewed(lambda: self.fill(button, typed), "POST")

    def press(self, button: str) -> None:
        self._pointed("button", button, "").click()

    def send(
        self,
        button: str,
        typed: Mapping[str, Typed] | None = None,
        *,
        beside: str = "",
        status: int = 200,
    ) -> None:
        if typed:
            self.fill(button, typed, beside)
        self._expected_status = status
        pressed = self._pointed("button", button, beside)
        self._unfold(pressed)
        if pressed.evaluate("e => e.hasAttribute('hx-post') || e.form.hasAttribute('hx-post')"):
            answer = self._renewed(pressed.click, "POST")
        else:
            with self.page.expect_navigation() as coming:
                self._click_and_agree(pressed)
            answer = coming.value
        assert answer is not None
        assert answer.status == status, f"“{button}” answers {answer.status}: {self.words[:1500]}"

    def send_twice(self, button: str, typed: Mapping[str, Typed] | None = None, *, beside: str = "") -> None:
        """Double-click the button, and the yes of the question too, and wait until it is done."""
        self.fill(button, typed or {}, beside)
        pressed = self._pointed("button", button, beside)
        asks = self._has_scripts and _asks_first(pressed)
        pressed.dblclick()
        if asks:
            self.page.locator("dialog.ask button[value=yes]").dblclick()
        self.page.locator(".message-success").wait_for()
        self.page.wait_for_load_state()

    def _click_and_agree(self, pressed: Locator) -> None:
        asks = _asks_first(pressed)
        pressed.click()
        if asks:
            self.page.locator("dialog.ask button[value=yes]").click()

    def download(self, words: str) -> bytes:
        with self.page.expect_download() as coming:
            self._pointed("a", words, "").click()
        return Path(coming.value.path()).read_bytes()

    def await_result(self, heading: str) -> None:
        place = self.page.locator("h1", has_text=heading)
        place.wait_for(timeout=RESULT_MILLISECONDS)
        self.page.wait_for_load_state()

    def show(self, name: str) -> None:
        heading = self.page.locator("h1")
        assert heading.count() == 1, f"{name}: {heading.all_inner_texts()}"
        title = " ".join((heading.text_content() or "").split())
        assert self.page.title() == f"{title} – Phân Bổ", f"{name}: title “{self.page.title()}”"
        self._photograph(self.page, name)

    def _pointed(self, tag: str, words: str, beside: str) -> Locator:
        tree, found = self._found(tag, words, beside)
        return self.page.locator(tag).nth(list(tree.all(tag)).index(found))

    def _found(self, tag: str, words: str, beside: str) -> tuple[Element, Element]:
        tree = self._read()
        return tree, find_by_words(tree, (tag,), words, beside)

    def _read(self) -> Element:
        return read_page(self.page.content())

    def _unfold(self, thing: Locator) -> None:
        """Open what is folded around a thing, as a person does, by its heading."""
        folded = thing.locator("xpath=ancestor::details[not(@open)]")
        while folded.count():
            folded.first.locator("> summary").click()

    def _fill_one(self, place: Locator, box: Element, value: Typed) -> None:
        if isinstance(value, File):
            place.set_input_files(FilePayload(name=value.name, mimeType=WORKBOOK, buffer=value.content))
            return
        self._unfold(place)
        text = str(value)
        if box.tag == "select":
            values = [one.get("value") for one in box.all("option")]
            begun = next((one for one in box.all("option") if one.words.startswith(text)), None)
            place.select_option(value=text if text in values or begun is None else begun.get("value"))
        else:
            place.fill(text)

    def _tick(self, place: Locator, is_wanted: bool) -> None:
        if place.is_checked() == is_wanted or (not is_wanted and place.get_attribute("type") == "radio"):
            return  # a radio is let go by choosing another
        self._unfold(place)
        if place.get_attribute("hx-get"):
            self._renewed(place.check, "GET")
        else:
            place.set_checked(is_wanted)

    def _renewed(self, act: Callable[[], None], method: str) -> Response:
        """Do what renews a part of the page, and wait until the part stands there."""
        # The page also keeps what is typed by itself; only the answer that renews a part is waited for.
        with self.page.expect_response(lambda answer: _renews(answer, method)) as coming:
            act()
        coming.value.finished()
        self.page.wait_for_load_state()
        self.page.wait_for_timeout(60)  # the swap comes a moment after the answer
        return coming.value

    def _hear(self, said: ConsoleMessage) -> None:
        is_expected = self._expected_status >= 400 and f"status of {self._expected_status}" in said.text
        if said.type in {"error", "warning"} and not is_expected:
            self.complaints.append(f"{urlsplit(self.page.url).path}: {said.text} {said.location}")

    def _watch(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        if urlsplit(request.url).netloc != urlsplit(self._address).netloc:
            self.complaints.append(f"asked another host: {request.url}")


def _renews(answer: Response, method: str) -> bool:
    return answer.request.method == method and answer.request.headers.get("hx-request") == "true"


class BrowserOffice:
    """The running program and everybody's browser."""

    def __init__(self, browser: Browser, address: str, password: str, album: Path) -> None:
        self._browser, self._address, self._password, self._album = browser, address, password, album
        self._desks: dict[str, BrowserDesk] = {}
        self.seen: list[str] = []

    def at(self, login: str) -> BrowserDesk:
        if login not in self._desks:
            self._desks[login] = BrowserDesk(self._browser, self._address, self._photograph)
            self._desks[login].sign_in(login, self._password)
        return self._desks[login]

    def visitor(self) -> BrowserDesk:
        """The browser of somebody who has not signed in."""
        return self._desks.setdefault("", BrowserDesk(self._browser, self._address, self._photograph))

    @property
    def complaints(self) -> dict[str, list[str]]:
        """What browsers complained of, by person."""
        return {login: desk.complaints for login, desk in self._desks.items() if desk.complaints}

    def close(self) -> None:
        for desk in self._desks.values():
            desk.page.context.close()

    def _photograph(self, page: Page, name: str) -> None:
        self.seen.append(name)
        number = len(self.seen)
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": HEIGHT})
            broad, tall = page.evaluate(MEASURES)
            assert broad <= width, f"{name} is {broad} px broad on a screen of {width} px"
            # A window as tall as the page: what sticks to its edge then stands where it belongs.
            page.set_viewport_size({"width": width, "height": max(tall, HEIGHT)})
            page.screenshot(path=self._album / f"{number:02}-{name}-{width}.jpg", **PICTURE)
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})


def _asks_first(pressed: Locator) -> bool:
    """True when the page says in a sentence what will happen before it sends the form."""
    return bool(pressed.evaluate("e => Boolean(e.form && e.form.dataset.ask)"))
