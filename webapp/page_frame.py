"""What the frame of every page shows: product, province, menu, visitor, business date.

A menu entry appears when its route lets the visitor in; the route's own mark decides, so the
menu can never promise more than the door allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from flask import Flask, g, request, url_for
from flask_babel import lazy_gettext as later

from finance.actors import Function
from finance.agencies.queries import agencies_with_function
from finance.rounds.queries import RoundRow, list_rounds
from webapp.access import current_visitor, may_visit
from webapp.config import Settings
from webapp.request_scope import present_moment, read

PRODUCT_NAME = "Phân Bổ"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One word of the menu: the route it leads to, the label, and other features under the same word."""

    endpoint: str
    label: str
    also: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Address of the entry's page."""
        return url_for(self.endpoint)

    @property
    def is_current(self) -> bool:
        """True on every page of the entry's feature."""
        return request.blueprint in {self.endpoint.partition(".")[0], *self.also}


# In the order of the work. An entry whose feature is missing stops the start.
MENU: tuple[MenuEntry, ...] = (
    MenuEntry("home.worklist_page", later("Việc của tôi")),
    MenuEntry("plans.list_page", later("Kế hoạch")),
    MenuEntry("estimates.list_page", later("Dự toán"), also=("dossiers",)),
    MenuEntry("rounds.list_page", later("Đợt dự toán")),
    MenuEntry("reviews.inbox_page", later("Thẩm định")),
    MenuEntry("scenarios.list_page", later("Phương án")),
    MenuEntry("allocations.index_page", later("Phân bổ")),
    MenuEntry("programme.targets_page", later("Chương trình")),
    MenuEntry("reports.consolidation_page", later("Tổng hợp")),
    MenuEntry("inspection.audit_page", later("Nhật ký")),
    MenuEntry("administration.offices_page", later("Quản trị")),
)


@dataclass(frozen=True, slots=True)
class PageFrame:
    """Facts of the frame for one answer."""

    product_name: str
    province_name: str
    menu: tuple[MenuEntry, ...]
    home_url: str
    business_on: date
    is_demonstration: bool
    practice: tuple[RoundRow, ...]


class ProvinceName:
    """The name in the header: the setting, else the office that approves allocations.

    The office is looked up once a business date: it changes by decision, not by the hour.
    """

    def __init__(self, settings: Settings) -> None:
        self._set = settings.province_name
        self._known: dict[date, str] = {}

    def on(self, day: date) -> str:
        """The name on the date; empty when nothing is set or stored."""
        if self._set:
            return self._set
        if day not in self._known:
            with read() as session:
                offices = agencies_with_function(session, Function.APPROVAL, day)
            if not offices:
                return ""
            self._known[day] = offices[0].name_vi
        return self._known[day]


def page_frame(province: ProvinceName) -> PageFrame:
    """The frame for the present request and visitor."""
    business_on = present_moment().business_on
    with read() as session:
        rounds = list_rounds(session, with_practice=True)
    practice = tuple(row for row in rounds if row.is_practice and row.is_open) if current_visitor() else ()
    return PageFrame(
        product_name=PRODUCT_NAME,
        province_name=province.on(business_on),
        menu=tuple(entry for entry in MENU if may_visit(entry.endpoint)) if current_visitor() else (),
        home_url="/",
        business_on=business_on,
        is_demonstration=any(row.is_demonstration for row in rounds),
        practice=practice,
    )


def refuse_dead_menu_entries(app: Flask) -> None:
    """Stop the start when the menu names a page that does not exist.

    Raises:
        LookupError: names every such endpoint.
    """
    dead = [entry.endpoint for entry in MENU if entry.endpoint not in app.view_functions]
    if dead:
        raise LookupError(f"MENU names missing pages: {', '.join(dead)}")


def new_key() -> str:
    """A fresh idempotency key for one form of one page."""
    return str(uuid4())


def install_page_frame(app: Flask, settings: Settings) -> None:
    """Give templates `frame` and `new_key()`."""
    province = ProvinceName(settings)

    def give_frame() -> dict[str, PageFrame]:
        # One answer may render several templates; the frame is read once.
        if "page_frame" not in g:
            g.page_frame = page_frame(province)
        return {"frame": g.page_frame}

    app.context_processor(give_frame)
    app.jinja_env.globals["new_key"] = new_key
