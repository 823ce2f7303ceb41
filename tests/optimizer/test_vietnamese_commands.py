"""Whoever types a command wrongly, or asks for its help, reads Vietnamese."""

from __future__ import annotations

import argparse
import ast
import json
import re
from pathlib import Path

import pytest

from optimizer.__main__ import main
from optimizer.commands.program import VERBS
from optimizer.commands.vietnamese_parser import VietnameseParser, said_in_vietnamese

ENGLISH = re.compile(
    r"\b(usage|options|positional|arguments?|required|invalid|choose|choice|expected|show|help|error)\b"
)
FOR_PROGRAMMERS = (
    "conflicting", "unknown parser", "argument \"-\"", "can't open", "cannot merge", "is an invalid argument",
    "invalid option string", "dest= is required", "invalid conflict_resolution", "mutually exclusive",
    "cannot have multiple", "is not callable", ".__call__()", "subcommands", "unexpected option string",
    "%(prog)s: error", "usage: ", "positional arguments", "options", "show this help",
    "argument %(argument_name)s",
)  # fmt: skip
"""Messages that only a mistake in our own code can cause, and headings, which the help test reads."""


def messages_of_argparse() -> list[str]:
    """Return every text argparse would have translated, its gaps filled."""
    tree = ast.parse(Path(argparse.__file__).read_text(encoding="utf-8"))
    texts = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_", "ngettext")
        ):
            texts += [part.value for part in node.args if isinstance(part, ast.Constant) and part.value]
    return texts


def test_every_message_of_argparse_a_person_may_meet_is_said_in_vietnamese() -> None:
    asked = [text for text in messages_of_argparse() if not any(part in text for part in FOR_PROGRAMMERS)]
    assert len(asked) > 10
    for text in asked:
        filled = re.sub(r"%(\(\w+\))?[sdr]", "7", text)
        told = said_in_vietnamese(filled)
        assert told != filled, text
        assert not ENGLISH.search(told), told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Thiếu LỆNH."),
        (["giai"], "Tham số LỆNH: không có “giai”; chọn một trong: solve, verify"),
        (["solve"], "Thiếu BÀI_TOÁN, --out."),
        (["solve", "p", "--out"], "Tham số --out: thiếu giá trị đi kèm."),
        (["solve", "p", "--out", "o", "--gap", "2"], "--gap: sai số cho phép phải là một tỷ lệ từ 0 đến 1"),
        (["solve", "p", "--out", "o", "--la"], "Không có tham số nào là “--la”."),
        (["solve", "p", "--out", "o", "--stages", "it's"], "không có “it's”; chọn một trong: score, all."),
        (["sweep", "p", "--year", "nay"], "Tham số --year: “nay” không phải là số nguyên."),
        (["sweep", "p", "--from", "nửa"], "Tham số --from: “nửa” không phải là số."),
        (["sweep", "p", "--s", "1"], "“--s” có thể là --step-vnd"),
        (["verify", "p", "q", "--json=1"], "Tham số --json: không nhận giá trị đi kèm (đang ghi “1”)."),
    ],
)  # fmt: skip
def test_a_wrong_command_is_told_in_vietnamese(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert words in said
    assert said.startswith("Cách dùng: python -m optimizer")


def test_a_wrong_command_is_told_as_json_where_json_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["solve", "p", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told == {"exit_code": 2, "mistakes": [{"path": "", "words": "Thiếu --out."}]}


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_is_vietnamese_and_explains_every_option(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*([verb] if verb else []), "--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    options = told.partition("Tùy chọn:\n")[2]
    assert "in hướng dẫn này" in options
    assert not ENGLISH.search(told.replace("--help", "")), told
    lines = options.splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        is_option = line.startswith("  -")
        assert not is_option or re.search(r"\S {2,}\S", line) or following.startswith(" " * 20), line


def test_groups_and_counts_are_said_in_vietnamese_too(capsys: pytest.CaptureFixture[str]) -> None:
    parser = VietnameseParser(prog="thu")
    either = parser.add_mutually_exclusive_group(required=True)
    either.add_argument("--a", action="store_true")
    either.add_argument("--b", nargs=2)
    for arguments, words in (
        ([], "Cần một trong các tham số --a --b."),
        (["--a", "--b", "1", "2"], "Tham số --b: không dùng cùng lúc với --a."),
        (["--b", "1"], "Tham số --b: cần đúng 2 giá trị."),
    ):
        with pytest.raises(SystemExit):
            parser.parse_args(arguments)
        assert words in capsys.readouterr().err
