"""bench: our speed beside PuLP, CBC, HiGHS and SCIP as people call them, on this machine, in one run."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from optimizer.commands.exit_codes import FOUND
from optimizer.commands.reporting import Told, complain, refused
from optimizer.errors import Mistake

if TYPE_CHECKING:
    from optimizer.bench.findings import Finding

HELP = "đo tốc độ bên cạnh các cách giải khác"
GOALS = (1, 2, 3, 4, 5, 6, 8, 9)
LEAST_SIZE, LARGEST_SIZE = 4, 100_000


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for sizes, seeds, goals, patience, and where the record goes."""
    parser.add_argument(
        "--sizes", metavar="SỐ,…", help="số dự án, cách nhau bằng dấu phẩy; mặc định 60,500,5000,20000"
    )
    parser.add_argument("--seeds", metavar="SỐ,…", default="1", help="số gieo, cách nhau bằng dấu phẩy")
    parser.add_argument("--goals", metavar="SỐ,…", default="", help="chỉ đo các mục tiêu này, ví dụ 1,2,5")
    parser.add_argument("--quick", action="store_true", help="dưới hai phút: 60 và 500 dự án, ít lần đo")
    parser.add_argument("--out", metavar="TỆP", type=Path, help="tệp nhận bản ghi (Markdown)")


def run(asked: Namespace) -> Told:
    """Measure and write the record; a goal that is missed is told, and is no failure of the command."""
    # Loaded here so that the other verbs run without any solver.
    from optimizer.bench.occasion import ALL_SIZES, QUICK_SIZES, Occasion
    from optimizer.bench.record import machine_words, record_text
    from optimizer.bench.run import run_bench

    usual = QUICK_SIZES if asked.quick else ALL_SIZES
    sizes = tuple(sorted(_numbers(asked.sizes))) if asked.sizes else usual
    seeds, goals = _numbers(asked.seeds), _numbers(asked.goals)
    mistakes = _mistakes(sizes, seeds, goals)
    if mistakes:
        return refused(mistakes)
    facts = {
        "date": datetime.now(UTC).date().isoformat(),
        "command": _command(asked),
        "load of the machine at the start": f"{os.getloadavg()[0]:.1f}",
        **machine_words(),
    }
    occasion = Occasion(sizes, seeds, asked.quick, told=lambda words: complain(f"Đang đo: {words}"))
    findings = run_bench(occasion, goals, _tell)
    text = record_text(findings, facts)
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")
    elif not asked.json:
        sys.stdout.write(text)
    return FOUND, {"facts": facts, "goals": [finding.data() for finding in findings]}


def _tell(finding: Finding) -> None:
    kept = sum(verdict.is_reached for verdict in finding.verdicts)
    complain(f"Mục tiêu {finding.number}: đạt {kept} trên {len(finding.verdicts)} lời hứa được xét.")


def _numbers(text: str) -> tuple[int, ...]:
    """Return the numbers in a list; 0 stands for what is no number, which is refused later."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(int(part) if part.isdigit() else 0 for part in parts)


def _mistakes(sizes: tuple[int, ...], seeds: tuple[int, ...], goals: tuple[int, ...]) -> list[Mistake]:
    mistakes = []
    if any(not LEAST_SIZE <= size <= LARGEST_SIZE for size in sizes):
        mistakes.append(Mistake("--sizes", f"Số dự án phải từ {LEAST_SIZE} đến {LARGEST_SIZE}."))
    if not seeds or 0 in seeds:
        mistakes.append(Mistake("--seeds", "Số gieo phải là số nguyên dương."))
    if any(goal not in GOALS for goal in goals):
        mistakes.append(Mistake("--goals", f"Chỉ có các mục tiêu {', '.join(map(str, GOALS))}."))
    return mistakes


def _command(asked: Namespace) -> str:
    """Return the command of a record, without the place where the record goes."""
    parts = ["python -m optimizer bench"]
    parts += [f"--sizes {asked.sizes}"] if asked.sizes else []
    parts += [f"--seeds {asked.seeds}"] if asked.seeds != "1" else []
    parts += [f"--goals {asked.goals}"] if asked.goals else []
    return " ".join([*parts, *(["--quick"] if asked.quick else [])])
