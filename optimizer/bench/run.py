"""All goals in their order: small sizes first, so that a run that is stopped has said the most."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from optimizer.bench.findings import Finding
from optimizer.bench.goal_cold_plan import measure_cold_plan
from optimizer.bench.goal_equal_time import measure_equal_time
from optimizer.bench.goal_integer_what_if import measure_integer_what_if
from optimizer.bench.goal_memory import measure_memory
from optimizer.bench.goal_model_layer import measure_model_layer
from optimizer.bench.goal_same_plan import measure_same_plan
from optimizer.bench.goal_sweep import measure_sweep
from optimizer.bench.goal_what_if import measure_what_if
from optimizer.bench.occasion import Occasion

Measure = Callable[[Occasion], Finding]
GOALS: dict[int, Measure] = {
    1: measure_model_layer,
    2: measure_what_if,
    3: measure_integer_what_if,
    4: measure_cold_plan,
    5: measure_sweep,
    6: measure_equal_time,
    8: measure_same_plan,
    9: measure_memory,
}
"""Goal 7 is correctness: the tests show it, a stopwatch cannot."""


def _measured(number: int, measure: Measure, occasion: Occasion) -> Finding:
    try:
        return measure(occasion)
    except Exception as error:
        # What the other goals found is worth half an hour; that this one failed stands in the record.
        finding = Finding(number, "not measured")
        finding.remark(f"The measurement failed: {type(error).__name__}: {error}")
        return finding


def run_bench(
    occasion: Occasion, numbers: Sequence[int] = (), on_finding: Callable[[Finding], None] | None = None
) -> list[Finding]:
    """Measure the goals asked for, all of them unless some are named.

    Args:
        on_finding: told each finding as soon as it is there.
    """
    findings = []
    for number, measure in GOALS.items():
        if not numbers or number in numbers:
            finding = _measured(number, measure, occasion)
            findings.append(finding)
            if on_finding is not None:
                on_finding(finding)
    return findings
