"""What the programme wants of a target, and what a year's value is, in words. Pure."""

from __future__ import annotations

from finance.money import format_quantity
from finance.programme.classification import Operator, OutputKind
from finance.programme.queries import TargetRow

_COUNTED_KINDS = frozenset({OutputKind.QUANTITY, OutputKind.COVERAGE})


def is_counted_target(target: TargetRow) -> bool:
    """True when a year's value is a figure: a share or an amount, not "done or not"."""
    is_figure = target.operator is not Operator.DONE or target.kind in _COUNTED_KINDS
    return target.value_thousandths is not None and is_figure


def target_value_words(value_thousandths: int | None, words_vi: str, unit_name: str) -> str:
    """A year's value as people read it: "45 % cơ quan", or the words that were written."""
    if value_thousandths is None:
        return words_vi
    return f"{format_quantity(value_thousandths)} {unit_name}".strip()


def programme_value_words(target: TargetRow) -> str:
    """What the programme wants, such as "từ (≥) 75 % cơ quan vào năm 2015"."""
    said = target.operator.label_vi
    if is_counted_target(target):
        said = f"{said} {target_value_words(target.value_thousandths, '', target.unit_name)}"
    return f"{said} vào năm {target.year}"
