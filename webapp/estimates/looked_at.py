"""The page of a workbook that is looked at: what is wrong, what it would change, where both sides changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.checking.checks import check_whole
from finance.estimates.draft import EstimateDraft
from finance.estimates.levels import LEVEL_ORDER
from finance.estimates.merging.cell_words import cell_name, part_words, value_words
from finance.estimates.merging.detailed_differences import ProjectDifference, What, differences_in_detail
from finance.estimates.merging.three_ways import Conflict, Side
from finance.estimates.totals import (
    draft_level_total,
    draft_total,
    parts_of_draft,
    requested_ordinal,
    totals_by_source,
)
from finance.estimates.workbook.import_plan import ImportPlan, ReadWorkbook, choose_all, plan_import
from finance.estimates.workbook.totals_sheet import asked_in_year
from finance.findings import Finding, Severity
from webapp.estimates.attempts import Refused
from webapp.estimates.project_page import Desk

# Warnings that say how a figure, day or formula was read.
READING_CODES = frozenset({"W_TEXT_NUMBER", "W_ROUNDED", "W_FORMULA", "W_DATE_TEXT", "W_DATE_NUMBER"})
FINDINGS_SHOWN = 60  # of one sheet; the returned workbook holds them all


@dataclass(frozen=True, slots=True)
class SheetFindings:
    """What is said of one sheet."""

    title: str
    findings: tuple[Finding, ...]
    more: int
    blocking_count: int


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One place both sides changed, in words; `chosen` is a side's code, empty while nobody decided."""

    name: str
    where: str
    what: str
    base: str
    file: str
    web: str
    chosen: str


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A sum before and after.

    Units:
        đồng; `remaining_vnd` None where there is no control figure.
    """

    name: str
    before_vnd: int
    after_vnd: int
    remaining_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking the workbook in would do."""

    plan: ImportPlan
    projects: tuple[ProjectDifference, ...]
    conflicts: tuple[ConflictRow, ...]
    sources: tuple[MoneyRow, ...]
    levels: tuple[MoneyRow, ...]
    total: MoneyRow
    findings: tuple[Finding, ...]
    read_findings: tuple[Finding, ...]

    @property
    def readings(self) -> tuple[Finding, ...]:
        """How cells were read that were not plain figures."""
        return tuple(finding for finding in self.read_findings if finding.code in READING_CODES)

    @property
    def touched(self) -> tuple[ProjectDifference, ...]:
        """The projects that do not stay as they are."""
        return tuple(project for project in self.projects if project.what is not What.SAME)


def choices_of(
    workbook: ReadWorkbook, stored: EstimateDraft, form: Mapping[str, str]
) -> dict[str, Side] | None:
    """What the form decides, by place; None when the workbook cannot be taken in at all."""
    usable = workbook.usable
    if usable is None:
        return None
    sides = {side.value: side for side in Side}
    whole = sides.get(form.get("all", ""))
    if whole is not None:
        return choose_all(usable, workbook.base, stored, whole)
    # Choices bear the conflict's own place: deciding one may bring up another and shift every number.
    decided: dict[str, Side] = {}
    for name, text in form.items():
        if name.startswith("conflict-") and text in sides:
            decided[name.removeprefix("conflict-")] = sides[text]
    return decided


def show_looked_at(
    desk: Desk,
    sha256: str,
    workbook: ReadWorkbook,
    *,
    choices: Mapping[str, Side] | None = None,
    refused: Refused | None = None,
    said: str = "",
) -> str:
    """The page of the workbook.

    Args:
        desk: the estimate as it is stored now.
        sha256: of the workbook.
        workbook: as it was read.
        choices: conflicts decided so far.
        refused: why it was not taken in.
        said: one sentence on what is still to be done.
    """
    usable = workbook.usable
    preview = _preview(desk, workbook, usable, choices or {}) if usable is not None else None
    return render_template(
        "estimates/looked_at.html",
        estimate=desk.estimate,
        context=desk.context,
        file_name=workbook.file_name,
        sha256=sha256,
        preview=preview,
        sheets=_by_sheet(
            [one for one in workbook.findings if preview is None or one.code not in READING_CODES]
        ),
        has_places=any(finding.location.cell for finding in workbook.findings),
        refused=refused,
        said=said,
    )


def _preview(
    desk: Desk, workbook: ReadWorkbook, usable: EstimateDraft, choices: Mapping[str, Side]
) -> Preview:
    plan = plan_import(usable, workbook.base, desk.stored, choices)
    before, after = desk.stored, plan.draft
    return Preview(
        plan=plan,
        projects=differences_in_detail(before, after, desk.context),
        conflicts=tuple(_conflict_row(one, choices, desk.context) for one in plan.conflicts),
        sources=tuple(_source_rows(before, after, desk.context)),
        levels=tuple(_level_rows(before, after)),
        total=MoneyRow("", draft_total(before), draft_total(after)),
        findings=tuple(check_whole(after, desk.context)) if plan.is_merge else (),
        read_findings=workbook.findings,
    )


def _conflict_row(conflict: Conflict, choices: Mapping[str, Side], context: CheckContext) -> ConflictRow:
    values = (conflict.base, conflict.file, conflict.web)
    words: Sequence[str]
    if conflict.field:
        words = [value_words(conflict.field, value, context) for value in values]
    else:
        words = [part_words(value, context) for value in values]
    chosen = choices.get(conflict.place)
    part = "" if conflict.part == conflict.project_key else conflict.part
    return ConflictRow(
        conflict.place,
        f"{conflict.project_key}{f', {part}' if part else ''}",
        cell_name(conflict.field),
        words[0],
        words[1],
        words[2],
        chosen.value if chosen else "",
    )


def _source_rows(before: EstimateDraft, after: EstimateDraft, context: CheckContext) -> list[MoneyRow]:
    """Per source: everything asked before and after, and what is left of the year's control figure."""
    sums = [
        totals_by_source(
            part
            for project in draft.projects
            for part in parts_of_draft(project, requested_ordinal(project.levels))
        )
        for draft in (before, after)
    ]
    in_year = asked_in_year(after, context.fiscal_year)
    rows = []
    for code, source in context.sources.items():
        if code in sums[0] or code in sums[1] or code in context.ceilings:
            ceiling = context.ceilings.get(code)
            in_parts = context.parts_bound.get(code, 0) + context.parts_competing.get(code, 0)
            left = None if ceiling is None else ceiling - in_year.get(code, 0) - in_parts
            rows.append(MoneyRow(source.name_vi, sums[0].get(code, 0), sums[1].get(code, 0), left))
    return rows


def _level_rows(before: EstimateDraft, after: EstimateDraft) -> list[MoneyRow]:
    """Per level: what all projects that have it come to; levels are never added together."""
    sums: list[dict[str, int]] = []
    for draft in (before, after):
        of_draft: dict[str, int] = {}
        for project in draft.projects:
            for ordinal, code in enumerate(project.levels, start=1):
                amount = draft_level_total(project, ordinal)
                of_draft[code.label_vi] = of_draft.get(code.label_vi, 0) + amount
        sums.append(of_draft)
    names = [code.label_vi for code in LEVEL_ORDER if code.label_vi in sums[0] or code.label_vi in sums[1]]
    return [MoneyRow(name, sums[0].get(name, 0), sums[1].get(name, 0)) for name in names]


def _by_sheet(findings: Sequence[Finding]) -> list[SheetFindings]:
    """The findings by sheet in the order found, what blocks first within a sheet."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.location.sheet, []).append(finding)
    severities = list(Severity)
    made = []
    for title, found in groups.items():
        found.sort(key=lambda finding: severities.index(finding.severity))
        blocking = sum(finding.is_blocking for finding in found)
        shown = tuple(found[:FINDINGS_SHOWN])
        made.append(SheetFindings(title, shown, len(found) - len(shown), blocking))
    return made


def gone_page(desk: Desk) -> tuple[str, int]:
    """The answer when the looked-at workbook is not kept any more."""
    facts: dict[str, Any] = {"estimate": desk.estimate}
    return render_template("estimates/workbook_gone.html", **facts), 410
