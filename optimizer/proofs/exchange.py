"""Proof trees as JSON data, both ways; exact fractions are texts such as "3/1000". Standard library only.

A tree is ``{"prices": [{row id: price}], "steps": [step]}``; a step is one of

- ``{"candidate": "P17", "cases": [{"choices": [null], "next": 1}, {"choices": ["day-du"], "next": 2}]}``
- ``{"count": "done:D1", "zero": 3, "one": 4}``
- ``{"prices": 0, "bound": "431/5"}``: with prices 0 no plan of this case is worth more
- ``{"prices": 1, "bound": "-1/2", "no_plan": true}``: prices 1 show that this case has no plan
- ``{"no_choice": "P18"}``
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from optimizer.proofs.steps import (
    BoundCase,
    Case,
    ChoiceSplit,
    CountSplit,
    EmptyCase,
    NoChoiceCase,
    ProofTree,
    RefusedProof,
    Step,
)

FRACTION = re.compile(r"-?[0-9]{1,4000}(/[1-9][0-9]{0,3999})?")
"""Digits only: "1e999999999" would be a fraction too, and take all memory there is."""


def tree_to_json(tree: ProofTree) -> dict[str, Any]:
    """Return a tree as plain JSON data; nothing is rounded."""
    return {
        "prices": [{row: str(price) for row, price in sorted(table.items())} for table in tree.prices],
        "steps": [_step_to_json(step) for step in tree.steps],
    }


def tree_from_json(data: object) -> ProofTree:
    """Return the tree that tree_to_json wrote.

    Raises:
        RefusedProof: the data is not a tree; it says at which step.
    """
    if not isinstance(data, dict) or set(data) != {"prices", "steps"}:
        raise RefusedProof(None, "cây chứng minh phải có đúng hai khóa “prices” và “steps”")
    steps: list[Step] = []
    for number, step in enumerate(_list(data["steps"])):
        try:
            steps.append(_step_from_json(step))
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise RefusedProof(number, "không đúng dạng") from error
    try:
        prices = tuple(multipliers_from_json(table) for table in _list(data["prices"]))
    except (TypeError, ValueError, ZeroDivisionError) as error:
        raise RefusedProof(None, "bảng giá không đúng dạng") from error
    return ProofTree(prices, tuple(steps))


def multipliers_from_json(data: object) -> dict[str, Fraction]:
    """Return prices by row id.

    Raises:
        TypeError, ValueError, ZeroDivisionError: the data is no table of fractions.
    """
    if not isinstance(data, dict):
        raise TypeError("bảng giá phải là đối tượng")
    return {row_id: fraction_from_json(price) for row_id, price in data.items()}


def fraction_from_json(value: object) -> Fraction:
    """Return the fraction of a text such as "3/1000".

    Raises:
        TypeError, ValueError, ZeroDivisionError: it is none.
    """
    if not isinstance(value, str):
        raise TypeError("giá phải là phân số viết dạng chữ, ví dụ “3/1000”")
    if not FRACTION.fullmatch(value):
        raise ValueError("giá phải là phân số viết dạng chữ, ví dụ “3/1000”")
    return Fraction(value)


def _step_to_json(step: Step) -> dict[str, Any]:
    if isinstance(step, ChoiceSplit):
        cases = [{"choices": list(case.choices), "next": case.next_step} for case in step.cases]
        return {"candidate": step.candidate_id, "cases": cases}
    if isinstance(step, CountSplit):
        return {"count": step.count, "zero": step.zero_step, "one": step.one_step}
    if isinstance(step, NoChoiceCase):
        return {"no_choice": step.candidate_id}
    last = {"prices": step.prices, "bound": str(step.bound)}
    return {**last, "no_plan": True} if isinstance(step, EmptyCase) else last


def _step_from_json(data: Mapping[str, Any]) -> Step:
    """Return the step; the keys say which kind it is."""
    keys = frozenset(data)
    if keys == {"candidate", "cases"}:
        cases = tuple(_case_from_json(case) for case in _list(data["cases"]))
        return ChoiceSplit(_text(data["candidate"]), cases)
    if keys == {"count", "zero", "one"}:
        return CountSplit(_text(data["count"]), _position(data["zero"]), _position(data["one"]))
    if keys == {"no_choice"}:
        return NoChoiceCase(_text(data["no_choice"]))
    if keys == {"prices", "bound", "no_plan"} and data["no_plan"] is True:
        return EmptyCase(_position(data["prices"]), fraction_from_json(data["bound"]))
    if keys == {"prices", "bound"}:
        return BoundCase(_position(data["prices"]), fraction_from_json(data["bound"]))
    raise ValueError("unknown kind of step")


def _case_from_json(data: Mapping[str, Any]) -> Case:
    if set(data) != {"choices", "next"}:
        raise ValueError("not a case")
    choices = tuple(None if choice is None else _text(choice) for choice in _list(data["choices"]))
    return Case(choices, _position(data["next"]))


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise RefusedProof(None, "phải là danh sách")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _position(value: object) -> int:
    if type(value) is not int:
        raise TypeError("not a position")
    return value
