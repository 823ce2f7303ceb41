"""His own file back: every finding at its cell, every other part of the package the same to the byte."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from finance.estimates.workbook.cell_comments import AUTHOR
from finance.estimates.workbook.columns import DATA_SHEETS, RESULT_SHEET
from finance.estimates.workbook.marked_styles import MARK_COLOURS
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.estimates.workbook.result_sheet import CheckStamp
from finance.estimates.workbook.returned import WorkbookNotMarkable, mark_workbook
from finance.estimates.workbook.second_reader import disagreement
from finance.findings import Finding, Location, Severity
from tests.builders import a_draft
from tests.estimate_contexts import a_check_context
from tests.workbook_editing import a_workbook, edited, repacked

CONTEXT = a_check_context()
FILLED = a_workbook(CONTEXT, a_draft())
STAMP = CheckStamp(
    "dự toán.xlsx", "ab" * 32, datetime(2012, 2, 16, 3, 5, tzinfo=UTC), "2012-0a1b2c3d", "Đợt 1", "UBND A & B"
)
TITLES = [shape.title for shape in DATA_SHEETS]
MAY_CHANGE = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


def a_finding(
    cell: str, sheet: str = "Dòng chi", severity: Severity = Severity.BLOCKS, **more: Any
) -> Finding:
    facts = {"code": "AMOUNT_UNCLEAR", "message_vi": f"Chưa rõ số ở {cell}.", "remedy_vi": "Nhập lại."} | more
    return Finding(severity=severity, location=Location(sheet=sheet, cell=cell), **facts)


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def read_back(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))


def colour_of(cell: Any) -> str:
    return str(cell.fill.fgColor.rgb) if cell.fill.fill_type else ""


def values_of(content: bytes, *, computed: bool) -> dict[str, list[list[Any]]]:
    book = load_workbook(io.BytesIO(content), data_only=computed)
    return {
        sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
        for sheet in book
        if sheet.title != RESULT_SHEET
    }


def test_each_finding_stands_at_its_cell_and_in_the_list() -> None:
    findings = [
        a_finding("I5"),
        a_finding("I5", severity=Severity.WARNS, message_vi="Số <lạ> & dài.", remedy_vi=""),
        a_finding("C6", "Dự án", Severity.WARNS),
        Finding("CEILING_EXCEEDED", Severity.BLOCKS, "Vượt số kiểm tra.", Location(words="Nguồn tỉnh")),
    ]
    book = read_back(mark_workbook(FILLED, findings, STAMP))
    cell = book["Dòng chi"]["I5"]
    assert cell.comment.text.startswith(
        "LỖI PHẢI SỬA: Chưa rõ số ở I5.\nCách sửa: Nhập lại.\n\nCẢNH BÁO: Số <lạ>"
    )
    assert cell.comment.author == AUTHOR
    assert (cell.value, cell.number_format) == (500_000, "#,##0")
    assert not cell.protection.locked, "the format is the cell's own, with another colour"
    assert colour_of(cell) == MARK_COLOURS[Severity.BLOCKS]
    assert colour_of(book["Dự án"]["C6"]) == MARK_COLOURS[Severity.WARNS]
    assert colour_of(book["Dòng chi"]["I6"]) == ""
    sheet = book[RESULT_SHEET]
    shown = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    for said in ("ab" * 32, "10:05 ngày 16/02/2012", "2012-0a1b2c3d", "Đợt 1", "UBND A & B", "dự toán.xlsx"):
        assert said in shown
    assert [sheet.cell(row, 2).value for row in range(11, 15)] == ["Dòng chi", "Dòng chi", "Dự án", "–"]
    assert "Nguồn tỉnh: Vượt số kiểm tra." in shown
    assert sheet["C11"].hyperlink.location == "'Dòng chi'!I5"
    assert sheet["C14"].hyperlink is None
    assert colour_of(sheet["D13"]) == MARK_COLOURS[Severity.WARNS]
    assert sheet["D13"].font.name == sheet["E13"].font.name == "Times New Roman"
    assert sheet.page_setup.orientation == "landscape"
    assert book.sheetnames[-1] == RESULT_SHEET


def test_every_other_part_keeps_its_bytes() -> None:
    before, after = parts_of(FILLED), parts_of(mark_workbook(FILLED, [a_finding("I5")], STAMP))
    changed = {name for name in before if after[name] != before[name]}
    lines = next(name for name in before if b"I5" in before[name] and b'r="U5"' in before[name])
    assert changed == MAY_CHANGE | {lines}
    assert sorted(after.keys() - before.keys()) == [
        "xl/commentsPhanBo1.xml",
        "xl/drawings/vmlDrawingPhanBo1.vml",
        "xl/worksheets/_rels/" + lines.rpartition("/")[2] + ".rels",
        "xl/worksheets/sheetPhanBo1.xml",
    ]
    assert list(after)[: len(before)] == list(before), "the parts keep their order"
    for computed in (False, True):
        assert values_of(mark_workbook(FILLED, [a_finding("I5")], STAMP), computed=computed) == values_of(
            FILLED, computed=computed
        )


def test_a_file_without_findings_gets_the_list_alone() -> None:
    before, after = parts_of(FILLED), parts_of(mark_workbook(FILLED, [], STAMP))
    assert {name for name in before if after[name] != before[name]} == MAY_CHANGE
    assert "Không có lỗi phải sửa" in after["xl/worksheets/sheetPhanBo1.xml"].decode()


def test_a_returned_file_is_read_like_the_one_that_came() -> None:
    wrong = edited(FILLED, {"Dòng chi!I5": "1,2 tr", "Dự án!B6": "x"})
    _draft, findings = read_estimate_workbook(wrong, CONTEXT)
    assert findings
    back = mark_workbook(wrong, findings, STAMP)
    assert read_estimate_workbook(back, CONTEXT)[1] == findings
    mended = edited(back, {"Dòng chi!I5": 500_000, "Dự án!B6": 2})
    draft, findings = read_estimate_workbook(mended, CONTEXT)
    assert (draft, findings) == (a_draft(), [])


def test_marks_of_an_earlier_check_are_taken_off() -> None:
    once = mark_workbook(FILLED, [a_finding("I5"), a_finding("A6"), a_finding("C5", "Dự án")], STAMP)
    resaved = edited(once, {})  # by another program, which numbers formats anew
    for content in (once, resaved):
        again = mark_workbook(content, [a_finding("A6", severity=Severity.WARNS)], STAMP)
        book = read_back(again)
        lines = book["Dòng chi"]
        assert (lines["I5"].comment, colour_of(lines["I5"])) == (None, "")
        assert book["Dự án"]["C5"].comment is None
        assert lines["A6"].comment.text.startswith("CẢNH BÁO")
        assert colour_of(lines["A6"]) == MARK_COLOURS[Severity.WARNS]
        assert book.sheetnames.count(RESULT_SHEET) == 1
        shapes = [part for name, part in parts_of(again).items() if name.endswith(".vml")]
        assert sum(part.count(b"<x:Row>") for part in shapes) == 1


def test_comments_of_others_stay() -> None:
    def write(book: Any) -> None:
        book["Dòng chi"]["I5"].comment = Comment("Giá theo báo giá số 3.", "Chị Hoa")
        book["Dòng chi"]["B6"].comment = Comment("Xem lại.", "Anh Nam")

    known = edited(FILLED, {}, write)
    back = mark_workbook(known, [a_finding("I5"), a_finding("E5")], STAMP)
    lines = read_back(back)["Dòng chi"]
    assert lines["B6"].comment.text == "Xem lại."
    assert lines["B6"].comment.author == "Anh Nam"
    assert lines["I5"].comment.text.startswith("Giá theo báo giá số 3.")
    assert "LỖI PHẢI SỬA: Chưa rõ số ở I5." in lines["I5"].comment.text
    assert lines["E5"].comment.author == AUTHOR
    cleared = read_back(mark_workbook(back, [a_finding("E5")], STAMP))["Dòng chi"]
    assert cleared["I5"].comment.text.strip() == "Giá theo báo giá số 3."
    assert cleared["B6"].comment.text == "Xem lại."


def _as_libreoffice_saves(content: bytes) -> bytes:
    """The comments without their authors, each in one run, line ends written as references."""

    def flat(found: re.Match[str]) -> str:
        text = "".join(re.findall(r"<t[^>]*>([^<]*)</t>", found[2])).replace("\n", "&#10;")
        run = f'<r><t xml:space="preserve">{text}</t></r>'
        return f'<comment ref="{found[1]}" authorId="0"><text>{run}</text></comment>'

    def saved(part: bytes) -> bytes:
        text = re.sub(r"<authors>.*</authors>", "<authors><author> </author></authors>", part.decode())
        return re.sub(r'<comment [^>]*ref="(\w+)"[^>]*>(.*?)</comment>', flat, text, flags=re.DOTALL).encode()

    parts = parts_of(content)
    return repacked(content, {name: saved(part) for name, part in parts.items() if b"<comments" in part})


def test_our_words_are_known_again_where_libreoffice_dropped_their_author() -> None:
    def write(book: Any) -> None:
        book["Dòng chi"]["I5"].comment = Comment("Giá theo báo giá số 3.", "Chị Hoa")
        book["Dòng chi"]["B6"].comment = Comment("Xem lại.", "Anh Nam")

    first = [a_finding("I5"), a_finding("E5"), a_finding("A6")]
    saved = _as_libreoffice_saves(mark_workbook(edited(FILLED, {}, write), first, STAMP))
    said = {"I5": "Giá theo báo giá số 3.", "B6": "Xem lại."}
    for findings in ([], [a_finding("E5"), a_finding("I5")]):
        again = mark_workbook(saved, findings, STAMP)
        lines = read_back(again)["Dòng chi"]
        comments = {
            cell.coordinate: cell.comment for row in lines.iter_rows() for cell in row if cell.comment
        }
        assert comments.keys() == said.keys() | {one.location.cell for one in findings}
        assert {cell: comments[cell].text.partition(f"\n{AUTHOR}:")[0] for cell in said} == said
        assert all(comment.text.count("LỖI PHẢI SỬA") <= 1 for comment in comments.values())
        assert disagreement(saved, again, findings) == ""


def test_cells_and_rows_that_are_not_there_are_made() -> None:
    cells = ["B5", "AA5", "C7", "A90", "ZZ95", "A1"]
    book = read_back(mark_workbook(_bare(), [a_finding(cell, "Trang") for cell in cells], STAMP))
    sheet = book["Trang"]
    for cell in cells:
        assert sheet[cell].comment is not None, cell
        assert colour_of(sheet[cell]) == MARK_COLOURS[Severity.BLOCKS], cell
    assert (sheet["A5"].value, sheet["D5"].value, sheet["B7"].value) == ("a", 4, "b")


def _bare() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Trang"
    sheet["A5"], sheet["D5"], sheet["B7"] = "a", 4, "b"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _prefixed(part: bytes) -> bytes:
    """The part with a prefix at every name, as some programs write."""

    text = part.decode().replace(f'xmlns="{_SPREADSHEET}"', f'xmlns:x="{_SPREADSHEET}"')
    return re.sub(r"<(/?)(?=[a-zA-Z])(?![a-zA-Z]+:)", r"<\1x:", text).encode()


def _with(change: Callable[[bytes], bytes], *ends: str) -> bytes:
    parts = parts_of(_bare())
    return repacked(_bare(), {name: change(part) for name, part in parts.items() if name.endswith(ends)})


def _unnumbered(part: bytes) -> bytes:

    return re.sub(rb'(<(?:row|c)) r="[A-Z]*[0-9]+"', rb"\1", part)


OF_OTHER_PROGRAMS = {
    "prefixes": _with(_prefixed, "sheet1.xml", "styles.xml", "/workbook.xml"),
    "utf-16": _with(lambda part: part.decode().replace("utf-8", "utf-16").encode("utf-16"), "sheet1.xml"),
    "a byte order mark": _with(lambda part: b"\xef\xbb\xbf" + part, "sheet1.xml", "/workbook.xml"),
    "single quotes": _with(lambda part: part.replace(b'"', b"'"), "sheet1.xml", "styles.xml"),
    "no styles": repacked(
        _with(lambda part: part.replace(b' s="1"', b""), "sheet1.xml"),
        {
            "xl/styles.xml": None,
            "xl/_rels/workbook.xml.rels": parts_of(_bare())["xl/_rels/workbook.xml.rels"].replace(
                b"/xl/styles.xml", b"/xl/gone.xml"
            ),
        },
    ),
    "an empty styles part": _with(
        lambda _part: f'<styleSheet xmlns="{_SPREADSHEET}"/>'.encode(), "styles.xml"
    ),
}


@pytest.mark.parametrize("name", OF_OTHER_PROGRAMS)
def test_what_other_programs_write_is_understood(name: str) -> None:
    back = mark_workbook(OF_OTHER_PROGRAMS[name], [a_finding("D5", "Trang"), a_finding("F9", "Trang")], STAMP)
    sheet = read_back(back)["Trang"]
    assert (sheet["A5"].value, sheet["D5"].value) == ("a", 4)
    for cell in ("D5", "F9"):
        assert sheet[cell].comment is not None
        assert colour_of(sheet[cell]) == MARK_COLOURS[Severity.BLOCKS]


def test_rows_and_cells_without_numbers_are_counted() -> None:
    def dense(part: bytes) -> bytes:
        rows = b'<row><c t="n"><v>1</v></c><c t="n"><v>2</v></c></row><row><c t="n"><v>3</v></c></row>'
        start, end = part.index(b"<sheetData>") + 11, part.index(b"</sheetData>")
        return part[:start] + rows + part[end:]

    back = mark_workbook(
        _with(dense, "sheet1.xml"), [a_finding("B1", "Trang"), a_finding("A2", "Trang")], STAMP
    )
    part = parts_of(back)["xl/worksheets/sheet1.xml"]
    assert part.count(b"<row") == 2
    assert part.count(b" s=") == 2
    assert b'<c t="n"><v>1</v></c>' in part


def test_a_file_whose_parts_are_broken_is_told() -> None:
    for broken in (
        b"",
        b"PK",
        repacked(FILLED, {"xl/styles.xml": b"<styleSheet"}),
        repacked(FILLED, {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'}),
    ):
        with pytest.raises(WorkbookNotMarkable):
            mark_workbook(broken, [a_finding("I5")], STAMP)


_CELLS = st.builds(
    lambda column, row: f"{column}{row}",
    st.sampled_from(["A", "B", "I", "U", "V", "W", "AB"]),
    st.integers(1, 40),
)
_FINDINGS = st.lists(
    st.builds(
        lambda cell, sheet, severity, words: a_finding(cell, sheet, severity, message_vi=words),
        _CELLS,
        st.sampled_from(TITLES),
        st.sampled_from(Severity),
        st.text(max_size=30),
    ),
    max_size=12,
)


@settings(max_examples=12, deadline=None)
@given(_FINDINGS)
def test_any_findings_stand_at_their_cells_and_nowhere_else(findings: list[Finding]) -> None:
    back = mark_workbook(FILLED, findings, STAMP)
    wanted: dict[tuple[str, str], Severity] = {}
    for finding in findings:
        place = finding.location.sheet, finding.location.cell
        severities = list(Severity)
        wanted[place] = min(wanted.get(place, finding.severity), finding.severity, key=severities.index)
    book = read_back(back)
    found = {
        (sheet.title, cell.coordinate): colour_of(cell)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert found == {place: MARK_COLOURS[severity] for place, severity in wanted.items()}
    assert read_estimate_workbook(back, CONTEXT)[1] == read_estimate_workbook(FILLED, CONTEXT)[1]
    assert disagreement(FILLED, back, findings) == ""


@pytest.mark.deep
def test_libreoffice_opens_it_and_shows_the_same_values(tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("no LibreOffice here: apt-get install libreoffice-calc")
    back = mark_workbook(FILLED, [a_finding("I5"), a_finding("A30"), a_finding("C5", "Dự án")], STAMP)
    shown = {}
    for name, content in (("before", FILLED), ("after", back)):
        (tmp_path / f"{name}.xlsx").write_bytes(content)
        out = tmp_path / f"of_{name}"
        asked = ["--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx"]
        subprocess.run(
            [program, *asked, "--outdir", str(out), str(tmp_path / f"{name}.xlsx")],
            check=True,
            capture_output=True,
            timeout=180,
        )
        values = values_of((out / f"{name}.xlsx").read_bytes(), computed=True)
        # A marked cell below the last row makes the sheet longer by empty rows, and nothing else.
        shown[name] = {title: _without_blank_end(rows) for title, rows in values.items()}
    assert shown["after"] == shown["before"]
    saved = (tmp_path / "of_after" / "after.xlsx").read_bytes()
    assert read_back(saved)["Dòng chi"]["I5"].comment is not None
    again = mark_workbook(saved, [a_finding("A30")], STAMP)
    lines = read_back(again)["Dòng chi"]
    assert [cell.coordinate for row in lines.iter_rows() for cell in row if cell.comment] == ["A30"]
    assert colour_of(lines["I5"]) == ""
    assert disagreement(saved, again, [a_finding("A30")]) == ""


def _without_blank_end(rows: list[list[Any]]) -> list[list[Any]]:
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    return rows
