"""Why a project is in or out, as three sentences an office can be told, made from proven facts only.

Three verdicts exist: "có chứng cứ" (every plan with the opposite decision scores less), "trong sai số x
điểm" (not proven: the choice is the authority's, and the tie-break is named), "theo quy tắc" (a rule
decides). Sentence one is the money, sentence two the verdict, sentence three what it brings or would take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from finance.money import format_quantity, format_vnd
from finance.scenarios.frozen_question import FrozenLevel, FrozenProject, Standing
from optimizer.answer import CandidateAnswer, Explanation, Verdict
from optimizer.attainment import counted_yield
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem, FundingLevel, Output, OutputKind

MOST_RESULTS_NAMED = 3


@dataclass(frozen=True, slots=True)
class AwardReason:
    """Why one project is in or out; `facts` is JSON data for the planner's page."""

    verdict_vi: str
    sentences_vi: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict)


def award_reasons(
    problem: AllocationProblem,
    plan: AllocationPlan,
    explanation: Explanation,
    projects: Mapping[str, FrozenProject],
) -> dict[str, AwardReason]:
    """Put the explanation of a plan into words for every candidate.

    Args:
        problem: the frozen question.
        plan: the audited plan.
        explanation: facts and verdicts for this plan.
        projects: the frozen projects by candidate id.

    Returns:
        Verdict, three sentences and facts by candidate id; a candidate left unexplained when a person
        stopped the run gets words that say so.
    """
    answers = {answer.candidate_id: answer for answer in explanation.answers}
    return {
        candidate.id: _reason(problem, plan, answers.get(candidate.id), projects[candidate.id])
        for candidate in problem.candidates
    }


def plain_reason(project: FrozenProject) -> AwardReason:
    """Return the words for a project that the computation did not weigh.

    Args:
        project: unmeasured, or without money left after appraisal.
    """
    if project.standing is Standing.UNMEASURED:
        money = _asked_and_appraised(project) + "phương án không đề xuất mức bố trí."
        why = (
            "Dự án chưa có kết quả được chấp nhận để chấm điểm nên chưa đo được; "
            "không bị loại mà được quyết định bằng tay từ phần kinh phí để riêng."
        )
        return AwardReason("chưa đo được", (money, why))
    return AwardReason(
        "theo quy tắc", (money, "Sau thẩm định, dự án không còn kinh phí đề nghị từ nguồn phân bổ.")
    )


def money_sentence(project: FrozenProject, level: FrozenLevel | None) -> str:
    """Return asked, appraised and proposed as one sentence, in đồng."""
    start = _asked_and_appraised(project)
    if level is None:
        return f"{start}không bố trí."
    return f"{start}bố trí {format_vnd(level.appraised_vnd)} đồng ở mức “{level.code.label_vi}”."


def _asked_and_appraised(project: FrozenProject) -> str:
    asked, appraised = format_vnd(project.asked_vnd), format_vnd(project.appraised_vnd)
    return f"Đề nghị {asked} đồng, thẩm định {appraised} đồng; "


def points_text(points: Fraction) -> str:
    """Return points with at most three decimals; what is smaller is said to be smaller."""
    thousandths = round(points * 1000)
    if points != 0 and thousandths == 0:
        return "dưới 0,001 điểm"
    return f"{format_quantity(thousandths)} điểm"


def _reason(
    problem: AllocationProblem, plan: AllocationPlan, answer: CandidateAnswer | None, project: FrozenProject
) -> AwardReason:
    level = project.level_chosen(plan.level_ids.get(project.candidate_id))
    money = money_sentence(project, level)
    if answer is None:
        words = "Lượt chạy dừng trước khi giải thích xong dự án này; chạy lại để có chứng cứ."
        return AwardReason("chưa giải thích", (money, words))
    verdict, why = _verdict(plan, answer, project)
    last = _brings(problem, project, level) if level else _would_take(problem, answer, project)
    return AwardReason(verdict, tuple(s for s in (money, why, last) if s), _facts(answer))


def _verdict(plan: AllocationPlan, answer: CandidateAnswer, project: FrozenProject) -> tuple[str, str]:
    opposite = "không bố trí" if answer.level_id else "bố trí"
    if answer.verdict is Verdict.BY_RULE:
        return "theo quy tắc", f"Theo quy tắc: {_rule_words(answer, project)}"
    if answer.verdict is Verdict.EVIDENCE:
        least = answer.loss_at_least_points
        how_much = f" ít nhất {points_text(least)}" if least and round(least * 1000) else ""
        sentence = (
            f"Có chứng cứ: nếu {opposite} dự án này thì mọi phương án còn lại đều kém{how_much} "
            f"so với {points_text(plan.score_points)} của phương án được chọn."
        )
        return "có chứng cứ", sentence
    return _within_error(answer, opposite)


def _within_error(answer: CandidateAnswer, opposite: str) -> tuple[str, str]:
    """How far the opposite decision may still gain, by whose bound, and what decides between equals."""
    error = answer.error_points
    if error is None or answer.error_origin is None:
        words = "lượt chạy dừng sớm nên chưa biết quyết định ngược lại kém hay hơn bao nhiêu điểm"
        return "trong sai số chưa xác định", f"Trong sai số chưa xác định: {words}."
    if answer.loss_points == 0:
        words = f"{opposite} dự án này có thể đạt điểm bằng nhau"
    else:
        words = f"chưa chứng minh được rằng {opposite} dự án này là kém hơn"
    if answer.tie_break is not None:
        last = f"khi điểm bằng nhau, ưu tiên {answer.tie_break.label_vi}"
    else:
        last = "khi điểm bằng nhau, ưu tiên phương án ít tiền hơn, rồi thứ tự ưu tiên của đơn vị"
    sentence = (
        f"Trong sai số {points_text(error)} ({answer.error_origin.label_vi}): {words}; thuộc quyền lựa chọn "
        f"của cơ quan lập phương án, {last}."
    )
    return f"trong sai số {points_text(error)}", sentence


def _rule_words(answer: CandidateAnswer, project: FrozenProject) -> str:
    """The rule that decides; a person's lock is told with the reason that person gave."""
    if project.lock_reason_vi:
        said = (
            "được bố trí theo cam kết hoặc mức đã chọn trước" if answer.level_id else "không đưa vào lựa chọn"
        )
        return f"dự án {said}, vì: {project.lock_reason_vi}"
    return " ".join(answer.rule_words) or "các quy tắc bắt buộc không cho quyết định ngược lại."


def _brings(problem: AllocationProblem, project: FrozenProject, level: FrozenLevel) -> str:
    """What the funded level brings, by the results it feeds."""
    candidate = next(one for one in problem.candidates if one.id == project.candidate_id)
    chosen = next(one for one in candidate.levels if one.id == level.choice_id)
    brought = [words for output in problem.outputs if (words := _brought(output, chosen))]
    named = brought[:MOST_RESULTS_NAMED]
    if len(brought) > len(named):
        named.append(f"và {len(brought) - len(named)} kết quả khác")
    return f"Kết quả cam kết ở mức này: {'; '.join(named)}."


def _brought(output: Output, level: FundingLevel) -> str:
    if output.kind is OutputKind.QUANTITY and output.id in level.yields:
        return f"{format_quantity(round(counted_yield(output, level) * 1000))} {output.unit} ({output.name})"
    if output.kind is OutputKind.COVERAGE and output.id in level.covers:
        units = {unit for part in level.covers[output.id].values() for unit in part}
        return f"{len(units)} {output.unit} ({output.name})"
    if output.id in level.delivers:
        return output.name
    return ""


def _would_take(problem: AllocationProblem, answer: CandidateAnswer, project: FrozenProject) -> str:
    """What would have to change for the project to be funded; empty when no amount of money alone helps."""
    extra = answer.extra_money
    if extra is None:
        return ""
    if extra.total_vnd == 0:
        return "Tiền còn đủ ở mức thấp nhất, nhưng bố trí thêm dự án này không làm tăng điểm của phương án."
    level = project.level_chosen(extra.level_id)
    names = {source.id: source.name for source in problem.sources}
    where = "; ".join(
        f"{format_vnd(amount)} đồng ({names[source_id]}, năm {year})"
        for source_id, years in sorted(extra.missing_vnd.items())
        for year, amount in sorted(years.items())
    )
    label = level.code.label_vi if level else extra.level_id
    return f"Muốn được bố trí thêm ở mức “{label}”, cần có thêm {where}, hoặc giảm dự toán mức đó từng ấy."


def _facts(answer: CandidateAnswer) -> dict[str, Any]:
    """Facts for the planner's page; points in whole thousandths."""
    return {
        "verdict": answer.verdict.value,
        "proof": answer.proof.value,
        "loss_at_least_thousandths": _thousandths(answer.loss_at_least_points),
        "loss_thousandths": _thousandths(answer.loss_points),
        "own_thousandths": _thousandths(answer.own_points),
        "cost_vnd": answer.cost_vnd,
        "rule_ids": list(answer.rule_ids),
        "displaced": [[one.candidate_id, one.level_before, one.level_after] for one in answer.displaced],
        "extra_vnd": answer.extra_money.total_vnd if answer.extra_money else None,
    }


def _thousandths(points: Fraction | None) -> int | None:
    return None if points is None else round(points * 1000)
