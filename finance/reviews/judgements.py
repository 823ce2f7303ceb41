"""Loading everything stored about one version: opinions, appraised lines, appraised promises."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actors import Function
from finance.agencies.queries import agencies_with_function
from finance.estimates.records import CostLine, EstimateProject, ProjectLevel, PromisedOutput
from finance.programme.records import FundingSource, ProgrammeTask
from finance.reviews.figures import OpinionRow
from finance.reviews.records import LineAppraisal, Opinion, OutputAppraisal, QuantityAppraisal, RefusedUnit
from finance.reviews.rules import OPINION_RULES
from finance.reviews.side_by_side import JudgedLine, JudgedPromise, Judgements


def judgements_of(session: Session, version_id: int) -> Judgements:
    """What was judged of a version, and the marks that decide whose opinion is due."""
    it_tasks = session.scalars(select(ProgrammeTask.id).where(ProgrammeTask.needs_it_opinion))
    return Judgements(
        opinions=_opinions(session, version_id),
        lines=_lines(session, version_id),
        promises=_promises(session, version_id),
        pool_source_ids=frozenset(pool_sources_by_code(session).values()),
        it_task_ids=frozenset(it_tasks),
    )


def judging_offices(session: Session, on: date) -> dict[Function, str]:
    """Who owes which opinion on the date: the short names of the offices that hold the function."""
    return {
        rule.function: ", ".join(row.short_vi for row in agencies_with_function(session, rule.function, on))
        for rule in OPINION_RULES
    }


def pool_sources_by_code(session: Session) -> dict[str, int]:
    """Code -> id of the sources whose money is allocated by results."""
    query = select(FundingSource.code, FundingSource.id).where(FundingSource.enters_pool)
    return dict(session.execute(query).all())


def _opinions(session: Session, version_id: int) -> dict[int, list[OpinionRow]]:
    query = (
        select(Opinion)
        .join(EstimateProject, EstimateProject.id == Opinion.project_id)
        .where(EstimateProject.version_id == version_id)
        .order_by(Opinion.id)
    )
    found: dict[int, list[OpinionRow]] = {}
    for opinion in session.scalars(query):
        row = OpinionRow(
            opinion.function, opinion.verdict, opinion.words, opinion.person_name, opinion.given_at
        )
        found.setdefault(opinion.project_id, []).append(row)
    return found


def _lines(session: Session, version_id: int) -> dict[int, JudgedLine]:
    of_version = (
        select(LineAppraisal)
        .join(CostLine, CostLine.id == LineAppraisal.line_id)
        .join(EstimateProject, EstimateProject.id == CostLine.project_id)
        .where(EstimateProject.version_id == version_id)
    )
    quantities: dict[int, dict[int, tuple[int, int]]] = {}
    query = (
        select(QuantityAppraisal)
        .join(ProjectLevel, ProjectLevel.id == QuantityAppraisal.level_id)
        .join(EstimateProject, EstimateProject.id == ProjectLevel.project_id)
        .where(EstimateProject.version_id == version_id)
    )
    for row in session.scalars(query):
        per_level = quantities.setdefault(row.appraisal_id, {})
        per_level[row.level_id] = (row.quantity_thousandths, row.amount_vnd)
    return {
        row.line_id: JudgedLine(
            row.unit_price_vnd,
            row.reason,
            row.words,
            row.person_name,
            row.appraised_at,
            quantities.get(row.id, {}),
        )
        for row in session.scalars(of_version)
    }


def _promises(session: Session, version_id: int) -> dict[int, JudgedPromise]:
    of_version = (
        select(OutputAppraisal)
        .join(PromisedOutput, PromisedOutput.id == OutputAppraisal.promise_id)
        .join(ProjectLevel, ProjectLevel.id == PromisedOutput.level_id)
        .join(EstimateProject, EstimateProject.id == ProjectLevel.project_id)
        .where(EstimateProject.version_id == version_id)
    )
    rows = list(session.scalars(of_version))
    refused: dict[int, set[int]] = {}
    units = select(RefusedUnit).where(RefusedUnit.appraisal_id.in_([row.id for row in rows]))
    for unit in session.scalars(units):
        refused.setdefault(unit.appraisal_id, set()).add(unit.unit_id)
    return {
        row.promise_id: JudgedPromise(
            row.is_accepted,
            row.quantity_thousandths,
            frozenset(refused.get(row.id, ())),
            row.words,
            row.person_name,
            row.appraised_at,
        )
        for row in rows
    }
