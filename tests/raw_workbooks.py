"""Workbooks written as raw parts, so that a test can say in XML what no spreadsheet library would write.

`a_simple_book()` is an honest one-sheet estimate for `a_simple_context()`: three lines,
one of each task, 67.000.000 đồng in all. Everything in it can be changed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from finance.estimates.checking.check_context import CheckContext
from tests.estimate_contexts import a_check_context

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SHEET_PART = "xl/worksheets/sheet1.xml"
SIMPLE_TOTAL = 67_000_000

HEADINGS = (
    "STT", "Mã nhiệm vụ", "Nội dung công việc", "Kết quả đầu ra", "Đơn vị tính", "Số lượng", "Đơn giá (đồng)",
    "Thành tiền (đồng)", "Nguồn kinh phí", "Thời gian bắt đầu", "Ghi chú",
)  # fmt: skip
LINES: tuple[tuple[object, ...], ...] = (
    (1, "4b", "Mở lớp bồi dưỡng", "Lớp học", "lớp", 4, 10_000_000, 40_000_000, "Ngân sách tỉnh", None, None),
    (2, "2a", "Rà soát thủ tục", "Thủ tục", "thủ tục", 80, 250_000, 20_000_000, "NST_TX", None, None),
    (3, "1a", "Khảo sát ý kiến", "Phiếu", "phiếu", 350, 20_000, 7_000_000, "Ngân sách cấp huyện", None, None),
)
Cells = dict[str, object]


class Raw(str):
    """The XML of a cell, written as it is."""

    __slots__ = ()


@dataclass
class RawBook:
    """The parts of a workbook with one data sheet; `content()` gives the file.

    Attributes:
        cells: address -> number, text, None, or `Raw`.
        hidden_rows: their numbers.
        after, columns: XML behind and before the sheet's rows.
        parts: further parts, or other contents of the usual ones; None leaves one out.
        types: content type overrides by part.
    """

    title: str = "Dự toán"
    cells: Cells = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    after: str = ""
    columns: str = ""
    strings: str = ""
    state: str = ""
    workbook_facts: str = ""
    names: str = ""
    parts: dict[str, bytes | None] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    other_sheets: tuple[str, ...] = ()

    def sheet_xml(self) -> str:
        """The data sheet."""
        rows: dict[int, list[tuple[int, str]]] = {}
        for address, value in self.cells.items():
            letters = address.rstrip("0123456789")
            number = int(address[len(letters) :])
            rows.setdefault(number, []).append((_column(letters), _cell(address, value)))
        written = "".join(
            f'<row r="{number}"{" hidden=" + chr(34) + "1" + chr(34) if number in self.hidden_rows else ""}>'
            + "".join(xml for _column, xml in sorted(cells))
            + "</row>"
            for number, cells in sorted(rows.items())
        )
        return (
            f'{_XML}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{self.columns}'
            f"<sheetData>{written}</sheetData>{self.after}</worksheet>"
        )

    def members(self) -> dict[str, bytes]:
        """Every part by its name."""
        sheets = f'<sheet name="{self.title}" sheetId="1"{self.state} r:id="rId1"/>' + "".join(
            f'<sheet name="{name}" sheetId="{number}" r:id="rId1"/>'
            for number, name in enumerate(self.other_sheets, start=2)
        )
        office = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        types = {"xl/workbook.xml": f"{office}.sheet.main+xml", SHEET_PART: f"{office}.worksheet+xml"}
        overrides = "".join(
            f'<Override PartName="/{name}" ContentType="{kind}"/>'
            for name, kind in (types | self.types).items()
        )
        relations = "".join(
            f'<Relationship Id="{identity}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
            for identity, kind, target in (
                ("rId1", "worksheet", "worksheets/sheet1.xml"),
                ("rId2", "sharedStrings", "sharedStrings.xml"),
                ("rId3", "styles", "styles.xml"),
            )
        )
        parts: dict[str, bytes | None] = {
            "[Content_Types].xml": (
                f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
                f'ContentType="application/xml"/>{overrides}</Types>'
            ).encode(),
            "_rels/.rels": (
                f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
                f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ).encode(),
            "xl/workbook.xml": (
                f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr{self.workbook_facts}/>'
                f"<sheets>{sheets}</sheets>{self.names}</workbook>"
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
            ).encode(),
            "xl/sharedStrings.xml": f'{_XML}<sst xmlns="{MAIN}">{self.strings}</sst>'.encode(),
            "xl/styles.xml": (
                f'{_XML}<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" '
                'formatCode="[$-42A]dd/mm/yyyy;@"/><numFmt numFmtId="171" '
                'formatCode="#,##0&quot; đồng&quot;"/></numFmts><cellXfs><xf numFmtId="0"/>'
                '<xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>'
            ).encode(),
            SHEET_PART: self.sheet_xml().encode(),
        }
        return {name: part for name, part in (parts | self.parts).items() if part is not None}

    def content(self) -> bytes:
        """The file."""
        return zipped(self.members())


def a_simple_context() -> CheckContext:
    """The usual context, with every task the office's own and room under every ceiling."""
    known = a_check_context()
    return replace(
        known,
        tasks={code: replace(task, is_of_agency=True) for code, task in known.tasks.items()},
        ceilings=dict.fromkeys(known.sources, 10**12),
    )


def zipped(members: Mapping[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """A zip of these parts, the same bytes each time."""
    stream = io.BytesIO()
    with ZipFile(stream, "w") as made:
        for name, part in members.items():
            entry = ZipInfo(name, (2012, 1, 2, 3, 4, 6))
            entry.compress_type = method
            made.writestr(entry, part)
    return stream.getvalue()


def simple_cells(lines: tuple[tuple[object, ...], ...] = LINES, *, first_row: int = 7) -> Cells:
    """The cells of an honest simple sheet with these lines."""
    cells: Cells = {
        "A1": "DỰ TOÁN KINH PHÍ CẢI CÁCH HÀNH CHÍNH NĂM 2012",
        "A2": "Cơ quan:",
        "B2": "H_NHATRANG",
        "C2": "UBND thành phố Nha Trang",
        "A3": "Mẫu: Giản đơn v1",
        "A4": "Đơn vị tính: đồng",
    }
    for index, heading in enumerate(HEADINGS):
        cells[f"{chr(65 + index)}{first_row - 1}"] = heading
    for number, line in enumerate(lines, start=first_row):
        for index, value in enumerate(line):
            if value is not None:
                cells[f"{chr(65 + index)}{number}"] = value
    return cells


def a_simple_book(changed: Mapping[str, object] | None = None, **facts: object) -> RawBook:
    """An honest one-sheet estimate with these cells changed (None empties one)."""
    cells = {
        address: value
        for address, value in (simple_cells() | dict(changed or {})).items()
        if value is not None
    }
    return RawBook(cells=cells, **facts)  # type: ignore[arg-type]


def formula(text: str, value: object = None, kind: str = "", attributes: str = "") -> Raw:
    """A formula cell with the value the file remembers; `{r}` is put in later."""
    shown = "" if value is None else f"<v>{escape(str(value))}</v>"
    return Raw(f'<c r="{{r}}"{kind}><f{attributes}>{escape(text)}</f>{shown}</c>')


def _cell(address: str, value: object) -> str:
    if isinstance(value, Raw):
        return value.replace("{r}", address)
    if isinstance(value, str):
        text = f'<t xml:space="preserve">{escape(value)}</t>'
        return f'<c r="{address}" t="inlineStr"><is>{text}</is></c>'
    return f'<c r="{address}"><v>{value}</v></c>'


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index
