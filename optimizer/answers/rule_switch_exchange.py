"""Prices of rules as JSON data (phanbo-rule-prices/1)."""

from __future__ import annotations

from typing import Any

from optimizer.answers.json_numbers import nearest_number, nearest_or_none, told_seconds
from optimizer.answers.rule_switch_answer import RulePrices, SwitchedRule
from optimizer.answers.whatif_exchange import levels_to_json

RULE_PRICES_SCHEMA = "phanbo-rule-prices/1"
RULE_PRICES_FILE = "phanbo-rule-prices-1.schema.json"


def rule_prices_to_json(prices: RulePrices) -> dict[str, Any]:
    """Return the prices of all rules as plain JSON data; points become decimals."""
    return {
        "schema": RULE_PRICES_SCHEMA,
        "problem_sha256": prices.problem_sha256,
        "step_vnd": prices.step_vnd,
        "score": nearest_number(prices.score_points),
        "relaxed_bound": nearest_or_none(prices.bound_points),
        "rules": [_rule_to_json(rule) for rule in prices.rules],
    }


def _rule_to_json(rule: SwitchedRule) -> dict[str, Any]:
    return {
        "rule": rule.rule_id,
        "kind": rule.kind.value,
        "words": rule.words,
        "legal_reference": rule.legal_reference,
        "outcome": rule.outcome.value,
        "hint_per_billion": nearest_or_none(rule.hint_per_billion),
        "relaxed_gain": nearest_or_none(rule.relaxed_gain_points),
        "gained": nearest_or_none(rule.gained_points),
        "gained_at_most": nearest_or_none(rule.gained_at_most_points),
        "keeps_rule": rule.keeps_rule,
        "shortfall_change_vnd": rule.shortfall_change_vnd,
        "changes": levels_to_json(rule.levels),
        "levels": dict(sorted(rule.level_ids.items())),
        "seconds": told_seconds(rule.seconds),
        "sentences": list(rule.sentences),
    }
