"""Which line of one draft is which line of another: by its key when it has one, else by a stated rule. Pure.

The rule, strictest first, each step among the lines still free and in their order: (1) everything is
equal; (2) content, source, year and unit are equal; (3) content and year; (4) everything but the
content; (5) at least eight of the twelve fields, content or price among them, the most alike
first. What is left is a new line on one side and a deleted one on the other.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import replace

from finance.estimates.draft import LineDraft
from finance.estimates.merging.line_keys import line_number
from finance.vietnamese.fold import fold

_Likeness = Callable[[LineDraft], Hashable]

_ALIKE = 8  # of twelve fields
_MOST_PAIRS = 250_000  # beyond it the last step would take seconds: those lines count as new
_STEPS: tuple[_Likeness, ...] = (
    lambda line: line,
    lambda line: (fold(line.item_vi), line.source_code, line.year, fold(line.unit_name)),
    lambda line: (fold(line.item_vi), line.year),
    lambda line: replace(line, item_vi=""),
)


def match_lines(before: Sequence[LineDraft], after: Sequence[LineDraft], project_key: str) -> dict[int, int]:
    """Index in `before` of every line of `after` that was there.

    Args:
        before: the lines as they were.
        after: the lines as they are; a `line_key` names the line of `before` it was. Of lines with
            the same key (a row copied in a spreadsheet) the one most alike is meant, the others are new.
        project_key: of the project both belong to.
    """
    found: dict[int, int] = {}
    wanted: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(after):
        number = line_number(line.line_key, project_key)
        if number is not None and 1 <= number <= len(before):
            wanted[number - 1].append(index)
    copies: set[int] = set()
    for at, candidates in wanted.items():
        best = max(candidates, key=lambda index: (_alikeness(before[at], after[index]), -index))
        found[best] = at
        copies |= {*candidates} - {best}
    for likeness in _STEPS:
        _match_step(before, after, likeness, found, copies)
    _match_alike(before, after, found, copies)
    return found


def _match_step(
    before: Sequence[LineDraft],
    after: Sequence[LineDraft],
    likeness: _Likeness,
    found: dict[int, int],
    copies: Collection[int],
) -> None:
    taken = set(found.values())
    free: dict[Hashable, deque[int]] = defaultdict(deque)
    for at, line in enumerate(before):
        if at not in taken:
            free[likeness(line)].append(at)
    for index, line in enumerate(after):
        if index not in found and index not in copies and free.get(likeness(line)):
            found[index] = free[likeness(line)].popleft()


def _match_alike(
    before: Sequence[LineDraft],
    after: Sequence[LineDraft],
    found: dict[int, int],
    copies: Collection[int],
) -> None:
    old = sorted(set(range(len(before))) - set(found.values()))
    new = [index for index in range(len(after)) if index not in found and index not in copies]
    if len(old) * len(new) > _MOST_PAIRS:
        return
    pairs = sorted(
        (-_alikeness(before[at], after[index]), index, at)
        for at in old
        for index in new
        if _alikeness(before[at], after[index]) >= _ALIKE and _share_substance(before[at], after[index])
    )
    for _score, index, at in pairs:
        if index not in found and at not in found.values():
            found[index] = at


def _share_substance(one: LineDraft, other: LineDraft) -> bool:
    return one.item_vi == other.item_vi or one.unit_price_vnd == other.unit_price_vnd


def _alikeness(one: LineDraft, other: LineDraft) -> int:
    """In how many respects two lines agree."""
    names = LineDraft.__dataclass_fields__
    return sum(getattr(one, name) == getattr(other, name) for name in names if name != "line_key")
