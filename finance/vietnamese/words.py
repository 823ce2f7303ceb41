"""Amounts in words (số tiền bằng chữ), as decisions and estimates print them under the total.

Written here because the usual library is wrong beyond a thousand billion and drops "không trăm linh".
Numbers are read in groups of three; every ninth zero is a "tỷ", so 10^15 is "một triệu tỷ".
"""

from __future__ import annotations

from itertools import takewhile

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUP_NAMES = ("", "nghìn", "triệu")
_BILLION = 10**9


def amount_in_words(amount_vnd: int) -> str:
    """Write an amount out: 1234567 becomes "Một triệu hai trăm ba mươi bốn nghìn … sáu mươi bảy đồng".

    Args:
        amount_vnd: whole đồng; below zero is read with "Âm" before it.
    Returns:
        A phrase beginning with a capital and ending in "đồng".
    Raises:
        TypeError: not a whole number.
    """
    if isinstance(amount_vnd, bool) or not isinstance(amount_vnd, int):
        raise TypeError("an amount in đồng is an int")
    phrase = f"{number_in_words(amount_vnd)} đồng"
    return phrase[0].upper() + phrase[1:]


def number_in_words(number: int) -> str:
    """Read a whole number aloud in Vietnamese, in small letters, without a unit."""
    if number < 0:
        return f"âm {number_in_words(-number)}"
    if number == 0:
        return _DIGITS[0]
    blocks = _split(number, _BILLION)
    words: list[str] = []
    for place in range(len(blocks) - 1, -1, -1):
        if blocks[place] == 0:
            continue
        words += _block_in_words(blocks[place], is_first=not words)
        words += ["tỷ"] * _billions_said(blocks, place)
    return " ".join(words)


def _billions_said(blocks: list[int], place: int) -> int:
    """Count the "tỷ" after this block: one, and one for every empty block it must step over.

    The spoken blocks further right say their own "tỷ", which multiply this one as well.
    """
    silent = len(list(takewhile(lambda block: block == 0, reversed(blocks[:place]))))
    return min(place, silent + 1)


def _block_in_words(block: int, *, is_first: bool) -> list[str]:
    """Read a number below a billion; inside a longer number its empty hundreds are said."""
    words: list[str] = []
    groups = _split(block, 1000)
    if not is_first:
        groups += [0] * (3 - len(groups))
    for place in range(len(groups) - 1, -1, -1):
        if groups[place] == 0:
            continue
        words += _group_in_words(groups[place], is_first=is_first and not words)
        words += [_GROUP_NAMES[place]] if place else []
    return words


def _group_in_words(group: int, *, is_first: bool) -> list[str]:
    """Read 1 to 999; after a larger group the hundreds are said even when there are none."""
    hundreds, rest = divmod(group, 100)
    tens, units = divmod(rest, 10)
    says_hundreds = hundreds > 0 or not is_first
    words = [_DIGITS[hundreds], "trăm"] if says_hundreds else []
    if tens == 0:
        if units == 0:
            return words
        return [*words, "linh", _DIGITS[units]] if says_hundreds else [*words, _DIGITS[units]]
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    return words + _units_after_tens(tens, units)


def _units_after_tens(tens: int, units: int) -> list[str]:
    if units == 0:
        return []
    if units == 5:
        return ["lăm"]
    if units == 1 and tens > 1:
        return ["mốt"]
    return [_DIGITS[units]]


def _split(number: int, base: int) -> list[int]:
    """Split into digits of the base, the lowest first."""
    digits: list[int] = []
    while number:
        number, digit = divmod(number, base)
        digits.append(digit)
    return digits
