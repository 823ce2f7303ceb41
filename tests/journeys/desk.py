"""One person's place at a screen, as the story uses it; a real browser and its twin both are one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class File:
    """A file on the person's own computer."""

    name: str
    content: bytes


# Text typed into a box, an entry chosen, the boxes ticked, or a file.
Typed = str | Sequence[str] | File


class Desk(Protocol):
    """What a person does at a screen. Boxes are named by their field name or by their label's words."""

    @property
    def words(self) -> str:
        """Everything the page says below its head, with single spaces."""

    def sign_in(self, login: str, password: str) -> None:
        """Type name and password."""

    def open(self, address: str, status: int = 200) -> None:
        """Type an address."""

    def follow(self, words: str, beside: str = "") -> None:
        """Click the link with these words; of several, the one nearest to the words `beside`."""

    def boxes(self, button: str) -> list[str]:
        """Field names of the boxes that this button sends and a person fills."""

    def fill(self, button: str, typed: Mapping[str, Typed], beside: str = "") -> None:
        """Fill boxes of the form that this button sends, without sending it."""

    def choose(self, button: str, typed: Mapping[str, str], without_scripts: str = "") -> None:
        """Choose from a list that renews a part of the page; pages without scripts have a button for it."""

    def press(self, button: str) -> None:
        """Press a button that changes the boxes of the page and stores nothing."""

    def send(
        self,
        button: str,
        typed: Mapping[str, Typed] | None = None,
        *,
        beside: str = "",
        status: int = 200,
    ) -> None:
        """Fill boxes, press the button, agree to what is asked, and read the answer."""

    def download(self, words: str) -> bytes:
        """Take the file that the link with these words gives."""

    def await_result(self, heading: str) -> None:
        """Wait until the page under this heading stands there, because the worker has done its work."""

    def show(self, name: str) -> None:
        """Look at the page: photographed and examined where there is something to see."""


class Office(Protocol):
    """The program with everybody who works with it."""

    def at(self, login: str) -> Desk:
        """The desk of this person, who signs in the first time."""
