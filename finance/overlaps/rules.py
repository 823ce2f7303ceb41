"""What may be concluded about two requests that look alike. Pure."""

from __future__ import annotations

from finance.labels import LabelledEnum


class OverlapVerdict(LabelledEnum):
    """A reviewer's conclusion about a pair."""

    DUPLICATE = "DUPLICATE", "trùng nội dung"
    DISTINCT = "DISTINCT", "không trùng"
    DISCUSSED = "DISCUSSED", "đã bàn, theo dõi tiếp"
