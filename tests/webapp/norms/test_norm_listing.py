"""The command that lists a norm's lines, drafts included, in seconds."""

from __future__ import annotations

import pytest

from finance.database import transaction
from tests.builders import a_draft, a_line, a_project
from tests.estimate_journeys import a_saved_estimate
from tests.webapp.desks import Desks
from webapp.commands import REFUSED, main


def test_the_lines_are_listed_in_words(
    desks: Desks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(desks.factory) as session:
        lines = (a_line("Giảng viên một cửa", norm_code="N01"), a_line("Giảng viên tin học", norm_code="N01"))
        a_saved_estimate(session, desks.province, a_draft(a_project(lines=lines)))
    monkeypatch.setenv("DATABASE_URL", str(desks.factory.kw["bind"].url))
    assert main(["norm-lines", "N01"]) == 0
    said = capsys.readouterr().out
    assert "N01 – Thù lao giảng viên: 500.000 đồng/buổi." in said
    assert "UBND thành phố Nha Trang" in said
    assert "dòng 2: Giảng viên tin học" in said
    assert "2 dòng chi của 1 cơ quan, cộng 10.000.000 đồng." in said
    assert main(["norm-lines", "N99"]) == REFUSED
