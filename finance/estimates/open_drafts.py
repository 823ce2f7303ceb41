"""A draft found, permitted and fresh, and the note of what was changed in it: shared by every door to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.audit import Change
from finance.errors import NotInThisStatus
from finance.estimates.draft import EstimateDraft
from finance.estimates.estimate_lookup import (
    get_current_version,
    get_visible_estimate,
    note_edit,
    require_seen_estimate,
)
from finance.estimates.merging.draft_differences import DraftChanges
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.workflow import EDITABLE
from finance.permissions import require

MOST_SENTENCES_KEPT = 50  # of one change, in the audit


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft found, permitted and fresh."""

    estimate: Estimate
    version: EstimateVersion
    seat: Seat
    draft: EstimateDraft


def open_draft(session: Session, actor: Actor, estimate_id: int, action: Action, seen_edit: int) -> OpenDraft:
    """The estimate's draft, to be changed.

    Raises:
        NotFound: no such estimate, or none he may know of.
        NotAllowed: the person may not do this act.
        StaleVersion: somebody wrote since he looked.
        NotInThisStatus: the estimate is not being drafted.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    seat = require(actor, action, estimate.agency_id)
    require_seen_estimate(session, estimate, seen_edit)
    if estimate.status not in EDITABLE:
        raise NotInThisStatus(estimate.status.label_vi, action.label_vi)
    version = get_current_version(session, estimate)
    return OpenDraft(estimate, version, seat, draft_of_rows(read_version(session, version.id)))


def note_changes(
    session: Session,
    actor: Actor,
    opened: OpenDraft,
    action: Action,
    changes: DraftChanges,
    details: Mapping[str, str],
) -> int:
    """Write what was changed into the audit; gives the new edit number."""
    said = list(changes.sentences_vi[:MOST_SENTENCES_KEPT])
    more = len(changes.sentences_vi) - len(said)
    if more > 0:
        said.append(f"Và {more} thay đổi khác.")
    change = Change(details={"changes": said, **details})
    return note_edit(session, actor, opened.estimate, action, seat=opened.seat, change=change)
