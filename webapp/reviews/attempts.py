"""One act of one review form, done once; or all that stands against it, so that the form stands again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import request

from finance.errors import NotReady, RuleBroken, StaleVersion
from finance.findings import Finding
from finance.receipts import once
from webapp.access import current_actor
from webapp.request_scope import KEY_FIELD, submitted_key, write

if TYPE_CHECKING:
    from finance.database import Session


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a judgement was not written.

    Attributes:
        status: 409 when somebody else was faster, 422 when the person can mend it.
        differences: what others did since the page was made, as sentences.
    """

    status: int
    sentence: str
    differences: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def judge_once(operation: str, subject_id: int, act: Callable[[Session], Any]) -> Hindrance | None:
    """Do the act of the submitted form once, whoever sends it how often.

    Args:
        operation: name of the act; an idempotency key cannot wander to another one.
        subject_id: what it is about.
        act: the one operation in the open write session.

    Returns:
        None when done, now or by an earlier copy of the same form.

    Raises:
        NotAllowed, NotFound, KeyReused: pages of their own; nothing typed can mend them.
    """
    actor, key = current_actor(), submitted_key()
    payload = {"subject": subject_id, "form": _sent_form()}

    def done(session: Session) -> str:
        act(session)
        return operation

    try:
        with write() as session:
            once(session, actor, key, operation=operation, payload=payload, act=lambda: done(session))
    except StaleVersion as stale:
        return Hindrance(409, stale.sentence_vi, stale.differences)
    except NotReady as unready:
        return Hindrance(422, unready.sentence_vi, findings=unready.findings)
    except RuleBroken as broken:
        return Hindrance(422, broken.sentence_vi)
    return None


def _sent_form() -> dict[str, list[str]]:
    """The form as it was sent, without token and key: what a repeated key must repeat."""
    return {name: texts for name, texts in request.form.lists() if name not in {"csrf_token", KEY_FIELD}}
