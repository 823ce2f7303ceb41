"""Wild numbers end proven, within a stated gap, or in a failure that says so; never in a wrong claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import pytest

from optimizer import (
    AllocationProblem,
    NoFeasiblePlan,
    NoPlanInTime,
    Outcome,
    SolveLimits,
    SolverFailure,
    StageName,
    solve,
    verify_plan,
)
from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import (
    EngineAnswer,
    EngineSession,
    EngineSettings,
    EngineStatus,
    LinearModel,
    StopAsked,
    Watcher,
)
from optimizer.formulation.assemble import formulate
from optimizer.generators.mixed import generate_problem
from optimizer.solving.compile import compile_model
from optimizer.solving.confirm import confirmed_run
from optimizer.solving.search import Search, StageRun
from optimizer.solving.solve import plan_by_stages
from tests.optimizer.bad_numbers import bad_problem
from tests.optimizer.builders import MILLION, a_candidate, a_level, a_problem, trained, training_output
from tests.optimizer.small_problems import try_everything

SEEDS = {"highs": 32, "scip": 10, "cbc": 10}


@pytest.mark.parametrize("engine_name", sorted(SEEDS))
def test_wild_numbers_end_in_a_documented_outcome_and_never_in_a_wrong_one(engine_name: str) -> None:
    ends = [_end_of(bad_problem(Random(seed)), engine_name) for seed in range(SEEDS[engine_name])]
    assert {"proven", "infeasible"} <= set(ends)
    assert set(ends) <= {"proven", "within_gap", "infeasible"}, "none of these fails or runs out of time"


@pytest.mark.deep
def test_thousands_of_wild_problems() -> None:
    ends = {_end_of(bad_problem(Random(seed)), "highs") for seed in range(100, 3000)}
    assert {"proven", "infeasible", "within_gap"} <= ends


def _end_of(problem: AllocationProblem, engine_name: str) -> str:
    """How a problem ends, after comparing the claim with every choice there is."""
    truth = try_everything(problem)
    try:
        plan = solve(problem, SolveLimits(time_limit_seconds=20, engine_name=engine_name))
    except NoFeasiblePlan:
        assert truth is None, "a plan exists"
        return "infeasible"
    except (SolverFailure, NoPlanInTime) as error:
        return type(error).__name__
    assert truth is not None
    assert verify_plan(problem, plan).is_kept
    records = {record.name: record for record in plan.stages}
    for record in records.values():
        assert record.outcome is not Outcome.PROVEN or record.bound == record.value
    law = records.get(StageName.LEGAL_MINIMUMS)
    if law is not None and law.outcome is Outcome.PROVEN:
        assert law.value == truth.shortfall_vnd
    if plan.outcome is Outcome.PROVEN:
        assert plan.score_points == truth.score
    if law is None or law.value == truth.shortfall_vnd:
        assert plan.bound_points is None or plan.bound_points >= truth.score
    return plan.outcome.value


def test_money_of_a_large_province_in_odd_dong_is_exact_to_the_dong() -> None:
    # Three projects of 4.000 tỷ and some đồng; two fit exactly, and one đồng less lets only one of them in.
    costs = (4_000_000_000_000_003, 4_000_000_000_000_007, 4_000_000_000_000_013)
    projects = [a_candidate(f"P{n}", a_level(cost, yields=trained(10 + n))) for n, cost in enumerate(costs)]
    fits = solve(a_problem(*projects, ceiling_vnd=costs[1] + costs[2]), SolveLimits())
    assert set(fits.level_ids) == {"P1", "P2"}
    assert fits.outcome is Outcome.PROVEN
    short = solve(a_problem(*projects, ceiling_vnd=costs[1] + costs[2] - 1), SolveLimits())
    assert set(short.level_ids) == {"P0", "P2"}
    assert short.outcome is Outcome.PROVEN


# An engine that errs: the real one, but its claims are turned at chosen moments.


@dataclass
class ErringSession:
    """The real session; claims that no point exists for its first looks."""

    real: EngineSession
    engine: ErringEngine

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    def solve(
        self,
        settings: EngineSettings,
        start: Mapping[int, float] | None = None,
        watcher: Watcher | None = None,
        stop_asked: StopAsked | None = None,
    ) -> EngineAnswer:
        self.engine.looks.append(settings.is_second_look)
        if self.engine.errs_always or not settings.is_second_look:
            return EngineAnswer(self.engine.claim)
        return self.real.solve(settings, start, watcher, stop_asked)


class ErringEngine(HighsEngine):
    """HiGHS, made to err."""

    def __init__(self, claim: EngineStatus, *, errs_always: bool = False) -> None:
        self.claim = claim
        self.errs_always = errs_always
        self.looks: list[bool] = []

    def load(self, model: LinearModel) -> ErringSession:  # type: ignore[override]
        return ErringSession(super().load(model), self)


def a_hidden_plan() -> AllocationProblem:
    """A problem whose plain value-for-money plan breaks a hard minimum: only a search finds a plan."""
    return a_problem(
        a_candidate("A", a_level(60 * MILLION, yields=trained(7))),
        a_candidate("B", a_level(50 * MILLION, yields=trained(5))),
        a_candidate("C", a_level(50 * MILLION, yields=trained(5))),
        outputs=(training_output(at_least=Fraction(10)),),
    )


@pytest.mark.parametrize("claim", [EngineStatus.INFEASIBLE, EngineStatus.UNKNOWN])
def test_a_wrong_claim_is_overruled_by_the_second_look(claim: EngineStatus) -> None:
    engine = ErringEngine(claim)
    problem = a_hidden_plan()
    search = Search(formulate(problem), engine, SolveLimits(is_score_only=True))
    plan = plan_by_stages(problem, search, (0.0, 0.0))
    assert set(plan.level_ids) == {"B", "C"}
    assert plan.outcome is Outcome.PROVEN
    assert engine.looks[:2] == [False, True]
    assert all(engine.looks[1:]), "who errs once is not trusted again"


def test_a_claim_repeated_against_a_plan_is_a_failure_and_no_conflict() -> None:
    problem = a_hidden_plan()
    engine = ErringEngine(EngineStatus.UNKNOWN, errs_always=True)
    with pytest.raises(SolverFailure):
        plan_by_stages(problem, Search(formulate(problem), engine, SolveLimits()), (0.0, 0.0))


def test_what_is_infeasible_is_looked_at_twice_before_it_is_said() -> None:
    problem = replace(a_hidden_plan(), outputs=(training_output(at_least=Fraction(13)),))
    engine = CountingEngine()
    with pytest.raises(NoFeasiblePlan):
        plan_by_stages(problem, Search(formulate(problem), engine, SolveLimits()), (0.0, 0.0))
    assert engine.looks[:2] == [False, True]


class CountingEngine(HighsEngine):
    """HiGHS; notes which looks it was asked for."""

    def __init__(self) -> None:
        self.looks: list[bool] = []

    def load(self, model: LinearModel) -> CountingSession:  # type: ignore[override]
        return CountingSession(super().load(model), self)


@dataclass
class CountingSession:
    """The real session; notes its looks."""

    real: EngineSession
    engine: CountingEngine

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    def solve(self, settings: EngineSettings, *others: object) -> EngineAnswer:
        self.engine.looks.append(settings.is_second_look)
        return self.real.solve(settings, *others)  # type: ignore[arg-type]


def test_a_second_look_of_the_real_engine_agrees_with_the_first() -> None:
    for seed in range(4):
        model = compile_model(formulate(generate_problem(Random(seed), 20)).model)
        first, second = (
            HighsEngine().load(model).solve(EngineSettings(is_second_look=looks)) for looks in (False, True)
        )
        assert first.status is second.status is EngineStatus.PROVEN
        assert first.objective == pytest.approx(second.objective, abs=1e-5)


def test_a_claim_of_proof_stands_only_where_bound_and_value_agree() -> None:
    run = StageRun(EngineStatus.PROVEN, 80.0, 0.1)
    assert confirmed_run(run, StageName.SCORE, Fraction(80)) == run
    gap = confirmed_run(run, StageName.SCORE, Fraction(79))
    assert (gap.status, gap.bound) == (EngineStatus.WITHIN_GAP, 80.0)
    refuted = confirmed_run(run, StageName.SCORE, Fraction(81))
    assert (refuted.status, refuted.bound) == (EngineStatus.STOPPED, None)
    cheaper = confirmed_run(run, StageName.COST, Fraction(79))
    assert (cheaper.status, cheaper.bound) == (EngineStatus.STOPPED, None)
    dearer = confirmed_run(run, StageName.COST, Fraction(81))
    assert (dearer.status, dearer.bound) == (EngineStatus.WITHIN_GAP, 80.0)
    stopped = replace(run, status=EngineStatus.STOPPED)
    assert confirmed_run(stopped, StageName.SCORE, Fraction(70)) == stopped
    assert confirmed_run(replace(run, bound=None), StageName.SCORE, Fraction(1)).bound is None
