"""What a norm says of a price on a day, and the examples that must agree with it. Pure.

Whoever writes a norm says first what it should do: a price it allows and a price it does not. A norm
whose figures, dates or level contradict its own examples is not stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from finance.findings import Finding, Location, Severity
from finance.labels import LabelledEnum
from finance.money import LARGEST_STORED, format_vnd
from finance.vietnamese.dates import format_date


class ExampleVerdict(LabelledEnum):
    """What a norm says of a price."""

    WITHIN = "WITHIN", "trong định mức"
    ABOVE = "ABOVE", "vượt định mức"
    NOT_APPLIED = "NOT_APPLIED", "định mức không áp dụng"


@dataclass(frozen=True, slots=True)
class Example:
    """A price on a day for an office of a level, and what the norm must say of it.

    Attributes:
        level_code: of the office; empty when it does not matter.
    """

    unit_price_vnd: int
    on: date
    verdict: ExampleVerdict
    level_code: str = ""


@dataclass(frozen=True, slots=True)
class NormText:
    """What a norm says.

    Attributes:
        level_code: of the offices it is meant for; empty for every level.
        is_firm: nothing above it is allowed, not even with a reason.
    """

    item_vi: str
    unit_name: str
    max_vnd: int
    legal_reference: str
    valid_from: date
    valid_to: date | None = None
    level_code: str = ""
    is_firm: bool = False
    is_confirmed: bool = True
    note: str = ""


def judge_price(norm: NormText, unit_price_vnd: int, on: date, level_code: str = "") -> ExampleVerdict:
    """What the norm says of a price on a day for an office of this level."""
    is_in_force = norm.valid_from <= on and (norm.valid_to is None or on <= norm.valid_to)
    is_of_level = not norm.level_code or not level_code or norm.level_code == level_code
    if not (is_in_force and is_of_level):
        return ExampleVerdict.NOT_APPLIED
    return ExampleVerdict.ABOVE if unit_price_vnd > norm.max_vnd else ExampleVerdict.WITHIN


def check_norm_text(norm: NormText, examples: Sequence[Example]) -> list[Finding]:
    """Everything that keeps the norm from being stored; fields are named as the form names them."""
    return [*_check_text(norm), *_check_examples(norm, examples)]


def next_code(code: str, taken: frozenset[str]) -> str:
    """The code of the version after this one: N05 -> N05.2 -> N05.3."""
    stem, dot, number = code.rpartition(".")
    if not dot or not number.isdigit():
        stem, number = code, "1"
    following = int(number) + 1
    while f"{stem}.{following}" in taken:
        following += 1
    return f"{stem}.{following}"


def last_day_before(first_day: date) -> date:
    """The day on which the version before ends."""
    return first_day - timedelta(days=1)


def _check_text(norm: NormText) -> list[Finding]:
    found = []
    missing = {
        "item_vi": (norm.item_vi, "Nội dung chi"),
        "unit_name": (norm.unit_name, "Đơn vị tính"),
        "legal_reference": (norm.legal_reference, "Căn cứ"),
    }
    found += [_wrong(field, words, "Chưa ghi.") for field, (text, words) in missing.items() if not text]
    if not 0 < norm.max_vnd <= LARGEST_STORED:
        found.append(_wrong("max_vnd", "Mức trần", "Mức trần phải lớn hơn 0 đồng."))
    if norm.valid_to is not None and norm.valid_to < norm.valid_from:
        found.append(_wrong("valid_to", "Đến hết ngày", "Ngày cuối không được trước ngày đầu."))
    return found


def _check_examples(norm: NormText, examples: Sequence[Example]) -> list[Finding]:
    found = [
        _contradiction(norm, number, example)
        for number, example in enumerate(examples)
        if judge_price(norm, example.unit_price_vnd, example.on, example.level_code) is not example.verdict
    ]
    given = {example.verdict for example in examples}
    for needed in (ExampleVerdict.WITHIN, ExampleVerdict.ABOVE):
        if needed not in given:
            said = f"Cần ít nhất một ví dụ “{needed.label_vi}”."
            found.append(_wrong("examples-0-unit_price_vnd", "Ví dụ", said))
    return found


def _contradiction(norm: NormText, number: int, example: Example) -> Finding:
    judged = judge_price(norm, example.unit_price_vnd, example.on, example.level_code)
    said = (
        f"Giá {format_vnd(example.unit_price_vnd)} đồng ngày {format_date(example.on)}: ví dụ ghi "
        f"“{example.verdict.label_vi}”, còn theo nội dung định mức là “{judged.label_vi}”."
    )
    return _wrong(f"examples-{number}-verdict", f"Ví dụ {number + 1}", said)


def _wrong(field: str, words: str, message_vi: str) -> Finding:
    remedy = "Sửa định mức hoặc sửa ví dụ: hai bên phải nói như nhau." if field.startswith("examples") else ""
    return Finding("NORM_TEXT", Severity.BLOCKS, message_vi, Location(field=field, words=words), remedy)
