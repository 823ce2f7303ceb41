"""What every verb shares: exit codes, words for people, files in and out."""

from __future__ import annotations

import errno
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from optimizer.commands.exit_codes import INVALID
from optimizer.commands.whole_files import write_whole
from optimizer.errors import Conflict, Mistake
from optimizer.exchange import read_plan, read_problem
from optimizer.plan import AllocationPlan
from optimizer.problem import AllocationProblem
from optimizer.proofs.exchange import tree_to_json
from optimizer.repair import MONEY_CHANGES, Repair, RuleChange

Told = tuple[int, dict[str, Any]]
"""Exit code and the facts that --json prints."""


SYSTEM_WORDS = {
    errno.ENAMETOOLONG: "tên quá dài",
    errno.ELOOP: "các liên kết dẫn vòng quanh",
    errno.ENOSPC: "đĩa đã đầy",
    errno.EROFS: "đĩa chỉ cho đọc",
}


def say(*lines: str) -> None:
    """Write lines for people to standard output (to standard error under --json, which keeps the other)."""
    for line in lines:
        sys.stdout.write(line + "\n")


def complain(*lines: str) -> None:
    """Write what is wrong, or how far the work is, to standard error."""
    for line in lines:
        sys.stderr.write(line + "\n")


def unopened_words(error: OSError | UnicodeDecodeError) -> str:
    """Return why a file could not be opened, in words that say what to do."""
    if isinstance(error, UnicodeDecodeError):
        return "Tệp không phải là văn bản UTF-8; lưu lại tệp bằng mã UTF-8."
    name = "" if error.filename is None else f" “{error.filename}”"
    if isinstance(error, FileNotFoundError):
        return f"Không có tệp{name}; xem lại đường dẫn."
    if isinstance(error, IsADirectoryError):
        return f"{name.strip() or 'Đường dẫn'} là thư mục, không phải tệp."
    if isinstance(error, PermissionError):
        return f"Không có quyền mở tệp{name}."
    if isinstance(error, NotADirectoryError):
        return f"{name.strip() or 'Đường dẫn'} không phải là thư mục có sẵn."
    if isinstance(error, FileExistsError):
        return f"{name.strip() or 'Đường dẫn'} đã có và không phải là thư mục."
    why = SYSTEM_WORDS.get(error.errno or 0, f"lỗi {error.errno} của hệ điều hành")
    return f"Không mở được tệp{name}: {why}."


def add_problem_argument(parser: ArgumentParser) -> None:
    """Ask for the problem file."""
    parser.add_argument("problem", type=Path, metavar="BÀI_TOÁN", help="tệp bài toán (phanbo-problem/1)")


def add_plan_argument(parser: ArgumentParser) -> None:
    """Ask for the plan file."""
    parser.add_argument("plan", type=Path, metavar="PHƯƠNG_ÁN", help="tệp phương án (phanbo-plan/1)")


def problem_from(asked: Namespace) -> AllocationProblem:
    """Read the problem file that was asked for.

    Raises:
        InvalidProblem: with every mistake.
        OSError, UnicodeDecodeError: the file cannot be read.
    """
    return read_problem(asked.problem.read_text(encoding="utf-8"))


def plan_from(path: Path) -> AllocationPlan:
    """Read a plan file.

    Raises:
        InvalidPlan: with every mistake.
        OSError, UnicodeDecodeError: the file cannot be read.
    """
    return read_plan(path.read_text(encoding="utf-8"))


def refused(mistakes: Sequence[Mistake]) -> Told:
    """Say what is wrong with what was asked, every mistake at once."""
    complain(f"Có {len(mistakes)} lỗi:", *(f"  {item.path}: {item.words}" for item in mistakes))
    return INVALID, {"mistakes": [{"path": item.path, "words": item.words} for item in mistakes]}


def conflicts_data(conflicts: Sequence[Conflict]) -> list[dict[str, Any]]:
    """Return conflicts as JSON data: rules, words, how sure, and repairs with exact amounts."""
    return [
        {
            "rules": list(item.rule_ids),
            "words": item.words,
            "repair": item.repair_words,
            "minimal": item.is_minimal,
            "proof": item.proof.value,
            "proof_tree": None if item.proof_tree is None else tree_to_json(item.proof_tree),
            "repairs": [_repair_data(repair) for repair in item.repairs],
        }
        for item in conflicts
    ]


def _repair_data(repair: Repair) -> dict[str, Any]:
    return {
        "words": repair.words,
        "price": float(repair.price),
        "least": repair.is_least,
        "cheapest": repair.is_cheapest,
        "changes": [_change_data(change) for change in repair.changes],
        "levels": dict(repair.level_ids),
    }


def _change_data(change: RuleChange) -> dict[str, Any]:
    """Money as a whole number of đồng, counts as text so that no fraction is rounded."""
    data: dict[str, Any] = {"rule": change.rule_id, "kind": change.kind.value}
    if change.kind in MONEY_CHANGES:
        data["amount_vnd"] = int(change.amount or 0)
    elif change.amount is not None:
        data["amount"] = str(change.amount)
    if change.level_id is not None:
        data["level"] = change.level_id
    return data


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write a JSON file for people and programs: readable, full Vietnamese, one line feed at the end."""
    write_whole(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
