"""A folder of problems in, a folder of plans out, over several processes, resumed after any kind of end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from optimizer import AllocationProblem, InvalidProblem, SolveLimits, verify_plan
from optimizer.batch.job_answer import FAILED, FOUND, INFEASIBLE, INVALID
from optimizer.batch.job_options import limits_with, options_of
from optimizer.batch.manifest import read_jobs
from optimizer.batch.results_folder import held_folder
from optimizer.batch.solve_all import _solve_all_with, solve_all
from optimizer.exchange import read_plan, read_problem, write_problem
from optimizer.generators.province import generate_province
from optimizer.problem import Limit, LimitScope
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained
from tests.optimizer.pool_work import light_main, open_mortal_solver

__all__ = ["light_main"]  # a fixture
pytestmark = pytest.mark.usefixtures("light_main")
PATIENCE = 90.0
LIMITS = SolveLimits(time_limit_seconds=20)


def two_projects(ceiling_vnd: int = 40 * MILLION, **others: object) -> AllocationProblem:
    """Return a problem in which one of two projects fits."""
    candidates = [
        a_candidate(name, a_level(30 * MILLION, yields=trained(people)))
        for name, people in (("P1", 10), ("P2", 20))
    ]
    return a_problem(*candidates, ceiling_vnd=ceiling_vnd, **others)


def put(folder: Path, **problems: AllocationProblem) -> Path:
    """Write problems into a folder."""
    folder.mkdir(exist_ok=True)
    for name, problem in problems.items():
        (folder / f"{name}.json").write_text(write_problem(problem), encoding="utf-8")
    return folder


def plan_times(folder: Path) -> dict[str, int]:
    """Return when each plan was written."""
    return {file.name.split(".")[0]: file.stat().st_mtime_ns for file in folder.glob("*.plan.json")}


def test_every_file_has_its_answer_and_nothing_is_done_twice(tmp_path: Path) -> None:
    floor = Limit("san", "Sàn", LimitScope(areas=("1",)), at_least_vnd=50 * MILLION)
    folder_in = put(
        tmp_path / "in", one=two_projects(), two=two_projects(), none=two_projects(limits=(floor,))
    )
    (folder_in / "wrong.json").write_text('{"schema": "phanbo-problem/1"}', encoding="utf-8")
    out = tmp_path / "deep" / "out"
    results = {item.id: item for item in solve_all(folder_in, out, 1, limits=LIMITS)}
    codes = {name: item.exit_code for name, item in results.items()}
    assert codes == {"one": FOUND, "two": FOUND, "none": INFEASIBLE, "wrong": INVALID}
    assert results["wrong"].facts["mistakes"][0]["path"].startswith("$.")
    assert results["none"].facts["conflicts"][0]["rules"]
    for name in ("one", "two"):
        problem = read_problem((folder_in / f"{name}.json").read_text(encoding="utf-8"))
        plan = read_plan((out / f"{name}.plan.json").read_text(encoding="utf-8"))
        assert verify_plan(problem, plan).is_kept
        assert dict(plan.level_ids) == {"P2": "day-du"}
    told = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert [item["id"] for item in told["jobs"]] == ["none", "one", "two", "wrong"]
    assert not list(out.glob(".*.new"))

    written = plan_times(out)
    again = solve_all(folder_in, out, 1, limits=LIMITS)
    assert all(item.is_from_before for item in again)
    assert plan_times(out) == written

    # A changed problem, a plan that was tampered with and half a record are done again; the rest is not.
    put(folder_in, one=two_projects(70 * MILLION))
    forged = out / "two.plan.json"
    forged.write_text(forged.read_text(encoding="utf-8").replace('"P2"', '"P1"'), encoding="utf-8")
    (out / "none.result.json").write_text('{"schema"', encoding="utf-8")
    third = {item.id: item for item in solve_all(folder_in, out, 1, limits=LIMITS)}
    assert {name for name, item in third.items() if item.is_from_before} == {"wrong"}
    assert set(json.loads((out / "one.plan.json").read_text(encoding="utf-8"))["levels"]) == {"P1", "P2"}
    assert set(json.loads(forged.read_text(encoding="utf-8"))["levels"]) == {"P2"}


def test_a_killed_worker_fails_its_own_job_only(tmp_path: Path) -> None:
    folder_in = put(tmp_path / "in", die=two_projects(), live=two_projects())
    out = tmp_path / "out"
    asked = (LIMITS, None)
    died, lived = _solve_all_with(open_mortal_solver, folder_in, out, 1, asked)
    assert (died.exit_code, lived.exit_code) == (FAILED, FOUND)
    assert "dừng đột ngột 2 lần (tín hiệu 9)" in died.words
    assert not (out / "die.plan.json").exists()
    # What failed is tried again when the batch is begun again; what was done is not.
    died, lived = solve_all(folder_in, out, 1, limits=LIMITS)
    assert (died.exit_code, died.is_from_before) == (FOUND, False)
    assert lived.is_from_before


def test_options_travel_by_the_names_of_the_solve_verb(tmp_path: Path) -> None:
    limits = SolveLimits(7.5, 0.25, 2, 9, "cbc", is_score_only=True)
    assert limits_with(options_of(limits), SolveLimits()) == limits
    assert limits_with({}, limits) == limits
    folder = put(tmp_path / "in", a=two_projects(), b=two_projects())
    manifest = {
        "schema": "phanbo-batch/1",
        "options": {"gap": 0.5, "seed": 3},
        "jobs": [{"id": "z", "problem": "a.json", "options": {"seed": 4}}, {"id": "y", "problem": "b.json"}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    jobs = read_jobs(folder, LIMITS)
    assert [(job.id, job.problem_file.name, job.limits.seed) for job in jobs] == [
        ("y", "b.json", 3), ("z", "a.json", 4),
    ]  # fmt: skip
    assert all(job.limits.relative_gap_share == 0.5 for job in jobs)
    assert all(job.limits.time_limit_seconds == 20 for job in jobs)


def test_a_manifest_is_refused_with_every_mistake(tmp_path: Path) -> None:
    folder = put(tmp_path / "in", a=two_projects())
    put(tmp_path, outside=two_projects())
    manifest = folder / "manifest.json"

    def paths(text: str) -> list[str]:
        manifest.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidProblem) as refusal:
            read_jobs(folder, LIMITS)
        return [mistake.path for mistake in refusal.value.mistakes]

    assert paths("{") == ["manifest.json"]
    wrong = {"id": "../x", "problem": "a.json", "extra": 1}
    assert paths(json.dumps({"schema": "phanbo-batch/1", "jobs": [wrong]})) == [
        "$.jobs[0].extra", "$.jobs[0].id",
    ]  # fmt: skip
    jobs = [
        {"id": "a", "problem": "a.json"}, {"id": "A", "problem": "a.json"},
        {"id": "b", "problem": "../outside.json"}, {"id": "c", "problem": "gone.json"},
    ]  # fmt: skip
    assert paths(json.dumps({"schema": "phanbo-batch/1", "jobs": jobs})) == [
        "$.jobs[1].id", "$.jobs[2].problem", "$.jobs[3].problem",
    ]  # fmt: skip
    manifest.unlink()
    (folder / "dự án.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidProblem) as refusal:
        read_jobs(folder, LIMITS)
    assert [mistake.path for mistake in refusal.value.mistakes] == ["dự án.json"]


def test_two_batches_never_write_to_one_folder(tmp_path: Path) -> None:
    folder_in = put(tmp_path / "in", a=two_projects())
    with held_folder(tmp_path / "out"), pytest.raises(InvalidProblem, match="lượt chạy khác"):
        solve_all(folder_in, tmp_path / "out")


@pytest.mark.crash
def test_a_batch_goes_on_after_an_interrupt_and_after_a_kill(tmp_path: Path) -> None:
    slow = generate_province(Random(1), 400)
    folder_in, out = put(tmp_path / "in", a=two_projects(), b=slow), tmp_path / "out"
    # Ctrl-C at the terminal reaches every process of the group.
    first = _started(folder_in, out)
    _wait_for(out / "a.result.json")
    os.killpg(first.pid, signal.SIGINT)
    said, words = first.communicate(timeout=PATIENCE)
    assert first.returncode == FAILED
    told = json.loads(said)
    assert told["interrupted"]
    assert [item["id"] for item in told["jobs"]] == ["a"]
    assert "Traceback" not in words
    _require_empty_group(first.pid)
    assert not (out / "b.result.json").exists()
    written = plan_times(out)
    # SIGKILL gives nobody a chance to tidy up.
    second = _started(folder_in, out)
    _wait_for_group_of(second.pid, 3)  # the batch, its worker and what Python tracks semaphores with
    second.kill()
    second.communicate()
    _require_empty_group(second.pid)
    # And on: what was done stays, what is left is done.
    put(folder_in, b=two_projects())
    results = solve_all(folder_in, out, 1, limits=SolveLimits(600.0))
    assert [(item.id, item.exit_code, item.is_from_before) for item in results] == [
        ("a", FOUND, True), ("b", FOUND, False),
    ]  # fmt: skip
    assert plan_times(out)["a"] == written["a"]


def _started(folder_in: Path, out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "optimizer", "batch", folder_in, out]
    return subprocess.Popen(
        [*command, "--workers", "1", "--time-limit", "600", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def _wait_for(file: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while not file.exists():
        assert time.monotonic() < ends, f"{file.name} never came"
        time.sleep(0.05)


def _group(group: int) -> list[int]:
    """Return the processes of a group that are still running."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            state, _, its_group = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:3]
        except (OSError, ValueError, IndexError):
            continue
        if folder.name.isdigit() and int(its_group) == group and state != "Z":
            found.append(int(folder.name))
    return found


def _wait_for_group_of(group: int, least: int) -> None:
    ends = time.monotonic() + PATIENCE
    while len(_group(group)) < least:
        assert time.monotonic() < ends, "no worker came"
        time.sleep(0.05)


def _require_empty_group(group: int) -> None:
    ends = time.monotonic() + PATIENCE
    while _group(group):
        assert time.monotonic() < ends, f"still running: {_group(group)}"
        time.sleep(0.05)
