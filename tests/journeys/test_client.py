"""The story without a browser: the same steps and the same figures on both stores."""

from __future__ import annotations

from pathlib import Path

import pytest

from finance.database import make_engine, make_session_factory
from tests.journeys.ending import assert_the_end
from tests.journeys.telling import Chapter, tell
from tests.journeys.world import client_office


@pytest.mark.postgres
def test_from_two_estimates_to_two_answers_on_postgresql(first_day_postgres: str, tmp_path: Path) -> None:
    engine = make_engine(first_day_postgres)
    factory = make_session_factory(engine)
    tell(client_office(factory, tmp_path, first_day_postgres))
    assert_the_end(factory)
    engine.dispose()


def test_from_two_estimates_to_two_answers_on_sqlite(submitted_sqlite: str, tmp_path: Path) -> None:
    # Everything up to the submission was told when the fixture was made.
    engine = make_engine(submitted_sqlite)
    factory = make_session_factory(engine)
    tell(client_office(factory, tmp_path, submitted_sqlite), after=Chapter.SUBMITTED)
    assert_the_end(factory)
    engine.dispose()
