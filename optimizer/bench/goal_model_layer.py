"""Goal 1: what it costs to write a model in PuLP and hand it to HiGHS, from the same neutral rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from optimizer.bench.bare_highs import arrays_of, loaded
from optimizer.bench.findings import Finding
from optimizer.bench.measuring import in_turns, timed
from optimizer.bench.neutral_rows import NeutralModel
from optimizer.bench.occasion import LARGEST, PROVINCE, Occasion
from optimizer.bench.stock_pulp import PulpModel, built_by_sums, built_in_bulk, handed_to_stock_highs
from optimizer.engines.highs import HighsEngine
from optimizer.formulation.assemble import collector_at_rest, formulate
from optimizer.problem import AllocationProblem
from optimizer.solving.compile import compile_model

TITLE = "Writing the model and handing it over, without solving"
STOCK, OURS, BARE = (
    "PuLP lpSum + stock pulp.HiGHS",
    "ours: PuLP pairs + compile + one hand-over",
    "highspy arrays",
)
READY, CACHED = "highspy, arrays ready", "ours: compiled before, one hand-over"
WHOLE = "ours: from the problem itself (formulate + compile + hand-over)"


def measure_model_layer(occasion: Occasion) -> Finding:
    """Measure goal 1 at the size of a province and above."""
    finding = Finding(1, TITLE)
    for projects in occasion.sizes_from(PROVINCE):
        occasion.told(f"goal 1, P={projects}")
        seconds = in_turns(_acts(occasion.model(projects)), occasion.repeats(projects))
        finding.measured(STOCK, projects, seconds[STOCK])
        finding.measured(
            OURS, projects, seconds[OURS], f"{seconds[STOCK] / seconds[OURS]:.1f}× less than stock"
        )
        finding.measured(BARE, projects, seconds[BARE], f"ours needs {seconds[OURS] / seconds[BARE]:.1f}×")
        finding.measured(READY, projects, seconds[READY])
        ready_share = seconds[CACHED] / seconds[READY]
        finding.measured(CACHED, projects, seconds[CACHED], f"{ready_share:.2f}× of arrays ready")
        problem = occasion.problem(projects)
        whole, _ = timed(partial(_from_problem, problem))
        finding.measured(WHOLE, projects, whole)
        if projects == LARGEST:
            _judge(finding, seconds)
    if LARGEST not in occasion.sizes:
        finding.remark("The goal speaks of P=20,000, which this run leaves out: nothing is judged.")
    return finding


def _acts(model: NeutralModel) -> Mapping[str, Callable[[], object]]:
    engine, compiled, arrays = HighsEngine(), model.arrays, arrays_of(model)
    return {
        STOCK: lambda: handed_to_stock_highs(built_by_sums(model)),
        OURS: lambda: engine.load(compile_model(_written(model).problem)),
        BARE: lambda: loaded(arrays_of(model)),
        READY: lambda: loaded(arrays),
        CACHED: lambda: engine.load(compiled),
    }


def _written(model: NeutralModel) -> PulpModel:
    """Write the model as our formulation does, the garbage collector at rest."""
    with collector_at_rest():
        return built_in_bulk(model)


def _from_problem(problem: AllocationProblem) -> object:
    return HighsEngine().load(compile_model(formulate(problem).model))


def _judge(finding: Finding, seconds: Mapping[str, float]) -> None:
    finding.at_least("less CPU than lpSum + stock pulp.HiGHS, P=20,000", seconds[STOCK] / seconds[OURS], 5)
    finding.at_most("of raw highspy arrays, P=20,000", seconds[OURS] / seconds[BARE], 8)
    finding.at_most(
        "a cached compile, of highspy with its arrays ready, P=20,000", seconds[CACHED] / seconds[READY], 1.3
    )
