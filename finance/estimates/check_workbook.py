"""Checking an estimate workbook without a database: `python -m finance.estimates.check_workbook FILE`.

For whoever fills in an estimate far from the network, and for trying the reader on any file: the same reading
as the upload page, held against the lists that travel with the program.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from finance.clock import machine_now
from finance.command_line import VietnameseParser
from finance.errors import FinanceError
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft
from finance.estimates.totals import draft_total
from finance.estimates.workbook.book import open_book
from finance.estimates.workbook.columns import PROPERTY_AGENCY, PROPERTY_CYCLE, PROPERTY_ROUND
from finance.estimates.workbook.finding_codes import file_code
from finance.estimates.workbook.package import USUAL_LIMITS, Package, WorkbookRefused
from finance.estimates.workbook.reader import TemplateKind, read_estimate_workbook, template_of
from finance.estimates.workbook.reading_limits import limit_this_process
from finance.findings import Finding, Location, Severity, blocking_findings
from finance.money import format_vnd

REFUSED = 1
NOT_RUN = 2
ACCEPT, ACCEPT_WITH_WARNING, REFUSE = "accept", "accept_warn", "refuse"
_WORDS = {
    ACCEPT: "Nhận được.",
    ACCEPT_WITH_WARNING: "Nhận được, có điều cần xem lại.",
    REFUSE: "Chưa nhận được.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 when the file can be taken, 1 when it is refused, 2 when the command itself could not run.
    """
    options = _parser().parse_args(arguments)
    try:
        if options.describe_template:
            return _describe(options)
        if options.file is None:
            _parser().print_usage(sys.stderr)
            return NOT_RUN
        content = Path(options.file).read_bytes()
        limit_this_process(USUAL_LIMITS.growth_bytes, USUAL_LIMITS.cpu_seconds)
        return _check(content, options)
    except (OSError, FinanceError) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return NOT_RUN


def judge(
    content: bytes, *, agency_code: str = "", fiscal_year: int = 0, template: TemplateKind | None = None
) -> tuple[EstimateDraft | None, list[Finding]]:
    """Read a file against the shipped lists.

    Args:
        content: the bytes of the file.
        agency_code: the office that uploads; empty for the one the description is made for, or, with
            the full template, the one the file names.
        fiscal_year: of the estimate; 0 likewise.
        template: which template it must be; None to see by the file.
    """
    try:
        book = open_book(Package(content))
    except WorkbookRefused as refusal:
        return None, [refusal.finding]
    except Exception:
        # A crafted file may break this first look anywhere: the reader that bears that says what is wrong.
        return read_estimate_workbook(content, CheckContext("", "", "", "", 0, ()), template=template)
    from finance.estimates.workbook.offline_context import (  # refused files need no lists
        DESCRIBED_AGENCY,
        DESCRIBED_YEAR,
        NOT_JUDGED_OFFLINE,
        offline_context,
    )

    said = book.properties if (template or template_of(book)) is TemplateKind.FULL else {}
    year_said = said.get(PROPERTY_CYCLE, "")
    year = fiscal_year or (
        int(year_said) if year_said.isdecimal() and len(year_said) == 4 else DESCRIBED_YEAR
    )
    agency = agency_code or said.get(PROPERTY_AGENCY) or DESCRIBED_AGENCY
    round_code = book.properties.get(PROPERTY_ROUND, "")
    draft, findings = read_estimate_workbook(
        content, offline_context(agency, year, round_code=round_code), template=template
    )
    kept = [finding for finding in findings if finding.code not in NOT_JUDGED_OFFLINE]
    if len(kept) < len(findings):
        kept.append(_left_for_the_upload())
    return draft, kept


def outcome_of(draft: EstimateDraft | None, findings: Sequence[Finding]) -> str:
    """refuse, accept_warn or accept."""
    if draft is None or blocking_findings(findings):
        return REFUSE
    has_warning = any(finding.severity is Severity.WARNS for finding in findings)
    return ACCEPT_WITH_WARNING if has_warning else ACCEPT


def answer(content: bytes, draft: EstimateDraft | None, findings: Sequence[Finding]) -> dict[str, object]:
    """What the command says of a file, as plain data."""
    outcome = outcome_of(draft, findings)
    is_taken = outcome != REFUSE and draft is not None
    return {
        "outcome": outcome,
        "lines": sum(len(project.lines) for project in draft.projects) if is_taken and draft else None,
        "total": draft_total(draft) if is_taken and draft else None,
        "messages": [
            {
                "code": file_code(finding.code),
                "where": _where(finding.location),
                "text": " ".join(part for part in (finding.message_vi, finding.remedy_vi) if part),
                "severity": str(finding.severity),
            }
            for finding in findings
        ],
        "sha256": hashlib.sha256(content).hexdigest(),
        "checked_at": machine_now().isoformat(timespec="seconds"),
        "rule_set": _rule_set(),
    }


def _check(content: bytes, options: argparse.Namespace) -> int:
    template = TemplateKind.of(options.template.upper()) if options.template else None
    draft, findings = judge(content, agency_code=options.agency, fiscal_year=options.year, template=template)
    said = answer(content, draft, findings)
    if not options.json:
        for finding in findings:
            where = finding.location.text_vi
            sys.stdout.write(
                f"{finding.severity.label_vi}: {where}: {finding.message_vi} {finding.remedy_vi}\n"
            )
        sys.stdout.write(f"{_WORDS[str(said['outcome'])]}\n")
        if draft is not None and said["outcome"] != REFUSE:
            sys.stdout.write(f"{said['lines']} dòng chi, tổng {format_vnd(draft_total(draft))} đồng.\n")
        sys.stdout.write(f"Tệp {said['sha256']}, {said['checked_at']}, bộ quy tắc {said['rule_set']}.\n")
    else:
        sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return REFUSED if said["outcome"] == REFUSE else 0


def _describe(options: argparse.Namespace) -> int:
    from finance.estimates.workbook.simple_description import describe_simple_template  # for this verb only

    described = describe_simple_template(options.agency, options.year)
    sys.stdout.write(json.dumps(described, ensure_ascii=False, indent=1) + "\n")
    return 0


def _where(location: Location) -> str:
    """Sheet and cell, and the place in words when the words say more."""
    cell = f"{location.sheet}!{location.cell}" if location.sheet and location.cell else location.sheet
    return ", ".join(part for part in (cell, location.words) if part)


def _rule_set() -> str:
    """The name of the rules a file was held against: it changes when the program's reading does."""
    from importlib.metadata import PackageNotFoundError, version  # only to sign the answer

    try:
        return f"phanbo {version('phanbo')}"
    except PackageNotFoundError:
        return "phanbo"


def _left_for_the_upload() -> Finding:
    said = "Kết quả cam kết, đơn vị trong phạm vi, số kiểm tra chỉ kiểm được khi tải tệp lên hệ thống."
    return Finding("NOT_JUDGED_OFFLINE", Severity.HINTS, said, Location(words="Tệp bảng tính"))


def _parser() -> VietnameseParser:
    parser = VietnameseParser(
        prog="python -m finance.estimates.check_workbook",
        description="Kiểm tra một tệp dự toán .xlsx, không cần cơ sở dữ liệu.",
    )
    parser.add_argument("file", nargs="?", metavar="TỆP", help="tệp .xlsx")
    parser.add_argument("--json", action="store_true", help="in một dòng JSON thay cho lời")
    parser.add_argument(
        "--template", choices=["simple", "full"], help="simple: mẫu giản đơn; full: mẫu đầy đủ"
    )
    parser.add_argument("--agency", metavar="MÃ", default="", help="mã cơ quan lập dự toán")
    parser.add_argument("--year", metavar="NĂM", type=int, default=0, help="năm của dự toán")
    parser.add_argument("--describe-template", action="store_true", help="in mô tả mẫu giản đơn (JSON)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
