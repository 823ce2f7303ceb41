"""The door for files: ``python -m optimizer VERB ...`` without a database, Flask or the rest of the program.

Exit codes: 0 a plan was found and audited, or the plan keeps every rule; 1 (verify) the plan breaks a rule;
2 the file or command is wrong, every mistake listed; 3 no feasible plan, confirmed; 4 stopped without a
plan, or the solver failed. Answers in words go to standard output, refusals and progress to standard error;
with --json one JSON object goes to standard output and everything else to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import redirect_stdout
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from optimizer.commands.reporting import (
    FAILED,
    INFEASIBLE,
    Told,
    complain,
    conflicts_data,
    refused,
    unopened_words,
)
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
STOPPED = "Đã dừng theo yêu cầu; không có kết quả nào."


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    asked = _parser().parse_args(arguments)
    if not asked.json:
        return _run(asked)[0]
    with redirect_stdout(sys.stderr):
        code, told = _run(asked)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m optimizer", description="Phân bổ kinh phí theo kết quả.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name in VERBS:
        command = import_module(f"optimizer.commands.{name}")
        verb = verbs.add_parser(name, help=command.HELP)
        command.add_arguments(verb)
        verb.add_argument("--json", action="store_true", help="in một đối tượng JSON ra đầu ra chuẩn")
        verb.set_defaults(run=command.run)
    return parser


def _speak_vietnamese() -> None:
    """Write UTF-8 whatever the terminal says of itself, and nowhere where there is no output at all."""
    if sys.stdout is None:
        # Kept open until the end of the program.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    _speak_vietnamese()
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        complain(STOPPED)
        sys.exit(FAILED)
