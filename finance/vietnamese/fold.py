"""Search without diacritics: the folded form of a text, kept in a column beside it."""

from __future__ import annotations

from unicodedata import category, normalize

_WITHOUT_PARTS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


def fold(text: str) -> str:
    """Return the text in small letters without marks, so that "dat dai" finds "Đất đai".

    Two spellings of one syllable become equal (Hòa and Hoà), whatever their Unicode form. Runs of spaces,
    no-break spaces included, become one ordinary space.

    Args:
        text: a name, or what a person typed into a search field.
    Returns:
        The folded text; folding it again changes nothing.
    """
    if text.isascii():
        return " ".join(text.casefold().split())
    # Twice, because folding case may bring out a mark that the first decomposition did not see (İ, ŉ).
    bare = _without_marks(_without_marks(text.translate(_WITHOUT_PARTS)).casefold())
    return " ".join(bare.translate(_WITHOUT_PARTS).split())


class _MarksTakenOut(dict[int, int | None]):
    """Every letter to itself and every mark to nothing, looked up once."""

    def __missing__(self, sign: int) -> int | None:
        found = None if category(chr(sign)) == "Mn" else sign
        self[sign] = found
        return found


_MARKS_TAKEN_OUT = _MarksTakenOut()


def _without_marks(text: str) -> str:
    return normalize("NFKD", text).translate(_MARKS_TAKEN_OUT)
