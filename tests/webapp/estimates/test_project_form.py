"""Typing a project: what can be read is saved, what cannot comes back as typed, nobody is written over."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from unicodedata import normalize

import pytest
from werkzeug.datastructures import MultiDict

from finance.estimates.draft import EstimateDraft
from finance.estimates.levels import LevelCode
from tests.builders import a_draft, a_line, a_project, a_project_of_levels
from tests.webapp.estimates.agency_desk import Desk

FORM = "/du-an"
LARGEST_ROW = 3_200  # bytes of a line of the grid, the rest of the page shared out
NEW_ROW = {
    "item_vi": "Dòng chèn trước",
    "source_code": "NST_TX",
    "nature": "RECURRENT",
    "year": "2012",
    "unit_price_vnd": "1.000",
    "quantities-0": "1",
}


def form_of(desk: Desk, key: str = "") -> str:
    return f"{desk.address}{FORM}" + (f"?ma={key}" if key else "")


def test_what_is_shown_is_what_is_saved(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    before = desk.row().edit_number
    for key in ("DA1", "DA2"):
        page = visitor.get(form_of(desk, key)).text
        assert visitor.send(page, form_of(desk)).status_code == 303
    assert desk.draft() == a_draft()
    assert desk.row().edit_number == before, "saving what is stored already is no new edit"


def test_a_new_project_is_typed_line_by_line(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk)).text
    answer = visitor.send(
        page,
        form_of(desk),
        name_vi="Tuyên truyền cải cách",
        kind="TASK",
        task_code="2a",
        lines__0__item_vi="In tờ rơi",
        lines__0__unit_name="tờ",
        lines__0__unit_price_vnd="1.250",
        lines__0__quantities__0="1.500,5",
        lines__0__frequency_thousandths="2",
        lines__0__source_code="NS_HUYEN",
        lines__2__item_vi="Phát thanh",
        lines__2__unit_price_vnd="300000",
        lines__2__source_code="NS_HUYEN",
    )
    assert answer.status_code == 303
    assert answer.location == f"{form_of(desk)}?ma=DA03"
    project = desk.draft().projects[-1]
    assert (project.project_key, project.priority, project.kind.value) == ("DA03", 3, "TASK")
    assert [line.item_vi for line in project.lines] == ["In tờ rơi", "Phát thanh"], "empty rows are no lines"
    first, second = project.lines
    assert (first.unit_price_vnd, first.quantities, first.frequency_thousandths) == (
        1_250,
        (1_500_500,),
        2_000,
    )
    assert (second.unit_price_vnd, second.quantities, second.frequency_thousandths) == (300_000, (0,), 1_000)
    shown = visitor.get(answer.location).text
    assert "3.751.250" in shown, "1.250 × 2 × 1.500,5, rounded once"
    assert "2 dòng chi, 3.751.250 đồng" in shown


def test_unreadable_figures_block_the_save_and_everything_comes_back_as_typed(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA2")).text
    typed = visitor.fields(page, form_of(desk))
    typed["name_vi"] = "Một cửa <hiện đại> & “mới”"
    typed["lines-0-unit_price_vnd"] = "1,200,000"
    typed["lines-1-quantities-2"] = "1.5"
    typed["lines-2-item_vi"] = "Dòng mới"
    typed["lines-2-unit_price_vnd"] = "7 triệu"
    answer = visitor.post(form_of(desk), typed)
    assert answer.status_code == 422
    assert desk.draft() == a_draft(), "nothing was stored"
    back = visitor.fields(answer.text, form_of(desk))
    for name, text in typed.items():
        if name not in {"csrf_token", "idempotency_key"}:
            assert back[name] == text, name
    assert back["idempotency_key"] != typed["idempotency_key"]


def test_each_unreadable_box_is_named_and_the_summary_leads_to_it(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    answer = visitor.send(
        page,
        form_of(desk),
        lines__0__unit_price_vnd="1,200,000",
        lines__0__quantities__0="1.5",
        priority="hai",
    )
    shown = unescape(answer.text)
    assert "Có 3 lỗi phải sửa" in shown
    assert "Có thể đọc là: 1.200.000 đồng" in shown
    assert "Có thể đọc là: 1,5; hoặc 15" in shown
    for box in ("lines-0-unit_price_vnd", "lines-0-quantities-0", "priority"):
        assert f'<a href="#{box}" data-jump>' in shown
        assert f'id="{box}"' in shown
        assert f'aria-describedby="{box}-error"' in shown
        assert f'id="{box}-error"' in shown
    assert visitor.fields(answer.text, form_of(desk))["priority"] == "hai"


def test_codes_the_program_does_not_have_are_refused_beside_their_box(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    answer = visitor.send(page, form_of(desk), lines__0__norm_code="N99", lines__0__source_code="KHAC")
    assert answer.status_code == 422
    assert "Không có định mức “N99”" in answer.text
    assert "Không có nguồn “KHAC”" in answer.text
    assert visitor.fields(answer.text, form_of(desk))["lines-0-source_code"] == "KHAC", "still to be seen"
    assert desk.draft() == a_draft()


@pytest.mark.parametrize(
    "text", ["TËp huÊn nghiÖp vô", "Taäp huaán nghieäp vuï", "Táº­p huáº¥n", "T\ufffdp hu\ufffdn"]
)
def test_letters_of_old_fonts_are_refused_with_a_sentence(desk: Desk, text: str) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    answer = visitor.send(page, form_of(desk), lines__0__item_vi=text, name_vi=text)
    assert answer.status_code == 422
    shown = unescape(answer.text)
    assert f"Chữ “{text}”" in shown
    assert shown.count("mời gõ lại bằng Unicode") >= 2
    assert visitor.fields(answer.text, form_of(desk))["lines-0-item_vi"] == text
    assert desk.draft() == a_draft()


def test_texts_are_stored_in_one_form(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    decomposed = normalize("NFD", "Thuê hội trường lớn")
    answer = visitor.send(page, form_of(desk), lines__0__item_vi=decomposed, lines__0__note="hai\u00a0buổi")
    assert answer.status_code == 303
    line = desk.draft().projects[0].lines[0]
    assert (line.item_vi, line.note) == ("Thuê hội trường lớn", "hai buổi")


def test_mistakes_that_can_be_kept_are_saved_and_shown(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    answer = visitor.send(page, form_of(desk), lines__0__unit_price_vnd="", lines__0__norm_code="N01")
    assert answer.status_code == 303
    shown = visitor.get(answer.location).text
    assert "Đơn giá bằng 0." in shown
    assert '<a href="#lines-0-unit_price_vnd" data-jump>' in shown
    assert desk.draft().projects[0].lines[0].unit_price_vnd == 0
    estimate = visitor.get(desk.address).text
    assert f"{FORM}?ma=DA1#lines-0-unit_price_vnd" in estimate, "the checklist leads into the box"
    assert "Còn 1 lỗi phải sửa trước khi trình" in estimate


def test_the_same_form_sent_twice_is_saved_once(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk)).text
    sent = visitor.fields(page, form_of(desk))
    sent["name_vi"], sent["task_code"] = "Dự án mới", "4b"
    first, second = visitor.post(form_of(desk), sent), visitor.post(form_of(desk), sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert [project.project_key for project in desk.draft().projects] == ["DA1", "DA2", "DA03"]


def test_a_key_used_for_another_content_saves_nothing_and_keeps_what_was_typed(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    sent = visitor.fields(page, form_of(desk))
    assert visitor.post(form_of(desk), sent, name_vi="Tên một").status_code == 303
    answer = visitor.post(form_of(desk), sent, name_vi="Tên hai")
    assert answer.status_code == 409
    assert visitor.fields(answer.text, form_of(desk))["name_vi"] == "Tên hai"
    assert desk.draft().projects[0].name_vi == "Tên một"


def test_who_was_slower_sees_both_and_writes_over_nobody(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    theirs = a_project(name_vi="Tên của người khác", lines=(a_line(), a_line("Thuê hội trường")))
    desk.save(EstimateDraft((theirs, a_project_of_levels())))
    answer = visitor.send(page, form_of(desk), name_vi="Tên của tôi")
    assert answer.status_code == 409
    assert desk.draft().projects[0] == theirs, "nothing was written over"
    shown = unescape(answer.text)
    assert "Trần Văn Hòa lưu bản nháp" in shown
    assert "Sửa dự án DA1" in shown
    assert "Tên của người khác" in shown
    mine = visitor.fields(answer.text, form_of(desk))
    assert mine["name_vi"] == "Tên của tôi", "nothing typed is lost"
    assert int(mine["seen_version"]) == desk.row().edit_number
    assert visitor.post(form_of(desk), mine).status_code == 303, "now it is decided with open eyes"
    assert desk.draft().projects[0].name_vi == "Tên của tôi"


@pytest.mark.parametrize("typed", [{"act": "add-lines"}, {"lines__0__unit_price_vnd": "1.5"}])
def test_a_page_that_only_came_back_still_notices_who_was_faster(desk: Desk, typed: dict[str, str]) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    theirs = a_project(name_vi="Tên của người khác")
    desk.save(a_draft(theirs, a_project_of_levels()))
    back = visitor.send(page, form_of(desk), **typed).text
    answer = visitor.send(back, form_of(desk), name_vi="Tên của tôi", lines__0__unit_price_vnd="2.000")
    assert answer.status_code == 409
    assert desk.draft().projects[0] == theirs


def test_a_new_project_never_replaces_one_with_the_same_key(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk)).text
    answer = visitor.send(page, form_of(desk), project_key="DA1", name_vi="Khác", task_code="4b")
    assert answer.status_code == 422
    assert "đã dùng cho dự án khác" in answer.text
    assert desk.draft() == a_draft()


def test_buttons_of_a_page_without_scripts_change_rows_and_store_nothing(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    more = visitor.send(page, form_of(desk), act="add-lines")
    assert more.status_code == 200
    assert "lines-5-item_vi" in visitor.fields(more.text, form_of(desk))
    copied = visitor.fields(visitor.send(page, form_of(desk), act="copy-line-0").text, form_of(desk))
    assert copied["lines-1-item_vi"] == copied["lines-0-item_vi"] == "Thuê giảng viên"
    dropped = visitor.fields(visitor.send(page, form_of(desk), act="drop-line-0").text, form_of(desk))
    assert dropped["lines-0-item_vi"] == ""
    promise = visitor.fields(visitor.send(page, form_of(desk), act="add-promise").text, form_of(desk))
    assert promise["promises-1-output_code"] == ""
    assert desk.draft() == a_draft()


def test_levels_are_ticked_first_then_filled(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    sent = visitor.fields(visitor.get(form_of(desk, "DA1")).text, form_of(desk))
    sent.setlist("levels", ["MINIMUM", "FULL"])
    answer = visitor.post(form_of(desk), sent)
    assert answer.status_code == 200, "the boxes of the new level must be made before anything is saved"
    boxes = visitor.fields(answer.text, form_of(desk))
    assert (boxes["lines-0-quantities-0"], boxes["lines-0-quantities-1"]) == ("", "10")
    assert visitor.post(form_of(desk), boxes, lines__0__quantities__0="4").status_code == 303
    project = desk.draft().projects[0]
    assert project.levels == (LevelCode.MINIMUM, LevelCode.FULL)
    assert project.lines[0].quantities == (4_000, 10_000)
    assert [promise.level for promise in project.promises] == [2], "a promise stays with its level"


def test_with_one_level_nobody_is_asked_for_levels(desk: Desk) -> None:
    page = desk.visitor(desk.province.preparer).get(form_of(desk, "DA1")).text
    assert "promises-0-level" in page
    assert "Ở mức" not in page
    assert "Tối thiểu</th>" not in page


def test_an_estimate_of_one_level_never_meets_the_word(desk: Desk) -> None:
    desk.save(a_draft(a_project(lines=(a_line(quantities=(0,)),), promises=())))
    page = desk.visitor(desk.province.preparer).get(form_of(desk, "DA1")).text
    words = re.sub(
        r"<(script|template)\b.*?</\1>|<details class=\"level-choice\".*?</details>|<[^>]+>",
        " ",
        page,
        flags=re.S,
    )
    found = re.findall(r"\S+ (?:mức|Mức)\b[^.]*", words.replace("định mức", "").replace("Định mức", ""))
    assert found == [], "levels are for who asks for them"
    assert "Thêm mức kinh phí" in page


def test_rows_are_stored_in_the_order_of_the_page(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    sent = visitor.fields(visitor.get(form_of(desk, "DA1")).text, form_of(desk))
    moved = MultiDict(
        [*((f"lines-7-{part}", text) for part, text in NEW_ROW.items()), *sent.items(multi=True)]
    )
    assert visitor.post(form_of(desk), moved).status_code == 303
    assert [line.item_vi for line in desk.draft().projects[0].lines] == ["Dòng chèn trước", "Thuê giảng viên"]


def test_what_a_result_needs_is_asked_and_kept(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    sent = visitor.fields(visitor.get(form_of(desk, "DA1")).text, form_of(desk))
    sent["promises-0-output_code"] = "MOT_CUA_XA"
    sent["promises-0-quantity_thousandths"] = ""
    boxes = visitor.fields(visitor.post(form_of(desk), sent, act="refresh").text, form_of(desk))
    boxes["promises-0-component"] = "PHONG"
    boxes.setlist("promises-0-unit_codes", ["X3", "X1"])
    assert visitor.post(form_of(desk), boxes).status_code == 303
    (promise,) = desk.draft().projects[0].promises
    assert (promise.output_code, promise.component, promise.unit_codes) == (
        "MOT_CUA_XA",
        "PHONG",
        ("X1", "X3"),
    )


def test_a_project_keeps_its_place_or_is_moved(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(desk.address).text
    moved = visitor.send(page, f"{desk.address}/thu-tu", project_key="DA2", direction="up")
    assert moved.status_code == 303
    assert [(one.project_key, one.priority) for one in desk.draft().projects] == [("DA2", 1), ("DA1", 2)]
    stale = visitor.send(page, f"{desk.address}/thu-tu", project_key="DA1", direction="up")
    assert stale.status_code == 409, "the order was changed meanwhile"


def test_a_project_is_taken_away(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(desk.address).text
    assert visitor.send(page, f"{desk.address}/xoa-du-an", project_key="DA1").status_code == 303
    assert [one.project_key for one in desk.draft().projects] == ["DA2"]
    assert visitor.get(form_of(desk, "DA1")).status_code == 404


def test_five_hundred_lines_come_back_line_by_line(desk: Desk) -> None:
    lines = tuple(a_line(f"Dòng số {n}", unit_price_vnd=1_000 + n) for n in range(500))
    project = replace(a_project(), lines=lines)
    desk.save(EstimateDraft((project,)))
    visitor = desk.visitor(desk.province.preparer)
    page = visitor.get(form_of(desk, "DA1")).text
    assert len(page.encode()) < 500 * LARGEST_ROW, "a row carries as little as it can"
    answer = visitor.send(page, form_of(desk), lines__499__unit_price_vnd="9.999.999")
    assert answer.status_code == 303
    stored = desk.draft().projects[0].lines
    assert stored[:499] == lines[:499]
    assert stored[499].unit_price_vnd == 9_999_999
