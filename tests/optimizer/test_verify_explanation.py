"""Explanations under audit: what they prove is re-added, what they forge is refused with rule and amount."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from optimizer import (
    AllocationPlan,
    AllocationProblem,
    CandidateState,
    InvalidPlan,
    explain,
    explanation_to_json,
    solve,
    verify_plan,
    write_plan,
    write_problem,
)
from optimizer.__main__ import main
from optimizer.audit_report import AuditReport
from optimizer.formulation.assemble import formulate
from optimizer.generators.mixed import generate_problem
from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.exchange import tree_to_json
from optimizer.solving.engine_choice import engine_named
from optimizer.solving.limits import SolveLimits
from optimizer.solving.proof_search import ProofGrower
from optimizer.solving.search import Search
from optimizer.verify_explanation import ExplanationReport, verify_explanation

Data = dict[str, Any]


@cache
def question() -> tuple[AllocationProblem, AllocationPlan, AuditReport]:
    problem = generate_problem(Random(1), 12)
    plan = solve(problem)
    return problem, plan, verify_plan(problem, plan)


@cache
def explained() -> str:
    """An explanation with a tree about all plans and a tree of its own for every other candidate."""
    problem, plan, report = question()
    rows = PricedRows(problem)
    grower = ProofGrower(Search(formulate(problem), engine_named("highs"), SolveLimits()), rows)
    shared = grower.grow(None, report.score_points + Fraction(1, 100_000)).tree
    assert shared is not None
    answers: list[Data] = []
    for candidate in problem.candidates:
        forced = (candidate.id, candidate.id not in plan.level_ids)
        attempt = grower.grow(forced, report.score_points)
        answer: Data = {"candidate": candidate.id, "level": plan.level_ids.get(candidate.id)}
        if attempt.tree is None:
            assert attempt.rival_level_ids is not None
            answers.append({**answer, "proof": "none", "loss": "0", "other_levels": attempt.rival_level_ids})
        else:
            answers.append({**answer, "proof": "certificate", "tree": tree_to_json(attempt.tree)})
    data = {
        "schema": "phanbo-explanation/1",
        "problem_sha256": plan.problem_sha256,
        "score": str(report.score_points),
        "plan_tree": tree_to_json(shared),
        "answers": answers,
    }
    return json.dumps(data)


def audited(data: object) -> ExplanationReport:
    return verify_explanation(*question(), data)


def broken(data: object) -> dict[str, Fraction | None]:
    return {rule.rule_id: rule.amount for rule in audited(data).broken}


def changed(place: int, **facts: object) -> Data:
    data = json.loads(explained())
    data["answers"][place].update(facts)
    return dict(data)


def place_of(proof: str, *, is_funded: bool | None = None) -> int:
    answers = json.loads(explained())["answers"]
    return next(
        place
        for place, item in enumerate(answers)
        if item["proof"] == proof and (is_funded is None or (item["level"] is not None) == is_funded)
    )


def test_every_proof_is_re_added() -> None:
    found = audited(json.loads(explained()))
    assert found.broken == ()
    assert len(found.proven_ids) >= 10
    score = question()[2].score_points
    assert found.plan_bound is not None
    assert score <= found.plan_bound < score + Fraction(1, 100_000)


def test_a_shared_proof_counts_for_whom_it_proves_and_for_nobody_else() -> None:
    problem, plan, _ = question()
    told = {}
    for place, candidate in enumerate(problem.candidates):
        data = changed(place, tree="plan_tree", proof="certificate")
        told[candidate.id] = broken(data).get(f"proof:{candidate.id}")
    assert sum(amount is None for amount in told.values()) > len(plan.level_ids) // 2
    assert any(amount is not None and amount >= 0 for amount in told.values())
    without = changed(place_of("certificate"), tree="plan_tree")
    del without["plan_tree"]
    assert len(broken(without)) == 1


def test_a_forged_proof_about_all_plans_is_refused() -> None:
    data = json.loads(explained())
    data["plan_tree"]["steps"].pop()
    assert "proof:plan" in broken(data)
    assert audited(data).plan_bound is None


def test_a_proof_of_somebody_else_is_refused() -> None:
    place = place_of("certificate", is_funded=False)
    other = place_of("certificate", is_funded=True)
    tree = json.loads(explained())["answers"][other]["tree"]
    candidate_id = question()[0].candidates[place].id
    assert set(broken(changed(place, tree=tree))) == {f"proof:{candidate_id}"}


def test_a_certificate_without_proof_and_a_weak_one_are_refused() -> None:
    place = place_of("certificate")
    candidate_id = question()[0].candidates[place].id
    assert f"proof:{candidate_id}" in broken(changed(place, tree=None))
    plan = question()[1]
    assert plan.certificate is not None
    weak = {row: str(price * 7) for row, price in plan.certificate.multipliers.items()}
    amount = broken(changed(place, tree=None, multipliers=weak))[f"proof:{candidate_id}"]
    assert amount is not None
    assert amount > 0
    assert broken(changed(place, multipliers=weak)) == {}
    for table in ({"bia": "1"}, {next(iter(weak)): "-1"}, {next(iter(weak)): "x"}, {next(iter(weak)): 1}):
        assert f"proof:{candidate_id}" in broken(changed(place, multipliers=table))


def test_what_is_by_rule_is_proven_impossible_or_refused() -> None:
    problem, plan, report = question()
    data = json.loads(explained())
    place = next(at for at, item in enumerate(data["answers"]) if item["level"] is None)
    candidate = problem.candidates[place]
    barred = replace(candidate, state=CandidateState.BARRED)
    others = (barred if item is candidate else item for item in problem.candidates)
    tree = {"prices": [], "steps": [{"no_choice": candidate.id}]}
    answer = {**data["answers"][place], "proof": "rule", "verdict": "by_rule", "tree": tree}
    alone = {**data, "answers": [answer]}
    del alone["plan_tree"]
    found = verify_explanation(replace(problem, candidates=tuple(others)), plan, report, alone)
    assert found.impossible_ids == (candidate.id,)
    assert found.broken == ()
    refused = verify_explanation(problem, plan, report, alone)
    assert refused.impossible_ids == ()
    assert [rule.rule_id for rule in refused.broken] == [f"proof:{candidate.id}"]


def test_evidence_that_cannot_be_re_added_is_named() -> None:
    place = place_of("none")
    candidate_id = question()[0].candidates[place].id
    assert audited(changed(place, verdict="within_error")).unproven_ids == ()
    assert audited(changed(place, verdict="evidence", proof="engine")).unproven_ids == (candidate_id,)


def test_a_loss_that_is_not_proven_is_refused_with_the_difference() -> None:
    for place, answer in enumerate(json.loads(explained())["answers"]):
        if answer["proof"] == "certificate":
            rule = f"proof:{answer['candidate']}"
            assert broken(changed(place, loss_at_least="0")) == {}
            told = broken(changed(place, loss_at_least="1000"))
            impossible = rule not in told
            assert impossible or told[rule] is not None


def test_the_plan_with_the_opposite_decision_is_audited() -> None:
    place = place_of("none")
    candidate_id = question()[0].candidates[place].id
    assert broken(changed(place, loss="1/1000")) == {f"stated:loss:{candidate_id}": Fraction(1, 1000)}
    same = dict(question()[1].level_ids)
    assert set(broken(changed(place, other_levels=same))) == {f"stated:other:{candidate_id}"}
    assert set(broken(changed(place, other_levels={"ma": "x"}))) == {f"stated:other:{candidate_id}"}


def test_the_head_and_the_levels_belong_to_the_plan() -> None:
    data = json.loads(explained())
    score = question()[2].score_points
    assert broken({**data, "score": str(score + 1)}) == {"stated:score": Fraction(1)}
    bound = question()[1].bound_points
    assert broken({**data, "bound": str(bound)}) == {}
    assert broken({**data, "bound": str(score - 5)}).keys() == {"stated:bound"}
    assert set(broken({**data, "problem_sha256": "0" * 64})) == {"stated:problem"}
    candidate_id = question()[0].candidates[0].id
    assert set(broken(changed(0, level="khong-co"))) == {f"stated:level:{candidate_id}"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"answers": None}, "$.answers"),
        ({"answers": [3]}, "$.answers[0]"),
        ({"answers": [{"candidate": "ma"}]}, "$.answers[0].candidate"),
        ({"answers": [{"candidate": ["ma"]}]}, "$.answers[0].candidate"),
        ({"score": 12.5}, "$.score"),
        ({"score": "1/0"}, "$.score"),
    ],
)
def test_what_is_no_explanation_is_told_with_its_place(change: Data, path: str) -> None:
    with pytest.raises(InvalidPlan) as refused:
        audited({**json.loads(explained()), **change})
    assert [mistake.path for mistake in refused.value.mistakes] == [path]
    with pytest.raises(InvalidPlan):
        audited([])


def test_the_command_tells_proofs_and_forgeries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    problem, plan, _ = question()
    files = [tmp_path / name for name in ("problem.json", "plan.json", "explanation.json")]
    files[0].write_text(write_problem(problem), encoding="utf-8")
    files[1].write_text(write_plan(plan), encoding="utf-8")
    command = ["verify", str(files[0]), str(files[1]), "--explanation", str(files[2]), "--json"]
    for text, code in (
        (explained(), 0),
        (json.dumps({"exit_code": 0, "explanation": json.loads(explained())}), 0),
        (json.dumps(changed(0, level="khong-co")), 1),
        ("{", 2),
        ("[]", 2),
    ):
        files[2].write_text(text, encoding="utf-8")
        assert main(command) == code
        told = json.loads(capsys.readouterr().out)
        assert told["exit_code"] == code
        if code < 2:
            assert bool(told["explanation"]["broken"]) == (code == 1)
    files[2].unlink()
    assert main(command) == 2


def test_what_explain_writes_is_accepted_and_its_forgeries_are_not() -> None:
    problem = generate_problem(Random(2), 12)
    plan = solve(problem)
    report = verify_plan(problem, plan)
    data = explanation_to_json(explain(problem, plan, time_limit_seconds=20))
    found = verify_explanation(problem, plan, report, data)
    assert found.broken == ()
    assert len(found.proven_ids) >= 5
    refused = []
    for place, answer in enumerate(data["answers"]):
        forged = copy.deepcopy(data)
        forged["answers"][place]["loss_at_least"] = "1000"
        rules = [rule.rule_id for rule in verify_explanation(problem, plan, report, forged).broken]
        refused += [answer["candidate"]] * (f"proof:{answer['candidate']}" in rules)
    assert set(refused) == set(found.proven_ids)
