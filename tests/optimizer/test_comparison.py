"""Two plans compared: every mixture by enumeration, every sum exact, every order counted."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from math import factorial
from pathlib import Path
from random import Random

import pytest

from optimizer import (
    CandidateState,
    InvalidPlan,
    InvalidProblem,
    audit_levels,
    check_problem,
    solve,
    write_plan,
    write_problem,
)
from optimizer.__main__ import main
from optimizer.answers.attribution import keys_of
from optimizer.answers.comparison import compare
from optimizer.answers.comparison_exchange import comparison_to_json
from optimizer.answers.comparison_facts import (
    Attribution,
    CauseDetail,
    Comparison,
    ComparisonSettings,
)
from optimizer.answers.problem_changes import CauseKind
from optimizer.answers.problem_mixture import ProblemMixture
from optimizer.schema_check import read_json, schema_mistakes
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained
from tests.optimizer.changed_problems import a_plan, changed
from tests.optimizer.small_problems import random_problem
from tests.optimizer.test_problem_mixture import best_by_enumeration, lawful_plan, pairs

BY_GROUP = ComparisonSettings(detail=CauseDetail.GROUP)


def compared(pair: tuple, settings: ComparisonSettings | None = None) -> Comparison:
    first, one, second, other = pair
    return compare((first, a_plan(first, one)), (second, a_plan(second, other)), settings)


def is_summed_exactly(comparison: Comparison, attribution: Attribution) -> bool:
    total = comparison.best_before.distance_points - comparison.best_after.distance_points
    total += sum((cause.points for cause in attribution.causes), attribution.unproven_points)
    return total == comparison.score_after - comparison.score_before


def changes_of(comparison: Comparison) -> list:
    return [change for cause in comparison.attribution.causes for change in cause.changes]


# ---------------------------------------------------------------------------------------------
# causes, one at a time


def test_forty_pairs_add_up_exactly_and_every_step_is_the_enumerated_best() -> None:
    moved = 0
    for pair in pairs(40):
        comparison = compared(pair)
        attribution = comparison.attribution
        assert is_summed_exactly(comparison, attribution)
        assert attribution.unproven_points == 0
        mixture = ProblemMixture(pair[0], pair[2])
        made: frozenset = frozenset()
        now = best_by_enumeration(mixture.problem_with(made))
        assert comparison.best_before.score_points == now
        for cause in attribution.causes:
            made |= keys_of(cause.changes)
            later = best_by_enumeration(mixture.problem_with(made))
            assert cause.is_proven
            assert now is not None
            assert later is not None
            assert cause.points == later - now
            moved += cause.points != 0
            now = later
        assert comparison.best_after.score_points == now
        assert sorted(changes_of(comparison), key=lambda item: item.place) == list(mixture.changes)
    assert moved > 20


def test_a_change_that_leaves_no_plan_waits_or_is_made_together() -> None:
    problem = a_problem(
        a_candidate("a", a_level(10 * MILLION, yields=trained(40)), state=CandidateState.COMMITTED),
        ceiling_vnd=10 * MILLION,
    )
    dearer = replace(problem.candidates[0], levels=(a_level(30 * MILLION, yields=trained(90)),))
    opened = replace(dearer, state=CandidateState.OPEN)
    # Less money: the commitment no longer fits; only once it is released is there a plan again.
    cut = replace(problem.sources[0], ceiling_vnd={2012: 5 * MILLION})
    second = replace(problem, sources=(cut,), candidates=(opened,))
    comparison = compared((problem, {"a": "day-du"}, second, {}))
    kinds = [[change.kind for change in cause.changes] for cause in comparison.attribution.causes]
    assert kinds == [[CauseKind.RESULTS], [CauseKind.STATE], [CauseKind.CEILING], [CauseKind.COSTS]]
    assert [cause.points for cause in comparison.attribution.causes] == [50, 0, -90, 0]
    # Less money and a cheaper level that stays committed: the money waits until the level is there.
    cheaper = replace(problem.candidates[0], levels=(a_level(2 * MILLION, "nho", yields=trained(4)),))
    kept = replace(cheaper, min_level_id="nho")
    comparison = compared((problem, {"a": "day-du"}, replace(second, candidates=(kept,)), {"a": "nho"}))
    kinds = [[change.kind for change in cause.changes] for cause in comparison.attribution.causes]
    assert kinds == [[CauseKind.LEVELS], [CauseKind.STATE], [CauseKind.CEILING]]
    grown = replace(
        problem,
        sources=(replace(problem.sources[0], ceiling_vnd={2012: 20 * MILLION}),),
        candidates=(
            replace(problem.candidates[0], levels=(a_level(15 * MILLION, "to", yields=trained(60)),)),
        ),
    )
    torn = replace(grown, candidates=(replace(grown.candidates[0], min_level_id="to"),))
    small = replace(problem, candidates=(replace(problem.candidates[0], min_level_id="day-du"),))
    comparison = compared((torn, {"a": "to"}, small, {"a": "day-du"}))
    causes = comparison.attribution.causes
    assert [change.kind for change in causes[0].changes] == [
        CauseKind.CEILING,
        CauseKind.LEVELS,
        CauseKind.STATE,
    ]
    assert causes[0].sentence.startswith("Cùng nhau (Trần nguồn")
    assert is_summed_exactly(comparison, comparison.attribution)


def test_two_plans_of_one_problem_differ_by_their_distance_alone() -> None:
    draw = Random(1)
    for seed in range(12):
        problem = random_problem(Random(seed))
        plans = [lawful_plan(problem, draw), lawful_plan(problem, draw)]
        if None in plans:
            continue
        comparison = compared((problem, plans[0], problem, plans[1]))
        assert comparison.attribution.causes == ()
        assert is_summed_exactly(comparison, comparison.attribution)
        best = best_by_enumeration(problem)
        assert best is not None
        for found, plan in zip((comparison.best_before, comparison.best_after), plans, strict=True):
            assert found.distance_points == best - audit_levels(problem, plan).score_points


# ---------------------------------------------------------------------------------------------
# all orders


def test_the_average_over_orders_is_the_one_counted_by_hand() -> None:
    skipped = counted = 0
    for pair in pairs(12):
        mixture = ProblemMixture(pair[0], pair[2])
        if len(mixture.changes) > 4:
            continue
        comparison = compared(pair, ComparisonSettings(is_averaged=True))
        values = {}
        effects: dict = {change: [] for change in mixture.changes}
        for order in permutations(mixture.changes):
            steps = [frozenset(keys_of(order[:size])) for size in range(len(order) + 1)]
            for made in steps:
                if made not in values:
                    values[made] = best_by_enumeration(mixture.problem_with(made))
            if any(values[made] is None for made in steps):
                skipped += 1
                continue
            for place, change in enumerate(order):
                effects[change].append(values[steps[place + 1]] - values[steps[place]])
        averaged = comparison.averaged
        if averaged is None:
            assert not any(effects.values())
            continue
        counted += 1
        assert is_summed_exactly(comparison, averaged)
        assert [cause.points for cause in averaged.causes] == [
            Fraction(sum(effects[change]), len(effects[change])) for change in mixture.changes
        ]
        assert averaged.orders_used == len(effects[mixture.changes[0]])
        assert averaged.orders == factorial(len(mixture.changes))
    assert counted > 6
    assert skipped


def test_many_causes_are_averaged_by_group_or_refused() -> None:
    first, second = random_problem(Random(3)), random_problem(Random(8))
    plans = [lawful_plan(problem, Random(1)) for problem in (first, second)]
    assert None not in plans
    pair = (first, plans[0], second, plans[1])
    with pytest.raises(InvalidProblem, match="nguyên nhân"):
        compared(pair, ComparisonSettings(is_averaged=True))
    comparison = compared(pair, BY_GROUP)
    groups = [{change.group for change in cause.changes} for cause in comparison.attribution.causes]
    assert sum(len(found) for found in groups) == len({group for found in groups for group in found})
    assert is_summed_exactly(comparison, comparison.attribution)


# ---------------------------------------------------------------------------------------------
# steps that are not proven


def test_what_is_not_proven_stands_apart_and_the_sum_stays_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    from optimizer.answers import mixture_values
    from optimizer.solving.best_score import BestScore, best_score

    def vague(*asked: object) -> BestScore | None:
        found = best_score(*asked)  # type: ignore[arg-type]
        return found and replace(found, bound_points=found.score_points + 3, is_within_gap=False)

    monkeypatch.setattr(mixture_values, "best_score", vague)
    unproven = 0
    for pair in pairs(8):
        comparison = compared(
            pair, ComparisonSettings(is_averaged=len(ProblemMixture(pair[0], pair[2]).changes) < 4)
        )
        for attribution in (comparison.attribution, comparison.averaged):
            if attribution is None:
                continue
            assert is_summed_exactly(comparison, attribution)
            for cause in attribution.causes:
                assert cause.high_points - cause.low_points == 6
                assert (
                    cause.points == max(cause.low_points, min(cause.high_points, 0)) or attribution.orders > 1
                )
                assert "chưa chứng minh xong" in cause.sentence
            unproven += attribution.unproven_points != 0
            if comparison.attribution.unproven_points:
                assert any(line.startswith("Phần chưa chứng minh") for line in comparison.sentences)
    assert unproven > 3


# ---------------------------------------------------------------------------------------------
# the plans side by side, and the door


def test_the_plans_side_by_side_add_up_to_their_audits() -> None:
    for first, one, second, other in pairs(8):
        comparison = compared((first, one, second, other))
        differences = comparison.differences
        moved = {move.candidate_id for move in differences.levels}
        assert {key for key in {*one, *other} if one.get(key) != other.get(key)} <= moved
        audits = [audit_levels(first, one), audit_levels(second, other)]
        for side, audit in enumerate(audits):
            spent = sum(amount for by_year in audit.money_vnd.values() for amount in by_year.values())
            for by_value in differences.money_vnd.values():
                assert sum(pair[side] for pair in by_value.values()) == spent
            for source_id, by_year in audit.money_vnd.items():
                assert differences.money_vnd["source"].get(source_id, (0, 0))[side] == sum(by_year.values())
        points = sum((move.points_after - move.points_before for move in differences.outputs), Fraction(0))
        assert points == comparison.score_after - comparison.score_before
        costs = sum(move.cost_after_vnd - move.cost_before_vnd for move in differences.levels)
        assert costs == sum(pair[1] - pair[0] for pair in differences.money_vnd["year"].values())


def test_a_refused_plan_is_told_with_its_broken_rules() -> None:
    problem = a_problem(a_candidate("a", a_level(10 * MILLION, yields=trained(40))), ceiling_vnd=9 * MILLION)
    with pytest.raises(InvalidPlan) as caught:
        compared((problem, {}, problem, {"a": "day-du"}))
    assert [item.path for item in caught.value.mistakes] == ["sau:ceiling:tinh:2012"]
    assert "Phương án sau: " in caught.value.mistakes[0].words


def test_shuffled_problems_compare_alike() -> None:
    first, one, second, other = pairs(3)[2]
    told = comparison_to_json(compared((first, one, second, other)))
    again = [
        replace(each, candidates=each.candidates[::-1], links=each.links[::-1]) for each in (first, second)
    ]
    assert comparison_to_json(compared((again[0], one, again[1], other))) == told


def test_the_command_prints_one_object_that_its_schema_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = random_problem(Random(3))
    second = changed(first, Random(5), 3)
    assert check_problem(second) == ()
    names = []
    for number, problem in enumerate((first, second)):
        names += [str(tmp_path / f"problem{number}.json"), str(tmp_path / f"plan{number}.json")]
        Path(names[-2]).write_text(write_problem(problem), encoding="utf-8")
        Path(names[-1]).write_text(write_plan(solve(problem)), encoding="utf-8")
    for more in ([], ["--by", "group", "--shapley"]):
        assert main(["compare", *names, "--json", *more]) == 0
        told = capsys.readouterr()
        data = read_json(told.out)["comparison"]
        assert schema_mistakes(data, "phanbo-comparison-1.schema.json") == ()
        assert "Cộng lại đúng bằng chênh lệch" in told.err
        parts = [Fraction(cause["points"]) for cause in data["attribution"]["causes"]]
        ends = [Fraction(best["distance"]) for best in data["best"]]
        total = sum(parts) + Fraction(data["attribution"]["unproven"]) + ends[0] - ends[1]
        assert total == Fraction(data["difference"])
    assert schema_mistakes({**data, "la": 1}, "phanbo-comparison-1.schema.json")
    assert main(["compare", names[0], names[3], names[2], names[3], "--json"]) == 2
    mistakes = json.loads(capsys.readouterr().out)["mistakes"]
    assert "trước:stated:problem" in [item["path"] for item in mistakes]
