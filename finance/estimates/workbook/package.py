"""The guard before a workbook is opened: what the file is, how large it grows, what it hides.

An .xlsx file is a zip of XML. The zip's directory is judged before anything is unpacked, and what is
unpacked is counted while it grows: a directory that lies about sizes gains nothing by it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from struct import error as struct_error
from struct import unpack_from
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import crc32, decompressobj
from zlib import error as zlib_error

from finance.findings import Finding, Location, Severity

LARGEST_FILE_BYTES = 10 * 1024 * 1024
MOST_ENTRIES = 2000

# What zip, XML and spreadsheet readers raise on damaged files; SyntaxError is the base of XML's own.
UNREADABLE = (
    BadZipFile, zlib_error, struct_error, SyntaxError, LookupError, ValueError, TypeError, AttributeError,
    OSError, EOFError, ArithmeticError, RuntimeError,
)  # fmt: skip

_OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"
_ZIP_MAGIC = b"PK\x03\x04"
_DIRECTORY_MAGIC = b"PK\x01\x02"
_END_MAGIC = b"PK\x05\x06"
_LOCAL_HEADER_BYTES = 30
_UTF8_NAME = 0x800
_CHUNK = 64 * 1024
_SYMLINK = 0o120000
_FILE_KIND = 0o170000


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much one workbook may hold.

    Attributes:
        lines: rows of one data sheet.
        unpacked_bytes: all parts together that are read.
        cells, strings: of one sheet, and of the whole file.
        growth_bytes, cpu_seconds, wall_seconds: of the process that reads it, when it has one of its own.
    """

    file_bytes: int = LARGEST_FILE_BYTES
    unpacked_bytes: int = 60 * 1024 * 1024
    lines: int = 2000
    cells: int = 2_000_000
    strings: int = 400_000
    growth_bytes: int = 256 * 1024 * 1024
    cpu_seconds: int = 10
    wall_seconds: int = 10


USUAL_LIMITS = ReadLimits()
# A consolidation of many offices, read by who holds the consolidating function.
CONSOLIDATION_LIMITS = ReadLimits(
    file_bytes=60 * 1024 * 1024,
    unpacked_bytes=600 * 1024 * 1024,
    lines=60_000,
    cells=4_000_000,
    strings=1_500_000,
    growth_bytes=400 * 1024 * 1024,
    cpu_seconds=60,
    wall_seconds=180,
)


class WorkbookRefused(Exception):
    """The workbook cannot be read on; carries the one finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message_vi)
        self.finding = finding


def refuse_file(code: str, message_vi: str, remedy_vi: str = "") -> Finding:
    """A blocking finding about the file as a whole."""
    return Finding(code, Severity.BLOCKS, message_vi, Location(words="Tệp bảng tính"), remedy_vi)


def refused(code: str, message_vi: str, remedy_vi: str = "") -> WorkbookRefused:
    """The same as something to raise."""
    return WorkbookRefused(refuse_file(code, message_vi, remedy_vi))


def damaged() -> WorkbookRefused:
    """The sentence for every kind of damage a person can only mend by saving again."""
    return refused("E_CORRUPT", "Tệp bị hỏng, không đọc được.", "Mở bằng Excel, lưu lại rồi tải lên.")


def _bursts() -> WorkbookRefused:
    said = "Tệp bung ra quá lớn so với một dự toán."
    return refused("E_ZIP_BOMB", said, "Tải mẫu và điền lại; bỏ hình ảnh, trang thừa.")


def _not_a_workbook(said: str = "Tệp không phải bảng tính .xlsx.") -> WorkbookRefused:
    return refused("E_NOT_XLSX", said, "Mở bằng Excel và lưu lại dạng .xlsx, hoặc tải mẫu và điền lại.")


class Package:
    """The parts of a workbook that passed the guard; every byte unpacked is counted."""

    def __init__(self, content: bytes, limits: ReadLimits = USUAL_LIMITS) -> None:
        """Judge the file by its first bytes and its directory.

        Raises:
            WorkbookRefused: it must not be unpacked.
        """
        _check_first_bytes(content, limits)
        self.limits = limits
        self._content = content
        self._left = limits.unpacked_bytes
        try:
            with ZipFile(io.BytesIO(content)) as directory:
                entries = directory.infolist()
        except UNREADABLE:
            raise damaged() from None
        _check_directory(entries, content, limits)
        self._entries = {entry.filename: entry for entry in entries}
        self.names = frozenset(self._entries)

    def read(self, name: str) -> bytes:
        """A whole part.

        Raises:
            WorkbookRefused: no such part, or it is damaged or bursts.
        """
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part piece by piece.

        Raises:
            WorkbookRefused: no such part, or it is damaged or bursts.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise damaged()
        size = checksum = 0
        for piece in _inflated(self._packed(entry), entry):
            size += len(piece)
            self._left -= len(piece)
            if size > entry.file_size or self._left < 0:
                raise _bursts()
            checksum = crc32(piece, checksum)
            yield piece
        if size != entry.file_size or checksum != entry.CRC:
            raise damaged()

    def _packed(self, entry: ZipInfo) -> memoryview:
        at = entry.header_offset
        name_bytes, extra_bytes = unpack_from("<HH", self._content, at + 26)
        start = at + _LOCAL_HEADER_BYTES + name_bytes + extra_bytes
        name = self._content[at + _LOCAL_HEADER_BYTES : at + _LOCAL_HEADER_BYTES + name_bytes]
        is_local = self._content[at : at + 4] == _ZIP_MAGIC
        encoding = "utf-8" if entry.flag_bits & _UTF8_NAME else "cp437"
        if not is_local or name.decode(encoding, "replace") != entry.orig_filename:
            raise damaged()  # directory and file disagree: two programs would read two things
        return memoryview(self._content)[start : start + entry.compress_size]


def check_package(content: bytes, limits: ReadLimits = USUAL_LIMITS) -> list[Finding]:
    """Why the file must not be unpacked; empty when it may.

    Args:
        content: the bytes as they were uploaded.
        limits: how large it may be.

    Returns:
        At most one finding: what is no workbook cannot be wrong in detail.
    """
    try:
        Package(content, limits)
    except WorkbookRefused as refusal:
        return [refusal.finding]
    return []


def _check_first_bytes(content: bytes, limits: ReadLimits) -> None:
    if not content:
        raise refused("E_EMPTY_FILE", "Tệp rỗng.", "Chọn lại tệp.")
    if len(content) > limits.file_bytes:
        said = f"Tệp lớn hơn {limits.file_bytes // (1024 * 1024)} MB."
        raise refused("E_FILE_TOO_LARGE", said, "Bỏ hình ảnh, trang thừa.")
    if content.startswith(_OLD_OFFICE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise refused("E_ENCRYPTED", "Tệp đặt mật khẩu.", "Bỏ mật khẩu mở tệp rồi tải lên lại.")
        said = "Tệp là bảng tính kiểu cũ (.xls)."
        raise refused("E_OLD_XLS", said, "Mở bằng Excel, chọn Lưu thành dạng .xlsx rồi tải lên.")
    if not content.startswith(_ZIP_MAGIC):
        raise _not_a_workbook()
    end = content.rfind(_END_MAGIC)
    if end < 0 or len(content) < end + 22:
        raise damaged()
    if end + 22 + unpack_from("<H", content, end + 20)[0] != len(content):
        raise damaged()  # something hangs behind the zip's end
    if content.count(_DIRECTORY_MAGIC) > MOST_ENTRIES:
        raise _bursts()


def _check_directory(entries: list[ZipInfo], content: bytes, limits: ReadLimits) -> None:
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise refused("E_ENCRYPTED", "Tệp đặt mật khẩu.", "Bỏ mật khẩu rồi tải lên lại.")
    # Excel takes names in any case for the same part, so two that differ by case are one too many.
    if len({name.casefold() for name in names}) != len(names) or any(map(_is_no_part_name, names)):
        raise damaged()
    if not entries or any(_is_no_part(entry) for entry in entries):
        raise damaged()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > 2 * limits.unpacked_bytes:
        raise _bursts()
    _check_places(entries, content)


def _is_no_part_name(name: str) -> bool:
    parts = name.split("/")
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in parts


def _is_no_part(entry: ZipInfo) -> bool:
    """A symbolic link, or packed in a way no spreadsheet program packs."""
    is_link = (entry.external_attr >> 16) & _FILE_KIND == _SYMLINK
    return is_link or entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}


def _check_places(entries: list[ZipInfo], content: bytes) -> None:
    """The parts follow one another from the first byte on: none overlaps, nothing stands before them."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    if ordered[0].header_offset != 0:
        raise _not_a_workbook()
    ends = [entry.header_offset + _LOCAL_HEADER_BYTES + entry.compress_size for entry in ordered]
    starts = [entry.header_offset for entry in ordered[1:]] + [len(content)]
    if any(end > start for end, start in zip(ends, starts, strict=True)):
        raise _bursts()


def _inflated(packed: memoryview, entry: ZipInfo) -> Iterator[bytes]:
    if entry.compress_type == ZIP_STORED:
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        return
    inflater = decompressobj(-15)
    try:
        for at in range(0, len(packed), _CHUNK):
            pending = bytes(packed[at : at + _CHUNK])
            while pending:
                yield inflater.decompress(pending, _CHUNK)
                pending = inflater.unconsumed_tail
        yield inflater.flush()  # what the inflater still holds
    except zlib_error:
        raise damaged() from None
    if not inflater.eof:
        raise damaged()
