"""Protected ceilings: the rows as people read them, the best protected plan by trying everything."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pytest

from optimizer import AllocationProblem, CandidateState, Limit, LimitScope, audit_levels
from optimizer.answers.ceiling_risk import ceiling_risk
from optimizer.answers.protected_plans import protected_plans
from optimizer.answers.robustness import robustness
from optimizer.answers.robustness_exchange import robustness_to_json
from optimizer.answers.robustness_facts import RobustnessSettings
from optimizer.answers.robustness_words import percent_words
from optimizer.draws import DrawRanges, sample_draws
from optimizer.formulation.assemble import formulate_family
from optimizer.formulation.protection import add_protection
from optimizer.schema_check import read_json, schema_mistakes
from optimizer.solving.best_score import best_protected_score, best_score
from optimizer.solving.limits import SolveLimits
from optimizer.spending import group_ceiling_vnd, source_groups
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained
from tests.optimizer.small_problems import random_problem
from tests.optimizer.test_golden import FOLDER, reading_problem

HALF = Fraction(1, 2)


def test_the_family_reads_as_its_golden_file(tmp_path: Path) -> None:
    draft = formulate_family(reading_problem(), "limits")
    add_protection(draft, 2, Fraction(1, 10))
    path, golden = tmp_path / "model.lp", FOLDER / "protection.lp"
    draft.model.writeLP(str(path))
    text = path.read_text(encoding="utf-8")
    if os.environ.get("PHANBO_WRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def lawful_choices(problem: AllocationProblem) -> Iterator[tuple[dict[str, str], int, Fraction]]:
    """Yield every lawful choice with its shortfall and score."""
    options = [(None, *(level.id for level in item.levels)) for item in problem.candidates]
    for picked in product(*options):
        ids = {
            item.id: level_id
            for item, level_id in zip(problem.candidates, picked, strict=True)
            if level_id is not None
        }
        report = audit_levels(problem, ids)
        if report.is_kept:
            yield ids, report.shortfall_vnd, report.score_points


def is_protected(
    problem: AllocationProblem, ids: dict[str, str], gamma: int, years: tuple[int, ...] = ()
) -> bool:
    """Tell whether every ceiling holds when its gamma worst candidates overrun by half."""
    levels = {
        item.id: (item, level)
        for item in problem.candidates
        for level in item.levels
        if ids.get(item.id) == level.id
    }

    def holds(ceiling_vnd: int, costs: dict[str, int], growing: dict[str, int]) -> bool:
        worst = sorted(growing.values(), reverse=True)[:gamma]
        return sum(costs.values()) + HALF * sum(worst) <= ceiling_vnd

    for group in source_groups(problem.sources):
        for year in problem.years:
            ceiling_vnd = group_ceiling_vnd(problem.sources, group, year)
            if ceiling_vnd is None:
                continue
            costs = {
                key: sum(level.cost_vnd.get(source, {}).get(year, 0) for source in group)
                for key, (_, level) in levels.items()
            }
            if not holds(ceiling_vnd, costs, costs if not years or year in years else {}):
                return False
    for limit in problem.limits:
        if not limit.is_hard or limit.at_most_vnd is None:
            continue
        costs, growing = {}, {}
        for key, (item, level) in levels.items():
            items = [
                (year, amount)
                for source, by_year in level.cost_vnd.items()
                for year, amount in by_year.items()
                if _speaks(problem, limit, item, (source, year))
            ]
            costs[key] = sum(amount for _, amount in items)
            growing[key] = sum(amount for year, amount in items if not years or year in years)
        if not holds(limit.at_most_vnd, costs, growing):
            return False
    return True


def _speaks(problem: AllocationProblem, limit: Limit, item: object, place: tuple[str, int]) -> bool:
    scope = limit.scope
    nature = next(source.nature for source in problem.sources if source.id == place[0])
    facts = (
        (scope.agencies, item.agency),  # type: ignore[attr-defined]
        (scope.areas, item.area),  # type: ignore[attr-defined]
        (scope.places, item.place),  # type: ignore[attr-defined]
        (scope.source_ids, place[0]),
        (scope.natures, nature),
        (scope.years, place[1]),
    )
    return all(not wanted or found in wanted for wanted, found in facts)


@pytest.mark.parametrize("years", [(), (2012,)])
def test_the_best_protected_plan_is_the_enumerated_one(years: tuple[int, ...]) -> None:
    costlier, worths = 0, []
    # Problems in which protection costs something; in the last two it also matters against how many.
    for seed in (8, 10, 13, 37, 53):
        problem = random_problem(Random(seed))
        choices = list(lawful_choices(problem))
        for gamma in (1, 2, 9):
            kept = [
                (-shortfall, score)
                for ids, shortfall, score in choices
                if is_protected(problem, ids, gamma, years)
            ]
            found = best_protected_score(problem, SolveLimits(20), (gamma, HALF, years))
            assert (found is None) == (not kept)
            if found is None:
                continue
            report = audit_levels(problem, found.level_ids)
            assert is_protected(problem, dict(found.level_ids), gamma, years)
            assert found.is_proven
            worths.append((-report.shortfall_vnd, found.score_points))
            assert worths[-1] == max(kept)
            costlier += max(kept) < max((-shortfall, score) for _, shortfall, score in choices)
    assert costlier > 5


def a_round() -> AllocationProblem:
    """Six equal files, money for five and a little."""
    files = [
        a_candidate(f"P{place}", a_level(10 * MILLION, yields=trained(10 + place))) for place in range(6)
    ]
    limit = Limit("L", "Trần cơ quan", LimitScope(agencies=("CQ",)), at_most_vnd=56 * MILLION)
    return a_problem(*files, ceiling_vnd=54 * MILLION, limits=(limit,))


def test_more_protection_costs_points_and_buys_safety() -> None:
    problem = a_round()
    ranges = DrawRanges(costs_share=Fraction(1, 5))
    asked = RobustnessSettings(ranges=ranges, draws=40, protect=(2, 5, 9), gap_share=Fraction(0))
    answer = robustness(problem, Random(1), asked)
    told = {item.gamma: item for item in answer.protected}
    # By hand: five files cost 50, two of them overrun by 2 each = 54; the third would be 56.
    assert {gamma: item.score_points for gamma, item in told.items()} == {0: 65, 2: 65, 5: 54, 9: 54}
    assert all(item.bound_points == item.score_points for item in answer.protected)
    draws = sample_draws(problem, ranges, 40, Random(1))
    for item in answer.protected:
        assert item.level_ids is not None
        assert item.broken == ceiling_risk(problem, item.level_ids, draws).broken
    assert told[9].broken is not None
    assert told[9].broken.seen == 0
    assert told[0].broken is not None
    assert told[0].broken.seen > 20
    share = percent_words(told[0].broken.share)
    assert (
        f"Giá của an toàn, không dự phòng: 65 điểm; {share} số lượt thử có mức trần bị vượt."
        in answer.sentences
    )
    assert any(
        "Chịu được 5 dự án bất kỳ cùng đội giá 20 %: 54 điểm (kém 11 điểm)" in line
        for line in answer.sentences
    )
    data = read_json(json.dumps(robustness_to_json(answer)))
    assert schema_mistakes(data, "phanbo-robustness-1.schema.json") == ()


def test_a_promise_that_cannot_be_protected_is_told() -> None:
    pinned = a_candidate("a", a_level(10 * MILLION, yields=trained(40)), state=CandidateState.PINNED)
    problem = a_problem(pinned, ceiling_vnd=10 * MILLION)
    asked = RobustnessSettings(ranges=DrawRanges(costs_share=Fraction(1, 5)), draws=3, protect=(1,))
    draws = sample_draws(problem, asked.ranges, 3, Random(1))
    plain, protected = protected_plans(problem, asked, draws)
    assert plain.score_points == best_score(problem, SolveLimits(9)).score_points  # type: ignore[union-attr]
    assert (protected.level_ids, protected.score_points, protected.broken) == (None, None, None)
    words = robustness(problem, Random(1), asked).sentences
    assert "Không có phương án nào chịu được 1 dự án cùng đội giá 20 %." in words
