"""A project of another year or estimate as the start of a new one. Pure.

Years are shifted, prices updated, codes relinked to this round's lists, and every loss is told.

Prices: price x factor, rounded half up to the đồng, then half up to the step asked for; a price smaller
than the step keeps its đồng, or a page copied at 300 đồng would cost nothing. Nothing passes through a
float. A line held against a norm whose ceiling has changed may follow the norm instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import LineDraft, ProjectDraft, PromiseDraft, tidy_project
from finance.findings import Finding, Location, Severity
from finance.money import format_quantity, format_vnd

UNCHANGED = 100_000  # 100 % in thousandths of a percent
LARGEST_PERCENT = 1_000_000  # ten times the old price is no price update any more
ROUNDING_STEPS = (1, 100, 1_000, 10_000, 100_000)
COPIED_UNCHECKED = "COPIED_UNCHECKED"


@dataclass(frozen=True, slots=True)
class PriceUpdate:
    """How old prices become new ones.

    Attributes:
        percent_thousandths: the new price in thousandths of a percent of the old; 100000 changes nothing.
        step_vnd: prices are rounded half up to a multiple of this.
        basis: where the factor comes from: index, month, document; printed beside the copy.
        follows_norms: a price that stood at its norm's old ceiling takes the norm's new one.
    """

    percent_thousandths: int = UNCHANGED
    step_vnd: int = 1
    basis: str = ""
    follows_norms: bool = False

    @property
    def rule_vi(self) -> str:
        """The rule in words, with the rounding named."""
        if self.percent_thousandths == UNCHANGED:
            said = "giữ nguyên đơn giá"
        else:
            percent = format_quantity(self.percent_thousandths)
            small = "" if self.step_vnd == 1 else "; giá dưới bậc ấy làm tròn đến đồng"
            to = "đồng" if self.step_vnd == 1 else f"{format_vnd(self.step_vnd)} đồng"
            said = f"đơn giá nhân {percent} %, làm tròn đến {to} (từ một nửa trở lên thì tăng{small})"
        if self.follows_norms:
            said += "; đơn giá bằng định mức cũ thì lấy định mức mới"
        return f"{said}; căn cứ: {self.basis}" if self.basis else said


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """Where a copy goes: its key and rank in the draft, how many years later, at which prices."""

    project_key: str
    priority: int
    years_later: int
    prices: PriceUpdate = field(default_factory=PriceUpdate)


@dataclass(frozen=True, slots=True)
class OldNorm:
    """A norm as the origin knew it: its ceiling in đồng, and the version in force that took its place."""

    max_vnd: int
    successor_code: str = ""


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line of the copy beside the line it came from."""

    item_vi: str
    old_price_vnd: int
    new_price_vnd: int
    old_year: int
    new_year: int


@dataclass(frozen=True, slots=True)
class CopyResult:
    """The copy, what was lost on the way, and how its lines differ from the origin."""

    project: ProjectDraft
    findings: tuple[Finding, ...]
    changes: tuple[LineChange, ...]


def updated_price(price_vnd: int, update: PriceUpdate) -> int:
    """The price of the new year, in whole đồng.

    Raises:
        ValueError: the factor or the step is not one that a price update may have.
    """
    if not 0 < update.percent_thousandths <= LARGEST_PERCENT or update.step_vnd not in ROUNDING_STEPS:
        raise ValueError("not a price update")
    if update.percent_thousandths == UNCHANGED:
        return price_vnd
    raised = (price_vnd * update.percent_thousandths + UNCHANGED // 2) // UNCHANGED
    if raised < update.step_vnd:
        return raised
    return (raised + update.step_vnd // 2) // update.step_vnd * update.step_vnd


def copy_project(
    origin: ProjectDraft, plan: CopyPlan, context: CheckContext, old_norms: Mapping[str, OldNorm]
) -> CopyResult:
    """The project as it would stand in the draft.

    Args:
        origin: as it was asked where it is copied from, tidied.
        plan: where it goes.
        context: of the estimate it goes to.
        old_norms: every norm there ever was, by code.
    """
    losses: list[Finding] = []
    lines: list[LineDraft] = []
    changes: list[LineChange] = []
    for number, line in enumerate(origin.lines, start=1):
        copied = _copied_line(line, number, plan, context, old_norms, losses)
        if copied is not None:
            lines.append(copied)
            changes.append(
                LineChange(line.item_vi, line.unit_price_vnd, copied.unit_price_vnd, line.year, copied.year)
            )
    gone = [code for code in origin.target_codes if code not in context.target_names]
    losses += [_loss("COPY_TARGET_GONE", "Mục tiêu", f"Mục tiêu {code} không còn; đã bỏ.") for code in gone]
    if origin.task_code not in context.tasks:
        said = f"Nhiệm vụ {origin.task_code} không có trong chương trình hiện nay."
        losses.append(_loss("COPY_TASK_GONE", "Nhiệm vụ", said, Severity.BLOCKS))
    project = replace(
        origin,
        project_key=plan.project_key,
        priority=plan.priority,
        target_codes=tuple(code for code in origin.target_codes if code not in gone),
        lines=tuple(lines),
        promises=tuple(_copied_promises(origin, plan, context, losses)),
    )
    return CopyResult(tidy_project(project), tuple(losses), tuple(changes))


def unchecked_lines(copied: ProjectDraft, now: ProjectDraft) -> tuple[int, ...]:
    """Numbers (0 for the first) of the lines that still stand exactly as they were copied."""
    left = Counter(copied.lines)
    found = []
    for number, line in enumerate(now.lines):
        if left[line] > 0:
            left[line] -= 1
            found.append(number)
    return tuple(found)


def unchecked_hint(index: int, project: ProjectDraft, count: int) -> Finding:
    """The hint that so many figures of a copied project were not looked at yet."""
    return Finding(
        COPIED_UNCHECKED,
        Severity.HINTS,
        f"{count} dòng chi còn nguyên như bản chép, chưa được xem lại.",
        Location(field=f"projects-{index}-lines", words=f"Dự án {project.project_key}"),
        "Xem từng dòng, sửa nếu cần, rồi bấm “Đã xem số liệu chép”.",
    )


def _copied_line(
    line: LineDraft,
    number: int,
    plan: CopyPlan,
    context: CheckContext,
    old_norms: Mapping[str, OldNorm],
    losses: list[Finding],
) -> LineDraft | None:
    where, year = f"Dòng {number} “{line.item_vi}”", line.year + plan.years_later
    if line.source_code not in context.sources:
        losses.append(_loss("COPY_SOURCE_GONE", where, f"Nguồn {line.source_code} không còn; bỏ dòng này."))
        return None
    if year not in context.years:
        losses.append(_loss("COPY_YEAR_OUTSIDE", where, f"Năm {year} ngoài đợt này; bỏ dòng này."))
        return None
    norm, code = _current_norm(line.norm_code, where, context, old_norms, losses), line.budget_code
    if code and code not in context.budget_codes:
        losses.append(_loss("COPY_CODE_GONE", where, f"Tiểu mục {code} không có trong danh mục; để trống."))
        code = ""
    return replace(
        line,
        year=year,
        norm_code=norm,
        budget_code=code,
        unit_price_vnd=_price(line, norm, plan.prices, context, old_norms),
        over_norm_reason=line.over_norm_reason if norm else "",
        line_key="",
    )


def _current_norm(
    code: str,
    where: str,
    context: CheckContext,
    old_norms: Mapping[str, OldNorm],
    losses: list[Finding],
) -> str:
    """The norm itself, the version that took its place, or none."""
    in_force = {norm.code for norm in context.norms_in_force}
    if not code or code in in_force:
        return code
    successor = old_norms[code].successor_code if code in old_norms else ""
    if successor in in_force:
        said = f"Định mức {code} đã được thay bằng {successor}; dòng này theo định mức mới."
        losses.append(_loss("COPY_NORM_REPLACED", where, said, Severity.HINTS))
        return successor
    losses.append(_loss("COPY_NORM_GONE", where, f"Định mức {code} không còn hiệu lực; để trống."))
    return ""


def _price(
    line: LineDraft, norm: str, prices: PriceUpdate, context: CheckContext, old_norms: Mapping[str, OldNorm]
) -> int:
    old = old_norms.get(line.norm_code)
    if prices.follows_norms and norm and old is not None and old.max_vnd == line.unit_price_vnd:
        return context.norms[norm].max_vnd
    return updated_price(line.unit_price_vnd, prices)


def _copied_promises(
    origin: ProjectDraft, plan: CopyPlan, context: CheckContext, losses: list[Finding]
) -> list[PromiseDraft]:
    kept = []
    for promise in origin.promises:
        output, year = context.outputs.get(promise.output_code), promise.year + plan.years_later
        if output is None:
            said = f"Kết quả {promise.output_code} không có trong đợt này; bỏ cam kết."
            losses.append(_loss("COPY_OUTPUT_GONE", "Kết quả cam kết", said))
            continue
        if year not in context.years:
            said = f"Cam kết “{output.name_vi}” năm {year} ngoài đợt này; đã bỏ."
            losses.append(_loss("COPY_YEAR_OUTSIDE", "Kết quả cam kết", said))
            continue
        component = promise.component if promise.component in output.components else ""
        units = tuple(code for code in promise.unit_codes if code in output.units)
        if (component, units) != (promise.component, promise.unit_codes):
            said = f"Cam kết “{output.name_vi}”: một số đơn vị hoặc phần không còn trong đợt này; đã bỏ."
            losses.append(_loss("COPY_UNITS_GONE", "Kết quả cam kết", said))
        kept.append(replace(promise, year=year, component=component, unit_codes=units))
    return list({(one.level, one.output_code, one.year, one.component): one for one in kept}.values())


def _loss(code: str, where: str, said: str, severity: Severity = Severity.WARNS) -> Finding:
    return Finding(code, severity, said, Location(words=where))
