"""Reading in a process of its own gives the same answer, and its death is a finding."""

from __future__ import annotations

import pickle
import subprocess
from dataclasses import replace
from typing import Any

import pytest

from finance.estimates.workbook import isolated
from finance.estimates.workbook.isolated import read_workbook_apart
from finance.estimates.workbook.package import USUAL_LIMITS
from finance.estimates.workbook.reader import read_estimate_workbook
from tests.builders import a_draft
from tests.estimate_contexts import a_check_context
from tests.raw_workbooks import a_simple_book, formula
from tests.workbook_editing import a_workbook, edited

CONTEXT = a_check_context()


@pytest.mark.parametrize(
    "content",
    [
        a_workbook(CONTEXT, a_draft()),
        edited(a_workbook(CONTEXT, a_draft()), {"Dòng chi!I5": "1,5 tr"}),
        a_simple_book({"G7": formula("A1*2", 10_000_000)}).content(),
    ],
)
def test_the_answer_is_the_same(content: bytes) -> None:
    assert read_workbook_apart(content, CONTEXT) == read_estimate_workbook(content, CONTEXT)


def test_what_the_directory_shows_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("no process is needed for this")

    monkeypatch.setattr(subprocess, "run", never)
    draft, findings = read_workbook_apart(b"%PDF-1.7", CONTEXT)
    assert (draft, [found.code for found in findings]) == (None, ["E_NOT_XLSX"])


def test_a_child_without_memory_is_a_finding() -> None:
    texts = "".join(f"<si><t>Nội dung thứ {number}</t></si>" for number in range(120_000))
    limits = replace(USUAL_LIMITS, growth_bytes=1 << 20)
    draft, findings = read_workbook_apart(a_simple_book(strings=texts).content(), CONTEXT, limits=limits)
    assert (draft, [found.code for found in findings]) == (None, ["E_READING_STOPPED"])
    assert findings[0].remedy_vi


def test_a_child_that_takes_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_arguments: Any, **options: Any) -> None:
        raise subprocess.TimeoutExpired("child", options["timeout"])

    monkeypatch.setattr(subprocess, "run", slow)
    draft, findings = read_workbook_apart(a_simple_book().content(), CONTEXT)
    assert (draft, [found.code for found in findings]) == (None, ["E_READING_STOPPED"])
    assert "10 giây" in findings[0].message_vi


@pytest.mark.parametrize(
    ("code", "written"),
    [
        (-9, b""),
        (0, b""),
        (0, b"\x80"),
        (0, pickle.dumps(("a", "b", "c"))),
        (0, pickle.dumps((subprocess.run, []))),
        (1, b"x"),
    ],
)
def test_a_child_that_dies_or_lies_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, code: int, written: bytes
) -> None:
    def dead(*_arguments: Any, **_options: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], code, written, b"")

    monkeypatch.setattr(isolated.subprocess, "run", dead)
    draft, findings = read_workbook_apart(a_simple_book().content(), CONTEXT)
    assert (draft, [found.code for found in findings]) == (None, ["E_READING_STOPPED"])
