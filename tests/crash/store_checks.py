"""What a store must look like after any kill, whatever was under way: every check of one moment.

All figures are counted against the receipts: what has a receipt happened once and whole, what has
none did not happen at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.allocations.records import AllocationDecision, Award, AwardMoney
from finance.allocations.rules import DecisionStatus
from finance.audit import AuditEntry, find_broken_entry
from finance.estimates.queries import load_draft
from finance.estimates.records import (
    CostLine,
    Estimate,
    EstimateProject,
    EstimateRecipient,
    EstimateVersion,
    LineQuantity,
    ProjectLevel,
)
from finance.estimates.version_writer import draft_digest
from finance.estimates.workflow import EstimateStatus
from finance.jobs.records import Job, JobState
from finance.money import line_amount_vnd
from finance.receipts import Receipt
from finance.scenarios.records import ProposedAward, ScenarioRun
from tests.crash.acting_people import FIRST_PRICE_VND, Desk, Sent
from tests.crash.busy_province import PROJECTS_IN_POOL, BusyProvince

_S = EstimateStatus
WAY_ROUND = (_S.DRAFT, _S.CHECKED, _S.SIGNED, _S.SENT, _S.RETURNED)
# Operations whose every effect leaves exactly one audit row.
ACTS = {
    "save_project": Action.SAVE_DRAFT,
    "check_estimate": Action.CHECK_ESTIMATE,
    "sign_estimate": Action.SIGN_ESTIMATE,
    "send_estimate": Action.SEND_ESTIMATE,
    "withdraw_estimate": Action.WITHDRAW_ESTIMATE,
    "revise_estimate": Action.REVISE_ESTIMATE,
    "submit_allocation": Action.SUBMIT_ALLOCATION,
    "return_allocation": Action.RETURN_ALLOCATION,
    "approve_allocation": Action.APPROVE_ALLOCATION,
}
GOING_ROUND = ("check_estimate", "sign_estimate", "send_estimate", "withdraw_estimate", "revise_estimate")
DECIDING = ("submit_allocation", "return_allocation", "approve_allocation")


@dataclass(frozen=True)
class Before:
    """What the prepared store held already."""

    acts: Counter[Action]
    runs: int


def look_before(session: Session) -> Before:
    """Count what is there before anybody acts."""
    return Before(_count_acts(session), session.scalar(select(func.count(ScenarioRun.id))) or 0)


def find_damage(session: Session, busy: BusyProvince, desks: Sequence[Desk], before: Before) -> list[str]:
    """Everything that is wrong with the store, in words."""
    receipts = list(session.scalars(select(Receipt).order_by(Receipt.id)))
    operations = Counter(receipt.operation for receipt in receipts)
    acts = _count_acts(session) - before.acts
    return [
        *_engine_damage(session),
        *_receipt_damage(receipts, desks),
        *(
            f"{operations[name]} receipts of {name}, {acts[action]} acts"
            for name, action in ACTS.items()
            if operations[name] != acts[action]
        ),
        *_saved_damage(session, busy, operations["save_project"]),
        *_sent_damage(session, busy, sum(operations[name] for name in GOING_ROUND)),
        *_amount_damage(session),
        *_decision_damage(session, busy, operations),
        *_run_damage(session, receipts, before, acts),
    ]


def find_unfinished(session: Session) -> int:
    """How many jobs have not ended."""
    waiting = Job.state.in_([JobState.WAITING, JobState.RUNNING])
    return session.scalar(select(func.count(Job.id)).where(waiting)) or 0


def _count_acts(session: Session) -> Counter[Action]:
    rows = session.execute(select(AuditEntry.action, func.count()).group_by(AuditEntry.action))
    return Counter(dict(rows.all()))


def _engine_damage(session: Session) -> Iterator[str]:
    broken = find_broken_entry(session)
    if broken is not None:
        yield f"the audit chain breaks at row {broken}"
    if session.get_bind().dialect.name == "sqlite":
        for pragma, sound in (("quick_check", [("ok",)]), ("foreign_key_check", [])):
            said = [tuple(row) for row in session.execute(text(f"PRAGMA {pragma}"))]
            if said != sound:
                yield f"{pragma}: {said}"


def _receipt_damage(receipts: Sequence[Receipt], desks: Sequence[Desk]) -> Iterator[str]:
    stored = Counter(receipt.key for receipt in receipts)
    yield from (f"key {key} has {count} receipts" for key, count in stored.items() if count > 1)
    acknowledged: dict[str, Sent] = {sent.key: sent for desk in desks for sent in desk.acknowledged}
    tried = {key for desk in desks for key in desk.tried}
    yield from (
        f"acknowledged and lost: {sent.operation} {key}"
        for key, sent in acknowledged.items()
        if key not in stored
    )
    yield from (f"key {key} was never sent" for key in stored if key not in tried)
    under_way = {desk.pending.key for desk in desks if desk.pending}
    yield from (
        f"key {key} has a receipt, nobody was answered and nobody waits"
        for key in stored
        if key not in acknowledged and key not in under_way
    )


def _saved_damage(session: Session, busy: BusyProvince, saves: int) -> Iterator[str]:
    estimate = session.get_one(Estimate, busy.saved_estimate_id)
    if estimate.edit_number != busy.saved_edit + saves:
        yield f"{saves} saves, edit number {estimate.edit_number}"
    if saves:
        price = load_draft(session, estimate.id).projects[0].lines[0].unit_price_vnd
        if price != FIRST_PRICE_VND + estimate.edit_number - 1:
            yield f"edit number {estimate.edit_number} holds the price {price}"


def _sent_damage(session: Session, busy: BusyProvince, steps: int) -> Iterator[str]:
    estimate = session.get_one(Estimate, busy.sent_estimate_id)
    rounds, rest = divmod(steps, len(WAY_ROUND))
    found = (estimate.status, estimate.version_number, estimate.edit_number)
    wanted = (WAY_ROUND[rest], rounds + 1, busy.sent_edit + steps)
    if found != wanted:
        yield f"after {steps} steps {wanted} was due, found {found}"
    of_estimate = EstimateVersion.estimate_id == estimate.id
    versions = list(
        session.scalars(select(EstimateVersion).where(of_estimate).order_by(EstimateVersion.number))
    )
    if [version.number for version in versions] != list(range(1, estimate.version_number + 1)):
        yield f"versions {[version.number for version in versions]} of {estimate.version_number}"
    for version in versions:
        is_last = version.number == estimate.version_number
        reached = WAY_ROUND.index(estimate.status) if is_last else len(WAY_ROUND) - 1
        yield from _version_damage(session, version, reached, is_last=is_last)


def _version_damage(
    session: Session, version: EstimateVersion, reached: int, *, is_last: bool
) -> Iterator[str]:
    """A version that has come so far on the way round."""
    about = f"version {version.number}"
    if bool(version.signed_at) != (reached >= 2) or bool(version.content_hash) != (reached >= 2):
        yield f"{about}: signed {version.signed_at}, hash {version.content_hash!r}, step {reached}"
    # The last two are read again line by line; the ones before were, when they were last.
    if version.content_hash and (is_last or reached == len(WAY_ROUND) - 1):
        digest = draft_digest(load_draft(session, version.estimate_id, version.number))
        if digest != version.content_hash:
            yield f"{about}: its content is not what was signed"
    told = select(func.count()).where(EstimateRecipient.version_id == version.id)
    if bool(version.sent_at) != (reached >= 3) or bool(session.scalar(told)) != (reached >= 3):
        yield f"{about}: sent {version.sent_at}, {session.scalar(told)} recipients, step {reached}"
    if bool(version.return_reason) != (reached >= 4):
        yield f"{about}: reason {version.return_reason!r}, step {reached}"


def _amount_damage(session: Session) -> Iterator[str]:
    """Every line has one product for every level of its project, and each is right to the đồng."""
    rows = session.execute(
        select(CostLine, LineQuantity).outerjoin(LineQuantity, LineQuantity.line_id == CostLine.id)
    )
    held: Counter[int] = Counter()
    projects: dict[int, int] = {}
    for line, quantity in rows:
        projects[line.id] = line.project_id
        if quantity is None:
            continue
        held[line.id] += 1
        right = line_amount_vnd(
            line.unit_price_vnd, line.frequency_thousandths, quantity.quantity_thousandths
        )
        if quantity.amount_vnd != right:
            yield f"line {line.id}: {quantity.amount_vnd} stored, {right} is right"
    levels = Counter(session.scalars(select(ProjectLevel.project_id)).all())
    yield from (
        f"line {line_id} has {held[line_id]} of {levels[project_id]} levels"
        for line_id, project_id in projects.items()
        if held[line_id] != levels[project_id]
    )
    bare = set(session.scalars(select(EstimateProject.id))) - set(projects.values())
    yield from (f"project {project_id} has no line" for project_id in bare)


def _decision_damage(session: Session, busy: BusyProvince, operations: Counter[str]) -> Iterator[str]:
    decisions = list(session.scalars(select(AllocationDecision)))
    steps = sum(decision.edit_number - 1 for decision in decisions)
    if steps != sum(operations[name] for name in DECIDING):
        yield f"the decisions count {steps} steps, the receipts {operations}"
    approved = [decision for decision in decisions if decision.status is DecisionStatus.APPROVED]
    if len(approved) != operations["approve_allocation"]:
        yield f"{len(approved)} decisions are approved, {operations['approve_allocation']} approvals"
    for decision in decisions:
        signed = {bool(decision.number), bool(decision.signed_on), bool(decision.approved_by)}
        if signed != {decision in approved}:
            yield f"decision {decision.id}: {decision.status}, number {decision.number!r}"
    money = select(func.coalesce(func.sum(AwardMoney.amount_vnd), 0)).where(AwardMoney.award_id == Award.id)
    for award_id, amount, parts in session.execute(
        select(Award.id, Award.amount_vnd, money.correlate(Award).scalar_subquery())
    ):
        if amount != int(parts):
            yield f"award {award_id}: {amount} given, its parts sum to {parts}"
    if session.scalar(select(func.count(Award.id))) != PROJECTS_IN_POOL * len(busy.decision_ids):
        yield "an award is missing or double"


def _run_damage(
    session: Session, receipts: Sequence[Receipt], before: Before, acts: Counter[Action]
) -> Iterator[str]:
    told = {receipt.answer["answer"] for receipt in receipts if receipt.operation == "request_run"}
    runs = session.execute(
        select(ScenarioRun.id, ScenarioRun.outcome, Job.state).join(Job, Job.id == ScenarioRun.job_id)
    ).all()
    if len(runs) - before.runs != len(told) or not told <= {run_id for run_id, _outcome, _state in runs}:
        yield f"{len(runs) - before.runs} runs are stored, {len(told)} were promised"
    if acts[Action.REQUEST_RUN] != len(told):
        yield f"{acts[Action.REQUEST_RUN]} acts of asking, {len(told)} runs"
    answered = [run_id for run_id, outcome, _state in runs if outcome is not None]
    if acts[Action.RECORD_RUN] != len(answered) - before.runs:
        yield f"{acts[Action.RECORD_RUN]} acts of recording, {len(answered) - before.runs} runs answered"
    awards = Counter(session.scalars(select(ProposedAward.run_id)).all())
    for run_id, outcome, state in runs:
        if (outcome is not None) != (state is JobState.DONE):
            yield f"run {run_id}: outcome {outcome}, job {state}"
        if awards[run_id] != (PROJECTS_IN_POOL if outcome is not None else 0):
            yield f"run {run_id}: outcome {outcome}, {awards[run_id]} proposed awards"
