"""Edits as files: both ways, all mistakes at once, and words that say what changes."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from optimizer import AllocationProblem, CandidateState, InvalidProblem, Limit, LimitScope
from optimizer.edit_words import edits_words
from optimizer.edits import CeilingEdit, EditStep, LimitEdit, StateEdit, WeightEdit, apply_edits
from optimizer.edits_exchange import EDITS_FILE, edits_to_json, read_edits, write_edits
from optimizer.problem import Output, OutputKind
from optimizer.schema_check import read_json, schema_mistakes
from tests.optimizer.builders import (
    MILLION,
    YEAR,
    a_candidate,
    a_level,
    a_problem,
    a_source,
    trained,
    training_output,
)
from tests.optimizer.random_edits import random_edits
from tests.optimizer.small_problems import random_problem

PAGE = Path(__file__).parents[2] / "docs" / "what-if-and-money.md"


def the_problem() -> AllocationProblem:
    return a_problem(
        a_candidate("A", a_level(60 * MILLION, "toi-thieu", yields=trained(50)), a_level(70 * MILLION)),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40))),
        outputs=(training_output(), Output("hai-long", "Hài lòng", OutputKind.OUTCOME)),
        sources=(a_source(100 * MILLION), a_source(0, "tu-do", is_uncapped=True)),
        limits=(Limit("L", "Trần sở", LimitScope(), at_most_vnd=90 * MILLION),),
    )


def text_of(*edits: dict[str, Any], **others: Any) -> str:
    return json.dumps({"schema": "phanbo-edits/1", "edits": edits, **others})


def mistakes_of(text: str) -> dict[str, str]:
    with pytest.raises(InvalidProblem) as caught:
        read_edits(text, the_problem())
    return {item.path: item.words for item in caught.value.mistakes}


def test_the_example_of_the_page_keeps_the_schema_and_has_every_kind() -> None:
    example = PAGE.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0]
    assert schema_mistakes(read_json(example), EDITS_FILE) == ()
    kinds = [item["kind"] for item in json.loads(example)["edits"]]
    assert set(kinds) == {"envelope", "pin", "commit", "bar", "open", "level", "weight", "limit"}


def test_every_kind_is_read_as_people_say_it() -> None:
    step = read_edits(
        text_of(
            {"kind": "envelope", "source": "tinh", "year": YEAR, "change_vnd": -3 * MILLION},
            {"kind": "level", "candidate": "A", "level": "toi-thieu"},
            {"kind": "commit", "candidate": "B", "min_level": "day-du"},
            {"kind": "weight", "output": "hoc-vien", "weight": 12.5},
            {"kind": "limit", "limit": "L", "at_least_vnd": 5},
            title="Thử",
        ),
        the_problem(),
    )
    assert step == EditStep(
        "Thử",
        (
            CeilingEdit("tinh", YEAR, 97 * MILLION),
            StateEdit("A", CandidateState.PINNED, "toi-thieu"),
            StateEdit("B", CandidateState.COMMITTED, "day-du"),
            WeightEdit("hoc-vien", Fraction(25, 2)),
            # What a file does not speak of stays as it is.
            LimitEdit("L", 5, 90 * MILLION),
        ),
    )
    others = (
        {"kind": "envelope", "source": "tinh", "year": YEAR, "ceiling_vnd": 7},
        {"kind": "pin", "candidate": "A", "level": None},
        {"kind": "bar", "candidate": "B"},
        {"kind": "limit", "limit": "L", "at_least_vnd": 5, "at_most_vnd": None},
    )
    assert read_edits(text_of(*others), the_problem()).edits == (
        CeilingEdit("tinh", YEAR, 7),
        StateEdit("A", CandidateState.PINNED),
        StateEdit("B", CandidateState.BARRED),
        LimitEdit("L", 5, None),
    )
    opened = read_edits(text_of({"kind": "open", "candidate": "A"}), the_problem()).edits
    assert opened == (StateEdit("A", CandidateState.OPEN),)


def test_what_is_written_reads_back_and_keeps_the_schema() -> None:
    kinds = set()
    for seed in range(30):
        draw = Random(seed)
        problem = random_problem(draw)
        unique = {getattr(edit, edit.__slots__[0]): edit for edit in random_edits(draw, problem)}
        step = EditStep(f"Bước {seed}", tuple(unique.values()))
        text = write_edits(step)
        assert schema_mistakes(read_json(text), EDITS_FILE) == ()
        assert apply_edits(problem, read_edits(text, problem).edits) == apply_edits(problem, step.edits)
        kinds |= {item["kind"] for item in edits_to_json(step)["edits"]}
    assert kinds == {"envelope", "pin", "commit", "bar", "open", "weight", "limit"}


def test_all_mistakes_are_told_at_once_with_their_place() -> None:
    told = mistakes_of(
        text_of(
            {"kind": "envelope", "source": "khong-co", "year": YEAR, "ceiling_vnd": 1},
            {"kind": "envelope", "source": "tinh", "year": YEAR},
            {"kind": "envelope", "source": "tinh", "year": 2099, "ceiling_vnd": 1},
            {"kind": "envelope", "source": "tu-do", "year": YEAR, "ceiling_vnd": 1},
            {"kind": "level", "candidate": "A"},
            {"kind": "pin", "candidate": "A", "level": "day-du-2"},
            {"kind": "weight", "output": "hai-long", "weight": 2},
            {"kind": "weight", "output": "hoc-vien", "weight": 0},
            {"kind": "limit", "limit": "L"},
            {"kind": "limit", "limit": "M", "at_most_vnd": -1},
            {"kind": "bar", "candidate": "B", "level": "day-du"},
            {"kind": "open", "candidate": "C"},
            {"kind": "thu"},
            7,
            la=1,
        )
    )
    assert set(told) == {
        "$.edits[0]", "$.edits[1]", "$.edits[2]", "$.edits[3]", "$.edits[4].level", "$.edits[5]",
        "$.edits[6]", "$.edits[7]", "$.edits[8]", "$.edits[9].at_most_vnd", "$.edits[10].level",
        "$.edits[11]", "$.edits[12].kind", "$.edits[13]", "$.la",
    }  # fmt: skip
    assert told["$.edits[0]"] == "Không có nguồn “khong-co”."
    assert told["$.edits[6]"].startswith("“Hài lòng” là kết quả cuối cùng")
    assert mistakes_of("[1")["$"].startswith("Không đọc được JSON")


def test_one_thing_is_changed_once_and_not_below_nothing() -> None:
    told = mistakes_of(
        text_of(
            {"kind": "pin", "candidate": "A"},
            {"kind": "bar", "candidate": "A"},
            {"kind": "envelope", "source": "tinh", "year": YEAR, "change_vnd": -101 * MILLION},
        )
    )
    assert told == {
        "$.edits[1]": "Điều này đã được sửa ở edits[0]; mỗi điều chỉ sửa một lần.",
        "$.edits[2].change_vnd": "Trần chỉ có 100.000.000 đồng, không thể bớt 101.000.000 đồng.",
    }


def test_a_weight_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(InvalidProblem, match="15 chữ số"):
        apply_edits(the_problem(), (WeightEdit("hoc-vien", Fraction(1, 3)),))
    with pytest.raises(InvalidProblem, match="số nguyên đồng"):
        apply_edits(the_problem(), (CeilingEdit("tinh", YEAR, 1.5),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (
            CeilingEdit("tinh", YEAR, 103 * MILLION),
            "nâng trần nguồn “Nguồn tinh” năm 2012 thêm 3.000.000 đồng (lên 103.000.000 đồng)",
        ),
        (
            CeilingEdit("tinh", YEAR, 0),
            "hạ trần nguồn “Nguồn tinh” năm 2012 bớt 100.000.000 đồng (xuống 0 đồng)",
        ),
        (CeilingEdit("tinh", YEAR, 100 * MILLION), "giữ trần nguồn “Nguồn tinh” năm 2012 ở 100.000.000 đồng"),
        (StateEdit("A", CandidateState.PINNED, "toi-thieu"), "ghim “Dự án A” ở mức “toi-thieu”"),
        (
            StateEdit("A", CandidateState.COMMITTED, "toi-thieu"),
            "cam kết cấp “Dự án A” từ mức “toi-thieu” trở lên",
        ),
        (StateEdit("A", CandidateState.BARRED), "loại “Dự án A”"),
        (StateEdit("A", CandidateState.OPEN), "để ngỏ “Dự án A”"),
        (WeightEdit("hoc-vien", Fraction(5, 2)), "đổi trọng số “Người được đào tạo” từ 100 thành 2,5"),
        (LimitEdit("L", None, 1), "đổi trần “Trần sở” từ 90.000.000 đồng thành 1 đồng"),
        (LimitEdit("L", 2, None), "đặt sàn “Trần sở” là 2 đồng và bỏ trần “Trần sở”"),
        (LimitEdit("L", None, 90 * MILLION), "giữ nguyên “Trần sở”"),
    ],
)
def test_edits_are_said_in_words(edit: object, words: str) -> None:
    assert edits_words(the_problem(), (edit,)) == words  # type: ignore[arg-type]
