"""What reviewers have left to do in many files at once: counted by the store, never read line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from finance.actors import Function
from finance.estimates.records import CostLine, EstimateProject, LineQuantity, ProjectLevel, PromisedOutput
from finance.programme.records import FundingSource, ProgrammeTask
from finance.reviews.figures import ProjectLeft
from finance.reviews.records import LineAppraisal, Opinion, OutputAppraisal
from finance.reviews.rules import ProjectStanding, Verdict, opinions_due


def work_left(session: Session, version_ids: Collection[int]) -> dict[int, list[ProjectLeft]]:
    """By version what its projects still wait for: four queries, however many files and lines there are."""
    opinions = _opinions(session, version_ids)
    lines, promises = _lines_left(session, version_ids), _promises_left(session, version_ids)
    asks_pool_money = exists().where(
        CostLine.project_id == EstimateProject.id,
        FundingSource.id == CostLine.source_id,
        FundingSource.enters_pool,
        LineQuantity.line_id == CostLine.id,
        LineQuantity.amount_vnd > 0,
    )
    query = (
        select(
            EstimateProject.version_id,
            EstimateProject.id,
            EstimateProject.kind,
            ProgrammeTask.needs_it_opinion,
            asks_pool_money,
        )
        .join(ProgrammeTask, ProgrammeTask.id == EstimateProject.task_id)
        .where(EstimateProject.version_id.in_(version_ids))
    )
    found: dict[int, list[ProjectLeft]] = defaultdict(list)
    for version_id, project_id, kind, needs_it_opinion, asks in session.execute(query):
        given = opinions[project_id]
        verdict = given.get(Function.CONTENT_APPRAISAL)
        due = opinions_due(ProjectStanding(kind, bool(asks), needs_it_opinion, verdict))
        is_open = verdict is not Verdict.REJECT
        left = ProjectLeft(
            content_verdict=verdict,
            opinions_missing=tuple(function for function in due if function not in given),
            lines_left=lines.get(project_id, 0) if is_open else 0,
            promises_left=promises.get(project_id, 0) if is_open else 0,
        )
        found[version_id].append(left)
    return found


def _opinions(session: Session, version_ids: Collection[int]) -> dict[int, dict[Function, Verdict]]:
    query = (
        select(Opinion.project_id, Opinion.function, Opinion.verdict)
        .join(EstimateProject, EstimateProject.id == Opinion.project_id)
        .where(EstimateProject.version_id.in_(version_ids))
    )
    found: dict[int, dict[Function, Verdict]] = defaultdict(dict)
    for project_id, function, verdict in session.execute(query):
        found[project_id][function] = verdict
    return found


def _lines_left(session: Session, version_ids: Collection[int]) -> dict[int, int]:
    query = (
        select(CostLine.project_id, func.count(CostLine.id) - func.count(LineAppraisal.id))
        .join(EstimateProject, EstimateProject.id == CostLine.project_id)
        .outerjoin(LineAppraisal, LineAppraisal.line_id == CostLine.id)
        .where(EstimateProject.version_id.in_(version_ids))
        .group_by(CostLine.project_id)
    )
    return dict(session.execute(query).all())


def _promises_left(session: Session, version_ids: Collection[int]) -> dict[int, int]:
    query = (
        select(ProjectLevel.project_id, func.count(PromisedOutput.id) - func.count(OutputAppraisal.id))
        .join(PromisedOutput, PromisedOutput.level_id == ProjectLevel.id)
        .join(EstimateProject, EstimateProject.id == ProjectLevel.project_id)
        .outerjoin(OutputAppraisal, OutputAppraisal.promise_id == PromisedOutput.id)
        .where(EstimateProject.version_id.in_(version_ids))
        .group_by(ProjectLevel.project_id)
    )
    return dict(session.execute(query).all())
