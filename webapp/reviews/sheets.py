"""What the sheets of one review file show: the file and the words for its codes, read in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from finance.actions import Action
from finance.actors import Function
from finance.allocations.answers import SignedAllocation, missed_allocation, signed_allocation
from finance.clock import VIETNAM_TIME
from finance.estimates.queries import estimate_history
from finance.estimates.rows import HistoryRow, LineRow
from finance.estimates.workflow import EstimateStatus
from finance.findings import Finding
from finance.programme.classification import Nature
from finance.programme.queries import SourceRow, list_areas, list_sources, list_targets, list_tasks
from finance.reviews.figures import AppraisedLine, AppraisedProject, AppraisedPromise
from finance.reviews.review_file import ReviewFile, review_file
from finance.reviews.rules import COUNTED_KINDS, CutReason, Verdict
from finance.rounds.queries import RoundRow, get_round, list_outputs, list_scope_units
from webapp.access import current_actor
from webapp.request_scope import read
from webapp.reviews.typed import TypedRow

if TYPE_CHECKING:
    from finance.database import Session

# The way of a file through the reviewing offices.
WAY = (
    EstimateStatus.SENT,
    EstimateStatus.RECEIVED,
    EstimateStatus.CONTENT_APPRAISAL,
    EstimateStatus.ESTIMATE_APPRAISAL,
    EstimateStatus.APPRAISED,
)
WAY_BACK = (EstimateStatus.SENT, EstimateStatus.RETURNED, *WAY[2:])

# On which sheet a missing piece is made good.
SHEET_OF_FINDING = {
    "CONTENT_OPINION_MISSING": "reviews.content_page",
    "IT_OPINION_MISSING": "reviews.content_page",
    "LINE_NOT_APPRAISED": "reviews.lines_page",
    "PROMISE_NOT_APPRAISED": "reviews.outputs_page",
    "POOL_OPINION_MISSING": "reviews.pool_page",
}
HEADING_OF_FINDING = {
    "CONTENT_OPINION_MISSING": later("dự án chưa có ý kiến thẩm định nội dung"),
    "IT_OPINION_MISSING": later("dự án chưa có ý kiến chuyên ngành công nghệ thông tin"),
    "LINE_NOT_APPRAISED": later("dòng chi chưa thẩm định"),
    "PROMISE_NOT_APPRAISED": later("kết quả cam kết chưa thẩm định"),
    "POOL_OPINION_MISSING": later("dự án xin phân bổ chưa có ý kiến của cơ quan tổng hợp"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Names behind the codes of a file."""

    sources: Mapping[str, SourceRow]
    areas: Mapping[str, str]
    tasks: Mapping[str, str]
    targets: Mapping[str, str]
    units: Mapping[int, str]
    components: Mapping[tuple[str, str], str]

    def money_of(self, line: LineRow) -> str:
        """The source of a line's money, with its nature where the source serves both."""
        source = self.sources[line.source_code]
        return f"{source.name_vi}, {line.nature.label_vi}" if source.nature is Nature.BOTH else source.name_vi

    def component(self, one: AppraisedPromise) -> str:
        """The name of the part a promise delivers; empty when the result has no parts."""
        promise = one.promise
        return self.components.get((promise.output_code, promise.component), promise.component)


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A review file with everything its pages need."""

    file: ReviewFile
    budget_round: RoundRow
    words: Words
    history: tuple[HistoryRow, ...]
    signed: SignedAllocation | None
    missed: SignedAllocation | None

    @property
    def estimate_id(self) -> int:
        """Id of the estimate, for addresses."""
        return self.file.estimate.id

    @property
    def told(self) -> list[tuple[datetime, str]]:
        """The history as (time, sentence), newest first, without the file's own name in every line."""
        label = self.file.estimate.label_vi
        return [
            (act.business_at, act.sentence_vi.replace(f"{label}, ", "").replace(f": {label}", ""))
            for act in self.history
        ]

    def project(self, project_id: int) -> AppraisedProject | None:
        """The project with this id, or None when it is not of the present version."""
        return next((one for one in self.file.projects if one.project.id == project_id), None)

    def line(self, line_id: int) -> tuple[AppraisedProject, AppraisedLine] | None:
        """The line with this id and its project, or None."""
        return next(
            ((one, line) for one in self.file.projects for line in one.lines if line.line.id == line_id), None
        )

    def promise(self, promise_id: int) -> tuple[AppraisedProject, AppraisedPromise] | None:
        """The promise with this id and its project, or None."""
        found = ((one, two) for one in self.file.projects for two in one.promises)
        return next(((one, two) for one, two in found if two.promise.id == promise_id), None)


def load_sheet(estimate_id: int) -> ReviewSheet:
    """Everything the sheets of a file show, as this person may see it.

    Raises:
        NotFound, NotAllowed: see `finance.reviews.review_file.review_file`.
    """
    with read() as session:
        file = review_file(session, current_actor(), estimate_id)
        return ReviewSheet(
            file=file,
            budget_round=get_round(session, file.estimate.round_id),
            words=_words(session, file.estimate.round_id),
            history=tuple(estimate_history(session, estimate_id)),
            signed=signed_allocation(session, file.estimate.round_id),
            missed=missed_allocation(session, file.estimate.round_id, estimate_id),
        )


def render_sheet(template: str, sheet: ReviewSheet, typed: TypedRow | None = None, **more: Any) -> str:
    """A page or a part of one, with what every sheet needs."""
    return render_template(
        template,
        sheet=sheet,
        file=sheet.file,
        estimate=sheet.file.estimate,
        words=sheet.words,
        typed=typed,
        functions=Function,
        verdicts=tuple(Verdict),
        reason_choices=[(reason.value, reason.label_vi) for reason in CutReason],
        counted_kinds=COUNTED_KINDS,
        due_on=_due_on(sheet),
        **more,
    )


def missing_groups(findings: Sequence[Finding]) -> list[tuple[str, str, list[Finding]]]:
    """Findings by sheet: the endpoint that mends them, a heading with the count, and the findings."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.code, []).append(finding)
    return [
        (SHEET_OF_FINDING[code], f"{len(group)} {HEADING_OF_FINDING[code]}", group)
        for code, group in groups.items()
    ]


def expected_vi(file: ReviewFile) -> str:
    """One sentence: what is expected now, of the reader or of whom he waits for."""
    if file.own_hand is not None:
        return _(
            "Đồng chí đã tham gia lập hồ sơ này nên chỉ xem, không thẩm định: %(what)s.",
            what=file.own_hand.what_vi,
        )
    status = file.estimate.status
    onward = [step for step in file.steps if step.action is not Action.RETURN_ESTIMATE]
    mine = bool(onward or file.open_opinions)
    said = {
        EstimateStatus.SENT: _("Kiểm tra đủ biểu, phụ lục; tiếp nhận hoặc trả lại để hoàn chỉnh."),
        EstimateStatus.RECEIVED: _("Bắt đầu thẩm định nội dung."),
        EstimateStatus.CONTENT_APPRAISAL: _("Cho ý kiến nội dung từng dự án, rồi thông qua nội dung."),
        EstimateStatus.ESTIMATE_APPRAISAL: _("Thẩm định từng dòng chi và kết quả cam kết, rồi kết luận."),
        EstimateStatus.APPRAISED: _("Đã kết luận; hồ sơ chờ lập phương án phân bổ."),
        EstimateStatus.RETURNED: _("Đơn vị hoàn chỉnh và gửi lại."),
    }[status]
    if file.owed_by:
        said = _("Phần của cơ quan đã xong; chờ ý kiến của %(offices)s rồi kết luận.", offices=file.owed_by)
    if Function.ALLOCATION_CONSOLIDATION in file.open_opinions and not file.steps:
        said = _("Cho ý kiến về các dự án xin phân bổ.")
    return (
        said
        if mine or status in {EstimateStatus.APPRAISED, EstimateStatus.RETURNED}
        else _("Hồ sơ đang ở cơ quan khác: %(what)s", what=said)
    )


def _due_on(sheet: ReviewSheet) -> object:
    due_at = sheet.file.estimate.due_at
    return due_at.astimezone(VIETNAM_TIME).date() if due_at else None


def _words(session: Session, round_id: int) -> Words:
    return Words(
        sources={row.code: row for row in list_sources(session)},
        areas={row.code: row.name_vi for row in list_areas(session)},
        tasks={row.code: row.name_vi for row in list_tasks(session)},
        targets={row.code: row.name_vi for row in list_targets(session)},
        units={row.id: row.name_vi for row in list_scope_units(session, round_id)},
        components={
            (row.code, part.code): part.name_vi
            for row in list_outputs(session, round_id)
            for part in row.components
        },
    )
