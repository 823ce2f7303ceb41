"""Persons, the seats they hold by dates, and locked accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.actors import Capacity, Function
from finance.agencies.operations import (
    NewPosition,
    add_person,
    deactivate_person,
    end_position,
    get_person,
    grant_position,
    reactivate_person,
)
from finance.agencies.queries import list_agencies, list_persons, positions_of
from finance.agencies.rules import is_in_force
from finance.reports.audit_trail import latest_acts
from finance.vietnamese.normal import nfc
from webapp.access import current_actor, requires
from webapp.administration.blueprint import blueprint
from webapp.administration.forms import EndPositionForm, LockForm, PersonForm, PositionForm
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

HISTORY_SHOWN = 10


@dataclass
class PersonForms:
    """The three forms of one person's page; one of them may carry what was typed."""

    position: PositionForm = field(default_factory=lambda: PositionForm(formdata=None))
    end: EndPositionForm = field(default_factory=lambda: EndPositionForm(formdata=None))
    lock: LockForm = field(default_factory=lambda: LockForm(formdata=None))
    ending_id: int | None = None


@blueprint.get("/quan-tri/nguoi-dung")
@requires(Action.ADD_PERSON)
def persons_page() -> Answer:
    """Everybody who can sign in, with the titles held today."""
    with read() as session:
        rows = list_persons(session, present_moment().business_on)
    return render_template("administration/persons.html", rows=rows)


@blueprint.get("/quan-tri/nguoi-dung/them")
@requires(Action.ADD_PERSON)
def add_person_page() -> Answer:
    """The form of a new person."""
    return render_template("administration/add_person.html", form=PersonForm(), refusal=None)


@blueprint.post("/quan-tri/nguoi-dung/them")
@requires(Action.ADD_PERSON)
def add_person_here() -> Answer:
    """Add a person and lead to his page, where he gets a seat."""
    form = PersonForm()
    if not form.validate():
        return render_template("administration/add_person.html", form=form, refusal=None), 422

    def act(session: Session) -> None:
        add_person(
            session,
            current_actor(),
            login=form.login.data,
            full_name=form.full_name.data,
            password=form.password.data,
        )

    refusal = carry_out("add_person", typed_content(form), act)
    if refusal:
        return render_template("administration/add_person.html", form=form, refusal=refusal), refusal.status
    flash(_("Đã thêm %(name)s. Tiếp theo: giao vị trí công tác.", name=form.full_name.data), "success")
    login = nfc(form.login.data).lower()
    with read() as session:
        rows = list_persons(session, present_moment().business_on)
    person = next(row for row in rows if row.login == login)
    return redirect(url_for("administration.person_page", person_id=person.id), code=303)


@blueprint.get("/quan-tri/nguoi-dung/<int:person_id>")
@requires(Action.ADD_PERSON)
def person_page(person_id: int) -> Answer:
    """One person: the seats by dates, and the forms to give, end and lock."""
    return _person_page(person_id, PersonForms())


@blueprint.post("/quan-tri/nguoi-dung/<int:person_id>/vi-tri")
@requires(Action.GRANT_POSITION)
def grant_position_here(person_id: int) -> Answer:
    """Give the person a seat."""
    form = PositionForm()
    with read() as session:
        _offer_offices(session, form)
    if not form.validate():
        return _person_page(person_id, PersonForms(position=form)), 422
    position = NewPosition(
        agency_id=int(form.agency_id.data),
        function=Function.of(form.function.data),
        capacity=Capacity.of(form.capacity.data),
        title_vi=form.title_vi.data,
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
    )

    def act(session: Session) -> None:
        grant_position(session, current_actor(), person_id, position=position)

    forms = PersonForms(position=form)
    return _answer(person_id, form, forms, "grant_position", act, _("Đã giao vị trí công tác."))


@blueprint.post("/quan-tri/nguoi-dung/<int:person_id>/vi-tri/<int:position_id>/thoi")
@requires(Action.END_POSITION)
def end_position_here(person_id: int, position_id: int) -> Answer:
    """End a seat with its last day; it stays in the list for ever."""
    form = EndPositionForm()
    forms = PersonForms(end=form, ending_id=position_id)
    if not form.validate():
        return _person_page(person_id, forms), 422

    def act(session: Session) -> None:
        end_position(session, current_actor(), position_id, last_day=form.last_day.data)

    said = _("Đã ghi ngày thôi vị trí.")
    return _answer(person_id, form, forms, f"end_position {position_id}", act, said)


@blueprint.post("/quan-tri/nguoi-dung/<int:person_id>/khoa")
@requires(Action.DEACTIVATE_PERSON)
def lock_here(person_id: int) -> Answer:
    """Lock the account; its open sessions end at once."""
    form = LockForm()
    if not form.validate():
        return _person_page(person_id, PersonForms(lock=form)), 422

    def act(session: Session) -> None:
        deactivate_person(session, current_actor(), person_id, reason=form.reason.data)

    forms = PersonForms(lock=form)
    return _answer(person_id, form, forms, "deactivate_person", act, _("Đã khóa tài khoản."))


@blueprint.post("/quan-tri/nguoi-dung/<int:person_id>/mo-khoa")
@requires(Action.REACTIVATE_PERSON)
def unlock_here(person_id: int) -> Answer:
    """Open a locked account again."""
    form = LockForm()
    if not form.validate():
        return _person_page(person_id, PersonForms(lock=form)), 422

    def act(session: Session) -> None:
        reactivate_person(session, current_actor(), person_id, reason=form.reason.data)

    forms = PersonForms(lock=form)
    return _answer(person_id, form, forms, "reactivate_person", act, _("Đã mở khóa tài khoản."))


def _answer(
    person_id: int,
    form: FlaskForm,
    forms: PersonForms,
    operation: str,
    act: Callable[[Session], None],
    said: str,
) -> Answer:
    refusal = carry_out(operation, {"person": person_id, **typed_content(form)}, act)
    if refusal:
        return _person_page(person_id, forms, refusal), refusal.status
    flash(said, "success")
    return redirect(url_for("administration.person_page", person_id=person_id), code=303)


def _person_page(person_id: int, forms: PersonForms, refusal: Refusal | None = None) -> str:
    today = present_moment().business_on
    with read() as session:
        record = get_person(session, person_id)
        person = {name: getattr(record, name) for name in ("id", "login", "full_name", "is_active")}
        positions = positions_of(session, person_id)
        history = latest_acts(session, "person", person_id, limit=HISTORY_SHOWN)
        _offer_offices(session, forms.position)
    if forms.position.valid_from.data is None and not forms.position.valid_from.typed:
        forms.position.valid_from.data = today
    if forms.end.last_day.data is None and not forms.end.last_day.typed:
        forms.end.last_day.data = today
    return render_template(
        "administration/person.html",
        person=person,
        positions=[(row, is_in_force(row.valid_from, row.valid_to, today)) for row in positions],
        history=history,
        forms=forms,
        refusal=refusal,
        is_self=person_id == current_actor().person_id,
    )


def _offer_offices(session: Session, form: PositionForm) -> None:
    offices = list_agencies(session, present_moment().business_on)
    form.agency_id.offer([("", _("Chọn cơ quan")), *((str(row.id), row.name_vi) for row in offices)])
