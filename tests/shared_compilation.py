"""What every running program compiles once is compiled once for a whole run of tests: statements, templates.

Every test has a store of its own, hence an engine of its own, and many have a program of their own;
each would compile its statements and templates anew, which is half of what a small test costs. Only
the compiled words are shared, never a connection, a setting or a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine, create_engine, event
from sqlalchemy.util import LRUCache

KEPT_STATEMENTS = 2_000


@contextmanager
def shared_compilation() -> Iterator[None]:
    """Let all engines and programs that are made inside the block share what they compile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("finance.database.create_engine", _Statements().create_engine)
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": _Templates()})
        yield


class _Statements:
    """The statements compiled so far, and for each driver the dialect they were compiled by."""

    def __init__(self) -> None:
        self._dialects: dict[str, Dialect] = {}
        self._compiled: LRUCache[Any, Any] = LRUCache(KEPT_STATEMENTS)

    def create_engine(self, *arguments: Any, **more: Any) -> Engine:
        """SQLAlchemy's own, with the shared statements."""
        engine = create_engine(*arguments, **more, execution_options={"compiled_cache": self._compiled})
        driver = engine.url.drivername
        if driver in self._dialects:
            engine.dialect = self._dialects[driver]
        else:
            # A dialect knows its server only after the first connection, so it is not shared before.
            event.listen(engine, "connect", lambda *_: self._dialects.setdefault(driver, engine.dialect))
        return engine


class _Templates(BytecodeCache):
    """The templates compiled so far; a template changed meanwhile has another checksum and is read anew."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was kept of this very text."""
        code = self._codes.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        self._codes[bucket.key, bucket.checksum] = bucket.bytecode_to_string()
