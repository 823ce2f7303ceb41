"""The catalogue of results of a round: what is measured, from where, to where, by which source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.errors import NotFound
from finance.programme.classification import OutputKind
from finance.programme.queries import list_targets, list_tasks
from finance.reports.audit_trail import latest_acts
from finance.rounds.measurements import OutputEntry, UnitInScope, record_output
from finance.rounds.queries import (
    OutputRow,
    OutputUnitRow,
    get_round,
    list_outputs,
    list_scope_units,
    output_units,
)
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.request_scope import read, seen_version
from webapp.rounds.blueprint import blueprint
from webapp.rounds.components import components_as_lines, read_components
from webapp.rounds.forms import OutputForm

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

# What a unit may be in an output's scope, as the form of the scope offers it.
OUTSIDE, INSIDE, EXEMPT = "ngoai", "trong", "mien"


@blueprint.get("/dot-du-toan/<int:round_id>/ket-qua")
@requires(Action.VIEW_ROUND)
def results_page(round_id: int) -> Answer:
    """The whole catalogue in the order of the decision."""
    with read() as session:
        row = get_round(session, round_id)
        outputs = list_outputs(session, round_id)
        units = output_units(session, round_id)
    return render_template("rounds/results.html", budget_round=row, outputs=outputs, units=units)


@blueprint.get("/dot-du-toan/<int:round_id>/ket-qua/<int:output_id>")
@requires(Action.VIEW_ROUND)
def result_page(round_id: int, output_id: int) -> Answer:
    """One result: how it counts, its baseline and where that comes from, its units."""
    with read() as session:
        row = get_round(session, round_id)
        output, units = _find_output(session, round_id, output_id)
    return render_template("rounds/result.html", budget_round=row, output=output, units=units)


@blueprint.get("/dot-du-toan/<int:round_id>/ket-qua/them")
@requires(Action.RECORD_BASELINE)
def new_result_page(round_id: int) -> Answer:
    """The form of a new result."""
    with read() as session:
        row = get_round(session, round_id)
        place = 1 + max((output.sort for output in list_outputs(session, round_id)), default=0)
    form = OutputForm(sort=place, year=row.fiscal_year, start=0, baseline=0, is_invented=row.is_demonstration)
    return _output_page(round_id, form)


@blueprint.post("/dot-du-toan/<int:round_id>/ket-qua/them")
@requires(Action.RECORD_BASELINE)
def add_result_here(round_id: int) -> Answer:
    """Enter a new result with its measured baseline."""
    return _record(round_id, OutputForm(), None, ())


@blueprint.get("/dot-du-toan/<int:round_id>/ket-qua/<int:output_id>/sua")
@requires(Action.RECORD_BASELINE)
def baseline_page(round_id: int, output_id: int) -> Answer:
    """The form of a result, filled with what is recorded now."""
    with read() as session:
        output, _units = _find_output(session, round_id, output_id)
    form = OutputForm(
        code=output.code,
        sort=output.sort,
        name_vi=output.name_vi,
        kind=output.kind.value,
        unit_name=output.unit_name,
        target_code=output.target_code,
        task_code=output.task_code,
        start=output.start_thousandths,
        target=output.target_thousandths,
        year=output.year,
        components=components_as_lines(output.components),
        baseline=output.baseline_thousandths,
        measured_on=output.measured_on,
        measured_source=output.measured_source,
        is_invented=output.is_invented,
    )
    return _output_page(round_id, form, output)


@blueprint.post("/dot-du-toan/<int:round_id>/ket-qua/<int:output_id>/sua")
@requires(Action.RECORD_BASELINE)
def record_baseline_here(round_id: int, output_id: int) -> Answer:
    """Correct a result or record a new measurement of it; its units stay as they are."""
    with read() as session:
        output, units = _find_output(session, round_id, output_id)
    return _record(round_id, OutputForm(), output, units)


@blueprint.get("/dot-du-toan/<int:round_id>/ket-qua/<int:output_id>/pham-vi")
@requires(Action.RECORD_BASELINE)
def scope_page(round_id: int, output_id: int) -> Answer:
    """Which units the result is counted over, which are exempt, what each already has."""
    return _scope_page(round_id, output_id)


@blueprint.post("/dot-du-toan/<int:round_id>/ket-qua/<int:output_id>/pham-vi")
@requires(Action.RECORD_BASELINE)
def record_scope_here(round_id: int, output_id: int) -> Answer:
    """Record the units of a result; its figures stay as they are."""
    with read() as session:
        output, _units = _find_output(session, round_id, output_id)
        codes = [unit.code for unit in list_scope_units(session, round_id)]
    units = tuple(_unit_from_form(code, output) for code in codes if request.form.get(f"u-{code}") != OUTSIDE)
    entry = replace(_entry_of(output), units=units)
    content = {
        "round": round_id,
        "output": output_id,
        "seen": seen_version(),
        "units": [[unit.unit_code, unit.is_exempt, list(unit.reached_components)] for unit in units],
    }

    def act(session: Session) -> None:
        record_output(session, current_actor(), round_id, entry=entry, seen_edit=seen_version())

    refusal = carry_out("record_scope", content, act)
    if refusal:
        return _scope_page(round_id, output_id, refusal), refusal.status
    flash(_("Đã ghi phạm vi tính của “%(name)s”.", name=output.name_vi), "success")
    return redirect(url_for("rounds.result_page", round_id=round_id, output_id=output_id), code=303)


def _record(
    round_id: int, form: OutputForm, output: OutputRow | None, units: tuple[OutputUnitRow, ...]
) -> Answer:
    with read() as session:
        _offer_programme(session, form)
    components = read_components(form.components)
    if not form.validate() or form.components.errors:
        return _output_page(round_id, form, output), 422
    entry = _entry_from_form(form, components, output, units)

    def act(session: Session) -> None:
        record_output(session, current_actor(), round_id, entry=entry, seen_edit=seen_version())

    content = {"round": round_id, "seen": seen_version(), **typed_content(form)}
    refusal = carry_out("record_output", content, act)
    if refusal:
        return _output_page(round_id, form, output, refusal), refusal.status
    flash(_("Đã ghi kết quả “%(name)s”.", name=entry.name_vi), "success")
    return redirect(url_for("rounds.results_page", round_id=round_id), code=303)


def _entry_from_form(
    form: OutputForm,
    components: tuple[tuple[str, str], ...],
    output: OutputRow | None,
    units: tuple[OutputUnitRow, ...],
) -> OutputEntry:
    """What was typed; the code of a known result, its curve and its units are kept."""
    known = {code for code, _name in components}
    return OutputEntry(
        code=output.code if output else form.code.data,
        sort=form.sort.data,
        name_vi=form.name_vi.data,
        kind=OutputKind.of(form.kind.data),
        unit_name=form.unit_name.data,
        target_thousandths=form.target.data,
        year=form.year.data,
        start_thousandths=form.start.data,
        baseline_thousandths=form.baseline.data,
        target_code=form.target_code.data or "",
        task_code=form.task_code.data or "",
        follows_code=output.follows_code if output else None,
        curve=output.curve if output else (),
        components=components,
        units=tuple(_unit_of(unit, known) for unit in units),
        measured_on=form.measured_on.data,
        measured_source=form.measured_source.data,
        is_invented=form.is_invented.data,
    )


def _entry_of(output: OutputRow) -> OutputEntry:
    """The stored result as it would be entered again."""
    return OutputEntry(
        code=output.code,
        sort=output.sort,
        name_vi=output.name_vi,
        kind=output.kind,
        unit_name=output.unit_name,
        target_thousandths=output.target_thousandths,
        year=output.year,
        start_thousandths=output.start_thousandths,
        baseline_thousandths=output.baseline_thousandths,
        target_code=output.target_code,
        task_code=output.task_code,
        follows_code=output.follows_code,
        curve=output.curve,
        components=tuple((part.code, part.name_vi) for part in output.components),
        measured_on=output.measured_on,
        measured_source=output.measured_source,
        is_invented=output.is_invented,
    )


def _unit_of(unit: OutputUnitRow, known: set[str]) -> UnitInScope:
    reached = tuple(code for code in unit.reached_components if code in known)
    return UnitInScope(unit.unit_code, unit.is_exempt, reached)


def _unit_from_form(code: str, output: OutputRow) -> UnitInScope:
    ticked = set(request.form.getlist(f"c-{code}"))
    reached = tuple(part.code for part in output.components if part.code in ticked)
    return UnitInScope(code, request.form.get(f"u-{code}") == EXEMPT, reached)


def _find_output(
    session: Session, round_id: int, output_id: int
) -> tuple[OutputRow, tuple[OutputUnitRow, ...]]:
    output = next((row for row in list_outputs(session, round_id) if row.id == output_id), None)
    if output is None:
        raise NotFound("kết quả", output_id)
    return output, output_units(session, round_id).get(output_id, ())


def _offer_programme(session: Session, form: OutputForm) -> None:
    targets = [(row.code, f"{row.code}. {row.name_vi}") for row in list_targets(session)]
    tasks = [(row.code, f"{row.code}. {row.name_vi}") for row in list_tasks(session)]
    form.target_code.offer([("", _("Không gắn với mục tiêu nào")), *targets])
    form.task_code.offer([("", _("Không gắn với nhiệm vụ nào")), *tasks])


def _output_page(
    round_id: int, form: OutputForm, output: OutputRow | None = None, refusal: Refusal | None = None
) -> str:
    with read() as session:
        row = get_round(session, round_id)
        _offer_programme(session, form)
        changes = _missed(session, round_id, refusal)
    return render_template(
        "rounds/baseline.html", budget_round=row, form=form, output=output, refusal=refusal, changes=changes
    )


def _scope_page(round_id: int, output_id: int, refusal: Refusal | None = None) -> str:
    with read() as session:
        row = get_round(session, round_id)
        output, units = _find_output(session, round_id, output_id)
        every = list_scope_units(session, round_id)
        changes = _missed(session, round_id, refusal)
    stored = {unit.unit_code: unit for unit in units}
    lines = [(unit, *_place_of(unit.code, stored, is_typed=refusal is not None)) for unit in every]
    facts: dict[str, Any] = {"output": output, "lines": lines, "refusal": refusal, "changes": changes}
    return render_template("rounds/scope.html", budget_round=row, **facts)


def _place_of(code: str, stored: dict[str, OutputUnitRow], *, is_typed: bool) -> tuple[str, set[str]]:
    """The unit's place and the components it has: as typed when the form comes back, else as stored."""
    if is_typed:
        return request.form.get(f"u-{code}", OUTSIDE), set(request.form.getlist(f"c-{code}"))
    unit = stored.get(code)
    if unit is None:
        return OUTSIDE, set()
    return (EXEMPT if unit.is_exempt else INSIDE), set(unit.reached_components)


def _missed(session: Session, round_id: int, refusal: Refusal | None) -> list[Any]:
    limit = refusal.missed_edits if refusal else 0
    return latest_acts(session, "budget_round", round_id, limit=limit) if limit else []
