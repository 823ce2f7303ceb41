"""Mistakes of a problem, all at once, each with its JSON path and a Vietnamese sentence.

A mistake is about the form of the question (an unknown source, a cost in a year without a ceiling, a level
that yields nothing). What is well formed but cannot be fulfilled is found by optimizer.contradictions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from optimizer.canonical import decimal_number
from optimizer.errors import Mistake
from optimizer.output_checks import LARGEST_NUMBER, output_mistakes
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    FundingSource,
    GroupRule,
    Limit,
    Output,
    OutputKind,
    Requires,
)
from optimizer.spending import connected_sources

LAST_RANK = 100_000
MOST_CONNECTED_SOURCES = 10
"""Groups of connected sources double with every source; more than this is no budget of a province."""


@dataclass(frozen=True, slots=True)
class _Names:
    """What the problem knows, looked up by id."""

    years: frozenset[int]
    sources: dict[str, FundingSource]
    outputs: dict[str, Output]
    candidates: dict[str, Candidate]


def check_problem(problem: AllocationProblem) -> tuple[Mistake, ...]:
    """Return every mistake of a problem; empty = it may be solved.

    Args:
        problem: any problem, also one built in Python.
    Returns:
        Mistakes in the order of the problem; paths count positions from 0.
    """
    names = _Names(
        frozenset(problem.years),
        {source.id: source for source in problem.sources},
        {output.id: output for output in problem.outputs},
        {candidate.id: candidate for candidate in problem.candidates},
    )
    mistakes = [*_repeated_ids(problem), *_year_mistakes(problem)]
    for place, source in enumerate(problem.sources):
        mistakes += _source_mistakes(f"$.sources[{place}]", source, names)
    mistakes += _transfer_mistakes(problem)
    for place, output in enumerate(problem.outputs):
        mistakes += output_mistakes(f"$.outputs[{place}]", output, names.outputs)
    for place, candidate in enumerate(problem.candidates):
        mistakes += _candidate_mistakes(f"$.candidates[{place}]", candidate, names)
    for place, limit in enumerate(problem.limits):
        mistakes += _limit_mistakes(f"$.limits[{place}]", limit, names)
    mistakes += _link_mistakes(problem, names)
    mistakes += _reference_mistakes(problem, names)
    return tuple(mistakes)


def _repeated_ids(problem: AllocationProblem) -> Iterator[Mistake]:
    lists: tuple[tuple[str, list[str]], ...] = (
        ("sources", [item.id for item in problem.sources]),
        ("outputs", [item.id for item in problem.outputs]),
        ("candidates", [item.id for item in problem.candidates]),
        ("limits", [item.id for item in problem.limits]),
    )
    for name, ids in lists:
        known: set[str] = set()
        for place, item in enumerate(ids):
            if not item:
                yield Mistake(f"$.{name}[{place}].id", "Mã không được để trống.")
            elif item in known:
                yield Mistake(f"$.{name}[{place}].id", f"Mã “{item}” bị lặp.")
            known.add(item)


def _year_mistakes(problem: AllocationProblem) -> Iterator[Mistake]:
    if not problem.years:
        yield Mistake("$.years", "Phải có ít nhất một năm ngân sách.")
    if len(set(problem.years)) < len(problem.years):
        yield Mistake("$.years", "Năm ngân sách bị lặp.")


def is_money(amount: object) -> bool:
    """Tell whether a value may be money: a whole number of đồng, not negative, not true or 1.0."""
    return type(amount) is int and 0 <= amount <= LARGEST_NUMBER


def _money_mistake(path: str, amount: object) -> Iterator[Mistake]:
    if not is_money(amount):
        yield Mistake(path, f"Số tiền phải là số nguyên đồng, không âm; đang là {amount!r}.")


def _source_mistakes(path: str, source: FundingSource, names: _Names) -> Iterator[Mistake]:
    for year, amount in source.ceiling_vnd.items():
        yield from _money_mistake(f"{path}.ceiling_vnd.{year}", amount)
        if year not in names.years:
            yield Mistake(f"{path}.ceiling_vnd.{year}", f"Năm {year} không thuộc bài toán.")
    for candidate_id in source.eligible_candidate_ids or ():
        if candidate_id not in names.candidates:
            yield Mistake(f"{path}.eligible", f"Không có dự án “{candidate_id}”.")
    for other in source.transfers_to_ids:
        if other not in names.sources or other == source.id:
            yield Mistake(f"{path}.transfers_to", f"Không thể điều chuyển sang nguồn “{other}”.")


def _transfer_mistakes(problem: AllocationProblem) -> Iterator[Mistake]:
    capped = [source for source in problem.sources if not source.is_uncapped]
    for block in connected_sources(capped):
        if len(block) > MOST_CONNECTED_SOURCES:
            yield Mistake("$.sources", f"Quá {MOST_CONNECTED_SOURCES} nguồn điều chuyển lẫn nhau.")


def _candidate_mistakes(path: str, candidate: Candidate, names: _Names) -> Iterator[Mistake]:
    ids = [level.id for level in candidate.levels]
    if not ids:
        yield Mistake(f"{path}.levels", f"“{candidate.name}” không có mức thực hiện nào.")
    if len(set(ids)) < len(ids):
        yield Mistake(f"{path}.levels", f"“{candidate.name}” có hai mức cùng mã.")
    if candidate.rank is not None and not 1 <= candidate.rank <= LAST_RANK:
        yield Mistake(f"{path}.rank", f"Thứ tự ưu tiên phải từ 1 đến {LAST_RANK}.")
    for key, level_id, state in (
        ("min_level", candidate.min_level_id, CandidateState.COMMITTED),
        ("pinned_level", candidate.pinned_level_id, CandidateState.PINNED),
    ):
        if level_id is not None and level_id not in ids:
            yield Mistake(f"{path}.{key}", f"“{candidate.name}” không có mức “{level_id}”.")
        if level_id is not None and candidate.state is not state:
            yield Mistake(f"{path}.{key}", f"“{key}” chỉ dùng khi trạng thái là “{state.value}”.")
    for place, level in enumerate(candidate.levels):
        yield from _cost_mistakes(f"{path}.levels[{place}]", (candidate, level), names)
        yield from _result_mistakes(f"{path}.levels[{place}]", level, names)


def _cost_mistakes(path: str, item: tuple[Candidate, FundingLevel], names: _Names) -> Iterator[Mistake]:
    candidate, level = item
    for source_id, by_year in level.cost_vnd.items():
        source = names.sources.get(source_id)
        if source is None:
            yield Mistake(f"{path}.cost_vnd.{source_id}", f"Không có nguồn “{source_id}”.")
            continue
        eligible = source.eligible_candidate_ids
        if eligible is not None and candidate.id not in eligible and any(by_year.values()):
            words = f"“{candidate.name}” không thuộc diện dùng nguồn “{source.name}”."
            yield Mistake(f"{path}.cost_vnd.{source_id}", words)
        for year, amount in by_year.items():
            here = f"{path}.cost_vnd.{source_id}.{year}"
            yield from _money_mistake(here, amount)
            if year not in names.years:
                yield Mistake(here, f"Năm {year} không thuộc bài toán.")
            elif amount and not source.is_uncapped and year not in source.ceiling_vnd:
                yield Mistake(here, f"Nguồn “{source.name}” không có trần năm {year}.")


def brings_results(level: FundingLevel) -> bool:
    """Tell whether a level promises anything: a count, a unit with a component, a part delivered."""
    units = (units for by_part in level.covers.values() for units in by_part.values())
    return any(level.yields.values()) or any(units) or any(level.delivers.values())


def _result_mistakes(path: str, level: FundingLevel, names: _Names) -> Iterator[Mistake]:
    if not brings_results(level):
        yield Mistake(path, "Mức này không tạo đầu ra nào nên không thể chấm điểm.")
    for key, output_ids, kinds in (
        ("yields", list(level.yields), (OutputKind.QUANTITY,)),
        ("covers", list(level.covers), (OutputKind.COVERAGE,)),
        ("delivers", list(level.delivers), (OutputKind.MILESTONE, OutputKind.DELIVERABLE)),
    ):
        for output_id in output_ids:
            yield from _kind_mistakes(f"{path}.{key}.{output_id}", names.outputs.get(output_id), kinds)
    for output_id, by_year in level.yields.items():
        for year, amount in by_year.items():
            yield from _yield_mistakes(f"{path}.yields.{output_id}.{year}", amount)
    for output_id, by_part in level.covers.items():
        yield from _cover_mistakes(f"{path}.covers.{output_id}", names.outputs.get(output_id), by_part)
    for output_id, parts in level.delivers.items():
        output = names.outputs.get(output_id)
        for part in sorted(set(parts) - set(output.components)) if output is not None else ():
            yield Mistake(f"{path}.delivers.{output_id}", f"Đầu ra không có thành phần “{part}”.")


def _kind_mistakes(path: str, output: Output | None, kinds: tuple[OutputKind, ...]) -> Iterator[Mistake]:
    if output is None:
        yield Mistake(path, "Không có đầu ra này trong bài toán.")
    elif output.kind is OutputKind.OUTCOME:
        yield Mistake(path, f"“{output.name}” là kết quả cuối cùng (outcome); không được hứa bằng dự án.")
    elif output.kind not in kinds:
        yield Mistake(path, f"“{output.name}” là loại “{output.kind.value}”, không khai ở mục này.")


def _cover_mistakes(path: str, output: Output | None, by_part: object) -> Iterator[Mistake]:
    if output is None or not isinstance(by_part, dict):
        return
    known = set(output.scope_unit_ids) | set(output.exempt_unit_ids)
    for part, units in by_part.items():
        if part not in output.components:
            yield Mistake(f"{path}.{part}", f"Đầu ra không có thành phần “{part}”.")
        for unit in units:
            if unit not in known:
                yield Mistake(f"{path}.{part}", f"Đơn vị “{unit}” không thuộc phạm vi của đầu ra.")


def _yield_mistakes(path: str, value: Fraction) -> Iterator[Mistake]:
    if not 0 <= value <= LARGEST_NUMBER:
        yield Mistake(path, "Kết quả hứa không được âm hoặc vượt quá 10^18.")
    try:
        decimal_number(value)
    except ValueError:
        yield Mistake(path, f"{value} không phải số thập phân có tối đa 15 chữ số.")


def _limit_mistakes(path: str, limit: Limit, names: _Names) -> Iterator[Mistake]:
    if limit.at_least_vnd is None and limit.at_most_vnd is None:
        yield Mistake(path, f"Giới hạn “{limit.words}” không có mức sàn lẫn mức trần.")
    for key, amount in (("at_least_vnd", limit.at_least_vnd), ("at_most_vnd", limit.at_most_vnd)):
        if amount is not None:
            yield from _money_mistake(f"{path}.{key}", amount)
    for source_id in limit.scope.source_ids:
        if source_id not in names.sources:
            yield Mistake(f"{path}.where.source", f"Không có nguồn “{source_id}”.")
    for year in limit.scope.years:
        if year not in names.years:
            yield Mistake(f"{path}.where.year", f"Năm {year} không thuộc bài toán.")


def _link_mistakes(problem: AllocationProblem, names: _Names) -> Iterator[Mistake]:
    for place, link in enumerate(problem.links):
        path = f"$.links[{place}]"
        mentioned: Iterable[str] = (
            (link.candidate_id, link.needs_id) if isinstance(link, Requires) else link.candidate_ids
        )
        for candidate_id in mentioned:
            if candidate_id not in names.candidates:
                yield Mistake(path, f"Không có dự án “{candidate_id}”.")
        if isinstance(link, Requires):
            needed = names.candidates.get(link.needs_id)
            if link.candidate_id == link.needs_id:
                yield Mistake(path, "Dự án không thể cần chính nó.")
            ids = [level.id for level in needed.levels] if needed is not None else []
            if needed is not None and link.min_level_id is not None and link.min_level_id not in ids:
                yield Mistake(f"{path}.min_level", f"“{needed.name}” không có mức “{link.min_level_id}”.")
            continue
        if len(set(link.candidate_ids)) < len(link.candidate_ids) or not link.candidate_ids:
            yield Mistake(f"{path}.candidates", "Nhóm trống hoặc nêu một dự án hai lần.")
        if link.rule is GroupRule.AT_LEAST and link.count < 1:
            yield Mistake(f"{path}.count", "Số dự án tối thiểu phải từ 1 trở lên.")


def _reference_mistakes(problem: AllocationProblem, names: _Names) -> Iterator[Mistake]:
    for candidate_id, level_id in (problem.reference_plan or {}).items():
        candidate = names.candidates.get(candidate_id)
        if candidate is None or level_id not in [level.id for level in candidate.levels]:
            yield Mistake(f"$.reference_plan.{candidate_id}", "Phương án đối chiếu nêu mức không có.")
