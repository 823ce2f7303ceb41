"""Where in a draft a finding is: the field name form and workbook share, and the place in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from finance.estimates.draft import ProjectDraft
from finance.findings import Finding, Location, Severity


@dataclass(frozen=True, slots=True)
class Place:
    """A project, line or promise of a draft.

    Attributes:
        prefix: beginning of the field names, such as ``projects-0-lines-3-``.
        words: the place as a person names it: "Dự án DA1, dòng 4".
    """

    prefix: str
    words: str

    def line(self, index: int) -> Place:
        """The project's cost line at this index (0 for the first)."""
        return Place(f"{self.prefix}lines-{index}-", f"{self.words}, dòng chi {index + 1}")

    def promise(self, index: int) -> Place:
        """The project's promise at this index (0 for the first)."""
        return Place(f"{self.prefix}promises-{index}-", f"{self.words}, kết quả {index + 1}")

    def at(self, field: str, words: str = "") -> Location:
        """One field of the place."""
        said = f"{self.words}, {words}" if words and self.words else words or self.words
        return Location(field=f"{self.prefix}{field}", words=said)


def project_place(project: ProjectDraft, index: int) -> Place:
    """The place of a draft's project at this index (0 for the first)."""
    name = project.project_key or f"thứ {index + 1}"
    return Place(f"projects-{index}-", f"Dự án {name}")


def blocking(code: str, location: Location, message_vi: str, remedy_vi: str = "") -> Finding:
    """A finding that stops the estimate."""
    return Finding(code, Severity.BLOCKS, message_vi, location, remedy_vi)


def warning(code: str, location: Location, message_vi: str, remedy_vi: str = "") -> Finding:
    """A finding that a person should look at and may let stand."""
    return Finding(code, Severity.WARNS, message_vi, location, remedy_vi)


def hint(code: str, location: Location, message_vi: str, remedy_vi: str = "") -> Finding:
    """A finding that only informs."""
    return Finding(code, Severity.HINTS, message_vi, location, remedy_vi)
