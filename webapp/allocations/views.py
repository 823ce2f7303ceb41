"""The decision of a round: adopting a run, changing an award, submitting."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.allocations.answers import list_answers
from finance.allocations.effects import effect_of_change
from finance.allocations.operations import adjust_award, adopt_run, submit_allocation
from finance.allocations.queries import (
    AwardRow,
    DecisionRow,
    decision_by_id,
    decision_money,
    decision_row,
    judgement_of_decision,
    list_awards,
    results_of_decision,
)
from finance.allocations.rules import DecisionStatus
from finance.errors import NotFound
from finance.permissions import may
from finance.rounds.queries import RoundRow, current_round, get_round
from finance.scenarios.run_queries import run_row
from webapp.access import current_actor, requires
from webapp.allocations import answer_views, approval_views  # noqa: F401 (their routes belong here)
from webapp.allocations.blueprint import blueprint
from webapp.allocations.forms import NOTHING, AwardForm
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.request_scope import read, seen_version

Answer = Response | str | tuple[str, int]


@blueprint.get("/phan-bo")
@requires(Action.VIEW_ANSWER, Action.VIEW_ALLOCATION)
def index_page() -> Answer:
    """The round's decision and the answers the visitor may read."""
    actor = current_actor()
    round_id = request.args.get("round_id", type=int)
    with read() as session:
        row = _round(get_round(session, round_id) if round_id else current_round(session))
        decision = decision_row(session, actor, row.id) if may(actor, Action.VIEW_ALLOCATION) else None
        answers = list_answers(session, actor, row.id)
    return render_template("allocations/index.html", budget_round=row, decision=decision, answers=answers)


@blueprint.post("/phan-bo/chon/<int:run_id>")
@requires(Action.ADOPT_SCENARIO)
def adopt_here(run_id: int) -> Answer:
    """Take a run's plan over as the draft decision."""
    seen = seen_version()
    refusal = carry_out(
        "adopt_run",
        {"run": run_id, "seen": seen},
        lambda session: adopt_run(session, current_actor(), run_id, seen_edit=seen or None),
    )
    if refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for("scenarios.run_page", run_id=run_id), code=303)
    with read() as session:
        round_id = run_row(session, current_actor(), run_id).round_id
        decision = decision_row(session, current_actor(), round_id)
    flash(_("Đã chọn phương án làm dự thảo quyết định."), "success")
    decision_id = decision.id if decision else 0
    return redirect(url_for("allocations.decision_page", decision_id=decision_id), code=303)


@blueprint.get("/phan-bo/quyet-dinh/<int:decision_id>")
@requires(Action.VIEW_ALLOCATION)
def decision_page(decision_id: int) -> Answer:
    """The whole decision: awards, departures, money."""
    return _decision_page(decision_id)


@blueprint.post("/phan-bo/quyet-dinh/<int:decision_id>/trinh")
@requires(Action.SUBMIT_ALLOCATION)
def submit_here(decision_id: int) -> Answer:
    """Put the decision before the authority."""
    seen = seen_version()
    refusal = carry_out(
        "submit_allocation",
        {"decision": decision_id, "seen": seen},
        lambda session: submit_allocation(session, current_actor(), decision_id, seen_edit=seen),
    )
    if refusal:
        return _decision_page(decision_id, refusal), refusal.status
    flash(_("Đã trình phê duyệt."), "success")
    return redirect(url_for("allocations.decision_page", decision_id=decision_id), code=303)


@blueprint.get("/phan-bo/quyet-dinh/<int:decision_id>/muc/<int:award_id>")
@requires(Action.ADJUST_AWARD)
def award_page(decision_id: int, award_id: int) -> Answer:
    """One award with its levels and what a change would do."""
    award, decision = _award(decision_id, award_id)
    form = AwardForm(level=str(award.level_id or NOTHING)).offer(award)
    return _award_page(award, decision, form)


@blueprint.get("/phan-bo/quyet-dinh/<int:decision_id>/muc/<int:award_id>/tac-dong")
@requires(Action.ADJUST_AWARD)
def effect_part(decision_id: int, award_id: int) -> Answer:
    """What the chosen level would do, before it is saved."""
    award, _decision = _award(decision_id, award_id)
    level_id = request.args.get("level", type=int) or None
    return render_template("allocations/_effect.html", **_effect(award, level_id))


@blueprint.post("/phan-bo/quyet-dinh/<int:decision_id>/muc/<int:award_id>")
@requires(Action.ADJUST_AWARD)
def adjust_here(decision_id: int, award_id: int) -> Answer:
    """Give the project another level or nothing, with a reason."""
    award, decision = _award(decision_id, award_id)
    form = AwardForm().offer(award)
    if not form.validate():
        return _award_page(award, decision, form), 422
    seen = seen_version()
    refusal = carry_out(
        "adjust_award",
        {"award": award_id, "seen": seen, **typed_content(form)},
        lambda session: adjust_award(
            session,
            current_actor(),
            award_id,
            level_id=form.level_id,
            reason=form.reason.data or "",
            seen_edit=seen,
        ),
    )
    if refusal:
        return _award_page(*_award(decision_id, award_id), form, refusal), refusal.status
    flash(_("Đã điều chỉnh “%(name)s”.", name=award.name_vi), "success")
    return redirect(url_for("allocations.decision_page", decision_id=decision_id), code=303)


def _decision_page(decision_id: int, refusal: Refusal | None = None) -> str:
    actor = current_actor()
    with read() as session:
        decision = decision_by_id(session, actor, decision_id)
        facts: dict[str, Any] = {
            "decision": decision,
            "budget_round": get_round(session, decision.round_id),
            "run": run_row(session, actor, decision.run_id),
            "awards": list_awards(session, actor, decision_id),
            "money": decision_money(session, actor, decision_id),
            "results": results_of_decision(session, actor, decision_id),
            "judgement": judgement_of_decision(session, actor, decision_id),
        }
    return render_template(
        "allocations/decision.html", **facts, statuses=list(DecisionStatus), refusal=refusal
    )


def _award(decision_id: int, award_id: int) -> tuple[AwardRow, DecisionRow]:
    with read() as session:
        decision = decision_by_id(session, current_actor(), decision_id)
        awards = list_awards(session, current_actor(), decision_id)
    award = next((one for one in awards if one.id == award_id), None)
    if award is None:
        raise NotFound(_("mức phân bổ"), award_id)
    return award, decision


def _award_page(
    award: AwardRow, decision: DecisionRow, form: AwardForm, refusal: Refusal | None = None
) -> str:
    level_id = int(form.level.data) if (form.level.data or "").isdigit() else 0
    known = {choice.level_id for choice in award.choices}
    return render_template(
        "allocations/award.html",
        decision=decision,
        form=form,
        options=_options(award),
        refusal=refusal,
        **_effect(award, level_id if level_id in known else None),
    )


def _options(award: AwardRow) -> list[tuple[str, str, int]]:
    """Value, label and cost of what may be given."""
    levels = [(str(choice.level_id), choice.label_vi, choice.cost_vnd) for choice in award.choices]
    return [(NOTHING, _("Không bố trí"), 0), *levels]


def _effect(award: AwardRow, level_id: int | None) -> dict[str, Any]:
    with read() as session:
        effect = effect_of_change(session, current_actor(), award.id, level_id=level_id)
    return {"award": award, "effect": effect}


def _round(row: RoundRow | None) -> RoundRow:
    if row is None:
        raise NotFound(_("đợt lập dự toán"), "")
    return row
