"""The people of the story by the names they sign in with, and what they read."""

from __future__ import annotations

from collections.abc import Sequence

from tests.journeys.desk import Desk

CITY, CITY_HEAD = "soanthao", "thutruong"
DISTRICT, DISTRICT_HEAD = "kv.soan", "kv.ky"
FINANCE, CONTENT, ADVISER = "dutoan", "noidung", "stttt.cntt"
PLANNER, APPROVER, INSPECTOR, ADMINISTRATOR = "kehoach", "lanhdao", "thanhtra", "quantri"
CITY_OFFICE, DISTRICT_OFFICE = "Ủy ban nhân dân thành phố Nha Trang", "Ủy ban nhân dân huyện Khánh Vĩnh"
EVERYBODY: Sequence[str] = (
    CITY,
    CITY_HEAD,
    DISTRICT,
    DISTRICT_HEAD,
    FINANCE,
    CONTENT,
    ADVISER,
    PLANNER,
    APPROVER,
    INSPECTOR,
    ADMINISTRATOR,
)


def says(desk: Desk, *pieces: str) -> None:
    """The page the person looks at says all of this."""
    words = desk.words
    for piece in pieces:
        assert piece in words, f"the page does not say “{piece}”:\n{words[:3000]}"


def open_estimate(desk: Desk) -> None:
    """One's own office's estimate, from the list."""
    desk.open("/du-toan")
    desk.follow("Ủy ban nhân dân")
