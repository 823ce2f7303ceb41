"""Every single slip in a plan file is refused in words, at its place, and never by a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from optimizer import InvalidPlan, read_plan, read_problem, solve, write_plan
from optimizer.__main__ import main
from optimizer.errors import Mistake
from tests.optimizer.whole_files import (
    FAR_TOO_LARGE,
    TOO_LARGE,
    Steps,
    assert_in_words,
    changed,
    is_said_at,
    path_of,
    places,
    whole_file,
    without,
)

WHOLE = whole_file()
PLAN = json.loads(write_plan(solve(read_problem(json.dumps(WHOLE)))))
PLAN_KINDS = {
    "problem_sha256": "name", "name": "text", "version": "text", "seed": "int", "threads": "int",
    "outcome": "word", "score": "any number", "bound": "any number", "gap": "any number",
    "seconds": "any number", "cpu_seconds": "any number", "value": "any number", "exact": "flag",
}  # fmt: skip
PLAN_WRONG: dict[str, tuple[Any, ...]] = {
    "text": (None, True, 1, [], {}),
    "name": (None, True, 1, [], {}),
    "word": (None, True, 1, "khong-co", "", [], {}),
    "int": (None, True, 1.5, "5", [], {}, FAR_TOO_LARGE),
    "any number": (True, "5", [], {}, FAR_TOO_LARGE),
    "flag": (None, 1, "true", [], {}),
    "money": (None, True, 1.5, 1.0, "5", -1, [], {}, TOO_LARGE, FAR_TOO_LARGE),
    "list": (None, True, 1, "x", {}),
    "object": (True, 1, "x", [], [1]),
    "fraction": (None, 1, 1.5, [], "một nửa", "1/0", "1.5e400"),
}


def plan_kind_at(steps: Steps, value: Any) -> str:
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "list"
    if steps[0] == "certificate":
        return "fraction"
    names = [str(step) for step in steps if isinstance(step, str)]
    below = {"money_vnd": "money", "outputs": "any number", "levels": "name"}.get(names[0])
    return below or PLAN_KINDS.get(names[-1], "word")


def mistakes_in_plan(data: Any) -> tuple[Mistake, ...]:
    with pytest.raises(InvalidPlan) as caught:
        read_plan(json.dumps(data))
    return caught.value.mistakes


def test_a_wrong_value_anywhere_in_a_plan_is_refused_at_its_place() -> None:
    tried = 0
    for steps, value in places(PLAN):
        for wrong in PLAN_WRONG[plan_kind_at(steps, value)]:
            tried += 1
            mistakes = mistakes_in_plan(changed(PLAN, steps, wrong))
            assert is_said_at(path_of(steps), mistakes), (path_of(steps), str(wrong)[:40], mistakes)
            assert_in_words(mistakes)
    assert tried >= 300


def test_keys_of_a_plan_are_known_and_there() -> None:
    for steps, value in [((), PLAN), *places(PLAN)]:
        is_open = steps[:1] in (("levels",), ("money_vnd",), ("outputs",)) or steps[-1:] == ("multipliers",)
        if isinstance(value, dict) and not is_open:
            told = mistakes_in_plan(changed(PLAN, (*steps, "la_lung"), 1))
            assert f"{path_of(steps)}.la_lung" in {mistake.path for mistake in told}
    for key in ("schema", "problem_sha256", "score", "levels", "money_vnd", "outputs"):
        assert f"$.{key}" in {mistake.path for mistake in mistakes_in_plan(without(PLAN, (key,)))}


def test_a_wrong_plan_ends_the_command_line_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(json.dumps(WHOLE), encoding="utf-8")
    for data in (changed(PLAN, ("score",), "cao"), changed(PLAN, ("levels",), []), [], {"schema": 1}):
        plan.write_text(json.dumps(data), encoding="utf-8")
        assert main(["verify", str(problem), str(plan), "--json"]) == 2
        said = capsys.readouterr()
        assert json.loads(said.out)["mistakes"]
        assert "Traceback" not in said.err
