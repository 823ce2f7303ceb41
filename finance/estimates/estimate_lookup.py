"""Finding an estimate for somebody: who may know of it, what it is called, whether his page is old."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from finance.actions import Action
from finance.actors import Actor, Function, Seat
from finance.agencies.records import Agency
from finance.audit import AuditEntry, Change, Subject, audit_sentence, record_change
from finance.errors import NotFound, RecordDamaged, StaleVersion
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.workflow import PRIVATE, EstimateStatus, is_still_private
from finance.permissions import may
from finance.rounds.records import BudgetRound

SUBJECT_KIND = "estimate"
PART_KIND = "project_part"


def may_see(actor: Actor, agency_id: int, *, is_private: bool) -> bool:
    """True when the person may know of an estimate of this office.

    The office itself always; everybody else only what was sent, and only with a seat that reads
    estimates. An appraiser's seat does not open his own office's draft.

    Args:
        actor: who asks.
        agency_id: office that owns the estimate.
        is_private: as `workflow.is_still_private` says of where the estimate stands.
    """
    if agency_id in actor.agencies_of([Function.PREPARE]):
        return True
    return not is_private and may(actor, Action.VIEW_ESTIMATE, agency_id)


def private_estimates() -> ColumnElement[bool]:
    """The same for a query that selects from `Estimate`: true of those only their own office may see."""
    version = aliased(EstimateVersion)
    sent = select(version.id).where(
        version.estimate_id == Estimate.id,
        version.number == Estimate.version_number,
        version.sent_at.is_not(None),
    )
    only_given_back = and_(Estimate.status == EstimateStatus.RETURNED, ~sent.correlate(Estimate).exists())
    return or_(Estimate.status.in_(list(PRIVATE)), only_given_back)


def stays_private(session: Session, estimate: Estimate) -> bool:
    """True when nobody outside the owning office may see this estimate."""
    if estimate.status is not EstimateStatus.RETURNED:
        return is_still_private(estimate.status, is_sent=True)
    return is_still_private(
        estimate.status, is_sent=get_current_version(session, estimate).sent_at is not None
    )


def get_visible_estimate(session: Session, actor: Actor, estimate_id: int) -> Estimate:
    """The estimate, if this person may know of it.

    Raises:
        NotFound: no such estimate, or none he may know of; both look the same.
    """
    estimate = session.get(Estimate, estimate_id)
    if estimate is None or not may_see(
        actor, estimate.agency_id, is_private=stays_private(session, estimate)
    ):
        raise NotFound("dự toán", estimate_id)
    return estimate


def get_current_version(session: Session, estimate: Estimate) -> EstimateVersion:
    """The version the estimate stands at.

    Raises:
        RecordDamaged: the estimate names a version that is not there.
    """
    version = session.scalar(
        select(EstimateVersion).where(
            EstimateVersion.estimate_id == estimate.id, EstimateVersion.number == estimate.version_number
        )
    )
    if version is None:
        raise RecordDamaged(f"estimate {estimate.id} has no version {estimate.version_number}")
    return version


def estimate_subject(session: Session, estimate: Estimate) -> Subject:
    """How the audit names an estimate."""
    return Subject(subject_kind_of(session, estimate.id), estimate.id, estimate_label(session, estimate))


def kind_in_round(kind: str, practice_round_id: int | None) -> str:
    """Under which kind the audit files an estimate or a part of a true round (None) or a practice round.

    What belongs to a practice round has a kind of its own: its row is wiped, a store may give its number
    to a true one later, and that one must not inherit what was done in practice.
    """
    return kind if practice_round_id is None else f"practice_{kind}_{practice_round_id}"


def subject_kind_of(session: Session, estimate_id: int, kind: str = SUBJECT_KIND) -> str:
    """Under which kind the audit files the estimate, or what hangs on it; see `kind_in_round`."""
    practice = select(BudgetRound.id).where(BudgetRound.is_practice, BudgetRound.id == Estimate.round_id)
    return kind_in_round(kind, session.scalar(practice.where(Estimate.id == estimate_id)))


def estimate_label(session: Session, estimate: Estimate) -> str:
    """Kind, office and round, as people name an estimate."""
    agency = session.get_one(Agency, estimate.agency_id)
    budget_round = session.get_one(BudgetRound, estimate.round_id)
    return f"{estimate.kind.label_vi.capitalize()} của {agency.short_vi}, {budget_round.name_vi}"


def require_seen_estimate(session: Session, estimate: Estimate, seen_edit: int) -> None:
    """Refuse an act decided on an old page.

    Raises:
        StaleVersion: somebody wrote since; the differences name every act since then.
    """
    if estimate.edit_number != seen_edit:
        raise StaleVersion(seen_edit, estimate.edit_number, acts_since(session, estimate.id, seen_edit))


def acts_since(session: Session, estimate_id: int, seen_edit: int) -> tuple[str, ...]:
    """Every act on the estimate after this edit number, with what it changed, oldest first."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == subject_kind_of(session, estimate_id),
            AuditEntry.subject_id == estimate_id,
        )
        .order_by(AuditEntry.id)
    )
    said: list[str] = []
    for entry in session.scalars(query):
        if entry.details.get("edit", 0) > seen_edit:
            said.append(audit_sentence(entry))
            said += entry.details.get("changes", ())
    return tuple(said)


def was_returned(session: Session, estimate_id: int) -> bool:
    """True when an appraising office has returned some version of the estimate to be completed."""
    query = select(AuditEntry.id).where(
        AuditEntry.subject_kind == subject_kind_of(session, estimate_id),
        AuditEntry.subject_id == estimate_id,
        AuditEntry.action == Action.RETURN_ESTIMATE,
    )
    return session.scalar(query.limit(1)) is not None


def note_edit(
    session: Session, actor: Actor, estimate: Estimate, action: Action, *, seat: Seat, change: Change
) -> int:
    """Raise the edit number and write the act into the audit; every write on an estimate ends here.

    Returns:
        The new edit number.
    """
    estimate.edit_number += 1
    details = {"edit": estimate.edit_number, "version": estimate.version_number, **(change.details or {})}
    noted = Change(change.from_state, change.to_state, change.reason, details)
    record_change(session, actor, action, estimate_subject(session, estimate), seat=seat, change=noted)
    return estimate.edit_number
