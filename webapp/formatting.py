"""How facts become Vietnamese text in templates: đồng, quantities, dates, labels, colours of states.

Filters: ``vnd``, ``difference``, ``quantity``, ``percent``, ``date``, ``moment``, ``words``,
``label``, ``tone``. None is shown as a dash: an unknown figure never looks like nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _

from finance.labels import LabelledEnum
from finance.money import format_quantity, format_vnd
from finance.vietnamese.dates import date_in_vietnam, format_date, format_moment
from finance.vietnamese.words import amount_in_words

DASH = "–"
LONGEST_MESSAGE = 500  # signs

# Colour is a second voice only: the label always says the state too.
TONES = {
    "DRAFT": "grey",
    "INVITED": "amber",
    "ACCEPTED": "blue",
    "DECLINED": "red",
    "WITHDRAWN": "grey",
    "CHECKED": "blue",
    "SECTION_PASSED": "blue",
    "SIGNED": "blue",
    "SENT": "blue",
    "RECEIVED": "blue",
    "RETURNED": "red",
    "CONTENT_APPRAISAL": "amber",
    "ESTIMATE_APPRAISAL": "amber",
    "APPRAISED": "green",
    "SUBMITTED_UP": "blue",
    "TAKEN": "green",
    "AGREED": "green",
    "ISSUED": "green",
    "UNDER_WAY": "amber",
    "DROPPED": "grey",
    "WAITING": "grey",
    "RUNNING": "amber",
    "DONE": "green",
    "FAILED": "red",
    "CANCELLED": "grey",
    "SUBMITTED": "blue",
    "APPROVED": "green",
    "BLOCKS": "red",
    "WARNS": "amber",
    "HINTS": "grey",
}


def show_vnd(amount_vnd: int | None) -> str:
    """1.234.567, or a dash."""
    return DASH if amount_vnd is None else format_vnd(amount_vnd)


def show_difference(amount_vnd: int | None) -> str:
    """+1.234 or −1.234 with a true minus sign; 0 as 0."""
    if amount_vnd is None:
        return DASH
    if amount_vnd < 0:
        return f"−{format_vnd(-amount_vnd)}"
    return f"+{format_vnd(amount_vnd)}" if amount_vnd else "0"


def show_quantity(thousandths: int | None) -> str:
    """1.234,5 from thousandths, or a dash."""
    return DASH if thousandths is None else format_quantity(thousandths)


def show_percent(percent_thousandths: int | None) -> str:
    """12,5 % from thousandths of a per cent, or a dash."""
    return DASH if percent_thousandths is None else f"{format_quantity(percent_thousandths)}\u00a0%"


def show_date(day: date | None) -> str:
    """22/11/2026, or a dash."""
    return DASH if day is None else format_date(day)


def show_moment(at: datetime | None) -> str:
    """10:04 22/11/2026 in Viet Nam's time, or a dash."""
    return DASH if at is None else format_moment(at)


def day_of(at: datetime | None) -> date | None:
    """The day it is in Viet Nam at that moment: what deadlines are counted by."""
    return None if at is None else date_in_vietnam(at)


def show_words(amount_vnd: int | None) -> str:
    """The amount in words, as under "Bằng chữ"; a dash when unknown."""
    return DASH if amount_vnd is None else amount_in_words(amount_vnd)


def show_label(member: Any) -> str:
    """The Vietnamese label of an enum member; text stays text, None becomes a dash."""
    if member is None:
        return DASH
    return member.label_vi if isinstance(member, LabelledEnum) else str(member)


def sentence_case(text: str) -> str:
    """The first letter large, the rest untouched ("đang thẩm định" to "Đang thẩm định")."""
    return text[:1].upper() + text[1:]


def in_short(said: Sequence[str], *, between: str = " ") -> str:
    """As many of the sentences as a message holds, and how many more there are.

    A message waits in the browser's cookie for its page. A browser throws a cookie of more than 4 KB
    away without a word, and with it the message.

    Args:
        said: sentences or names, the first one the most telling.
        between: what stands between two of them.
    """
    shown: list[str] = []
    for one in said:
        if shown and len(between.join((*shown, one))) > LONGEST_MESSAGE:
            break
        shown.append(one if len(one) <= LONGEST_MESSAGE else f"{one[:LONGEST_MESSAGE]}…")
    rest = len(said) - len(shown)
    return between.join(shown) + (_(" (và %(count)s mục khác)", count=rest) if rest else "")


def tone_of(member: Any) -> str:
    """The colour of a state's tag: grey, blue, amber, green or red."""
    code = member.value if isinstance(member, LabelledEnum) else str(member)
    return TONES.get(code, "grey")


def install_formatting(app: Flask) -> None:
    """Give every template the filters above."""
    app.jinja_env.filters.update(
        vnd=show_vnd,
        difference=show_difference,
        quantity=show_quantity,
        percent=show_percent,
        date=show_date,
        day=day_of,
        moment=show_moment,
        words=show_words,
        label=show_label,
        sentence_case=sentence_case,
        tone=tone_of,
    )
