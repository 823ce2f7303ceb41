"""Who is signed in, and which act each route asks for. Flask-Login is known to this file alone.

Every route is marked: `@requires(Action.X)` or `@public_route("reason")`. A program with an
unmarked route refuses to start, and a request for one would be refused again at the door.
The mark asks "may this person do X on any file at all?"; whose file it is, the operation asks
(`finance.permissions.require`), because only it has the file in hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response as AnyResponse

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.queries import actor_for, find_signed_in_person, get_agency
from finance.agencies.sign_ins import keep_session_alive
from finance.errors import NotAllowed
from finance.permissions import may
from webapp.request_scope import is_partial_request, present_moment, read, write

View = TypeVar("View", bound=Callable[..., Any])

SIGN_IN_ENDPOINT = "accounts.sign_in_page"

# "Seen now" is written at most once a minute: every click would be a write otherwise.
SEEN_EVERY_SECONDS = 60
_SEEN = "seen_at"


class RouteUnmarked(Exception):
    """A route says neither which act it asks for nor why it is public."""


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """What a route asks of its visitor: one of the acts, or nothing for a stated reason."""

    actions: tuple[Action, ...] = ()
    public_reason: str = ""
    is_for_anyone_signed_in: bool = False

    @property
    def is_public(self) -> bool:
        """True when nobody needs to be signed in."""
        return not self.actions and not self.is_for_anyone_signed_in


@dataclass(frozen=True, slots=True)
class Visitor:
    """The signed-in person as the pages show him, and the actor he is for operations."""

    token: str
    actor: Actor
    office_name: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the token of the stored session, nothing else."""
        return self.token


def requires(*actions: Action) -> Callable[[View], View]:
    """Mark a view: the visitor must be able to do at least one of the acts on some file."""
    if not actions:
        raise ValueError("requires() names at least one Action")
    return _marker(RouteAccess(actions=actions))


def made_by_the_page(view: View) -> View:
    """Mark a view that an open page asks for by itself: no sign that the person is still there."""
    view._phanbo_by_itself = True  # type: ignore[attr-defined]
    return view


def public_route(reason: str) -> Callable[[View], View]:
    """Mark a view as open to anyone; the reason is for the reader and the route inventory."""
    if not reason:
        raise ValueError("public_route() needs a reason")
    return _marker(RouteAccess(public_reason=reason))


def signed_in_route(view: View) -> View:
    """Mark a view as everybody's own once signed in: who holds no seat any more must get out, too."""
    return _marker(RouteAccess(is_for_anyone_signed_in=True))(view)


def access_of(view: Callable[..., Any]) -> RouteAccess | None:
    """The mark of a view, or None when it has none."""
    found = getattr(view, "_phanbo_access", None)
    return found if isinstance(found, RouteAccess) else None


def current_visitor() -> Visitor | None:
    """The signed-in person, or None."""
    person = current_user._get_current_object()
    return person if isinstance(person, Visitor) else None


def current_actor() -> Actor:
    """Who acts in this request.

    Raises:
        NotAllowed: nobody is signed in (a marked view never sees this).
    """
    visitor = current_visitor()
    if visitor is None:
        raise NotAllowed(Action.SIGN_IN.label_vi)
    return visitor.actor


def admit(visitor: Visitor) -> None:
    """Start a browser session for a person who has just signed in.

    Whatever the cookie held before is dropped, so that a planted cookie gains nothing.
    """
    session.clear()
    login_user(visitor)


def dismiss() -> None:
    """Forget the browser session (the stored one is ended by its operation)."""
    logout_user()
    session.clear()


def safe_address(address: str | None) -> str | None:
    """The address when it leads to a page of this program, else None (no open redirects)."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if "\\" in address or any(ord(letter) < 33 for letter in address):
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else None


def find_visitor(token: str) -> Visitor | None:
    """The person behind a session token with the seats held now, or None when it has ended."""
    moment = present_moment()
    with read() as store:
        person_id = find_signed_in_person(store, token, moment)
        if person_id is None:
            return None
        actor = actor_for(store, person_id, moment)
        agency_ids = dict.fromkeys(seat.agency_id for seat in actor.seats)
        offices = [get_agency(store, agency_id).short_vi for agency_id in agency_ids]
    return Visitor(token, actor, ", ".join(offices))


def install_access(app: Flask) -> None:
    """Ask at the door of every request who comes and what the route wants of him."""
    manager = LoginManager(app)
    # The stored session row is the truth: revocable, with its own idle limit.
    manager.session_protection = None
    manager.user_loader(find_visitor)
    app.before_request(_ask_at_the_door)
    app.jinja_env.globals["current_visitor"] = current_visitor
    app.jinja_env.globals["may_visit"] = may_visit


def may_visit(endpoint: str) -> bool:
    """True when the present visitor would be let in at the endpoint (for menus and buttons)."""
    access = access_of(current_app.view_functions[endpoint])
    if access is None:
        return False
    visitor = current_visitor()
    return access.is_public or (visitor is not None and _may_any(visitor.actor, access))


def refuse_unmarked_routes(app: Flask) -> None:
    """Stop the start when a route has no mark.

    Raises:
        RouteUnmarked: names every such endpoint.
    """
    unmarked = sorted(name for name, view in app.view_functions.items() if access_of(view) is None)
    if unmarked:
        raise RouteUnmarked(f"mark with @requires or @public_route: {', '.join(unmarked)}")


def _marker(access: RouteAccess) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view._phanbo_access = access  # type: ignore[attr-defined]
        return view

    return mark


def _may_any(actor: Actor, access: RouteAccess) -> bool:
    return access.is_for_anyone_signed_in or any(may(actor, action) for action in access.actions)


def _ask_at_the_door() -> AnyResponse | None:
    if request.endpoint is None:
        return None  # no such address, or not with this method: the router's own answer follows
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        raise PageNotFound
    g.route_access = access
    if access.is_public:
        return None
    visitor = current_visitor()
    if visitor is None:
        return _to_sign_in()
    if not _may_any(visitor.actor, access):
        raise NotAllowed(access.actions[0].label_vi)
    if not getattr(current_app.view_functions[request.endpoint], "_phanbo_by_itself", False):
        _note_seen(visitor)
    return None


def _note_seen(visitor: Visitor) -> None:
    now = int(visitor.actor.moment.recorded_at.timestamp())
    if now - int(session.get(_SEEN, 0)) < SEEN_EVERY_SECONDS:
        return
    with write(is_act=False) as store:
        keep_session_alive(store, visitor.token, visitor.actor.moment)
    session[_SEEN] = now


def _to_sign_in() -> AnyResponse:
    """Lead to the sign-in page and back again; a form goes back to the page it stands on."""
    back = request.full_path.rstrip("?") if request.method == "GET" else _page_of_the_form()
    address = url_for(SIGN_IN_ENDPOINT, next=back) if back else url_for(SIGN_IN_ENDPOINT)
    if is_partial_request():
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, code=303)


def _page_of_the_form() -> str | None:
    came_from = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if came_from.netloc and came_from.netloc != request.host:
        return None
    return safe_address(came_from.path + (f"?{came_from.query}" if came_from.query else ""))
