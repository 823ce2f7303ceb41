"""Taking a project of another estimate into the open draft, and what is still unlooked-at of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function
from finance.agencies.records import Agency
from finance.audit import Change
from finance.errors import NotFound, NotReady, RuleBroken
from finance.estimates.context_reader import check_context
from finance.estimates.copying.records import CopiedProject
from finance.estimates.copying.rules import (
    CopyPlan,
    CopyResult,
    OldNorm,
    PriceUpdate,
    copy_project,
    unchecked_hint,
    unchecked_lines,
)
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.estimate_lookup import get_visible_estimate, note_edit
from finance.estimates.open_drafts import open_draft
from finance.estimates.operations import put_project
from finance.estimates.parts.joining import own_draft
from finance.estimates.project_json import project_of_json, project_to_json
from finance.estimates.records import Estimate, EstimateProject, EstimateVersion
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.findings import Finding, blocking_findings
from finance.permissions import require
from finance.programme.queries import list_norms
from finance.rounds.queries import RoundRow, get_round
from finance.rounds.records import BudgetRound
from finance.vietnamese.fold import fold

MOST_OFFERED = 200
LONGEST_KEY = 40


@dataclass(frozen=True, slots=True)
class OfferedProject:
    """A project that may be copied, as the page of choices lists it."""

    project_id: int
    project_key: str
    name_vi: str
    kind_vi: str
    office_vi: str
    round_vi: str
    fiscal_year: int
    is_last_year: bool


@dataclass(frozen=True, slots=True)
class ProposedCopy:
    """How a project would come into the draft; nothing is stored."""

    origin: ProjectDraft
    origin_label: str
    plan: CopyPlan
    result: CopyResult


@dataclass(frozen=True, slots=True)
class CopyNote:
    """What the draft's page says of a copied project."""

    project_key: str
    origin_label: str
    rule_vi: str
    unchecked: tuple[int, ...]
    line_count: int
    confirmed_by: str


def offered_projects(session: Session, actor: Actor, estimate_id: int, *, words: str) -> list[OfferedProject]:
    """Projects of the person's own offices in other versions of estimates, last year's first.

    Args:
        session: for looking.
        actor: prepares for the estimate's office.
        estimate_id: the open draft the copy would go to.
        words: looked for without marks in name, key and round; empty for all.

    Raises:
        NotFound, NotAllowed: like `save_draft`.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    require(actor, Action.COPY_PROJECT, estimate.agency_id)
    here = get_round(session, estimate.round_id)
    query = (
        select(EstimateProject, Agency.short_vi, BudgetRound)
        .join(EstimateVersion, EstimateVersion.id == EstimateProject.version_id)
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .join(Agency, Agency.id == Estimate.agency_id)
        .join(BudgetRound, BudgetRound.id == Estimate.round_id)
        .where(
            EstimateVersion.number == Estimate.version_number,
            Estimate.agency_id.in_(actor.agencies_of([Function.PREPARE])),
            # What was typed for practice stays there; a practice round may well copy true projects.
            BudgetRound.is_practice.is_(False) | (BudgetRound.id == here.id),
        )
        .order_by(BudgetRound.fiscal_year.desc(), Estimate.id.desc(), EstimateProject.priority)
    )
    wanted = fold(words).split()
    found = []
    for project, office, origin_round in session.execute(query):
        said = fold(f"{project.name_vi} {project.project_key} {origin_round.name_vi} {office}")
        if all(word in said for word in wanted):
            found.append(_offered(project, office, origin_round, here))
    return sorted(found, key=lambda one: not one.is_last_year)[:MOST_OFFERED]


def propose_copy(
    session: Session, actor: Actor, estimate_id: int, *, origin_id: int, prices: PriceUpdate
) -> ProposedCopy:
    """The project as it would stand in the draft, with what would be lost; nothing is stored.

    Raises:
        NotFound: no such estimate or project, or the project is not of an own office.
        NotAllowed: the person does not prepare for the estimate's office.
        RuleBroken: the factor or the rounding is none that a price update may have.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    require(actor, Action.COPY_PROJECT, estimate.agency_id)
    row = _find_origin(session, actor, origin_id)
    origin_round = get_round(session, row.estimate.round_id)
    here = get_round(session, estimate.round_id)
    if origin_round.is_practice and origin_round.id != here.id:
        raise NotFound("dự án", origin_id)
    draft = _current_draft(session, estimate)
    plan = CopyPlan(
        project_key=_free_key(draft, row.origin.project_key),
        priority=max((project.priority for project in draft.projects), default=0) + 1,
        years_later=here.fiscal_year - origin_round.fiscal_year,
        prices=prices,
    )
    context = check_context(session, estimate.round_id, estimate.agency_id)
    try:
        result = copy_project(row.origin, plan, context, _old_norms(session))
    except ValueError as unfit:
        raise RuleBroken("Hệ số giá phải trên 0 % và không quá 1.000 %, làm tròn theo bậc có sẵn.") from unfit
    label = f"{row.origin.project_key}, {row.office_vi}, {origin_round.name_vi}"
    return ProposedCopy(row.origin, label, plan, result)


def copy_into_draft(
    session: Session, actor: Actor, estimate_id: int, *, origin_id: int, prices: PriceUpdate, seen_edit: int
) -> str:
    """Put a copy into the open draft; its figures count as unlooked-at until touched or confirmed.

    Returns:
        The key of the new project.

    Raises:
        NotReady: something without which the project cannot be stored is gone.
        NotFound, NotAllowed, StaleVersion, NotInThisStatus, RuleBroken: as their names say.
    """
    proposed = propose_copy(session, actor, estimate_id, origin_id=origin_id, prices=prices)
    standing = blocking_findings(proposed.result.findings)
    if standing:
        raise NotReady(standing)
    project = proposed.result.project
    put_project(
        session,
        actor,
        estimate_id,
        project=project,
        seen_edit=seen_edit,
        action=Action.COPY_PROJECT,
        details={"copied_from_project": proposed.origin_label, "price_rule": prices.rule_vi},
    )
    stale = select(CopiedProject).where(
        CopiedProject.estimate_id == estimate_id, CopiedProject.project_key == project.project_key
    )
    for row in session.scalars(stale):
        session.delete(row)
    session.flush()  # the key must be free for the new row
    session.add(
        CopiedProject(
            estimate_id=estimate_id,
            project_key=project.project_key,
            origin_label=proposed.origin_label[:300],
            origin=project_to_json(proposed.origin),
            copied=project_to_json(project),
            price_percent_thousandths=prices.percent_thousandths,
            price_basis=prices.rule_vi[:300],
            copied_at=actor.moment.business_at,
            copied_by=actor.full_name,
        )
    )
    return project.project_key


def confirm_copy(
    session: Session, actor: Actor, estimate_id: int, *, project_key: str, seen_edit: int
) -> int:
    """Say that the copied figures were looked at and are meant.

    Returns:
        The new edit number.

    Raises:
        NotFound: no such estimate or copied project.
        NotAllowed, StaleVersion, NotInThisStatus: as their names say.
    """
    opened = open_draft(session, actor, estimate_id, Action.CONFIRM_COPY, seen_edit)
    estimate = opened.estimate
    row = session.scalar(
        select(CopiedProject).where(
            CopiedProject.estimate_id == estimate_id, CopiedProject.project_key == project_key
        )
    )
    if row is None:
        raise NotFound("dự án đã chép", project_key)
    if row.confirmed_at is not None:
        return estimate.edit_number
    row.confirmed_at, row.confirmed_by = actor.moment.business_at, actor.full_name
    change = Change(details={"project": project_key, "copied_from_project": row.origin_label})
    return note_edit(session, actor, estimate, Action.CONFIRM_COPY, seat=opened.seat, change=change)


def copy_notes(session: Session, estimate_id: int, draft: EstimateDraft) -> dict[str, CopyNote]:
    """Per copied project of the draft: where it came from and which lines nobody looked at yet."""
    now = {project.project_key: project for project in draft.projects}
    rows = session.scalars(select(CopiedProject).where(CopiedProject.estimate_id == estimate_id))
    return {
        row.project_key: CopyNote(
            row.project_key,
            row.origin_label,
            row.price_basis,
            () if row.confirmed_at else unchecked_lines(project_of_json(row.copied), now[row.project_key]),
            len(now[row.project_key].lines),
            row.confirmed_by,
        )
        for row in rows
        if row.project_key in now
    }


def copy_hints(draft: EstimateDraft, notes: Mapping[str, CopyNote]) -> list[Finding]:
    """One hint a project whose copied figures still stand untouched and unconfirmed."""
    return [
        unchecked_hint(index, project, len(notes[project.project_key].unchecked))
        for index, project in enumerate(draft.projects)
        if project.project_key in notes and notes[project.project_key].unchecked
    ]


def origin_of_copy(session: Session, estimate_id: int, project_key: str) -> ProjectDraft | None:
    """The project a copy came from, as it stood then; None when the project was not copied."""
    row = session.scalar(
        select(CopiedProject).where(
            CopiedProject.estimate_id == estimate_id, CopiedProject.project_key == project_key
        )
    )
    return project_of_json(row.origin) if row else None


@dataclass(frozen=True, slots=True)
class _Origin:
    estimate: Estimate
    office_vi: str
    origin: ProjectDraft


def _find_origin(session: Session, actor: Actor, project_id: int) -> _Origin:
    """The project as asked, if it belongs to an office the person prepares for."""
    project = session.get(EstimateProject, project_id)
    version = session.get(EstimateVersion, project.version_id) if project else None
    estimate = session.get(Estimate, version.estimate_id) if version else None
    if project is None or version is None or estimate is None:
        raise NotFound("dự án", project_id)
    if estimate.agency_id not in actor.agencies_of([Function.PREPARE]):
        raise NotFound("dự án", project_id)
    # What co-agencies joined is theirs to ask again; copied as the own it would be asked twice.
    asked = own_draft(session, version.id, draft_of_rows(read_version(session, version.id))).projects
    origin = next(one for one in asked if one.project_key == project.project_key)
    return _Origin(estimate, session.get_one(Agency, estimate.agency_id).short_vi, origin)


def _current_draft(session: Session, estimate: Estimate) -> EstimateDraft:
    version_id = session.scalar(
        select(EstimateVersion.id).where(
            EstimateVersion.estimate_id == estimate.id, EstimateVersion.number == estimate.version_number
        )
    )
    return draft_of_rows(read_version(session, version_id)) if version_id else EstimateDraft()


def _free_key(draft: EstimateDraft, wanted: str) -> str:
    """The key itself, or with -2, -3 … when the draft has it already."""
    taken = {project.project_key for project in draft.projects}
    candidate, number = wanted, 2
    while candidate in taken:
        ending = f"-{number}"
        candidate, number = f"{wanted[: LONGEST_KEY - len(ending)]}{ending}", number + 1
    return candidate


def _old_norms(session: Session) -> dict[str, OldNorm]:
    """Every norm there ever was, each with the last version that took its place."""
    norms = list_norms(session)
    next_code = {norm.replaces_code: norm.code for norm in norms if norm.replaces_code}
    return {norm.code: OldNorm(norm.max_vnd, _last_of(norm.code, next_code)) for norm in norms}


def _last_of(code: str, next_code: Mapping[str, str]) -> str:
    seen: Sequence[str] = ()
    while code in next_code and code not in seen:
        seen, code = (*seen, code), next_code[code]
    return code if seen else ""


def _offered(
    project: EstimateProject, office: str, origin_round: BudgetRound, here: RoundRow
) -> OfferedProject:
    return OfferedProject(
        project.id,
        project.project_key,
        project.name_vi,
        project.kind.label_vi,
        office,
        origin_round.name_vi,
        origin_round.fiscal_year,
        is_last_year=origin_round.fiscal_year == here.fiscal_year - 1,
    )
