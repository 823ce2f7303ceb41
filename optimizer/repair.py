"""What may be changed in a problem so that a plan exists, and the problem after the change.

A repair states exact amounts: whole đồng, counts as fractions. Applying it is a plain rewriting of the
problem; whether a plan then exists is shown by the plan that comes with it, for the audit to check.
Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction

from optimizer.problem import (
    AllocationProblem,
    Candidate,
    CandidateState,
    FundingSource,
    GroupLink,
    GroupRule,
    Limit,
    Output,
    Requires,
)
from optimizer.rule_book import ceiling_rule_id, link_rule_id, released_candidate
from optimizer.spending import effective_floor_vnd


class ChangeKind(Enum):
    """The ways in which a rule may be moved."""

    RAISE_CEILING = "raise_ceiling"
    RAISE_CAP = "raise_cap"
    LOWER_FLOOR = "lower_floor"
    LOWER_MINIMUM = "lower_minimum"
    DROP_REQUIREMENT = "drop_requirement"
    ALLOW_SEVERAL = "allow_several"
    ALLOW_NONE = "allow_none"
    LOWER_COUNT = "lower_count"
    CHANGE_LEVEL = "change_level"
    RELEASE = "release"


MONEY_CHANGES = (ChangeKind.RAISE_CEILING, ChangeKind.RAISE_CAP, ChangeKind.LOWER_FLOOR)
COUNT_CHANGES = (ChangeKind.LOWER_MINIMUM, ChangeKind.LOWER_COUNT)


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule moved.

    Attributes:
        amount: by how much: đồng for MONEY_CHANGES, counts for COUNT_CHANGES, steps for CHANGE_LEVEL; None
            where the rule is dropped.
        level_id: CHANGE_LEVEL only: the level that is pinned, or committed as the least, from now on.
    """

    rule_id: str
    kind: ChangeKind
    amount: Fraction | None = None
    level_id: str | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that together make a plan possible, with a plan that shows it.

    Attributes:
        words: Vietnamese sentence.
        price: what the changes cost in the measure of optimizer.repair_price, all classes added up.
        level_ids: a plan that keeps every rule of the changed problem; None before it was shown.
        is_least: True when it was proven that a smaller amount does not do; None where it was not, or
            where nothing smaller can be asked (a rule dropped).
        is_cheapest: True when the search proved that nothing of its kind is cheaper: no other changes at
            all for the first repair of a conflict, no other change of that rule for the others.
    """

    changes: tuple[RuleChange, ...]
    words: str
    price: Fraction
    level_ids: Mapping[str, str] = field(default_factory=dict)
    is_least: bool | None = None
    is_cheapest: bool = False


def apply_repair(problem: AllocationProblem, repair: Repair) -> AllocationProblem:
    """Return the problem after a repair; nothing but the rules it names is touched.

    Args:
        problem: the problem the repair was found for (or one with the same rules).
        repair: the changes.
    Raises:
        ValueError: a change names a rule the problem does not have.
    """
    return apply_changes(problem, repair.changes)


def apply_changes(problem: AllocationProblem, changes: Iterable[RuleChange]) -> AllocationProblem:
    """Return the problem after some changes of its rules.

    Raises:
        ValueError: a change names a rule the problem does not have.
    """
    asked = {change.rule_id: change for change in changes}
    moved = _Moved(problem, asked)
    changed = replace(
        problem,
        sources=tuple(moved.source(item) for item in problem.sources),
        limits=tuple(moved.limit(item) for item in problem.limits),
        outputs=tuple(moved.output(item) for item in problem.outputs),
        links=tuple(kept for link in problem.links for kept in moved.link(link)),
        candidates=tuple(moved.candidate(item) for item in problem.candidates),
    )
    unknown = sorted(set(asked) - moved.done)
    if unknown:
        raise ValueError(f"no such rules to change: {', '.join(unknown)}")
    return changed


class _Moved:
    """Rewrites the parts of a problem and remembers which changes were carried out."""

    def __init__(self, problem: AllocationProblem, asked: Mapping[str, RuleChange]) -> None:
        self._problem = problem
        self._asked = asked
        self.done: set[str] = set()

    def _change(self, rule_id: str, *kinds: ChangeKind) -> RuleChange | None:
        change = self._asked.get(rule_id)
        if change is None or change.kind not in kinds:
            return None
        self.done.add(rule_id)
        return change

    def source(self, source: FundingSource) -> FundingSource:
        """Ceilings raised; an unchanged source is returned as it is."""
        raised = dict(source.ceiling_vnd)
        for year in source.ceiling_vnd:
            change = self._change(ceiling_rule_id(source.id, year), ChangeKind.RAISE_CEILING)
            if change is not None:
                raised[year] += int(change.amount or 0)
        return source if raised == source.ceiling_vnd else replace(source, ceiling_vnd=raised)

    def limit(self, limit: Limit) -> Limit:
        """A cap raised, a floor lowered from the amount it may really demand."""
        cap = self._change(f"cap:{limit.id}", ChangeKind.RAISE_CAP)
        if cap is not None and limit.at_most_vnd is not None:
            limit = replace(limit, at_most_vnd=limit.at_most_vnd + int(cap.amount or 0))
        floor = self._change(f"floor:{limit.id}", ChangeKind.LOWER_FLOOR)
        if floor is not None:
            lowered = effective_floor_vnd(self._problem, limit) - int(floor.amount or 0)
            limit = replace(limit, at_least_vnd=max(0, lowered))
        return limit

    def output(self, output: Output) -> Output:
        """A hard minimum lowered."""
        change = self._change(f"minimum:{output.id}", ChangeKind.LOWER_MINIMUM)
        if change is None or output.at_least is None:
            return output
        return replace(output, at_least=max(Fraction(0), output.at_least - (change.amount or 0)))

    def link(self, link: Requires | GroupLink) -> tuple[Requires | GroupLink, ...]:
        """A link dropped, or one side of it."""
        rule_id = link_rule_id(link)
        if isinstance(link, Requires):
            return () if self._change(rule_id, ChangeKind.DROP_REQUIREMENT) else (link,)
        if self._change(rule_id, ChangeKind.ALLOW_SEVERAL):
            is_exact = link.rule is GroupRule.EXACTLY_ONE
            return (replace(link, rule=GroupRule.AT_LEAST, count=1),) if is_exact else ()
        if self._change(rule_id, ChangeKind.ALLOW_NONE):
            return (replace(link, rule=GroupRule.AT_MOST_ONE),)
        change = self._change(rule_id, ChangeKind.LOWER_COUNT)
        if change is None:
            return (link,)
        left = largest_count(self._problem.links, rule_id) - int(change.amount or 0)
        return (replace(link, count=min(link.count, left)),) if left > 0 else ()

    def candidate(self, candidate: Candidate) -> Candidate:
        """A decision taken back, or taken for another level."""
        rule_id = f"state:{candidate.id}"
        if candidate.state is CandidateState.BARRED:
            return candidate
        if self._change(rule_id, ChangeKind.RELEASE):
            return released_candidate(candidate)
        change = self._change(rule_id, ChangeKind.CHANGE_LEVEL)
        if change is None:
            return candidate
        if candidate.state is CandidateState.PINNED:
            return replace(candidate, pinned_level_id=change.level_id)
        return replace(candidate, min_level_id=change.level_id)


def largest_count(links: Iterable[Requires | GroupLink], rule_id: str) -> int:
    """Return the largest number of candidates that links with one id ask for; they are one rule."""
    groups = [link for link in links if isinstance(link, GroupLink)]
    return max(link.count for link in groups if link_rule_id(link) == rule_id)
