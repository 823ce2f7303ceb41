"""Every way finance refuses has a page that says what to do next."""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata

import finance
from finance.errors import FinanceError
from tests.house.source_tree import say_all
from webapp.error_pages import ERROR_PAGES


def _all_kinds_below(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*(_all_kinds_below(below) for below in kind.__subclasses__()))


def _refusals() -> set[type[Exception]]:
    for found in pkgutil.walk_packages(finance.__path__, "finance."):
        importlib.import_module(found.name)
    return {kind for kind in _all_kinds_below(FinanceError) if kind.__module__.startswith("finance.")}


def test_every_refusal_has_a_row() -> None:
    missing = sorted(kind.__name__ for kind in _refusals() - set(ERROR_PAGES))
    assert not missing, say_all(
        "Add a row with status, heading and next step to webapp/error_pages.py:", missing
    )


def test_every_row_is_of_a_refusal() -> None:
    needless = sorted(kind.__name__ for kind in set(ERROR_PAGES) - _refusals())
    assert not needless, say_all("Take these rows out of webapp/error_pages.py:", needless)


def test_rows_say_something_in_vietnamese() -> None:
    silent = []
    for kind, page in ERROR_PAGES.items():
        texts = (str(page.heading), str(page.next_step))
        if not 400 <= page.status <= 599 or any(unicodedata.normalize("NFD", one).isascii() for one in texts):
            silent.append(kind.__name__)
    assert not silent, say_all(
        "Say what happened and what to do, in Vietnamese, with a 4xx or 5xx status:", silent
    )
