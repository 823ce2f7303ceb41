"""What may become of an estimate that was handed to the office above."""

from __future__ import annotations

from finance.labels import LabelledEnum


class HandoverState(LabelledEnum):
    """What became of an estimate that was handed up."""

    OFFERED = "OFFERED", "chờ cấp trên xem"
    TAKEN = "TAKEN", "cấp trên đã tổng hợp"
    RETURNED = "RETURNED", "cấp trên trả lại"
