"""Deciding a value that two sides may have changed: one change wins, two different ones ask. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from finance.labels import LabelledEnum


class Side(LabelledEnum):
    """Whose value stands."""

    FILE = "FILE", "trong tệp"
    WEB = "WEB", "trên web"


class _Absent:
    """Stands where a side does not have the part at all."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value both sides changed, each in another way.

    Attributes:
        place: names it within the merge; stays the same as long as the three drafts do.
        project_key: of the project it belongs to.
        part: what of the project: "" for the project itself, or the line or promise as its content.
        field: the field's name; "" when the whole part was deleted by one side and changed by the other.
        base, file, web: the three values; `ABSENT` where a side does not have the part.
    """

    place: str
    project_key: str
    part: str
    field: str
    base: Any
    file: Any
    web: Any


@dataclass(slots=True)
class Decisions:
    """What a person chose, and the conflicts met on the way; without a choice the web's value stands."""

    choices: Mapping[str, Side]
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def open_conflicts(self) -> list[Conflict]:
        """The conflicts nobody has decided."""
        return [conflict for conflict in self.conflicts if conflict.place not in self.choices]

    def value(self, conflict: Conflict) -> Any:
        """The value of the three that stands; notes the conflict when two sides differ."""
        base, file, web = conflict.base, conflict.file, conflict.web
        if file in (web, base):
            return web
        if web == base:
            return file
        return file if self.side(conflict) is Side.FILE else web

    def side(self, conflict: Conflict) -> Side:
        """Note a conflict and say which side stands."""
        self.conflicts.append(conflict)
        return self.choices.get(conflict.place, Side.WEB)


def merged_set(base: Iterable[str], file: Iterable[str], web: Iterable[str]) -> set[str]:
    """Members that one side added or took away; no two sides can differ about one member."""
    old, mine, theirs = set(base), set(file), set(web)
    return (mine & theirs) | ((mine | theirs) - old)
