"""Interrupted, ended, killed, overdue: the command line with the real engine and real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from optimizer import (
    Outcome,
    SolveLimits,
    read_plan,
    read_problem,
    solve,
    verify_plan,
    write_plan,
    write_problem,
)
from optimizer.commands.early_end import STOPPED
from optimizer.commands.interruption import GIVEN_UP, OVERDUE, STOPPING, stopping_on_interrupt
from optimizer.commands.whole_files import write_whole
from optimizer.generators.mixed import generate_problem

STATUS = Path("/proc/self/status")
pytestmark = pytest.mark.skipif(not STATUS.exists(), reason="looks into /proc to see who listens to signals")


def started(tmp_path: Path, candidates: int, *options: str) -> subprocess.Popen[str]:
    """Start a long search and wait until its engine is loaded: from then on the best plan is kept."""
    problem = tmp_path / "problem.json"
    problem.write_text(write_problem(generate_problem(Random(3), candidates)), encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, "-m", "optimizer", "solve", problem, "--out", tmp_path / "plan.json", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while running.poll() is None and not has_engine(running.pid):
        time.sleep(0.02)
    return running


def has_engine(process_id: int) -> bool:
    """Whether a process has loaded the engine."""
    return "highspy" in Path(f"/proc/{process_id}/maps").read_text(encoding="utf-8")


def listens(process_id: int, number: signal.Signals) -> bool:
    """Whether a process has a handler of its own for a signal."""
    text = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    (caught,) = (line.split()[1] for line in text.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)


@dataclass(frozen=True)
class Ending:
    """How a verb that was told to end at some moment did end."""

    code: int
    out: str
    words: str


def told_to_end(arguments: list[str], seconds: float, number: signal.Signals) -> Ending:
    """Start a verb and tell it to end after so long, but not before its first line."""
    running = subprocess.Popen(
        [sys.executable, "-m", "optimizer", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.perf_counter() + seconds
    while running.poll() is None and (
        time.perf_counter() < until or not listens(running.pid, signal.SIGTERM)
    ):
        time.sleep(0.005)
    if running.poll() is None:
        running.send_signal(number)
    out, words = running.communicate(timeout=60)
    return Ending(running.returncode, out, words)


@pytest.fixture
def verbs(tmp_path: Path) -> dict[str, list[str]]:
    """Verbs with files of their own; each is at work for some time."""
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    asked = generate_problem(Random(3), 40)
    problem.write_text(write_problem(asked), encoding="utf-8")
    plan.write_text(write_plan(solve(asked, SolveLimits(time_limit_seconds=2))), encoding="utf-8")
    edits = tmp_path / "edits.json"
    edits.write_text(json.dumps({"schema": "phanbo-edits/1", "title": "", "edits": []}), encoding="utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "one.json").write_text(problem.read_text(encoding="utf-8"), encoding="utf-8")
    both = [str(problem), str(plan)]
    return {
        "verify": ["verify", *both],
        "generate": ["generate", "--projects", "4000", "--seed", "1", "--out", str(tmp_path / "big.json")],
        "solve": ["solve", both[0], "--out", str(tmp_path / "out.json")],
        "explain": ["explain", *both, "--out", str(tmp_path / "why.json")],
        "whatif": ["whatif", *both, "--set", str(edits), "--plans", str(tmp_path / "steps")],
        "sweep": ["sweep", both[0]],
        "ladder": ["ladder", both[0]],
        "conflicts": ["conflicts", both[0]],
        "robustness": ["robustness", both[0], "--seed", "1"],
        "compare": ["compare", *both, *both],
        "batch": ["batch", str(folder), str(tmp_path / "answers")],
    }


def require_a_documented_end(verb: str, ending: Ending, tmp_path: Path) -> None:
    """One sentence and code 4, or the verb's own end where it was quicker; nothing half-written."""
    case = (verb, ending)
    assert "Traceback" not in ending.words + ending.out, case
    assert "Exception ignored" not in ending.words, case
    assert ending.code in (0, 2, 3, 4), case
    if ending.code == 4:
        assert "Đã dừng" in ending.words + ending.out or STOPPING in ending.words, case
    for path in tmp_path.rglob("*"):
        assert not path.name.endswith((".part", ".new")), case
        if path.suffix == ".json" and path.name != "edits.json":
            json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("verb", "seconds", "number"),
    [
        ("verify", 0.0, signal.SIGINT),
        ("solve", 0.0, signal.SIGTERM),
        ("explain", 0.15, signal.SIGINT),
        ("whatif", 0.3, signal.SIGTERM),
        ("compare", 0.5, signal.SIGINT),
        ("batch", 0.6, signal.SIGTERM),
    ],
)
def test_a_verb_told_to_end_at_its_start_ends_in_words(
    verb: str, seconds: float, number: signal.Signals, verbs: dict[str, list[str]], tmp_path: Path
) -> None:
    ending = told_to_end(verbs[verb], seconds, number)
    require_a_documented_end(verb, ending, tmp_path)
    assert ending.code == 4 or seconds > 0


@pytest.mark.deep
@pytest.mark.parametrize("seed", range(4))
def test_verbs_told_to_end_at_any_moment_end_in_words(
    seed: int, verbs: dict[str, list[str]], tmp_path: Path
) -> None:
    draw, codes = Random(seed), set()
    for _ in range(40):
        verb, number = draw.choice([*verbs]), draw.choice((signal.SIGINT, signal.SIGTERM))
        ending = told_to_end(verbs[verb], 1.5 * draw.random(), number)
        require_a_documented_end(verb, ending, tmp_path)
        codes.add(ending.code)
    assert 4 in codes


def test_json_is_one_object_also_where_the_end_came_at_once(
    verbs: dict[str, list[str]], tmp_path: Path
) -> None:
    ending = told_to_end([*verbs["sweep"], "--json"], 0.0, signal.SIGINT)
    assert json.loads(ending.out) == {"exit_code": 4, "failure": STOPPED}
    assert ending.words == STOPPED + "\n"


COMPUTES = """
from hashlib import pbkdf2_hmac
from optimizer.commands.interruption import ending_on_interrupt
with ending_on_interrupt():
    print("bắt đầu", flush=True)
    pbkdf2_hmac('sha256', b'a', b'b', 300_000_000)
"""


def test_an_end_does_not_wait_for_what_computes_without_coming_back() -> None:
    running = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", COMPUTES],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    running.stdout.readline()
    began = time.perf_counter()
    running.send_signal(signal.SIGINT)
    _, words = running.communicate(timeout=60)
    assert time.perf_counter() - began < 10
    assert (running.returncode, words) == (4, STOPPED + "\n")


def ended(running: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, words = running.communicate(timeout=60)
    assert "Traceback" not in words
    return running.returncode, out, words


@pytest.mark.parametrize(("number", "candidates"), [(signal.SIGINT, 300), (signal.SIGTERM, 100)])
def test_one_interrupt_keeps_the_best_audited_plan(
    number: signal.Signals, candidates: int, tmp_path: Path
) -> None:
    running = started(tmp_path, candidates, "--json")
    time.sleep(2 if candidates == 300 else 0.3)
    running.send_signal(number)
    began = time.perf_counter()
    code, out, words = ended(running)
    assert time.perf_counter() - began < 20, "far below the time limit of 60 seconds"
    assert STOPPING in words
    plan_file = tmp_path / "plan.json"
    if code == 4 and candidates == 300:
        # A busy machine may not have found a first plan yet; then nothing is written.
        assert "failure" in json.loads(out)
        assert not plan_file.exists()
        return
    assert code == 0
    plan = read_plan(plan_file.read_text(encoding="utf-8"))
    problem = read_problem((tmp_path / "problem.json").read_text(encoding="utf-8"))
    assert plan.outcome is Outcome.STOPPED
    assert verify_plan(problem, plan).is_kept
    assert plan.bound_points is None or plan.bound_points >= plan.score_points
    assert json.loads(out)["plan"]["outcome"] == "stopped"


def test_a_second_interrupt_gives_up_at_once_and_writes_nothing(tmp_path: Path) -> None:
    running = started(tmp_path, 100)
    running.send_signal(signal.SIGINT)
    running.send_signal(signal.SIGTERM)
    code, _, words = ended(running)
    assert code == 4
    assert GIVEN_UP in words
    assert [path.name for path in tmp_path.iterdir()] == ["problem.json"]


def test_a_killed_search_leaves_the_old_plan_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("cũ", encoding="utf-8")
    running = started(tmp_path, 100)
    running.kill()
    assert running.wait(timeout=20) == -signal.SIGKILL
    running.communicate()
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == "cũ"


WRITER = """
import sys
from pathlib import Path
from optimizer.commands.whole_files import write_whole
number = 0
while True:
    write_whole(Path(sys.argv[1]), str(number) * 300_000)
    number = (number + 1) % 10
    print(number, flush=True)
"""


def test_a_file_is_whole_whenever_its_writer_is_killed(tmp_path: Path) -> None:
    target, draw = tmp_path / "plan.json", Random(1)
    for _ in range(4):
        running = subprocess.Popen([sys.executable, "-c", WRITER, target], stdout=subprocess.PIPE, text=True)
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(draw.random() / 50)
        running.kill()
        running.communicate()
        text = target.read_text(encoding="utf-8")
        assert len(text) == 300_000
        assert len(set(text)) == 1


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    write_whole(target, "một")
    write_whole(target, "hai")
    assert target.read_text(encoding="utf-8") == "hai"
    with pytest.raises(UnicodeEncodeError):
        write_whole(target, "\ud800")
    assert target.read_text(encoding="utf-8") == "hai"
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "không có" / "plan.json", "ba")
    link = tmp_path / "link.json"
    link.symlink_to(target)
    write_whole(link, "bốn")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "bốn"
    assert {path.name for path in tmp_path.iterdir()} == {"plan.json", "link.json"}
    write_whole(Path(os.devnull), "năm")


NEVER_BACK = """
import time
from optimizer.commands.interruption import stopping_on_interrupt
with stopping_on_interrupt(0.2):
    time.sleep(60)
"""


def test_an_engine_that_never_comes_back_is_given_up() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NEVER_BACK], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 4
    assert done.stderr.strip() == OVERDUE


def test_signals_are_given_back_to_who_had_them() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with stopping_on_interrupt(60) as is_asked:
        assert not is_asked()
        os.kill(os.getpid(), signal.SIGINT)
        deadline = time.perf_counter() + 10
        while not is_asked() and time.perf_counter() < deadline:
            time.sleep(0.01)
        assert is_asked()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
