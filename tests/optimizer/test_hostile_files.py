"""Files and options made to deceive or to break the program end in exit code 2 and a Vietnamese sentence."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from optimizer.__main__ import main
from optimizer.contradictions import find_contradictions
from optimizer.exchange import read_problem
from optimizer.wording import number_words

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PROBLEM, PLAN = EXAMPLES / "audit-problem.json", EXAMPLES / "audit-plan.json"
EXPLANATION = EXAMPLES / "audit-explanation.json"


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    code = main([*arguments, "--json"])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, json.loads(said.out)


def refused_words(text: str | bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The only mistake of a problem file, and that nothing was written."""
    file, plan = folder / "problem.json", folder / "plan.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, data = told(["solve", str(file), "--out", str(plan)], capsys)
    assert (code, plan.exists(), len(data["mistakes"])) == (2, False, 1)
    return str(data["mistakes"][0]["words"])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"weight": 80', '"weight": 1e99999999999999999999', "vượt quá phạm vi"),
        ('"weight": 80', '"weight": 80.' + "3" * 6000, "quá nhiều chữ số"),
        ('"title": "', '"title": "\\ud800', "không trọn vẹn"),
        ('"2012": 40000000', '"2012": 40000000, "2012\\n": 50000000', "không đúng dạng"),
        ('"weight": 80', '"weight": ' + "[" * 100_000, "lồng nhau quá sâu"),
    ],
)
def test_what_only_looks_like_a_value_is_refused(
    old: str, new: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = PROBLEM.read_text(encoding="utf-8")
    assert old in text
    told_words = refused_words(text.replace(old, new, 1), tmp_path, capsys)
    assert words in told_words
    assert len(told_words) < 200


def test_a_mark_before_the_first_character_is_no_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked = tmp_path / "marked.json"
    marked.write_bytes(b"\xef\xbb\xbf" + PROBLEM.read_bytes())
    assert told(["verify", str(marked), str(PLAN)], capsys)[0] == 0


def test_many_keys_are_read_once_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Comparing every key with every other would take hours here."""
    keys = ",".join(f'"k{number}":1' for number in range(200_000))
    assert "“k7” xuất hiện hai lần" in refused_words(f'{{{keys},"k7":2}}', tmp_path, capsys)


@pytest.mark.parametrize("bound", ["9" * 5000, "74\n", "1/0"])
def test_a_certificate_with_a_forged_bound_is_refused(
    bound: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = json.loads(PLAN.read_text(encoding="utf-8"))
    plan["certificate"]["bound"] = bound
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    assert told(["verify", str(PROBLEM), str(tmp_path / "plan.json")], capsys)[0] == 2


def test_a_price_beyond_all_figures_breaks_the_certificate_and_not_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = json.loads(PLAN.read_text(encoding="utf-8"))
    plan["certificate"]["multipliers"]["ceiling:dt:2012"] = "9" * 3900
    (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    code, data = told(["verify", str(PROBLEM), str(tmp_path / "plan.json")], capsys)
    assert (code, [rule["rule"] for rule in data["broken"]]) == (1, ["certificate"])


def test_a_price_written_to_take_all_memory_is_no_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = json.loads(EXPLANATION.read_text(encoding="utf-8"))
    file = tmp_path / "why.json"
    command = ["verify", str(PROBLEM), str(PLAN), "--explanation", str(file)]
    for kind, expected in (("price", 1), ("tree", 1), ("loss", 2)):
        data = copy.deepcopy(whole)
        if kind == "price":
            data["answers"][1]["multipliers"]["ceiling:dt:2012"] = "1e999999999"
        elif kind == "tree":
            data["plan_tree"]["steps"][1]["bound"] = "1e999999999"
        else:
            data["answers"][1]["loss_at_least"] = "1e999999999"
        file.write_text(json.dumps(data), encoding="utf-8")
        assert told(command, capsys)[0] == expected


def test_evidence_that_is_only_said_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(EXPLANATION.read_text(encoding="utf-8"))
    del data["answers"][1]["proof"], data["answers"][1]["multipliers"]
    file = tmp_path / "why.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    code, found = told(["verify", str(PROBLEM), str(PLAN), "--explanation", str(file)], capsys)
    assert (code, found["explanation"]["unproven"]) == (1, ["C"])


@pytest.mark.parametrize(
    "option",
    [
        ("--time-limit", "nan"),
        ("--time-limit", "inf"),
        ("--time-limit", "-1"),
        ("--gap", "-1"),
        ("--gap", "nan"),
        ("--threads", "0"),
        ("--threads", "100000"),
        ("--seed", "99999999999999999999"),
    ],
)
def test_absurd_options_end_with_2_before_any_work(
    option: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["solve", str(PROBLEM), "--out", str(tmp_path / "plan.json"), *option])
    assert ended.value.code == 2
    assert f"đang là “{option[1]}”" in capsys.readouterr().err
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.parametrize("place", ["missing/plan.json", "file/plan.json", "circle", "folder", "n" * 300])
def test_a_place_where_nothing_can_be_written_is_told_before_the_search(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    monkeypatch.setattr("optimizer.commands.solve.run", None)  # what calls it ends in a TypeError
    code, data = told(["solve", str(PROBLEM), "--out", str(tmp_path / place)], capsys)
    assert code == 2
    assert ".part" not in data["mistakes"][0]["words"]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["circle", "file", "folder"]


def test_vietnamese_comes_out_whatever_the_terminal_says_of_itself() -> None:
    for encoding in ("ascii", "cp1252"):
        ended = subprocess.run(
            [sys.executable, "-m", "optimizer", "verify", str(PROBLEM), str(PLAN)],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            cwd=EXAMPLES.parents[1],
            check=False,
        )
        assert ended.returncode == 0
        assert "giữ mọi quy tắc" in ended.stdout.decode("utf-8")


def test_figures_are_told_exactly_up_to_where_nobody_reads_them() -> None:
    assert number_words(Fraction(123456789012345678)) == "123.456.789.012.345.678"
    assert number_words(Fraction(-5, 4)) == "-1,25"
    assert number_words(Fraction(-1, 10_000)) == "0"
    assert number_words(Fraction(10) ** 4000) == "quá 10^30"


def test_a_minimum_out_of_reach_is_told_with_its_unit() -> None:
    data = json.loads(PROBLEM.read_text(encoding="utf-8"))
    data["outputs"][0]["at_least"] = 155
    problem = read_problem(json.dumps(data))
    told_of = [item for item in find_contradictions(problem) if "minimum:hoc-vien" in item.rule_ids]
    assert any("mức tối thiểu 155 người không thể đạt" in item.words for item in told_of)
    assert any(" người." in (item.repair_words or "") for item in told_of)
