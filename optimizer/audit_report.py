"""What an audit tells: the broken rules, and the figures it added up itself. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """One rule a plan breaks, or one untrue statement.

    Attributes:
        rule_id: family and id, for instance ``ceiling:tinh-tx:2012``.
        words: Vietnamese sentence with the amount.
        amount: by how much, in the rule's own unit (đồng, count or points); None where it has no size.
    """

    rule_id: str
    words: str
    amount: Fraction | None = None


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the audit found and re-computed.

    Attributes:
        broken: every broken rule; empty = the plan keeps them all.
        score_points: exact score of the plan.
        shortfall_vnd: how far the plan stays from the limits that are not hard, in đồng.
        money_vnd: đồng by source id, then year.
        outputs: final count by output id.
    """

    broken: tuple[BrokenRule, ...]
    score_points: Fraction
    shortfall_vnd: int
    money_vnd: Mapping[str, Mapping[int, int]]
    outputs: Mapping[str, Fraction]

    @property
    def is_kept(self) -> bool:
        """True when no rule is broken."""
        return not self.broken
