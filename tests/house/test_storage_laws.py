"""One place commits, amounts are whole đồng, and the schema knows every record."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import Float, Numeric

from finance.record_base import ThousandthsColumn, VndColumn
from finance.schema import METADATA
from tests.house.exceptions import split_by_exceptions
from tests.house.source_tree import dotted, module_name_of, name_of, python_files, say_all, tree_of

COMMITTERS = {
    "finance/database.py": "the one place that commits: every write goes through transaction()",
}
INEXACT_TYPES = {"Numeric", "Float", "Double", "DOUBLE", "DOUBLE_PRECISION", "REAL", "FLOAT", "DECIMAL"}
FLOATS_ALLOWED: dict[str, str] = {}
WHOLE_UNITS = ("_vnd", "_thousandths")


def commits_in(tree: ast.Module) -> list[int]:
    """The lines that call `.commit(`."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [c.lineno for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "commit"]


def unexplained_flushes_in(text: str) -> list[int]:
    """The lines that call `.flush(` without a reason in a comment on the same line."""
    lines = text.splitlines()
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    flushes = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "flush"]
    return [c.lineno for c in flushes if "#" not in lines[(c.end_lineno or c.lineno) - 1]]


def inexact_numbers_in(tree: ast.Module) -> list[str]:
    """Where a number stops being whole: inexact column types, float(), `/` on amounts."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            found += [f"{node.lineno}: {a.name}" for a in node.names if a.name in INEXACT_TYPES]
        elif isinstance(node, ast.Call) and dotted(node.func) == "float":
            found.append(f"{node.lineno}: float(")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            sides = (dotted(node.left), dotted(node.right))
            found += [f"{node.lineno}: / on {side}" for side in sides if side.endswith(WHOLE_UNITS)]
    return found


def test_only_the_store_commits() -> None:
    findings = {
        name_of(path): [f"{name_of(path)}:{line}" for line in commits_in(tree_of(path))]
        for path in python_files("finance", "optimizer", "webapp", "migrations")
    }
    standing, needless = split_by_exceptions(findings, COMMITTERS)
    assert not standing, say_all(
        "Write inside `with transaction(factory) as session:`; it commits:", standing
    )
    assert not needless, say_all("Exceptions no longer needed:", needless)


def test_a_flush_says_why() -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in python_files("finance", "webapp")
        for line in unexplained_flushes_in(path.read_text(encoding="utf-8"))
    ]
    assert not found, say_all(
        "Add the reason behind the call, as in `session.flush()  # the id is printed`:", found
    )


def test_no_inexact_number_in_finance() -> None:
    findings = {
        name_of(path): [f"{name_of(path)}:{what}" for what in inexact_numbers_in(tree_of(path))]
        for path in python_files("finance")
    }
    standing, needless = split_by_exceptions(findings, FLOATS_ALLOWED)
    advice = "Money is int đồng in a VndColumn; divide with finance.money, which rounds once and says how:"
    assert not standing, say_all(advice, standing)
    assert not needless, say_all("Exceptions no longer needed:", needless)


def test_every_amount_and_quantity_column_is_whole() -> None:
    kinds = {"_vnd": VndColumn, "_thousandths": ThousandthsColumn}
    wrong = [
        f"{table.name}.{column.name} must be a {kind.__name__}"
        for table in METADATA.tables.values()
        for column in table.columns
        for ending, kind in kinds.items()
        if column.name.endswith(ending) and not isinstance(column.type, kind)
    ]
    assert not wrong, say_all("Give the column the type of its unit (finance/record_base.py):", wrong)


def test_no_column_is_inexact() -> None:
    wrong = [
        f"{table.name}.{column.name}: {column.type!r}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, (Numeric, Float))
    ]
    assert not wrong, say_all("Store whole đồng or whole thousandths; SQLite keeps Numeric as REAL:", wrong)


def test_amount_columns_carry_their_unit_in_the_name() -> None:
    kinds = {VndColumn: "_vnd", ThousandthsColumn: "_thousandths"}
    wrong = [
        f"{table.name}.{column.name} should end in {ending}"
        for table in METADATA.tables.values()
        for column in table.columns
        for kind, ending in kinds.items()
        if type(column.type) is kind and not column.name.endswith(ending)
    ]
    assert not wrong, say_all("A name says its unit:", wrong)


def test_the_schema_imports_every_record() -> None:
    with_records = {module_name_of(path) for path in python_files("finance") if _defines_a_record(path)}
    schema = next(iter(python_files("finance/schema.py")))
    imported = set()
    for node in ast.walk(tree_of(schema)):
        if isinstance(node, ast.ImportFrom):
            imported |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    missing = sorted(with_records - imported)
    assert not missing, say_all(
        "Import these in finance/schema.py, or migrations will not see them:", missing
    )


def _defines_a_record(path: Path) -> bool:
    classes = (node for node in tree_of(path).body if isinstance(node, ast.ClassDef))
    return any(dotted(base) == "Record" for node in classes for base in node.bases)


@pytest.mark.parametrize(
    ("source", "count"),
    [("session.commit()", 1), ("with transaction(f) as s:\n    s.add(x)", 0), ("git = 'commit'", 0)],
)
def test_the_commit_detector(source: str, count: int) -> None:
    assert len(commits_in(ast.parse(source))) == count


@pytest.mark.parametrize(
    ("source", "count"),
    [("session.flush()", 1), ("session.flush()  # the id is printed", 0), ("print('flush')", 0)],
)
def test_the_flush_detector(source: str, count: int) -> None:
    assert len(unexplained_flushes_in(source)) == count


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("from sqlalchemy import Numeric", 1),
        ("from sqlalchemy import BigInteger", 0),
        ("x = float(text)", 1),
        ("share = cost_vnd / total_vnd", 2),
        ("share = line.cost_vnd / 3", 1),
        ("half = cost_vnd // 2", 0),
        ("file = folder / name", 0),
    ],
)
def test_the_inexact_number_detector(source: str, count: int) -> None:
    assert len(inexact_numbers_in(ast.parse(source))) == count
