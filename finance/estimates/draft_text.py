"""A draft as one line of text and back: for a workbook's base and for what an import replaced. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, PromiseDraft
from finance.estimates.levels import LevelCode
from finance.labels import LabelledEnum
from finance.programme.classification import Nature, ProjectKind

_HEAD = ("project_key", "priority", "name_vi", "kind", "task_code", "place", "justification", "target_codes")
_LINE = (
    "item_vi", "source_code", "nature", "year", "unit_name", "unit_price_vnd", "quantities",
    "frequency_thousandths", "budget_code", "norm_code", "over_norm_reason", "note",
)  # fmt: skip
_WHOLE = frozenset(
    {
        "priority",
        "year",
        "unit_price_vnd",
        "quantities",
        "frequency_thousandths",
        "level",
        "quantity_thousandths",
    }
)
_PROMISE = ("level", "output_code", "year", "quantity_thousandths", "component", "unit_codes")


def draft_to_text(draft: EstimateDraft) -> str:
    """Everything the draft asks, the same text for equal drafts."""
    plain = [
        _fields(project, _HEAD)
        | {
            "levels": [str(code) for code in project.levels],
            "lines": [_fields(line, _LINE) for line in project.lines],
            "promises": [_fields(promise, _PROMISE) for promise in project.promises],
        }
        for project in draft.projects
    ]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def draft_from_text(text: str) -> EstimateDraft:
    """The draft that was written.

    Raises:
        ValueError: the text is none of `draft_to_text`.
    """
    try:
        draft = EstimateDraft(tuple(_project(plain) for plain in json.loads(text)))
        if not all(_fits(project) for project in draft.projects):
            raise ValueError("not a written draft: levels")
        return draft
    except (TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise ValueError("not a written draft") from wrong


def text_hash(text: str) -> str:
    """SHA-256 of the text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _require_kinds(part: Mapping[str, Any]) -> None:
    """Refuse a part with a figure or text of another kind: whoever shows it later must not stumble."""
    for name, value in part.items():
        if name in {"lines", "promises"}:
            continue
        is_list = name in {"target_codes", "levels", "quantities", "unit_codes"}
        wanted = int if name in _WHOLE else str
        if any(type(one) is not wanted for one in (value if is_list else [value])):
            raise ValueError(f"not a written draft: {name}")


def _fits(project: ProjectDraft) -> bool:
    """True when quantities and promises are of the project's levels, which are each there once."""
    count = len(project.levels)
    return (
        0 < count == len(set(project.levels))
        and all(len(line.quantities) == count for line in project.lines)
        and all(1 <= promise.level <= count for promise in project.promises)
    )


def _fields(part: ProjectDraft | LineDraft | PromiseDraft, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in names}
    return {name: str(value) if isinstance(value, LabelledEnum) else value for name, value in values.items()}


def _project(plain: Mapping[str, Any]) -> ProjectDraft:
    for part in (plain, *plain["lines"], *plain["promises"]):
        _require_kinds(part)
    lines = (
        {**line, "nature": Nature.of(line["nature"]), "quantities": tuple(line["quantities"])}
        for line in plain["lines"]
    )
    promises = ({**promise, "unit_codes": tuple(promise["unit_codes"])} for promise in plain["promises"])
    return ProjectDraft(
        **{
            **plain,
            "kind": ProjectKind.of(plain["kind"]),
            "target_codes": tuple(plain["target_codes"]),
            "levels": tuple(LevelCode.of(code) for code in plain["levels"]),
            "lines": tuple(LineDraft(**line) for line in lines),
            "promises": tuple(PromiseDraft(**promise) for promise in promises),
        }
    )
