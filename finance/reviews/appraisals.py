"""Reading what was asked of one line or promise, and writing the one row that judges it."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.actors import Actor, Function
from finance.estimates.records import CostLine, LineQuantity, PromisedOutput, PromisedUnit
from finance.reviews.records import LineAppraisal, Opinion, OutputAppraisal, QuantityAppraisal, RefusedUnit
from finance.reviews.rules import (
    AskedLine,
    AskedPromise,
    LineFigures,
    PromiseFigures,
    Verdict,
    appraised_amounts,
    spread_quantities,
)
from finance.rounds.records import RoundOutput


def asked_line(session: Session, line: CostLine) -> AskedLine:
    """The line as asked, with its quantity in every level."""
    quantities = session.scalars(select(LineQuantity).where(LineQuantity.line_id == line.id))
    return AskedLine(
        line.unit_price_vnd,
        line.frequency_thousandths,
        {row.level_id: row.quantity_thousandths for row in quantities},
    )


def asked_promise(session: Session, promise: PromisedOutput) -> tuple[AskedPromise, str]:
    """The promise as asked, and the name of its result."""
    output = session.get_one(RoundOutput, promise.output_id)
    units = session.scalars(select(PromisedUnit.unit_id).where(PromisedUnit.promise_id == promise.id))
    return AskedPromise(output.kind, promise.quantity_thousandths, frozenset(units)), output.name_vi


def opinion_of(session: Session, project_id: int, function: Function) -> Opinion | None:
    """The stored opinion of a function on a project, or None."""
    query = select(Opinion).where(Opinion.project_id == project_id, Opinion.function == function)
    return session.scalar(query)


def content_verdict_of(session: Session, project_id: int) -> Verdict | None:
    """What the content appraisal says of a project, or None."""
    opinion = opinion_of(session, project_id, Function.CONTENT_APPRAISAL)
    return opinion.verdict if opinion else None


def write_opinion(
    session: Session, actor: Actor, project_id: int, function: Function, said: tuple[Verdict, str]
) -> None:
    """Write what the function says; what it said before stays in the audit only."""
    row = opinion_of(session, project_id, function)
    if row is None:
        row = Opinion(project_id=project_id, function=function)
        session.add(row)
    row.verdict, row.words = said
    row.person_id = actor.person_id
    row.person_name = actor.full_name
    row.given_at = actor.moment.business_at
    session.flush()  # the next reading of the same transaction must find it


def write_line(
    session: Session, actor: Actor, line: CostLine, asked: AskedLine, figures: LineFigures
) -> None:
    """Write the appraised price of a line and its quantity and amount in every level."""
    row = session.scalar(select(LineAppraisal).where(LineAppraisal.line_id == line.id))
    if row is None:
        row = LineAppraisal(line_id=line.id)
        session.add(row)
    row.unit_price_vnd = figures.unit_price_vnd
    row.reason = figures.reason
    row.words = figures.words
    row.person_id = actor.person_id
    row.person_name = actor.full_name
    row.appraised_at = actor.moment.business_at
    session.flush()  # the rows per level need its id
    session.execute(delete(QuantityAppraisal).where(QuantityAppraisal.appraisal_id == row.id))
    amounts = appraised_amounts(asked, figures)
    for level_id, quantity in spread_quantities(asked.quantities, figures.quantities_thousandths).items():
        session.add(
            QuantityAppraisal(
                appraisal_id=row.id,
                level_id=level_id,
                quantity_thousandths=quantity,
                amount_vnd=amounts[level_id],
            )
        )
    session.flush()  # the next reading of the same transaction must find them


def write_promise(session: Session, actor: Actor, promise_id: int, settled: PromiseFigures) -> None:
    """Write what is accepted of a promise and which of its units are not."""
    row = session.scalar(select(OutputAppraisal).where(OutputAppraisal.promise_id == promise_id))
    if row is None:
        row = OutputAppraisal(promise_id=promise_id)
        session.add(row)
    row.is_accepted = settled.is_accepted
    row.quantity_thousandths = settled.quantity_thousandths
    row.words = settled.words
    row.person_id = actor.person_id
    row.person_name = actor.full_name
    row.appraised_at = actor.moment.business_at
    session.flush()  # the refused units need its id
    session.execute(delete(RefusedUnit).where(RefusedUnit.appraisal_id == row.id))
    session.add_all(RefusedUnit(appraisal_id=row.id, unit_id=unit) for unit in settled.refused_unit_ids)
    session.flush()  # the next reading of the same transaction must find them
