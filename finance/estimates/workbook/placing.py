"""Where the checks' findings stand in a workbook: the form field's name turned into sheet and cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.checking.checks import check_rows, check_storable, check_whole
from finance.estimates.draft import EstimateDraft
from finance.estimates.workbook.cells import SheetRow
from finance.estimates.workbook.columns import DATA_SHEETS
from finance.findings import Finding, Location, blocking_findings

_FIELD = re.compile(r"projects-(\d+)-(?:(lines|promises)-(\d+)-)?(.+)")
_SHEET_ORDER = {shape.title: place for place, shape in enumerate(DATA_SHEETS)}


@dataclass(slots=True)
class RowPlaces:
    """The rows a draft was read from, by the numbers its checks use.

    Attributes:
        heads, lines, promises: per project, in the draft's order.
        keys: per project, columns that have another name than the checks' field.
    """

    heads: list[SheetRow] = field(default_factory=list)
    lines: list[list[SheetRow]] = field(default_factory=list)
    promises: list[list[SheetRow]] = field(default_factory=list)
    keys: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def location(self, name: str) -> Location | None:
        """Sheet and cell of a field of the draft; None for what stands in no cell."""
        match = _FIELD.fullmatch(name)
        if match is None:
            return None
        project, part, number, last = int(match[1]), match[2], match[3], match[4]
        key = self.keys.get(project, {}).get(last, last)
        row = self.heads[project] if part is None else getattr(self, part)[project][int(number)]
        if not any(column.key == key for column in row.shape.columns):
            key = row.shape.columns[0].key
        found: Location = row.location(key)
        return found


def checked_findings(
    draft: EstimateDraft, places: RowPlaces, read: list[Finding], context: CheckContext
) -> list[Finding]:
    """What the checks say, at its cell; silent where the cell itself could not be read.

    Args:
        draft: what was read, tidied.
        places: the rows it was read from.
        read: what was found while reading.
        context: programme and round as plain data.
    """
    unread = {(finding.location.sheet, finding.location.cell) for finding in blocking_findings(read)}
    found = [_placed(finding, places) for finding in check_rows(draft, context)]
    found = [finding for finding in found if (finding.location.sheet, finding.location.cell) not in unread]
    # Sums over rows that could not be read or kept would be guesses.
    if not blocking_findings(read) and not check_storable(draft, context):
        found += [_placed(finding, places) for finding in check_whole(draft, context)]
    return found


def findings_in_order(findings: list[Finding]) -> list[Finding]:
    """By sheet, row and column; what concerns the whole comes last."""

    def place(finding: Finding) -> tuple[int, int, int, str]:
        cell = finding.location.cell
        letters = cell.rstrip("0123456789")
        row = int(cell[len(letters) :] or 0)
        return _SHEET_ORDER.get(finding.location.sheet, len(_SHEET_ORDER)), row, len(letters), letters

    return sorted(findings, key=place)


def _placed(finding: Finding, places: RowPlaces) -> Finding:
    cell = places.location(finding.location.field)
    if cell is None:
        return finding
    return replace(finding, location=replace(finding.location, sheet=cell.sheet, cell=cell.cell))
