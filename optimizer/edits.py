"""Small changes to a problem, as a planner makes them when asking "what if": pure facts, no solver.

    CeilingEdit   the envelope of a source in a year
    StateEdit     pin, commit, bar or open a candidate, with a level where one is decided
    WeightEdit    the points of an output
    LimitEdit     the floor and ceiling of a limit

An edited problem is a problem like any other: it is checked, solved and audited by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.canonical import decimal_number
from optimizer.errors import InvalidProblem, Mistake
from optimizer.precheck import is_money
from optimizer.problem import AllocationProblem, Candidate, CandidateState, OutputKind


@dataclass(frozen=True, slots=True)
class CeilingEdit:
    """The envelope of a source in a year becomes this many đồng."""

    source_id: str
    year: int
    ceiling_vnd: int


@dataclass(frozen=True, slots=True)
class StateEdit:
    """A candidate's state becomes this one.

    Attributes:
        level_id: PINNED: the level decided by hand, None = any; COMMITTED: the least level, None = any.
    """

    candidate_id: str
    state: CandidateState
    level_id: str | None = None


@dataclass(frozen=True, slots=True)
class WeightEdit:
    """An output becomes worth this many points."""

    output_id: str
    weight: Fraction


@dataclass(frozen=True, slots=True)
class LimitEdit:
    """A limit's floor and ceiling become these, in đồng; None = that side is lifted."""

    limit_id: str
    at_least_vnd: int | None
    at_most_vnd: int | None


Edit = CeilingEdit | StateEdit | WeightEdit | LimitEdit


@dataclass(frozen=True, slots=True)
class EditStep:
    """One question "what if": edits that are made together.

    Attributes:
        title: what is asked, for people; may be empty.
    """

    title: str
    edits: tuple[Edit, ...]


def check_edits(problem: AllocationProblem, edits: Iterable[Edit]) -> tuple[Mistake, ...]:
    """Return what is wrong with edits of a problem: unknown names, impossible amounts."""
    return tuple(
        Mistake(f"$.edits[{place}]", words)
        for place, edit in enumerate(edits)
        for words in _edit_mistakes(problem, edit)
    )


def apply_edits(problem: AllocationProblem, edits: Iterable[Edit]) -> AllocationProblem:
    """Return the problem after edits; a later edit of the same thing wins.

    Raises:
        InvalidProblem: an edit names what the problem does not have, or an impossible amount.
    """
    edits = tuple(edits)
    mistakes = check_edits(problem, edits)
    if mistakes:
        raise InvalidProblem(mistakes)
    states = {edit.candidate_id: edit for edit in edits if isinstance(edit, StateEdit)}
    weights = {edit.output_id: edit.weight for edit in edits if isinstance(edit, WeightEdit)}
    limits = {edit.limit_id: edit for edit in edits if isinstance(edit, LimitEdit)}
    ceilings: dict[str, dict[int, int]] = {}
    for edit in edits:
        if isinstance(edit, CeilingEdit):
            ceilings.setdefault(edit.source_id, {})[edit.year] = edit.ceiling_vnd
    return replace(
        problem,
        sources=tuple(
            replace(item, ceiling_vnd={**item.ceiling_vnd, **ceilings[item.id]})
            if item.id in ceilings
            else item
            for item in problem.sources
        ),
        # A list that nothing edits stays the same object, so that a live model sees at once what it may skip.
        outputs=problem.outputs
        if not weights
        else tuple(
            replace(item, weight=weights[item.id]) if item.id in weights else item for item in problem.outputs
        ),
        candidates=problem.candidates
        if not states
        else tuple(
            in_state(item, states[item.id]) if item.id in states else item for item in problem.candidates
        ),
        limits=problem.limits
        if not limits
        else tuple(
            replace(
                item,
                at_least_vnd=limits[item.id].at_least_vnd,
                at_most_vnd=limits[item.id].at_most_vnd,
            )
            if item.id in limits
            else item
            for item in problem.limits
        ),
    )


def in_state(candidate: Candidate, edit: StateEdit) -> Candidate:
    """Return a candidate in the state an edit gives it."""
    is_pinned, is_committed = (
        edit.state is CandidateState.PINNED,
        edit.state is CandidateState.COMMITTED,
    )
    return replace(
        candidate,
        state=edit.state,
        pinned_level_id=edit.level_id if is_pinned else None,
        min_level_id=edit.level_id if is_committed else None,
    )


def _edit_mistakes(problem: AllocationProblem, edit: Edit) -> Iterator[str]:
    if isinstance(edit, CeilingEdit):
        yield from _ceiling_mistakes(problem, edit)
    elif isinstance(edit, StateEdit):
        yield from _state_mistakes(problem, edit)
    elif isinstance(edit, WeightEdit):
        yield from _weight_mistakes(problem, edit)
    else:
        if edit.limit_id not in {limit.id for limit in problem.limits}:
            yield f"Không có giới hạn “{edit.limit_id}”."
        if edit.at_least_vnd is None and edit.at_most_vnd is None:
            yield "Giới hạn phải còn mức sàn hoặc mức trần."
        if not all(amount is None or is_money(amount) for amount in (edit.at_least_vnd, edit.at_most_vnd)):
            yield "Số tiền phải là số nguyên đồng, không âm."


def _weight_mistakes(problem: AllocationProblem, edit: WeightEdit) -> Iterator[str]:
    output = next((item for item in problem.outputs if item.id == edit.output_id), None)
    if output is None:
        yield f"Không có đầu ra “{edit.output_id}”."
    elif output.kind is OutputKind.OUTCOME:
        yield f"“{output.name}” là kết quả cuối cùng (outcome), không tính điểm nên không có trọng số."
    if edit.weight <= 0:
        yield "Trọng số phải lớn hơn 0."
    try:
        decimal_number(edit.weight)
    except ValueError:
        yield f"{edit.weight} không phải số thập phân có tối đa 15 chữ số."


def _ceiling_mistakes(problem: AllocationProblem, edit: CeilingEdit) -> Iterator[str]:
    source = next((item for item in problem.sources if item.id == edit.source_id), None)
    if source is None:
        yield f"Không có nguồn “{edit.source_id}”."
    elif source.is_uncapped:
        yield f"Nguồn “{source.name}” không có trần nên không sửa trần được."
    elif edit.year not in source.ceiling_vnd:
        yield f"Nguồn “{source.name}” không có trần năm {edit.year}."
    if not is_money(edit.ceiling_vnd):
        yield "Trần phải là số nguyên đồng, không âm."


def _state_mistakes(problem: AllocationProblem, edit: StateEdit) -> Iterator[str]:
    candidate = next((item for item in problem.candidates if item.id == edit.candidate_id), None)
    if candidate is None:
        yield f"Không có dự án “{edit.candidate_id}”."
        return
    if edit.level_id is not None and edit.level_id not in {level.id for level in candidate.levels}:
        yield f"“{candidate.name}” không có mức “{edit.level_id}”."
    if edit.level_id is not None and edit.state in (CandidateState.OPEN, CandidateState.BARRED):
        yield "Chỉ nêu mức khi ghim hoặc cam kết."
