"""The way of an estimate through the offices: the only door for a status.

Every act: find -> may -> page not old -> the table has the step -> reason -> own precondition ->
done -> audited. The table is finance/estimates/workflow.py, the rights are finance/permissions.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function, Seat
from finance.audit import Change
from finance.dossiers.dossier_writer import break_seal, copy_dossiers, seal_dossiers
from finance.errors import NotAllowed, NotInThisStatus
from finance.estimates.completeness import require_complete
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft
from finance.estimates.estimate_lookup import (
    get_current_version,
    get_visible_estimate,
    note_edit,
    require_seen_estimate,
)
from finance.estimates.handing_up.lookup import require_own_sending, withdraw_handover
from finance.estimates.handing_up.sending_time import require_sending_time
from finance.estimates.inner_chain import (
    WRITING_ACTS,
    require_on_the_way,
    require_other_hands,
    signer_name,
)
from finance.estimates.parts.joining import join_parts, leave_parts, own_draft
from finance.estimates.recipients import recipients_on, require_document
from finance.estimates.records import Estimate, EstimateRecipient, EstimateVersion
from finance.estimates.separation import require_no_hand
from finance.estimates.signed_version import require_as_signed
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.version_writer import draft_digest, write_version
from finance.estimates.workflow import EDITABLE, Step, require_reason, step_for
from finance.permissions import PERMISSIONS
from finance.vietnamese.normal import nfc

# Acts of later rooms that have their own preconditions there and only move the status here.
ADVANCING_ACTS = frozenset({Action.PASS_CONTENT, Action.CONCLUDE_APPRAISAL})


@dataclass(frozen=True, slots=True)
class PermittedStep:
    """An act found, permitted and in the table, not yet done."""

    estimate: Estimate
    version: EstimateVersion
    seat: Seat
    step: Step
    reason: str


def check_estimate(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """Hand the draft to the head (trình thủ trưởng).

    Returns:
        The new edit number, like every act of this file.

    Raises:
        NotReady: blocking findings stand in the way, such as a part that a co-agency has not signed for
            the project as it is now; all of them are carried.
        RoundClosed: the submission deadline has passed.
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: like every act of this file.
    """
    act = _permit(session, actor, estimate_id, Action.CHECK_ESTIMATE, seen_edit)
    require_sending_time(session, act.estimate, actor.moment)
    draft = _require_ready(session, actor, act)
    join_parts(session, act.estimate, act.version, draft)
    return change_status(session, actor, act)


def reopen_estimate(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """Take the estimate back from the head to mend it."""
    return change_status(
        session, actor, _permit(session, actor, estimate_id, Action.REOPEN_ESTIMATE, seen_edit)
    )


def pass_section(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """The head of the section has read the draft and hands it to the head of the office (duyệt).

    Raises:
        NotReady: the round has changed and the content no longer passes the checks.
        RoundClosed: the submission deadline has passed.
        NotAllowed: the person wrote the draft and the office has somebody else.
    """
    act = _permit(session, actor, estimate_id, Action.PASS_SECTION, seen_edit)
    require_sending_time(session, act.estimate, actor.moment)
    _require_ready(session, actor, act)
    alone = require_other_hands(
        session, actor, act.estimate, action=Action.PASS_SECTION, touching=WRITING_ACTS
    )
    return change_status(session, actor, act, alone)


def refuse_section(session: Session, actor: Actor, estimate_id: int, *, reason: str, seen_edit: int) -> int:
    """The head of the section gives the draft back to the preparer (từ chối duyệt).

    Raises:
        ReasonMissing: no reason was written.
    """
    act = _permit(session, actor, estimate_id, Action.REFUSE_SECTION, seen_edit, reason)
    return change_status(session, actor, act)


def refuse_estimate(session: Session, actor: Actor, estimate_id: int, *, reason: str, seen_edit: int) -> int:
    """The head gives the estimate back to the preparer; a signature given before is void.

    Raises:
        ReasonMissing: no reason was written.
    """
    act = _permit(session, actor, estimate_id, Action.REFUSE_ESTIMATE, seen_edit, reason)
    withdraw_handover(session, act.version)
    act.version.signed_at = None
    act.version.signed_by = ""
    act.version.content_hash = ""
    break_seal(session, act.version.id)
    return change_status(session, actor, act)


def sign_estimate(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """The head signs; the version is frozen and the hash of its content kept.

    Raises:
        NotReady: the round has changed and the content no longer passes the checks.
        RoundClosed: the submission deadline has passed.
        NotAllowed: the person wrote or passed the draft and the office has somebody else.
    """
    act = _permit(session, actor, estimate_id, Action.SIGN_ESTIMATE, seen_edit)
    require_sending_time(session, act.estimate, actor.moment)
    touching = WRITING_ACTS | {Action.PASS_SECTION}
    alone = require_other_hands(session, actor, act.estimate, action=Action.SIGN_ESTIMATE, touching=touching)
    draft = _require_ready(session, actor, act)
    act.version.signed_at = actor.moment.business_at
    act.version.signed_by = signer_name(actor, act.seat)
    act.version.content_hash = draft_digest(draft)
    seal_dossiers(session, act.version.id)
    return change_status(session, actor, act, {"content_hash": act.version.content_hash, **alone})


def send_estimate(
    session: Session,
    actor: Actor,
    estimate_id: int,
    *,
    document_number: str,
    document_on: date,
    seen_edit: int,
) -> int:
    """Send the signed version to the appraising offices; "Nơi nhận" is computed from functions.

    Raises:
        RuleBroken: no document number, a document dated in the future, or no office holds the
            function the estimate must go to.
        RoundClosed: the submission deadline has passed.
        RecordDamaged: the content is not what was signed.

    Source:
        QĐ 3377/QĐ-UBND (2011), VII.1.c.
    """
    act = _permit(session, actor, estimate_id, Action.SEND_ESTIMATE, seen_edit)
    require_sending_time(session, act.estimate, actor.moment)
    require_own_sending(session, act.estimate, act.version, actor.moment.business_on)
    require_document(actor, document_number, document_on)
    require_as_signed(session, act.version)
    recipients = recipients_on(session, actor.moment.business_on)
    session.add_all(
        EstimateRecipient(version_id=act.version.id, agency_id=agency_id, is_copy=is_copy)
        for agency_id, is_copy in recipients.items()
    )
    act.version.sent_at = actor.moment.business_at
    act.version.document_number = nfc(document_number).strip()
    act.version.document_on = document_on
    details = {
        "document": act.version.document_number,
        "document_on": document_on.isoformat(),
        "to": sorted(agency_id for agency_id, is_copy in recipients.items() if not is_copy),
        "copy": sorted(agency_id for agency_id, is_copy in recipients.items() if is_copy),
    }
    return change_status(session, actor, act, details)


def withdraw_estimate(
    session: Session, actor: Actor, estimate_id: int, *, reason: str, seen_edit: int
) -> int:
    """Take a sent estimate back before it was received (rút hồ sơ).

    Raises:
        ReasonMissing: no reason was written.
    """
    act = _permit(session, actor, estimate_id, Action.WITHDRAW_ESTIMATE, seen_edit, reason)
    act.version.return_reason = act.reason
    return change_status(session, actor, act)


def receive_estimate(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """The appraising office takes the estimate in (tiếp nhận).

    Raises:
        NotAllowed: the person took part in preparing it.
    """
    return change_status(
        session, actor, _permit(session, actor, estimate_id, Action.RECEIVE_ESTIMATE, seen_edit)
    )


def return_estimate(session: Session, actor: Actor, estimate_id: int, *, reason: str, seen_edit: int) -> int:
    """Give a sent estimate back to be completed; the next version is opened by the office.

    Raises:
        ReasonMissing: no reason was written.
        NotAllowed: the person took part in preparing it.
    """
    act = _permit(session, actor, estimate_id, Action.RETURN_ESTIMATE, seen_edit, reason)
    act.version.return_reason = act.reason
    return change_status(session, actor, act)


def revise_estimate(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """Open the next version (lần) with the content of the returned one, which stays as it was."""
    act = _permit(session, actor, estimate_id, Action.REVISE_ESTIMATE, seen_edit)
    draft = own_draft(session, act.version.id, draft_of_rows(read_version(session, act.version.id)))
    act.estimate.version_number += 1
    new_version = EstimateVersion(
        estimate_id=act.estimate.id,
        number=act.estimate.version_number,
        opened_at=actor.moment.business_at,
    )
    session.add(new_version)
    edit_number = change_status(session, actor, act)
    session.flush()  # the copied rows need the version's id
    write_version(session, act.estimate, new_version, draft)
    copy_dossiers(session, act.version.id, new_version.id)
    return edit_number


def begin_content_appraisal(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """Content appraisal starts: the gate before the money is looked at (VII.2.đ).

    Raises:
        NotAllowed: the person took part in preparing it.
    """
    act = _permit(session, actor, estimate_id, Action.BEGIN_CONTENT_APPRAISAL, seen_edit)
    return change_status(session, actor, act)


def advance(
    session: Session, actor: Actor, estimate_id: int, *, action: Action, seen_edit: int, reason: str = ""
) -> int:
    """Move the status by an act whose own preconditions a later room has just checked.

    Raises:
        ValueError: the act has its own operation in this file.
    """
    if action not in ADVANCING_ACTS:
        raise ValueError(f"{action} has an operation of its own")
    return change_status(session, actor, _permit(session, actor, estimate_id, action, seen_edit, reason))


def change_status(
    session: Session, actor: Actor, act: PermittedStep, details: Mapping[str, object] | None = None
) -> int:
    """Do a permitted step: the only place that writes a status.

    Returns:
        The new edit number.
    """
    before = act.estimate.status
    act.estimate.status = act.step.next_status
    act.estimate.status_since = actor.moment.business_at
    if act.step.next_status in EDITABLE and act.step.action is not Action.REVISE_ESTIMATE:
        leave_parts(session, act.estimate, act.version, draft_of_rows(read_version(session, act.version.id)))
    change = Change(before.label_vi, act.step.next_status.label_vi, act.reason, dict(details or {}))
    return note_edit(session, actor, act.estimate, act.step.action, seat=act.seat, change=change)


def permitted_seats(actor: Actor, action: Action, agency_id: int) -> list[Seat]:
    """Every seat from which the person may do the act on this office's file, best grant first.

    Raises:
        NotAllowed: there is none.
    """
    seats = [
        seat
        for grant in PERMISSIONS[action]
        for seat in actor.seats
        if seat.allows(action) and grant.covers(seat, agency_id)
    ]
    if not seats:
        raise NotAllowed(action.label_vi)
    return seats


def _permit(
    session: Session, actor: Actor, estimate_id: int, action: Action, seen_edit: int, reason: str = ""
) -> PermittedStep:
    """Find the estimate and the step, or refuse; nothing is changed."""
    estimate = get_visible_estimate(session, actor, estimate_id)
    seats = permitted_seats(actor, action, estimate.agency_id)
    require_seen_estimate(session, estimate, seen_edit)
    seat, step = _step_of(estimate, action, seats)
    require_on_the_way(session, estimate, step)
    require_reason(step, reason)
    if step.function is not Function.PREPARE:
        require_no_hand(session, actor, action, [estimate.id])
    return PermittedStep(estimate, get_current_version(session, estimate), seat, step, nfc(reason).strip())


def _step_of(estimate: Estimate, action: Action, seats: Sequence[Seat]) -> tuple[Seat, Step]:
    """The first seat whose function has the step here: a person may hold two functions."""
    for seat in seats:
        try:
            return seat, step_for(estimate.status, action, seat.function)
        except NotInThisStatus:
            continue
    raise NotInThisStatus(estimate.status.label_vi, action.label_vi)


def _require_ready(session: Session, actor: Actor, act: PermittedStep) -> EstimateDraft:
    draft = draft_of_rows(read_version(session, act.version.id))
    today = actor.moment.business_on
    context = check_context(session, act.estimate.round_id, act.estimate.agency_id, on=today)
    # A co-agency's lines are held against its own control figures, among the findings of its parts.
    own = own_draft(session, act.version.id, draft)
    require_complete(session, act.version.id, own, context, on=actor.moment.business_on)
    return draft
