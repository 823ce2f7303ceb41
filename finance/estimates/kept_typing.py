"""What a person has typed and not yet saved: kept word for word, for him alone, until he saves or drops it.

It is no part of the estimate: nobody appraises it, no total counts it, it may be unreadable. So it has a
table of its own, raises no edit number and writes no audit entry; saving the project does all that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance.actions import Action
from finance.actors import Actor
from finance.agencies.records import Person
from finance.errors import NotInThisStatus
from finance.estimates.draft import tidy_text
from finance.estimates.estimate_lookup import get_visible_estimate
from finance.estimates.workflow import EDITABLE
from finance.permissions import require
from finance.record_base import JsonText, Record, UtcMoment

KEPT_FOR = timedelta(days=90)
AT_WORK_FOR = timedelta(minutes=10)  # who typed within it counts as still at work
LONGEST_KEY = 40
NOTHING_KEPT = -1  # in place of the edit number it was typed on
LARGEST_SEQUENCE = 2**31 - 1  # what a column of whole numbers holds on either store

TypedForm = list[list[str]]


class KeptTyping(Record):
    """One person's unsaved form of one project; `project_key` is empty for the project not yet saved."""

    __tablename__ = "kept_typing"
    __table_args__ = (UniqueConstraint("estimate_id", "project_key", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"))
    project_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    sequence: Mapped[int]
    typed_on: Mapped[int]
    form: Mapped[Any] = mapped_column(JsonText)
    business_at: Mapped[datetime] = mapped_column(UtcMoment)
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)


@dataclass(frozen=True, slots=True)
class Typing:
    """What is kept.

    Attributes:
        sequence: rises with every keeping; a lower one never replaces a higher one.
        typed_on: edit number of the estimate on the page in which it was typed.
        form: names and texts of the boxes, in the page's order.
    """

    sequence: int
    typed_on: int
    form: TypedForm
    business_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether the typing was taken, and the sequence that is kept now."""

    is_taken: bool
    sequence: int
    business_at: datetime


@dataclass(frozen=True, slots=True)
class OtherTyping:
    """Another person who is typing in the same project."""

    full_name: str
    business_at: datetime


def keep_typing(
    session: Session,
    actor: Actor,
    estimate_id: int,
    *,
    project_key: str,
    sequence: int,
    typed_on: int,
    form: TypedForm,
) -> Kept:
    """Keep what stands in the boxes, unless something typed later is kept already.

    Args:
        session: open write session.
        actor: whose typing it is.
        estimate_id: of which estimate.
        project_key: of the project; empty while it was never saved.
        sequence: number of this keeping; the page counts on from what it was made with.
        typed_on: edit number the page was made with.
        form: names and texts, readable or not.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: as their names say.
    """
    _require_open(session, actor, estimate_id)
    session.execute(
        delete(KeptTyping).where(
            KeptTyping.person_id == actor.person_id,
            KeptTyping.recorded_at < actor.moment.recorded_at - KEPT_FOR,
        )
    )
    row = _find(session, actor, estimate_id, project_key)
    if row is not None and sequence <= row.sequence:
        return Kept(False, row.sequence, row.business_at)
    if row is None:
        row = KeptTyping(estimate_id=estimate_id, project_key=_key(project_key), person_id=actor.person_id)
        session.add(row)
    row.sequence, row.typed_on, row.form = sequence, typed_on, {"form": form}
    row.business_at, row.recorded_at = actor.moment.business_at, actor.moment.recorded_at
    return Kept(True, sequence, row.business_at)


def forget_typing(session: Session, actor: Actor, estimate_id: int, *, project_key: str) -> None:
    """Drop what this person typed in this project: it was saved, or he does not want it.

    The row stays with its sequence: a late letter from a page that was left must not come back to life.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: like `keep_typing`.
    """
    _require_open(session, actor, estimate_id)
    row = _find(session, actor, estimate_id, project_key)
    if row is not None:
        row.sequence, row.typed_on, row.form = (
            min(row.sequence + 1, LARGEST_SEQUENCE),
            NOTHING_KEPT,
            {"form": []},
        )


def find_typing(session: Session, actor: Actor, estimate_id: int, project_key: str) -> Typing | None:
    """What this person has typed and not saved; None when there is nothing."""
    row = _find(session, actor, estimate_id, project_key)
    if row is None or row.typed_on == NOTHING_KEPT:
        return None
    return Typing(row.sequence, row.typed_on, row.form["form"], row.business_at, row.recorded_at)


def last_sequence(session: Session, actor: Actor, estimate_id: int, project_key: str) -> int:
    """The number from which a new page of this person counts on."""
    row = _find(session, actor, estimate_id, project_key)
    return row.sequence if row is not None else 0


def others_typing(
    session: Session, actor: Actor, estimate_id: int, project_key: str
) -> tuple[OtherTyping, ...]:
    """Who else has typed in this project just now, the latest first; nobody for a project not yet saved."""
    if not project_key:
        return ()
    since = actor.moment.recorded_at - AT_WORK_FOR
    query = (
        select(Person.full_name, KeptTyping.business_at)
        .join(Person, Person.id == KeptTyping.person_id)
        .where(
            KeptTyping.estimate_id == estimate_id,
            KeptTyping.project_key == _key(project_key),
            KeptTyping.person_id != actor.person_id,
            KeptTyping.recorded_at >= since,
            KeptTyping.typed_on != NOTHING_KEPT,
        )
        .order_by(KeptTyping.recorded_at.desc(), KeptTyping.id)
    )
    return tuple(OtherTyping(name, at) for name, at in session.execute(query))


def _find(session: Session, actor: Actor, estimate_id: int, project_key: str) -> KeptTyping | None:
    return session.scalar(
        select(KeptTyping).where(
            KeptTyping.estimate_id == estimate_id,
            KeptTyping.project_key == _key(project_key),
            KeptTyping.person_id == actor.person_id,
        )
    )


def _key(project_key: str) -> str:
    """The key as it is stored: without signs nobody can see, no longer than a key may be."""
    return tidy_text(project_key)[:LONGEST_KEY]


def _require_open(session: Session, actor: Actor, estimate_id: int) -> None:
    estimate = get_visible_estimate(session, actor, estimate_id)
    require(actor, Action.SAVE_DRAFT, estimate.agency_id)
    if estimate.status not in EDITABLE:
        raise NotInThisStatus(estimate.status.label_vi, Action.SAVE_DRAFT.label_vi)
