"""Sign-in, sign-out, one's own account and password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.agencies.queries import get_agency
from finance.agencies.rules import MIN_PASSWORD_LENGTH
from finance.agencies.sign_ins import change_password, note_failed_sign_in, sign_in, sign_out
from finance.errors import RuleBroken, SignInRefused
from webapp.access import (
    admit,
    current_actor,
    current_visitor,
    dismiss,
    find_visitor,
    public_route,
    requires,
    safe_address,
    signed_in_route,
)
from webapp.accounts.forms import PasswordForm, SignInForm
from webapp.request_scope import present_moment, read, write

blueprint = Blueprint("accounts", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]


@blueprint.get("/dang-nhap")
@public_route("nobody is signed in before signing in")
def sign_in_page() -> Answer:
    """The sign-in page; a person already signed in is led on."""
    wanted = safe_address(request.args.get("next"))
    if current_visitor() is not None:
        return redirect(wanted or "/", code=303)
    return render_template("accounts/sign_in.html", form=SignInForm(next=wanted or ""), refusal="")


@blueprint.post("/dang-nhap")
@public_route("nobody is signed in before signing in")
def sign_in_here() -> Answer:
    """Open a session for the right name and password; every refusal looks alike."""
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, refusal=""), 422
    moment = present_moment()
    address = request.remote_addr or ""
    try:
        with write() as session:
            result = sign_in(
                session,
                moment,
                login=form.login.data,
                password=form.password.data,
                remote_address=address,
            )
    except SignInRefused as refusal:
        _count_failed_try(refusal, form.login.data, address)
        return render_template("accounts/sign_in.html", form=form, refusal=refusal.sentence_vi), 401
    visitor = find_visitor(result.token)
    if visitor is None:
        raise SignInRefused  # locked between the two transactions
    admit(visitor)
    return redirect(safe_address(form.next.data) or "/", code=303)


@blueprint.post("/dang-xuat")
@signed_in_route
def sign_out_here() -> Answer:
    """End this browser's session, in the store and in the cookie."""
    visitor = current_visitor()
    if visitor is not None:
        with write() as session:
            sign_out(session, visitor.actor, token=visitor.token)
    dismiss()
    flash(_("Đã đăng xuất."), "success")
    return redirect(url_for("accounts.sign_in_page"), code=303)


@blueprint.get("/tai-khoan")
@requires(Action.CHANGE_PASSWORD)
def profile_page() -> Answer:
    """Who I am to the program: my seats and since when I am signed in."""
    actor = current_actor()
    with read() as session:
        seats = [(seat, get_agency(session, seat.agency_id).name_vi) for seat in actor.seats]
    return render_template("accounts/profile.html", actor=actor, seats=seats)


@blueprint.get("/tai-khoan/mat-khau")
@requires(Action.CHANGE_PASSWORD)
def password_page() -> Answer:
    """The page to change one's own password."""
    return _password_page(PasswordForm())


@blueprint.post("/tai-khoan/mat-khau")
@requires(Action.CHANGE_PASSWORD)
def change_password_here() -> Answer:
    """Change one's own password; all sessions end, so the person signs in anew."""
    form = PasswordForm()
    if not form.validate():
        return _password_page(form), 422
    try:
        with write() as session:
            change_password(
                session,
                current_actor(),
                old_password=form.old_password.data,
                new_password=form.new_password.data,
            )
    except SignInRefused:
        form.old_password.errors = [_("Mật khẩu hiện tại không đúng.")]
        return _password_page(form), 422
    except RuleBroken as broken:
        form.new_password.errors = [broken.sentence_vi]
        return _password_page(form), 422
    dismiss()
    flash(_("Đã đổi mật khẩu. Mời đăng nhập lại."), "success")
    return redirect(url_for("accounts.sign_in_page"), code=303)


def _password_page(form: PasswordForm) -> str:
    return render_template("accounts/password.html", form=form, shortest=MIN_PASSWORD_LENGTH)


def _count_failed_try(refusal: SignInRefused, login: str, address: str) -> None:
    """Keep the try in a transaction of its own; one made while waiting does not lengthen the wait,
    or a stranger could keep an officer out for ever."""
    if refusal.wait_seconds:
        return
    with write() as session:
        note_failed_sign_in(session, present_moment(), login=login, remote_address=address)
