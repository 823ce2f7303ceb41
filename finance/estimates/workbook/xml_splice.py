"""Changing single places of an XML part and leaving every other byte as it is.

A parser tells where an element begins and ends; new text is put between the old bytes. Nothing is
written anew, so what other programs keep in the part survives, whatever it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat  # nosec B405: document types are refused below, so no entity is ever declared
from xml.sax.saxutils import quoteattr

_START_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(slots=True)
class Element:
    """An element of a part by its bytes.

    Attributes:
        name: as written, with its prefix.
        depth: 0 for the root.
        start: where its start tag begins.
        inside: where its start tag ends.
        close: where its end tag begins; `inside` when it has none.
        end: where it ends.
    """

    name: str
    attributes: Mapping[str, str]
    depth: int
    start: int
    inside: int = 0
    close: int = 0
    end: int = 0

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix with its colon; empty when there is none."""
        return self.name[: len(self.name) - len(self.local)]

    @property
    def is_empty(self) -> bool:
        """True when it is one tag that closes itself."""
        return self.close == self.end


@dataclass(slots=True)
class Splices:
    """New bytes for places of a part; several at one place stand in the order they came."""

    places: list[tuple[int, int, bytes]] = field(default_factory=list)

    def put(self, at: int, text: str) -> None:
        """Put text before the byte at this place."""
        self.places.append((at, at, text.encode()))

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Put new bytes in place of old ones."""
        self.places.append((start, end, new))

    def applied(self, data: bytes) -> bytes:
        """The part with every splice done."""
        pieces, at = [], 0
        for start, end, new in sorted(self.places, key=lambda place: (place[0], place[1])):
            pieces += [data[at:start], new]
            at = end
        return b"".join([*pieces, data[at:]])


def as_utf8(data: bytes) -> bytes:
    """The part in UTF-8; unchanged when it is that already.

    Raises:
        LookupError, ValueError: an encoding nobody knows, or bytes that are not in it.
    """
    stated = _ENCODING.match(data)
    encoding = _BYTE_ORDER_MARKS.get(data[:2]) or (stated[1].decode().lower() if stated else "utf-8")
    if encoding in {"utf-8", "utf8", "us-ascii"}:
        return data
    return _DECLARATION.sub('<?xml version="1.0" encoding="UTF-8"?>', data.decode(encoding)).encode()


def scan(data: bytes, is_wanted: Callable[[int, str, Mapping[str, str]], bool]) -> list[Element]:
    """The wanted elements of a UTF-8 part, in the order they begin.

    Args:
        data: the part.
        is_wanted: told the depth, the name without prefix and the attributes.

    Raises:
        ValueError: the part is no XML, or declares a document type.
    """
    parser = expat.ParserCreate()
    found: list[Element] = []
    open_elements: list[Element | None] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        depth = len(open_elements)
        element = None
        if is_wanted(depth, name.rpartition(":")[2], attributes):
            element = Element(name, attributes, depth, parser.CurrentByteIndex)
            found.append(element)
        open_elements.append(element)

    def finish(_name: str) -> None:
        element = open_elements.pop()
        if element is not None:
            _close(element, data, parser.CurrentByteIndex)

    def refuse(*_said: object) -> None:
        raise ValueError("a part with a document type")

    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as wrong:
        raise ValueError("a part that is no XML") from wrong
    return found


def with_attributes(data: bytes, element: Element, changed: Mapping[str, str]) -> bytes:
    """The element's start tag with these attributes set."""
    tag = data[element.start : element.inside]
    for name, value in changed.items():
        pattern = re.compile(rb"(\s" + name.encode() + rb"\s*=\s*)(\"[^\"]*\"|'[^']*')")
        new = quoteattr(value).encode()
        place = pattern.search(tag)
        if place:
            tag = tag[: place.end(1)] + new + tag[place.end() :]
        else:
            at = 1 + len(element.name.encode())
            tag = tag[:at] + b" " + name.encode() + b"=" + new + tag[at:]
    return tag


def append_children(splices: Splices, data: bytes, element: Element, children: Iterable[str]) -> None:
    """Put children at the end of an element, opening it when it is one tag that closes itself."""
    text = "".join(children)
    if not text:
        return
    if element.is_empty:
        tag = data[element.start : element.inside].rstrip(b">").rstrip().rstrip(b"/").rstrip()
        splices.replace(element.start, element.inside, tag + b">" + f"{text}</{element.name}>".encode())
    else:
        splices.put(element.close, text)


def _close(element: Element, data: bytes, at: int) -> None:
    tag = _START_TAG.match(data, element.start)
    if tag is None:
        raise ValueError("a start tag that does not end")
    element.inside = tag.end()
    if tag[0].endswith(b"/>"):
        element.close = element.end = element.inside
    else:
        element.close = at
        element.end = data.index(b">", at) + 1
