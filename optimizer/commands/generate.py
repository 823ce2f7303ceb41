"""generate: a synthetic problem for benchmarks and tests."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from random import Random

from optimizer.commands.exit_codes import FOUND
from optimizer.commands.reporting import Told, refused
from optimizer.commands.whole_files import write_whole
from optimizer.errors import Mistake
from optimizer.exchange import write_problem
from optimizer.generators.mixed import generate_problem
from optimizer.generators.province import generate_province

HELP = "tạo một bài toán thử"
YEARS = {"province": 3, "mixed": 1}
MOST_PROJECTS, MOST_YEARS = 100_000, 20


def add_arguments(parser: ArgumentParser) -> None:
    """Ask for size, seed, shape and tightness."""
    parser.add_argument("--projects", metavar="SỐ", type=int, required=True, help="số dự án, từ 4 trở lên")
    parser.add_argument(
        "--seed", metavar="SỐ", type=int, required=True, help="số gieo; cùng số cho cùng bài toán"
    )
    parser.add_argument(
        "--shape",
        choices=("province", "mixed"),
        default="province",
        help="province: một tỉnh thật, nhiều năm, chỉ tiêu đếm; mixed: đủ mọi loại đầu ra",
    )
    parser.add_argument(
        "--years", metavar="SỐ", type=int, help="số năm ngân sách; mặc định 3 (province) hoặc 1 (mixed)"
    )
    parser.add_argument(
        "--tight", metavar="TỶ_LỆ", type=float, default=0.55, help="trần so với nhu cầu cao nhất"
    )
    parser.add_argument("--out", metavar="TỆP", type=Path, help="tệp để ghi; không có thì in ra")


def run(asked: Namespace) -> Told:
    """Generate the problem and write it to the file or to standard output."""
    years = YEARS[asked.shape] if asked.years is None else asked.years
    mistakes = _mistakes(asked.projects, years, asked.tight)
    if mistakes:
        return refused(mistakes)
    # Not for secrets: a stated seed makes the same benchmark again.
    draw = Random(asked.seed)  # noqa: S311
    generate = generate_province if asked.shape == "province" else generate_problem
    text = write_problem(generate(draw, asked.projects, years, asked.tight))
    if asked.out is not None:
        write_whole(asked.out, text)
        return FOUND, {"problem": str(asked.out)}
    if not asked.json:
        sys.stdout.write(text)
    return FOUND, {"problem": json.loads(text)}


def _mistakes(projects: int, years: int, tightness: float) -> list[Mistake]:
    """Return what keeps a problem of this size from being generated."""
    mistakes = []
    if not 4 <= projects <= MOST_PROJECTS:
        mistakes.append(Mistake("--projects", f"Số dự án phải từ 4 đến {MOST_PROJECTS}."))
    if not 1 <= years <= MOST_YEARS:
        mistakes.append(Mistake("--years", f"Số năm phải từ 1 đến {MOST_YEARS}."))
    if not 0 < tightness <= 10:
        mistakes.append(Mistake("--tight", "Độ chặt phải lớn hơn 0 và không quá 10."))
    return mistakes
