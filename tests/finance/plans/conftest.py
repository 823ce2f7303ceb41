"""The builders' province on each store."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.builders import Province, a_province


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)
