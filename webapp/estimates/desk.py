"""An estimate at a glance: money by source against the control figures, and what each act would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from finance.actions import Action
from finance.actors import Actor, Capacity, Function
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.rows import EstimateRow, ProjectRow
from finance.estimates.totals import estimate_parts, estimate_total, sum_of, totals_by_source
from finance.estimates.workflow import EstimateStatus, steps_from
from finance.money import format_vnd
from finance.permissions import may
from finance.vietnamese.words import amount_in_words

_S = EstimateStatus
WAY = (
    _S.DRAFT,
    _S.CHECKED,
    _S.SECTION_PASSED,
    _S.SIGNED,
    _S.SENT,
    _S.RECEIVED,
    _S.CONTENT_APPRAISAL,
    _S.ESTIMATE_APPRAISAL,
    _S.APPRAISED,
)


def way_of(row: EstimateRow) -> tuple[EstimateStatus, ...]:
    """The steps this office's estimate goes through; "bị trả lại" stands in place of "đã gửi"."""
    over_section = row.has_section_step or row.status is _S.SECTION_PASSED
    steps = (step for step in WAY if over_section or step is not _S.SECTION_PASSED)
    is_back = row.status is _S.RETURNED
    return tuple(_S.RETURNED if is_back and step is _S.SENT else step for step in steps)


@dataclass(frozen=True, slots=True)
class SourceMoney:
    """One source of the money table; the control figure binds the fiscal year.

    Attributes:
        in_parts_vnd: what the office asks of the fiscal year in other offices' projects.

    Units:
        đồng; `ceiling_vnd` None where no figure was issued.
    """

    code: str
    name: str
    ceiling_vnd: int | None
    asked_in_year_vnd: int
    asked_vnd: int
    in_parts_vnd: int = 0

    @property
    def remaining_vnd(self) -> int | None:
        """What is left under the control figure; below zero when it is exceeded."""
        if self.ceiling_vnd is None:
            return None
        return self.ceiling_vnd - self.asked_in_year_vnd - self.in_parts_vnd


@dataclass(frozen=True, slots=True)
class MoneyTable:
    """Asked against control figures, which are of the fiscal year, by source and in all."""

    fiscal_year: int
    rows: tuple[SourceMoney, ...]
    asked_in_year_vnd: int
    asked_vnd: int
    in_parts_vnd: int = 0

    @property
    def ceiling_vnd(self) -> int | None:
        """The control figures added up, None when none was issued."""
        issued = [row.ceiling_vnd for row in self.rows if row.ceiling_vnd is not None]
        return sum(issued) if issued else None

    @property
    def remaining_vnd(self) -> int | None:
        """What is left over the sources that have a control figure."""
        left = [row.remaining_vnd for row in self.rows if row.remaining_vnd is not None]
        return sum(left) if left else None


@dataclass(frozen=True, slots=True)
class Effect:
    """What an act would move, told before the click.

    Attributes:
        total_vnd: with what co-agencies have signed, for their lines go along.
        partners_vnd: how much of it joins only with the act.
    """

    project_count: int
    total_vnd: int
    difference_vnd: int | None
    remaining_vnd: int | None
    fiscal_year: int
    partners_vnd: int = 0

    def sentence(self, verb: str) -> str:
        """Such as “Gửi 3 dự án, 1.250.000.000 đồng …; riêng năm 2012 còn lại trong số kiểm tra …”."""
        said = _(
            "%(verb)s %(count)s dự án, %(total)s đồng (%(words)s)",
            verb=verb,
            count=self.project_count,
            total=format_vnd(self.total_vnd),
            words=amount_in_words(self.total_vnd),
        )
        return said + self._partners() + self._difference() + self._remaining() + "."

    def _partners(self) -> str:
        if not self.partners_vnd:
            return ""
        return _(", kể cả %(amount)s đồng của cơ quan phối hợp", amount=format_vnd(self.partners_vnd))

    def _difference(self) -> str:
        if self.difference_vnd is None:
            return ""
        amount = format_vnd(abs(self.difference_vnd))
        if self.difference_vnd > 0:
            return _(", tăng %(amount)s đồng so với lần trước", amount=amount)
        if self.difference_vnd < 0:
            return _(", giảm %(amount)s đồng so với lần trước", amount=amount)
        return _(", bằng lần trước")

    def _remaining(self) -> str:
        if self.remaining_vnd is None:
            return ""
        amount, year = format_vnd(abs(self.remaining_vnd)), self.fiscal_year
        if self.remaining_vnd < 0:
            return _("; riêng năm %(year)s cao hơn số kiểm tra %(amount)s đồng", year=year, amount=amount)
        return _("; riêng năm %(year)s còn lại trong số kiểm tra %(amount)s đồng", year=year, amount=amount)


def money_table(
    projects: Sequence[ProjectRow], context: CheckContext, in_parts: Mapping[str, int]
) -> MoneyTable:
    """Every source that has a control figure or is asked for, in the programme's order.

    Args:
        projects: with the office's own lines alone.
        context: sources and control figures.
        in_parts: what the office asks of the fiscal year in other offices' projects, by source, as far as
            the reader may know of it.
    """
    parts = estimate_parts(projects)
    of_year = [part for part in parts if part.year == context.fiscal_year]
    asked, in_year = totals_by_source(parts), totals_by_source(of_year)
    rows = tuple(
        SourceMoney(
            code,
            source.name_vi,
            context.ceilings.get(code),
            in_year.get(code, 0),
            asked.get(code, 0),
            in_parts.get(code, 0),
        )
        for code, source in context.sources.items()
        if code in context.ceilings or code in asked or code in in_parts
    )
    return MoneyTable(
        context.fiscal_year, rows, sum_of(of_year), sum_of(parts), sum(row.in_parts_vnd for row in rows)
    )


def effect_of(
    projects: Sequence[ProjectRow],
    before: Sequence[ProjectRow] | None,
    money: MoneyTable,
    partners_vnd: int = 0,
) -> Effect:
    """What would be handed on.

    Args:
        projects: the current version.
        before: the version sent before, None for the first.
        money: of the current version.
        partners_vnd: what co-agencies have signed and joins the projects only with the act.
    """
    total = estimate_total(projects) + partners_vnd
    difference = None if before is None else total - estimate_total(before)
    return Effect(len(projects), total, difference, money.remaining_vnd, money.fiscal_year, partners_vnd)


def own_acts(actor: Actor, row: EstimateRow) -> frozenset[Action]:
    """The acts of the preparing office that the procedure and the rights allow this person now."""
    return frozenset(
        step.action
        for step in steps_from(row.status, has_section_step=row.has_section_step)
        if step.function is Function.PREPARE and may(actor, step.action, row.agency_id)
    )


def may_edit(actor: Actor, row: EstimateRow) -> bool:
    """True when this person may change what the estimate asks now."""
    return row.status is EstimateStatus.DRAFT and may(actor, Action.SAVE_DRAFT, row.agency_id)


def next_capacity(row: EstimateRow) -> Capacity | None:
    """In which capacity somebody of the office itself must act next; None where no signature waits."""
    if row.status is _S.CHECKED and row.has_section_step:
        return Capacity.SECTION_HEAD
    return Capacity.HEAD if row.status in (_S.CHECKED, _S.SECTION_PASSED) else None


def handed_to(row: EstimateRow, names: Sequence[str]) -> str:
    """What is said after a draft was handed on: who really is next, by name."""
    capacity = next_capacity(row)
    if capacity is None:
        return _("Đã trình.")
    said = _("Đã trình %(whom)s.", whom=capacity.label_vi)
    act = _("duyệt") if capacity is Capacity.SECTION_HEAD else _("ký duyệt")
    if not names:
        return said + " " + _("Cơ quan chưa có ai giữ vị trí này; mời báo người quản trị.")
    return said + " " + _("Tiếp theo: %(names)s %(act)s.", names=", ".join(names), act=act)


def expected_of(
    acts: frozenset[Action], row: EstimateRow, blocking_count: int, names: Sequence[str] = ()
) -> str:
    """What is expected of the reader now, in one sentence.

    Args:
        blocking_count: how many findings stand in the way of handing the draft on.
        names: who of the office signs next.
    """
    if Action.CHECK_ESTIMATE in acts and blocking_count:
        return _("Sửa %(count)s lỗi trong danh sách dưới đây rồi trình duyệt.", count=blocking_count)
    if Action.CHECK_ESTIMATE in acts:
        return _("Dự toán đã đủ điều kiện; xem lại và trình duyệt.")
    if Action.PASS_SECTION in acts:
        return _("Xem từng dự án, rồi duyệt và trình thủ trưởng, hoặc trả lại người lập kèm lý do.")
    if Action.SIGN_ESTIMATE in acts:
        return _("Xem từng dự án, rồi ký duyệt hoặc trả lại người lập kèm lý do.")
    if Action.SEND_ESTIMATE in acts:
        return _("Ghi số, ngày văn bản và gửi đến các cơ quan thẩm định.")
    if Action.REVISE_ESTIMATE in acts:
        return _("Đọc lý do trả lại, mở bản lập lại, sửa rồi trình và gửi lần nữa.")
    said = _waiting_for(row)
    return f"{said} ({', '.join(names)})." if names else f"{said}."


def _waiting_for(row: EstimateRow) -> str:
    """Who holds the file, for a reader who cannot move it; without the full stop."""
    if row.status is _S.CHECKED and row.has_section_step:
        return _("Chờ lãnh đạo phòng duyệt")
    return {
        _S.DRAFT: _("Người lập đang soạn; chưa có gì phải làm"),
        _S.CHECKED: _("Chờ thủ trưởng ký duyệt"),
        _S.SECTION_PASSED: _("Lãnh đạo phòng đã duyệt; chờ thủ trưởng ký"),
        _S.SIGNED: _("Chờ gửi đến các cơ quan thẩm định"),
        _S.SENT: _("Chờ cơ quan tài chính tiếp nhận"),
        _S.RETURNED: _("Chờ cơ quan lập dự toán mở bản lập lại"),
        _S.RECEIVED: _("Đã được tiếp nhận; chờ thẩm định nội dung"),
        _S.CONTENT_APPRAISAL: _("Đang được thẩm định nội dung"),
        _S.ESTIMATE_APPRAISAL: _("Đang được thẩm định dự toán"),
        _S.APPRAISED: _("Đã thẩm định xong; chờ phương án phân bổ"),
    }[row.status]
