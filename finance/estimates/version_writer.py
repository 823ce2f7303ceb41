"""Writing what an open version asks: the rows of every project that differs are replaced as a whole.

Only this file writes those rows, and never those of a version that was signed or sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.errors import NotInThisStatus, RecordDamaged
from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, PromiseDraft
from finance.estimates.records import (
    CostLine,
    Estimate,
    EstimateProject,
    EstimateVersion,
    LineQuantity,
    ProjectLevel,
    ProjectTarget,
    PromisedOutput,
    PromisedUnit,
)
from finance.estimates.workflow import EDITABLE
from finance.labels import LabelledEnum
from finance.money import line_amount_vnd
from finance.programme.queries import list_budget_codes, list_norms, list_sources, list_targets, list_tasks
from finance.record_base import canonical_json
from finance.rounds.queries import list_outputs, list_scope_units

SUB_ITEM = "subitem"  # the segment of the budget classification by which a cost line is classified


@dataclass(frozen=True, slots=True)
class CodeIds:
    """Ids by code of everything a draft may name."""

    tasks: Mapping[str, int]
    targets: Mapping[str, int]
    sources: Mapping[str, int]
    norms: Mapping[str, int]
    budget_codes: Mapping[str, int]
    outputs: Mapping[str, int]
    units: Mapping[str, int]


def write_version(
    session: Session,
    estimate: Estimate,
    version: EstimateVersion,
    draft: EstimateDraft,
    *,
    before: EstimateDraft | None = None,
) -> None:
    """Replace everything the open version asks by the draft.

    Args:
        session: open write session.
        estimate: stands in a status in which its content may change.
        version: the estimate's current version.
        draft: tidied and storable (`checks.check_storable` found nothing).
        before: what the version asks now, when the caller has read it: what stays the same is not
            written again, so that a save takes as long as what it changes.

    Raises:
        NotInThisStatus: the estimate is not being drafted.
        RecordDamaged: the version is frozen although the estimate says it is open.
    """
    if estimate.status not in EDITABLE:
        raise NotInThisStatus(estimate.status.label_vi, Action.SAVE_DRAFT.label_vi)
    is_current = version.estimate_id == estimate.id and version.number == estimate.version_number
    if not is_current or version.content_hash or version.signed_at or version.sent_at:
        raise RecordDamaged(f"version {version.number} of estimate {estimate.id} is frozen")
    stored = {project.project_key: project for project in before.projects} if before else {}
    same = {one.project_key for one in draft.projects if stored.get(one.project_key) == one}
    _remove_rows(session, version.id, same)
    ids = _code_ids(session, estimate.round_id)
    for project in draft.projects:
        if project.project_key not in same:
            _add_project(session, version.id, project, ids)
    session.flush()  # what is read next must see the new rows


def draft_digest(draft: EstimateDraft) -> str:
    """SHA-256 of everything a tidied draft asks: stored at signing, compared ever after."""
    return hashlib.sha256(canonical_json(_plain(asdict(draft))).encode()).hexdigest()


def _plain(value: object) -> object:
    """The value with enum members as their codes, so that it is JSON; a line's key is not asked for."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if key != "line_key"}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, LabelledEnum) else value


def _code_ids(session: Session, round_id: int) -> CodeIds:
    return CodeIds(
        tasks={row.code: row.id for row in list_tasks(session)},
        targets={row.code: row.id for row in list_targets(session)},
        sources={row.code: row.id for row in list_sources(session)},
        norms={row.code: row.id for row in list_norms(session)},
        budget_codes={row.code: row.id for row in list_budget_codes(session, SUB_ITEM)},
        outputs={row.code: row.id for row in list_outputs(session, round_id)},
        units={row.code: row.id for row in list_scope_units(session, round_id)},
    )


def _remove_rows(session: Session, version_id: int, kept_keys: Set[str]) -> None:
    """Delete the rows of the version's projects but for those with these keys, leaves first."""
    known = session.execute(
        select(EstimateProject.id, EstimateProject.project_key).where(
            EstimateProject.version_id == version_id
        )
    )
    projects = [project_id for project_id, key in known if key not in kept_keys]
    levels = select(ProjectLevel.id).where(ProjectLevel.project_id.in_(projects))
    lines = select(CostLine.id).where(CostLine.project_id.in_(projects))
    promises = select(PromisedOutput.id).where(PromisedOutput.level_id.in_(levels))
    session.execute(delete(PromisedUnit).where(PromisedUnit.promise_id.in_(promises)))
    session.execute(delete(PromisedOutput).where(PromisedOutput.level_id.in_(levels)))
    session.execute(delete(LineQuantity).where(LineQuantity.line_id.in_(lines)))
    session.execute(delete(CostLine).where(CostLine.project_id.in_(projects)))
    session.execute(delete(ProjectLevel).where(ProjectLevel.project_id.in_(projects)))
    session.execute(delete(ProjectTarget).where(ProjectTarget.project_id.in_(projects)))
    session.execute(delete(EstimateProject).where(EstimateProject.id.in_(projects)))


def _add_project(session: Session, version_id: int, project: ProjectDraft, ids: CodeIds) -> None:
    record = EstimateProject(
        version_id=version_id,
        project_key=project.project_key,
        priority=project.priority,
        name_vi=project.name_vi,
        kind=project.kind,
        task_id=ids.tasks[project.task_code],
        place=project.place,
        justification=project.justification,
    )
    session.add(record)
    session.flush()  # levels and lines need the project's id
    for code in project.target_codes:
        session.add(ProjectTarget(project_id=record.id, target_id=ids.targets[code]))
    levels = [
        ProjectLevel(project_id=record.id, ordinal=ordinal, code=code)
        for ordinal, code in enumerate(project.levels, start=1)
    ]
    session.add_all(levels)
    session.flush()  # quantities and promises need the levels' ids
    level_ids = [level.id for level in levels]
    _add_lines(session, record.id, project.lines, level_ids, ids)
    _add_promises(session, project.promises, level_ids, ids)


def _add_lines(
    session: Session, project_id: int, lines: Sequence[LineDraft], level_ids: Sequence[int], ids: CodeIds
) -> None:
    """All lines in one statement and all quantities in another: one by one they are thousands."""
    if not lines:
        return
    numbered = enumerate(lines, start=1)
    session.execute(
        insert(CostLine), [_cost_line(project_id, position, line, ids) for position, line in numbered]
    )
    of_project = select(CostLine.id).where(CostLine.project_id == project_id).order_by(CostLine.position)
    line_ids = session.scalars(of_project).all()
    quantities = [
        quantity
        for line, line_id in zip(lines, line_ids, strict=True)
        for quantity in _quantities(line, line_id, level_ids)
    ]
    session.execute(insert(LineQuantity), quantities)


def _cost_line(project_id: int, position: int, line: LineDraft, ids: CodeIds) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "position": position,
        "item_vi": line.item_vi,
        "budget_code_id": ids.budget_codes[line.budget_code] if line.budget_code else None,
        "norm_id": ids.norms[line.norm_code] if line.norm_code else None,
        "over_norm_reason": line.over_norm_reason,
        "source_id": ids.sources[line.source_code],
        "nature": line.nature,
        "year": line.year,
        "unit_name": line.unit_name,
        "unit_price_vnd": line.unit_price_vnd,
        "frequency_thousandths": line.frequency_thousandths,
        "note": line.note,
    }


def _quantities(line: LineDraft, line_id: int, level_ids: Sequence[int]) -> list[dict[str, Any]]:
    """One row per level; the product is rounded half up here, once, and stored."""
    return [
        {
            "line_id": line_id,
            "level_id": level_id,
            "quantity_thousandths": quantity,
            "amount_vnd": line_amount_vnd(line.unit_price_vnd, line.frequency_thousandths, quantity),
        }
        for level_id, quantity in zip(level_ids, line.quantities, strict=True)
    ]


def _add_promises(
    session: Session, promises: tuple[PromiseDraft, ...], level_ids: list[int], ids: CodeIds
) -> None:
    records = [
        PromisedOutput(
            level_id=level_ids[promise.level - 1],
            output_id=ids.outputs[promise.output_code],
            year=promise.year,
            component=promise.component,
            quantity_thousandths=promise.quantity_thousandths,
        )
        for promise in promises
    ]
    session.add_all(records)
    session.flush()  # the units need the promise's id
    for promise, record in zip(promises, records, strict=True):
        session.add_all(
            PromisedUnit(promise_id=record.id, unit_id=ids.units[code]) for code in promise.unit_codes
        )
