"""The bench compares like with like, believes no peer's status, and says what is missed and by how much."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pulp
import pytest

from optimizer.__main__ import main
from optimizer.bench.bare_highs import arrays_of, loaded, read_arrays, relaxed_with, write_arrays
from optimizer.bench.findings import Finding
from optimizer.bench.goal_memory import _peak_megabytes
from optimizer.bench.goal_same_plan import changed_ids, shuffled_problem
from optimizer.bench.goal_what_if import _OurLive, _value_of
from optimizer.bench.measuring import in_turns, timed
from optimizer.bench.neutral_rows import NeutralModel, neutral_model
from optimizer.bench.occasion import Occasion
from optimizer.bench.peer_plans import Budget, PeerPlan, _read, plan_by_cbc, plan_by_highspy, plan_by_ours
from optimizer.bench.questions import Question, ceiling_questions, level_questions, pin_questions
from optimizer.bench.record import machine_words, record_text
from optimizer.bench.run import GOALS, run_bench
from optimizer.bench.stock_pulp import (
    as_people_call_it,
    built_by_sums,
    built_in_bulk,
    cbc,
    handed_to_stock_highs,
    solved,
    stock_highs,
)
from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import EngineSettings
from optimizer.generators.province import generate_province
from optimizer.problem import AllocationProblem
from optimizer.solving.compile import compile_model


@pytest.fixture(scope="module")
def problem() -> AllocationProblem:
    return generate_province(Random(1), 24)


@pytest.fixture(scope="module")
def model(problem: AllocationProblem) -> NeutralModel:
    return neutral_model(problem)


def test_every_peer_solves_the_same_relaxation(problem: AllocationProblem, model: NeutralModel) -> None:
    value, _, duals = relaxed_with(loaded(arrays_of(model), is_relaxed=True), {})
    assert math.isfinite(value)
    assert len(duals) == len(model.rows)
    built = built_by_sums(model)
    for solver in (cbc(is_relaxed=True), stock_highs(is_relaxed=True)):
        assert solved(built, solver).objective() == pytest.approx(value, abs=1e-6)
    session = HighsEngine().load(compile_model(built_in_bulk(model).problem))
    assert session.relax(EngineSettings()).objective == pytest.approx(value, abs=1e-6)
    handed = handed_to_stock_highs(built_by_sums(model))
    assert (handed.getNumCol(), handed.getNumRow()) == (len(model.variables), len(model.rows))
    assert handed.getNumNz() == sum(len(row.terms) for row in model.rows) == len(model.arrays.values)


def test_columns_are_pulps_variables_whoever_registered_them() -> None:
    problem = pulp.LpProblem("p", pulp.LpMaximize)
    with as_people_call_it():
        late, early = pulp.LpVariable("z", 0, 4), pulp.LpVariable("a", 0, 1)
    middle = problem.add_variable("m", 0, 2)
    problem.addConstraint(pulp.LpConstraint(2 * middle + 3 * late, pulp.LpConstraintLE, "row", 6))
    problem.setObjective(late + 5 * early)
    arrays = compile_model(problem)
    assert arrays.column_names == ["a", "m", "z"] == [item.name for item in problem.variables()]
    assert arrays.costs.tolist() == [5.0, 0.0, 1.0]
    assert dict(zip(arrays.indices.tolist(), arrays.values.tolist(), strict=True)) == {1: 2.0, 2: 3.0}
    assert compile_model(problem).column_names == arrays.column_names


def test_every_peer_is_asked_the_same_question(problem: AllocationProblem, model: NeutralModel) -> None:
    highs = loaded(arrays_of(model), is_relaxed=True)
    base, values, _ = relaxed_with(highs, {})
    ours = _OurLive(problem)
    questions = [
        *ceiling_questions(problem, model, 99)[:3],
        *pin_questions(problem, model, values.tolist())[:2],
        *level_questions(problem, model, [120_000]),
    ]
    assert len(questions) == 6
    answered = 0
    for question in questions:
        asked = model.with_sides(question.sides)
        told = solved(built_by_sums(asked), cbc(is_relaxed=True))
        _, value = ours.ask(question)
        assert value == pytest.approx(_value_of(told), abs=1e-6, nan_ok=True)
        answered += math.isfinite(value)
    assert answered >= 4
    assert relaxed_with(highs, {})[0] == pytest.approx(base)
    raised = relaxed_with(highs, {model.places[name]: sides for name, sides in questions[-1].sides.items()})
    assert raised[0] > base
    assert isinstance(questions[0], Question)


def test_plans_of_peers_are_read_and_audited(problem: AllocationProblem, model: NeutralModel) -> None:
    budget = Budget(10.0)
    ours, bare, by_cbc = (
        plan(problem, model, budget) for plan in (plan_by_ours, plan_by_highspy, plan_by_cbc)
    )
    assert ours.score == pytest.approx(bare.score, abs=1e-6)
    assert ours.score == pytest.approx(by_cbc.score, abs=1e-6)
    assert (ours.trouble, bare.trouble, by_cbc.trouble) == ("", "", "")
    assert (ours.status, bare.status) == ("proven", "Optimal")
    assert ours.gap_share == pytest.approx(0.0, abs=1e-9)
    assert math.isinf(by_cbc.gap_share)
    assert min(plan.cpu_seconds for plan in (ours, bare, by_cbc)) > 0


def test_a_dishonest_plan_has_no_score(problem: AllocationProblem, model: NeutralModel) -> None:
    everything = [1.0] * len(model.variables)
    greedy = _read(problem, model, everything, (1.0, "Optimal", None))
    assert greedy.score is None
    assert "rules broken" in greedy.trouble
    assert "BUT" in greedy.words()
    halves = _read(problem, model, [0.4] * len(model.variables), (1.0, "Optimal", 90.0))
    assert f"{len(model.levels)} choices are fractions" in halves.trouble
    assert _read(problem, model, None, (1.0, "Infeasible", None)).score is None


def test_a_limit_that_pulp_calls_optimal_is_named(problem: AllocationProblem, model: NeutralModel) -> None:
    class Stopped(pulp.LpSolver):  # type: ignore[misc]
        """Answers as PuLP's doors do after a time limit."""

        def __init__(self, **_: object) -> None:
            super().__init__(msg=False)

        def actualSolve(self, lp: pulp.LpProblem) -> int:  # noqa: N802  PuLP calls it so
            for variable in lp.variables():
                variable.varValue = 0.0
            lp.assignStatus(pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible)
            return int(pulp.LpStatusOptimal)

    from optimizer.bench import peer_plans

    told = peer_plans._plan_by_pulp(problem, model, Budget(1.0), Stopped)
    assert "calls the limit Optimal" in told.trouble


def test_a_promise_is_judged_before_it_is_rounded() -> None:
    finding = Finding(1, "title")
    finding.at_least("less", 4.999, 5)
    finding.at_least("exactly", 5, 5)
    finding.at_most("of", 1.5001, 1.5)
    finding.at_most("gap", math.inf, 0.2, " %")
    finding.at_least("never below", -0.1, 0.0, " %")
    assert [verdict.is_reached for verdict in finding.verdicts] == [False, True, False, False, False]
    assert finding.verdicts[0].missed_percent == pytest.approx(0.02)
    assert finding.verdicts[1].missed_percent == 0
    finding.measured("ours", 500, 0.01)
    finding.remark("said once")
    finding.remark("said once")
    assert finding.remarks == ["said once"]
    json.dumps(finding.data(), allow_nan=False)


def test_the_record_names_every_promise_and_no_place(tmp_path: Path) -> None:
    missed, silent = Finding(2, "two"), Finding(9, "nine")
    missed.at_least("faster", 20.0, 50)
    missed.measured("ours", 5000, 0.02, "note")
    text = record_text([missed, silent], {"date": "2012-02-06", **machine_words()})
    assert "| 2 | at least 50× faster | 20× | **missed** by 60 % of the goal |" in text
    assert "| 9 | nine | not judged in this run | |" in text
    assert "| ours | 5,000 | 0.0200 | note |" in text
    assert "processor" in text
    assert str(Path.cwd()) not in text


def test_peers_take_turns_and_children_count() -> None:
    order: list[str] = []
    cost = in_turns({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 3)
    assert order == ["a", "b"] * 3
    assert set(cost) == {"a", "b"}
    model = neutral_model(generate_province(Random(2), 60))
    seconds, _ = timed(lambda: solved(built_by_sums(model), cbc(is_relaxed=True)))
    assert seconds > 0


def test_shuffled_problems_are_the_same_problems(problem: AllocationProblem) -> None:
    shuffled = shuffled_problem(problem, Random(5))
    assert shuffled.candidates != problem.candidates
    assert sorted(item.id for item in shuffled.candidates) == sorted(item.id for item in problem.candidates)
    assert {item.id: item.levels for item in shuffled.candidates} == {
        item.id: item.levels for item in problem.candidates
    }
    assert changed_ids({"a": "1", "b": "1"}, {"b": "2", "c": "1"}) == {"a", "b", "c"}


def test_arrays_survive_the_way_through_a_file(model: NeutralModel, tmp_path: Path) -> None:
    arrays = arrays_of(model)
    write_arrays(tmp_path / "arrays.npz", arrays)
    again = loaded(read_arrays(tmp_path / "arrays.npz"), is_relaxed=True)
    expected = relaxed_with(loaded(arrays, is_relaxed=True), {})[0]
    assert relaxed_with(again, {})[0] == pytest.approx(expected)


def test_the_probe_counts_its_own_memory_only(model: NeutralModel, tmp_path: Path) -> None:
    arrays = tmp_path / "arrays.npz"
    write_arrays(arrays, arrays_of(model))
    held = bytearray(300_000_000)  # a started program's ru_maxrss would begin with this
    megabytes = _peak_megabytes("arrays", 24, 1, arrays)
    assert 20 < megabytes < 200
    assert len(held) == 300_000_000


def test_a_goal_that_cannot_be_measured_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Occasion) -> Finding:
        raise RuntimeError("no such engine")

    monkeypatch.setitem(GOALS, 1, fail)
    told: list[Finding] = []
    first, last = run_bench(Occasion(sizes=(16,)), (1, 9), told.append)
    assert told == [first, last]
    assert "no such engine" in first.remarks[0]
    assert last.number == 9


def test_the_verb_refuses_what_it_cannot_do_and_tells_in_json(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def run(arguments: Sequence[str]) -> tuple[int, dict[str, object]]:
        code = main(["bench", *arguments, "--json"])
        return code, json.loads(capsys.readouterr().out)

    code, told = run(["--sizes", "3,x", "--seeds", "0", "--goals", "7"])
    assert code == 2
    assert [item["path"] for item in told["mistakes"]] == ["--sizes", "--seeds", "--goals"]  # type: ignore[attr-defined, index]
    record = tmp_path / "record.md"
    code, told = run(["--sizes", "16", "--goals", "3,9", "--out", str(record)])
    assert code == 0
    assert [item["number"] for item in told["goals"]] == [3, 9]  # type: ignore[attr-defined, index]
    text = record.read_text(encoding="utf-8")
    assert "- command: python -m optimizer bench --sizes 16 --goals 3,9" in text
    assert str(tmp_path) not in text


def test_gaps_need_a_score_and_a_bound() -> None:
    assert PeerPlan(1.0, "x", 80.0, 81.0).gap_share == pytest.approx(1 / 80)
    assert math.isinf(PeerPlan(1.0, "x", None, 81.0).gap_share)
    assert math.isinf(PeerPlan(1.0, "x", 80.0, None).gap_share)
