"""What decided between two plans that the score cannot tell apart."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.answer import TieBreak
from optimizer.answers.question import Question, positions_of
from optimizer.problem import AllocationProblem, StageName
from optimizer.solving.stage_values import stage_value
from optimizer.verify import audit_levels
from optimizer.wording import list_words

STAGES = (
    (StageName.STABILITY, TieBreak.STABILITY),
    (StageName.COST, TieBreak.COST),
    (StageName.RANK, TieBreak.RANK),
)


def tie_breaks(problem: AllocationProblem) -> tuple[TieBreak, ...]:
    """Return what decides between plans of the same score, in the order in which it is asked."""
    asked = [
        decides
        for stage, decides in STAGES
        if stage in problem.stages
        and (stage is not StageName.STABILITY or problem.reference_plan is not None)
    ]
    return (*asked, TieBreak.ORDER)


def tie_break_between(question: Question, level_ids: Mapping[str, str]) -> TieBreak | None:
    """Return what spoke for the plan and against another of the same score.

    Returns:
        None when a later stage speaks for the other plan: the search was stopped before it got there.
    """
    draft = question.search.draft
    chosen = [positions_of(question.search, ids) for ids in (question.level_ids, level_ids)]
    reports = [question.report, audit_levels(question.problem, level_ids)]
    asked = tie_breaks(question.problem)
    for stage, decides in STAGES:
        if decides not in asked:
            continue
        ours, theirs = (
            stage_value(draft, stage, choice, report) for choice, report in zip(chosen, reports, strict=True)
        )
        if ours != theirs:
            return decides if ours > theirs else None
    return TieBreak.ORDER


def tie_break_words(problem: AllocationProblem, decided: TieBreak | None) -> str:
    """Return the sentence that names the tie-break: the one that decided, or all of them in order."""
    if decided is TieBreak.ORDER:
        return f"Khi mọi tiêu chí đều ngang nhau, {decided.label_vi} quyết định."
    if decided is not None:
        return f"Khi điểm ngang nhau, {decided.label_vi} được chọn."
    in_order = list_words([item.label_vi for item in tie_breaks(problem)])
    return f"Khi điểm ngang nhau, lần lượt ưu tiên {in_order}."
