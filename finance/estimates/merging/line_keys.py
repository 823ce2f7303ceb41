"""Which line of a base a workbook's line was, however it was moved or retyped. Pure."""

from __future__ import annotations

_SIGN = "#"


def line_key(project_key: str, number: int) -> str:
    """The key of a project's line, 1 for the first."""
    return f"{project_key}{_SIGN}{number}"


def line_number(key: str, project_key: str) -> int | None:
    """The line's number in this project, 1 for the first; None when the key is of no line of it."""
    prefix, sign, digits = key.rpartition(_SIGN)
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 7
    return int(digits) if sign and prefix == project_key and is_number else None
