"""Why each candidate is in or out of a plan, with proofs where there are proofs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from time import perf_counter

from optimizer.answer import (
    CandidateAnswer,
    Displacement,
    Explanation,
    ProofKind,
    RulePrice,
    Verdict,
)
from optimizer.answers.forced import ForcedResult, force_opposite
from optimizer.answers.price_to_fund import extra_money
from optimizer.answers.rule_reasons import hardened, rule_reason
from optimizer.answers.sentences import BILLION_VND, Finding, answer_sentences
from optimizer.baselines import audit_pro_rata, value_for_money_levels
from optimizer.certificate import PricedRows
from optimizer.engines.interface import Engine, EngineSettings
from optimizer.errors import InvalidPlan, Mistake
from optimizer.formulation.assemble import formulate
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem, Candidate, FundingLevel, StageName, allowed_level_ids
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.limits import ShouldStop, SolveLimits
from optimizer.solving.search import Search
from optimizer.solving.solve import require_sound_problem
from optimizer.spending import level_cost_vnd
from optimizer.verify import audit_levels, verify_plan

PROOF_MARGIN_POINTS = Fraction(1, 1_000_000)
"""An engine's bound counts as proof only this far below the score."""
MOST_SECONDS_EACH = 4.0


@dataclass(frozen=True, slots=True)
class _Question:
    """What every answer needs."""

    problem: AllocationProblem
    plan: AllocationPlan
    score: Fraction
    shortfall_vnd: int
    search: Search
    rows: PricedRows
    engine: Engine


def explain(
    problem: AllocationProblem,
    plan: AllocationPlan,
    *,
    candidate_ids: Sequence[str] | None = None,
    time_limit_seconds: float = 20.0,
    on_answer: Callable[[int, int], None] | None = None,
    should_stop: ShouldStop | None = None,
) -> Explanation:
    """Explain a plan, candidate by candidate.

    Args:
        problem: the question.
        plan: an audited plan for it.
        candidate_ids: the candidates to explain; None = all, in order of id.
        time_limit_seconds: wall clock shared by all forced re-solves.
        on_answer: told (answers given, answers asked for) after each one.
        should_stop: asked between candidates; True leaves the rest unexplained.
    Returns:
        Facts and Vietnamese sentences; the same plan gives the same facts as long as time does not run out.
    Raises:
        InvalidProblem, NoFeasiblePlan: the problem is not sound.
        InvalidPlan: the audit refuses the plan.
    """
    require_sound_problem(problem)
    report = verify_plan(problem, plan)
    if not report.is_kept:
        raise InvalidPlan(tuple(Mistake(f"$.{rule.rule_id}", rule.words) for rule in report.broken))
    question = _open_question(problem, plan, report.score_points, report.shortfall_vnd)
    prices = _rule_prices(question)
    wanted = sorted(problem.candidates, key=lambda item: item.id)
    if candidate_ids is not None:
        wanted = [item for item in wanted if item.id in set(candidate_ids)]
    ends = perf_counter() + time_limit_seconds
    answers: list[CandidateAnswer] = []
    for number, candidate in enumerate(wanted):
        if should_stop is not None and should_stop():
            break
        left = max(0.0, ends - perf_counter())
        seconds = min(MOST_SECONDS_EACH, left, 1.5 * left / (len(wanted) - number))
        answers.append(_answer(question, candidate, seconds))
        if on_answer is not None:
            on_answer(number + 1, len(wanted))
    greedy, pro_rata = audit_levels(problem, value_for_money_levels(problem)), audit_pro_rata(problem)
    return Explanation(
        problem_sha256=plan.problem_sha256,
        score_points=report.score_points,
        bound_points=plan.bound_points,
        answers=tuple(answers),
        prices=prices,
        greedy_points=greedy.score_points if greedy.is_kept else None,
        pro_rata_points=pro_rata.score_points if pro_rata.is_kept else None,
        inversions=order_inversions(problem, plan.level_ids),
    )


def order_inversions(problem: AllocationProblem, level_ids: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for every agency file that is out while a later file of the same agency is in."""
    sentences = []
    ranked = sorted(
        (item for item in problem.candidates if item.rank is not None),
        key=lambda i: (i.agency, i.rank or 0, i.id),
    )
    for first in ranked:
        later = [
            item.name
            for item in ranked
            if item.agency == first.agency and (item.rank or 0) > (first.rank or 0) and item.id in level_ids
        ]
        if first.id not in level_ids and later:
            sentences.append(
                f"“{first.agency}” xếp “{first.name}” trước “{later[0]}”, nhưng phương án cấp dự án xếp sau."
            )
    return tuple(sentences)


def _open_question(
    problem: AllocationProblem, plan: AllocationPlan, score: Fraction, shortfall_vnd: int
) -> _Question:
    engine = engine_named("highs")
    limits = SolveLimits(threads=max(1, plan.engine.threads), seed=plan.engine.seed)
    search = Search(formulate(problem), engine, limits)
    places = {item.id: place for place, item in enumerate(search.draft.problem.candidates)}
    chosen = {}
    for candidate_id, level_id in plan.level_ids.items():
        ids = [level.id for level in search.draft.problem.candidates[places[candidate_id]].levels]
        chosen[places[candidate_id]] = ids.index(level_id)
    search.offer(chosen)
    if search.draft.shortfalls:
        search.hold(StageName.LEGAL_MINIMUMS)
    search.aim(StageName.SCORE)
    return _Question(problem, plan, score, shortfall_vnd, search, PricedRows(problem, shortfall_vnd), engine)


def _rule_prices(question: _Question) -> tuple[RulePrice, ...]:
    """Return the relaxation's price of every row of money that has one: hints for planners."""
    relaxed = question.search.relax()
    if relaxed.row_duals is None:
        return ()
    prices = question.search.multipliers(relaxed.row_duals)
    return tuple(
        RulePrice(row_id, price * BILLION_VND)
        for row_id, price in sorted(prices.items())
        if row_id.startswith(("ceiling:", "cap:", "floor:"))
    )


def _answer(question: _Question, candidate: Candidate, seconds: float) -> CandidateAnswer:
    """Answer for one candidate: by rule where a rule decides, else by deciding the opposite."""
    level_id = question.plan.level_ids.get(candidate.id)
    settings = EngineSettings(seconds, 0.0, question.search.limits.threads, question.search.limits.seed)
    # Floors that the plan meets are law for every other plan too, whether or not they are hard.
    bound_by = question.problem if question.shortfall_vnd else hardened(question.problem)
    reason = rule_reason(bound_by, candidate, is_funded=level_id is not None)
    forced = ForcedResult(is_possible=False)
    if reason is None:
        place = [item.id for item in question.search.draft.problem.candidates].index(candidate.id)
        forced = force_opposite(question.search, question.rows, place, seconds)
        if not forced.is_possible:
            reason = rule_reason(
                bound_by, candidate, is_funded=level_id is not None, asked=(question.engine, settings)
            )
    own_points, cost_vnd = _own_worth(question, candidate, level_id)
    extra = (
        None if level_id is not None else extra_money(question.problem, question.plan.level_ids, candidate)
    )
    finding = Finding(
        candidate=candidate,
        level_id=level_id,
        verdict=Verdict.BY_RULE,
        proof=ProofKind.RULE,
        loss_at_least_points=None,
        loss_points=None,
        error_points=Fraction(0),
        displaced=(),
        own_points=own_points,
        cost_vnd=cost_vnd,
        extra_money=extra,
        rule_words=reason.words if reason is not None else (),
    )
    if reason is None:
        finding = _judged(question, finding, forced)
    return CandidateAnswer(
        candidate_id=candidate.id,
        level_id=level_id,
        verdict=finding.verdict,
        proof=finding.proof,
        loss_at_least_points=finding.loss_at_least_points,
        loss_points=finding.loss_points,
        own_points=own_points,
        cost_vnd=cost_vnd,
        displaced=finding.displaced,
        other_level_ids=dict(forced.level_ids),
        multipliers=dict(forced.multipliers) if finding.proof is ProofKind.CERTIFICATE else {},
        rule_ids=reason.rule_ids if reason is not None else (),
        extra_money=extra,
        sentences=answer_sentences(question.problem, finding),
    )


def _judged(question: _Question, finding: Finding, forced: ForcedResult) -> Finding:
    """Give the verdict that the bounds allow."""
    score = question.score
    certified, told = forced.certificate_bound, forced.engine_bound
    bounds = [bound for bound in (certified, told, question.plan.bound_points) if bound is not None]
    loss = None if forced.score_points is None else score - forced.score_points
    if certified is not None and certified < score:
        verdict, proof = Verdict.EVIDENCE, ProofKind.CERTIFICATE
    elif told is not None and told < score - PROOF_MARGIN_POINTS:
        verdict, proof = Verdict.EVIDENCE, ProofKind.ENGINE
    else:
        verdict, proof = Verdict.WITHIN_ERROR, ProofKind.NONE
    # What a letter claims under a certificate is what the certificate itself adds up to.
    lowest = certified if proof is ProofKind.CERTIFICATE else min(bounds, default=None)
    least = score - lowest if verdict is Verdict.EVIDENCE and lowest is not None else None
    if least is not None and loss is not None:
        least = min(least, loss)
    most = sum((output.weight for output in question.problem.outputs), Fraction(0))
    error = max(Fraction(0), min(bounds, default=most) - score)
    if error <= PROOF_MARGIN_POINTS and loss is not None and loss >= 0:
        error = loss if verdict is Verdict.WITHIN_ERROR and loss <= PROOF_MARGIN_POINTS else error
    displaced = _displaced(question.plan.level_ids, forced.level_ids, finding.candidate.id)
    return replace(
        finding,
        verdict=verdict,
        proof=proof,
        loss_at_least_points=least,
        loss_points=loss,
        error_points=error,
        displaced=displaced,
        tie_break_words=_tie_break_words(question.problem, question.plan.level_ids, forced),
    )


def _tie_break_words(problem: AllocationProblem, level_ids: Mapping[str, str], forced: ForcedResult) -> str:
    """Name what decided between two plans that the score cannot tell apart."""
    if forced.score_points is None:
        return ""
    costs = {
        (item.id, level.id): level_cost_vnd(level) for item in problem.candidates for level in item.levels
    }
    spent = [sum(costs[key] for key in ids.items()) for ids in (level_ids, forced.level_ids)]
    if problem.reference_plan is not None:
        return "Khi điểm ngang nhau, phương án giữ gần phương án đối chiếu hơn, rồi mới đến chi phí thấp hơn."
    if spent[0] < spent[1]:
        return "Khi điểm ngang nhau, phương án chi ít tiền hơn được chọn."
    return "Khi điểm và chi phí ngang nhau, thứ tự trình của cơ quan rồi mã dự án quyết định."


def _displaced(
    before: Mapping[str, str], after: Mapping[str, str], candidate_id: str
) -> tuple[Displacement, ...]:
    if not after:
        return ()
    return tuple(
        Displacement(key, before.get(key), after.get(key))
        for key in sorted(set(before) | set(after))
        if key != candidate_id and before.get(key) != after.get(key)
    )


def _own_worth(question: _Question, candidate: Candidate, level_id: str | None) -> tuple[Fraction, int]:
    """Return (exact change of the score by this candidate alone, cost of the level considered)."""
    allowed = allowed_level_ids(candidate) or tuple(level.id for level in candidate.levels)
    levels: dict[str, FundingLevel] = {level.id: level for level in candidate.levels}
    others = {key: value for key, value in question.plan.level_ids.items() if key != candidate.id}
    with_it = {**others, candidate.id: level_id or allowed[0]}
    gain = audit_levels(question.problem, with_it).score_points
    gain -= audit_levels(question.problem, others).score_points
    return gain, level_cost_vnd(levels[with_it[candidate.id]])
