"""How an office signs: over the head of a section or straight, and never under one's own work alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.agencies.queries import count_preparers, has_section_step
from finance.audit import has_touched
from finance.errors import NotAllowed, NotInThisStatus
from finance.estimates.estimate_lookup import estimate_subject
from finance.estimates.records import Estimate
from finance.estimates.workflow import Step, is_on_the_way

# Who wrote or handed on a draft does not pass or sign it while the office has somebody else for it.
WRITING_ACTS = frozenset(
    {
        Action.START_ESTIMATE,
        Action.SAVE_DRAFT,
        Action.IMPORT_WORKBOOK,
        Action.COPY_PROJECT,
        Action.CONFIRM_COPY,
        Action.CHECK_ESTIMATE,
    }
)


def require_on_the_way(session: Session, estimate: Estimate, step: Step) -> None:
    """Refuse a step that the office's own chain does not have here.

    Raises:
        NotInThisStatus: the office signs the other way.
    """
    goes_over_section = has_section_step(session, estimate.agency_id)
    if not is_on_the_way(step, has_section_step=goes_over_section):
        waits = ", chờ lãnh đạo phòng" if goes_over_section else ""
        raise NotInThisStatus(f"{estimate.status.label_vi}{waits}", step.action.label_vi)


def require_other_hands(
    session: Session, actor: Actor, estimate: Estimate, *, action: Action, touching: frozenset[Action]
) -> dict[str, object]:
    """Refuse a signature under one's own work, unless the office has nobody else.

    Returns:
        What the audit notes: that the office has one person, or nothing.

    Raises:
        NotAllowed: the person did one of the `touching` acts, and the office has more than one person.
    """
    if not has_touched(session, actor.person_id, estimate_subject(session, estimate), touching):
        return {}
    if count_preparers(session, estimate.agency_id, actor.moment.business_on) > 1:
        raise NotAllowed(
            action.label_vi,
            "Người đã soạn hoặc trình duyệt hồ sơ không ký duyệt nó; mời người khác của cơ quan, "
            "hoặc người được ủy quyền, thực hiện.",
        )
    return {"one_person_office": True}


def signer_name(actor: Actor, seat: Seat) -> str:
    """Whose name stands under the version: a delegate signs for the head (thừa ủy quyền)."""
    return f"{actor.full_name} (thay mặt {seat.loan.giver_name})" if seat.loan else actor.full_name
