"""Problems between two problems: some changes made, the others not yet. No solver.

Both problems are first put into one frame (problem_frame); then every element is taken from the first or
from the second, as the changes say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from optimizer.answers.change_words import (
    ceiling_words,
    costs_words,
    levels_words,
    limit_words,
    link_words,
    marks_words,
    output_words,
    presence_words,
    results_words,
    source_words,
    stages_words,
    state_words,
    weights_words,
)
from optimizer.answers.link_mixture import LinkMixture
from optimizer.answers.problem_changes import CauseKind, Change, Key
from optimizer.answers.problem_frame import (
    costs_of,
    framed,
    limit_facts,
    marks_of,
    output_terms,
    results_of,
    source_terms,
    state_of,
)
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingLevel,
    FundingSource,
    Limit,
    Output,
    Requires,
    StageName,
)
from optimizer.spending import cost_items


class ProblemMixture:
    """Two problems and everything between them.

    Attributes:
        changes: what differs, in the published order.
    """

    def __init__(self, first: AllocationProblem, second: AllocationProblem) -> None:
        self._pair = (first, second)
        self._years = tuple(sorted({*first.years, *second.years}))
        self._own_ids = tuple(frozenset(item.id for item in each.candidates) for each in self._pair)
        self._links = LinkMixture(first, second)
        self._first = framed(first, second, self._years)
        self._second = framed(second, first, self._years)
        self.changes = tuple(sorted(self._found(), key=lambda change: change.place))

    def problem_with(self, made: Collection[Key]) -> AllocationProblem | None:
        """Return the problem in which some changes are made.

        Args:
            made: (kind, subject) of the changes already made; none = the first problem, all = the second.
        Returns:
            None where the parts do not fit together: a state or link names a level that is not there, or a
            candidate spends from a source it may not use.
        """
        candidates = tuple(self._candidate(key, made) for key in sorted(self._first.candidates))
        there = {item.id for item in candidates if not self._is_away(item.id, made)}
        problem = AllocationProblem(
            title=self._pair[0].title,
            years=self._years,
            sources=tuple(self._source(key, made) for key in sorted(self._first.sources)),
            outputs=tuple(self._output(key, made) for key in sorted(self._first.outputs)),
            candidates=candidates,
            limits=self._limits(made),
            links=self._links.links({subject for kind, subject in made if kind is CauseKind.LINK}, there),
            stages=self._pair[(CauseKind.STAGES, "") in made].stages,
        )
        return problem if fits_together(problem) else None

    def _found(self) -> Iterator[Change]:
        yield from self._source_changes()
        for key in sorted(self._first.candidates):
            yield from self._candidate_changes(self._first.candidates[key], self._second.candidates[key])
        yield from self._output_changes()
        for key in sorted({*self._first.limits, *self._second.limits}):
            before, after = self._first.limits.get(key), self._second.limits.get(key)
            if before is None or after is None or limit_facts(before) != limit_facts(after):
                yield Change(CauseKind.LIMIT, key, limit_words(before, after))
        asked = [StageName.LEGAL_MINIMUMS in each.stages for each in self._pair]
        if asked[0] != asked[1] and any(not item.is_hard for each in self._pair for item in each.limits):
            yield Change(CauseKind.STAGES, "", stages_words(self._pair[1].stages))
        names = {key: item.name for key, item in self._first.candidates.items()}
        for slot in self._links.slots:
            if slot.is_change:
                yield Change(CauseKind.LINK, slot.subject, link_words(slot.first, slot.second, names))

    def _source_changes(self) -> Iterator[Change]:
        for key, before in self._first.sources.items():
            after = self._second.sources[key]
            for year in self._years:
                old, new = before.ceiling_vnd[year], after.ceiling_vnd[year]
                is_capped = not (before.is_uncapped and after.is_uncapped)
                if old != new and is_capped:
                    told = ceiling_words(after, year, old, new)
                    yield Change(CauseKind.CEILING, ceiling_subject(key, year), told)
            if source_terms(before) != source_terms(after):
                yield Change(CauseKind.SOURCE_TERMS, key, source_words(before, after))

    def _candidate_changes(self, before: Candidate, after: Candidate) -> Iterator[Change]:
        key = before.id
        if not all(key in ids for ids in self._own_ids):
            is_new = key in self._own_ids[1]
            yield Change(CauseKind.PRESENCE, key, presence_words(before, is_new=is_new))
            return
        if [level.id for level in before.levels] != [level.id for level in after.levels]:
            yield Change(CauseKind.LEVELS, key, levels_words(before, after))
        else:
            if costs_of(before) != costs_of(after):
                yield Change(CauseKind.COSTS, key, costs_words(before, after))
            if results_of(before) != results_of(after):
                yield Change(CauseKind.RESULTS, key, results_words(after))
        if state_of(before) != state_of(after):
            yield Change(CauseKind.STATE, key, state_words(before, after))
        if marks_of(before) != marks_of(after):
            yield Change(CauseKind.MARKS, key, marks_words(before, after))

    def _output_changes(self) -> Iterator[Change]:
        before, after = self._first.outputs, self._second.outputs
        if any(before[key].weight != after[key].weight for key in before):
            yield Change(CauseKind.WEIGHTS, "", weights_words(before, after))
        for key in sorted(before):
            if output_terms(before[key]) != output_terms(after[key]):
                told = output_words(before[key], after[key])
                yield Change(CauseKind.OUTPUT_TERMS, key, told)

    def _limits(self, made: Collection[Key]) -> tuple[Limit, ...]:
        before, after = self._first.limits, self._second.limits
        found = (
            (after if (CauseKind.LIMIT, key) in made else before).get(key)
            for key in sorted({*before, *after})
        )
        return tuple(limit for limit in found if limit is not None)

    def _source(self, key: str, made: Collection[Key]) -> FundingSource:
        before, after = self._first.sources[key], self._second.sources[key]
        terms = after if (CauseKind.SOURCE_TERMS, key) in made else before
        ceilings = {
            year: (after if (CauseKind.CEILING, ceiling_subject(key, year)) in made else before).ceiling_vnd[
                year
            ]
            for year in self._years
        }
        return replace(terms, ceiling_vnd=ceilings)

    def _output(self, key: str, made: Collection[Key]) -> Output:
        before, after = self._first.outputs[key], self._second.outputs[key]
        terms = after if (CauseKind.OUTPUT_TERMS, key) in made else before
        weighed = after if (CauseKind.WEIGHTS, "") in made else before
        return replace(terms, weight=weighed.weight)

    def _is_away(self, key: str, made: Collection[Key]) -> bool:
        is_made = (CauseKind.PRESENCE, key) in made
        return key not in self._own_ids[is_made]

    def _candidate(self, key: str, made: Collection[Key]) -> Candidate:
        before, after = self._first.candidates[key], self._second.candidates[key]
        if not all(key in ids for ids in self._own_ids):
            return after if (CauseKind.PRESENCE, key) in made else before
        levels = after.levels if (CauseKind.LEVELS, key) in made else before.levels
        if len(before.levels) == len(after.levels):
            levels = tuple(
                _joined_level(
                    level,
                    (after if (CauseKind.COSTS, key) in made else None, place),
                    (after if (CauseKind.RESULTS, key) in made else None, place),
                )
                for place, level in enumerate(levels)
            )
        state = after if (CauseKind.STATE, key) in made else before
        marks = after if (CauseKind.MARKS, key) in made else before
        return replace(
            before,
            levels=levels,
            state=state.state,
            min_level_id=state.min_level_id,
            pinned_level_id=state.pinned_level_id,
            agency=marks.agency,
            area=marks.area,
            place=marks.place,
        )


def ceiling_subject(source_id: str, year: int) -> str:
    """Return the subject of a ceiling's change."""
    return f"{source_id}:{year}"


def fits_together(problem: AllocationProblem) -> bool:
    """Tell whether states and links name levels that exist, and nobody spends what he may not use."""
    levels = {item.id: {level.id for level in item.levels} for item in problem.candidates}
    named = [
        (item.id, level_id)
        for item in problem.candidates
        for level_id in (item.min_level_id, item.pinned_level_id)
    ]
    named += [(link.needs_id, link.min_level_id) for link in problem.links if isinstance(link, Requires)]
    if any(level_id is not None and level_id not in levels[key] for key, level_id in named):
        return False
    reserved = {
        source.id: frozenset(source.eligible_candidate_ids)
        for source in problem.sources
        if source.eligible_candidate_ids is not None
    }
    return not any(
        source_id in reserved and item.id not in reserved[source_id]
        for item in problem.candidates
        if item.state is not CandidateState.BARRED
        for level in item.levels
        for (source_id, _), _ in cost_items(level)
    )


def _joined_level(
    level: FundingLevel, costs: tuple[Candidate | None, int], results: tuple[Candidate | None, int]
) -> FundingLevel:
    """Return a level with the costs and results of another candidate's level where one is named."""
    if costs[0] is not None:
        level = replace(level, cost_vnd=costs[0].levels[costs[1]].cost_vnd)
    if results[0] is not None:
        other = results[0].levels[results[1]]
        level = replace(level, yields=other.yields, covers=other.covers, delivers=other.delivers)
    return level
