"""Explanations as JSON data (phanbo-explanation/1), both ways; exact fractions are texts such as "3/1000"."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from optimizer.answer import (
    CandidateAnswer,
    Displacement,
    Explanation,
    ExtraMoney,
    ProofKind,
    RulePrice,
    Verdict,
)

EXPLANATION_SCHEMA = "phanbo-explanation/1"
Data = Mapping[str, Any]


def explanation_to_json(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as plain JSON data; nothing is rounded."""
    return {
        "schema": EXPLANATION_SCHEMA,
        "problem_sha256": explanation.problem_sha256,
        "score": str(explanation.score_points),
        "bound": _text(explanation.bound_points),
        "greedy": _text(explanation.greedy_points),
        "pro_rata": _text(explanation.pro_rata_points),
        "prices": {price.row_id: str(price.points_per_billion) for price in explanation.prices},
        "inversions": list(explanation.inversions),
        "answers": [_answer_to_json(answer) for answer in explanation.answers],
    }


def explanation_from_json(data: Data) -> Explanation:
    """Return the explanation that explanation_to_json wrote."""
    return Explanation(
        problem_sha256=data["problem_sha256"],
        score_points=Fraction(data["score"]),
        bound_points=_fraction(data["bound"]),
        answers=tuple(_answer_from_json(item) for item in data["answers"]),
        prices=tuple(RulePrice(row_id, Fraction(price)) for row_id, price in data["prices"].items()),
        greedy_points=_fraction(data["greedy"]),
        pro_rata_points=_fraction(data["pro_rata"]),
        inversions=tuple(data["inversions"]),
    )


def _answer_to_json(answer: CandidateAnswer) -> dict[str, Any]:
    extra = answer.extra_money
    return {
        "candidate": answer.candidate_id,
        "level": answer.level_id,
        "verdict": answer.verdict.value,
        "proof": answer.proof.value,
        "loss_at_least": _text(answer.loss_at_least_points),
        "loss": _text(answer.loss_points),
        "own_points": str(answer.own_points),
        "cost_vnd": answer.cost_vnd,
        "displaced": [[item.candidate_id, item.level_before, item.level_after] for item in answer.displaced],
        "other_levels": dict(answer.other_level_ids),
        "multipliers": {row_id: str(price) for row_id, price in answer.multipliers.items()},
        "rules": list(answer.rule_ids),
        "extra_money": None
        if extra is None
        else {
            "level": extra.level_id,
            "missing_vnd": {
                source: {str(year): amount for year, amount in by_year.items()}
                for source, by_year in extra.missing_vnd.items()
            },
            "total_vnd": extra.total_vnd,
            "gained_points": str(extra.gained_points),
        },
        "sentences": list(answer.sentences),
    }


def _answer_from_json(data: Data) -> CandidateAnswer:
    extra = data["extra_money"]
    return CandidateAnswer(
        candidate_id=data["candidate"],
        level_id=data["level"],
        verdict=Verdict(data["verdict"]),
        proof=ProofKind(data["proof"]),
        loss_at_least_points=_fraction(data["loss_at_least"]),
        loss_points=_fraction(data["loss"]),
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
            {
                source: {int(year): amount for year, amount in by_year.items()}
                for source, by_year in extra["missing_vnd"].items()
            },
            extra["total_vnd"],
            Fraction(extra["gained_points"]),
        ),
        sentences=tuple(data["sentences"]),
    )


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
