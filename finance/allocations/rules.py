"""States of an allocation decision. Pure."""

from __future__ import annotations

from finance.labels import LabelledEnum


class DecisionStatus(LabelledEnum):
    """Where an allocation decision stands."""

    DRAFT = "DRAFT", "đang hoàn chỉnh"
    SUBMITTED = "SUBMITTED", "đã trình phê duyệt"
    APPROVED = "APPROVED", "đã phê duyệt"
