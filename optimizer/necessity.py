"""What the decisions and links leave no choice about: who must be funded, who cannot be, at which levels.

Plain consequences, drawn until nothing new follows. Each comes with the rules it rests on, so that whoever
doubts it can repeat it. Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimizer.problem import (
    AllocationProblem,
    CandidateState,
    FundingLevel,
    GroupLink,
    GroupRule,
    Requires,
    allowed_level_ids,
)
from optimizer.rule_book import MUST_STATES, link_rule_id

RuleIds = frozenset[str]
NO_RULES: RuleIds = frozenset()


@dataclass(slots=True)
class Necessity:
    """What follows from states and links.

    Attributes:
        levels: by candidate id: the levels that are left, from least to most.
        narrowed: by candidate id: the rules that took levels away; absent = none did.
        must: the candidates that must be funded, with the rules that say so.
        never: the candidates that cannot be funded, with the rules that say so.
        exclusions: the groups of which at most one may be funded, always in the same order.
    """

    levels: dict[str, tuple[FundingLevel, ...]]
    narrowed: dict[str, RuleIds] = field(default_factory=dict)
    must: dict[str, RuleIds] = field(default_factory=dict)
    never: dict[str, RuleIds] = field(default_factory=dict)
    exclusions: tuple[GroupLink, ...] = ()

    def is_torn(self, candidate_id: str) -> bool:
        """Tell whether a candidate both must and cannot be funded."""
        return candidate_id in self.must and candidate_id in self.never

    def limiting(self, candidate_id: str) -> RuleIds:
        """Return the rules that take levels, or every chance, away from a candidate."""
        return self.never.get(candidate_id) or self.narrowed.get(candidate_id, NO_RULES)

    def fundable(self, candidate_id: str) -> tuple[FundingLevel, ...]:
        """Return the levels at which a candidate may still be funded."""
        return () if candidate_id in self.never else self.levels[candidate_id]


def wanted_count(link: GroupLink) -> int:
    """Return how many of a group must be funded at least."""
    return {GroupRule.AT_MOST_ONE: 0, GroupRule.EXACTLY_ONE: 1, GroupRule.AT_LEAST: link.count}[link.rule]


def necessity_of(problem: AllocationProblem) -> Necessity:
    """Return what states and links leave no choice about.

    A candidate that both must and cannot be funded stands in both lists: that is a contradiction, and
    nothing further is drawn from it.
    """
    drawn = Necessity({})
    for item in problem.candidates:
        allowed = allowed_level_ids(item)
        drawn.levels[item.id] = tuple(level for level in item.levels if level.id in allowed)
        rule = frozenset((f"state:{item.id}",))
        if item.state is CandidateState.BARRED:
            drawn.never[item.id] = rule
        if item.state in MUST_STATES:
            drawn.must[item.id] = rule
            if len(allowed) < len(item.levels):
                drawn.narrowed[item.id] = rule
    orders = {item.id: [level.id for level in item.levels] for item in problem.candidates}
    links = sorted(problem.links, key=repr)
    groups = (link for link in links if isinstance(link, GroupLink))
    drawn.exclusions = tuple(link for link in groups if link.rule is not GroupRule.AT_LEAST)
    is_new = True
    while is_new:
        is_new = False
        for link in links:
            is_new = _follow(drawn, link, orders) or is_new
    return drawn


def _follow(drawn: Necessity, link: Requires | GroupLink, orders: Mapping[str, list[str]]) -> bool:
    """Draw what one link implies; tell whether anything was new."""
    if isinstance(link, GroupLink):
        return _follow_group(drawn, link)
    own, least = link.candidate_id, 0
    if link.min_level_id is not None:
        least = orders[link.needs_id].index(link.min_level_id)
    rule = frozenset((link_rule_id(link),))
    needed = link.needs_id
    enough = tuple(level for level in drawn.fundable(needed) if orders[needed].index(level.id) >= least)
    if drawn.is_torn(own) or drawn.is_torn(needed):
        return False
    if not enough:
        because = drawn.never.get(needed) or drawn.narrowed.get(needed, NO_RULES)
        return _say(drawn.never, own, because | rule)
    if own not in drawn.must:
        return False
    is_new = _say(drawn.must, needed, drawn.must[own] | rule)
    if len(enough) < len(drawn.levels[needed]):
        drawn.levels[needed] = enough
        drawn.narrowed[needed] = drawn.narrowed.get(needed, NO_RULES) | drawn.must[own] | rule
        is_new = True
    return is_new


def _follow_group(drawn: Necessity, link: GroupLink) -> bool:
    rule = frozenset((link_rule_id(link),))
    is_new = False
    if link.rule is not GroupRule.AT_LEAST:
        for one in sorted(link.candidate_ids):
            if one in drawn.must and not drawn.is_torn(one):
                others = [key for key in sorted(link.candidate_ids) if key != one]
                told = [_say(drawn.never, key, drawn.must[one] | rule) for key in others]
                is_new = is_new or any(told)
    gone = [key for key in link.candidate_ids if key in drawn.never]
    left = [key for key in sorted(link.candidate_ids) if key not in drawn.never]
    if left and len(left) == wanted_count(link):
        because = rule.union(*(drawn.never[key] for key in gone))
        told = [_say(drawn.must, key, because) for key in left]
        is_new = is_new or any(told)
    return is_new


def _say(facts: dict[str, RuleIds], candidate_id: str, because: RuleIds) -> bool:
    """Note a fact; the first reason stays."""
    if candidate_id in facts:
        return False
    facts[candidate_id] = because
    return True
