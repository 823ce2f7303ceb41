"""How the audit names an act of this room: the part of the file, from, to, why, and the rows judged."""

from __future__ import annotations

from dataclasses import dataclass

from finance.audit import Change
from finance.estimates.records import CostLine, EstimateProject, ProjectLevel, PromisedOutput
from finance.money import format_quantity, format_vnd
from finance.reviews.rules import AskedLine, LineFigures, PromiseFigures, appraised_amounts


@dataclass(frozen=True, slots=True)
class Note:
    """What the audit is told of an act: which part of the file, what changed, and the rows judged."""

    what_vi: str
    change: Change
    rows: frozenset[str]


def row_of_line(line_id: int) -> str:
    """The name under which the audit notes that a line was judged."""
    return f"line-{line_id}"


def row_of_promise(promise_id: int) -> str:
    """The name under which the audit notes that a promise was judged."""
    return f"promise-{promise_id}"


def line_note(project: EstimateProject, line: CostLine, asked: AskedLine, figures: LineFigures) -> Note:
    """A judged line, told by its amount in the level that asks most of it."""
    amounts = appraised_amounts(asked, figures)
    most = max(amounts, key=lambda level: (asked.quantities[level], level))
    before = appraised_amounts(asked, LineFigures(asked.unit_price_vnd, {}))[most]
    ground = figures.reason.label_vi if figures.reason else ""
    change = Change(
        from_state=f"đề nghị {format_vnd(before)} đồng",
        to_state=f"thẩm định {format_vnd(amounts[most])} đồng",
        reason=": ".join(part for part in (ground, figures.words) if part),
        details={"line": line.id, "amounts": {str(level): amount for level, amount in amounts.items()}},
    )
    what = f"dự án {project.priority}, dòng {line.position} “{line.item_vi}”"
    return Note(what, change, frozenset({row_of_line(line.id)}))


def promise_note(
    project: EstimateProject,
    level: ProjectLevel,
    promise: PromisedOutput,
    name_vi: str,
    settled: PromiseFigures,
) -> Note:
    """A judged promise."""
    details = {"promise": promise.id, "refused_units": sorted(settled.refused_unit_ids)}
    change = Change("", _accepted_vi(settled), settled.words, details)
    what = f"dự án {project.priority}, mức {level.code.label_vi.lower()}, “{name_vi}”"
    return Note(what, change, frozenset({row_of_promise(promise.id)}))


def _accepted_vi(settled: PromiseFigures) -> str:
    if not settled.is_accepted:
        return "không chấp nhận"
    if settled.refused_unit_ids:
        return f"chấp nhận, trừ {len(settled.refused_unit_ids)} đơn vị"
    if settled.quantity_thousandths:
        return f"chấp nhận {format_quantity(settled.quantity_thousandths)}"
    return "chấp nhận"
