"""The order of the Vietnamese alphabet as a key that any store can sort.

Python, SQLite and a PostgreSQL in the C collation put Đ, Ă and Ứ after Z. The key made here is kept in a
column and sorted byte by byte, so both stores and Python agree without an extension. It follows the order
that ICU calls "vi" (CLDR): letters first (a ă â b c d đ e ê …), then tones (ngang, huyền, hỏi, ngã, sắc,
nặng), then lower case before upper case. Punctuation stands before digits, digits before letters.
"""

from __future__ import annotations

from unicodedata import combining, normalize

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
_SHAPES = {
    "a": {"\u0306": "ă", "\u0302": "â"},
    "e": {"\u0302": "ê"},
    "o": {"\u0302": "ô", "\u031b": "ơ"},
    "u": {"\u031b": "ư"},
}
# As CLDR orders them; whatever is not listed is placed after z by its code point.
_SIGNS = "\t\n\r _-–—,;:!?.·'‘’\"“”«»()[]{}§@*/\\&#%‰†•`^°©®+±÷×<=>|~−$₫"

# The key uses digits and small letters only: their order is the same in the C collation, in SQLite's BINARY
# and in the usual language settings of a server, so that a forgotten COLLATE does not break a list.
_LEVEL_END = "0"
_PLAIN, _LOWER, _UPPER = "1", "1", "2"
_ELSEWHERE = "z3"
_WEIGHT_SIGNS = "123456789abcdefghijklmnopqrstuvwxyz"


def _primary_weights() -> dict[str, str]:
    """Give every known character a weight; no weight is the beginning of another."""
    weights = {sign: f"2{place // 35 + 1}{_WEIGHT_SIGNS[place % 35]}" for place, sign in enumerate(_SIGNS)}
    weights |= {str(digit): f"3{digit}" for digit in range(10)}
    weights |= dict(zip(_ALPHABET[:-2], "456789abcdefghijklmnopqrstuvwxy", strict=True))
    return weights | {"y": "z1", "z": "z2"}


_PRIMARY = _primary_weights()
_TONE_WEIGHTS = dict(zip(_TONES, "23456", strict=True))


def sort_key(text: str) -> str:
    """Return a key of digits and small letters whose plain order is the Vietnamese order of the texts.

    Args:
        text: any text, in whichever normal form.
    Returns:
        The key; texts that differ only in their Unicode form get the same key. About four signs a letter.
    """
    letters: list[str] = []
    marks: list[str] = []
    cases: list[str] = []
    for letter, letter_marks in _clusters(text):
        small = letter.lower() if len(letter.lower()) == 1 else letter
        shape, tones = _shape_and_tones(small, letter_marks)
        letters.append(_PRIMARY.get(shape) or _weight_elsewhere(shape))
        marks.append(_PLAIN + "".join(_TONE_WEIGHTS.get(tone) or _weight_elsewhere(tone) for tone in tones))
        cases.append(_LOWER if small == letter else _UPPER)
    return _LEVEL_END.join(("".join(letters), "".join(marks), "".join(cases)))


def _clusters(text: str) -> list[tuple[str, str]]:
    """Split into base characters, each with the marks that follow it."""
    clusters: list[tuple[str, str]] = []
    for character in normalize("NFKD", text):
        if combining(character) and clusters:
            letter, marks = clusters[-1]
            clusters[-1] = (letter, marks + character)
        else:
            clusters.append((character, ""))
    return clusters


def _shape_and_tones(letter: str, marks: str) -> tuple[str, str]:
    """Turn the mark that makes another letter (ă, â, ê, ô, ơ, ư) into that letter; the rest are tones."""
    for mark in marks:
        shaped = _SHAPES.get(letter, {}).get(mark)
        if shaped is not None:
            return shaped, marks.replace(mark, "", 1)
    return letter, marks


def _weight_elsewhere(character: str) -> str:
    return f"{_ELSEWHERE}{ord(character):06x}"
