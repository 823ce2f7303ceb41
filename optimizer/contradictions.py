"""What plain arithmetic shows to be impossible, in words, before any solving.

Each contradiction is a proof: the rules it names cannot all be kept, whatever the others say. Standard
library only; nothing is searched, so an empty answer does not mean that a plan exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial

from optimizer.attainment import ONE_TIME_KINDS, baseline_count, counted_yield, covered_units
from optimizer.errors import Conflict
from optimizer.money_contradictions import money_conflicts
from optimizer.necessity import NO_RULES, Necessity, RuleIds, necessity_of, wanted_count
from optimizer.problem import (
    AllocationProblem,
    Candidate,
    FundingLevel,
    GroupLink,
    GroupRule,
    Output,
    OutputKind,
    Requires,
)
from optimizer.rule_book import MUST_STATES, Rule, RuleClass, group_words, link_rule_id, rules_of
from optimizer.spending import ScopeIndex, cost_within_vnd, effective_floor_vnd, scope_source_ids
from optimizer.wording import amount_words, list_words, number_words

__all__ = ["MUST_STATES", "find_contradictions"]


def find_contradictions(problem: AllocationProblem) -> tuple[Conflict, ...]:
    """Return the contradictions that arithmetic shows; empty does not mean that a plan exists.

    Args:
        problem: a problem free of mistakes.
    Returns:
        Conflicts whose rules contradict each other on their own; one that only adds rules to another is
        left out.
    """
    drawn = necessity_of(problem)
    found = [
        *money_conflicts(problem, drawn),
        *_floor_contradictions(problem, drawn),
        *_link_contradictions(problem, drawn),
        *_minimum_contradictions(problem, drawn),
    ]
    if not found:
        return ()
    return tuple(item for place, item in enumerate(found) if not _is_repeated(item, place, found))


def _is_repeated(item: Conflict, place: int, found: list[Conflict]) -> bool:
    own = set(item.rule_ids)
    return any(
        set(other.rule_ids) < own or (set(other.rule_ids) == own and there < place)
        for there, other in enumerate(found)
    )


def _link_contradictions(problem: AllocationProblem, drawn: Necessity) -> Iterator[Conflict]:
    """Candidates that must and cannot be funded, and groups that cannot be served."""
    names = {item.id: item.name for item in problem.candidates}
    for link in problem.links:
        if not isinstance(link, Requires):
            yield from _group_contradictions(link, names, drawn)
    torn = [item for item in problem.candidates if drawn.is_torn(item.id)]
    rules = rules_of(problem) if torn else {}
    for item in torn:
        ids = drawn.must[item.id] | drawn.never[item.id]
        named = [rule for key, rule in rules.items() if key in ids]
        words = f"“{item.name}” bắt buộc phải cấp nhưng lại không thể cấp: không thể đồng thời giữ "
        words += f"{list_words([rule.words for rule in named])}."
        yield Conflict(tuple(rule.id for rule in named), words, _one_must_move(named))


def _one_must_move(rules: list[Rule]) -> str:
    movable = [rule.words for rule in rules if rule.rule_class is not RuleClass.UNTOUCHABLE]
    return f"Phải bỏ hoặc sửa ít nhất một trong các quy tắc sau: {'; '.join(movable)}."


def _group_contradictions(link: GroupLink, names: dict[str, str], drawn: Necessity) -> Iterator[Conflict]:
    rule_id, group = link_rule_id(link), group_words(link, names)
    gone = [key for key in link.candidate_ids if key in drawn.never]
    possible, wanted = len(link.candidate_ids) - len(gone), wanted_count(link)
    if possible < wanted:
        because = NO_RULES.union(*(drawn.never[key] for key in gone)) - {rule_id}
        words = (
            f"Nhóm {group} phải có ít nhất {wanted} dự án được cấp, nhưng chỉ còn {possible} dự án có thể "
        )
        words += "được cấp."
        yield Conflict((rule_id, *sorted(because)), words, "Hạ số dự án tối thiểu của nhóm hoặc bỏ nhóm này.")
    forced = [key for key in sorted(link.candidate_ids) if rule_id not in drawn.must.get(key, {rule_id})]
    if link.rule is not GroupRule.AT_LEAST and len(forced) > 1:
        because = drawn.must[forced[0]] | drawn.must[forced[1]]
        words = (
            f"Nhóm {group} chỉ được cấp một dự án, nhưng {len(forced)} dự án của nhóm đã bắt buộc phải cấp."
        )
        yield Conflict((rule_id, *sorted(because)), words, "Bỏ bắt buộc để chỉ còn một dự án của nhóm.")


def _floor_contradictions(problem: AllocationProblem, drawn: Necessity) -> Iterator[Conflict]:
    """Hard floors that no choice can fill, whatever the money."""
    scopes = ScopeIndex(problem.candidates)
    for limit in problem.limits:
        if not limit.is_hard or limit.at_least_vnd is None:
            continue
        floor_vnd = effective_floor_vnd(problem, limit, scopes)
        if not floor_vnd:
            continue
        spent = partial(
            cost_within_vnd, scope_source_ids(problem.sources, limit.scope), frozenset(limit.scope.years)
        )
        most_vnd, because = _most_together(drawn, (scopes.within(limit.scope), spent))
        if floor_vnd > most_vnd:
            words = f"“{limit.words}”: mức sàn {amount_words(floor_vnd)} không thể đạt; cấp tất cả những gì "
            words += f"được phép cũng chỉ được {amount_words(int(most_vnd))}."
            repair = f"Hạ mức sàn ít nhất {amount_words(floor_vnd - int(most_vnd))}."
            yield Conflict((f"floor:{limit.id}", *sorted(because)), words, repair)


def _minimum_contradictions(problem: AllocationProblem, drawn: Necessity) -> Iterator[Conflict]:
    """A hard minimum that even all candidates at their most cannot reach."""
    for output in problem.outputs:
        if output.at_least is None:
            continue
        most, because = _most_count(problem, drawn, output)
        if most < output.at_least:
            unit = f" {output.unit}" if output.unit else ""
            missing = f"{number_words(output.at_least - most, 6)}{unit}"
            least = f"{number_words(output.at_least, 6)}{unit}"
            words = f"“{output.name}”: mức tối thiểu {least} không thể đạt; cấp tất cả những gì được phép "
            words += f"cũng chỉ được {number_words(most, 6)}{unit}."
            repair = f"Hạ mức tối thiểu ít nhất {missing}."
            yield Conflict((f"minimum:{output.id}", *sorted(because)), words, repair)


def _most_count(problem: AllocationProblem, drawn: Necessity, output: Output) -> tuple[Fraction, RuleIds]:
    """Return the largest final count, and the rules that keep it from being larger."""
    before = baseline_count(output)
    if output.kind is OutputKind.QUANTITY:
        givers = [
            item for item in problem.candidates if any(output.id in level.yields for level in item.levels)
        ]
        most, because = _most_together(drawn, (givers, partial(counted_yield, output)))
        return before + most, because
    if output.kind is OutputKind.OUTCOME or (output.kind in ONE_TIME_KINDS and before >= 1):
        return before, NO_RULES
    every = [level for item in problem.candidates for level in drawn.fundable(item.id)]
    because = NO_RULES.union(
        *(
            drawn.limiting(item.id)
            for item in problem.candidates
            if any(output.id in level.covers or output.id in level.delivers for level in item.levels)
        )
    )
    if output.kind is OutputKind.COVERAGE:
        return before + len(covered_units(output, every)), because
    delivered = {part for level in every for part in level.delivers.get(output.id, ())}
    return Fraction(int(set(output.components) <= delivered)), because


def _most_together(
    drawn: Necessity,
    counted: tuple[Iterable[Candidate], Callable[[FundingLevel], int | Fraction]],
) -> tuple[Fraction, RuleIds]:
    """Return the most that candidates can add up to, and the rules that keep it from being more.

    Every candidate at the level that gives most; of a group that excludes each other only the best one,
    where no member was counted in an earlier group.

    Args:
        counted: the candidates that can give anything, and what a level of theirs gives.
    """
    items, amount = counted
    best: dict[str, Fraction] = {}
    because: set[str] = set()
    for item in items:
        left = max((amount(level) for level in drawn.fundable(item.id)), default=0)
        limiting = drawn.limiting(item.id)
        if limiting and left < max((amount(level) for level in item.levels), default=0):
            because |= limiting
        if left:
            best[item.id] = Fraction(left)
    total = sum(best.values(), Fraction(0))
    seen: set[str] = set()
    for link in drawn.exclusions:
        members = [best[key] for key in link.candidate_ids if key in best]
        if len(members) > 1 and not seen & set(link.candidate_ids):
            total -= sum(members, Fraction(0)) - max(members)
            because.add(link_rule_id(link))
            seen |= set(link.candidate_ids)
    return total, frozenset(because)
