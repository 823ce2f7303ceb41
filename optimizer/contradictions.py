"""What plain arithmetic shows to be impossible, in words, before any solving.

Each contradiction is a proof: with these facts no choice of levels can keep the named rules. Standard
library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from optimizer.attainment import ONE_TIME_KINDS, baseline_count, counted_yield, covered_units
from optimizer.errors import Conflict
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    GroupRule,
    Output,
    OutputKind,
    Requires,
    allowed_level_ids,
)
from optimizer.spending import effective_floor_vnd, group_ceiling_vnd, scoped_cost_vnd, source_groups
from optimizer.wording import amount_words, list_words, number_words

MUST_STATES = (CandidateState.COMMITTED, CandidateState.PINNED)
Levels = Mapping[str, tuple[FundingLevel, ...]]


def find_contradictions(problem: AllocationProblem) -> tuple[Conflict, ...]:
    """Return the contradictions that arithmetic shows; empty does not mean that a plan exists.

    Args:
        problem: a problem free of mistakes.
    """
    levels = {
        item.id: tuple(level for level in item.levels if level.id in allowed_level_ids(item))
        for item in problem.candidates
    }
    return (
        *_ceiling_contradictions(problem, levels),
        *_limit_contradictions(problem, levels),
        *_link_contradictions(problem),
        *_minimum_contradictions(problem, levels),
    )


def _forced(problem: AllocationProblem) -> list[Candidate]:
    return [item for item in problem.candidates if item.state in MUST_STATES]


def _ceiling_contradictions(problem: AllocationProblem, levels: Levels) -> Iterator[Conflict]:
    """What must be funded costs more than a ceiling even at the cheapest allowed levels."""
    names = {source.id: source.name for source in problem.sources}
    for group in source_groups(problem.sources):
        for year in problem.years:
            ceiling_vnd = group_ceiling_vnd(problem.sources, group, year)
            needs_vnd = sum(
                min(
                    sum(level.cost_vnd.get(key, {}).get(year, 0) for key in group)
                    for level in levels[item.id]
                )
                for item in _forced(problem)
            )
            if ceiling_vnd is not None and needs_vnd > ceiling_vnd:
                who = list_words([f"“{names[key]}”" for key in group])
                yield Conflict(
                    (f"ceiling:{'+'.join(group)}:{year}",),
                    f"{_forced_words(problem)} cần ít nhất {amount_words(needs_vnd)} từ nguồn {who} "
                    f"năm {year}, trong khi trần là {amount_words(ceiling_vnd)}.",
                    f"Nâng trần thêm ít nhất {amount_words(needs_vnd - ceiling_vnd)}.",
                )


def _forced_words(problem: AllocationProblem) -> str:
    """Who needs the money: the one candidate by name, or all that must be funded."""
    forced = _forced(problem)
    if len(forced) == 1:
        return f"Riêng “{forced[0].name}”, dù ở mức thấp nhất,"
    return "Các dự án bắt buộc phải cấp (đã cam kết, đã ghim)"


def _limit_contradictions(problem: AllocationProblem, levels: Levels) -> Iterator[Conflict]:
    """Hard limits that the forced candidates break, or that no choice can fill."""
    sources = {source.id: source for source in problem.sources}
    for limit in problem.limits:
        if not limit.is_hard:
            continue
        least_vnd = most_vnd = 0
        for item in problem.candidates:
            costs = [scoped_cost_vnd(sources, limit.scope, item, level) for level in levels[item.id]]
            least_vnd += min(costs) if item.state in MUST_STATES else 0
            most_vnd += max(costs, default=0)
        floor_vnd = effective_floor_vnd(problem, limit)
        if limit.at_most_vnd is not None and max(least_vnd, floor_vnd) > limit.at_most_vnd:
            over_vnd = max(least_vnd, floor_vnd) - limit.at_most_vnd
            yield Conflict(
                (f"cap:{limit.id}",),
                f"“{limit.words}”: mức trần {amount_words(limit.at_most_vnd)} thấp hơn phần bắt buộc "
                f"phải cấp {amount_words(over_vnd)}.",
                f"Nâng trần thêm ít nhất {amount_words(over_vnd)}.",
            )
        if floor_vnd > most_vnd:
            yield Conflict(
                (f"floor:{limit.id}",),
                f"“{limit.words}”: mức sàn {amount_words(floor_vnd)} không thể đạt; cấp tất cả cũng chỉ được "
                f"{amount_words(most_vnd)}.",
                f"Hạ mức sàn ít nhất {amount_words(floor_vnd - most_vnd)}.",
            )


def _impossible_candidates(problem: AllocationProblem) -> dict[str, str]:
    """Return the candidates that can never be funded, with the id of the barred one that is the cause."""
    causes = {item.id: item.id for item in problem.candidates if item.state is CandidateState.BARRED}
    changed = True
    while changed:
        changed = False
        for link in problem.links:
            if isinstance(link, Requires) and link.needs_id in causes and link.candidate_id not in causes:
                causes[link.candidate_id] = causes[link.needs_id]
                changed = True
    return causes


def _link_contradictions(problem: AllocationProblem) -> Iterator[Conflict]:
    candidates = {item.id: item for item in problem.candidates}
    causes = _impossible_candidates(problem)
    for item in _forced(problem):
        if item.id in causes:
            barred = candidates[causes[item.id]].name
            words = f"“{item.name}” bắt buộc phải cấp nhưng cần “{barred}”, dự án đã bị loại."
            repair = f"Bỏ loại “{barred}” hoặc bỏ bắt buộc “{item.name}”."
            yield Conflict((f"state:{item.id}", f"state:{causes[item.id]}"), words, repair)
    for link in problem.links:
        if isinstance(link, Requires):
            continue
        names = list_words([f"“{candidates[key].name}”" for key in link.candidate_ids])
        group_id = f"group:{link.rule.value}:{'+'.join(sorted(link.candidate_ids))}"
        possible = sum(1 for key in link.candidate_ids if key not in causes)
        wanted = {GroupRule.AT_MOST_ONE: 0, GroupRule.EXACTLY_ONE: 1, GroupRule.AT_LEAST: link.count}[
            link.rule
        ]
        if possible < wanted:
            words = f"Nhóm {names} phải có ít nhất {wanted} dự án được cấp, nhưng chỉ còn {possible} dự án."
            yield Conflict((group_id,), words, "Bỏ loại một dự án của nhóm hoặc hạ số tối thiểu.")
        forced = sum(1 for key in link.candidate_ids if candidates[key].state in MUST_STATES)
        if link.rule is not GroupRule.AT_LEAST and forced > 1:
            words = f"Nhóm {names} chỉ được cấp một dự án, nhưng {forced} dự án đã bắt buộc phải cấp."
            yield Conflict((group_id,), words, "Bỏ bắt buộc để chỉ còn một dự án của nhóm.")


def _minimum_contradictions(problem: AllocationProblem, levels: Levels) -> Iterator[Conflict]:
    """A hard minimum that even all candidates at their most cannot reach."""
    for output in problem.outputs:
        most = _most_count(output, levels)
        if output.at_least is not None and most < output.at_least:
            missing = number_words(output.at_least - most)
            words = (
                f"“{output.name}”: mức tối thiểu {number_words(output.at_least)} không thể đạt; cấp tất cả "
            )
            words += f"cũng chỉ được {number_words(most)}."
            yield Conflict((f"minimum:{output.id}",), words, f"Hạ mức tối thiểu ít nhất {missing}.")


def _most_count(output: Output, levels: Levels) -> Fraction:
    every = [level for choices in levels.values() for level in choices]
    before = baseline_count(output)
    if output.kind is OutputKind.QUANTITY:
        best = (
            max((counted_yield(output, level) for level in choices), default=Fraction(0))
            for choices in levels.values()
        )
        return before + sum(best, Fraction(0))
    if output.kind is OutputKind.COVERAGE:
        return before + len(covered_units(output, every))
    if output.kind in ONE_TIME_KINDS:
        delivered = {part for level in every for part in level.delivers.get(output.id, ())}
        return Fraction(1) if before >= 1 or set(output.components) <= delivered else Fraction(0)
    return before
