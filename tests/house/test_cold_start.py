"""A newcomer's first command, from a bare copy of the tracked files.

Nothing of this checkout is reused: no environment, no database, no produced file. Downloads may come
from the machine's package cache.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.readme_text import commands_in, readme
from tests.house.source_tree import ROOT

ANSWER_LIMIT_SECONDS = 300
END_LIMIT_SECONDS = 5
OURS = ("PHANBO_", "PYTEST_", "PYTHON", "COV_", "DATABASE_URL", "VIRTUAL_ENV")

pytestmark = [
    pytest.mark.cold,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]


@dataclass
class Started:
    """A running `dev.py run` and where its words go."""

    process: subprocess.Popen[bytes]
    words: Path
    tree: Path

    def said(self, pattern: str) -> re.Match[str] | None:
        """What was said so far, if it matches."""
        return re.search(pattern, self.words.read_text(encoding="utf-8", errors="replace"))

    def children(self, verb: str = "") -> list[int]:
        """The running programs of this copy other than dev.py, or those with this verb."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != self.process.pid:
                command = _command_of(entry)
                if str(self.tree) in command and (not verb or verb in shlex.split(command)):
                    found.append(int(entry.name))
        return found

    def await_(self, happened: Callable[[], object], limit_seconds: float, what: str) -> None:
        """Wait until something happened; fail with everything said when it does not."""
        give_up_at = time.monotonic() + limit_seconds
        while not happened():
            text = self.words.read_text(encoding="utf-8", errors="replace")
            assert self.process.poll() is None, f"dev.py ended before {what}:\n{text}"
            assert time.monotonic() < give_up_at, f"{what} not within {limit_seconds:.0f} s:\n{text}"
            time.sleep(0.1)


def _command_of(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def _bare_environment() -> dict[str, str]:
    """This machine's environment without what belongs to this checkout or this test run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    own = str(Path(sys.prefix) / "bin")
    kept["PATH"] = os.pathsep.join(part for part in kept["PATH"].split(os.pathsep) if part != own)
    return kept


@pytest.fixture
def bare_copy(tmp_path: Path) -> Path:
    listing = ["git", "ls-files", "-z"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout: what is tracked cannot be known")
    tree = tmp_path / "checkout"
    for name in filter(None, done.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    return tree


@pytest.fixture
def started(bare_copy: Path, tmp_path: Path) -> Iterator[Started]:
    """The README's first command, typed in the copy, with standard input closed."""
    command = commands_in(readme())[0]
    words = tmp_path / "words.txt"
    with words.open("wb") as out:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command} <&-"],
            cwd=bare_copy,
            env=_bare_environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    one = Started(process, words, bare_copy)
    yield one
    if process.poll() is None:
        process.kill()
        process.wait()
    for number in one.children():
        os.kill(number, signal.SIGKILL)


@pytest.mark.xdist_group("cold")
def test_the_readmes_first_command_starts_the_program_from_nothing(started: Started) -> None:
    started.await_(
        lambda: started.said(r"answers at (http://\S+)"), ANSWER_LIMIT_SECONDS, "an address was printed"
    )
    found = started.said(r"answers at (http://\S+)")
    assert found is not None
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{found[1]}/healthz", timeout=10) as answer:
        assert answer.status == 200

    started.await_(lambda: started.children("worker"), 10, "a worker ran")
    killed = started.children("worker")
    for number in killed:
        os.kill(number, signal.SIGKILL)
    started.await_(lambda: started.said(r"The worker died"), 10, "the worker's death was told")
    started.await_(lambda: set(started.children("worker")) - set(killed), 10, "another worker ran")

    started.process.send_signal(signal.SIGINT)
    assert started.process.wait(END_LIMIT_SECONDS) == 0
    assert started.children() == [], "Ctrl-C must end web and worker"
