"""Marking an officer's file in a process of its own, and reading the copy again before it goes out."""

from __future__ import annotations

import pickle
from collections.abc import Sequence

from finance.estimates.workbook.isolated import ChildStopped, ask_child
from finance.estimates.workbook.package import USUAL_LIMITS, Package, ReadLimits, WorkbookRefused
from finance.estimates.workbook.result_sheet import CheckStamp
from finance.estimates.workbook.returned import WorkbookNotMarkable
from finance.findings import Finding

_CHILD = "finance.estimates.workbook.marking_child"


def marked_copy(
    content: bytes, findings: Sequence[Finding], stamp: CheckStamp, *, limits: ReadLimits = USUAL_LIMITS
) -> bytes:
    """The same copy as `mark_workbook` makes, once another program has read it and agrees.

    Call it outside any transaction: it takes a second or so, and the store has one writer.

    Args:
        content: the bytes as they were uploaded.
        findings: of `read_estimate_workbook`.
        stamp: what was checked, when, by which rules.
        limits: how large the file may be, and the process that marks it.

    Raises:
        WorkbookNotMarkable: the list of findings is all there is; it says why.
    """
    try:
        Package(content, limits)  # what the directory shows needs no process
        question = pickle.dumps((content, list(findings), stamp, limits), pickle.HIGHEST_PROTOCOL)
        said, zero, copy = ask_child(_CHILD, question, limits).partition(b"\0")
    except WorkbookRefused as refusal:
        raise WorkbookNotMarkable(refusal.finding.message_vi) from None
    except ChildStopped as stopped:
        raise WorkbookNotMarkable(str(stopped)) from None
    if said or not zero or not copy:
        raise WorkbookNotMarkable(said.decode(errors="replace"))
    return copy
