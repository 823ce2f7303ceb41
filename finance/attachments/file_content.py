"""What a file is by its own bytes; whatever could run or hide something is refused. Pure.

A name and a browser's word prove nothing. Five kinds are taken; each is looked at as far as telling
it from a disguise needs, never rendered and never executed.
"""

from __future__ import annotations

import re

from finance.attachments.office_packages import office_kind
from finance.attachments.rules import FileKind
from finance.errors import RuleBroken

TAKEN_VI = "Chỉ nhận tệp PDF, Word (.docx), Excel (.xlsx) và ảnh PNG, JPEG."
LARGEST_SIDE = 30_000  # of a picture, in points

_PDF = re.compile(rb"%PDF-[12]\.\d")
_PDF_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_PDF_NAME_SIGN = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia)(?![A-Za-z0-9])")
_PNG = b"\x89PNG\r\n\x1a\n"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def kind_of_content(content: bytes) -> FileKind:
    """The kind of a file that may be kept.

    Args:
        content: all bytes of the file.

    Raises:
        RuleBroken: another kind, a damaged file, or one that holds something active; says which.
    """
    if _PDF.match(content):
        return _pdf(content)
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(_ZIP):
        return office_kind(content)
    raise RuleBroken(_why_not(content))


def _why_not(content: bytes) -> str:
    if content.startswith(_OLD_OFFICE):
        return (
            "Tệp Word, Excel đời cũ (.doc, .xls) hoặc có mật khẩu: không nhận. "
            "Mời bỏ mật khẩu và lưu lại dưới dạng .docx, .xlsx hoặc PDF."
        )
    if content.startswith(_PROGRAMS):
        return f"Tệp là chương trình máy tính, không nhận. {TAKEN_VI}"
    if re.match(rb"\s*(<!doctype html|<html|<\?xml|<svg|<script)", content[:512], re.IGNORECASE):
        return f"Tệp là trang web hoặc XML, không nhận. {TAKEN_VI} Mời in trang đó ra PDF."
    return f"Không nhận ra loại tệp theo nội dung. {TAKEN_VI}"


def _pdf(content: bytes) -> FileKind:
    if b"%%EOF" not in content[-2048:]:
        raise RuleBroken("Tệp PDF bị cắt cụt (không có phần kết). Mời xuất hoặc quét lại rồi đính kèm.")
    # What is outside of the compressed streams; a name may spell its letters as #4A.
    outside = _PDF_STREAM.sub(b"", content)
    plain = _PDF_NAME_SIGN.sub(lambda found: bytes([int(found[1], 16)]), outside)
    if _PDF_ACTIVE.search(plain):
        raise RuleBroken(
            "Tệp PDF có mã lệnh, tệp nhúng hoặc lệnh chạy chương trình: không nhận. "
            "Mời in lại ra PDF thường (Microsoft Print to PDF hoặc máy quét)."
        )
    return FileKind.PDF


def _png(content: bytes) -> FileKind:
    at, seen_end, is_first = len(_PNG), False, True
    while at + 12 <= len(content) and not seen_end:
        length, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if is_first:
            sides = content[at + 8 : at + 16]
            width, height = int.from_bytes(sides[:4], "big"), int.from_bytes(sides[4:], "big")
            if name != b"IHDR" or not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
                break
            is_first = False
        seen_end = name == b"IEND"
        at += 12 + length
    if not seen_end or at > len(content):
        raise RuleBroken("Ảnh PNG bị hỏng hoặc cắt cụt. Mời chụp, quét lại rồi đính kèm.")
    return FileKind.PNG


def _jpeg(content: bytes) -> FileKind:
    if b"\xff\xd9" not in content:
        raise RuleBroken("Ảnh JPEG bị cắt cụt. Mời chụp, quét lại rồi đính kèm.")
    return FileKind.JPEG
