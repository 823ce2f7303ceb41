"""A second pair of eyes on a marked copy: another program reads it and the file that came.

Our own reader and our own patching share their understanding of the format, and so its mistakes;
openpyxl shares none of it. This module loads it, so only the child process imports this module.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from io import BytesIO
from itertools import islice, zip_longest
from typing import Any

from openpyxl import load_workbook
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import get_column_letter
from openpyxl.xml.constants import COMMENTS_NS
from openpyxl.xml.functions import fromstring

from finance.estimates.draft import tidy_text
from finance.estimates.workbook.cell_comments import AUTHOR, LONGEST_COMMENT, SIGNATURE
from finance.estimates.workbook.columns import RESULT_SHEET
from finance.estimates.workbook.marked_cells import place_of
from finance.estimates.workbook.package import UNREADABLE
from finance.findings import Finding
from finance.vietnamese.fold import fold

# Rows of every sheet, and of those the ones whose formulas are read a second time for their text. An
# agency's workbook has 2,000 lines; of a consolidation this is a sample.
ROWS_COMPARED = 3000
ROWS_OF_FORMULAS = 600

_Comments = dict[str, tuple[str, str]]  # author and text by cell


def disagreement(uploaded: bytes, returned: bytes, findings: Sequence[Finding]) -> str:
    """Where the marked copy does not say what it must, as another program reads it.

    Compared are the sheets and their order; the values in the first `ROWS_COMPARED` rows of each,
    also those stored beside formulas; the formulas in its first `ROWS_OF_FORMULAS`; every comment.

    Args:
        uploaded: the file that came; it passed `check_package`.
        returned: of `mark_workbook`.
        findings: that were marked.

    Returns:
        A sentence; empty when both readers agree.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it would lose by saving; nothing is saved
            return (
                _other_values(uploaded, returned, ROWS_COMPARED, computed=True)
                or _other_values(uploaded, returned, ROWS_OF_FORMULAS, computed=False)
                or _other_comments(uploaded, returned, findings)
            )
    except UNREADABLE:
        return "Chương trình đọc lại không mở được bản có ghi chú nên bản đó không được đưa ra."


def _other_values(uploaded: bytes, returned: bytes, most: int, *, computed: bool) -> str:
    with (
        closing(_opened(uploaded, computed=computed)) as before,
        closing(_opened(returned, computed=computed)) as after,
    ):
        titles = [sheet.title for sheet in before.worksheets if sheet.title != RESULT_SHEET]
        if [sheet.title for sheet in after.worksheets if sheet.title != RESULT_SHEET] != titles:
            return _said("danh sách trang")
        if RESULT_SHEET not in after.sheetnames:
            return _said(f"trang “{RESULT_SHEET}”")
        for title in titles:
            cell = _other_cell(before[title], after[title], most)
            if cell:
                return _said(f"ô {cell} của trang “{title}”")
    return ""


def _opened(content: bytes, *, computed: bool) -> Any:
    return load_workbook(BytesIO(content), read_only=True, data_only=computed, keep_links=False)


def _other_cell(before: Any, after: Any, most: int) -> str:
    """Address of the first cell whose value differs in kind or in itself."""
    both = zip_longest(_rows(before, most), _rows(after, most), fillvalue=())
    for row, (old, new) in enumerate(both, start=1):
        if old == new and [*map(type, old)] == [*map(type, new)]:
            continue  # the usual row, compared at one stroke
        for column, (was, now) in enumerate(zip_longest(old, new), start=1):
            if _told(was) != _told(now):
                return f"{get_column_letter(column)}{row}"
    return ""


def _rows(sheet: Any, most: int) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    return islice(sheet.iter_rows(values_only=True), most)


def _told(value: Any) -> tuple[type, Any]:
    # Formulas of several cells are objects that are equal to themselves alone.
    return type(value), getattr(value, "__dict__", value)


def _other_comments(uploaded: bytes, returned: bytes, findings: Sequence[Finding]) -> str:
    before, after = _comments_by_sheet(uploaded), _comments_by_sheet(returned)
    wanted = _wanted_messages(findings)
    meant = {fold(title): title for title in before}  # where titles differ by spaces alone, the last
    for title, comments in after.items():
        if title == RESULT_SHEET:
            continue
        messages = wanted.get(fold(title), {}) if meant[fold(title)] == title else {}
        cell = _other_comment(before[title], comments, messages)
        if cell:
            return _said(f"ghi chú ở ô {cell} của trang “{title}”")
    return ""


def _comments_by_sheet(content: bytes) -> dict[str, _Comments]:
    """Every sheet's comments, found the way openpyxl finds them when it loads a workbook whole."""
    found: dict[str, _Comments] = {}
    reader = ExcelReader(BytesIO(content), read_only=True, keep_links=False)
    with closing(reader.archive) as archive:
        reader.read_manifest()
        reader.read_workbook()
        names = set(archive.namelist())
        for sheet, relation in reader.parser.find_sheets():
            comments = found.setdefault(sheet.name, {})
            path = get_rels_path(relation.target)
            for one in get_dependents(archive, path).find(COMMENTS_NS) if path in names else ():
                listed = CommentSheet.from_tree(fromstring(archive.read(one.target))).comments
                comments.update({cell: (said.author, said.text) for cell, said in listed})
    return found


def _wanted_messages(findings: Sequence[Finding]) -> dict[str, dict[str, list[str]]]:
    """What must be said, by folded title and cell."""
    wanted: dict[str, dict[str, list[str]]] = {}
    for one in findings:
        if one.location.sheet and place_of(one.location.cell):
            sheet = wanted.setdefault(fold(one.location.sheet), {})
            sheet.setdefault(one.location.cell, []).append(tidy_text(one.message_vi))
    return wanted


def _other_comment(before: _Comments, after: _Comments, wanted: Mapping[str, Sequence[str]]) -> str:
    """The first cell whose comment is missing, misplaced or not what was said there."""
    for cell, messages in wanted.items():
        if cell not in after or not _holds(after[cell][1], messages):
            return cell
    for cell in before.keys() | after.keys():
        was, now = (_of_others(comments, cell) for comments in (before, after))
        if was != now or (cell in after and was is None and cell not in wanted):
            return cell
    return ""


def _holds(text: str, messages: Sequence[str]) -> bool:
    if len(text) >= LONGEST_COMMENT:  # cut there, so that only the first is sure to be whole
        messages = [messages[0][: LONGEST_COMMENT // 2]]
    return all(message in text for message in messages)


def _of_others(comments: _Comments, cell: str) -> tuple[str, str] | None:
    """Author and words of a comment somebody else wrote, without ours below them."""
    author, text = comments.get(cell, (AUTHOR, ""))
    is_ours = author == AUTHOR or (not author.strip() and text.rstrip().endswith(SIGNATURE))
    return None if is_ours else (author, text.partition(f"\n{AUTHOR}:")[0])


def _said(what: str) -> str:
    return (
        f"Chương trình đọc lại thấy {what} trong bản có ghi chú không đúng như phải có, "
        "nên bản đó không được đưa ra."
    )
