"""A file is what its content says; disguises, programs and bombs are refused with a sentence."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest

from finance.attachments.file_content import kind_of_content
from finance.attachments.rules import (
    MEGABYTE,
    AttachmentLimits,
    FileKind,
    require_fitting_name,
    require_room,
    require_size,
    tidy_file_name,
)
from finance.errors import RuleBroken
from tests.paper_files import (
    EXCEL,
    EXCEL_WITH_MACROS,
    WORD,
    a_jpeg,
    a_package,
    a_pdf,
    a_png,
    a_relation,
)

ZEROS = b"0" * (40 * MEGABYTE)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (a_pdf(), FileKind.PDF),
        (a_pdf("/OpenAction 2 0 R") + b"\n", FileKind.PDF),
        (a_pdf().replace(b"trailer", b"stream\r\n/JavaScript /Launch\r\nendstream\ntrailer"), FileKind.PDF),
        (a_png(), FileKind.PNG),
        (a_jpeg(), FileKind.JPEG),
        (a_jpeg() + b"a film beside the picture", FileKind.JPEG),
        (a_package(WORD), FileKind.DOCX),
        (a_package(EXCEL, {"xl/workbook.xml": b"<w/>", "xl/media/image1.png": a_png()}), FileKind.XLSX),
        (a_package(WORD, {"word/_rels/d.xml.rels": a_relation("hyperlink", is_outside=True)}), FileKind.DOCX),
        (a_package(WORD, {"word/embeddings/chart1.xlsx": b"PK"}), FileKind.DOCX),
    ],
    ids=lambda value: value.value if isinstance(value, FileKind) else "",
)
def test_what_offices_attach_is_taken(content: bytes, kind: FileKind) -> None:
    assert kind_of_content(content) is kind


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a Windows program": (lambda: b"MZ\x90\x00" + b"\x00" * 60, "chương trình"),
    "a Linux program": (lambda: b"\x7fELF" + b"\x00" * 60, "chương trình"),
    "a script": (lambda: b"#!/bin/sh\nrm -rf /", "chương trình"),
    "a web page": (lambda: b"\n <!DOCTYPE html><script>1</script>", "trang web"),
    "a drawing with a script": (lambda: b"<svg onload='x'/>", "trang web"),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 60, "đời cũ"),
    "a plain text": ("Báo giá máy tính".encode, "Không nhận ra"),
    "a PDF behind a web page": (lambda: b"<html>" + a_pdf(), "trang web"),
    "a cut PDF": (lambda: a_pdf()[:-8], "cắt cụt"),
    "a PDF with a script": (lambda: a_pdf("/OpenAction << /S /JavaScript /JS (1) >>"), "mã lệnh"),
    "a script spelt otherwise": (lambda: a_pdf("/S /J#61vaScript"), "mã lệnh"),
    "a PDF that starts programs": (lambda: a_pdf("/S /Launch /F (cmd.exe)"), "mã lệnh"),
    "a PDF with a file inside": (lambda: a_pdf("/Names << /EmbeddedFiles 3 0 R >>"), "mã lệnh"),
    "a cut picture": (lambda: a_png()[:-12], "hỏng"),
    "a picture of a million points": (lambda: a_png(width=1_000_000), "hỏng"),
    "a picture that lies about a part": (lambda: a_png()[:8] + b"\xff\xff\xff\xff" + a_png()[12:], "hỏng"),
    "half a photograph": (lambda: a_jpeg()[:-2], "cắt cụt"),
    "a plain archive": (lambda: a_package(with_types=False), "Tệp nén"),
    "a workbook with macros": (lambda: a_package(EXCEL_WITH_MACROS), "macro"),
    "macros under a harmless type": (lambda: a_package(EXCEL, {"xl/vbaProject.bin": b"x"}), "macro"),
    "a control": (lambda: a_package(WORD, {"word/activeX/activeX1.xml": b"<a/>"}), "macro"),
    "an object of a program": (lambda: a_package(WORD, {"word/embeddings/oleObject1.bin": b"x"}), "macro"),
    "a program in a document": (lambda: a_package(WORD, {"word/a.EXE": b"MZ"}), "macro"),
    "a template from elsewhere": (
        lambda: a_package(WORD, {"word/_rels/s.xml.rels": a_relation("attachedTemplate", is_outside=True)}),
        "nơi khác",
    ),
    "a part that leads out": (lambda: a_package(WORD, {"../../etc/passwd": b"x"}), "hỏng"),
    "a part on another disk": (lambda: a_package(WORD, {"C:\\a.xml": b"x"}), "hỏng"),
    "a slide show": (lambda: a_package("application/x.presentationml.presentation.main+xml"), "thông thường"),
    "a bomb of zeros": (lambda: a_package(WORD, {"word/document.xml": ZEROS}), "phồng"),
    "a bomb of parts": (lambda: a_package(WORD, {f"word/p{n}.xml": b"x" for n in range(3100)}), "phồng"),
    "a bomb in a list": (
        lambda: a_package(WORD, {"word/_rels/a.rels": b"<R>" + b"<a/>" * 600_000 + b"</R>"}),
        "phồng",
    ),
    "half a package": (lambda: a_package(WORD)[:-20], "hỏng"),
    "entities in a relation": (
        lambda: a_package(
            WORD,
            {"word/_rels/a.rels": b'<!DOCTYPE a [<!ENTITY b "c">]><R><a>&b;</a></R>'},
        ),
        "hỏng",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_nobody_should_attach_is_refused_at_once_with_a_sentence(name: str) -> None:
    make, words = HOSTILE[name]
    content = make()
    began = time.perf_counter()
    with pytest.raises(RuleBroken) as refused:
        kind_of_content(content)
    assert words in refused.value.sentence_vi
    assert time.perf_counter() - began < 5


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = _with_a_double()
    with pytest.raises(RuleBroken, match="hỏng"):
        kind_of_content(content)


def _with_a_double() -> bytes:
    packed = BytesIO(a_package(WORD))
    with ZipFile(packed, "a") as package:
        package.writestr("word/document.xml", b"<other/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("bao gia.pdf", FileKind.XLSX, "có đuôi .pdf nhưng nội dung là bảng tính"),
        ("bao gia.xlsm", FileKind.XLSX, "có đuôi .xlsm"),
        ("bao gia", FileKind.PDF, "không có đuôi"),
        ("anh.jpg.exe", FileKind.JPEG, "có đuôi .exe"),
    ],
)
def test_a_name_that_says_something_else_is_refused(name: str, kind: FileKind, words: str) -> None:
    with pytest.raises(RuleBroken, match=words.replace(".", r"\.")):
        require_fitting_name(name, kind)


def test_the_usual_endings_fit_in_any_letters() -> None:
    require_fitting_name("QUYẾT ĐỊNH.PDF", FileKind.PDF)
    require_fitting_name("anh.JPEG", FileKind.JPEG)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Báo giá máy tính.pdf", "Báo giá máy tính.pdf"),
        ("Ba\u0301o gia\u0301.pdf", "Báo giá.pdf"),
        ("..\\..\\windows\\system32\\a.pdf", "a.pdf"),
        ("/etc/passwd", "passwd"),
        ("hoa\u202efdp.exe", "hoafdp.exe"),
        ("a\r\nSet-Cookie: b=1.pdf", "aSet-Cookie_ b=1.pdf"),
        ('bao "gia" <1>.pdf', "bao _gia_ _1_.pdf"),
        ("   .pdf", "tep-dinh-kem.pdf"),
        ("", "tep-dinh-kem"),
        ("CON.pdf", "_CON.pdf"),
        ("a . .pdf", "a.pdf"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
    ],
)
def test_names_are_tidied(given: str, kept: str) -> None:
    assert tidy_file_name(given) == kept
    assert tidy_file_name(kept) == kept


def test_limits_are_named_in_the_refusal() -> None:
    limits = AttachmentLimits(file_bytes=MEGABYTE, project_bytes=2 * MEGABYTE, project_files=2)
    require_size(MEGABYTE, limits)
    with pytest.raises(RuleBroken, match="1,1 MB, quá mức 1 MB"):
        require_size(MEGABYTE + 1, limits)
    with pytest.raises(RuleBroken, match="trống"):
        require_size(0, limits)
    require_room([MEGABYTE], MEGABYTE, limits)
    with pytest.raises(RuleBroken, match="2,1 MB, quá mức 2 MB"):
        require_room([MEGABYTE], MEGABYTE + 1, limits)
    with pytest.raises(RuleBroken, match="đã có 2 tệp"):
        require_room([1, 1], 1, limits)
