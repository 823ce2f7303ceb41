"""One act of one form, done once, whose answer is an id; or all that stands against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from finance.errors import NotReady, RuleBroken, StaleVersion
from finance.findings import Finding
from finance.receipts import once
from webapp.access import current_actor
from webapp.request_scope import submitted_key, write

if TYPE_CHECKING:
    from finance.database import Session


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a form: the id it made, or why it was refused.

    Attributes:
        status: 303 when done, 409 when somebody else was faster, 422 when the person can mend it.
    """

    status: int
    made_id: int = 0
    sentence: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def is_done(self) -> bool:
        """True when the act was carried out, now or by an earlier copy of the same form."""
        return self.status == 303


def try_once(operation: str, payload: Any, act: Callable[[Session], int]) -> Attempt:
    """Do the act of the submitted form once, whoever sends it how often.

    Args:
        operation: name of the act; an idempotency key cannot wander to another one.
        payload: JSON-able content of the form.
        act: the one operation in the open write session; its id is the answer, now and every time again.
    """
    actor, key = current_actor(), submitted_key()
    try:
        with write() as session:
            made_id = once(
                session, actor, key, operation=operation, payload=payload, act=lambda: act(session)
            )
    except StaleVersion as stale:
        return Attempt(409, sentence=stale.sentence_vi)
    except NotReady as unready:
        return Attempt(422, sentence=unready.sentence_vi, findings=unready.findings)
    except RuleBroken as broken:
        return Attempt(422, sentence=broken.sentence_vi)
    return Attempt(303, made_id=made_id)
