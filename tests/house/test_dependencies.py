"""What pyproject asks for is what the lock files hold, and every dependency has its reason."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.source_tree import ROOT, say_all

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)
EXTRAS = PROJECT["project"]["optional-dependencies"]
GROUPS = PROJECT["dependency-groups"]
RUN = PROJECT["project"]["dependencies"] + EXTRAS["postgres"] + GROUPS["build"]
ASKED = {"run": RUN, "test": RUN + EXTRAS["test"], "installer": GROUPS["installer"]}


def locked_versions(text: str) -> dict[str, list[str]]:
    """Package to the versions a lock file holds (more than one where Pythons differ)."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", text, flags=re.M):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def unmet_by(versions: dict[str, list[str]], asked: list[str]) -> list[str]:
    """The requirements no locked version satisfies."""
    wanted = [Requirement(one) for one in asked]
    return [
        str(r)
        for r in wanted
        if not any(map(r.specifier.contains, versions.get(canonicalize_name(r.name), [])))
    ]


@pytest.mark.parametrize("lock", sorted(ASKED))
def test_the_lock_holds_what_is_asked_for(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="ascii")
    unmet = unmet_by(locked_versions(text), ASKED[lock])
    assert not unmet, say_all(f"Run `python3 dev.py lock`; {lock}.lock lacks:", unmet)


def test_run_and_test_locks_agree() -> None:
    run, test = (
        locked_versions((ROOT / "requirements" / f"{name}.lock").read_text(encoding="ascii"))
        for name in ("run", "test")
    )
    different = [
        f"{name}: {versions} / {test.get(name)}"
        for name, versions in run.items()
        if test.get(name) != versions
    ]
    assert not different, say_all("What is tested must be what runs; run `python3 dev.py lock`:", different)


def test_every_dependency_has_its_reason() -> None:
    lines = re.findall(
        r'^(?:  |\w+ = \[)"([A-Za-z0-9_.\[\]-]+[<>=]=?[^"]*)"[\],]*(.*)$', PYPROJECT, flags=re.M
    )
    assert len(lines) >= len(ASKED["test"])
    silent = [name for name, rest in lines if "#" not in rest]
    assert not silent, say_all("Say behind the line what it is needed for:", silent)


def test_the_detector() -> None:
    versions = locked_versions("flask==3.1.3 \\\n    --hash=sha256:00\nnumpy==2.4 ; x < '3' \\\n")
    assert versions == {"flask": ["3.1.3"], "numpy": ["2.4"]}
    assert unmet_by(versions, ["Flask>=3.1,<4", "flask>=4", "attrs"]) == ["flask>=4", "attrs"]
