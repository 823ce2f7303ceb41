"""A program without the guard that processes started anew need: they die over it, again and again."""

from __future__ import annotations

from optimizer.batch.pool import run_jobs
from tests.optimizer.pool_work import open_double

[job] = run_jobs(open_double, "x" * 1_000_000, ["y" * 1_000_000], 1)
print(job.state.value, job.words)
