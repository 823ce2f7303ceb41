"""Safe to repeat: each form carries a key, and a repeated key gets the first answer again.

The browser's page is made with a fresh key. A double click, a reload after POST or a retry after
a lost answer sends the same key; the act is done once and answered alike every time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance.actors import Actor
from finance.errors import KeyReused
from finance.record_base import JsonText, Record, UtcMoment, canonical_json


class Receipt(Record):
    """The answer once given to one person's key, kept as {"answer": ...}: None is an answer too."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    operation: Mapped[str] = mapped_column(String(60))
    payload_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Any] = mapped_column(JsonText)
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


def once(
    session: Session, actor: Actor, key: str, *, operation: str, payload: Any, act: Callable[[], Any]
) -> Any:
    """Do the act unless this person's key was answered before; give the same answer either way.

    Args:
        session: open write session; receipt and act are stored together or not at all.
        actor: whose key it is.
        key: made by the page, 1 to 64 printable ASCII characters.
        operation: name of the act, so that a key cannot wander to another form.
        payload: JSON-able content of the form.
        act: does the work and returns a JSON-able answer.

    Returns:
        The act's answer, now or from the first time, as JSON gives it back (a tuple is a list).

    Raises:
        KeyReused: the key came before with another operation or content, or is no key.
    """
    if not (0 < len(key) <= 64 and key.isascii() and key.isprintable()):
        raise KeyReused(key)
    payload_hash = hashlib.sha256(canonical_json([operation, payload]).encode()).hexdigest()
    known = session.scalar(select(Receipt).where(Receipt.person_id == actor.person_id, Receipt.key == key))
    if known is not None:
        if known.payload_hash != payload_hash:
            raise KeyReused(key)
        return known.answer["answer"]
    # As it will be read back: the first answer and every repeated one are the same value.
    kept = json.loads(canonical_json({"answer": act()}))
    session.add(
        Receipt(
            person_id=actor.person_id,
            key=key,
            operation=operation,
            payload_hash=payload_hash,
            answer=kept,
            recorded_at=actor.moment.recorded_at,
        )
    )
    return kept["answer"]
