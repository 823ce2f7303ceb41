"""What it costs to move a rule: the published measure by which one repair is called cheaper than another.

    ceiling, cap, floor   1/20 for being moved, and amount / right side: a billion on a small ceiling weighs
                          more than on a large one; one rule moved reads better than eight moved by little
    hard minimum          1/20, and 2 x amount / minimum: money is asked for before results are given up
    link                  10 per link dropped; 10 x places / count where a least number is lowered
    pin                   1 per level moved, 4 to unpin
    commitment            2 per level moved, 8 to take it back

Prices are compared class by class (optimizer.rule_book): the least price of commitments and pins first, then
of rules that a legal text sets, then of the rest; so a rule of a later class moves only where no price of an
earlier class would do. Exact fractions, standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from optimizer.problem import AllocationProblem, Candidate, CandidateState, GroupLink, GroupRule, Requires
from optimizer.repair import MONEY_CHANGES, ChangeKind, RuleChange
from optimizer.rule_book import MUST_STATES, Rule, RuleClass, ceiling_rule_id, link_rule_id, rules_of
from optimizer.spending import effective_floor_vnd

MOVE_PRICE = Fraction(1, 20)
MINIMUM_PRICE = Fraction(2)
LINK_PRICE = Fraction(10)
LEVEL_PRICE = {CandidateState.PINNED: Fraction(1), CandidateState.COMMITTED: Fraction(2)}
RELEASE_PRICE = {CandidateState.PINNED: Fraction(4), CandidateState.COMMITTED: Fraction(8)}

Way = tuple[str, ChangeKind]
"""Rule id and how it is moved."""
ClassPrices = tuple[Fraction, Fraction, Fraction]
"""Price of the decided, the legal and the ordinary rules that are moved; compared in this order."""


def unit_prices(problem: AllocationProblem) -> dict[Way, Fraction]:
    """Return the price of every way to move a rule, per đồng, count or level, or for dropping it.

    Args:
        problem: a problem free of mistakes.
    """
    prices: dict[Way, Fraction] = {}
    for rule_id, kind, side_vnd in _money_sides(problem):
        prices[rule_id, kind] = Fraction(1, side_vnd)
    for output in problem.outputs:
        if output.at_least is not None:
            price = MINIMUM_PRICE / output.at_least if output.at_least > 0 else MINIMUM_PRICE
            prices[f"minimum:{output.id}", ChangeKind.LOWER_MINIMUM] = price
    # Links on the same group with other counts are one rule, priced by the largest count.
    for link in sorted(problem.links, key=lambda item: item.count if isinstance(item, GroupLink) else 1):
        prices |= _link_prices(link)
    for item in problem.candidates:
        prices |= _state_prices(item)
    return prices


def _money_sides(problem: AllocationProblem) -> Iterable[tuple[str, ChangeKind, int]]:
    """Yield the right side of every rule of money; one of nought counts as the smallest ceiling there is."""
    ceilings = [
        (ceiling_rule_id(source.id, year), amount)
        for source in problem.sources
        if not source.is_uncapped
        for year, amount in source.ceiling_vnd.items()
    ]
    smallest = min((amount for _, amount in ceilings if amount > 0), default=1)
    for rule_id, amount in ceilings:
        yield rule_id, ChangeKind.RAISE_CEILING, amount or smallest
    for limit in problem.limits:
        if limit.is_hard and limit.at_most_vnd is not None:
            yield f"cap:{limit.id}", ChangeKind.RAISE_CAP, limit.at_most_vnd or smallest
        if limit.is_hard and limit.at_least_vnd is not None:
            yield f"floor:{limit.id}", ChangeKind.LOWER_FLOOR, effective_floor_vnd(problem, limit) or smallest


def _link_prices(link: Requires | GroupLink) -> dict[Way, Fraction]:
    rule_id = link_rule_id(link)
    if isinstance(link, Requires):
        return {(rule_id, ChangeKind.DROP_REQUIREMENT): LINK_PRICE}
    if link.rule is GroupRule.AT_LEAST:
        return {(rule_id, ChangeKind.LOWER_COUNT): LINK_PRICE / link.count}
    prices = {(rule_id, ChangeKind.ALLOW_SEVERAL): LINK_PRICE}
    if link.rule is GroupRule.EXACTLY_ONE:
        prices[rule_id, ChangeKind.ALLOW_NONE] = LINK_PRICE
    return prices


def _state_prices(candidate: Candidate) -> dict[Way, Fraction]:
    if candidate.state not in MUST_STATES:
        return {}
    rule_id = f"state:{candidate.id}"
    return {
        (rule_id, ChangeKind.CHANGE_LEVEL): LEVEL_PRICE[candidate.state],
        (rule_id, ChangeKind.RELEASE): RELEASE_PRICE[candidate.state],
    }


def charge_of(kind: ChangeKind) -> Fraction:
    """Return the price of moving a rule at all, whatever the amount."""
    return MOVE_PRICE if kind in (*MONEY_CHANGES, ChangeKind.LOWER_MINIMUM) else Fraction(0)


def price_of_change(prices: Mapping[Way, Fraction], change: RuleChange) -> Fraction:
    """Return the price of one change."""
    amount = 1 if change.amount is None else change.amount
    return charge_of(change.kind) + prices[change.rule_id, change.kind] * amount


def class_prices(
    prices: Mapping[Way, Fraction], rules: Mapping[str, Rule], changes: Iterable[RuleChange]
) -> ClassPrices:
    """Return the price of some changes class by class, the class that counts most first."""
    totals = dict.fromkeys(RuleClass, Fraction(0))
    for change in changes:
        totals[rules[change.rule_id].rule_class] += price_of_change(prices, change)
    return totals[RuleClass.DECIDED], totals[RuleClass.LEGAL], totals[RuleClass.ORDINARY]


def repair_price(problem: AllocationProblem, changes: Iterable[RuleChange]) -> ClassPrices:
    """Return the price of some changes of a problem, class by class."""
    return class_prices(unit_prices(problem), rules_of(problem), changes)
