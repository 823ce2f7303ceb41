"""What is missing, by one function: what the pages show is exactly what the submission asks.

The checks of the draft, of every project's dossier, of its papers and of co-agencies' parts stand in one
list, in the order of the projects. A warning may be let stand for a reason; the reason holds at its
place, as long as the warning says the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from finance.attachments.queries import AttachedRow, list_attached
from finance.attachments.rules import ScanState
from finance.dossiers.checks import check_dossier
from finance.dossiers.queries import PassedRow, list_passed_warnings, list_required_papers, read_dossiers
from finance.dossiers.records import ProjectDossier
from finance.dossiers.rules import Dossier, DossierSubject, PaperFact, PromisedResult
from finance.errors import NotReady
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.checking.checks import check_draft
from finance.estimates.checking.places import project_place
from finance.estimates.checking.project_checks import POOL_KINDS
from finance.estimates.checking.warning_places import places_of_fields, warning_hash
from finance.estimates.copying.operations import copy_hints, copy_notes
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.part_checks import partner_findings
from finance.estimates.records import Estimate, EstimateProject, EstimateVersion
from finance.estimates.totals import parts_of_draft, requested_ordinal
from finance.findings import Finding, Location, Severity, blocking_findings
from finance.programme.classification import Nature
from finance.rulebook.strictness import by_date

UNEXPLAINED = "WARNING_UNEXPLAINED"
_CEILING_CODES = frozenset({"CEILING_EXCEEDED", "CEILING_EXCEEDED_BY_POOL"})


@dataclass(frozen=True, slots=True)
class Completeness:
    """Everything the checks say of a version, and the warnings that were let stand.

    Attributes:
        passed: by the hash of the warning's words and place (`warning_places.warning_hash`).
        places: what the warnings' fields mean, however rows are moved (`places_of_fields`).
    """

    findings: tuple[Finding, ...]
    passed: Mapping[str, PassedRow]
    places: Mapping[str, str]

    def hash_of(self, finding: Finding) -> str:
        """What a reason for this warning at its place is stored under."""
        place = self.places.get(finding.location.field, finding.location.field)
        return warning_hash(finding.code, finding.message_vi, place)

    def reason_for(self, finding: Finding) -> PassedRow | None:
        """Why this warning was let stand, or None; a reason of the place goes before one for every place."""
        if not self.passed:
            return None
        everywhere = warning_hash(finding.code, finding.message_vi)
        return self.passed.get(self.hash_of(finding)) or self.passed.get(everywhere)

    @property
    def asked(self) -> dict[str, Finding]:
        """Every warning that asks for a reason, by what its reason is stored under."""
        return {self.hash_of(one): one for one in self.findings if _asks_reason(one)}

    def alike(self, finding: Finding) -> dict[str, Finding]:
        """The warnings with the same words, wherever they are said, this one among them."""
        said = (finding.code, finding.message_vi)
        return {key: one for key, one in self.asked.items() if (one.code, one.message_vi) == said}

    @property
    def explained(self) -> list[tuple[str, PassedRow]]:
        """Reasons beside the place they hold at; reasons whose warning is no longer said come last."""
        found = [(one.location.text_vi, self.reason_for(one)) for one in self.asked.values()]
        live = [(place, row) for place, row in found if row is not None]
        used = {row.words_hash for _place, row in live}
        return live + [("", row) for key, row in self.passed.items() if key not in used]

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Everything but the warnings that were let stand for a reason."""
        return tuple(one for one in self.findings if not (_asks_reason(one) and self.reason_for(one)))

    @property
    def open_warnings(self) -> tuple[Finding, ...]:
        """Warnings without a reason."""
        return tuple(one for one in self.findings if _asks_reason(one) and self.reason_for(one) is None)


def version_completeness(
    session: Session, version_id: int, draft: EstimateDraft, context: CheckContext, *, on: date
) -> Completeness:
    """Everything that is missing in a version.

    Args:
        version_id: whose dossiers and papers.
        draft: what it asks.
        context: programme and round as plain data.
        on: business date, by which papers are asked for.
    """
    findings = check_draft(draft, context)
    is_over = any(finding.code in _CEILING_CODES for finding in findings)
    subjects = dossier_subjects(draft, context, exceeds_ceiling=is_over)
    found = _dossier_findings(session, version_id, subjects, fiscal_year=context.fiscal_year, on=on)
    findings += by_date(found, context.rule_dates)
    findings += by_date(_copied_figures(session, version_id, draft), context.rule_dates)
    findings += partner_findings(session, version_id, draft, on=on)
    passed = {row.words_hash: row for row in list_passed_warnings(session, version_id)}
    places = places_of_fields(draft, {one.location.field for one in findings if _asks_reason(one)})
    complete = Completeness(tuple(findings), passed, places)
    if UNEXPLAINED in context.rule_dates.blocks_from:
        # Said only where a day is set on which it blocks; else the pages count the warnings anyway.
        findings += by_date(_unexplained(complete), context.rule_dates)
    return Completeness(tuple(findings), passed, places)


def require_complete(
    session: Session, version_id: int, draft: EstimateDraft, context: CheckContext, *, on: date
) -> None:
    """Refuse to hand on what something blocks.

    Raises:
        NotReady: carries every blocking finding.
    """
    standing = blocking_findings(version_completeness(session, version_id, draft, context, on=on).findings)
    if standing:
        raise NotReady(standing)


def _asks_reason(finding: Finding) -> bool:
    return finding.severity is Severity.WARNS and finding.code != UNEXPLAINED


def dossier_counts(session: Session, estimate_ids: Sequence[int]) -> dict[int, int]:
    """How many projects of each estimate's present version have a dossier; none is absent."""
    has_project = EstimateProject.project_key == ProjectDossier.project_key
    query = (
        select(EstimateVersion.estimate_id, func.count())
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .join(ProjectDossier, ProjectDossier.version_id == EstimateVersion.id)
        .join(EstimateProject, and_(EstimateProject.version_id == EstimateVersion.id, has_project))
        .where(Estimate.id.in_(estimate_ids), EstimateVersion.number == Estimate.version_number)
        .group_by(EstimateVersion.estimate_id)
    )
    return dict(session.execute(query).all())


def dossier_subjects(
    draft: EstimateDraft, context: CheckContext, *, exceeds_ceiling: bool = False
) -> list[DossierSubject]:
    """The projects of a draft as their dossiers are held against them."""
    return [
        _subject(project, index, context, exceeds_ceiling=exceeds_ceiling)
        for index, project in enumerate(draft.projects)
    ]


def paper_facts(papers: Iterable[AttachedRow]) -> list[PaperFact]:
    """What the checks know of attached files."""
    return [
        PaperFact(
            row.paper_code,
            row.file_name,
            is_suspect=row.scan_state is ScanState.SUSPECT,
            is_waiting=row.scan_state is ScanState.WAITING,
        )
        for row in papers
    ]


def _dossier_findings(
    session: Session, version_id: int, subjects: Iterable[DossierSubject], *, fiscal_year: int, on: date
) -> Iterator[Finding]:
    dossiers = read_dossiers(session, version_id)
    requirements = list_required_papers(session, on)
    papers: dict[str, list[AttachedRow]] = {}
    for row in list_attached(session, version_id):
        papers.setdefault(row.project_key, []).append(row)
    for subject in subjects:
        yield from check_dossier(
            subject,
            dossiers.get(subject.project_key, Dossier(subject.project_key)),
            paper_facts(papers.get(subject.project_key, ())),
            requirements,
            fiscal_year,
        )


def _copied_figures(session: Session, version_id: int, draft: EstimateDraft) -> list[Finding]:
    """Figures taken over from another project that nobody has confirmed yet."""
    version = session.get_one(EstimateVersion, version_id)
    return copy_hints(draft, copy_notes(session, version.estimate_id, draft))


def _unexplained(found: Completeness) -> Iterator[Finding]:
    """One line for all warnings nobody gave a reason for."""
    count = len(found.open_warnings)
    if count:
        yield Finding(
            UNEXPLAINED,
            Severity.WARNS,
            f"{count} cảnh báo chưa ghi lý do giữ lại; cơ quan thẩm định sẽ đọc lý do này.",
            Location(field="warnings", words="Cảnh báo"),
            "Sửa, hoặc ghi lý do ở trang Còn thiếu.",
        )


def _subject(
    project: ProjectDraft, index: int, context: CheckContext, *, exceeds_ceiling: bool
) -> DossierSubject:
    place = project_place(project, index)
    return DossierSubject(
        project_key=project.project_key,
        prefix=place.prefix,
        words=place.words,
        kind=project.kind,
        competes=project.kind in POOL_KINDS,
        exceeds_ceiling=exceeds_ceiling,
        levels=tuple(str(code) for code in project.levels),
        results=tuple(_results(project, context)),
        asked_vnd=_asked_by_nature(project),
    )


def _results(project: ProjectDraft, context: CheckContext) -> Iterator[PromisedResult]:
    """Every promised result once, in the order of the promises."""
    for code in dict.fromkeys(promise.output_code for promise in project.promises):
        output = context.outputs.get(code)
        yield PromisedResult(code, output.name_vi if output else code, output.unit_name if output else "")


def _asked_by_nature(project: ProjectDraft) -> dict[Nature, int]:
    asked: dict[Nature, int] = {}
    if not project.levels or any(len(line.quantities) != len(project.levels) for line in project.lines):
        return asked
    for part in parts_of_draft(project, requested_ordinal(project.levels)):
        asked[part.nature] = asked.get(part.nature, 0) + part.amount_vnd
    return asked
