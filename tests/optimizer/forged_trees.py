"""Every single forgery of a proof by cases, as JSON data: prices, divisions, last cases, the list itself."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

Data = Any
Forged = tuple[str, Data]


def forged_trees(data: Data) -> Iterator[Forged]:
    """Yield (what was forged, the forged tree), one change at a time."""

    def forged(act: Callable[[Data], object]) -> Data:
        other = copy.deepcopy(data)
        act(other)
        return other

    yield "a step too many", forged(lambda tree: tree["steps"].append(tree["steps"][-1]))
    yield "a step too few", forged(lambda tree: tree["steps"].pop())
    yield "no steps", {**data, "steps": []}
    yield "a table too many", {**data, "prices": [*data["prices"], {}]}
    yield "an unknown key", {**data, "bound": "1"}
    for place, table in enumerate(data["prices"]):
        for name, other in _forged_tables(table):
            yield f"prices {place}: {name}", forged(lambda tree, p=place, o=other: _put(tree["prices"], p, o))
    for place, step in enumerate(data["steps"]):
        for name, other in _forged_steps(step):
            yield f"step {place}: {name}", forged(lambda tree, p=place, o=other: _put(tree["steps"], p, o))


def _put(items: list[Data], place: int, item: Data) -> None:
    items[place] = item


def _forged_tables(table: dict[str, str]) -> Iterator[Forged]:
    for row, price in table.items():
        yield f"{row} raised", {**table, row: str(Fraction(price) * 3 / 2)}
        yield f"{row} lowered", {**table, row: str(Fraction(price) / 2)}
        yield f"{row} negative", {**table, row: f"-{price}"}
        yield f"{row} no number", {**table, row: "nhiều"}
        yield f"{row} dropped", {key: value for key, value in table.items() if key != row}
    yield "unknown row", {**table, "bia": "1"}


def _forged_steps(step: Data) -> Iterator[Forged]:
    yield "unknown kind", {"khac": 1}
    if "cases" in step:
        first, *others = step["cases"]
        yield "a case left out", {**step, "cases": others}
        yield "a case twice", {**step, "cases": [first, *step["cases"]]}
        yield "a choice left out", {**step, "cases": [{**first, "choices": first["choices"][1:]}, *others]}
        yield "a choice too many", {**step, "cases": [{**first, "choices": ["ma"]}, *others]}
        yield "back to the beginning", {**step, "cases": [{**first, "next": 0}, *others]}
        yield "nowhere", {**step, "cases": [{**first, "next": 10**6}, *others]}
        yield "unknown candidate", {**step, "candidate": "khong-co"}
    if "count" in step:
        yield "one case twice", {**step, "zero": step["one"]}
        for count in ("segment:Q00:0", "free:Q00", "done:khong-co", "slack:floor:san-1"):
            yield f"by {count}", {**step, "count": count}
    if "bound" in step:
        for off in ("-1/1000000", "1/1000000", "-1", "1"):
            yield f"bound {off}", {**step, "bound": str(Fraction(step["bound"]) + Fraction(off))}
        yield "prices of nobody", {**step, "prices": 10**6}
        yield "prices before the first", {**step, "prices": -1}
        yield "called otherwise", _other_kind(step)


def _other_kind(step: Data) -> Data:
    """Return a last case with plans as one without, and the other way round."""
    if "no_plan" in step:
        return {key: value for key, value in step.items() if key != "no_plan"}
    return {**step, "no_plan": True}
