"""Every hard rule of a problem by its id: its name in words, and who may move it.

The ids are those of the audit. A ceiling is a rule of one source and year, also where money may move
between sources. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
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
    OutputKind,
    Requires,
)
from optimizer.spending import cost_items, effective_floor_vnd
from optimizer.wording import amount_words, list_words, number_words

MUST_STATES = (CandidateState.COMMITTED, CandidateState.PINNED)


class RuleClass(Enum):
    """Who may move a rule; a rule of a later class is moved only where no earlier one helps."""

    ORDINARY = 0
    """The people who prepare the plan and the authority they propose it to."""
    LEGAL = 1
    """Only the authority that issued the legal text the rule refers to."""
    DECIDED = 2
    """A commitment or a pin: only by taking that very decision back."""
    UNTOUCHABLE = 3
    """A candidate that was refused is never brought back by a repair."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One hard rule.

    Attributes:
        id: as in the audit.
        words: Vietnamese noun phrase with the amount.
        legal_reference: the text whose authority is needed, for the class LEGAL.
    """

    id: str
    words: str
    rule_class: RuleClass = RuleClass.ORDINARY
    legal_reference: str = ""


def ceiling_rule_id(source_id: str, year: int) -> str:
    """Return the id of the ceiling of a source in a year."""
    return f"ceiling:{source_id}:{year}"


def link_rule_id(link: Requires | GroupLink) -> str:
    """Return the id of a link."""
    if isinstance(link, Requires):
        return f"requires:{link.candidate_id}:{link.needs_id}"
    return f"group:{link.rule.value}:{'+'.join(sorted(link.candidate_ids))}"


def rules_of(problem: AllocationProblem) -> dict[str, Rule]:
    """Return every hard rule by id, in one fixed order.

    Args:
        problem: a problem free of mistakes.
    """
    names = {item.id: item.name for item in problem.candidates}
    rules = [rule for source in problem.sources for rule in _ceiling_rules(source)]
    rules += [rule for limit in problem.limits if limit.is_hard for rule in _limit_rules(problem, limit)]
    rules += [
        Rule(f"minimum:{item.id}", f"mức tối thiểu của “{item.name}” ({count_words(item)})")
        for item in problem.outputs
        if item.at_least is not None
    ]
    rules += [Rule(link_rule_id(link), _link_words(link, names)) for link in sorted(problem.links, key=repr)]
    rules += [_state_rule(item) for item in problem.candidates if item.state is not CandidateState.OPEN]
    return {rule.id: rule for rule in sorted(rules, key=lambda item: (item.rule_class.value, item.id))}


def _ceiling_rules(source: FundingSource) -> Iterator[Rule]:
    for year, ceiling_vnd in source.ceiling_vnd.items() if not source.is_uncapped else ():
        words = f"trần nguồn “{source.name}” năm {year} ({amount_words(ceiling_vnd)})"
        yield Rule(ceiling_rule_id(source.id, year), words)


def _limit_rules(problem: AllocationProblem, limit: Limit) -> Iterator[Rule]:
    rule_class = RuleClass.LEGAL if limit.legal_reference else RuleClass.ORDINARY
    by_law = f", theo {limit.legal_reference}" if limit.legal_reference else ""
    sides = []
    if limit.at_most_vnd is not None:
        sides.append(("cap", "trần", limit.at_most_vnd))
    if limit.at_least_vnd is not None:
        sides.append(("floor", "sàn", effective_floor_vnd(problem, limit)))
    for family, side, amount_vnd in sides:
        words = f"{side} “{limit.words}” ({amount_words(amount_vnd)}{by_law})"
        yield Rule(f"{family}:{limit.id}", words, rule_class, limit.legal_reference)


def count_words(output: Output) -> str:
    """Return the hard minimum of an output in words: a count with its unit, or that it must be there."""
    if output.kind in (OutputKind.MILESTONE, OutputKind.DELIVERABLE):
        return "phải hoàn thành"
    return f"{number_words(output.at_least or Fraction(0), 6)} {output.unit}".strip()


def _link_words(link: Requires | GroupLink, names: dict[str, str]) -> str:
    if isinstance(link, Requires):
        level = f" từ mức “{link.min_level_id}” trở lên" if link.min_level_id else ""
        return f"yêu cầu “{names[link.candidate_id]}” phải đi cùng “{names[link.needs_id]}”{level}"
    group = group_words(link, names)
    if link.rule is GroupRule.AT_MOST_ONE:
        return f"quy tắc chỉ cấp nhiều nhất một dự án trong nhóm {group}"
    if link.rule is GroupRule.EXACTLY_ONE:
        return f"quy tắc cấp đúng một dự án trong nhóm {group}"
    return f"quy tắc cấp ít nhất {link.count} dự án trong nhóm {group}"


def group_words(link: GroupLink, names: dict[str, str]) -> str:
    """Return the names of a group's members in words."""
    return list_words([f"“{names[key]}”" for key in sorted(link.candidate_ids)])


def _state_rule(candidate: Candidate) -> Rule:
    rule_id = f"state:{candidate.id}"
    if candidate.state is CandidateState.BARRED:
        return Rule(rule_id, f"việc “{candidate.name}” đã bị loại", RuleClass.UNTOUCHABLE)
    if candidate.state is CandidateState.PINNED:
        level = f" ở mức “{candidate.pinned_level_id}”" if candidate.pinned_level_id else ""
        return Rule(rule_id, f"việc ghim “{candidate.name}”{level}", RuleClass.DECIDED)
    level = f" từ mức “{candidate.min_level_id}” trở lên" if candidate.min_level_id else ""
    return Rule(rule_id, f"cam kết cấp cho “{candidate.name}”{level}", RuleClass.DECIDED)


def without_rules(problem: AllocationProblem, rule_ids: Set[str]) -> AllocationProblem:
    """Return the problem without some of its rules; what is left demands what it demanded before.

    A ceiling is raised by what all levels together could spend. Floors are written at the amount they had
    before, so that bringing back a barred candidate does not make one rise.

    Args:
        problem: a problem free of mistakes.
        rule_ids: ids of rules_of(problem).
    """
    if not rule_ids:
        return problem
    spendable_vnd = sum(
        amount for item in problem.candidates for level in item.levels for _, amount in cost_items(level)
    )
    return replace(
        problem,
        sources=tuple(
            replace(
                source,
                ceiling_vnd={
                    year: amount + (spendable_vnd if ceiling_rule_id(source.id, year) in rule_ids else 0)
                    for year, amount in source.ceiling_vnd.items()
                },
            )
            for source in problem.sources
        ),
        limits=tuple(
            kept for limit in problem.limits for kept in _limit_without(problem, limit, rule_ids)
        ),
        outputs=tuple(
            replace(item, at_least=None) if f"minimum:{item.id}" in rule_ids else item
            for item in problem.outputs
        ),
        links=tuple(link for link in problem.links if link_rule_id(link) not in rule_ids),
        candidates=tuple(
            released_candidate(item) if f"state:{item.id}" in rule_ids else item
            for item in problem.candidates
        ),
    )  # fmt: skip


def released_candidate(candidate: Candidate) -> Candidate:
    """Return the candidate as open, without any decision about its level."""
    return replace(candidate, state=CandidateState.OPEN, min_level_id=None, pinned_level_id=None)


def _limit_without(problem: AllocationProblem, limit: Limit, rule_ids: Set[str]) -> Iterator[Limit]:
    """The limit with the sides that stay; a limit without sides is none."""
    floor_vnd = None if limit.at_least_vnd is None else effective_floor_vnd(problem, limit)
    kept = replace(
        limit,
        at_least_vnd=None if f"floor:{limit.id}" in rule_ids and limit.is_hard else floor_vnd,
        at_most_vnd=None if f"cap:{limit.id}" in rule_ids and limit.is_hard else limit.at_most_vnd,
    )
    if kept.at_least_vnd is not None or kept.at_most_vnd is not None:
        yield kept
