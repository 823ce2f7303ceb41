"""The page that walks an auditor through one plan: every number on it comes from its files or adds up."""

from __future__ import annotations

import ast
import json
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from optimizer import OutputKind, read_plan, read_problem, solve, verify_plan
from optimizer.__main__ import main
from optimizer.attainment import paying_segments
from optimizer.proofs.certificate import PricedRows
from optimizer.proofs.exchange import multipliers_from_json, tree_from_json
from optimizer.proofs.steps import BoundCase, EmptyCase
from optimizer.proofs.tree import opposite_bounds, rows_tree_bound

DOCS = Path(__file__).parents[2] / "docs"
FILES = {name: DOCS / "examples" / f"audit-{name}.json" for name in ("problem", "plan", "explanation")}
MILLION = 1_000_000
SUM = re.compile(r"`([-0-9+*/=<>(), maxin]*[=<>][-0-9+*/=<>(), maxin]*)`")
NUMBER = re.compile(r"(?<![\w.])\d+(?:/\d+)?(?![\w])")

PROBLEM = read_problem(FILES["problem"].read_text(encoding="utf-8"))
PLAN = read_plan(FILES["plan"].read_text(encoding="utf-8"))
EXPLANATION = json.loads(FILES["explanation"].read_text(encoding="utf-8"))
ROWS = PricedRows(PROBLEM)


@cache
def page() -> str:
    return (DOCS / "auditing-a-plan.md").read_text(encoding="utf-8")


def value_of(node: ast.expr) -> Fraction:
    """Return the value of + - * / min max over whole numbers, as a fraction."""
    signs: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
    }
    if isinstance(node, ast.Constant):
        return Fraction(node.value)
    if isinstance(node, ast.UnaryOp):
        return -value_of(node.operand)
    if isinstance(node, ast.BinOp):
        return signs[type(node.op)](value_of(node.left), value_of(node.right))
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    return {"min": min, "max": max}[node.func.id](value_of(item) for item in node.args)


def comparison(text: str) -> ast.Compare:
    node = ast.parse(re.sub(r"(?<![<>])=", "==", text), mode="eval").body
    assert isinstance(node, ast.Compare)
    return node


def sums() -> list[str]:
    return SUM.findall(page())


def facts() -> set[Fraction]:
    """Every number that the example files state, money in millions."""
    found = {Fraction(number) for number in (0, 1, 4, 6, 2012, 25)}
    for source in PROBLEM.sources:
        found |= {Fraction(amount, MILLION) for amount in source.ceiling_vnd.values()}
    for limit in PROBLEM.limits:
        found |= {Fraction(edge, MILLION) for edge in (limit.at_least_vnd, limit.at_most_vnd) if edge}
    for output in PROBLEM.outputs:
        found |= {output.weight, *(item for item in (output.target, output.at_least) if item is not None)}
    for candidate in PROBLEM.candidates:
        for level in candidate.levels:
            found |= {
                Fraction(vnd, MILLION) for by_year in level.cost_vnd.values() for vnd in by_year.values()
            }
            found |= {amount for by_year in level.yields.values() for amount in by_year.values()}
    tables = [PLAN.certificate.multipliers if PLAN.certificate else {}, *EXPLANATION["plan_tree"]["prices"]]
    tables += [answer["multipliers"] for answer in EXPLANATION["answers"]]
    for table in tables:
        found |= {price_on_the_page(row, Fraction(price)) for row, price in table.items()}
    return found | {Fraction(step) for step in range(len(EXPLANATION["plan_tree"]["steps"]))}


def price_on_the_page(row: str, price: Fraction) -> Fraction:
    return price * MILLION if row.startswith("ceiling:") else price


def test_every_sum_on_the_page_adds_up() -> None:
    checked = sums()
    for text in checked:
        node = comparison(text)
        left, right = value_of(node.left), value_of(node.comparators[0])
        holds: dict[type, bool] = {
            ast.Eq: left == right, ast.Lt: left < right, ast.LtE: left <= right, ast.GtE: left >= right,
        }  # fmt: skip
        assert holds[type(node.ops[0])], text
    assert len(checked) > 30


def test_every_number_on_the_page_is_in_the_files_or_the_result_of_a_sum() -> None:
    known = facts() | {abs(value_of(comparison(text).comparators[0])) for text in sums()}
    told = page().split("## What is refused")[0]
    told = re.sub(r"^\d+\. ", "", re.sub(r"```.*?```", "", told, flags=re.DOTALL), flags=re.MULTILINE)
    unknown = [text for text in NUMBER.findall(told) if Fraction(text) not in known]
    assert unknown == []
    assert len(NUMBER.findall(told)) > 200


def test_the_table_of_the_question_is_the_problem() -> None:
    for candidate in PROBLEM.candidates:
        for level in candidate.levels:
            money = [sum(level.cost_vnd.get(source, {}).values()) // MILLION for source in ("tx", "dt")]
            people = sum(level.yields["hoc-vien"].values())
            row = rf"\| {candidate.id}[^|]*\| {candidate.agency} \| {candidate.area} \| {level.id} "
            assert re.search(rf"{row}\| {money[0]} \| {money[1]} \| {people} \|", page()), level.id


def test_the_figures_of_the_page_are_those_of_the_program() -> None:
    report = verify_plan(PROBLEM, PLAN)
    assert report.broken == ()
    assert report.score_points == 65
    assert PLAN.certificate is not None
    priced = ROWS.priced(PLAN.certificate.multipliers)
    assert priced.bound() == 74
    assert priced.worth == {
        "A": {"toi-thieu": 20, "day-du": 30},
        "B": {None: 0, "day-du": 14},
        "C": {None: 0, "day-du": 0},
    }
    answer = EXPLANATION["answers"][1]
    forced = ROWS.priced(multipliers_from_json(answer["multipliers"]))
    assert forced.bound_with("C", is_funded=True) == 62
    assert forced.worth["C"]["day-du"] == -18
    assert answer["loss_at_least"] == "3"
    (people,) = [item for item in PROBLEM.outputs if item.kind is OutputKind.QUANTITY]
    assert paying_segments(people, None) == (0, [(160, Fraction(1, 2))])


def test_the_proof_of_the_page_is_the_proof_of_the_file() -> None:
    tree = tree_from_json(EXPLANATION["plan_tree"])
    assert rows_tree_bound(ROWS, tree) == 65
    assert [step.bound for step in tree.steps if isinstance(step, BoundCase)] == [65, 57]
    assert [step.bound for step in tree.steps if isinstance(step, EmptyCase)] == [-60]
    assert opposite_bounds(ROWS, tree, PLAN.level_ids) == {"A": None, "B": 57, "C": 57}


def test_the_example_is_what_the_program_finds() -> None:
    found = solve(PROBLEM)
    assert found.level_ids == PLAN.level_ids
    assert found.outcome is PLAN.outcome
    assert found.problem_sha256 == PLAN.problem_sha256
    assert found.certificate is not None
    assert PLAN.certificate is not None
    assert found.certificate.bound == PLAN.certificate.bound


def verify_files(capsys: pytest.CaptureFixture[str], folder: Path = DOCS / "examples") -> tuple[int, Any]:
    names = [str(folder / path.name) for path in FILES.values()]
    code = main(["verify", names[0], names[1], "--explanation", names[2], "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_command_of_the_page_accepts_its_files(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = verify_files(capsys)
    assert code == 0
    assert told["certified_bound"] == "74"
    assert told["explanation"] == {
        "proven": ["B", "C"],
        "impossible": [],
        "unproven": [],
        "plan_bound": "65",
        "broken": [],
    }


def forgeries() -> list[tuple[str, str, str, str]]:
    rows = re.findall(
        r"^\| (problem|plan|explanation) \| `(.+?)` \| `(.+?)` \| `(.+?)` \|$", page(), re.MULTILINE
    )
    assert len(rows) > 14
    return [(file, path, value, rule) for file, path, value, rule in rows]


@pytest.mark.parametrize(("file", "path", "value", "rule"), forgeries())
def test_every_forgery_of_the_page_is_refused_as_it_says(
    file: str, path: str, value: str, rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, source in FILES.items():
        data = json.loads(source.read_text(encoding="utf-8"))
        if name == file:
            put(data, path.split("."), json.loads(value))
        (tmp_path / source.name).write_text(json.dumps(data), encoding="utf-8")
    code, told = verify_files(capsys, tmp_path)
    assert code == 1
    assert rule in {item["rule"] for item in (*told["broken"], *told["explanation"]["broken"])}


def put(data: Any, steps: list[str], value: Any) -> None:
    """Set the value at a path; lists are entered by position."""
    for step in steps[:-1]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    data[int(steps[-1]) if isinstance(data, list) else steps[-1]] = value
