"""A co-agency's lines as typed into a plain table: read line by line, nothing guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from finance.estimates.draft import LineDraft
from finance.estimates.levels import LevelCode
from finance.money import NumberUnclear, format_quantity, format_vnd, parse_quantity, parse_vnd
from finance.programme.classification import Nature
from webapp.form_fields import tidy_words

EMPTY_ROWS = 4
FIELDS = (
    "item_vi",
    "source_code",
    "nature",
    "year",
    "unit_name",
    "unit_price",
    "frequency",
    "budget_code",
    "note",
)


@dataclass
class TypedRow:
    """One row of the table: the texts as they were typed and what is wrong with each.

    Attributes:
        left_over: quantities typed for levels the project no longer has, in words.
    """

    texts: dict[str, str]
    quantities: list[str]
    errors: dict[str, str] = field(default_factory=dict)
    left_over: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """True when nobody typed anything: source, nature, year and times stand in every new row."""
        typed = (self.texts[name] for name in ("item_vi", "unit_name", "unit_price", "budget_code", "note"))
        return not any((*typed, *self.quantities))


def rows_of_lines(lines: Sequence[LineDraft], level_count: int) -> list[TypedRow]:
    """The stored lines as the table shows them, with empty rows behind."""
    rows = [
        TypedRow(
            {
                "item_vi": line.item_vi,
                "source_code": line.source_code,
                "nature": line.nature.value,
                "year": str(line.year),
                "unit_name": line.unit_name,
                "unit_price": format_vnd(line.unit_price_vnd),
                "frequency": format_quantity(line.frequency_thousandths),
                "budget_code": line.budget_code,
                "note": line.note,
            },
            [format_quantity(quantity) for quantity in _as_many(line.quantities, level_count)],
        )
        for line in lines
    ]
    return rows + [_empty_row(level_count) for _number in range(EMPTY_ROWS)]


def read_rows(form: MultiDict[str, str], level_count: int) -> list[TypedRow]:
    """The rows of the sent table in order."""
    rows = []
    for number in range(_rows_sent(form)):
        texts = {name: tidy_words(form.get(f"lines-{number}-{name}")) for name in FIELDS}
        quantities = [
            tidy_words(form.get(f"lines-{number}-quantity-{level}")) for level in range(1, level_count + 1)
        ]
        rows.append(TypedRow(texts, quantities))
    return rows


def is_whole(form: MultiDict[str, str]) -> bool:
    """True when as many rows arrived as the page had: a table cut on its way would delete lines."""
    return form.get("rows", type=int) == _rows_sent(form)


def at_levels_of_now(rows: Sequence[TypedRow], seen: Sequence[LevelCode], now: Sequence[LevelCode]) -> None:
    """Put quantities typed for the levels that were seen under the same levels of the project as it is now.

    What was typed for a level that is gone stays beside the row, to be read and put elsewhere.
    """
    if list(seen) == list(now):
        return
    for row in rows:
        typed = dict(zip(seen, row.quantities, strict=False))
        row.quantities = [typed.get(code, "") for code in now]
        gone = ((code, text) for code, text in typed.items() if code not in now and text)
        row.left_over = [f"{code.label_vi}: {text}" for code, text in gone]


def _rows_sent(form: MultiDict[str, str]) -> int:
    """How many rows stand in the form, counted without a gap from the first."""
    number = 0
    while f"lines-{number}-{FIELDS[0]}" in form:
        number += 1
    return number


def lines_of_rows(rows: Sequence[TypedRow]) -> list[LineDraft]:
    """The lines; what cannot be read is noted at its row and leaves the line out."""
    found = []
    for row in rows:
        if row.is_empty:
            continue
        price = _read(row, "unit_price", row.texts["unit_price"], parse_vnd)
        often = _read(row, "frequency", row.texts["frequency"] or "1", parse_quantity)
        quantities = [
            _read(row, f"quantity-{level}", text or "0", parse_quantity)
            for level, text in enumerate(row.quantities, start=1)
        ]
        if row.errors:
            continue
        found.append(_line(row.texts, price, often, quantities))
    return found


def _line(texts: Mapping[str, str], price: int, often: int, quantities: Sequence[int]) -> LineDraft:
    return LineDraft(
        item_vi=texts["item_vi"],
        source_code=texts["source_code"],
        nature=Nature.CAPITAL if texts["nature"] == Nature.CAPITAL.value else Nature.RECURRENT,
        year=int(texts["year"]) if texts["year"].isascii() and texts["year"].isdigit() else 0,
        unit_name=texts["unit_name"],
        unit_price_vnd=price,
        quantities=tuple(quantities),
        frequency_thousandths=often,
        budget_code=texts["budget_code"],
        note=texts["note"],
    )


def _read(row: TypedRow, name: str, text: str, parse: Callable[[str], int]) -> int:
    try:
        return parse(text)
    except NumberUnclear as unclear:
        row.errors[name] = str(unclear)
        return 0


def _as_many(quantities: Sequence[int], count: int) -> list[int]:
    return [*quantities[:count], *([0] * (count - len(quantities)))]


def _empty_row(level_count: int) -> TypedRow:
    return TypedRow({**dict.fromkeys(FIELDS, ""), "frequency": "1"}, [""] * level_count)


def unreadable_sentence(rows: Sequence[TypedRow]) -> str:
    """What must be mended before the table can be read."""
    count = sum(len(row.errors) for row in rows)
    return _("Còn %(count)s ô chưa đọc được; xem lý do dưới từng ô.", count=count)


def torn_sentence() -> str:
    """What to do when the table did not arrive whole."""
    return _("Bảng gửi lên không đủ số dòng như trên trang nên chưa lưu gì; mở lại trang rồi lưu lần nữa.")
