"""What stands in the boxes of the project form, as text: exactly as typed, whether it can be read or not.

A form becomes a `TypedProject`, a stored draft becomes one too, and the page shows nothing else.
So a page that comes back with errors holds every letter the person wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from finance.estimates.draft import LineDraft, ProjectDraft, PromiseDraft
from finance.estimates.levels import LEVEL_ORDER, LevelCode
from finance.estimates.merging.line_keys import line_key
from finance.money import format_quantity, format_vnd
from finance.programme.classification import Nature, ProjectKind
from finance.vietnamese.normal import nfc
from webapp.estimates.typed_base import pack_base

HEAD_FIELDS = ("project_key", "name_vi", "kind", "task_code", "place", "justification", "priority")
# In the order of the grid's columns; a pasted block fills them in this order.
LINE_FIELDS = (
    "item_vi",
    "unit_name",
    "unit_price_vnd",
    "frequency_thousandths",
    "source_code",
    "nature",
    "year",
    "budget_code",
    "norm_code",
    "over_norm_reason",
    "note",
)
# Which line of the stored project a row was when the page was made: rows may be moved and retyped.
LINE_KEY = "line_key"
# A row in which only these are set is an empty row: they are set from the start.
PRESET_FIELDS = frozenset({"source_code", "nature", "year", "frequency_thousandths", LINE_KEY})
PROMISE_FIELDS = ("level", "output_code", "year", "quantity_thousandths", "component")
USUAL_LEVELS = (LevelCode.FULL.value,)

_LINE_NAME = re.compile(r"lines-([0-9]{1,6})-([a-z_]+)(?:-([0-3]))?")
_PROMISE_NAME = re.compile(r"promises-([0-9]{1,6})-([a-z_]+)")


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One row of the grid; `row` is its number on the page it was typed in."""

    values: Mapping[str, str] = field(default_factory=dict)
    quantities: tuple[str, ...] = ("",)
    row: int = 0

    @property
    def is_blank(self) -> bool:
        """True when nothing but the preset boxes is filled."""
        typed = (text for name, text in self.values.items() if name not in PRESET_FIELDS)
        return not any(text.strip() for text in (*typed, *self.quantities))


@dataclass(frozen=True, slots=True)
class TypedPromise:
    """One promised result."""

    values: Mapping[str, str] = field(default_factory=dict)
    unit_codes: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """True when no result was chosen and nothing was counted."""
        return not (self.values.get("output_code") or self.values.get("quantity_thousandths", "").strip())


@dataclass(frozen=True, slots=True)
class TypedProject:
    """The whole form.

    Attributes:
        is_new: not stored yet; its key may still be chosen.
        levels: codes of the levels whose boxes the rows have, from least to most.
        wanted_levels: codes ticked; they differ from `levels` until the boxes are made.
        base: the stored project the page was made from, packed (`typed_base`); empty for a new one.
    """

    is_new: bool
    values: Mapping[str, str]
    target_codes: tuple[str, ...] = ()
    levels: tuple[str, ...] = USUAL_LEVELS
    wanted_levels: tuple[str, ...] = USUAL_LEVELS
    lines: tuple[TypedLine, ...] = ()
    promises: tuple[TypedPromise, ...] = ()
    base: str = ""

    @property
    def filled_lines(self) -> tuple[TypedLine, ...]:
        """The rows that say something."""
        return tuple(line for line in self.lines if not line.is_blank)

    @property
    def filled_promises(self) -> tuple[TypedPromise, ...]:
        """The promises that say something."""
        return tuple(promise for promise in self.promises if not promise.is_blank)


def typed_from_form(form: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> TypedProject:
    """The form as it was sent; rows stand as they stood on the page, empty ones are left out.

    Args:
        form: one text a name.
        lists: every text of the names that may come several times.
    """
    levels = _known_levels(form.get("shown_levels", "").split(",")) or USUAL_LEVELS
    return TypedProject(
        is_new=form.get("is_new") == "1",
        values={name: nfc(form.get(name, "")) for name in HEAD_FIELDS},
        target_codes=tuple(nfc(code) for code in lists.get("target_codes", ())),
        levels=levels,
        wanted_levels=_known_levels(lists.get("levels", ())),
        lines=_lines_of(form, len(levels)),
        promises=_promises_of(form, lists),
        base=form.get("base", ""),
    )


def typed_from_pairs(pairs: Iterable[Sequence[str]]) -> TypedProject:
    """A form that was kept as names and texts, in the order of its boxes."""
    lists: dict[str, list[str]] = {}
    for name, text in pairs:
        lists.setdefault(name, []).append(text)
    return typed_from_form({name: texts[0] for name, texts in lists.items()}, lists)


def typed_from_draft(project: ProjectDraft) -> TypedProject:
    """A stored project as the form shows it."""
    levels = tuple(code.value for code in project.levels)
    values = {
        "project_key": project.project_key,
        "name_vi": project.name_vi,
        "kind": project.kind.value,
        "task_code": project.task_code,
        "place": project.place,
        "justification": project.justification,
        "priority": str(project.priority),
    }
    return TypedProject(
        is_new=False,
        values=values,
        target_codes=project.target_codes,
        levels=levels,
        wanted_levels=levels,
        lines=tuple(
            _typed_line(line, line_key(project.project_key, number))
            for number, line in enumerate(project.lines, start=1)
        ),
        promises=tuple(_typed_promise(promise, levels) for promise in project.promises),
        base=pack_base(project),
    )


def blank_project(project_key: str, priority: int) -> TypedProject:
    """A form nobody has written in."""
    values = dict.fromkeys(HEAD_FIELDS, "") | {
        "project_key": project_key,
        "priority": str(priority),
        "kind": ProjectKind.PROJECT.value,
    }
    return TypedProject(is_new=True, values=values)


def blank_line(year: int, level_count: int, like: TypedLine | None = None) -> TypedLine:
    """An empty row: money and year as in the row above, because they seldom change."""
    above = like.values if like else {}
    preset = {
        "source_code": above.get("source_code", ""),
        "nature": above.get("nature") or Nature.RECURRENT.value,
        "year": above.get("year") or str(year),
        "frequency_thousandths": "1",
    }
    return TypedLine(dict.fromkeys((*LINE_FIELDS, LINE_KEY), "") | preset, ("",) * level_count)


def blank_promise(year: int, level: str = LevelCode.FULL.value) -> TypedPromise:
    """A promise without a result yet."""
    return TypedPromise(dict.fromkeys(PROMISE_FIELDS, "") | {"year": str(year), "level": level})


def _known_levels(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that are levels, from least to most, each once."""
    wanted = set(codes)
    return tuple(level.value for level in LEVEL_ORDER if level.value in wanted)


def _lines_of(form: Mapping[str, str], level_count: int) -> tuple[TypedLine, ...]:
    rows: dict[int, dict[str, str]] = {}
    quantities: dict[int, dict[int, str]] = {}
    for name, text in form.items():
        match = _LINE_NAME.fullmatch(name)
        if match is None:
            continue
        index, part, place = int(match[1]), match[2], match[3]
        # A browser sends the boxes as they stand: a row moved up comes earlier, whatever its number.
        row = rows.setdefault(index, {})
        if (part in LINE_FIELDS or part == LINE_KEY) and place is None:
            row[part] = nfc(text)
        elif part == "quantities" and place is not None:
            quantities.setdefault(index, {})[int(place)] = nfc(text)
    lines = [
        TypedLine(
            {part: rows.get(index, {}).get(part, "") for part in (*LINE_FIELDS, LINE_KEY)},
            tuple(quantities.get(index, {}).get(place, "") for place in range(level_count)),
            index,
        )
        for index in rows
    ]
    return tuple(line for line in lines if not line.is_blank)


def _promises_of(form: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> tuple[TypedPromise, ...]:
    rows: dict[int, dict[str, str]] = {}
    for name, text in form.items():
        match = _PROMISE_NAME.fullmatch(name)
        if match is not None and match[2] in PROMISE_FIELDS:
            rows.setdefault(int(match[1]), {})[match[2]] = nfc(text)
    promises = [
        TypedPromise(
            {part: rows[index].get(part, "") for part in PROMISE_FIELDS},
            tuple(nfc(code) for code in lists.get(f"promises-{index}-unit_codes", ())),
        )
        for index in sorted(rows)
    ]
    return tuple(promise for promise in promises if not promise.is_blank)


def _typed_line(line: LineDraft, key: str) -> TypedLine:
    values = {
        LINE_KEY: key,
        "item_vi": line.item_vi,
        "unit_name": line.unit_name,
        "unit_price_vnd": format_vnd(line.unit_price_vnd),
        "frequency_thousandths": format_quantity(line.frequency_thousandths),
        "source_code": line.source_code,
        "nature": line.nature.value,
        "year": str(line.year),
        "budget_code": line.budget_code,
        "norm_code": line.norm_code,
        "over_norm_reason": line.over_norm_reason,
        "note": line.note,
    }
    return TypedLine(values, tuple(format_quantity(quantity) for quantity in line.quantities))


def _typed_promise(promise: PromiseDraft, levels: Sequence[str]) -> TypedPromise:
    quantity = promise.quantity_thousandths
    values = {
        "level": levels[promise.level - 1],
        "output_code": promise.output_code,
        "year": str(promise.year),
        # Nought means that this kind of result is not counted: an empty box, not a promise of nothing.
        "quantity_thousandths": format_quantity(quantity) if quantity else "",
        "component": promise.component,
    }
    return TypedPromise(values, promise.unit_codes)
