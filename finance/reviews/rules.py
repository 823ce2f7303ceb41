"""Grounds of a cut, verdicts, and which opinions are due. Pure."""

from __future__ import annotations

from finance.labels import LabelledEnum


class CutReason(LabelledEnum):
    """The six grounds on which finance may ask to re-arrange a line; nothing is cut without one.

    Source: Decree 163/2016/NĐ-CP Art. 28(2a); Law 83/2015/QH13 Art. 46(3).
    """

    AGAINST_LAW = "AGAINST_LAW", "Trái quy định của pháp luật"
    ABOVE_NORM = "ABOVE_NORM", "Không đúng chế độ, tiêu chuẩn, định mức"
    NOT_REASONABLE = "NOT_REASONABLE", "Không hợp lý"
    NOT_THRIFTY = "NOT_THRIFTY", "Chưa tiết kiệm"
    BEYOND_CAPACITY = "BEYOND_CAPACITY", "Vượt khả năng ngân sách"
    OFF_ORIENTATION = "OFF_ORIENTATION", "Không đúng định hướng phát triển"


class Verdict(LabelledEnum):
    """What a function says of one project."""

    AGREE = "AGREE", "Nhất trí"
    AGREE_WITH_CHANGE = "AGREE_WITH_CHANGE", "Nhất trí, có yêu cầu chỉnh sửa"
    REJECT = "REJECT", "Không nhất trí đưa vào"
