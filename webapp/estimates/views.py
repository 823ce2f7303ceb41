"""The estimates a visitor may see, starting one, one at a glance, one in full for paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.actors import Function
from finance.agencies.queries import AgencyRow, list_agencies
from finance.errors import NotFound
from finance.estimates.handing_up.lower_deadlines import lower_deadlines
from finance.estimates.handing_up.queries import list_handovers
from finance.estimates.operations import start_estimate
from finance.estimates.parts.joining import own_rows
from finance.estimates.parts.money import visible_part_charges
from finance.estimates.queries import (
    check_context,
    current_version,
    estimate_row,
    find_estimate,
    get_version,
    list_estimates,
    version_projects,
)
from finance.estimates.totals import estimate_total
from finance.estimates.workflow import EstimateKind
from finance.permissions import may
from finance.rounds.queries import (
    RoundRow,
    current_round,
    get_round,
    list_rounds,
    open_practice_rounds,
)
from webapp.access import current_actor, requires
from webapp.estimates import (  # noqa: F401 (their routes belong here)
    act_views,
    copy_views,
    lower_deadline_views,
    lower_views,
    missing_views,
    part_views,
    project_views,
    split_views,
    workbook_views,
)
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.desk import may_edit, money_table
from webapp.estimates.estimate_page import show_estimate
from webapp.estimates.partner_money import partner_money
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


@blueprint.get("/du-toan")
@requires(Action.VIEW_ESTIMATE)
def list_page() -> Answer:
    """The estimates of a round: own ones, and those of others that were sent."""
    actor = current_actor()
    wanted = request.args.get("dot", type=int)
    with read() as session:
        rounds = [*list_rounds(session), *open_practice_rounds(session)]
        chosen = get_round(session, wanted) if wanted else current_round(session) or next(iter(rounds), None)
        rows = list_estimates(session, actor, chosen.id) if chosen else []
        missing = _offices_without_estimate(session, chosen) if chosen else []
        lower = list_handovers(session, actor, chosen.id) if chosen else []
        below = lower_deadlines(session, actor, chosen.id) if chosen else []
    return render_template(
        "estimates/list.html",
        rounds=rounds,
        chosen=chosen,
        rows=rows,
        missing=missing,
        lower=lower,
        below=below,
        actor=actor,
    )


@blueprint.post("/du-toan/lap")
@requires(Action.START_ESTIMATE)
def start_estimate_here() -> Answer:
    """Open the yearly estimate of an own office and lead to it."""
    actor = current_actor()
    round_id = request.form.get("round_id", 0, type=int)
    agency_id = request.form.get("agency_id", 0, type=int)
    done = attempt(
        "start_estimate",
        0,
        lambda session: start_estimate(
            session, actor, round_id=round_id, agency_id=agency_id, kind=EstimateKind.ANNUAL
        ),
    )
    if isinstance(done, Refused):
        flash(done.sentence, "error")
        return redirect(url_for("estimates.list_page", dot=round_id), code=303)
    flash(_("Đã mở dự toán. Tiếp theo: thêm dự án đầu tiên, hoặc tải mẫu Excel về điền."), "success")
    return redirect(url_for("estimates.estimate_page", estimate_id=done), code=303)


@blueprint.get("/du-toan/<int:estimate_id>")
@requires(Action.VIEW_ESTIMATE)
def estimate_page(estimate_id: int) -> Answer:
    """One estimate at a glance: money, what is missing, projects, the way, history."""
    return show_estimate(estimate_id)


@blueprint.get("/du-toan/<int:estimate_id>/ban-day-du")
@requires(Action.VIEW_ESTIMATE)
def full_page(estimate_id: int) -> Answer:
    """Every line of one version, for reading and for paper."""
    actor = current_actor()
    number = request.args.get("lan", type=int)
    with read() as session:
        row = estimate_row(session, actor, estimate_id)
        version = (
            get_version(session, estimate_id, number) if number else current_version(session, estimate_id)
        )
        projects = version_projects(session, version.id)
        own = own_rows(session, version.id, projects)
        context = check_context(session, row.round_id, row.agency_id)
        in_parts = visible_part_charges(session, actor, row.round_id, row.agency_id, context.fiscal_year)
        partners = partner_money(session, row.round_id, version.id, projects, context)
    if not version.sent_at and not _may_see_unsent(row.agency_id):
        raise NotFound("dự toán", estimate_id)
    return render_template(
        "estimates/full.html",
        estimate=row,
        version=version,
        projects=projects,
        context=context,
        money=money_table(own, context, in_parts),
        partners=partners,
        total=estimate_total(projects),
        is_editable=may_edit(actor, row),
    )


def _may_see_unsent(agency_id: int) -> bool:
    """Only the office itself reads a version it has not sent."""
    return agency_id in current_actor().agencies_of([Function.PREPARE])


def _offices_without_estimate(session: Session, chosen: RoundRow) -> list[AgencyRow]:
    """Own offices that have not started their estimate in an open round."""
    if not chosen.is_open:
        return []
    actor = current_actor()
    return [
        office
        for office in list_agencies(session, present_moment().business_on)
        if office.id in actor.agencies_of([Function.PREPARE])
        and may(actor, Action.START_ESTIMATE, office.id)
        and find_estimate(session, chosen.id, office.id, EstimateKind.ANNUAL) is None
    ]
