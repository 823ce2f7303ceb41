"""A set of rules that cannot all be kept, from which no rule can be spared.

Elastic filter: the rules that the cheapest answer bends are made rigid, one answer after the other, until
nothing fits; what is rigid then holds a conflict. Deletion filter: every rule of it is left out in turn; if
the rest still does not fit, it was not needed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from optimizer.engines.interface import EngineStatus
from optimizer.rule_book import RuleClass
from optimizer.solving.elastic import ElasticModel
from optimizer.solving.elastic_question import Question

CLASS_WEIGHTS = {
    RuleClass.ORDINARY: 1.0,
    RuleClass.LEGAL: 10.0,
    RuleClass.DECIDED: 100.0,
    RuleClass.UNTOUCHABLE: 1000.0,
}
"""Conflicts are sought among the rules that can be moved first: they are the ones worth reading about."""

FILTER_GAP = 0.5
FILTER_NODES = 100
"""Any answer shows rules that stand in the way; it need not be the cheapest."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules that cannot all be kept.

    Attributes:
        is_minimal: True when each was shown to be needed: without it, the others can all be kept.
    """

    rule_ids: frozenset[str]
    is_minimal: bool


def minimal_set(
    model: ElasticModel, seed: str | None, left_out: frozenset[str], supposed: frozenset[str]
) -> RuleSet:
    """Return a minimal conflicting set among the rules that are not left out, which do not fit together.

    Args:
        model: the rules, bendable.
        seed: a rule to begin with, one that the cheapest repair moves; None = none does.
        left_out: rules that do not count.
        supposed: rules that are rigid from the beginning and tried last for being spared.
    """
    rigid = {*supposed, *(() if seed is None else (seed,))}
    while True:
        weights = {
            key: CLASS_WEIGHTS[rule.rule_class]
            for key, rule in model.rules.items()
            if key not in rigid and key not in left_out
        }
        question = Question(weights, left_out, gap_share=FILTER_GAP, most_nodes=FILTER_NODES)
        answer = model.ask(question)
        if answer.status is EngineStatus.UNKNOWN:
            answer = model.ask(replace(question, most_nodes=None))
        if answer.status is EngineStatus.INFEASIBLE:
            break
        if answer.chosen is None or not answer.changes:
            return RuleSet(frozenset(rigid | weights.keys()), is_minimal=False)
        rigid |= answer.changes.keys()
    return _thinned(model, rigid, supposed if seed is None else supposed | {seed})


def _thinned(model: ElasticModel, rigid: set[str], wanted: frozenset[str]) -> RuleSet:
    """Leave out every rule without which the rest still does not fit; what is hard to move goes first."""
    kept, is_minimal = set(rigid), True
    order = sorted(rigid, key=lambda key: (key in wanted, -model.rules[key].rule_class.value, key))
    for rule_id in order:
        rest = kept - {rule_id}
        fits = model.fits(model.rules.keys() - rest)
        if fits is False:
            kept = rest
        elif fits is None:
            is_minimal = False
    return RuleSet(frozenset(kept), is_minimal)
