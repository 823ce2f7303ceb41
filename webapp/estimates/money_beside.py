"""What a project asks of each source and year, beside the office's other projects and its control figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import ProjectDraft
from finance.estimates.totals import Part, parts_of_draft, requested_ordinal, sum_of
from finance.money import vnd


@dataclass(frozen=True, slots=True)
class SourceBeside:
    """One source of the small table under the grid.

    Attributes:
        by_year: what this project asks, in the order of the round's years.
        others_vnd: what the office's other projects ask in the fiscal year, and its parts in projects of
            other offices.

    Units:
        đồng; `ceiling_vnd` None where no figure was issued. Both it and `others_vnd` are of the fiscal year.
    """

    code: str
    name: str
    by_year: tuple[int, ...]
    in_year_vnd: int
    others_vnd: int
    ceiling_vnd: int | None

    @property
    def is_shown(self) -> bool:
        """True when the source has anything to say here."""
        return self.ceiling_vnd is not None or any(self.by_year) or self.others_vnd > 0

    @property
    def left_vnd(self) -> int | None:
        """What is left under the control figure; below zero when it is exceeded."""
        return None if self.ceiling_vnd is None else self.ceiling_vnd - self.others_vnd - self.in_year_vnd


def money_beside(
    project: ProjectDraft, others: Sequence[ProjectDraft], context: CheckContext
) -> tuple[SourceBeside, ...]:
    """Every source of the programme, in its order.

    Args:
        project: as far as it can be read.
        others: the stored projects beside it.
        context: sources, years and control figures.
    """
    mine = _sums(_requested_parts(project))
    beside = _sums([part for other in others for part in _requested_parts(other)])
    return tuple(
        SourceBeside(
            code,
            source.name_vi,
            tuple(mine.get((code, year), 0) for year in context.years),
            mine.get((code, context.fiscal_year), 0),
            beside.get((code, context.fiscal_year), 0)
            + context.parts_bound.get(code, 0)
            + context.parts_competing.get(code, 0),
            context.ceilings.get(code),
        )
        for code, source in context.sources.items()
    )


def _requested_parts(project: ProjectDraft) -> list[Part]:
    if not project.levels:
        return []
    try:
        parts = parts_of_draft(project, requested_ordinal(project.levels))
        vnd(sum_of(parts))
    except OverflowError:
        return []  # a figure too large to be stored is a finding of its own
    return parts


def _sums(parts: Sequence[Part]) -> Mapping[tuple[str, int], int]:
    sums: dict[tuple[str, int], int] = {}
    for part in parts:
        place = (part.source_code, part.year)
        sums[place] = sums.get(place, 0) + part.amount_vnd
    return sums
