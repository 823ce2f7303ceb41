"""The reviewers' acts: received, content judged, figures judged line by line, appraisal concluded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from finance.actors import Actor, Function
from finance.estimates.procedure import begin_content_appraisal, receive_estimate
from finance.estimates.queries import current_version, estimate_row, version_projects
from finance.estimates.rows import LineRow, ProjectRow, PromiseRow
from finance.estimates.workflow import EstimateStatus
from finance.reviews.operations import (
    accept_rest,
    accept_rest_outputs,
    appraise_line,
    appraise_output,
    conclude_appraisal,
    give_opinion,
    pass_content,
)
from webapp.demonstration.estimates import is_driven_to
from webapp.demonstration.files import EstimateFile
from webapp.demonstration.judgement_files import (
    LineCut,
    OpinionEntry,
    PromiseCut,
    read_line_cuts,
    read_opinions,
    read_promise_cuts,
)
from webapp.demonstration.story import Story

_AT_THE_GATE = frozenset({Function.CONTENT_APPRAISAL, Function.IT_OPINION})


def receive_estimates(story: Story, offices: Sequence[EstimateFile]) -> None:
    """Finance takes in what was sent."""
    for file in offices:
        if is_driven_to(file, EstimateStatus.RECEIVED):
            estimate_id = story.estimate_of(file.agency_code)
            appraiser = story.holder(Function.ESTIMATE_APPRAISAL, "received")
            edit = _edit_of(story, appraiser, estimate_id)
            receive_estimate(story.session, appraiser, estimate_id, seen_edit=edit)


def judge_content(story: Story, offices: Sequence[EstimateFile]) -> None:
    """Home affairs judges the content; where the file stops here, something is left on its desk."""
    opinions = [entry for entry in read_opinions() if entry.function in _AT_THE_GATE]
    for file in offices:
        if not is_driven_to(file, EstimateStatus.CONTENT_APPRAISAL):
            continue
        estimate_id = story.estimate_of(file.agency_code)
        appraiser = story.holder(Function.CONTENT_APPRAISAL, "content")
        edit = _edit_of(story, appraiser, estimate_id)
        begin_content_appraisal(story.session, appraiser, estimate_id, seen_edit=edit)
        goes_on = is_driven_to(file, EstimateStatus.ESTIMATE_APPRAISAL)
        _give_opinions(story, file, (one for one in opinions if goes_on or not one.is_pending), "content")
        if goes_on:
            appraiser = story.holder(Function.CONTENT_APPRAISAL, "content")
            pass_content(
                story.session, appraiser, estimate_id, seen_edit=_edit_of(story, appraiser, estimate_id)
            )


def judge_figures(story: Story, offices: Sequence[EstimateFile]) -> None:
    """Finance judges prices, quantities and results; planning gives its opinion; finance concludes."""
    opinions = [entry for entry in read_opinions() if entry.function not in _AT_THE_GATE]
    for file in offices:
        if not is_driven_to(file, EstimateStatus.APPRAISED):
            continue
        estimate_id = story.estimate_of(file.agency_code)
        _cut_lines(story, file)
        _cut_promises(story, file)
        for accept in (accept_rest, accept_rest_outputs):
            appraiser = story.holder(Function.ESTIMATE_APPRAISAL, "appraised")
            accept(story.session, appraiser, estimate_id, seen_edit=_edit_of(story, appraiser, estimate_id))
        _give_opinions(story, file, opinions, "appraised")
        appraiser = story.holder(Function.ESTIMATE_APPRAISAL, "appraised")
        edit = _edit_of(story, appraiser, estimate_id)
        conclude_appraisal(story.session, appraiser, estimate_id, seen_edit=edit)


def _give_opinions(story: Story, file: EstimateFile, opinions: Iterable[OpinionEntry], step: str) -> None:
    estimate_id, projects = story.estimate_of(file.agency_code), _projects_of(story, file)
    for entry in opinions:
        agency_code, key = entry.place
        if agency_code != file.agency_code:
            continue
        speaker = story.holder(entry.function, step)
        give_opinion(
            story.session,
            speaker,
            projects[key].id,
            function=entry.function,
            verdict=entry.verdict,
            words=entry.words,
            seen_edit=_edit_of(story, speaker, estimate_id),
        )


def _cut_lines(story: Story, file: EstimateFile) -> None:
    projects = _projects_of(story, file)
    for cut in read_line_cuts():
        agency_code, key = cut.place
        if agency_code == file.agency_code:
            _cut_line(story, projects[key].lines[cut.position - 1], cut)


def _cut_line(story: Story, line: LineRow, cut: LineCut) -> None:
    levels = [quantity.level_id for quantity in line.quantities]
    given = dict(zip(levels, cut.quantities, strict=True)) if cut.quantities else {}
    appraise_line(
        story.session,
        story.holder(Function.ESTIMATE_APPRAISAL, "appraised"),
        line.id,
        unit_price_vnd=line.unit_price_vnd if cut.unit_price_vnd is None else cut.unit_price_vnd,
        quantities_thousandths=given,
        reason=cut.reason,
        words=cut.words,
    )


def _cut_promises(story: Story, file: EstimateFile) -> None:
    projects = _projects_of(story, file)
    for cut in read_promise_cuts():
        agency_code, key = cut.place
        if agency_code != file.agency_code:
            continue
        promise = _promise_of(projects[key], cut)
        codes = dict(zip(promise.unit_codes, promise.unit_ids, strict=True))
        appraise_output(
            story.session,
            story.holder(Function.ESTIMATE_APPRAISAL, "appraised"),
            promise.id,
            is_accepted=cut.is_accepted,
            quantity_thousandths=cut.quantity_thousandths,
            refused_unit_ids=[codes[code] for code in cut.refused_units],
            words=cut.words,
        )


def _promise_of(project: ProjectRow, cut: PromiseCut) -> PromiseRow:
    wanted = (cut.level, cut.output_code, cut.year, cut.component)
    return next(
        promise
        for promise in project.promises
        if (promise.level_ordinal, promise.output_code, promise.year, promise.component) == wanted
    )


def _projects_of(story: Story, file: EstimateFile) -> dict[str, ProjectRow]:
    version = current_version(story.session, story.estimate_of(file.agency_code))
    return {project.project_key: project for project in version_projects(story.session, version.id)}


def _edit_of(story: Story, actor: Actor, estimate_id: int) -> int:
    return estimate_row(story.session, actor, estimate_id).edit_number
