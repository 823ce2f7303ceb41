"""Plans and results as files, written so that a kill at any moment loses at most the job under way.

    ID.plan.json     the plan, as the solve verb writes it
    ID.result.json   what became of the job, and of which problem text and options it is the answer
    results.json     all of it in one list, written at the end

A result counts as long as the problem file, the options and the plan file are what they were, to the byte.
A plan is written before its result, and each file appears whole or not at all.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from optimizer.batch.job_answer import FAILED, JobAnswer
from optimizer.batch.job_options import options_of
from optimizer.batch.manifest import BatchJob
from optimizer.errors import InvalidProblem, Mistake

RESULT_SCHEMA, RESULTS_SCHEMA = "phanbo-batch-result/1", "phanbo-batch-results/1"
RESULTS_FILE, LOCK_FILE = "results.json", ".batch.lock"


@dataclass(frozen=True, slots=True)
class JobResult:
    """What became of one job of a batch.

    Attributes:
        exit_code: as of the solve verb.
        words: one Vietnamese sentence.
        plan_file: name of the plan file in the results folder; None = no plan.
        is_from_before: True = an earlier run had done it.
    """

    id: str
    exit_code: int
    words: str
    plan_file: str | None
    facts: Mapping[str, Any]
    is_from_before: bool = False


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes."""
    return sha256(content).hexdigest()


def result_from_before(folder: Path, job: BatchJob) -> JobResult | None:
    """Return the result an earlier run left for exactly this problem and these options; None = do it.

    A job that failed (no plan in time, a worker that died) is done again; a plan, a mistake or a confirmed
    conflict is an answer that stays.
    """
    try:
        data = json.loads((folder / f"{job.id}.result.json").read_text(encoding="utf-8"))
        plan_file = data["plan_file"]
        is_same = (
            data["schema"] == RESULT_SCHEMA
            and data["exit_code"] != FAILED
            and data["options"] == options_of(job.limits)
            and data["problem_sha256"] == digest(job.problem_file.read_bytes())
            and (plan_file is None or data["plan_sha256"] == digest((folder / plan_file).read_bytes()))
        )
        if not is_same:
            return None
        return JobResult(
            job.id, data["exit_code"], data["words"], plan_file, data["facts"], is_from_before=True
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None  # half a record, or none, is no record


def store_answer(folder: Path, job: BatchJob, answer: JobAnswer, problem_sha256: str) -> JobResult:
    """Write the plan, then the result that refers to it; return the result.

    Args:
        problem_sha256: of the bytes the answer is about.
    Raises:
        OSError: the disk refuses.
    """
    plan_file, plan_sha256 = None, None
    if answer.plan_text is not None:
        plan_file = f"{job.id}.plan.json"
        content = answer.plan_text.encode("utf-8")
        plan_sha256 = digest(content)
        write_whole(folder / plan_file, content)
    else:
        (folder / f"{job.id}.plan.json").unlink(missing_ok=True)
    record = {
        "schema": RESULT_SCHEMA,
        "id": job.id,
        "exit_code": answer.exit_code,
        "words": answer.words,
        "options": options_of(job.limits),
        "problem_sha256": problem_sha256,
        "plan_file": plan_file,
        "plan_sha256": plan_sha256,
        "facts": answer.facts,
    }
    write_whole(folder / f"{job.id}.result.json", _json_bytes(record))
    return JobResult(job.id, answer.exit_code, answer.words, plan_file, answer.facts)


def store_results(folder: Path, results: Sequence[JobResult]) -> None:
    """Write the list of all results."""
    data = {"schema": RESULTS_SCHEMA, "jobs": [result_data(result) for result in results]}
    write_whole(folder / RESULTS_FILE, _json_bytes(data))


def result_data(result: JobResult) -> dict[str, Any]:
    """Return a result as JSON data."""
    return {
        "id": result.id,
        "exit_code": result.exit_code,
        "words": result.words,
        "plan": result.plan_file,
        "from_before": result.is_from_before,
        **result.facts,
    }


def write_whole(file: Path, content: bytes) -> None:
    """Write a file so that it is seen whole or not at all, even if the machine stops."""
    beside = file.with_name(f".{file.name}.new")
    with beside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """Keep a results folder to one batch at a time; the hold ends with the process, whatever ends it.

    Raises:
        InvalidProblem: another batch is writing there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        yield
        return
    import fcntl  # not on every system

    with (folder / LOCK_FILE).open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            words = f"Một lượt chạy khác đang ghi vào thư mục “{folder.name}”."
            raise InvalidProblem((Mistake("OUT", words),)) from error
        yield


def _json_bytes(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
