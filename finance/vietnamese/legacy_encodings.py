"""Texts whose letters were lost or replaced on the way: old fonts, wrong encodings, broken copies.

Nothing is converted: a guess about letters is a guess about what a person asked for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from finance.vietnamese.normal import looks_legacy_encoded

_LOST_LETTER = "\ufffd"
# UTF-8 read as Windows-1252: every Vietnamese letter becomes one of these openings and a sign behind it.
# Two are asked for, because "XÃ…" is a heading that ends in dots.
_SIGN_BEHIND = (
    "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_TWICE_ENCODED = re.compile(f"á[º»]|[ÃÂ]{_SIGN_BEHIND}|Ä[\u0090\u2018\u2019\u00a9\u00a8]|Æ[°¡\u00a0\u00af]")
_CYRILLIC_OR_GREEK = re.compile("[\u0370-\u03ff\u0400-\u052f]")


@lru_cache(maxsize=4096)  # the same unit, source and task stand in every row of a workbook
def why_unreadable_vi(text: str) -> str:
    """Say what is wrong with the letters of a text, or nothing.

    Args:
        text: what was typed, pasted or read from a workbook cell.
    Returns:
        The end of a sentence in Vietnamese ("gõ bằng phông cũ …"), empty when the letters can be trusted.
    """
    if text.isascii():
        return ""
    if _LOST_LETTER in text:
        return "có chữ đã mất (hiện thành \ufffd)"
    if len(_TWICE_ENCODED.findall(text)) >= 2:
        return "bị vỡ dấu (UTF-8 mở nhầm bảng mã)"
    if looks_legacy_encoded(text):
        return "có vẻ gõ bằng phông cũ (TCVN3, VNI), không phải Unicode"
    return ""


def foreign_lookalikes(text: str) -> str:
    """The Cyrillic or Greek letters of a code; they look like Latin ones and are others."""
    return "".join(dict.fromkeys(_CYRILLIC_OR_GREEK.findall(text)))
