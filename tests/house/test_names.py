"""One search finds one function; a file says what it holds; labels are Vietnamese."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType

import pytest

import finance
from finance.labels import LabelledEnum
from tests.house.source_tree import module_name_of, name_of, python_files, say_all, tree_of

DRAWERS = {
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "handler", "handlers",
    "processor", "processors", "service", "services", "models", "tools", "stuff", "base2",
}  # fmt: skip

# Vietnamese has words without a mark; these labels were read and are right as they stand.
RIGHT_WITHOUT_MARKS: set[str] = set()
# Enums no person ever reads.
UNLABELLED: dict[str, str] = {}


def finance_modules() -> Iterator[ModuleType]:
    """Every module of finance, imported."""
    for found in pkgutil.walk_packages(finance.__path__, "finance."):
        yield importlib.import_module(found.name)


def has_marks(label: str) -> bool:
    """Whether a text holds a letter that only Vietnamese has (đ, or a vowel with a mark)."""
    return any(letter in "đĐ" or len(unicodedata.normalize("NFD", letter)) > 1 for letter in label)


def _enums() -> list[type[Enum]]:
    found = {}
    for module in finance_modules():
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and issubclass(value, Enum)
                and value.__module__.startswith("finance.")
            ):
                found[f"{value.__module__}.{value.__qualname__}"] = value
    return [kind for name, kind in sorted(found.items()) if kind is not LabelledEnum]


def test_every_enum_is_labelled() -> None:
    wrong = [
        f"{kind.__module__}.{kind.__qualname__}"
        for kind in _enums()
        if not issubclass(kind, LabelledEnum) and f"{kind.__module__}.{kind.__qualname__}" not in UNLABELLED
    ]
    assert not wrong, say_all(
        "Derive from finance.labels.LabelledEnum and give each member its label:", wrong
    )


def test_every_label_is_vietnamese() -> None:
    wrong = [
        f"{kind.__qualname__}.{member.name}: {member.label_vi!r}"
        for kind in _enums()
        if issubclass(kind, LabelledEnum)
        for member in kind
        if not _is_good(member.label_vi)
    ]
    assert not wrong, say_all("Write the label in Vietnamese with its marks, composed, not padded:", wrong)


def _is_good(label: str) -> bool:
    if not label or label != label.strip() or not unicodedata.is_normalized("NFC", label):
        return False
    return has_marks(label) or label in RIGHT_WITHOUT_MARKS


def test_labels_of_one_enum_differ() -> None:
    wrong = []
    for kind in _enums():
        if issubclass(kind, LabelledEnum):
            labels = [member.label_vi for member in kind]
            wrong += [
                f"{kind.__qualname__}: {label!r}"
                for label in {one for one in labels if labels.count(one) > 1}
            ]
    assert not wrong, say_all("Two members a person cannot tell apart:", wrong)


def public_functions_in(tree: ast.Module) -> list[str]:
    """The public functions at the top of a module."""
    return [n.name for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]


def test_public_functions_of_finance_have_one_name_each() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in python_files("finance"):
        for name in public_functions_in(tree_of(path)):
            homes[name].append(module_name_of(path))
    twice = [f"{name}: {', '.join(modules)}" for name, modules in sorted(homes.items()) if len(modules) > 1]
    assert not twice, say_all("Name the thing in the function's name, so that one search finds one:", twice)


def test_no_file_is_a_drawer() -> None:
    words = {name_of(path): {*Path(name_of(path)).parts[:-1], path.stem} for path in _house_files()}
    found = [name for name, parts in words.items() if DRAWERS & parts]
    assert not found, say_all("Name the file after what it holds, as the office would say it:", found)


def test_every_module_says_what_it_promises() -> None:
    silent = [
        name_of(path)
        for path in _house_files()
        if tree_of(path).body and not ast.get_docstring(tree_of(path))
    ]
    assert not silent, say_all("Begin the file with what it promises and what it refuses to know:", silent)


def _house_files() -> list[Path]:
    return list(python_files("finance", "optimizer", "webapp"))


@pytest.mark.parametrize(
    ("label", "answer"), [("lập dự toán", True), ("Đề án", True), ("draft", False), ("du toan", False)]
)
def test_the_mark_detector(label: str, answer: bool) -> None:
    assert has_marks(label) is answer
