"""Loading the programme: everything the decision fixes, from a province's folder of files."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change, Subject, record_change
from finance.permissions import require
from finance.programme.records import (
    BudgetCode,
    FundingSource,
    ProgrammeTask,
    ReformArea,
    SpendingNorm,
    Target,
    TaskBody,
    TaskDeliverable,
    TaskTarget,
)
from finance.programme.reference_files import Folder, read_norms
from finance.programme.reference_rows import NormRow, TargetRow, TaskRow
from finance.programme.reference_set import ReferenceSet, read_reference_set
from finance.programme.storing import LoadReport, RowStore
from finance.programme.storing_offices import store_offices

PROGRAMME_SUBJECT = Subject("programme", 1, "Chương trình và danh mục")


def load_programme(session: Session, actor: Actor, *, folder: Folder = None) -> LoadReport:
    """Load areas, targets, tasks, offices, functions, sources, classification and norms.

    Safe to repeat: rows are found by their codes, brought up where they differ, never deleted.

    Args:
        session: open write session.
        actor: who administers, or the installation itself.
        folder: a province's folder; the project's own files when left out.

    Returns:
        How many rows were new or changed.

    Raises:
        NotAllowed: the actor does not administer.
        ReferenceFileWrong: a file is wrong; nothing is stored.
    """
    seat = require(actor, Action.LOAD_PROGRAMME)
    given = read_reference_set(folder)
    store = RowStore(session, LoadReport())
    store_offices(store, given)
    _store_programme(store, given)
    for norm in given.norms:
        _store_norm(store, norm)
    if not store.report.is_empty:
        details = {"added": dict(store.report.added), "changed": dict(store.report.changed)}
        change = Change(details=details)
        record_change(session, actor, Action.LOAD_PROGRAMME, PROGRAMME_SUBJECT, seat=seat, change=change)
    return store.report


def load_norms(session: Session, actor: Actor, *, name: str, folder: Folder = None) -> LoadReport:
    """Load one more file of spending norms, such as the demonstration's invented ones.

    Raises:
        NotAllowed: the actor does not administer.
        ReferenceFileWrong: the file is wrong; nothing is stored.
    """
    seat = require(actor, Action.LOAD_PROGRAMME)
    store = RowStore(session, LoadReport())
    for norm in read_norms(folder, name=name):
        _store_norm(store, norm)
    if not store.report.is_empty:
        details = {"added": dict(store.report.added), "changed": dict(store.report.changed)}
        change = Change(details={"file": name, **details})
        record_change(session, actor, Action.LOAD_PROGRAMME, PROGRAMME_SUBJECT, seat=seat, change=change)
    return store.report


def _store_programme(store: RowStore, given: ReferenceSet) -> None:
    areas = {}
    for area in given.areas:
        values = {"name_vi": area.name_vi, "source": area.source[:200]}
        areas[area.code] = store.put(ReformArea, {"code": area.code}, values).id
    targets = {
        row.code: store.put(Target, {"code": row.code}, _target_values(row, areas)).id
        for row in given.targets
    }
    tasks = {
        row.code: store.put(ProgrammeTask, {"code": row.code}, _task_values(row, areas)).id
        for row in given.tasks
    }
    _store_task_parts(store, given, tasks, targets)
    _store_classification(store, given)


def _store_task_parts(
    store: RowStore, given: ReferenceSet, tasks: dict[str, int], targets: dict[str, int]
) -> None:
    for body in given.task_bodies:
        key = {"task_id": tasks[body.task], "role": body.role, "body_code": body.body}
        store.put(TaskBody, key, {"source": body.source[:200]})
    for link in given.task_targets:
        store.put(TaskTarget, {"task_id": tasks[link.task], "target_id": targets[link.target]}, {})
    for product in given.task_deliverables:
        values = {
            "task_id": tasks[product.task],
            "name_vi": product.name_vi,
            "year": product.year,
            "quarter": product.quarter,
            "is_year_explicit": product.is_year_explicit,
            "source": product.source[:200],
        }
        store.put(TaskDeliverable, {"code": product.code}, values)


def _store_classification(store: RowStore, given: ReferenceSet) -> None:
    for row in given.funding_sources:
        values = {
            "sort": row.sort,
            "name_vi": row.name_vi,
            "nature": row.nature,
            "level_code": row.level or "",
            "enters_pool": row.enters_pool,
            "is_certain": row.is_certain,
            "source": row.source[:200],
        }
        store.put(FundingSource, {"code": row.code}, values)
    for code in given.budget_codes:
        values = {
            "name_vi": code.name_vi,
            "is_confirmed": code.is_confirmed,
            "valid_from": code.valid_from,
            "valid_to": code.valid_to,
            "source": code.source,
        }
        store.put(BudgetCode, {"segment": code.segment, "code": code.code}, values)


def _target_values(row: TargetRow, areas: dict[str, int]) -> dict[str, object]:
    return {
        "sort": row.sort,
        "period": row.period,
        "area_id": areas[row.area],
        "kind": row.kind,
        "name_vi": row.name_vi,
        "unit_name": row.unit_name,
        "scope_vi": row.scope_vi,
        "operator": row.operator,
        "value_thousandths": row.value_thousandths,
        "year": row.year,
        "quarter": row.quarter,
        "is_year_explicit": row.is_year_explicit,
        "is_ambiguous": row.is_ambiguous,
        "exception_vi": row.exception_vi,
        "follows_code": row.follows,
        "components": list(row.components),
        "source_line": row.source_line,
        "source": row.source[:200],
        "note": row.note,
    }


def _task_values(row: TaskRow, areas: dict[str, int]) -> dict[str, object]:
    return {
        "sort": row.sort,
        "area_id": areas[row.area],
        "name_vi": row.name_vi,
        "start_year": row.start_year,
        "end_year": row.end_year,
        "deadline_vi": row.deadline_vi,
        "deliverables_vi": row.deliverables_vi,
        "needs_it_opinion": row.needs_it_opinion,
        "source": row.source[:200],
    }


def _store_norm(store: RowStore, row: NormRow) -> None:
    kept_here = select(SpendingNorm.id).where(SpendingNorm.code == row.code, SpendingNorm.is_kept_here)
    if store.session.scalar(kept_here) is not None:
        return  # repealed or written by the finance office since: a file must not bring it back
    values = {
        "item_vi": row.item_vi,
        "unit_name": row.unit_name,
        "max_vnd": row.max_vnd,
        "legal_reference": row.legal_reference,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "is_confirmed": row.is_confirmed,
        "note": row.note,
    }
    store.put(SpendingNorm, {"code": row.code}, values)
