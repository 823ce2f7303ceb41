"""Robustness as JSON data (phanbo-robustness/1); shares are exact texts such as "187/200"."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from optimizer.answers.robustness_facts import (
    CandidateRobustness,
    PlanRisk,
    ProtectedPlan,
    RobustnessAnswer,
    RobustnessSettings,
    SeenShare,
)

ROBUSTNESS_SCHEMA = "phanbo-robustness/1"


def robustness_to_json(answer: RobustnessAnswer) -> dict[str, Any]:
    """Return the answer as plain JSON data; nothing is rounded."""
    return {
        "schema": ROBUSTNESS_SCHEMA,
        "problem_sha256": answer.problem_sha256,
        "settings": _settings(answer.settings),
        "way": answer.way.value,
        "samples": [
            {
                "kind": sample.kind.value,
                "asked": sample.asked,
                "with_plan": sample.with_plan,
                "without_plan": sample.without_plan,
                "unsettled": sample.unsettled,
                "stopped": sample.stopped,
            }
            for sample in answer.samples
        ],
        "candidates": [_candidate(item) for item in answer.candidates],
        "risk": None if answer.risk is None else _risk(answer.risk),
        "protected": [_protected(item) for item in answer.protected],
        "sentences": list(answer.sentences),
    }


def _settings(settings: RobustnessSettings) -> dict[str, Any]:
    ranges, bounds = settings.ranges, settings.bounds
    return {
        "draws": settings.draws,
        "weights": str(ranges.weights_share),
        "costs": str(ranges.costs_share),
        "years": sorted(ranges.years),
        "joint": settings.is_joint,
        "gap": str(settings.gap_share),
        "core_from": str(bounds.core_from),
        "outside_to": str(bounds.outside_to),
        "protect": list(settings.protect),
    }


def _share(seen: SeenShare) -> dict[str, Any]:
    return {
        "seen": _number(seen.seen),
        "of": seen.of,
        "share": str(seen.share),
        "low": str(seen.low),
        "high": str(seen.high),
    }


def _number(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else str(value)


def _candidate(item: CandidateRobustness) -> dict[str, Any]:
    return {
        "candidate": item.candidate_id,
        "level": item.level_id,
        "shares": {kind.value: _share(seen) for kind, seen in item.shares.items()},
        "verdict": item.verdict.value,
        "verdict_words": item.verdict.label_vi,
        "by_rule": item.is_by_rule,
        "sentence": item.sentence,
    }


def _risk(risk: PlanRisk) -> dict[str, Any]:
    return {
        "broken": _share(risk.broken),
        "rows": [
            {
                "rule": row.rule_id,
                "broken": _share(row.broken),
                "worst_over_vnd": row.worst_over_vnd,
                "reserve_vnd": row.reserve_vnd,
            }
            for row in risk.rows
        ],
    }


def _protected(item: ProtectedPlan) -> dict[str, Any]:
    return {
        "gamma": item.gamma,
        "levels": None if item.level_ids is None else dict(sorted(item.level_ids.items())),
        "score": None if item.score_points is None else str(item.score_points),
        "bound": None if item.bound_points is None else str(item.bound_points),
        "broken": None if item.broken is None else _share(item.broken),
    }
