"""Merging a workbook with what was saved on the web since it was downloaded, cell by cell. Pure.

Three drafts go in: the base both sides started from, the file, and the web. A value that one side
changed is taken from that side; what both changed differently is a conflict for a person to decide,
and so is a part that one side deleted and the other changed. Nothing either side did is lost silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from finance.estimates.draft import EstimateDraft, ProjectDraft, tidy_draft
from finance.estimates.levels import LEVEL_ORDER, LevelCode
from finance.estimates.merging.flat_project import (
    HEAD_FIELDS,
    FlatProject,
    PromiseKey,
    build_project,
    flatten_project,
    quantity_field,
    with_level_of,
)
from finance.estimates.merging.line_matching import match_lines
from finance.estimates.merging.line_merge import ThreeProjects, merge_lines
from finance.estimates.merging.three_ways import ABSENT, Conflict, Decisions, Side, merged_set

_BLANK = FlatProject(dict.fromkeys(HEAD_FIELDS, ABSENT), frozenset(), frozenset(), (), {})


@dataclass(frozen=True, slots=True)
class MergedDraft:
    """The merge of three drafts.

    Attributes:
        draft: with the choices made; where none was made the web's value stands.
        conflicts: every one met, decided or not, in the order of the projects.
        open_conflicts: those without a choice; the draft may be stored only when there is none.
    """

    draft: EstimateDraft
    conflicts: tuple[Conflict, ...] = ()
    open_conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class _Levels:
    """The levels that stay, and for each side those it gets back from the base."""

    stay: frozenset[LevelCode]
    back_to_file: frozenset[LevelCode] = frozenset()
    back_to_web: frozenset[LevelCode] = frozenset()


def merge_drafts(
    base: EstimateDraft, file: EstimateDraft, web: EstimateDraft, choices: Mapping[str, Side] | None = None
) -> MergedDraft:
    """Bring the changes of both sides together.

    Args:
        base: what both sides started from.
        file: what the workbook asks; its lines may carry `line_key`s of the base.
        web: what is stored now.
        choices: which side stands, by the conflict's place.

    Returns:
        The tidied draft and the conflicts; all three drafts must be tidied, with unique keys.
    """
    decisions = Decisions({} if choices is None else choices)
    sides = [{one.project_key: one for one in draft.projects} for draft in (base, file, web)]
    found = []
    for key in sorted({key for side in sides for key in side}):
        old, mine, theirs = (side.get(key) for side in sides)
        found.append(_merge_project(key, (old, mine, theirs), decisions))
    draft = tidy_draft(EstimateDraft(tuple(project for project in found if project is not None)))
    return MergedDraft(draft, tuple(decisions.conflicts), tuple(decisions.open_conflicts))


def _merge_project(
    key: str,
    sides: tuple[ProjectDraft | None, ProjectDraft | None, ProjectDraft | None],
    decisions: Decisions,
) -> ProjectDraft | None:
    base, file, web = sides
    if file is None or web is None:
        kept = decisions.value(Conflict(key, key, "", "", *(ABSENT if one is None else one for one in sides)))
        return kept if isinstance(kept, ProjectDraft) else None
    if file == web:
        return web
    old = base.lines if base else ()
    three = ThreeProjects(
        key,
        flatten_project(base) if base else _BLANK,
        flatten_project(file),
        flatten_project(web),
        match_lines(old, file.lines, key),
        match_lines(old, web.lines, key),
    )
    return _merge_content(three, decisions)


def _merge_content(three: ThreeProjects, decisions: Decisions) -> ProjectDraft:
    key, base = three.key, three.base
    head = {
        name: decisions.value(
            Conflict(
                f"{key}/{name}", key, "", name, base.head[name], three.file.head[name], three.web.head[name]
            )
        )
        for name in HEAD_FIELDS
    }
    levels = _merge_levels(three, decisions)
    file = with_level_of(three.file, base, three.file_matches, levels.back_to_file)
    web = with_level_of(three.web, base, three.web_matches, levels.back_to_web)
    three = ThreeProjects(key, base, file, web, three.file_matches, three.web_matches)
    targets = frozenset(merged_set(base.targets, file.targets, web.targets))
    lines = merge_lines(three, levels.stay, decisions)
    promises = _merge_promises(three, levels.stay, decisions)
    return build_project(key, FlatProject(head, targets, levels.stay, lines, promises))


def _merge_levels(three: ThreeProjects, decisions: Decisions) -> _Levels:
    mine_all, theirs_all = three.file.levels, three.web.levels
    if not mine_all & theirs_all and mine_all | theirs_all <= three.base.levels:
        return _one_side_of_levels(three, decisions)
    stay: set[LevelCode] = set()
    back_to_file: set[LevelCode] = set()
    back_to_web: set[LevelCode] = set()
    for code in LEVEL_ORDER:
        old, mine, theirs = (code in one.levels for one in (three.base, three.file, three.web))
        if not (mine or theirs) or (old and mine != theirs and not _is_kept(three, code, decisions)):
            continue
        stay.add(code)
        if old and mine != theirs:
            (back_to_file if theirs else back_to_web).add(code)
    return _Levels(frozenset(stay), frozenset(back_to_file), frozenset(back_to_web))


def _is_kept(three: ThreeProjects, code: LevelCode, decisions: Decisions) -> bool:
    """True when a level stays that one side took away: the other changed it, and a person wants it."""
    is_file_keeper = code in three.file.levels
    keeper = three.file if is_file_keeper else three.web
    matches = three.file_matches if is_file_keeper else three.web_matches
    if not _changes_level(three.base, keeper, matches, code):
        return False
    values = (code.label_vi if code in one.levels else ABSENT for one in (three.base, three.file, three.web))
    side = decisions.side(Conflict(f"{three.key}/levels/{code}", three.key, "", "levels", *values))
    return (side is Side.FILE) == is_file_keeper


def _changes_level(base: FlatProject, side: FlatProject, matches: Mapping[int, int], code: LevelCode) -> bool:
    """True when a quantity or a promise of the level differs from the base's."""
    name = quantity_field(code)
    for index, line in enumerate(side.lines):
        if line[name] != (base.lines[matches[index]][name] if index in matches else 0):
            return True
    return {k: v for k, v in base.promises.items() if k[0] is code} != {
        k: v for k, v in side.promises.items() if k[0] is code
    }


def _one_side_of_levels(three: ThreeProjects, decisions: Decisions) -> _Levels:
    """Each side took away what the other left: the levels of one of them have to stand."""
    values = (_level_names(one) for one in (three.base, three.file, three.web))
    side = decisions.side(Conflict(f"{three.key}/levels", three.key, "", "levels", *values))
    if side is Side.FILE:
        return _Levels(three.file.levels, back_to_web=three.file.levels)
    return _Levels(three.web.levels, back_to_file=three.web.levels)


def _level_names(project: FlatProject) -> str:
    return ", ".join(code.label_vi for code in LEVEL_ORDER if code in project.levels)


def _merge_promises(
    three: ThreeProjects, levels: frozenset[LevelCode], decisions: Decisions
) -> dict[PromiseKey, tuple[int, frozenset[str]]]:
    base, file, web = three.base.promises, three.file.promises, three.web.promises
    merged = {}
    for key in sorted({*base, *file, *web}, key=lambda one: (LEVEL_ORDER.index(one[0]), *one[1:])):
        if key[0] not in levels:
            continue
        kept = _merge_promise(
            three.key, key, (base.get(key, ABSENT), file.get(key, ABSENT), web.get(key, ABSENT)), decisions
        )
        if kept is not ABSENT:
            merged[key] = kept
    return merged


def _merge_promise(
    project_key: str, key: PromiseKey, values: tuple[Any, Any, Any], decisions: Decisions
) -> Any:
    """Quantity and units of a promise, or `ABSENT` when it does not stay."""
    code, output, year, component = key
    place = f"{project_key}/promises/{code}/{output}/{year}/{component}"
    part = f"{output}, {code.label_vi}, {year}" + (f", {component}" if component else "")
    base, file, web = values
    if file is ABSENT or web is ABSENT:
        return decisions.value(Conflict(place, project_key, part, "", *values))
    old_quantity, old_units = base if base is not ABSENT else (ABSENT, frozenset())
    field = "quantity_thousandths"
    quantities = (old_quantity, file[0], web[0])
    quantity = decisions.value(Conflict(f"{place}/{field}", project_key, part, field, *quantities))
    return quantity, frozenset(merged_set(old_units, file[1], web[1]))
