"""One request's sessions, its moment, and the two facts every mutating form carries.

`with read() as session:` looks; `with write() as session:` changes and commits when the block
ends. The page shows the answer of exactly one of them. `submitted_key()` and `seen_version()`
read what `form_guard` (templates/parts/forms.html) wrote into the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, current_app, g, request
from werkzeug.exceptions import BadRequest

from finance.clock import Moment, machine_now
from finance.database import SessionFactory, reading, transaction
from finance.errors import Conflict
from finance.rounds.queries import business_moment_of

if TYPE_CHECKING:
    from datetime import datetime

    # Only the name of the type: pages never speak SQL themselves.
    from finance.database import Session

KEY_FIELD = "idempotency_key"
VERSION_FIELD = "seen_version"
HASH_FIELD = "seen_hash"

_VERSION = re.compile(r"[0-9]{1,9}")
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True, slots=True)
class Doorway:
    """What the web needs from outside: the store, the machine's hour and the business clock.

    Attributes:
        factory: makes sessions.
        machine_clock: the machine's time; a test passes its own.
        business_clock: the moment by which the procedure goes, given the machine's time.
    """

    factory: SessionFactory
    machine_clock: Callable[[], datetime] = machine_now
    business_clock: Callable[[Session, datetime], Moment] = business_moment_of


def install_doorway(app: Flask, doorway: Doorway) -> None:
    """Let `read`, `write` and `present_moment` find their store and clock."""
    app.extensions["phanbo"] = doorway
    app.jinja_env.globals["version_to_carry"] = version_to_carry


def read() -> AbstractContextManager[Session]:
    """A session for looking: rolled back at the end of the block."""
    return reading(_doorway().factory)


@contextmanager
def write(*, is_act: bool = True) -> Iterator[Session]:
    """A session for one operation: committed at the end of the block, rolled back on any error.

    Args:
        is_act: it is what the form asks for, not something the program notes by the way.
    """
    try:
        with transaction(_doorway().factory) as session:
            yield session
    except Conflict:
        g.tells_what_stands = is_act
        raise
    g.tells_what_stands = is_act


def present_moment() -> Moment:
    """The moment of this request: one for the whole request, so that no act has two dates."""
    if "present_moment" not in g:
        doorway = _doorway()
        with read() as session:
            g.present_moment = doorway.business_clock(session, doorway.machine_clock())
    moment: Moment = g.present_moment
    return moment


def submitted_key() -> str:
    """The idempotency key the page was made with.

    Raises:
        BadRequest: the form has no key or a misshapen one; it was not made by our page.
    """
    key = request.form.get(KEY_FIELD, "")
    if not _KEY.fullmatch(key):
        raise BadRequest("form without idempotency key")
    return key


def seen_version() -> int:
    """The version number of the record the person was looking at.

    Raises:
        BadRequest: the form does not say which version was seen.
    """
    text = request.form.get(VERSION_FIELD, "")
    if not _VERSION.fullmatch(text):
        raise BadRequest("form without seen version")
    return int(text)


def version_to_carry(version: int) -> int:
    """The version a form of the answered page says was seen.

    A page that only comes back, with a box to mend, keeps the one it was made from: what others saved
    meanwhile must still be noticed. A page that tells what was done carries the present one.

    Args:
        version: of the record as it is stored now.
    """
    text = request.form.get(VERSION_FIELD, "") if request.method == "POST" else ""
    if g.get("tells_what_stands") or not _VERSION.fullmatch(text):
        return version
    return min(version, int(text))


def seen_hash() -> str:
    """The content hash of what the person was looking at.

    Raises:
        BadRequest: the form does not say which content was seen.
    """
    text = request.form.get(HASH_FIELD, "")
    if not _HASH.fullmatch(text):
        raise BadRequest("form without seen hash")
    return text


def is_partial_request() -> bool:
    """True when htmx asked for a part of the page, not for a whole one."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def _doorway() -> Doorway:
    doorway: Doorway = current_app.extensions["phanbo"]
    return doorway
