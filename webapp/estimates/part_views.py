"""Parts of co-agencies: the lead invites, the partner writes its own lines and signs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.agencies.queries import list_agencies
from finance.estimates.levels import LEVEL_ORDER, LevelCode
from finance.estimates.part_operations import (
    accept_part,
    decline_part,
    invite_partner,
    part_findings,
    reopen_part,
    save_part,
    sign_part,
    withdraw_invitation,
)
from finance.estimates.part_queries import PartRow, list_parts, part_acts, part_row
from finance.estimates.parts.frame import frame_text, read_frame
from finance.estimates.queries import check_context, estimate_row, load_draft
from finance.estimates.totals import draft_line_amount, requested_ordinal
from finance.findings import Finding
from finance.permissions import require
from finance.programme.classification import Nature
from webapp.access import current_actor, requires
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.desk import may_edit
from webapp.estimates.typed_part import (
    TypedRow,
    at_levels_of_now,
    is_whole,
    lines_of_rows,
    read_rows,
    rows_of_lines,
    torn_sentence,
    unreadable_sentence,
)
from webapp.form_fields import labelled_choices, tidy_words
from webapp.request_scope import present_moment, read, seen_version

if TYPE_CHECKING:
    from finance.actors import Actor
    from finance.database import Session

Answer = Response | str | tuple[str, int]
# What the checks call a line's fields, and what the boxes of this page are called.
_BOXES = {
    "unit_price_vnd": "unit_price",
    "frequency_thousandths": "frequency",
    "quantities-0": "quantity-1",
    "quantities": "quantity-1",
}


@blueprint.get("/du-toan/<int:estimate_id>/phoi-hop")
@requires(Action.INVITE_PARTNER)
def partners_page(estimate_id: int) -> Answer:
    """Who was invited into which project of this estimate, and the form to invite."""
    return _partners_page(estimate_id)


@blueprint.post("/du-toan/<int:estimate_id>/phoi-hop/moi")
@requires(Action.INVITE_PARTNER)
def invite_partner_here(estimate_id: int) -> Answer:
    """Invite an office into a project."""
    seen, actor = seen_version(), current_actor()
    key, words = request.form.get("project_key", ""), tidy_words(request.form.get("words"))
    agency_id = request.form.get("partner_id", 0, type=int)
    with read() as session:
        estimate_row(session, actor, estimate_id)
    if not agency_id:
        return _partners_page(estimate_id, Refused(422, _("Mời chọn cơ quan phối hợp.")))
    done = attempt(
        "invite_partner",
        estimate_id,
        lambda session: invite_partner(
            session,
            actor,
            estimate_id,
            project_key=key,
            agency_id=agency_id,
            words=words,
            seen_edit=seen,
        ),
    )
    if isinstance(done, Refused):
        return _partners_page(estimate_id, done)
    flash(_("Đã mời; lời mời hiện trên “Việc của tôi” của cơ quan phối hợp."), "success")
    return redirect(url_for("estimates.partners_page", estimate_id=estimate_id), code=303)


@blueprint.get("/phan-phoi-hop/<int:part_id>")
@requires(Action.SAVE_PART)
def part_page(part_id: int) -> Answer:
    """One part, for the two offices it concerns."""
    return _part_page(part_id)


@blueprint.post("/phan-phoi-hop/<int:part_id>/luu")
@requires(Action.SAVE_PART)
def save_part_here(part_id: int) -> Answer:
    """Save the partner's lines."""
    seen, actor = seen_version(), current_actor()
    with read() as session:
        row = part_row(session, actor, part_id)
    require(actor, Action.SAVE_PART, row.agency_id)
    frame = request.form.get("frame", "")
    levels = _seen_levels(frame, row)
    rows = read_rows(request.form, len(levels))
    lines = lines_of_rows(rows)
    if not is_whole(request.form):
        return _part_page(part_id, Refused(422, torn_sentence()))
    if any(typed.errors for typed in rows):
        return _part_page(
            part_id, Refused(422, unreadable_sentence(rows)), TypedPart(rows, levels, seen, frame)
        )

    def act(session: Session) -> int:
        found = save_part(session, actor, part_id, lines=lines, seen_edit=seen, seen_frame=frame)
        return len(found)

    done = attempt("save_part", part_id, act)
    if isinstance(done, Refused):
        return _part_page(part_id, done, TypedPart(rows, levels, seen))
    flash(_("Đã lưu phần phối hợp."), "success")
    return redirect(url_for("estimates.part_page", part_id=part_id), code=303)


@blueprint.post("/phan-phoi-hop/<int:part_id>")
@requires(Action.SAVE_PART)
def act_on_part_here(part_id: int) -> Answer:
    """Take, decline, sign, take the signature or the invitation back."""
    seen, actor = seen_version(), current_actor()
    reason = tidy_words(request.form.get("reason"))
    with read() as session:
        part_row(session, actor, part_id)
    act = _acts(actor, part_id, reason, seen).get(request.form.get("act", ""))
    if act is None:
        return _part_page(part_id, Refused(422, _("Mời chọn một việc trên trang.")))
    done = attempt(f"part {request.form['act']}", part_id, act)
    if isinstance(done, Refused):
        return _part_page(part_id, done)
    flash(_said_of(request.form["act"]), "success")
    return redirect(url_for("estimates.part_page", part_id=part_id), code=303)


def _said_of(act: str) -> str:
    return {
        Action.ACCEPT_PART.value: _("Đã nhận phần phối hợp. Tiếp theo: ghi dòng chi, rồi thủ trưởng ký."),
        Action.DECLINE_PART.value: _("Đã từ chối phần phối hợp kèm lý do."),
        Action.SIGN_PART.value: _("Đã ký phần phối hợp. Cơ quan chủ trì trình dự toán được với phần này."),
        Action.REOPEN_PART.value: _("Đã rút chữ ký; sửa xong thì ký lại."),
        Action.WITHDRAW_INVITATION.value: _("Đã rút lời mời kèm lý do."),
    }[act]


def _acts(actor: Actor, part_id: int, reason: str, seen: int) -> dict[str, Callable[[Session], Any]]:
    return {
        Action.ACCEPT_PART.value: lambda session: accept_part(session, actor, part_id, seen_edit=seen),
        Action.DECLINE_PART.value: lambda session: decline_part(
            session, actor, part_id, reason=reason, seen_edit=seen
        ),
        Action.SIGN_PART.value: lambda session: sign_part(
            session, actor, part_id, seen_edit=seen, seen_frame=request.form.get("frame", "")
        ),
        Action.REOPEN_PART.value: lambda session: reopen_part(
            session, actor, part_id, reason=reason, seen_edit=seen
        ),
        Action.WITHDRAW_INVITATION.value: lambda session: withdraw_invitation(
            session, actor, part_id, reason=reason, seen_edit=seen
        ),
    }


def _partners_page(estimate_id: int, refused: Refused | None = None) -> Answer:
    actor = current_actor()
    with read() as session:
        row = estimate_row(session, actor, estimate_id)
        parts = [part for part in list_parts(session, actor, row.round_id) if part.estimate_id == estimate_id]
        draft = load_draft(session, estimate_id)
        offices = list_agencies(session, present_moment().business_on)
    page = render_template(
        "estimates/partners.html",
        estimate=row,
        parts=parts,
        projects=draft.projects,
        offices=[office for office in offices if office.id != row.agency_id],
        chosen=request.values.get("ma") or request.values.get("project_key", ""),
        typed=request.form,
        is_editable=may_edit(actor, row),
        refused=refused,
    )
    return (page, refused.status) if refused else page


@dataclass(frozen=True, slots=True)
class TypedPart:
    """What was typed into the table, for which levels, on which edit of the part.

    Attributes:
        frame: the lead's project as it was seen, for a table whose figures are not read yet: it keeps its
            columns, and what the lead has changed is told when it is saved.
    """

    rows: list[TypedRow]
    levels: tuple[LevelCode, ...]
    edit: int
    frame: str = ""


def _part_page(part_id: int, refused: Refused | None = None, typed: TypedPart | None = None) -> Answer:
    actor, today = current_actor(), present_moment().business_on
    with read() as session:
        row = part_row(session, actor, part_id)
        context = check_context(session, row.round_id, row.agency_id, on=today)
        is_partner = row.agency_id in {seat.agency_id for seat in actor.seats}
        acts = part_acts(actor, row)
        # Once the lead has handed on nobody can follow a hint any more.
        findings: list[Finding] = part_findings(session, row, on=today) if is_partner and acts else []
    frame = frame_text(row.project) if row.project else ""
    page = render_template(
        "estimates/part.html",
        part=row,
        acts={act.value for act in acts},
        frame_now=frame,
        table=_table(row, typed, frame),
        context=context,
        natures=labelled_choices((Nature.RECURRENT, Nature.CAPITAL)),
        findings=[_at_its_box(one) for one in (*findings, *(refused.findings if refused else ()))],
        refused=refused,
        total=_total(row),
    )
    return (page, refused.status) if refused else page


def _at_its_box(finding: Finding) -> Finding:
    """The finding at the box of this page that it speaks of; a control figure has none here."""
    box = finding.location.field.removeprefix("projects-0-")
    for name, here in _BOXES.items():
        box = box.replace(name, here)
    is_here = box.startswith("lines-")
    return replace(finding, location=replace(finding.location, field=box if is_here else ""))


def _table(row: PartRow, typed: TypedPart | None, frame: str) -> dict[str, Any]:
    """The table as it is stored, or as it was typed and refused."""
    levels = _levels_of(row)
    if typed is None:
        rows = rows_of_lines(row.lines, len(levels))
        return {"rows": rows, "levels": levels, "frame": frame, "is_typed": False, "is_overtaken": False}
    if typed.frame:
        levels = typed.levels
    else:
        at_levels_of_now(typed.rows, typed.levels, levels)
    return {
        "rows": typed.rows,
        "levels": levels,
        "frame": typed.frame or frame,
        "is_typed": True,
        # What a colleague has saved meanwhile stands below what was typed and refused.
        "is_overtaken": typed.edit != row.edit_number,
    }


def _total(row: PartRow) -> int:
    """What the stored lines come to at the level the project is requested at."""
    ordinal = requested_ordinal(_levels_of(row))
    return sum(draft_line_amount(line, ordinal) for line in row.lines if len(line.quantities) >= ordinal)


def _levels_of(row: PartRow) -> tuple[LevelCode, ...]:
    """The levels of the lead's project; when it is gone, as many as the lines were written for."""
    if row.project:
        return row.project.levels
    count = max((len(line.quantities) for line in row.lines), default=1)
    return LEVEL_ORDER[:count] if count > 1 else (LevelCode.FULL,)


def _seen_levels(frame: str, row: PartRow) -> tuple[LevelCode, ...]:
    """The levels the boxes were typed for: those of the project as the page showed it."""
    seen = read_frame(frame)
    known = {code.value: code for code in LevelCode}
    if seen is None or not seen.levels or not set(seen.levels) <= known.keys():
        return _levels_of(row)
    return tuple(known[code] for code in dict.fromkeys(seen.levels))
