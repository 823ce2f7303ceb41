"""Why nothing fits: which rules stand against each other, and the cheapest way to make a plan possible.

1. "Nothing fits" is confirmed by a model loaded afresh.
2. Elastic: the cheapest changes of the rules, class by class, named with the exact amounts of a choice.
3. Minimal sets: one for every rule that is changed, until all independent conflicts are named.
4. Repairs: the cheapest, and for each rule of a set the least change that alone would do. Every repair is
   carried out on the problem, and the audit passes a plan of the problem it leads to.
"""

from __future__ import annotations

from dataclasses import replace

from optimizer.conflict_audit import rules_alone
from optimizer.contradictions import find_contradictions
from optimizer.engines.interface import Engine, EngineSettings
from optimizer.errors import Conflict, ConflictProof
from optimizer.problem import AllocationProblem
from optimizer.repair import Repair
from optimizer.repair_words import advice_words, conflict_words
from optimizer.rule_book import rules_of
from optimizer.solving.cheapest_repair import Changes, cheapest_changes
from optimizer.solving.conflict_case import ConflictCase, ConflictPart, ConflictWishes
from optimizer.solving.conflict_proof import conflict_proof
from optimizer.solving.conflict_repairs import repairs_of
from optimizer.solving.elastic import ElasticModel
from optimizer.solving.elastic_question import SearchClock
from optimizer.solving.minimal_set import RuleSet, minimal_set

NOT_IN_TIME = (
    "Không có phương án nào giữ được mọi quy tắc cứng; chưa kịp tìm ra nhóm quy tắc mâu thuẫn và cách sửa "
    "trong thời gian cho phép."
)
NOTHING_LEFT_TO_MOVE = "Không có cách sửa nào khi các quy tắc này đều phải giữ nguyên."


def find_conflicts(
    problem: AllocationProblem,
    engine: Engine,
    settings: EngineSettings,
    wishes: ConflictWishes | None = None,
) -> tuple[Conflict, ...] | None:
    """Return the conflicts that leave no plan, each with repairs; empty when some plan keeps every rule.

    Args:
        problem: a problem free of mistakes.
        engine: the engine to search with.
        settings: limits of the whole search.
        wishes: what may not be moved, and how much is wanted; None = everything about all rules.
    Returns:
        One conflict per independent set of rules. Carrying out the first repair of every conflict leads to
        a problem with a plan. None when the time did not suffice to confirm that nothing fits.
    Raises:
        SolverFailure: a repair did not survive the exact audit.
    """
    case = ConflictCase(problem, engine, SearchClock(settings), wishes or ConflictWishes())
    model = ElasticModel(problem, engine, case.clock)
    fits = model.fits(())
    if fits is None:
        return None
    if fits:
        return ()
    cheapest = cheapest_changes(model, case.fixed, is_quick=case.wishes.is_brief)
    if cheapest is None:
        return (_without_repair(case, model),)
    parts = _parts(case, model, cheapest)
    return tuple(_conflict(case, part.rule_set, repairs_of(case, part, parts, cheapest)) for part in parts)


def repaired_conflicts(
    problem: AllocationProblem,
    engine: Engine,
    settings: EngineSettings,
    contradictions: tuple[Conflict, ...],
) -> tuple[Conflict, ...]:
    """Return the conflicts with repairs that were carried out, else the contradictions as they are.

    Args:
        problem: a problem free of mistakes.
        engine: the engine to search with.
        settings: limits of the whole search.
        contradictions: what plain arithmetic shows.
    """
    found = find_conflicts(problem, engine, settings)
    return found if found and all(item.rule_ids for item in found) else contradictions


def _without_repair(case: ConflictCase, model: ElasticModel) -> Conflict:
    """What to say when the rules that must stay contradict each other, or the time ran out."""
    movable = frozenset(key for key in model.rules if model.is_movable(key)) - case.fixed
    if model.fits(movable) is not False:
        return Conflict((), NOT_IN_TIME, proof=ConflictProof.SEARCH)
    found = minimal_set(model, None, movable, case.wishes.supposed)
    return replace(_conflict(case, found, []), repair_words=NOTHING_LEFT_TO_MOVE)


def _parts(case: ConflictCase, model: ElasticModel, cheapest: Changes) -> list[ConflictPart]:
    """Name the conflicts: first those that one changed rule alone is the cause of, then joint ones."""
    supposed = case.wishes.supposed
    changes = {change.rule_id: change for change in cheapest.changes}
    parts: list[ConflictPart] = []
    for rule_id, change in changes.items():
        others = frozenset(changes) - {rule_id}
        if model.fits(others) is False:
            parts.append(ConflictPart(minimal_set(model, rule_id, others, supposed), (change,)))
    gone = frozenset(change.rule_id for part in parts for change in part.changes)
    left = {key: change for key, change in changes.items() if key not in gone}
    while left and model.fits(gone) is False:
        rule_set = minimal_set(model, min(left), gone, supposed)
        mine = (left.keys() & rule_set.rule_ids) or {min(left)}
        parts.append(ConflictPart(rule_set, tuple(change for key, change in left.items() if key in mine)))
        gone |= mine
        left = {key: change for key, change in left.items() if key not in gone}
    if not parts:
        return [ConflictPart(RuleSet(frozenset(changes), is_minimal=False), cheapest.changes)]
    # What is left matters only because the others are moved by so little: it belongs to their repair.
    last = parts[-1]
    return [*parts[:-1], ConflictPart(last.rule_set, (*last.changes, *left.values()))]


def _conflict(case: ConflictCase, rule_set: RuleSet, repairs: list[Repair]) -> Conflict:
    """Put one conflict into words, with the plainest proof that could be found."""
    supposed = case.wishes.supposed
    named = [rule for key, rule in rules_of(case.problem).items() if key in rule_set.rule_ids - supposed]
    found = Conflict(
        rule_ids=tuple(rule.id for rule in named),
        words=conflict_words(named, is_minimal=rule_set.is_minimal),
        repair_words=advice_words(repairs),
        is_minimal=rule_set.is_minimal,
        proof=ConflictProof.SEARCH,
        repairs=tuple(repairs),
    )
    if supposed:
        return found
    if find_contradictions(rules_alone(case.problem, found.rule_ids)):
        return replace(found, proof=ConflictProof.ARITHMETIC)
    tree = None if case.wishes.is_brief else conflict_proof(case, found.rule_ids)
    return found if tree is None else replace(found, proof=ConflictProof.FRACTIONS, proof_tree=tree)
