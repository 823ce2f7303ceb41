"""The demonstration's round: opened, dated, given its money, and told what results are measured against."""

from __future__ import annotations

from finance.actors import Function
from finance.database import Session
from finance.rounds.measurements import add_scope_units, record_output
from finance.rounds.operations import issue_ceiling, open_round, set_deadline, set_envelope
from finance.rounds.queries import RoundRow, list_rounds
from webapp.demonstration.files import (
    read_calendar,
    read_ceilings,
    read_deadlines,
    read_envelopes,
    read_round,
)
from webapp.demonstration.measurement_files import read_catalogue, read_scope_units
from webapp.demonstration.people import Staff, agency_id_of
from webapp.demonstration.story import Story


def find_demonstration_round(session: Session) -> RoundRow | None:
    """The demonstration's round, or None when it was never loaded."""
    code = read_round().code
    return next((row for row in list_rounds(session) if row.is_demonstration and row.code == code), None)


def open_demonstration_round(session: Session, staff: Staff) -> Story:
    """Let each office do its part: finance opens and indicates, planning says what there is, home
    affairs enters the units, the catalogue and the baselines.
    """
    on = read_calendar()["opened"]
    finance_office = staff.holder(Function.ESTIMATE_APPRAISAL, on)
    story = Story(session, staff, open_round(session, finance_office, read_round()).id)
    _set_dates_and_ceilings(story)
    _set_money(story)
    _enter_measurements(story)
    return story


def _set_dates_and_ceilings(story: Story) -> None:
    for stage, due_at in read_deadlines():
        actor = story.holder(Function.ESTIMATE_APPRAISAL, "opened")
        edit = story.round_edit()
        set_deadline(story.session, actor, story.round_id, stage=stage, due_at=due_at, seen_edit=edit)
    for ceiling in read_ceilings():
        issue_ceiling(
            story.session,
            story.holder(Function.ESTIMATE_APPRAISAL, "opened"),
            story.round_id,
            agency_id=agency_id_of(story.session, ceiling.agency_code),
            source_code=ceiling.source_code,
            amount_vnd=ceiling.amount_vnd,
            seen_edit=story.round_edit(),
        )


def _set_money(story: Story) -> None:
    for entry in read_envelopes():
        actor = story.holder(Function.ALLOCATION_CONSOLIDATION, "opened")
        set_envelope(story.session, actor, story.round_id, entry=entry, seen_edit=story.round_edit())


def _enter_measurements(story: Story) -> None:
    monitor = story.holder(Function.CONTENT_APPRAISAL, "opened")
    units = read_scope_units()
    add_scope_units(story.session, monitor, story.round_id, units=units, seen_edit=story.round_edit())
    for entry in read_catalogue():
        actor = story.holder(Function.CONTENT_APPRAISAL, "opened")
        record_output(story.session, actor, story.round_id, entry=entry.output, seen_edit=story.round_edit())
