"""JSON text against the shipped schemas: every mistake at once, with path and Vietnamese words.

Numbers are read exactly: whole numbers as int, decimals as Decimal, so 1.0 and true are never money. No
number beyond 10^18 is believed to be meant.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from optimizer.errors import Mistake

SCHEMA_FOLDER = Path(__file__).parent / "schemas"
LARGEST_EXPONENT = 18
LARGEST_NUMBER = 10**LARGEST_EXPONENT
MOST_DIGITS = 60
"""Decimals of more characters are refused: none of ours has so many, and exact sums would only grow."""
SHOWN_CHARACTERS = 60
BYTE_ORDER_MARK = "\ufeff"
TYPE_WORDS = {
    "integer": "số nguyên",
    "number": "số",
    "string": "chuỗi chữ",
    "array": "danh sách",
    "object": "đối tượng",
    "boolean": "true hoặc false",
    "null": "null",
}


class UnreadableText(Exception):
    """The text is no JSON, or JSON with a key twice, half a character or a number out of all bounds."""


def read_json(text: str) -> Any:
    """Return the data of a JSON text, decimals as Decimal.

    Raises:
        UnreadableText: not JSON, a repeated key, half a character, NaN, Infinity or a number beyond 10^18.
    """
    try:
        data = json.loads(
            # Some editors put a mark before the first character that nobody sees.
            text.removeprefix(BYTE_ORDER_MARK),
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=_refuse_constant,
            object_pairs_hook=_single_keys,
        )
    except json.JSONDecodeError as error:
        raise UnreadableText(f"Không đọc được JSON ở dòng {error.lineno}, cột {error.colno}.") from error
    except RecursionError as error:
        raise UnreadableText("Không đọc được JSON: danh sách hoặc đối tượng lồng nhau quá sâu.") from error
    _refuse_half_characters(text, data)
    return data


def _refuse_half_characters(text: str, data: Any) -> None:
    """Refuse half of a surrogate pair: it can be read as an escape, but no file can be written with it."""
    if "\\ud" not in text and "\\uD" not in text:
        return
    try:
        json.dumps(data, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableText("Tệp có ký tự không trọn vẹn (nửa cặp mã \\ud800–\\udfff).") from error


def schema_mistakes(data: Any, schema_file: str) -> tuple[Mistake, ...]:
    """Return every way in which data differs from a schema, sorted by path.

    Args:
        data: what read_json returned.
        schema_file: name of a file in the schemas folder.
    """
    errors = _validator(schema_file).iter_errors(data)
    mistakes = {mistake for error in errors for mistake in _mistakes_of(error)}
    return tuple(sorted(mistakes, key=lambda item: (item.path, item.words)))


def _decimal(text: str) -> Decimal:
    if len(text) > MOST_DIGITS:
        raise UnreadableText(f"Số {text[:SHOWN_CHARACTERS]}… có quá nhiều chữ số.")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise UnreadableText(f"Số {text} vượt quá phạm vi cho phép.") from error
    if number and abs(number.adjusted()) > LARGEST_EXPONENT:
        raise UnreadableText(f"Số {text} vượt quá phạm vi cho phép.")
    return number


def _whole(text: str) -> int | Decimal:
    """Read a whole number; one far out of bounds stays a Decimal, which no rule takes for a whole number."""
    return int(text) if len(text) <= LARGEST_EXPONENT + 2 else Decimal(text)


def _refuse_constant(text: str) -> None:
    raise UnreadableText(f"{text} không phải là số.")


def _single_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        key = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise UnreadableText(f"Khóa “{_cut(key)}” xuất hiện hai lần trong cùng một đối tượng.")
    return found


@cache
def _validator(schema_file: str) -> Any:
    checker = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer).redefine(
        "number", _is_number
    )
    strict = extend(Draft202012Validator, {"pattern": _pattern_errors}, type_checker=checker)
    return strict(json.loads((SCHEMA_FOLDER / schema_file).read_text(encoding="utf-8")))


def _pattern_errors(
    validator: Any, pattern: str, found: object, _schema: object
) -> Iterator[ValidationError]:
    """A text has a form only as a whole: searching alone takes a year with a line feed for a year."""
    if validator.is_type(found, "string") and not re.fullmatch(pattern, str(found)):
        yield ValidationError("no such form")


def _is_integer(_checker: object, value: object) -> bool:
    return type(value) is int and abs(value) <= LARGEST_NUMBER


def _is_number(_checker: object, value: object) -> bool:
    return (type(value) is int or isinstance(value, Decimal)) and abs(value) <= LARGEST_NUMBER


def _path(error: ValidationError) -> str:
    path = "$"
    for step in error.absolute_path:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path


def _mistakes_of(error: ValidationError) -> list[Mistake]:
    path = _path(error)
    rule, wanted, found = error.validator, error.validator_value, error.instance
    if rule == "required":
        return [Mistake(f"{path}.{key}", f"Thiếu “{key}”.") for key in wanted if key not in found]
    if rule == "additionalProperties":
        known = set(error.schema.get("properties", {}))
        return [
            Mistake(f"{path}.{key}", f"Không có khóa “{key}” ở đây.") for key in found if key not in known
        ]
    return [Mistake(path, _words(str(rule), wanted, found))]


def _words(rule: str, wanted: Any, found: Any) -> str:
    shown = json.dumps(found, ensure_ascii=False, default=str)[:SHOWN_CHARACTERS]
    if rule == "type" and type(found) in (int, Decimal) and abs(found) > LARGEST_NUMBER:
        return f"Số vượt quá phạm vi cho phép (10^{LARGEST_EXPONENT})."
    if rule == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        return f"Phải là {' hoặc '.join(TYPE_WORDS[kind] for kind in kinds)}; đang là {shown}."
    if rule == "enum":
        return f"Phải là một trong: {', '.join(str(item) for item in wanted)}; đang là {shown}."
    if rule == "const":
        return f"Phải là “{wanted}”; đang là {shown}."
    if rule == "minimum":
        return f"Không được nhỏ hơn {wanted}; đang là {shown}."
    if rule == "maximum":
        return f"Không được lớn hơn {wanted}; đang là {shown}."
    if rule in ("minItems", "maxItems", "minLength"):
        return f"Số phần tử hoặc độ dài không đúng (giới hạn {wanted})."
    if rule == "pattern":
        return f"“{_cut(str(found))}” không đúng dạng."
    return f"Không hợp lệ: {shown}."


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
