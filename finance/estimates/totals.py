"""The one service for sums: what a page, a workbook or a check calls a total comes from here. Pure.

Levels are alternatives, never added together: a project counts once, at its requested level.
Amounts are taken as stored (rounded once per line and level) and only ever added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from finance.estimates.draft import EstimateDraft, LineDraft, ProjectDraft
from finance.estimates.levels import LevelCode
from finance.estimates.rows import ProjectRow
from finance.money import line_amount_vnd
from finance.programme.classification import Nature


@dataclass(frozen=True, slots=True)
class Part:
    """One indivisible part of a total: a line's amount in one level.

    Units:
        `amount_vnd` in đồng.
    """

    project_key: str
    area_code: str
    source_code: str
    nature: Nature
    year: int
    amount_vnd: int


def requested_ordinal(codes: Sequence[LevelCode]) -> int:
    """Which level an office's request is counted at, 1 for the first.

    The level "đầy đủ" when there is one; else the highest that is not an extension; an extension
    is an offer to do more, not the request.

    Raises:
        ValueError: no level at all.
    """
    if not codes:
        raise ValueError("a project without a level asks nothing")
    if LevelCode.FULL in codes:
        return codes.index(LevelCode.FULL) + 1
    plain = [place for place, code in enumerate(codes, start=1) if code is not LevelCode.EXTENDED]
    return plain[-1] if plain else len(codes)


def draft_line_amount(line: LineDraft, ordinal: int) -> int:
    """A draft line's amount in a level (1 for the first), rounded half up once."""
    return line_amount_vnd(line.unit_price_vnd, line.frequency_thousandths, line.quantities[ordinal - 1])


def parts_of_draft(project: ProjectDraft, ordinal: int, *, area_code: str = "") -> list[Part]:
    """The parts of one level of a project not yet stored."""
    return [
        Part(
            project.project_key,
            area_code,
            line.source_code,
            line.nature,
            line.year,
            draft_line_amount(line, ordinal),
        )
        for line in project.lines
    ]


def parts_of_row(project: ProjectRow, ordinal: int) -> list[Part]:
    """The stored parts of one level of a project."""
    return [
        Part(
            project.project_key,
            project.area_code,
            line.source_code,
            line.nature,
            line.year,
            line.quantities[ordinal - 1].amount_vnd,
        )
        for line in project.lines
    ]


def project_level_total(project: ProjectRow, ordinal: int) -> int:
    """What a stored project asks at a level (1 for the first), in đồng."""
    return sum_of(parts_of_row(project, ordinal))


def draft_level_total(project: ProjectDraft, ordinal: int) -> int:
    """What a project not yet stored asks at a level (1 for the first), in đồng."""
    return sum(draft_line_amount(line, ordinal) for line in project.lines)


def requested_level(project: ProjectRow) -> int:
    """The level at which a stored project counts, 1 for the first."""
    return requested_ordinal([level.code for level in project.levels])


def estimate_parts(projects: Iterable[ProjectRow]) -> list[Part]:
    """Every stored project's parts at its requested level."""
    return [part for project in projects for part in parts_of_row(project, requested_level(project))]


def estimate_total(projects: Iterable[ProjectRow]) -> int:
    """What an estimate asks: every project once, at its requested level, in đồng."""
    return sum_of(estimate_parts(projects))


def draft_total(draft: EstimateDraft) -> int:
    """What a draft asks: every project once, at its requested level, in đồng."""
    return sum(
        draft_level_total(project, requested_ordinal(project.levels))
        for project in draft.projects
        if project.levels
    )


def sum_of(parts: Iterable[Part]) -> int:
    """The parts added up, in đồng."""
    return sum(part.amount_vnd for part in parts)


def totals_by(parts: Iterable[Part], key: Callable[[Part], str]) -> dict[str, int]:
    """Sums of the parts by any property, in the order of the keys; they add up to `sum_of(parts)`."""
    sums: dict[str, int] = {}
    for part in parts:
        name = key(part)
        sums[name] = sums.get(name, 0) + part.amount_vnd
    return dict(sorted(sums.items()))


def totals_by_source(parts: Iterable[Part]) -> dict[str, int]:
    """Sums by source code, in đồng."""
    return totals_by(parts, lambda part: part.source_code)


def totals_by_nature(parts: Iterable[Part]) -> dict[str, int]:
    """Sums by the nature's code, in đồng."""
    return totals_by(parts, lambda part: str(part.nature))


def totals_by_year(parts: Iterable[Part]) -> dict[int, int]:
    """Sums by year, in đồng."""
    return {int(year): amount for year, amount in totals_by(parts, lambda part: str(part.year)).items()}


def totals_by_area(parts: Iterable[Part]) -> dict[str, int]:
    """Sums by content of reform, in đồng."""
    return totals_by(parts, lambda part: part.area_code)
