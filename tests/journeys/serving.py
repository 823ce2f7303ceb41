"""The program as it runs in an office: one process serves the pages, another does the waiting jobs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.world import SECRET

ROOT = Path(__file__).parents[2]
# Both programs import the solver; on a crowded machine that alone takes a while.
START_SECONDS = 90
STOP_SECONDS = 20


@contextmanager
def running_program(url: str, folder: Path) -> Iterator[str]:
    """Start web and worker over this store; the address while they run. Their words go to the folder."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    started = [
        _start(["serve", "--port", str(port)], url, folder),
        _start(["worker"], url, folder),
    ]
    try:
        _wait_until_it_answers(address, started[0], folder)
        yield address
    finally:
        for program in started:
            program.terminate()
        for program in started:
            program.wait(STOP_SECONDS)


def _start(verb: list[str], url: str, folder: Path) -> subprocess.Popen[bytes]:
    settings = {"DATABASE_URL": url, "PHANBO_INSTANCE": str(folder), "PHANBO_SECRET_KEY": SECRET}
    with (folder / f"{verb[0]}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "webapp.commands", *verb],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _wait_until_it_answers(address: str, web: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/dang-nhap", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            if web.poll() is not None:
                break
            time.sleep(0.1)
    raise AssertionError(f"the program does not answer: {(folder / 'serve.log').read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
