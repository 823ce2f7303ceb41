"""Acts of the reviewing offices on a sent estimate: opinions, appraised figures, and the two gates.

What was asked is never touched: opinions and appraised figures are rows beside it. Whoever prepared
the estimate judges no part of it, and nothing is judged above what was asked or cut without a ground.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function
from finance.audit import Change
from finance.errors import NotFound, NotReady, ReasonMissing, RuleBroken
from finance.estimates.draft import tidy_text
from finance.estimates.estimate_lookup import require_seen_estimate
from finance.estimates.procedure import advance
from finance.estimates.records import CostLine, EstimateProject, ProjectLevel, PromisedOutput
from finance.estimates.workflow import EstimateStatus
from finance.findings import blocking_findings
from finance.reviews.appraisals import (
    asked_line,
    asked_promise,
    content_verdict_of,
    opinion_of,
    write_line,
    write_opinion,
    write_promise,
)
from finance.reviews.audit_notes import Note, line_note, promise_note, row_of_line, row_of_promise
from finance.reviews.desk import (
    FILE_VI,
    OpenFile,
    close_file,
    find_project,
    open_file,
    require_current_version,
    require_fresh_rows,
)
from finance.reviews.figures import AppraisedProject
from finance.reviews.judgements import judging_offices
from finance.reviews.queries import appraised_projects
from finance.reviews.readiness import conclusion_findings, content_findings
from finance.reviews.rules import (
    AskedLine,
    CutReason,
    LineFigures,
    PromiseFigures,
    Verdict,
    check_line_appraisal,
    check_promise_appraisal,
    is_cut,
    is_less_than_promised,
    opinion_rule,
    settled_promise,
    verdict_needs_words,
)

_APPRAISAL = frozenset({EstimateStatus.ESTIMATE_APPRAISAL})
_CONTENT = frozenset({EstimateStatus.CONTENT_APPRAISAL})


def give_opinion(
    session: Session,
    actor: Actor,
    project_id: int,
    *,
    function: Function,
    verdict: Verdict,
    words: str,
    seen_edit: int,
) -> int:
    """Say what one function thinks of a project; said again, it replaces what the function said before.

    Args:
        function: for which duty the actor speaks; he must hold it.
        words: needed for every verdict but plain agreement.
        seen_edit: edit number of the estimate on the page the person saw.

    Returns:
        The estimate's new edit number.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: see `finance.reviews.desk.open_file`.
        RuleBroken: the function gives no opinions, or none is due on this project.
        ReasonMissing: the verdict needs words.
        StaleVersion: the same function has spoken since, or the office has sent a new version.

    Source:
        decision 3377/QĐ-UBND (2011), VII.2.đ, VII.6.b, VII.7.
    """
    rule = opinion_rule(function)
    if rule is None:
        raise RuleBroken(f"Chức năng “{function.label_vi}” không cho ý kiến về dự án.")
    project, estimate_id = find_project(session, project_id)
    file = open_file(session, actor, rule.action, estimate_id, statuses=rule.statuses)
    require_current_version(session, file, project)
    row = f"opinion-{project_id}-{function}"
    require_fresh_rows(session, file, {row}, seen_edit)
    _require_due(session, file, project_id, function)
    words = tidy_text(words)
    if verdict_needs_words(verdict) and not words:
        raise ReasonMissing(f"{rule.action.label_vi}: {verdict.label_vi}")
    before = opinion_of(session, project_id, function)
    change = Change(
        from_state=before.verdict.label_vi if before else "",
        to_state=verdict.label_vi,
        reason=words,
        details={"project": project_id, "verdict": verdict.value},
    )
    write_opinion(session, actor, project_id, function, (verdict, words))
    note = Note(f"dự án “{project.name_vi}”", change, frozenset({row}))
    return close_file(session, actor, rule.action, file, note=note)


def pass_content(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> None:
    """Let the estimate through the content gate (thông qua nội dung): every project has its opinion.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: see `finance.reviews.desk.open_file`.
        NotReady: one finding per project without a content opinion.
        StaleVersion: anything was written since the page was made.

    Source:
        decision 3377/QĐ-UBND (2011), VII.2.đ.
    """
    file = open_file(session, actor, Action.PASS_CONTENT, estimate_id, statuses=_CONTENT)
    require_seen_estimate(session, file.estimate, seen_edit)
    offices = judging_offices(session, actor.moment.business_on)
    findings = content_findings(appraised_projects(session, file.version_id), offices)
    if findings:
        raise NotReady(findings)
    advance(session, actor, estimate_id, action=Action.PASS_CONTENT, seen_edit=seen_edit)


def appraise_line(
    session: Session,
    actor: Actor,
    line_id: int,
    *,
    unit_price_vnd: int,
    quantities_thousandths: Mapping[int, int],
    reason: CutReason | None,
    words: str,
) -> int:
    """Judge a cost line (thẩm định dòng chi) on every level that holds it; see `appraise_line_as_seen`.

    Args:
        unit_price_vnd: appraised price, one for all levels.
        quantities_thousandths: level id -> appraised quantity; a level left out follows the others.
        reason: the legal ground of a cut; None when nothing is cut.
        words: the ground in words; a remark when nothing is cut.

    Returns:
        The estimate's new edit number.
    """
    figures = LineFigures(unit_price_vnd, quantities_thousandths, reason, words)
    return appraise_line_as_seen(session, actor, line_id, figures=figures, seen_edit=None)


def appraise_line_as_seen(
    session: Session, actor: Actor, line_id: int, *, figures: LineFigures, seen_edit: int | None
) -> int:
    """Judge a cost line as a page showed it.

    Args:
        seen_edit: edit number on the page; None when no page stood between (loading, demonstration).

    Returns:
        The estimate's new edit number.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: see `finance.reviews.desk.open_file`.
        NotReady: a price or quantity above what was asked, or levels out of order.
        ReasonMissing: something is cut without a ground and words.
        RuleBroken: the project's content was refused.
        StaleVersion: somebody judged this line since, or the office has sent a new version.

    Source:
        decision 3377/QĐ-UBND (2011), VII.5.c; Decree 163/2016/NĐ-CP Art. 28(2a).
    """
    line = session.get(CostLine, line_id)
    if line is None:
        raise NotFound(FILE_VI, line_id)
    row = row_of_line(line_id)
    file, project = _open_project(session, actor, Action.APPRAISE_LINE, line.project_id, row, seen_edit)
    asked = asked_line(session, line)
    findings = check_line_appraisal(asked, figures)
    if findings:
        raise NotReady(findings)
    figures = _grounded(asked, figures)
    write_line(session, actor, line, asked, figures)
    note = line_note(project, line, asked, figures)
    return close_file(session, actor, Action.APPRAISE_LINE, file, note=note)


def appraise_output(
    session: Session,
    actor: Actor,
    promise_id: int,
    *,
    is_accepted: bool,
    quantity_thousandths: int,
    refused_unit_ids: Collection[int],
    words: str,
) -> int:
    """Judge a promised result (thẩm định kết quả cam kết); see `appraise_output_as_seen`.

    Returns:
        The estimate's new edit number.
    """
    figures = PromiseFigures(is_accepted, quantity_thousandths, frozenset(refused_unit_ids), words)
    return appraise_output_as_seen(session, actor, promise_id, figures=figures, seen_edit=None)


def appraise_output_as_seen(
    session: Session, actor: Actor, promise_id: int, *, figures: PromiseFigures, seen_edit: int | None
) -> int:
    """Judge a promised result as a page showed it.

    Args:
        seen_edit: edit number on the page; None when no page stood between.

    Returns:
        The estimate's new edit number.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: see `finance.reviews.desk.open_file`.
        NotReady: more is accepted than was promised, or units that were not promised.
        ReasonMissing: less is accepted than was promised, without words.
        RuleBroken: the project's content was refused.
        StaleVersion: somebody judged this promise since, or the office has sent a new version.
    """
    promise = session.get(PromisedOutput, promise_id)
    if promise is None:
        raise NotFound(FILE_VI, promise_id)
    row = row_of_promise(promise_id)
    level = session.get_one(ProjectLevel, promise.level_id)
    file, project = _open_project(session, actor, Action.APPRAISE_OUTPUT, level.project_id, row, seen_edit)
    asked, name_vi = asked_promise(session, promise)
    findings = check_promise_appraisal(asked, figures)
    if findings:
        raise NotReady(findings)
    words = tidy_text(figures.words)
    settled = settled_promise(
        asked,
        PromiseFigures(figures.is_accepted, figures.quantity_thousandths, figures.refused_unit_ids, words),
    )
    if is_less_than_promised(asked, settled) and not words:
        raise ReasonMissing(Action.APPRAISE_OUTPUT.label_vi)
    write_promise(session, actor, promise_id, settled)
    note = promise_note(project, level, promise, name_vi, settled)
    return close_file(session, actor, Action.APPRAISE_OUTPUT, file, note=note)


def accept_rest(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """Judge every cost line not yet judged as asked, each with a row of its own.

    Returns:
        How many lines were judged; 0 changes nothing.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: see `finance.reviews.desk.open_file`.
        StaleVersion: anything was written since the page was made.
    """
    file = open_file(session, actor, Action.APPRAISE_LINE, estimate_id, statuses=_APPRAISAL)
    require_seen_estimate(session, file.estimate, seen_edit)
    left = [
        one.line for project in appraised_projects(session, file.version_id) for one in project.lines_left
    ]
    if not left:
        return 0
    for row in left:
        line = session.get_one(CostLine, row.id)
        asked = asked_line(session, line)
        write_line(session, actor, line, asked, LineFigures(asked.unit_price_vnd, asked.quantities))
    what = f"{len(left)} dòng chi còn lại"
    change = Change(to_state="thẩm định đúng mức đề nghị", details={"lines": [row.id for row in left]})
    note = Note(what, change, frozenset(row_of_line(row.id) for row in left))
    close_file(session, actor, Action.APPRAISE_LINE, file, note=note)
    return len(left)


def accept_rest_outputs(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """Accept every promised result not yet judged as promised, each with a row of its own.

    Returns:
        How many promises were judged; 0 changes nothing.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: see `finance.reviews.desk.open_file`.
        StaleVersion: anything was written since the page was made.
    """
    file = open_file(session, actor, Action.APPRAISE_OUTPUT, estimate_id, statuses=_APPRAISAL)
    require_seen_estimate(session, file.estimate, seen_edit)
    projects = appraised_projects(session, file.version_id)
    left = [one.promise for project in projects for one in project.promises_left]
    if not left:
        return 0
    for row in left:
        asked, _name = asked_promise(session, session.get_one(PromisedOutput, row.id))
        everything = PromiseFigures(is_accepted=True, quantity_thousandths=asked.quantity_thousandths)
        write_promise(session, actor, row.id, settled_promise(asked, everything))
    what = f"{len(left)} kết quả cam kết còn lại"
    change = Change(to_state="chấp nhận đúng mức cam kết", details={"promises": [row.id for row in left]})
    note = Note(what, change, frozenset(row_of_promise(row.id) for row in left))
    close_file(session, actor, Action.APPRAISE_OUTPUT, file, note=note)
    return len(left)


def conclude_appraisal(
    session: Session, actor: Actor, estimate_id: int, *, seen_edit: int, reason: str = ""
) -> None:
    """Conclude the appraisal (kết luận thẩm định): everything is judged and every opinion due is given.

    Args:
        reason: needed when the information technology office was asked and stayed silent.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: see `finance.reviews.desk.open_file`.
        NotReady: one finding per line, promise and opinion still missing.
        ReasonMissing: an opinion on information technology is missing and no reason is given.
        StaleVersion: anything was written since the page was made.

    Source:
        decision 3377/QĐ-UBND (2011), VII.5.c.
    """
    file = open_file(session, actor, Action.CONCLUDE_APPRAISAL, estimate_id, statuses=_APPRAISAL)
    require_seen_estimate(session, file.estimate, seen_edit)
    offices = judging_offices(session, actor.moment.business_on)
    findings = conclusion_findings(appraised_projects(session, file.version_id), offices)
    if blocking_findings(findings):
        raise NotReady(findings)
    reason = tidy_text(reason)
    if findings and not reason:
        silent = Function.IT_OPINION.label_vi
        raise ReasonMissing(f"{Action.CONCLUDE_APPRAISAL.label_vi} khi cơ quan {silent} chưa trả lời")
    advance(session, actor, estimate_id, action=Action.CONCLUDE_APPRAISAL, seen_edit=seen_edit, reason=reason)


def _open_project(
    session: Session, actor: Actor, action: Action, project_id: int, row: str, seen_edit: int | None
) -> tuple[OpenFile, EstimateProject]:
    """Open the file of a project whose figures are judged; a refused project has none to judge."""
    project, estimate_id = find_project(session, project_id)
    file = open_file(session, actor, action, estimate_id, statuses=_APPRAISAL)
    require_current_version(session, file, project)
    if seen_edit is not None:
        require_fresh_rows(session, file, {row}, seen_edit)
    if content_verdict_of(session, project_id) is Verdict.REJECT:
        raise RuleBroken(
            f"“{project.name_vi}” không được nhất trí về nội dung nên được thẩm định bằng 0, "
            "không thẩm định từng dòng."
        )
    return file, project


def _require_due(session: Session, file: OpenFile, project_id: int, function: Function) -> None:
    """Refuse an opinion nobody asked for: it would look like a step of the procedure."""
    one = _project_of(appraised_projects(session, file.version_id), project_id)
    if function not in one.opinions_due:
        raise RuleBroken(
            f"“{one.project.name_vi}” không thuộc diện lấy ý kiến của cơ quan {function.label_vi}."
        )


def _project_of(projects: Collection[AppraisedProject], project_id: int) -> AppraisedProject:
    return next(one for one in projects if one.project.id == project_id)


def _grounded(asked: AskedLine, figures: LineFigures) -> LineFigures:
    """The figures with tidy words; a cut must have ground and words, anything else has no ground."""
    words = tidy_text(figures.words)
    if not is_cut(asked, figures):
        return LineFigures(figures.unit_price_vnd, figures.quantities_thousandths, None, words)
    given = {"lý do giảm": figures.reason is not None, "ý kiến": bool(words)}
    missing = [part for part, is_given in given.items() if not is_given]
    if figures.reason is None or missing:
        raise ReasonMissing("cắt giảm dòng chi", " và ".join(missing))
    return LineFigures(figures.unit_price_vnd, figures.quantities_thousandths, figures.reason, words)
