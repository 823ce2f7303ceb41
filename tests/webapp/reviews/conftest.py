"""A desk over a store of its own, with one estimate at the stage a test asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.stores import SqliteTemplate
from tests.webapp.reviews.review_desk import Desk, PreparedStages, Stage


@pytest.fixture(scope="session")
def prepared_stages(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: SqliteTemplate
) -> PreparedStages:
    """One store proves a page; the operations behind it are proven on both."""
    return PreparedStages(tmp_path_factory.mktemp("stages"), sqlite_template)


@pytest.fixture
def make_desk(prepared_stages: PreparedStages, tmp_path: Path) -> Iterator[Callable[[Stage], Desk]]:
    """A desk whose estimate was brought to a stage."""
    with ExitStack() as desks:
        yield lambda stage: desks.enter_context(prepared_stages.desk_at(stage, tmp_path))
