"""Judging one row at a time: opinions, cost lines, promised results; and accepting the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.actors import Function
from finance.reviews.operations import (
    accept_rest,
    accept_rest_outputs,
    appraise_line_as_seen,
    appraise_output_as_seen,
    give_opinion,
)
from webapp.access import current_actor, requires
from webapp.request_scope import is_partial_request, seen_version
from webapp.reviews.attempts import Hindrance, judge_once
from webapp.reviews.blueprint import blueprint
from webapp.reviews.sheets import load_sheet, render_sheet
from webapp.reviews.typed import TypedRow, read_line, read_opinion, read_promise

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

# Which sheet a function speaks on.
_SHEETS = {
    Function.CONTENT_APPRAISAL: ("reviews.content_page", "reviews/content.html"),
    Function.IT_OPINION: ("reviews.content_page", "reviews/content.html"),
    Function.ALLOCATION_CONSOLIDATION: ("reviews.pool_page", "reviews/pool.html"),
}


@blueprint.post("/tham-dinh/<int:estimate_id>/du-an/<int:project_id>/y-kien")
@requires(Action.GIVE_CONTENT_OPINION, Action.GIVE_IT_OPINION, Action.GIVE_POOL_OPINION)
def give_opinion_here(estimate_id: int, project_id: int) -> Answer:
    """Say what one function thinks of one project."""
    function = _function()
    endpoint, template = _SHEETS[function]
    typed, verdict = read_opinion(project_id, request.form)
    hindrance = None
    if verdict is not None:
        actor, seen, said = current_actor(), seen_version(), verdict

        def act(session: Session) -> None:
            give_opinion(
                session,
                actor,
                project_id,
                function=function,
                verdict=said,
                words=typed.values.get("words", ""),
                seen_edit=seen,
            )

        hindrance = judge_once("give_opinion", project_id, act)
    is_done = verdict is not None and hindrance is None
    if is_done and not is_partial_request():
        flash(_("Đã ghi ý kiến."), "success")
        return redirect(url_for(endpoint, estimate_id=estimate_id, _anchor=f"project-{project_id}"), code=303)
    sheet = load_sheet(estimate_id)
    one = sheet.project(project_id)
    shown = None if is_done else _hindered(typed, hindrance)
    status = 200 if is_done else _status(hindrance)
    if is_partial_request() and one is not None:
        return render_sheet("reviews/opinion_panel.html", sheet, shown, one=one, spoken=function), status
    return render_sheet(template, sheet, shown, spoken=function), status


@blueprint.post("/tham-dinh/<int:estimate_id>/dong-chi/<int:line_id>")
@requires(Action.APPRAISE_LINE)
def appraise_line_here(estimate_id: int, line_id: int) -> Answer:
    """Judge one cost line on every level that holds it."""
    typed, figures = read_line(line_id, request.form)
    hindrance = None
    if figures is not None:
        actor, seen, read = current_actor(), seen_version(), figures

        def act(session: Session) -> None:
            appraise_line_as_seen(session, actor, line_id, figures=read, seen_edit=seen)

        hindrance = judge_once("appraise_line", line_id, act)
    is_done = figures is not None and hindrance is None
    if is_done and not is_partial_request():
        flash(_("Đã ghi thẩm định dòng chi."), "success")
        address = url_for("reviews.lines_page", estimate_id=estimate_id, _anchor=f"line-{line_id}")
        return redirect(address, code=303)
    sheet = load_sheet(estimate_id)
    found = sheet.line(line_id)
    shown = None if is_done else _hindered(typed, hindrance)
    status = 200 if is_done else _status(hindrance)
    if is_partial_request() and found:
        page = render_sheet(
            "reviews/line_row.html", sheet, shown, one=found[0], judged=found[1], accepted=is_done
        )
        return page, status
    return render_sheet("reviews/lines.html", sheet, shown), status


@blueprint.post("/tham-dinh/<int:estimate_id>/ket-qua/<int:promise_id>")
@requires(Action.APPRAISE_OUTPUT)
def appraise_output_here(estimate_id: int, promise_id: int) -> Answer:
    """Judge one promised result."""
    asked = load_sheet(estimate_id).promise(promise_id)
    if asked is None:
        raise PageNotFound
    typed, figures = read_promise(asked[1], request.form)
    hindrance = None
    if figures is not None:
        actor, seen, read = current_actor(), seen_version(), figures

        def act(session: Session) -> None:
            appraise_output_as_seen(session, actor, promise_id, figures=read, seen_edit=seen)

        hindrance = judge_once("appraise_output", promise_id, act)
    is_done = figures is not None and hindrance is None
    if is_done and not is_partial_request():
        flash(_("Đã ghi thẩm định kết quả cam kết."), "success")
        address = url_for("reviews.outputs_page", estimate_id=estimate_id, _anchor=f"promise-{promise_id}")
        return redirect(address, code=303)
    sheet = load_sheet(estimate_id)
    found = sheet.promise(promise_id)
    shown = None if is_done else _hindered(typed, hindrance)
    status = 200 if is_done else _status(hindrance)
    if is_partial_request() and found:
        page = render_sheet(
            "reviews/promise_row.html", sheet, shown, one=found[0], judged=found[1], accepted=is_done
        )
        return page, status
    return render_sheet("reviews/outputs.html", sheet, shown), status


@blueprint.post("/tham-dinh/<int:estimate_id>/dong-chi/nhan-phan-con-lai")
@requires(Action.APPRAISE_LINE)
def accept_rest_here(estimate_id: int) -> Answer:
    """Judge every line not yet judged as asked."""
    actor, seen = current_actor(), seen_version()

    def act(session: Session) -> None:
        accept_rest(session, actor, estimate_id, seen_edit=seen)

    hindrance = judge_once("accept_rest", estimate_id, act)
    if hindrance is None:
        flash(_("Đã thẩm định các dòng còn lại đúng mức đề nghị."), "success")
        return redirect(url_for("reviews.lines_page", estimate_id=estimate_id), code=303)
    return render_sheet("reviews/lines.html", load_sheet(estimate_id), hindrance=hindrance), hindrance.status


@blueprint.post("/tham-dinh/<int:estimate_id>/ket-qua/nhan-phan-con-lai")
@requires(Action.APPRAISE_OUTPUT)
def accept_rest_outputs_here(estimate_id: int) -> Answer:
    """Accept every promised result not yet judged."""
    actor, seen = current_actor(), seen_version()

    def act(session: Session) -> None:
        accept_rest_outputs(session, actor, estimate_id, seen_edit=seen)

    hindrance = judge_once("accept_rest_outputs", estimate_id, act)
    if hindrance is None:
        flash(_("Đã chấp nhận các kết quả cam kết còn lại."), "success")
        return redirect(url_for("reviews.outputs_page", estimate_id=estimate_id), code=303)
    page = render_sheet("reviews/outputs.html", load_sheet(estimate_id), hindrance=hindrance)
    return page, hindrance.status


def _function() -> Function:
    """The duty the form speaks for; the operation asks whether the person holds it."""
    code = request.form.get("function", "")
    found = next((function for function in _SHEETS if function.value == code), None)
    if found is None:
        raise BadRequest("form without function")
    return found


def _hindered(typed: TypedRow, hindrance: Hindrance | None) -> TypedRow:
    if hindrance is not None:
        typed.hinder(hindrance)
    return typed


def _status(hindrance: Hindrance | None) -> int:
    return hindrance.status if hindrance else 422
