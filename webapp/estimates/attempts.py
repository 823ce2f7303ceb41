"""One act of one form, done once; or why it was not, so that the page stands again with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request

from finance.errors import Conflict, NotReady, RuleBroken, StaleVersion
from finance.findings import Finding
from finance.receipts import once
from webapp.access import current_actor
from webapp.request_scope import HASH_FIELD, KEY_FIELD, submitted_key, write

if TYPE_CHECKING:
    from finance.database import Session


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the act was not done.

    Attributes:
        status: 409 when somebody else was faster, 422 when the person can mend it.
        differences: what others did since the page was made, as sentences.
    """

    status: int
    sentence: str
    differences: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def attempt(operation: str, estimate_id: int, act: Callable[[Session], Any]) -> Any | Refused:
    """Do the act of the submitted form once.

    Args:
        operation: name of the act; a key cannot wander to another one.
        estimate_id: what it is about.
        act: the one operation in the open write session; returns a JSON-able answer.

    Returns:
        The act's answer, now or from an earlier copy of the same form, or why it was refused.

    Raises:
        NotAllowed, NotFound: these are pages of their own; nothing typed can mend them.
    """
    actor, key = current_actor(), submitted_key()
    payload = {"estimate": estimate_id, "form": sent_form()}
    try:
        with write() as session:
            return once(session, actor, key, operation=operation, payload=payload, act=lambda: act(session))
    except StaleVersion as stale:
        return Refused(409, stale.sentence_vi, stale.differences)
    except Conflict as conflict:
        return Refused(409, conflict.sentence_vi)
    except NotReady as unready:
        return Refused(422, unready.sentence_vi, findings=unready.findings)
    except RuleBroken as broken:
        return Refused(422, broken.sentence_vi)


def sent_form() -> dict[str, list[str]]:
    """The form as it was sent, without its token and key: what a repeated key must repeat."""
    left_out = {"csrf_token", KEY_FIELD, HASH_FIELD}
    return {name: texts for name, texts in request.form.lists() if name not in left_out}
