"""The boxes of a dossier: texts as typed, read into a dossier, every unclear box with its reason.

Names of the boxes are the fields that findings point at, so that a line of the list leads to its box.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext as _

from finance.dossiers.rules import (
    AfterCosts,
    ConditionAnswer,
    Continuity,
    Dossier,
    DossierSubject,
    OutputEvidence,
    OutturnFigure,
    OutturnKind,
    ResultCondition,
    RunningCost,
)
from finance.labels import LabelledEnum
from finance.money import NumberUnclear, format_quantity, format_vnd, parse_quantity, parse_vnd
from finance.vietnamese.dates import format_date
from webapp.form_fields import parse_day, tidy_words

PREFIX = "dossier-"
SPARE_ROWS = 2
MOST_ROWS = 40

YES, NO = "1", "0"
Value = TypeVar("Value")
Member = TypeVar("Member", bound=LabelledEnum)
_OUTPUT_BOX = re.compile(rf"{PREFIX}outputs-([0-9]{{1,4}})-([a-z_]+)")
_COST_ROW = re.compile(rf"{PREFIX}costs-([0-9]{{1,3}})-item")


@dataclass
class ReadBoxes:
    """Boxes as typed, with a reason for each that could not be read."""

    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The words of a box."""
        return tidy_words(self.typed.get(PREFIX + name))

    def value(self, name: str, read: Callable[[str], Value]) -> Value | None:
        """The value of a box; None for an empty one and for one that cannot be read."""
        said = self.text(name)
        if not said:
            return None
        try:
            return read(said)
        except (NumberUnclear, ValueError) as unclear:
            self.errors[PREFIX + name] = str(unclear)
            return None

    def choice(self, name: str, members: type[Member], usual: Member) -> Member:
        """The chosen member; what no list offers counts as not answered."""
        try:
            return members.of(self.text(name))
        except ValueError:
            return usual

    def refuse(self, name: str, reason: str) -> None:
        """Say why a box cannot stand as it is."""
        self.errors.setdefault(PREFIX + name, reason)


def boxes_of_dossier(dossier: Dossier, subject: DossierSubject) -> dict[str, str]:
    """What stands in the boxes of a stored dossier."""
    boxes = {
        "minimum_level": dossier.minimum_level,
        "minimum_reason": dossier.minimum_reason,
        "continuity": dossier.continuity.value,
        "after_costs": dossier.after_costs.value,
        "savings": "" if dossier.savings_vnd is None else format_vnd(dossier.savings_vnd),
        "savings_note": dossier.savings_note,
    }
    for condition in ResultCondition:
        answer = dossier.answer_to(condition)
        boxes[f"condition-{condition.value}"] = "" if answer.is_met is None else YES if answer.is_met else NO
        boxes[f"evidence-{condition.value}"] = answer.evidence
    for index, result in enumerate(subject.results):
        boxes |= _boxes_of_output(f"outputs-{index}-", dossier.evidence_of(result.code))
    for kind in OutturnKind:
        boxes |= _boxes_of_outturn(f"outturn-{kind.value}-", dossier.outturn_of(kind))
    for index, cost in enumerate(dossier.running_costs):
        boxes |= _boxes_of_cost(f"costs-{index}-", cost)
    return {PREFIX + name: text for name, text in boxes.items()}


def cost_rows(typed: Mapping[str, str]) -> int:
    """How many rows of later costs the page shows: those filled in and some to spare."""
    filled = [int(found[1]) for name, text in typed.items() if text and (found := _COST_ROW.fullmatch(name))]
    return min(max(filled, default=-1) + 1 + SPARE_ROWS, MOST_ROWS)


def read_dossier_boxes(
    typed: Mapping[str, str], subject: DossierSubject, stored: Dossier
) -> tuple[Dossier, dict[str, str]]:
    """The dossier the boxes say, and why some of them cannot be read.

    Args:
        typed: boxes by name.
        subject: the project; its results have one group of boxes each.
        stored: what is stored now; evidence of results no longer promised is kept from it.
    """
    boxes = ReadBoxes(typed)
    shown = {result.code for result in subject.results}
    kept = [evidence for evidence in stored.outputs if evidence.output_code not in shown]
    dossier = Dossier(
        project_key=subject.project_key,
        minimum_level=boxes.text("minimum_level"),
        minimum_reason=boxes.text("minimum_reason"),
        continuity=boxes.choice("continuity", Continuity, Continuity.UNSAID),
        after_costs=boxes.choice("after_costs", AfterCosts, AfterCosts.UNSAID),
        savings_vnd=boxes.value("savings", parse_vnd),
        savings_note=boxes.text("savings_note"),
        conditions=tuple(_condition(boxes, condition) for condition in ResultCondition),
        outputs=(*kept, *_outputs(boxes, subject)),
        outturns=tuple(_outturns(boxes)),
        running_costs=tuple(_costs(boxes)),
    )
    return dossier, boxes.errors


def _condition(boxes: ReadBoxes, condition: ResultCondition) -> ConditionAnswer:
    answer = boxes.text(f"condition-{condition.value}")
    is_met = {YES: True, NO: False}.get(answer)
    return ConditionAnswer(condition, is_met, boxes.text(f"evidence-{condition.value}"))


def _outputs(boxes: ReadBoxes, subject: DossierSubject) -> Iterator[OutputEvidence]:
    for index, result in enumerate(subject.results):
        at = f"outputs-{index}-"
        is_unmeasured = boxes.text(f"{at}unmeasured") == YES
        baseline = boxes.value(f"{at}baseline", parse_quantity)
        if is_unmeasured and baseline is not None:
            boxes.refuse(f"{at}baseline", _("Đã đánh dấu “chưa đo được” thì để trống số liệu."))
        yield OutputEvidence(
            output_code=result.code,
            is_unmeasured=is_unmeasured,
            baseline_thousandths=baseline,
            baseline_on=boxes.value(f"{at}baseline_on", parse_day),
            baseline_source=boxes.text(f"{at}baseline_source"),
            data_source=boxes.text(f"{at}data_source"),
            verification=boxes.text(f"{at}verification"),
            responsible=boxes.text(f"{at}responsible"),
        )


def _outturns(boxes: ReadBoxes) -> Iterator[OutturnFigure]:
    for kind in OutturnKind:
        at = f"outturn-{kind.value}-"
        amount = boxes.value(f"{at}amount", parse_vnd)
        cut_off: date | None = boxes.value(f"{at}cut_off", parse_day)
        method = boxes.text(f"{at}method")
        if amount is None:
            if cut_off or method:
                boxes.refuse(
                    f"{at}amount", _("Có ngày chốt hoặc cách tính thì phải có số tiền (ghi 0 nếu không có).")
                )
            continue
        yield OutturnFigure(kind, amount, cut_off, method)


def _costs(boxes: ReadBoxes) -> Iterator[RunningCost]:
    for index in range(MOST_ROWS):
        at = f"costs-{index}-"
        item, source, payer = (boxes.text(f"{at}{name}") for name in ("item", "source", "payer"))
        amount, year = boxes.value(f"{at}amount", parse_vnd), boxes.value(f"{at}year", _read_year)
        typed_year, typed_amount = boxes.text(f"{at}year"), boxes.text(f"{at}amount")
        if not any((item, source, payer, typed_amount, typed_year)):
            continue
        if not item:
            boxes.refuse(f"{at}item", _("Ghi tên khoản chi, hoặc xóa trống cả dòng."))
        if amount is None:
            boxes.refuse(f"{at}amount", _("Ghi số tiền mỗi năm."))
        if year is None:
            boxes.refuse(f"{at}year", _("Ghi năm đầu tiên phát sinh."))
        yield RunningCost(item, year or 0, amount or 0, source, payer)


def _read_year(text: str) -> int:
    if not re.fullmatch(r"(19|20|21)\d\d", text):
        raise ValueError(_("Năm gồm bốn chữ số, ví dụ 2012."))
    return int(text)


def _boxes_of_output(at: str, evidence: OutputEvidence) -> dict[str, str]:
    baseline = evidence.baseline_thousandths
    return {
        f"{at}unmeasured": YES if evidence.is_unmeasured else "",
        f"{at}baseline": "" if baseline is None else format_quantity(baseline),
        f"{at}baseline_on": _day(evidence.baseline_on),
        f"{at}baseline_source": evidence.baseline_source,
        f"{at}data_source": evidence.data_source,
        f"{at}verification": evidence.verification,
        f"{at}responsible": evidence.responsible,
    }


def _boxes_of_outturn(at: str, figure: OutturnFigure | None) -> dict[str, str]:
    if figure is None:
        return {f"{at}amount": "", f"{at}cut_off": "", f"{at}method": ""}
    return {
        f"{at}amount": format_vnd(figure.amount_vnd),
        f"{at}cut_off": _day(figure.cut_off_on),
        f"{at}method": figure.method,
    }


def _boxes_of_cost(at: str, cost: RunningCost) -> dict[str, str]:
    return {
        f"{at}item": cost.item_vi,
        f"{at}year": str(cost.first_year),
        f"{at}amount": format_vnd(cost.amount_vnd),
        f"{at}source": cost.source_vi,
        f"{at}payer": cost.payer_vi,
    }


def _day(day: date | None) -> str:
    return format_date(day) if day else ""


def sent_boxes(form: Mapping[str, Any], subject: DossierSubject) -> dict[str, str]:
    """The boxes of a sent form, each at the place it has now; foreign fields are left out.

    The page may be older than the project's results: every group of boxes names the result it is about,
    and what was typed of one never lands at another.
    """
    places = {result.code: index for index, result in enumerate(subject.results)}
    boxes = {}
    for name, text in form.items():
        found = _OUTPUT_BOX.fullmatch(name)
        code = form.get(f"{PREFIX}outputs-{found[1]}-code") if found else None
        if found and code is not None:
            name = f"{PREFIX}outputs-{places[code]}-{found[2]}" if code in places else ""
        if name.startswith(PREFIX):
            boxes[name] = str(text)
    return boxes
