"""One's own office: its people, the way its estimates are signed, and what the head has delegated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.actors import Actor, Capacity, Function
from finance.agencies.delegations import (
    NewDelegation,
    delegate_rights,
    lendable_acts,
    revoke_delegation,
    set_office_chain,
)
from finance.agencies.queries import (
    get_agency,
    has_section_step,
    list_delegations,
    list_persons_of,
)
from finance.errors import NotAllowed
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.form_fields import labelled_choices
from webapp.offices.forms import DelegationForm, RevokeForm
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session

blueprint = Blueprint("offices", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]


@dataclass
class Typed:
    """A form that stands again with what was typed, and for which office."""

    agency_id: int = 0
    delegation: DelegationForm | None = None
    revoking: RevokeForm | None = None
    revoked_id: int = 0
    refusal: Refusal | None = None
    forms: dict[int, DelegationForm] = field(default_factory=dict)


@blueprint.get("/co-quan-toi")
@requires(Action.VIEW_WORKLIST)
def own_page() -> Answer:
    """The offices one sits in: people, inner steps, delegations."""
    return _page(Typed())


@blueprint.post("/co-quan/<int:agency_id>/uy-quyen")
@requires(Action.DELEGATE_RIGHTS)
def delegate_here(agency_id: int) -> Answer:
    """Lend acts of one's own head's seat."""
    actor = current_actor()
    functions = _headed_functions(actor, agency_id)
    form = DelegationForm()
    with read() as session:
        _offer(session, form, actor, agency_id)
    typed = Typed(agency_id=agency_id, delegation=form)
    if not form.validate():
        return _page(typed), 422
    function = Function.of(form.function.data)
    known = {act.value: act for held in functions for act in lendable_acts(held)}
    new = NewDelegation(
        agency_id=agency_id,
        function=function,
        delegate_id=int(form.delegate_id.data),
        acts=frozenset(known[code] for code in form.acts.data or () if code in known),
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
        document_number=form.document_number.data,
        document_on=form.document_on.data,
    )

    def act(session: Session) -> None:
        delegate_rights(session, actor, new)

    typed.refusal = carry_out("delegate_rights", {"agency": agency_id, **typed_content(form)}, act)
    if typed.refusal:
        return _page(typed), typed.refusal.status
    flash(_("Đã ghi ủy quyền; người được ủy quyền thấy việc trên trang “Việc của tôi”."), "success")
    return redirect(url_for("offices.own_page"), code=303)


@blueprint.post("/co-quan/<int:agency_id>/thu-hoi-uy-quyen")
@requires(Action.REVOKE_DELEGATION)
def revoke_here(agency_id: int) -> Answer:
    """End a delegation before its day."""
    actor = current_actor()
    _headed_functions(actor, agency_id)
    form = RevokeForm()
    delegation_id = request.form.get("delegation_id", 0, type=int)
    typed = Typed(agency_id=agency_id, revoking=form, revoked_id=delegation_id)
    if not form.validate() or not delegation_id:
        return _page(typed), 422

    def act(session: Session) -> None:
        revoke_delegation(session, actor, delegation_id, reason=form.reason.data)

    content = {"agency": agency_id, "delegation": delegation_id, **typed_content(form)}
    typed.refusal = carry_out("revoke_delegation", content, act)
    if typed.refusal:
        return _page(typed), typed.refusal.status
    flash(_("Đã thu hồi ủy quyền."), "success")
    return redirect(url_for("offices.own_page"), code=303)


@blueprint.post("/co-quan/<int:agency_id>/buoc-duyet")
@requires(Action.SET_OFFICE_CHAIN)
def set_chain_here(agency_id: int) -> Answer:
    """Say whether estimates pass the head of a section first."""
    actor = current_actor()
    over_section = request.form.get("chain") == "section"

    def act(session: Session) -> None:
        set_office_chain(session, actor, agency_id, has_section_step=over_section)

    refusal = carry_out("set_office_chain", {"agency": agency_id, "over_section": over_section}, act)
    if refusal:
        return _page(Typed(agency_id=agency_id, refusal=refusal)), refusal.status
    flash(_("Đã đặt các bước duyệt nội bộ."), "success")
    return redirect(url_for("offices.own_page"), code=303)


def _headed_functions(actor: Actor, agency_id: int) -> tuple[Function, ...]:
    """The functions in which the person himself heads the office.

    Raises:
        NotAllowed: there is none.
    """
    found = _functions_of_head(actor, agency_id)
    if not found:
        raise NotAllowed(Action.DELEGATE_RIGHTS.label_vi)
    return found


def _functions_of_head(actor: Actor, agency_id: int) -> tuple[Function, ...]:
    held = (
        seat.function
        for seat in actor.seats
        if seat.agency_id == agency_id and seat.capacity is Capacity.HEAD and seat.loan is None
    )
    return tuple(function for function in dict.fromkeys(held) if lendable_acts(function))


def _page(typed: Typed) -> str:
    actor = current_actor()
    with read() as session:
        ids = dict.fromkeys(seat.agency_id for seat in actor.seats)
        offices = [_office(session, actor, agency_id, typed) for agency_id in ids]
    return render_template("offices/own.html", offices=offices, typed=typed)


def _office(session: Session, actor: Actor, agency_id: int, typed: Typed) -> dict[str, Any]:
    today = present_moment().business_on
    is_typed = typed.agency_id == agency_id
    functions = _functions_of_head(actor, agency_id)
    form = typed.delegation if is_typed and typed.delegation else _fresh_form(session, actor, agency_id)
    return {
        "id": agency_id,
        "name": get_agency(session, agency_id).name_vi,
        "persons": list_persons_of(session, agency_id, today),
        "over_section": has_section_step(session, agency_id),
        "delegations": list_delegations(session, agency_id, today),
        "is_head": bool(functions),
        "may_set_chain": Function.PREPARE in functions,
        "form": form,
        "revoking": typed.revoking if is_typed else None,
    }


def _fresh_form(session: Session, actor: Actor, agency_id: int) -> DelegationForm:
    today = present_moment().business_on
    form = DelegationForm(formdata=None, valid_from=today, document_on=today)
    _offer(session, form, actor, agency_id)
    return form


def _offer(session: Session, form: DelegationForm, actor: Actor, agency_id: int) -> None:
    functions = _functions_of_head(actor, agency_id)
    form.function.offer(labelled_choices(functions))
    members = list_persons_of(session, agency_id, present_moment().business_on)
    form.delegate_id.offer(
        [
            ("", _("Chọn người")),
            *(
                (str(row.id), f"{row.full_name}, {'; '.join(row.titles)}")
                for row in members
                if row.is_active and row.id != actor.person_id
            ),
        ]
    )
    acts = dict.fromkeys(act for function in functions for act in lendable_acts(function))
    form.acts.choices = labelled_choices(acts)
