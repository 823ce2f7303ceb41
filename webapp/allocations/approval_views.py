"""One page for leaders: what the money buys, largest changes, hardest refusals; approve or return."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.allocations.operations import approve_allocation, return_allocation
from finance.allocations.queries import (
    decision_by_id,
    decision_money,
    hardest_refusals,
    judgement_of_decision,
    largest_changes,
    list_awards,
    results_of_decision,
)
from finance.rounds.queries import get_round
from finance.scenarios.run_queries import run_row
from webapp.access import current_actor, requires
from webapp.allocations.blueprint import blueprint
from webapp.allocations.forms import ApprovalForm, ReturnForm
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.request_scope import present_moment, read, seen_version

Answer = Response | str | tuple[str, int]


@blueprint.get("/phan-bo/quyet-dinh/<int:decision_id>/phe-duyet")
@requires(Action.APPROVE_ALLOCATION)
def approval_page(decision_id: int) -> Answer:
    """Everything the approver needs on one page."""
    return _page(decision_id, ApprovalForm(signed_on=present_moment().business_on), ReturnForm())


@blueprint.post("/phan-bo/quyet-dinh/<int:decision_id>/phe-duyet")
@requires(Action.APPROVE_ALLOCATION)
def approve_here(decision_id: int) -> Answer:
    """Approve with number and date."""
    form = ApprovalForm()
    if not form.validate():
        return _page(decision_id, form, ReturnForm(formdata=None)), 422
    seen = seen_version()
    refusal = carry_out(
        "approve_allocation",
        {"decision": decision_id, "seen": seen, **typed_content(form)},
        lambda session: approve_allocation(
            session,
            current_actor(),
            decision_id,
            number=form.number.data or "",
            signed_on=form.signed_on.data,
            seen_edit=seen,
        ),
    )
    if refusal:
        return _page(decision_id, form, ReturnForm(formdata=None), refusal), refusal.status
    flash(_("Đã phê duyệt; các đơn vị đọc được trả lời."), "success")
    return redirect(url_for("allocations.decision_page", decision_id=decision_id), code=303)


@blueprint.post("/phan-bo/quyet-dinh/<int:decision_id>/tra-lai")
@requires(Action.RETURN_ALLOCATION)
def return_here(decision_id: int) -> Answer:
    """Give the decision back with a reason."""
    form = ReturnForm()
    if not form.validate():
        return _page(decision_id, _fresh_approval(), form), 422
    seen = seen_version()
    refusal = carry_out(
        "return_allocation",
        {"decision": decision_id, "seen": seen, **typed_content(form)},
        lambda session: return_allocation(
            session, current_actor(), decision_id, reason=form.reason.data or "", seen_edit=seen
        ),
    )
    if refusal:
        return _page(decision_id, _fresh_approval(), form, refusal), refusal.status
    flash(_("Đã trả lại để hoàn chỉnh."), "success")
    return redirect(url_for("allocations.decision_page", decision_id=decision_id), code=303)


def _fresh_approval() -> ApprovalForm:
    """The other form of the page, untouched by what was sent."""
    return ApprovalForm(formdata=None, signed_on=present_moment().business_on)


def _page(
    decision_id: int, approval: ApprovalForm, returning: ReturnForm, refusal: Refusal | None = None
) -> str:
    actor = current_actor()
    with read() as session:
        decision = decision_by_id(session, actor, decision_id)
        awards = list_awards(session, actor, decision_id)
        facts: dict[str, Any] = {
            "decision": decision,
            "budget_round": get_round(session, decision.round_id),
            "run": run_row(session, actor, decision.run_id),
            "awards": awards,
            "changes": largest_changes(awards),
            "refusals": hardest_refusals(awards),
            "money": decision_money(session, actor, decision_id),
            "results": results_of_decision(session, actor, decision_id),
            "judgement": judgement_of_decision(session, actor, decision_id),
        }
    return render_template(
        "allocations/approval.html", **facts, approval=approval, returning=returning, refusal=refusal
    )
