"""What a problem contains, as names to be counted: a mix that never draws a rule does not test it."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer import AllocationProblem, Candidate, Limit, Output, OutputKind, Requires, StageName

MARKS = (
    ("agency", "agencies"),
    ("area", "areas"),
    ("place", "places"),
    ("source", "source_ids"),
    ("nature", "natures"),
    ("year", "years"),
)
EXPECTED = frozenset(
    [
        *(f"kind {kind.value}" for kind in OutputKind),
        *(f"hard minimum {kind.value}" for kind in OutputKind),
        *(
            f"{force} {side} on {mark}"
            for force in ("hard", "soft")
            for side in ("floor", "cap")
            for mark in (*(mark for mark, _ in MARKS), "everything")
        ),
        "limit on two marks", "limit with floor and cap",
        "shared unit", "unit shared with one component each", "components: 1", "components: 2",
        "components: 3", "exempt unit", "unit reached in part", "unit reached whole",
        "stated coverage baseline", "zero gap quantity", "zero gap coverage", "zero gap one-time",
        "chain quantity", "chain coverage", "chain of three", "deliverable of two components",
        "curve", "beyond target", "beyond target with curve", "target year before the last",
        "fraction of a count", "years: 1", "years: 2", "years: 3",
        "transfer", "transfer chain", "transfer both ways", "transfer from uncapped", "uncapped",
        "eligible only", "no ceiling in a year",
        "requires", "requires a level", "at_most_one", "exactly_one", "at_least", "at_least two",
        "open", "committed", "committed from a level", "barred", "pinned", "pinned at a level",
        "level that costs nothing", "several levels", "rank", "no rank", "reference plan",
        "reference to a level not allowed now", "no reference plan", "fewer stages",
        "score without legal minimums", "money in millions",
    ]
)  # fmt: skip
"""Every name that the mix must draw."""


def contents_of(problem: AllocationProblem) -> set[str]:
    """Return the names of what a problem contains."""
    return {
        *_of_outputs(problem),
        *_of_units(problem),
        *_of_sources(problem),
        *(name for item in problem.candidates for name in _of_candidate(item)),
        *(name for limit in problem.limits for name in _of_limit(limit)),
        *_of_links(problem),
        *_of_stages(problem),
    }


def _of_outputs(problem: AllocationProblem) -> Iterator[str]:
    by_id = {item.id: item for item in problem.outputs}
    for item in problem.outputs:
        yield f"kind {item.kind.value}"
        if item.at_least is not None:
            yield f"hard minimum {item.kind.value}"
        if item.follows_id is not None:
            yield f"chain {item.kind.value}"
            if by_id[item.follows_id].follows_id is not None:
                yield "chain of three"
        if item.curve:
            yield "curve"
        if item.is_linear_beyond_target:
            yield "beyond target with curve" if item.curve else "beyond target"
        if item.year is not None and item.year < max(problem.years):
            yield "target year before the last"
        if item.kind is OutputKind.DELIVERABLE and len(item.components) == 2:
            yield "deliverable of two components"
        yield from _of_gap(item)
    amounts = (
        amount
        for item in problem.candidates
        for level in item.levels
        for by_year in level.yields.values()
        for amount in by_year.values()
    )
    if any(amount.denominator > 1 for amount in amounts):
        yield "fraction of a count"


def _of_gap(item: Output) -> Iterator[str]:
    before = item.baseline
    if item.kind is OutputKind.COVERAGE and before is not None:
        yield "stated coverage baseline"
    if item.kind in (OutputKind.MILESTONE, OutputKind.DELIVERABLE) and before is not None and before >= 1:
        yield "zero gap one-time"
    if before is None:
        whole = [unit for unit in item.scope_unit_ids if _is_whole(item, unit)]
        before = max(item.start, type(item.start)(len(whole)))
    if item.target is not None and before >= item.target:
        yield f"zero gap {item.kind.value}"


def _is_whole(item: Output, unit: str) -> bool:
    return unit not in item.exempt_unit_ids and set(item.components) <= set(
        item.reached_components.get(unit, ())
    )


def _of_units(problem: AllocationProblem) -> Iterator[str]:
    for item in problem.outputs:
        if item.kind is OutputKind.COVERAGE:
            yield f"components: {len(item.components)}"
            if item.exempt_unit_ids:
                yield "exempt unit"
            for unit, parts in item.reached_components.items():
                if parts:
                    yield "unit reached whole" if _is_whole(item, unit) else "unit reached in part"
            yield from _of_sharing(problem, item)


def _of_sharing(problem: AllocationProblem, item: Output) -> Iterator[str]:
    givers: dict[str, dict[str, set[str]]] = {}
    for candidate in problem.candidates:
        for level in candidate.levels:
            for part, units in level.covers.get(item.id, {}).items():
                for unit in units:
                    givers.setdefault(unit, {}).setdefault(part, set()).add(candidate.id)
    for by_part in givers.values():
        if any(len(who) > 1 for who in by_part.values()):
            yield "shared unit"
        if len(by_part) > 1 and len(set.union(*by_part.values())) > 1:
            yield "unit shared with one component each"


def _of_sources(problem: AllocationProblem) -> Iterator[str]:
    yield f"years: {len(problem.years)}"
    by_id = {item.id: item for item in problem.sources}
    for item in problem.sources:
        if item.is_uncapped:
            yield "uncapped"
        elif set(item.ceiling_vnd) < set(problem.years):
            yield "no ceiling in a year"
        if item.eligible_candidate_ids is not None:
            yield "eligible only"
        for other in item.transfers_to_ids:
            yield "transfer from uncapped" if item.is_uncapped else "transfer"
            if item.id in by_id[other].transfers_to_ids:
                yield "transfer both ways"
            if set(by_id[other].transfers_to_ids) - {item.id}:
                yield "transfer chain"
    if max(max(item.ceiling_vnd.values(), default=0) for item in problem.sources) > 1_000_000:
        yield "money in millions"


def _of_candidate(item: Candidate) -> Iterator[str]:
    yield item.state.value
    if item.min_level_id is not None:
        yield "committed from a level"
    if item.pinned_level_id is not None:
        yield "pinned at a level"
    if len(item.levels) > 1:
        yield "several levels"
    if any(not any(any(by_year.values()) for by_year in level.cost_vnd.values()) for level in item.levels):
        yield "level that costs nothing"
    yield "no rank" if item.rank is None else "rank"


def _of_limit(limit: Limit) -> Iterator[str]:
    marks = [mark for mark, name in MARKS if getattr(limit.scope, name)]
    force = "hard" if limit.is_hard else "soft"
    sides = [("floor", limit.at_least_vnd), ("cap", limit.at_most_vnd)]
    for side, amount in sides:
        if amount is not None:
            yield from (f"{force} {side} on {mark}" for mark in marks or ("everything",))
    if len(marks) > 1:
        yield "limit on two marks"
    if all(amount is not None for _, amount in sides):
        yield "limit with floor and cap"


def _of_links(problem: AllocationProblem) -> Iterator[str]:
    for link in problem.links:
        if isinstance(link, Requires):
            yield "requires" if link.min_level_id is None else "requires a level"
            continue
        yield link.rule.value
        if link.rule.value == "at_least" and link.count > 1:
            yield "at_least two"


def _of_stages(problem: AllocationProblem) -> Iterator[str]:
    if len(problem.stages) < len(StageName):
        yield "fewer stages"
    if StageName.LEGAL_MINIMUMS not in problem.stages and any(not item.is_hard for item in problem.limits):
        yield "score without legal minimums"
    if problem.reference_plan is None:
        yield "no reference plan"
        return
    yield "reference plan"
    for item in problem.candidates:
        before = problem.reference_plan.get(item.id)
        if before is not None and (
            item.state.value == "barred" or item.pinned_level_id not in (None, before)
        ):
            yield "reference to a level not allowed now"
