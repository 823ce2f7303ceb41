"""One name for one kind of mistake in a file, whether the reader or a check of the draft found it."""

from __future__ import annotations

from collections.abc import Mapping

_FILE_CODES: Mapping[str, str] = {
    "TASK_MISSING": "E_UNKNOWN_CODE",
    "TASK_UNKNOWN": "E_UNKNOWN_CODE",
    "TARGET_UNKNOWN": "E_UNKNOWN_CODE",
    "SOURCE_MISSING": "E_UNKNOWN_SOURCE",
    "SOURCE_UNKNOWN": "E_UNKNOWN_SOURCE",
    "BUDGET_CODE_UNKNOWN": "E_UNKNOWN_CODE",
    "NORM_UNKNOWN": "E_UNKNOWN_CODE",
    "TEXT_TOO_LONG": "E_TEXT_TOO_LONG",
    "TEXT_LEGACY": "E_LEGACY_FONT",
    "NUMBER_NEGATIVE": "E_NEGATIVE",
    "AMOUNT_TOO_LARGE": "E_TOO_LARGE_NUMBER",
    "PROJECT_KEY_DOUBLE": "E_CODE_TWICE",
    "PROJECT_OF_ROW_UNKNOWN": "E_UNKNOWN_CODE",
    "CHOICE_UNKNOWN": "E_UNKNOWN_CODE",
    "CELL_NOT_TEXT": "E_NOT_TEXT",
    "LINE_DOUBLE": "W_DUPLICATE_LINE",
    "AMOUNT_DIFFERS": "W_LINE_TOTAL",
}


def file_code(code: str) -> str:
    """The name under which files are compared with other readers'; the code itself when it has none."""
    return _FILE_CODES.get(code, code)
