"""One act of one form: done once, or shown again with what was typed and why it was refused.

A stale page is not thrown away: the same form comes back with the typed values, the present
version and the acts of others in between, so that the person looks and sends again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_wtf import FlaskForm
from wtforms import PasswordField

from finance.errors import RuleBroken, StaleVersion
from finance.receipts import once
from webapp.access import current_actor
from webapp.request_scope import submitted_key, write

if TYPE_CHECKING:
    from finance.database import Session


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form was not carried out and stands again before the person.

    Attributes:
        status: 409 when somebody else was faster, 422 when the person can mend it.
        sentence: the rule and the way out, in Vietnamese.
        missed_edits: how many writes of others came between; 0 unless stale.
    """

    status: int
    sentence: str
    missed_edits: int = 0


def carry_out(operation: str, payload: Any, act: Callable[[Session], Any]) -> Refusal | None:
    """Do the act of the submitted form once, whoever sends it how often.

    Args:
        operation: name of the act; an idempotency key cannot wander to another one.
        payload: JSON-able content of the form.
        act: the one operation, given the open write session; what it returns is not kept.

    Returns:
        None when done (now or by an earlier copy of the same form), else why it was refused.
    """
    actor, key = current_actor(), submitted_key()

    def done(session: Session) -> str:
        act(session)
        return operation

    try:
        with write() as session:
            once(session, actor, key, operation=operation, payload=payload, act=lambda: done(session))
    except StaleVersion as stale:
        return Refusal(409, stale.sentence_vi, max(stale.current - stale.seen, 0))
    except RuleBroken as broken:
        return Refusal(422, broken.sentence_vi)
    return None


def typed_content(form: FlaskForm) -> dict[str, str]:
    """What the form says, as text: the payload that a repeated key must repeat.

    Passwords are left out: not even their digest belongs into a receipt.
    """
    left_out = {field.name for field in form if isinstance(field, PasswordField)} | {"csrf_token"}
    return {field.name: str(field.data) for field in form if field.name not in left_out}
