"""What the frame of every page shows: product, province, menu, visitor, business date.

A menu entry appears when its route lets the visitor in; the route's own mark decides, so the
menu can never promise more than the door allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from flask import Flask, request, url_for
from flask_babel import lazy_gettext as later

from webapp.access import current_visitor, may_visit
from webapp.config import Settings
from webapp.request_scope import demonstration_date, present_moment

PRODUCT_NAME = "Phân Bổ"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One word of the menu: the route it leads to and the label."""

    endpoint: str
    label: str

    @property
    def url(self) -> str:
        """Address of the entry's page."""
        return url_for(self.endpoint)

    @property
    def is_current(self) -> bool:
        """True on every page of the entry's feature."""
        return request.blueprint == self.endpoint.partition(".")[0]


# The order is the order of the work; `home` is added in front of it by the frame.
MENU: tuple[MenuEntry, ...] = ()

HOME_ENDPOINT = "home.worklist"
HOME_LABEL = later("Việc của tôi")


@dataclass(frozen=True, slots=True)
class PageFrame:
    """Facts of the frame for one answer."""

    product_name: str
    province_name: str
    menu: tuple[MenuEntry, ...]
    home_url: str
    demonstration_on: date | None

    @property
    def business_on(self) -> date:
        """Today's date as the procedure counts it."""
        return present_moment().business_on


def page_frame(settings: Settings) -> PageFrame:
    """The frame for the present request and visitor."""
    menu = tuple(entry for entry in MENU if may_visit(entry.endpoint)) if current_visitor() else ()
    return PageFrame(
        product_name=PRODUCT_NAME,
        province_name=settings.province_name,
        menu=menu,
        home_url="/",
        demonstration_on=demonstration_date(),
    )


def new_key() -> str:
    """A fresh idempotency key for one form of one page."""
    return str(uuid4())


def install_page_frame(app: Flask, settings: Settings) -> None:
    """Give templates `frame` and `new_key()`."""
    app.context_processor(lambda: {"frame": page_frame(settings)})
    app.jinja_env.globals["new_key"] = new_key
