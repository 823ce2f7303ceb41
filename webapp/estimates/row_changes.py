"""Rows and levels of the project form added, copied and taken away, on what is typed; nothing is stored.

These are the buttons of a page without scripts; with scripts the grid does the same in place.
"""

from __future__ import annotations

import re
from dataclasses import replace

from webapp.estimates.typed_project import LINE_KEY, TypedLine, TypedProject, blank_line, blank_promise

SAVE = "save"
SAVE_AND_BACK = "save-and-back"
ADD_LINES = "add-lines"
ADD_PROMISE = "add-promise"
APPLY_LEVELS = "levels"
REFRESH_TARGETS = "refresh-targets"
SPARE_LINES = 5
MOST_LEVELS = 4

_ROW_NUMBER = re.compile(r"[0-9]{1,6}")


def change_rows(typed: TypedProject, act: str, year: int) -> TypedProject:
    """Do what the pressed button says; an unknown one changes nothing.

    Args:
        typed: the form.
        act: the button: ``add-lines``, ``copy-line-3``, ``drop-line-3``, ``add-promise``,
            ``drop-promise-0``, ``levels``, ``refresh``; rows are numbered as they stand.
        year: year of new rows when there is no row above.
    """
    verb, _dash, number = act.rpartition("-")
    at = int(number) if _ROW_NUMBER.fullmatch(number) else None
    if act == ADD_LINES:
        return replace(typed, lines=(*typed.lines, *spare_lines(typed, year, SPARE_LINES)))
    if act == ADD_PROMISE:
        return replace(typed, promises=(*typed.promises, blank_promise(year, typed.levels[-1])))
    if act == APPLY_LEVELS:
        return apply_levels(typed)
    if verb == "copy-line" and at is not None and at < len(typed.lines):
        return replace(
            typed, lines=(*typed.lines[: at + 1], _copied(typed.lines[at]), *typed.lines[at + 1 :])
        )
    if verb == "drop-line" and at is not None:
        return replace(typed, lines=(*typed.lines[:at], *typed.lines[at + 1 :]))
    if verb == "drop-promise" and at is not None:
        return replace(typed, promises=(*typed.promises[:at], *typed.promises[at + 1 :]))
    return typed


def apply_levels(typed: TypedProject) -> TypedProject:
    """Make the boxes of the ticked levels; a quantity stays with its level, a new level starts empty.

    What was promised at a level that goes away is kept and moves to the highest level left, where
    the person sees it; nothing ticked at all changes nothing.
    """
    wanted = typed.wanted_levels[:MOST_LEVELS]
    if not wanted or wanted == typed.levels:
        return replace(typed, wanted_levels=typed.levels)
    lines = tuple(_with_levels(line, typed.levels, wanted) for line in typed.lines)
    promises = tuple(
        promise
        if promise.values["level"] in wanted
        else replace(promise, values={**promise.values, "level": wanted[-1]})
        for promise in typed.promises
    )
    return replace(typed, levels=wanted, wanted_levels=wanted, lines=lines, promises=promises)


def spare_lines(typed: TypedProject, year: int, count: int) -> tuple[TypedLine, ...]:
    """Empty rows below the last one."""
    above = typed.lines[-1] if typed.lines else None
    return tuple(blank_line(year, len(typed.levels), above) for _ in range(count))


def _copied(line: TypedLine) -> TypedLine:
    # The copy was no line of the stored project: two rows must not claim to be the same one.
    return replace(line, values={**line.values, LINE_KEY: ""})


def _with_levels(line: TypedLine, old: tuple[str, ...], new: tuple[str, ...]) -> TypedLine:
    if len(old) == 1 and old[0] not in new:
        # One level under another name: the same quantities.
        by_level = {new[-1]: line.quantities[0]}
    else:
        by_level = dict(zip(old, line.quantities, strict=True))
    return replace(line, quantities=tuple(by_level.get(level, "") for level in new))
