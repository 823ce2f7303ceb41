"""How a search may end: proven, within a gap, stopped, infeasible, failed; with the real engine."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pulp
import pytest

from optimizer import (
    CandidateState,
    GroupLink,
    GroupRule,
    InvalidProblem,
    Limit,
    LimitScope,
    NoFeasiblePlan,
    NoPlanInTime,
    Outcome,
    OutputKind,
    Requires,
    SolveLimits,
    SolveProgress,
    SolverFailure,
    StageName,
    audit_levels,
    find_contradictions,
    solve,
    value_for_money_levels,
    verify_plan,
    write_problem,
)
from optimizer.__main__ import main
from optimizer.engines.highs import HighsEngine
from optimizer.formulation.assemble import formulate
from optimizer.generators.mixed import generate_problem
from optimizer.solving.search import Search
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained, training_output
from tests.optimizer.small_problems import random_problem, try_everything


def test_a_time_limit_keeps_the_best_audited_plan() -> None:
    problem = generate_problem(Random(2), 150)
    plan = solve(problem, SolveLimits(time_limit_seconds=0.4))
    assert plan.outcome is Outcome.STOPPED
    assert verify_plan(problem, plan).is_kept
    assert plan.score_points > 0
    assert plan.bound_points is not None
    assert plan.bound_points >= plan.score_points
    assert plan.seconds < 15, "the limit is 0.4 seconds; the rest is reading, writing and auditing"


def test_a_stop_keeps_the_best_audited_plan_and_tells_progress() -> None:
    problem = generate_problem(Random(3), 120)
    seen: list[SolveProgress] = []
    plan = solve(problem, on_progress=seen.append, should_stop=lambda: len(seen) >= 2)
    assert plan.outcome is Outcome.STOPPED
    assert verify_plan(problem, plan).is_kept
    assert seen
    assert all(item.seconds >= 0 for item in seen)


def test_an_error_of_the_watcher_reaches_the_caller() -> None:
    def fail(_: SolveProgress) -> None:
        raise RuntimeError("watcher")

    with pytest.raises(RuntimeError, match="watcher"):
        solve(generate_problem(Random(3), 60), on_progress=fail)


def test_better_plans_are_kept_as_they_are_found() -> None:
    # The search is ended from within by an error: what it had found by then has passed the audit.
    problem = generate_problem(Random(3), 120)
    search = Search(formulate(problem), HighsEngine(), SolveLimits())
    seen: list[float] = []

    def fail(progress: SolveProgress) -> None:
        seen.append(progress.best_value or 0.0)
        if search.best is not None and len(seen) > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search.run_stage(StageName.SCORE, 20.0, fail)
    assert search.best is not None
    levels = search.level_ids(search.best.chosen)
    assert audit_levels(problem, levels).is_kept
    assert float(search.best.report.score_points) >= max(seen) - 1e-6


def test_a_gap_is_kept_and_told() -> None:
    problem = generate_problem(Random(4), 25)
    plan = solve(problem, SolveLimits(relative_gap_share=0.05))
    assert plan.outcome in (Outcome.WITHIN_GAP, Outcome.PROVEN)
    assert plan.gap_share is not None
    assert plan.gap_share <= Fraction(51, 1000)
    exact = solve(problem)
    assert exact.outcome is Outcome.PROVEN
    assert plan.score_points <= exact.score_points <= (plan.bound_points or 0) + Fraction(1, 10**6)


def test_score_only_runs_no_other_stage() -> None:
    plan = solve(generate_problem(Random(1), 12), SolveLimits(is_score_only=True))
    assert [record.name for record in plan.stages] == [StageName.SCORE]


def test_later_stages_keep_what_earlier_ones_achieved() -> None:
    for seed in range(3):
        problem = generate_problem(Random(seed), 16)
        all_stages, score_only = solve(problem), solve(replace(problem, stages=(StageName.LEGAL_MINIMUMS,)))
        assert all_stages.score_points == score_only.score_points


def test_contradictions_are_named_before_solving() -> None:
    big = a_candidate("A", a_level(200 * MILLION, yields=trained(5)), state=CandidateState.COMMITTED)
    small = a_candidate("B", a_level(MILLION, yields=trained(5)))
    barred = a_candidate("C", a_level(MILLION, yields=trained(5)), state=CandidateState.BARRED)
    must = replace(small, state=CandidateState.COMMITTED)
    cases = [
        (a_problem(big, small), "ceiling:tinh:2012", "100.000.000 đồng"),
        (a_problem(must, barred, links=(Requires("B", "C"),)), "state:B", "đã bị loại"),
        (
            a_problem(barred, small, links=(GroupLink(GroupRule.EXACTLY_ONE, ("C",)),)),
            "group:exactly_one:C",
            "ít nhất 1",
        ),
        (
            a_problem(must, replace(must, id="D"), links=(GroupLink(GroupRule.AT_MOST_ONE, ("B", "D")),)),
            "group:at_most_one:B+D",
            "bắt buộc",
        ),
        (
            a_problem(small, outputs=(training_output(at_least=Fraction(6)),)),
            "minimum:hoc-vien",
            "không thể đạt",
        ),
        (
            a_problem(must, limits=(Limit("L", "Trần", LimitScope(), at_most_vnd=1),)),
            "cap:L",
            "phải cấp",
        ),
    ]
    for problem, rule_id, part in cases:
        (conflict,) = find_contradictions(problem)
        assert rule_id in conflict.rule_ids
        assert part in conflict.words
        assert conflict.repair_words
        with pytest.raises(NoFeasiblePlan):
            solve(problem)


def test_what_only_solving_shows_is_named_with_a_repair_that_works() -> None:
    # Each alone fits, the minimum of 10 people needs both, and both together cost 20 triệu too much.
    problem = a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(5))),
        a_candidate("B", a_level(60 * MILLION, yields=trained(5))),
        outputs=(training_output(at_least=Fraction(10)),),
    )
    with pytest.raises(NoFeasiblePlan) as caught:
        solve(problem)
    (conflict,) = caught.value.conflicts
    assert conflict.rule_ids == ("ceiling:tinh:2012", "minimum:hoc-vien")
    assert conflict.repairs[0].words == (
        "Nâng trần nguồn “Nguồn tinh” năm 2012 thêm ít nhất 20.000.000 đồng (lên 120.000.000 đồng)."
    )
    raised = replace(problem.sources[0], ceiling_vnd={2012: 120 * MILLION})
    assert len(solve(replace(problem, sources=(raised,))).level_ids) == 2


def test_a_contradiction_is_never_claimed_where_a_plan_exists() -> None:
    for seed in range(150):
        problem = random_problem(Random(seed))
        if find_contradictions(problem):
            assert try_everything(problem) is None


def test_mistakes_stop_a_problem_built_in_python_too() -> None:
    with pytest.raises(InvalidProblem) as caught:
        solve(a_problem(a_candidate("A", a_level(MILLION))))
    assert "không tạo đầu ra" in caught.value.mistakes[0].words


def test_an_unknown_engine_is_a_failure() -> None:
    with pytest.raises(SolverFailure):
        solve(generate_problem(Random(1), 5), SolveLimits(engine_name="khong-co"))


BLOCKED = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] == sys.argv[1]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from optimizer.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize(("package", "engine"), [("pyscipopt", "scip"), ("highspy", "highs")])
def test_a_solver_that_is_not_installed_is_named(package: str, engine: str, tmp_path: Path) -> None:
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_text(write_problem(generate_problem(Random(1), 5)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, package, "solve", problem, "--out", plan, "--engine", engine],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert f"“{package}”" in done.stderr
    assert not plan.exists()


@pytest.mark.parametrize("kind", ["absent", "not a program"])
def test_a_cbc_that_cannot_be_run_is_a_failure_with_a_sentence(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, problem = tmp_path / "cbc", tmp_path / "problem.json"
    if kind == "not a program":
        program.write_text("no", encoding="utf-8")
    monkeypatch.setattr(pulp.apis.PULP_CBC_CMD, "pulp_cbc_path", str(program))
    problem.write_text(write_problem(generate_problem(Random(1), 5)), encoding="utf-8")
    asked = ["solve", str(problem), "--out", str(tmp_path / "plan.json"), "--engine", "cbc", "--json"]
    assert main(asked) == 4
    assert "CBC" in json.loads(capsys.readouterr().out)["failure"]


def test_runs_with_other_threads_in_one_process_are_all_proven() -> None:
    problem = generate_problem(Random(2), 16)
    plans = [solve(problem, SolveLimits(threads=threads)) for threads in (1, 2, 1, 3)]
    assert all(plan.outcome is Outcome.PROVEN for plan in plans)
    assert len({tuple(plan.level_ids.items()) for plan in plans}) == 1


def test_no_plan_in_time_is_told_as_such() -> None:
    # A hard minimum above what the greedy plan reaches keeps it out; the search is stopped at once.
    problem = generate_problem(Random(2), 60)
    reached = audit_levels(problem, value_for_money_levels(problem)).outputs
    tighter = (
        replace(
            problem,
            outputs=tuple(
                replace(item, at_least=reached[item.id] + 1) if item.id == asked.id else item
                for item in problem.outputs
            ),
        )
        for asked in problem.outputs
        if asked.kind is OutputKind.QUANTITY
    )
    hard = next(item for item in tighter if not find_contradictions(item))
    assert not audit_levels(hard, value_for_money_levels(hard)).is_kept
    with pytest.raises(NoPlanInTime):
        solve(hard, SolveLimits(time_limit_seconds=5), should_stop=lambda: True)


def test_cbc_agrees_as_a_peer() -> None:
    for seed in range(3):
        problem = generate_problem(Random(seed), 8)
        ours = solve(problem)
        peer = solve(problem, SolveLimits(engine_name="cbc", time_limit_seconds=20))
        assert verify_plan(problem, peer).is_kept
        assert peer.score_points == ours.score_points


def test_the_lone_project_model_that_old_engines_call_infeasible_is_solved() -> None:
    costs = (9000, 7200, 10800, 16200, 9000)
    problem = a_problem(
        *(a_candidate(f"P{n}", a_level(cost, yields=trained(1 + n))) for n, cost in enumerate(costs)),
        ceiling_vnd=43200,
    )
    plan = solve(problem)
    assert plan.outcome is Outcome.PROVEN
    assert plan.score_points == 2 + 3 + 4 + 5
