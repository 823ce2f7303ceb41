"""All reference files of a province together, with every code that one file takes from another looked up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from finance.programme.reference_cells import ReferenceFileWrong
from finance.programme.reference_files import (
    Folder,
    read_agencies,
    read_agency_changes,
    read_agency_groups,
    read_budget_codes,
    read_functions,
    read_funding_sources,
    read_group_members,
    read_levels,
    read_norms,
    read_reform_areas,
    read_targets,
    read_task_bodies,
    read_task_deliverables,
    read_task_targets,
    read_tasks,
)
from finance.programme.reference_rows import (
    AgencyChangeRow,
    AgencyGroupRow,
    AgencyRow,
    AreaRow,
    BudgetCodeRow,
    FunctionRow,
    FundingSourceRow,
    GroupMemberRow,
    LevelRow,
    NormRow,
    TargetRow,
    TaskBodyRow,
    TaskDeliverableRow,
    TaskRow,
    TaskTargetRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSet:
    """Everything a province's folder says, already consistent in itself."""

    areas: list[AreaRow]
    targets: list[TargetRow]
    tasks: list[TaskRow]
    task_deliverables: list[TaskDeliverableRow]
    task_bodies: list[TaskBodyRow]
    task_targets: list[TaskTargetRow]
    levels: list[LevelRow]
    agencies: list[AgencyRow]
    agency_groups: list[AgencyGroupRow]
    group_members: list[GroupMemberRow]
    agency_changes: list[AgencyChangeRow]
    functions: list[FunctionRow]
    funding_sources: list[FundingSourceRow]
    budget_codes: list[BudgetCodeRow]
    norms: list[NormRow]


def read_reference_set(folder: Folder = None) -> ReferenceSet:
    """Read all files of a folder and look every borrowed code up.

    Args:
        folder: another province's folder; the project's own files when left out.
    Returns:
        The rows of every file, in the order of the files.
    Raises:
        ReferenceFileWrong: a file is wrong, or names a code that the file it belongs to does not hold.
    """
    found = ReferenceSet(
        areas=read_reform_areas(folder),
        targets=read_targets(folder),
        tasks=read_tasks(folder),
        task_deliverables=read_task_deliverables(folder),
        task_bodies=read_task_bodies(folder),
        task_targets=read_task_targets(folder),
        levels=read_levels(folder),
        agencies=read_agencies(folder),
        agency_groups=read_agency_groups(folder),
        group_members=read_group_members(folder),
        agency_changes=read_agency_changes(folder),
        functions=read_functions(folder),
        funding_sources=read_funding_sources(folder),
        budget_codes=read_budget_codes(folder),
        norms=read_norms(folder),
    )
    _require_programme_codes(found)
    _require_office_codes(found)
    return found


def _require_programme_codes(found: ReferenceSet) -> None:
    areas = {row.code for row in found.areas}
    targets = {row.code for row in found.targets}
    tasks = {row.code for row in found.tasks}
    offices = {row.code for row in found.agencies}
    bodies = offices | {row.code for row in found.agency_groups}
    _require("targets.csv", "area", (row.area for row in found.targets), areas)
    _require("targets.csv", "follows", (row.follows for row in found.targets), targets)
    exempt = (code for row in found.targets for code in row.exception_codes)
    _require("targets.csv", "exception", exempt, offices)
    _require("tasks.csv", "area", (row.area for row in found.tasks), areas)
    _require("task_deliverables.csv", "task", (row.task for row in found.task_deliverables), tasks)
    _require("task_bodies.csv", "task", (row.task for row in found.task_bodies), tasks)
    _require("task_bodies.csv", "body", (row.body for row in found.task_bodies), bodies)
    _require("task_targets.csv", "task", (row.task for row in found.task_targets), tasks)
    _require("task_targets.csv", "target", (row.target for row in found.task_targets), targets)


def _require_office_codes(found: ReferenceSet) -> None:
    levels = {row.code for row in found.levels}
    offices = {row.code for row in found.agencies}
    groups = {row.code for row in found.agency_groups}
    _require("agencies.csv", "level", (row.level for row in found.agencies), levels)
    _require("agencies.csv", "successor", (row.successor for row in found.agencies), offices)
    _require_parents_first(found.agencies)
    asked_levels = (level for row in found.agency_groups for level in row.levels)
    _require("agency_groups.csv", "levels", asked_levels, levels)
    _require("group_members.csv", "group", (row.group for row in found.group_members), groups)
    _require("group_members.csv", "agency", (row.agency for row in found.group_members), offices)
    _require("functions.csv", "agency", (row.agency for row in found.functions), offices)
    _require("funding_sources.csv", "level", (row.level for row in found.funding_sources), levels)
    for change in found.agency_changes:
        # One side may be an office of another province, which this folder does not hold.
        if not offices & {change.predecessor, change.successor}:
            raise _unknown("agency_changes.csv", "predecessor", change.predecessor)


def _require_parents_first(agencies: list[AgencyRow]) -> None:
    """Refuse a parent that stands later: the offices are stored in the order of the file."""
    seen: set[str] = set()
    for agency in agencies:
        if agency.parent is not None and agency.parent not in seen:
            raise _unknown("agencies.csv", "parent", agency.parent)
        seen.add(agency.code)


def _require(file_name: str, column: str, codes: Iterable[str | None], known: set[str]) -> None:
    for code in codes:
        if code is not None and code not in known:
            raise _unknown(file_name, column, code)


def _unknown(file_name: str, column: str, code: str) -> ReferenceFileWrong:
    return ReferenceFileWrong(f"{file_name}, cột {column}", f"mã “{code}” không có trong danh mục gốc")
