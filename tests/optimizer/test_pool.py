"""Worker processes that answer, raise, die and hang; each job has its own fate."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from optimizer.batch.pool import JobState, WorkerPool, run_jobs
from tests.optimizer.pool_work import light_main, open_acts, open_broken, open_double

__all__ = ["light_main"]  # a fixture
pytestmark = pytest.mark.usefixtures("light_main")
PATIENCE = 60.0


def is_running(process_id: int) -> bool:
    """Tell whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for(file: Path) -> str:
    """Return what a worker writes into a file."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if file.exists() and file.read_text():
            return file.read_text()
        time.sleep(0.02)
    raise AssertionError(f"{file.name} was not written")


def test_results_come_back_in_order_whoever_did_them() -> None:
    ended: list[int] = []
    jobs = run_jobs(open_double, 1, range(7), 2, lambda job: ended.append(job.number))
    assert [job.result for job in jobs] == [1, 3, 5, 7, 9, 11, 13]
    assert sorted(ended) == list(range(7))
    assert all(job.state is JobState.DONE and job.attempts == 1 and job.payload is None for job in jobs)


def test_each_job_has_its_own_fate(tmp_path: Path) -> None:
    deaths, once = tmp_path / "deaths", tmp_path / "once"
    payloads = [
        ("say", ""), ("die", str(deaths)), ("raise", "bad job"), ("die once", str(once)), ("say", ""),
    ]  # fmt: skip
    said, dead, raised, revived, last = run_jobs(open_acts, None, payloads, 2)
    assert said.state is last.state is JobState.DONE
    assert deaths.read_text() == "xx"
    assert dead.state is JobState.FAILED
    assert "dừng đột ngột 2 lần (tín hiệu 9)" in dead.words
    assert raised.state is JobState.FAILED
    assert raised.words == "ValueError (act): bad job"
    assert raised.attempts == 1
    assert (revived.state, revived.attempts) == (JobState.DONE, 2)


def test_a_worker_that_cannot_open_says_so_for_every_job() -> None:
    jobs = run_jobs(open_broken, None, [1, 2], 1)
    assert [job.state for job in jobs] == [JobState.FAILED] * 2
    assert all("no licence" in job.words for job in jobs)


def test_cancelled_and_overdue_jobs_end_with_their_workers(tmp_path: Path) -> None:
    begun = [tmp_path / str(number) for number in range(2)]
    with WorkerPool(open_acts, None, 1) as pool:
        running = pool.submit(("sleep", str(begun[0])))
        waiting = pool.submit(("say", ""))
        first_worker = int(wait_for(begun[0]))
        assert pool.process_ids == {running.number: first_worker}
        assert pool.advance(0.0) == []
        pool.cancel(waiting)
        pool.cancel(running)
        assert (running.state, waiting.state) == (JobState.CANCELLED, JobState.CANCELLED)
        assert not is_running(first_worker)
        assert pool.is_idle
        overdue = pool.submit(("sleep", str(begun[1])), most_seconds=1.5)
        assert pool.advance() == [overdue]
        assert overdue.state is JobState.FAILED
        assert "quá thời gian" in overdue.words
    assert begun[1].exists() is False or not is_running(int(begun[1].read_text()))


def test_a_killed_pool_leaves_no_worker_behind(tmp_path: Path) -> None:
    """SIGKILL gives the parent no chance to tidy up; its workers notice that it is gone."""
    begun = tmp_path / "begun"
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(f"""
            from optimizer.batch.pool import WorkerPool
            from tests.optimizer.pool_work import open_acts
            if __name__ == "__main__":
                pool = WorkerPool(open_acts, None, 1)
                pool.submit(("sleep", {str(begun)!r}))
                pool.advance()
        """)
    )
    parent = subprocess.Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    worker = int(wait_for(begun))
    assert is_running(worker)
    parent.kill()
    parent.wait()
    ends = time.monotonic() + PATIENCE
    while is_running(worker) and time.monotonic() < ends:
        time.sleep(0.02)
    assert not is_running(worker)


def test_a_pool_without_workers_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        WorkerPool(open_double, None, 0)


def test_workers_that_die_at_their_start_fail_the_job_and_hang_nobody() -> None:
    """What all jobs share is far larger than a pipe holds; nobody reads it."""
    program = Path(__file__).with_name("unguarded_main.py")
    done = subprocess.run(
        [sys.executable, program],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("failed Tiến trình giải bị dừng đột ngột 2 lần (mã thoát 1)"), done
