"""A page read without a browser: its elements, what a person reads on it, what its forms would send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
UNREAD = frozenset({"script", "style", "template", "noscript"})


class Element:
    """One element of a page."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.inside: list[Element | str] = []

    @property
    def words(self) -> str:
        """What a person reads, with single spaces and none before a point or comma."""
        return re.sub(r" ([,.:;…])", r"\1", " ".join("".join(self._pieces()).split()))

    def all(self, *tags: str) -> Iterator[Element]:
        """Every element of these tags below this one, in the order of the page."""
        for one in self.inside:
            if isinstance(one, Element) and one.tag not in UNREAD:
                if one.tag in tags:
                    yield one
                yield from one.all(*tags)

    def above(self) -> Iterator[Element]:
        """The elements this one stands in, from the nearest."""
        one = self.parent
        while one is not None:
            yield one
            one = one.parent

    def get(self, name: str) -> str:
        """An attribute; empty when it is not there."""
        return self.attributes.get(name, "")

    def _pieces(self) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            elif one.tag not in UNREAD:
                yield " "
                yield from one._pieces()
                yield " "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("page", {}, None)
        self._at = self.root

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attributes}, self._at)
        self._at.inside.append(made)
        if tag not in VOID:
            self._at = made

    def handle_endtag(self, tag: str) -> None:
        one: Element | None = self._at
        while one is not None and one.tag != tag:
            one = one.parent
        if one is not None and one.parent is not None:
            self._at = one.parent

    def handle_data(self, data: str) -> None:
        self._at.inside.append(data)


def read_page(text: str) -> Element:
    """The page as a tree."""
    reader = _Reader()
    reader.feed(text)
    return reader.root


def find_by_words(page: Element, tags: tuple[str, ...], words: str, beside: str) -> Element:
    """The link or button with these words whose nearest surroundings also say `beside`.

    Words that are the whole text are preferred to words it begins with.
    """
    candidates = [one for one in page.all(*tags) if not one.get("aria-hidden")]
    named = [one for one in candidates if one.words == words]
    named = named or [one for one in candidates if one.words.startswith(words)]
    assert named, f"nothing to press or follow says “{words}”, only {[one.words for one in candidates]}"
    if not beside:
        return named[0]
    near = [(distance, one) for one in named if (distance := _distance(one, beside)) is not None]
    assert near, f"no “{words}” stands beside “{beside}”"
    return min(near, key=lambda pair: pair[0])[1]


def _distance(one: Element, beside: str) -> int | None:
    return next((steps for steps, place in enumerate(one.above()) if beside in place.words), None)


def fields_named(form: Element, name: str) -> list[Element]:
    """The boxes of the form with this name, or the one whose label begins with it."""
    boxes = list(form.all("input", "select", "textarea"))
    found = [one for one in boxes if one.get("name") == name]
    if found:
        return found
    ids = [label.get("for") for label in form.all("label") if label.words.startswith(name)]
    found = [one for one in boxes if one.get("id") in ids]
    assert found, f"the form has no box “{name}”, only {sorted({one.get('name') for one in boxes})}"
    return found


def label_of(form: Element, box: Element) -> str:
    """The words beside a box that is ticked."""
    around = next((one for one in box.above() if one.tag == "label"), None)
    if around is not None:
        return around.words
    return next((one.words for one in form.all("label") if one.get("for") == box.get("id")), "")


def filled_names(pressed: Element) -> list[str]:
    """Field names of the boxes a person fills in the form of this button."""
    form = next(one for one in pressed.above() if one.tag == "form")
    boxes = (one for one in form.all("input", "select", "textarea") if one.get("type") != "hidden")
    return list(dict.fromkeys(one.get("name") for one in boxes))
