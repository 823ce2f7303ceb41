"""Tổng hợp: asked, appraised, proposed and approved money side by side, from the stored rows.

Four figures, four kinds of rows, never mixed: what offices asked, what the appraisal left, what the
adopted run proposed, what the competent authority approved. A figure that does not exist yet is
None, never 0. Every sum is made by `finance.estimates.totals` of the same parts as on other pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.estimates.parts.joining import partner_total
from finance.estimates.queries import current_version, list_estimates
from finance.estimates.rows import EstimateRow
from finance.estimates.totals import Part, estimate_parts
from finance.estimates.workflow import EstimateKind, EstimateStatus
from finance.labels import LabelledEnum
from finance.money import format_vnd
from finance.permissions import require
from finance.programme.queries import list_areas, list_sources
from finance.reports.decided_money import approved_parts, proposed_parts
from finance.reports.export_tables import Column, ColumnKind, ExportTable
from finance.reviews.figures import AppraisedProject, appraised_parts
from finance.reviews.queries import appraised_projects
from finance.rounds.queries import RoundRow, get_round, require_true_round


class Grouping(LabelledEnum):
    """By what the money is laid out."""

    AREA = "AREA", "nội dung cải cách"
    AGENCY = "AGENCY", "cơ quan"
    SOURCE = "SOURCE", "nguồn kinh phí"


@dataclass(frozen=True, slots=True)
class OfficePart:
    """A part of a total with the office it belongs to."""

    agency_id: int
    part: Part


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One row of the table; None where the figure does not exist yet.

    Attributes:
        asked_of_appraised_vnd: what those estimates asked that are fully appraised; a difference is
            only made of figures of the same estimates.

    Units:
        đồng.
    """

    key: str
    name_vi: str
    asked_vnd: int
    asked_of_appraised_vnd: int
    appraised_vnd: int | None
    proposed_vnd: int | None
    approved_vnd: int | None

    @property
    def cut_vnd(self) -> int | None:
        """Appraised less asked, of the appraised estimates; None until there is one."""
        return None if self.appraised_vnd is None else self.appraised_vnd - self.asked_of_appraised_vnd


@dataclass(frozen=True, slots=True)
class Consolidation:
    """The table with its total and what stands behind it.

    Attributes:
        counted: estimates in the figures; those sent and not returned.
        appraised_count: how many of them are fully appraised; only their appraised figures count.
        returned: offices whose estimate was returned and is not in the figures.
        partner_vnd: what co-agencies' lines ask, which stand with their leads' projects here.
    """

    round: RoundRow
    grouping: Grouping
    rows: tuple[SideBySide, ...]
    total: SideBySide
    counted: int
    appraised_count: int
    returned: tuple[str, ...]
    partner_vnd: int = 0

    @property
    def partners_vi(self) -> str:
        """Where co-agencies' money stands, when it is laid out by office; empty when there is none."""
        if self.grouping is not Grouping.AGENCY or not self.partner_vnd:
            return ""
        return (
            f"Phần của cơ quan phối hợp ({format_vnd(self.partner_vnd)} đồng đề nghị) đứng ở dòng của cơ "
            "quan chủ trì; so với số kiểm tra của từng cơ quan thì xem Bảng theo dõi của đợt."
        )


def consolidate_round(session: Session, actor: Actor, round_id: int, *, grouping: Grouping) -> Consolidation:
    """The round's money by area, office or source.

    Raises:
        NotAllowed: the actor neither appraises, decides nor inspects.
        NotFound: no such round.
    """
    require(actor, Action.VIEW_REPORTS)
    require_true_round(session, round_id)
    row = get_round(session, round_id)
    sent = sent_estimates(session, actor, round_id)
    counted = [file for file in sent if file.status is not EstimateStatus.RETURNED]
    figures = _gather(session, counted, round_id)
    key_of = _KEYS[grouping]
    names = _names(session, grouping, counted)
    sums = _added_up(figures, key_of)
    rows = tuple(_side_by_side(key, name, sums) for key, name in names.items())
    return Consolidation(
        round=row,
        grouping=grouping,
        rows=tuple(one for one in rows if _says_something(one)),
        total=_total(figures),
        counted=len(counted),
        appraised_count=sum(file.status is EstimateStatus.APPRAISED for file in counted),
        returned=tuple(file.agency_short for file in sent if file.status is EstimateStatus.RETURNED),
        partner_vnd=partner_total(session, [current_version(session, file.id).id for file in counted]),
    )


def sent_estimates(session: Session, actor: Actor, round_id: int) -> list[EstimateRow]:
    """The annual estimates of the round that were sent, returned ones among them, by office.

    A member of a reviewing office may also prepare for it: own drafts stay out of the figures.
    """
    return [
        file
        for file in list_estimates(session, actor, round_id)
        if file.kind is EstimateKind.ANNUAL and not file.is_private
    ]


def consolidation_table(consolidation: Consolidation) -> ExportTable:
    """The table of the page as it leaves the program."""
    amount = ColumnKind.AMOUNT
    label = consolidation.grouping.label_vi
    heading = f"{label[:1].upper()}{label[1:]}"
    notes = [
        consolidation.round.name_vi,
        f"Tính {consolidation.counted} dự toán đã gửi; {consolidation.appraised_count} đã thẩm định xong.",
    ]
    if consolidation.partners_vi:
        notes.append(consolidation.partners_vi)
    if consolidation.round.is_demonstration:
        notes.append("Dữ liệu minh họa: số tiền là giả định.")
    return ExportTable(
        title=f"Tổng hợp kinh phí theo {label}",
        columns=(
            Column(heading),
            Column("Đề nghị (đồng)", amount),
            Column("Thẩm định (đồng)", amount),
            Column("Chênh lệch (đồng)", amount),
            Column("Dự kiến phân bổ (đồng)", amount),
            Column("Phê duyệt (đồng)", amount),
        ),
        rows=tuple(_cells(row) for row in consolidation.rows),
        notes=tuple(notes),
        total=_cells(consolidation.total),
    )


@dataclass(frozen=True, slots=True)
class _Figures:
    """The parts of the four columns; None for a column of which nothing exists yet."""

    asked: Sequence[OfficePart]
    asked_of_appraised: Sequence[OfficePart]
    appraised: Sequence[OfficePart] | None
    proposed: Sequence[OfficePart] | None
    approved: Sequence[OfficePart] | None


@dataclass(frozen=True, slots=True)
class _Sums:
    """The same columns added up by key, in đồng."""

    asked: Mapping[str, int]
    asked_of_appraised: Mapping[str, int]
    appraised: Mapping[str, int] | None
    proposed: Mapping[str, int] | None
    approved: Mapping[str, int] | None


_KEYS: Mapping[Grouping, Callable[[OfficePart], str]] = {
    Grouping.AREA: lambda one: one.part.area_code,
    Grouping.AGENCY: lambda one: str(one.agency_id),
    Grouping.SOURCE: lambda one: one.part.source_code,
}


def _gather(session: Session, files: Sequence[EstimateRow], round_id: int) -> _Figures:
    asked: list[OfficePart] = []
    asked_of_appraised: list[OfficePart] = []
    appraised: list[OfficePart] = []
    judged: dict[int, tuple[int, AppraisedProject]] = {}
    for file in files:
        projects = appraised_projects(session, current_version(session, file.id).id)
        asked_here = _of_office(file.agency_id, estimate_parts(one.project for one in projects))
        asked += asked_here
        judged |= {one.project.id: (file.agency_id, one) for one in projects}
        if file.status is EstimateStatus.APPRAISED:
            asked_of_appraised += asked_here
            kept = (part for one in projects for part in appraised_parts(one, one.requested_level.ordinal))
            appraised += _of_office(file.agency_id, kept)
    is_any_appraised = any(file.status is EstimateStatus.APPRAISED for file in files)
    return _Figures(
        asked,
        asked_of_appraised,
        appraised if is_any_appraised else None,
        _with_office(proposed_parts(session, round_id, judged), judged),
        _with_office(approved_parts(session, round_id, judged), judged),
    )


def _of_office(agency_id: int, parts: Iterable[Part]) -> list[OfficePart]:
    return [OfficePart(agency_id, part) for part in parts]


def _with_office(
    parts: Mapping[int, Sequence[Part]] | None, judged: Mapping[int, tuple[int, AppraisedProject]]
) -> list[OfficePart] | None:
    """Project id -> parts as parts of offices."""
    if parts is None:
        return None
    return [OfficePart(judged[project][0], part) for project, found in parts.items() for part in found]


def _names(session: Session, grouping: Grouping, files: Sequence[EstimateRow]) -> dict[str, str]:
    """Every key of the grouping with its name, in the order of the decision or of the alphabet."""
    if grouping is Grouping.AREA:
        return {row.code: f"{row.code}. {row.name_vi}" for row in list_areas(session)}
    if grouping is Grouping.SOURCE:
        return {row.code: row.name_vi for row in list_sources(session)}
    return {str(file.agency_id): file.agency_name for file in files}


def _total(figures: _Figures) -> SideBySide:
    return _side_by_side("", "Tổng số", _added_up(figures, lambda _one: ""))


def _added_up(figures: _Figures, key_of: Callable[[OfficePart], str]) -> _Sums:
    """Every column by key, each part looked at once, however many rows the table has."""

    def of(parts: Sequence[OfficePart]) -> dict[str, int]:
        sums: dict[str, int] = defaultdict(int)
        for one in parts:
            sums[key_of(one)] += one.part.amount_vnd
        return sums

    def known(parts: Sequence[OfficePart] | None) -> dict[str, int] | None:
        return None if parts is None else of(parts)

    return _Sums(
        of(figures.asked),
        of(figures.asked_of_appraised),
        known(figures.appraised),
        known(figures.proposed),
        known(figures.approved),
    )


def _side_by_side(key: str, name: str, sums: _Sums) -> SideBySide:
    def known(column: Mapping[str, int] | None) -> int | None:
        return None if column is None else column.get(key, 0)

    return SideBySide(
        key=key,
        name_vi=name,
        asked_vnd=sums.asked.get(key, 0),
        asked_of_appraised_vnd=sums.asked_of_appraised.get(key, 0),
        appraised_vnd=known(sums.appraised),
        proposed_vnd=known(sums.proposed),
        approved_vnd=known(sums.approved),
    )


def _says_something(row: SideBySide) -> bool:
    return any((row.asked_vnd, row.appraised_vnd, row.proposed_vnd, row.approved_vnd))


def _cells(row: SideBySide) -> tuple[str | int | None, ...]:
    return (
        row.name_vi,
        row.asked_vnd,
        row.appraised_vnd,
        row.cut_vnd,
        row.proposed_vnd,
        row.approved_vnd,
    )
