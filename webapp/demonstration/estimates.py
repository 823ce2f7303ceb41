"""The offices' estimates: entered, handed to the head, signed, sent."""

from __future__ import annotations

from collections.abc import Sequence

from finance.estimates.draft import EstimateDraft
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.procedure import check_estimate, send_estimate, sign_estimate
from finance.estimates.queries import estimate_row
from finance.estimates.workflow import EstimateStatus
from webapp.demonstration.estimate_files import read_estimate_drafts
from webapp.demonstration.files import EstimateFile
from webapp.demonstration.people import agency_id_of
from webapp.demonstration.story import Story

STATUS_ORDER = tuple(EstimateStatus)


def is_driven_to(file: EstimateFile, status: EstimateStatus) -> bool:
    """True when the office's estimate comes at least as far as this status."""
    return STATUS_ORDER.index(file.stops_at) >= STATUS_ORDER.index(status)


def enter_estimates(story: Story, offices: Sequence[EstimateFile]) -> None:
    """Every office enters what it asks."""
    drafts = read_estimate_drafts()
    for file in offices:
        _enter(story, file, drafts[file.agency_code])


def send_estimates(story: Story, offices: Sequence[EstimateFile]) -> None:
    """The offices that are ready hand the estimate to their head, who signs, and send it."""
    for file in offices:
        if is_driven_to(file, EstimateStatus.SENT):
            _sign_and_send(story, file)


def _enter(story: Story, file: EstimateFile, draft: EstimateDraft) -> None:
    session, agency_id = story.session, agency_id_of(story.session, file.agency_code)
    preparer = story.person(file.preparer, "prepared")
    estimate_id = start_estimate(session, preparer, round_id=story.round_id, agency_id=agency_id)
    save_draft(session, story.person(file.preparer, "prepared"), estimate_id, draft=draft, seen_edit=1)


def _sign_and_send(story: Story, file: EstimateFile) -> None:
    session, estimate_id = story.session, story.estimate_of(file.agency_code)
    preparer = story.person(file.preparer, "sent")
    edit = estimate_row(session, preparer, estimate_id).edit_number
    edit = check_estimate(session, preparer, estimate_id, seen_edit=edit)
    edit = sign_estimate(session, story.person(file.head, "sent"), estimate_id, seen_edit=edit)
    send_estimate(
        session,
        story.person(file.preparer, "sent"),
        estimate_id,
        document_number=file.document_number,
        document_on=story.day("sent"),
        seen_edit=edit,
    )
