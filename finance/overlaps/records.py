"""What reviewers concluded about a pair of requests. Rows are only added; the newest counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from finance.overlaps.rules import OverlapVerdict
from finance.record_base import CodeColumn, Record, ThousandthsColumn, UtcMoment, codes_check


class OverlapDecision(Record):
    """A conclusion about two projects, each named by estimate and key, the smaller name first.

    The hashes are of what was compared: when either project says something else, the decision is stale.
    """

    __tablename__ = "overlap_decision"
    __table_args__ = (
        codes_check("verdict", OverlapVerdict),
        CheckConstraint(
            "one_estimate_id < other_estimate_id OR "
            "(one_estimate_id = other_estimate_id AND one_project_key < other_project_key)",
            name="in_order",
        ),
        Index("ix_overlap_decision_one", "one_estimate_id", "one_project_key"),
        Index("ix_overlap_decision_other", "other_estimate_id", "other_project_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    one_estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"))
    one_project_key: Mapped[str] = mapped_column(String(40))
    one_hash: Mapped[str] = mapped_column(String(64))
    other_estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"))
    other_project_key: Mapped[str] = mapped_column(String(40))
    other_hash: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[OverlapVerdict] = mapped_column(CodeColumn(OverlapVerdict))
    reason: Mapped[str] = mapped_column(Text)
    score_thousandths: Mapped[int] = mapped_column(ThousandthsColumn)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcMoment)
