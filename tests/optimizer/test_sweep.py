"""The money frontier: concave curve, audited knots, more money never worse; every figure found twice."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random
from time import process_time

import pytest

from optimizer import (
    AllocationProblem,
    InvalidPlan,
    InvalidProblem,
    Limit,
    LimitScope,
    NoFeasiblePlan,
    SolveLimits,
    audit_levels,
    solve,
)
from optimizer.__main__ import main
from optimizer.answers.sweep import money_frontier, scaled_ceilings
from optimizer.answers.sweep_answer import FrontierRange, KnotOutcome, MoneyFrontier
from optimizer.answers.sweep_exchange import SWEEP_FILE
from optimizer.edits import apply_edits
from optimizer.exchange import write_problem
from optimizer.generators.mixed import generate_problem
from optimizer.generators.province import generate_province
from optimizer.schema_check import read_json, schema_mistakes
from optimizer.solving.live import LiveAllocation
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained
from tests.optimizer.small_problems import random_problem, try_everything

COARSE = FrontierRange(steps=10, knots=0)


def three_projects() -> AllocationProblem:
    """100 triệu: B and C together give 80, A alone 50, all three (160 triệu) 130 of 100 wanted."""
    return a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(50))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(40))),
        a_candidate("C", a_level(50 * MILLION, yields=trained(40))),
    )


def is_concave_and_never_falls(frontier: MoneyFrontier) -> bool:
    known = [point for point in frontier.curve if point.bound_points is not None]
    slopes = [point.points_per_billion for point in known[:-1]]
    # A billionth of the bound per step is the engine's rounding.
    slack = Fraction(1, 10**9) * 100 * 10**9 / max(1, known[-1].total_vnd - known[0].total_vnd) * len(known)
    return all(one >= other - slack for one, other in pairwise(slopes)) and min(slopes) >= -slack


def test_the_frontier_of_three_projects_by_hand() -> None:
    problem = three_projects()
    frontier = money_frontier(problem, FrontierRange(steps=20, knots=5))
    assert [(float(knot.share), knot.score_points) for knot in frontier.knots] == [
        (0.5, 40), (0.75, 50), (1.0, 80), (1.25, 90), (1.5, 90),
    ]  # fmt: skip
    assert all(knot.outcome is KnotOutcome.PLANNED and knot.is_proven for knot in frontier.knots)
    assert [knot.changed for knot in frontier.knots] == [1, 3, 0, 2, 2]
    assert frontier.today_points == 80
    # In shares of levels money buys A first (50/60 a triệu), then B or C (40/50) up to 100 people.
    bounds = {point.share: float(point.bound_points or 0) for point in frontier.curve}
    assert bounds[Fraction(1, 2)] == pytest.approx(50 * 50 / 60)
    assert bounds[Fraction(1)] == pytest.approx(50 + 40 * 0.8)
    assert bounds[Fraction(5, 4)] == pytest.approx(100)
    assert frontier.flat_from is not None
    # 60 + 50 * 50/40 = 122.5 triệu buy 100 people; the next point of the curve is 125.
    assert frontier.flat_from.share == Fraction(5, 4)
    assert frontier.half_from is not None
    assert frontier.half_from.share == Fraction(5, 4)
    text = " ".join(frontier.sentences)
    assert (
        "Ở mức hiện nay (100.000.000 đồng): phương án được 80 điểm, không phương án nào quá 82 điểm." in text
    )
    assert "Kể từ mức 125.000.000 đồng (125 %), thêm tiền không làm tăng điểm nữa." in text
    assert "Với 75 % mức hiện nay: điểm giảm 30 điểm, 3 dự án thay đổi." in text


@pytest.mark.parametrize("shape", ["mixed", "province"])
def test_the_curve_is_concave_never_falls_and_is_that_of_fresh_models(shape: str) -> None:
    generate = generate_problem if shape == "mixed" else generate_province
    problem = generate(Random(3), 30)
    asked = FrontierRange(steps=25, knots=0)
    frontier = money_frontier(problem, asked)
    # 26 evenly spaced points and today's ceilings, which lie between two of them.
    assert len(frontier.curve) == 27
    assert is_concave_and_never_falls(frontier)
    for point in frontier.curve[::9]:
        scaled = apply_edits(problem, scaled_ceilings(problem, asked, point.share))
        try:
            fresh = LiveAllocation(scaled).relax()
        except NoFeasiblePlan:
            assert point.bound_points is None
            continue
        assert fresh.is_feasible == (point.bound_points is not None)
        if point.bound_points is not None:
            assert fresh.bound_points == pytest.approx(float(point.bound_points), rel=1e-7)


def test_knots_are_the_best_plans_by_trying_everything() -> None:
    compared = infeasible = 0
    for seed in range(5):
        problem = random_problem(Random(seed))
        truth = try_everything(problem)
        if truth is None:
            continue
        asked = FrontierRange(from_share=Fraction(0), to_share=Fraction(2), steps=8, knots=5)
        frontier = money_frontier(problem, asked)
        for knot in frontier.knots:
            scaled = apply_edits(problem, scaled_ceilings(problem, asked, knot.share))
            best = try_everything(scaled)
            if best is None:
                assert knot.outcome is KnotOutcome.INFEASIBLE
                infeasible += 1
                continue
            assert (knot.shortfall_vnd, knot.score_points) == (best.shortfall_vnd, best.score)
            report = audit_levels(scaled, knot.level_ids)
            assert report.is_kept
            assert knot.bound_points is not None
            assert knot.bound_points >= best.score
            compared += 1
        _more_money_is_never_worse(frontier)
    assert compared > 8
    assert infeasible > 1


def _more_money_is_never_worse(frontier: MoneyFrontier) -> None:
    worth = [(-(k.shortfall_vnd or 0), k.score_points) for k in frontier.knots if k.score_points is not None]
    assert worth == sorted(worth)


def test_a_plan_of_less_money_is_taken_where_the_search_found_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = three_projects()
    honest = LiveAllocation.plan

    def forgetful(self: LiveAllocation, limits: SolveLimits, near: object = None, **others: object) -> object:
        """Above today's ceilings find the plan of 75 triệu only."""
        plan = honest(self, limits, near, **others)  # type: ignore[arg-type]
        if self.problem().sources[0].ceiling_vnd[2012] > 100 * MILLION:
            return replace(plan, level_ids={"A": "day-du"}, score_points=Fraction(50))
        return plan

    monkeypatch.setattr(LiveAllocation, "plan", forgetful)
    frontier = money_frontier(problem, FrontierRange(steps=4, knots=3))
    assert [(float(k.share), k.score_points, k.is_carried, k.is_proven) for k in frontier.knots] == [
        (0.5, 40, False, True), (1.0, 80, False, True), (1.5, 80, True, False),
    ]  # fmt: skip


def test_below_what_the_rules_cost_there_is_no_plan_and_it_is_said_why() -> None:
    problem = replace(
        three_projects(), limits=(Limit("L", "Sàn chung", LimitScope(), at_least_vnd=90 * MILLION),)
    )
    frontier = money_frontier(problem, FrontierRange(steps=10, knots=6))
    assert [(float(k.share), k.outcome.value) for k in frontier.knots] == [
        (0.5, "infeasible"), (0.7, "infeasible"), (0.9, "infeasible"), (1.0, "planned"),
        (1.1, "planned"), (1.3, "planned"), (1.5, "planned"),
    ]  # fmt: skip
    assert [point.bound_points is None for point in frontier.curve] == [True] * 4 + [False] * 7
    text = " ".join(frontier.sentences)
    assert "Từ 90 % mức hiện nay trở xuống không có phương án nào" in text
    assert frontier.conflicts
    assert "Sàn chung" in text


def test_one_source_or_year_is_swept_alone() -> None:
    problem = generate_province(Random(1), 20)
    source, year = problem.sources[1], problem.years[0]
    asked = FrontierRange(source_id=source.id, year=year, steps=10, knots=0)
    edits = scaled_ceilings(problem, asked, Fraction(3, 2))
    assert [(edit.source_id, edit.year) for edit in edits] == [(source.id, year)]
    assert edits[0].ceiling_vnd == source.ceiling_vnd[year] * 3 // 2
    frontier = money_frontier(problem, asked)
    today = frontier.today()
    assert today is not None
    assert today.total_vnd == source.ceiling_vnd[year]
    assert f"trần nguồn “{source.name}” năm {year}" in frontier.sentences[0]
    assert is_concave_and_never_falls(frontier)


def test_wrong_ranges_and_forged_plans_are_refused() -> None:
    problem = three_projects()
    wrong = FrontierRange("khong-co", 2099, Fraction(1), Fraction(1), 0, -1)
    with pytest.raises(InvalidProblem) as caught:
        money_frontier(problem, wrong)
    assert [item.path for item in caught.value.mistakes] == [
        "$.source",
        "$.year",
        "$.from",
        "$.steps",
        "$.knots",
    ]
    empty = apply_edits(problem, scaled_ceilings(problem, FrontierRange(), Fraction(0)))
    with pytest.raises(InvalidProblem, match="Không có trần nào lớn hơn 0"):
        money_frontier(empty, COARSE)
    with pytest.raises(InvalidPlan):
        money_frontier(problem, COARSE, plan=replace(solve(problem), score_points=Fraction(99)))


def test_a_stop_leaves_the_knots_not_yet_reached() -> None:
    frontier = money_frontier(three_projects(), FrontierRange(steps=4, knots=5), should_stop=lambda: True)
    assert len(frontier.curve) == 5
    assert frontier.knots == ()
    assert frontier.today_points is None


@pytest.mark.parametrize(
    ("size", "most_seconds"), [(120, 1.0), pytest.param(500, 2.0, marks=pytest.mark.deep)]
)
def test_two_hundred_levels_take_a_second_at_most(size: int, most_seconds: float) -> None:
    problem = generate_province(Random(1), size)
    began = process_time()
    frontier = money_frontier(problem, FrontierRange(knots=0))
    seconds = process_time() - began
    assert len(frontier.curve) == 201
    # Loading included. Measured: 0.6 CPU-seconds for 500 projects; slow machines may take three times that.
    assert seconds < most_seconds
    assert is_concave_and_never_falls(frontier)


def test_the_command_prints_the_frontier(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "problem.json"
    path.write_text(write_problem(three_projects()), encoding="utf-8")
    out = tmp_path / "out.json"
    asked = ["sweep", str(path), "--steps", "4", "--knots", "3", "--json"]
    assert main([*asked, "--out", str(out)]) == 0
    printed, spoken = capsys.readouterr()
    told = json.loads(printed)["sweep"]
    assert schema_mistakes(read_json(json.dumps(told)), SWEEP_FILE) == ()
    assert json.loads(out.read_text(encoding="utf-8")) == told
    assert [knot["score"] for knot in told["knots"]] == [40, 80, 90]
    assert "Quét mọi trần từ 50 % đến 150 % mức hiện nay." in spoken
    assert main(["sweep", str(path), "--source", "khong-co", "--steps", "0", "--json"]) == 2
    paths = [item["path"] for item in json.loads(capsys.readouterr().out)["mistakes"]]
    assert paths == ["--source", "--steps"]
