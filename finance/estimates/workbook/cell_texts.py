"""The text of a cell as a person sees it: without the signs nobody sees, and said when there were some."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category, is_normalized

from finance.estimates.draft import tidy_text

# OOXML writes signs XML has no room for as _x000B_, and a literal "_x000B_" as _x005F_x000B_.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_CALCULATES = "=＝@＠"
_MAY_CALCULATE = re.compile(r"[+＋-][^\s].*[|(!]")


@lru_cache(maxsize=8192)  # units, sources and tasks repeat in every row
def tidy_cell_text(raw: str) -> tuple[str, bool]:
    """The text in one form, and whether signs were taken out or letters composed for it.

    Args:
        raw: as the file keeps it.
    """
    text = _ESCAPED.sub(_unescaped, raw) if "_x" in raw else raw
    if text.isprintable() and is_normalized("NFC", text):
        return text.strip(), False
    was_cleaned = not is_normalized("NFC", text) or any(
        category(sign) in _UNSEEN and sign not in "\n\t\r" for sign in text
    )
    return tidy_text(text), was_cleaned


def looks_like_formula(text: str) -> bool:
    """True when a spreadsheet would calculate the text if it were typed: it starts with =, @ or +cmd|."""
    return (text[:1] in _CALCULATES and len(text) > 1) or _MAY_CALCULATE.match(text) is not None


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))
