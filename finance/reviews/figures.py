"""Asked and appraised figures side by side, as the frozen rows that pages and later rooms read.

An appraised figure that does not exist yet is None, never 0: what nobody has judged is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from finance.actors import Function
from finance.estimates.levels import LevelCode
from finance.estimates.rows import LineRow, ProjectRow, PromiseRow
from finance.estimates.totals import Part, parts_of_row, sum_of
from finance.reviews.rules import SCORED_KINDS, CutReason, Verdict


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """What one function said of a project, by whom and when."""

    function: Function
    verdict: Verdict
    words: str
    person_name: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class AppraisedQuantity:
    """A line in one level: asked beside appraised; the appraised side is None until judged.

    Units:
        `_thousandths` in thousandths, `_vnd` in đồng.
    """

    level_id: int
    asked_thousandths: int
    asked_vnd: int
    appraised_thousandths: int | None
    appraised_vnd: int | None

    @property
    def difference_vnd(self) -> int | None:
        """Appraised less asked; None until judged."""
        return None if self.appraised_vnd is None else self.appraised_vnd - self.asked_vnd


@dataclass(frozen=True, slots=True)
class AppraisedLine:
    """A cost line with what the appraisal says of it."""

    line: LineRow
    is_appraised: bool
    unit_price_vnd: int | None
    reason: CutReason | None
    words: str
    person_name: str
    appraised_at: datetime | None
    quantities: tuple[AppraisedQuantity, ...]

    @property
    def is_cut(self) -> bool:
        """True when the appraisal gave less than was asked; it then carries its ground."""
        return self.reason is not None


@dataclass(frozen=True, slots=True)
class AppraisedPromise:
    """A promised result with what the appraisal accepted of it."""

    promise: PromiseRow
    is_appraised: bool
    is_accepted: bool
    quantity_thousandths: int
    refused_unit_ids: frozenset[int]
    words: str
    person_name: str
    appraised_at: datetime | None

    @property
    def accepted_unit_ids(self) -> tuple[int, ...]:
        """The promised units that count, in the promise's order."""
        if not self.is_accepted:
            return ()
        return tuple(unit for unit in self.promise.unit_ids if unit not in self.refused_unit_ids)

    @property
    def is_scored(self) -> bool:
        """True when the accepted promise may earn points in an allocation."""
        return self.is_accepted and self.promise.output_kind in SCORED_KINDS


@dataclass(frozen=True, slots=True)
class AppraisedLevel:
    """One level: what is asked, and what the appraisal leaves once every line of it is judged."""

    id: int
    ordinal: int
    code: LevelCode
    is_requested: bool
    asked_vnd: int
    appraised_vnd: int | None
    difference_so_far_vnd: int

    @property
    def difference_vnd(self) -> int | None:
        """Appraised less asked; None until every line is judged."""
        return None if self.appraised_vnd is None else self.appraised_vnd - self.asked_vnd


@dataclass(frozen=True, slots=True)
class AppraisedProject:
    """A project of a sent version with every opinion and appraised figure that exists so far."""

    project: ProjectRow
    is_pool: bool
    opinions_due: tuple[Function, ...]
    opinions: tuple[OpinionRow, ...]
    levels: tuple[AppraisedLevel, ...]
    lines: tuple[AppraisedLine, ...]
    promises: tuple[AppraisedPromise, ...]

    def opinion_of(self, function: Function) -> OpinionRow | None:
        """The opinion of this function, or None."""
        return next((opinion for opinion in self.opinions if opinion.function is function), None)

    def _verdict_of(self, function: Function) -> Verdict | None:
        opinion = self.opinion_of(function)
        return opinion.verdict if opinion else None

    @property
    def content_verdict(self) -> Verdict | None:
        """What the content appraisal says."""
        return self._verdict_of(Function.CONTENT_APPRAISAL)

    @property
    def it_verdict(self) -> Verdict | None:
        """What the information technology office says."""
        return self._verdict_of(Function.IT_OPINION)

    @property
    def pool_verdict(self) -> Verdict | None:
        """What the office that consolidates the allocation says."""
        return self._verdict_of(Function.ALLOCATION_CONSOLIDATION)

    @property
    def is_rejected(self) -> bool:
        """True when the content was refused: the project is appraised at 0 and goes no further."""
        return self.content_verdict is Verdict.REJECT

    @property
    def opinions_missing(self) -> tuple[Function, ...]:
        """The functions whose opinion is due and not given."""
        return tuple(function for function in self.opinions_due if self.opinion_of(function) is None)

    @property
    def lines_left(self) -> tuple[AppraisedLine, ...]:
        """The lines still to be judged; none in a refused project."""
        return () if self.is_rejected else tuple(line for line in self.lines if not line.is_appraised)

    @property
    def promises_left(self) -> tuple[AppraisedPromise, ...]:
        """The promises still to be judged; none in a refused project."""
        return () if self.is_rejected else tuple(one for one in self.promises if not one.is_appraised)

    @property
    def requested_level(self) -> AppraisedLevel:
        """The level at which the project counts in every total."""
        return next(level for level in self.levels if level.is_requested)


@dataclass(frozen=True, slots=True)
class ProjectLeft:
    """What is left to do in one project; nothing is judged line by line in a refused one."""

    content_verdict: Verdict | None
    opinions_missing: tuple[Function, ...]
    lines_left: int
    promises_left: int


@dataclass(frozen=True, slots=True)
class EstimateFigures:
    """What an estimate asks and what the appraisal has made of it so far, every project once.

    Attributes:
        appraised_vnd: None until every line of every project not refused is judged.
        difference_so_far_vnd: what refused projects and judged lines take away (never above 0).
    """

    asked_vnd: int
    appraised_vnd: int | None
    difference_so_far_vnd: int
    project_count: int
    refused_count: int
    line_count: int
    lines_left: int
    promise_count: int
    promises_left: int

    @property
    def judged_lines(self) -> int:
        """How many lines are judged."""
        return self.line_count - self.lines_left


def part_of_line(project: ProjectRow, line: LineRow, amount_vnd: int) -> Part:
    """An amount of a line as a part of a total, with the marks totals are sorted by."""
    return Part(project.project_key, project.area_code, line.source_code, line.nature, line.year, amount_vnd)


def appraised_parts(one: AppraisedProject, ordinal: int) -> list[Part]:
    """The appraised parts of a level (1 for the first) that are judged so far; none of a refused project."""
    if one.is_rejected:
        return []
    return [
        part_of_line(one.project, judged.line, quantity.appraised_vnd)
        for judged in one.lines
        for quantity in judged.quantities[ordinal - 1 : ordinal]
        if quantity.appraised_vnd is not None
    ]


def figures_of(projects: Sequence[AppraisedProject]) -> EstimateFigures:
    """Totals of an estimate, every project once at its requested level; all sums by `estimates.totals`."""
    standing = [one for one in projects if not one.is_rejected]
    lines_left = sum(len(one.lines_left) for one in standing)
    at = [(one, one.requested_level.ordinal) for one in projects]
    kept = sum_of(part for one, ordinal in at for part in appraised_parts(one, ordinal))
    return EstimateFigures(
        asked_vnd=sum_of(part for one, ordinal in at for part in parts_of_row(one.project, ordinal)),
        appraised_vnd=None if lines_left else kept,
        difference_so_far_vnd=sum(one.requested_level.difference_so_far_vnd for one in projects),
        project_count=len(projects),
        refused_count=len(projects) - len(standing),
        line_count=sum(len(one.lines) for one in standing),
        lines_left=lines_left,
        promise_count=sum(len(one.promises) for one in standing),
        promises_left=sum(len(one.promises_left) for one in standing),
    )
