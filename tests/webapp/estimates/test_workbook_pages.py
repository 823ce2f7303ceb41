"""The workbook at the door: out, looked at, taken in; mistakes by sheet and cell, which change nothing."""

from __future__ import annotations

from html import unescape
from io import BytesIO

from openpyxl import load_workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from finance.estimates.draft import EstimateDraft
from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.webapp.estimates.agency_desk import Desk, Visitor


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


def upload(desk: Desk, visitor: Visitor, content: bytes) -> TestResponse:
    address = f"{desk.address}/bang-tinh"
    sent = visitor.fields(visitor.get(address).text, address).to_dict()
    sent["workbook"] = FileStorage(BytesIO(content), "du-toan.xlsx")
    return visitor.client.post(address, data=sent, content_type="multipart/form-data")


def confirm(desk: Desk, visitor: Visitor, preview: str, **typed: str) -> TestResponse:
    return visitor.send(preview, f"{desk.address}/bang-tinh/nhap", **typed)


def cell_of(content: bytes, sheet: str, heading: str) -> tuple[int, int]:
    """Row of the first data line, and column with this heading."""
    for row in load_workbook(BytesIO(content))[sheet].iter_rows(max_row=10):
        for cell in row:
            if cell.value == heading:
                return cell.row + 1, cell.column
    raise AssertionError(f"no heading {heading}")


def test_out_and_in_again_changes_nothing(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    before = desk.row().edit_number
    looked = upload(desk, visitor, download(desk, visitor))
    assert looked.status_code == 200
    assert "giống hệt nội dung đang lưu" in looked.text
    assert confirm(desk, visitor, looked.text).status_code == 303
    assert desk.draft() == a_draft()
    assert desk.row().edit_number == before


def test_a_file_is_looked_at_before_anything_changes_and_then_taken_to_the_dong(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = download(desk, visitor)
    row, column = cell_of(content, "Dòng chi", "Đơn giá (đồng)")
    looked = upload(desk, visitor, edited(content, {("Dòng chi", row, column): 600_001}))
    assert looked.status_code == 200
    shown = unescape(looked.text)
    assert "thêm 0, sửa 1, xóa 0 dự án" in shown
    assert "từ 61.555.551 thành 62.555.561 đồng (+1.000.010)" in shown
    assert desk.draft() == a_draft(), "looking changes nothing"
    assert confirm(desk, visitor, looked.text).status_code == 303
    expected = a_draft(a_project(lines=(a_line(unit_price_vnd=600_001),)), a_project_of_levels())
    assert desk.draft() == expected
    assert "du-toan.xlsx" in visitor.get(desk.address).text


def test_mistakes_come_all_at_once_with_sheet_and_cell(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = download(desk, visitor)
    row, price = cell_of(content, "Dòng chi", "Đơn giá (đồng)")
    _row, year = cell_of(content, "Dòng chi", "Năm")
    bad = edited(content, {("Dòng chi", row, price): "1,200,000", ("Dòng chi", row + 1, year): "sang năm"})
    answer = upload(desk, visitor, bad)
    assert answer.status_code == 422
    shown = unescape(answer.text)
    letters = {column: chr(ord("A") + column - 1) for column in (price, year)}
    assert f"Dòng chi!{letters[price]}{row}" in shown
    assert f"Dòng chi!{letters[year]}{row + 1}" in shown
    assert f"{desk.address}/bang-tinh/nhap" not in shown, "there is nothing to confirm"
    assert desk.draft() == a_draft()


def test_another_file_than_the_one_looked_at_is_not_taken(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = download(desk, visitor)
    row, column = cell_of(content, "Dòng chi", "Đơn giá (đồng)")
    looked = upload(desk, visitor, content).text
    other = upload(desk, visitor, edited(content, {("Dòng chi", row, column): 9_000_000})).text
    smuggled = visitor.fields(other, f"{desk.address}/bang-tinh/nhap")["content"]
    assert confirm(desk, visitor, looked, content=smuggled).status_code == 400
    assert desk.draft() == a_draft()


def test_a_file_looked_at_before_somebody_saved_is_looked_at_again(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    looked = upload(desk, visitor, download(desk, visitor)).text
    theirs = EstimateDraft((a_project(name_vi="Tên của người khác"),))
    desk.save(theirs)
    answer = confirm(desk, visitor, looked)
    assert answer.status_code == 409
    assert desk.draft() == theirs, "nothing was written over"
    assert "Trần Văn Hòa lưu bản nháp" in unescape(answer.text)
    assert confirm(desk, visitor, answer.text).status_code == 303, "the second look knows of it"
    assert desk.draft() == a_draft()


def test_taken_twice_it_is_taken_once(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = download(desk, visitor)
    row, column = cell_of(content, "Dòng chi", "Đơn giá (đồng)")
    looked = upload(desk, visitor, edited(content, {("Dòng chi", row, column): 700_000})).text
    before = desk.row().edit_number
    assert [confirm(desk, visitor, looked).status_code for _time in range(2)] == [303, 303]
    assert desk.row().edit_number == before + 1


def test_no_file_and_no_workbook_are_told(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    assert upload(desk, visitor, b"not a workbook").status_code == 422
    address = f"{desk.address}/bang-tinh"
    missing = visitor.send(visitor.get(address).text, address)
    assert missing.status_code == 422
    assert "Chưa chọn tệp" in missing.text


def test_an_empty_template_holds_no_figures(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    content = download(desk, visitor, "")
    row, column = cell_of(content, "Dòng chi", "Nội dung chi")
    assert load_workbook(BytesIO(content))["Dòng chi"].cell(row, column).value is None
