"""Files as people attach them, and as nobody should, made byte by byte: a test names what is wrong."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
EXCEL_WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def a_pdf(inside: str = "") -> bytes:
    """A small PDF."""
    return f"%PDF-1.4\n1 0 obj\n<< /Type /Catalog {inside} >>\nendobj\ntrailer\n%%EOF\n".encode()


def a_png(width: int = 2, height: int = 2) -> bytes:
    """A small picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00\x00\x00" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def a_jpeg() -> bytes:
    """The shell of a photograph."""
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 20 + b"\xff\xd9"


def a_package(main: str = WORD, parts: dict[str, bytes] | None = None, *, with_types: bool = True) -> bytes:
    """An office package with these parts beside the list of types."""
    types = f'<Types xmlns="t"><Override PartName="/main.xml" ContentType="{main}"/></Types>'
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as package:
        if with_types:
            package.writestr("[Content_Types].xml", types)
        for name, content in (parts or {"word/document.xml": b"<w/>"}).items():
            package.writestr(name, content)
    return packed.getvalue()


def a_relation(kind: str, *, is_outside: bool) -> bytes:
    """A list of relations with one of this kind."""
    mode = ' TargetMode="External"' if is_outside else ""
    inside = f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="http://noi-khac.vn/a"{mode}/>'
    return f'<Relationships xmlns="r">{inside}</Relationships>'.encode()
