"""Draws of weights and costs: exact, repeatable; arrays edited in place equal models written anew."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from optimizer import AllocationProblem, CandidateState, audit_levels, write_problem
from optimizer.answers.draw_outcomes import DrawQuestion, outcomes_of
from optimizer.answers.robustness_facts import DrawWay, RobustnessSettings
from optimizer.answers.wilson import wilson_interval
from optimizer.draws import MILLION, Draw, DrawRanges, overrun_vnd, problem_in_draw, sample_draws
from optimizer.engines.interface import LinearModel
from optimizer.formulation.assemble import formulate
from optimizer.generators.mixed import generate_problem
from optimizer.generators.province import generate_province
from optimizer.solving.compile import compile_model
from optimizer.solving.cost_draws import DrawnCosts
from optimizer.solving.relaxed_draws import THRIFT_SHARE, RelaxedDraw, RelaxedDraws
from tests.optimizer.builders import a_candidate, a_level, a_problem, trained
from tests.optimizer.enumeration import Enumeration
from tests.optimizer.mixed_problems import mixed_problem
from tests.optimizer.small_problems import random_problem

BOTH = DrawRanges(Fraction(1, 5), Fraction(3, 20))


def shuffled(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    return replace(
        problem,
        sources=tuple(draw.sample(problem.sources, len(problem.sources))),
        outputs=tuple(draw.sample(problem.outputs, len(problem.outputs))),
        candidates=tuple(draw.sample(problem.candidates, len(problem.candidates))),
        limits=tuple(draw.sample(problem.limits, len(problem.limits))),
        links=tuple(draw.sample(problem.links, len(problem.links))),
    )


# ---------------------------------------------------------------------------------------------
# the draws


def test_weights_keep_their_sum_and_stay_in_range() -> None:
    problem = generate_problem(Random(1), 12)
    total = sum((item.weight for item in problem.outputs), Fraction(0))
    for draw in sample_draws(problem, BOTH, 30, Random(5)):
        assert sum(draw.weights.values()) == total
        factors = [draw.weights[item.id] / item.weight for item in problem.outputs if item.weight]
        # Before scaling back every factor lies within 4/5 .. 6/5, so any two are within 3/2 of each other.
        assert max(factors) / min(factors) <= Fraction(3, 2) + Fraction(1, 10**6)
        assert len(set(factors)) > 1
        assert set(draw.overruns_ppm) == {item.id for item in problem.candidates}
        assert all(0 <= ppm <= 150_000 for ppm in draw.overruns_ppm.values())
        write_problem(problem_in_draw(problem, draw))  # still decimals that a file can hold


def test_draws_are_a_function_of_seed_and_facts() -> None:
    problem = generate_problem(Random(1), 12)
    draws = sample_draws(problem, BOTH, 10, Random(5))
    assert sample_draws(shuffled(problem, Random(2)), BOTH, 10, Random(5)) == draws
    assert sample_draws(problem, BOTH, 10, Random(6)) != draws
    assert sample_draws(problem, DrawRanges(), 3, Random(5)) == (Draw(0), Draw(1), Draw(2))


def test_overruns_are_whole_dong_and_only_in_the_named_years() -> None:
    assert [overrun_vnd(10, ppm) for ppm in (0, 49_999, 50_000, 149_999, 150_000)] == [10, 10, 11, 11, 12]
    problem = generate_problem(Random(1), 6, 2)
    year = problem.years[0]
    draw = Draw(0, {}, {problem.candidates[0].id: 500_000}, (year,))
    drawn = problem_in_draw(problem, draw)
    assert drawn.candidates[1:] == problem.candidates[1:]
    for before, after in zip(problem.candidates[0].levels, drawn.candidates[0].levels, strict=True):
        for source_id, by_year in before.cost_vnd.items():
            for spent_in, amount in by_year.items():
                grown = Fraction(amount * 3, 2) if spent_in == year else amount
                assert abs(after.cost_vnd[source_id][spent_in] - grown) <= Fraction(1, 2)
    assert audit_levels(drawn, {}).score_points == 0


@pytest.mark.parametrize(
    ("seen", "of", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_against_published_values(seen: int, of: int, low: float, high: float) -> None:
    found = wilson_interval(seen, of)
    assert [round(float(end), 4) for end in found] == [low, high]
    mirrored = wilson_interval(of - seen, of)
    assert abs(mirrored[0] - (1 - found[1])) <= Fraction(2, 10**6)


def test_wilson_solves_its_own_equation() -> None:
    """Its ends are the shares q with |p - q| = z sqrt(q (1 - q) / n)."""
    for seen, of in ((3, 10), (50, 200), (Fraction(7, 3), 9)):
        for end in wilson_interval(seen, of):
            distance = abs(float(Fraction(seen) / of - end))
            assert distance == pytest.approx(1.959964 * float(end * (1 - end) / of) ** 0.5, abs=1e-5)
    with pytest.raises(ValueError, match="share"):
        wilson_interval(3, 2)


# ---------------------------------------------------------------------------------------------
# relaxed draws: arrays edited in place against models written anew


def test_edited_money_rows_equal_rows_written_anew() -> None:
    compared = 0
    for seed in range(30):
        problem = mixed_problem(Random(seed)) if seed % 2 else random_problem(Random(seed))
        draft = formulate(problem)
        costs = DrawnCosts(draft, compile_model(draft.model))
        for draw in sample_draws(problem, DrawRanges(costs_share=Fraction(1, 2)), 2, Random(seed)):
            anew_draft = formulate(problem_in_draw(problem, draw))
            edited, anew = costs.model_in(draw), compile_model(anew_draft.model)
            assert edited.row_names == anew.row_names
            units = [draft.quantum_vnd, anew_draft.quantum_vnd]
            for row, name in enumerate(anew.row_names):
                rows = [_row(model, row) for model in (edited, anew)]
                if not name.startswith(("ceiling_", "cap_", "floor_")):
                    assert rows[0] == rows[1]
                    continue
                compared += 1
                assert rows[0].keys() == rows[1].keys()
                for column in rows[0]:
                    unit = units if column.startswith("fund_") else (1, 1)
                    one, other = (cells[column] * each for cells, each in zip(rows, unit, strict=True))
                    assert one == pytest.approx(other, rel=1e-14)
                for sides in ("row_lower", "row_upper"):
                    one, other = (getattr(edited, sides)[row], getattr(anew, sides)[row])
                    if np.isfinite(one):
                        assert (
                            0
                            <= one * units[0] * (-1 if sides == "row_lower" else 1)
                            - (other * units[1] * (-1 if sides == "row_lower" else 1))
                            < max(units)
                        )
    assert compared > 200


def _row(model: LinearModel, row: int) -> dict[str, float]:
    first, last = model.starts[row], model.starts[row + 1]
    return {model.column_names[model.indices[at]]: float(model.values[at]) for at in range(first, last)}


def test_costs_beyond_64_bits_are_still_exact() -> None:
    huge = 10**15
    problem = a_problem(
        a_candidate("a", a_level(huge + 1, yields=trained(50))),
        a_candidate("b", a_level(3, yields=trained(50))),
        ceiling_vnd=2 * huge,
    )
    draft = formulate(problem)
    model = DrawnCosts(draft, compile_model(draft.model)).model_in(Draw(0, {}, {"a": 7, "b": 0}))
    first = model.starts[model.row_names.index("ceiling_0_2012")]
    grown = overrun_vnd(huge + 1, 7)
    assert grown == (huge + 1) * (MILLION + 7) // MILLION
    assert model.values[first] * draft.quantum_vnd == pytest.approx(grown, rel=1e-15)


def test_relaxed_draws_score_what_a_fresh_relaxation_scores() -> None:
    settled = 0
    for seed in range(9):
        problem = mixed_problem(Random(seed))
        if Enumeration(problem).best() is None:
            continue
        relaxed = RelaxedDraws(problem, BOTH)
        for ranges in (DrawRanges(BOTH.weights_share), DrawRanges(costs_share=BOTH.costs_share), BOTH):
            for draw in sample_draws(problem, ranges, 2, Random(seed)):
                drawn = problem_in_draw(problem, draw)
                found = relaxed.in_draw(draw)
                anew = _fresh(drawn)
                assert (found is None) == (anew is None)
                if found is None or anew is None:
                    continue
                settled += 1
                most = float(sum((item.weight for item in problem.outputs), Fraction(0)))
                assert found.points == pytest.approx(anew.points, abs=2 * THRIFT_SHARE * most + 1e-5)
                best = Enumeration(drawn).best()
                if best is not None:
                    assert found.points >= float(best.score) - THRIFT_SHARE * most - 1e-5
    assert settled > 20


def _fresh(problem: AllocationProblem) -> RelaxedDraw | None:
    return RelaxedDraws(problem, DrawRanges()).in_draw(Draw(0))


def test_relaxed_draws_do_not_depend_on_the_draws_before() -> None:
    problem = generate_province(Random(3), 60)
    for ranges in (DrawRanges(BOTH.weights_share), DrawRanges(costs_share=BOTH.costs_share)):
        draws = sample_draws(problem, ranges, 12, Random(9))
        question = DrawQuestion(problem, RobustnessSettings(ranges=ranges), DrawWay.RELAXED)
        forwards = outcomes_of(question, draws)
        backwards = outcomes_of(question, draws[::-1])
        assert forwards == backwards[::-1]
        assert outcomes_of(question, draws[5:7]) == forwards[5:7]
        assert any(0 < ppm < MILLION for item in forwards for ppm in item.funded_ppm.values())


def test_a_problem_without_any_plan_has_none_in_draws_of_weights() -> None:
    pinned = a_candidate("a", a_level(5, yields=trained(50)), state=CandidateState.PINNED)
    problem = a_problem(pinned, ceiling_vnd=4)
    relaxed = RelaxedDraws(problem, BOTH)
    for ranges in (DrawRanges(BOTH.weights_share), BOTH):
        assert [relaxed.in_draw(draw) for draw in sample_draws(problem, ranges, 2, Random(1))] == [None, None]
