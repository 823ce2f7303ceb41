"""One job: a problem's text and the limits of its search in, a plan's text or the reason why not out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from optimizer.errors import (
    Conflict,
    InvalidProblem,
    Mistake,
    NoFeasiblePlan,
    NoPlanInTime,
    SolverFailure,
)
from optimizer.exchange import read_problem, write_plan
from optimizer.solving.limits import SolveLimits
from optimizer.solving.solve import solve
from optimizer.wording import points_words

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


def answer_problem_text(problem_text: str, limits: SolveLimits) -> JobAnswer:
    """Solve the problem in a text; everything that may go wrong is an answer, not an exception."""
    try:
        plan = solve(read_problem(problem_text), limits)
    except InvalidProblem as error:
        return refused_answer(error.mistakes)
    except NoFeasiblePlan as error:
        words = f"Không có phương án nào giữ được mọi quy tắc cứng: {error}"
        return JobAnswer(INFEASIBLE, words, facts={"conflicts": _conflict_facts(error.conflicts)})
    except (NoPlanInTime, SolverFailure) as error:
        return failed_answer(str(error))
    words = f"Phương án {points_words(plan.score_points)}: {plan.outcome.label_vi}."
    return JobAnswer(FOUND, words, write_plan(plan))


def refused_answer(mistakes: Sequence[Mistake]) -> JobAnswer:
    """Return the answer to a problem that is wrong."""
    facts = [{"path": item.path, "words": item.words} for item in mistakes]
    return JobAnswer(INVALID, f"Tệp bài toán có {len(mistakes)} lỗi.", facts={"mistakes": facts})


def failed_answer(words: str) -> JobAnswer:
    """Return the answer to a job that failed; it may succeed another time."""
    return JobAnswer(FAILED, words, facts={"failure": words})


def _conflict_facts(conflicts: Sequence[Conflict]) -> list[dict[str, Any]]:
    return [
        {"rules": list(item.rule_ids), "words": item.words, "repair": item.repair_words} for item in conflicts
    ]
