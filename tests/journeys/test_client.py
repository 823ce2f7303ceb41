"""The story without a browser, on both stores: the same steps, the same figures."""

from __future__ import annotations

from pathlib import Path

from finance.database import make_engine, make_session_factory
from tests.journeys.ending import assert_the_end
from tests.journeys.telling import tell
from tests.journeys.world import client_office


def test_from_two_estimates_to_two_answers(first_day_url: str, tmp_path: Path) -> None:
    engine = make_engine(first_day_url)
    factory = make_session_factory(engine)
    tell(client_office(factory, tmp_path, first_day_url))
    assert_the_end(factory)
    engine.dispose()
