"""Who may come in is said at every route; addresses and templates are named by one rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from finance.actions import Action
from tests.house.source_tree import ROOT, all_files, say_all
from webapp import create_app
from webapp.access import RouteUnmarked, access_of, public_route, refuse_unmarked_routes, requires
from webapp.config import Settings

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)?")
PARAMETER = re.compile(r"<(?:(?P<kind>[a-z_]+)(?:\([^)]*\))?:)?(?P<name>\w+)>")


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    made = create_app(Settings(database_url=sqlite_url, instance_folder=tmp_path, secret_key="k" * 40))
    yield made
    made.extensions["phanbo"].factory.kw["bind"].dispose()


def unmarked_in(app: Flask) -> list[str]:
    """The endpoints that do not say who may come in."""
    return sorted(name for name, view in app.view_functions.items() if access_of(view) is None)


def wrong_in_address(rule: str) -> list[str]:
    """What an address breaks: words in kebab-case, every parameter with its type."""
    wrong = [f"<{m['name']}> has no type" for m in PARAMETER.finditer(rule) if m["kind"] is None]
    words = [word for word in PARAMETER.sub("", rule).split("/") if word]
    return wrong + [f"{word!r} is not kebab-case" for word in words if not KEBAB.fullmatch(word.strip("-."))]


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    unmarked = unmarked_in(app)
    assert not unmarked, say_all("Mark the view with @requires(Action.…) or @public_route('why'):", unmarked)


def test_public_routes_give_their_reason(app: Flask) -> None:
    marks = {name: access_of(view) for name, view in app.view_functions.items()}
    silent = [name for name, mark in marks.items() if mark and mark.is_public and len(mark.public_reason) < 8]
    assert not silent, say_all("Say in @public_route(…) why anyone may see it:", silent)


def test_addresses_are_kebab_case_and_typed(app: Flask) -> None:
    wrong = [
        f"{rule.rule}: {what}" for rule in app.url_map.iter_rules() for what in wrong_in_address(rule.rule)
    ]
    assert not wrong, say_all("Write addresses as /du-toan/<int:estimate_id>:", wrong)


def test_template_names_are_unique_and_in_the_folder_of_their_feature() -> None:
    names: Counter[str] = Counter()
    misplaced = []
    for path in all_files():
        parts = path.relative_to(ROOT).parts
        if parts[0] != "webapp" or "templates" not in parts:
            continue
        at = parts.index("templates")
        names["/".join(parts[at + 1 :])] += 1
        if at == 2 and parts[3] != parts[1]:
            misplaced.append("/".join(parts))
    twice = [name for name, count in names.items() if count > 1]
    assert names, "no templates found: has the folder moved?"
    assert not twice, say_all("Flask has one space of template names; rename one of each:", twice)
    assert not misplaced, say_all("A feature's pages stand in FEATURE/templates/FEATURE/:", misplaced)


def _look() -> str:
    return "page"


def test_the_detector_of_unmarked_routes() -> None:
    app = Flask("small", static_folder=None)
    app.add_url_rule("/open", "open", public_route("everyone signs in here")(lambda: "page"))
    app.add_url_rule("/closed", "closed", requires(next(iter(Action)))(lambda: "page"))
    assert unmarked_in(app) == []
    refuse_unmarked_routes(app)
    app.add_url_rule("/forgotten", "forgotten", _look)
    assert unmarked_in(app) == ["forgotten"]
    with pytest.raises(RouteUnmarked, match="forgotten"):
        refuse_unmarked_routes(app)


@pytest.mark.parametrize(
    ("rule", "count"),
    [
        ("/", 0),
        ("/du-toan/<int:estimate_id>/dong", 0),
        ("/tinh/<path:name>", 0),
        ("/ho-so/<string(length=2):code>.xlsx", 0),
        ("/du_toan", 1),
        ("/DuToan", 1),
        ("/du-toan/<estimate_id>", 1),
        ("/dự-toán", 1),
    ],
)
def test_the_address_detector(rule: str, count: int) -> None:
    assert len(wrong_in_address(rule)) == count
