"""A project as cells by name, so that two versions of it compare and merge cell by cell. Pure.

Levels, targets and promises are told by their code and not by their place: a level that was added
shifts no quantity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from finance.estimates.draft import LineDraft, ProjectDraft, PromiseDraft
from finance.estimates.levels import LEVEL_ORDER, LevelCode

HEAD_FIELDS = ("priority", "name_vi", "kind", "task_code", "place", "justification")
LINE_FIELDS = (
    "item_vi", "budget_code", "norm_code", "source_code", "nature", "year", "unit_name",
    "unit_price_vnd", "frequency_thousandths", "over_norm_reason", "note",
)  # fmt: skip
FlatLine = Mapping[str, Any]
PromiseKey = tuple[LevelCode, str, int, str]


@dataclass(frozen=True, slots=True)
class FlatProject:
    """The cells of a project.

    Attributes:
        lines: per line its fields by name, and `quantity_<level>` for all levels, 0 where the project
            has no such level.
        promises: per (level, output, year, component) the quantity and the units.
    """

    head: Mapping[str, Any]
    targets: frozenset[str]
    levels: frozenset[LevelCode]
    lines: tuple[FlatLine, ...]
    promises: Mapping[PromiseKey, tuple[int, frozenset[str]]]


def quantity_field(code: LevelCode) -> str:
    """Name of the cell with a line's quantity in the level."""
    return f"quantity_{code}"


def flatten_project(project: ProjectDraft) -> FlatProject:
    """The project as cells."""
    return FlatProject(
        {name: getattr(project, name) for name in HEAD_FIELDS},
        frozenset(project.target_codes),
        frozenset(project.levels),
        tuple(flatten_line(line, project.levels) for line in project.lines),
        {
            (project.levels[one.level - 1], one.output_code, one.year, one.component): (
                one.quantity_thousandths,
                frozenset(one.unit_codes),
            )
            for one in project.promises
        },
    )


def flatten_line(line: LineDraft, levels: Sequence[LevelCode]) -> FlatLine:
    """The line as cells."""
    by_level = dict(zip(levels, line.quantities, strict=True))
    cells = {name: getattr(line, name) for name in LINE_FIELDS}
    return cells | {quantity_field(code): by_level.get(code, 0) for code in LEVEL_ORDER}


def build_project(key: str, flat: FlatProject) -> ProjectDraft:
    """The project of these cells; what belongs to a level it does not have is left out."""
    levels = tuple(code for code in LEVEL_ORDER if code in flat.levels)
    promises = (
        PromiseDraft(levels.index(code) + 1, output, year, quantity, component, tuple(sorted(units)))
        for (code, output, year, component), (quantity, units) in flat.promises.items()
        if code in flat.levels
    )
    return ProjectDraft(
        project_key=key,
        target_codes=tuple(sorted(flat.targets)),
        levels=levels,
        lines=tuple(_build_line(line, levels) for line in flat.lines),
        promises=tuple(promises),
        **flat.head,
    )


def with_level_of(
    side: FlatProject, base: FlatProject, matches: Mapping[int, int], codes: frozenset[LevelCode]
) -> FlatProject:
    """The side with these levels as the base has them; for them, the side counts as unchanged."""
    if not codes:
        return side
    lines = tuple(
        {**line, **{quantity_field(code): base.lines[matches[index]][quantity_field(code)] for code in codes}}
        if index in matches
        else line
        for index, line in enumerate(side.lines)
    )
    promises = {key: value for key, value in side.promises.items() if key[0] not in codes}
    promises |= {key: value for key, value in base.promises.items() if key[0] in codes}
    return replace(side, levels=side.levels | codes, lines=lines, promises=promises)


def _build_line(line: FlatLine, levels: Sequence[LevelCode]) -> LineDraft:
    fields = {name: line[name] for name in LINE_FIELDS}
    return LineDraft(quantities=tuple(line[quantity_field(code)] for code in levels), **fields)
