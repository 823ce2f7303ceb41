"""Edits as Vietnamese phrases: what changes, from what to what. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.edits import CeilingEdit, Edit, LimitEdit, StateEdit, WeightEdit
from optimizer.problem import AllocationProblem, CandidateState, Limit
from optimizer.wording import amount_words, list_words, number_words


def edits_words(problem: AllocationProblem, edits: Iterable[Edit]) -> str:
    """Return edits as one phrase without a full stop; empty when there are none.

    Args:
        problem: the problem before the edits; it knows every name in them.
        edits: the edits, in the order in which they are told.
    """
    return list_words([words for edit in edits for words in _words(problem, edit)])


def _words(problem: AllocationProblem, edit: Edit) -> Iterator[str]:
    if isinstance(edit, CeilingEdit):
        yield _ceiling_words(problem, edit)
    elif isinstance(edit, StateEdit):
        yield _state_words(problem, edit)
    elif isinstance(edit, WeightEdit):
        output = next(item for item in problem.outputs if item.id == edit.output_id)
        before, after = number_words(output.weight), number_words(edit.weight)
        yield f"đổi trọng số “{output.name}” từ {before} thành {after}"
    else:
        limit = next(item for item in problem.limits if item.id == edit.limit_id)
        yield from _limit_words(limit, edit)


def _ceiling_words(problem: AllocationProblem, edit: CeilingEdit) -> str:
    source = next(item for item in problem.sources if item.id == edit.source_id)
    before_vnd = source.ceiling_vnd[edit.year]
    change_vnd = edit.ceiling_vnd - before_vnd
    where = f"trần nguồn “{source.name}” năm {edit.year}"
    if not change_vnd:
        return f"giữ {where} ở {amount_words(before_vnd)}"
    verb, more, to = ("nâng", "thêm", "lên") if change_vnd > 0 else ("hạ", "bớt", "xuống")
    after = amount_words(edit.ceiling_vnd)
    return f"{verb} {where} {more} {amount_words(abs(change_vnd))} ({to} {after})"


def _state_words(problem: AllocationProblem, edit: StateEdit) -> str:
    name = next(item.name for item in problem.candidates if item.id == edit.candidate_id)
    at_level = f" ở mức “{edit.level_id}”" if edit.level_id else ""
    from_level = f" từ mức “{edit.level_id}” trở lên" if edit.level_id else ""
    return {
        CandidateState.PINNED: f"ghim “{name}”{at_level}",
        CandidateState.COMMITTED: f"cam kết cấp “{name}”{from_level}",
        CandidateState.BARRED: f"loại “{name}”",
        CandidateState.OPEN: f"để ngỏ “{name}”",
    }[edit.state]


def _limit_words(limit: Limit, edit: LimitEdit) -> Iterator[str]:
    sides = (("sàn", limit.at_least_vnd, edit.at_least_vnd), ("trần", limit.at_most_vnd, edit.at_most_vnd))
    changed = [side for side in sides if side[1] != side[2]]
    for side, before_vnd, after_vnd in changed:
        if after_vnd is None:
            yield f"bỏ {side} “{limit.words}”"
        elif before_vnd is None:
            yield f"đặt {side} “{limit.words}” là {amount_words(after_vnd)}"
        else:
            before, after = amount_words(before_vnd), amount_words(after_vnd)
            yield f"đổi {side} “{limit.words}” từ {before} thành {after}"
    if not changed:
        yield f"giữ nguyên “{limit.words}”"
