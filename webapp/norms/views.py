"""One spending norm: read by everybody; written, replaced and repealed by the finance office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.norms.operations import add_norm, repeal_norm, replace_norm
from finance.norms.queries import (
    affected_lines,
    get_norm,
    list_examples,
    norm_by_code,
    norm_versions,
    office_levels,
)
from finance.norms.rules import check_norm_text
from finance.permissions import may
from finance.reports.audit_trail import latest_acts
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out
from webapp.norms.forms import NormForm, RepealForm, example_rows, form_from
from webapp.request_scope import present_moment, read, seen_version

if TYPE_CHECKING:
    from finance.database import Session
    from finance.programme.queries import NormRow

blueprint = Blueprint("norms", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]

HISTORY_SHOWN = 6


@blueprint.get("/dinh-muc-chi/<int:norm_id>")
@requires(Action.VIEW_PROGRAMME)
def norm_page(norm_id: int) -> Answer:
    """What the norm says, its versions and examples, and the lines that rest on it."""
    actor = current_actor()
    with read() as session:
        norm = get_norm(session, norm_id)
        facts: dict[str, Any] = {
            "norm": norm,
            "versions": norm_versions(session, norm),
            "examples": list_examples(session, norm_id),
            "lines": affected_lines(session, actor, norm_id),
            "levels": dict(office_levels(session)),
            "history": latest_acts(session, "spending_norm", norm_id, limit=HISTORY_SHOWN)
            if may(actor, Action.VIEW_REVIEWS)
            else [],
        }
    return render_template("norms/norm.html", may_keep=may(actor, Action.REPEAL_NORM), **facts)


@blueprint.get("/dinh-muc-chi/them")
@requires(Action.ADD_NORM)
def add_page() -> Answer:
    """The form of a new norm."""
    return _norm_form(NormForm(), None)


@blueprint.post("/dinh-muc-chi/them")
@requires(Action.ADD_NORM)
def add_norm_here() -> Answer:
    """Store a new norm whose examples agree with it."""
    form = NormForm()
    if not _is_readable(form):
        return _norm_form(form, None), 422
    code = form.code.data or ""
    if not code:
        form.code.errors = [_("Mời điền ô này.")]
        return _norm_form(form, None), 422

    def act(session: Session) -> None:
        add_norm(session, current_actor(), code, form.text(), examples=form.read_examples())

    refusal = carry_out("add_norm", _content(), act)
    if refusal:
        return _norm_form(form, None, refusal), refusal.status
    flash(_("Đã thêm định mức %(code)s; các ví dụ đều đúng.", code=code), "success")
    with read() as session:
        return redirect(url_for("norms.norm_page", norm_id=norm_by_code(session, code).id), code=303)


@blueprint.get("/dinh-muc-chi/<int:norm_id>/thay")
@requires(Action.REPLACE_NORM)
def replace_page(norm_id: int) -> Answer:
    """The form of the next version, begun from this one."""
    today = present_moment().business_on
    with read() as session:
        norm = get_norm(session, norm_id)
    form = NormForm(data={**form_from(norm), "examples": example_rows(norm, today)})
    return _norm_form(form, norm)


@blueprint.post("/dinh-muc-chi/<int:norm_id>/thay")
@requires(Action.REPLACE_NORM)
def replace_norm_here(norm_id: int) -> Answer:
    """Let a new version follow."""
    form, seen = NormForm(), seen_version()
    with read() as session:
        norm = get_norm(session, norm_id)
    if not _is_readable(form):
        return _norm_form(form, norm), 422

    def act(session: Session) -> None:
        replace_norm(
            session,
            current_actor(),
            norm_id,
            form.text(),
            examples=form.read_examples(),
            seen_edit=seen,
        )

    refusal = carry_out("replace_norm", _content(norm_id), act)
    if refusal:
        return _norm_form(form, norm, refusal), refusal.status
    flash(
        _("Đã thay định mức %(code)s. Các dòng chi dùng bản cũ được liệt kê dưới đây.", code=norm.code),
        "success",
    )
    return redirect(url_for("norms.norm_page", norm_id=norm_id, _anchor="dong-chi"), code=303)


@blueprint.get("/dinh-muc-chi/<int:norm_id>/bai-bo")
@requires(Action.REPEAL_NORM)
def repeal_page(norm_id: int) -> Answer:
    """What a repeal would do, and its form."""
    return _repeal_form(norm_id, RepealForm(last_day=present_moment().business_on))


@blueprint.post("/dinh-muc-chi/<int:norm_id>/bai-bo")
@requires(Action.REPEAL_NORM)
def repeal_norm_here(norm_id: int) -> Answer:
    """End the norm and list the lines that rest on it."""
    form, seen = RepealForm(), seen_version()
    if not form.validate():
        return _repeal_form(norm_id, form), 422

    def act(session: Session) -> None:
        repeal_norm(
            session,
            current_actor(),
            norm_id,
            last_day=form.last_day.data,
            ended_by=form.ended_by.data,
            seen_edit=seen,
        )

    refusal = carry_out("repeal_norm", _content(norm_id), act)
    if refusal:
        return _repeal_form(norm_id, form, refusal), refusal.status
    flash(_("Đã bãi bỏ. Các cơ quan có dòng chi liên quan thấy việc này trong “Việc của tôi”."), "success")
    return redirect(url_for("norms.norm_page", norm_id=norm_id, _anchor="dong-chi"), code=303)


def _is_readable(form: NormForm) -> bool:
    """True when every box can be read and every example agrees; else each box says what is wrong."""
    with read() as session:
        form.offer_levels(office_levels(session))
    is_valid = form.validate()
    if form.note_half_rows() or not is_valid:
        return False
    findings = check_norm_text(form.text(), form.read_examples())
    form.take_findings(findings)
    return not findings


def _norm_form(form: NormForm, norm: NormRow | None, refusal: Refusal | None = None) -> str:
    with read() as session:
        form.offer_levels(office_levels(session))
        current = get_norm(session, norm.id) if norm else None
        lines = affected_lines(session, current_actor(), norm.id) if norm else None
    return render_template("norms/form.html", form=form, norm=current, lines=lines, refusal=refusal)


def _repeal_form(norm_id: int, form: RepealForm, refusal: Refusal | None = None) -> str:
    with read() as session:
        norm = get_norm(session, norm_id)
        lines = affected_lines(session, current_actor(), norm_id)
    return render_template("norms/repeal.html", form=form, norm=norm, lines=lines, refusal=refusal)


def _content(norm_id: int | None = None) -> dict[str, Any]:
    """What a repeated key must repeat."""
    kept = {
        name: texts for name, texts in request.form.lists() if name not in {"csrf_token", "idempotency_key"}
    }
    return {"norm": norm_id, "form": kept}
