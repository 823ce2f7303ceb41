"""Below the door the clock and the seed are passed in, or nothing could be told twice alike."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.exceptions import split_by_exceptions
from tests.house.source_tree import dotted, name_of, python_files, say_all, tree_of

CLOCK_READS = {
    "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "time.process_time", "time.localtime",
    "date.today", "datetime.date.today", "datetime.now", "datetime.utcnow", "datetime.today",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today",
}  # fmt: skip
TIME_FUNCTIONS = {"time", "time_ns", "monotonic", "perf_counter", "process_time", "localtime"}
UNSEEDED = ("numpy.random.", "np.random.", "uuid.uuid1", "uuid.uuid4")

ALLOWED = {
    "finance/clock.py": "the one place that reads the machine's clock",
    "optimizer/commands/bench.py": "a record of measurements bears the date of its machine",
}
# A stopwatch tells no hour. These rooms are given a time to search in and report how long they took.
STOPWATCHES = {"perf_counter", "process_time", "monotonic"}
ROOMS_WITH_A_STOPWATCH = (
    "optimizer/solving/", "optimizer/answers/", "optimizer/engines/", "optimizer/batch/", "optimizer/bench/",
)  # fmt: skip


def clock_or_chance_in(tree: ast.Module) -> list[str]:
    """Where a file reads a clock or draws without a seed given from outside."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found += [
                f"{node.lineno}: from {node.module} import {a.name}" for a in node.names if _brings(node, a)
            ]
        elif isinstance(node, ast.Call):
            name = dotted(node.func)
            if name in CLOCK_READS or name.startswith(UNSEEDED) or _draws_unseeded(name, node):
                found.append(f"{node.lineno}: {name}()")
    return found


def _brings(node: ast.ImportFrom, alias: ast.alias) -> bool:
    if node.module == "random":
        return alias.name != "Random"
    return node.module == "time" and alias.name in TIME_FUNCTIONS


def _draws_unseeded(name: str, node: ast.Call) -> bool:
    """random.Random(seed) is the lawful way; everything else of that module hides its seed."""
    if name in {"Random", "random.Random"}:
        return not node.args
    return name.startswith("random.")


def _unlawful_in(path: Path) -> list[str]:
    found = clock_or_chance_in(tree_of(path))
    if not name_of(path).startswith(ROOMS_WITH_A_STOPWATCH):
        return found
    return [what for what in found if not STOPWATCHES & set(re.findall(r"\w+", what))]


def test_no_clock_and_no_chance_below_the_door() -> None:
    findings = {
        name_of(path): [f"{name_of(path)}:{what}" for what in _unlawful_in(path)]
        for path in python_files("finance", "optimizer")
    }
    standing, needless = split_by_exceptions(findings, ALLOWED)
    assert not standing, say_all(
        "Take a Moment (finance/clock.py) or a seed as a parameter instead:", standing
    )
    assert not needless, say_all("Exceptions no longer needed:", needless)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import random\nx = random.random()", 1),
        ("import random\nx = random.Random(seed)", 0),
        ("import random\nx = random.Random()", 1),
        ("from random import choice", 1),
        ("from random import Random", 0),
        ("import time\nx = time.time()", 1),
        ("from time import perf_counter", 1),
        ("from datetime import date\nx = date.today()", 1),
        ("from datetime import UTC, datetime\nx = datetime.now(UTC)", 1),
        ("x = clock.business_on", 0),
        ("import uuid\nx = uuid.uuid4()", 1),
    ],
)
def test_the_detector(source: str, count: int) -> None:
    assert len(clock_or_chance_in(ast.parse(source))) == count
