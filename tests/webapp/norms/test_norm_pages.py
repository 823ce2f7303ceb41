"""A norm is written with its examples, replaced and repealed on the pages; its lines are listed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from finance.database import transaction
from finance.estimates.workflow import EstimateStatus
from finance.programme.records import SpendingNorm
from tests.builders import a_draft, a_line, a_project
from tests.estimate_journeys import a_saved_estimate, bring_to
from tests.webapp.desks import Browser, Desks

NEW = {
    "code": "DM01",
    "item_vi": "Thù lao báo cáo viên",
    "unit_name": "buổi",
    "max_vnd": "450.000",
    "legal_reference": "Nghị quyết 05/NQ-HĐND",
    "valid_from": "01/03/2012",
    "examples-0-unit_price_vnd": "450.000",
    "examples-0-on": "01/03/2012",
    "examples-0-verdict": "WITHIN",
    "examples-1-unit_price_vnd": "450.001",
    "examples-1-on": "01/03/2012",
    "examples-1-verdict": "ABOVE",
}


@pytest.fixture
def finance(desks: Desks) -> Browser:
    return desks.at(desks.province.estimate_appraiser)


def norm_of(desks: Desks, code: str) -> SpendingNorm | None:
    with desks.factory() as session:
        return session.scalar(select(SpendingNorm).where(SpendingNorm.code == code))


def id_of(desks: Desks, code: str) -> int:
    norm = norm_of(desks, code)
    assert norm is not None
    return norm.id


def test_a_norm_is_added_and_read_by_everybody(desks: Desks, finance: Browser) -> None:
    answer = finance.send("/dinh-muc-chi/them", **NEW)
    assert answer.status_code == 303
    page = desks.at(desks.province.preparer).open(answer.location)
    assert "Mỗi buổi chi nhiều nhất 450.000 đồng, đối với mọi cấp, từ ngày 01/03/2012." in page
    assert "450.001" in page
    assert "Bãi bỏ" not in page


def test_a_norm_that_contradicts_its_example_is_not_stored(desks: Desks, finance: Browser) -> None:
    answer = finance.send("/dinh-muc-chi/them", **(NEW | {"max_vnd": "400.000"}))
    assert answer.status_code == 422
    assert "theo nội dung định mức là “vượt định mức”" in answer.text
    assert 'href="#examples-0-verdict"' in answer.text
    assert "Nghị quyết 05/NQ-HĐND" in answer.text  # what was typed stands again
    assert norm_of(desks, "DM01") is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"examples-1-on": ""}, "Ví dụ cần đủ đơn giá, ngày và kết luận"),
        ({"code": ""}, "Mời điền ô này."),
        ({"valid_from": "hôm nay"}, "Chưa đọc được ngày"),
        ({"code": "N01"}, "đã dùng"),
        (
            {"examples-1-unit_price_vnd": "", "examples-1-on": "", "examples-1-verdict": ""},
            "Cần ít nhất một ví dụ",
        ),
    ],
)
def test_what_is_missing_is_said(finance: Browser, typed: dict[str, str], said: str) -> None:
    answer = finance.send("/dinh-muc-chi/them", **(NEW | typed))
    assert answer.status_code == 422
    assert said in answer.text


def test_a_norm_is_replaced_and_the_lines_of_the_old_one_stand_below(desks: Desks, finance: Browser) -> None:
    draft = a_draft(a_project(lines=(a_line("Giảng viên lớp một cửa", norm_code="N01"),)))
    with transaction(desks.factory) as session:
        bring_to(session, desks.province, EstimateStatus.SENT, draft)
    address = f"/dinh-muc-chi/{id_of(desks, 'N01')}"
    typed = {name: text for name, text in NEW.items() if name != "code"}
    answer = finance.send(f"{address}/thay", **typed)
    assert answer.status_code == 303
    page = finance.open(address)
    assert "N01.2" in page
    assert "Giảng viên lớp một cửa" in page
    assert "Thay định mức" not in page
    new = norm_of(desks, "N01.2")
    assert new is not None
    assert new.valid_from == date(2012, 3, 1)


def test_a_repeal_says_what_it_touches_and_the_agency_is_told(desks: Desks, finance: Browser) -> None:
    draft = a_draft(a_project(lines=(a_line(norm_code="N01"),)))
    with transaction(desks.factory) as session:
        a_saved_estimate(session, desks.province, draft)
    address = f"/dinh-muc-chi/{id_of(desks, 'N01')}"
    page = finance.open(f"{address}/bai-bo")
    assert "chạm tới 1 dòng chi" in page
    assert "bản nháp chưa gửi của 1 cơ quan" in page
    assert "UBND thành phố Nha Trang" not in page
    answer = finance.send(f"{address}/bai-bo", last_day="14/02/2012", ended_by="QĐ 01/QĐ-UBND")
    assert answer.status_code == 303
    work = desks.at(desks.province.preparer).open("/")
    assert "1 dòng chi dùng định mức đã hết hiệu lực (N01)" in work


def test_a_second_repeal_of_an_old_page_is_refused(desks: Desks, finance: Browser) -> None:
    address = f"/dinh-muc-chi/{id_of(desks, 'N01')}/bai-bo"
    form = finance.form(address)
    first = finance.post(form, last_day="14/02/2012", ended_by="QĐ 01")
    assert first.status_code == 303
    assert (
        finance.post(form, last_day="14/02/2012", ended_by="QĐ 01").status_code == 303
    )  # the same form again
    other = form.fields | {"idempotency_key": "00000000-0000-4000-8000-000000000001"}
    form.fields.update(other)
    assert finance.post(form, last_day="15/02/2012", ended_by="QĐ 02").status_code == 409
