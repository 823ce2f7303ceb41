"""What became of one job: a plan's text, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from optimizer.errors import Mistake

FOUND, INVALID, INFEASIBLE, FAILED = 0, 2, 3, 4


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """What became of a job.

    Attributes:
        exit_code: as of the solve verb: 0 a plan, 2 the problem is wrong, 3 no plan exists, 4 failed.
        words: one Vietnamese sentence.
        plan_text: the plan file; only with code 0.
        facts: mistakes or conflicts, as the solve verb tells them.
    """

    exit_code: int
    words: str
    plan_text: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def refused_answer(mistakes: Sequence[Mistake]) -> JobAnswer:
    """Return the answer to a problem that is wrong."""
    facts = [{"path": item.path, "words": item.words} for item in mistakes]
    return JobAnswer(INVALID, f"Tệp bài toán có {len(mistakes)} lỗi.", facts={"mistakes": facts})


def failed_answer(words: str) -> JobAnswer:
    """Return the answer to a job that failed; it may succeed another time."""
    return JobAnswer(FAILED, words, facts={"failure": words})
