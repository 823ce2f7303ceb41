"""The named units of a round: communes, departments, procedures that coverage is counted in."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.reports.audit_trail import latest_acts
from finance.rounds.measurements import NewScopeUnit, add_scope_units
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
from webapp.rounds.forms import UnitsForm

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

# What people call the kinds of units that reference lists use; another kind is shown as it was typed.
UNIT_KINDS = {
    "so": later("Sở, ban, ngành"),
    "huyen": later("Huyện, thị xã, thành phố"),
    "xa": later("Xã, phường, thị trấn"),
    "commune": later("Xã, phường, thị trấn"),
}

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
_COLUMNS = 4


@blueprint.get("/dot-du-toan/<int:round_id>/don-vi")
@requires(Action.VIEW_ROUND)
def units_page(round_id: int) -> Answer:
    """Every unit and over how many results it is counted."""
    with read() as session:
        row = get_round(session, round_id)
        units = list_scope_units(session, round_id)
        outputs = {output.id: output for output in list_outputs(session, round_id)}
        in_scope = output_units(session, round_id)
    counted: dict[int, Counter[str]] = {unit.id: Counter() for unit in units}
    for output_id, members in in_scope.items():
        for member in members:
            counted[member.unit_id][_standing(member, outputs[output_id])] += 1
    return render_template(
        "rounds/units.html", budget_round=row, units=units, counted=counted, kinds=UNIT_KINDS
    )


@blueprint.get("/dot-du-toan/<int:round_id>/don-vi/them")
@requires(Action.RECORD_BASELINE)
def add_units_page(round_id: int) -> Answer:
    """The form that takes a list of units."""
    return _units_form(round_id, UnitsForm())


@blueprint.post("/dot-du-toan/<int:round_id>/don-vi/them")
@requires(Action.RECORD_BASELINE)
def add_units_here(round_id: int) -> Answer:
    """Add the units that are not there yet."""
    form = UnitsForm()
    is_filled = form.validate()
    units, wrong = _read_units(form.lines.data or "")
    if not is_filled or wrong:
        form.lines.errors = [*form.lines.errors, *wrong]
        return _units_form(round_id, form), 422

    def act(session: Session) -> None:
        add_scope_units(session, current_actor(), round_id, units=units, seen_edit=seen_version())

    content = {"round": round_id, "seen": seen_version(), **typed_content(form)}
    refusal = carry_out("add_scope_units", content, act)
    if refusal:
        return _units_form(round_id, form, refusal), refusal.status
    flash(_("Đã ghi danh sách đơn vị; mã đã có từ trước được giữ nguyên."), "success")
    return redirect(url_for("rounds.units_page", round_id=round_id), code=303)


def _standing(member: OutputUnitRow, output: OutputRow) -> str:
    """Where a unit stands in one result: exempt, reached, partly reached, open."""
    if member.is_exempt:
        return "exempt"
    if not member.reached_components:
        return "open"
    return "reached" if len(member.reached_components) >= len(output.components) else "partly"


def _read_units(text: str) -> tuple[list[NewScopeUnit], list[str]]:
    """Units of the lines "mã, tên, loại, địa bàn" (tabs or semicolons), and what is wrong with others."""
    units: list[NewScopeUnit] = []
    wrong = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in re.split(r"[\t;]", line)]
        if not any(parts):
            continue
        parts += [""] * (_COLUMNS - len(parts))
        if len(parts) > _COLUMNS or not parts[1] or not parts[2]:
            wrong.append(_("dòng %(number)s: cần đủ mã; tên; loại; địa bàn", number=number))
        elif not _CODE.fullmatch(parts[0]):
            wrong.append(
                _("dòng %(number)s: mã “%(code)s” phải viết không dấu", number=number, code=parts[0])
            )
        elif parts[0] in {unit.code for unit in units}:
            wrong.append(_("dòng %(number)s: mã “%(code)s” có hai lần", number=number, code=parts[0]))
        else:
            units.append(NewScopeUnit(parts[0], parts[1][:200], parts[2][:40], parts[3][:120]))
    return units, wrong


def _units_form(round_id: int, form: UnitsForm, refusal: Refusal | None = None) -> str:
    with read() as session:
        row = get_round(session, round_id)
        limit = refusal.missed_edits if refusal else 0
        changes = latest_acts(session, "budget_round", round_id, limit=limit) if limit else []
    return render_template(
        "rounds/add_units.html", budget_round=row, form=form, refusal=refusal, changes=changes
    )
