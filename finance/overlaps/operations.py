"""Closing a pair of requests that look alike with a conclusion and its reason."""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change, Subject, record_change
from finance.errors import ReasonMissing, StaleVersion
from finance.estimates.separation import require_no_hand
from finance.overlaps.queries import JudgedPair, ProjectName, overlap_pair
from finance.overlaps.records import OverlapDecision
from finance.overlaps.rules import OverlapVerdict
from finance.permissions import require
from finance.vietnamese.normal import nfc


def decide_overlap(
    session: Session,
    actor: Actor,
    *,
    pair: tuple[ProjectName, ProjectName],
    verdict: OverlapVerdict,
    reason: str,
    seen_edit: int,
) -> None:
    """Conclude whether two requests ask for the same thing.

    The conclusion holds for what both ask now; when either is changed it is shown as stale.

    Args:
        session: open write session.
        actor: a reviewer who had a hand in neither of the two.
        pair: the two projects, in any order.
        verdict: the conclusion.
        reason: why, for whoever asks later.
        seen_edit: how many conclusions the person's page knew of.

    Raises:
        NotFound: no such pair, or none he may see.
        NotAllowed: the actor does not review, or had a hand in one of the two.
        ReasonMissing: no reason is given.
        StaleVersion: somebody concluded since.
    """
    found = overlap_pair(session, actor, *pair)
    seat = require(actor, Action.DECIDE_OVERLAP)
    both = {found.one.estimate_id, found.other.estimate_id}
    require_no_hand(session, actor, Action.DECIDE_OVERLAP, both)
    if found.edit_number != seen_edit:
        raise StaleVersion(seen_edit, found.edit_number)
    words = nfc(reason).strip()
    if not words:
        raise ReasonMissing(Action.DECIDE_OVERLAP.label_vi)
    record = _decision(actor, found, verdict, words)
    session.add(record)
    session.flush()  # the audit row needs the new id
    before = found.standing.verdict.label_vi if found.standing else ""
    label = (
        f"{found.one.agency_short}: {found.one.name_vi} – {found.other.agency_short}: {found.other.name_vi}"
    )
    details = {
        "projects": [found.one.project_key, found.other.project_key],
        "edit": seen_edit + 1,
    }
    change = Change(before, verdict.label_vi, words, details)
    subject = Subject("overlap", record.id, label)
    record_change(session, actor, Action.DECIDE_OVERLAP, subject, seat=seat, change=change)


def _decision(actor: Actor, pair: JudgedPair, verdict: OverlapVerdict, reason: str) -> OverlapDecision:
    return OverlapDecision(
        one_estimate_id=pair.one.estimate_id,
        one_project_key=pair.one.project_key,
        one_hash=pair.one.content_hash,
        other_estimate_id=pair.other.estimate_id,
        other_project_key=pair.other.project_key,
        other_hash=pair.other.content_hash,
        verdict=verdict,
        reason=reason,
        score_thousandths=round(pair.likeness.score * 1000),
        person_id=actor.person_id,
        person_name=actor.full_name,
        decided_at=actor.moment.business_at,
    )
