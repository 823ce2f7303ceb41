"""Autosave of the project form: the boxes as typed, kept by the server while the person writes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.estimates.kept_typing import TypedForm, forget_typing, keep_typing, others_typing
from finance.findings import Finding
from finance.permissions import require
from webapp.access import current_actor, requires
from webapp.estimates.blueprint import blueprint
from webapp.estimates.checklist import make_checklist, notes_by_field, notes_by_line
from webapp.estimates.project_page import Desk, open_desk, project_key_of, say_findings
from webapp.estimates.project_reading import read_project
from webapp.estimates.typed_project import TypedProject, typed_from_pairs
from webapp.estimates.typing_beside import clock_hour, say_other
from webapp.request_scope import read, write

# Guard and base are of the page they stand on, not of what a person typed.
NOT_TYPED = frozenset({"csrf_token", "idempotency_key", "seen_version", "kept_form", "kept_sequence", "act"})
MOST_BOXES = 60_000
LARGEST_SEQUENCE = 2**31 - 2

_LINE_FIELD = re.compile(r"lines-([0-9]+)-(.+)")
_HALF_LETTER = re.compile("[\ud800-\udfff]")


@blueprint.post("/du-toan/<int:estimate_id>/ban-dang-nhap")
@requires(Action.SAVE_DRAFT)
def keep_typing_here(estimate_id: int) -> tuple[Response, int]:
    """Keep the boxes as they stand, and say what the checks would say of them."""
    with read() as session:
        desk = open_desk(session, estimate_id)
    require(current_actor(), Action.SAVE_DRAFT, desk.estimate.agency_id)
    given = _given()
    form = _form_of(given)
    typed = typed_from_pairs(form)
    key = project_key_of(typed)
    with write() as session:
        actor = current_actor()
        kept = keep_typing(
            session,
            actor,
            estimate_id,
            project_key=key,
            sequence=_whole(given, "sequence"),
            typed_on=_whole(given, "typed_on"),
            form=form,
        )
        others = [say_other(one) for one in others_typing(session, actor, estimate_id, key)]
    answer = {"sequence": kept.sequence, "hour": clock_hour(kept.business_at), "others": others}
    if not kept.is_taken:
        return jsonify(answer), 409
    return jsonify(answer | _said(desk, typed)), 200


@blueprint.post("/du-toan/<int:estimate_id>/bo-ban-dang-nhap")
@requires(Action.SAVE_DRAFT)
def forget_typing_here(estimate_id: int) -> Response:
    """Drop what was typed and not saved; the page shows what is stored."""
    key = request.form.get("project_key", "")
    with write() as session:
        forget_typing(session, current_actor(), estimate_id, project_key=key)
    there = url_for("estimates.project_page", estimate_id=estimate_id, ma=key or None)
    return redirect(there, code=303)  # type: ignore[return-value]


def _said(desk: Desk, typed: TypedProject) -> dict[str, Any]:
    """Findings of the typed boxes: as the page itself would show them."""
    found = read_project(typed)
    # A project never saved is still being written: only what cannot be read is said.
    stopping, others = say_findings(desk, typed, found, is_quiet=typed.is_new, is_attempt=False)
    every = [_as_on_page(finding, typed) for finding in (*stopping, *others)]
    checklist = make_checklist(every, lambda field: f"#{field}")
    notes = [
        {"row": place, "field": note.field, "words": note.words, "text": note.text, "stops": note.is_blocking}
        for place, said in notes_by_line(notes_by_field(every)).items()
        for note in said
    ]
    return {"notes": notes, "summary": render_template("estimates/_live_findings.html", checklist=checklist)}


def _as_on_page(finding: Finding, typed: TypedProject) -> Finding:
    """The finding at its box of the page, where empty rows stand between the lines."""
    match = _LINE_FIELD.fullmatch(finding.location.field)
    if match is None or int(match[1]) >= len(typed.filled_lines):
        return finding
    field = f"lines-{typed.filled_lines[int(match[1])].row}-{match[2]}"
    return replace(finding, location=replace(finding.location, field=field))


def _given() -> Any:
    """What the page sent; nothing for what no page of ours writes."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # brackets in brackets by the thousand
        return None


def _form_of(given: Any) -> TypedForm:
    pairs = given.get("form") if isinstance(given, dict) else None
    if not isinstance(pairs, list) or len(pairs) > MOST_BOXES or not all(_is_pair(pair) for pair in pairs):
        raise BadRequest("no form was sent")
    return [pair for pair in pairs if pair[0] not in NOT_TYPED]


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(_is_text(text) for text in pair)


def _is_text(text: Any) -> bool:
    """True for a text every store keeps: half of a letter is none."""
    return isinstance(text, str) and not _HALF_LETTER.search(text)


def _whole(given: Mapping[str, Any], name: str) -> int:
    number = given.get(name)
    if type(number) is not int or not 0 <= number <= LARGEST_SEQUENCE:
        raise BadRequest(f"{name} is no whole number")
    return number
