"""Two plans side by side: who is in, out or at another level, whose money, which outputs. No solver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from optimizer.answers.comparison_facts import LevelMove, OutputMove, PlanDifferences
from optimizer.answers.comparison_words import signed_points_words
from optimizer.attainment import earlier_outputs, earned_points
from optimizer.problem import AllocationProblem, Candidate, FundingLevel, Output
from optimizer.spending import cost_items, level_cost_vnd
from optimizer.verify import audit_levels
from optimizer.wording import amount_words, number_words

LevelIds = Mapping[str, str]
Chosen = Mapping[str, tuple[Candidate, FundingLevel]]
MARK_WORDS = {"source": "nguồn", "year": "năm", "agency": "cơ quan", "area": "lĩnh vực"}


def plan_differences(
    first: tuple[AllocationProblem, LevelIds], second: tuple[AllocationProblem, LevelIds]
) -> PlanDifferences:
    """Return what differs between two plans, each judged by its own problem.

    Args:
        first: a problem and a plan of it (level id by candidate id).
        second: another problem, or the same, and a plan of it.
    """
    before, after = _chosen(*first), _chosen(*second)
    money_vnd = _money(before, after)
    names = {source.id: source.name for problem, _ in (first, second) for source in problem.sources}
    return PlanDifferences(
        levels=tuple(_level_moves(before, after)),
        money_vnd=money_vnd,
        outputs=tuple(_output_moves(first, second)),
        money_sentences=tuple(_money_words(money_vnd, names)),
    )


def _chosen(problem: AllocationProblem, level_ids: LevelIds) -> dict[str, tuple[Candidate, FundingLevel]]:
    return {
        item.id: (item, level)
        for item in sorted(problem.candidates, key=lambda item: item.id)
        for level in item.levels
        if level.id == level_ids.get(item.id)
    }


def _level_moves(before: Chosen, after: Chosen) -> Iterator[LevelMove]:
    for key in sorted({*before, *after}):
        names, levels, costs = [], [], []
        for chosen in (before, after):
            candidate, level = chosen.get(key, (None, None))
            names += [] if candidate is None else [candidate.name]
            levels.append(None if level is None else level.id)
            costs.append(0 if level is None else level_cost_vnd(level))
        if levels[0] != levels[1] or costs[0] != costs[1]:
            words = _move_words(names[-1], (levels[0], levels[1]), (costs[0], costs[1]))
            yield LevelMove(key, levels[0], levels[1], costs[0], costs[1], words)


def _move_words(name: str, levels: tuple[str | None, str | None], costs: tuple[int, int]) -> str:
    before, after = levels
    if before is None:
        return f"Thêm “{name}” ở mức “{after}”, {amount_words(costs[1])}."
    if after is None:
        return f"Bỏ “{name}” (mức “{before}”, {amount_words(costs[0])})."
    if before == after:
        return f"“{name}” giữ mức “{after}”, chi phí {amount_words(costs[0])} → {amount_words(costs[1])}."
    return (
        f"“{name}” chuyển từ mức “{before}” sang “{after}”, "
        f"{amount_words(costs[0])} → {amount_words(costs[1])}."
    )


def _money(before: Chosen, after: Chosen) -> dict[str, dict[str, tuple[int, int]]]:
    sums = [_money_by_mark(chosen) for chosen in (before, after)]
    return {
        mark: {
            value: (sums[0][mark].get(value, 0), sums[1][mark].get(value, 0))
            for value in sorted({*sums[0][mark], *sums[1][mark]})
        }
        for mark in sums[0]
    }


def _money_words(
    money_vnd: Mapping[str, Mapping[str, tuple[int, int]]], names: Mapping[str, str]
) -> Iterator[str]:
    for mark, words in MARK_WORDS.items():
        moved = [
            f"“{names.get(value, value) if mark == 'source' else value}” "
            f"{amount_words(before)} → {amount_words(after)}"
            for value, (before, after) in money_vnd[mark].items()
            if before != after
        ]
        if moved:
            yield f"Kinh phí theo {words}: {'; '.join(moved)}."


def _money_by_mark(chosen: Chosen) -> dict[str, dict[str, int]]:
    money: dict[str, dict[str, int]] = {"source": {}, "year": {}, "agency": {}, "area": {}}
    for candidate, level in chosen.values():
        for (source_id, year), amount_vnd in cost_items(level):
            marks = {
                "source": source_id,
                "year": str(year),
                "agency": candidate.agency,
                "area": candidate.area,
            }
            for mark, value in marks.items():
                money[mark][value] = money[mark].get(value, 0) + amount_vnd
    return money


def _output_moves(
    first: tuple[AllocationProblem, LevelIds], second: tuple[AllocationProblem, LevelIds]
) -> Iterator[OutputMove]:
    before, after = _output_facts(*first), _output_facts(*second)
    outputs = {output.id: output for problem, _ in (first, second) for output in problem.outputs}
    for key in sorted({*before, *after}):
        one, other = before.get(key, (None, Fraction(0))), after.get(key, (None, Fraction(0)))
        if one != other:
            words = _output_words(outputs[key], (one[0], other[0]), other[1] - one[1])
            yield OutputMove(key, one[0], other[0], one[1], other[1], words)


def _output_words(output: Output, counts: tuple[Fraction | None, Fraction | None], gained: Fraction) -> str:
    told = ["không có" if count is None else number_words(count) for count in counts]
    unit = f" {output.unit}" if output.unit else ""
    return f"Đầu ra “{output.name}”: {told[0]} → {told[1]}{unit}, {signed_points_words(gained)}."


def _output_facts(
    problem: AllocationProblem, level_ids: LevelIds
) -> dict[str, tuple[Fraction | None, Fraction]]:
    """Return final count and points by output id."""
    counts, earlier = audit_levels(problem, level_ids).outputs, earlier_outputs(problem)
    return {
        output.id: (counts[output.id], earned_points(output, earlier[output.id], counts[output.id]))
        for output in problem.outputs
    }
