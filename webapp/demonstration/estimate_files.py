"""What the demonstration's offices ask: projects, cost lines and promises, as the drafts they enter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft, PromiseDraft
from finance.estimates.levels import LevelCode
from finance.money import NumberUnclear, parse_quantity
from finance.programme.classification import Nature, ProjectKind
from finance.programme.reference_cells import Cells
from webapp.demonstration.files import read_demonstration_table

_PROJECT_COLUMNS = "agency project priority name_vi kind task place targets levels justification"
_LINE_COLUMNS = (
    "agency project position item_vi budget_code norm funding_source nature year unit unit_price_vnd "
    "frequency quantities over_norm_reason"
)
_PROMISE_COLUMNS = "agency project levels output year quantity components units"

ProjectPlace = tuple[str, str]  # code of the office, the project's own key


def read_estimate_drafts() -> dict[str, EstimateDraft]:
    """What every office asks, by its code (projects.csv, lines.csv, promises.csv)."""
    lines, promises = _read_lines(), _read_promises()
    drafts: dict[str, list[ProjectDraft]] = {}
    for agency_code, project in _read_projects():
        place = (agency_code, project.project_key)
        whole = replace(project, lines=tuple(lines[place]), promises=tuple(promises.get(place, ())))
        drafts.setdefault(agency_code, []).append(whole)
    return {agency_code: EstimateDraft(tuple(projects)) for agency_code, projects in drafts.items()}


def read_quantities(cells: Cells, column: str) -> tuple[int, ...]:
    """Quantities of a line, one per level in the levels' order, in thousandths."""
    # Not `cells.codes`: the same quantity may stand in two levels.
    texts = cells.raw(column).split(";") if cells.raw(column) else []
    try:
        return tuple(parse_quantity(text) for text in texts)
    except NumberUnclear as refusal:
        raise cells.wrong(column, str(refusal)) from refusal


def _read_projects() -> list[tuple[str, ProjectDraft]]:
    def build(cells: Cells) -> tuple[str, ProjectDraft]:
        project = ProjectDraft(
            project_key=cells.ascii_text("project"),
            priority=cells.integer("priority"),
            name_vi=cells.text("name_vi"),
            kind=cells.member("kind", ProjectKind),
            task_code=cells.text("task"),
            place=cells.raw("place"),
            justification=cells.raw("justification"),
            target_codes=cells.codes("targets"),
            levels=tuple(LevelCode.of(code.upper()) for code in cells.codes("levels")),
        )
        return cells.text("agency"), project

    return read_demonstration_table("projects", _PROJECT_COLUMNS, build, "agency project")


def _read_lines() -> dict[ProjectPlace, list[LineDraft]]:
    def build(cells: Cells) -> tuple[ProjectPlace, LineDraft]:
        line = LineDraft(
            item_vi=cells.text("item_vi"),
            source_code=cells.text("funding_source"),
            nature=cells.member("nature", Nature),
            year=cells.integer("year"),
            unit_name=cells.text("unit"),
            unit_price_vnd=cells.integer("unit_price_vnd"),
            quantities=read_quantities(cells, "quantities"),
            frequency_thousandths=cells.thousandths_or_none("frequency") or 1000,
            budget_code=cells.raw("budget_code"),
            norm_code=cells.raw("norm"),
            over_norm_reason=cells.raw("over_norm_reason"),
        )
        return (cells.text("agency"), cells.text("project")), line

    rows = read_demonstration_table("lines", _LINE_COLUMNS, build, "agency project position")
    found: dict[ProjectPlace, list[LineDraft]] = {}
    for place, line in rows:
        found.setdefault(place, []).append(line)
    return found


def _read_promises() -> dict[ProjectPlace, list[PromiseDraft]]:
    """One row of the file is a promise of every level and component it names."""

    def build(cells: Cells) -> tuple[ProjectPlace, tuple[PromiseDraft, ...]]:
        return (cells.text("agency"), cells.text("project")), tuple(_promises(cells))

    key = "agency project levels output year components"
    found: dict[ProjectPlace, list[PromiseDraft]] = {}
    for place, promises in read_demonstration_table("promises", _PROMISE_COLUMNS, build, key):
        found.setdefault(place, []).extend(promises)
    return found


def _promises(cells: Cells) -> Iterator[PromiseDraft]:
    for level in cells.codes("levels"):
        for component in cells.codes("components") or ("",):
            yield PromiseDraft(
                level=int(level),
                output_code=cells.text("output"),
                year=cells.integer("year"),
                quantity_thousandths=cells.thousandths_or_none("quantity") or 0,
                component=component,
                unit_codes=cells.codes("units"),
            )
