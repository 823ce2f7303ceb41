"""The demonstration's scenario and decision: names, floors, number and date, what a person changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from finance.programme.reference_cells import Cells
from finance.scenarios.operations import NewLimit
from webapp.demonstration.estimate_files import ProjectPlace
from webapp.demonstration.files import read_demonstration_table


@dataclass(frozen=True, slots=True)
class ScenarioEntry:
    """What the planner calls the scenario and what it is for."""

    name_vi: str
    purpose_vi: str


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """Number and date under which the competent authority approves."""

    document_number: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class AdjustmentEntry:
    """An award a person changes; `level` 1 for the first, None for nothing at all."""

    place: ProjectPlace
    level: int | None
    reason: str


def read_scenario() -> ScenarioEntry:
    """The one scenario that is run (scenario.csv)."""
    rows = read_demonstration_table(
        "scenario",
        "name_vi purpose_vi",
        lambda cells: ScenarioEntry(cells.text("name_vi"), cells.text("purpose_vi")),
        "name_vi",
    )
    return rows[0]


def read_scenario_limits() -> list[NewLimit]:
    """Its floors and ceilings in đồng (scenario_limits.csv)."""

    def build(cells: Cells) -> NewLimit:
        return NewLimit(
            words_vi=cells.text("words_vi"),
            legal_reference=cells.raw("legal_reference"),
            area_codes=cells.codes("areas"),
            at_least_vnd=cells.integer_or_none("at_least_vnd"),
            at_most_vnd=cells.integer_or_none("at_most_vnd"),
        )

    columns = "words_vi legal_reference areas at_least_vnd at_most_vnd"
    return read_demonstration_table("scenario_limits", columns, build, "words_vi")


def read_decision() -> DecisionEntry:
    """The decision (decision.csv)."""

    def build(cells: Cells) -> DecisionEntry:
        signed_on = cells.day_or_none("signed_on")
        if signed_on is None:
            raise cells.wrong("signed_on", "ô bắt buộc đang để trống")
        return DecisionEntry(cells.text("document_number"), signed_on)

    return read_demonstration_table("decision", "document_number signed_on", build, "document_number")[0]


def read_adjustments() -> list[AdjustmentEntry]:
    """The awards a person changes (adjustments.csv)."""

    def build(cells: Cells) -> AdjustmentEntry:
        return AdjustmentEntry(
            place=(cells.text("agency"), cells.text("project")),
            level=cells.integer_or_none("level"),
            reason=cells.text("reason"),
        )

    return read_demonstration_table("adjustments", "agency project level reason", build, "agency project")
