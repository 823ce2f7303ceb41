"""What taking a workbook in would do, before it does it. Pure.

A workbook that carries the base it was made from is merged with what was saved since; one without a
base replaces the whole draft.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.draft import EstimateDraft
from finance.estimates.merging.draft_differences import DraftChanges, compare_drafts
from finance.estimates.merging.merge import merge_drafts
from finance.estimates.merging.three_ways import Conflict, Side
from finance.estimates.workbook.base_sheet import WorkbookBase, read_base
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.findings import Finding, blocking_findings

Reader = Callable[[bytes, CheckContext], tuple[EstimateDraft | None, list[Finding]]]


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """An uploaded workbook, read.

    Attributes:
        draft: what it asks; None when it could not be read as the office's workbook.
        base: what the estimate asked when the workbook was made; None when it carries none.
    """

    file_name: str
    content: bytes
    draft: EstimateDraft | None
    findings: tuple[Finding, ...]
    base: WorkbookBase | None

    @property
    def sha256(self) -> str:
        """Of the bytes as they came."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def usable(self) -> EstimateDraft | None:
        """The draft, unless something blocks."""
        return None if blocking_findings(self.findings) else self.draft


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What the estimate would ask after the import.

    Attributes:
        is_merge: the web's changes since the workbook was made are kept.
        open_conflicts: what a person must still decide; nothing is taken in before.
        changes: from what is stored now.
    """

    draft: EstimateDraft
    changes: DraftChanges
    is_merge: bool
    conflicts: tuple[Conflict, ...] = ()
    open_conflicts: tuple[Conflict, ...] = ()


def read_workbook(
    content: bytes, context: CheckContext, *, file_name: str, read: Reader = read_estimate_workbook
) -> ReadWorkbook:
    """Read an uploaded workbook, with the base it carries.

    Args:
        content: the bytes as they were uploaded.
        context: programme, round and office the estimate belongs to.
        file_name: as the person's machine calls it.
        read: how; a server passes a reader that works in a process of its own.
    """
    draft, findings = read(content, context)
    base = None if draft is None else read_base(content)
    return ReadWorkbook(file_name, content, draft, tuple(findings), base)


def choose_all(
    usable: EstimateDraft, base: WorkbookBase | None, stored: EstimateDraft, side: Side
) -> dict[str, Side]:
    """Every conflict decided for one side, also those that only come up by deciding others."""
    choices: dict[str, Side] = {}
    while True:
        still_open = plan_import(usable, base, stored, choices).open_conflicts
        if not still_open:
            return choices
        choices |= {conflict.place: side for conflict in still_open}


def plan_import(
    usable: EstimateDraft,
    base: WorkbookBase | None,
    stored: EstimateDraft,
    choices: Mapping[str, Side] | None = None,
) -> ImportPlan:
    """What taking the workbook in would make of the stored draft.

    Args:
        usable: what the workbook asks; nothing in it blocks.
        base: of the workbook.
        stored: what the estimate asks now.
        choices: decided conflicts by place.
    """
    if base is None:
        return ImportPlan(usable, compare_drafts(stored, usable), is_merge=False)
    merged = merge_drafts(base.draft, usable, stored, choices)
    changes = compare_drafts(stored, merged.draft)
    is_merge = base.draft != stored
    return ImportPlan(merged.draft, changes, is_merge, merged.conflicts, merged.open_conflicts)
