"""What the optimizer promises in ratios, at a province's size; generous, since the machine is shared."""

from __future__ import annotations

import pytest

from optimizer.bench.findings import Finding, Verdict
from optimizer.bench.goal_model_layer import OURS, STOCK
from optimizer.bench.occasion import PROVINCE, Occasion
from optimizer.bench.run import run_bench

pytestmark = pytest.mark.bench

EASE = 3.0
"""How far from a goal a busy machine may push a ratio before something is broken."""


@pytest.fixture(scope="module")
def findings() -> dict[int, Finding]:
    """Everything that needs seconds, measured once."""
    occasion = Occasion(sizes=(PROVINCE,), is_quick=True, told=lambda words: print(f"\n{words}", end=""))
    return {finding.number: finding for finding in run_bench(occasion, (1, 2, 5, 8))}


def _is_far_off(verdict: Verdict) -> bool:
    eased = verdict.goal / EASE if verdict.is_least else verdict.goal * EASE
    return verdict.measured < eased if verdict.is_least else verdict.measured > eased


def test_writing_the_model_costs_a_fraction_of_stock_pulp(findings: dict[int, Finding]) -> None:
    seconds = {row.who: row.cpu_seconds for row in findings[1].rows}
    print(f"\n{seconds[STOCK] / seconds[OURS]:.1f}× less than stock PuLP", end="")
    assert seconds[STOCK] / seconds[OURS] > 5 / EASE


@pytest.mark.parametrize("number", [2, 5])
def test_ratios_stay_near_their_goals(findings: dict[int, Finding], number: int) -> None:
    assert findings[number].verdicts
    for verdict in findings[number].verdicts:
        print(f"\n{verdict.measured:.1f}{verdict.unit} (goal {verdict.goal:g}) {verdict.words}", end="")
        assert not _is_far_off(verdict), verdict


def test_the_same_question_has_the_same_plan(findings: dict[int, Finding]) -> None:
    assert all(verdict.is_reached for verdict in findings[8].verdicts), findings[8]
