"""What a person waits for at an estimate of sixty projects with a hundred lines each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from finance.database import make_engine, make_session_factory
from tests.bench.measuring import median_milliseconds
from tests.builders import a_draft, a_line, a_project
from tests.webapp.estimates.agency_desk import Desk, a_desk, prepare_estimate

pytestmark = pytest.mark.bench

PROJECTS, LINES = 60, 100
# Generous for two shared cores: about three times what was measured.
MOST_MILLISECONDS = {
    "": 3_000,
    "/du-an?ma=P30": 3_000,
    "/bang-tinh-mau?co-so-lieu=1": 7_000,
    "/bang-tinh-mau?gian-don=1": 3_000,
    "/ban-day-du": 3_000,
}


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    """The desk of the office that asks for 6,000 lines."""
    projects = [
        a_project(
            f"P{number}",
            priority=number,
            name_vi=f"Dự án số {number}",
            lines=tuple(a_line(f"Việc {number}.{place}") for place in range(LINES)),
        )
        for number in range(1, PROJECTS + 1)
    ]
    engine = make_engine(sqlite_url)
    factory = make_session_factory(engine)
    yield a_desk(factory, tmp_path, prepare_estimate(factory, a_draft(*projects)))
    engine.dispose()


def test_six_thousand_lines_keep_nobody_waiting(desk: Desk) -> None:
    visitor = desk.visitor(desk.province.preparer)

    def look(page: str) -> None:
        answer = visitor.get(f"{desk.address}{page}")
        assert answer.status_code == 200, page
        assert answer.data

    taken = {
        page: median_milliseconds(f"6,000 lines: {page or 'the estimate'}", partial(look, page), times=3)
        for page in MOST_MILLISECONDS
    }
    assert {page for page, most in MOST_MILLISECONDS.items() if taken[page] > most} == set()
