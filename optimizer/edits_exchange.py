"""Steps of a what-if as files: phanbo-edits/1, both ways.

A file says changes as people say them ("2 tỷ more", "the floor is lifted"); read against the problem they
change, they become edits. Reading reports all mistakes at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from optimizer.canonical import decimal_number
from optimizer.edits import CeilingEdit, Edit, EditStep, LimitEdit, StateEdit, WeightEdit, check_edits
from optimizer.errors import InvalidProblem, Mistake
from optimizer.problem import AllocationProblem, CandidateState
from optimizer.schema_check import UnreadableText, read_json, schema_mistakes
from optimizer.wording import amount_words

EDITS_FILE = "phanbo-edits-1.schema.json"
EDITS_SCHEMA = "phanbo-edits/1"
STATE_KINDS = {
    "pin": CandidateState.PINNED,
    "level": CandidateState.PINNED,
    "commit": CandidateState.COMMITTED,
    "bar": CandidateState.BARRED,
    "open": CandidateState.OPEN,
}
Data = Mapping[str, Any]


def read_edits(text: str, problem: AllocationProblem) -> EditStep:
    """Return the step that a phanbo-edits/1 text describes.

    Args:
        text: the file.
        problem: the problem it changes; changes "by so much" start from its amounts.
    Raises:
        InvalidProblem: with every mistake of form and of content, each with its JSON path.
    """
    try:
        data = read_json(text)
    except UnreadableText as error:
        raise InvalidProblem((Mistake("$", str(error)),)) from error
    mistakes = list(schema_mistakes(data, EDITS_FILE))
    told = [mistake.path for mistake in mistakes]
    edits: list[Edit] = []
    seen: dict[tuple[object, ...], int] = {}
    for place, item in enumerate(_items(data)):
        path = f"$.edits[{place}]"
        # What has a mistake of form is not understood any further.
        if any(other == path or other.startswith((f"{path}.", f"{path}[")) for other in told):
            continue
        mistakes += _request_mistakes(path, item, problem)
        edit = _edit(item, problem)
        mistakes += [Mistake(path, found.words) for found in check_edits(problem, (edit,))]
        first = seen.setdefault(_subject(edit), place)
        if first != place:
            mistakes.append(
                Mistake(path, f"Điều này đã được sửa ở edits[{first}]; mỗi điều chỉ sửa một lần.")
            )
        edits.append(edit)
    if mistakes:
        raise InvalidProblem(tuple(mistakes))
    return EditStep(data.get("title", ""), tuple(edits))


def write_edits(step: EditStep) -> str:
    """Return the phanbo-edits/1 text of a step."""
    return json.dumps(edits_to_json(step), ensure_ascii=False, indent=1) + "\n"


def edits_to_json(step: EditStep) -> dict[str, Any]:
    """Return a step as the data of a phanbo-edits/1 file.

    Raises:
        ValueError: a weight is not a finite decimal.
    """
    return {
        "schema": EDITS_SCHEMA,
        "title": step.title,
        "edits": [_edit_to_json(edit) for edit in step.edits],
    }


def _items(data: Any) -> list[Any]:
    found = data.get("edits") if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def _edit(item: Data, problem: AllocationProblem) -> Edit:
    """Return the edit that one entry of good form asks for."""
    kind = item["kind"]
    if kind == "envelope":
        ceiling_vnd = item.get("ceiling_vnd")
        if ceiling_vnd is None:
            ceiling_vnd = max(0, (_ceiling_vnd(item, problem) or 0) + item.get("change_vnd", 0))
        return CeilingEdit(item["source"], item["year"], ceiling_vnd)
    if kind == "weight":
        return WeightEdit(item["output"], _exact(item["weight"]))
    if kind == "limit":
        limit = next((one for one in problem.limits if one.id == item["limit"]), None)
        floor = limit.at_least_vnd if limit is not None else None
        cap = limit.at_most_vnd if limit is not None else None
        return LimitEdit(item["limit"], item.get("at_least_vnd", floor), item.get("at_most_vnd", cap))
    level_id = item.get("min_level") if kind == "commit" else item.get("level")
    return StateEdit(item["candidate"], STATE_KINDS[kind], level_id)


def _exact(value: int | Decimal) -> Fraction:
    return Fraction(value)


def _ceiling_vnd(item: Data, problem: AllocationProblem) -> int | None:
    source = next((one for one in problem.sources if one.id == item["source"]), None)
    return None if source is None else source.ceiling_vnd.get(item["year"])


def _request_mistakes(path: str, item: Data, problem: AllocationProblem) -> Iterator[Mistake]:
    """Yield what is wrong with an entry besides the edit it becomes."""
    if item["kind"] == "envelope":
        if ("ceiling_vnd" in item) == ("change_vnd" in item):
            yield Mistake(
                path, "Phải nêu đúng một trong hai: ceiling_vnd (trần mới) hoặc change_vnd (thêm, bớt)."
            )
        before_vnd, change_vnd = _ceiling_vnd(item, problem), item.get("change_vnd", 0)
        if before_vnd is not None and before_vnd + change_vnd < 0:
            words = f"Trần chỉ có {amount_words(before_vnd)}, không thể bớt {amount_words(-change_vnd)}."
            yield Mistake(f"{path}.change_vnd", words)
    if item["kind"] == "limit" and not {"at_least_vnd", "at_most_vnd"} & set(item):
        yield Mistake(path, "Phải nêu mức sàn (at_least_vnd) hoặc mức trần (at_most_vnd) mới.")


def _subject(edit: Edit) -> tuple[object, ...]:
    """Return what an edit changes; two edits of one thing in one file contradict each other."""
    if isinstance(edit, CeilingEdit):
        return "ceiling", edit.source_id, edit.year
    if isinstance(edit, StateEdit):
        return "state", edit.candidate_id
    if isinstance(edit, WeightEdit):
        return "weight", edit.output_id
    return "limit", edit.limit_id


def _edit_to_json(edit: Edit) -> dict[str, Any]:
    if isinstance(edit, CeilingEdit):
        return {
            "kind": "envelope",
            "source": edit.source_id,
            "year": edit.year,
            "ceiling_vnd": edit.ceiling_vnd,
        }
    if isinstance(edit, WeightEdit):
        return {"kind": "weight", "output": edit.output_id, "weight": decimal_number(edit.weight)}
    if isinstance(edit, LimitEdit):
        sides = {"at_least_vnd": edit.at_least_vnd, "at_most_vnd": edit.at_most_vnd}
        return {"kind": "limit", "limit": edit.limit_id, **sides}
    kind = next(name for name, state in STATE_KINDS.items() if state is edit.state)
    data: dict[str, Any] = {"kind": kind, "candidate": edit.candidate_id}
    if edit.level_id is not None:
        data["min_level" if kind == "commit" else "level"] = edit.level_id
    return data
