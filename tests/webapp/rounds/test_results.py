"""The catalogue of results: baselines with source and day, units in scope, lists pasted from a sheet."""

from __future__ import annotations

from datetime import date

import pytest

from finance.rounds.queries import OutputRow, list_outputs, list_scope_units, output_units
from tests.webapp.desks import Browser, Desks


@pytest.fixture
def browser(desks: Desks) -> Browser:
    return desks.at(desks.province.content_appraiser)


def output_of(desks: Desks, code: str) -> OutputRow:
    with desks.factory() as session:
        return next(row for row in list_outputs(session, desks.province.round_id) if row.code == code)


def units_of(desks: Desks, code: str) -> dict[str, tuple[bool, tuple[str, ...]]]:
    with desks.factory() as session:
        rows = output_units(session, desks.province.round_id).get(output_of(desks, code).id, ())
    return {row.unit_code: (row.is_exempt, row.reached_components) for row in rows}


def page_of(desks: Desks, code: str, page: str = "") -> str:
    return f"/dot-du-toan/{desks.province.round_id}/ket-qua/{output_of(desks, code).id}{page}"


def test_a_baseline_is_recorded_and_nothing_else_moves(desks: Desks, browser: Browser) -> None:
    before, units = output_of(desks, "MOT_CUA_XA"), units_of(desks, "MOT_CUA_XA")
    answer = browser.send(
        page_of(desks, "MOT_CUA_XA", "/sua"),
        baseline="1,5",
        measured_on="31/01/2012",
        measured_source="Sổ theo dõi một cửa, quý I/2012",
    )
    assert answer.status_code == 303
    after = output_of(desks, "MOT_CUA_XA")
    assert after.baseline_thousandths == 1_500
    assert after.measured_on == date(2012, 1, 31)
    assert after.is_invented
    same = ("id", "code", "kind", "target_thousandths", "year", "components", "curve", "target_code")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert units_of(desks, "MOT_CUA_XA") == units


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"measured_source": "  "}, "Mời điền ô này"),
        ({"measured_on": ""}, "Mời điền ô này"),
        ({"baseline": "1.5"}, "Có thể đọc là"),
        ({"target": "0"}, "phải lớn hơn mức xuất phát"),
        ({"components": "phòng làm việc"}, "ghi “MÃ: tên”"),
        ({"components": "A: một\nA: hai"}, "mã A đã có"),
        ({"year": "13"}, "bốn chữ số"),
    ],
)
def test_what_is_missing_or_unclear_is_said(
    desks: Desks, browser: Browser, typed: dict[str, str], said: str
) -> None:
    before = output_of(desks, "MOT_CUA_XA")
    answer = browser.send(page_of(desks, "MOT_CUA_XA", "/sua"), **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert output_of(desks, "MOT_CUA_XA") == before


def test_a_result_is_added(desks: Desks, browser: Browser) -> None:
    answer = browser.send(
        f"/dot-du-toan/{desks.province.round_id}/ket-qua/them",
        code="KHAO_SAT",
        name_vi="Cuộc khảo sát mức độ hài lòng",
        kind="QUANTITY",
        unit_name="cuộc",
        target="4",
        task_code="4b",
        baseline="1",
        measured_on="31/12/2011",
        measured_source="Báo cáo năm 2011",
    )
    assert answer.status_code == 303
    added = output_of(desks, "KHAO_SAT")
    assert (added.target_thousandths, added.baseline_thousandths) == (4_000, 1_000)
    assert added.task_code == "4b"
    assert added.sort == 6
    assert added.is_invented, "the demonstration's figures are offered as invented"


def test_the_scope_of_a_result_is_recorded(desks: Desks, browser: Browser) -> None:
    page = page_of(desks, "MOT_CUA_XA", "/pham-vi")
    before = output_of(desks, "MOT_CUA_XA")
    answer = browser.send(page, **{"u-X1": "ngoai", "u-X2": "mien", "u-X6": "trong", "c-X3": "PHAN_MEM"})
    assert answer.status_code == 303
    units = units_of(desks, "MOT_CUA_XA")
    assert "X1" not in units
    assert units["X2"] == (True, ())
    assert units["X3"] == (False, ("PHAN_MEM",))
    assert units["X5"] == (False, ("PHONG",))
    assert units["X6"] == (False, ())
    assert output_of(desks, "MOT_CUA_XA") == before


def test_a_stale_scope_comes_back_as_typed(desks: Desks, browser: Browser) -> None:
    old = browser.form(page_of(desks, "MOT_CUA_XA", "/pham-vi"))
    browser.send(page_of(desks, "QUY_CHE", "/sua"), baseline="0", measured_source="Báo cáo mới")
    answer = browser.post(old, **{"u-X1": "mien"})
    assert answer.status_code == 409
    assert '<option value="mien" selected>' in answer.text
    assert units_of(desks, "MOT_CUA_XA")["X1"] == (False, ())


def test_units_are_pasted_from_a_sheet(desks: Desks, browser: Browser) -> None:
    page = f"/dot-du-toan/{desks.province.round_id}/don-vi/them"
    lines = "X7\tXã Vĩnh Thái\txã\tNha Trang\nX8; Phường Lộc Thọ; phường; Nha Trang\n\nX1\tXã số một\txã\t"
    assert browser.send(page, lines=lines).status_code == 303
    with desks.factory() as session:
        units = {unit.code: unit for unit in list_scope_units(session, desks.province.round_id)}
    assert units["X7"].name_vi == "Xã Vĩnh Thái"
    assert units["X8"].place == "Nha Trang"
    assert units["X1"].name_vi == "Xã số 1", "a known code is left as it is"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("X7", "dòng 1: cần đủ"),
        ("X7;Xã;xã;NT;thừa", "dòng 1: cần đủ"),
        ("Xã 7;Xã Bảy;xã;NT", "phải viết không dấu"),
        ("X7;Xã A;xã;NT\nX7;Xã B;xã;NT", "dòng 2: mã “X7” có hai lần"),
        ("", "Mời điền ô này"),
    ],
)
def test_a_list_with_a_mistake_adds_nothing(desks: Desks, browser: Browser, lines: str, said: str) -> None:
    answer = browser.send(f"/dot-du-toan/{desks.province.round_id}/don-vi/them", lines=lines)
    assert answer.status_code == 422
    assert said in answer.text
    with desks.factory() as session:
        assert len(list_scope_units(session, desks.province.round_id)) == 6


def test_the_page_says_which_figures_are_invented(desks: Desks, browser: Browser) -> None:
    page = browser.open(f"/dot-du-toan/{desks.province.round_id}/ket-qua")
    assert page.count("Số liệu minh họa") == 5
    detail = browser.open(page_of(desks, "MOT_CUA_XA"))
    assert "Được miễn" in detail
    assert "Đạt một phần" in detail


def test_a_result_of_another_round_is_not_found(desks: Desks, browser: Browser) -> None:
    browser.open(f"/dot-du-toan/{desks.province.round_id}/ket-qua/999", status=404)
    browser.open(f"/dot-du-toan/{desks.province.round_id}/ket-qua/999/sua", status=404)
