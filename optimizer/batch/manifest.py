"""What is to be done in a folder: every problem file, or what its manifest says.

    manifest.json   {"schema": "phanbo-batch/1", "options": {...},
                     "jobs": [{"id": "...", "problem": "file.json", "options": {...}}]}

Without a manifest every ``*.json`` of the folder is a problem and its name without the ending is the job's
id. A manifest names files inside its folder only, so that a folder can be sent elsewhere as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimizer.batch.job_options import limits_with
from optimizer.errors import InvalidProblem, Mistake
from optimizer.schema_check import UnreadableText, read_json, schema_mistakes
from optimizer.solving.limits import SolveLimits

MANIFEST = "manifest.json"
SCHEMA_FILE = "phanbo-batch-1.schema.json"
JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class BatchJob:
    """One problem file, how to solve it, and the name its plan will have."""

    id: str
    problem_file: Path
    limits: SolveLimits


def read_jobs(folder: Path, limits: SolveLimits) -> list[BatchJob]:
    """Return the jobs of a folder, sorted by id.

    Args:
        folder: with problem files, and a manifest if their options differ.
        limits: for every job whose manifest does not say otherwise.
    Raises:
        InvalidProblem: the manifest, or a file's name, is wrong; every mistake at once.
        OSError: the folder cannot be read.
    """
    manifest = folder / MANIFEST
    jobs = _listed_jobs(manifest, limits) if manifest.exists() else _found_jobs(folder, limits)
    return sorted(jobs, key=lambda job: job.id)


def _found_jobs(folder: Path, limits: SolveLimits) -> list[BatchJob]:
    files = sorted(file for file in folder.iterdir() if file.suffix == ".json" and file.is_file())
    wrong = [
        Mistake(file.name, "Tên tệp chỉ được gồm chữ không dấu, số, dấu chấm, gạch nối và gạch dưới.")
        for file in files
        if not JOB_ID.fullmatch(file.stem)
    ]
    if wrong:
        raise InvalidProblem(tuple(wrong))
    return [BatchJob(file.stem, file, limits) for file in files]


def _listed_jobs(manifest: Path, limits: SolveLimits) -> list[BatchJob]:
    try:
        data = read_json(manifest.read_text(encoding="utf-8"))
    except UnreadableText as error:
        raise InvalidProblem((Mistake(MANIFEST, str(error)),)) from error
    mistakes = schema_mistakes(data, SCHEMA_FILE) or tuple(_job_mistakes(data["jobs"], manifest.parent))
    if mistakes:
        raise InvalidProblem(mistakes)
    base = limits_with(data.get("options", {}), limits)
    return [
        BatchJob(item["id"], manifest.parent / item["problem"], limits_with(item.get("options", {}), base))
        for item in data["jobs"]
    ]


def _job_mistakes(items: list[dict[str, Any]], folder: Path) -> Iterator[Mistake]:
    inside, seen = folder.resolve(), set()
    for place, item in enumerate(items):
        if item["id"].casefold() in seen:
            yield Mistake(f"$.jobs[{place}].id", f"Mã “{item['id']}” đã dùng cho việc khác.")
        seen.add(item["id"].casefold())
        file = (folder / item["problem"]).resolve()
        if not file.is_relative_to(inside):
            yield Mistake(f"$.jobs[{place}].problem", "Tệp bài toán phải nằm trong thư mục của danh mục.")
        elif not file.is_file():
            yield Mistake(f"$.jobs[{place}].problem", f"Không có tệp “{item['problem']}”.")
