"""generate: a synthetic problem for benchmarks and tests."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from random import Random

from optimizer.commands.reporting import FOUND, Told, refused
from optimizer.errors import Mistake
from optimizer.exchange import write_problem
from optimizer.generator import generate_problem

HELP = "tạo một bài toán thử"


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for size, seed and tightness."""
    parser.add_argument("--projects", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--tight", type=float, default=0.55)
    parser.add_argument("--out", type=Path)


def run(asked: Namespace) -> Told:
    """Generate the problem and write it to the file or to standard output."""
    if asked.projects < 4 or asked.years < 1:
        return refused([Mistake("--projects", "Cần ít nhất 4 dự án và 1 năm.")])
    # Not for secrets: a stated seed makes the same benchmark again.
    draw = Random(asked.seed)  # noqa: S311
    text = write_problem(generate_problem(draw, asked.projects, asked.years, asked.tight))
    if asked.out is not None:
        asked.out.write_text(text, encoding="utf-8")
        return FOUND, {"problem": str(asked.out)}
    if not asked.json:
        sys.stdout.write(text)
    return FOUND, {"problem": json.loads(text)}
