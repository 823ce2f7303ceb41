"""What is still missing, as lines that lead to the box; findings that say the same are one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from finance.findings import Finding, Severity

SHOWN_PLACES = 6

_LINE_FIELD = re.compile(r"lines-([0-9]+)-")
_PROJECT_FIELD = re.compile(r"projects-([0-9]+)-(.+)")


@dataclass(frozen=True, slots=True)
class CheckPlace:
    """Where a finding is, in words, and the address that leads there."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One thing to do, at one place or at many."""

    severity: Severity
    message: str
    remedy: str
    places: tuple[CheckPlace, ...]

    @property
    def shown_places(self) -> tuple[CheckPlace, ...]:
        """As many places as a line can hold."""
        return self.places[:SHOWN_PLACES]

    @property
    def more_places(self) -> int:
        """How many places are not shown."""
        return len(self.places) - len(self.shown_places)


@dataclass(frozen=True, slots=True)
class LineNote:
    """What is said of one box of a line; `words` name the box."""

    field: str
    words: str
    text: str
    is_blocking: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """Everything there is to say about a draft, by what it stops."""

    blocking: tuple[CheckItem, ...]
    warning: tuple[CheckItem, ...]
    hinting: tuple[CheckItem, ...]

    @property
    def blocking_count(self) -> int:
        """How many places stop the submission."""
        return sum(len(item.places) for item in self.blocking)

    @property
    def warning_count(self) -> int:
        """How many places should be looked at."""
        return sum(len(item.places) for item in self.warning)

    @property
    def hinting_count(self) -> int:
        """How many places are hinted at."""
        return sum(len(item.places) for item in self.hinting)

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to say."""
        return not (self.blocking or self.warning or self.hinting)


def make_checklist(findings: Iterable[Finding], url_of: Callable[[str], str]) -> Checklist:
    """Gather findings with the same words into one line each, in the order found.

    Args:
        findings: of `check_draft`.
        url_of: the address of a field of the draft.
    """
    places: dict[tuple[Severity, str, str], list[CheckPlace]] = {}
    for finding in findings:
        same = (finding.severity, finding.message_vi, finding.remedy_vi)
        place = CheckPlace(finding.location.text_vi, url_of(finding.location.field))
        places.setdefault(same, []).append(place)
    items = [
        CheckItem(severity, message, remedy, tuple(found))
        for (severity, message, remedy), found in places.items()
    ]
    return Checklist(
        *(
            tuple(item for item in items if item.severity is severity)
            for severity in (Severity.BLOCKS, Severity.WARNS, Severity.HINTS)
        )
    )


def split_field(field: str, keys: Sequence[str]) -> tuple[str, str]:
    """A field of a draft as (key of its project, field of that project); no key for the whole draft."""
    match = _PROJECT_FIELD.fullmatch(field)
    if match is None or int(match[1]) >= len(keys):
        return "", field
    return keys[int(match[1])], match[2]


def notes_by_field(findings: Iterable[Finding]) -> dict[str, tuple[Finding, ...]]:
    """The findings that ask for something, by field; hints stay in the list above the form."""
    notes: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        if finding.severity is not Severity.HINTS:
            notes[finding.location.field] = (*notes.get(finding.location.field, ()), finding)
    return notes


def notes_by_line(notes: Mapping[str, Sequence[Finding]]) -> dict[int, list[LineNote]]:
    """Per row of the grid: what is said of its boxes, in the order found."""
    found: dict[int, list[LineNote]] = {}
    for field, said in notes.items():
        match = _LINE_FIELD.match(field)
        if match is None:
            continue
        blocking = [one for one in said if one.is_blocking]
        words = said[0].location.words.rpartition(", ")[2]
        text = " ".join(one.message_vi for one in blocking or said)
        found.setdefault(int(match[1]), []).append(LineNote(field, words, text, is_blocking=bool(blocking)))
    return found
