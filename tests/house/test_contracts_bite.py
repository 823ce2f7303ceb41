"""Every import contract is broken by the wrong import it is meant for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source_tree import ROOT, name_of, python_files

# File -> a line that must break the contracts with these numbers (and may break others).
PLANTED = {
    "finance/money.py": ("import webapp", {1, 4}),
    "optimizer/verify.py": ("import sqlalchemy", {2}),
    "optimizer/plan.py": ("import pulp", {3, 13}),
    "finance/agencies/queries.py": ("import finance.reports", {5}),
    "finance/reviews/records.py": ("import finance.reviews.queries", {6}),
    "finance/estimates/workflow.py": ("import sqlalchemy", {7}),
    "finance/allocations/rules.py": ("import optimizer", {8}),
    "webapp/formatting.py": ("import finance.agencies.records", {9}),
    "finance/labels.py": ("import finance.estimates.workflow", {11}),
    "optimizer/problem.py": ("import celery", {12}),
}
BROKEN_BY_TWO_FEATURES = 10


@pytest.fixture
def copy_of_the_house(tmp_path: Path) -> Path:
    for path in python_files("finance", "optimizer", "webapp"):
        target = tmp_path / name_of(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def broken_contracts(folder: Path) -> set[int]:
    """The numbers of the contracts lint-imports calls broken in this folder."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)
    told = re.findall(r"^(\d+)\. (?:[^\n]*\n)??[^\n]*?(KEPT|BROKEN)$", done.stdout, flags=re.M)
    assert told, done.stdout + done.stderr
    return {int(number) for number, verdict in told if verdict == "BROKEN"}


def test_each_contract_is_broken_by_its_planted_import(copy_of_the_house: Path) -> None:
    assert broken_contracts(copy_of_the_house) == set()
    for name, (line, _) in PLANTED.items():
        file = copy_of_the_house / name
        file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    views = sorted(copy_of_the_house.glob("webapp/*/views.py"))
    one, other = views[0], views[-1]
    assert one != other, "contract 10 needs two features"
    with one.open("a", encoding="utf-8") as file:
        file.write(f"\nimport webapp.{other.parent.name}.views\n")
    expected = {number for _, numbers in PLANTED.values() for number in numbers} | {BROKEN_BY_TWO_FEATURES}
    unbroken = expected - broken_contracts(copy_of_the_house)
    assert not unbroken, f"these contracts let a wrong import pass: {sorted(unbroken)}"
