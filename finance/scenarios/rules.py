"""Kinds of locks and outcomes of a run. Pure."""

from __future__ import annotations

from finance.labels import LabelledEnum


class LockKind(LabelledEnum):
    """A person's word about a project before the run; each needs a reason."""

    COMMITTED = "COMMITTED", "đã cam kết, bắt buộc bố trí"
    PINNED = "PINNED", "chọn đúng mức"
    BARRED = "BARRED", "không đưa vào"


class LinkKind(LabelledEnum):
    """A rule between projects."""

    REQUIRES = "REQUIRES", "cần có dự án kia"
    AT_MOST_ONE = "AT_MOST_ONE", "nhiều nhất một dự án"
    EXACTLY_ONE = "EXACTLY_ONE", "đúng một dự án"


class RunOutcome(LabelledEnum):
    """How a run ended, in honest words."""

    PROVEN = "PROVEN", "đã chứng minh là tốt nhất"
    WITHIN_GAP = "WITHIN_GAP", "trong sai số cho phép"
    STOPPED = "STOPPED", "dừng sớm, giữ phương án tốt nhất đã tìm được"
    INFEASIBLE = "INFEASIBLE", "không có phương án thỏa mọi quy tắc"
    INVALID = "INVALID", "đề bài có mâu thuẫn"
    FAILED = "FAILED", "không tìm được phương án"
