"""The programme: everybody reads it, words are found without marks, order is Vietnamese."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from finance.database import transaction
from finance.programme.records import ProgrammeTask, SpendingNorm, Target
from tests.webapp.desks import Browser, Desks

PAGES = (
    "/chuong-trinh",
    "/chuong-trinh/nhiem-vu",
    "/chuong-trinh/nguon-kinh-phi",
    "/chuong-trinh/dinh-muc-chi",
    "/chuong-trinh/muc-luc-ngan-sach",
)


@pytest.fixture
def browser(desks: Desks) -> Browser:
    return desks.at(desks.province.preparer)


def shown(page: str) -> str:
    found = re.search(r'class="filter-count" role="status">([^<]+)<', page)
    assert found
    return found.group(1)


def test_everybody_with_a_seat_reads_every_page(desks: Desks) -> None:
    for seat in ("preparer", "approver", "inspector", "administrator"):
        browser = desks.at(getattr(desks.province, seat))
        for page in PAGES:
            browser.open(page)


def test_a_stranger_is_led_to_sign_in(desks: Desks) -> None:
    answer = desks.app.test_client().get("/chuong-trinh")
    assert answer.status_code == 303
    assert "/dang-nhap" in answer.location


@pytest.mark.parametrize(
    ("address", "words", "count"),
    [
        ("/chuong-trinh/dinh-muc-chi", "thu lao", "1/3 dòng"),
        ("/chuong-trinh/dinh-muc-chi", "THÙ LAO", "1/3 dòng"),
        ("/chuong-trinh/dinh-muc-chi", "giang vien thu lao", "1/3 dòng"),
        ("/chuong-trinh/dinh-muc-chi", "máy bay", "0/3 dòng"),
        ("/chuong-trinh/muc-luc-ngan-sach", "6751", "1/2 dòng"),
        ("/chuong-trinh/nguon-kinh-phi", "dau tu phat trien", "1/4 dòng"),
        ("/chuong-trinh", "ii.1.b.2", "1/3 dòng"),
        ("/chuong-trinh/nhiem-vu", "so noi vu", "2/5 dòng"),
    ],
)
def test_words_are_found_without_their_marks(browser: Browser, address: str, words: str, count: str) -> None:
    assert shown(browser.open(f"{address}?tim={words}")) == count


def test_nothing_found_says_what_to_do(browser: Browser) -> None:
    page = browser.open("/chuong-trinh/dinh-muc-chi?tim=<b>x")
    assert "Không có dòng nào chứa “&lt;b&gt;x”" in page


def test_norms_stand_in_vietnamese_order_with_their_confirmation(desks: Desks, browser: Browser) -> None:
    with transaction(desks.factory) as session:
        for norm, name in zip(
            session.scalars(select(SpendingNorm)).all(), ("Ăn trưa", "An toàn", "Đi lại"), strict=True
        ):
            norm.item_vi = name
    page = browser.open("/chuong-trinh/dinh-muc-chi")
    places = [page.index(f">{name}<") for name in ("An toàn", "Ăn trưa", "Đi lại")]
    assert places == sorted(places)
    assert page.count("Chưa xác nhận</span>") == 1


def test_a_norm_out_of_force_is_shown_on_request_only(desks: Desks, browser: Browser) -> None:
    with transaction(desks.factory) as session:
        norm = session.scalars(select(SpendingNorm).where(SpendingNorm.code == "N02")).one()
        norm.valid_from, norm.valid_to = date(2011, 1, 1), date(2012, 2, 14)
    assert "Soạn thảo đề án" not in browser.open("/chuong-trinh/dinh-muc-chi")
    page = browser.open("/chuong-trinh/dinh-muc-chi?ca-het-hieu-luc=1")
    assert "Soạn thảo đề án" in page
    assert "Ngoài thời hạn" in page


def test_filters_of_the_targets(desks: Desks, browser: Browser) -> None:
    assert shown(browser.open("/chuong-trinh?noi-dung=4")) == "1/3 dòng"
    assert shown(browser.open("/chuong-trinh?cach-tinh=MILESTONE")) == "0/3 dòng"
    with transaction(desks.factory) as session:
        session.scalars(select(Target)).first().is_ambiguous = True
    page = browser.open("/chuong-trinh")
    assert page.count("Chưa rõ</span>") == 1
    assert "dòng 1" in page


def test_a_task_names_its_bodies_and_targets(desks: Desks, browser: Browser) -> None:
    with desks.factory() as session:
        task_id = session.scalars(select(ProgrammeTask.id).where(ProgrammeTask.code == "2a")).one()
    page = browser.open(f"/chuong-trinh/nhiem-vu/{task_id}")
    assert "Sở Nội vụ" in page
    assert "II.1.b.2" in page
    browser.open("/chuong-trinh/nhiem-vu/999", status=404)
