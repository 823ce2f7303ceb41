"""What is said about a plan, as facts: per candidate why it is in or out, and how far that is proven.

Only three verdicts exist. "có chứng cứ": the opposite decision is proven to score less. "trong sai số x
điểm": it is not proven; the choice belongs to the authority and the tie-break is named. "theo quy tắc": a
rule decides, not the score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Verdict(Enum):
    """How a decision about a candidate is justified."""

    EVIDENCE = "evidence"
    WITHIN_ERROR = "within_error"
    BY_RULE = "by_rule"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the verdict."""
        return {
            Verdict.EVIDENCE: "có chứng cứ",
            Verdict.WITHIN_ERROR: "trong sai số",
            Verdict.BY_RULE: "theo quy tắc",
        }[self]


class ProofKind(Enum):
    """What stands behind a verdict.

    CERTIFICATE is re-added in exact fractions without a solver; ENGINE is the proven bound of a forced
    re-solve; RULE is a rule of the problem; NONE = not proven.
    """

    CERTIFICATE = "certificate"
    ENGINE = "engine"
    RULE = "rule"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Displacement:
    """A rival whose level changes when the opposite is decided; None = not funded."""

    candidate_id: str
    level_before: str | None
    level_after: str | None


@dataclass(frozen=True, slots=True)
class ExtraMoney:
    """What it takes to fund a candidate on top of the plan, taking nothing from anyone.

    Attributes:
        level_id: the level considered, the least that is allowed.
        missing_vnd: đồng by "source id", then year, above what the ceilings leave.
        total_vnd: their sum; the estimate could also be cut by this much at that level.
        gained_points: exact gain in score.
    """

    level_id: str
    missing_vnd: Mapping[str, Mapping[int, int]]
    total_vnd: int
    gained_points: Fraction


@dataclass(frozen=True, slots=True)
class CandidateAnswer:
    """Why one candidate is in or out.

    Attributes:
        level_id: level in the plan; None = not funded.
        loss_at_least_points: proven: the opposite decision loses at least this much; None = no proof asked.
        loss_points: the best audited plan found with the opposite decision is this much lower; None = none
            found. Negative when the plan under question was not proven best.
        own_points: exact change of the score when only this candidate is taken out of (or, when it is out,
            added at its least level to) the plan.
        cost_vnd: cost of its level, or of its least level when it is out.
        displaced: rivals that change in that best opposite plan.
        other_level_ids: the whole opposite plan; empty when none was found.
        multipliers: prices of the certificate when proof is CERTIFICATE.
        rule_ids: rules that decide, when the verdict is BY_RULE.
        sentences: Vietnamese sentences made from these facts.
    """

    candidate_id: str
    level_id: str | None
    verdict: Verdict
    proof: ProofKind
    loss_at_least_points: Fraction | None
    loss_points: Fraction | None
    own_points: Fraction
    cost_vnd: int
    displaced: tuple[Displacement, ...]
    other_level_ids: Mapping[str, str]
    multipliers: Mapping[str, Fraction]
    rule_ids: tuple[str, ...]
    extra_money: ExtraMoney | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulePrice:
    """What one more billion đồng on a row of money would be worth at most: a hint, never a reason.

    Attributes:
        row_id: row of the certificate (a ceiling or a limit).
        points_per_billion: dual of the relaxation, points per 1.000.000.000 đồng.
    """

    row_id: str
    points_per_billion: Fraction


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything said about one plan.

    Attributes:
        greedy_points: score of plain value-for-money ranking; None when that plan breaks a hard rule. It pays
            no heed to limits that are not hard, so it may even be higher than the plan's.
        pro_rata_points: score of what equal cutting leaves possible; None when that breaks a hard rule.
        inversions: Vietnamese sentences about agencies whose own order the plan does not follow.
    """

    problem_sha256: str
    score_points: Fraction
    bound_points: Fraction | None
    answers: tuple[CandidateAnswer, ...]
    prices: tuple[RulePrice, ...]
    greedy_points: Fraction | None
    pro_rata_points: Fraction | None
    inversions: tuple[str, ...]
