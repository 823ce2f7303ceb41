"""What must not pay: naming things twice, a higher baseline, padding a request, the order of a file.

And what must not be lost: a plan that uses everything to the last đồng. Each is a property over random
problems. Floors are left out where money asked for is itself what a floor counts, and said so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from optimizer import (
    AllocationPlan,
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    NoFeasiblePlan,
    Output,
    OutputKind,
    StageName,
    audit_levels,
    check_problem,
    solve,
)
from optimizer.problem import allowed_level_ids
from optimizer.spending import level_cost_vnd
from tests.optimizer.mixed_problems import mixed_problem

PROBLEMS = 20


def solved_problems(
    first_seed: int, count: int, change: Callable[[AllocationProblem], AllocationProblem] | None = None
) -> Iterator[tuple[Random, AllocationProblem, AllocationPlan]]:
    """Yield (draw, problem, plan) for random problems that have a plan."""
    seed, found = first_seed, 0
    while found < count:
        draw = Random(seed)
        seed += 1
        problem = mixed_problem(draw, most_candidates=6, most_choices=2_000)
        problem = problem if change is None else change(problem)
        try:
            plan = solve(problem)
        except NoFeasiblePlan:
            continue
        found += 1
        yield draw, problem, plan


def with_every_stage(problem: AllocationProblem) -> AllocationProblem:
    """Return the problem with no reference plan and every other stage, so that its plan is the only one."""
    return replace(problem, reference_plan=None, stages=tuple(StageName))


def without_floors(problem: AllocationProblem) -> AllocationProblem:
    """Return the problem with its ceilings but no floors, every stage asked for."""
    limits = tuple(
        replace(item, at_least_vnd=None) for item in problem.limits if item.at_most_vnd is not None
    )
    return replace(problem, limits=limits, stages=tuple(StageName))


def with_levels(
    problem: AllocationProblem, change: Callable[[Candidate, FundingLevel], FundingLevel]
) -> AllocationProblem:
    """Return the problem with every level rewritten."""
    return replace(
        problem,
        candidates=tuple(
            replace(item, levels=tuple(change(item, level) for level in item.levels))
            for item in problem.candidates
        ),
    )


def named_twice(_: Candidate, level: FundingLevel) -> FundingLevel:
    return replace(
        level,
        covers={
            key: {part: (*units, *units) for part, units in by_part.items()}
            for key, by_part in level.covers.items()
        },
        delivers={key: (*parts, *reversed(parts)) for key, parts in level.delivers.items()},
    )


def test_naming_communes_and_parts_twice_in_a_level_changes_nothing() -> None:
    for _, problem, plan in solved_problems(1_000, PROBLEMS):
        scope_twice = tuple(
            replace(item, scope_unit_ids=(*item.scope_unit_ids, *item.scope_unit_ids))
            for item in problem.outputs
        )
        again = solve(replace(with_levels(problem, named_twice), outputs=scope_twice))
        assert again.level_ids == plan.level_ids
        assert again.score_points == plan.score_points
        assert again.outputs == plan.outputs


def test_naming_them_again_in_a_second_level_changes_nothing() -> None:
    """A further level with the results of the last one, only dearer, is never chosen."""

    def with_dearer_level(item: Candidate) -> Candidate:
        last = item.levels[-1]
        dearer = {
            source: {year: amount + bool(amount) for year, amount in by_year.items()}
            for source, by_year in last.cost_vnd.items()
        }
        return replace(item, levels=(*item.levels, replace(last, id="them", cost_vnd=dearer)))

    for _, problem, plan in solved_problems(2_000, PROBLEMS, without_floors):
        longer = replace(problem, candidates=tuple(with_dearer_level(item) for item in problem.candidates))
        again = solve(longer)
        assert again.level_ids == plan.level_ids
        assert again.score_points == plan.score_points


def idempotent(level: FundingLevel) -> FundingLevel:
    """Return a level with only results that count once however often they are named."""
    return replace(level, yields={})


def test_naming_them_again_in_a_second_candidate_earns_nothing() -> None:
    """A copy of a candidate that covers the same units and delivers the same parts adds no point."""
    tried = funded = 0
    for draw, problem, _ in solved_problems(3_000, PROBLEMS, without_links):
        able = [
            (item, level)
            for item in problem.candidates
            for level in item.levels
            if item.state is CandidateState.OPEN
            and (level.covers or level.delivers)
            and level_cost_vnd(level)
        ]
        if not able:
            continue
        tried += 1
        chosen, level = draw.choice(able)
        one = replace(chosen, levels=(idempotent(level),))
        rest = tuple(item for item in problem.candidates if item is not chosen)
        alone = replace(problem, candidates=(*rest, one), reference_plan=None)
        both = replace(alone, candidates=(*rest, one, replace(one, id="Q-lai", name="Nêu lại")))
        before, after = best_plan(alone), best_plan(both)
        assert (before is None) == (after is None)
        if before is not None and after is not None:
            assert after.score_points == before.score_points
            assert after.level_ids == before.level_ids  # a second copy would only cost
            funded += chosen.id in before.level_ids
    assert tried >= PROBLEMS // 2
    assert funded >= PROBLEMS // 4


def without_links(problem: AllocationProblem) -> AllocationProblem:
    """Return the problem with nothing that speaks of a candidate by name, and no floors."""
    sources = tuple(replace(item, eligible_candidate_ids=None) for item in problem.sources)
    return replace(without_floors(problem), links=(), sources=sources)


def best_plan(problem: AllocationProblem) -> AllocationPlan | None:
    """Return the best plan, None when the hard rules leave none."""
    assert check_problem(problem) == ()
    try:
        return solve(problem)
    except NoFeasiblePlan:
        return None


def test_a_higher_stated_baseline_earns_nothing() -> None:
    """Whatever is funded, and at the best plan: points only fall when a baseline is stated higher.

    Left out: later targets of a chain, which pay nothing below the earlier target, and hard minimums, which
    a higher count of today brings nearer.
    """
    lowered = 0
    for draw, problem, plan in solved_problems(4_000, PROBLEMS, without_minimums):
        followed = [item for item in problem.outputs if item.follows_id is None]
        chosen = draw.choice(
            [item for item in followed if item.kind in (OutputKind.QUANTITY, OutputKind.COVERAGE)]
        )
        higher = replace(chosen, baseline=plan_baseline(problem, chosen) + Fraction(draw.randint(1, 8), 2))
        boast = replace(
            problem, outputs=tuple(higher if item is chosen else item for item in problem.outputs)
        )
        for _ in range(5):
            any_choice = {
                item.id: draw.choice(item.levels).id for item in problem.candidates if draw.random() < 0.7
            }
            honest = audit_levels(problem, any_choice).score_points
            assert audit_levels(boast, any_choice).score_points <= honest
        boasted = solve(boast).score_points
        assert boasted <= plan.score_points
        lowered += boasted < plan.score_points
    assert lowered >= PROBLEMS // 3


def without_minimums(problem: AllocationProblem) -> AllocationProblem:
    outputs = tuple(replace(item, at_least=None) for item in problem.outputs)
    return replace(without_floors(problem), outputs=outputs)


def plan_baseline(problem: AllocationProblem, output: Output) -> Fraction:
    """Return today's count of an output: what it is when nothing is funded."""
    return audit_levels(problem, {}).outputs[output.id]


def test_a_padded_request_gains_nothing() -> None:
    """Asking for more money for the same results: who was out stays out, and no score rises.

    Left out: floors, which count the money asked for at the least level.
    """
    was_in = was_out = 0
    for draw, problem, plan in solved_problems(5_000, PROBLEMS * 2, without_floors):
        chosen = draw.choice(problem.candidates)
        extra = draw.choice((1, 1_000, max(level_cost_vnd(level) for level in chosen.levels)))
        padded = replace(
            problem,
            candidates=tuple(
                replace(item, levels=tuple(dearer(level, extra) for level in item.levels))
                if item is chosen
                else item
                for item in problem.candidates
            ),
        )
        after = best_plan(padded)
        if chosen.id not in plan.level_ids:
            was_out += 1
            assert after is not None
            assert after.level_ids == plan.level_ids
            continue
        was_in += 1
        if after is None:
            continue  # the padded request must be funded, or others need it, and it does not fit any more
        assert after.score_points <= plan.score_points
        if len(allowed_level_ids(chosen)) == 1:
            assert own_points(padded, after, chosen) <= own_points(problem, plan, chosen)
    assert min(was_in, was_out) >= PROBLEMS // 3


def dearer(level: FundingLevel, extra_vnd: int) -> FundingLevel:
    """Return the level with more money asked for in every place where it asks for any."""
    cost = {
        source: {year: amount + (extra_vnd if amount else 0) for year, amount in by_year.items()}
        for source, by_year in level.cost_vnd.items()
    }
    return replace(level, cost_vnd=cost)


def own_points(problem: AllocationProblem, plan: AllocationPlan, candidate: Candidate) -> Fraction:
    """Return the points of one candidate's funded level by itself."""
    alone = {key: level for key, level in plan.level_ids.items() if key == candidate.id}
    return audit_levels(problem, alone).score_points


def test_a_plan_that_uses_everything_to_the_last_dong_is_kept() -> None:
    """Ceilings, caps and minimums moved to exactly what the best plan uses lose nothing; a đồng less does."""
    bitten = 0
    for draw, problem, plan in solved_problems(6_000, PROBLEMS, with_every_stage):
        exact = tightened(problem, plan)
        assert audit_levels(exact, plan.level_ids).is_kept
        again = solve(exact)
        assert again.score_points == plan.score_points
        assert again.level_ids == plan.level_ids
        places = [
            (item.id, year)
            for item in exact.sources
            if not item.is_uncapped and not shares_money(exact, item.id)
            for year, amount in item.ceiling_vnd.items()
            if amount
        ]
        if places:
            bitten += 1
            source_id, year = draw.choice(places)
            short = with_ceiling(exact, source_id, year, -1)
            rules = {rule.rule_id: rule.amount for rule in audit_levels(short, plan.level_ids).broken}
            assert rules == {f"ceiling:{source_id}:{year}": 1}
            poorer = best_plan(short)
            assert poorer is None or audit_levels(short, poorer.level_ids).is_kept
            assert poorer is None or poorer.level_ids != plan.level_ids
    assert bitten >= PROBLEMS // 2


def tightened(problem: AllocationProblem, plan: AllocationPlan) -> AllocationProblem:
    """Return the problem with every ceiling, cap and hard minimum at exactly what the plan uses."""
    sources = tuple(
        item
        if item.is_uncapped
        else replace(
            item,
            ceiling_vnd={year: plan.money_vnd.get(item.id, {}).get(year, 0) for year in item.ceiling_vnd},
        )
        for item in problem.sources
    )
    chosen = {
        item.id: level
        for item in problem.candidates
        for level in item.levels
        if plan.level_ids.get(item.id) == level.id
    }
    natures = {item.id: item.nature for item in problem.sources}
    limits = []
    for limit in problem.limits:
        scope = limit.scope
        used = sum(
            amount
            for item in problem.candidates
            if item.id in chosen
            and (not scope.agencies or item.agency in scope.agencies)
            and (not scope.areas or item.area in scope.areas)
            and (not scope.places or item.place in scope.places)
            for source, by_year in chosen[item.id].cost_vnd.items()
            for year, amount in by_year.items()
            if (not scope.source_ids or source in scope.source_ids)
            and (not scope.natures or natures[source] in scope.natures)
            and (not scope.years or year in scope.years)
        )
        limits.append(
            replace(limit, at_most_vnd=used) if limit.at_most_vnd is not None and limit.is_hard else limit
        )
    outputs = tuple(
        item if item.at_least is None else replace(item, at_least=plan.outputs[item.id])
        for item in problem.outputs
    )
    return replace(problem, sources=sources, limits=tuple(limits), outputs=outputs)


def shares_money(problem: AllocationProblem, source_id: str) -> bool:
    """Tell whether a source may give to or take from another."""
    return any(
        item.transfers_to_ids and (item.id == source_id or source_id in item.transfers_to_ids)
        for item in problem.sources
    )


def with_ceiling(problem: AllocationProblem, source_id: str, year: int, more_vnd: int) -> AllocationProblem:
    sources = tuple(
        replace(item, ceiling_vnd={**item.ceiling_vnd, year: item.ceiling_vnd[year] + more_vnd})
        if item.id == source_id
        else item
        for item in problem.sources
    )
    return replace(problem, sources=sources)


@pytest.mark.parametrize("block", range(2))
def test_the_order_of_the_file_changes_nothing(block: int) -> None:
    for draw, problem, plan in solved_problems(7_000 + 500 * block, PROBLEMS // 2):
        mixed = replace(
            problem,
            candidates=tuple(draw.sample(problem.candidates, len(problem.candidates))),
            outputs=tuple(draw.sample(problem.outputs, len(problem.outputs))),
            sources=tuple(draw.sample(problem.sources, len(problem.sources))),
            limits=tuple(draw.sample(problem.limits, len(problem.limits))),
            links=tuple(draw.sample(problem.links, len(problem.links))),
            years=tuple(reversed(problem.years)),
        )
        again = solve(mixed)
        assert again.level_ids == plan.level_ids
        assert again.problem_sha256 == plan.problem_sha256
        assert again.bound_points == plan.bound_points
