"""Every single slip in a problem or plan file is refused in words, at its place, and never by a traceback."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from optimizer import (
    InvalidProblem,
    check_problem,
    read_plan,
    read_problem,
    solve,
    verify_plan,
    write_plan,
)
from optimizer.__main__ import main
from optimizer.errors import Mistake
from tests.optimizer.whole_files import (
    OPEN_KEYS,
    TOO_LARGE,
    Steps,
    assert_in_words,
    changed,
    is_said_at,
    path_of,
    places,
    whole_file,
    without,
    wrong_values,
)

WHOLE = whole_file()
PLAN = json.loads(write_plan(solve(read_problem(json.dumps(WHOLE)))))
REQUIRED = frozenset(
    ["schema", "years", "sources", "outputs", "candidates", "id", "kind", "levels", "cost_vnd", "needs"]
)


def mistakes_in(data: Any) -> tuple[Mistake, ...]:
    """Return the mistakes of a problem file; a lawful file is a failure here."""
    with pytest.raises(InvalidProblem) as caught:
        read_problem(data if isinstance(data, str) else json.dumps(data))
    return caught.value.mistakes


def test_the_whole_file_is_lawful() -> None:
    problem = read_problem(json.dumps(WHOLE))
    assert verify_plan(problem, read_plan(json.dumps(PLAN))).broken == ()


@pytest.mark.parametrize("part", ["sources", "outputs", "candidates", "limits", "links", "others"])
def test_a_wrong_value_anywhere_is_refused_at_its_place(part: str) -> None:
    known = ("sources", "outputs", "candidates", "limits", "links")
    tried = 0
    for steps, value in places(WHOLE):
        if value is None or (steps[0] if steps[0] in known else "others") != part:
            continue
        for wrong in wrong_values(steps, value):
            tried += 1
            mistakes = mistakes_in(changed(WHOLE, steps, wrong))
            assert is_said_at(path_of(steps), mistakes), (path_of(steps), str(wrong)[:40], mistakes)
            assert_in_words(mistakes)
    assert tried >= 90


def test_what_may_be_null_may_be_nothing_else() -> None:
    tried = 0
    for steps, value in places(WHOLE):
        if value is None:
            for wrong in (True, 0, {}, [1]):
                tried += 1
                assert is_said_at(path_of(steps), mistakes_in(changed(WHOLE, steps, wrong)))
    assert tried == 16


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e19", "1e400", "9" * 5000])
def test_no_number_out_of_all_bounds_is_read(number: str) -> None:
    for steps in (
        ("sources", 0, "ceiling_vnd", "2012"),
        ("candidates", 0, "levels", 0, "yields", "q", "2012"),
        ("outputs", 0, "weight"),
        ("candidates", 0, "rank"),
    ):
        text = json.dumps(changed(WHOLE, steps, "@")).replace('"@"', number)
        mistakes = mistakes_in(text)
        assert_in_words(mistakes)
        assert is_said_at(path_of(steps), mistakes) or mistakes[0].path == "$"


def test_a_key_nobody_knows_is_refused_in_every_object() -> None:
    tried = 0
    for steps, value in [((), WHOLE), *places(WHOLE)]:
        is_open = any(step in OPEN_KEYS for step in steps)
        if isinstance(value, dict) and not is_open:
            tried += 1
            here = changed(WHOLE, (*steps, "la_lung"), 1)
            assert f"{path_of(steps)}.la_lung" in {told.path for told in mistakes_in(here)}
    assert tried >= 20


def test_a_year_that_is_no_year_is_refused_where_keys_are_years() -> None:
    for steps in (("sources", 0, "ceiling_vnd"), ("candidates", 0, "levels", 0, "cost_vnd", "tx")):
        for year in ("12", "2012.0", "năm 2012", "", "2019", "-2012", "２０１２"):
            mistakes = mistakes_in(changed(WHOLE, (*steps, year), 5))
            assert is_said_at(path_of(steps), mistakes), year
            assert_in_words(mistakes)
    for year in ("12", "năm 2012"):
        assert mistakes_in(changed(WHOLE, ("candidates", 0, "levels", 0, "yields", "q", year), 5))


def test_what_is_missing_is_named() -> None:
    tried = 0
    for steps, _ in places(WHOLE):
        is_link = steps[0] == "links" and steps[-1] in ("candidate", "candidates", "count")
        if is_link or (steps[-1] in REQUIRED and not any(step in OPEN_KEYS for step in steps[:-1])):
            tried += 1
            told = {mistake.path: mistake.words for mistake in mistakes_in(without(WHOLE, steps))}
            assert told[path_of(steps)].startswith("Thiếu"), steps
    assert tried >= 35


@pytest.mark.parametrize(
    "steps",
    [
        ("sources", 1, "id"),
        ("outputs", 3, "id"),
        ("candidates", 2, "id"),
        ("candidates", 0, "levels", 1, "id"),
    ],
)
def test_an_id_twice_is_refused(steps: Steps) -> None:
    first = {"sources": "tx", "outputs": "q", "candidates": "P1"}[str(steps[0])]
    twice = changed(WHOLE, steps, "m0" if "levels" in steps else first)
    mistakes = mistakes_in(twice)
    assert any("lặp" in told.words or "cùng mã" in told.words for told in mistakes)
    assert_in_words(mistakes)


def test_a_limit_id_twice_and_a_key_twice_are_refused() -> None:
    twice = {**WHOLE, "limits": [*WHOLE["limits"], *WHOLE["limits"]]}
    assert "$.limits[1].id" in {told.path for told in mistakes_in(twice)}
    text = json.dumps(WHOLE).replace('"title":', '"years": [2012], "title":', 1)
    (told,) = mistakes_in(text)
    assert "hai lần" in told.words


UNKNOWN = [
    (("sources", 0, "eligible", 0), "P9", "$.sources[0].eligible"),
    (("sources", 0, "transfers_to", 0), "tx", "$.sources[0].transfers_to"),
    (("sources", 0, "transfers_to", 0), "zz", "$.sources[0].transfers_to"),
    (("outputs", 1, "follows"), "zz", "$.outputs[1].follows"),
    (("outputs", 2, "reached", "zz"), ["phong"], "$.outputs[2].reached.zz"),
    (("outputs", 2, "reached", "xa-1"), ["zz"], "$.outputs[2].reached.xa-1"),
    (("candidates", 1, "min_level"), "zz", "$.candidates[1].min_level"),
    (("candidates", 2, "pinned_level"), "zz", "$.candidates[2].pinned_level"),
    (("candidates", 0, "min_level"), "m0", "$.candidates[0].min_level"),
    (("candidates", 0, "pinned_level"), "m0", "$.candidates[0].pinned_level"),
    (("candidates", 0, "levels", 0, "cost_vnd", "zz"), {"2012": 1}, "$.candidates[0].levels[0].cost_vnd.zz"),
    (("candidates", 2, "levels", 0, "cost_vnd", "tx"), {"2012": 1}, "$.candidates[2].levels[0].cost_vnd.tx"),
    (("candidates", 0, "levels", 0, "yields", "zz"), {"2012": 1}, "$.candidates[0].levels[0].yields.zz"),
    (("candidates", 0, "levels", 0, "covers"), {"zz": {}}, "$.candidates[0].levels[0].covers.zz"),
    (("candidates", 0, "levels", 0, "delivers"), {"zz": []}, "$.candidates[0].levels[0].delivers.zz"),
    (("candidates", 0, "levels", 1, "covers", "c", "zz"), [], "$.candidates[0].levels[1].covers.c.zz"),
    (
        ("candidates", 0, "levels", 1, "covers", "c", "may"),
        ["zz"],
        "$.candidates[0].levels[1].covers.c.may",
    ),
    (("candidates", 0, "levels", 1, "delivers", "d"), ["zz"], "$.candidates[0].levels[1].delivers.d"),
    (("limits", 0, "where", "source"), ["zz"], "$.limits[0].where.source"),
    (("limits", 0, "where", "year"), [2020], "$.limits[0].where.year"),
    (("links", 0, "candidate"), "zz", "$.links[0]"),
    (("links", 0, "needs"), "P1", "$.links[0]"),
    (("links", 0, "min_level"), "zz", "$.links[0].min_level"),
    (("links", 1, "candidates"), ["P1", "zz"], "$.links[1]"),
    (("links", 1, "candidates"), ["P1", "P1"], "$.links[1].candidates"),
    (("reference_plan", "zz"), "m0", "$.reference_plan.zz"),
    (("reference_plan", "P1"), "zz", "$.reference_plan.P1"),
]


@pytest.mark.parametrize(("steps", "value", "path"), UNKNOWN)
def test_a_name_that_leads_nowhere_is_told_where_it_stands(steps: Steps, value: Any, path: str) -> None:
    mistakes = mistakes_in(changed(WHOLE, steps, value))
    assert path in {told.path for told in mistakes}
    assert_in_words(mistakes)


WRONG_CONTENT = [
    # A curve rises from 0, bends downwards only, and ends at the whole weight.
    (("outputs", 0, "curve"), [[0.5, 0.2], [1, 1]], "lõm"),
    (("outputs", 0, "curve"), [[0.5, 0.7], [0.4, 0.8], [1, 1]], "tăng dần"),
    (("outputs", 0, "curve"), [[0.5, 0.7], [0.8, 0.6], [1, 1]], "đi lên"),
    (("outputs", 0, "curve"), [[0, 0.3], [1, 1]], "tăng dần"),
    (("outputs", 0, "curve"), [[0.5, 0.7], [0.5, 0.8], [1, 1]], "tăng dần"),
    (("outputs", 0, "curve"), [[0.5, 0.7]], "[1, 1]"),
    (("outputs", 0, "curve"), [[0.5, 0.7], [1.5, 1]], "[1, 1]"),
    (("outputs", 0, "curve"), [[0.5, 0.7, 1], [1, 1]], "độ dài"),
    (("outputs", 0, "curve"), [[0.5], [1, 1]], "độ dài"),
    (("outputs", 0, "curve"), [], "độ dài"),
    # Counts.
    (("outputs", 0, "weight"), -3, "âm"),
    (("outputs", 0, "target"), None, "chỉ tiêu"),
    (("outputs", 0, "start"), 3, "đầu kỳ"),
    (("outputs", 1, "target"), 20.5, "cao hơn"),
    (("outputs", 2, "components"), [], "thành phần"),
    (("outputs", 3, "components"), [], "thành phần"),
    (("outputs", 4, "at_least"), 2, "không quá 1"),
    (("outputs", 2, "follows"), "q", "độ phủ nối với độ phủ"),
    (("outputs", 0, "follows"), "q2", "vòng"),
    # Levels and what they promise.
    (("candidates", 0, "levels"), [], "độ dài"),
    (("candidates", 0, "levels", 0, "yields"), {}, "không tạo đầu ra"),
    (("candidates", 0, "levels", 0, "yields"), {"q": {}}, "không tạo đầu ra"),
    (("candidates", 2, "levels", 0, "covers"), {"c": {"may": []}}, "không tạo đầu ra"),
    (("candidates", 1, "levels", 0, "delivers"), {"d": []}, "không tạo đầu ra"),
    (("candidates", 0, "levels", 0, "yields"), {"c": {"2012": 1}}, "coverage"),
    (("candidates", 0, "levels", 0, "yields"), {"d": {"2012": 1}}, "deliverable"),
    (("candidates", 0, "levels", 0, "yields"), {"o": {"2012": 1}}, "không được hứa"),
    (("candidates", 0, "levels", 0, "covers"), {"q": {"phong": ["xa-1"]}}, "quantity"),
    (("candidates", 0, "levels", 0, "delivers"), {"c": ["phong"]}, "coverage"),
    (("candidates", 0, "levels", 0, "delivers"), {"o": ["x"]}, "không được hứa"),
    (("candidates", 0, "levels", 0, "cost_vnd", "tx", "2019"), 1, "2019"),
    (("sources", 0, "ceiling_vnd"), {"2013": 5}, "không có trần"),
    # Years, limits, links, stages.
    (("years"), [], "độ dài"),
    (("years"), [2012, 2012], "lặp"),
    (("years"), [2012], "2013"),
    (("limits", 0, "where", "agency"), [], "độ dài"),
    (("links", 2, "candidates"), [], "độ dài"),
    (("stages"), [], "độ dài"),
]


@pytest.mark.parametrize(("steps", "value", "part"), WRONG_CONTENT)
def test_what_makes_no_sense_is_refused_in_words(steps: Any, value: Any, part: str) -> None:
    steps = (steps,) if isinstance(steps, str) else steps
    mistakes = mistakes_in(changed(WHOLE, steps, value))
    assert any(part in told.words for told in mistakes), mistakes
    assert_in_words(mistakes)


def test_a_limit_without_any_amount_is_refused() -> None:
    data = changed(changed(WHOLE, ("limits", 0, "at_least_vnd"), None), ("limits", 0, "at_most_vnd"), None)
    assert [told.path for told in mistakes_in(data)] == ["$.limits[0]"]


def test_too_many_digits_are_refused_where_they_would_be_lost() -> None:
    for steps in (("outputs", 0, "weight"), ("candidates", 0, "levels", 0, "yields", "q", "2012")):
        text = json.dumps(changed(WHOLE, steps, "@")).replace('"@"', "0.1234567890123456789")
        assert "15 chữ số" in {told.path: told.words for told in mistakes_in(text)}[path_of(steps)]


def test_many_mistakes_are_told_at_once() -> None:
    """Slips of content all at once, then slips of form on top: what is told alone is told together."""
    data, paths, used = WHOLE, set(), set()
    for steps, value, path in UNKNOWN:
        if path not in paths and steps not in used:
            data = changed(data, steps, value)
            paths.add(path)
            used.add(steps)
    told = mistakes_in(data)
    assert len(paths) >= 20
    assert paths <= {mistake.path for mistake in told}
    data = changed(data, ("outputs", 0, "weight"), -1)
    for steps, value in ((("la_lung",), 1), (("title",), 5), (("limits", 0, "hard"), "đúng")):
        data = changed(data, steps, value)
        paths.add(path_of(steps))
    assert paths | {"$.outputs[0].weight"} <= {mistake.path for mistake in mistakes_in(data)}


def test_two_slips_of_form_are_both_told() -> None:
    draw = Random(9)
    every = [
        (steps, wrong)
        for steps, value in places(WHOLE)
        if value is not None
        for wrong in wrong_values(steps, value)
        if not isinstance(wrong, str) and wrong not in (0, -1, -0.5, TOO_LARGE)
    ]
    for _ in range(150):
        (one, wrong_one), (other, wrong_other) = draw.sample(every, 2)
        # Inside a link of no known kind, and inside what is replaced as a whole, nothing else can be said.
        if one[: len(other)] == other or other[: len(one)] == one or "kind" in (one[-1], other[-1]):
            continue
        told = mistakes_in(changed(changed(WHOLE, one, wrong_one), other, wrong_other))
        assert is_said_at(path_of(one), told), (one, wrong_one, other, wrong_other)
        assert is_said_at(path_of(other), told), (one, wrong_one, other, wrong_other)


def test_the_command_line_says_the_same_and_never_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    plan.write_text(json.dumps(PLAN), encoding="utf-8")
    slips = [changed(WHOLE, steps, value) for steps, value, _ in UNKNOWN[::4]]
    slips += [changed(WHOLE, ("sources", 0, "id"), []), changed(WHOLE, ("reference_plan",), 5), [], None, 5]
    for data in slips:
        problem.write_text(json.dumps(data), encoding="utf-8")
        expected = [(told.path, told.words) for told in mistakes_in(data)]
        for words in (
            ["solve", str(problem), "--out", str(tmp_path / "new.json")],
            ["verify", str(problem), str(plan)],
        ):
            assert main([*words, "--json"]) == 2
            said = capsys.readouterr()
            assert [(item["path"], item["words"]) for item in json.loads(said.out)["mistakes"]] == expected
            assert expected[0][1] in said.err
            assert "Traceback" not in said.err
    assert not (tmp_path / "new.json").exists()


def test_a_problem_built_in_python_is_held_to_the_same() -> None:
    problem = read_problem(json.dumps(WHOLE))
    source = problem.sources[0]
    for amount in (True, 1.0, -1, TOO_LARGE, None, "5"):
        wrong = type(source)(source.id, source.name, source.nature, {2012: amount, 2013: 5})  # type: ignore[dict-item]

        told = check_problem(replace(problem, sources=(wrong, *problem.sources[1:])))
        assert "$.sources[0].ceiling_vnd.2012" in {mistake.path for mistake in told}
