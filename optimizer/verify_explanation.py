"""Does an explanation prove what it says? Every certificate in it is re-added, nothing in it is trusted.

Reads the data of a phanbo-explanation/1 file as it is, so that the check stands apart from whoever wrote
it. Standard library only. Proofs come in three forms, beside each other in one answer or alone:

    "multipliers": {...}     one set of prices for all plans with the opposite decision
    "tree": {...}            a proof by cases for them (optimizer.proofs.tree)
    "tree": "plan_tree"      the file's own "plan_tree", a proof about all plans, asked again
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from optimizer.audit_report import AuditReport, BrokenRule
from optimizer.errors import InvalidPlan, Mistake
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.exchange import fraction_from_json, multipliers_from_json, tree_from_json
from optimizer.proofs.tree import RefusedProof, opposite_bounds, rows_tree_bound
from optimizer.verify import audit_levels
from optimizer.wording import number_words

SHARED_TREE = "plan_tree"
UNPROVEN_VERDICTS = ("within_error", "by_rule")
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ExplanationReport:
    """What re-adding found.

    Attributes:
        broken: every statement that is not true, every proof that does not hold.
        proven_ids: candidates whose opposite decision is proven to score less.
        impossible_ids: candidates decided by rule, with a proof that no plan decides the opposite.
        unproven_ids: candidates said to be decided by evidence, without a proof that can be re-added.
        plan_bound: what the file's proof about all plans adds up to; None = it carries none.
    """

    broken: tuple[BrokenRule, ...]
    proven_ids: tuple[str, ...]
    impossible_ids: tuple[str, ...]
    unproven_ids: tuple[str, ...]
    plan_bound: Fraction | None


@dataclass(frozen=True, slots=True)
class _Question:
    """What every answer is compared with."""

    problem: AllocationProblem
    plan: AllocationPlan
    report: AuditReport
    rows: PricedRows
    shared: Mapping[str, Fraction | None] | None


def verify_explanation(
    problem: AllocationProblem, plan: AllocationPlan, report: AuditReport, data: object
) -> ExplanationReport:
    """Re-add every proof of an explanation and compare its figures with the plan.

    Args:
        problem: the question.
        plan: the plan explained.
        report: what the audit of that plan found.
        data: a phanbo-explanation/1 file as read from JSON.
    Raises:
        InvalidPlan: the data has not the form of an explanation; carries the mistake with its path.
    """
    facts = _mapping(data, "$")
    rows = PricedRows(problem, report.shortfall_vnd)
    broken = list(_untrue_head(plan, report, facts))
    try:
        plan_bound, shared = _shared_proof(rows, plan, facts)
    except RefusedProof as error:
        plan_bound, shared = None, None
        broken.append(BrokenRule("proof:plan", f"Cây chứng minh của phương án không hợp lệ: {error}."))
    question = _Question(problem, plan, report, rows, shared)
    found: dict[str | None, list[str]] = {kind: [] for kind in ("proven", "impossible", "unproven", None)}
    for place, answer in enumerate(_answers(facts)):
        untrue = tuple(_untrue_answer(question, answer, f"$.answers[{place}]"))
        broken += untrue
        found[_standing(answer, is_true=not untrue)].append(answer["candidate"])
    proven, impossible, unproven = (tuple(found[kind]) for kind in ("proven", "impossible", "unproven"))
    return ExplanationReport(tuple(broken), proven, impossible, unproven, plan_bound)


def _shared_proof(
    rows: PricedRows, plan: AllocationPlan, facts: Data
) -> tuple[Fraction | None, Mapping[str, Fraction | None] | None]:
    """Return what the file's proof about all plans adds up to, for all plans and asked again."""
    if SHARED_TREE not in facts:
        return None, None
    tree = tree_from_json(facts[SHARED_TREE])
    return rows_tree_bound(rows, tree), opposite_bounds(rows, tree, plan.level_ids)


def _standing(answer: Data, *, is_true: bool) -> str | None:
    """Return in which list of the report the candidate of an answer stands; None = in none."""
    if is_true and answer.get("proof") == "certificate":
        return "proven"
    if is_true and answer.get("proof") == "rule" and _has_proof(answer):
        return "impossible"
    return "unproven" if answer.get("verdict") == "evidence" else None


def _untrue_head(plan: AllocationPlan, report: AuditReport, facts: Data) -> Iterator[BrokenRule]:
    """The explanation belongs to this problem and states the plan's exact score."""
    if facts.get("problem_sha256") != plan.problem_sha256:
        yield BrokenRule("stated:problem", "Giải trình được lập cho một bài toán khác.")
    score = _fraction(facts, "score", "$")
    if score is not None and score != report.score_points:
        off = abs(score - report.score_points)
        words = f"Điểm ghi trong giải trình lệch {number_words(off, 6)} so với điểm tính lại."
        yield BrokenRule("stated:score", words, off)
    bound = _fraction(facts, "bound", "$")
    if bound is None:
        return
    if plan.bound_points is None or bound != plan.bound_points:
        yield BrokenRule("stated:bound", "Cận trên ghi trong giải trình khác cận trên của phương án.")


def _untrue_answer(question: _Question, answer: Data, path: str) -> Iterator[BrokenRule]:
    """Yield what is not true in the answer about one candidate."""
    candidate_id = answer.get("candidate")
    if not isinstance(candidate_id, str) or candidate_id not in question.rows.book.numbers:
        raise _invalid(f"{path}.candidate", "Không có dự án này trong bài toán.")
    if answer.get("level") != question.plan.level_ids.get(candidate_id):
        words = f"Giải trình ghi sai mức được cấp của “{candidate_id}”."
        yield BrokenRule(f"stated:level:{candidate_id}", words)
        return
    yield from _untrue_other_plan(question, answer, path)
    if _has_proof(answer):
        yield from _untrue_proof(question, answer, path)
    elif answer.get("proof") == "certificate":
        yield BrokenRule(f"proof:{candidate_id}", f"“{candidate_id}” ghi có chứng cứ nhưng không kèm theo.")


def _has_proof(answer: Data) -> bool:
    return bool(answer.get("multipliers")) or answer.get("tree") is not None


def _untrue_proof(question: _Question, answer: Data, path: str) -> Iterator[BrokenRule]:
    """The proofs hold: with the opposite decision every plan scores less, and by what is claimed."""
    candidate_id, score = answer["candidate"], question.report.score_points
    try:
        bounds = list(_re_added(question, answer))
    except (RefusedProof, TypeError, ValueError, ZeroDivisionError) as error:
        yield BrokenRule(f"proof:{candidate_id}", f"Chứng cứ của “{candidate_id}” không hợp lệ: {error}.")
        return
    if None in bounds:
        return
    bound = min(bound for bound in bounds if bound is not None)
    if answer.get("verdict") in UNPROVEN_VERDICTS:
        yield from _untrue_error(answer, bound - score, path)
        return
    if bound >= score:
        words = f"Chứng cứ của “{candidate_id}” chỉ chứng minh được cận {number_words(bound, 6)},"
        words = f"{words} không thấp hơn điểm {number_words(score, 6)} của phương án."
        yield BrokenRule(f"proof:{candidate_id}", words, bound - score)
    least = _fraction(answer, "loss_at_least", path)
    if least is not None and least > score - bound and answer.get("proof") == "certificate":
        words = f"“{candidate_id}” ghi mất ít nhất {number_words(least, 6)} điểm,"
        words = f"{words} chứng cứ chỉ chứng minh được {number_words(score - bound, 6)}."
        yield BrokenRule(f"proof:{candidate_id}", words, least - (score - bound))


def _untrue_error(answer: Data, most: Fraction, path: str) -> Iterator[BrokenRule]:
    """Prices beside a verdict that claims no proof: they bound the error that is stated, or show a rule."""
    candidate_id = answer["candidate"]
    if answer["verdict"] == "by_rule":
        words = f"Chứng cứ kèm theo “{candidate_id}” không chứng minh rằng quy tắc quyết định."
        yield BrokenRule(f"proof:{candidate_id}", words)
        return
    error = _fraction(answer, "error", path)
    if error is None or error < most:
        words = f"“{candidate_id}” ghi sai số nhỏ hơn cận cộng lại được là {number_words(most, 6)} điểm."
        yield BrokenRule(f"proof:{candidate_id}", words, None if error is None else most - error)


def _re_added(question: _Question, answer: Data) -> Iterator[Fraction | None]:
    """Yield the bound of every proof in an answer; None = no plan decides the opposite."""
    candidate_id, tree = answer["candidate"], answer.get("tree")
    is_funded = answer["level"] is None
    if answer.get("multipliers"):
        priced = question.rows.priced(multipliers_from_json(answer["multipliers"]))
        yield priced.bound_with(candidate_id, is_funded=is_funded)
    if tree == SHARED_TREE:
        if question.shared is None:
            raise RefusedProof(None, "tệp không có cây chứng minh của phương án")
        yield question.shared[candidate_id]
    elif tree is not None:
        yield rows_tree_bound(question.rows, tree_from_json(tree), (candidate_id, is_funded))


def _untrue_other_plan(question: _Question, answer: Data, path: str) -> Iterator[BrokenRule]:
    """The plan with the opposite decision is lawful, decides the opposite and loses what is stated."""
    loss, candidate_id = _fraction(answer, "loss", path), answer["candidate"]
    if loss is None:
        return
    level_ids = _mapping(answer.get("other_levels", {}), f"{path}.other_levels")
    report = audit_levels(question.problem, {str(key): str(level) for key, level in level_ids.items()})
    is_opposite = (candidate_id in level_ids) == (answer["level"] is None)
    if not report.is_kept or not is_opposite or report.shortfall_vnd > question.report.shortfall_vnd:
        words = f"Phương án so sánh ghi cho “{candidate_id}” vi phạm quy tắc hoặc không quyết định ngược lại."
        yield BrokenRule(f"stated:other:{candidate_id}", words)
    elif question.report.score_points - report.score_points != loss:
        off = abs(question.report.score_points - report.score_points - loss)
        words = f"Điểm mất ghi cho “{candidate_id}” lệch {number_words(off, 6)} so với điểm tính lại."
        yield BrokenRule(f"stated:loss:{candidate_id}", words, off)


def _answers(facts: Data) -> list[Data]:
    answers = facts.get("answers")
    if not isinstance(answers, list):
        raise _invalid("$.answers", "Phải là danh sách.")
    return [_mapping(answer, f"$.answers[{place}]") for place, answer in enumerate(answers)]


def _mapping(value: object, path: str) -> Data:
    if not isinstance(value, dict):
        raise _invalid(path, "Phải là đối tượng.")
    return value


def _fraction(facts: Data, key: str, path: str) -> Fraction | None:
    value = facts.get(key)
    if value is None:
        return None
    try:
        return fraction_from_json(value)
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise _invalid(f"{path}.{key}", "Phải là phân số viết dạng chữ, ví dụ “3/1000”.") from error


def _invalid(path: str, words: str) -> InvalidPlan:
    return InvalidPlan((Mistake(path, words),))
