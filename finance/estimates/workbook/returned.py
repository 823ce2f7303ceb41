"""His own file back: the uploaded workbook with every finding at its cell, and nothing else touched.

Parts of the package are patched, never loaded and saved: a load-and-save would drop computed values,
pictures and what this program does not know. Every part that needs no change keeps its very bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from posixpath import dirname, join
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from finance.estimates.draft import tidy_text
from finance.estimates.workbook.cell_comments import (
    EMPTY_COMMENTS,
    EMPTY_SHAPES,
    merge_comments,
    merge_shapes,
)
from finance.estimates.workbook.columns import RESULT_SHEET
from finance.estimates.workbook.marked_cells import (
    Place,
    open_sheet,
    place_of,
    point_to_drawing,
    restyle_cells,
)
from finance.estimates.workbook.marked_styles import EMPTY_STYLES, StyleBook, open_styles
from finance.estimates.workbook.package import UNREADABLE
from finance.estimates.workbook.package_changes import PackageChanges
from finance.estimates.workbook.parts import sheet_parts, workbook_part
from finance.estimates.workbook.result_sheet import CheckStamp, ResultFormats, result_sheet
from finance.estimates.workbook.xml_splice import Splices, append_children, as_utf8, scan
from finance.findings import Finding, Severity
from finance.vietnamese.fold import fold

LARGEST_SHEET_BYTES = 24 * 1024 * 1024  # of XML; 2,000 lines take a tenth of it
_SEVEREST = {severity: place for place, severity in enumerate(Severity)}


class WorkbookNotMarkable(ValueError):
    """There is no marked copy, the list of findings is all there is.

    Attributes:
        said_vi: why, to a person.
    """

    def __init__(self, said_vi: str = "") -> None:
        self.said_vi = said_vi or "Không ghi chú được vào tệp này."
        super().__init__(self.said_vi)


@dataclass(slots=True)
class _SheetMarks:
    """What is to be said at the cells of one sheet, and how grave it is."""

    texts: dict[Place, str] = field(default_factory=dict)
    severities: dict[Place, Severity] = field(default_factory=dict)


def mark_workbook(content: bytes, findings: Sequence[Finding], stamp: CheckStamp) -> bytes:
    """The file with a comment and a colour at every finding's cell, and a sheet that lists them all.

    Args:
        content: a file that passed `check_package`.
        findings: of `read_estimate_workbook`.
        stamp: what was checked, when, by which rules.

    Returns:
        A workbook in which only these parts differ: the sheets with findings, their comments, the
        styles, the workbook's list of sheets, and what points to them. Marks of an earlier check
        are taken off.

    Raises:
        WorkbookNotMarkable: its parts cannot be understood.
    """
    try:
        with ZipFile(io.BytesIO(content)) as package:
            changes = PackageChanges(package)
            _mark(changes, [_clean(finding) for finding in findings], stamp)
            return _written(package, changes.parts)
    except UNREADABLE as wrong:
        raise WorkbookNotMarkable from wrong


def _mark(changes: PackageChanges, findings: list[Finding], stamp: CheckStamp) -> None:
    book = workbook_part(changes.package)
    sheets = sheet_parts(changes.package)
    styles_part = changes.target_of(book, "styles") or changes.add_part(
        book, "styles", join(dirname(book), "styles.xml"), EMPTY_STYLES
    )
    _require_small(changes, sheets)
    findings = _with_titles(findings, sheets)
    styles = open_styles(changes.read(styles_part))
    marks = _marks_by_sheet(findings)
    for number, (title, path) in enumerate(sheets.items(), start=1):
        if title != RESULT_SHEET:
            _mark_sheet(changes, path, marks.get(title, _SheetMarks()), styles, 100 + number)
    texts = styles.plain_format(is_bold=False)
    by_severity = {severity: styles.plain_format(is_bold=False, severity=severity) for severity in Severity}
    formats = ResultFormats(styles.plain_format(is_bold=True), texts, by_severity)
    _put_result(changes, book, sheets, result_sheet(findings, stamp, formats))
    changes.write(styles_part, styles.patched())


def _require_small(changes: PackageChanges, sheets: Mapping[str, str]) -> None:
    for path in sheets.values():
        if changes.package.getinfo(path).file_size > LARGEST_SHEET_BYTES:
            raise ValueError(f"{path} is larger than any estimate's sheet")


def _with_titles(findings: Sequence[Finding], sheets: Mapping[str, str]) -> list[Finding]:
    """The findings with the titles the file itself uses: a stray space would break a link."""
    titles = {fold(title): title for title in sheets}
    return [
        replace(one, location=replace(one.location, sheet=titles.get(fold(one.location.sheet), "")))
        if one.location.cell
        else one
        for one in findings
    ]


def _marks_by_sheet(findings: Sequence[Finding]) -> dict[str, _SheetMarks]:
    marks: dict[str, _SheetMarks] = {}
    for finding in findings:
        place = place_of(finding.location.cell)
        if place is None or not finding.location.sheet:
            continue
        sheet = marks.setdefault(finding.location.sheet, _SheetMarks())
        known = sheet.severities.get(place, finding.severity)
        sheet.severities[place] = min(known, finding.severity, key=_SEVEREST.__getitem__)
        said = f"{finding.severity.label_vi.upper()}: {finding.message_vi}"
        if finding.remedy_vi:
            said += f"\nCách sửa: {finding.remedy_vi}"
        sheet.texts[place] = f"{sheet.texts[place]}\n\n{said}" if place in sheet.texts else said
    return marks


def _mark_sheet(
    changes: PackageChanges, path: str, marks: _SheetMarks, styles: StyleBook, block: int
) -> None:
    comments = changes.target_of(path, "comments")
    if not (marks.texts or comments or styles.marked):
        return
    data = as_utf8(changes.read(path))
    if b"sheetData" not in data:
        return  # a sheet that is one chart
    sheet = open_sheet(data, marks.severities.keys(), styles.marked)

    def restyle(place: Place, old: int) -> int | None:
        severity = marks.severities.get(place)
        return None if severity is None and old not in styles.marked else styles.marked_format(old, severity)

    splices = Splices()
    restyle_cells(sheet, marks.severities.keys(), restyle, splices)
    if marks.texts or comments:
        boxes = changes.target_of(path, "vmlDrawing", sheet.drawing_id) if sheet.drawing_id else None
        drawing = _comment(changes, path, marks.texts, (comments, boxes), block)
        if drawing:
            point_to_drawing(sheet, drawing, splices)
    if splices.places:
        changes.write(path, splices.applied(sheet.data))


def _comment(
    changes: PackageChanges,
    path: str,
    texts: Mapping[Place, str],
    known: tuple[str | None, str | None],
    block: int,
) -> str | None:
    """Write the comments of a sheet; gives the id of the relation to their boxes when they are new."""
    comments, boxes = known
    old = changes.read(comments) if comments else EMPTY_COMMENTS
    merged, cells, gone = merge_comments(old, texts)
    if comments is None:
        changes.add_part(path, "comments", changes.free_path("xl/commentsPhanBo{}.xml"), merged)
    elif merged != old:
        changes.write(comments, merged)
    shapes = merge_shapes(changes.read(boxes) if boxes else EMPTY_SHAPES, cells, gone, block)
    if boxes is not None:
        if shapes != changes.read(boxes):
            changes.write(boxes, shapes)
        return None
    if not cells:
        return None
    changes.add_part(path, "vmlDrawing", changes.free_path("xl/drawings/vmlDrawingPhanBo{}.vml"), shapes)
    return changes.last_relation_id


def _put_result(changes: PackageChanges, book: str, sheets: Mapping[str, str], part: bytes) -> None:
    """Write the list of findings into its sheet, the workbook's last one."""
    if RESULT_SHEET in sheets:
        changes.write(sheets[RESULT_SHEET], part)
        return
    changes.add_part(book, "worksheet", changes.free_path("xl/worksheets/sheetPhanBo{}.xml"), part)
    data = as_utf8(changes.read(book))
    elements = scan(data, lambda depth, name, _of: depth == 1 or name == "sheet")
    listed = next((one for one in elements if one.local == "sheets"), None)
    if listed is None:
        raise ValueError("a workbook without a list of sheets")
    numbers = [int(one.attributes.get("sheetId", "0")) for one in elements if one.local == "sheet"]
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entry = (
        f'<{listed.prefix}sheet xmlns:pbr="{space}" name="{RESULT_SHEET}" '
        f'sheetId="{max(numbers, default=0) + 1}" pbr:id="{changes.last_relation_id}"/>'
    )
    splices = Splices()
    append_children(splices, data, listed, [entry])
    changes.write(book, splices.applied(data))


def _clean(finding: Finding) -> Finding:
    """Without signs that no XML may hold: a message quotes what stands in the file."""
    return replace(finding, message_vi=tidy_text(finding.message_vi), remedy_vi=tidy_text(finding.remedy_vi))


def _written(package: ZipFile, parts: Mapping[str, bytes]) -> bytes:
    """The package with these parts replaced and added, the others in their order and with their bytes."""
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as made:
        for old in package.infolist():
            entry = ZipInfo(old.filename, old.date_time)
            entry.compress_type = ZIP_STORED if old.compress_type == ZIP_STORED else ZIP_DEFLATED
            entry.external_attr = old.external_attr
            made.writestr(entry, parts[old.filename] if old.filename in parts else package.read(old))
        known = set(package.namelist())
        for name in (name for name in parts if name not in known):  # in their order: the same file each time
            made.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), parts[name], ZIP_DEFLATED)
    return stream.getvalue()
