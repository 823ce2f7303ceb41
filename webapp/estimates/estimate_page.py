"""The page of one estimate, also as the answer to an act that was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import render_template, url_for
from flask_babel import gettext as _

from finance.actors import Function
from finance.agencies.hierarchy import consolidating_parent
from finance.agencies.queries import get_agency, names_of_seat
from finance.allocations.answers import SignedAllocation, missed_allocation, signed_allocation
from finance.clock import VIETNAM_TIME
from finance.errors import RuleBroken
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.completeness import Completeness, version_completeness
from finance.estimates.copying.operations import copy_notes
from finance.estimates.handing_up.queries import HandoverRow, handover_of_version, origins_of_projects
from finance.estimates.handing_up.states import HandoverState
from finance.estimates.part_checks import PART_FIELD
from finance.estimates.parts.joining import own_draft, own_rows, signed_parts_total
from finance.estimates.parts.money import visible_part_charges
from finance.estimates.queries import (
    check_context,
    current_version,
    estimate_history,
    estimate_row,
    list_versions,
    list_workbooks,
    load_draft,
    version_projects,
)
from finance.estimates.recipients import recipients_on
from finance.estimates.rows import EstimateRow, ProjectRow, VersionRow
from finance.estimates.totals import estimate_total, requested_level
from finance.estimates.workbook.import_operations import latest_import
from finance.estimates.workflow import PRIVATE, EstimateStatus
from finance.labels import LabelledEnum
from finance.plans.project_links import activities_of_projects
from finance.rounds.public_holidays import working_days_left
from webapp.access import current_actor
from webapp.estimates.attempts import Refused
from webapp.estimates.checklist import Checklist, make_checklist, split_field
from webapp.estimates.desk import (
    effect_of,
    expected_of,
    may_edit,
    money_table,
    next_capacity,
    own_acts,
    way_of,
)
from webapp.estimates.missing_list import DOSSIER, count_missing, counts_by_project, dossier_url
from webapp.estimates.partner_money import partner_money
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session
    from finance.estimates.draft import EstimateDraft

Answer = str | tuple[str, int]
HISTORY_SHOWN = 12
_APPRAISED = EstimateStatus.APPRAISED


def show_estimate(
    estimate_id: int, refused: Refused | None = None, typed: Mapping[str, str] | None = None
) -> Answer:
    """The page; with the reason on top and what was typed in its boxes when an act was refused.

    Args:
        estimate_id: whose page.
        refused: why the act was not done.
        typed: what the refused form said, by name of the box.
    """
    with read() as session:
        row = estimate_row(session, current_actor(), estimate_id)
        facts = _facts(session, row)
        on, version_id = present_moment().business_on, facts["version"].id
        complete = version_completeness(session, version_id, facts["draft"], facts["context"], on=on)
    page = render_template(
        "estimates/show.html",
        estimate=row,
        refused=refused,
        typed=typed or {},
        today=present_moment().business_on,
        due_on=_due_on(row),
        due_hour=f"{row.due_at.astimezone(VIETNAM_TIME):%H:%M}" if row.due_at else "",
        **facts,
        **_way(row, facts["upper_vi"], facts["handover"]),
        **_work(row, facts, complete),
    )
    return (page, refused.status) if refused else page


def _facts(session: Session, row: EstimateRow) -> dict[str, Any]:
    """What is stored about the estimate."""
    versions = list_versions(session, row.id)
    version = current_version(session, row.id)
    # Co-agencies' lines were checked, and charged, in their own offices.
    draft = own_draft(session, version.id, load_draft(session, row.id))
    projects = version_projects(session, version.id)
    context = check_context(session, row.round_id, row.agency_id, on=present_moment().business_on)
    return {
        "context": context,
        "version": version,
        "versions": versions,
        "projects": projects,
        "before": _projects_sent_before(session, versions, version),
        "recipients": _recipients(session, version),
        "history": [
            # On the estimate's own page its name need not stand in every sentence.
            (act.business_at, act.sentence_vi.replace(f": {row.label_vi}", "", 1))
            for act in estimate_history(session, row.id)[:HISTORY_SHOWN]
        ],
        "workbooks": list_workbooks(session, version.id),
        "undoable": latest_import(session, current_actor(), row.id),
        "draft": draft,
        "own_projects": own_rows(session, version.id, projects),
        "partners": partner_money(session, row.round_id, version.id, projects, context),
        "joining_vnd": _joining_vnd(session, row, draft),
        "in_parts": visible_part_charges(
            session, current_actor(), row.round_id, row.agency_id, context.fiscal_year
        ),
        "copies": copy_notes(session, row.id, draft),
        "planned": activities_of_projects(session, current_actor(), row.id),
        "handover": handover_of_version(session, version.id),
        "origins": origins_of_projects(session, row.id),
        "upper_vi": _upper_name(session, row),
        "next_names": names_next(session, row),
        "working_left": _working_left(session, row),
        "missed": missed_allocation(session, row.round_id, row.id) if row.status is _APPRAISED else None,
        "signed": signed_allocation(session, row.round_id) if row.status is _APPRAISED else None,
    }


def _joining_vnd(session: Session, row: EstimateRow, draft: EstimateDraft) -> int:
    """What co-agencies have signed and is not among the lines yet."""
    return signed_parts_total(session, row.id, draft) if row.status is EstimateStatus.DRAFT else 0


def names_next(session: Session, row: EstimateRow) -> list[str]:
    """Who of the office itself signs next, by name; nobody where no signature waits."""
    capacity = next_capacity(row)
    if capacity is None:
        return []
    on = present_moment().business_on
    return names_of_seat(session, row.agency_id, Function.PREPARE, capacity, on)


def _upper_name(session: Session, row: EstimateRow) -> str:
    """The office that consolidates for this one today, empty for who sends by himself."""
    upper_id = consolidating_parent(session, row.agency_id, present_moment().business_on)
    return get_agency(session, upper_id).short_vi if upper_id is not None else ""


def _work(row: EstimateRow, facts: Mapping[str, Any], complete: Completeness) -> dict[str, Any]:
    """What the reader may do, what it would move and what stands in the way."""
    actor = current_actor()
    projects: Sequence[ProjectRow] = facts["projects"]
    context: CheckContext = facts["context"]
    is_editable, acts = may_edit(actor, row), own_acts(actor, row)
    money = money_table(facts["own_projects"], context, facts["in_parts"])
    keys = [project.project_key for project in projects]
    checklist = make_checklist(complete.open_findings, url_of_field(row, keys, is_editable=is_editable))
    return {
        "money": money,
        "total": estimate_total(projects),
        "requested": {project.project_key: requested_level(project) for project in projects},
        "effect": effect_of(projects, facts["before"], money, facts["joining_vnd"]),
        "is_editable": is_editable,
        "acts": {act.value for act in acts},
        "blocking_count": checklist.blocking_count,
        "missing": counts_by_project(complete, keys) if is_editable or acts else {},
        "count": count_missing(complete.open_findings) if is_editable or acts else None,
        # Others read the estimate; what the office still had to mend is not theirs to see.
        "checklist": checklist if is_editable or acts else Checklist((), (), ()),
        "expected_vi": _too_late(facts["missed"])
        or _allocated(facts["signed"])
        or expected_of(acts, row, checklist.blocking_count, facts["next_names"]),
    }


def _too_late(missed: SignedAllocation | None) -> str:
    """What becomes of an estimate whose appraisal was concluded after the round's allocation was signed."""
    if missed is None:
        return ""
    return _(
        "Thẩm định xong sau khi đợt đã được phê duyệt phân bổ (%(decision)s); dự án chờ đợt sau.",
        decision=missed.words_vi,
    )


def _allocated(signed: SignedAllocation | None) -> str:
    """That the round's money is allocated: nobody waits for a proposal any more."""
    if signed is None:
        return ""
    return _("Đã thẩm định xong; phân bổ của đợt đã được phê duyệt (%(decision)s).", decision=signed.words_vi)


def _way(row: EstimateRow, upper_vi: str, handover: HandoverRow | None) -> dict[str, Any]:
    """The steps of the procedure and where the file stands."""
    is_back = row.status is EstimateStatus.RETURNED
    steps: tuple[LabelledEnum, ...] = way_of(row)
    step_now: LabelledEnum | None = None if row.status is EstimateStatus.APPRAISED else row.status
    if row.is_private and (upper_vi or handover):
        # What goes through the office above never comes to the appraisers by itself.
        handed = EstimateStatus.RETURNED if is_back else HandoverState.OFFERED
        steps = (*steps[: steps.index(EstimateStatus.SIGNED) + 1], handed, HandoverState.TAKEN)
        step_now = handover.state if handover and handover.state in steps else row.status
    return {"steps": steps, "step_now": step_now, "is_back": is_back}


def url_of_field(row: EstimateRow, keys: Sequence[str], *, is_editable: bool) -> Callable[[str], str]:
    """The address of a field: its box for whoever may write, else the project in the full version."""

    def url_of(field: str) -> str:
        key, part = split_field(field, keys)
        if not key:
            return url_for("estimates.estimate_page", estimate_id=row.id, _anchor=field)
        if part.startswith(DOSSIER):
            return dossier_url(row.id, key, part)
        if part.startswith(PART_FIELD):
            return url_for("estimates.partners_page", estimate_id=row.id, _anchor=part)
        if is_editable:
            return url_for("estimates.project_page", estimate_id=row.id, ma=key, _anchor=part)
        place = f"du-an-{keys.index(key) + 1}"
        return url_for("estimates.full_page", estimate_id=row.id, _anchor=place)

    return url_of


def _projects_sent_before(
    session: Session, versions: Sequence[VersionRow], now: VersionRow
) -> list[ProjectRow] | None:
    """The projects of the last version sent before this one."""
    sent = [version for version in versions if version.number < now.number and version.sent_at]
    return version_projects(session, sent[0].id) if sent else None


def _recipients(session: Session, version: VersionRow) -> list[tuple[str, bool]]:
    """Names under "Nơi nhận" and whether each gets a copy: as sent, or as it would be sent today."""
    if version.recipients:
        return [(office.agency_name, office.is_copy) for office in version.recipients]
    try:
        offices = recipients_on(session, present_moment().business_on)
    except RuleBroken:
        return []
    return [(get_agency(session, office_id).name_vi, is_copy) for office_id, is_copy in offices.items()]


def _working_left(session: Session, row: EstimateRow) -> int | None:
    """Working days until the office's own deadline, while the file is still its own to send."""
    due_on, today = _due_on(row), present_moment().business_on
    if due_on is None or row.status not in (*PRIVATE, EstimateStatus.RETURNED) or due_on < today:
        return None
    return working_days_left(session, today, due_on)


def _due_on(row: EstimateRow) -> date | None:
    return row.due_at.astimezone(VIETNAM_TIME).date() if row.due_at else None
