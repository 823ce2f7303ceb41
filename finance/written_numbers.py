"""Numbers in the cells of other people's spreadsheets: read where nothing can be doubted, refused elsewhere.

A form asks for Vietnamese notation and `finance.money` holds it to that. A workbook comes from machines set
to either notation, so here 140,000,000 is read too, for two groups of three can mean nothing else; 35.000
and 35,000 are refused, for they can. Whoever reads a whole file sees to it that it keeps to one notation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from finance.labels import LabelledEnum
from finance.money import NumberUnclear, format_vnd

_GROUP = 3  # digits between two signs
_LONGEST_NUMBER_TEXT = 60
_SPREADSHEET_DIGITS = (
    15  # what Excel keeps and shows; the digits behind them are the machine's own arithmetic
)
_SIGNS = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " "),
        "．": ".",
        "，": ",",
        "（": "(",
        "）": ")",
        **dict.fromkeys("－−‐‑–—", "-"),
    }
)
_DONG = re.compile(r"\s*(?:đồng|đ|₫|vnđ|vnd)\.?$", re.IGNORECASE)
_XML_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")
_PLAIN = re.compile(r"[0-9]+")
_SPACED = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+")
_DOTS = re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
_COMMAS = re.compile(r"([1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_COMMA_DECIMAL = re.compile(r"([0-9]+),([0-9]+)")
_ONE_GROUP = re.compile(r"([0-9]{1,3})[.,]([0-9]{3})")
_POINT_DECIMAL = re.compile(r"([0-9]+)\.([0-9]+)")


class Notation(LabelledEnum):
    """Which sign groups thousands and which opens decimals."""

    NEUTRAL = "NEUTRAL", "chữ số liền hoặc cách bằng dấu cách"
    VIETNAMESE = "VIETNAMESE", "dấu chấm ngăn hàng nghìn (140.000.000)"
    ENGLISH = "ENGLISH", "dấu phẩy ngăn hàng nghìn (140,000,000)"


class AmbiguousNumber(NumberUnclear):
    """The text is one of two numbers, and only its author knows which."""

    advice_vi = "Gõ lại ô bằng con số, không dùng dấu ngăn cách."


class NotANumber(NumberUnclear):
    """The text is no number at all."""

    advice_vi = "Gõ lại ô bằng con số, không kèm chữ."


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number beyond doubt, exact, and the notation it was written in."""

    value: Decimal
    notation: Notation


def read_written_number(text: str) -> WrittenNumber:
    """Read the text of a cell that should hold a number, or refuse; never guess.

    Accepted: 140000000, 140 000 000, 140.000.000, 140,000,000, each with decimals in the same notation;
    1,5; full-width digits; a trailing "đ"; -1 and (1) below zero; a lone dash as the accountants' nought.

    Args:
        text: the cell's text.
    Returns:
        The exact number; the caller judges its sign, size and decimals.
    Raises:
        AmbiguousNumber: 35.000, 35,000, 1.5 and 140.000,000, with their readings.
        NotANumber: anything else, "140 triệu" and "14O000" included.
    """
    plain = normalize("NFC", text[: _LONGEST_NUMBER_TEXT + 1]).translate(_SIGNS).strip()
    if len(plain) > _LONGEST_NUMBER_TEXT:
        raise NotANumber(text[:_LONGEST_NUMBER_TEXT])
    if plain == "-":
        return WrittenNumber(Decimal(0), Notation.NEUTRAL)
    digits = _DONG.sub("", plain)
    has_sign_of_dong = digits != plain
    is_negative = digits.startswith("-") or (digits.startswith("(") and digits.endswith(")"))
    digits = digits.strip("()").removeprefix("-").strip() if is_negative else digits
    if not has_sign_of_dong:
        _refuse_two_readings(text, digits)
    found = _read_unsigned(digits)
    if found is None:
        raise NotANumber(text)
    return WrittenNumber(-found.value if is_negative else found.value, found.notation)


def read_stored_number(text: str) -> Decimal | None:
    """The number a spreadsheet stores in its file, exact; None when it is none (NaN, INF, a hexadecimal)."""
    plain = text.strip()
    if not _XML_NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def without_float_noise(number: Decimal) -> Decimal:
    """The number to the fifteen digits a spreadsheet shows: 139999999.99999997 is 140000000."""
    if len(number.as_tuple().digits) <= _SPREADSHEET_DIGITS:
        return number
    unit = Decimal(1).scaleb(number.adjusted() - _SPREADSHEET_DIGITS + 1)
    return number.quantize(unit) if unit < 1 else number


def _refuse_two_readings(text: str, digits: str) -> None:
    group = _ONE_GROUP.fullmatch(digits)
    if group is not None and not digits.startswith("0"):
        whole = format_vnd(int(group[1] + group[2]))
        raise AmbiguousNumber(text, _readings(group[1], group[2], whole))
    mixed = _DOTS.fullmatch(digits) or _COMMAS.fullmatch(digits)
    if mixed is not None and len(mixed[2] or "") == _GROUP:
        bare = re.sub("[.,]", "", mixed[1])
        raise AmbiguousNumber(
            text, _readings(format_vnd(int(bare)), mixed[2], format_vnd(int(bare + mixed[2])))
        )
    point = _POINT_DECIMAL.fullmatch(digits)
    if point is not None and group is None:
        raise AmbiguousNumber(text, _readings(point[1], point[2], ""))


def _readings(whole: str, decimals: str, grouped: str) -> Sequence[str]:
    fraction = f"{whole},{decimals}"
    return [fraction, grouped] if grouped else [fraction, f"{whole}{decimals} (dấu chấm gõ nhầm)"]


def _read_unsigned(digits: str) -> WrittenNumber | None:
    """The number in the one notation it can be written in; None when there is none."""
    if _PLAIN.fullmatch(digits) or _SPACED.fullmatch(digits):
        return WrittenNumber(Decimal(digits.replace(" ", "")), Notation.NEUTRAL)
    for pattern, sign, notation in (
        (_DOTS, ".", Notation.VIETNAMESE),
        (_COMMAS, ",", Notation.ENGLISH),
    ):
        match = pattern.fullmatch(digits)
        if match is not None:
            return WrittenNumber(Decimal(f"{match[1].replace(sign, '')}.{match[2] or '0'}"), notation)
    match = _COMMA_DECIMAL.fullmatch(digits)
    return WrittenNumber(Decimal(f"{match[1]}.{match[2]}"), Notation.VIETNAMESE) if match else None
