"""A planner sets a scenario up, runs it, reads it; others look on or are kept out."""

from __future__ import annotations

import re

import pytest

from finance.database import reading
from finance.scenarios.queries import scenario_settings
from tests.finance.scenarios.appraised import project_id_of
from tests.webapp.scenarios.pool_desks import PoolDesks

SCENARIO = "/phuong-an/1"


def test_the_scenario_is_read_aloud(pool_desks: PoolDesks) -> None:
    page = pool_desks.at(pool_desks.province.planner).open(SCENARIO)
    assert "chia 77.000.000 đồng cho 3 dự án đã thẩm định" in page
    assert "1 dự án chưa đo được, quyết định bằng tay" in page
    assert "Chạy phương án" in page


def test_a_scenario_is_made_with_equal_weights_once_however_often_sent(pool_desks: PoolDesks) -> None:
    planner = pool_desks.at(pool_desks.province.planner)
    form = planner.form("/phuong-an")
    answers = [planner.post(form, name_vi="Phương án hai") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    with reading(pool_desks.factory) as session:
        settings = scenario_settings(session, pool_desks.province.planner, 2)
    weights = [row.weight_thousandths for row in settings.weights if row.weight_thousandths is not None]
    assert sum(weights) == 100_000


def test_weights_that_do_not_sum_to_one_hundred_stand_again_with_what_was_typed(
    pool_desks: PoolDesks,
) -> None:
    planner = pool_desks.at(pool_desks.province.planner)
    form = planner.form(f"{SCENARIO}/trong-so")
    first = next(name for name in form.fields if name.startswith("weight-"))
    answer = planner.post(form, **{first: "26,5"})
    assert answer.status_code == 422
    assert "thừa 1,5 điểm" in answer.text
    assert 'value="26,5"' in answer.text
    answer = planner.post(form, **{first: "1.5"})
    assert answer.status_code == 422
    assert "data-findings" not in answer.text
    assert 'value="1.5"' in answer.text


def test_a_stale_page_changes_nothing(pool_desks: PoolDesks) -> None:
    planner = pool_desks.at(pool_desks.province.planner)
    old = planner.form(f"{SCENARIO}/gioi-han")
    assert planner.post(old, words_vi="Sàn A", at_least_vnd="1.000").status_code == 303
    fresh_key = planner.form(f"{SCENARIO}/gioi-han")
    stale = {"seen_version": old.fields["seen_version"], "words_vi": "Sàn B", "at_least_vnd": "2.000"}
    answer = planner.post(fresh_key, **stale)
    assert answer.status_code == 409
    assert "Sàn B" in answer.text
    page = planner.open(SCENARIO)
    assert "Sàn A – toàn bộ kinh phí phân bổ theo kết quả: ít nhất 1.000 đồng (bắt buộc)" in page
    assert "Sàn B" not in page


def test_a_lock_needs_its_reason_and_a_level_the_project_has(pool_desks: PoolDesks) -> None:
    planner = pool_desks.at(pool_desks.province.planner)
    with reading(pool_desks.factory) as session:
        training = str(project_id_of(session, "DA1"))
    form = planner.form(f"{SCENARIO}/ghim")
    typed = {"project": training, "kind": "PINNED", "level": "MINIMUM", "reason": "Đã hứa"}
    assert "không có mức đó" in planner.post(form, **typed).text
    assert planner.post(form, **(typed | {"level": "FULL", "reason": " "})).status_code == 422
    assert planner.post(form, **(typed | {"level": "FULL"})).status_code == 303
    page = planner.open(SCENARIO)
    assert re.search(r"được bố trí đúng mức “Đầy đủ”, vì: Đã hứa", page)
    removal = next(path for path in re.findall(r'action="([^"]+)"', page) if path.endswith("/bo"))
    assert planner.send(SCENARIO, removal).status_code == 303
    assert "Không dự án nào được quyết định trước." in planner.open(SCENARIO)


def test_two_projects_are_tied_and_the_tie_is_read_aloud(pool_desks: PoolDesks) -> None:
    planner = pool_desks.at(pool_desks.province.planner)
    with reading(pool_desks.factory) as session:
        first, second = (str(project_id_of(session, key)) for key in ("DA2", "DB1"))
    form = planner.form(f"{SCENARIO}/rang-buoc")
    assert planner.post(form, kind="AT_MOST_ONE", first=first, second=first).status_code == 422
    assert planner.post(form, kind="AT_MOST_ONE", first=first, second=second).status_code == 303
    assert "nhiều nhất một dự án được bố trí" in planner.open(SCENARIO)


def test_a_run_shows_its_progress_then_its_result_and_why(pool_desks: PoolDesks) -> None:
    planner = pool_desks.at(pool_desks.province.planner)
    answer = planner.send(SCENARIO, f"{SCENARIO}/chay")
    assert answer.location == "/phuong-an/luot-chay/1"
    waiting = planner.open("/phuong-an/luot-chay/1")
    assert 'hx-trigger="every 2s"' in waiting
    assert "Dừng, giữ phương án tốt nhất" in waiting
    part = planner.client.get("/phuong-an/luot-chay/1/tien-do", headers={"HX-Request": "true"})
    assert 'id="run-progress"' in part.text
    assert "<html" not in part.text
    pool_desks.work()
    part = planner.client.get("/phuong-an/luot-chay/1/tien-do", headers={"HX-Request": "true"})
    assert part.headers["HX-Refresh"] == "true"
    result = planner.open("/phuong-an/luot-chay/1")
    assert "Đã chứng minh là tốt nhất: 22,5 điểm" in result
    assert "Đề xuất, chưa phê duyệt" in result
    assert "Chọn phương án này" in result
    why = planner.open(re.findall(r'href="(/phuong-an/luot-chay/1/du-an/\d+)"', result)[0])
    assert "Ba câu trả lời" in why
    assert "Nếu quyết định ngược lại" in why


def test_a_waiting_run_is_stopped_from_its_page(pool_desks: PoolDesks) -> None:
    planner = pool_desks.at(pool_desks.province.planner)
    planner.send(SCENARIO, f"{SCENARIO}/chay")
    assert planner.send("/phuong-an/luot-chay/1", "/phuong-an/luot-chay/1/dung").status_code == 303
    assert "Lượt chạy được dừng trước khi bắt đầu tính." in planner.open("/phuong-an/luot-chay/1")


def test_two_runs_are_compared(pool_desks: PoolDesks) -> None:
    planner = pool_desks.at(pool_desks.province.planner)
    planner.send(SCENARIO, f"{SCENARIO}/chay")
    pool_desks.work()
    planner.send(SCENARIO, f"{SCENARIO}/chep", name_vi="Bản chép")
    with reading(pool_desks.factory) as session:
        training = str(project_id_of(session, "DA1"))
    planner.send("/phuong-an/2/ghim", project=training, kind="BARRED", reason="Để năm sau")
    planner.send("/phuong-an/2", "/phuong-an/2/chay")
    pool_desks.work()
    page = planner.open("/phuong-an/so-sanh?first=1&second=2")
    assert "−5.000.000" in page
    assert planner.open("/phuong-an/so-sanh?first=1", 422)


def test_a_contradiction_is_told_on_the_page_and_no_run_is_asked(pool_desks: PoolDesks) -> None:
    planner = pool_desks.at(pool_desks.province.planner)
    with reading(pool_desks.factory) as session:
        projects = [str(project_id_of(session, key)) for key in ("DA2", "DB1")]
    for project in projects:
        planner.send(f"{SCENARIO}/ghim", project=project, kind="PINNED", level="FULL", reason="Đã hứa")
    page = planner.open(SCENARIO)
    assert "trong khi trần là 70.000.000 đồng" in page
    assert f'action="{SCENARIO}/chay"' not in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("approver", 200), ("inspector", 200), ("estimate_appraiser", 200), ("preparer", 403), ("head", 403)],
)
def test_who_may_look_at_a_scenario(pool_desks: PoolDesks, who: str, status: int) -> None:
    browser = pool_desks.at(getattr(pool_desks.province, who))
    page = browser.open(SCENARIO, status)
    assert "Chạy phương án" not in page
    browser.open(f"{SCENARIO}/trong-so", 403)
