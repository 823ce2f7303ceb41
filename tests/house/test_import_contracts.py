"""webapp -> finance -> optimizer, never back; inside finance the story of the money."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.source_tree import ROOT, say_all


def test_the_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (
        f"Import from an earlier room, or move what both need down:\n{done.stdout}{done.stderr}"
    )


def test_every_feature_of_the_web_is_named_in_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(one["layers"] for one in contracts if one["name"].startswith("10."))
    named = set(re.findall(r"\w+", " ".join(layers)))
    features = {path.parent.name for path in (ROOT / "webapp").glob("*/views.py")}
    missing = sorted(features - named)
    assert not missing, say_all("Name the feature in contract 10 (pyproject.toml):", missing)
