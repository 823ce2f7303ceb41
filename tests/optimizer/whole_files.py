"""A problem file that uses every key there is, and what may be written wrongly at each of its places."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from optimizer.errors import Mistake

Steps = tuple[str | int, ...]
TOO_LARGE = 10**18 + 1
FAR_TOO_LARGE = 10**400
NOT_TEXT: tuple[Any, ...] = (None, True, 1, 1.5, [], {}, ["x"])
WRONG: dict[str, tuple[Any, ...]] = {
    "text": NOT_TEXT,
    "name": (*NOT_TEXT, ""),
    "word": (*NOT_TEXT, "", "khong-co"),
    "money": (None, True, False, 1.0, 1.5, -1, "5", [], {}, TOO_LARGE, FAR_TOO_LARGE),
    "number": (None, True, "5", [], {}, -1, -0.5, TOO_LARGE, FAR_TOO_LARGE),
    "whole": (None, True, 1.0, 1.5, "5", [], {}, -1, 0, FAR_TOO_LARGE),
    "flag": (None, 0, 1, "true", [], {}),
    "list": (None, True, 1, "x", {}),
    "object": (None, True, 1, "x", [], [1]),
}
"""Values that must be refused, by what is meant to stand at a place."""
MAY_BE_NULL = frozenset(
    [
        "baseline", "target", "at_least", "year", "follows", "min_level", "pinned_level", "rank",
        "at_least_vnd", "at_most_vnd", "eligible", "curve", "reference_plan",
    ]
)  # fmt: skip
KIND_OF_KEY = {
    **dict.fromkeys(("title", "name", "unit", "agency", "area", "place", "words", "legal_reference"), "text"),
    **dict.fromkeys(("schema", "nature", "kind", "state", "beyond_target", "stages"), "word"),
    **dict.fromkeys(("weight", "start", "baseline", "target", "at_least", "curve"), "number"),
    **dict.fromkeys(("at_least_vnd", "at_most_vnd"), "money"),
    **dict.fromkeys(("year", "years", "rank", "count"), "whole"),
    **dict.fromkeys(("uncapped", "hard"), "flag"),
}
KIND_BELOW = {"ceiling_vnd": "money", "cost_vnd": "money", "yields": "number"}
"""What stands below keys whose own keys the file chooses."""
OPEN_KEYS = frozenset([*KIND_BELOW, "covers", "delivers", "reached", "reference_plan"])


def _sources() -> list[dict[str, Any]]:
    return [
        {
            "id": "tx", "name": "Thường xuyên", "nature": "recurrent", "uncapped": False,
            "ceiling_vnd": {"2012": 900, "2013": 800}, "eligible": ["P1", "P2"], "transfers_to": ["dt"],
        },
        {
            "id": "dt", "name": "Đầu tư", "nature": "capital", "uncapped": False,
            "ceiling_vnd": {"2012": 700, "2013": 700}, "eligible": None, "transfers_to": [],
        },
    ]  # fmt: skip


def _outputs() -> list[dict[str, Any]]:
    return [
        {
            "id": "q", "name": "Học viên", "kind": "quantity", "unit": "người", "weight": 30, "start": 0,
            "baseline": 2, "target": 20.5, "year": 2013, "follows": None, "curve": [[0.5, 0.7], [1, 1]],
            "beyond_target": "none", "at_least": 3,
        },
        {"id": "q2", "kind": "quantity", "weight": 10, "baseline": 2, "target": 40, "follows": "q"},
        {
            "id": "c", "name": "Một cửa", "kind": "coverage", "unit": "xã", "weight": 40, "target": 2,
            "scope_units": ["xa-1", "xa-2", "xa-3"], "exempt_units": ["xa-3"], "reached": {"xa-1": ["phong"]},
            "components": ["phong", "may"], "at_least": 1,
        },
        {"id": "d", "name": "Văn bản", "kind": "deliverable", "weight": 10, "components": ["thao", "ky"]},
        {"id": "m", "name": "Mốc", "kind": "milestone", "weight": 10, "components": ["xong"]},
        {"id": "o", "name": "Hài lòng", "kind": "outcome", "baseline": 70},
    ]  # fmt: skip


def _candidates() -> list[dict[str, Any]]:
    return [
        {
            "id": "P1", "name": "Dự án 1", "agency": "A", "area": "1", "place": "x", "rank": 1,
            "state": "open", "min_level": None, "pinned_level": None,
            "levels": [
                {
                    "id": "m0", "cost_vnd": {"tx": {"2012": 100}},
                    "yields": {"q": {"2012": 3, "2013": 2.5}},
                },
                {
                    "id": "m1", "cost_vnd": {"tx": {"2012": 150}, "dt": {"2013": 50}},
                    "yields": {"q": {"2012": 6}, "q2": {"2013": 1}},
                    "covers": {"c": {"phong": ["xa-2"], "may": ["xa-1", "xa-2"]}},
                    "delivers": {"d": ["thao"]},
                },
            ],
        },
        {
            "id": "P2", "agency": "B", "state": "committed", "min_level": "m1",
            "levels": [
                {"id": "m0", "cost_vnd": {"dt": {"2012": 10}}, "delivers": {"d": ["ky"]}},
                {"id": "m1", "cost_vnd": {"dt": {"2012": 20}}, "delivers": {"d": ["ky"], "m": ["xong"]}},
            ],
        },
        {
            "id": "P3", "state": "pinned", "pinned_level": "m0",
            "levels": [
                {"id": "m0", "cost_vnd": {"dt": {"2013": 15}}, "covers": {"c": {"may": ["xa-1"]}}},
            ],
        },
        {
            "id": "P4", "state": "barred",
            "levels": [{"id": "m0", "cost_vnd": {"dt": {"2013": 5}}, "yields": {"q": {"2013": 1}}}],
        },
    ]  # fmt: skip


def whole_file() -> dict[str, Any]:
    """Return a lawful problem file that uses every key."""
    sources, outputs, candidates = _sources(), _outputs(), _candidates()
    where = {
        "agency": ["A"], "area": ["1"], "place": ["x"], "source": ["tx"], "nature": ["recurrent"],
        "year": [2012],
    }  # fmt: skip
    limit = {
        "id": "L1", "words": "Sàn", "legal_reference": "Điều 1", "where": where, "at_least_vnd": 50,
        "at_most_vnd": 500, "hard": False,
    }  # fmt: skip
    links = [
        {"kind": "requires", "candidate": "P1", "needs": "P2", "min_level": "m1"},
        {"kind": "at_most_one", "candidates": ["P1", "P4"]},
        {"kind": "exactly_one", "candidates": ["P2"]},
        {"kind": "at_least", "count": 1, "candidates": ["P1", "P2"]},
    ]
    return {
        "schema": "phanbo-problem/1", "title": "Vòng thử", "years": [2012, 2013], "sources": sources,
        "outputs": outputs, "candidates": candidates, "limits": [limit], "links": links,
        "stages": ["legal_minimums", "score", "stability", "cost", "rank"],
        "reference_plan": {"P1": "m0", "P2": "m1"},
    }  # fmt: skip


def places(data: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Yield every place of JSON data with what stands there, the whole left out."""
    if steps:
        yield steps, data
    items: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in items:
        yield from places(value, (*steps, step))


def path_of(steps: Steps) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def changed(data: Any, steps: Steps, value: Any) -> Any:
    """Return a copy of JSON data with another value at one place."""
    copied = copy.deepcopy(data)
    parent = copied
    for step in steps[:-1]:
        parent = parent[step]
    parent[steps[-1]] = value
    return copied


def without(data: Any, steps: Steps) -> Any:
    """Return a copy of JSON data without one key."""
    copied = copy.deepcopy(data)
    parent = copied
    for step in steps[:-1]:
        parent = parent[step]
    del parent[steps[-1]]
    return copied


def kind_at(steps: Steps, value: Any) -> str:
    """Say what is meant to stand at a place of a problem file."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "list"
    names = [step for step in steps if isinstance(step, str)]
    for name in names:
        if name in KIND_BELOW:
            return KIND_BELOW[name]
    return KIND_OF_KEY.get(names[-1], "name")


def wrong_values(steps: Steps, value: Any) -> Iterator[Any]:
    """Yield values that may not stand at a place."""
    for wrong in WRONG[kind_at(steps, value)]:
        if wrong is not None or steps[-1] not in MAY_BE_NULL:
            yield wrong


def is_said_at(path: str, mistakes: tuple[Mistake, ...]) -> bool:
    """Tell whether a mistake is told at a place, or at the list or object it belongs to."""
    return any(
        told.path.startswith(path) or (told.path != "$" and path.startswith(told.path)) for told in mistakes
    )


def assert_in_words(mistakes: tuple[Mistake, ...]) -> None:
    for mistake in mistakes:
        assert mistake.path.startswith("$")
        assert any(ord(sign) > 127 for sign in mistake.words), mistake
        assert mistake.words.endswith((".", ")")), mistake
