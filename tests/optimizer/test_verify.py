"""The audit: forged plans are refused, and it needs no solver."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from time import process_time

import pytest

import optimizer
from optimizer import (
    AllocationPlan,
    AllocationProblem,
    AuditNote,
    CandidateState,
    Certificate,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Nature,
    Outcome,
    Requires,
    audit_levels,
    plan_from_json,
    plan_to_json,
    solve,
    verify_plan,
    write_plan,
    write_problem,
)
from optimizer.generators.mixed import generate_problem
from optimizer.generators.province import generate_province, generate_province_with_plan
from optimizer.proofs.certificate import PricedRows
from tests.optimizer.builders import (
    MILLION,
    a_candidate,
    a_level,
    a_problem,
    a_source,
    trained,
    training_output,
)
from tests.optimizer.forged_plans import forged_plans
from tests.optimizer.small_problems import random_problem, shortfall_if_lawful

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


def test_every_single_figure_of_a_plan_is_checked() -> None:
    """One figure of the file is changed at a time; a changed price may only prove the very same."""
    problem = generate_province(Random(1), 8)
    data = plan_to_json(solve(problem))
    honest = plan_from_json(data)
    assert verify_plan(problem, honest).broken == ()
    accepted, tried = [], 0
    for name, forged in forged_plans(data):
        tried += 1
        plan = plan_from_json(forged)
        if verify_plan(problem, plan).is_kept and not is_same_proof(plan, honest):
            accepted.append(name)
    assert accepted == []
    assert tried > 150


def is_same_proof(plan: AllocationPlan, honest: AllocationPlan) -> bool:
    """The audit re-adds every certificate to its stated bound; only the price itself differs here."""
    bounds = {item.certificate.bound for item in (plan, honest) if item.certificate is not None}
    return replace(plan, certificate=honest.certificate) == honest and len(bounds) == 1


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"gap_share": Fraction(1, 100)}, "stated:gap"),
        ({"bound_points": None}, "stated:gap"),
        ({"bound_points": PLAN.score_points + 1, "gap_share": None}, "stated:outcome"),
        ({"bound_points": None, "gap_share": None, "certificate": None}, "stated:outcome"),
        ({"bound_points": PLAN.score_points + 1000, "gap_share": None}, "stated:bound"),
        ({"audit": AuditNote(broken=("x",))}, "stated:audit"),
    ],
)
def test_what_contradicts_itself_is_named(changes: dict[str, object], rule: str) -> None:
    assert rule in {item.rule_id for item in verify_plan(PROBLEM, replace(PLAN, **changes)).broken}  # type: ignore[arg-type]


def test_a_weaker_claim_is_no_lie() -> None:
    honest = replace(
        PLAN, outcome=Outcome.STOPPED, bound_points=None, gap_share=None, certificate=None, stages=()
    )
    assert verify_plan(PROBLEM, honest).is_kept


def test_amounts_of_money_and_groups_are_told() -> None:
    one, two = (a_candidate(name, a_level(MILLION, yields=trained(5))) for name in ("A", "B"))
    base = a_problem(one, two, links=(GroupLink(GroupRule.AT_LEAST, ("A", "B"), 2),))
    assert [rule.amount for rule in audit_levels(base, {}).broken] == [2]
    source, by_year = next(iter(PLAN.money_vnd.items()))
    year, amount = next(iter(by_year.items()))
    forged = replace(PLAN, money_vnd={**PLAN.money_vnd, source: {**by_year, year: amount - 7}})
    assert [rule.amount for rule in verify_plan(PROBLEM, forged).broken] == [7]


def test_limits_of_any_mix_are_added_as_by_hand() -> None:
    """The index of candidates by mark finds the money a plain walk over all candidates finds."""
    draw, compared = Random(7), 0
    for seed in range(30):
        problem = random_problem(Random(seed))
        marks = LimitScope(
            agencies=tuple(draw.sample(["x", "y"], draw.randint(0, 2))),
            areas=tuple(draw.sample(["1", "2"], draw.randint(0, 2))),
            places=tuple(draw.sample(["p", ""], draw.randint(0, 2))),
            source_ids=tuple(draw.sample(["a", "b"], draw.randint(0, 2))),
            natures=tuple(draw.sample(list(Nature), draw.randint(0, 2))),
            years=tuple(draw.sample([2012, 2013], draw.randint(0, 2))),
        )
        limit = Limit("L", "L", marks, "", draw.randint(1, 20), draw.randint(0, 5), is_hard=False)
        problem = replace(problem, limits=(limit,))
        chosen = {item.id: draw.choice(item.levels) for item in problem.candidates if draw.random() < 0.6}
        expected = shortfall_if_lawful(replace(problem, links=(), sources=rich(problem)), chosen)
        if expected is not None:
            ids = {key: level.id for key, level in chosen.items()}
            assert audit_levels(problem, ids).shortfall_vnd == expected
            compared += 1
    assert compared > 10


def rich(problem: AllocationProblem) -> tuple[FundingSource, ...]:
    return tuple(
        replace(source, ceiling_vnd=dict.fromkeys(source.ceiling_vnd, 10**9)) for source in problem.sources
    )


NEWLY_LOADED = """
names = set(sys.modules) - before
print(sorted({name.split(".")[0] for name in names} - {"optimizer"} - set(sys.stdlib_module_names)))
print(sorted(name for name in names if name.split(".")[0] == "optimizer"))
"""
READERS = {
    "attr", "attrs", "jsonschema", "jsonschema_specifications", "referencing", "rpds", "typing_extensions",
}  # fmt: skip
"""What reading and checking a JSON file takes; the audit itself takes none of it."""
SOLVER_ROOMS = ("optimizer.engines", "optimizer.formulation", "optimizer.solving")


def loaded_by(code: str, *arguments: str) -> tuple[set[str], list[str]]:
    """Run code in a fresh interpreter; return foreign packages and our modules that it loaded."""
    text = f"import sys; before = set(sys.modules)\n{code}\n{NEWLY_LOADED}"
    told = subprocess.run(
        [sys.executable, "-c", text, *arguments], capture_output=True, text=True, check=True
    )
    foreign, own = told.stdout.splitlines()[-2:]
    return set(ast.literal_eval(foreign)), ast.literal_eval(own)


def test_the_audit_itself_loads_the_standard_library_alone() -> None:
    code = "import optimizer.verify, optimizer.verify_explanation, optimizer.proofs.tree, optimizer.precheck"
    foreign, own = loaded_by(code)
    assert foreign == set()
    assert not [name for name in own if name.startswith(SOLVER_ROOMS)]


def test_the_command_verify_loads_no_solver(tmp_path: Path) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(write_problem(PROBLEM), encoding="utf-8")
    plan.write_text(write_plan(PLAN), encoding="utf-8")
    code = "from optimizer.__main__ import main; assert main(['verify', *sys.argv[1:]]) == 0"
    foreign, own = loaded_by(code, str(problem), str(plan))
    assert foreign <= READERS
    assert "optimizer.verify" in own
    assert not [name for name in own if name.startswith(("optimizer.engines", "optimizer.formulation"))]


AUDIT_FILES = (
    "attainment", "audit_report", "proofs/bound_rows", "proofs/certificate", "proofs/output_rows",
    "proofs/exchange", "proofs/steps", "proofs/tree", "proofs/rule_rows", "spending", "stated_figures",
    "verify", "verify_explanation",
)  # fmt: skip


@pytest.mark.parametrize("name", AUDIT_FILES)
def test_functions_of_the_audit_are_short(name: str) -> None:
    tree = ast.parse((Path(optimizer.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    long = {node.name: lines for node in functions if (lines := lines_of_work(node)) > 25}
    assert long == {}


def lines_of_work(function: ast.FunctionDef) -> int:
    """Lines of a function without its docstring."""
    last = function.end_lineno or function.lineno
    docstring = function.body[0] if ast.get_docstring(function) else None
    told = 0 if docstring is None else (docstring.end_lineno or 0) - docstring.lineno + 1
    return last - function.lineno + 1 - told


@pytest.mark.deep
def test_the_audit_of_20_000_candidates_takes_seconds() -> None:
    problem, level_ids = generate_province_with_plan(Random(1), 20_000)
    began = process_time()
    report = audit_levels(problem, level_ids)
    audited = process_time()
    rows = PricedRows(problem, report.shortfall_vnd)
    prices = {row: Fraction(place % 97, 10**9) for place, row in enumerate(rows.row_ids())}
    assert rows.priced(prices).bound() > 0
    added = process_time()
    assert report.is_kept
    assert audited - began < 4
    assert added - audited < 8
