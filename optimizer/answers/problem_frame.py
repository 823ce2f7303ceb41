"""Two problems in one frame: each gets what only the other has, and neither best score moves.

A source or a year that only one problem has stands in the other with a ceiling of 0; a candidate that only
one has is barred in the other; an output that only one has weighs nothing in the other. No solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingSource,
    Limit,
    Output,
)
from optimizer.spending import cost_items


@dataclass(frozen=True, slots=True)
class ProblemFrame:
    """One problem with everything the other has, by id."""

    sources: Mapping[str, FundingSource]
    candidates: Mapping[str, Candidate]
    outputs: Mapping[str, Output]
    limits: Mapping[str, Limit]


def framed(own: AllocationProblem, other: AllocationProblem, years: tuple[int, ...]) -> ProblemFrame:
    """Return a problem in the frame of both.

    Args:
        own: the problem.
        other: the one it is compared with.
        years: the fiscal years of both.
    """
    return ProblemFrame(
        sources=_framed_sources(own, other, years),
        candidates={
            **{item.id: _barred(item) for item in other.candidates},
            **{item.id: item for item in own.candidates},
        },
        outputs={
            **{item.id: _weightless(item) for item in other.outputs},
            **{item.id: item for item in own.outputs},
        },
        limits={item.id: item for item in own.limits},
    )


def _framed_sources(
    own: AllocationProblem, other: AllocationProblem, years: tuple[int, ...]
) -> dict[str, FundingSource]:
    """Give every source all years; barred candidates of the other problem may name what they used."""
    mine = {item.id: item for item in own.sources}
    theirs = {item.id: item for item in other.sources}
    strangers = {item.id for item in other.candidates} - {item.id for item in own.candidates}
    sources = {}
    for key in sorted({*mine, *theirs}):
        source = mine.get(key) or replace(theirs[key], ceiling_vnd={}, transfers_to_ids=())
        # Where only one side has ceilings the other borrows them: having none is a term of the source.
        giver = theirs[key] if source.is_uncapped and key in theirs else source
        eligible = source.eligible_candidate_ids
        if eligible is not None:
            allowed = theirs[key].eligible_candidate_ids if key in theirs else ()
            guests = strangers if allowed is None else strangers & set(allowed)
            eligible = tuple(sorted({*eligible, *guests}))
        sources[key] = replace(
            source,
            ceiling_vnd={year: giver.ceiling_vnd.get(year, 0) for year in years},
            eligible_candidate_ids=eligible,
            transfers_to_ids=tuple(sorted(source.transfers_to_ids)),
        )
    return sources


def _barred(candidate: Candidate) -> Candidate:
    return replace(candidate, state=CandidateState.BARRED, min_level_id=None, pinned_level_id=None)


def _weightless(output: Output) -> Output:
    return replace(output, weight=Fraction(0), at_least=None, follows_id=None)


def source_terms(source: FundingSource) -> tuple[object, ...]:
    """Return what decides who may spend a source's money on what."""
    return (
        source.nature,
        source.is_uncapped,
        source.eligible_candidate_ids,
        source.transfers_to_ids,
    )


def costs_of(candidate: Candidate) -> list[dict[tuple[str, int], int]]:
    """Return the costs of every level in one fixed form."""
    return [dict(cost_items(level)) for level in candidate.levels]


def results_of(candidate: Candidate) -> list[tuple[object, ...]]:
    """Return the promises of every level in one fixed form."""
    return [
        (
            {key: {year: n for year, n in by_year.items() if n} for key, by_year in level.yields.items()},
            {
                key: {part: frozenset(units) for part, units in by_part.items()}
                for key, by_part in level.covers.items()
            },
            {key: frozenset(parts) for key, parts in level.delivers.items()},
        )
        for level in candidate.levels
    ]


def state_of(candidate: Candidate) -> tuple[object, ...]:
    """Return what was decided about a candidate."""
    return (candidate.state, candidate.min_level_id, candidate.pinned_level_id)


def marks_of(candidate: Candidate) -> tuple[str, str, str]:
    """Return the marks by which limits speak of a candidate."""
    return (candidate.agency, candidate.area, candidate.place)


def output_terms(output: Output) -> Output:
    """Return an output without what is no term: its name, unit and weight; lists in one fixed form."""
    return replace(
        output,
        name="",
        unit="",
        weight=Fraction(0),
        scope_unit_ids=tuple(sorted(set(output.scope_unit_ids))),
        exempt_unit_ids=tuple(sorted(set(output.exempt_unit_ids))),
        reached_components={key: tuple(sorted(parts)) for key, parts in output.reached_components.items()},
        components=tuple(sorted(set(output.components))),
    )


def limit_facts(limit: Limit) -> tuple[object, ...]:
    """Return what a limit demands, in one fixed form."""
    scope = limit.scope
    marks = (scope.agencies, scope.areas, scope.places, scope.source_ids, scope.natures, scope.years)
    return (
        *(frozenset(mark) for mark in marks),
        limit.at_least_vnd,
        limit.at_most_vnd,
        limit.is_hard,
    )
