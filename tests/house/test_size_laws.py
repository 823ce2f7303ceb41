"""A file that needs scrolling hides something; a function that needs scrolling hides more."""

from __future__ import annotations

import ast

import pytest

from tests.house.exceptions import stale
from tests.house.source_tree import name_of, python_files, say_all, tree_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_CONFTEST = 150
HOUSES = ("finance", "optimizer", "webapp", "migrations", "tests", "dev.py")

LONG_FILES = {
    "dev.py": "one file on purpose: it runs before anything is installed",
}
LONG_FUNCTIONS: dict[str, str] = {}


def long_functions_in(tree: ast.Module, limit: int = LONGEST_FUNCTION) -> dict[str, int]:
    """Name to number of lines of every function above the limit (its docstring counts)."""
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions}
    return {name: length for name, length in lengths.items() if length > limit}


def test_no_file_is_too_long() -> None:
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in python_files(*HOUSES)}
    too_long = {
        name: length for name, length in lengths.items() if length > LONGEST_FILE and not _is_a_step(name)
    }
    standing = [f"{name}: {length} lines" for name, length in too_long.items() if name not in LONG_FILES]
    assert not standing, say_all(
        f"Split along the words the users use ({LONGEST_FILE} lines at most):", standing
    )
    needless = stale(LONG_FILES, too_long)
    assert not needless, say_all("Exceptions no longer needed:", needless)


def test_no_function_is_too_long() -> None:
    too_long = {
        f"{name_of(path)}:{name}": length
        for path in python_files(*HOUSES)
        if not _is_a_step(name_of(path))
        for name, length in long_functions_in(tree_of(path)).items()
    }
    standing = [f"{name}: {length} lines" for name, length in too_long.items() if name not in LONG_FUNCTIONS]
    assert not standing, say_all(
        f"Give the parts names of their own ({LONGEST_FUNCTION} lines at most):", standing
    )
    needless = stale(LONG_FUNCTIONS, too_long)
    assert not needless, say_all("Exceptions no longer needed:", needless)


def test_the_test_plumbing_stays_small() -> None:
    plumbing = next(iter(python_files("tests/conftest.py")))
    length = len(plumbing.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST_CONFTEST, (
        f"tests/conftest.py has {length} lines: move builders beside the tests of their room"
    )


def _is_a_step(name: str) -> bool:
    """A migration is one step, however many columns it makes."""
    return name.startswith("migrations/versions/")


@pytest.mark.parametrize(("lines", "count"), [(3, 0), (4, 1)])
def test_the_length_detector(lines: int, count: int) -> None:
    source = "def act():\n" + "    x = 1\n" * (lines - 1)
    assert len(long_functions_in(ast.parse(source), limit=3)) == count
