"""Reading dossiers, asked-for papers and passed warnings as plain values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from finance.dossiers.records import (
    DossierCondition,
    DossierOutput,
    DossierOutturn,
    DossierRunningCost,
    DossierSeal,
    PassedWarning,
    ProjectDossier,
    RequiredPaper,
)
from finance.dossiers.rules import (
    ConditionAnswer,
    Dossier,
    OutputEvidence,
    OutturnFigure,
    OutturnKind,
    PaperRequirement,
    ResultCondition,
    RunningCost,
)

Part = TypeVar("Part", DossierCondition, DossierOutput, DossierOutturn, DossierRunningCost)


@dataclass(frozen=True, slots=True)
class PassedRow:
    """A warning let stand, with its reason."""

    code: str
    words_hash: str
    message_vi: str
    reason: str
    passed_at: datetime
    passed_by: str


def read_dossiers(session: Session, version_id: int) -> dict[str, Dossier]:
    """The dossiers of a version by the key of their project."""
    query = select(ProjectDossier).where(ProjectDossier.version_id == version_id)
    heads = list(session.scalars(query.order_by(ProjectDossier.project_key)))
    if not heads:
        return {}
    ids = [head.id for head in heads]
    conditions = _parts(session, DossierCondition, ids)
    outputs = _parts(session, DossierOutput, ids)
    outturns = _parts(session, DossierOutturn, ids)
    costs = _parts(session, DossierRunningCost, ids)
    return {
        head.project_key: Dossier(
            project_key=head.project_key,
            minimum_level=head.minimum_level,
            minimum_reason=head.minimum_reason,
            continuity=head.continuity,
            after_costs=head.after_costs,
            savings_vnd=head.savings_vnd,
            savings_note=head.savings_note,
            conditions=_conditions(conditions[head.id]),
            outputs=_outputs(outputs[head.id]),
            outturns=_outturns(outturns[head.id]),
            running_costs=_running_costs(costs[head.id]),
        )
        for head in heads
    }


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row of the table of papers, in force or not."""

    id: int
    asked: PaperRequirement

    def is_in_force(self, on: date) -> bool:
        """True when the paper is asked for on the day."""
        return self.asked.valid_from <= on and not self.is_over(on)

    def is_over(self, on: date) -> bool:
        """True when the paper is no longer asked for on the day."""
        return self.asked.valid_to is not None and self.asked.valid_to < on


def paper_table(session: Session) -> list[PaperRow]:
    """Every paper that was, is or will be asked for, in the table's order."""
    query = select(RequiredPaper).order_by(RequiredPaper.position, RequiredPaper.id)
    return [PaperRow(row.id, _requirement(row)) for row in session.scalars(query)]


def list_required_papers(session: Session, on: date) -> list[PaperRequirement]:
    """The papers asked for on a day, in the table's order."""
    query = (
        select(RequiredPaper)
        .where(
            RequiredPaper.valid_from <= on,
            or_(RequiredPaper.valid_to.is_(None), RequiredPaper.valid_to >= on),
        )
        .order_by(RequiredPaper.position, RequiredPaper.id)
    )
    return [_requirement(row) for row in session.scalars(query)]


def list_passed_warnings(session: Session, version_id: int) -> list[PassedRow]:
    """The warnings of a version that were let stand, in the order they were."""
    query = select(PassedWarning).where(PassedWarning.version_id == version_id).order_by(PassedWarning.id)
    return [
        PassedRow(row.code, row.words_hash, row.message_vi, row.reason, row.passed_at, row.passed_by)
        for row in session.scalars(query)
    ]


def find_seal(session: Session, version_id: int) -> str | None:
    """The hash taken when the version was signed; None for one signed before dossiers existed."""
    return session.scalar(select(DossierSeal.content_hash).where(DossierSeal.version_id == version_id))


def _requirement(row: RequiredPaper) -> PaperRequirement:
    return PaperRequirement(
        code=row.code,
        name_vi=row.name_vi,
        project_kind=row.project_kind,
        nature=row.nature,
        least_vnd=row.least_vnd,
        only_continuing=row.only_continuing,
        severity=row.severity,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        legal_reference=row.legal_reference,
        note=row.note,
    )


def _parts(session: Session, kind: type[Part], ids: list[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for row in session.scalars(select(kind).where(kind.dossier_id.in_(ids)).order_by(kind.id)):
        found[row.dossier_id].append(row)
    return found


def _conditions(rows: list[DossierCondition]) -> tuple[ConditionAnswer, ...]:
    order = list(ResultCondition)
    answers = [ConditionAnswer(row.condition, row.is_met, row.evidence) for row in rows]
    return tuple(sorted(answers, key=lambda answer: order.index(answer.condition)))


def _outputs(rows: list[DossierOutput]) -> tuple[OutputEvidence, ...]:
    found = [
        OutputEvidence(
            output_code=row.output_code,
            is_unmeasured=row.is_unmeasured,
            baseline_thousandths=row.baseline_thousandths,
            baseline_on=row.baseline_on,
            baseline_source=row.baseline_source,
            data_source=row.data_source,
            verification=row.verification,
            responsible=row.responsible,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda evidence: evidence.output_code))


def _outturns(rows: list[DossierOutturn]) -> tuple[OutturnFigure, ...]:
    order = list(OutturnKind)
    found = [OutturnFigure(row.kind, row.amount_vnd, row.cut_off_on, row.method) for row in rows]
    return tuple(sorted(found, key=lambda figure: order.index(figure.kind)))


def _running_costs(rows: list[DossierRunningCost]) -> tuple[RunningCost, ...]:
    rows = sorted(rows, key=lambda row: row.position)
    return tuple(
        RunningCost(row.item_vi, row.first_year, row.amount_vnd, row.source_vi, row.payer_vi) for row in rows
    )
