"""Which rule decides about a candidate when the score does not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from optimizer.contradictions import MUST_STATES, find_contradictions
from optimizer.engines.interface import Engine, EngineSettings
from optimizer.errors import Conflict
from optimizer.problem import AllocationProblem, Candidate, CandidateState
from optimizer.solving.conflict_case import ConflictWishes
from optimizer.solving.conflicts import find_conflicts

STATE_WORDS = {
    CandidateState.BARRED: "Dự án đã bị loại trước khi phân bổ.",
    CandidateState.COMMITTED: "Dự án đã được cam kết nên bắt buộc phải cấp.",
    CandidateState.PINNED: "Dự án đã được ghim theo quyết định của người lập phương án.",
}


@dataclass(frozen=True, slots=True)
class RuleReason:
    """The rules that decide, as ids and Vietnamese sentences."""

    rule_ids: tuple[str, ...]
    words: tuple[str, ...]


def hardened(problem: AllocationProblem) -> AllocationProblem:
    """Return the problem with every limit hard."""
    return replace(problem, limits=tuple(replace(limit, is_hard=True) for limit in problem.limits))


def rule_reason(
    problem: AllocationProblem,
    candidate: Candidate,
    *,
    is_funded: bool,
    asked: tuple[Engine, EngineSettings] | None = None,
) -> RuleReason | None:
    """Return the rule that decides about a candidate.

    Args:
        problem: the question.
        candidate: the candidate.
        is_funded: what the plan decided; the opposite is tried.
        asked: an engine and its limits, to find the rules when it is known that the opposite is impossible;
            None = only what plain arithmetic shows.
    Returns:
        The reason; None when no rule is found to decide.
    """
    if candidate.state is not CandidateState.OPEN:
        return RuleReason((f"state:{candidate.id}",), (STATE_WORDS[candidate.state],))
    opposite = CandidateState.BARRED if is_funded else CandidateState.COMMITTED
    turned = replace(
        problem,
        candidates=tuple(
            replace(item, state=opposite) if item.id == candidate.id else item for item in problem.candidates
        ),
    )
    conflicts = find_contradictions(turned)
    if not conflicts and asked is not None:
        engine, settings = asked
        wishes = ConflictWishes(supposed=frozenset((f"state:{candidate.id}",)), is_brief=True)
        conflicts = find_conflicts(turned, engine, settings, wishes) or ()
        if not conflicts:
            return RuleReason(
                (), ("Các quy tắc cứng cùng với mức sàn đã đạt không cho phép quyết định ngược lại.",)
            )
    if not conflicts:
        return None
    # The decision that is only supposed is no rule of the problem.
    told = [key for conflict in conflicts for key in conflict.rule_ids if key != f"state:{candidate.id}"]
    ids = tuple(dict.fromkeys(told))
    return RuleReason(ids, tuple(_supposed(problem, conflict, is_funded=is_funded) for conflict in conflicts))


def _supposed(problem: AllocationProblem, conflict: Conflict, *, is_funded: bool) -> str:
    """The contradiction with the supposition it arises under; none where the words stand by themselves."""
    if is_funded:
        return f"Nếu không cấp cho dự án này: {conflict.words}"
    is_alone = not any(item.state in MUST_STATES for item in problem.candidates)
    # A ceiling that this candidate alone exceeds: the words name it and are true as they stand.
    if (
        is_alone
        and not conflict.repairs
        and any(rule_id.startswith("ceiling:") for rule_id in conflict.rule_ids)
    ):
        return conflict.words
    return f"Nếu cấp cho dự án này: {conflict.words}"
