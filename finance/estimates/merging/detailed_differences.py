"""What one draft changes in another: every project, line and cell, before and after. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft
from finance.estimates.levels import LEVEL_ORDER
from finance.estimates.merging.cell_words import NOTHING, cell_name, part_words, value_words
from finance.estimates.merging.flat_project import (
    HEAD_FIELDS,
    LINE_FIELDS,
    FlatLine,
    flatten_line,
    flatten_project,
    quantity_field,
)
from finance.estimates.merging.line_matching import match_lines
from finance.estimates.merging.three_ways import ABSENT
from finance.estimates.totals import draft_level_total, draft_line_amount, requested_ordinal
from finance.labels import LabelledEnum


class What(LabelledEnum):
    """What happens to a project, a line or a promise."""

    ADDED = "ADDED", "thêm mới"
    CHANGED = "CHANGED", "thay đổi"
    REMOVED = "REMOVED", "bị xóa"
    SAME = "SAME", "giữ nguyên"


@dataclass(frozen=True, slots=True)
class CellDifference:
    """One cell before and after, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PartDifference:
    """One line or promise; the cells that differ when it was there before and after.

    Units:
        amounts in đồng at the level that counts; None for a promise.
    """

    what: What
    words: str
    cells: tuple[CellDifference, ...] = ()
    before_vnd: int | None = None
    after_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class ProjectDifference:
    """One project with everything in it that differs.

    Units:
        amounts in đồng at the requested level, 0 where the project is not there.
    """

    key: str
    name_vi: str
    what: What
    before_vnd: int
    after_vnd: int
    line_count: int
    cells: tuple[CellDifference, ...] = ()
    lines: tuple[PartDifference, ...] = ()
    promises: tuple[PartDifference, ...] = ()


def differences_in_detail(
    before: EstimateDraft, after: EstimateDraft, context: CheckContext
) -> tuple[ProjectDifference, ...]:
    """Every project of both drafts, those that stay as they are included; both tidied, keys unique."""
    old = {project.project_key: project for project in before.projects}
    new = {project.project_key: project for project in after.projects}
    keys = dict.fromkeys([*new, *old])
    return tuple(_project(old.get(key), new.get(key), context) for key in keys)


def _project(old: ProjectDraft | None, new: ProjectDraft | None, context: CheckContext) -> ProjectDifference:
    shown = new or old
    if shown is None:
        raise ValueError("a project of neither draft")
    what = What.ADDED if old is None else What.REMOVED if new is None else What.SAME
    if old is None or new is None or old == new:
        asked = _asked(shown)
        before_vnd, after_vnd = (0 if old is None else asked), (0 if new is None else asked)
        return ProjectDifference(
            shown.project_key, shown.name_vi, what, before_vnd, after_vnd, len(shown.lines)
        )
    return ProjectDifference(
        new.project_key,
        new.name_vi,
        What.CHANGED,
        _asked(old),
        _asked(new),
        len(new.lines),
        tuple(_head(old, new, context)),
        tuple(_lines(old, new, context)),
        tuple(_promises(old, new, context)),
    )


def _asked(project: ProjectDraft) -> int:
    return draft_level_total(project, requested_ordinal(project.levels))


def _head(old: ProjectDraft, new: ProjectDraft, context: CheckContext) -> Iterator[CellDifference]:
    for name in (*HEAD_FIELDS, "target_codes"):
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield CellDifference(
                cell_name(name), value_words(name, was, context), value_words(name, now, context)
            )
    if old.levels != new.levels:
        was, now = (", ".join(code.label_vi for code in one.levels) for one in (old, new))
        yield CellDifference(cell_name("levels"), was, now)


def _lines(old: ProjectDraft, new: ProjectDraft, context: CheckContext) -> Iterator[PartDifference]:
    matches = match_lines(old.lines, new.lines, new.project_key)
    for index, line in enumerate(new.lines):
        after_vnd = _amount(new, line)
        if index not in matches:
            words = part_words(flatten_line(line, new.levels), context)
            yield PartDifference(What.ADDED, words, (), None, after_vnd)
            continue
        was = old.lines[matches[index]]
        cells = tuple(_line_cells(flatten_line(was, old.levels), flatten_line(line, new.levels), context))
        if cells:
            yield PartDifference(What.CHANGED, line.item_vi, cells, _amount(old, was), after_vnd)
    kept = set(matches.values())
    for at, line in enumerate(old.lines):
        if at not in kept:
            words = part_words(flatten_line(line, old.levels), context)
            yield PartDifference(What.REMOVED, words, (), _amount(old, line), None)
    order = [matches[index] for index in range(len(new.lines)) if index in matches]
    if order != sorted(order):
        yield PartDifference(What.CHANGED, "Thứ tự các dòng chi thay đổi")


def _amount(project: ProjectDraft, line: LineDraft) -> int:
    return draft_line_amount(line, requested_ordinal(project.levels))


def _line_cells(was: FlatLine, now: FlatLine, context: CheckContext) -> Iterator[CellDifference]:
    for name in (*LINE_FIELDS, *(quantity_field(code) for code in LEVEL_ORDER)):
        if was[name] != now[name]:
            words = (value_words(name, one[name], context) for one in (was, now))
            yield CellDifference(cell_name(name), *words)


def _promises(old: ProjectDraft, new: ProjectDraft, context: CheckContext) -> Iterator[PartDifference]:
    was, now = flatten_project(old).promises, flatten_project(new).promises
    for key in (*now, *(key for key in was if key not in now)):
        before, after = was.get(key, ABSENT), now.get(key, ABSENT)
        if before == after:
            continue
        code, output, year, component = key
        name = context.outputs[output].name_vi if output in context.outputs else output
        words = ", ".join(_said([name, f"mức {code.label_vi}", f"năm {year}", component]))
        what = What.ADDED if before is ABSENT else What.REMOVED if after is ABSENT else What.CHANGED
        shown = (NOTHING if one is ABSENT else part_words(one, context) for one in (before, after))
        yield PartDifference(what, words, (CellDifference("Cam kết", *shown),))


def _said(words: Sequence[str]) -> list[str]:
    return [word for word in words if word]
