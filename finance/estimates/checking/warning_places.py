"""What a reason for a warning is tied to: the warning's words and its place, however rows move. Pure.

Fields count rows, and rows move; so a line is known by its project, what it is for and its number among
lines of the same words, and a promise by what it promises. A reason given at one line neither covers
another line of which the same is said, nor wanders when a row is put in above it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from finance.estimates.draft import EstimateDraft, ProjectDraft

_PROJECT = re.compile(r"projects-([0-9]+)-(.*)", re.DOTALL)
_ROW = re.compile(r"(lines|promises)-([0-9]+)-(.*)", re.DOTALL)


def places_of_fields(draft: EstimateDraft, fields: Iterable[str]) -> dict[str, str]:
    """The places that fields of the draft mean, in marks that stay when rows are moved.

    Args:
        draft: what the estimate asks; fields count its projects and rows from 0.
        fields: form field names of findings' locations.
    """
    marks = [_Marks(project) for project in draft.projects]
    return {field: _place(marks, field) for field in fields}


def warning_hash(code: str, message_vi: str, place: str | None = None) -> str:
    """What a reason is stored under: other figures make another warning, which needs a reason of its own.

    Args:
        place: of `places_of_fields`; None for the words wherever they are said, as reasons were kept once.
    """
    said = f"{code}\n{message_vi}" if place is None else f"{code}\n{message_vi}\n\n{place}"
    return hashlib.sha256(said.encode()).hexdigest()


class _Marks:
    """The rows of a project as people tell them apart, doubles numbered."""

    def __init__(self, project: ProjectDraft) -> None:
        self.key = project.project_key
        self.rows = {
            "lines": _numbered((line.item_vi, line.source_code, line.year) for line in project.lines),
            "promises": _numbered(
                (one.output_code, one.level, one.year, one.component) for one in project.promises
            ),
        }


def _numbered(rows: Iterable[tuple[object, ...]]) -> list[str]:
    seen: dict[tuple[object, ...], int] = {}
    found = []
    for row in rows:
        seen[row] = seen.get(row, 0) + 1
        found.append(f"{row!r}\n{seen[row]}")
    return found


def _place(marks: Sequence[_Marks], field: str) -> str:
    match = _PROJECT.fullmatch(field)
    if match is None or int(match[1]) >= len(marks):
        return field
    project, rest = marks[int(match[1])], match[2]
    row = _ROW.fullmatch(rest)
    if row is None or int(row[2]) >= len(project.rows[row[1]]):
        return f"{project.key}\n{rest}"
    return f"{project.key}\n{row[1]}\n{project.rows[row[1]][int(row[2])]}\n{row[3]}"
