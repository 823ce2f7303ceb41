"""The sheet "Kết quả kiểm tra" of a returned workbook: what was checked, when, and what to mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from finance.clock import VIETNAM_TIME
from finance.estimates.workbook.template_styles import height_for
from finance.findings import Finding, Severity, blocking_findings

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEADINGS = ("STT", "Trang", "Ô", "Mức độ", "Mã", "Nội dung", "Cách sửa")
_WIDTHS = (6, 14, 9, 16, 34, 70, 60)
_LONGEST_TEXT = 30_000
_FIRST_ROW = 11  # of the findings: below the title, seven facts, an empty row and the headings
_NO_FORMAT = -1


@dataclass(frozen=True, slots=True)
class CheckStamp:
    """What was checked: the file, the hour, the rules, for whom."""

    file_name: str
    sha256: str
    checked_at: datetime
    rule_set: str
    round_name: str
    agency_name: str


@dataclass(frozen=True, slots=True)
class ResultFormats:
    """Indexes of cell formats of the workbook."""

    heading: int
    text: int
    by_severity: Mapping[Severity, int]


def result_sheet(findings: Sequence[Finding], stamp: CheckStamp, formats: ResultFormats) -> bytes:
    """The sheet's part; each finding's cell is a link that leads there."""
    rows = [_row(number, cells) for number, cells in enumerate(_rows(findings, stamp, formats), start=1)]
    links = "".join(
        _link(number, one) for number, one in enumerate(findings, start=_FIRST_ROW) if _has_cell(one)
    )
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, width in enumerate(_WIDTHS, start=1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f"<cols>{widths}</cols><sheetData>{''.join(rows)}</sheetData>"
        + (f"<hyperlinks>{links}</hyperlinks>" if links else "")
        + '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        + '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _facts(findings: Sequence[Finding], stamp: CheckStamp) -> list[tuple[str, str]]:
    hour = stamp.checked_at.astimezone(VIETNAM_TIME)
    counts = {severity: sum(one.severity is severity for one in findings) for severity in Severity}
    said = "; ".join(f"{severity.label_vi}: {count}" for severity, count in counts.items())
    stopped = "Tệp chưa được nhập." if blocking_findings(findings) else "Không có lỗi phải sửa."
    return [
        ("Cơ quan", stamp.agency_name),
        ("Đợt", stamp.round_name),
        ("Tệp", stamp.file_name),
        ("Mã kiểm tra tệp (SHA-256)", stamp.sha256),
        ("Kiểm tra lúc", hour.strftime("%H:%M ngày %d/%m/%Y")),
        ("Bộ quy tắc", stamp.rule_set),
        ("Kết quả", f"{said}. {stopped}"),
    ]


def _rows(
    findings: Sequence[Finding], stamp: CheckStamp, formats: ResultFormats
) -> list[list[tuple[str, int]]]:
    # One cell a fact, over the narrow columns: nothing of it is cut.
    facts = [[(f"{label}: {value}", _NO_FORMAT)] for label, value in _facts(findings, stamp)]
    heads = [(heading, formats.heading) for heading in _HEADINGS]
    return [[("Kết quả kiểm tra", formats.heading)], *facts, [], heads, *_finding_rows(findings, formats)]


def _finding_rows(findings: Sequence[Finding], formats: ResultFormats) -> list[list[tuple[str, int]]]:
    return [
        [
            (str(number), formats.text),
            (one.location.sheet or "–", formats.text),
            (one.location.cell or "–", formats.text),
            (one.severity.label_vi, formats.by_severity[one.severity]),
            (one.code, formats.text),
            (one.message_vi if _has_cell(one) else f"{one.location.text_vi}: {one.message_vi}", formats.text),
            (one.remedy_vi, formats.text),
        ]
        for number, one in enumerate(findings, start=1)
    ]


def _row(number: int, cells: Sequence[tuple[str, int]]) -> str:
    made = "".join(
        f'<c r="{chr(ord("A") + at)}{number}"'
        + (f' s="{style}"' if style != _NO_FORMAT else "")
        + f' t="inlineStr"><is><t xml:space="preserve">{escape(text[:_LONGEST_TEXT])}</t></is></c>'
        for at, (text, style) in enumerate(cells)
    )
    # A fact runs over the columns beside it, a finding's texts are wrapped in theirs.
    wrapped = zip((text for text, _style in cells), _WIDTHS, strict=False) if len(cells) > 1 else ()
    return f'<row r="{number}" ht="{height_for(wrapped)}" customHeight="1">{made}</row>'


def _link(row: int, finding: Finding) -> str:
    sheet = finding.location.sheet.replace("'", "''")
    target = quoteattr(f"'{sheet}'!{finding.location.cell}")
    return f'<hyperlink ref="C{row}" location={target} display={quoteattr(finding.location.cell)}/>'


def _has_cell(finding: Finding) -> bool:
    return bool(finding.location.sheet and finding.location.cell)
