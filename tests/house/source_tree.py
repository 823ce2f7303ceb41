"""The files of the house, for the laws that read them.

Laws look at files present in the working tree (tracked or not yet), so that a law speaks before
the commit, not after it.
"""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEVER_OURS = {".git", ".venv", "instance", "artefacts", "build", "dist", "node_modules"}


@cache
def all_files() -> tuple[Path, ...]:
    """Every file git tracks or would offer to track; without git every file that is not produced."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        found = (path for path in ROOT.rglob("*") if not _is_produced(path.relative_to(ROOT)))
    else:
        found = (ROOT / name for name in done.stdout.split("\0") if name)
    return tuple(sorted(path for path in found if path.is_file()))


def python_files(*folders: str) -> Iterator[Path]:
    """The Python files below these folders of the repository (or these files themselves)."""
    for path in all_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and any(
            name == folder or name.startswith(f"{folder}/") for folder in folders
        ):
            yield path


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """The file as a person names it: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def module_name_of(path: Path) -> str:
    """The dotted name under which the file is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def dotted(node: ast.expr) -> str:
    """`a.b.c` for an attribute chain or a name, an empty text for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def say_all(advice: str, findings: Iterable[str]) -> str:
    """One message: what to do, then every place where it is to be done."""
    return "\n".join([advice, *(f"  {finding}" for finding in findings)])


def _is_produced(relative: Path) -> bool:
    return bool(NEVER_OURS.intersection(relative.parts)) or "__pycache__" in relative.parts
