"""Which files may be attached, how large and how many, and what a person calls them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import category

from finance.errors import RuleBroken
from finance.labels import LabelledEnum
from finance.vietnamese.normal import nfc

MEGABYTE = 1024 * 1024
LONGEST_NAME = 120
USUAL_STEM = "tep-dinh-kem"

# Signs that some file system, header or shell reads as something else than a letter.
_UNSAFE = re.compile(r'[<>:"|?*`$%;&]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


class FileKind(LabelledEnum):
    """What a file is, told by its content."""

    PDF = "PDF", "tệp PDF"
    DOCX = "DOCX", "văn bản Word (.docx)"
    XLSX = "XLSX", "bảng tính Excel (.xlsx)"
    PNG = "PNG", "ảnh PNG"
    JPEG = "JPEG", "ảnh JPEG"


class ScanState(LabelledEnum):
    """What is known about malicious code in a file."""

    WAITING = "WAITING", "chờ quét mã độc"
    CLEAN = "CLEAN", "đã quét, sạch"
    SUSPECT = "SUSPECT", "nghi có mã độc"
    UNSCANNED = "UNSCANNED", "chưa được quét"


ENDINGS: dict[FileKind, tuple[str, ...]] = {
    FileKind.PDF: (".pdf",),
    FileKind.DOCX: (".docx",),
    FileKind.XLSX: (".xlsx",),
    FileKind.PNG: (".png",),
    FileKind.JPEG: (".jpg", ".jpeg"),
}

MEDIA_TYPES: dict[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class AttachmentLimits:
    """How much may be attached; each installation sets its own.

    Units:
        bytes, and numbers of files.
    """

    file_bytes: int = 8 * MEGABYTE
    project_bytes: int = 40 * MEGABYTE
    project_files: int = 20


def may_be_downloaded(state: ScanState) -> bool:
    """True when a file in this state is given out: never while a scanner has not yet spoken."""
    return state in {ScanState.CLEAN, ScanState.UNSCANNED}


def tidy_file_name(name: str) -> str:
    """The name as it is kept and given back: one Unicode form, no path, no sign with a meaning.

    Args:
        name: as the browser sent it; may hold folders, control signs or nothing at all.

    Returns:
        A name of at most 120 signs that keeps its ending and its Vietnamese letters.
    """
    last = re.split(r"[/\\]", nfc(name))[-1]
    plain = "".join(sign for sign in last if not category(sign).startswith("C"))
    plain = re.sub(r"\s+", " ", _UNSAFE.sub("_", plain)).lstrip().rstrip(" .")
    ending = _ENDING.search(plain)
    tail = ending.group() if ending else ""
    stem = plain.removesuffix(tail).strip(" .") or USUAL_STEM
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return stem[: LONGEST_NAME - len(tail)].rstrip(" .") + tail


def require_fitting_name(name: str, kind: FileKind) -> None:
    """Refuse a name whose ending says something else than the content.

    Raises:
        RuleBroken: the two differ; the sentence names both.
    """
    if not name.lower().endswith(ENDINGS[kind]):
        ending = _ENDING.search(name)
        said = f"có đuôi {ending.group()}" if ending else "không có đuôi"
        raise RuleBroken(
            f"Tên tệp “{name}” {said} nhưng nội dung là {kind.label_vi}. "
            f"Mời đặt lại đuôi {ENDINGS[kind][0]} hoặc chọn đúng tệp."
        )


def require_size(size_bytes: int, limits: AttachmentLimits) -> None:
    """Refuse an empty file and one larger than the installation takes.

    Raises:
        RuleBroken: with the limit and a way to keep to it.
    """
    if size_bytes == 0:
        raise RuleBroken("Tệp trống, không có nội dung. Mời chọn lại tệp.")
    if size_bytes > limits.file_bytes:
        raise RuleBroken(
            f"Tệp nặng {_megabytes(size_bytes)} MB, quá mức {_megabytes(limits.file_bytes)} MB mỗi tệp. "
            "Mời giảm độ phân giải bản quét hoặc tách tệp."
        )


def require_room(sizes: list[int], new_bytes: int, limits: AttachmentLimits) -> None:
    """Refuse one file more than a project may have, in number or in all.

    Args:
        sizes: of the files the project has.
        new_bytes: of the file to come.
        limits: of the installation.

    Raises:
        RuleBroken: with what is there and what may be.
    """
    if len(sizes) >= limits.project_files:
        raise RuleBroken(
            f"Dự án đã có {len(sizes)} tệp, là số nhiều nhất. Mời gộp các trang hoặc gỡ tệp không cần."
        )
    total = sum(sizes) + new_bytes
    if total > limits.project_bytes:
        raise RuleBroken(
            f"Các tệp của dự án sẽ nặng {_megabytes(total)} MB, quá mức "
            f"{_megabytes(limits.project_bytes)} MB. Mời gỡ tệp không cần hoặc giảm độ phân giải bản quét."
        )


def _megabytes(size_bytes: int) -> str:
    """With one decimal, rounded up, so that a file over the limit never shows as the limit itself."""
    tenths = -(-size_bytes * 10 // MEGABYTE)
    return f"{tenths // 10},{tenths % 10}" if tenths % 10 else str(tenths // 10)
