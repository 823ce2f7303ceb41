"""Loading the demonstration province: early 2012, lived through by the acts people do themselves.

Everything up to the request for a run is one transaction: a loading that is killed leaves nothing.
The run is then computed outside any transaction, as the worker does it; a loading killed there is
finished by the next one, or by any worker. Nothing is written but by the operations of finance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from finance.agencies.installation import installation_actor
from finance.agencies.queries import list_persons
from finance.allocations.queries import find_decision
from finance.clock import Moment, machine_now
from finance.database import Session, SessionFactory, reading, transaction
from finance.dossiers.required_papers import load_required_papers
from finance.errors import RuleBroken
from finance.estimates.workflow import EstimateStatus
from finance.programme.operations import load_norms, load_programme
from finance.rounds.public_holidays import load_public_holidays
from finance.rounds.queries import list_rounds
from finance.scenarios.run_queries import RunRow
from webapp.demonstration.allocation import answer_waiting_runs, ask_for_run, decide, find_run
from webapp.demonstration.appraisal import judge_content, judge_figures, receive_estimates
from webapp.demonstration.dossiers import enter_dossiers
from webapp.demonstration.estimate_files import read_estimate_drafts
from webapp.demonstration.estimates import enter_estimates, send_estimates
from webapp.demonstration.files import EstimateFile, read_calendar, read_estimate_files
from webapp.demonstration.norms import keep_norms_and_rules
from webapp.demonstration.people import Clock, Staff, add_staff
from webapp.demonstration.plans import enter_plans, send_plans, settle_plans, speak_about_plans
from webapp.demonstration.round import find_demonstration_round, open_demonstration_round
from webapp.demonstration.story import Story

DEMONSTRATION_NORMS = "norms_demonstration.csv"

_NOT_EMPTY = (
    "Cơ sở dữ liệu đã có người dùng hoặc đợt dự toán khác; tỉnh minh họa chỉ nạp vào cơ sở dữ liệu trống "
    "để số liệu minh họa không lẫn với số liệu thật. Mời dùng một cơ sở dữ liệu khác."
)


class Until(Enum):
    """How far the story is told."""

    ROUND_OPENED = 1  # people and round are there, nobody has begun an estimate
    DESKS_BUSY = 2  # every estimate as far as estimates.csv says, one scenario answered
    ALL_APPRAISED = 3  # every estimate appraised, one scenario answered
    APPROVED = 4  # and its plan approved, so that every office has its answer


@dataclass(frozen=True, slots=True)
class ProvinceReport:
    """What was loaded."""

    agency_count: int
    project_count: int
    line_count: int
    outcome_vi: str

    @property
    def sentence_vi(self) -> str:
        """One sentence for the person at the terminal."""
        sentence = (
            f"Đã nạp tỉnh minh họa (số liệu minh họa): {self.agency_count} cơ quan, "
            f"{self.project_count} dự án, {self.line_count} dòng chi."
        )
        return f"{sentence} {self.outcome_vi}".strip()


def is_province_loaded(factory: SessionFactory) -> bool:
    """True when the demonstration is there whole, with its answered run."""
    with reading(factory) as session:
        story = _find_story(session, machine_now)
        run = find_run(story) if story else None
        return run is not None and run.outcome is not None


def load_province(
    factory: SessionFactory, machine_clock: Clock, *, until: Until = Until.DESKS_BUSY
) -> ProvinceReport:
    """Load the demonstration, or finish a loading that was interrupted; safe to repeat.

    Args:
        factory: makes sessions.
        machine_clock: the machine's time; business dates come from calendar.csv.
        until: how far the story is told. Estimates of a story told already stay where they are; only
            the run's answer and the approval are still added.

    Returns:
        What was loaded.

    Raises:
        RuleBroken: the database holds somebody else's persons or rounds.
    """
    with transaction(factory) as session:
        if find_demonstration_round(session) is None:
            _require_empty(session)
            _tell(session, machine_clock, until)
    if until is not Until.ROUND_OPENED:
        answer_waiting_runs(factory, machine_clock)
    if until is Until.APPROVED:
        with transaction(factory) as session:
            _approve(session, machine_clock)
    with reading(factory) as session:
        return _report(session, machine_clock)


def _tell(session: Session, clock: Clock, until: Until) -> None:
    """Everything that happens before the run is computed, in the order of the procedure."""
    now = clock()
    installation = installation_actor(Moment(now, now))
    load_programme(session, installation)
    load_norms(session, installation, name=DEMONSTRATION_NORMS)
    load_required_papers(session, installation)
    load_public_holidays(session, installation)
    story = open_demonstration_round(session, add_staff(session, clock))
    keep_norms_and_rules(story)
    if until is not Until.ROUND_OPENED:
        offices = _offices(until)
        story.move_clock("prepared")
        enter_estimates(story, offices)
        enter_plans(story)
        enter_dossiers(story, offices)
        story.move_clock("sent")
        send_estimates(story, offices)
        send_plans(story)
        story.move_clock("received")
        receive_estimates(story, offices)
        speak_about_plans(story)
        story.move_clock("content")
        judge_content(story, offices)
        settle_plans(story)
        story.move_clock("appraised")
        judge_figures(story, offices)
        story.move_clock("planned")
        ask_for_run(story)
    story.move_clock("today")


def _offices(until: Until) -> Sequence[EstimateFile]:
    offices = read_estimate_files()
    if until is Until.DESKS_BUSY:
        return offices
    return [replace(file, stops_at=EstimateStatus.APPRAISED) for file in offices]


def _approve(session: Session, clock: Clock) -> None:
    """Decide on the answered run, unless the round is decided already."""
    story = _find_story(session, clock)
    run = find_run(story) if story else None
    if story is None or run is None or not run.has_plan or find_decision(session, story.round_id):
        return
    story.move_clock("decided")
    decide(story, run.id)


def _report(session: Session, clock: Clock) -> ProvinceReport:
    drafts = read_estimate_drafts().values()
    story = _find_story(session, clock)
    run = find_run(story) if story else None
    return ProvinceReport(
        agency_count=len(drafts),
        project_count=sum(len(draft.projects) for draft in drafts),
        line_count=sum(len(project.lines) for draft in drafts for project in draft.projects),
        outcome_vi=_outcome_words(run),
    )


def _outcome_words(run: RunRow | None) -> str:
    if run is None:
        return ""
    if run.outcome is None:
        return "Phương án phân bổ đang được một tiến trình khác tính."
    return f"Phương án phân bổ: {run.outcome_vi}"


def _find_story(session: Session, clock: Clock) -> Story | None:
    row = find_demonstration_round(session)
    return None if row is None else Story(session, Staff(session, clock), row.id)


def _require_empty(session: Session) -> None:
    if list_rounds(session) or list_persons(session, read_calendar()["opened"]):
        raise RuleBroken(_NOT_EMPTY)
