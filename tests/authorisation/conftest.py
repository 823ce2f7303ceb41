"""The guarded province, made once per worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.authorisation.guarded_province import GuardedProvince


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedProvince]:
    """Served from a store of its own; every test leaves it as it found it."""
    made = GuardedProvince(tmp_path_factory.mktemp("guarded"))
    yield made
    made.close()
