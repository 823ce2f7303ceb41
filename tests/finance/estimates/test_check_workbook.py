"""The command that checks a workbook without a database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from finance.estimates.check_workbook import main
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.workbook.offline_context import offline_context
from finance.estimates.workbook.simple_template import write_simple_template
from finance.estimates.workbook.template import write_template
from finance.programme.classification import Nature, ProjectKind
from tests.builders import a_line

MADE_AT = datetime(2026, 1, 5, tzinfo=UTC)
CONTEXT = offline_context("SNV", 2026, round_code="DT2026")
LINE = a_line(
    "Mở lớp bồi dưỡng",
    source_code="NST_TX",
    nature=Nature.RECURRENT,
    year=2026,
    unit_name="lớp",
    unit_price_vnd=10_000_000,
    quantities=(4_000,),
    budget_code="",
    norm_code="",
    note="",
)
DRAFT = EstimateDraft(
    (ProjectDraft("4b", 1, CONTEXT.tasks["4b"].name_vi, ProjectKind.TASK, "4b", lines=(LINE,)),)
)


@pytest.fixture(autouse=True)
def no_caps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caps are for a process of its own, not for the one that runs the tests."""
    monkeypatch.setattr("finance.estimates.check_workbook.limit_this_process", lambda *_caps: None)


def _file(folder: Path, content: bytes) -> str:
    path = folder / "du-toan.xlsx"
    path.write_bytes(content)
    return str(path)


def test_an_honest_file_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = _file(tmp_path, write_simple_template(CONTEXT, DRAFT, made_at=MADE_AT))
    assert main([file]) == 0
    said = capsys.readouterr().out
    assert "Nhận được." in said
    assert "1 dòng chi, tổng 40.000.000 đồng." in said


def test_the_last_line_is_json_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([_file(tmp_path, b"%PDF-1.7"), "--json"]) == 1
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (said["outcome"], said["lines"], said["total"]) == ("refuse", None, None)
    assert [message["code"] for message in said["messages"]] == ["E_NOT_XLSX"]
    assert {"sha256", "checked_at", "rule_set"} <= said.keys()


def test_a_full_workbook_is_judged_for_the_office_and_year_it_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = replace(offline_context("STC", 2013, round_code="DT2013"), years=(2013,))
    year_line = replace(LINE, year=2013, budget_code=next(iter(context.budget_codes)))
    draft = EstimateDraft((replace(DRAFT.projects[0], lines=(year_line,), justification="Cần"),))
    file = _file(tmp_path, write_template(context, draft, made_at=MADE_AT))
    assert main([file, "--json"]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (said["outcome"], said["lines"], said["total"]) == ("accept", 1, 40_000_000)
    assert main([file, "--json", "--agency", "SNV"]) == 1
    assert "E_AGENCY" in capsys.readouterr().out
    assert main([file, "--json", "--template", "simple"]) == 1


def test_the_described_template_names_what_the_reader_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--describe-template"]) == 0
    described = json.loads(capsys.readouterr().out)
    assert (described["sheet"], described["year"], described["agency_code"]) == ("Dự toán", 2026, "SNV")
    assert len(described["codes"]) == len(set(described["codes"])) == described["max_lines"] + 1
    assert [role for role, _title in described["columns"]] == [
        "stt", "code", "text", "output", "unit", "qty", "price", "amount", "source", "date", "note",
    ]  # fmt: skip


def test_a_file_that_is_not_there_and_an_unknown_office_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "khong-co.xlsx")]) == 2
    file = _file(tmp_path, write_simple_template(CONTEXT, DRAFT, made_at=MADE_AT))
    assert main([file, "--agency", "LA"]) == 2
    assert main([]) == 2
    assert "LA" in capsys.readouterr().err
