"""Web and worker as real processes that can be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

START_LIMIT_SECONDS = 120  # a busy machine may take its time; a quiet one needs some two seconds
SECRET = "a secret that lives for one crash test only"


class RunningProgram:
    """One installation: `phanbo serve` and `phanbo worker` over one store."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.port = _free_port()
        self._words = folder / "words.log"
        self._environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("PHANBO_")},
            "DATABASE_URL": database_url,
            "PHANBO_INSTANCE": str(folder),
            "PHANBO_SECRET_KEY": SECRET,
        }
        self._verbs = {"web": ["serve", "--port", str(self.port)], "worker": ["worker"]}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *names: str) -> None:
        """Start web, worker or both; `await_web` waits until the web answers."""
        program = Path(sys.executable).with_name("phanbo")
        for name in names:
            with self._words.open("ab") as words:
                self._running[name] = subprocess.Popen(
                    [program, *self._verbs[name]],
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=words,
                    stderr=words,
                    start_new_session=True,
                )

    def kill(self, *names: str) -> None:
        """kill -9 of each program and everything it started; returns when they are gone."""
        for name in names:
            os.killpg(self._running[name].pid, signal.SIGKILL)
        for name in names:
            assert self._running.pop(name).wait(timeout=30) == -signal.SIGKILL, self.said()

    def await_web(self) -> None:
        """Wait until the web answers."""
        end = time.monotonic() + START_LIMIT_SECONDS
        while time.monotonic() < end:
            assert self._running["web"].poll() is None, f"the web has ended: {self.said()}"
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        raise AssertionError(f"the web does not answer: {self.said()}")

    def close(self) -> None:
        """End whatever still runs."""
        self.kill(*self._running)

    def said(self) -> str:
        """The last words of web and worker."""
        return self._words.read_text(encoding="utf-8", errors="replace")[-3000:]

    def complaints(self) -> list[str]:
        """Mishaps that web or worker have logged."""
        words = self._words.read_text(encoding="utf-8", errors="replace")
        return [line for line in words.splitlines() if "incident" in line or "Traceback" in line]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
