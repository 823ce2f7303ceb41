"""One Chromium for every test that looks at pages: Playwright can be started only once in a process."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class _Quiet(WSGIRequestHandler):
    def log(self, *_anything: object) -> None:
        """A test prints its failures only."""


@contextmanager
def started_chromium() -> Iterator[Browser]:
    """The machine's Chromium; without one the test is skipped, or fails where a browser is required."""
    named = os.environ.get("PHANBO_CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("PHANBO_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium found: apt-get install chromium")
        pytest.skip("no Chromium found: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield started
        started.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which the program answers while the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
