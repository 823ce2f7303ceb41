"""What the demonstration's results are measured against: named units, catalogue, weights, floors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from finance.money import NumberUnclear, parse_quantity
from finance.programme.classification import OutputKind
from finance.programme.reference_cells import Cells
from finance.rounds.measurements import NewScopeUnit, OutputEntry, UnitInScope
from webapp.demonstration.files import read_demonstration_table

_OUTPUT_COLUMNS = (
    "code sort name_vi kind unit target task start baseline goal year follows curve components unit_kinds "
    "weight measured_on measured_source"
)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A result as the monitoring office enters it, and the weight the planner gives it.

    Units:
        `weight_thousandths` in thousandths of a point; None for what never scores.
    """

    output: OutputEntry
    weight_thousandths: int | None


def read_scope_units() -> list[NewScopeUnit]:
    """Communes of two districts, departments, districts (scope_units.csv)."""

    def build(cells: Cells) -> NewScopeUnit:
        return NewScopeUnit(
            code=cells.ascii_text("code"),
            name_vi=cells.text("name_vi"),
            kind=cells.text("kind"),
            place=cells.text("place"),
        )

    return read_demonstration_table("scope_units", "code name_vi kind place", build, "code")


def read_catalogue() -> list[CatalogueEntry]:
    """The catalogue of results with baselines that are invented and say so (outputs.csv)."""
    kinds: dict[str, list[str]] = {}
    for unit in read_scope_units():
        kinds.setdefault(unit.kind, []).append(unit.code)
    known = _read_known_units()

    def build(cells: Cells) -> CatalogueEntry:
        code = cells.ascii_text("code")
        scope = [unit for kind in cells.codes("unit_kinds") for unit in kinds[kind]]
        output = _output(cells, code, _units(scope, known.get(code, {})))
        return CatalogueEntry(output, cells.thousandths_or_none("weight"))

    return read_demonstration_table("outputs", _OUTPUT_COLUMNS, build, "code")


def _output(cells: Cells, code: str, units: tuple[UnitInScope, ...]) -> OutputEntry:
    return OutputEntry(
        code=code,
        sort=cells.integer("sort"),
        name_vi=cells.text("name_vi"),
        kind=cells.member("kind", OutputKind),
        unit_name=cells.text("unit"),
        target_thousandths=_thousandths(cells, "goal"),
        year=cells.integer("year"),
        start_thousandths=_thousandths(cells, "start"),
        baseline_thousandths=_thousandths(cells, "baseline"),
        target_code=cells.raw("target"),
        task_code=cells.raw("task"),
        follows_code=cells.text_or_none("follows"),
        curve=_curve(cells),
        components=_components(cells),
        units=units,
        measured_on=cells.day_or_none("measured_on"),
        measured_source=cells.text("measured_source"),
        is_invented=True,
    )


def _read_known_units() -> dict[str, dict[str, UnitInScope]]:
    """What is known of single units: exempt, or already holding components (output_units.csv)."""

    def build(cells: Cells) -> tuple[str, UnitInScope]:
        unit = UnitInScope(
            unit_code=cells.text("unit"),
            is_exempt=cells.yes_no("is_exempt"),
            reached_components=cells.codes("reached_components"),
        )
        return cells.text("output"), unit

    columns = "output unit is_exempt reached_components"
    known: dict[str, dict[str, UnitInScope]] = {}
    for output, unit in read_demonstration_table("output_units", columns, build, "output unit"):
        known.setdefault(output, {})[unit.unit_code] = unit
    return known


def _units(scope: Sequence[str], known: Mapping[str, UnitInScope]) -> tuple[UnitInScope, ...]:
    return tuple(known.get(code, UnitInScope(code)) for code in scope)


def _thousandths(cells: Cells, column: str) -> int:
    value = cells.thousandths_or_none(column)
    if value is None:
        raise cells.wrong(column, "ô bắt buộc đang để trống")
    return value


def _curve(cells: Cells) -> tuple[tuple[int, int], ...]:
    """Points like `0,5:0,7`: at half the way, seven tenths of the weight."""
    points = [point.partition(":") for point in cells.codes("curve")]
    try:
        return tuple((parse_quantity(way), parse_quantity(worth)) for way, _colon, worth in points)
    except NumberUnclear as refusal:
        raise cells.wrong("curve", str(refusal)) from refusal


def _components(cells: Cells) -> tuple[tuple[str, str], ...]:
    """Parts like `PHONG=Phòng tiếp nhận`."""
    parts = [part.partition("=") for part in cells.codes("components")]
    if any(not code or not name for code, _equals, name in parts):
        raise cells.wrong("components", "mỗi cấu phần viết là MÃ=Tên")
    return tuple((code, name) for code, _equals, name in parts)
