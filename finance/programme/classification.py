"""The kinds by which the programme is sorted. Pure: no storage."""

from __future__ import annotations

from finance.labels import LabelledEnum


class OutputKind(LabelledEnum):
    """How a result is counted (and whether a promise of it may score)."""

    QUANTITY = "QUANTITY", "số lượng"
    COVERAGE = "COVERAGE", "độ phủ đơn vị"
    MILESTONE = "MILESTONE", "mốc hoàn thành"
    DELIVERABLE = "DELIVERABLE", "sản phẩm bàn giao"
    OUTCOME = "OUTCOME", "kết quả xã hội"


class Operator(LabelledEnum):
    """How a target's figure is meant; "=" is read as "at least" when attainment is judged."""

    GTE = "GTE", "từ (≥)"
    GT = "GT", "trên (>)"
    EQ = "EQ", "đạt (=)"
    DONE = "DONE", "hoàn thành"


class Nature(LabelledEnum):
    """Recurrent or capital money; some sources may serve both."""

    RECURRENT = "RECURRENT", "chi thường xuyên"
    CAPITAL = "CAPITAL", "chi đầu tư phát triển"
    BOTH = "BOTH", "chi thường xuyên và đầu tư"


class BodyRole(LabelledEnum):
    """What an office does in an annex task."""

    LEAD = "LEAD", "chủ trì"
    COORDINATING = "COORDINATING", "phối hợp"
    EXECUTING = "EXECUTING", "thực hiện"
    APPRAISING = "APPRAISING", "thẩm định"


class ProjectKind(LabelledEnum):
    """Scheme and project may ask for provincial money from the pool (VI.2, VII.6.b); a task may not."""

    SCHEME = "SCHEME", "đề án"
    PROJECT = "PROJECT", "dự án"
    TASK = "TASK", "nhiệm vụ thường xuyên"
