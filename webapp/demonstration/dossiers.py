"""The dossiers some offices of the demonstration have written; others have not come to it yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from finance.dossiers.rules import (
    AfterCosts,
    ConditionAnswer,
    Continuity,
    Dossier,
    OutputEvidence,
    OutturnFigure,
    OutturnKind,
    ResultCondition,
    RunningCost,
)
from finance.estimates.dossier_acts import save_dossier
from finance.estimates.queries import estimate_row
from finance.programme.reference_cells import Cells
from webapp.demonstration.files import EstimateFile, read_demonstration_table
from webapp.demonstration.story import Story

_HEAD = (
    "agency project minimum_level minimum_reason continuity scope cost_basis monitoring agreement actual_vnd "
    "approved_vnd estimated_vnd cut_off method after_costs cost_item cost_year cost_vnd cost_source "
    "cost_payer savings_vnd savings_note"
)
_OUTPUT = "agency project output baseline baseline_on baseline_source data_source verification responsible"
_NOT_MET = "no: "
_UNMEASURED = "unmeasured"

ProjectPlace = tuple[str, str]


def enter_dossiers(story: Story, offices: Sequence[EstimateFile]) -> None:
    """Every office that has written dossiers saves them beside its estimate."""
    dossiers = read_dossier_files()
    for file in offices:
        for (agency_code, _key), dossier in dossiers.items():
            if agency_code == file.agency_code:
                _save(story, file, dossier)


def read_dossier_files() -> dict[ProjectPlace, Dossier]:
    """The dossiers by office and project (dossiers.csv, dossier_outputs.csv)."""
    outputs: dict[ProjectPlace, list[OutputEvidence]] = {}
    for place, evidence in read_demonstration_table(
        "dossier_outputs", _OUTPUT, _output, "agency project output"
    ):
        outputs.setdefault(place, []).append(evidence)
    heads = read_demonstration_table("dossiers", _HEAD, _dossier, "agency project")
    return {place: replace(dossier, outputs=tuple(outputs.get(place, ()))) for place, dossier in heads}


def _save(story: Story, file: EstimateFile, dossier: Dossier) -> None:
    estimate_id = story.estimate_of(file.agency_code)
    preparer = story.person(file.preparer, "prepared")
    seen = estimate_row(story.session, preparer, estimate_id).edit_number
    save_dossier(story.session, preparer, estimate_id, dossier=dossier, seen_edit=seen)


def _dossier(cells: Cells) -> tuple[ProjectPlace, Dossier]:
    dossier = Dossier(
        project_key=cells.ascii_text("project"),
        minimum_level=cells.raw("minimum_level").upper(),
        minimum_reason=cells.raw("minimum_reason"),
        continuity=cells.member("continuity", Continuity),
        after_costs=cells.member("after_costs", AfterCosts),
        savings_vnd=cells.integer_or_none("savings_vnd"),
        savings_note=cells.raw("savings_note"),
        conditions=tuple(_condition(cells, condition) for condition in ResultCondition),
        outturns=_outturns(cells),
        running_costs=_running_costs(cells),
    )
    return (cells.text("agency"), dossier.project_key), dossier


def _condition(cells: Cells, condition: ResultCondition) -> ConditionAnswer:
    said = cells.raw(condition.value.lower())
    is_met = None if not said else not said.startswith(_NOT_MET)
    return ConditionAnswer(condition, is_met, said.removeprefix(_NOT_MET))


def _outturns(cells: Cells) -> tuple[OutturnFigure, ...]:
    amounts = {kind: cells.integer_or_none(f"{kind.value.lower()}_vnd") for kind in OutturnKind}
    cut_off, method = cells.day_or_none("cut_off"), cells.raw("method")
    return tuple(
        OutturnFigure(kind, amount, cut_off, method) for kind, amount in amounts.items() if amount is not None
    )


def _running_costs(cells: Cells) -> tuple[RunningCost, ...]:
    if not cells.raw("cost_item"):
        return ()
    cost = RunningCost(
        cells.text("cost_item"),
        cells.integer("cost_year"),
        cells.integer("cost_vnd"),
        cells.raw("cost_source"),
        cells.raw("cost_payer"),
    )
    return (cost,)


def _output(cells: Cells) -> tuple[ProjectPlace, OutputEvidence]:
    is_unmeasured = cells.raw("baseline") == _UNMEASURED
    evidence = OutputEvidence(
        output_code=cells.text("output"),
        is_unmeasured=is_unmeasured,
        baseline_thousandths=None if is_unmeasured else cells.thousandths_or_none("baseline"),
        baseline_on=cells.day_or_none("baseline_on"),
        baseline_source=cells.raw("baseline_source"),
        data_source=cells.raw("data_source"),
        verification=cells.raw("verification"),
        responsible=cells.raw("responsible"),
    )
    return (cells.text("agency"), cells.text("project")), evidence
