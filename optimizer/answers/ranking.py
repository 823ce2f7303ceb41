"""Plain value for money, and where a plan decides otherwise.

Every candidate stands alone at the level that earns most points per đồng when nothing else is funded. Going
down that list as long as there is money is what one does without an optimizer; it sees neither what several
candidates bring together nor which money is scarce. The list proposes nothing: it is there to be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.answer import CandidateAnswer, Verdict
from optimizer.answer_ranking import RankedCandidate
from optimizer.answers.question import Question
from optimizer.answers.worth import OwnWorth
from optimizer.ceiling_room import CeilingExcess, CeilingRoom
from optimizer.contradictions import MUST_STATES
from optimizer.problem import AllocationProblem, Candidate, CandidateState, FundingLevel, allowed_level_ids
from optimizer.spending import level_cost_vnd
from optimizer.verify import audit_levels
from optimizer.wording import amount_words, list_words, points_words

MOST_RULES_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Alone:
    """A candidate at the level that earns most per đồng alone; no level = none earns anything."""

    candidate: Candidate
    level: FundingLevel | None
    points: Fraction
    cost_vnd: int

    @property
    def order(self) -> tuple[Fraction, str]:
        return -self.points / max(self.cost_vnd, 1), self.candidate.id


def plain_ranking(question: Question, answers: Sequence[CandidateAnswer]) -> tuple[RankedCandidate, ...]:
    """Return every candidate in order of its points per đồng alone, and where the plan decides otherwise.

    Args:
        question: the plan.
        answers: what is known about its candidates, for the reasons.
    """
    problem = question.problem
    worth = OwnWorth(problem, {})
    alone = sorted(
        (_alone(worth, item) for item in question.candidates.values()), key=lambda item: item.order
    )
    taken, refused = _down_the_list(problem, alone)
    known = {answer.candidate_id: answer for answer in answers}
    ranked = []
    for place, item in enumerate(alone, start=1):
        key = item.candidate.id
        level_id = item.level.id if item.level else None
        listed, planned = taken.get(key), question.level_ids.get(key)
        row = RankedCandidate(key, level_id, item.points, item.cost_vnd, place, listed, planned)
        if row.differs and key in known:
            row = replace(row, words=_reason(row, known[key], refused.get(key, ())))
        ranked.append(row)
    return tuple(ranked)


def _alone(worth: OwnWorth, candidate: Candidate) -> _Alone:
    """Return a candidate at its best level alone; of equal levels the lower."""
    best = _Alone(candidate, None, Fraction(0), 0)
    allowed = allowed_level_ids(candidate)
    for level in candidate.levels:
        if level.id in allowed:
            trial = _Alone(candidate, level, worth.points(candidate, level), level_cost_vnd(level))
            if trial.points > 0 and trial.order < best.order:
                best = trial
    return best


def _down_the_list(
    problem: AllocationProblem, alone: Sequence[_Alone]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Fund what still fits, from the top; return the levels, and in words what stood against those left out.

    Candidates that must be funded come first, at the least level that is allowed.
    """
    must = [item.candidate for item in alone if item.candidate.state in MUST_STATES]
    taken = {item.id: allowed_level_ids(item)[0] for item in must}
    levels = [level for item in must for level in item.levels if level.id == taken[item.id]]
    report = audit_levels(problem, taken)
    room = CeilingRoom(problem, levels)
    refused: dict[str, tuple[str, ...]] = {}
    for item in alone:
        if item.level is None or item.candidate.state is not CandidateState.OPEN:
            continue
        missing = room.excesses(item.level)
        if missing:
            refused[item.candidate.id] = tuple(_missing_words(problem, excess) for excess in missing)
            continue
        trial = {**taken, item.candidate.id: item.level.id}
        after = audit_levels(problem, trial)
        before = {rule.rule_id for rule in report.broken}
        new = tuple(rule for rule in after.broken if rule.rule_id not in before)
        if new:
            refused[item.candidate.id] = tuple(rule.words.rstrip(".") for rule in new)
        else:
            taken, report = trial, after
            room.take(item.level)
    return taken, refused


def _missing_words(problem: AllocationProblem, excess: CeilingExcess) -> str:
    names = {source.id: source.name for source in problem.sources}
    who = list_words([f"“{names[key]}”" for key in excess.source_ids])
    return f"nguồn {who} năm {excess.year} còn thiếu {amount_words(excess.over_vnd)}"


def _reason(row: RankedCandidate, answer: CandidateAnswer, refused: tuple[str, ...]) -> str:
    """Say why the plan decides otherwise than the list, from exact facts only."""
    parts = []
    if answer.verdict is Verdict.BY_RULE:
        return "Phương án quyết định theo quy tắc, không theo điểm trên tiền."
    together = answer.own_points
    if row.plan_level_id is None:
        if together < row.points:
            parts.append(
                f"đứng riêng được {points_words(row.points)}, nhưng thêm vào phương án chỉ còn "
                f"{points_words(together)} vì dự án khác đã đem lại phần kết quả ấy"
            )
    elif together > row.points:
        parts.append(
            f"đứng riêng chỉ được {points_words(row.points)}, trong phương án đóng góp "
            f"{points_words(together)} vì kết quả đi cùng dự án khác"
        )
    if row.list_level_id is None and refused:
        words = list_words(refused[:MOST_RULES_NAMED])
        parts.append(f"danh sách không cấp được dự án này: {words}")
    parts.append(_weight(answer))
    return _sentence(parts)


def _weight(answer: CandidateAnswer) -> str:
    """What deciding as the list does would lose, as far as it is proven or found."""
    if answer.loss_at_least_points is not None and answer.loss_at_least_points > 0:
        return f"quyết định như danh sách làm điểm giảm ít nhất {points_words(answer.loss_at_least_points)}"
    if answer.loss_points is not None and answer.loss_points > 0:
        return (
            f"quyết định như danh sách thì phương án tốt nhất tìm được kém {points_words(answer.loss_points)}"
        )
    if answer.loss_points == 0:
        return "quyết định như danh sách cho điểm bằng nhau"
    return ""


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(part for part in parts if part)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
