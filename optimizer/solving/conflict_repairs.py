"""The repairs of one conflict, each carried out and audited."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from optimizer.errors import SolverFailure
from optimizer.repair import Repair, RuleChange, apply_changes
from optimizer.repair_price import repair_price
from optimizer.repair_words import repair_sentence
from optimizer.solving.cheapest_repair import Changes, least_alone
from optimizer.solving.conflict_case import ConflictCase, ConflictPart
from optimizer.solving.elastic import ElasticModel
from optimizer.verify import audit_levels


def repairs_of(
    case: ConflictCase, part: ConflictPart, parts: list[ConflictPart], cheapest: Changes
) -> list[Repair]:
    """Return the repairs of one conflict, given that the cheapest of the other conflicts are carried out.

    Args:
        case: the question.
        part: the conflict.
        parts: all conflicts.
        cheapest: the cheapest changes of all of them together.
    Returns:
        The cheapest repair first; after it every single rule of the conflict that alone would do.
    Raises:
        SolverFailure: a repair did not survive the exact audit.
    """
    others = [change for other in parts if other is not part for change in other.changes]
    first = _audited(case, Changes(part.changes, cheapest.level_ids, cheapest.is_proven), others)
    if case.wishes.is_brief:
        return [first]
    return _cheapest_first(case, first, _single_repairs(case, part, others), is_alone=not others)


def _single_repairs(case: ConflictCase, part: ConflictPart, others: list[RuleChange]) -> list[Repair]:
    """Every rule of a set that alone would do, moved by as little as possible."""
    model = ElasticModel(apply_changes(case.problem, others), case.engine, case.clock)
    movable = [key for key in sorted(part.rule_set.rule_ids - case.fixed) if model.is_movable(key)]
    repairs = []
    for place, rule_id in enumerate(movable):
        found = None if case.clock.is_over() else least_alone(model, rule_id, 0.5 / (len(movable) - place))
        if found is not None:
            repairs.append(_audited(case, found[0], others, is_least=found[1]))
    return repairs


def _cheapest_first(
    case: ConflictCase, first: Repair, singles: list[Repair], *, is_alone: bool
) -> list[Repair]:
    """Sort by price; what was proven of a change found alone is known of the same change found before.

    With other conflicts beside it, the first repair stays the one that fits together with theirs.
    """
    known = next((item for item in singles if item.changes == first.changes), first)
    by_rules = {_rule_ids(known): known}
    for item in singles:
        other = by_rules.get(_rule_ids(item))
        if other is None or (is_alone and _price(case, item) < _price(case, other)):
            by_rules[_rule_ids(item)] = item
    ordered = sorted(by_rules.values(), key=lambda item: (_price(case, item), _rule_ids(item)))
    return ordered if is_alone else [known, *(item for item in ordered if item is not known)]


def _rule_ids(repair: Repair) -> tuple[str, ...]:
    return tuple(change.rule_id for change in repair.changes)


def _price(case: ConflictCase, repair: Repair) -> tuple[Fraction, Fraction, Fraction]:
    return repair_price(case.problem, repair.changes)


def _audited(
    case: ConflictCase, found: Changes, others: Iterable[RuleChange], *, is_least: bool | None = None
) -> Repair:
    """Write a repair after the audit passed its plan on the repaired problem.

    Raises:
        SolverFailure: the audit refuses the plan.
    """
    repaired = apply_changes(case.problem, (*others, *found.changes))
    report = audit_levels(repaired, found.level_ids)
    if not report.is_kept:
        broken = "; ".join(rule.words for rule in report.broken)
        raise SolverFailure(f"Kiểm toán chính xác từ chối cách sửa mâu thuẫn: {broken}")
    words = repair_sentence(case.problem, found.changes, is_least=bool(is_least))
    price = sum(repair_price(case.problem, found.changes), Fraction(0))
    return Repair(found.changes, words, price, found.level_ids, is_least, is_cheapest=found.is_proven)
