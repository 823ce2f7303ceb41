"""Who has had a hand in an estimate: the one place every judging room asks. Kept by person, not by office.

A hand is an act of preparing on the estimate itself, on a co-agency's part of one of its projects, or on an
estimate below from which its projects were taken in, however many offices they came through. Acts on
any version count, also what was written and thrown away again: nobody judges what he worked on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import AuditEntry, earlier_act_vi, refuse_earlier_hand
from finance.estimates.estimate_lookup import PART_KIND, SUBJECT_KIND, kind_in_round
from finance.estimates.handing_up.records import EstimateHandover, TakenProject
from finance.estimates.parts.records import ProjectPart
from finance.estimates.records import Estimate
from finance.labels import LabelledEnum
from finance.rounds.records import BudgetRound

# Who did one of these on an estimate has made it and may not receive or appraise it.
PREPARING_ACTS = frozenset(
    {
        Action.START_ESTIMATE,
        Action.SAVE_DRAFT,
        Action.IMPORT_WORKBOOK,
        Action.SAVE_DOSSIER,
        Action.ATTACH_PAPER,
        Action.REMOVE_PAPER,
        Action.PASS_WARNING,
        Action.COPY_PROJECT,
        Action.CONFIRM_COPY,
        Action.CHECK_ESTIMATE,
        Action.PASS_SECTION,
        Action.REFUSE_SECTION,
        Action.REOPEN_ESTIMATE,
        Action.REFUSE_ESTIMATE,
        Action.SIGN_ESTIMATE,
        Action.SEND_ESTIMATE,
        Action.WITHDRAW_ESTIMATE,
        Action.REVISE_ESTIMATE,
        Action.SUBMIT_ESTIMATE_UP,
        Action.TAKE_ESTIMATE,
    }
)
# The same on a part. To decline is no hand in it: nothing of the one who declined is asked for.
PART_ACTS = frozenset(
    {
        Action.INVITE_PARTNER,
        Action.WITHDRAW_INVITATION,
        Action.ACCEPT_PART,
        Action.SAVE_PART,
        Action.SIGN_PART,
        Action.REOPEN_PART,
    }
)


class HandPlace(LabelledEnum):
    """Where somebody had a hand in what an estimate asks."""

    OWN = "OWN", "chính dự toán này"
    PART = "PART", "phần của cơ quan phối hợp trong hồ sơ này"
    BELOW = "BELOW", "dự toán cấp dưới đã tổng hợp vào hồ sơ này"


@dataclass(frozen=True, slots=True)
class Hand:
    """One act of one person by which he had a hand in an estimate.

    Attributes:
        what_vi: who did what, when and where, without a full stop.
    """

    place: HandPlace
    person_id: int | None
    action: Action
    what_vi: str


def hands_in(
    session: Session,
    estimate_ids: Collection[int],
    *,
    by: int | None = None,
    own_acts: frozenset[Action] = PREPARING_ACTS,
) -> dict[int, tuple[Hand, ...]]:
    """Who has had a hand in which of these estimates, in two queries however many they are.

    Args:
        session: open session.
        estimate_ids: the estimates to be judged.
        by: only this person's acts; everybody's when None.
        own_acts: the acts that count on an estimate itself and on those below it.

    Returns:
        Per estimate with a hand in it the acts: its own first, each place by the order of acts.
    """
    places = _places_of(session, estimate_ids)
    if not places:
        return {}
    subjects: dict[str, list[int]] = {}
    for kind, subject_id in places:
        subjects.setdefault(kind, []).append(subject_id)
    acts_on_them = or_(
        *(
            and_(
                AuditEntry.subject_kind == kind,
                AuditEntry.subject_id.in_(ids),
                AuditEntry.action.in_(list(PART_ACTS if PART_KIND in kind else own_acts)),
            )
            for kind, ids in subjects.items()
        )
    )
    query = select(AuditEntry).where(acts_on_them).order_by(AuditEntry.id)
    if by is not None:
        query = query.where(AuditEntry.person_id == by)
    found: dict[int, list[Hand]] = {}
    for entry in session.scalars(query):
        for estimate_id, place in places[entry.subject_kind, entry.subject_id]:
            found.setdefault(estimate_id, []).append(_hand(place, entry))
    order = list(HandPlace)
    return {
        estimate_id: tuple(sorted(hands, key=lambda hand: order.index(hand.place)))
        for estimate_id, hands in found.items()
    }


def find_hand(session: Session, person_id: int, estimate_id: int) -> Hand | None:
    """The first act by which the person had a hand in the estimate, or None."""
    return next(iter(hands_in(session, [estimate_id], by=person_id).get(estimate_id, ())), None)


def require_no_hand(
    session: Session,
    actor: Actor,
    action: Action,
    estimate_ids: Collection[int],
    *,
    own_acts: frozenset[Action] = PREPARING_ACTS,
) -> None:
    """Refuse the act to anyone who had a hand in one of the estimates, naming what he did and where.

    Raises:
        NotAllowed: the person prepared one of them, a part of it or an estimate it was taken from.

    Source:
        design rule "nobody appraises or approves what he touched", kept by person, not by office.
    """
    for hands in hands_in(session, estimate_ids, by=actor.person_id, own_acts=own_acts).values():
        raise refuse_earlier_hand(action, hands[0].what_vi)


def _hand(place: HandPlace, entry: AuditEntry) -> Hand:
    said = earlier_act_vi(entry)
    what_vi = f"{said}, {place.label_vi}" if place is HandPlace.BELOW else said
    return Hand(place, entry.person_id, entry.action, what_vi)


def _places_of(
    session: Session, estimate_ids: Collection[int]
) -> dict[tuple[str, int], set[tuple[int, HandPlace]]]:
    """Per subject of the audit the estimates it is a part of, and as what."""
    asked = select(Estimate.id.label("asked_id"), Estimate.id.label("source_id"))
    tree = asked.where(Estimate.id.in_(estimate_ids)).cte("came_from", recursive=True)
    below = (
        select(tree.c.asked_id, EstimateHandover.estimate_id)
        .join(TakenProject, TakenProject.estimate_id == tree.c.source_id)
        .join(EstimateHandover, EstimateHandover.id == TakenProject.handover_id)
    )
    tree = tree.union(below)  # without repetition, so that it ends whatever was taken by whom
    query = (
        select(tree.c.asked_id, tree.c.source_id, BudgetRound.id, BudgetRound.is_practice, ProjectPart.id)
        .join(Estimate, Estimate.id == tree.c.source_id)
        .join(BudgetRound, BudgetRound.id == Estimate.round_id)
        .outerjoin(ProjectPart, ProjectPart.estimate_id == tree.c.source_id)
    )
    found: dict[tuple[str, int], set[tuple[int, HandPlace]]] = {}
    for asked_id, source_id, round_id, is_practice, part_id in session.execute(query):
        practice_id = round_id if is_practice else None
        place = HandPlace.OWN if asked_id == source_id else HandPlace.BELOW
        source = kind_in_round(SUBJECT_KIND, practice_id), source_id
        found.setdefault(source, set()).add((asked_id, place))
        if part_id is not None:
            part = kind_in_round(PART_KIND, practice_id), part_id
            found.setdefault(part, set()).add((asked_id, HandPlace.PART))
    return found
