"""XML parts read piece by piece: no DOCTYPE, no other encoding than UTF-8, no bottomless nesting.

expat is spoken to directly: names come with their namespace, so a prefix is no matter, and nothing of a
part is kept that its reader does not keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate

from finance.estimates.workbook.package import Package, damaged, refused

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships "
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main "
DEEPEST = 64
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Attributes = Mapping[str, str]


def new_parser() -> XMLParserType:
    """An expat parser that refuses what no spreadsheet program writes."""
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_size = 64 * 1024
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_encoding
    return parser


def feed(parser: XMLParserType, chunks: Iterable[bytes]) -> Iterable[None]:
    """Give the parser a part piece by piece; yields after each piece.

    Raises:
        WorkbookRefused: the part is damaged.
    """
    is_first = True
    try:
        for chunk in chunks:
            if is_first and not chunk.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<"):
                raise damaged()
            is_first = False
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield
    except ExpatError:
        raise damaged() from None


def read_elements(
    package: Package, part: str, on_start: Callable[[str, Attributes], None], *, most: int = 200_000
) -> None:
    """Tell of every element of a part that holds no texts: its name with namespace, and attributes.

    Raises:
        WorkbookRefused: the part is damaged or holds more elements than `most`.
    """
    parser = new_parser()
    depth = count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth += 1
        count += 1
        if depth > DEEPEST or count > most:
            raise damaged()
        on_start(name, attributes)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    for _ in feed(parser, package.chunks(part)):
        pass


def _refuse_doctype(*_declaration: object) -> None:
    said = "Tệp chứa khai báo DOCTYPE, thứ mà bảng tính không bao giờ có."
    raise refused("E_XML_ENTITY", said, "Tải mẫu và điền lại.")


def _check_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in {"utf-8", "us-ascii"}:
        raise damaged()
