"""Pairs of small problems that differ in a few facts of every kind, and plans of them with true figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random

from optimizer import (
    AllocationPlan,
    AllocationProblem,
    Candidate,
    CandidateState,
    EngineNote,
    FundingLevel,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    LimitScope,
    Nature,
    Outcome,
    OutputKind,
    Requires,
    audit_levels,
    check_problem,
    fingerprint_of,
)

Changed = Callable[[AllocationProblem, Random], AllocationProblem]


def changed(problem: AllocationProblem, draw: Random, count: int) -> AllocationProblem:
    """Return the problem after some drawn changes, each of which leaves it free of mistakes."""
    made = 0
    for _ in range(200):
        other = draw.choice(CHANGES)(problem, draw)
        if other != problem and not check_problem(other):
            problem, made = other, made + 1
        if made == count:
            break
    return problem


def a_plan(problem: AllocationProblem, level_ids: dict[str, str]) -> AllocationPlan:
    """Return a plan file's worth of true statements about a choice of levels."""
    report = audit_levels(problem, level_ids)
    return AllocationPlan(
        problem_sha256=fingerprint_of(problem),
        engine=EngineNote("tay", "", 0, 1),
        outcome=Outcome.STOPPED,
        score_points=report.score_points,
        bound_points=None,
        gap_share=None,
        seconds=0.0,
        cpu_seconds=0.0,
        level_ids=level_ids,
        money_vnd=report.money_vnd,
        outputs=report.outputs,
    )


def _one(problem: AllocationProblem, draw: Random) -> Candidate:
    return draw.choice(problem.candidates)


def _with(problem: AllocationProblem, candidate: Candidate) -> AllocationProblem:
    items = tuple(candidate if item.id == candidate.id else item for item in problem.candidates)
    return replace(problem, candidates=items)


def _ceiling(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    place = draw.randrange(len(problem.sources))
    source = problem.sources[place]
    if not source.ceiling_vnd:
        return problem
    year = draw.choice(sorted(source.ceiling_vnd))
    moved = source.ceiling_vnd[year] * draw.choice((1, 2, 3)) // 2
    other = replace(source, ceiling_vnd={**source.ceiling_vnd, year: moved})
    return replace(problem, sources=(*problem.sources[:place], other, *problem.sources[place + 1 :]))


def _reserve(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    place = draw.randrange(len(problem.sources))
    source = problem.sources[place]
    users = {
        item.id
        for item in problem.candidates
        if any(any(level.cost_vnd.get(source.id, {}).values()) for level in item.levels)
    }
    eligible = tuple(sorted(users)) if source.eligible_candidate_ids is None else None
    other = replace(source, eligible_candidate_ids=eligible)
    return replace(problem, sources=(*problem.sources[:place], other, *problem.sources[place + 1 :]))


def _new_source(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    """A source of its own for one candidate, who asks for a little of it from now on."""
    if any(source.id == "moi" for source in problem.sources):
        return problem
    candidate = _one(problem, draw)
    year = problem.years[0]
    source = FundingSource("moi", "Nguồn mới", Nature.CAPITAL, {year: 3}, False, (candidate.id,))
    levels = tuple(
        replace(level, cost_vnd={**level.cost_vnd, "moi": {year: 2}}) for level in candidate.levels
    )
    return _with(replace(problem, sources=(*problem.sources, source)), replace(candidate, levels=levels))


def _next_year(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    """One more fiscal year with money, in which a candidate spends."""
    year = max(problem.years) + 1
    capped = [source for source in problem.sources if not source.is_uncapped]
    if len(problem.years) > 3 or not capped:
        return problem
    sources = tuple(
        source if source.is_uncapped else replace(source, ceiling_vnd={**source.ceiling_vnd, year: 4})
        for source in problem.sources
    )
    candidate = _one(problem, draw)
    key = sorted(candidate.levels[0].cost_vnd)[0]
    levels = tuple(
        replace(level, cost_vnd={**level.cost_vnd, key: {**level.cost_vnd.get(key, {}), year: 1}})
        for level in candidate.levels
    )
    return _with(
        replace(problem, years=(*problem.years, year), sources=sources), replace(candidate, levels=levels)
    )


def _costs(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    candidate, up = _one(problem, draw), draw.choice((1, 3, 4))
    levels = tuple(
        replace(
            level,
            cost_vnd={
                key: {year: amount * up // 2 for year, amount in by_year.items()}
                for key, by_year in level.cost_vnd.items()
            },
        )
        for level in candidate.levels
    )
    return _with(problem, replace(candidate, levels=levels))


def _results(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    candidate, factor = _one(problem, draw), draw.choice((Fraction(1, 2), Fraction(2)))
    levels = tuple(
        replace(
            level,
            yields={
                key: {year: amount * factor for year, amount in by_year.items()}
                for key, by_year in level.yields.items()
            },
        )
        for level in candidate.levels
    )
    return _with(problem, replace(candidate, levels=levels))


def _levels(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    candidate = _one(problem, draw)
    if len(candidate.levels) > 1:
        return _with(problem, replace(candidate, levels=candidate.levels[:-1]))
    least = candidate.levels[0]
    half = {
        key: {year: amount // 2 for year, amount in by_year.items()}
        for key, by_year in least.cost_vnd.items()
    }
    return _with(problem, replace(candidate, levels=(replace(least, id="nua", cost_vnd=half), least)))


def _withdraw(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    gone = _one(problem, draw).id
    if len(problem.candidates) < 3:
        return problem
    links: list[Requires | GroupLink] = []
    for link in problem.links:
        if isinstance(link, Requires):
            links += [] if gone in (link.candidate_id, link.needs_id) else [link]
        else:
            members = tuple(key for key in link.candidate_ids if key != gone)
            links += [replace(link, candidate_ids=members)] if members else []
    reference = problem.reference_plan
    return replace(
        problem,
        candidates=tuple(item for item in problem.candidates if item.id != gone),
        links=tuple(links),
        sources=tuple(
            source
            if source.eligible_candidate_ids is None
            else replace(
                source,
                eligible_candidate_ids=tuple(key for key in source.eligible_candidate_ids if key != gone),
            )
            for source in problem.sources
        ),
        reference_plan=None
        if reference is None
        else {key: level_id for key, level_id in reference.items() if key != gone},
    )


def _arrive(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    like = _one(problem, draw)
    if any(item.id == "MOI" for item in problem.candidates):
        return problem
    fresh = replace(
        like,
        id="MOI",
        name="Dự án mới",
        state=CandidateState.OPEN,
        min_level_id=None,
        pinned_level_id=None,
        levels=tuple(replace(level, id=f"{level.id}x") for level in like.levels),
    )
    links = list(problem.links)
    if draw.random() < 0.5:
        links.append(draw.choice((Requires("MOI", like.id), Requires(like.id, "MOI"))))
    sources = tuple(
        source
        if source.eligible_candidate_ids is None
        else replace(source, eligible_candidate_ids=(*source.eligible_candidate_ids, "MOI"))
        for source in problem.sources
    )
    return replace(problem, candidates=(*problem.candidates, fresh), links=tuple(links), sources=sources)


def _weights(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    weights = {item.id: item.weight * draw.choice((1, 2)) for item in problem.outputs}
    return replace(problem, outputs=tuple(replace(item, weight=weights[item.id]) for item in problem.outputs))


def _targets(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    place = draw.randrange(len(problem.outputs))
    output = problem.outputs[place]
    if output.kind is not OutputKind.QUANTITY or output.target is None:
        return problem
    other = draw.choice(
        (
            replace(output, target=output.target + draw.randint(1, 4)),
            replace(output, baseline=output.start + draw.randint(0, 2)),
            replace(output, curve=()),
        )
    )
    return replace(problem, outputs=(*problem.outputs[:place], other, *problem.outputs[place + 1 :]))


def _drop_output(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    gone = draw.choice(problem.outputs).id
    candidates = []
    for item in problem.candidates:
        levels = []
        for level in item.levels:
            results = {
                name: {key: value for key, value in getattr(level, name).items() if key != gone}
                for name in ("yields", "covers", "delivers")
            }
            levels.append(replace(level, **results))
        candidates.append(replace(item, levels=tuple(levels)))
    outputs = tuple(
        replace(item, follows_id=None) if item.follows_id == gone else item
        for item in problem.outputs
        if item.id != gone
    )
    return replace(problem, outputs=outputs, candidates=tuple(candidates))


def _limits(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    if problem.limits and draw.random() < 0.6:
        place = draw.randrange(len(problem.limits))
        limit = problem.limits[place]
        other = draw.choice(
            (
                None,
                replace(limit, is_hard=not limit.is_hard),
                replace(limit, at_most_vnd=(limit.at_most_vnd or 6) + 2),
            )
        )
        kept = () if other is None else (other,)
        return replace(problem, limits=(*problem.limits[:place], *kept, *problem.limits[place + 1 :]))
    if any(limit.id == "LM" for limit in problem.limits):
        return problem
    scope = LimitScope(areas=(_one(problem, draw).area,))
    fresh = Limit("LM", "Giới hạn mới", scope, "", None, draw.randint(2, 9), is_hard=draw.random() < 0.5)
    return replace(problem, limits=(*problem.limits, fresh))


def _links(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    if problem.links and draw.random() < 0.5:
        place = draw.randrange(len(problem.links))
        return replace(problem, links=(*problem.links[:place], *problem.links[place + 1 :]))
    one, other = draw.sample(problem.candidates, 2)
    fresh = draw.choice(
        (
            Requires(one.id, other.id, draw.choice((None, other.levels[-1].id))),
            GroupLink(GroupRule.AT_MOST_ONE, (one.id, other.id)),
        )
    )
    return replace(problem, links=tuple(dict.fromkeys((*problem.links, fresh))))


def _states(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    candidate, state = _one(problem, draw), draw.choice(tuple(CandidateState))
    level: FundingLevel = draw.choice(candidate.levels)
    pinned = level.id if state is CandidateState.PINNED else None
    least = level.id if state is CandidateState.COMMITTED else None
    return _with(problem, replace(candidate, state=state, pinned_level_id=pinned, min_level_id=least))


def _marks(problem: AllocationProblem, draw: Random) -> AllocationProblem:
    candidate = _one(problem, draw)
    return _with(problem, replace(candidate, area="2" if candidate.area == "1" else "1", place="p"))


CHANGES: tuple[Changed, ...] = (
    _ceiling,
    _reserve,
    _new_source,
    _next_year,
    _costs,
    _results,
    _levels,
    _withdraw,
    _arrive,
    _weights,
    _targets,
    _drop_output,
    _limits,
    _links,
    _states,
    _marks,
)
