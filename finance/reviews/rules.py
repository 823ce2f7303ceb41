"""Grounds of a cut, verdicts, which opinions are due, and the arithmetic of an appraisal. Pure.

An appraisal is never above what was asked. A price is one for the whole line; a quantity stands per
level, and a cut of one level reaches every level that asks no more than it (`spread_quantities`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from finance.actions import Action
from finance.actors import Function
from finance.estimates.workflow import EstimateStatus, steps_from
from finance.findings import Finding, Location, Severity
from finance.labels import LabelledEnum
from finance.money import line_amount_vnd
from finance.programme.classification import OutputKind, ProjectKind


class CutReason(LabelledEnum):
    """The six grounds on which finance may ask to re-arrange a line; nothing is cut without one.

    Source: Decree 163/2016/NĐ-CP Art. 28(2a); Law 83/2015/QH13 Art. 46(3).
    """

    AGAINST_LAW = "AGAINST_LAW", "Trái quy định của pháp luật"
    ABOVE_NORM = "ABOVE_NORM", "Không đúng chế độ, tiêu chuẩn, định mức"
    NOT_REASONABLE = "NOT_REASONABLE", "Không hợp lý"
    NOT_THRIFTY = "NOT_THRIFTY", "Chưa tiết kiệm"
    BEYOND_CAPACITY = "BEYOND_CAPACITY", "Vượt khả năng ngân sách"
    OFF_ORIENTATION = "OFF_ORIENTATION", "Không đúng định hướng phát triển"


class Verdict(LabelledEnum):
    """What a function says of one project."""

    AGREE = "AGREE", "Nhất trí"
    AGREE_WITH_CHANGE = "AGREE_WITH_CHANGE", "Nhất trí, có yêu cầu chỉnh sửa"
    REJECT = "REJECT", "Không nhất trí đưa vào"


@dataclass(frozen=True, slots=True)
class OpinionRule:
    """One row of the table of opinions: which function speaks, by which act, while the file stands where."""

    function: Function
    action: Action
    statuses: frozenset[EstimateStatus]


# Source: decision 3377/QĐ-UBND, VII.2.đ (content), VII.7 (information technology), VII.6.b (allocation).
OPINION_RULES: tuple[OpinionRule, ...] = (
    OpinionRule(
        Function.CONTENT_APPRAISAL, Action.GIVE_CONTENT_OPINION, frozenset({EstimateStatus.CONTENT_APPRAISAL})
    ),
    OpinionRule(
        Function.IT_OPINION,
        Action.GIVE_IT_OPINION,
        frozenset({EstimateStatus.CONTENT_APPRAISAL, EstimateStatus.ESTIMATE_APPRAISAL}),
    ),
    OpinionRule(
        Function.ALLOCATION_CONSOLIDATION,
        Action.GIVE_POOL_OPINION,
        frozenset({EstimateStatus.ESTIMATE_APPRAISAL, EstimateStatus.APPRAISED}),
    ),
)

# A society's outcome is watched, not bought: a promise of it is appraised but never scores.
SCORED_KINDS = frozenset(set(OutputKind) - {OutputKind.OUTCOME})
# Kinds whose promise is a figure; the others are delivered or not, or name their units.
COUNTED_KINDS = frozenset({OutputKind.QUANTITY, OutputKind.OUTCOME})


@dataclass(frozen=True, slots=True)
class ProjectStanding:
    """The facts of one project that decide whose opinion is due."""

    kind: ProjectKind
    asks_pool_money: bool
    needs_it_opinion: bool
    content_verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A cost line as asked: price, frequency and its quantity in every level (level id -> thousandths)."""

    unit_price_vnd: int
    frequency_thousandths: int
    quantities: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class LineFigures:
    """What an appraiser says of a line; a level left out of `quantities_thousandths` follows the others."""

    unit_price_vnd: int
    quantities_thousandths: Mapping[int, int]
    reason: CutReason | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class AskedPromise:
    """A promised result as asked."""

    kind: OutputKind
    quantity_thousandths: int
    unit_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PromiseFigures:
    """What an appraiser says of a promised result."""

    is_accepted: bool
    quantity_thousandths: int = 0
    refused_unit_ids: frozenset[int] = frozenset()
    words: str = ""


def opinion_rule(function: Function) -> OpinionRule | None:
    """The row of the table for this function, or None when it gives no opinions on projects."""
    return next((rule for rule in OPINION_RULES if rule.function is function), None)


def is_pool_project(standing: ProjectStanding) -> bool:
    """True when the project competes for the money allocated by results.

    Source:
        decision 3377/QĐ-UBND, VI.2, VII.6.b: schemes and projects asking provincial money.
    """
    return (
        standing.kind in {ProjectKind.SCHEME, ProjectKind.PROJECT}
        and standing.asks_pool_money
        and standing.content_verdict is not Verdict.REJECT
    )


def opinions_due(standing: ProjectStanding) -> tuple[Function, ...]:
    """The functions whose opinion on the project is needed, in the order in which they speak.

    A project whose content was refused needs no further opinion: it goes no further.
    """
    due = [Function.CONTENT_APPRAISAL]
    if standing.needs_it_opinion and standing.content_verdict is not Verdict.REJECT:
        due.append(Function.IT_OPINION)
    if is_pool_project(standing):
        due.append(Function.ALLOCATION_CONSOLIDATION)
    return tuple(due)


def verdict_needs_words(verdict: Verdict) -> bool:
    """True when the verdict must be explained: everything but plain agreement."""
    return verdict is not Verdict.AGREE


def holding_function(status: EstimateStatus) -> Function:
    """Which function has the file on its desk: the one that can take it forward.

    After the last step the file lies with the office that consolidates the allocation.
    """
    forward = (step.function for step in steps_from(status) if not step.needs_reason)
    return next(forward, Function.ALLOCATION_CONSOLIDATION)


def spread_quantities(asked: Mapping[int, int], given: Mapping[int, int]) -> dict[int, int]:
    """The quantity of every level after a change of some: a change acts on every level that holds the line.

    Formula: a level that was not given gets the smaller of what it asked and the smallest quantity
    given to a level that asked at least as much.

    Args:
        asked: level id -> asked quantity.
        given: level id -> appraised quantity, for some or all of the levels.

    Units:
        thousandths.
    """
    spread: dict[int, int] = {}
    for level_id, quantity in asked.items():
        caps = [given[other] for other, more in asked.items() if other in given and more >= quantity]
        spread[level_id] = given.get(level_id, min([quantity, *caps]))
    return spread


def appraised_amounts(asked: AskedLine, figures: LineFigures) -> dict[int, int]:
    """Level id -> appraised amount of the line in đồng, rounded half up once per level."""
    quantities = spread_quantities(asked.quantities, figures.quantities_thousandths)
    return {
        level_id: line_amount_vnd(figures.unit_price_vnd, asked.frequency_thousandths, quantity)
        for level_id, quantity in quantities.items()
    }


def is_cut(asked: AskedLine, figures: LineFigures) -> bool:
    """True when the appraised figures differ from the asked ones anywhere."""
    quantities = spread_quantities(asked.quantities, figures.quantities_thousandths)
    return figures.unit_price_vnd != asked.unit_price_vnd or quantities != dict(asked.quantities)


def check_line_appraisal(asked: AskedLine, figures: LineFigures) -> list[Finding]:
    """What stands against these figures for this line: increases, unknown levels, levels out of order."""
    found: list[Finding] = []
    if figures.unit_price_vnd < 0 or figures.unit_price_vnd > asked.unit_price_vnd:
        found.append(_increase("PRICE_ABOVE_ASKED", "unit_price", "Đơn giá"))
    for level_id, quantity in figures.quantities_thousandths.items():
        if level_id not in asked.quantities:
            found.append(_blocking("UNKNOWN_LEVEL", "", "Mức", "Mức này không thuộc dự án của dòng chi."))
        elif quantity < 0 or quantity > asked.quantities[level_id]:
            found.append(_increase("QUANTITY_ABOVE_ASKED", f"quantity-{level_id}", "Số lượng"))
    if not found and not _keeps_order(asked.quantities, figures.quantities_thousandths):
        found.append(
            _blocking(
                "LEVELS_OUT_OF_ORDER",
                "",
                "Số lượng",
                "Mức đề nghị ít hơn hoặc bằng không được thẩm định nhiều hơn mức kia.",
                "Giảm số lượng ở mọi mức có dòng chi này.",
            )
        )
    return found


def settled_promise(asked: AskedPromise, figures: PromiseFigures) -> PromiseFigures:
    """The figures in their one stored form: what is refused carries no quantity and no units.

    A coverage promise of which every unit is refused is refused.
    """
    refused = figures.refused_unit_ids if figures.is_accepted else frozenset()
    is_accepted = figures.is_accepted and not (asked.unit_ids and refused >= asked.unit_ids)
    counted = is_accepted and asked.kind in COUNTED_KINDS
    return PromiseFigures(
        is_accepted=is_accepted,
        quantity_thousandths=figures.quantity_thousandths if counted else 0,
        refused_unit_ids=refused if is_accepted else frozenset(),
        words=figures.words,
    )


def is_less_than_promised(asked: AskedPromise, settled: PromiseFigures) -> bool:
    """True when the appraisal accepts less than was promised, which then needs words."""
    if not settled.is_accepted or settled.refused_unit_ids:
        return True
    return asked.kind in COUNTED_KINDS and settled.quantity_thousandths < asked.quantity_thousandths


def check_promise_appraisal(asked: AskedPromise, figures: PromiseFigures) -> list[Finding]:
    """What stands against these figures for this promise."""
    found: list[Finding] = []
    too_much = figures.quantity_thousandths < 0 or figures.quantity_thousandths > asked.quantity_thousandths
    if figures.is_accepted and asked.kind in COUNTED_KINDS and too_much:
        found.append(_increase("PROMISE_ABOVE_ASKED", "quantity", "Số lượng chấp nhận"))
    nothing = figures.is_accepted and asked.kind in COUNTED_KINDS and figures.quantity_thousandths == 0
    if nothing and asked.quantity_thousandths > 0:
        message = "Chấp nhận mà số lượng bằng 0 là không chấp nhận."
        found.append(
            _blocking(
                "NOTHING_ACCEPTED", "quantity", "Số lượng chấp nhận", message, "Chọn “Không chấp nhận”."
            )
        )
    if not figures.refused_unit_ids <= asked.unit_ids:
        found.append(_blocking("UNKNOWN_UNIT", "units", "Đơn vị", "Có đơn vị không nằm trong cam kết này."))
    return found


def _keeps_order(asked: Mapping[int, int], given: Mapping[int, int]) -> bool:
    quantities = spread_quantities(asked, given)
    return all(
        quantities[less] <= quantities[more] for less in asked for more in asked if asked[less] <= asked[more]
    )


def _increase(code: str, field: str, words: str) -> Finding:
    message = f"{words} thẩm định phải từ 0 đến mức đề nghị; thẩm định không tăng số đơn vị đề nghị."
    return _blocking(code, field, words, message, "Muốn tăng, trả lại để đơn vị lập lại.")


def _blocking(code: str, field: str, words: str, message: str, remedy: str = "") -> Finding:
    return Finding(code, Severity.BLOCKS, message, Location(field=field, words=words), remedy)
