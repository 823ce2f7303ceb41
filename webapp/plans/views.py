"""The plans of a year as far as the visitor may know of them, starting one, one in full, tables to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.actors import Function
from finance.agencies.hierarchy import consolidated_children
from finance.agencies.queries import AgencyRow, list_agencies
from finance.permissions import PERMISSIONS, Scope
from finance.plans.operations import start_plan
from finance.plans.plan_lookup import find_plan
from finance.plans.queries import list_plans, plan_board, plan_years
from finance.reports.plan_tables import reform_plan_table, reform_plans_table
from finance.reports.workbooks import write_workbook
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out
from webapp.plans import act_views, activity_views, comment_views, project_views  # noqa: F401 (their routes belong here)
from webapp.plans.blueprint import blueprint
from webapp.plans.plan_page import show_plan
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/ke-hoach")
@requires(Action.VIEW_PLAN)
def list_page() -> Answer:
    """The plans of a year: own ones, those of offices below, and the board of all for who reads all."""
    return _list_page(None)


@blueprint.post("/ke-hoach/lap")
@requires(Action.START_PLAN)
def start_plan_here() -> Answer:
    """Open a plan of an own office and lead to it."""
    actor = current_actor()
    agency_id = request.form.get("agency_id", 0, type=int)
    year = request.form.get("year", 0, type=int)
    from_last_year = request.form.get("from_last_year") == "yes"
    content = {"agency": agency_id, "year": year, "copy": from_last_year}

    def act(session: Session) -> None:
        start_plan(session, actor, agency_id=agency_id, year=year, from_last_year=from_last_year)

    refusal = carry_out("start_plan", content, act)
    if refusal:
        return _list_page(refusal), refusal.status
    flash(_("Đã mở kế hoạch năm %(year)s. Tiếp theo: thêm từng hoạt động.", year=year), "success")
    with read() as session:
        opened = find_plan(session, agency_id, year)
    return redirect(url_for("plans.plan_page", plan_id=opened.id if opened else 0), code=303)


@blueprint.get("/ke-hoach/<int:plan_id>")
@requires(Action.VIEW_PLAN)
def plan_page(plan_id: int) -> Answer:
    """One plan: activities, projects, comments, the way, history."""
    return show_plan(plan_id)


@blueprint.get("/ke-hoach/<int:plan_id>/ke-hoach.xlsx")
@requires(Action.VIEW_PLAN)
def plan_workbook(plan_id: int) -> Answer:
    """The version on the page as a workbook."""
    with read() as session:
        table = reform_plan_table(session, current_actor(), plan_id, request.args.get("lan", type=int))
    return _file(write_workbook(table), f"ke-hoach-{plan_id}.xlsx")


@blueprint.get("/ke-hoach/tong-hop/<int:year>/ke-hoach.xlsx")
@requires(Action.VIEW_PLAN)
def year_workbook(year: int) -> Answer:
    """Every plan of the year that the visitor may read, in one table."""
    with read() as session:
        table = reform_plans_table(session, current_actor(), year)
    return _file(write_workbook(table), f"tong-hop-ke-hoach-{year}.xlsx")


def _list_page(refusal: Refusal | None) -> str:
    actor, on = current_actor(), present_moment().business_on
    year = request.values.get("nam", type=int) or request.form.get("year", type=int) or on.year
    with read() as session:
        rows = list_plans(session, actor, year)
        board = plan_board(session, actor, year) if _reads_all() else []
        years = sorted({*plan_years(session), on.year, on.year + 1, year}, reverse=True)
        missing = _offices_without_plan(session, year)
        waiting = _below_without_plan(session, {row.agency_id for row in rows})
    return render_template(
        "plans/list.html",
        year=year,
        this_year=on.year,
        years=years,
        own=[row for row in rows if row.is_own],
        below=[row for row in rows if row.is_below and not row.is_own],
        waiting=waiting,
        board=board,
        missing=missing,
        refusal=refusal,
    )


def _reads_all() -> bool:
    """True for a seat that reads every office's plan."""
    functions = {grant.function for grant in PERMISSIONS[Action.VIEW_PLAN] if grant.scope is Scope.ANY}
    return any(seat.function in functions for seat in current_actor().seats)


def _offices_without_plan(session: Session, year: int) -> list[tuple[AgencyRow, bool]]:
    """Own offices without a plan of the year, each with whether there is one of last year to copy."""
    own = current_actor().agencies_of([Function.PREPARE])
    return [
        (office, find_plan(session, office.id, year - 1) is not None)
        for office in list_agencies(session, present_moment().business_on)
        if office.id in own and find_plan(session, office.id, year) is None
    ]


def _below_without_plan(session: Session, known: set[int]) -> list[AgencyRow]:
    """Offices below one's own that have not sent a plan yet."""
    on = present_moment().business_on
    own = current_actor().agencies_of([Function.PREPARE])
    children = [child for office_id in sorted(own) for child in consolidated_children(session, office_id, on)]
    return [child for child in children if child.id not in known]


def _file(content: bytes, name: str) -> FlaskResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return FlaskResponse(content, mimetype=WORKBOOK_TYPE, headers=headers)
