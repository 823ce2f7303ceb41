"""One estimate as a reviewer's page shows it: figures, opinions, and the acts open to this person now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function
from finance.errors import NotFound
from finance.estimates.queries import current_version, estimate_row
from finance.estimates.rows import EstimateRow, VersionRow
from finance.estimates.separation import Hand, find_hand
from finance.estimates.workflow import EstimateStatus, Step, steps_from
from finance.findings import Finding
from finance.permissions import may, require
from finance.reviews.figures import AppraisedProject, EstimateFigures, figures_of
from finance.reviews.judgements import judging_offices
from finance.reviews.queries import appraised_projects
from finance.reviews.readiness import conclusion_findings, content_findings
from finance.reviews.rules import OPINION_RULES


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """A sent estimate on a reviewer's desk.

    Attributes:
        findings: what is still missing before the next gate; empty where there is no gate ahead.
        owed_by: the offices whose opinions alone are missing before the conclusion, empty otherwise.
        steps: the steps of the procedure this person may take from here.
        open_opinions: the functions for which this person may give an opinion now.
        may_appraise: whether this person may judge lines and promises now.
        own_hand: an act by which he had a hand in preparing it, so that nothing above is open to him.
    """

    estimate: EstimateRow
    version: VersionRow
    projects: tuple[AppraisedProject, ...]
    figures: EstimateFigures
    findings: tuple[Finding, ...]
    owed_by: str
    steps: tuple[Step, ...]
    open_opinions: frozenset[Function]
    may_appraise: bool
    own_hand: Hand | None

    @property
    def is_party(self) -> bool:
        """True when he had a hand in what he would judge."""
        return self.own_hand is not None


def review_file(session: Session, actor: Actor, estimate_id: int) -> ReviewFile:
    """The review file of an estimate that was sent.

    Raises:
        NotFound: no such estimate, or it has not been sent.
        NotAllowed: the actor reviews nothing.
    """
    estimate = estimate_row(session, actor, estimate_id)
    if estimate.is_private:
        raise NotFound("hồ sơ thẩm định", estimate_id)
    require(actor, Action.VIEW_REVIEWS, estimate.agency_id)
    version = current_version(session, estimate_id)
    projects = tuple(appraised_projects(session, version.id))
    offices = judging_offices(session, actor.moment.business_on)
    own_hand = find_hand(session, actor.person_id, estimate_id)
    is_party = own_hand is not None
    return ReviewFile(
        estimate=estimate,
        version=version,
        projects=projects,
        figures=figures_of(projects),
        findings=_gate_findings(estimate.status, projects, offices),
        owed_by=_owed_by(projects, offices) if estimate.status is EstimateStatus.ESTIMATE_APPRAISAL else "",
        steps=() if is_party else _open_steps(actor, estimate),
        open_opinions=frozenset() if is_party else _open_opinions(actor, estimate),
        may_appraise=not is_party
        and estimate.status is EstimateStatus.ESTIMATE_APPRAISAL
        and may(actor, Action.APPRAISE_LINE, estimate.agency_id),
        own_hand=own_hand,
    )


def _owed_by(projects: tuple[AppraisedProject, ...], offices: Mapping[Function, str]) -> str:
    """Who alone keeps an appraisal from its end by an opinion; empty while figures are left to judge."""
    if any(one.lines_left or one.promises_left for one in projects):
        return ""
    owing = {
        function
        for one in projects
        for function in one.opinions_missing
        if function is not Function.IT_OPINION and not one.is_rejected
    }
    return ", ".join(sorted(offices.get(function) or function.label_vi for function in owing))


def _gate_findings(
    status: EstimateStatus, projects: tuple[AppraisedProject, ...], offices: Mapping[Function, str]
) -> tuple[Finding, ...]:
    if status is EstimateStatus.CONTENT_APPRAISAL:
        return tuple(content_findings(projects, offices))
    if status is EstimateStatus.ESTIMATE_APPRAISAL:
        return tuple(conclusion_findings(projects, offices))
    return ()


def _open_steps(actor: Actor, estimate: EstimateRow) -> tuple[Step, ...]:
    return tuple(
        step
        for step in steps_from(estimate.status)
        if step.function is not Function.PREPARE
        and actor.sits_in(step.function)
        and may(actor, step.action, estimate.agency_id)
    )


def _open_opinions(actor: Actor, estimate: EstimateRow) -> frozenset[Function]:
    return frozenset(
        rule.function
        for rule in OPINION_RULES
        if estimate.status in rule.statuses and may(actor, rule.action, estimate.agency_id)
    )
