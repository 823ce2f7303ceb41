"""What the page of a project says of unsaved typing: the person's own, kept by the server, and others'."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from finance.clock import VIETNAM_TIME
from finance.estimates.kept_typing import (
    LARGEST_SEQUENCE,
    OtherTyping,
    Typing,
    find_typing,
    last_sequence,
    others_typing,
)
from finance.vietnamese.dates import format_moment
from webapp.access import current_actor

if TYPE_CHECKING:
    from datetime import datetime

    from finance.database import Session


@dataclass(frozen=True, slots=True)
class TypingBeside:
    """Unsaved typing in one project.

    Attributes:
        own: what the reader typed and did not save; None when there is nothing, or it is on the page.
        sequence: from which the page's own keeping counts on; past what the page it was made of has sent,
            for a letter of that page may still be under way.
        others: who else is typing, as sentences.
    """

    own: Typing | None
    sequence: int
    others: tuple[str, ...]

    @property
    def hour(self) -> str:
        """When the reader's own typing was kept."""
        return format_moment(self.own.business_at) if self.own else ""


def typing_beside(
    session: Session, estimate_id: int, project_key: str, *, is_brought_back: bool
) -> TypingBeside:
    """What is kept for this project now.

    Args:
        session: for reading.
        estimate_id, project_key: of the project; the key is empty while it was never saved.
        is_brought_back: the kept typing is what the page shows, so it is not offered again.
    """
    actor = current_actor()
    own = None if is_brought_back else find_typing(session, actor, estimate_id, project_key)
    sequence = max(last_sequence(session, actor, estimate_id, project_key), _sent_by_the_page_before())
    others = others_typing(session, actor, estimate_id, project_key)
    return TypingBeside(own, sequence, tuple(say_other(one) for one in others))


def _sent_by_the_page_before() -> int:
    sent = request.form.get("kept_sequence", 0, type=int)
    return sent if 0 <= sent < LARGEST_SEQUENCE else 0


def say_other(other: OtherTyping) -> str:
    """Such as “Trần Văn Hòa đang sửa dự án này (10:04)”."""
    return _(
        "%(name)s đang sửa dự án này (%(hour)s)", name=other.full_name, hour=clock_hour(other.business_at)
    )


def clock_hour(moment: datetime) -> str:
    """Hour and minute on the clock of Vietnam."""
    return f"{moment.astimezone(VIETNAM_TIME):%H:%M}"
