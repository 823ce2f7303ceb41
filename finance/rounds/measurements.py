"""What the results of a round are measured against: named units, catalogue, baselines.

Baselines, denominators and scope units are entered by the office that monitors the programme,
with source and date, never by the office that asks for money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import Change
from finance.errors import NotFound, RuleBroken
from finance.programme.classification import OutputKind
from finance.programme.records import ProgrammeTask, Target
from finance.rounds.operations import find_round_for, save_round_change
from finance.rounds.records import RoundOutput, RoundOutputUnit, ScopeUnit
from finance.vietnamese.collation import sort_key
from finance.vietnamese.normal import nfc


@dataclass(frozen=True, slots=True)
class NewScopeUnit:
    """A named unit that coverage is counted in."""

    code: str
    name_vi: str
    kind: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class UnitInScope:
    """A unit's place in an output: exempt, or already holding some components."""

    unit_code: str
    is_exempt: bool = False
    reached_components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputEntry:
    """A result of the round's catalogue as the monitoring office enters it.

    Units:
        start, baseline and target in thousandths of `unit_name`.
    """

    code: str
    sort: int
    name_vi: str
    kind: OutputKind
    unit_name: str
    target_thousandths: int
    year: int
    start_thousandths: int = 0
    baseline_thousandths: int = 0
    target_code: str = ""
    task_code: str = ""
    follows_code: str | None = None
    curve: tuple[tuple[int, int], ...] = ()
    components: tuple[tuple[str, str], ...] = ()
    units: tuple[UnitInScope, ...] = ()
    measured_on: date | None = None
    measured_source: str = ""
    is_invented: bool = False


def add_scope_units(
    session: Session, actor: Actor, round_id: int, *, units: Sequence[NewScopeUnit], seen_edit: int
) -> int:
    """Add named units; a code already there (or twice in the list) is left as it is.

    Returns:
        How many were new; nothing is written when none was.

    Raises:
        NotAllowed: the actor's office does not monitor the programme (VII.2.e).
        RuleBroken: a unit has no code or no name.
        StaleVersion: somebody changed the round since.
    """
    record, seat = find_round_for(session, actor, round_id, Action.RECORD_BASELINE, seen_edit)
    if any(not unit.code.strip() or not unit.name_vi.strip() for unit in units):
        raise RuleBroken("Mỗi đơn vị phải có mã và tên.")
    known = set(session.scalars(select(ScopeUnit.code).where(ScopeUnit.round_id == round_id)))
    new = list({unit.code: unit for unit in reversed(units) if unit.code not in known}.values())[::-1]
    if not new:
        return 0
    for unit in new:
        session.add(
            ScopeUnit(
                round_id=round_id,
                code=unit.code,
                name_vi=nfc(unit.name_vi),
                kind=unit.kind,
                place=nfc(unit.place),
                sort_key=sort_key(unit.name_vi)[:600],
            )
        )
    change = Change(to_state=f"{len(new)} đơn vị", details={"codes": [unit.code for unit in new]})
    save_round_change(session, actor, record, Action.RECORD_BASELINE, seat, change)
    return len(new)


def record_output(
    session: Session, actor: Actor, round_id: int, *, entry: OutputEntry, seen_edit: int
) -> RoundOutput:
    """Enter or correct a result of the round's catalogue with its measured baseline.

    Raises:
        NotAllowed: the actor's office does not monitor the programme (VII.2.e).
        NotFound: no such round, target, task or unit.
        RuleBroken: baseline without a source and date or measured after today, a figure below zero,
            a target not above the start, a part or unit named twice, a result following itself.
        StaleVersion: somebody changed the round since.
    """
    record, seat = find_round_for(session, actor, round_id, Action.RECORD_BASELINE, seen_edit)
    _require_output_sound(entry, actor.moment.business_on)
    output = session.scalar(
        select(RoundOutput).where(RoundOutput.round_id == round_id, RoundOutput.code == entry.code)
    )
    before = _figures(output) if output else None
    if output is None:
        output = RoundOutput(round_id=round_id, code=entry.code)
    _fill_output(session, output, entry)
    session.add(output)
    session.flush()  # the units need the output's id
    _replace_units(session, output, entry)
    details = {"output": entry.code, "before": before, "after": _figures(output), "units": len(entry.units)}
    change = Change(to_state=entry.name_vi, reason=nfc(entry.measured_source), details=details)
    save_round_change(session, actor, record, Action.RECORD_BASELINE, seat, change)
    return output


def _figures(output: RoundOutput) -> dict[str, int | str]:
    return {
        "start_thousandths": output.start_thousandths,
        "baseline_thousandths": output.baseline_thousandths,
        "target_thousandths": output.target_thousandths,
        "year": output.year,
        "measured_on": output.measured_on.isoformat() if output.measured_on else "",
    }


def _require_output_sound(entry: OutputEntry, today: date) -> None:
    if not entry.code.strip() or not entry.name_vi.strip():
        raise RuleBroken("Kết quả phải có mã và tên.")
    if not entry.measured_source.strip() or entry.measured_on is None:
        raise RuleBroken("Hiện trạng phải có nguồn số liệu và ngày đo.")
    if entry.measured_on > today:
        raise RuleBroken("Ngày đo không được sau ngày hôm nay.")
    if min(entry.start_thousandths, entry.baseline_thousandths) < 0:
        raise RuleBroken("Mức xuất phát và hiện trạng không được âm.")
    if entry.target_thousandths <= entry.start_thousandths:
        raise RuleBroken("Mức phải đạt phải lớn hơn mức xuất phát.")
    _require_parts_sound(entry)


def _require_parts_sound(entry: OutputEntry) -> None:
    if entry.follows_code == entry.code:
        raise RuleBroken("Kết quả không thể nối tiếp chính nó.")
    parts = [code for code, _name in entry.components]
    if len(set(parts)) != len(parts):
        raise RuleBroken("Một thành phần chỉ được ghi một lần.")
    units = [unit.unit_code for unit in entry.units]
    if len(set(units)) != len(units):
        raise RuleBroken("Một đơn vị chỉ được ghi một lần trong phạm vi của kết quả.")


def _fill_output(session: Session, output: RoundOutput, entry: OutputEntry) -> None:
    output.sort = entry.sort
    output.name_vi = nfc(entry.name_vi)
    output.kind = entry.kind
    output.unit_name = nfc(entry.unit_name)
    output.target_id = _id_by_code(session, Target, entry.target_code)
    output.task_id = _id_by_code(session, ProgrammeTask, entry.task_code)
    output.start_thousandths = entry.start_thousandths
    output.baseline_thousandths = entry.baseline_thousandths
    output.target_thousandths = entry.target_thousandths
    output.year = entry.year
    output.follows_code = entry.follows_code
    output.curve = [list(point) for point in entry.curve]
    output.components = [{"code": code, "name_vi": nfc(name)} for code, name in entry.components]
    output.measured_on = entry.measured_on
    output.measured_source = nfc(entry.measured_source)
    output.is_invented = entry.is_invented


def _replace_units(session: Session, output: RoundOutput, entry: OutputEntry) -> None:
    for row in session.scalars(select(RoundOutputUnit).where(RoundOutputUnit.output_id == output.id)):
        session.delete(row)
    session.flush()  # the unique pair must be free before it is written again
    query = select(ScopeUnit.code, ScopeUnit.id).where(ScopeUnit.round_id == output.round_id)
    ids = {row.code: row.id for row in session.execute(query)}
    for unit in entry.units:
        if unit.unit_code not in ids:
            raise NotFound("đơn vị trong phạm vi", unit.unit_code)
        session.add(
            RoundOutputUnit(
                output_id=output.id,
                unit_id=ids[unit.unit_code],
                is_exempt=unit.is_exempt,
                reached_components=list(unit.reached_components),
            )
        )


def _id_by_code(session: Session, kind: type[Target] | type[ProgrammeTask], code: str) -> int | None:
    if not code:
        return None
    found = session.scalar(select(kind.id).where(kind.code == code))
    if found is None:
        raise NotFound("mục tiêu hoặc nhiệm vụ", code)
    return found
