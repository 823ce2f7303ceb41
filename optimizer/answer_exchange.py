"""Explanations as JSON data (phanbo-explanation/1), both ways; exact fractions are texts such as "3/1000".

Files written before proofs by cases, hints and confirmed prices lack those keys; they are read as answers
without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from optimizer.answer import (
    BoundOrigin,
    CandidateAnswer,
    Displacement,
    Explanation,
    ExtraMoney,
    ProofKind,
    TieBreak,
    Verdict,
)
from optimizer.answer_prices import CandidatePrices, WorthHint
from optimizer.answer_prices_exchange import (
    candidate_prices_from_json,
    candidate_prices_to_json,
    fraction_or_none,
    money_from_json,
    money_to_json,
    ranked_from_json,
    ranked_to_json,
    rule_price_from_json,
    rule_price_to_json,
    text_or_none,
)
from optimizer.proofs.exchange import tree_from_json, tree_to_json

EXPLANATION_SCHEMA = "phanbo-explanation/1"
SHARED_TREE = "plan_tree"
Data = Mapping[str, Any]


def explanation_to_json(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as plain JSON data; nothing is rounded."""
    data = {
        "schema": EXPLANATION_SCHEMA,
        "problem_sha256": explanation.problem_sha256,
        "score": str(explanation.score_points),
        "bound": text_or_none(explanation.bound_points),
        "greedy": text_or_none(explanation.greedy_points),
        "pro_rata": text_or_none(explanation.pro_rata_points),
        "prices": {price.row_id: rule_price_to_json(price) for price in explanation.prices},
        "inversions": list(explanation.inversions),
        "ranking": [ranked_to_json(item) for item in explanation.ranking],
        "answers": [_answer_to_json(answer) for answer in explanation.answers],
    }
    if explanation.plan_tree is not None:
        data[SHARED_TREE] = tree_to_json(explanation.plan_tree)
    return data


def explanation_from_json(data: Data) -> Explanation:
    """Return the explanation that explanation_to_json wrote.

    Raises:
        RefusedProof: a proof by cases in it is not one.
    """
    return Explanation(
        problem_sha256=data["problem_sha256"],
        score_points=Fraction(data["score"]),
        bound_points=fraction_or_none(data["bound"]),
        answers=tuple(_answer_from_json(item) for item in data["answers"]),
        prices=tuple(rule_price_from_json(row_id, price) for row_id, price in data["prices"].items()),
        greedy_points=fraction_or_none(data["greedy"]),
        pro_rata_points=fraction_or_none(data["pro_rata"]),
        inversions=tuple(data["inversions"]),
        plan_tree=tree_from_json(data[SHARED_TREE]) if SHARED_TREE in data else None,
        ranking=tuple(ranked_from_json(item) for item in data.get("ranking", ())),
    )


def _answer_to_json(answer: CandidateAnswer) -> dict[str, Any]:
    own_tree = None if answer.tree is None else tree_to_json(answer.tree)
    return {
        "candidate": answer.candidate_id,
        "level": answer.level_id,
        "verdict": answer.verdict.value,
        "proof": answer.proof.value,
        "loss_at_least": text_or_none(answer.loss_at_least_points),
        "loss": text_or_none(answer.loss_points),
        "own_points": str(answer.own_points),
        "cost_vnd": answer.cost_vnd,
        "displaced": [[item.candidate_id, item.level_before, item.level_after] for item in answer.displaced],
        "other_levels": dict(answer.other_level_ids),
        "multipliers": {row_id: str(price) for row_id, price in answer.multipliers.items()},
        "tree": SHARED_TREE if answer.is_by_plan_tree else own_tree,
        "rules": list(answer.rule_ids),
        "rule_words": list(answer.rule_words),
        "error": text_or_none(answer.error_points),
        "error_origin": None if answer.error_origin is None else answer.error_origin.value,
        "engine_loss": text_or_none(answer.engine_loss_points),
        "tie_break": None if answer.tie_break is None else answer.tie_break.value,
        "hint": None if answer.hint is None else _hint_to_json(answer.hint),
        "extra_money": None
        if answer.extra_money is None
        else {
            "level": answer.extra_money.level_id,
            "missing_vnd": money_to_json(answer.extra_money.missing_vnd),
            "total_vnd": answer.extra_money.total_vnd,
            "gained_points": str(answer.extra_money.gained_points),
        },
        "prices": candidate_prices_to_json(answer.prices),
        "sentences": list(answer.sentences),
    }


def _answer_from_json(data: Data) -> CandidateAnswer:
    extra, tree, hint = data["extra_money"], data.get("tree"), data.get("hint")
    origin, tie_break = data.get("error_origin"), data.get("tie_break")
    return CandidateAnswer(
        candidate_id=data["candidate"],
        level_id=data["level"],
        verdict=Verdict(data["verdict"]),
        proof=ProofKind(data["proof"]),
        loss_at_least_points=fraction_or_none(data["loss_at_least"]),
        loss_points=fraction_or_none(data["loss"]),
        own_points=Fraction(data["own_points"]),
        cost_vnd=data["cost_vnd"],
        displaced=tuple(Displacement(*item) for item in data["displaced"]),
        other_level_ids=dict(data["other_levels"]),
        multipliers={row_id: Fraction(price) for row_id, price in data["multipliers"].items()},
        rule_ids=tuple(data["rules"]),
        extra_money=None
        if extra is None
        else ExtraMoney(
            extra["level"],
            money_from_json(extra["missing_vnd"]),
            extra["total_vnd"],
            Fraction(extra["gained_points"]),
        ),
        sentences=tuple(data["sentences"]),
        tree=None if tree is None or tree == SHARED_TREE else tree_from_json(tree),
        is_by_plan_tree=tree == SHARED_TREE,
        rule_words=tuple(data.get("rule_words", ())),
        error_points=fraction_or_none(data.get("error")),
        error_origin=None if origin is None else BoundOrigin(origin),
        engine_loss_points=fraction_or_none(data.get("engine_loss")),
        tie_break=None if tie_break is None else TieBreak(tie_break),
        hint=None if hint is None else _hint_from_json(hint),
        prices=candidate_prices_from_json(data["prices"]) if "prices" in data else CandidatePrices(),
    )


def _hint_to_json(hint: WorthHint) -> dict[str, Any]:
    return {
        "level": hint.level_id,
        "value": str(hint.value_points),
        "money": str(hint.money_points),
        "rules": str(hint.rule_points),
        "margin": str(hint.margin_points),
        "value_to_money": text_or_none(hint.value_to_money),
        "needed_results_share": text_or_none(hint.needed_results_share),
        "bearable_cost_share": text_or_none(hint.bearable_cost_share),
    }


def _hint_from_json(data: Data) -> WorthHint:
    """What follows from the three sums is not read but worked out again."""
    return WorthHint(data["level"], Fraction(data["value"]), Fraction(data["money"]), Fraction(data["rules"]))
