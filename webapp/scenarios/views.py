"""The list of scenarios, one scenario read aloud, making, copying and running it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.allocations.answers import signed_allocation
from finance.errors import NotFound
from finance.rounds.queries import RoundRow, current_round, get_round, list_rounds
from finance.scenarios.operations import copy_scenario, create_scenario
from finance.scenarios.queries import list_scenarios, scenario_settings
from finance.scenarios.question_overview import overview_of
from finance.scenarios.run_queries import list_round_runs, list_runs
from finance.scenarios.runs import request_run
from webapp.access import current_actor, requires
from webapp.form_answers import typed_content
from webapp.request_scope import read, seen_version
from webapp.scenarios import rule_views, run_views  # noqa: F401 (their routes belong here)
from webapp.scenarios.attempts import Attempt, try_once
from webapp.scenarios.blueprint import blueprint
from webapp.scenarios.forms import ScenarioForm

Answer = Response | str | tuple[str, int]


@blueprint.get("/phuong-an")
@requires(Action.VIEW_SCENARIOS)
def list_page() -> Answer:
    """Scenarios of a round (the open one unless named) and the finished runs to compare."""
    return _list_page(ScenarioForm())


@blueprint.post("/phuong-an")
@requires(Action.CREATE_SCENARIO)
def create_here() -> Answer:
    """Begin a scenario with equal weights and lead to it."""
    form = ScenarioForm()
    if not form.validate():
        return _list_page(form), 422
    round_id = _round().id
    attempt = try_once(
        "create_scenario",
        {"round": round_id, **typed_content(form)},
        lambda session: (
            create_scenario(
                session,
                current_actor(),
                round_id,
                name_vi=form.name_vi.data or "",
                purpose_vi=form.purpose_vi.data or "",
            ).id
        ),
    )
    if not attempt.is_done:
        return _list_page(form, attempt), attempt.status
    flash(_("Đã lập phương án; mọi kết quả có trọng số bằng nhau. Mời chỉnh rồi chạy."), "success")
    return redirect(url_for("scenarios.scenario_page", scenario_id=attempt.made_id), code=303)


@blueprint.get("/phuong-an/<int:scenario_id>")
@requires(Action.VIEW_SCENARIOS)
def scenario_page(scenario_id: int) -> Answer:
    """One scenario: its rules read aloud, what it would ask, its runs."""
    return _scenario_page(scenario_id)


@blueprint.post("/phuong-an/<int:scenario_id>/chep")
@requires(Action.CREATE_SCENARIO)
def copy_here(scenario_id: int) -> Answer:
    """Copy a scenario to change one thing and compare."""
    name_vi = request.form.get("name_vi", "")
    attempt = try_once(
        "copy_scenario",
        {"scenario": scenario_id, "name_vi": name_vi},
        lambda session: copy_scenario(session, current_actor(), scenario_id, name_vi=name_vi).id,
    )
    if not attempt.is_done:
        return _scenario_page(scenario_id, attempt), attempt.status
    flash(_("Đã chép phương án. Đổi một điều rồi chạy để so sánh."), "success")
    return redirect(url_for("scenarios.scenario_page", scenario_id=attempt.made_id), code=303)


@blueprint.post("/phuong-an/<int:scenario_id>/chay")
@requires(Action.REQUEST_RUN)
def request_run_here(scenario_id: int) -> Answer:
    """Ask for a run and lead to its progress."""
    seen = seen_version()
    attempt = try_once(
        "request_run",
        {"scenario": scenario_id, "seen": seen},
        lambda session: request_run(session, current_actor(), scenario_id, seen_edit=seen).id,
    )
    if not attempt.is_done:
        return _scenario_page(scenario_id, attempt), attempt.status
    return redirect(url_for("scenarios.run_page", run_id=attempt.made_id), code=303)


def _scenario_page(scenario_id: int, refusal: Attempt | None = None) -> str:
    actor = current_actor()
    with read() as session:
        settings = scenario_settings(session, actor, scenario_id)
        facts: dict[str, Any] = {
            "settings": settings,
            "scenario": settings.scenario,
            "overview": overview_of(session, actor, scenario_id),
            "runs": list_runs(session, actor, scenario_id),
            "budget_round": get_round(session, settings.scenario.round_id),
            "signed": signed_allocation(session, settings.scenario.round_id),
        }
    return render_template("scenarios/show.html", **facts, refusal=refusal)


def _list_page(form: ScenarioForm, refusal: Attempt | None = None) -> str:
    actor, row = current_actor(), _round()
    with read() as session:
        facts: dict[str, Any] = {
            "scenarios": list_scenarios(session, actor, row.id),
            "runs": list_round_runs(session, actor, row.id),
            "rounds": list_rounds(session),
        }
    return render_template("scenarios/list.html", **facts, budget_round=row, form=form, refusal=refusal)


def _round() -> RoundRow:
    """The round named in the address, else the open one."""
    round_id = request.args.get("round_id", type=int)
    with read() as session:
        row = get_round(session, round_id) if round_id else current_round(session)
    if row is None:
        raise NotFound(_("đợt lập dự toán"), "")
    return row
