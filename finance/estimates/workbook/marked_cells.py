"""Giving cells of a sheet another format, also cells that are not there yet; nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from finance.estimates.workbook.columns import column_letters
from finance.estimates.workbook.xml_splice import Element, Splices, append_children, scan, with_attributes

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# What must stand behind the pointer to the comments' shapes, in the order of the format.
_BEHIND_DRAWING = frozenset(
    {
        "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
        "extLst",
    }
)  # fmt: skip
Place = tuple[int, int]  # row and column, 1 for the first
Restyle = Callable[[Place, int], int | None]


@dataclass(slots=True)
class SheetXml:
    """The places of a sheet that can be changed.

    Attributes:
        rows: elements by row number.
        cells: elements by row and column.
        column_formats: (first, last, format) of the columns that have one.
    """

    data: bytes
    root: Element
    body: Element
    rows: dict[int, Element] = field(default_factory=dict)
    cells: dict[Place, Element] = field(default_factory=dict)
    column_formats: list[tuple[int, int, int]] = field(default_factory=list)
    drawing_id: str = ""
    behind_drawing: int = 0


def place_of(address: str) -> Place | None:
    """Row and column of a cell address such as F14; None when it is none."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def address_of(place: Place) -> str:
    """The address of a row and column."""
    return f"{column_letters(place[1] - 1)}{place[0]}"


def open_sheet(data: bytes, wanted: Collection[Place], marked: Collection[int]) -> SheetXml:
    """Where the rows and cells of a sheet are; both may leave their number to be counted.

    Args:
        data: the part in UTF-8.
        wanted: cells in whose rows every cell is noted.
        marked: formats whose cells are noted wherever they are.

    Raises:
        ValueError: the part is no sheet.
    """
    rows, formats = {row for row, _column in wanted}, {str(one) for one in marked}

    def is_noted(depth: int, name: str, of: Mapping[str, str]) -> bool:
        if name != "c":
            return depth <= 1 or name in {"row", "col"}
        place = place_of(of.get("r", ""))
        return place is None or place[0] in rows or of.get("s") in formats

    elements = scan(data, is_noted)
    body = next((one for one in elements if one.depth == 1 and one.local == "sheetData"), None)
    if body is None:
        raise ValueError("a sheet without rows")
    sheet = SheetXml(data, elements[0], body, behind_drawing=elements[0].close)
    row = column = 0
    for one in elements[1:]:
        if one.depth == 1:
            _note_part(sheet, one)
        elif one.local == "col":
            _note_column(sheet, one)
        elif one.local == "row" and one.depth == 2:
            row, column = _number(one.attributes.get("r"), row + 1), 0
            sheet.rows[row] = one
        elif one.local == "c" and one.depth == 3:
            known = place_of(one.attributes.get("r", ""))
            column = known[1] if known else column + 1
            sheet.cells[row, column] = one
    return sheet


def restyle_cells(sheet: SheetXml, wanted: Collection[Place], restyle: Restyle, splices: Splices) -> None:
    """Give cells another format.

    Args:
        sheet: of `open_sheet`.
        wanted: cells that get a format in any case; one that is not there is made, empty.
        restyle: told a cell's place and format, gives the new one, or None to leave it.
        splices: takes the changes.
    """
    for place, cell in sheet.cells.items():
        new = restyle(place, _number(cell.attributes.get("s"), 0))
        if new is not None:
            splices.replace(cell.start, cell.inside, with_attributes(sheet.data, cell, {"s": str(new)}))
    missing: dict[int, list[Place]] = {}
    for place in sorted(place for place in wanted if place not in sheet.cells):
        missing.setdefault(place[0], []).append(place)
    for number, places in missing.items():
        made = {place: _made_cell(sheet, place, restyle) for place in places}
        if number in sheet.rows:
            _put_into_row(sheet, sheet.rows[number], made, splices)
    _put_rows(sheet, {n: p for n, p in missing.items() if n not in sheet.rows}, restyle, splices)


def point_to_drawing(sheet: SheetXml, relation_id: str, splices: Splices) -> None:
    """Say where the shapes of the comments are."""
    name = f"{sheet.root.prefix}legacyDrawing"
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    splices.put(sheet.behind_drawing, f'<{name} xmlns:pbr="{space}" pbr:id="{relation_id}"/>')


def _note_part(sheet: SheetXml, one: Element) -> None:
    if one.local == "legacyDrawing":
        names = (value for name, value in one.attributes.items() if name.rpartition(":")[2] == "id")
        sheet.drawing_id = next(names, "")
    elif one.local in _BEHIND_DRAWING:
        sheet.behind_drawing = min(sheet.behind_drawing, one.start)


def _note_column(sheet: SheetXml, one: Element) -> None:
    ends = (_number(one.attributes.get(name), 0) for name in ("min", "max", "style"))
    first, last, style = ends
    sheet.column_formats.append((first, last, style))


def _made_cell(sheet: SheetXml, place: Place, restyle: Restyle) -> str:
    """An empty cell with the format its row or column would give it, changed as wanted."""
    row = sheet.rows.get(place[0])
    own = _number(row.attributes.get("s"), 0) if row and row.attributes.get("customFormat") == "1" else None
    if own is None:
        own = next((style for first, last, style in sheet.column_formats if first <= place[1] <= last), 0)
    new = restyle(place, own)
    return f'<{sheet.root.prefix}c r="{address_of(place)}" s="{own if new is None else new}"/>'


def _put_into_row(sheet: SheetXml, row: Element, made: Mapping[Place, str], splices: Splices) -> None:
    number = next(iter(made))[0]
    columns = sorted(column for at, column in sheet.cells if at == number)
    behind: list[str] = []
    for place, text in made.items():
        following = next((column for column in columns if column > place[1]), None)
        if following is None:
            behind.append(text)
        else:
            splices.put(sheet.cells[number, following].start, text)
    append_children(splices, sheet.data, row, behind)


def _put_rows(
    sheet: SheetXml, missing: Mapping[int, Iterable[Place]], restyle: Restyle, splices: Splices
) -> None:
    p, behind = sheet.root.prefix, []
    for number, places in missing.items():
        cells = "".join(_made_cell(sheet, place, restyle) for place in places)
        text = f'<{p}row r="{number}">{cells}</{p}row>'
        following = min((one for one in sheet.rows if one > number), default=None)
        if following is None:
            behind.append(text)
        else:
            splices.put(sheet.rows[following].start, text)
    append_children(splices, sheet.data, sheet.body, behind)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 8 else otherwise
