"""The cheapest way to make a plan possible, and the least amount by which one rule alone does.

Rules of a legal text move only where moving ordinary rules does not help; commitments and pins only where
neither does; among those that move, the price of the latest class is made least first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

from optimizer.attainment import baseline_count, counted_yield
from optimizer.engines.interface import EngineStatus
from optimizer.problem import AllocationProblem, OutputKind
from optimizer.repair import COUNT_CHANGES, MONEY_CHANGES, ChangeKind, RuleChange
from optimizer.rule_book import RuleClass
from optimizer.solving.elastic import ElasticModel
from optimizer.solving.elastic_question import ElasticAnswer, Question

MOVABLE_CLASSES = (RuleClass.ORDINARY, RuleClass.LEGAL, RuleClass.DECIDED)
MOST_NODES = 2000
"""Nodes of one search for the cheapest amount; what is not proven by then is told as found, not as least."""
THOROUGH = Question(is_charged=True, most_nodes=MOST_NODES, time_share=0.4)
QUICK = Question(is_charged=True, gap_share=0.5)
MOST_CORRECTIONS = 5
"""Times an amount is lowered because a smaller one was found to do; floating point needs none or one."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes with a choice that keeps every rule after them.

    Attributes:
        is_proven: True when no cheaper changes exist.
    """

    changes: tuple[RuleChange, ...]
    level_ids: Mapping[str, str]
    is_proven: bool


def cheapest_changes(model: ElasticModel, fixed: frozenset[str], *, is_quick: bool = False) -> Changes | None:
    """Return the cheapest changes after which a plan exists; None when none was found in time.

    Args:
        model: the rules, bendable.
        fixed: rules that no change may move.
        is_quick: True = any good changes will do.
    """
    classes = {
        kind: frozenset(key for key, rule in model.rules.items() if rule.rule_class is kind) - fixed
        for kind in MOVABLE_CLASSES
    }
    for last, kind in enumerate(MOVABLE_CLASSES):
        if not classes[kind]:
            continue
        wanted = [classes[one] for one in reversed(MOVABLE_CLASSES[: last + 1]) if classes[one]]
        answer = _cheapest_of(model, wanted, QUICK if is_quick else THOROUGH)
        if answer is not None and answer.chosen is not None:
            return _as_changes(model, answer)
        if answer is None or answer.status is not EngineStatus.INFEASIBLE:
            return None
    return None


def _cheapest_of(
    model: ElasticModel, classes: list[frozenset[str]], effort: Question
) -> ElasticAnswer | None:
    """Make the price of one class after the other least, each held while the next is lowered."""
    movable = frozenset().union(*classes)
    best: ElasticAnswer | None = None
    holds: tuple[tuple[frozenset[str], Fraction], ...] = ()
    for rule_ids in classes:
        weights = {key: float(key in rule_ids) for key in sorted(movable)}
        answer = model.ask(replace(effort, weights=weights, holds=holds))
        if answer.chosen is None:
            is_first = best is None and answer.status is EngineStatus.INFEASIBLE
            return answer if is_first else _unproven(best)
        is_proven = answer.status is EngineStatus.PROVEN and (
            best is None or best.status is EngineStatus.PROVEN
        )
        best = answer if is_proven else _unproven(answer)
        holds += ((rule_ids, model.price_of(answer.changes, rule_ids)),)
    return best


def _unproven(answer: ElasticAnswer | None) -> ElasticAnswer | None:
    if answer is None:
        return None
    return ElasticAnswer(EngineStatus.STOPPED, answer.chosen, answer.changes)


def _as_changes(model: ElasticModel, answer: ElasticAnswer) -> Changes:
    changes = tuple(change for change in answer.changes.values() if change is not None)
    is_proven = answer.status is EngineStatus.PROVEN and model.is_exact
    return Changes(changes, model.level_ids(answer.chosen or {}), is_proven)


def least_alone(model: ElasticModel, rule_id: str, time_share: float) -> tuple[Changes, bool | None] | None:
    """Return the smallest change of one rule that alone makes a plan possible.

    Args:
        model: the rules, bendable.
        rule_id: the rule to move.
        time_share: share of the time left that one search may use.
    Returns:
        The change and whether less was proven not to do (None where less cannot be asked); None when
        moving this rule alone does not help, or nothing was found in time.
    """
    effort = Question({rule_id: 1.0}, most_nodes=MOST_NODES, time_share=time_share)
    answer = model.ask(effort)
    if answer.chosen is None or answer.changes.get(rule_id) is None:
        return None
    for _ in range(MOST_CORRECTIONS):
        found = _as_changes(model, answer)
        (change,) = found.changes
        smaller = _largest_below(model, change)
        if smaller is None or answer.status is not EngineStatus.PROVEN:
            return found, None
        less = model.ask(replace(effort, most={rule_id: smaller}))
        if less.status is EngineStatus.INFEASIBLE:
            return found, True
        if less.chosen is None or not less.changes:
            return found, None
        answer = less
    return _as_changes(model, answer), None


def _largest_below(model: ElasticModel, change: RuleChange) -> Fraction | None:
    """Return the largest amount below a change's amount that could make a difference."""
    if change.amount is None or change.kind not in (*MONEY_CHANGES, *COUNT_CHANGES):
        return None
    step = Fraction(1)
    if change.kind in MONEY_CHANGES and model.is_exact:
        step = Fraction(model.quantum_vnd)
    elif change.kind is ChangeKind.LOWER_MINIMUM:
        step = _count_step(model.problem, change.rule_id)
    return max(Fraction(0), change.amount - step)


def _count_step(problem: AllocationProblem, rule_id: str) -> Fraction:
    """Return the unit of which every possible shortfall of a minimum differs from another by a multiple."""
    output = next(item for item in problem.outputs if f"minimum:{item.id}" == rule_id)
    if output.kind is not OutputKind.QUANTITY:
        return Fraction(1)
    yields = [counted_yield(output, level) for item in problem.candidates for level in item.levels]
    missing = (output.at_least or Fraction(0)) - baseline_count(output)
    return Fraction(1, lcm(missing.denominator, *(amount.denominator for amount in yields)))
