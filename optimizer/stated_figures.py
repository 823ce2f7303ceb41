"""Does a plan tell the truth about itself: score, money, outputs, bound, gap, certificate and stages?

Standard library only. What an engine claims beyond arithmetic (its own bound, its seconds) cannot be
re-added; it may only not contradict what can be. What arithmetic alone proves is the certificate's bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optimizer.audit_report import AuditReport, BrokenRule
from optimizer.canonical import fingerprint_of
from optimizer.plan import AllocationPlan, Outcome, StageRecord
from optimizer.problem import AllocationProblem, StageName
from optimizer.proofs.certificate import lagrangian_bound
from optimizer.spending import level_cost_vnd
from optimizer.wording import number_words

ROUNDING = Fraction(1, 1_000_000)
"""Files carry scores as decimals; a stated figure may differ from the exact one by rounding only."""


def untrue_statements(
    problem: AllocationProblem, plan: AllocationPlan, report: AuditReport
) -> Iterator[BrokenRule]:
    """Yield every statement of a plan that the audit contradicts.

    Args:
        problem: the question.
        plan: the answer under audit.
        report: what the audit of the plan's levels added up.
    """
    if plan.problem_sha256 != fingerprint_of(problem):
        words = "Phương án được lập cho một bài toán khác (dấu vân tay không khớp)."
        yield BrokenRule("stated:problem", words)
    if plan.audit.broken and report.is_kept:
        words = "Phương án tự ghi là vi phạm, nhưng kiểm toán không thấy vi phạm nào."
        yield BrokenRule("stated:audit", words)
    yield from _untrue_score(plan, report)
    yield from _untrue_money(plan, report)
    yield from _untrue_outputs(plan, report)
    yield from _untrue_bound(plan, report)
    yield from _untrue_gap(plan, report)
    yield from _untrue_certificate(problem, plan, report)
    yield from _untrue_stages(problem, plan, report)


def _untrue_score(plan: AllocationPlan, report: AuditReport) -> Iterator[BrokenRule]:
    off = abs(plan.score_points - report.score_points)
    if off > ROUNDING:
        words = f"Điểm ghi trong phương án lệch {number_words(off, 6)} so với điểm tính lại."
        yield BrokenRule("stated:score", words, off)


def _untrue_money(plan: AllocationPlan, report: AuditReport) -> Iterator[BrokenRule]:
    stated = {(key, year): vnd for key, by_year in plan.money_vnd.items() for year, vnd in by_year.items()}
    added = {(key, year): vnd for key, by_year in report.money_vnd.items() for year, vnd in by_year.items()}
    off_vnd = sum(abs(stated.get(place, 0) - added.get(place, 0)) for place in {*stated, *added})
    if stated != added:
        words = "Số tiền ghi trong phương án khác số tiền cộng lại từ các mức đã chọn."
        yield BrokenRule("stated:money", words, Fraction(off_vnd))


def _untrue_outputs(plan: AllocationPlan, report: AuditReport) -> Iterator[BrokenRule]:
    for output_id in sorted({*plan.outputs, *report.outputs}):
        stated, counted = plan.outputs.get(output_id), report.outputs.get(output_id)
        off = None if stated is None or counted is None else abs(stated - counted)
        if off is None or off > ROUNDING:
            words = f"Kết quả ghi cho đầu ra “{output_id}” không đúng."
            yield BrokenRule(f"stated:output:{output_id}", words, off)


def _untrue_bound(plan: AllocationPlan, report: AuditReport) -> Iterator[BrokenRule]:
    """The bound lies not below the plan's score, nor above what certificate or score stage bound it by."""
    bound, score = plan.bound_points, report.score_points
    if bound is None:
        if plan.gap_share is not None:
            yield BrokenRule("stated:gap", "Phương án nêu sai số mà không ghi cận trên.")
        if plan.outcome is Outcome.PROVEN and _scored(plan):
            yield BrokenRule("stated:outcome", "Phương án ghi là đã chứng minh mà không ghi cận trên.")
        return
    if bound + ROUNDING < score:
        words = "Cận trên ghi trong phương án thấp hơn chính điểm của nó."
        yield BrokenRule("stated:bound", words, score - bound)
    known = [stage.bound for stage in _scored(plan)]
    known += [None if plan.certificate is None else plan.certificate.bound]
    highest = max(score, min((item for item in known if item is not None), default=bound))
    if bound > highest + ROUNDING:
        words = "Cận trên ghi trong phương án cao hơn cận của chính chứng thư hoặc chặng tính điểm."
        yield BrokenRule("stated:bound", words, bound - highest)


def _untrue_gap(plan: AllocationPlan, report: AuditReport) -> Iterator[BrokenRule]:
    """The gap is (bound - score) / max(|bound|, 1); a plan called proven has no room above it.

    Later stages may have given up a tolerance of the score; what the score stage reached is no room.
    """
    bound = plan.bound_points
    if bound is None:
        return
    gap = (bound - plan.score_points) / max(abs(bound), Fraction(1))
    if plan.gap_share is not None and abs(plan.gap_share - gap) > ROUNDING:
        words = f"Sai số ghi trong phương án khác {number_words(gap, 6)}, là số tính từ điểm và cận trên."
        yield BrokenRule("stated:gap", words, abs(plan.gap_share - gap))
    room = bound - max([report.score_points, *(stage.value for stage in _scored(plan))])
    if plan.outcome is Outcome.PROVEN and room > ROUNDING:
        words = f"Phương án ghi là đã chứng minh, nhưng cận trên còn cao hơn {number_words(room, 6)} điểm."
        yield BrokenRule("stated:outcome", words, room)


def _scored(plan: AllocationPlan) -> list[StageRecord]:
    return [stage for stage in plan.stages if stage.name is StageName.SCORE]


def _untrue_certificate(
    problem: AllocationProblem, plan: AllocationPlan, report: AuditReport
) -> Iterator[BrokenRule]:
    """The bound of the certificate is what its multipliers add up to, in exact fractions."""
    if plan.certificate is None:
        return
    stated = plan.certificate.bound
    try:
        bound = lagrangian_bound(problem, plan.certificate.multipliers, report.shortfall_vnd)
    except ValueError as error:
        yield BrokenRule("certificate", f"Chứng thư không hợp lệ: {error}")
        return
    if bound != stated:
        words = f"Chứng thư ghi cận {number_words(stated, 6)}, cộng lại là {number_words(bound, 6)}."
        yield BrokenRule("certificate", words, abs(bound - stated))


def _untrue_stages(
    problem: AllocationProblem, plan: AllocationPlan, report: AuditReport
) -> Iterator[BrokenRule]:
    """A stage claims no more than the plan keeps of it, and exactly that where nothing came after it."""
    exact = _stage_figures(problem, plan, report)
    for place, stage in enumerate(plan.stages):
        yield from _untrue_stage_bound(stage)
        if stage.name not in exact:
            continue
        off = stage.value - exact[stage.name]
        is_last = place == len(plan.stages) - 1
        # A later stage may give up a stated tolerance of the score, but never money or calm.
        claims_too_much = stage.name is not StageName.SCORE and off < -ROUNDING
        if claims_too_much or (is_last and abs(off) > ROUNDING):
            value = number_words(exact[stage.name], 6)
            words = f"Chặng “{stage.name.value}” ghi {number_words(stage.value, 6)}, phương án có {value}."
            yield BrokenRule(f"stated:stage:{stage.name.value}", words, abs(off))


def _untrue_stage_bound(stage: StageRecord) -> Iterator[BrokenRule]:
    """What is proven has a bound equal to its value; no bound lies on the wrong side of its value."""
    if stage.bound is None:
        return
    is_more_better = stage.name in (StageName.SCORE, StageName.RANK)
    room = stage.bound - stage.value if is_more_better else stage.value - stage.bound
    tolerance = ROUNDING * max(Fraction(1), abs(stage.value))
    if room < -tolerance or (stage.outcome is Outcome.PROVEN and room > tolerance):
        words = f"Chặng “{stage.name.value}” ghi cận trái với chính giá trị của nó."
        yield BrokenRule(f"stated:stage:{stage.name.value}", words, abs(room))


def _stage_figures(
    problem: AllocationProblem, plan: AllocationPlan, report: AuditReport
) -> dict[StageName, Fraction]:
    """Return what the plan is worth in the stages that can be added up from its levels alone."""
    reference = problem.reference_plan or {}
    levels = {(item.id, level.id): level for item in problem.candidates for level in item.levels}
    cost_vnd = sum(level_cost_vnd(levels[key]) for key in plan.level_ids.items() if key in levels)
    ids = {*reference, *plan.level_ids}
    changed = sum(1 for key in ids if reference.get(key) != plan.level_ids.get(key))
    return {
        StageName.LEGAL_MINIMUMS: Fraction(report.shortfall_vnd),
        StageName.SCORE: report.score_points,
        StageName.STABILITY: Fraction(changed),
        StageName.COST: Fraction(cost_vnd),
    }
