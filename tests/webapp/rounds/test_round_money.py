"""Dates and money of a round: who may set them, what is refused, what a stale or doubled form does."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from finance.actions import Action
from finance.audit import AuditEntry
from finance.rounds.queries import get_round, list_ceilings, list_deadlines, list_envelopes, list_rounds
from tests.webapp.desks import Browser, Desks

SEATS = (
    "preparer", "head", "content_appraiser", "estimate_appraiser", "it_adviser", "planner", "approver",
    "inspector", "administrator",
)  # fmt: skip
FORMS = {
    "mo-dot": {"estimate_appraiser"},
    "{round}/thoi-han": {"estimate_appraiser"},
    "{round}/so-kiem-tra": {"estimate_appraiser"},
    "{round}/kha-nang-can-doi": {"planner"},
    "{round}/ket-qua/them": {"content_appraiser"},
    "{round}/ket-qua/1/sua": {"content_appraiser"},
    "{round}/ket-qua/2/pham-vi": {"content_appraiser"},
    "{round}/don-vi/them": {"content_appraiser"},
}


def browser_of(desks: Desks, seat: str) -> Browser:
    return desks.at(getattr(desks.province, seat))


def address(desks: Desks, form: str) -> str:
    return f"/dot-du-toan/{form.format(round=desks.province.round_id)}"


def ceiling_of(desks: Desks, code: str) -> int | None:
    with desks.factory() as session:
        rows = list_ceilings(session, desks.province.round_id, desks.province.agencies[code])
    return next((row.amount_vnd for row in rows if row.source_code == "NST_TX"), None)


def count_acts(desks: Desks, action: Action) -> int:
    with desks.factory() as session:
        return session.scalar(select(func.count()).where(AuditEntry.action == action)) or 0


@pytest.mark.parametrize("seat", SEATS)
def test_each_form_opens_for_its_function_alone(desks: Desks, seat: str) -> None:
    browser = browser_of(desks, seat)
    for form, allowed in FORMS.items():
        browser.open(address(desks, form), status=200 if seat in allowed else 403)
        if seat not in allowed:
            page = browser.form("/tai-khoan/mat-khau")
            answer = browser.client.post(address(desks, form), data=page.fields)
            assert answer.status_code == 403


@pytest.mark.parametrize("seat", SEATS)
def test_everybody_reads_the_round(desks: Desks, seat: str) -> None:
    browser = browser_of(desks, seat)
    for page in ("{round}", "{round}/ket-qua", "{round}/ket-qua/2", "{round}/don-vi"):
        browser.open(address(desks, page))
    assert "Đợt bổ sung đầu năm 2012" in browser.open("/dot-du-toan")


def test_an_office_sees_its_own_control_figure_alone(desks: Desks) -> None:
    page = browser_of(desks, "preparer").open(address(desks, "{round}"))
    assert "1.250.000.000" in page
    assert "640.500.000" not in page
    assert "12.500.000.000" not in page
    assert "Khả năng cân đối" not in page


def test_a_reviewer_sees_all_of_the_money(desks: Desks) -> None:
    page = browser_of(desks, "inspector").open(address(desks, "{round}"))
    for amount in ("1.250.000.000", "640.500.000", "12.500.000.000", "12.200.000.000"):
        assert amount in page
    assert "Thông báo số kiểm tra" not in page


def test_a_control_figure_is_issued(desks: Desks) -> None:
    browser = browser_of(desks, "estimate_appraiser")
    agency_id = str(desks.province.agencies["H_NHATRANG"])
    page = address(desks, "{round}/so-kiem-tra")
    form = browser.form(f"{page}?co-quan={agency_id}&nguon=NST_TX", page)
    assert form.fields["amount_vnd"] == "1.250.000.000"
    answer = browser.post(form, amount_vnd="1 300 000 000 đồng")
    assert answer.status_code == 303
    assert ceiling_of(desks, "H_NHATRANG") == 1_300_000_000


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1,200,000", "1.200.000 đồng"),
        ("1,2 tỷ", "1.200.000.000 đồng"),
        ("-5", "số âm"),
        ("", "Chưa nhập"),
        ("nhiều", "Chưa rõ số"),
    ],
)
def test_money_that_is_not_clear_is_asked_again(desks: Desks, typed: str, said: str) -> None:
    browser = browser_of(desks, "estimate_appraiser")
    agency_id = str(desks.province.agencies["H_NHATRANG"])
    answer = browser.send(
        address(desks, "{round}/so-kiem-tra"), agency_id=agency_id, source_code="NST_TX", amount_vnd=typed
    )
    assert answer.status_code == 422
    assert said in answer.text or (not typed and "Mời điền" in answer.text)
    assert f'value="{typed}"' in answer.text
    assert 'href="#amount_vnd"' in answer.text
    assert ceiling_of(desks, "H_NHATRANG") == 1_250_000_000


def test_a_form_sent_twice_is_done_once(desks: Desks) -> None:
    browser = browser_of(desks, "estimate_appraiser")
    form = browser.form(address(desks, "{round}/thoi-han"))
    typed = {"stage": "APPROVAL", "due_on": "30/04/2012", "due_hour": "17:00"}
    answers = [browser.post(form, **typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert count_acts(desks, Action.SET_DEADLINE) == 1
    with desks.factory() as session:
        due = {row.stage.value: row.due_at for row in list_deadlines(session, desks.province.round_id)}
    assert due["APPROVAL"].isoformat() == "2012-04-30T10:00:00+00:00"


def test_a_key_does_not_carry_other_content(desks: Desks) -> None:
    browser = browser_of(desks, "estimate_appraiser")
    form = browser.form(address(desks, "{round}/thoi-han"))
    first = browser.post(form, stage="APPROVAL", due_on="30/04/2012", due_hour="17:00")
    second = browser.post(form, stage="APPROVAL", due_on="30/05/2012", due_hour="17:00")
    assert (first.status_code, second.status_code) == (303, 409)
    assert count_acts(desks, Action.SET_DEADLINE) == 1


def test_a_stale_form_comes_back_with_what_was_typed(desks: Desks) -> None:
    finance, planner = browser_of(desks, "estimate_appraiser"), browser_of(desks, "planner")
    page = address(desks, "{round}/thoi-han")
    old = finance.form(page)
    envelope = {"source_code": "NST_DT", "nature": "CAPITAL", "year": "2013", "amount_vnd": "4.000.000.000"}
    assert planner.send(address(desks, "{round}/kha-nang-can-doi"), **envelope).status_code == 303
    answer = finance.post(old, stage="APPROVAL", due_on="30/04/2012", due_hour="9h30")
    assert answer.status_code == 409
    assert 'value="30/04/2012"' in answer.text
    assert "Đỗ Ngọc Ánh xác định khả năng cân đối" in answer.text
    assert count_acts(desks, Action.SET_DEADLINE) == 0
    again = finance.form(page)
    assert finance.post(again, stage="APPROVAL", due_on="30/04/2012", due_hour="9h30").status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"due_on": "31/02/2012"}, "Không có ngày"),
        ({"due_on": "30/4"}, "ngày/tháng/năm"),
        ({"due_on": ""}, "Mời điền ô này"),
        ({"due_hour": "25:00"}, "Chưa đọc được giờ"),
        ({"stage": "LUNCH"}, "Mời chọn một dòng"),
    ],
)
def test_a_deadline_that_cannot_be_read(desks: Desks, typed: dict[str, str], said: str) -> None:
    browser = browser_of(desks, "estimate_appraiser")
    right = {"stage": "APPROVAL", "due_on": "30/04/2012", "due_hour": "17:00"}
    answer = browser.send(address(desks, "{round}/thoi-han"), **(right | typed))
    assert answer.status_code == 422
    assert said in answer.text


def test_more_kept_back_than_there_is_is_refused(desks: Desks) -> None:
    browser = browser_of(desks, "planner")
    answer = browser.send(
        address(desks, "{round}/kha-nang-can-doi"),
        source_code="NST_TX",
        nature="RECURRENT",
        year="2013",
        amount_vnd="1.000.000",
        contingency_vnd="800.000",
        unmeasured_vnd="300.000",
    )
    assert answer.status_code == 422
    assert "vượt quá tổng nguồn" in answer.text
    assert 'value="800.000"' in answer.text
    with desks.factory() as session:
        assert len(list_envelopes(session, desks.province.round_id)) == 1


def test_a_year_outside_the_round_is_not_offered(desks: Desks) -> None:
    browser = browser_of(desks, "planner")
    envelope = {"source_code": "NST_TX", "nature": "RECURRENT", "year": "2019", "amount_vnd": "1"}
    assert browser.send(address(desks, "{round}/kha-nang-can-doi"), **envelope).status_code == 422


def test_a_round_is_opened_once_for_each_code(desks: Desks) -> None:
    browser = browser_of(desks, "estimate_appraiser")
    new = {"code": "HN2013", "name_vi": "Đợt năm 2013", "fiscal_year": "2013", "last_year": "2014"}
    alone = browser.send("/dot-du-toan/mo-dot", **new)
    assert alone.status_code == 422, "a real round may not share the clock of a demonstration"
    new |= {"is_demonstration": "y", "business_on": "01/10/2012"}
    answer = browser.send("/dot-du-toan/mo-dot", **new)
    assert answer.status_code == 303
    with desks.factory() as session:
        opened = next(row for row in list_rounds(session) if row.code == "HN2013")
    assert answer.location.endswith(f"/dot-du-toan/{opened.id}")
    assert (opened.is_demonstration, opened.business_on) == (True, date(2012, 10, 1))
    again = browser.send("/dot-du-toan/mo-dot", **new)
    assert again.status_code == 422
    assert "đã được dùng" in again.text
    assert 'value="Đợt năm 2013"' in again.text


def test_an_unknown_round_is_not_found(desks: Desks) -> None:
    browser = browser_of(desks, "estimate_appraiser")
    for page in ("999", "999/thoi-han", "999/ket-qua", "999/don-vi"):
        browser.open(f"/dot-du-toan/{page}", status=404)


def test_a_form_without_its_guard_is_refused(desks: Desks) -> None:
    browser = browser_of(desks, "estimate_appraiser")
    form = browser.form(address(desks, "{round}/thoi-han"))
    typed = {"stage": "APPROVAL", "due_on": "30/04/2012", "due_hour": "17:00"}
    for left_out in ("csrf_token", "idempotency_key", "seen_version"):
        fields = {name: value for name, value in (form.fields | typed).items() if name != left_out}
        assert browser.client.post(form.action, data=fields).status_code == 400
    with desks.factory() as session:
        assert get_round(session, desks.province.round_id).edit_number == 1
