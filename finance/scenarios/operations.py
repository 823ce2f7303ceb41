"""Setting up a scenario: weights, limits, locks and links. Every change raises its edit number.

A scenario with runs may still be changed: each run keeps the question it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.audit import Change, Subject, record_change
from finance.errors import NotFound, ReasonMissing, RuleBroken, StaleVersion
from finance.estimates.records import ProjectLevel
from finance.permissions import require
from finance.programme.classification import Nature, OutputKind
from finance.reviews.queries import pool_projects
from finance.rounds.queries import get_round, list_outputs, require_true_round
from finance.scenarios.queries import get_scenario
from finance.scenarios.records import (
    Scenario,
    ScenarioLimit,
    ScenarioLink,
    ScenarioLock,
    ScenarioWeight,
)
from finance.scenarios.rules import (
    LinkKind,
    LockKind,
    equal_weights,
    require_full_weights,
    require_limit_sound,
    require_link_sound,
)
from finance.vietnamese.normal import nfc


@dataclass(frozen=True, slots=True)
class NewLimit:
    """A floor or ceiling in đồng; an empty tuple means no restriction on that mark."""

    words_vi: str
    legal_reference: str = ""
    agency_codes: tuple[str, ...] = ()
    area_codes: tuple[str, ...] = ()
    source_codes: tuple[str, ...] = ()
    natures: tuple[Nature, ...] = ()
    years: tuple[int, ...] = ()
    at_least_vnd: int | None = None
    at_most_vnd: int | None = None
    is_hard: bool = True


@dataclass(frozen=True, slots=True)
class NewLock:
    """A person's word about a project; PINNED names the level, COMMITTED may name the least one."""

    project_id: int
    kind: LockKind
    reason: str
    level_id: int | None = None


def create_scenario(
    session: Session, actor: Actor, round_id: int, *, name_vi: str, purpose_vi: str = ""
) -> Scenario:
    """Begin a scenario (phương án) in which every scored result weighs the same.

    Raises:
        NotFound: no such round.
        NotAllowed: the actor's office does not consolidate the allocation.
        RuleBroken: no name.
    """
    get_round(session, round_id)
    seat = require(actor, Action.CREATE_SCENARIO)
    scenario = _add_scenario(session, actor, round_id, name_vi, purpose_vi)
    weights = equal_weights(_scored_output_ids(session, round_id))
    _store_weights(session, scenario.id, weights)
    record_change(
        session, actor, Action.CREATE_SCENARIO, scenario_subject(scenario), seat=seat, change=Change()
    )
    return scenario


def copy_scenario(session: Session, actor: Actor, scenario_id: int, *, name_vi: str) -> Scenario:
    """Begin a scenario with the weights and rules of another, to change one thing and compare.

    Raises:
        NotFound: no such scenario.
        NotAllowed: the actor's office does not consolidate the allocation.
        RuleBroken: no name.
    """
    original = get_scenario(session, scenario_id)
    seat = require(actor, Action.CREATE_SCENARIO)
    scenario = _add_scenario(session, actor, original.round_id, name_vi, original.purpose_vi)
    scenario.copied_from_id = original.id
    for kind in (ScenarioWeight, ScenarioLimit, ScenarioLock, ScenarioLink):
        for row in session.scalars(select(kind).where(kind.scenario_id == original.id).order_by(kind.id)):
            kept = {c.key: getattr(row, c.key) for c in kind.__mapper__.column_attrs if c.key != "id"}
            session.add(kind(**(kept | {"scenario_id": scenario.id})))
    change = Change(details={"copied_from": original.id}, reason=f"Chép từ “{original.name_vi}”")
    record_change(
        session, actor, Action.CREATE_SCENARIO, scenario_subject(scenario), seat=seat, change=change
    )
    return scenario


def set_weights(
    session: Session, actor: Actor, scenario_id: int, *, weights: Mapping[int, int], seen_edit: int
) -> None:
    """Say how many points each scored result is worth.

    Args:
        session: open write session.
        actor: who changes.
        scenario_id: the scenario.
        weights: thousandths of a point by output id; together exactly 100 points.
        seen_edit: edit number of the page.

    Raises:
        NotFound, NotAllowed, StaleVersion: as their names say.
        RuleBroken: a result is missing or the sum is not 100.
    """
    scenario, seat = _find_for_change(session, actor, scenario_id, seen_edit)
    require_full_weights(weights, _scored_output_ids(session, scenario.round_id))
    _store_weights(session, scenario_id, weights)
    details = {"weights_thousandths": {str(key): value for key, value in sorted(weights.items())}}
    _save(session, actor, scenario, seat, Change(to_state="trọng số mới", details=details))


def add_limit(
    session: Session, actor: Actor, scenario_id: int, *, limit: NewLimit, seen_edit: int
) -> ScenarioLimit:
    """Add a floor or ceiling in đồng on any mix of office, area, source, nature and year.

    Raises:
        NotFound, NotAllowed, StaleVersion: as their names say.
        RuleBroken: no name, no amount, or a floor above the ceiling.
    """
    scenario, seat = _find_for_change(session, actor, scenario_id, seen_edit)
    words = _required_text(limit.words_vi, "Giới hạn phải có tên gọi.")
    require_limit_sound(limit.at_least_vnd, limit.at_most_vnd)
    scope: dict[str, list[Any]] = {
        "agencies": list(limit.agency_codes),
        "areas": list(limit.area_codes),
        "sources": list(limit.source_codes),
        "natures": [nature.value for nature in limit.natures],
        "years": list(limit.years),
    }
    row = ScenarioLimit(
        scenario_id=scenario_id,
        words_vi=words,
        legal_reference=nfc(limit.legal_reference).strip(),
        applies_to={mark: values for mark, values in scope.items() if values},
        at_least_vnd=limit.at_least_vnd,
        at_most_vnd=limit.at_most_vnd,
        is_hard=limit.is_hard,
    )
    session.add(row)
    _save(session, actor, scenario, seat, Change(to_state=f"thêm giới hạn: {words}"[:80]))
    return row


def remove_limit(session: Session, actor: Actor, scenario_id: int, *, limit_id: int, seen_edit: int) -> None:
    """Take a limit out.

    Raises:
        NotFound, NotAllowed, StaleVersion: as their names say.
    """
    scenario, seat = _find_for_change(session, actor, scenario_id, seen_edit)
    row = session.get(ScenarioLimit, limit_id)
    if row is None or row.scenario_id != scenario_id:
        raise NotFound("giới hạn", limit_id)
    session.delete(row)
    _save(session, actor, scenario, seat, Change(from_state=f"bỏ giới hạn: {row.words_vi}"[:80]))


def set_lock(
    session: Session, actor: Actor, scenario_id: int, *, lock: NewLock, seen_edit: int
) -> ScenarioLock:
    """Commit, pin or bar a project before the run; a second word about it replaces the first.

    Raises:
        NotFound, NotAllowed, StaleVersion: as their names say.
        ReasonMissing: no reason.
        RuleBroken: the project is not in the pool, or the level is not one of its own.
    """
    scenario, seat = _find_for_change(session, actor, scenario_id, seen_edit)
    if not lock.reason.strip():
        raise ReasonMissing(lock.kind.label_vi)
    _require_in_pool(session, scenario.round_id, [lock.project_id])
    level_id = _lock_level(session, lock)
    query = select(ScenarioLock).where(
        ScenarioLock.scenario_id == scenario_id, ScenarioLock.project_id == lock.project_id
    )
    row = session.scalar(query)
    if row is None:
        row = ScenarioLock(scenario_id=scenario_id, project_id=lock.project_id)
        session.add(row)
    row.kind, row.level_id, row.reason_vi = lock.kind, level_id, nfc(lock.reason).strip()
    change = Change(to_state=row.kind.label_vi, reason=row.reason_vi, details={"project": row.project_id})
    _save(session, actor, scenario, seat, change)
    return row


def remove_lock(session: Session, actor: Actor, scenario_id: int, *, lock_id: int, seen_edit: int) -> None:
    """Leave a project to the computation again.

    Raises:
        NotFound, NotAllowed, StaleVersion: as their names say.
    """
    scenario, seat = _find_for_change(session, actor, scenario_id, seen_edit)
    row = session.get(ScenarioLock, lock_id)
    if row is None or row.scenario_id != scenario_id:
        raise NotFound("ghim", lock_id)
    session.delete(row)
    _save(
        session,
        actor,
        scenario,
        seat,
        Change(from_state=row.kind.label_vi, details={"project": row.project_id}),
    )


def add_link(
    session: Session,
    actor: Actor,
    scenario_id: int,
    *,
    kind: LinkKind,
    project_ids: Sequence[int],
    reason: str = "",
    seen_edit: int,
) -> ScenarioLink:
    """Tie projects together (REQUIRES: the one that needs first, then the needed one).

    Raises:
        NotFound, NotAllowed, StaleVersion: as their names say.
        RuleBroken: too few projects, one twice, or one that is not in the pool.
    """
    scenario, seat = _find_for_change(session, actor, scenario_id, seen_edit)
    require_link_sound(kind, project_ids)
    _require_in_pool(session, scenario.round_id, project_ids)
    row = ScenarioLink(
        scenario_id=scenario_id, kind=kind, project_ids=list(project_ids), reason_vi=nfc(reason).strip()
    )
    session.add(row)
    change = Change(to_state=kind.label_vi, reason=row.reason_vi, details={"projects": list(project_ids)})
    _save(session, actor, scenario, seat, change)
    return row


def remove_link(session: Session, actor: Actor, scenario_id: int, *, link_id: int, seen_edit: int) -> None:
    """Untie projects.

    Raises:
        NotFound, NotAllowed, StaleVersion: as their names say.
    """
    scenario, seat = _find_for_change(session, actor, scenario_id, seen_edit)
    row = session.get(ScenarioLink, link_id)
    if row is None or row.scenario_id != scenario_id:
        raise NotFound("ràng buộc", link_id)
    session.delete(row)
    _save(
        session,
        actor,
        scenario,
        seat,
        Change(from_state=row.kind.label_vi, details={"projects": row.project_ids}),
    )


def scenario_subject(scenario: Scenario) -> Subject:
    """How the audit names a scenario."""
    return Subject("scenario", scenario.id, scenario.name_vi)


def _add_scenario(session: Session, actor: Actor, round_id: int, name_vi: str, purpose_vi: str) -> Scenario:
    require_true_round(session, round_id)
    scenario = Scenario(
        round_id=round_id,
        name_vi=_required_text(name_vi, "Phương án phải có tên gọi."),
        purpose_vi=nfc(purpose_vi).strip(),
        edit_number=1,
        created_at=actor.moment.business_at,
        created_by=actor.full_name,
    )
    session.add(scenario)
    session.flush()  # weights and audit need the new id
    return scenario


def _find_for_change(
    session: Session, actor: Actor, scenario_id: int, seen_edit: int
) -> tuple[Scenario, Seat]:
    scenario = get_scenario(session, scenario_id)
    seat = require(actor, Action.CHANGE_SCENARIO)
    if scenario.edit_number != seen_edit:
        raise StaleVersion(seen_edit, scenario.edit_number)
    return scenario, seat


def _save(session: Session, actor: Actor, scenario: Scenario, seat: Seat, change: Change) -> None:
    scenario.edit_number += 1
    record_change(
        session, actor, Action.CHANGE_SCENARIO, scenario_subject(scenario), seat=seat, change=change
    )


def _scored_output_ids(session: Session, round_id: int) -> list[int]:
    return [row.id for row in list_outputs(session, round_id) if row.kind is not OutputKind.OUTCOME]


def _store_weights(session: Session, scenario_id: int, weights: Mapping[int, int]) -> None:
    query = select(ScenarioWeight).where(ScenarioWeight.scenario_id == scenario_id)
    known = {row.output_id: row for row in session.scalars(query)}
    for output_id, row in known.items():
        if output_id not in weights:
            session.delete(row)
    for output_id, weight in weights.items():
        if output_id in known:
            known[output_id].weight_thousandths = weight
        else:
            session.add(
                ScenarioWeight(scenario_id=scenario_id, output_id=output_id, weight_thousandths=weight)
            )


def _require_in_pool(session: Session, round_id: int, project_ids: Sequence[int]) -> None:
    inside = {project.project_id for project in pool_projects(session, round_id)}
    if not set(project_ids) <= inside:
        raise RuleBroken("Chỉ chọn được đề án, dự án đã thẩm định xong và đang chờ phân bổ trong đợt này.")


def _lock_level(session: Session, lock: NewLock) -> int | None:
    """The level a lock names: PINNED needs one, BARRED has none, and it must be the project's own."""
    if lock.kind is LockKind.BARRED:
        return None
    if lock.level_id is None:
        if lock.kind is LockKind.PINNED:
            raise RuleBroken("Phải nêu mức được chọn.")
        return None
    level = session.get(ProjectLevel, lock.level_id)
    if level is None or level.project_id != lock.project_id:
        raise RuleBroken("Mức được nêu không thuộc dự án này.")
    return lock.level_id


def _required_text(text: str, sentence_vi: str) -> str:
    clean = nfc(text).strip()
    if not clean:
        raise RuleBroken(sentence_vi)
    return clean
