"""The agency's desk over a store of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import served
from tests.webapp.estimates.agency_desk import Desk
from tests.webapp.estimates.desk_fixtures import desk, prepared_desk

__all__ = ["desk", "page", "prepared_desk"]


@pytest.fixture
def page(chromium: Browser, desk: Desk) -> Iterator[Page]:
    """The preparer's browser; whatever it complains about fails the test."""
    with served(desk.app) as address:
        context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        visitor = desk.visitor(desk.province.preparer)
        cookie = visitor.client.get_cookie("phanbo")
        assert cookie is not None
        context.add_cookies([{"name": "phanbo", "value": cookie.value, "url": address}])
        opened = context.new_page()
        complaints: list[str] = []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None,
        )
        yield opened
        context.close()
        assert not complaints
