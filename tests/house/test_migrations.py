"""Stored facts change their shape in numbered steps, both ways, on both stores."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, inspect, text

from finance.database import make_engine
from finance.schema import METADATA
from migrations.command import downgrade, newest_number, stored_number, upgrade
from tests.house.source_tree import ROOT, say_all, tree_of
from tests.stores import PostgresTemplate

STEPS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
ALEMBICS_OWN = "alembic_version"


def _leave_empty(_: str) -> None:
    """A store without any table."""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        yield engine
        engine.dispose()
        return
    template = PostgresTemplate(request.getfixturevalue("postgres_server"), _leave_empty)
    url = template.fresh_url()
    engine = make_engine(url)
    yield engine
    engine.dispose()
    template.drop(url)
    template.close()


def differences_from_metadata(engine: Engine) -> list[str]:
    """What autogenerate would change, and the CHECK constraints it does not look at."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        changes = [str(change) for change in compare_metadata(context, METADATA)]
    return changes + _check_differences(engine)


def _check_differences(engine: Engine) -> list[str]:
    inspector = inspect(engine)
    found = []
    for table in METADATA.sorted_tables:
        if not inspector.has_table(table.name):
            continue
        declared = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        stored = {str(c["name"]) for c in inspector.get_check_constraints(table.name)}
        found += [f"{table.name}: CHECK {name} is not in the store" for name in sorted(declared - stored)]
        found += [f"{table.name}: CHECK {name} is not in the records" for name in sorted(stored - declared)]
    return found


def leftovers_in(engine: Engine) -> list[str]:
    """Tables, triggers and functions of ours still in the store."""
    left = [name for name in inspect(engine).get_table_names() if name != ALEMBICS_OWN]
    question = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    if engine.dialect.name == "postgresql":
        question = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    with engine.connect() as connection:
        return left + [str(name) for name in connection.scalars(text(question))]


def test_steps_are_numbered_without_gaps_and_in_one_line() -> None:
    numbers = [path.name[:4] for path in STEPS]
    assert numbers == [f"{number:04}" for number in range(1, len(STEPS) + 1)], (
        "number migrations 0001, 0002, …"
    )
    configuration = Config()
    configuration.set_main_option("script_location", str(ROOT / "migrations"))
    scripts = ScriptDirectory.from_config(configuration)
    assert scripts.get_heads() == [numbers[-1]], "give the later of the two migrations the next number"
    chain = [script.revision for script in scripts.walk_revisions()]
    assert chain == numbers[::-1], "each migration's down_revision is the number before it"


def test_current_head_names_the_newest_step() -> None:
    assert newest_number() == STEPS[-1].name[:4], "write the newest number into migrations/CURRENT_HEAD"


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
def test_a_step_says_why_and_goes_both_ways(path: Path) -> None:
    assert re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name), "name it NNNN_what_it_brings.py"
    tree = tree_of(path)
    assert ast.get_docstring(tree), "begin with a docstring that says why"
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for direction in ("upgrade", "downgrade"):
        acts = [n for n in functions[direction].body if not isinstance(n, ast.Pass) and not _is_text(n)]
        assert acts, f"{direction}() does nothing: a step that cannot be undone is said so in the changelog"


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_an_upgraded_store_equals_the_records(engine: Engine) -> None:
    wrong = differences_from_metadata(engine)
    assert not wrong, say_all("Write a migration for what the records say:", wrong)


def test_down_to_nothing_and_up_again(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    downgrade(empty_engine)
    assert not leftovers_in(empty_engine), "downgrade() must take away all that upgrade() made"
    upgrade(empty_engine)
    assert stored_number(empty_engine) == newest_number()
    assert not differences_from_metadata(empty_engine)


def test_every_single_step_can_be_undone_and_redone(empty_engine: Engine) -> None:
    for path in STEPS:
        number = path.name[:4]
        upgrade(empty_engine, number)
        downgrade(empty_engine, "-1")
        upgrade(empty_engine, number)
        assert stored_number(empty_engine) == number


def test_the_detector_of_differences(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE planted (id INTEGER PRIMARY KEY)")
    assert any("planted" in one for one in differences_from_metadata(engine))
    assert "planted" in leftovers_in(engine)
    engine.dispose()
