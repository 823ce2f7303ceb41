"""One verb from its arguments to its exit code, or to the words that say why not."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, redirect_stdout
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from optimizer.commands.early_end import STOPPED, is_json_asked
from optimizer.commands.exit_codes import FAILED, INFEASIBLE, INVALID
from optimizer.commands.reporting import Told, complain, conflicts_data, refused, unopened_words
from optimizer.commands.vietnamese_parser import CommandRefused, VietnameseParser
from optimizer.commands.whole_files import check_writable
from optimizer.errors import (
    InvalidPlan,
    InvalidProblem,
    Mistake,
    NoFeasiblePlan,
    NoPlanInTime,
    SolverFailure,
)

VERBS = (
    "solve",
    "verify",
    "explain",
    "whatif",
    "sweep",
    "ladder",
    "generate",
    "transition",
    "conflicts",
    "robustness",
    "batch",
    "bench",
    "compare",
)
"""Each verb is a module of optimizer.commands with HELP, add_arguments and run."""
WRITTEN = ("out", "repaired")
"""Options that name a file to be written; looked at first, so that no search is made in vain."""


def run_verb(arguments: Sequence[str] | None = None, on_answer: Callable[[], None] | None = None) -> int:
    """Run one verb and return its exit code.

    Args:
        arguments: of the command line; None = those of this process.
        on_answer: told when the code is known, before the answer of --json is written.
    Raises:
        SystemExit: the command line is wrong (2), or only help was asked for (0).
    """
    try:
        asked = _parser().parse_args(arguments)
    except CommandRefused as refusal:
        if is_json_asked(sys.argv[1:] if arguments is None else arguments):
            mistakes = [{"path": "", "words": refusal.words}]
            sys.stdout.write(
                json.dumps({"exit_code": INVALID, "mistakes": mistakes}, ensure_ascii=False) + "\n"
            )
        raise
    with redirect_stdout(sys.stderr) if asked.json else nullcontext():
        code, told = _run(asked)
    if on_answer is not None:
        on_answer()
    if asked.json:
        sys.stdout.write(json.dumps({"exit_code": code, **told}, ensure_ascii=False) + "\n")
    return code


def _run(asked: argparse.Namespace) -> Told:
    """Run the verb; what it refuses becomes an exit code and the facts to mend it."""
    try:
        for name in WRITTEN:
            if getattr(asked, name, None) is not None:
                check_writable(getattr(asked, name))
        told: Told = asked.run(asked)
    except (InvalidProblem, InvalidPlan) as error:
        return refused(error.mistakes)
    except NoFeasiblePlan as error:
        complain("Không có phương án nào giữ được mọi quy tắc cứng (đã xác nhận):")
        complain(*(f"  {item.words} {item.repair_words or ''}".rstrip() for item in error.conflicts))
        return INFEASIBLE, {"conflicts": conflicts_data(error.conflicts)}
    except (NoPlanInTime, SolverFailure) as error:
        complain(str(error))
        return FAILED, {"failure": str(error)}
    except ModuleNotFoundError as error:
        return _missing_package(error)
    except KeyboardInterrupt:
        complain(STOPPED)
        return FAILED, {"failure": STOPPED}
    except (OSError, UnicodeDecodeError) as error:
        return refused([Mistake("$", unopened_words(error))])
    return told


def _missing_package(error: ModuleNotFoundError) -> Told:
    """Say which package is not installed; a part of our own that is missing is a mistake of the program."""
    package = (error.name or "").split(".")[0]
    if package in ("", "optimizer"):
        raise error
    words = f"Chưa cài gói Python “{package}”; cài lại chương trình cùng các gói đi kèm rồi chạy lại."
    complain(words)
    return FAILED, {"failure": words}


def _parser() -> VietnameseParser:
    parser = VietnameseParser(prog="python -m optimizer", description="Phân bổ kinh phí theo kết quả.")
    verbs = parser.add_subparsers(required=True, metavar="LỆNH")
    for name in VERBS:
        command = import_module(f"optimizer.commands.{name}")
        verb = verbs.add_parser(
            name, help=command.HELP, description=f"{command.HELP[0].upper()}{command.HELP[1:]}."
        )
        command.add_arguments(verb)
        verb.add_argument("--json", action="store_true", help="in một đối tượng JSON ra đầu ra chuẩn")
        verb.set_defaults(run=command.run)
    return parser


def speak_vietnamese() -> None:
    """Write UTF-8 whatever the terminal says of itself, and nowhere where there is no output at all."""
    if sys.stdout is None:
        # Kept open until the end of the program.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
