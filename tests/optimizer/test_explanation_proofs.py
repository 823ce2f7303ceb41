"""Proofs behind the verdicts: re-added in fractions, compared with enumeration, forged ones refused."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from random import Random
from time import process_time

import pytest

from optimizer import (
    AllocationPlan,
    AllocationProblem,
    CandidateAnswer,
    CandidateState,
    Explanation,
    FundingLevel,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    NoFeasiblePlan,
    Outcome,
    Output,
    OutputKind,
    ProofKind,
    SolveLimits,
    Verdict,
    audit_levels,
    explain,
    explanation_from_json,
    explanation_to_json,
    solve,
)
from optimizer.answer import BoundOrigin, TieBreak
from optimizer.answers.evidence import EvidenceBook, first_looks, gather_evidence, grow_plan_tree
from optimizer.answers.question import open_question
from optimizer.generators.mixed import generate_problem
from optimizer.generators.province import generate_province
from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.tree import RefusedProof, opposite_bounds, rows_tree_bound
from optimizer.verify_explanation import verify_explanation
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained
from tests.optimizer.small_problems import random_problem, try_everything


@lru_cache(maxsize=1)
def middling() -> tuple[AllocationProblem, AllocationPlan]:
    """Return a problem in which single prices leave several candidates in doubt, and its best plan."""
    problem = generate_problem(Random(5), 18)
    return problem, solve(problem)


@lru_cache(maxsize=1)
def middling_explained() -> Explanation:
    return explain(*middling())


def bounds_of(
    problem: AllocationProblem, plan: AllocationPlan, told: Explanation
) -> dict[str, Fraction | None]:
    """Return what the proof of every proven answer adds up to, without the code that wrote it."""
    rows = PricedRows(problem, audit_levels(problem, plan.level_ids).shortfall_vnd)
    shared = {} if told.plan_tree is None else opposite_bounds(rows, told.plan_tree, plan.level_ids)
    bounds: dict[str, Fraction | None] = {}
    for answer in told.answers:
        forced = (answer.candidate_id, answer.level_id is None)
        if answer.is_by_plan_tree:
            bounds[answer.candidate_id] = shared[answer.candidate_id]
        elif answer.tree is not None:
            bounds[answer.candidate_id] = rows_tree_bound(rows, answer.tree, forced)
        elif answer.multipliers:
            bounds[answer.candidate_id] = rows.priced(answer.multipliers).bound_with(
                forced[0], is_funded=forced[1]
            )
    return bounds


def test_evidence_is_never_claimed_where_the_opposite_is_as_good() -> None:
    proven = impossible = 0
    for seed in range(40, 50):
        problem = random_problem(Random(seed))
        truth = try_everything(problem)
        if truth is None:
            continue
        plan = solve(problem)
        told = explain(problem, plan)
        bounds = bounds_of(problem, plan, told)
        for answer in told.answers:
            other = try_everything(problem, {answer.candidate_id: answer.level_id is None})
            if other is not None and other.shortfall_vnd > truth.shortfall_vnd:
                other = None
            if answer.verdict is Verdict.EVIDENCE:
                bound = bounds[answer.candidate_id]
                assert answer.proof is ProofKind.CERTIFICATE
                assert bound is not None
                assert bound < plan.score_points
                assert answer.loss_at_least_points == plan.score_points - bound
                assert other is None or other.score <= bound
                proven += 1
            elif answer.verdict is Verdict.BY_RULE:
                assert other is None
                assert bounds.get(answer.candidate_id) is None
                impossible += answer.tree is not None
            else:
                assert other is not None
                assert answer.error_points is not None
                assert other.score <= plan.score_points + answer.error_points
        assert not verify_explanation(
            problem, plan, audit_levels(problem, plan.level_ids), explanation_to_json(told)
        ).broken
    assert proven > 12
    assert impossible > 0


def test_one_tree_decides_every_candidate_and_is_asked_again_by_anyone() -> None:
    # First looks leave many candidates of this problem in doubt; one tree settles them all.
    problem, plan = middling()
    question = open_question(problem, plan)
    book = EvidenceBook(question)
    first_looks(book, list(question.candidates), 60.0)
    doubtful = book.in_doubt()
    grow_plan_tree(book, 2000, 30.0)
    assert doubtful
    assert not book.in_doubt()
    assert book.plan_tree is not None
    shared = opposite_bounds(question.rows, book.plan_tree, plan.level_ids)
    settled = [key for key in doubtful if key not in book.rivals]
    assert settled
    for key in settled:
        bound = shared[key]
        assert bound is None or bound < plan.score_points
        best = best_opposite(problem, key, is_funded=key not in plan.level_ids)
        assert best is None or (bound is not None and best <= bound)


def best_opposite(problem: AllocationProblem, key: str, *, is_funded: bool) -> Fraction | None:
    """Return the best score with a decision made law, by an ordinary search of its own.

    Barring would lower the floors that the candidate counts in. So instead it is funded, or excluded by
    another that must be funded, costs nothing and is worth one point.
    """
    state = CandidateState.COMMITTED if is_funded else CandidateState.OPEN
    level = FundingLevel("co", {}, delivers={"~": ("xong",)})
    done = Output("~", "~", OutputKind.DELIVERABLE, "", Fraction(1), components=("xong",))
    excluded = () if is_funded else (GroupLink(GroupRule.AT_MOST_ONE, (key, "~")),)
    turned = replace(
        problem,
        limits=tuple(replace(limit, is_hard=True) for limit in problem.limits),
        outputs=(*problem.outputs, done),
        links=(*problem.links, *excluded),
        candidates=(
            *(replace(item, state=state) if item.id == key else item for item in problem.candidates),
            a_candidate("~", level, state=CandidateState.COMMITTED),
        ),
    )
    try:
        return solve(turned, SolveLimits(is_score_only=True)).score_points - 1
    except NoFeasiblePlan:
        return None


def test_a_tree_stopped_early_proves_less_but_nothing_wrong() -> None:
    problem, plan = middling()
    question = open_question(problem, plan)
    book = EvidenceBook(question)
    first_looks(book, list(question.candidates), 60.0)
    before = {key: book.by_id[key].bound for key in book.in_doubt()}
    proof = question.grower.grow_for_all(question.score, set(before), most_leaves=4, seconds=30.0)
    assert proof is not None
    assert not proof.is_settled
    bounds = opposite_bounds(question.rows, proof.tree, plan.level_ids)
    for key in before:
        best = best_opposite(problem, key, is_funded=key not in plan.level_ids)
        assert best is None or best <= (bounds[key] or 0)
    whole = rows_tree_bound(question.rows, proof.tree)
    assert whole is not None
    assert whole >= plan.score_points


def test_without_time_the_certified_error_is_told() -> None:
    problem, plan = middling()
    told = explain(
        problem,
        replace(plan, outcome=Outcome.STOPPED, bound_points=None, gap_share=None),
        time_limit_seconds=0.0,
    )
    for answer in told.answers:
        if answer.verdict is Verdict.WITHIN_ERROR:
            assert answer.error_origin is BoundOrigin.CERTIFICATE
            assert answer.error_points is not None
            best = best_opposite(problem, answer.candidate_id, is_funded=answer.level_id is None)
            assert best is None or best <= plan.score_points + answer.error_points
            assert "cận cộng lại được" in answer.sentences[0]
    assert any(answer.verdict is Verdict.WITHIN_ERROR for answer in told.answers)
    assert any(answer.verdict is Verdict.EVIDENCE for answer in told.answers)


def test_the_engine_alone_proves_nothing() -> None:
    # The plan is proven by the engine; candidates in doubt are then within 0 points, by the engine's bound.
    problem, plan = middling()
    assert plan.outcome is Outcome.PROVEN
    told = explain(problem, plan, time_limit_seconds=0.0)
    doubtful = [answer for answer in told.answers if answer.verdict is Verdict.WITHIN_ERROR]
    assert doubtful
    for answer in doubtful:
        assert (answer.error_points, answer.error_origin) == (0, BoundOrigin.ENGINE)
        assert answer.proof is ProofKind.NONE
        assert not answer.multipliers
        assert "cận của bộ giải" in answer.sentences[0]
        assert "có chứng cứ" not in answer.sentences[0].split(",")[0]


def test_rules_that_decide_are_named_with_their_legal_reference() -> None:
    floor = Limit(
        "san", "Sàn lĩnh vực 2", LimitScope(areas=("2",)), "Nghị quyết 20/NQ-HĐND, Điều 3", 50 * MILLION
    )
    problem = a_problem(
        a_candidate("A", a_level(50 * MILLION, yields=trained(10)), area="2"),
        a_candidate("B", a_level(60 * MILLION, yields=trained(60))),
        limits=(floor,),
    )
    answer = {item.candidate_id: item for item in explain(problem, solve(problem)).answers}["A"]
    assert answer.verdict is Verdict.BY_RULE
    assert "floor:san" in answer.rule_ids
    assert "Nghị quyết 20/NQ-HĐND, Điều 3" in " ".join(answer.rule_words)
    assert set(answer.rule_words) <= set(answer.sentences)


def test_the_tie_break_that_decided_is_named() -> None:
    cheap_and_dear = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(50))),
    )
    ranked = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50)), rank=2),
        a_candidate("B", a_level(60 * MILLION, yields=trained(50)), rank=1),
    )
    alike = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(60 * MILLION, yields=trained(50))),
    )
    kept = replace(cheap_and_dear, reference_plan={"A": "day-du"})
    for problem, decided in (
        (cheap_and_dear, TieBreak.COST),
        (ranked, TieBreak.RANK),
        (alike, TieBreak.ORDER),
        (kept, TieBreak.STABILITY),
    ):
        for answer in explain(problem, solve(problem)).answers:
            assert answer.verdict is Verdict.WITHIN_ERROR
            assert answer.loss_points == 0
            assert answer.tie_break is decided
            assert decided.label_vi in answer.sentences[0]


def forged(answer: CandidateAnswer) -> CandidateAnswer:
    """Claim a loss one point larger than the proof shows."""
    assert answer.loss_at_least_points is not None
    return replace(answer, loss_at_least_points=answer.loss_at_least_points + 1)


def test_a_forged_explanation_is_refused() -> None:
    problem, plan = middling()
    told = middling_explained()
    report = audit_levels(problem, plan.level_ids)
    assert not verify_explanation(problem, plan, report, explanation_to_json(told)).broken
    proven = [place for place, item in enumerate(told.answers) if item.verdict is Verdict.EVIDENCE]
    for place in proven[:3]:
        answers = [forged(item) if at == place else item for at, item in enumerate(told.answers)]
        data = explanation_to_json(replace(told, answers=tuple(answers)))
        assert verify_explanation(problem, plan, report, data).broken


def test_explanations_travel_as_files_and_older_ones_are_read() -> None:
    told = middling_explained()
    assert explanation_from_json(explanation_to_json(told)) == told
    data = explanation_to_json(told)
    for key in ("plan_tree", "ranking"):
        data.pop(key, None)
    data["prices"] = {key: item["points_per_billion"] for key, item in data["prices"].items()}
    data["answers"][0]["proof"] = "engine"
    added = ("tree", "rule_words", "error", "error_origin", "engine_loss", "tie_break", "hint", "prices")
    for answer in data["answers"]:
        for key in added:
            del answer[key]
    old = explanation_from_json(data)
    assert old.answers[0].proof is ProofKind.ENGINE
    assert old.answers[0].own_points == told.answers[0].own_points
    assert [price.points_per_billion for price in old.prices] == [
        price.points_per_billion for price in told.prices
    ]


def test_the_order_of_lists_changes_nothing() -> None:
    problem, plan = middling()
    draw = Random(1)
    lists = {
        name: list(getattr(problem, name)) for name in ("candidates", "outputs", "sources", "limits", "links")
    }
    for items in lists.values():
        draw.shuffle(items)
    shuffled = replace(problem, **{name: tuple(items) for name, items in lists.items()})
    assert explain(shuffled, plan) == middling_explained()


def test_a_tree_that_is_tampered_with_is_refused_on_reading() -> None:
    told = middling_explained()
    data = explanation_to_json(told)
    data["plan_tree"] = {"prices": []}
    with pytest.raises(RefusedProof):
        explanation_from_json(data)


def test_sixty_candidates_are_decided_in_seconds() -> None:
    problem = generate_problem(Random(2), 60)
    plan = solve(problem)
    began = process_time()
    question = open_question(problem, plan)
    book = gather_evidence(question, list(question.candidates), 60.0)
    assert not book.in_doubt()
    by_prices = [key for key, item in book.by_id.items() if item.multipliers]
    assert len(by_prices) * 2 > len(book.by_id)
    assert process_time() - began < 20


@pytest.mark.deep
@pytest.mark.parametrize("problem", [generate_problem(Random(2), 60), generate_province(Random(1), 60)])
def test_sixty_candidates_are_decided_and_every_figure_is_re_added(problem: AllocationProblem) -> None:
    plan = solve(problem)
    began = process_time()
    question = open_question(problem, plan)
    book = gather_evidence(question, list(question.candidates), 120.0)
    assert process_time() - began < 30
    assert not book.in_doubt()
    told = explain(problem, plan, time_limit_seconds=30.0)
    report = audit_levels(problem, plan.level_ids)
    assert not verify_explanation(problem, plan, report, explanation_to_json(told)).broken
