"""Money in whole đồng and quantities in whole thousandths: how they are read, written and divided.

The module promises that no amount passes through a float and that nothing a person typed is guessed: the
dot groups thousands and the comma opens decimals, as Vietnamese officials write, and whatever could mean two
things is refused together with its possible readings. It knows no database and no form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias
from unicodedata import normalize

# A plain alias, not a NewType: sums and differences of đồng are đồng again, and a NewType would ask for a
# wrapping call after every "+" without catching more mistakes than the names ending in _vnd already do.
Vnd: TypeAlias = int

LARGEST_STORED = 2**63 - 1  # what a BIGINT column holds, on SQLite and on PostgreSQL

# Line ends and tabs are not among them: two cells pasted together must not become one number.
_SPACES = "\u00a0\u2007\u2009\u202f\u3000"
_PLAIN_SIGNS = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **dict.fromkeys(_SPACES, " "),
        "．": ".",
        "，": ",",
        "（": "(",
        "）": ")",
        "－": "-",
        "−": "-",
    }
)
_WHOLE_NUMBER = re.compile(r"[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+")
_DECIMAL_NUMBER = re.compile(rf"({_WHOLE_NUMBER.pattern})(?:,([0-9]{{1,3}}))?")
_DONG_SIGN = re.compile(r"\s*(?:đồng|đ|₫|vnđ|vnd)$", re.IGNORECASE)
_LARGE_UNIT = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?\s*(nghìn|ngàn|k|triệu|tr|tỷ|tỉ|ty)\.?", re.IGNORECASE)
_ZEROS_OF_UNIT = {"nghìn": 3, "ngàn": 3, "k": 3, "triệu": 6, "tr": 6, "tỷ": 9, "tỉ": 9, "ty": 9}
_GROUPED_BY_COMMA = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_ONE_SEPARATOR = re.compile(r"([0-9]+)[.,]([0-9]+)")


class NumberUnclear(ValueError):
    """The text is not one number beyond doubt; carries how it could be read and says so in Vietnamese.

    Attributes:
        text: what the person wrote, untouched.
        readings: the numbers it could mean, each in the right notation; empty when there is none.
    """

    advice_vi = "Viết số với dấu chấm ngăn cách hàng nghìn."

    def __init__(self, text: str, readings: Sequence[str] = (), reason_vi: str = "") -> None:
        self.text = text
        self.readings = tuple(readings)
        sentence = reason_vi or f"Chưa rõ số “{text}”."
        if self.readings:
            sentence += " Có thể đọc là: " + "; hoặc ".join(self.readings) + "."
        super().__init__(f"{sentence} {self.advice_vi}")


class AmountUnclear(NumberUnclear):
    """The text is not one amount of money beyond doubt."""

    advice_vi = "Nhập số tiền bằng đồng, không có số lẻ, ví dụ 1.234.567."


class QuantityUnclear(NumberUnclear):
    """The text is not one quantity beyond doubt."""

    advice_vi = "Dùng dấu chấm cho hàng nghìn, dấu phẩy cho phần lẻ (nhiều nhất 3 chữ số), ví dụ 1.234,5."


def vnd(value: int) -> Vnd:
    """Vouch that the value is a storable amount in đồng.

    Args:
        value: whole đồng; True, 1.0 and Decimal are refused, because each hides a lost distinction.
    Returns:
        The same number.
    Raises:
        TypeError: not an int, or a bool.
        OverflowError: larger than a 64-bit column holds.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"an amount in đồng is an int, not {type(value).__name__}")
    if abs(value) > LARGEST_STORED:
        raise OverflowError("an amount in đồng must fit a 64-bit column")
    return value


def format_vnd(amount_vnd: Vnd) -> str:
    """Write đồng with dots between thousands: 1234567 becomes 1.234.567 (no unit sign)."""
    return f"{vnd(amount_vnd):,}".replace(",", ".")


def parse_vnd(text: str, *, may_be_negative: bool = False) -> Vnd:
    """Read an amount as an official writes it, or refuse; never guess.

    Accepted: 1.234.567, 1234567, 1 234 567 (also with no-break spaces), full-width digits, a trailing
    "đồng", "đ" or "VND". Refused although many programs read them: 1,200,000 (a comma opens decimals here),
    1.5 and 0.500 (the dot groups thousands), "1,2 tr".

    Args:
        text: what was typed, pasted or found in a text cell.
        may_be_negative: accept (1.234) and -1.234 as amounts below zero.
    Returns:
        Whole đồng.
    Raises:
        AmountUnclear: with the possible readings, as a Vietnamese sentence.
    """
    plain = _DONG_SIGN.sub("", _plain_text(text))
    is_negative, digits = _split_sign(plain)
    if not digits:
        raise AmountUnclear(text, reason_vi="Chưa nhập số tiền.")
    if not _WHOLE_NUMBER.fullmatch(digits):
        raise AmountUnclear(text, _amount_readings(digits))
    amount = _stored_int(digits)
    if amount is None:
        raise AmountUnclear(text, reason_vi=f"Số tiền “{text}” quá lớn.")
    if is_negative and not may_be_negative:
        raise AmountUnclear(text, reason_vi=f"Số tiền “{text}” là số âm; ô này chỉ nhận số không âm.")
    return -amount if is_negative else amount


def format_quantity(thousandths: int) -> str:
    """Write thousandths as a decimal without trailing zeros: 1234500 becomes 1.234,5."""
    whole, rest = divmod(abs(vnd(thousandths)), 1000)
    decimals = f",{rest:03d}".rstrip("0") if rest else ""
    return ("-" if thousandths < 0 else "") + format_vnd(whole) + decimals


def parse_quantity(text: str) -> int:
    """Read a quantity of at most three decimals, or refuse; never guess.

    The dot always groups thousands and the comma always opens decimals, so 1.500 is fifteen hundred and 1,5
    is one and a half. Refused: 1.5 and 0.500 (no group of thousands), 1,2345 (too fine), and 1,500, which
    nobody writes for one and a half but an English spreadsheet writes for fifteen hundred. Every text made
    by `format_quantity` from a quantity not below zero is read back unchanged.

    Args:
        text: what was typed, pasted or found in a text cell.
    Returns:
        The quantity in whole thousandths.
    Raises:
        QuantityUnclear: with the possible readings, as a Vietnamese sentence.
    """
    plain = _plain_text(text)
    if not plain:
        raise QuantityUnclear(text, reason_vi="Chưa nhập số lượng.")
    match = _DECIMAL_NUMBER.fullmatch(plain)
    if match is None or _looks_like_english_thousands(match):
        raise QuantityUnclear(text, _quantity_readings(plain))
    whole = _stored_int(match[1] + (match[2] or "").ljust(3, "0"))
    if whole is None:
        raise QuantityUnclear(text, reason_vi=f"Số lượng “{text}” quá lớn.")
    return whole


def line_amount_vnd(unit_price_vnd: Vnd, frequency_thousandths: int, quantity_thousandths: int) -> Vnd:
    """Multiply a cost line out, rounded half up to the đồng once, at the very end.

    Args:
        unit_price_vnd: price of one unit.
        frequency_thousandths: how many times (lần, tháng, đợt); 1000 means once.
        quantity_thousandths: how many units each time.
    Returns:
        The line's amount in whole đồng; the result is stored, never recomputed from rounded parts.
    Raises:
        ValueError: a factor is below zero.
    """
    factors = (vnd(unit_price_vnd), vnd(frequency_thousandths), vnd(quantity_thousandths))
    if min(factors) < 0:
        raise ValueError("price, frequency and quantity of a cost line are never below zero")
    product_in_millionths = factors[0] * factors[1] * factors[2]
    return vnd((product_in_millionths + 500_000) // 1_000_000)


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by weights so that the parts add up exactly (largest remainder).

    Args:
        total: what is divided; a total below zero is split as its opposite is.
        weights: whole, not below zero; not all zero unless the total is zero.
    Returns:
        One part per weight, in the same order. Each lies less than one away from its exact share; equal
        remainders are served in order of position, so the same input always gives the same parts.
    Raises:
        ValueError: a weight is below zero, or nothing carries weight and there is something to divide.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights are never below zero")
    weight_sum = sum(weights)
    if weight_sum == 0:
        if total != 0:
            raise ValueError("an amount cannot be divided where nothing carries weight")
        return [0] * len(weights)
    if total < 0:
        return [-part for part in apportion(-total, weights)]
    parts = [total * weight // weight_sum for weight in weights]
    remainders = [total * weight % weight_sum for weight in weights]
    served_first = sorted(range(len(weights)), key=lambda position: (-remainders[position], position))
    for position in served_first[: total - sum(parts)]:
        parts[position] += 1
    return parts


def _plain_text(text: str) -> str:
    return normalize("NFC", text).translate(_PLAIN_SIGNS).strip()


def _split_sign(plain: str) -> tuple[bool, str]:
    if plain.startswith("(") and plain.endswith(")"):
        return True, plain[1:-1].strip()
    if plain.startswith("-"):
        return True, plain[1:].strip()
    return False, plain


def _stored_int(digits: str) -> int | None:
    """Turn matched digits into a number; None when no column could hold it."""
    bare = digits.replace(".", "").replace(" ", "").lstrip("0") or "0"
    # The length is looked at first: int() refuses texts of thousands of digits with an error of its own.
    if len(bare) > 19 or int(bare) > LARGEST_STORED:
        return None
    return int(bare)


def _looks_like_english_thousands(match: re.Match[str]) -> bool:
    whole, decimals = match[1], match[2] or ""
    return len(decimals) == 3 and decimals.endswith("0") and whole.isdigit() and whole.strip("0") != ""


def _amount_readings(digits: str) -> list[str]:
    unit = _LARGE_UNIT.fullmatch(digits)
    if unit is not None:
        return _readings_in_large_unit(unit)
    if _GROUPED_BY_COMMA.fullmatch(digits):
        return _written([digits.replace(",", "")], " đồng")
    parts = _ONE_SEPARATOR.fullmatch(digits)
    if parts is None:
        return []
    million = parts[1] + parts[2].ljust(6, "0") if len(parts[2]) <= 6 else ""
    return _written([million], f" đồng (nếu là {parts[1]},{parts[2]} triệu)") + _written(
        [parts[1] + parts[2]], " đồng"
    )


def _readings_in_large_unit(unit: re.Match[str]) -> list[str]:
    zeros = _ZEROS_OF_UNIT[unit[3].lower()]
    decimals = unit[2] or ""
    candidates = [unit[1] + decimals.ljust(zeros, "0")] if len(decimals) <= zeros else []
    if len(decimals) == 3:  # "1.200 tr": twelve hundred millions, or one and a fifth
        candidates.append(unit[1] + decimals + "0" * zeros)
    return _written(candidates, " đồng")


def _quantity_readings(plain: str) -> list[str]:
    readings: list[str] = []
    parts = _ONE_SEPARATOR.fullmatch(plain)
    if parts is not None and len(parts[2]) <= 3:
        decimals = parts[2].rstrip("0")
        readings += _written([parts[1]], f",{decimals}" if decimals else "")
    is_one_point = parts is not None and ("." in plain or len(parts[2]) == 3)
    if is_one_point or _GROUPED_BY_COMMA.fullmatch(plain):
        readings += _written([plain.replace(",", "").replace(".", "")], "")
    return readings


def _written(candidates: Sequence[str], ending: str) -> list[str]:
    """Write candidate digit rows the right way, leaving out what no column could hold."""
    amounts = [_stored_int(digits) for digits in candidates if digits]
    return [format_vnd(amount) + ending for amount in amounts if amount is not None]
