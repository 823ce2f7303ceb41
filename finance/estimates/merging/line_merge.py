"""Merging the cost lines of one project: which stay, what stands in each, in which order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from finance.estimates.levels import LEVEL_ORDER, LevelCode
from finance.estimates.merging.flat_project import LINE_FIELDS, FlatLine, FlatProject, quantity_field
from finance.estimates.merging.three_ways import ABSENT, Conflict, Decisions, Side

_Id = TypeVar("_Id", bound=Hashable)
_LineId = tuple[str, int]  # ("base", 3): the base's fourth line; ("file", 0): one that only the file has


@dataclass(frozen=True, slots=True)
class ThreeProjects:
    """The same project three times, and which line of each side is which line of the base."""

    key: str
    base: FlatProject
    file: FlatProject
    web: FlatProject
    file_matches: Mapping[int, int]
    web_matches: Mapping[int, int]


def merge_lines(
    three: ThreeProjects, levels: Collection[LevelCode], decisions: Decisions
) -> tuple[FlatLine, ...]:
    """The lines of the merged project, which has these levels."""
    cells = (*LINE_FIELDS, *(quantity_field(code) for code in LEVEL_ORDER if code in levels))
    kept: dict[_LineId, FlatLine] = {}
    of_file = {at: index for index, at in three.file_matches.items()}
    of_web = {at: index for index, at in three.web_matches.items()}
    for at, base in enumerate(three.base.lines):
        file = three.file.lines[of_file[at]] if at in of_file else None
        web = three.web.lines[of_web[at]] if at in of_web else None
        merged = _merge_line(_LinePlace(three.key, at, cells), base, file, web, decisions)
        if merged is not None:
            kept["base", at] = merged
    in_file = _ids(three.file, three.file_matches, "file")
    in_web = _ids(three.web, three.web_matches, "web")
    in_file = _same_additions(three, in_file, in_web, cells)
    kept |= {one: three.file.lines[one[1]] for one in in_file if one[0] == "file"}
    kept |= {one: three.web.lines[one[1]] for one in in_web if one[0] == "web"}
    order = _merge_order(three, (in_file, in_web), kept, decisions)
    return tuple(kept[one] for one in order)


@dataclass(frozen=True, slots=True)
class _LinePlace:
    """A line of the base: its project, its index, and the cells that count."""

    project_key: str
    at: int
    cells: Sequence[str]

    def conflict(self, base: FlatLine, field: str, *values: Any) -> Conflict:
        """A conflict about one cell, or about the whole line when no field is named."""
        place = f"{self.project_key}/lines/{self.at + 1}" + (f"/{field}" if field else "")
        return Conflict(place, self.project_key, str(base["item_vi"]), field, *values)


def _merge_line(
    place: _LinePlace, base: FlatLine, file: FlatLine | None, web: FlatLine | None, decisions: Decisions
) -> FlatLine | None:
    if file is None and web is None:
        return None
    if file is None or web is None:
        left = file if web is None else web
        if left is None or all(left[name] == base[name] for name in place.cells):
            return None
        sides = (ABSENT if one is None else one for one in (file, web))
        side = decisions.side(place.conflict(base, "", base, *sides))
        return file if side is Side.FILE else web
    merged = {
        name: decisions.value(place.conflict(base, name, base[name], file[name], web[name]))
        for name in place.cells
    }
    return {**web, **merged}


def _ids(side: FlatProject, matches: Mapping[int, int], name: str) -> list[_LineId]:
    """What each line of the side is, in the side's order."""
    return [
        ("base", matches[index]) if index in matches else (name, index) for index in range(len(side.lines))
    ]


def _same_additions(
    three: ThreeProjects, in_file: list[_LineId], in_web: list[_LineId], cells: Sequence[str]
) -> list[_LineId]:
    """The file's lines, a new one that the web added too being the web's."""
    free: dict[tuple[Any, ...], list[_LineId]] = {}
    for one in in_web:
        if one[0] == "web":
            free.setdefault(tuple(three.web.lines[one[1]][name] for name in cells), []).append(one)
    found = []
    for one in in_file:
        content = tuple(three.file.lines[one[1]][name] for name in cells) if one[0] == "file" else ()
        found.append(free[content].pop(0) if free.get(content) else one)
    return found


def _merge_order(
    three: ThreeProjects,
    orders: tuple[list[_LineId], list[_LineId]],
    kept: Mapping[_LineId, FlatLine],
    decisions: Decisions,
) -> list[_LineId]:
    """The order of the side that moved lines; an addition of the other follows the line it followed there."""
    in_file, in_web = orders
    file_moved, web_moved = (_moved([one for one in order if one[0] == "base"]) for order in orders)
    both = set(in_file) & set(in_web)
    is_same = [one for one in in_file if one in both] == [one for one in in_web if one in both]
    is_file_first = file_moved and not web_moved
    if file_moved and web_moved and not is_same:
        numbers = (_numbers(order) for order in orders)
        base = tuple(range(1, len(three.base.lines) + 1))
        whole = Conflict(f"{three.key}/order", three.key, "", "order", base, *numbers)
        is_file_first = decisions.side(whole) is Side.FILE
    first, second = orders if is_file_first else (in_web, in_file)
    rest = [("base", at) for at in range(len(three.base.lines))]
    return [one for one in _woven(_woven(first, second), rest) if one in kept]


def _moved(ids: Sequence[_LineId]) -> bool:
    numbers = [number for _name, number in ids]
    return numbers != sorted(numbers)


def _numbers(order: Sequence[_LineId]) -> tuple[int, ...]:
    return tuple(number + 1 for name, number in order if name == "base")


def _woven(first: Sequence[_Id], second: Sequence[_Id]) -> list[_Id]:
    """All of the first in its order; what only the second has stands behind what it stood behind there."""
    known = set(first)
    behind: dict[_Id | None, list[_Id]] = {}
    leader: _Id | None = None
    for one in second:
        if one in known:
            leader = one
        else:
            behind.setdefault(leader, []).append(one)
    woven = behind.get(None, [])[:]
    for one in first:
        woven += [one, *behind.get(one, ())]
    return woven
