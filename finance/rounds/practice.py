"""Rounds for practice (tập huấn): opened like a true one, counted nowhere, wiped when they are closed.

A round is marked when it is opened and never later: no act turns a true round into one that can be
wiped. What hangs on the round is found by the store's own foreign keys, so that a room that keeps new
things about an estimate needs no word here. The audit keeps every act and one sentence of what was wiped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import Column, MetaData, Table, delete, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change, record_change
from finance.clock import VIETNAM_TIME
from finance.errors import ReasonMissing, RecordDamaged, RuleBroken
from finance.permissions import require
from finance.rounds.operations import find_round_for, round_subject, save_round_change
from finance.rounds.queries import get_round
from finance.rounds.records import (
    BudgetRound,
    Ceiling,
    Envelope,
    RoundDeadline,
    RoundOutput,
    RoundOutputUnit,
    ScopeUnit,
)
from finance.rounds.rules import RoundStage
from finance.vietnamese.normal import nfc

ROUND_TABLE = "budget_round"
OFFICE_CLOSES = time(17, 0, tzinfo=VIETNAM_TIME)
# Facts of the province that no round owns: should a key ever lead here, nothing at all is wiped.
NEVER_WIPED = frozenset(
    {
        ROUND_TABLE,
        "agency",
        "agency_change",
        "agency_group",
        "agency_group_member",
        "agency_standing",
        "audit_entry",
        "budget_code",
        "budget_level",
        "function_assignment",
        "funding_source",
        "person",
        "position",
        "programme_task",
        "reform_area",
        "reform_plan",
        "spending_norm",
        "target",
        "writer_turn",
    }
)
PRACTICE_DAYS = 14

RowT = TypeVar("RowT", Ceiling, Envelope, ScopeUnit, RoundOutput, RoundOutputUnit)
_BATCH = 400


@dataclass(frozen=True, slots=True)
class NewPractice:
    """A practice round is called into being beside a round whose catalogue and figures it takes over."""

    code: str
    name_vi: str
    model_round_id: int


def open_practice_round(session: Session, actor: Actor, new: NewPractice) -> int:
    """Open a round for practice with the results, units, ceilings and money of another round.

    Returns:
        The new round's id. The time to send ends in two weeks, the later stages a week later each.

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        NotFound: no such model round.
        RuleBroken: the code is taken or empty, or the model is itself a practice round.
    """
    seat = require(actor, Action.OPEN_ROUND)
    model = get_round(session, new.model_round_id)
    code, name = nfc(new.code).strip(), nfc(new.name_vi).strip()
    if not code or not name:
        raise RuleBroken("Phải ghi mã và tên đợt.")
    if model.is_practice:
        raise RuleBroken("Đợt tập huấn lấy danh mục của một đợt thật hoặc đợt minh họa.")
    if session.scalar(select(BudgetRound.id).where(BudgetRound.code == code)) is not None:
        raise RuleBroken(f"Mã đợt “{code}” đã được dùng; mời chọn mã khác.")
    record = BudgetRound(
        code=code,
        name_vi=name,
        fiscal_year=model.fiscal_year,
        last_year=model.last_year,
        kind=model.kind,
        is_open=True,
        is_demonstration=False,
        is_practice=True,
        business_on=None,
        edit_number=1,
    )
    session.add(record)
    session.flush()  # everything taken over names the round
    _take_over(session, actor, model.id, record.id)
    change = Change(to_state="đang mở, đợt tập huấn", details={"edit": 1, "model": model.code})
    record_change(session, actor, Action.OPEN_ROUND, round_subject(record), seat=seat, change=change)
    return record.id


def close_round(session: Session, actor: Actor, round_id: int, *, reason: str, seen_edit: int) -> None:
    """Close a round: nobody sends any more. A practice round is wiped in the same transaction.

    Raises:
        NotAllowed: the actor's office does not guide estimates.
        NotFound: no such round.
        ReasonMissing: no reason was written.
        RuleBroken: it was closed before.
        StaleVersion: somebody changed the round since.
    """
    record, seat = find_round_for(session, actor, round_id, Action.CLOSE_ROUND, seen_edit)
    if not reason.strip():
        raise ReasonMissing(Action.CLOSE_ROUND.label_vi)
    if not record.is_open:
        raise RuleBroken(f"{record.name_vi} đã khép lại từ trước.")
    record.is_open = False
    wiped = wipe_practice_round(session, record) if record.is_practice else {}
    estimates = wiped.get("estimate", 0)
    said = f"đã khép, xóa {estimates} dự toán tập huấn" if record.is_practice else "đã khép"
    details = {"wiped": {table: count for table, count in sorted(wiped.items()) if count}}
    change = Change("đang mở", said, nfc(reason).strip(), details if wiped else {})
    save_round_change(session, actor, record, Action.CLOSE_ROUND, seat, change)


def wipe_practice_round(session: Session, record: BudgetRound) -> dict[str, int]:
    """Delete everything that hangs on a practice round but the round's own row.

    Returns:
        How many rows of which table.

    Raises:
        RecordDamaged: the round is a true one, or a key leads to something that belongs to no round or
            to another one; nothing is deleted then.
    """
    if not record.is_practice:
        raise RecordDamaged(f"round {record.id} is not for practice")
    session.flush()  # what was written a moment ago hangs on the round too
    stored = MetaData()
    stored.reflect(session.connection())
    doomed = _rows_hanging_on(session, stored, record.id)
    _require_own_rows(session, stored, doomed, record.id)
    for table in reversed(stored.sorted_tables):
        for ids in _batches(doomed.get(table.name, ())):
            session.execute(delete(table).where(_own_key(table).in_(ids)))
    session.expire_all()
    return {name: len(ids) for name, ids in doomed.items()}


def _rows_hanging_on(session: Session, stored: MetaData, round_id: int) -> dict[str, set[int]]:
    """Per table the keys of the rows that lead to the round over foreign keys, however many."""
    found: dict[str, set[int]] = {}
    fresh: dict[str, set[int]] = {ROUND_TABLE: {round_id}}
    while fresh:
        upper, fresh = fresh, {}
        for table, column, parent in _keys_of(stored):
            for row_id in _children(session, table, column, upper.get(parent, ())):
                if row_id not in found.get(table.name, set()):
                    found.setdefault(table.name, set()).add(row_id)
                    fresh.setdefault(table.name, set()).add(row_id)
    return found


def _keys_of(stored: MetaData) -> Iterator[tuple[Table, str, str]]:
    """Every foreign key as (table, column, table it leads to)."""
    for table in stored.sorted_tables:
        for key in table.foreign_keys:
            yield table, key.parent.name, key.column.table.name


def _own_key(table: Table) -> Column[int]:
    """The column that names a row of the table."""
    return next(iter(table.primary_key.columns))


def _children(session: Session, table: Table, column: str, parents: Iterable[int]) -> Iterator[int]:
    for ids in _batches(parents):
        yield from session.scalars(select(_own_key(table)).where(table.c[column].in_(ids)))


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in portions that one question may hold."""
    listed = sorted(ids)
    for start in range(0, len(listed), _BATCH):
        yield listed[start : start + _BATCH]


def _require_own_rows(session: Session, stored: MetaData, doomed: dict[str, set[int]], round_id: int) -> None:
    """Nothing of the province, and nothing that also leads to another round."""
    foreign = NEVER_WIPED & doomed.keys()
    if foreign:
        raise RecordDamaged(f"rows of {sorted(foreign)} hang on practice round {round_id}")
    of_rounds = _tables_of_rounds(stored)
    allowed = {**doomed, ROUND_TABLE: {round_id}}
    for table, column, parent in _keys_of(stored):
        if parent not in of_rounds or table.name not in doomed:
            continue
        for ids in _batches(doomed[table.name]):
            question = select(table.c[column]).where(_own_key(table).in_(ids)).distinct()
            if set(session.scalars(question)) - allowed.get(parent, set()) - {None}:
                raise RecordDamaged(f"{table.name} of practice round {round_id} belongs to another round too")


def _tables_of_rounds(stored: MetaData) -> set[str]:
    """The round's own table and every table whose rows can lead to a round."""
    found = {ROUND_TABLE}
    while True:
        more = {table.name for table, _column, parent in _keys_of(stored) if parent in found} - found
        if not more:
            return found
        found |= more


def _take_over(session: Session, actor: Actor, model_id: int, round_id: int) -> None:
    """The model's results, units, ceilings and money, and fresh deadlines."""
    first = datetime.combine(actor.moment.business_on + timedelta(days=PRACTICE_DAYS), OFFICE_CLOSES)
    for number, stage in enumerate(RoundStage):
        due_at = first + timedelta(days=7 * number)
        session.add(RoundDeadline(round_id=round_id, stage=stage, due_at=due_at))
    ceilings = session.scalars(select(Ceiling).where(Ceiling.round_id == model_id))
    session.add_all(_twin(row, round_id=round_id) for row in ceilings.all())
    envelopes = session.scalars(select(Envelope).where(Envelope.round_id == model_id))
    session.add_all(_twin(row, round_id=round_id) for row in envelopes.all())
    units = {
        unit.id: _twin(unit, round_id=round_id)
        for unit in session.scalars(select(ScopeUnit).where(ScopeUnit.round_id == model_id))
    }
    outputs = {
        output.id: _twin(output, round_id=round_id)
        for output in session.scalars(select(RoundOutput).where(RoundOutput.round_id == model_id))
    }
    session.add_all([*units.values(), *outputs.values()])
    session.flush()  # scopes name both by id
    scopes = select(RoundOutputUnit).where(RoundOutputUnit.output_id.in_(outputs))
    for scope in session.scalars(scopes):
        session.add(_twin(scope, output_id=outputs[scope.output_id].id, unit_id=units[scope.unit_id].id))
    session.flush()  # whoever reads the new round in this transaction finds it whole


def _twin(row: RowT, **changed: int) -> RowT:
    """A new row that says the same but for these columns."""
    said = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key != "id"}
    return type(row)(**{**said, **changed})
