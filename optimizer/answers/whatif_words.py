"""The steps of a what-if as Vietnamese sentences made from their facts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optimizer.answers.money_rows import MoneyHint, hint_sentence
from optimizer.answers.plan_change import (
    PlanChange,
    changes_sentence,
    money_sentence,
    outputs_sentence,
)
from optimizer.edit_words import edits_words
from optimizer.edits import EditStep
from optimizer.errors import Conflict
from optimizer.plan import AllocationPlan, Outcome
from optimizer.problem import AllocationProblem, StageName
from optimizer.wording import amount_words, points_words

MOST_HINTS = 3


def asked_sentence(problem: AllocationProblem, number: int, step: EditStep) -> str:
    """Return the sentence that says what a step asks.

    Args:
        problem: the problem before the step.
        number: 1 for the first step.
        step: the step.
    """
    title = f" “{step.title}”" if step.title else ""
    return f"Bước {number}{title}: {edits_words(problem, step.edits) or 'không sửa gì'}."


def relaxed_sentences(
    asked: str, bound_points: Fraction | None, hints: tuple[MoneyHint, ...], *, is_feasible: bool
) -> tuple[str, ...]:
    """Return the sentences of the relaxed answer."""
    if not is_feasible:
        return (
            asked,
            "Ngay cả khi được chia nhỏ các mức cũng không giữ được mọi quy tắc cứng (đã xác nhận).",
        )
    bound = (
        f"Không phương án nào có thể quá {points_words(bound_points)}." if bound_points is not None else ""
    )
    told = (asked, bound, *(hint_sentence(hint) for hint in hints[:MOST_HINTS]))
    return tuple(sentence for sentence in told if sentence)


def planned_sentences(
    problem: AllocationProblem, plan: AllocationPlan, difference: PlanChange
) -> tuple[str, ...]:
    """Return the sentences of a step that has a plan: score, the plan before, changes, money, results."""
    told = [
        _score_sentence(plan, difference),
        *_standing_sentences(difference),
        changes_sentence(problem, difference.levels),
        *_calm_sentences(plan),
        money_sentence(problem, difference.money),
        outputs_sentence(problem, difference.outputs),
    ]
    return tuple(sentence for sentence in told if sentence)


def conflict_sentences(conflicts: tuple[Conflict, ...]) -> tuple[str, ...]:
    """Return the sentences of a step that leaves no plan."""
    told = ["Không có phương án nào giữ được mọi quy tắc cứng (đã xác nhận)."]
    told += [f"{item.words} {item.repair_words or ''}".rstrip() for item in conflicts]
    return tuple(told)


def _score_sentence(plan: AllocationPlan, difference: PlanChange) -> str:
    gained = difference.gained_points
    if gained:
        change = f"{'tăng' if gained > 0 else 'giảm'} {points_words(abs(gained))} so với phương án trước "
        change += f"({points_words(difference.score_before)})"
    else:
        change = "bằng phương án trước"
    sure = plan.outcome.label_vi
    if plan.outcome is not Outcome.PROVEN and plan.bound_points is not None:
        sure += f", không phương án nào quá {points_words(plan.bound_points)}"
    return f"Phương án mới được {points_words(plan.score_points)}, {change}; {sure}."


def _standing_sentences(difference: PlanChange) -> Iterator[str]:
    """Say what the plan before would be now: refused, or worth so much."""
    if difference.standing_broken:
        yield f"Phương án trước không còn giữ được quy tắc: {' '.join(difference.standing_broken)}"
    elif difference.levels:
        yield f"Giữ nguyên phương án trước thì được {points_words(difference.standing_points)}."
    if difference.shortfall_after_vnd != difference.shortfall_before_vnd:
        before, after = (
            amount_words(amount)
            for amount in (difference.shortfall_before_vnd, difference.shortfall_after_vnd)
        )
        yield f"Tổng mức còn thiếu so với các giới hạn mềm: từ {before} thành {after}."


def _calm_sentences(plan: AllocationPlan) -> Iterator[str]:
    """Say where it is not proven that fewer changes would not do."""
    for stage in plan.stages:
        if stage.name is StageName.STABILITY and stage.outcome is not Outcome.PROVEN:
            yield "Chưa chứng minh được rằng đây là số thay đổi ít nhất với điểm này."
