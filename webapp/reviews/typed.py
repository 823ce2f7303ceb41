"""What a reviewer typed into one row: read into figures, or kept with the reason why it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from finance.findings import Finding
from finance.money import NumberUnclear, format_quantity, format_vnd, parse_quantity, parse_vnd
from finance.reviews.figures import AppraisedLine, AppraisedPromise
from finance.reviews.rules import COUNTED_KINDS, CutReason, LineFigures, PromiseFigures, Verdict
from finance.vietnamese.normal import nfc
from webapp.reviews.attempts import Hindrance

LONGEST_WORDS = 2000
Read = TypeVar("Read")


@dataclass
class TypedRow:
    """The texts of one row's form and what is wrong with each; `sentence` speaks of the whole row."""

    row_id: int
    values: dict[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)
    sentence: str = ""
    differences: tuple[str, ...] = ()
    refused_units: frozenset[int] = frozenset()

    def note(self, name: str, sentence: str) -> None:
        """Say under the field what is wrong with it."""
        self.errors.setdefault(name, []).append(sentence)

    def hinder(self, hindrance: Hindrance) -> None:
        """Take over why the act was refused: field by field where a field is named."""
        self.sentence = hindrance.sentence
        self.differences = hindrance.differences
        loose = []
        for finding in hindrance.findings:
            if finding.location.field in self.values:
                self.note(finding.location.field, _finding_vi(finding))
            else:
                loose.append(_finding_vi(finding))
        if hindrance.findings:
            self.sentence = " ".join(loose)


def line_as_it_stands(one: AppraisedLine) -> TypedRow:
    """The form of a line filled with what was judged, or with what was asked."""
    price = one.line.unit_price_vnd if one.unit_price_vnd is None else one.unit_price_vnd
    values = {
        "unit_price": format_vnd(price),
        "reason": one.reason.value if one.reason else "",
        "words": one.words,
    }
    for quantity in one.quantities:
        judged = quantity.appraised_thousandths
        shown = quantity.asked_thousandths if judged is None else judged
        values[f"quantity-{quantity.level_id}"] = format_quantity(shown)
    return TypedRow(one.line.id, values)


def read_line(line_id: int, form: MultiDict[str, str]) -> tuple[TypedRow, LineFigures | None]:
    """The figures typed for a line; None when a field cannot be read."""
    row = TypedRow(line_id, _texts(form))
    price = _read(row, "unit_price", parse_vnd)
    quantities = {
        int(name.removeprefix("quantity-")): _read(row, name, parse_quantity)
        for name in row.values
        if name.removeprefix("quantity-").isdecimal() and name.startswith("quantity-")
    }
    reason = _choice(row, "reason", CutReason)
    words = _words(row)
    read = {level: quantity for level, quantity in quantities.items() if quantity is not None}
    if row.errors or price is None:
        return row, None
    return row, LineFigures(price, read, reason, words)


def promise_as_it_stands(one: AppraisedPromise) -> TypedRow:
    """The form of a promise filled with what was judged, or with what was promised."""
    quantity = one.quantity_thousandths if one.is_accepted else one.promise.quantity_thousandths
    is_refused = one.is_appraised and not one.is_accepted
    values = {
        "accepted": "no" if is_refused else "yes",
        "quantity": format_quantity(quantity),
        "words": one.words,
        "units": "",
    }
    return TypedRow(one.promise.id, values, refused_units=one.refused_unit_ids)


def read_promise(one: AppraisedPromise, form: MultiDict[str, str]) -> tuple[TypedRow, PromiseFigures | None]:
    """The figures typed for a promise; None when a field cannot be read."""
    row = TypedRow(one.promise.id, {**_texts(form), "units": ""})
    kept = {int(text) for text in form.getlist("unit") if text.isdecimal()}
    row.refused_units = frozenset(one.promise.unit_ids) - kept
    is_accepted = row.values.get("accepted") == "yes"
    if row.values.get("accepted") not in {"yes", "no"}:
        row.note("accepted", _("Mời chọn chấp nhận hoặc không chấp nhận."))
    quantity: int | None = 0
    if is_accepted and one.promise.output_kind in COUNTED_KINDS:
        quantity = _read(row, "quantity", parse_quantity)
    words = _words(row)
    if row.errors or quantity is None:
        return row, None
    return row, PromiseFigures(is_accepted, quantity, row.refused_units, words)


def read_opinion(project_id: int, form: MultiDict[str, str]) -> tuple[TypedRow, Verdict | None]:
    """The verdict and words typed for a project; None when no verdict was chosen."""
    row = TypedRow(project_id, _texts(form))
    verdict = _choice(row, "verdict", Verdict)
    if verdict is None and not row.errors:
        row.note("verdict", _("Mời chọn một ý kiến."))
    _words(row)
    return row, None if row.errors else verdict


def _texts(form: MultiDict[str, str]) -> dict[str, str]:
    return {name: nfc(text).strip() for name, text in form.items()}


def _read(row: TypedRow, name: str, read: Callable[[str], Read]) -> Read | None:
    try:
        return read(row.values.get(name, ""))
    except NumberUnclear as unclear:
        row.note(name, str(unclear))
        return None


def _choice(row: TypedRow, name: str, kind: type[Read]) -> Read | None:
    code = row.values.get(name, "")
    if not code:
        return None
    try:
        return kind.of(code)  # type: ignore[attr-defined,no-any-return]
    except ValueError:
        row.note(name, _("Mời chọn một dòng trong danh sách."))
        return None


def _words(row: TypedRow) -> str:
    words = row.values.get("words", "")
    if len(words) > LONGEST_WORDS:
        row.note("words", _("Nhiều nhất %(longest)s ký tự.", longest=LONGEST_WORDS))
    return words


def _finding_vi(finding: Finding) -> str:
    return f"{finding.message_vi} {finding.remedy_vi}".strip()
