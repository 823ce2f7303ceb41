"""Reading a province's reference files, every cell checked; a wrong cell is named by file, line and column.

The files beside this module are the project's own, made from the decision; `folder` points the same readers
at another province's. Nothing is stored here and nothing is guessed: a file that is not exactly as described
is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from finance.actors import Function
from finance.programme.classification import BodyRole, Nature, Operator, OutputKind
from finance.programme.reference_cells import Cells, read_table
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

Row = TypeVar("Row")
Folder = Path | Traversable | None


def read_reform_areas(folder: Folder = None) -> list[AreaRow]:
    """Read the contents of reform (reform_areas.csv)."""

    def build(cells: Cells) -> AreaRow:
        return AreaRow(code=cells.text("code"), name_vi=cells.text("name_vi"), **cells.provenance())

    return _read(folder, "reform_areas.csv", "code name_vi", build, key="code")


def read_targets(folder: Folder = None) -> list[TargetRow]:
    """Read the targets (targets.csv)."""
    columns = (
        "code ascii_code sort section period area kind name_vi unit scope scope_vi operator value year "
        "year_quarter year_explicit is_ambiguous exception exception_vi components follows"
    )
    return _read(folder, "targets.csv", columns, _target, key="code")


def _target(cells: Cells) -> TargetRow:
    return TargetRow(
        code=cells.text("code"),
        ascii_code=cells.ascii_text("ascii_code"),
        sort=cells.integer("sort"),
        section=cells.text("section"),
        period=cells.text("period"),
        area=cells.text("area"),
        kind=cells.member("kind", OutputKind),
        name_vi=cells.text("name_vi"),
        unit_name=cells.text("unit"),
        scope=cells.codes("scope"),
        scope_vi=cells.text("scope_vi"),
        operator=cells.member("operator", Operator),
        value_thousandths=cells.thousandths_or_none("value"),
        year=cells.integer("year"),
        quarter=cells.integer_or_none("year_quarter"),
        is_year_explicit=cells.yes_no("year_explicit"),
        is_ambiguous=cells.yes_no("is_ambiguous"),
        exception_codes=cells.codes("exception"),
        exception_vi=cells.raw("exception_vi"),
        components=cells.codes("components"),
        follows=cells.text_or_none("follows"),
        **cells.provenance(),
    )


def read_tasks(folder: Folder = None) -> list[TaskRow]:
    """Read the tasks of the annex (tasks.csv)."""
    columns = (
        "code ascii_code sort area name_vi section_ref section_line start_year end_year deadline_vi "
        "deliverables_vi needs_it_opinion source_line_last"
    )
    return _read(folder, "tasks.csv", columns, _task, key="code")


def _task(cells: Cells) -> TaskRow:
    return TaskRow(
        code=cells.text("code"),
        ascii_code=cells.ascii_text("ascii_code"),
        sort=cells.integer("sort"),
        area=cells.text("area"),
        name_vi=cells.text("name_vi"),
        section_ref=cells.text("section_ref"),
        section_line=cells.integer("section_line"),
        start_year=cells.integer_or_none("start_year"),
        end_year=cells.integer_or_none("end_year"),
        deadline_vi=cells.text("deadline_vi"),
        deliverables_vi=cells.text("deliverables_vi"),
        needs_it_opinion=cells.yes_no("needs_it_opinion"),
        source_line_last=cells.integer("source_line_last"),
        **cells.provenance(),
    )


def read_task_deliverables(folder: Folder = None) -> list[TaskDeliverableRow]:
    """Read the products the annex tasks must hand over (task_deliverables.csv)."""

    def build(cells: Cells) -> TaskDeliverableRow:
        return TaskDeliverableRow(
            code=cells.text("code"),
            ascii_code=cells.ascii_text("ascii_code"),
            task=cells.text("task"),
            name_vi=cells.text("name_vi"),
            year=cells.integer("year"),
            quarter=cells.integer_or_none("year_quarter"),
            is_year_explicit=cells.yes_no("year_explicit"),
            **cells.provenance(),
        )

    columns = "code ascii_code task name_vi year year_quarter year_explicit"
    return _read(folder, "task_deliverables.csv", columns, build, key="code")


def read_task_bodies(folder: Folder = None) -> list[TaskBodyRow]:
    """Read who leads, coordinates, executes and appraises each task (task_bodies.csv)."""

    def build(cells: Cells) -> TaskBodyRow:
        role = cells.member("role", BodyRole)
        return TaskBodyRow(task=cells.text("task"), role=role, body=cells.text("body"), **cells.provenance())

    return _read(folder, "task_bodies.csv", "task role body", build, key="task role body")


def read_task_targets(folder: Folder = None) -> list[TaskTargetRow]:
    """Read which targets a task serves (task_targets.csv)."""

    def build(cells: Cells) -> TaskTargetRow:
        return TaskTargetRow(task=cells.text("task"), target=cells.text("target"), **cells.provenance())

    return _read(folder, "task_targets.csv", "task target", build, key="task target")


def read_levels(folder: Folder = None) -> list[LevelRow]:
    """Read the budget levels (levels.csv)."""

    def build(cells: Cells) -> LevelRow:
        first, last = cells.validity()
        return LevelRow(
            code=cells.text("code"),
            name_vi=cells.text("name_vi"),
            rank=cells.integer("rank"),
            valid_from=first,
            valid_to=last,
            **cells.provenance(),
        )

    return _read(folder, "levels.csv", "code name_vi rank valid_from valid_to", build, key="code")


def read_agencies(folder: Folder = None) -> list[AgencyRow]:
    """Read the offices (agencies.csv); an office stands after its parent."""

    def build(cells: Cells) -> AgencyRow:
        first, last = cells.validity()
        return AgencyRow(
            code=cells.ascii_text("code"),
            name_vi=cells.text("name_vi"),
            short_vi=cells.text("short_vi"),
            kind=cells.text("kind"),
            level=cells.text("level"),
            parent=cells.text_or_none("parent"),
            valid_from=first,
            valid_to=last,
            successor=cells.text_or_none("successor"),
            **cells.provenance(),
        )

    columns = "code name_vi short_vi kind level parent valid_from valid_to successor"
    return _read(folder, "agencies.csv", columns, build, key="code")


def read_agency_groups(folder: Folder = None) -> list[AgencyGroupRow]:
    """Read the groups of offices (agency_groups.csv)."""

    def build(cells: Cells) -> AgencyGroupRow:
        return AgencyGroupRow(
            code=cells.ascii_text("code"),
            name_vi=cells.text("name_vi"),
            levels=cells.codes("levels"),
            kinds=cells.codes("kinds"),
            **cells.provenance(),
        )

    return _read(folder, "agency_groups.csv", "code name_vi levels kinds", build, key="code")


def read_group_members(folder: Folder = None) -> list[GroupMemberRow]:
    """Read which offices stand in a group (group_members.csv)."""

    def build(cells: Cells) -> GroupMemberRow:
        return GroupMemberRow(group=cells.text("group"), agency=cells.text("agency"), **cells.provenance())

    return _read(folder, "group_members.csv", "group agency", build, key="group agency")


def read_agency_changes(folder: Folder = None) -> list[AgencyChangeRow]:
    """Read mergers, ends and new foundations (agency_changes.csv)."""

    def build(cells: Cells) -> AgencyChangeRow:
        return AgencyChangeRow(
            predecessor=cells.ascii_text("predecessor"),
            successor=cells.raw("successor"),
            kind=cells.text("kind"),
            effective=cells.text("effective"),
            is_confirmed=cells.yes_no("confirmed"),
            **cells.provenance(),
        )

    columns = "predecessor successor kind effective confirmed"
    return _read(folder, "agency_changes.csv", columns, build, key="predecessor successor effective")


def read_functions(folder: Folder = None) -> list[FunctionRow]:
    """Read which office holds which function (functions.csv); every office may prepare without a row."""

    def build(cells: Cells) -> FunctionRow:
        first, last = cells.validity()
        function = cells.member("function", Function)
        return FunctionRow(
            function=function,
            agency=cells.text("agency"),
            valid_from=first,
            valid_to=last,
            **cells.provenance(),
        )

    columns = "function agency valid_from valid_to"
    return _read(folder, "functions.csv", columns, build, key="function agency valid_from")


def read_funding_sources(folder: Folder = None) -> list[FundingSourceRow]:
    """Read the sources of money (funding_sources.csv)."""

    def build(cells: Cells) -> FundingSourceRow:
        return FundingSourceRow(
            code=cells.ascii_text("code"),
            sort=cells.integer("sort"),
            name_vi=cells.text("name_vi"),
            nature=cells.member("nature", Nature),
            level=cells.text_or_none("level"),
            enters_pool=cells.yes_no("enters_pool"),
            is_certain=cells.one_of("certainty", ("certain", "uncertain")) == "certain",
            **cells.provenance(),
        )

    columns = "code sort name_vi nature level enters_pool certainty"
    return _read(folder, "funding_sources.csv", columns, build, key="code")


def read_budget_codes(folder: Folder = None) -> list[BudgetCodeRow]:
    """Read the budget classification (budget_codes.csv)."""

    def build(cells: Cells) -> BudgetCodeRow:
        return BudgetCodeRow(
            segment=cells.one_of("segment", ("chapter", "category", "subcategory", "item", "subitem")),
            code=cells.digits("code"),
            name_vi=cells.text("name_vi"),
            is_confirmed=cells.yes_no("confirmed"),
            valid_from=cells.day_or_none("valid_from"),
            valid_to=cells.day_or_none("valid_to"),
            **cells.provenance(),
        )

    columns = "segment code name_vi confirmed valid_from valid_to"
    return _read(folder, "budget_codes.csv", columns, build, key="segment code")


def read_norms(folder: Folder = None, *, name: str = "norms.csv") -> list[NormRow]:
    """Read the spending norms; `norms_demonstration.csv` holds the demonstration's invented ones."""
    columns = "code item_vi unit max_vnd legal_ref valid_from valid_to confirmed"
    return _read(folder, name, columns, _norm, key="code")


def _norm(cells: Cells) -> NormRow:
    return NormRow(
        code=cells.ascii_text("code"),
        item_vi=cells.text("item_vi"),
        unit_name=cells.text("unit"),
        max_vnd=cells.integer("max_vnd"),
        legal_reference=cells.text("legal_ref"),
        valid_from=cells.day_or_none("valid_from"),
        valid_to=cells.day_or_none("valid_to"),
        is_confirmed=cells.yes_no("confirmed"),
        **cells.provenance(),
    )


def _read(folder: Folder, name: str, columns: str, build: Callable[[Cells], Row], *, key: str) -> list[Row]:
    place = files("finance.programme").joinpath("data") if folder is None else folder
    return read_table(place.joinpath(name), columns.split(), build, key=key.split())
