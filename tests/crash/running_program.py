"""Web and worker as real processes that can be killed and started again.

The first start of each is the command itself; later ones fork the program that waits beside the test
with its imports done (ready_program.py).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Protocol

START_LIMIT_SECONDS = 120  # a busy machine may take its time; a quiet one needs some two seconds
SECRET = "a secret that lives for one crash test only"


class Running(Protocol):
    """A process that was started, as subprocess.Popen shows it."""

    pid: int

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""

    def wait(self, timeout: float) -> int:
        """Its exit code, once it has ended."""


class ReadyProgram:
    """The program beside the test that gives forks of itself."""

    def __init__(self, environment: dict[str, str], words: Path) -> None:
        self._words = words
        with words.open("ab") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.ready_program"],
                cwd=Path(__file__).parents[2],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )

    def start(self, arguments: list[str]) -> Running:
        """A new process that runs `phanbo` with these arguments."""
        return Forked(self, int(self.ask({"start": arguments, "words": str(self._words)})))

    def ask(self, wish: dict[str, object]) -> str:
        """The answer to one wish."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    def close(self) -> None:
        """Let it end, as it does when nothing can be wished any more."""
        self._process.communicate(timeout=30)


class Forked:
    """A fork of the ready program, which alone can be asked how it ended."""

    def __init__(self, ready: ReadyProgram, pid: int) -> None:
        self._ready, self.pid = ready, pid

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._end(is_awaited=False)

    def wait(self, timeout: float) -> int:
        """Its exit code, once it has ended; a process killed with -9 ends at once."""
        code = self._end(is_awaited=True)
        assert code is not None
        return code

    def _end(self, *, is_awaited: bool) -> int | None:
        code: int | None = json.loads(self._ready.ask({"process": self.pid, "is_awaited": is_awaited}))
        return code


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
        self._running: dict[str, Running] = {}
        self._started: set[str] = set()
        self._ready = ReadyProgram(self._environment, self._words)

    def start(self, *names: str) -> None:
        """Start web, worker or both; `await_web` waits until the web answers."""
        for name in names:
            is_first = name not in self._started
            self._running[name] = self._command(name) if is_first else self._ready.start(self._verbs[name])
            self._started.add(name)

    def _command(self, name: str) -> Running:
        program = Path(sys.executable).with_name("phanbo")
        with self._words.open("ab") as words:
            return subprocess.Popen(
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
        self._ready.close()

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
