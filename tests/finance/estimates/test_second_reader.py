"""No marked copy goes out that another program reads differently from the file that came."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from openpyxl.comments import Comment

from finance.estimates.workbook import isolated, marking_child, second_reader
from finance.estimates.workbook.marking_child import marked_and_read_again
from finance.estimates.workbook.package import USUAL_LIMITS
from finance.estimates.workbook.returned import WorkbookNotMarkable, mark_workbook
from finance.estimates.workbook.returned_apart import marked_copy
from finance.estimates.workbook.second_reader import disagreement
from finance.findings import Finding
from tests.finance.estimates.test_returned_workbook import (
    FILLED,
    OF_OTHER_PROGRAMS,
    STAMP,
    a_finding,
    parts_of,
)
from tests.workbook_editing import edited, repacked

FINDINGS = [a_finding("I5"), a_finding("A30"), a_finding("I5", message_vi="Hai\r\ndòng & <lạ>.")]
MARKED = mark_workbook(FILLED, FINDINGS, STAMP)
LINES = next(name for name, part in parts_of(FILLED).items() if b'r="U5"' in part and b"<f>" in part)
COMMENTS = "xl/commentsPhanBo1.xml"


def broken(name: str, pattern: str, new: str) -> bytes:
    """The marked copy with the first place in this part spoilt."""
    old = parts_of(MARKED)[name].decode()
    spoilt = re.sub(pattern, new, old, count=1)
    assert spoilt != old
    return repacked(MARKED, {name: spoilt.encode()})


@pytest.mark.parametrize("content", [FILLED, *OF_OTHER_PROGRAMS.values()], ids=["ours", *OF_OTHER_PROGRAMS])
def test_a_right_copy_passes_whoever_wrote_the_file(content: bytes) -> None:
    findings = [replace(one, location=replace(one.location, sheet="Trang")) for one in FINDINGS]
    findings = FINDINGS if content is FILLED else findings
    assert disagreement(content, mark_workbook(content, findings, STAMP), findings) == ""


_NOT_FOUND = r'<comment ref="B9" authorId="0"><text/></comment>\1'
WRONG = {
    "a figure": (LINES, r'(<c r="I5"[^>]*><v>)500000', r"\g<1>500001", "ô I5 của trang “Dòng chi”"),
    "a figure that became a truth": (LINES, r'(<c r="G5"[^>]*)(><v>)2012', r'\1 t="b"\g<2>1', "ô G5"),
    "a figure that is gone": (LINES, r'(<c r="I5"[^>]*>)<v>500000</v>', r"\1", "ô I5"),
    "a formula's stored value": (LINES, r'(<c r="Q5"[^>]*><f>[^<]*</f><v>)5000000', r"\g<1>5000001", "ô Q5"),
    "a formula": (LINES, r'(<c r="Q5"[^>]*><f>)[^<]*', r"\g<1>I5*10", "ô Q5"),
    "a comment one cell off": (COMMENTS, 'ref="I5"', 'ref="J5"', "ghi chú ở ô I5 của trang “Dòng chi”"),
    "a comment that says something else": (COMMENTS, "Chưa rõ số ở A30", "Rõ số ở A30", "ghi chú ở ô A30"),
    "a comment nobody found": (COMMENTS, "(<comment )", _NOT_FOUND, "ô B9"),
    "a sheet's name": ("xl/workbook.xml", "Tổng hợp", "Tổng", "danh sách trang"),
    "no list of findings": ("xl/workbook.xml", "Kết quả kiểm tra", "Kết quả khác", "danh sách trang"),
    "broken styles": ("xl/styles.xml", "</styleSheet>", "", "không mở được"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_marking_that_spoils_something_is_caught(what: str) -> None:
    name, pattern, new, said = WRONG[what]
    told = disagreement(FILLED, broken(name, pattern, new), FINDINGS)
    assert said in told
    assert "không được đưa ra" in told


def test_a_lost_comment_of_somebody_else_is_caught() -> None:
    def write(book: Any) -> None:
        book["Dòng chi"]["I5"].comment = Comment("Giá theo báo giá.", "Chị Hoa")
        book["Dòng chi"]["B6"].comment = Comment("Xem lại.", "Anh Nam")

    known = edited(FILLED, {}, write)
    back = mark_workbook(known, FINDINGS, STAMP)
    assert disagreement(known, back, FINDINGS) == ""
    again = mark_workbook(back, FINDINGS[:1], STAMP)
    assert disagreement(back, again, FINDINGS[:1]) == ""
    name, part = next((name, part) for name, part in parts_of(back).items() if b"Xem l" in part)
    for old, new in (("Xem lại.", "Xem"), ("Giá theo báo giá.", "Giá."), ("Anh Nam", "Ai đó")):
        spoilt = repacked(back, {name: part.decode().replace(old, new).encode()})
        assert "ghi chú ở ô" in disagreement(known, spoilt, FINDINGS), old


def test_very_long_words_are_cut_and_not_missed() -> None:
    findings = [a_finding("I5", message_vi="Dài. " * 700), a_finding("I5", message_vi="Và nữa. " * 300)]
    assert disagreement(FILLED, mark_workbook(FILLED, findings, STAMP), findings) == ""
    assert "I5" in disagreement(FILLED, MARKED, findings)


def test_of_very_long_sheets_the_first_rows_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    spoilt = broken(LINES, r'(<c r="I5"[^>]*><v>)500000', r"\g<1>500001")
    for rows, is_seen in ((5, True), (4, False)):
        monkeypatch.setattr(second_reader, "ROWS_COMPARED", rows)
        monkeypatch.setattr(second_reader, "ROWS_OF_FORMULAS", rows)
        assert bool(disagreement(FILLED, spoilt, FINDINGS)) is is_seen


def test_a_spoilt_copy_is_not_handed_out_and_the_sentence_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(content: bytes, findings: list[Finding], stamp: Any) -> bytes:
        return broken(LINES, r'(<c r="I5"[^>]*><v>)500000', r"\g<1>5")

    assert marked_and_read_again(FILLED, FINDINGS, STAMP) == ("", MARKED)
    monkeypatch.setattr(marking_child, "mark_workbook", careless)
    said, copy = marked_and_read_again(FILLED, FINDINGS, STAMP)
    assert copy == b""
    assert "ô I5 của trang “Dòng chi”" in said


def test_the_copy_made_apart_is_the_same_and_the_server_never_loads_the_second_reader() -> None:
    assert marked_copy(FILLED, FINDINGS, STAMP) == MARKED
    code = (
        "import sys, finance.estimates.workbook.returned_apart, webapp.estimates.workbook_views\n"
        "assert not {'openpyxl', 'finance.estimates.workbook.second_reader'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def _out_of_time(*_arguments: Any, **options: Any) -> Any:
    raise subprocess.TimeoutExpired("child", options["timeout"])


def _answering(code: int, written: bytes) -> Callable[..., Any]:
    return lambda *_arguments, **_options: subprocess.CompletedProcess([], code, written, b"")


@pytest.mark.parametrize(
    ("child", "said"),
    [
        (_out_of_time, "quá 10 giây"),
        (_answering(-9, b""), "quá nhiều bộ nhớ"),
        (_answering(0, b""), "Không ghi chú được"),
        (_answering(0, b"\0"), "Không ghi chú được"),
        (_answering(0, "Ô I5 khác.\0".encode() + MARKED), "Ô I5 khác."),
    ],
)
def test_a_child_that_dies_or_refuses_hands_nothing_out(
    monkeypatch: pytest.MonkeyPatch, child: Callable[..., Any], said: str
) -> None:
    monkeypatch.setattr(isolated.subprocess, "run", child)
    with pytest.raises(WorkbookNotMarkable) as told:
        marked_copy(FILLED, FINDINGS, STAMP)
    assert said in told.value.said_vi


def test_no_process_is_started_for_what_is_no_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated.subprocess, "run", _out_of_time)
    for content, limits in ((b"%PDF-1.7", USUAL_LIMITS), (FILLED, replace(USUAL_LIMITS, file_bytes=100))):
        with pytest.raises(WorkbookNotMarkable, match=r"Tệp"):
            marked_copy(content, FINDINGS, STAMP, limits=limits)


def test_a_file_whose_parts_are_broken_is_told_by_the_child() -> None:
    spoilt = repacked(FILLED, {"xl/styles.xml": b"<styleSheet"})
    with pytest.raises(WorkbookNotMarkable) as told:
        marked_copy(spoilt, FINDINGS, STAMP)
    assert told.value.said_vi == "Không ghi chú được vào tệp này."
