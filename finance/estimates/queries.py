"""Reading estimates as small frozen rows; the rows themselves are in `finance.estimates.rows`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Actor, Function
from finance.agencies.queries import offices_with_section_step
from finance.agencies.records import Agency
from finance.audit import AuditEntry, audit_sentence
from finance.errors import NotFound
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.checking.checks import check_draft
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft
from finance.estimates.estimate_lookup import (
    acts_since,
    estimate_label,
    get_visible_estimate,
    may_see,
    private_estimates,
    subject_kind_of,
)
from finance.estimates.handing_up.sending_time import sending_times
from finance.estimates.records import Estimate, EstimateRecipient, EstimateVersion, UploadedWorkbook
from finance.estimates.rows import (
    EstimateRow,
    HistoryRow,
    LevelRow,
    LineRow,
    ProjectRow,
    PromiseRow,
    QuantityRow,
    RecipientRow,
    VersionRow,
    WorkbookRow,
)
from finance.estimates.version_reader import asked_of_versions, draft_of_rows, read_project, read_version
from finance.estimates.workflow import EstimateKind, EstimateStatus, is_still_private
from finance.findings import Finding
from finance.rounds.queries import list_deadlines
from finance.rounds.rules import RoundStage

__all__ = [
    "CheckContext",
    "EstimateRow",
    "HistoryRow",
    "LevelRow",
    "LineRow",
    "ProjectRow",
    "PromiseRow",
    "QuantityRow",
    "RecipientRow",
    "VersionRow",
    "WorkbookRow",
    "acts_since",
    "check_context",
    "current_version",
    "estimate_findings",
    "estimate_history",
    "estimate_row",
    "find_estimate",
    "get_version",
    "get_workbook_content",
    "list_estimates",
    "list_versions",
    "list_workbooks",
    "load_draft",
    "may_see",
    "version_project",
    "version_projects",
]

# The stage whose deadline presses on whoever holds the file.
_STAGE_OF_STATUS = {
    EstimateStatus.DRAFT: RoundStage.SUBMISSION,
    EstimateStatus.CHECKED: RoundStage.SUBMISSION,
    EstimateStatus.SECTION_PASSED: RoundStage.SUBMISSION,
    EstimateStatus.SIGNED: RoundStage.SUBMISSION,
    EstimateStatus.RETURNED: RoundStage.SUBMISSION,
    EstimateStatus.SENT: RoundStage.CONTENT_APPRAISAL,
    EstimateStatus.RECEIVED: RoundStage.CONTENT_APPRAISAL,
    EstimateStatus.CONTENT_APPRAISAL: RoundStage.CONTENT_APPRAISAL,
    EstimateStatus.ESTIMATE_APPRAISAL: RoundStage.ESTIMATE_APPRAISAL,
}


def find_estimate(session: Session, round_id: int, agency_id: int, kind: EstimateKind) -> int | None:
    """Id of the office's estimate of this kind in the round, or None."""
    return session.scalar(
        select(Estimate.id).where(
            Estimate.round_id == round_id, Estimate.agency_id == agency_id, Estimate.kind == kind
        )
    )


def estimate_row(session: Session, actor: Actor, estimate_id: int) -> EstimateRow:
    """The estimate as the person may see it.

    Raises:
        NotFound: no such estimate, or none he may know of.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    return _estimate_rows(session, [estimate], actor.moment.business_on)[0]


def list_estimates(session: Session, actor: Actor, round_id: int) -> list[EstimateRow]:
    """The estimates of the round the person may see, by office in Vietnamese order, then kind."""
    query = (
        select(Estimate, private_estimates())
        .join(Agency, Agency.id == Estimate.agency_id)
        .where(Estimate.round_id == round_id)
        .order_by(Agency.sort_key, Agency.id, Estimate.kind)
    )
    visible = [
        estimate
        for estimate, is_private in session.execute(query)
        if may_see(actor, estimate.agency_id, is_private=is_private)
    ]
    return _estimate_rows(session, visible, actor.moment.business_on)


def load_draft(session: Session, estimate_id: int, version_number: int | None = None) -> EstimateDraft:
    """What a version asks (the current one unless told), tidied.

    Raises:
        NotFound: no such estimate or version.
    """
    return draft_of_rows(read_version(session, _find_version(session, estimate_id, version_number).id))


def version_projects(session: Session, version_id: int) -> list[ProjectRow]:
    """The projects of a version by priority, then key, with everything they ask and promise."""
    return list(read_version(session, version_id))


def version_project(session: Session, version_id: int, project_key: str) -> ProjectRow | None:
    """One project of a version; None when it has none of this key."""
    return read_project(session, version_id, project_key)


def current_version(session: Session, estimate_id: int) -> VersionRow:
    """The version the estimate stands at.

    Raises:
        NotFound: no such estimate.
    """
    return _version_row(session, _find_version(session, estimate_id, None))


def get_version(session: Session, estimate_id: int, number: int) -> VersionRow:
    """One version of the estimate.

    Raises:
        NotFound: no such version.
    """
    return _version_row(session, _find_version(session, estimate_id, number))


def list_versions(session: Session, estimate_id: int) -> list[VersionRow]:
    """All versions, newest first."""
    query = select(EstimateVersion).where(EstimateVersion.estimate_id == estimate_id)
    newest_first = query.order_by(EstimateVersion.number.desc())
    return [_version_row(session, version) for version in session.scalars(newest_first)]


def estimate_history(session: Session, estimate_id: int) -> list[HistoryRow]:
    """Every act on the estimate, newest first."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == subject_kind_of(session, estimate_id),
            AuditEntry.subject_id == estimate_id,
        )
        .order_by(AuditEntry.id.desc())
    )
    return [
        HistoryRow(
            entry.id,
            entry.business_at,
            entry.recorded_at,
            entry.person_name,
            entry.action,
            entry.from_state,
            entry.to_state,
            entry.reason,
            audit_sentence(entry),
        )
        for entry in session.scalars(query)
    ]


def estimate_findings(session: Session, estimate_id: int) -> list[Finding]:
    """Everything the checks say of the current version.

    Raises:
        NotFound: no such estimate.
    """
    estimate = session.get(Estimate, estimate_id)
    if estimate is None:
        raise NotFound("dự toán", estimate_id)
    context = check_context(session, estimate.round_id, estimate.agency_id)
    return check_draft(load_draft(session, estimate_id), context)


def list_workbooks(session: Session, version_id: int) -> list[WorkbookRow]:
    """The workbooks uploaded into a version, newest first."""
    columns = (
        UploadedWorkbook.id,
        UploadedWorkbook.version_id,
        UploadedWorkbook.file_name,
        UploadedWorkbook.sha256,
        UploadedWorkbook.uploaded_at,
        UploadedWorkbook.uploaded_by,
    )
    query = select(*columns).where(UploadedWorkbook.version_id == version_id)
    return [WorkbookRow(*row) for row in session.execute(query.order_by(UploadedWorkbook.id.desc()))]


def get_workbook_content(session: Session, actor: Actor, workbook_id: int) -> tuple[str, bytes]:
    """File name and bytes of an uploaded workbook as it came.

    Raises:
        NotFound: no such workbook, or it belongs to an estimate the person may not see.
    """
    workbook = session.get(UploadedWorkbook, workbook_id)
    if workbook is None:
        raise NotFound("bảng tính", workbook_id)
    version = session.get_one(EstimateVersion, workbook.version_id)
    estimate = get_visible_estimate(session, actor, version.estimate_id)
    if not version.sent_at and estimate.agency_id not in actor.agencies_of([Function.PREPARE]):
        raise NotFound("bảng tính", workbook_id)
    return workbook.file_name, workbook.content


def _find_version(session: Session, estimate_id: int, number: int | None) -> EstimateVersion:
    wanted = Estimate.version_number if number is None else number
    version = session.scalar(
        select(EstimateVersion)
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .where(Estimate.id == estimate_id, EstimateVersion.number == wanted)
    )
    if version is None:
        raise NotFound("dự toán", estimate_id)
    return version


def _estimate_rows(session: Session, estimates: Sequence[Estimate], on: date) -> list[EstimateRow]:
    versions = {
        version.estimate_id: version
        for version in session.scalars(
            select(EstimateVersion)
            .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
            .where(
                Estimate.id.in_([estimate.id for estimate in estimates]),
                EstimateVersion.number == Estimate.version_number,
            )
        )
    }
    asked = asked_of_versions(session, [version.id for version in versions.values()])
    due = {round_id: _deadlines(session, round_id) for round_id in {e.round_id for e in estimates}}
    times = sending_times(session, estimates, on)
    over_section = offices_with_section_step(session)
    rows = []
    for estimate in estimates:
        agency = session.get_one(Agency, estimate.agency_id)
        version = versions[estimate.id]
        asked_vnd, project_count = asked.get(version.id, (0, 0))
        stage = _STAGE_OF_STATUS.get(estimate.status)
        due_at = due[estimate.round_id].get(stage) if stage else None
        time = times[estimate.id] if stage is RoundStage.SUBMISSION else None
        rows.append(
            EstimateRow(
                id=estimate.id,
                round_id=estimate.round_id,
                agency_id=agency.id,
                agency_code=agency.code,
                agency_name=agency.name_vi,
                agency_short=agency.short_vi,
                kind=estimate.kind,
                status=estimate.status,
                version_number=estimate.version_number,
                edit_number=estimate.edit_number,
                status_since=estimate.status_since,
                asked_vnd=asked_vnd,
                project_count=project_count,
                due_at=time.at if time else due_at,
                label_vi=estimate_label(session, estimate),
                has_section_step=agency.id in over_section,
                extended_until=time.at if time and time.is_longer else None,
                due_set_by=session.get_one(Agency, time.set_by).short_vi if time and time.set_by else "",
                is_private=is_still_private(estimate.status, is_sent=version.sent_at is not None),
            )
        )
    return rows


def _deadlines(session: Session, round_id: int) -> dict[RoundStage, datetime]:
    return {row.stage: row.due_at for row in list_deadlines(session, round_id)}


def _version_row(session: Session, version: EstimateVersion) -> VersionRow:
    query = (
        select(Agency.id, Agency.name_vi, Agency.short_vi, EstimateRecipient.is_copy)
        .join(EstimateRecipient, EstimateRecipient.agency_id == Agency.id)
        .where(EstimateRecipient.version_id == version.id)
        .order_by(EstimateRecipient.is_copy, Agency.sort_key, Agency.id)
    )
    return VersionRow(
        id=version.id,
        estimate_id=version.estimate_id,
        number=version.number,
        opened_at=version.opened_at,
        signed_at=version.signed_at,
        signed_by=version.signed_by,
        sent_at=version.sent_at,
        document_number=version.document_number,
        document_on=version.document_on,
        content_hash=version.content_hash,
        return_reason=version.return_reason,
        recipients=tuple(RecipientRow(*row) for row in session.execute(query)),
    )
