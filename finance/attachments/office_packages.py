"""Word and Excel files as the zip packages they are: named by their parts, refused with macros.

Only the list of parts, the content types and the relations are read, each up to a bound; nothing is
unpacked to disk. The declared sizes are held against a ceiling, so that a bomb is never opened.
"""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from finance.attachments.rules import MEGABYTE, FileKind
from finance.errors import RuleBroken

MOST_PARTS = 3000
MOST_UNPACKED = 200 * MEGABYTE
MOST_TIMES = 200  # a part unpacked against packed, once it is of a size that matters
SMALL_PART = MEGABYTE
LARGEST_LIST = 2 * MEGABYTE  # of content types or relations

_ENTRY = b"PK\x01\x02"
_TYPES = "[Content_Types].xml"
_MAIN_PARTS = {
    "wordprocessingml.document.main+xml": FileKind.DOCX,
    "spreadsheetml.sheet.main+xml": FileKind.XLSX,
}
# Programs, controls, and objects of other programs inside a document.
_ACTIVE_PART = re.compile(
    r"(vbaproject|vbadata|activex/|/embeddings/.*\.bin$|\.(exe|dll|js|vbs|hta|bat|ps1)$)"
)
_ACTIVE_RELATION = re.compile(r"/(attachedTemplate|oleObject|frame|subDocument)$", re.IGNORECASE)

_DAMAGED = "Tệp bị hỏng hoặc không phải tệp Word, Excel. Mời mở bằng phần mềm văn phòng rồi lưu lại."
_BOMB = "Tệp nén phồng to bất thường khi mở: không nhận. Mời lưu lại tệp từ phần mềm văn phòng."
_ACTIVE = (
    "Tệp có macro, điều khiển hoặc đối tượng nhúng chạy được: không nhận. "
    "Mời lưu lại thành .docx, .xlsx không macro, hoặc in ra PDF."
)


def office_kind(content: bytes) -> FileKind:
    """Whether a zip package is a Word or an Excel file without anything active in it.

    Raises:
        RuleBroken: damaged, a bomb, protected, with macros, or another kind of package.
    """
    if content.count(_ENTRY) > MOST_PARTS:
        raise RuleBroken(_BOMB)
    try:
        with ZipFile(BytesIO(content)) as package:
            return _kind_of_package(package)
    except (BadZipFile, DefusedXmlException, ParseError, zlib.error) as wrong:
        raise RuleBroken(_DAMAGED) from wrong
    except (EOFError, ValueError, NotImplementedError, RuntimeError, OSError) as wrong:
        # What the library says of crafted packages: lengths that lie, unknown packing, passwords.
        raise RuleBroken(_DAMAGED) from wrong


def _kind_of_package(package: ZipFile) -> FileKind:
    parts = package.infolist()
    _require_harmless_sizes(parts)
    names = [part.filename for part in parts]
    if len(set(names)) != len(names) or any(_leads_out(name) for name in names):
        raise RuleBroken(_DAMAGED)
    if any(part.flag_bits & 0x1 for part in parts):
        raise RuleBroken("Tệp có mật khẩu: không nhận. Mời bỏ mật khẩu rồi đính kèm lại.")
    if any(_ACTIVE_PART.search(f"/{name.lower()}") for name in names):
        raise RuleBroken(_ACTIVE)
    if _TYPES not in names:
        raise RuleBroken("Tệp nén (.zip) không nhận. Mời đính kèm từng tệp PDF, Word, Excel hoặc ảnh.")
    kind = _kind_by_types(_read_list(package, _TYPES))
    for name in names:
        if name.endswith(".rels"):
            _require_no_active_relation(_read_list(package, name))
    return kind


def _require_harmless_sizes(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise RuleBroken(_BOMB)
    for part in parts:
        if part.file_size > SMALL_PART and part.file_size > MOST_TIMES * max(part.compress_size, 1):
            raise RuleBroken(_BOMB)


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or "\\" in name or ".." in name.split("/") or ":" in name


def _read_list(package: ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        text = part.read(LARGEST_LIST + 1)
    if len(text) > LARGEST_LIST:
        raise RuleBroken(_BOMB)
    return text


def _kind_by_types(text: bytes) -> FileKind:
    types = [str(one.get("ContentType", "")) for one in fromstring(text, forbid_dtd=True)]
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in types):
        raise RuleBroken(_ACTIVE)
    found = [kind for ending, kind in _MAIN_PARTS.items() if any(one.endswith(ending) for one in types)]
    if len(found) != 1:
        raise RuleBroken(
            "Tệp không phải văn bản Word (.docx) hay bảng tính Excel (.xlsx) thông thường. Mời lưu lại dưới "
            "một trong hai dạng đó hoặc in ra PDF."
        )
    return found[0]


def _require_no_active_relation(text: bytes) -> None:
    for relation in fromstring(text, forbid_dtd=True):
        is_outside = str(relation.get("TargetMode", "")).lower() == "external"
        if is_outside and _ACTIVE_RELATION.search(str(relation.get("Type", ""))):
            raise RuleBroken(
                "Tệp tự tải mẫu hoặc đối tượng từ nơi khác khi mở: không nhận. Mời in ra PDF rồi đính kèm."
            )
