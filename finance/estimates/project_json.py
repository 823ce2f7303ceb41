"""A project as JSON and back: what is kept of a project outside the version's own rows. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from finance.estimates.draft import LineDraft, ProjectDraft, PromiseDraft
from finance.estimates.levels import LevelCode
from finance.labels import LabelledEnum
from finance.programme.classification import Nature, ProjectKind


def project_to_json(project: ProjectDraft) -> dict[str, Any]:
    """Everything the project asks, as plain JSON values."""
    return _plain_dict(asdict(project))


def project_of_json(data: dict[str, Any]) -> ProjectDraft:
    """The project that `project_to_json` wrote."""
    return ProjectDraft(
        **{
            **data,
            "kind": ProjectKind.of(data["kind"]),
            "target_codes": tuple(data["target_codes"]),
            "levels": tuple(LevelCode.of(code) for code in data["levels"]),
            "lines": tuple(line_of_json(line) for line in data["lines"]),
            "promises": tuple(
                PromiseDraft(**{**promise, "unit_codes": tuple(promise["unit_codes"])})
                for promise in data["promises"]
            ),
        }
    )


def line_to_json(line: LineDraft) -> dict[str, Any]:
    """One line as plain JSON values."""
    return _plain_dict(asdict(line))


def line_of_json(data: dict[str, Any]) -> LineDraft:
    """The line that `line_to_json` wrote."""
    return LineDraft(**{**data, "nature": Nature.of(data["nature"]), "quantities": tuple(data["quantities"])})


def _plain_dict(value: dict[str, Any]) -> dict[str, Any]:
    return {key: _plain(inner) for key, inner in value.items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return _plain_dict(value)
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, LabelledEnum) else value
