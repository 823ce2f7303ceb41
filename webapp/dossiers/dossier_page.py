"""What the page of one dossier shows: the boxes, the papers, what is missing, the promise beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import render_template
from flask_babel import gettext as _

from finance.actions import Action
from finance.attachments.queries import AttachedRow, list_attached
from finance.dossiers.queries import list_required_papers, read_dossiers
from finance.dossiers.rules import (
    OTHER_PAPER,
    YEARS_BEFORE,
    AfterCosts,
    Continuity,
    Dossier,
    DossierSubject,
    OutturnKind,
    PaperRequirement,
    ResultCondition,
    condition_paper,
    required_papers,
)
from finance.errors import NotFound
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.completeness import Completeness, dossier_subjects, version_completeness
from finance.estimates.dossier_acts import changed_parts
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.handing_up.queries import HandoverRow, get_handover, handed_up_projects
from finance.estimates.parts.joining import own_draft
from finance.estimates.queries import check_context, current_version, estimate_row, load_draft
from finance.estimates.rows import EstimateRow
from finance.estimates.totals import draft_level_total, requested_ordinal
from finance.estimates.version_reader import draft_of_rows
from finance.estimates.workflow import EstimateStatus
from finance.findings import Finding
from finance.money import format_quantity
from finance.permissions import may
from webapp.access import current_actor
from webapp.dossiers.dossier_form import boxes_of_dossier, cost_rows, read_dossier_boxes
from webapp.form_answers import Refusal
from webapp.paper_desk import paper_desk
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session


@dataclass(frozen=True, slots=True)
class DossierDesk:
    """An estimate with all its dossiers, papers and findings as they are stored now."""

    estimate: EstimateRow | HandoverRow
    context: CheckContext
    draft: EstimateDraft
    subjects: tuple[DossierSubject, ...]
    dossiers: Mapping[str, Dossier]
    papers: tuple[AttachedRow, ...]
    requirements: tuple[PaperRequirement, ...]
    complete: Completeness
    is_editable: bool

    def subject(self, project_key: str) -> DossierSubject:
        """The project with this key.

        Raises:
            NotFound: the estimate asks for no such project.
        """
        for subject in self.subjects:
            if subject.project_key == project_key:
                return subject
        raise NotFound("dự án", project_key)

    def project(self, project_key: str) -> ProjectDraft:
        """What the project asks and promises."""
        return next(one for one in self.draft.projects if one.project_key == project_key)

    def dossier(self, project_key: str) -> Dossier:
        """Its dossier, empty when nothing was said."""
        return self.dossiers.get(project_key, Dossier(project_key))

    def papers_of(self, project_key: str) -> list[AttachedRow]:
        """Its papers."""
        return [row for row in self.papers if row.project_key == project_key]

    def required_of(self, subject: DossierSubject) -> list[PaperRequirement]:
        """The papers it must attach."""
        return required_papers(subject, self.dossier(subject.project_key).continuity, self.requirements)

    def findings_of(self, subject: DossierSubject) -> list[Finding]:
        """What its dossier lacks."""
        beginning = f"{subject.prefix}dossier-"
        return [one for one in self.complete.findings if one.location.field.startswith(beginning)]


def open_dossier_desk(session: Session, estimate_id: int) -> DossierDesk:
    """Everything the pages of an estimate's dossiers need.

    Raises:
        NotFound: no such estimate, or none the visitor may know of.
    """
    actor = current_actor()
    row = estimate_row(session, actor, estimate_id)
    is_editable = row.status is EstimateStatus.DRAFT and may(actor, Action.SAVE_DOSSIER, row.agency_id)
    version_id = current_version(session, estimate_id).id
    draft = load_draft(session, estimate_id)
    return _desk_of_version(session, row, version_id, draft, is_editable=is_editable)


def open_lower_desk(session: Session, handover_id: int) -> DossierDesk:
    """The same of what an office below handed up, to be read by the office it lies with.

    Raises:
        NotFound: no such handover, or none that lies with the visitor's office.
    """
    actor = current_actor()
    row = get_handover(session, actor, handover_id)
    draft = draft_of_rows(handed_up_projects(session, actor, handover_id))
    return _desk_of_version(session, row, row.version_id, draft, is_editable=False)


def _desk_of_version(
    session: Session,
    row: EstimateRow | HandoverRow,
    version_id: int,
    draft: EstimateDraft,
    *,
    is_editable: bool,
) -> DossierDesk:
    on = present_moment().business_on
    own = own_draft(session, version_id, draft)
    context = check_context(session, row.round_id, row.agency_id, on=on)
    return DossierDesk(
        row,
        context,
        own,
        tuple(dossier_subjects(own, context)),
        read_dossiers(session, version_id),
        tuple(list_attached(session, version_id)),
        tuple(list_required_papers(session, on)),
        version_completeness(session, version_id, own, context, on=on),
        is_editable,
    )


def show_dossier(
    estimate_id: int,
    project_key: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    paper_error: str = "",
) -> str:
    """The page of one project's dossier.

    Args:
        typed: boxes as typed, when they were not accepted.
        errors: why, by box.
        refusal: why the store refused (somebody was faster, wrong step).
        paper_error: why a file was not taken.
    """
    with read() as session:
        desk = open_dossier_desk(session, estimate_id)
    subject, stored = desk.subject(project_key), desk.dossier(project_key)
    boxes = dict(typed) if typed is not None else boxes_of_dossier(stored, subject)
    return render_template(
        "dossiers/dossier.html",
        **reading_facts(desk, project_key),
        boxes=boxes,
        errors=errors or {},
        refusal=refusal,
        others_changed=_others_changed(boxes, subject, stored) if refusal and refusal.status == 409 else (),
        paper_error=paper_error,
        findings=desk.findings_of(subject) if desk.is_editable else [],
        cost_rows=cost_rows(boxes),
        limits=paper_desk().limits,
    )


def reading_facts(desk: DossierDesk, project_key: str) -> dict[str, Any]:
    """What the pages need that show a dossier, whether it may be written there or not.

    Raises:
        NotFound: the estimate asks for no such project.
    """
    subject = desk.subject(project_key)
    return {
        "desk": desk,
        "estimate": desk.estimate,
        "subject": subject,
        "project": desk.project(project_key),
        "stored": desk.dossier(project_key),
        "targets": _targets(desk, project_key),
        "choices": _choices(desk, project_key),
        "earlier": [(kind, desk.context.fiscal_year - YEARS_BEFORE[kind]) for kind in OutturnKind],
        "required": desk.required_of(subject),
        "papers": desk.papers_of(project_key),
        "paper_words": _paper_words(desk),
        "conditions": list(ResultCondition),
        "condition_paper": condition_paper,
    }


def _others_changed(boxes: Mapping[str, str], subject: DossierSubject, stored: Dossier) -> list[str]:
    """Where what was typed differs from what others have stored meanwhile."""
    typed, _errors = read_dossier_boxes(boxes, subject, stored)
    return changed_parts(stored, typed)


def _targets(desk: DossierDesk, project_key: str) -> dict[str, list[str]]:
    """By result: what the requested level promises in which year."""
    project = desk.project(project_key)
    wanted = requested_ordinal(project.levels)
    found: dict[str, list[str]] = {}
    for promise in project.promises:
        if promise.level != wanted:
            continue
        output = desk.context.outputs.get(promise.output_code)
        part = output.components.get(promise.component, promise.component) if output else promise.component
        if promise.unit_codes:
            said = _("%(count)s đơn vị", count=len(promise.unit_codes))
        elif promise.quantity_thousandths:
            unit = output.unit_name if output else ""
            said = f"{format_quantity(promise.quantity_thousandths)} {unit}".strip()
        else:
            said = _("hoàn thành")
        words = f"{part.lower()}: {said}" if part else said
        found.setdefault(promise.output_code, []).append(
            _("năm %(year)s: %(said)s", year=promise.year, said=words)
        )
    return found


def _choices(desk: DossierDesk, project_key: str) -> dict[str, list[tuple[str, str]]]:
    project = desk.project(project_key)
    levels = [
        (str(code), f"{code.label_vi} ({draft_level_total(project, place):,} đồng)".replace(",", "."))
        for place, code in enumerate(project.levels, start=1)
    ]
    words = _paper_words(desk)
    asked = [one.code for one in desk.required_of(desk.subject(project_key))]
    evidence = [condition_paper(condition) for condition in ResultCondition]
    codes = dict.fromkeys([*asked, *evidence, OTHER_PAPER])
    return {
        "levels": [("", _("Chưa chọn")), *levels],
        "answers": [("", _("Chưa trả lời")), ("1", _("Có")), ("0", _("Chưa"))],
        "continuity": [(one.value, one.label_vi) for one in Continuity],
        "after_costs": [(one.value, one.label_vi) for one in AfterCosts],
        "papers": [(code, words[code]) for code in codes],
    }


def _paper_words(desk: DossierDesk) -> dict[str, str]:
    words = {one.code: one.name_vi for one in desk.requirements}
    for number, condition in enumerate(ResultCondition, start=1):
        words[condition_paper(condition)] = _(
            "Bằng chứng điều kiện %(number)s: %(words)s", number=number, words=condition.label_vi.lower()
        )
    words[OTHER_PAPER] = _("Giấy tờ khác")
    return words
