"""The nested ladder: nested at every rung, each within its money, best by trying everything."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from random import Random

import pytest

from optimizer import (
    AllocationProblem,
    CandidateState,
    InvalidProblem,
    Limit,
    LimitScope,
    NoFeasiblePlan,
    SolveLimits,
    audit_levels,
    solve,
)
from optimizer.__main__ import main
from optimizer.answers.ladder import nested_ladder, scaled_rungs
from optimizer.answers.ladder_answer import Ladder, Rung
from optimizer.answers.ladder_exchange import LADDER_FILE
from optimizer.edits import CeilingEdit, apply_edits
from optimizer.exchange import write_problem
from optimizer.formulation.ladder import formulate_ladder, spendable
from optimizer.generators.mixed import generate_problem
from optimizer.nesting import un_nested
from optimizer.schema_check import read_json, schema_mistakes
from optimizer.solving.ladder_search import LadderSearch
from tests.optimizer.builders import MILLION, YEAR, a_candidate, a_level, a_problem, trained, training_output
from tests.optimizer.small_problems import random_problem, score_by_hand, shortfall_if_lawful, try_everything

GOLDEN = Path(__file__).parent / "golden" / "ladder.lp"
HALF, WHOLE, MORE = Fraction(1, 2), Fraction(1), Fraction(3, 2)


def rival_projects() -> AllocationProblem:
    """100 triệu: A 60 (50 people), B and C 50 each (40 people each); target far away, a point a person."""
    return a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40))),
        a_candidate("C", a_level(50 * MILLION, yields=trained(40))),
        outputs=(training_output(1000, weight=Fraction(1000)),),
    )


def holds(problem: AllocationProblem, ladder: Ladder) -> bool:
    """Tell whether every rung keeps every rule at its money and stands on the rung below."""
    plans = [step.level_ids for step in ladder.steps]
    kept = all(
        audit_levels(apply_edits(problem, step.rung.ceilings), step.level_ids).is_kept
        for step in ladder.steps
    )
    orders = {item.id: [level.id for level in item.levels] for item in problem.candidates}
    nested = all(
        key in upper and orders[key].index(upper[key]) >= orders[key].index(level_id)
        for lower, upper in pairwise(plans)
        for key, level_id in lower.items()
    )
    return kept and nested


def best_ladder(problem: AllocationProblem, rungs: Sequence[Rung]) -> tuple[int, Fraction] | None:
    """Return (minus shortfall, weighted score) of the best nested plans, by trying every chain of choices."""
    levels = [range(len(item.levels) + 1) for item in problem.candidates]
    best: dict[tuple[int, ...], tuple[int, Fraction]] = {
        choice: (0, Fraction(0)) for choice in product(*levels)
    }
    for rung in reversed(rungs):
        scaled = apply_edits(problem, rung.ceilings)
        worth = {}
        for choice in best:
            chosen = {
                item.id: item.levels[at - 1] for item, at in zip(scaled.candidates, choice, strict=True) if at
            }
            shortfall = shortfall_if_lawful(scaled, chosen)
            if shortfall is not None:
                worth[choice] = (-shortfall, rung.weight * score_by_hand(scaled, list(chosen.values())))
        following = {}
        for choice, (law, points) in worth.items():
            above = [
                value
                for other, value in best.items()
                if all(one <= two for one, two in zip(choice, other, strict=True))
            ]
            if above:
                law_above, points_above = max(above)
                following[choice] = (law + law_above, points + points_above)
        best = following
    return max(best.values()) if best else None


def test_the_ladder_of_rivals_by_hand() -> None:
    # Free: 60 triệu A (50), 100 triệu B and C (80), 110 triệu A and B (90). Nested, A at the first rung keeps
    # 100 triệu at 50; B at the first rung is worth 40, then 80, then 80: 40 + 80 + 80 > 50 + 50 + 90.
    problem = rival_projects()
    ladder = nested_ladder(problem, scaled_rungs(problem, [Fraction(3, 5), WHOLE, Fraction(11, 10)]))
    assert [step.score_points for step in ladder.steps] == [40, 80, 80]
    assert [step.free_points for step in ladder.steps] == [50, 80, 90]
    assert [step.price_points for step in ladder.steps] == [10, 0, 10]
    assert ladder.weighted_points == ladder.bound_points == 200
    assert ladder.is_proven
    assert holds(problem, ladder)
    assert (
        "Bậc 1 (60 %, 60.000.000 đồng): 40 điểm; cấp 1 dự án; việc lồng nhau tốn 10 điểm"
        in ladder.sentences[1]
    )
    assert "cấp thêm 1 dự án so với bậc dưới; lồng nhau không tốn điểm" in ladder.sentences[2]
    # Where the first rung counts three times, A comes first there.
    weights = [Fraction(5), Fraction(1), Fraction(1)]
    heavy = nested_ladder(problem, scaled_rungs(problem, [Fraction(3, 5), WHOLE, Fraction(11, 10)], weights))
    assert [step.score_points for step in heavy.steps] == [50, 50, 90]
    assert heavy.weighted_points == 390


@pytest.mark.parametrize("seeds", [range(9), pytest.param(range(9, 120), marks=pytest.mark.deep)], ids=str)
def test_ladders_are_nested_within_their_money_and_best_by_trying_everything(seeds: range) -> None:
    compared = nested_costs = 0
    for seed in seeds:
        draw = Random(seed)
        problem = random_problem(draw)
        size = 1
        for item in problem.candidates:
            size *= len(item.levels) + 1
        if size > 200 or try_everything(problem) is None:
            continue
        weights = [Fraction(draw.randint(1, 4)) for _ in range(3)]
        rungs = scaled_rungs(problem, [HALF, WHOLE, MORE], weights)
        truth = best_ladder(problem, rungs)
        if truth is None:
            with pytest.raises(NoFeasiblePlan):
                nested_ladder(problem, rungs)
            continue
        ladder = nested_ladder(problem, rungs, SolveLimits(time_limit_seconds=30))
        assert ladder.is_proven
        assert holds(problem, ladder)
        assert (-sum(step.shortfall_vnd for step in ladder.steps), ladder.weighted_points) == truth
        assert ladder.weighted_points == ladder.bound_points
        for step in ladder.steps:
            free = try_everything(apply_edits(problem, step.rung.ceilings))
            assert free is not None
            assert (step.free_shortfall_vnd, step.free_points) == (free.shortfall_vnd, free.score)
            nested_costs += step.price_points > 0
        compared += 1
    assert compared > len(seeds) // 4
    assert nested_costs > 0


def test_levels_only_rise_and_what_was_decided_stays() -> None:
    problem = generate_problem(Random(1), 14)
    rungs = scaled_rungs(problem, [Fraction(4, 5), WHOLE, Fraction(6, 5)])
    ladder = nested_ladder(problem, rungs, SolveLimits(time_limit_seconds=20, relative_gap_share=0.001))
    assert holds(problem, ladder)
    committed = {item.id for item in problem.candidates if item.state is CandidateState.COMMITTED}
    assert committed
    assert all(committed <= set(step.level_ids) for step in ladder.steps)
    assert any(step.changes for step in ladder.steps[1:])
    for step in ladder.steps:
        alone = solve(apply_edits(problem, step.rung.ceilings), SolveLimits(relative_gap_share=0.001))
        report = audit_levels(apply_edits(problem, step.rung.ceilings), step.level_ids)
        assert (report.score_points, report.shortfall_vnd) == (step.score_points, step.shortfall_vnd)
        assert alone.bound_points is not None
        assert (step.shortfall_vnd, -step.score_points) >= (0, -alone.bound_points)
        assert step.price_at_most_points is None or step.price_at_most_points >= step.price_points >= 0
    assert ladder.bound_points is not None
    assert ladder.bound_points >= ladder.weighted_points == sum(step.score_points for step in ladder.steps)


def test_odd_shares_of_ceilings_lose_nothing() -> None:
    problem = a_problem(a_candidate("A", a_level(60 * MILLION, yields=trained(50))))
    odd = apply_edits(problem, (CeilingEdit("tinh", YEAR, 60 * MILLION + 7),))
    assert spendable(odd).sources[0].ceiling_vnd == {YEAR: 60 * MILLION}
    short = apply_edits(problem, (CeilingEdit("tinh", YEAR, 60 * MILLION - 1),))
    assert spendable(short).sources[0].ceiling_vnd == {YEAR: 0}
    rungs = [Rung("ít", (CeilingEdit("tinh", YEAR, 60 * MILLION - 1),)), Rung("đủ", ())]
    ladder = nested_ladder(apply_edits(problem, (CeilingEdit("tinh", YEAR, 60 * MILLION),)), rungs)
    assert [dict(step.level_ids) for step in ladder.steps] == [{}, {"A": "day-du"}]


def test_un_nested_plans_are_found_and_not_offered() -> None:
    problem = a_problem(
        a_candidate("A", a_level(MILLION, "it", yields=trained(1)), a_level(2 * MILLION, yields=trained(2))),
        a_candidate("B", a_level(MILLION, yields=trained(1))),
    )
    assert un_nested(problem, ({"A": "it"}, {"A": "day-du", "B": "day-du"})) == ()
    assert un_nested(problem, ({"A": "day-du", "B": "day-du"}, {"A": "it"}, {})) == (
        (2, "A"),
        (2, "B"),
        (3, "A"),
    )
    problems = [problem, problem]
    weights = [Fraction(1), Fraction(1)]
    search = LadderSearch(formulate_ladder(problems, weights), (problems, weights), SolveLimits())
    assert not search.offer(({"B": "day-du"}, {"A": "it"}))
    assert not search.offer(({"B": "khong-co"}, {"B": "khong-co"}))
    assert search.offer(({"A": "it"}, {"A": "day-du"}))


def test_wrong_rungs_are_refused_together() -> None:
    problem = rival_projects()
    with pytest.raises(InvalidProblem, match="ít nhất hai bậc"):
        nested_ladder(problem, scaled_rungs(problem, [WHOLE]))
    wrong = (Rung("", (), Fraction(0)), Rung("", (CeilingEdit("khong-co", YEAR, 1),)))
    with pytest.raises(InvalidProblem) as caught:
        nested_ladder(problem, wrong)
    assert [item.path for item in caught.value.mistakes] == ["$.rungs[0].weight", "$.rungs[1]"]
    for shares in ([WHOLE, WHOLE], [WHOLE, HALF]):
        with pytest.raises(InvalidProblem) as caught:
            nested_ladder(problem, scaled_rungs(problem, shares))
        assert [item.path for item in caught.value.mistakes] == ["$.rungs[1]"]


def test_without_time_the_greedy_ladder_stands_and_claims_no_proof() -> None:
    problem = generate_problem(Random(4), 40)
    rungs = scaled_rungs(problem, [Fraction(9, 10), WHOLE, Fraction(11, 10)])
    ladder = nested_ladder(problem, rungs, SolveLimits(time_limit_seconds=1.0))
    assert holds(problem, ladder)
    assert ladder.bound_points is None or ladder.bound_points >= ladder.weighted_points
    assert not ladder.is_proven or ladder.bound_points == ladder.weighted_points


def test_the_ladder_reads_as_its_golden_file(tmp_path: Path) -> None:
    problem = a_problem(
        a_candidate("A", a_level(3000, "it", yields=trained(4)), a_level(5000, yields=trained(6))),
        a_candidate("B", a_level(2000, yields=trained(3))),
        ceiling_vnd=6000,
        outputs=(training_output(10),),
        limits=(Limit("san", "Sàn", LimitScope(areas=("1",)), at_least_vnd=1000, is_hard=False),),
    )
    rungs = scaled_rungs(problem, [HALF, WHOLE], [Fraction(1), Fraction(2)])
    draft = formulate_ladder(
        [apply_edits(problem, rung.ceilings) for rung in rungs], [r.weight for r in rungs]
    )
    path = tmp_path / "ladder.lp"
    draft.model.writeLP(str(path))
    text = path.read_text(encoding="utf-8")
    if os.environ.get("PHANBO_WRITE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_the_command_climbs_and_names_the_rung_that_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "problem.json", tmp_path / "ladder.json"
    path.write_text(write_problem(rival_projects()), encoding="utf-8")
    asked = ["ladder", str(path), "--steps", "60,100,110", "--json"]
    assert main([*asked, "--out", str(out)]) == 0
    printed, spoken = capsys.readouterr()
    told = json.loads(printed)["ladder"]
    assert schema_mistakes(read_json(json.dumps(told)), LADDER_FILE) == ()
    assert json.loads(out.read_text(encoding="utf-8")) == told
    assert [step["price"] for step in told["steps"]] == [10, 0, 10]
    assert [step["ceiling_vnd"]["tinh"]["2012"] for step in told["steps"]] == [
        60 * MILLION,
        100 * MILLION,
        110 * MILLION,
    ]
    assert "Thang 3 bậc" in spoken
    assert main([*asked, "--weights", "1,2"]) == 2
    assert main(["ladder", str(path), "--steps", "100,90", "--json"]) == 2
    with pytest.raises(SystemExit):
        main(["ladder", str(path), "--steps", "80,x"])
    pinned = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50)), state=CandidateState.PINNED)
    )
    path.write_text(write_problem(pinned), encoding="utf-8")
    capsys.readouterr()
    assert main(["ladder", str(path), "--steps", "50,100", "--json"]) == 3
    printed, spoken = capsys.readouterr()
    assert "Bậc thấp nhất (50 % mức hiện nay)" in spoken
    assert json.loads(printed)["conflicts"]
