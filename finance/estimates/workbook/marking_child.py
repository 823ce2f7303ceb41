"""The child process of `returned_apart`: an uploaded file in, its marked copy out once both readers agree."""

from __future__ import annotations

import gc
import pickle
import sys
from collections.abc import Sequence
from importlib import import_module

from finance.estimates.workbook.reading_limits import limit_this_process
from finance.estimates.workbook.result_sheet import CheckStamp
from finance.estimates.workbook.returned import WorkbookNotMarkable, mark_workbook
from finance.findings import Finding


def mark_one_workbook() -> None:
    """Read the question, answer under the caps: a sentence or nothing, a zero byte, the copy."""
    # openpyxl takes numpy's kinds of numbers along where there is one; no file holds any, and they
    # cost more time than all the rest.
    sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
    import_module("finance.estimates.workbook.second_reader")  # the caps count from what is loaded
    gc.disable()  # nothing of a short life goes in circles, and looking for such takes a third of the time
    # From the parent alone, which made it a moment ago.
    content, findings, stamp, limits = pickle.load(sys.stdin.buffer)  # noqa: S301
    limit_this_process(limits.growth_bytes, limits.cpu_seconds)
    said, copy = marked_and_read_again(content, findings, stamp)
    sys.stdout.buffer.write(said.encode() + b"\0" + copy)


def marked_and_read_again(
    content: bytes, findings: Sequence[Finding], stamp: CheckStamp
) -> tuple[str, bytes]:
    """Nothing and the copy, or in a sentence why there is none."""
    from finance.estimates.workbook.second_reader import disagreement  # it loads openpyxl

    try:
        copy = mark_workbook(content, findings, stamp)
    except WorkbookNotMarkable as wrong:
        return wrong.said_vi, b""
    said = disagreement(content, copy, findings)
    return said, b"" if said else copy


if __name__ == "__main__":
    mark_one_workbook()
