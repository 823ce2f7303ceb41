"""The audit: forged plans are refused, and it needs no solver."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from optimizer import (
    AllocationPlan,
    CandidateState,
    Certificate,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Requires,
    audit_levels,
    solve,
    verify_plan,
)
from optimizer.generator import generate_problem
from tests.optimizer.builders import (
    MILLION,
    a_candidate,
    a_level,
    a_problem,
    a_source,
    trained,
    training_output,
)
from tests.optimizer.small_problems import random_problem, try_everything

PROBLEM = generate_problem(Random(11), 12)
PLAN = solve(PROBLEM)


def families(plan: AllocationPlan) -> set[str]:
    return {rule.rule_id.split(":")[0] for rule in verify_plan(PROBLEM, plan).broken}


def test_the_plan_itself_is_accepted() -> None:
    assert verify_plan(PROBLEM, PLAN).broken == ()


@pytest.mark.parametrize("off", [Fraction(1, 1000), Fraction(-1, 1000), Fraction(5)])
def test_a_forged_score_is_refused(off: Fraction) -> None:
    forged = replace(PLAN, score_points=PLAN.score_points + off)
    assert any(rule.rule_id == "stated:score" for rule in verify_plan(PROBLEM, forged).broken)


def test_every_other_forgery_is_refused() -> None:
    source, by_year = next(iter(PLAN.money_vnd.items()))
    year, amount = next(iter(by_year.items()))
    dropped = dict(PLAN.level_ids)
    dropped.pop(next(iter(dropped)))
    output_id = next(iter(PLAN.outputs))
    assert PLAN.certificate is not None
    forgeries = {
        "money": replace(PLAN, money_vnd={**PLAN.money_vnd, source: {**by_year, year: amount - 1}}),
        "levels": replace(PLAN, level_ids=dropped),
        "outputs": replace(PLAN, outputs={**PLAN.outputs, output_id: PLAN.outputs[output_id] + 1}),
        "bound": replace(PLAN, bound_points=PLAN.score_points - 1),
        "problem": replace(PLAN, problem_sha256="0" * 64),
        "unknown level": replace(PLAN, level_ids={**PLAN.level_ids, "P0000": "khong-co"}),
        "unknown candidate": replace(PLAN, level_ids={**PLAN.level_ids, "ma": "day-du"}),
        "bound of certificate": replace(
            PLAN, certificate=Certificate(PLAN.certificate.multipliers, PLAN.certificate.bound - 1)
        ),
        "unknown row": replace(PLAN, certificate=Certificate({"bia": Fraction(1)}, Fraction(1000))),
        "negative price": replace(
            PLAN,
            certificate=Certificate(
                {key: -price for key, price in PLAN.certificate.multipliers.items()}, Fraction(10**9)
            ),
        ),
    }
    for name, forged in forgeries.items():
        assert not verify_plan(PROBLEM, forged).is_kept, name


def test_overspending_by_one_dong_is_named_with_its_amount() -> None:
    problem = a_problem(a_candidate("A", a_level(100 * MILLION + 1, yields=trained(5))))
    (rule,) = audit_levels(problem, {"A": "day-du"}).broken
    assert rule.rule_id == "ceiling:tinh:2012"
    assert rule.amount == 1
    assert "vượt 1 đồng" in rule.words


def test_each_rule_of_the_plan_is_checked() -> None:
    one, two = (a_candidate(name, a_level(MILLION, yields=trained(5))) for name in ("A", "B"))
    base = a_problem(one, two)
    cases = [
        (
            replace(base, candidates=(replace(one, state=CandidateState.BARRED), two)),
            {"A": "day-du"},
            "state",
        ),
        (replace(base, candidates=(replace(one, state=CandidateState.COMMITTED), two)), {}, "state"),
        (replace(base, candidates=(replace(one, state=CandidateState.PINNED), two)), {}, "state"),
        (replace(base, links=(Requires("A", "B"),)), {"A": "day-du"}, "requires"),
        (
            replace(base, links=(GroupLink(GroupRule.AT_MOST_ONE, ("A", "B")),)),
            {"A": "day-du", "B": "day-du"},
            "group",
        ),
        (replace(base, links=(GroupLink(GroupRule.EXACTLY_ONE, ("A", "B")),)), {}, "group"),
        (replace(base, links=(GroupLink(GroupRule.AT_LEAST, ("A", "B"), 2),)), {"A": "day-du"}, "group"),
        (replace(base, limits=(Limit("L", "Trần", LimitScope(), at_most_vnd=1),)), {"A": "day-du"}, "cap"),
        (replace(base, limits=(Limit("L", "Sàn", LimitScope(), at_least_vnd=1),)), {}, "floor"),
        (replace(base, outputs=(training_output(at_least=Fraction(6)),)), {"A": "day-du"}, "minimum"),
        (
            replace(base, sources=(a_source(10**9, eligible_candidate_ids=("B",)),)),
            {"A": "day-du"},
            "eligible",
        ),
    ]
    for problem, levels, family in cases:
        assert {rule.rule_id.split(":")[0] for rule in audit_levels(problem, levels).broken} == {family}


def test_bounds_of_the_certificate_hold_for_every_plan() -> None:
    """Any prices give a true bound; the relaxation's prices give one no plan exceeds."""
    from optimizer.certificate import PricedRows, lagrangian_bound

    for seed in range(60):
        draw = Random(seed)
        problem = random_problem(draw)
        truth = try_everything(problem)
        if truth is None:
            continue
        rows = PricedRows(problem, truth.shortfall_vnd)
        for _ in range(3):
            prices = {
                key: Fraction(draw.randint(0, 300), 100) for key in rows.row_ids() if draw.random() < 0.7
            }
            assert lagrangian_bound(problem, prices, truth.shortfall_vnd) >= truth.score


def test_the_certificate_equals_the_relaxation() -> None:
    """The rows an auditor prices are the rows the engine saw: both give the same bound."""
    from optimizer.certificate import lagrangian_bound
    from optimizer.engines.highs import HighsEngine
    from optimizer.formulation.assemble import formulate
    from optimizer.problem import StageName
    from optimizer.solving.limits import SolveLimits
    from optimizer.solving.search import Search

    compared = 0
    for seed in range(80):
        problem = replace(random_problem(Random(seed)), limits=())
        search = Search(formulate(problem), HighsEngine(), SolveLimits())
        search.aim(StageName.SCORE)
        relaxed = search.relax()
        if relaxed.row_duals is None or relaxed.objective is None:
            continue
        bound = lagrangian_bound(problem, search.multipliers(relaxed.row_duals))
        assert float(bound) == pytest.approx(relaxed.objective, abs=1e-6)
        compared += 1
    assert compared > 40


def test_the_audit_loads_no_solver() -> None:
    code = (
        "import sys, optimizer, optimizer.verify, optimizer.precheck, optimizer.certificate\n"
        "heavy = {'pulp', 'highspy', 'numpy', 'jsonschema', 'pandas'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
