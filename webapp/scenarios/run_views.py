"""A run: its progress, its result, why each project is in or out, and two runs side by side."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.allocations.queries import decision_row
from finance.errors import NotFound, RuleBroken
from finance.permissions import may
from finance.rounds.queries import get_round
from finance.scenarios.frozen_question import Standing
from finance.scenarios.rules import SEARCH_STAGES_VI
from finance.scenarios.run_queries import (
    RunRow,
    awards_of_run,
    compare_runs,
    is_current,
    list_round_runs,
    run_row,
)
from finance.scenarios.run_results import money_of_run, ranking_of_run, results_of_run
from finance.scenarios.runs import cancel_run
from webapp.access import current_actor, requires
from webapp.form_answers import carry_out
from webapp.request_scope import is_partial_request, present_moment, read
from webapp.scenarios.blueprint import blueprint

Answer = Response | str | tuple[str, int]


@blueprint.get("/phuong-an/luot-chay/<int:run_id>")
@requires(Action.VIEW_SCENARIOS)
def run_page(run_id: int) -> Answer:
    """How far the run is, or what it found."""
    actor = current_actor()
    with read() as session:
        run = run_row(session, actor, run_id)
        if not run.is_over:
            return render_template("scenarios/running.html", run=run, progress=_progress(run))
        decision = decision_row(session, actor, run.round_id) if may(actor, Action.VIEW_ALLOCATION) else None
        facts: dict[str, Any] = {
            "budget_round": get_round(session, run.round_id),
            "awards": awards_of_run(session, actor, run_id),
            "results": results_of_run(session, actor, run_id),
            "money": money_of_run(session, actor, run_id),
            "ranking": ranking_of_run(session, actor, run_id),
            "others": [one for one in list_round_runs(session, actor, run.round_id) if one.id != run_id],
            "is_current": is_current(session, actor, run_id) if run.has_plan else True,
        }
    return render_template("scenarios/result.html", run=run, decision=decision, standing=Standing, **facts)


@blueprint.get("/phuong-an/luot-chay/<int:run_id>/tien-do")
@requires(Action.VIEW_SCENARIOS)
def progress_part(run_id: int) -> Answer:
    """The progress block alone; when the run is over the whole page is asked for again."""
    with read() as session:
        run = run_row(session, current_actor(), run_id)
    if not is_partial_request():
        return redirect(url_for("scenarios.run_page", run_id=run_id), code=303)
    if run.is_over:
        answer = make_response("")
        answer.headers["HX-Refresh"] = "true"
        return answer
    return render_template("scenarios/_progress.html", run=run, progress=_progress(run))


@blueprint.post("/phuong-an/luot-chay/<int:run_id>/dung")
@requires(Action.CANCEL_RUN)
def cancel_run_here(run_id: int) -> Answer:
    """Stop the run; the best plan found so far is kept."""
    refusal = carry_out(
        "cancel_run", {"run": run_id}, lambda session: cancel_run(session, current_actor(), run_id)
    )
    if refusal:
        flash(refusal.sentence, "warning")
    else:
        flash(_("Đã yêu cầu dừng; phương án tốt nhất đã tìm được sẽ được giữ lại."), "info")
    return redirect(url_for("scenarios.run_page", run_id=run_id), code=303)


@blueprint.get("/phuong-an/luot-chay/<int:run_id>/du-an/<int:project_id>")
@requires(Action.VIEW_SCENARIOS)
def why_page(run_id: int, project_id: int) -> Answer:
    """Why one project is in or out."""
    actor = current_actor()
    with read() as session:
        run = run_row(session, actor, run_id)
        awards = awards_of_run(session, actor, run_id)
    award = next((one for one in awards if one.project_id == project_id), None)
    if award is None:
        raise NotFound(_("dự án trong lượt chạy"), project_id)
    return render_template("scenarios/why.html", run=run, award=award, standing=Standing)


@blueprint.get("/phuong-an/so-sanh")
@requires(Action.VIEW_SCENARIOS)
def compare_page() -> Answer:
    """Two runs side by side, what differs first."""
    first, second = request.args.get("first", type=int), request.args.get("second", type=int)
    if first is None or second is None:
        raise RuleBroken(_("Mời chọn hai lượt chạy để so sánh."))
    actor = current_actor()
    with read() as session:
        runs = [run_row(session, actor, one) for one in (first, second)]
        facts: dict[str, Any] = {
            "changes": compare_runs(session, actor, first, second),
            "results": _paired_results(
                results_of_run(session, actor, first), results_of_run(session, actor, second)
            ),
            "choices": list_round_runs(session, actor, runs[0].round_id),
        }
    return render_template("scenarios/compare.html", runs=runs, **facts)


def _paired_results(left: list[Any], right: list[Any]) -> list[tuple[Any, Any]]:
    """Results of two runs by code, in the order of the first."""
    by_code = {row.code: row for row in right}
    return [(row, by_code.get(row.code)) for row in left]


def _progress(run: RunRow) -> dict[str, Any]:
    """What the progress block says."""
    told = run.job.progress
    started = run.job.started_at or run.job.requested_at
    elapsed = max(0, int((present_moment().recorded_at - started).total_seconds()))
    before = _("đang chờ tiến trình tính toán") if run.is_waiting else _("bắt đầu tính")
    stage = SEARCH_STAGES_VI.get(str(told.get("stage", "")), before)
    done, wanted = told.get("done"), told.get("wanted")
    best, bound = told.get("best_thousandths"), told.get("bound_thousandths")
    return {
        "stage": stage,
        "elapsed_label": _("Đã chờ") if run.is_waiting else _("Đã chạy"),
        "elapsed": _("%(minutes)s phút %(seconds)s giây", minutes=elapsed // 60, seconds=elapsed % 60),
        "percent": done * 100 // wanted if done and wanted else None,
        "explained": f"{done}/{wanted}" if wanted else None,
        "best": best,
        "gap": bound - best if best is not None and bound is not None else None,
    }
