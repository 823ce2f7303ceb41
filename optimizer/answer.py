"""What is said about a plan, as facts: per candidate why it is in or out, and how far that is proven.

Only three verdicts exist. "có chứng cứ": the opposite decision is proven to score less, and the proof can
be re-added in exact fractions without a solver. "trong sai số x điểm": it is not proven; the choice belongs
to the authority and the tie-break is named. "theo quy tắc": a rule decides, not the score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from optimizer.answer_prices import BoundOrigin, CandidatePrices, RulePrice, WorthHint
from optimizer.answer_ranking import RankedCandidate
from optimizer.proofs.steps import ProofTree

__all__ = [
    "BoundOrigin",
    "CandidateAnswer",
    "CandidatePrices",
    "Displacement",
    "Explanation",
    "ExtraMoney",
    "ProofKind",
    "RankedCandidate",
    "RulePrice",
    "TieBreak",
    "Verdict",
    "WorthHint",
]


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

    CERTIFICATE can be re-added in exact fractions without a solver: one set of prices, or a proof by cases.
    RULE is a rule of the problem. NONE = not proven. ENGINE = only the engine says so: behind "có chứng cứ"
    in older files, today only where the engine alone says that no plan decides the opposite.
    """

    CERTIFICATE = "certificate"
    ENGINE = "engine"
    RULE = "rule"
    NONE = "none"


class TieBreak(Enum):
    """What decides between plans that the score cannot tell apart, in the order in which it is asked."""

    STABILITY = "stability"
    COST = "cost"
    RANK = "rank"
    ORDER = "order"

    @property
    def label_vi(self) -> str:
        """Vietnamese words for the tie-break."""
        return {
            TieBreak.STABILITY: "phương án giữ gần phương án đối chiếu hơn",
            TieBreak.COST: "phương án chi ít tiền hơn",
            TieBreak.RANK: "phương án theo đúng thứ tự trình của cơ quan hơn",
            TieBreak.ORDER: "thứ tự cố định theo mã dự án",
        }[self]


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
        missing_vnd: đồng by source id, then year, above what the ceilings leave.
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
        loss_at_least_points: the opposite decision loses at least this much, re-added in fractions; None =
            not proven.
        loss_points: the best audited plan found with the opposite decision is this much lower; None = none
            found. Negative when the plan under question was not proven best.
        own_points: exact change of the score when only this candidate is taken out of (or, when it is out,
            added at its least level to) the plan.
        cost_vnd: cost of its level, or of its least level when it is out.
        displaced: rivals that change in that best opposite plan.
        other_level_ids: the whole opposite plan; empty when none was found.
        multipliers: prices of the certificate, where one set of prices is the proof.
        rule_ids: rules that decide, when the verdict is BY_RULE.
        sentences: Vietnamese sentences made from these facts.
        tree: the proof by cases, where the candidate has one of its own.
        is_by_plan_tree: True when the proof is the explanation's plan_tree.
        rule_words: Vietnamese sentences of the rules that decide.
        error_points: WITHIN_ERROR: the opposite decision gains at most this much; None = unknown.
        error_origin: where error_points comes from.
        engine_loss_points: WITHIN_ERROR: the engine says that the opposite decision loses at least this much,
            which could not be re-added; None = it does not say so.
        tie_break: what decided, when the best opposite plan has the same score.
        hint: what its points and its money are worth at the prices of the relaxation.
        prices: what it would take to decide otherwise, where that was asked.
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
    tree: ProofTree | None = None
    is_by_plan_tree: bool = False
    rule_words: tuple[str, ...] = ()
    error_points: Fraction | None = None
    error_origin: BoundOrigin | None = None
    engine_loss_points: Fraction | None = None
    tie_break: TieBreak | None = None
    hint: WorthHint | None = None
    prices: CandidatePrices = field(default_factory=CandidatePrices)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything said about one plan.

    Attributes:
        bound_points: no plan scores more, as the plan says.
        greedy_points: score of plain value-for-money ranking; None when that plan breaks a hard rule. It pays
            no heed to limits that are not hard, so it may even be higher than the plan's.
        pro_rata_points: score of what equal cutting leaves possible; None when that breaks a hard rule.
        inversions: Vietnamese sentences about agencies whose own order the plan does not follow.
        plan_tree: one proof by cases about all plans, asked again for every opposite decision.
        ranking: every candidate by its points per đồng alone, best first, and where the plan differs.
    """

    problem_sha256: str
    score_points: Fraction
    bound_points: Fraction | None
    answers: tuple[CandidateAnswer, ...]
    prices: tuple[RulePrice, ...]
    greedy_points: Fraction | None
    pro_rata_points: Fraction | None
    inversions: tuple[str, ...]
    plan_tree: ProofTree | None = None
    ranking: tuple[RankedCandidate, ...] = ()
