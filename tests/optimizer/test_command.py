"""python -m optimizer: verbs, exit codes, and one JSON object on standard output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from optimizer.__main__ import main


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    problem, plan = str(tmp_path / "problem.json"), str(tmp_path / "plan.json")
    assert main(["generate", "--projects", "8", "--seed", "4", "--out", problem]) == 0
    assert main(["solve", problem, "--out", plan]) == 0
    return problem, plan


def output_of(capsys: pytest.CaptureFixture[str]) -> dict:
    return json.loads(capsys.readouterr().out)


def test_solve_verify_explain_in_a_row(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    problem, plan = files
    capsys.readouterr()
    assert main(["verify", problem, plan, "--json"]) == 0
    assert output_of(capsys)["kept"] is True
    assert main(["explain", problem, plan, "--candidate", "P0000", "--json"]) == 0
    told = output_of(capsys)["explanation"]
    assert [answer["candidate"] for answer in told["answers"]] == ["P0000"]
    assert told["answers"][0]["sentences"]
    assert main(["explain", problem, plan, "--candidate", "khong-co", "--json"]) == 2


def test_a_broken_plan_exits_1_with_the_rule_and_the_amount(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    problem, plan = files
    data = json.loads(Path(plan).read_text(encoding="utf-8"))
    data["score"] += 1
    Path(plan).write_text(json.dumps(data), encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", problem, plan, "--json"]) == 1
    assert output_of(capsys)["broken"][0]["rule"] == "stated:score"


def test_a_wrong_file_exits_2_with_every_mistake(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    problem, plan = files
    data = json.loads(Path(problem).read_text(encoding="utf-8"))
    data["years"], data["la"] = [True], 1
    Path(problem).write_text(json.dumps(data), encoding="utf-8")
    capsys.readouterr()
    assert main(["solve", problem, "--out", plan, "--json"]) == 2
    assert {"$.years[0]", "$.la"} <= {item["path"] for item in output_of(capsys)["mistakes"]}
    assert main(["solve", problem + "x", "--out", plan, "--json"]) == 2


def test_an_impossible_problem_exits_3_with_conflicts(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    problem, plan = files
    data = json.loads(Path(problem).read_text(encoding="utf-8"))
    for source in data["sources"]:
        source["ceiling_vnd"] = dict.fromkeys(source["ceiling_vnd"], 0)
    Path(problem).write_text(json.dumps(data), encoding="utf-8")
    capsys.readouterr()
    assert main(["solve", problem, "--out", plan, "--json"]) == 3
    conflicts = output_of(capsys)["conflicts"]
    assert conflicts
    assert "Nâng trần" in conflicts[0]["repair"]


def test_the_door_opens_as_a_program_and_verify_needs_no_solver(files: tuple[str, str]) -> None:
    problem, plan = files
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "optimizer", "verify", problem, plan, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0
    assert json.loads(told.stdout)["exit_code"] == 0
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in told.stderr.splitlines()}
    assert not {"pulp", "highspy", "numpy"} & loaded


def test_words_go_to_standard_output_and_refusals_to_standard_error(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, plan = files
    capsys.readouterr()
    assert main(["verify", problem, plan]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Phương án giữ mọi quy tắc")
    assert told.err == ""
    assert main(["verify", problem, plan, "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["kept"] is True
    assert told.err.startswith("Phương án giữ mọi quy tắc")
    missing = str(tmp_path / "khong-co.json")
    assert main(["verify", missing, plan]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"Không có tệp “{missing}”" in told.err


def test_an_explanation_file_is_audited_again(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem, plan = files
    why = tmp_path / "why.json"
    assert main(["explain", problem, plan, "--out", str(why)]) == 0
    capsys.readouterr()
    assert main(["verify", problem, plan, "--explanation", str(why), "--json"]) == 0
    answers = json.loads(why.read_text(encoding="utf-8"))["answers"]
    assert any(item["verdict"] == "evidence" for item in answers)
    why.write_text(json.dumps({"schema": "phanbo-explanation/1"}), encoding="utf-8")
    assert main(["verify", problem, plan, "--explanation", str(why), "--json"]) == 2
