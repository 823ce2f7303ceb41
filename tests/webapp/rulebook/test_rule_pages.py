"""Everybody reads the rules; the finance office says from when a warning blocks."""

from __future__ import annotations

from tests.webapp.desks import Desks

RULE = "/quy-tac-kiem-tra/BUDGET_CODE_MISSING"


def test_the_rules_are_read_and_found_without_marks(desks: Desks) -> None:
    browser = desks.at(desks.province.preparer)
    page = browser.open("/quy-tac-kiem-tra?tim=dinh muc het han")
    assert "NORM_ENDED" in page
    assert "CEILING_EXCEEDED" not in page
    assert "Đặt ngày" not in page
    assert "NORM_ENDED" not in browser.open("/quy-tac-kiem-tra?ve=PROJECT")
    browser.open(RULE, status=403)


def test_a_day_is_set_and_shown_to_everybody(desks: Desks) -> None:
    finance = desks.at(desks.province.estimate_appraiser)
    answer = finance.send(RULE, blocks_from="01/03/2012", legal_reference="Công văn 12/STC-NS")
    assert answer.status_code == 303
    page = desks.at(desks.province.preparer).open("/quy-tac-kiem-tra")
    assert "chặn từ 01/03/2012 · Công văn 12/STC-NS" in page
    assert "Phạm Thu Hằng" in finance.open(RULE)


def test_a_day_in_the_past_and_an_unknown_rule_are_refused(desks: Desks) -> None:
    finance = desks.at(desks.province.estimate_appraiser)
    answer = finance.send(RULE, blocks_from="14/02/2012", legal_reference="CV")
    assert answer.status_code == 422
    assert "không được ở quá khứ" in answer.text
    finance.open("/quy-tac-kiem-tra/KHONG-CO", status=404)
