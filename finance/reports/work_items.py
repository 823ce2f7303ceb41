"""What stands on the start page: one thing to do, one thing sent, and the pages they lead to. Pure.

A place is named as its page is (`feature.page`); which address that is, the web decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from finance.vietnamese.dates import date_in_vietnam


@dataclass(frozen=True, slots=True)
class Place:
    """A page and what its address needs."""

    endpoint: str
    arguments: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something that waits for this person.

    Attributes:
        verb_vi: the word on the button: Lập, Trình, Ký, Gửi, Tiếp nhận, Thẩm định, Phê duyệt…
        title_vi: what it is about.
        detail_vi: where it stands, in one line.
        due_at: last instant, or None when no deadline was set.
        days_left: whole days until then by the business date; below 0 when past; None without one.
    """

    verb_vi: str
    title_vi: str
    detail_vi: str
    due_at: datetime | None
    days_left: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class SentItem:
    """Something this person's office has handed on, and who holds it now."""

    title_vi: str
    status_vi: str
    status_code: str
    holder_vi: str
    days_held: int
    place: Place


def work_item(
    verb_vi: str, title_vi: str, detail_vi: str, *, due_at: datetime | None, today: date, place: Place
) -> WorkItem:
    """An item with the days left counted from the business date."""
    days_left = (date_in_vietnam(due_at) - today).days if due_at else None
    return WorkItem(verb_vi, title_vi, detail_vi, due_at, days_left, place)


def in_order(items: list[WorkItem]) -> list[WorkItem]:
    """Oldest deadline first; what has no deadline comes last; else in the order found."""
    return sorted(
        items, key=lambda item: (item.due_at is None, item.due_at.timestamp() if item.due_at else 0)
    )
