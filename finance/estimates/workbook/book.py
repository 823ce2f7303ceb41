"""A workbook's own parts: which sheets there are, which styles show dates, its texts and properties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath, split

from finance.estimates.workbook.package import Package, refused
from finance.estimates.workbook.shared_strings import read_strings
from finance.estimates.workbook.xml_parts import (
    DEEPEST,
    MAIN,
    RELATIONS,
    STRICT_MAIN,
    Attributes,
    feed,
    new_parser,
    read_elements,
)
from finance.findings import Finding, Location, Severity

MOST_SHEETS = 60
_TYPES = "[Content_Types].xml"
_PROPERTIES = "docProps/custom.xml"
_SHEET_TYPES = frozenset(
    f"application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}.main+xml"
    for kind in ("sheet", "template")
)
_ACTIVE_FOLDERS = (
    "xl/embeddings/", "xl/activex/", "xl/querytables/", "xl/model/", "xl/ctrlprops/", "xl/webextensions/",
    "customui/",
)  # fmt: skip
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_LETTERS_OF_A_DATE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|general', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A worksheet as the workbook lists it."""

    title: str
    part: str
    is_hidden: bool


@dataclass(slots=True)
class Book:
    """An opened workbook; sheets are read from the package when asked for.

    Attributes:
        date_styles: numbers of the cell styles that show dates.
        counts_from_1904: days are counted from 1904, as old Macintoshes did.
        findings: what is worth saying of the file as a whole.
    """

    package: Package
    sheets: tuple[SheetEntry, ...]
    strings: list[str]
    date_styles: frozenset[str]
    counts_from_1904: bool
    properties: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)


def open_book(package: Package) -> Book:
    """Read everything of a workbook but its cells.

    Raises:
        WorkbookRefused: it is none, holds something that runs, or is damaged.
    """
    types = _content_types(package)
    _refuse_active_parts(package, types)
    workbook = _workbook_part(package, types)
    relations = relation_targets(package, workbook)
    sheets, facts = _read_workbook(package, workbook, relations)
    findings = _external_links(package)
    by_kind = {kind: target for kind, target in relations.values() if kind in {"styles", "sharedStrings"}}
    styles, strings = by_kind.get("styles", ""), by_kind.get("sharedStrings", "")
    return Book(
        package,
        sheets,
        read_strings(package, strings) if strings in package.names else [],
        _date_styles(package, styles) if styles in package.names else frozenset(),
        facts.get("date1904", "0") in {"1", "true"},
        _custom_properties(package),
        findings,
    )


def relation_targets(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Relation id -> the last word of its kind, and the part it points to."""
    folder, name = split(part)
    path = join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def note(element: str, attributes: Attributes) -> None:
        if element.rpartition(" ")[2] == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            resolved = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(part), target))
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], resolved)

    if path in package.names:
        read_elements(package, path, note)
    return found


def _content_types(package: Package) -> dict[str, str]:
    """Content type by part name, and by "*.ending" for the usual ones."""
    if _TYPES not in package.names:
        raise refused("E_NOT_XLSX", "Tệp không phải bảng tính .xlsx.", "Tải mẫu và điền lại.")
    types: dict[str, str] = {}

    def note(element: str, attributes: Attributes) -> None:
        kind = attributes.get("ContentType", "")
        if element.endswith(" Default"):
            types[f"*.{attributes.get('Extension', '').lower()}"] = kind
        elif element.endswith(" Override"):
            types[attributes.get("PartName", "").lstrip("/")] = kind

    read_elements(package, _TYPES, note)
    return types


def _refuse_active_parts(package: Package, types: Mapping[str, str]) -> None:
    names = {name.casefold() for name in package.names}
    kinds = {kind.casefold() for kind in types.values()}
    if any("sheet.binary" in kind for kind in kinds):
        raise refused("E_NOT_XLSX", "Tệp là bảng tính nhị phân (.xlsb).", "Lưu lại dạng .xlsx.")
    has_macros = any(name.endswith("vbaproject.bin") for name in names) or any(
        name.startswith(("xl/macrosheets/", "xl/dialogsheets/")) for name in names
    )
    if has_macros or any("macroenabled" in kind or "vbaproject" in kind for kind in kinds):
        raise refused("E_MACRO", "Tệp có chứa macro.", "Lưu lại dạng .xlsx không có macro.")
    for name in sorted(names):
        if name.startswith(_ACTIVE_FOLDERS) or name == "xl/connections.xml":
            raise refused(
                "E_ACTIVE_CONTENT",
                f"Tệp nhúng đối tượng hoặc kết nối ra ngoài ({name}).",
                "Xóa đối tượng nhúng (Chèn), kết nối (Dữ liệu) rồi lưu lại.",
            )


def _workbook_part(package: Package, types: Mapping[str, str]) -> str:
    targets = relation_targets(package, "")
    part = next((target for kind, target in targets.values() if kind == "officeDocument"), "")
    if part not in package.names or types.get(part, types.get("*.xml", "")) not in _SHEET_TYPES:
        raise refused("E_NOT_XLSX", "Tệp không phải bảng tính .xlsx.", "Tải mẫu và điền lại.")
    return part


def _read_workbook(
    package: Package, part: str, relations: Mapping[str, tuple[str, str]]
) -> tuple[tuple[SheetEntry, ...], Attributes]:
    sheets: list[SheetEntry] = []
    facts: dict[str, str] = {}

    def note(element: str, attributes: Attributes) -> None:
        if element.startswith(STRICT_MAIN):
            said = "Tệp lưu ở dạng “Strict Open XML”."
            raise refused("E_STRICT_OOXML", said, "Lưu lại dạng “Excel Workbook (.xlsx)” thường.")
        if element == f"{MAIN}workbookPr":
            facts.update(attributes)
        elif element == f"{MAIN}sheet":
            kind, target = relations.get(attributes.get(f"{RELATIONS}id", ""), ("", ""))
            if kind == "worksheet" and target in package.names:
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append(SheetEntry(attributes.get("name", ""), target, hidden))
            if len(sheets) > MOST_SHEETS:
                said = f"Tệp có hơn {MOST_SHEETS} trang."
                raise refused("E_TOO_MANY_SHEETS", said, "Chỉ giữ các trang của mẫu.")
        elif element == f"{MAIN}definedName" and _is_macro_name(attributes):
            raise refused("E_MACRO", "Tệp có chứa macro (tên tự chạy).", "Tải mẫu và điền lại.")

    read_elements(package, part, note)
    return tuple(sheets), facts


def _is_macro_name(attributes: Attributes) -> bool:
    is_macro = any(attributes.get(name) in {"1", "true"} for name in ("vbProcedure", "xlm", "function"))
    return is_macro or attributes.get("name", "").casefold().startswith("_xlnm.auto_")


def _external_links(package: Package) -> list[Finding]:
    links = sorted(name for name in package.names if name.casefold().startswith("xl/externallinks/extern"))

    def note(element: str, _attributes: Attributes) -> None:
        if element.rpartition(" ")[2] in {"ddeLink", "oleLink"}:
            said = "Tệp có liên kết chạy chương trình khác (DDE)."
            raise refused("E_ACTIVE_CONTENT", said, "Xóa liên kết rồi lưu lại.")

    for name in links:
        read_elements(package, name, note, most=1_000_000)
    if not links:
        return []
    return [
        Finding(
            "W_EXTERNAL_LINK",
            Severity.WARNS,
            "Tệp khai báo liên kết tới bảng tính khác; hệ thống không mở liên kết nào.",
            Location(words="Tệp bảng tính"),
            "Ngắt liên kết (Dữ liệu, Sửa liên kết) nếu không dùng.",
        )
    ]


def _date_styles(package: Package, part: str) -> frozenset[str]:
    formats: dict[str, str] = {}
    styles: list[str] = []
    is_cell_formats = False

    def note(element: str, attributes: Attributes) -> None:
        nonlocal is_cell_formats
        if element == f"{MAIN}numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif element in {f"{MAIN}cellXfs", f"{MAIN}cellStyleXfs", f"{MAIN}dxfs"}:
            is_cell_formats = element == f"{MAIN}cellXfs"
        elif element == f"{MAIN}xf" and is_cell_formats:
            styles.append(attributes.get("numFmtId", "0"))

    read_elements(package, part, note, most=2_000_000)
    dates = {number for number, code in formats.items() if _shows_date(code)}
    dates |= {str(number) for number in _DATE_FORMATS} - formats.keys()
    return frozenset(str(place) for place, number in enumerate(styles) if number in dates)


def _shows_date(code: str) -> bool:
    letters = _NOT_LETTERS_OF_A_DATE.sub("", code.split(";", 1)[0]).lower()
    return any(sign in letters for sign in "dmyhs")


def _custom_properties(package: Package) -> dict[str, str]:
    """Name -> text of the properties a program gave the file."""
    if _PROPERTIES not in package.names:
        return {}
    return dict(_property_texts(package))


def _property_texts(package: Package) -> Iterator[tuple[str, str]]:
    parser = new_parser()
    name = ""
    depth = 0
    found: list[tuple[str, str]] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal name, depth
        depth += 1
        if depth > DEEPEST:
            raise refused("E_CORRUPT", "Tệp bị hỏng, không đọc được.", "Tải mẫu và điền lại.")
        if element.endswith(" property"):
            name = attributes.get("name", "")

    def end(_element: str) -> None:
        nonlocal depth
        depth -= 1

    def characters(text: str) -> None:
        if text.strip() and len(found) < 200:
            found.append((name, text.strip()))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    for _ in feed(parser, package.chunks(_PROPERTIES)):
        pass
    yield from found
