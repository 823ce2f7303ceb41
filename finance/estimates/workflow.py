"""The procedure as one table: (status, function, act) -> next status, and whether a reason is needed.

This table says *when*; finance/permissions.py says *who*. It drives the checks, the buttons, the
diagram in the documents and the tests. Funding is decided per project and level, never here.

Source: decision 3377/QĐ-UBND, VII.1.c (prepare and send), VII.2.đ (content), VII.5.c (estimate).
"""

from __future__ import annotations

from dataclasses import dataclass

from finance.actions import Action
from finance.actors import Function
from finance.errors import NotInThisStatus, ReasonMissing
from finance.labels import LabelledEnum


class EstimateKind(LabelledEnum):
    """Two estimates of the decision: the yearly request, and the one to carry out what was approved."""

    ANNUAL = "ANNUAL", "dự toán hằng năm"
    IMPLEMENTING = "IMPLEMENTING", "dự toán kinh phí thực hiện"


class EstimateStatus(LabelledEnum):
    """Where an estimate stands."""

    DRAFT = "DRAFT", "đang soạn"
    CHECKED = "CHECKED", "đã trình duyệt"
    SECTION_PASSED = "SECTION_PASSED", "phòng đã duyệt"
    SIGNED = "SIGNED", "đã ký"
    SENT = "SENT", "đã gửi"
    RETURNED = "RETURNED", "bị trả lại"
    RECEIVED = "RECEIVED", "đã tiếp nhận"
    CONTENT_APPRAISAL = "CONTENT_APPRAISAL", "đang thẩm định nội dung"
    ESTIMATE_APPRAISAL = "ESTIMATE_APPRAISAL", "đang thẩm định dự toán"
    APPRAISED = "APPRAISED", "đã thẩm định"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the procedure."""

    status: EstimateStatus
    function: Function
    action: Action
    next_status: EstimateStatus
    needs_reason: bool = False


_S = EstimateStatus
_F = Function
_A = Action

STEPS: tuple[Step, ...] = (
    Step(_S.DRAFT, _F.PREPARE, _A.CHECK_ESTIMATE, _S.CHECKED),
    Step(_S.CHECKED, _F.PREPARE, _A.REOPEN_ESTIMATE, _S.DRAFT),
    Step(_S.CHECKED, _F.PREPARE, _A.PASS_SECTION, _S.SECTION_PASSED),
    Step(_S.CHECKED, _F.PREPARE, _A.REFUSE_SECTION, _S.DRAFT, needs_reason=True),
    Step(_S.CHECKED, _F.PREPARE, _A.REFUSE_ESTIMATE, _S.DRAFT, needs_reason=True),
    Step(_S.CHECKED, _F.PREPARE, _A.SIGN_ESTIMATE, _S.SIGNED),
    Step(_S.SECTION_PASSED, _F.PREPARE, _A.REFUSE_ESTIMATE, _S.DRAFT, needs_reason=True),
    Step(_S.SECTION_PASSED, _F.PREPARE, _A.SIGN_ESTIMATE, _S.SIGNED),
    Step(_S.SIGNED, _F.PREPARE, _A.REFUSE_ESTIMATE, _S.DRAFT, needs_reason=True),
    Step(_S.SIGNED, _F.PREPARE, _A.SEND_ESTIMATE, _S.SENT),
    # The office above gives back what was handed up to it; `finance.estimates.handovers` is its door.
    Step(_S.SIGNED, _F.PREPARE, _A.RETURN_ESTIMATE_DOWN, _S.RETURNED, needs_reason=True),
    Step(_S.SENT, _F.PREPARE, _A.WITHDRAW_ESTIMATE, _S.RETURNED, needs_reason=True),
    Step(_S.SENT, _F.ESTIMATE_APPRAISAL, _A.RECEIVE_ESTIMATE, _S.RECEIVED),
    Step(_S.SENT, _F.ESTIMATE_APPRAISAL, _A.RETURN_ESTIMATE, _S.RETURNED, needs_reason=True),
    Step(_S.RETURNED, _F.PREPARE, _A.REVISE_ESTIMATE, _S.DRAFT),
    Step(_S.RECEIVED, _F.ESTIMATE_APPRAISAL, _A.RETURN_ESTIMATE, _S.RETURNED, needs_reason=True),
    Step(_S.RECEIVED, _F.CONTENT_APPRAISAL, _A.BEGIN_CONTENT_APPRAISAL, _S.CONTENT_APPRAISAL),
    Step(_S.CONTENT_APPRAISAL, _F.CONTENT_APPRAISAL, _A.RETURN_ESTIMATE, _S.RETURNED, needs_reason=True),
    Step(_S.CONTENT_APPRAISAL, _F.CONTENT_APPRAISAL, _A.PASS_CONTENT, _S.ESTIMATE_APPRAISAL),
    Step(_S.ESTIMATE_APPRAISAL, _F.ESTIMATE_APPRAISAL, _A.RETURN_ESTIMATE, _S.RETURNED, needs_reason=True),
    Step(_S.ESTIMATE_APPRAISAL, _F.ESTIMATE_APPRAISAL, _A.CONCLUDE_APPRAISAL, _S.APPRAISED),
)

# The statuses in which the content may still be changed by the office that owns it.
EDITABLE = frozenset({_S.DRAFT})
# The statuses in which nobody outside the owning office may see the estimate; see also `is_still_private`.
PRIVATE = frozenset({_S.DRAFT, _S.CHECKED, _S.SECTION_PASSED, _S.SIGNED})
# An office signs over the head of a section, or straight: these steps belong to one of the two ways.
_ONLY_OVER_THE_SECTION = frozenset({(_S.CHECKED, _A.PASS_SECTION), (_S.CHECKED, _A.REFUSE_SECTION)})
_ONLY_STRAIGHT = frozenset({(_S.CHECKED, _A.SIGN_ESTIMATE)})


def is_still_private(status: EstimateStatus, *, is_sent: bool) -> bool:
    """True when nobody outside the owning office may see the estimate.

    Args:
        status: where it stands.
        is_sent: the version it stands at went to the appraising offices. One that only the office above
            gave back never did, and stays between the two.
    """
    return status in PRIVATE or (status is EstimateStatus.RETURNED and not is_sent)


def step_for(status: EstimateStatus, action: Action, function: Function) -> Step:
    """The row of the table for this act, here, by this function.

    Raises:
        NotInThisStatus: the table has no such row.
    """
    for step in STEPS:
        if step.status is status and step.action is action and step.function is function:
            return step
    raise NotInThisStatus(status.label_vi, action.label_vi)


def steps_from(status: EstimateStatus, *, has_section_step: bool | None = None) -> tuple[Step, ...]:
    """Every act the procedure allows from here, in the order of the table.

    Args:
        status: where the estimate stands.
        has_section_step: which way the office signs; None for the steps of both ways.
    """
    steps = (step for step in STEPS if step.status is status)
    if has_section_step is None:
        return tuple(steps)
    return tuple(step for step in steps if is_on_the_way(step, has_section_step=has_section_step))


def is_on_the_way(step: Step, *, has_section_step: bool) -> bool:
    """True when an office that signs this way has the step."""
    left_out = _ONLY_STRAIGHT if has_section_step else _ONLY_OVER_THE_SECTION
    return (step.status, step.action) not in left_out


def require_reason(step: Step, reason: str) -> None:
    """Refuse a step that needs a reason and has none.

    Raises:
        ReasonMissing: the reason is empty or only white space.
    """
    if step.needs_reason and not reason.strip():
        raise ReasonMissing(step.action.label_vi)
