"""Every check of a draft, as flat lists of pure functions, and the one way to run them.

Row checks look at one project, line or promise. Whole checks add up or compare, so they speak only
when every row can be kept: a total over a line that cannot be read would be a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from finance.estimates.checking.check_context import CheckContext
from finance.estimates.checking.line_checks import check_lines
from finance.estimates.checking.places import Place, blocking, project_place, warning
from finance.estimates.checking.project_checks import (
    POOL_KINDS,
    check_head,
    check_is_measurable,
    check_levels_complete,
    check_levels_rise,
)
from finance.estimates.checking.promise_checks import check_promises
from finance.estimates.checking.storable_checks import check_keys, check_project_is_storable
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.totals import Part, parts_of_draft, requested_ordinal, totals_by_source
from finance.findings import Finding, Location, blocking_findings
from finance.money import format_vnd
from finance.rulebook.strictness import by_date
from finance.vietnamese.fold import fold

ProjectCheck = Callable[[ProjectDraft, Place, CheckContext], Iterator[Finding]]
DraftCheck = Callable[[EstimateDraft, CheckContext], Iterator[Finding]]


def check_has_projects(draft: EstimateDraft, _context: CheckContext) -> Iterator[Finding]:
    """There is something to ask."""
    if not draft.projects:
        yield blocking(
            "NO_PROJECTS", Location(field="projects"), "Dự toán chưa có dự án nào.", "Thêm ít nhất một dự án."
        )


def check_repeated_projects(draft: EstimateDraft, _context: CheckContext) -> Iterator[Finding]:
    """Names and ranks that occur twice."""
    names: dict[str, str] = {}
    ranks: dict[int, str] = {}
    for index, project in enumerate(draft.projects):
        place = project_place(project, index)
        name = fold(project.name_vi)
        if name and names.setdefault(name, project.project_key) != project.project_key:
            yield warning(
                "PROJECT_NAME_DOUBLE",
                place.at("name_vi", "Tên"),
                f"Trùng tên với dự án {names[name]}.",
                "Gộp lại, hoặc đặt tên nói rõ chỗ khác nhau.",
            )
        if ranks.setdefault(project.priority, project.project_key) != project.project_key:
            yield warning(
                "PRIORITY_DOUBLE",
                place.at("priority", "Thứ tự ưu tiên"),
                f"Cùng thứ tự ưu tiên {project.priority} với dự án {ranks[project.priority]}.",
                "Xếp mỗi dự án một thứ tự.",
            )


def check_ceilings(draft: EstimateDraft, context: CheckContext) -> Iterator[Finding]:
    """Money of the fiscal year against the control figures (số kiểm tra), at the requested levels.

    Routine tasks, and any money that does not enter the pool, must stay below the figure. Schemes
    and projects asking for the pool compete for it by results, so above the figure they only warn.
    """
    bound, competing = _money_of_the_year(draft, context)
    for code in sorted(bound.keys() | competing.keys()):
        source = context.sources[code]
        asked, extra = bound.get(code, 0), competing.get(code, 0)
        where = Location(field=f"ceilings-{code}", words=f"Nguồn {source.name_vi}, năm {context.fiscal_year}")
        ceiling = context.ceilings.get(code)
        if ceiling is None:
            if asked and source.is_certain:
                yield warning("CEILING_MISSING", where, "Chưa được thông báo số kiểm tra cho nguồn này.")
        elif asked > ceiling:
            yield blocking(
                "CEILING_EXCEEDED",
                where,
                f"Đề nghị {format_vnd(asked)} đồng, vượt số kiểm tra {format_vnd(ceiling)} đồng "
                f"là {format_vnd(asked - ceiling)} đồng.",
                "Giảm hoặc chuyển sang nguồn khác.",
            )
        elif asked + extra > ceiling:
            yield warning(
                "CEILING_EXCEEDED_BY_POOL",
                where,
                f"Kể cả đề án, dự án xin phân bổ, đề nghị {format_vnd(asked + extra)} đồng, "
                f"cao hơn số kiểm tra {format_vnd(ceiling)} đồng.",
            )


PROJECT_CHECKS: tuple[ProjectCheck, ...] = (check_head, check_lines, check_promises)
WHOLE_PROJECT_CHECKS: tuple[ProjectCheck, ...] = (
    check_levels_complete,
    check_levels_rise,
    check_is_measurable,
)
WHOLE_DRAFT_CHECKS: tuple[DraftCheck, ...] = (check_has_projects, check_repeated_projects, check_ceilings)


def check_storable(draft: EstimateDraft, context: CheckContext) -> list[Finding]:
    """What stands in the way of keeping the draft at all; empty when it can be saved."""
    findings = list(check_keys(draft))
    for index, project in enumerate(draft.projects):
        findings += check_project_is_storable(project, project_place(project, index), context)
    return findings


def check_rows(draft: EstimateDraft, context: CheckContext) -> list[Finding]:
    """What is wrong with single projects, lines and promises, what cannot be kept included."""
    return _check_rows(draft, range(len(draft.projects)), context)[0]


def check_whole(draft: EstimateDraft, context: CheckContext) -> list[Finding]:
    """What shows only when rows are added up or compared; the draft must be storable."""
    return _check_whole(draft, range(len(draft.projects)), context)


def check_draft(draft: EstimateDraft, context: CheckContext) -> list[Finding]:
    """Everything there is to say about a draft, in the order of its projects.

    Args:
        draft: what the office asks, tidied.
        context: programme and round as plain data.

    Returns:
        All findings at once. Sums are judged only when everything can be kept.
    """
    findings, is_storable = _check_rows(draft, range(len(draft.projects)), context)
    return [*findings, *check_whole(draft, context)] if is_storable else findings


def check_project_of_draft(draft: EstimateDraft, index: int, context: CheckContext) -> list[Finding]:
    """What `check_draft` says of one project, and of the draft as a whole; the others' rows are left out.

    Args:
        draft: what the office asks, tidied.
        index: the project's place in it.
        context: programme and round as plain data.
    """
    findings, is_storable = _check_rows(draft, (index,), context)
    if is_storable and not check_storable(draft, context):
        findings += _check_whole(draft, (index,), context)
    return findings


def is_ready(findings: list[Finding]) -> bool:
    """True when nothing blocks."""
    return not blocking_findings(findings)


def _check_rows(
    draft: EstimateDraft, places: Iterable[int], context: CheckContext
) -> tuple[list[Finding], bool]:
    """The findings at the projects that stand there, and whether these can be kept."""
    findings = list(check_keys(draft))
    is_storable = not findings
    for index in places:
        project = draft.projects[index]
        place = project_place(project, index)
        unstorable = list(check_project_is_storable(project, place, context))
        is_storable = is_storable and not unstorable
        findings += unstorable
        for check in PROJECT_CHECKS:
            findings += check(project, place, context)
    return by_date(findings, context.rule_dates), is_storable


def _check_whole(draft: EstimateDraft, places: Iterable[int], context: CheckContext) -> list[Finding]:
    findings: list[Finding] = []
    for index in places:
        project = draft.projects[index]
        for check in WHOLE_PROJECT_CHECKS:
            findings += check(project, project_place(project, index), context)
    for draft_check in WHOLE_DRAFT_CHECKS:
        findings += draft_check(draft, context)
    return by_date(findings, context.rule_dates)


def _money_of_the_year(draft: EstimateDraft, context: CheckContext) -> tuple[dict[str, int], dict[str, int]]:
    """Sums by source of what the control figures bind, and of what competes for the pool."""
    bound: list[Part] = []
    competing: list[Part] = []
    for project in draft.projects:
        for part in parts_of_draft(project, requested_ordinal(project.levels)):
            if part.year != context.fiscal_year:
                continue
            in_pool = project.kind in POOL_KINDS and context.sources[part.source_code].enters_pool
            (competing if in_pool else bound).append(part)
    return (
        _with_parts(totals_by_source(bound), context.parts_bound),
        _with_parts(totals_by_source(competing), context.parts_competing),
    )


def _with_parts(sums: dict[str, int], parts: Mapping[str, int]) -> dict[str, int]:
    """The sums with what the office asks in other offices' projects."""
    return {code: sums.get(code, 0) + parts.get(code, 0) for code in sums.keys() | parts.keys()}
