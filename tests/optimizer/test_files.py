"""Problem and plan files: nothing lost, every mistake told at once with its place."""

from __future__ import annotations

import json
from random import Random

import pytest

from optimizer import (
    InvalidPlan,
    InvalidProblem,
    explain,
    explanation_from_json,
    explanation_to_json,
    fingerprint_of,
    read_plan,
    read_problem,
    solve,
    verify_plan,
    write_plan,
    write_problem,
)
from optimizer.generators.mixed import generate_problem
from tests.optimizer.small_problems import random_problem


def mistakes_of(data: object) -> dict[str, str]:
    with pytest.raises(InvalidProblem) as caught:
        read_problem(data if isinstance(data, str) else json.dumps(data))
    return {mistake.path: mistake.words for mistake in caught.value.mistakes}


def file_of(seed: int = 1) -> dict:
    return json.loads(write_problem(random_problem(Random(seed))))


def test_a_problem_survives_the_way_through_its_file() -> None:
    for seed in range(40):
        problem = random_problem(Random(seed))
        text = write_problem(problem)
        again = read_problem(text)
        assert write_problem(again) == text
        assert fingerprint_of(again) == fingerprint_of(problem)


def test_a_plan_survives_the_way_through_its_file() -> None:
    problem = generate_problem(Random(5), 10)
    plan = solve(problem)
    again = read_plan(write_plan(plan))
    assert again.level_ids == plan.level_ids
    assert again.money_vnd == plan.money_vnd
    assert again.certificate == plan.certificate
    assert verify_plan(read_problem(write_problem(problem)), again).broken == ()
    assert read_plan(write_plan(again)) == again


def test_an_explanation_survives_the_way_through_json() -> None:
    problem = generate_problem(Random(5), 8)
    explanation = explain(problem, solve(problem))
    assert explanation_from_json(json.loads(json.dumps(explanation_to_json(explanation)))) == explanation


def test_all_mistakes_are_told_at_once() -> None:
    data = file_of()
    data["extra"] = 1
    data["sources"][0]["ceiling_vnd"]["2012"] = 1.0
    data["candidates"][0]["levels"][0]["cost_vnd"] = {"a": {"2012": True}, "zz": {"2012": 5}}
    data["candidates"][1]["levels"][0]["yields"] = {"o": {"2012": 3}}
    data["candidates"][2]["levels"][0] = {"id": "m0", "cost_vnd": {"a": {"2019": 3}}}
    data["outputs"][0]["curve"] = [[0.5, 0.2], [1.0, 1.0]]
    found = mistakes_of(data)
    assert "số nguyên" in found["$.sources[0].ceiling_vnd.2012"]
    assert "số nguyên" in found["$.candidates[0].levels[0].cost_vnd.a.2012"]
    assert "Không có nguồn" in found["$.candidates[0].levels[0].cost_vnd.zz"]
    assert "outcome" in found["$.candidates[1].levels[0].yields.o"]
    assert "không tạo đầu ra" in found["$.candidates[2].levels[0]"]
    assert "Năm 2019" in found["$.candidates[2].levels[0].cost_vnd.a.2019"]
    assert "lõm" in found["$.outputs[0].curve"]
    assert "extra" in found["$.extra"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{", "JSON"),
        ('{"schema": "a", "schema": "b"}', "hai lần"),
        ('{"schema": NaN}', "không phải là số"),
        ('{"schema": 1e400}', "vượt quá"),
        ("[]", "đối tượng"),
    ],
)
def test_what_is_no_problem_at_all_is_refused_in_words(text: str, part: str) -> None:
    assert part in mistakes_of(text)["$"]


@pytest.mark.parametrize("amount", [True, 1.0, -1, "5", None, 1e9])
def test_money_is_a_whole_number_of_dong(amount: object) -> None:
    data = file_of()
    data["candidates"][0]["levels"][0]["cost_vnd"] = {"a": {"2012": amount}}
    assert "$.candidates[0].levels[0].cost_vnd.a.2012" in mistakes_of(data)


def test_unknown_keys_are_refused_everywhere() -> None:
    places = (
        lambda data: data["sources"][0],
        lambda data: data["outputs"][0],
        lambda data: data["candidates"][0],
        lambda data: data["candidates"][0]["levels"][0],
    )
    for place in places:
        data = file_of()
        place(data)["la_lung"] = 1
        assert any(path.endswith("la_lung") for path in mistakes_of(data))
    data = file_of()
    data["links"] = [{"kind": "requires", "candidate": "P0", "needs": "P1", "la_lung": 1}]
    assert "$.links[0].la_lung" in mistakes_of(data)
    data["links"] = []
    data["limits"] = [{"id": "L", "where": {"la_lung": ["x"]}, "at_most_vnd": 1}]
    assert "$.limits[0].where.la_lung" in mistakes_of(data)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"links": [{"kind": "requires", "candidate": "P0", "needs": "P99"}]}, "$.links[0]"),
        ({"links": [{"kind": "requires", "candidate": "P0", "needs": "P0"}]}, "$.links[0]"),
        ({"links": [{"kind": "at_most_one", "candidates": ["P0", "P0"]}]}, "$.links[0].candidates"),
        ({"links": [{"kind": "at_least", "candidates": ["P0"]}]}, "$.links[0].count"),
        ({"limits": [{"id": "L", "where": {}}]}, "$.limits[0]"),
        ({"limits": [{"id": "L", "where": {"source": ["?"]}, "at_most_vnd": 1}]}, "$.limits[0].where.source"),
        ({"reference_plan": {"P0": "?"}}, "$.reference_plan.P0"),
        ({"years": [2012, 2012]}, "$.years"),
        ({"stages": ["luck"]}, "$.stages[0]"),
    ],
)
def test_references_that_lead_nowhere_are_told(change: dict, path: str) -> None:
    data = {**file_of(), "links": [], "limits": [], **change}
    assert path in mistakes_of(data)


def test_chains_and_units_are_checked() -> None:
    data = file_of()
    by_id = {output["id"]: output for output in data["outputs"]}
    by_id["q"]["follows"] = "q2"
    by_id["c"]["follows"] = "q"
    by_id["c"]["reached"] = {"noi-khac": ["phong"]}
    found = mistakes_of(data)
    place = {output["id"]: number for number, output in enumerate(data["outputs"])}
    assert f"$.outputs[{place['q']}].follows" in found
    assert f"$.outputs[{place['c']}].follows" in found
    assert f"$.outputs[{place['c']}].reached.noi-khac" in found


def test_a_broken_plan_file_is_refused_with_paths() -> None:
    with pytest.raises(InvalidPlan) as caught:
        read_plan('{"schema": "phanbo-plan/1", "levels": {"P": 3}, "money_vnd": {"a": {"2012": 1.5}}}')
    paths = {mistake.path for mistake in caught.value.mistakes}
    assert {"$.levels.P", "$.money_vnd.a.2012", "$.score"} <= paths
