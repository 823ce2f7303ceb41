"""A plan as pages and tables read it: small frozen rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from finance.plans.workflow import CommentKind, PlanStatus, ProgressState


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as lists show it; `shown_number` is the version this reader may read.

    Attributes:
        is_own: the reader prepares for the owning office.
        is_below: the reader prepares for the office that consolidates it.
    """

    id: int
    agency_id: int
    agency_code: str
    agency_name: str
    agency_short: str
    year: int
    status: PlanStatus
    version_number: int
    shown_number: int
    edit_number: int
    status_since: datetime
    activity_count: int
    is_own: bool
    is_below: bool
    label_vi: str


@dataclass(frozen=True, slots=True)
class PlanVersionRow:
    """One version of a plan."""

    id: int
    plan_id: int
    number: int
    aims_vi: str
    opened_at: datetime
    sent_at: datetime | None
    sent_by: str
    sent_to: str
    return_reason: str
    agreed_at: datetime | None
    agreed_by: str
    document_number: str
    document_on: date | None
    issued_at: datetime | None
    issued_by: str


@dataclass(frozen=True, slots=True)
class TargetValueRow:
    """A target an activity serves, with this year's value in words and the programme's own."""

    code: str
    name_vi: str
    value_vi: str
    programme_vi: str


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One activity of a version."""

    key: str
    position: int
    name_vi: str
    task_code: str
    task_name: str
    area_code: str
    product_vi: str
    due_on: date | None
    responsible_vi: str
    partners_vi: str
    note: str
    targets: tuple[TargetValueRow, ...]
    carried_from: int | None
    origin_short: str
    progress: ProgressState | None
    progress_words: str

    @property
    def is_own(self) -> bool:
        """True for an activity the office planned itself."""
        return not self.origin_short

    @property
    def is_unfinished(self) -> bool:
        """True unless it was recorded as done or given up: silence is no proof of an end."""
        return self.progress not in (ProgressState.DONE, ProgressState.DROPPED)


@dataclass(frozen=True, slots=True)
class CommentRow:
    """What was said about an activity (or the whole plan) of a version, and what was answered."""

    id: int
    version_number: int
    activity_key: str
    kind: CommentKind
    words: str
    person_name: str
    agency_short: str
    given_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanActRow:
    """One act on a plan, as its history shows it, with what it changed."""

    business_at: datetime
    sentence_vi: str
    changes_vi: tuple[str, ...] = ()
