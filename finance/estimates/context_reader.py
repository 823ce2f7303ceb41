"""Reading programme and round into the plain data the checks need."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.agencies.queries import get_agency, list_agencies
from finance.agencies.records import Agency, AgencyGroup, AgencyGroupMember, BudgetLevel
from finance.estimates.checking.check_context import (
    CheckContext,
    KnownCode,
    KnownNorm,
    KnownOutput,
    KnownSource,
    KnownTask,
    KnownUnit,
)
from finance.estimates.checking.cost_norms import is_ended
from finance.estimates.parts.money import part_charges
from finance.estimates.version_writer import SUB_ITEM
from finance.programme.classification import BodyRole
from finance.programme.queries import (
    list_budget_codes,
    list_norms,
    list_sources,
    list_targets,
    list_tasks,
)
from finance.rounds.queries import (
    get_round,
    list_ceilings,
    list_outputs,
    list_scope_units,
    output_units,
)
from finance.rulebook.queries import rule_dates

# An office may ask money for a task in which it has one of these parts.
WORKING_ROLES = frozenset({BodyRole.LEAD, BodyRole.COORDINATING, BodyRole.EXECUTING})


def check_context(session: Session, round_id: int, agency_id: int, *, on: date | None = None) -> CheckContext:
    """Everything a draft of this office in this round is held against.

    Args:
        session: open session.
        round_id: the round.
        agency_id: the office.
        on: the business date: by it norms end and warnings begin to block; None judges by no date.

    Raises:
        NotFound: no such round or office.
    """
    row = get_round(session, round_id)
    agency = get_agency(session, agency_id)
    first_day = date(row.fiscal_year, 1, 1)
    parts_bound, parts_competing = part_charges(session, round_id, agency_id, row.fiscal_year)
    ranks = {level.code: level.rank for level in session.scalars(select(BudgetLevel))}
    level_of_agency = {known.id: known.level_code for known in list_agencies(session, first_day)}
    return CheckContext(
        round_code=row.code,
        round_name=row.name_vi,
        agency_code=agency.code,
        agency_name=agency.name_vi,
        fiscal_year=row.fiscal_year,
        years=row.years,
        agency_level_rank=ranks.get(level_of_agency.get(agency_id, "")),
        agency_level_code=level_of_agency.get(agency_id, ""),
        rule_dates=rule_dates(session, on),
        tasks=_tasks(session, agency),
        target_names={target.code: target.name_vi for target in list_targets(session)},
        sources={
            source.code: KnownSource(
                source.code,
                source.name_vi,
                source.nature,
                source.enters_pool,
                source.is_certain,
                ranks.get(source.level_code),
            )
            for source in list_sources(session)
        },
        norms=_norms(session, row.fiscal_year, on),
        budget_codes={
            code.code: KnownCode(code.code, code.name_vi, code.is_confirmed)
            for code in list_budget_codes(session, SUB_ITEM)
        },
        outputs=_outputs(session, round_id),
        unit_names={unit.code: unit.name_vi for unit in list_scope_units(session, round_id)},
        ceilings={
            ceiling.source_code: ceiling.amount_vnd for ceiling in list_ceilings(session, round_id, agency_id)
        },
        parts_bound=parts_bound,
        parts_competing=parts_competing,
    )


def _tasks(session: Session, agency: Agency) -> dict[str, KnownTask]:
    groups = (
        select(AgencyGroup.code)
        .join(AgencyGroupMember, AgencyGroupMember.group_id == AgencyGroup.id)
        .where(AgencyGroupMember.agency_id == agency.id)
    )
    own_codes = {agency.code, *session.scalars(groups)}
    return {
        task.code: KnownTask(
            task.code,
            task.name_vi,
            task.area_code,
            frozenset(task.target_codes),
            any(body.role in WORKING_ROLES and body.body_code in own_codes for body in task.bodies),
        )
        for task in list_tasks(session)
    }


def _outputs(session: Session, round_id: int) -> dict[str, KnownOutput]:
    units = output_units(session, round_id)
    return {
        output.code: KnownOutput(
            output.code,
            output.name_vi,
            output.kind,
            output.unit_name,
            output.year,
            {part.code: part.name_vi for part in output.components},
            {
                unit.unit_code: KnownUnit(unit.unit_code, unit.is_exempt, frozenset(unit.reached_components))
                for unit in units.get(output.id, ())
            },
        )
        for output in list_outputs(session, round_id)
    }


def _norms(session: Session, year: int, on: date | None) -> dict[str, KnownNorm]:
    """The norms that begin before the end of the year; those ended are kept, so that a line can be told."""
    rows = list_norms(session)
    replaced_by = {norm.replaces_code: norm.code for norm in rows if norm.replaces_code}
    level_names = {level.code: level.name_vi for level in session.scalars(select(BudgetLevel))}
    return {
        norm.code: KnownNorm(
            code=norm.code,
            item_vi=norm.item_vi,
            unit_name=norm.unit_name,
            max_vnd=norm.max_vnd,
            legal_reference=norm.legal_reference,
            is_confirmed=norm.is_confirmed,
            level_code=norm.level_code,
            level_name=level_names.get(norm.level_code, norm.level_code),
            is_firm=norm.is_firm,
            ended_on=norm.valid_to,
            ended_by=norm.ended_by,
            replaced_by=replaced_by.get(norm.code, ""),
            is_ended=is_ended(norm.valid_to, norm.ended_by, year, on),
        )
        for norm in rows
        if norm.valid_from is None or norm.valid_from <= date(year, 12, 31)
    }
