"""One way of writing numbers through the whole file: a file with two was put together from two."""

from __future__ import annotations

from dataclasses import dataclass

from finance.findings import Location
from finance.written_numbers import Notation


@dataclass(slots=True)
class NotationWatch:
    """Remembers where a notation was first met."""

    notation: Notation = Notation.NEUTRAL
    place: str = ""

    def clash(self, notation: Notation, location: Location) -> str:
        """What is wrong with a number written so at this place; empty when nothing is."""
        if notation is Notation.NEUTRAL:
            return ""
        if self.notation is Notation.NEUTRAL:
            self.notation, self.place = notation, location.text_vi
        if notation is self.notation:
            return ""
        return f"Ô này dùng {notation.label_vi}, nhưng ô {self.place} dùng {self.notation.label_vi}."
