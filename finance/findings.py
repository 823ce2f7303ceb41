"""Findings: problems in what was typed, collected and shown together, each with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from finance.labels import LabelledEnum


class Severity(LabelledEnum):
    """What a finding stops: blocks sending, asks for a reason, or only hints."""

    BLOCKS = "BLOCKS", "Lỗi phải sửa"
    WARNS = "WARNS", "Cảnh báo"
    HINTS = "HINTS", "Gợi ý"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding is: a field of a form, or a cell of a workbook, or both.

    Attributes:
        field: form field name such as ``lines-3-unit_price`` (empty when the whole is meant).
        sheet: worksheet title as the person sees it.
        cell: cell address such as ``F14``.
        words: place in words: "Dòng 3, Đơn giá".
    """

    field: str = ""
    sheet: str = ""
    cell: str = ""
    words: str = ""

    @property
    def text_vi(self) -> str:
        """The place as a person would name it."""
        if self.sheet and self.cell:
            return f"{self.sheet}!{self.cell}"
        return self.words or self.sheet or "Toàn bộ hồ sơ"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: a stable code, its place, what is wrong and how to mend it."""

    code: str
    severity: Severity
    message_vi: str
    location: Location = Location()
    remedy_vi: str = ""

    @property
    def is_blocking(self) -> bool:
        """True when the act must not go on."""
        return self.severity is Severity.BLOCKS


def blocking_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stop an act, in the order found."""
    return [finding for finding in findings if finding.is_blocking]
