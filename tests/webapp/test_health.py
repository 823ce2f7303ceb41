"""What a watcher is told."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

import webapp
from finance.database import make_engine, make_session_factory
from tests.webapp.conftest import Visitor
from webapp.config import Settings
from webapp.request_scope import Doorway


def test_a_watcher_hears_that_all_is_well(visitor: Visitor) -> None:
    assert visitor.get("/healthz").text == "alive\n"
    assert visitor.get("/readyz").text == "ready\n"


def test_a_watcher_hears_when_the_store_has_no_tables(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    client = webapp.create_app(settings, Doorway(make_session_factory(engine))).test_client()
    with caplog.at_level(logging.ERROR, "phanbo.web"):
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
    engine.dispose()
    assert answer.status_code == 503
    assert answer.text == "the store does not answer\n"


def test_a_watcher_hears_when_the_store_is_not_migrated(
    settings: Settings, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(sqlite_url)
    client = webapp.create_app(settings, Doorway(make_session_factory(engine))).test_client()
    before = client.get("/readyz").text
    monkeypatch.setattr(webapp, "newest_number", lambda: "9999")
    answer = client.get("/readyz")
    engine.dispose()
    assert before == "ready\n"
    assert (answer.status_code, answer.text) == (503, "the store is not migrated\n")
