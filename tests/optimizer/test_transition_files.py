"""Transitions as files and as a verb: mistakes all at once, the schema of the answer, the page's example."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from optimizer import InvalidProblem
from optimizer.__main__ import main
from optimizer.schema_check import read_json, schema_mistakes
from optimizer.transition.blocks import run_transition
from optimizer.transition.exchange import ANSWER_FILE, TRANSITION_FILE, blocks_to_json, read_transition

PAGE = Path(__file__).parents[2] / "docs" / "transition.md"


def page_example() -> str:
    return PAGE.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0]


def changed(change: Any) -> str:
    data = json.loads(page_example())
    change(data)
    return json.dumps(data)


def mistakes_of(text: str) -> dict[str, str]:
    with pytest.raises(InvalidProblem) as caught:
        read_transition(text)
    return {item.path: item.words for item in caught.value.mistakes}


def test_the_example_of_the_page_gives_the_table_of_the_page() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith(("| A |", "| B |", "| C |"))
    ]
    transition = read_transition(page_example())
    data = blocks_to_json(transition.title, run_transition(transition))
    columns = (
        "code headcount_share result_share raw_vnd floor_vnd cap_vnd amount_vnd rule".split()  # noqa: SIM905
    )
    (year,) = data["years"]
    assert [[str(block[column]) for column in columns] for block in year["agencies"]] == rows
    assert len(rows) == 3
    assert year["multiplier"] == "47/50"
    assert schema_mistakes(read_json(json.dumps(data)), ANSWER_FILE) == ()
    assert schema_mistakes(read_json(page_example()), TRANSITION_FILE) == ()


def test_all_mistakes_are_told_at_once() -> None:
    def spoil(data: Any) -> None:
        data["la"] = 1
        data["calendar"]["2014"] = 0.1
        data["agencies"][1]["code"] = "A"
        data["agencies"][0]["last_year_vnd"] = 1.5
        year = data["years"][0]
        year["norm_vnd"] = 0
        year["total_vnd"] = True
        year["corridor"] = {"down": 1.1, "up": -1}
        year["agencies"][0]["results"][0]["price_vnd"] = 400000.0
        year["agencies"][0]["results"][0]["verify"] = 3
        year["agencies"][1]["results"][0]["place_factor"] = 0
        year["agencies"][2]["results"][0].pop("planned_at_most")
        year["agencies"][2]["headcount"] = -4

    told = mistakes_of(changed(spoil))
    assert set(told) == {
        "$.la",
        "$.calendar.2014",
        "$.agencies[1].code",
        "$.agencies[0].last_year_vnd",
        "$.years[0].norm_vnd",
        "$.years[0].total_vnd",
        "$.years[0].corridor.down",
        "$.years[0].corridor.up",
        "$.years[0].agencies[0].results[0].price_vnd",
        "$.years[0].agencies[0].results[0].verify",
        "$.years[0].agencies[1].code",
        "$.years[0].agencies[1].results[0].place_factor",
        "$.years[0].agencies[2].results[0].verified",
        "$.years[0].agencies[2].headcount",
    }
    assert "không được đi lùi" in told["$.calendar.2014"]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("$.years", lambda data: data["years"].append({**data["years"][0]})),
        ("$.years", lambda data: data["years"].append({**data["years"][0], "year": 2015})),
        ("$.years[0].year", lambda data: data["calendar"].pop("2013")),
        ("$.years[0].agencies[1].code", lambda data: data["years"][0]["agencies"][1].update(code="A")),
        ("$.years[0].agencies", lambda data: data["years"][0].update(agencies=[])),
        ("$.years", lambda data: data.update(years=[])),
        ("$.agencies", lambda data: data.pop("agencies")),
        ("$.agencies[0].code", lambda data: data["agencies"][0].update(code="")),
        ("$.calendar", lambda data: data["calendar"].update(nay=0.5)),
        ("$.schema", lambda data: data.update(schema="phanbo-transition/2")),
        (
            "$.years[0].agencies[0].results[0].verified",
            lambda data: data["years"][0]["agencies"][0]["results"][0].update(verified=-1),
        ),
    ],
)
def test_each_mistake_is_found_at_its_place(path: str, change: Any) -> None:
    told = mistakes_of(changed(change))
    assert path in told
    assert told[path].endswith(".")


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["agencies"][0].update(code=[]),
        lambda data: data["years"][0].update(year="2013"),
        lambda data: data["years"][0]["agencies"][0]["results"][0].update(quality="tốt"),
        lambda data: data.update(calendar=3),
        lambda data: data["years"][0].update(agencies={"A": 1}),
    ],
)
def test_a_value_of_a_wrong_kind_is_told_not_tripped_over(change: Any) -> None:
    assert mistakes_of(changed(change))


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": 1, "schema": 2}', "null"])
def test_a_text_that_is_no_transition_is_refused(text: str) -> None:
    assert "$" in {path[:1] for path in mistakes_of(text)}


def test_the_verb_shares_out_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "transition.json", tmp_path / "answer.json"
    path.write_text(page_example(), encoding="utf-8")
    assert main(["transition", str(path), "--out", str(out), "--json"]) == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert told["exit_code"] == 0
    assert told["transition"] == json.loads(out.read_text(encoding="utf-8"))
    given = [block["amount_vnd"] for block in told["transition"]["years"][0]["agencies"]]
    assert given == [12_150_000_000, 10_800_000_000, 7_050_000_000]
    assert "Được giao 7.050.000.000 đồng" in captured.err
    path.write_text(changed(lambda data: data["years"][0].update(total_vnd=1)), encoding="utf-8")
    assert main(["transition", str(path), "--json"]) == 3
    conflict = json.loads(capsys.readouterr().out)["conflicts"][0]
    assert conflict["rules"] == ["corridor:floor:2013"]
    assert "26.999.999.999 đồng" in conflict["words"]
    path.write_text(changed(lambda data: data.pop("years")), encoding="utf-8")
    assert main(["transition", str(path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["mistakes"] == [{"path": "$.years", "words": "Thiếu “years”."}]
