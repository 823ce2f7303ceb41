"""A save from an old page: what two persons did is put together, and asked only where both did the same."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

from finance.estimates.draft import EstimateDraft
from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.webapp.estimates.agency_desk import Desk, Visitor

TWO_LINES = (a_line("Thuê giảng viên"), a_line("Thuê hội trường"))


def address(desk: Desk) -> str:
    return f"{desk.address}/du-an"


def two_lines(desk: Desk) -> tuple[Visitor, str]:
    """The page of a project of two lines, opened before anybody else saves."""
    desk.save(a_draft(a_project(lines=TWO_LINES), a_project_of_levels()))
    visitor = desk.visitor(desk.province.preparer)
    return visitor, visitor.get(f"{address(desk)}?ma=DA1").text


def test_lines_added_changed_and_removed_by_two_people_are_all_kept(desk: Desk) -> None:
    visitor, page = two_lines(desk)
    theirs = a_project(lines=(*TWO_LINES[:1], a_line("Nước uống")), place="Cam Ranh")
    desk.save(a_draft(theirs, a_project_of_levels()))
    answer = visitor.send(
        page,
        address(desk),
        lines__0__unit_price_vnd="650.000",
        lines__2__item_vi="Văn phòng phẩm",
        lines__2__unit_price_vnd="10.000",
        lines__2__quantities__0="1",
        lines__2__source_code="NST_TX",
    )
    assert answer.status_code == 303
    project = desk.draft().projects[0]
    assert project.place == "Cam Ranh"
    assert {line.item_vi: line.unit_price_vnd for line in project.lines} == {
        "Thuê giảng viên": 650_000,
        "Nước uống": 500_000,
        "Văn phòng phẩm": 10_000,
    }


def test_a_line_one_took_away_and_the_other_changed_is_asked(desk: Desk) -> None:
    visitor, page = two_lines(desk)
    desk.save(a_draft(a_project(lines=TWO_LINES[:1]), a_project_of_levels()))
    answer = visitor.send(page, address(desk), lines__1__unit_price_vnd="900.000")
    assert answer.status_code == 409
    assert "(đã xóa)" in unescape(answer.text)
    boxes = visitor.fields(answer.text, address(desk))
    assert boxes["lines-1-unit_price_vnd"] == "900.000", "what was typed stands until it is decided"
    assert visitor.post(address(desk), boxes).status_code == 303
    assert [line.unit_price_vnd for line in desk.draft().projects[0].lines] == [500_000, 900_000]


def test_a_new_project_is_not_stopped_by_work_on_another_one(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(address(desk)).text
    desk.save(a_draft(a_project(name_vi="Tên mới của DA1"), a_project_of_levels()))
    answer = visitor.send(page, address(desk), name_vi="Dự án thêm", task_code="4b")
    assert answer.status_code == 303
    assert [one.name_vi for one in desk.draft().projects][-1] == "Dự án thêm"
    assert desk.draft().projects[0].name_vi == "Tên mới của DA1"


def test_a_project_somebody_took_away_is_never_brought_back_silently(desk: Desk) -> None:
    visitor, page = two_lines(desk)
    desk.save(EstimateDraft((a_project_of_levels(),)))
    answer = visitor.send(page, address(desk), name_vi="Tên khác")
    assert answer.status_code == 409
    assert "đã bị người khác xóa" in unescape(answer.text)
    assert [one.project_key for one in desk.draft().projects] == ["DA2"]


def test_a_level_added_by_one_and_a_price_by_the_other(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(f"{address(desk)}?ma=DA2").text
    stored = a_project_of_levels()
    dearer = replace(stored.lines[0], unit_price_vnd=13_000_000)
    desk.save(a_draft(a_project(), replace(stored, lines=(dearer, *stored.lines[1:]))))
    assert visitor.send(page, address(desk), lines__0__quantities__2="5").status_code == 303
    line = desk.draft().projects[1].lines[0]
    assert (line.unit_price_vnd, line.quantities) == (13_000_000, (2_000, 3_000, 5_000))


def test_a_page_that_says_not_what_it_was_made_from_writes_over_nobody(desk: Desk) -> None:
    visitor, page = two_lines(desk)
    desk.save(a_draft(a_project(name_vi="Của người khác", lines=TWO_LINES), a_project_of_levels()))
    answer = visitor.send(page, address(desk), base="", place="Nơi khác")
    assert answer.status_code == 409
    assert desk.draft().projects[0].name_vi == "Của người khác"
