"""Kinds and stages of a round, and the arithmetic of its envelopes. Pure."""

from __future__ import annotations

from finance.labels import LabelledEnum

# The decision plans ten years ahead; a longer round is a slip of the hand, not a wish.
MOST_ROUND_YEARS = 10


class RoundKind(LabelledEnum):
    """The yearly round, or a supplementary one when money or a decision comes later."""

    ANNUAL = "ANNUAL", "đợt dự toán hằng năm"
    SUPPLEMENTARY = "SUPPLEMENTARY", "đợt dự toán bổ sung"


class RoundStage(LabelledEnum):
    """The dated stages of a round, in order."""

    SUBMISSION = "SUBMISSION", "lập và gửi dự toán"
    CONTENT_APPRAISAL = "CONTENT_APPRAISAL", "thẩm định nội dung"
    ESTIMATE_APPRAISAL = "ESTIMATE_APPRAISAL", "thẩm định dự toán"
    CONSOLIDATION = "CONSOLIDATION", "tổng hợp, lập phương án phân bổ"
    APPROVAL = "APPROVAL", "trình, phê duyệt phân bổ"


def pool_vnd(amount_vnd: int, contingency_vnd: int, unmeasured_vnd: int) -> int:
    """What is left to allocate by results.

    Formula: envelope - contingency - line reserved for projects whose result cannot yet be measured.

    Units:
        đồng.
    """
    return amount_vnd - contingency_vnd - unmeasured_vnd
