"""Who acts: a person sitting in dated seats, each seat a function of an office.

The procedure names functions, never departments: departments have been merged and renamed,
the duties stay (decision 3377/QĐ-UBND, VII.1-6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from finance.actions import Action
from finance.clock import Moment
from finance.labels import LabelledEnum


class Function(LabelledEnum):
    """What an office does in the procedure."""

    PREPARE = "PREPARE", "lập dự toán"
    CONTENT_APPRAISAL = "CONTENT_APPRAISAL", "thẩm định nội dung"
    ESTIMATE_APPRAISAL = "ESTIMATE_APPRAISAL", "thẩm định dự toán"
    CAPITAL_REVIEW = "CAPITAL_REVIEW", "thẩm tra vốn đầu tư"
    IT_OPINION = "IT_OPINION", "cho ý kiến chuyên ngành công nghệ thông tin"
    ALLOCATION_CONSOLIDATION = "ALLOCATION_CONSOLIDATION", "tổng hợp, trình phân bổ"
    APPROVAL = "APPROVAL", "phê duyệt"
    INSPECTION = "INSPECTION", "thanh tra, kiểm tra"
    ADMINISTRATION = "ADMINISTRATION", "quản trị hệ thống"


class Capacity(LabelledEnum):
    """Whether a person works on the file, answers for the section's work, or signs for the office."""

    OFFICER = "OFFICER", "chuyên viên"
    SECTION_HEAD = "SECTION_HEAD", "lãnh đạo phòng"
    HEAD = "HEAD", "thủ trưởng"


@dataclass(frozen=True, slots=True)
class SeatLoan:
    """A seat held by delegation (ủy quyền): whose it is, for which acts, by which document."""

    delegation_id: int
    giver_id: int
    giver_name: str
    acts: frozenset[Action]
    document_number: str


@dataclass(frozen=True, slots=True)
class Seat:
    """One chair a person may act from: a function of one office, as officer or as head."""

    function: Function
    capacity: Capacity
    agency_id: int
    loan: SeatLoan | None = None

    def allows(self, action: Action) -> bool:
        """True unless the seat is held by delegation and the act was not delegated."""
        return self.loan is None or action in self.loan.acts


@dataclass(frozen=True, slots=True)
class Actor:
    """The person acting, the seats he holds at this moment, and the moment itself."""

    person_id: int
    full_name: str
    seats: tuple[Seat, ...]
    moment: Moment

    def sits_in(self, function: Function) -> bool:
        """True when one of the seats has this function."""
        return any(seat.function is function for seat in self.seats)

    def agencies_of(self, functions: Iterable[Function]) -> frozenset[int]:
        """Ids of the offices for which the person holds one of the functions."""
        wanted = set(functions)
        return frozenset(seat.agency_id for seat in self.seats if seat.function in wanted)
