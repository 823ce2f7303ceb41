"""Reading scenarios and their settings as frozen rows, each rule with the sentence that reads it aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.records import Agency
from finance.errors import NotFound
from finance.estimates.records import Estimate, EstimateProject, EstimateVersion, ProjectLevel
from finance.permissions import require
from finance.programme.classification import Nature, OutputKind
from finance.programme.queries import list_areas, list_sources, list_targets
from finance.rounds.queries import get_round, list_envelopes, list_outputs, output_units
from finance.scenarios.problem_facts import LimitFact, LinkFact, LockFact, RoundFacts, ScenarioFacts
from finance.scenarios.records import (
    Scenario,
    ScenarioLimit,
    ScenarioLink,
    ScenarioLock,
    ScenarioRun,
    ScenarioWeight,
)
from finance.scenarios.rules import limit_sentence, link_sentence, lock_sentence

Part = TypeVar("Part", ScenarioWeight, ScenarioLimit, ScenarioLock, ScenarioLink)


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario as lists show it."""

    id: int
    round_id: int
    name_vi: str
    purpose_vi: str
    copied_from_id: int | None
    edit_number: int
    created_at: datetime
    created_by: str
    run_count: int


@dataclass(frozen=True, slots=True)
class WeightRow:
    """One measured result with the points it is worth; None when it earns none by its kind."""

    output_id: int
    code: str
    name_vi: str
    kind: OutputKind
    unit_name: str
    baseline_thousandths: int
    target_thousandths: int
    year: int
    weight_thousandths: int | None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A limit, lock or link with its sentence."""

    id: int
    sentence_vi: str


@dataclass(frozen=True, slots=True)
class SettingRow:
    """Everything a scenario says, ready to be read aloud."""

    scenario: ScenarioRow
    weights: tuple[WeightRow, ...]
    limits: tuple[RuleRow, ...]
    locks: tuple[RuleRow, ...]
    links: tuple[RuleRow, ...]


def get_scenario(session: Session, scenario_id: int) -> Scenario:
    """The scenario with this id.

    Raises:
        NotFound: no such scenario.
    """
    scenario = session.get(Scenario, scenario_id)
    if scenario is None:
        raise NotFound("phương án", scenario_id)
    return scenario


def list_scenarios(session: Session, actor: Actor, round_id: int) -> list[ScenarioRow]:
    """Scenarios of the round, newest first.

    Raises:
        NotAllowed: the actor may not see scenarios.
    """
    require(actor, Action.VIEW_SCENARIOS)
    runs = select(ScenarioRun.scenario_id, func.count().label("runs")).group_by(ScenarioRun.scenario_id)
    counts = dict(session.execute(runs).all())
    query = select(Scenario).where(Scenario.round_id == round_id).order_by(Scenario.id.desc())
    return [_scenario_row(record, counts.get(record.id, 0)) for record in session.scalars(query)]


def scenario_row(session: Session, actor: Actor, scenario_id: int) -> ScenarioRow:
    """One scenario.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    scenario = get_scenario(session, scenario_id)
    require(actor, Action.VIEW_SCENARIOS)
    query = select(func.count()).select_from(ScenarioRun).where(ScenarioRun.scenario_id == scenario_id)
    return _scenario_row(scenario, session.scalar(query) or 0)


def scenario_settings(session: Session, actor: Actor, scenario_id: int) -> SettingRow:
    """The scenario with its weights and every rule as a sentence.

    Raises:
        NotFound, NotAllowed: as their names say.
    """
    row = scenario_row(session, actor, scenario_id)
    names = project_names(session, _named_project_ids(session, scenario_id))
    words = _scope_words(session)
    return SettingRow(
        scenario=row,
        weights=_weight_rows(session, row),
        limits=tuple(_limit_row(limit, words) for limit in _of(session, ScenarioLimit, scenario_id)),
        locks=tuple(_lock_row(session, lock, names) for lock in _of(session, ScenarioLock, scenario_id)),
        links=tuple(
            RuleRow(
                link.id,
                link_sentence(link.kind, [names.get(one, f"dự án số {one}") for one in link.project_ids]),
            )
            for link in _of(session, ScenarioLink, scenario_id)
        ),
    )


def project_names(session: Session, project_ids: set[int]) -> dict[int, str]:
    """Name and office of projects, by id."""
    query = (
        select(EstimateProject.id, EstimateProject.name_vi, Agency.short_vi)
        .join(EstimateVersion, EstimateVersion.id == EstimateProject.version_id)
        .join(Estimate, Estimate.id == EstimateVersion.estimate_id)
        .join(Agency, Agency.id == Estimate.agency_id)
        .where(EstimateProject.id.in_(project_ids))
    )
    return {project_id: f"{name} ({office})" for project_id, name, office in session.execute(query)}


def load_round_facts(session: Session, round_id: int) -> RoundFacts:
    """Money and measured results of the round, for the builder."""
    return RoundFacts(
        years=get_round(session, round_id).years,
        envelopes=tuple(list_envelopes(session, round_id)),
        outputs=tuple(list_outputs(session, round_id)),
        units=output_units(session, round_id),
        operators={row.code: row.operator for row in list_targets(session)},
        sources=tuple(list_sources(session)),
    )


def load_scenario_facts(session: Session, scenario_id: int) -> ScenarioFacts:
    """The settings of a scenario, for the builder; every list in the order of its ids."""
    return ScenarioFacts(
        title=get_scenario(session, scenario_id).name_vi,
        weights={row.output_id: row.weight_thousandths for row in _of(session, ScenarioWeight, scenario_id)},
        limits=tuple(_limit_fact(limit) for limit in _of(session, ScenarioLimit, scenario_id)),
        locks=tuple(
            LockFact(lock.project_id, lock.kind, lock.level_id, lock.reason_vi)
            for lock in _of(session, ScenarioLock, scenario_id)
        ),
        links=tuple(
            LinkFact(link.kind, tuple(link.project_ids)) for link in _of(session, ScenarioLink, scenario_id)
        ),
    )


def _of(session: Session, kind: type[Part], scenario_id: int) -> list[Part]:
    return list(session.scalars(select(kind).where(kind.scenario_id == scenario_id).order_by(kind.id)))


def _named_project_ids(session: Session, scenario_id: int) -> set[int]:
    locked = {lock.project_id for lock in _of(session, ScenarioLock, scenario_id)}
    linked = {one for link in _of(session, ScenarioLink, scenario_id) for one in link.project_ids}
    return locked | linked


def _scenario_row(record: Scenario, run_count: int) -> ScenarioRow:
    return ScenarioRow(
        record.id,
        record.round_id,
        record.name_vi,
        record.purpose_vi,
        record.copied_from_id,
        record.edit_number,
        record.created_at,
        record.created_by,
        run_count,
    )


def _weight_rows(session: Session, scenario: ScenarioRow) -> tuple[WeightRow, ...]:
    weights = {row.output_id: row.weight_thousandths for row in _of(session, ScenarioWeight, scenario.id)}
    return tuple(
        WeightRow(
            output.id,
            output.code,
            output.name_vi,
            output.kind,
            output.unit_name,
            output.baseline_thousandths,
            output.target_thousandths,
            output.year,
            None if output.kind is OutputKind.OUTCOME else weights.get(output.id, 0),
        )
        for output in list_outputs(session, scenario.round_id)
    )


def _limit_fact(limit: ScenarioLimit) -> LimitFact:
    scope = limit.applies_to
    return LimitFact(
        words_vi=limit.words_vi,
        legal_reference=limit.legal_reference,
        agency_codes=tuple(scope.get("agencies", ())),
        area_codes=tuple(scope.get("areas", ())),
        source_codes=tuple(scope.get("sources", ())),
        natures=tuple(Nature.of(code) for code in scope.get("natures", ())),
        years=tuple(scope.get("years", ())),
        at_least_vnd=limit.at_least_vnd,
        at_most_vnd=limit.at_most_vnd,
        is_hard=limit.is_hard,
    )


def _limit_row(limit: ScenarioLimit, words: Mapping[str, Mapping[str, str]]) -> RuleRow:
    fact = _limit_fact(limit)
    parts = [
        *(words["agencies"].get(code, code) for code in fact.agency_codes),
        *(f"lĩnh vực {code} ({words['areas'].get(code, code)})" for code in fact.area_codes),
        *(words["sources"].get(code, code) for code in fact.source_codes),
        *(nature.label_vi for nature in fact.natures),
        *(f"năm {year}" for year in fact.years),
    ]
    scope_vi = f"{limit.words_vi} – " + (
        "; ".join(parts) if parts else "toàn bộ kinh phí phân bổ theo kết quả"
    )
    sentence = limit_sentence(
        scope_vi,
        limit.at_least_vnd,
        limit.at_most_vnd,
        is_hard=limit.is_hard,
        legal_reference=limit.legal_reference,
    )
    return RuleRow(limit.id, sentence)


def _scope_words(session: Session) -> dict[str, dict[str, str]]:
    return {
        "agencies": dict(session.execute(select(Agency.code, Agency.short_vi)).all()),
        "areas": {area.code: area.name_vi for area in list_areas(session)},
        "sources": {source.code: source.name_vi for source in list_sources(session)},
    }


def _lock_row(session: Session, lock: ScenarioLock, names: Mapping[int, str]) -> RuleRow:
    level = session.get(ProjectLevel, lock.level_id) if lock.level_id is not None else None
    level_vi = f"“{level.code.label_vi}”" if level else ""
    project_vi = names.get(lock.project_id, f"dự án số {lock.project_id}")
    return RuleRow(lock.id, lock_sentence(lock.kind, project_vi, level_vi, lock.reason_vi))
