"""The workbook at the door: out, looked at, taken in; mistakes by sheet and cell, which change nothing."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from finance.estimates.workbook.columns import DATA_SHEETS
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.estimates.workbook.returned import WorkbookNotMarkable
from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.webapp.estimates.agency_desk import Desk, Visitor


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates with few empty rows, read in this process unless the test is about the other one."""
    small = tuple(replace(shape, offered_rows=10) for shape in DATA_SHEETS)
    monkeypatch.setattr("finance.estimates.workbook.template.DATA_SHEETS", small)
    if "apart" not in request.node.name:
        # By the table of modules: `webapp.estimates` is the name of the blueprint as well.
        views = sys.modules["webapp.estimates.workbook_views"]
        monkeypatch.setattr(views, "read_workbook_apart", read_estimate_workbook)


def download(desk: Desk, visitor: Visitor, query: str = "?co-so-lieu=1") -> bytes:
    answer = visitor.get(f"{desk.address}/bang-tinh-mau{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    return answer.data


def edited(content: bytes, changes: dict[tuple[str, int, int], object]) -> bytes:
    """The workbook with these cells (sheet, row, column) written over."""
    book = load_workbook(BytesIO(content))
    for (sheet, row, column), value in changes.items():
        book[sheet].cell(row, column).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def send_file(desk: Desk, visitor: Visitor, content: bytes, name: str = "du-toan.xlsx") -> TestResponse:
    address = f"{desk.address}/bang-tinh"
    sent = visitor.fields(visitor.get(address).text, address).to_dict()
    sent["workbook"] = FileStorage(BytesIO(content), name)
    return visitor.client.post(address, data=sent, content_type="multipart/form-data")


def upload(desk: Desk, visitor: Visitor, content: bytes) -> str:
    """The page on which the uploaded file is looked at."""
    answer = send_file(desk, visitor, content)
    assert answer.status_code == 303
    assert answer.location == address_of(desk, content)
    return visitor.get(answer.location).text


def address_of(desk: Desk, content: bytes) -> str:
    return f"{desk.address}/bang-tinh/tep/{hashlib.sha256(content).hexdigest()}"


def confirm(desk: Desk, visitor: Visitor, looked: str, content: bytes, **typed: str) -> TestResponse:
    return visitor.send(looked, f"{address_of(desk, content)}/nhap", **typed)


def with_price(content: bytes, price: object) -> bytes:
    row, column = cell_of(content, "Dòng chi", "Đơn giá (đồng)")
    return edited(content, {("Dòng chi", row, column): price})


def cell_of(content: bytes, sheet: str, heading: str) -> tuple[int, int]:
    """Row of the first data line, and column with this heading."""
    for row in load_workbook(BytesIO(content))[sheet].iter_rows(max_row=10):
        for cell in row:
            if cell.value == heading:
                return cell.row + 1, cell.column
    raise AssertionError(f"no heading {heading}")


def test_out_and_in_again_changes_nothing(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    before, content = desk.row().edit_number, download(desk, visitor)
    looked = upload(desk, visitor, content)
    assert "giống hệt nội dung đang lưu" in looked
    assert confirm(desk, visitor, looked, content).status_code == 303
    assert desk.draft() == a_draft()
    assert desk.row().edit_number == before


def test_a_file_is_looked_at_before_anything_changes_and_then_taken_to_the_dong(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = with_price(download(desk, visitor), 600_001)
    looked = upload(desk, visitor, content)
    shown = unescape(looked)
    assert "thêm 0, sửa 1, xóa 0 dự án" in shown
    assert "từ 61.555.551 thành 62.555.561 đồng (+1.000.010)" in shown
    assert "<del>500.000 đồng</del> → <ins>600.001 đồng</ins>" in shown
    assert "13.999.990" in shown, "what is left of the control figure afterwards"
    assert desk.draft() == a_draft(), "looking changes nothing"
    assert confirm(desk, visitor, looked, content).status_code == 303
    expected = a_draft(a_project(lines=(a_line(unit_price_vnd=600_001),)), a_project_of_levels())
    assert desk.draft() == expected
    assert "du-toan.xlsx" in visitor.get(desk.address).text


def test_mistakes_read_apart_come_all_at_once_with_sheet_and_cell_and_in_his_own_file(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = download(desk, visitor)
    row, price = cell_of(content, "Dòng chi", "Đơn giá (đồng)")
    _row, year = cell_of(content, "Dòng chi", "Năm")
    bad = edited(content, {("Dòng chi", row, price): "1,2 tr", ("Dòng chi", row + 1, year): "sang năm"})
    looked = upload(desk, visitor, bad)
    shown = unescape(looked)
    letters = {column: chr(ord("A") + column - 1) for column in (price, year)}
    assert f"Dòng chi!{letters[price]}{row}" in shown
    assert f"Dòng chi!{letters[year]}{row + 1}" in shown
    assert "Trang “Dòng chi”: 2 lỗi phải sửa" in " ".join(shown.split())
    assert f"{address_of(desk, bad)}/nhap" not in shown, "there is nothing to confirm"
    back = visitor.get(f"{address_of(desk, bad)}/ghi-chu")
    assert "du-toan-ghi-chu.xlsx" in back.headers["Content-Disposition"]
    book = load_workbook(BytesIO(back.data))
    assert book["Dòng chi"].cell(row, price).value == "1,2 tr"
    assert book["Dòng chi"].cell(row, price).comment.text.startswith("LỖI PHẢI SỬA")
    assert hashlib.sha256(bad).hexdigest() in str(book["Kết quả kiểm tra"]["A5"].value)
    assert desk.draft() == a_draft()


def test_a_copy_the_second_reader_refuses_is_answered_with_the_list(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object, **_options: object) -> bytes:
        raise WorkbookNotMarkable("Ô I5 của trang “Dòng chi” không đúng như phải có.")

    monkeypatch.setattr(sys.modules["webapp.estimates.workbook_views"], "marked_copy", refused)
    visitor = desk.visitor(desk.province.preparer)
    bad = with_price(download(desk, visitor), "1,2 tr")
    upload(desk, visitor, bad)
    back = visitor.get(f"{address_of(desk, bad)}/ghi-chu")
    assert back.status_code == 422
    assert "Content-Disposition" not in back.headers
    shown = unescape(back.text)
    assert "Ô I5 của trang “Dòng chi” không đúng như phải có. Danh sách lỗi dưới đây vẫn đầy đủ." in shown
    assert "Dòng chi!I5" in shown


def test_how_a_figure_was_read_is_shown(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = with_price(download(desk, visitor), "600.000 đồng")
    looked = unescape(upload(desk, visitor, content))
    shown = looked[looked.index('id="readings"') :]
    assert "Dòng chi!I5" in shown
    assert "600.000" in shown
    assert confirm(desk, visitor, looked, content).status_code == 303
    assert desk.draft().projects[0].lines[0].unit_price_vnd == 600_000


def test_a_file_nobody_looked_at_or_whose_day_is_over_is_told_so(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = with_price(download(desk, visitor), 600_000)
    assert visitor.get(address_of(desk, content)).status_code == 410
    looked = upload(desk, visitor, content)
    desk.pass_time(timedelta(hours=25))
    for ending in ("", "/ghi-chu"):
        gone = visitor.get(address_of(desk, content) + ending)
        assert gone.status_code == 410
        assert "không còn được giữ" in unescape(gone.text)
    assert confirm(desk, visitor, looked, content).status_code == 410
    assert desk.draft() == a_draft()


def test_what_was_saved_meanwhile_is_kept(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = with_price(download(desk, visitor), 600_000)
    looked = upload(desk, visitor, content)
    theirs = a_draft(a_project(name_vi="Tên của người khác"), a_project_of_levels())
    desk.save(theirs)
    answer = confirm(desk, visitor, looked, content)
    assert answer.status_code == 409
    assert desk.draft() == theirs, "nothing was written over"
    assert "Trần Văn Hòa lưu bản nháp" in unescape(answer.text)
    assert "được giữ cả hai" in unescape(answer.text)
    assert confirm(desk, visitor, answer.text, content).status_code == 303, "the second look knows of it"
    merged = a_project(name_vi="Tên của người khác", lines=(a_line(unit_price_vnd=600_000),))
    assert desk.draft() == a_draft(merged, a_project_of_levels())


CONFLICT = "conflict-DA1/lines/1/unit_price_vnd"


def a_conflict(desk: Desk, visitor: Visitor) -> tuple[bytes, str]:
    """The file says 600.000, the web meanwhile 700.000, and another line of the web has a note."""
    content = with_price(download(desk, visitor), 600_000)
    desk.save(a_draft(a_project(lines=(a_line(unit_price_vnd=700_000, note="mới"),)), a_project_of_levels()))
    return content, upload(desk, visitor, content)


def test_where_both_changed_a_person_chooses(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content, looked = a_conflict(desk, visitor)
    shown = unescape(looked)
    for said in ("DA1, Thuê giảng viên", "Đơn giá", "500.000 đồng", "600.000 đồng", "700.000 đồng"):
        assert said in shown
    undecided = confirm(desk, visitor, looked, content)
    assert undecided.status_code == 422
    assert "Còn 1 chỗ cả hai bên cùng sửa chưa chọn" in unescape(undecided.text)
    done = confirm(desk, visitor, undecided.text, content, **{CONFLICT: "FILE"})
    assert done.status_code == 303
    (line,) = desk.draft().projects[0].lines
    assert (line.unit_price_vnd, line.note) == (600_000, "mới")


@pytest.mark.parametrize(("side", "price"), [("FILE", 600_000), ("WEB", 700_000)])
def test_one_side_may_be_taken_everywhere(desk: Desk, side: str, price: int) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content, looked = a_conflict(desk, visitor)
    assert confirm(desk, visitor, looked, content, all=side).status_code == 303
    (line,) = desk.draft().projects[0].lines
    assert (line.unit_price_vnd, line.note) == (price, "mới")


def test_an_import_is_undone_within_a_day(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = with_price(download(desk, visitor), 600_000)
    assert confirm(desk, visitor, upload(desk, visitor, content), content).status_code == 303
    page = visitor.get(f"{desk.address}/bang-tinh").text
    assert "Có thể hoàn tác trong một ngày" in unescape(page)
    undo = f"{desk.address}/bang-tinh/hoan-tac"
    assert visitor.send(page, undo).status_code == 303
    assert desk.draft() == a_draft()
    assert "Hoàn tác lần nhập từ tệp du-toan.xlsx" in str(desk.sentences())
    again = visitor.get(f"{desk.address}/bang-tinh").text
    assert "hoan-tac" not in again
    late = visitor.post(undo, visitor.fields(page, undo), seen_version=str(desk.row().edit_number))
    assert late.status_code in {409, 422}


def test_undoing_keeps_what_was_changed_since_or_says_why_not(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = with_price(download(desk, visitor), 600_000)
    confirm(desk, visitor, upload(desk, visitor, content), content)
    bought = a_line(unit_price_vnd=600_000, note="đã báo giá")
    desk.save(a_draft(a_project(lines=(bought,)), a_project_of_levels()))
    page = visitor.get(f"{desk.address}/bang-tinh").text
    assert "các sửa đổi sau vẫn giữ" in unescape(page)
    undo = f"{desk.address}/bang-tinh/hoan-tac"
    assert visitor.send(page, undo).status_code == 303
    (line,) = desk.draft().projects[0].lines
    assert (line.unit_price_vnd, line.note) == (500_000, "đã báo giá")

    second = with_price(download(desk, visitor), 650_000)
    confirm(desk, visitor, upload(desk, visitor, second), second)
    desk.save(a_draft(a_project(lines=(a_line(unit_price_vnd=660_000),)), a_project_of_levels()))
    refused = visitor.send(visitor.get(f"{desk.address}/bang-tinh").text, undo)
    assert refused.status_code == 422
    assert "Không hoàn tác được" in unescape(refused.text)
    desk.pass_time(timedelta(hours=25))
    assert "hoan-tac" not in visitor.get(f"{desk.address}/bang-tinh").text


def test_taken_twice_it_is_taken_once(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = with_price(download(desk, visitor), 700_000)
    looked = upload(desk, visitor, content)
    before = desk.row().edit_number
    assert [confirm(desk, visitor, looked, content).status_code for _time in range(2)] == [303, 303]
    assert desk.row().edit_number == before + 1


def test_an_empty_template_adds_and_removes_nothing(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    filled = load_workbook(BytesIO(download(desk, visitor)))
    empty = download(desk, visitor, "")
    cells = {("Dự án", 5, at): cell.value for at, cell in enumerate(filled["Dự án"][5], start=1)}
    cells |= {("Dòng chi", 5, at): cell.value for at, cell in enumerate(filled["Dòng chi"][5][:15], start=1)}
    cells |= {("Kết quả", 5, at): cell.value for at, cell in enumerate(filled["Kết quả"][5], start=1)}
    cells = {place: value for place, value in cells.items() if not str(value).startswith("=")}
    cells |= {(sheet, 5, 1): "MOI" for sheet in ("Dự án", "Dòng chi", "Kết quả")} | {("Dự án", 5, 3): "Mới"}
    content = edited(empty, cells)
    looked = upload(desk, visitor, content)
    assert "thêm 1, sửa 0, xóa 0 dự án" in unescape(looked)
    assert confirm(desk, visitor, looked, content).status_code == 303
    assert {project.project_key for project in desk.draft().projects} == {"DA1", "DA2", "MOI"}


def test_no_file_and_no_workbook_are_told(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    refused = send_file(desk, visitor, b"not a workbook")
    assert refused.status_code == 422
    assert "không đọc được nên chưa được nhập" in unescape(refused.text)
    address = f"{desk.address}/bang-tinh"
    missing = visitor.send(visitor.get(address).text, address)
    assert missing.status_code == 422
    assert "Chưa chọn tệp" in missing.text


def test_an_empty_template_holds_no_figures(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = download(desk, visitor, "")
    row, column = cell_of(content, "Dòng chi", "Nội dung chi")
    assert load_workbook(BytesIO(content))["Dòng chi"].cell(row, column).value is None
