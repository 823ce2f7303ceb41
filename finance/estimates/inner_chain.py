"""How an office signs: over the head of a section or straight, and never under one's own work alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.agencies.queries import has_section_step, preparers_of
from finance.audit import Subject, who_touched
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
        What the audit notes: why somebody signs his own work, or nothing.

    Raises:
        NotAllowed: the person did one of the `touching` acts, and somebody of the office has not.
    """
    subject = estimate_subject(session, estimate)
    return alone_with_it(session, actor, estimate.agency_id, subject, action=action, touching=touching)


def alone_with_it(
    session: Session,
    actor: Actor,
    agency_id: int,
    subject: Subject,
    *,
    action: Action,
    touching: frozenset[Action],
) -> dict[str, object]:
    """The same for anything an office writes and signs.

    Where everybody of the office had a hand in it nobody else could ever sign, by delegation neither; the
    file would be stuck for good, so it goes on, and the audit says why.

    Args:
        agency_id: whose persons could sign.
        subject: what is signed, as the audit names it.
        action: the signature.
        touching: the acts of who wrote it.
    """
    touched = who_touched(session, subject, touching)
    if actor.person_id not in touched:
        return {}
    office = preparers_of(session, agency_id, actor.moment.business_on)
    if office - touched:
        raise NotAllowed(
            action.label_vi,
            "Người đã soạn hoặc trình duyệt hồ sơ không ký duyệt nó; mời người khác của cơ quan, "
            "hoặc người được ủy quyền, thực hiện.",
        )
    return {"whole_office_wrote" if len(office) > 1 else "one_person_office": True}


def signer_name(actor: Actor, seat: Seat) -> str:
    """Whose name stands under the version: a delegate signs for the head (thừa ủy quyền)."""
    return f"{actor.full_name} (thay mặt {seat.loan.giver_name})" if seat.loan else actor.full_name
