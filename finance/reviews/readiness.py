"""What is still missing before a step of the appraisal: every missing piece named, with its place. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from finance.actors import Function
from finance.findings import Finding, Location, Severity
from finance.reviews.figures import AppraisedProject, ProjectLeft
from finance.reviews.rules import Verdict

_OPINION_CODES = {
    Function.CONTENT_APPRAISAL: "CONTENT_OPINION_MISSING",
    Function.IT_OPINION: "IT_OPINION_MISSING",
    Function.ALLOCATION_CONSOLIDATION: "POOL_OPINION_MISSING",
}


def content_findings(
    projects: Sequence[AppraisedProject], offices: Mapping[Function, str] | None = None
) -> list[Finding]:
    """What keeps the content from being passed: each project without a content opinion.

    Args:
        offices: which office holds each function, by its short name; without it only the function is named.
    """
    return [
        _missing_opinion(one, Function.CONTENT_APPRAISAL, Severity.BLOCKS, offices or {})
        for one in projects
        if one.opinion_of(Function.CONTENT_APPRAISAL) is None
    ]


def conclusion_findings(
    projects: Sequence[AppraisedProject], offices: Mapping[Function, str] | None = None
) -> list[Finding]:
    """What keeps the appraisal from being concluded, project by project.

    A missing opinion of the information technology office only warns: who concludes without it
    says why (the reason is kept), because a silent office must not hold up the round.

    Args:
        offices: which office holds each function, by its short name; without it only the function is named.

    Source:
        decision 3377/QĐ-UBND (2011), VII.5.c, VII.6.b, VII.7.
    """
    return [finding for one in projects if not one.is_rejected for finding in _of_project(one, offices or {})]


def may_be_concluded(projects: Sequence[ProjectLeft]) -> bool:
    """True when nothing blocks: what `conclusion_findings` says of the same projects, from counts alone."""
    return all(
        one.content_verdict is Verdict.REJECT
        or not (one.lines_left or one.promises_left or {*one.opinions_missing} - {Function.IT_OPINION})
        for one in projects
    )


def _of_project(one: AppraisedProject, offices: Mapping[Function, str]) -> Iterator[Finding]:
    place = f"Dự án {one.project.priority}"
    for line in one.lines_left:
        where = Location(field=f"line-{line.line.id}", words=f"{place}, dòng {line.line.position}")
        message = f"Chưa thẩm định “{line.line.item_vi}”."
        yield Finding("LINE_NOT_APPRAISED", Severity.BLOCKS, message, where)
    for promise in one.promises_left:
        where = Location(field=f"promise-{promise.promise.id}", words=f"{place}, kết quả cam kết")
        message = f"Chưa thẩm định “{promise.promise.output_name}” năm {promise.promise.year}."
        yield Finding("PROMISE_NOT_APPRAISED", Severity.BLOCKS, message, where)
    for function in one.opinions_missing:
        warns = function is Function.IT_OPINION
        yield _missing_opinion(one, function, Severity.WARNS if warns else Severity.BLOCKS, offices)


def _missing_opinion(
    one: AppraisedProject, function: Function, severity: Severity, offices: Mapping[Function, str]
) -> Finding:
    office = offices.get(function)
    owing = f"{office} ({function.label_vi})" if office else f"cơ quan {function.label_vi}"
    message = f"“{one.project.name_vi}” chưa có ý kiến của {owing}."
    where = Location(field=f"project-{one.project.id}", words=f"Dự án {one.project.priority}")
    return Finding(_OPINION_CODES[function], severity, message, where)
