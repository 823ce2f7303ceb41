"""What waits for whom, and where every office's estimate stands. Pure: rows and how they are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from finance.actions import Action
from finance.actors import Actor, Function
from finance.clock import VIETNAM_TIME
from finance.estimates.workflow import EstimateStatus
from finance.labels import LabelledEnum
from finance.permissions import may
from finance.reviews.figures import EstimateFigures, ProjectLeft
from finance.reviews.readiness import may_be_concluded
from finance.reviews.rules import opinion_rule
from finance.rounds.rules import RoundStage

_S = EstimateStatus

# Which dated stage of the round a file is in, by where it stands.
STAGE_OF_STATUS: dict[EstimateStatus, RoundStage] = {
    **dict.fromkeys((_S.DRAFT, _S.CHECKED, _S.SECTION_PASSED, _S.SIGNED, _S.RETURNED), RoundStage.SUBMISSION),
    **dict.fromkeys((_S.SENT, _S.RECEIVED, _S.CONTENT_APPRAISAL), RoundStage.CONTENT_APPRAISAL),
    _S.ESTIMATE_APPRAISAL: RoundStage.ESTIMATE_APPRAISAL,
    _S.APPRAISED: RoundStage.CONSOLIDATION,
}


class Sheet(LabelledEnum):
    """The sheets of a review file; an inbox row says on which one the work waits."""

    OVERVIEW = "OVERVIEW", "Tổng quan"
    CONTENT = "CONTENT", "Nội dung"
    LINES = "LINES", "Dòng chi"
    OUTPUTS = "OUTPUTS", "Kết quả cam kết"
    POOL = "POOL", "Ý kiến phân bổ"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One office on the board of a round.

    Attributes:
        status: None when the office has not started.
        is_private: only the office itself may see the estimate.
        held_by: short names of the offices on whose desk the file lies.
        days_held: whole days since the file came there; None when nothing was started.
        figures: None while the office still prepares: nobody else sees its figures then.
        ceiling_vnd: control figures of the office for the fiscal year; None when none was issued.
        asked_in_ceiling_vnd: what it asks of those sources in that year, its parts in other offices'
            projects with it and co-agencies' lines in its own left out; None while it still prepares.
        asked_in_parts_vnd: what it asks of those sources in that year in sent projects of other offices.
    """

    agency_id: int
    agency_name: str
    agency_short: str
    estimate_id: int | None
    version_number: int | None
    status: EstimateStatus | None
    is_private: bool
    held_by: tuple[str, ...]
    days_held: int | None
    due_at: datetime | None
    is_late: bool
    figures: EstimateFigures | None
    opinions_left: int
    ceiling_vnd: int | None
    asked_in_ceiling_vnd: int | None
    asked_in_parts_vnd: int = 0

    @property
    def exceeds_ceiling(self) -> bool:
        """True when what reviewers may know of is above the control figures."""
        asked = self.asked_in_parts_vnd if self.asked_in_ceiling_vnd is None else self.asked_in_ceiling_vnd
        return self.ceiling_vnd is not None and asked > self.ceiling_vnd

    @property
    def is_open_to_reviewers(self) -> bool:
        """True when the review file may be opened."""
        return self.status is not None and not self.is_private


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One piece of work that waits for the actor: the verb, the file, how much, by when."""

    action: Action
    sheet: Sheet
    estimate_id: int
    agency_name: str
    label_vi: str
    detail_vi: str
    status: EstimateStatus
    status_since: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A piece of work before it is tied to a file."""

    action: Action
    sheet: Sheet
    detail_vi: str


def whole_days_since(since: datetime, today: date) -> int:
    """Calendar days in Viet Nam from the day of `since` to `today`; never below 0."""
    return max(0, (today - since.astimezone(VIETNAM_TIME).date()).days)


def waiting_for(
    actor: Actor, status: EstimateStatus, agency_id: int, projects: Sequence[ProjectLeft]
) -> Iterator[Waiting]:
    """What the actor's functions have to do on a file that stands here, in the order of the procedure."""
    works = (
        *_steps(status),
        *_content_work(status, projects),
        *_opinion_work(status, projects, Function.IT_OPINION, Sheet.CONTENT),
        *_appraisal_work(status, projects),
        *_opinion_work(status, projects, Function.ALLOCATION_CONSOLIDATION, Sheet.POOL),
    )
    yield from (work for work in works if may(actor, work.action, agency_id))


def _steps(status: EstimateStatus) -> Iterator[Waiting]:
    if status is _S.SENT:
        yield Waiting(Action.RECEIVE_ESTIMATE, Sheet.OVERVIEW, "Kiểm tra đủ biểu, phụ lục rồi tiếp nhận.")
    if status is _S.RECEIVED:
        yield Waiting(Action.BEGIN_CONTENT_APPRAISAL, Sheet.OVERVIEW, "Hồ sơ đã được tiếp nhận.")


def _content_work(status: EstimateStatus, projects: Sequence[ProjectLeft]) -> Iterator[Waiting]:
    if status is not _S.CONTENT_APPRAISAL:
        return
    left = sum(one.content_verdict is None for one in projects)
    if left:
        yield Waiting(
            Action.GIVE_CONTENT_OPINION, Sheet.CONTENT, f"Còn {left} dự án chưa có ý kiến nội dung."
        )
    else:
        yield Waiting(Action.PASS_CONTENT, Sheet.OVERVIEW, "Mọi dự án đã có ý kiến nội dung.")


def _opinion_work(
    status: EstimateStatus, projects: Sequence[ProjectLeft], function: Function, sheet: Sheet
) -> Iterator[Waiting]:
    rule = opinion_rule(function)
    left = sum(function in one.opinions_missing for one in projects)
    if rule is not None and status in rule.statuses and left:
        yield Waiting(rule.action, sheet, f"Còn {left} dự án chưa có ý kiến.")


def _appraisal_work(status: EstimateStatus, projects: Sequence[ProjectLeft]) -> Iterator[Waiting]:
    if status is not _S.ESTIMATE_APPRAISAL:
        return
    lines = sum(one.lines_left for one in projects)
    promises = sum(one.promises_left for one in projects)
    if lines:
        yield Waiting(Action.APPRAISE_LINE, Sheet.LINES, f"Còn {lines} dòng chi chưa thẩm định.")
    if promises:
        detail = f"Còn {promises} kết quả cam kết chưa thẩm định."
        yield Waiting(Action.APPRAISE_OUTPUT, Sheet.OUTPUTS, detail)
    if may_be_concluded(projects):
        yield Waiting(Action.CONCLUDE_APPRAISAL, Sheet.OVERVIEW, "Đã thẩm định xong mọi nội dung.")
