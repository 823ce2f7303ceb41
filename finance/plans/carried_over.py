"""Last year's plan as the beginning of this year's: what was left unfinished comes first, marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.plans.content import read_plan_draft
from finance.plans.draft import ActivityDraft, PlanDraft
from finance.plans.plan_lookup import find_plan, get_plan_version
from finance.plans.records import PlanProgress, PlanVersion, ReformPlan
from finance.plans.workflow import ProgressState

_ENDED = frozenset({ProgressState.DONE, ProgressState.DROPPED})


def activities_left_over(session: Session, agency_id: int, year: int) -> PlanDraft:
    """The office's own activities of the year before, the unfinished ones first and marked.

    The issued version counts, else the last one. Deadlines move on a year; values of targets are this
    year's to say and left out, and so is what was recorded as given up.
    """
    last = find_plan(session, agency_id, year - 1)
    if last is None:
        return PlanDraft()
    before = read_plan_draft(session, _version_that_counts(session, last))
    progress = _progress(session, last)
    own = [one for one in before.activities if one.is_own]
    left = [one for one in own if progress.get(one.activity_key) not in _ENDED]
    unfinished = [_moved(one, year, unfinished=True) for one in left]
    done = [
        _moved(one, year, unfinished=False)
        for one in own
        if progress.get(one.activity_key) is ProgressState.DONE
    ]
    keyed = (
        replace(one, activity_key=f"HD{place:02}") for place, one in enumerate([*unfinished, *done], start=1)
    )
    return PlanDraft(before.aims_vi, tuple(keyed))


def _moved(activity: ActivityDraft, year: int, *, unfinished: bool) -> ActivityDraft:
    return replace(
        activity,
        due_on=_a_year_later(activity.due_on),
        targets=(),
        carried_from=year - 1 if unfinished else None,
    )


def _a_year_later(day: date | None) -> date | None:
    if day is None:
        return None
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, day.month, 28 if is_leap_day else day.day)


def _version_that_counts(session: Session, plan: ReformPlan) -> PlanVersion:
    issued = session.scalar(
        select(PlanVersion)
        .where(PlanVersion.plan_id == plan.id, PlanVersion.issued_at.is_not(None))
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )
    return issued or get_plan_version(session, plan)


def _progress(session: Session, plan: ReformPlan) -> dict[str, ProgressState]:
    query = select(PlanProgress.activity_key, PlanProgress.state).where(PlanProgress.plan_id == plan.id)
    return dict(session.execute(query).all())
