"""What the checks say of a co-agency's part: to the co-agency at its desk, and to the lead who hands it on.

A control figure may be lowered, or another part signed, after a part was: so the lead's submission and every
signature after it ask again, with the co-agency's own figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.agencies.records import Agency
from finance.estimates.checking.checks import check_ceilings, check_rows
from finance.estimates.checking.places import blocking, project_place
from finance.estimates.context_reader import check_context
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft
from finance.estimates.estimate_lookup import get_current_version
from finance.estimates.parts.joining import live_parts, own_draft, part_hindrance
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import PartStatus
from finance.estimates.project_json import line_of_json
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.workflow import EDITABLE, EstimateKind
from finance.findings import Finding, Location, Severity
from finance.rulebook.strictness import by_date

_FIGURE = "ceilings-"  # and a source: the field of a control figure
# What the lead is told of the co-agency's control figures: that they do not hold, never the figures, which
# are the co-agency's own, as what else it drafts is.
_FIGURE_WORDS = {
    "CEILING_EXCEEDED": "số đề nghị vượt số kiểm tra.",
    "CEILING_EXCEEDED_BY_POOL": "kể cả đề án, dự án xin phân bổ, số đề nghị cao hơn số kiểm tra.",
}
PART_FIELD = "parts-"  # and the part's number: the field of the lead's project that a part's findings name


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """What is checked: the lead's project as it is now and the co-agency's lines for it."""

    round_id: int
    agency_id: int
    project: ProjectDraft
    lines: Sequence[LineDraft]


def check_part(session: Session, part: CheckedPart, *, on: date | None) -> list[Finding]:
    """What the checks say on a day of the part's own lines and of the co-agency's control figures."""
    context = check_context(session, part.round_id, part.agency_id, on=on)
    bare = replace(part.project, lines=tuple(part.lines), promises=())
    said = [
        finding
        for finding in check_rows(EstimateDraft((bare,)), context)
        if "lines-" in finding.location.field
    ]
    own = _own_request(session, part.round_id, part.agency_id)
    return said + by_date(check_ceilings(own, context), context.rule_dates)


def partner_findings(session: Session, version_id: int, draft: EstimateDraft, *, on: date) -> list[Finding]:
    """What stands against the parts of co-agencies in an estimate, said to the lead.

    A part not signed for the project as it is now stops the draft; what would stop or warn the co-agency
    at its own signature today stops or warns the lead. Hints are the co-agency's own.

    Args:
        version_id: of the estimate's current version; an older one is history and waits for nobody.
        draft: what the lead itself asks.
        on: business date.
    """
    version = session.get_one(EstimateVersion, version_id)
    estimate = session.get_one(Estimate, version.estimate_id)
    if version.number != estimate.version_number:
        return []
    found: list[Finding] = []
    for part in live_parts(session, estimate.id):
        found += _of_part(session, estimate, part, draft, on)
    return found


def _of_part(
    session: Session, estimate: Estimate, part: ProjectPart, draft: EstimateDraft, on: date
) -> Iterator[Finding]:
    office = session.get_one(Agency, part.agency_id).short_vi
    known = {one.project_key: (index, one) for index, one in enumerate(draft.projects)}
    index, project = known.get(part.project_key, (0, None))
    hindrance = part_hindrance(part, project, office) if estimate.status in EDITABLE else ""
    if hindrance:
        where = Location(field="projects", words=f"Dự án {part.project_key}, phần của {office}")
        if project is not None:
            where = replace(where, field=_field_of(part, index))
        yield blocking("PART_NOT_SIGNED", where, hindrance, "Nhắc cơ quan phối hợp, hoặc rút lời mời.")
    if project is None or part.status is PartStatus.INVITED:
        return
    lines = [line_of_json(data) for data in part.lines]
    sources = {line.source_code for line in lines}
    asked = CheckedPart(estimate.round_id, part.agency_id, project, lines)
    for finding in check_part(session, asked, on=on):
        # Only figures that this part draws on: the co-agency's other sources are no matter of the lead's.
        code = finding.location.field.removeprefix(_FIGURE)
        is_of_part = code == finding.location.field or code in sources
        if is_of_part and finding.severity is not Severity.HINTS:
            yield _told_to_lead(finding, _field_of(part, index), project, office)


def _field_of(part: ProjectPart, index: int) -> str:
    return f"projects-{index}-{PART_FIELD}{part.id}"


def _told_to_lead(finding: Finding, field: str, project: ProjectDraft, office: str) -> Finding:
    """The co-agency's finding with whose it is, at the part's place in the lead's draft."""
    is_figure = finding.location.field.startswith(_FIGURE)
    whose = f"{office}, cộng mọi phần phối hợp" if is_figure else f"Phần của {office}"
    of_project = project_place(project, 0).words
    where = finding.location.words.removeprefix(f"{of_project}, ")
    return replace(
        finding,
        message_vi=f"{whose}: {_FIGURE_WORDS.get(finding.code) or _lower_first(finding.message_vi)}",
        location=Location(field=field, words=f"{of_project}, phần của {office}, {_lower_first(where)}"),
        remedy_vi=f"Mời {office} sửa phần phối hợp và ký lại, hoặc rút lời mời.",
    )


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _own_request(session: Session, round_id: int, agency_id: int) -> EstimateDraft:
    """What the co-agency asks in its own estimate of the round; nothing when it has none."""
    estimate = session.scalar(
        select(Estimate).where(
            Estimate.round_id == round_id,
            Estimate.agency_id == agency_id,
            Estimate.kind == EstimateKind.ANNUAL,
        )
    )
    if estimate is None:
        return EstimateDraft()
    version = get_current_version(session, estimate)
    return own_draft(session, version.id, draft_of_rows(read_version(session, version.id)))
