"""Offices and the functions they hold by dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.actors import Function
from finance.agencies.operations import NewAgency, assign_function, end_function, register_agency
from finance.agencies.queries import (
    find_agency_by_code,
    get_agency,
    list_agencies,
    list_functions,
    list_persons_of,
)
from finance.agencies.rules import is_in_force
from finance.reports.audit_trail import latest_acts
from webapp.access import current_actor, requires
from webapp.administration.blueprint import blueprint
from webapp.administration.forms import AgencyForm, EndFunctionForm, FunctionForm
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

HISTORY_SHOWN = 8


@blueprint.get("/quan-tri")
@requires(Action.REGISTER_AGENCY)
def offices_page() -> Answer:
    """All offices in force with the functions they hold today."""
    today = present_moment().business_on
    with read() as session:
        rows = list_agencies(session, today)
        functions: dict[int, list[Function]] = {}
        for held in list_functions(session):
            if is_in_force(held.valid_from, held.valid_to, today):
                functions.setdefault(held.agency_id, []).append(held.function)
    return render_template("administration/offices.html", rows=rows, functions=functions)


@blueprint.get("/quan-tri/co-quan/<int:agency_id>")
@requires(Action.REGISTER_AGENCY)
def office_page(agency_id: int) -> Answer:
    """One office: its functions by dates, who sits in it, and the form for a new function."""
    return _office_page(agency_id, FunctionForm(valid_from=present_moment().business_on))


@blueprint.post("/quan-tri/co-quan/<int:agency_id>")
@requires(Action.ASSIGN_FUNCTION)
def assign_function_here(agency_id: int) -> Answer:
    """Give the office a function from a date on."""
    form = FunctionForm()
    if not form.validate():
        return _office_page(agency_id, form), 422

    def act(session: Session) -> None:
        assign_function(
            session,
            current_actor(),
            agency_id,
            function=Function.of(form.function.data),
            valid_from=form.valid_from.data,
            source=form.source.data,
        )

    refusal = carry_out("assign_function", {"agency": agency_id, **typed_content(form)}, act)
    if refusal:
        return _office_page(agency_id, form, refusal), refusal.status
    flash(_("Đã giao chức năng."), "success")
    return redirect(url_for("administration.office_page", agency_id=agency_id), code=303)


@blueprint.post("/quan-tri/co-quan/<int:agency_id>/thoi-chuc-nang")
@requires(Action.ASSIGN_FUNCTION)
def end_function_here(agency_id: int) -> Answer:
    """Take a function from the office after its last day."""
    form = EndFunctionForm()
    fresh = FunctionForm(formdata=None, valid_from=present_moment().business_on)
    if not form.validate():
        return _office_page(agency_id, fresh, ending=form), 422

    def act(session: Session) -> None:
        end_function(
            session,
            current_actor(),
            agency_id,
            function=Function.of(form.function.data),
            last_day=form.last_day.data,
            source=form.source.data,
        )

    refusal = carry_out("end_function", {"agency": agency_id, **typed_content(form)}, act)
    if refusal:
        return _office_page(agency_id, fresh, refusal, ending=form), refusal.status
    flash(_("Đã ghi ngày thôi chức năng."), "success")
    return redirect(url_for("administration.office_page", agency_id=agency_id), code=303)


@blueprint.get("/quan-tri/co-quan/dang-ky")
@requires(Action.REGISTER_AGENCY)
def register_page() -> Answer:
    """The form of a new office."""
    return render_template("administration/register.html", form=AgencyForm(), refusal=None)


@blueprint.post("/quan-tri/co-quan/dang-ky")
@requires(Action.REGISTER_AGENCY)
def register_agency_here() -> Answer:
    """Register an office and lead to it, where it gets its functions."""
    form = AgencyForm()
    if not form.validate():
        return render_template("administration/register.html", form=form, refusal=None), 422
    new = NewAgency(
        code=form.code.data,
        name_vi=form.name_vi.data,
        short_vi=form.short_vi.data,
        kind=form.kind.data,
        source=form.source.data,
        valid_from=form.valid_from.data,
        budget_code=form.budget_code.data or None,
    )
    refusal = carry_out(
        "register_agency", typed_content(form), lambda session: register_agency(session, current_actor(), new)
    )
    if refusal:
        page = render_template("administration/register.html", form=form, refusal=refusal)
        return page, refusal.status
    flash(_("Đã đăng ký “%(name)s”.", name=new.name_vi), "success")
    with read() as session:
        agency = find_agency_by_code(session, new.code)
        agency_id = agency.id if agency else None
    if agency_id is None:
        return redirect(url_for("administration.offices_page"), code=303)
    return redirect(url_for("administration.office_page", agency_id=agency_id), code=303)


def _office_page(
    agency_id: int,
    form: FunctionForm,
    refusal: Refusal | None = None,
    ending: EndFunctionForm | None = None,
) -> str:
    today = present_moment().business_on
    with read() as session:
        record = get_agency(session, agency_id)
        names = ("id", "code", "name_vi", "short_vi", "budget_code", "valid_from", "valid_to", "source")
        agency = {name: getattr(record, name) for name in names}
        functions = list_functions(session, agency_id)
        persons = list_persons_of(session, agency_id, today)
        history = latest_acts(session, "agency", agency_id, limit=HISTORY_SHOWN)
    return render_template(
        "administration/office.html",
        agency=agency,
        functions=[(row, is_in_force(row.valid_from, row.valid_to, today)) for row in functions],
        persons=persons,
        history=history,
        form=form,
        ending=ending or EndFunctionForm(formdata=None, last_day=today),
        refusal=refusal,
    )
