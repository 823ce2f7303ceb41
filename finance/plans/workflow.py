"""The way of a reform plan as one table: (status, party, act) -> next status, and whether a reason is needed.

This table says *when*; finance/permissions.py says *who*. A plan of an office that sends by itself goes
to the content appraisers; a plan of an office under another one goes up, is taken into the upper plan
or given back. It drives the checks, the buttons, the page's step bar and the tests.

Source: decision 3377/QĐ-UBND, VII.1.a (prepare), VII.2.d (guidance), VII.2.đ (appraisal of content).
"""

from __future__ import annotations

from dataclasses import dataclass

from finance.actions import Action
from finance.errors import NotInThisStatus, ReasonMissing
from finance.labels import LabelledEnum


class PlanStatus(LabelledEnum):
    """Where a plan stands."""

    DRAFT = "DRAFT", "đang soạn"
    SENT = "SENT", "đã gửi thẩm định nội dung"
    SUBMITTED_UP = "SUBMITTED_UP", "đã gửi cấp trên"
    RETURNED = "RETURNED", "được yêu cầu sửa"
    TAKEN = "TAKEN", "cấp trên đã tổng hợp"
    AGREED = "AGREED", "đã thống nhất nội dung"
    ISSUED = "ISSUED", "đã ban hành"


class PlanParty(LabelledEnum):
    """Who acts, seen from the plan."""

    OWNER = "OWNER", "cơ quan lập kế hoạch"
    UPPER = "UPPER", "cơ quan cấp trên tổng hợp"
    APPRAISER = "APPRAISER", "cơ quan thẩm định nội dung"


class CommentKind(LabelledEnum):
    """Advice, or something that must be changed before the content is agreed."""

    GUIDANCE = "GUIDANCE", "hướng dẫn, góp ý"
    REQUEST = "REQUEST", "yêu cầu sửa"


class ProgressState(LabelledEnum):
    """How an activity of an issued plan came out."""

    UNDER_WAY = "UNDER_WAY", "đang thực hiện"
    DONE = "DONE", "đã hoàn thành"
    DROPPED = "DROPPED", "không thực hiện nữa"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One row of the way."""

    status: PlanStatus
    party: PlanParty
    action: Action
    next_status: PlanStatus
    needs_reason: bool = False


_S = PlanStatus
_P = PlanParty
_A = Action

PLAN_STEPS: tuple[PlanStep, ...] = (
    PlanStep(_S.DRAFT, _P.OWNER, _A.SEND_PLAN, _S.SENT),
    PlanStep(_S.DRAFT, _P.OWNER, _A.SUBMIT_PLAN_UP, _S.SUBMITTED_UP),
    PlanStep(_S.SENT, _P.OWNER, _A.WITHDRAW_PLAN, _S.RETURNED, needs_reason=True),
    PlanStep(_S.SENT, _P.APPRAISER, _A.REQUEST_PLAN_CHANGES, _S.RETURNED),
    PlanStep(_S.SENT, _P.APPRAISER, _A.AGREE_PLAN, _S.AGREED),
    PlanStep(_S.SUBMITTED_UP, _P.OWNER, _A.WITHDRAW_PLAN, _S.RETURNED, needs_reason=True),
    PlanStep(_S.SUBMITTED_UP, _P.UPPER, _A.RETURN_PLAN_DOWN, _S.RETURNED, needs_reason=True),
    PlanStep(_S.SUBMITTED_UP, _P.UPPER, _A.TAKE_PLAN, _S.TAKEN),
    PlanStep(_S.RETURNED, _P.OWNER, _A.REVISE_PLAN, _S.DRAFT),
    PlanStep(_S.TAKEN, _P.UPPER, _A.RETURN_PLAN_DOWN, _S.RETURNED, needs_reason=True),
    PlanStep(_S.TAKEN, _P.OWNER, _A.ISSUE_PLAN, _S.ISSUED),
    PlanStep(_S.AGREED, _P.OWNER, _A.ISSUE_PLAN, _S.ISSUED),
    PlanStep(_S.AGREED, _P.OWNER, _A.REVISE_PLAN, _S.DRAFT, needs_reason=True),
    PlanStep(_S.ISSUED, _P.OWNER, _A.REVISE_PLAN, _S.DRAFT, needs_reason=True),
)

# The one status in which the owning office may change the content.
PLAN_EDITABLE = frozenset({_S.DRAFT})


def plan_step_for(status: PlanStatus, action: Action, party: PlanParty) -> PlanStep:
    """The row of the table for this act, here, by this party.

    Raises:
        NotInThisStatus: the table has no such row.
    """
    for step in PLAN_STEPS:
        if step.status is status and step.action is action and step.party is party:
            return step
    raise NotInThisStatus(status.label_vi, action.label_vi)


def plan_steps_from(status: PlanStatus) -> tuple[PlanStep, ...]:
    """Every act allowed from here, in the order of the table."""
    return tuple(step for step in PLAN_STEPS if step.status is status)


def require_plan_reason(step: PlanStep, reason: str) -> None:
    """Refuse a step that needs a reason and has none.

    Raises:
        ReasonMissing: the reason is empty or only white space.
    """
    if step.needs_reason and not reason.strip():
        raise ReasonMissing(step.action.label_vi)
