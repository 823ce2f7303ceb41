"""Laying what was judged beside what was asked, project by project. Pure: filled by the queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from finance.actors import Function
from finance.estimates.rows import LevelRow, LineRow, ProjectRow, PromiseRow
from finance.estimates.totals import requested_level, sum_of
from finance.reviews.figures import (
    AppraisedLevel,
    AppraisedLine,
    AppraisedProject,
    AppraisedPromise,
    AppraisedQuantity,
    OpinionRow,
    part_of_line,
)
from finance.reviews.rules import CutReason, ProjectStanding, Verdict, is_pool_project, opinions_due


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A stored line appraisal; `quantities` is level id -> (thousandths, đồng)."""

    unit_price_vnd: int
    reason: CutReason | None
    words: str
    person_name: str
    appraised_at: datetime
    quantities: Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class JudgedPromise:
    """A stored appraisal of a promise."""

    is_accepted: bool
    quantity_thousandths: int
    refused_unit_ids: frozenset[int]
    words: str
    person_name: str
    appraised_at: datetime


@dataclass(frozen=True, slots=True)
class Judgements:
    """Everything stored about a version: opinions by project id, appraisals by line and promise id.

    Attributes:
        pool_source_ids: the sources whose money is allocated by results.
        it_task_ids: the annex tasks that need the opinion of the information technology office.
    """

    opinions: Mapping[int, Sequence[OpinionRow]] = field(default_factory=dict)
    lines: Mapping[int, JudgedLine] = field(default_factory=dict)
    promises: Mapping[int, JudgedPromise] = field(default_factory=dict)
    pool_source_ids: frozenset[int] = frozenset()
    it_task_ids: frozenset[int] = frozenset()


def lay_beside(project: ProjectRow, judged: Judgements) -> AppraisedProject:
    """The project with every opinion and appraised figure there is."""
    opinions = tuple(judged.opinions.get(project.id, ()))
    standing = standing_of(project, judged, opinions)
    lines = tuple(_line(line, judged.lines.get(line.id)) for line in project.lines)
    is_rejected = standing.content_verdict is Verdict.REJECT
    at = requested_level(project)
    return AppraisedProject(
        project=project,
        is_pool=is_pool_project(standing),
        opinions_due=opinions_due(standing),
        opinions=opinions,
        levels=tuple(
            _level(project, level, lines, is_requested=level.ordinal == at, is_rejected=is_rejected)
            for level in project.levels
        ),
        lines=lines,
        promises=tuple(_promise(promise, judged.promises.get(promise.id)) for promise in project.promises),
    )


def standing_of(project: ProjectRow, judged: Judgements, opinions: Sequence[OpinionRow]) -> ProjectStanding:
    """The facts that decide whose opinion the project needs."""
    verdict = next((one.verdict for one in opinions if one.function is Function.CONTENT_APPRAISAL), None)
    asks_pool_money = any(
        line.source_id in judged.pool_source_ids and any(one.amount_vnd > 0 for one in line.quantities)
        for line in project.lines
    )
    return ProjectStanding(project.kind, asks_pool_money, project.task_id in judged.it_task_ids, verdict)


def _line(line: LineRow, judged: JudgedLine | None) -> AppraisedLine:
    quantities = []
    for asked in line.quantities:
        thousandths, amount = judged.quantities[asked.level_id] if judged else (None, None)
        quantities.append(
            AppraisedQuantity(
                asked.level_id, asked.quantity_thousandths, asked.amount_vnd, thousandths, amount
            )
        )
    return AppraisedLine(
        line=line,
        is_appraised=judged is not None,
        unit_price_vnd=judged.unit_price_vnd if judged else None,
        reason=judged.reason if judged else None,
        words=judged.words if judged else "",
        person_name=judged.person_name if judged else "",
        appraised_at=judged.appraised_at if judged else None,
        quantities=tuple(quantities),
    )


def _promise(promise: PromiseRow, judged: JudgedPromise | None) -> AppraisedPromise:
    return AppraisedPromise(
        promise=promise,
        is_appraised=judged is not None,
        is_accepted=judged.is_accepted if judged else False,
        quantity_thousandths=judged.quantity_thousandths if judged else 0,
        refused_unit_ids=judged.refused_unit_ids if judged else frozenset(),
        words=judged.words if judged else "",
        person_name=judged.person_name if judged else "",
        appraised_at=judged.appraised_at if judged else None,
    )


def _level(
    project: ProjectRow,
    level: LevelRow,
    lines: Sequence[AppraisedLine],
    *,
    is_requested: bool,
    is_rejected: bool,
) -> AppraisedLevel:
    held = [(one.line, one.quantities[level.ordinal - 1]) for one in lines]
    judged = [(line, one) for line, one in held if one.appraised_vnd is not None]
    kept = sum_of(part_of_line(project, line, one.appraised_vnd or 0) for line, one in judged)
    asked_of_judged = sum_of(part_of_line(project, line, one.asked_vnd) for line, one in judged)
    is_complete = all(one.appraised_vnd is not None for _line, one in held if one.asked_vnd)
    return AppraisedLevel(
        id=level.id,
        ordinal=level.ordinal,
        code=level.code,
        is_requested=is_requested,
        asked_vnd=level.asked_vnd,
        appraised_vnd=0 if is_rejected else kept if is_complete else None,
        difference_so_far_vnd=-level.asked_vnd if is_rejected else kept - asked_of_judged,
    )
