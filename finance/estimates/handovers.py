"""Communes' estimates go through the first-level unit: handed up, taken into its own, or given back.

What a commune signed stays in its own frozen version. Its projects enter the upper office's draft under
a key that names the commune, with their dossiers and papers; the origin of each is kept, and where the
upper office then asks for something else the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Seat
from finance.agencies.hierarchy import consolidating_parent
from finance.agencies.queries import get_agency
from finance.audit import Change
from finance.errors import NotInThisStatus, RuleBroken
from finance.estimates.checking.storable_checks import LARGEST_PRIORITY
from finance.estimates.draft import EstimateDraft, ProjectDraft
from finance.estimates.estimate_lookup import (
    get_current_version,
    get_visible_estimate,
    note_edit,
    require_seen_estimate,
)
from finance.estimates.handing_up.carried_evidence import carry_evidence, drop_carried, key_above
from finance.estimates.handing_up.lookup import find_handover
from finance.estimates.handing_up.queries import find_upper_handover
from finance.estimates.handing_up.records import EstimateHandover, TakenProject
from finance.estimates.handing_up.sending_time import require_sending_time
from finance.estimates.handing_up.states import HandoverState
from finance.estimates.operations import save_draft
from finance.estimates.parts.joining import own_draft
from finance.estimates.procedure import PermittedStep, change_status
from finance.estimates.queries import find_estimate
from finance.estimates.records import Estimate, EstimateVersion
from finance.estimates.signed_version import require_as_signed
from finance.estimates.version_reader import draft_of_rows, read_version
from finance.estimates.workflow import EDITABLE, EstimateStatus, require_reason, step_for
from finance.permissions import require
from finance.vietnamese.normal import nfc


def submit_estimate_up(session: Session, actor: Actor, estimate_id: int, *, seen_edit: int) -> int:
    """Hand the signed version to the office that consolidates for this one.

    Returns:
        The new edit number.

    Raises:
        RuleBroken: no office consolidates for this one, or the version is there already.
        RoundClosed: the time of the offices below is over.
        RecordDamaged: the content is not what was signed.
        NotFound, NotAllowed, StaleVersion, NotInThisStatus: as their names say.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    seat = require(actor, Action.SUBMIT_ESTIMATE_UP, estimate.agency_id)
    require_seen_estimate(session, estimate, seen_edit)
    if estimate.status is not EstimateStatus.SIGNED:
        raise NotInThisStatus(estimate.status.label_vi, Action.SUBMIT_ESTIMATE_UP.label_vi)
    upper_id = consolidating_parent(session, estimate.agency_id, actor.moment.business_on)
    if upper_id is None:
        raise RuleBroken("Cơ quan này không có cấp trên tổng hợp; mời gửi thẩm định trực tiếp.")
    version = get_current_version(session, estimate)
    if find_handover(session, version.id) is not None:
        raise RuleBroken("Bản này đã được gửi cấp trên.")
    require_sending_time(session, estimate, actor.moment)
    require_as_signed(session, version)
    session.add(
        EstimateHandover(
            estimate_id=estimate.id,
            version_id=version.id,
            upper_agency_id=upper_id,
            state=HandoverState.OFFERED,
            offered_at=actor.moment.business_at,
            offered_by=actor.full_name,
        )
    )
    change = Change(
        to_state=HandoverState.OFFERED.label_vi,
        details={"recipients": get_agency(session, upper_id).name_vi, "content_hash": version.content_hash},
    )
    return note_edit(session, actor, estimate, Action.SUBMIT_ESTIMATE_UP, seat=seat, change=change)


def take_estimate(session: Session, actor: Actor, handover_id: int, *, seen_edit: int) -> int:
    """Take what is asked below into the upper office's own draft, project by project with its origin.

    Returns:
        Id of the upper office's estimate.

    Raises:
        RuleBroken: it was settled already, or the own estimate is missing or not being drafted.
        NotReady: a project does not fit the round any more.
        RecordDamaged: the content is not what was signed.
        NotFound, NotAllowed, StaleVersion: as their names say.
    """
    handover, estimate, seat = _offered(session, actor, handover_id, Action.TAKE_ESTIMATE, seen_edit)
    if handover.state is not HandoverState.OFFERED:
        raise RuleBroken(f"Dự toán này đang ở trạng thái “{handover.state.label_vi}”.")
    _require_still_offered(session, actor, estimate, handover)
    require_as_signed(session, session.get_one(EstimateVersion, handover.version_id))
    upper = _upper_draft(session, estimate, handover.upper_agency_id)
    office = get_agency(session, estimate.agency_id)
    asked = draft_of_rows(read_version(session, handover.version_id))
    if own_draft(session, handover.version_id, asked) != asked:
        raise RuleBroken(
            f"Dự toán của {office.short_vi} có dòng chi của cơ quan phối hợp, tính vào số kiểm tra của cơ "
            "quan đó; chưa đưa vào dự toán cấp trên được. Mời trả lại để cơ quan phối hợp lập phần của mình."
        )
    kept = _without(session, upper, estimate)
    taken = _as_taken(asked.projects, office.code, kept)
    draft = EstimateDraft((*kept, *taken))
    save_draft(session, actor, upper.id, draft=draft, seen_edit=upper.edit_number)
    _note_origins(session, upper, handover, asked.projects, taken)
    new_keys = {old.project_key: new.project_key for old, new in zip(asked.projects, taken, strict=True)}
    upper_version = get_current_version(session, upper).id
    drop_carried(session, estimate, office.code, upper_version)
    carry_evidence(session, handover.version_id, upper_version, new_keys)
    _settle(actor, handover, HandoverState.TAKEN, "")
    change = Change(
        HandoverState.OFFERED.label_vi,
        HandoverState.TAKEN.label_vi,
        details={"changes": [f"Đưa vào {len(taken)} dự án của {office.short_vi}"]},
    )
    note_edit(session, actor, estimate, Action.TAKE_ESTIMATE, seat=seat, change=change)
    return upper.id


def _require_still_offered(
    session: Session, actor: Actor, estimate: Estimate, handover: EstimateHandover
) -> None:
    """What is taken in must be the signed version of an office that is still consolidated here."""
    if estimate.status is not EstimateStatus.SIGNED:
        raise NotInThisStatus(estimate.status.label_vi, Action.TAKE_ESTIMATE.label_vi)
    upper_id = consolidating_parent(session, estimate.agency_id, actor.moment.business_on)
    is_current = get_current_version(session, estimate).id == handover.version_id
    if upper_id != handover.upper_agency_id or not is_current:
        raise RuleBroken("Cơ quan này không còn gửi qua cơ quan mình để tổng hợp; mời trả lại.")


def return_estimate_down(
    session: Session, actor: Actor, handover_id: int, *, reason: str, seen_edit: int
) -> int:
    """Give an estimate back to the office below; what was taken from it leaves the own draft again.

    Returns:
        The new edit number of the estimate below.

    Raises:
        ReasonMissing: no reason was written.
        RuleBroken: it was settled otherwise, or was taken in and the own estimate is under way.
    """
    action = Action.RETURN_ESTIMATE_DOWN
    handover, estimate, seat = _offered(session, actor, handover_id, action, seen_edit)
    step = step_for(estimate.status, action, seat.function)
    require_reason(step, reason)
    if handover.state not in {HandoverState.OFFERED, HandoverState.TAKEN}:
        raise RuleBroken(f"Dự toán này đang ở trạng thái “{handover.state.label_vi}”.")
    if handover.state is HandoverState.TAKEN:
        upper = _upper_draft(session, estimate, handover.upper_agency_id)
        kept = _without(session, upper, estimate)
        save_draft(session, actor, upper.id, draft=EstimateDraft(kept), seen_edit=upper.edit_number)
        code = get_agency(session, estimate.agency_id).code
        drop_carried(session, estimate, code, get_current_version(session, upper).id)
        _forget_origins(session, upper, estimate)
    said = nfc(reason).strip()
    _settle(actor, handover, HandoverState.RETURNED, said)
    version = session.get_one(EstimateVersion, handover.version_id)
    version.return_reason = said
    return change_status(session, actor, PermittedStep(estimate, version, seat, step, said))


def _offered(
    session: Session, actor: Actor, handover_id: int, action: Action, seen_edit: int
) -> tuple[EstimateHandover, Estimate, Seat]:
    handover = find_upper_handover(session, actor, handover_id)
    seat = require(actor, action, handover.upper_agency_id)
    estimate = session.get_one(Estimate, handover.estimate_id)
    require_seen_estimate(session, estimate, seen_edit)
    return handover, estimate, seat


def _upper_draft(session: Session, estimate: Estimate, upper_agency_id: int) -> Estimate:
    office = get_agency(session, upper_agency_id).short_vi
    upper_id = find_estimate(session, estimate.round_id, upper_agency_id, estimate.kind)
    if upper_id is None:
        raise RuleBroken(f"{office} chưa lập dự toán trong đợt này; mời lập trước khi tổng hợp.")
    upper = session.get_one(Estimate, upper_id)
    if upper.status not in EDITABLE:
        raise RuleBroken(
            f"Dự toán của {office} đang ở trạng thái “{upper.status.label_vi}”, không đổi được; "
            "mời rút về bản nháp hoặc mở bản lập lại trước."
        )
    return upper


def _draft_now(session: Session, estimate: Estimate) -> EstimateDraft:
    return draft_of_rows(read_version(session, get_current_version(session, estimate).id))


def _without(session: Session, upper: Estimate, lower: Estimate) -> tuple[ProjectDraft, ...]:
    """The upper draft's projects but those that came from this estimate below."""
    gone = set(session.scalars(_origins_from(upper, lower).with_only_columns(TakenProject.project_key)))
    return tuple(one for one in _draft_now(session, upper).projects if one.project_key not in gone)


def _origins_from(upper: Estimate, lower: Estimate):  # type: ignore[no-untyped-def]
    return (
        select(TakenProject)
        .join(EstimateHandover, EstimateHandover.id == TakenProject.handover_id)
        .where(TakenProject.estimate_id == upper.id, EstimateHandover.estimate_id == lower.id)
    )


def _as_taken(
    projects: Sequence[ProjectDraft], office_code: str, there: Sequence[ProjectDraft]
) -> tuple[ProjectDraft, ...]:
    """The projects under keys that name their office, ranked behind those that are there already."""
    last = max((one.priority for one in there), default=0)
    behind = min(last, LARGEST_PRIORITY - len(projects))
    return tuple(
        replace(one, project_key=key_above(office_code, one.project_key), priority=behind + place)
        for place, one in enumerate(projects, start=1)
    )


def _note_origins(
    session: Session,
    upper: Estimate,
    handover: EstimateHandover,
    asked: Sequence[ProjectDraft],
    taken: Sequence[ProjectDraft],
) -> None:
    _forget_origins(session, upper, session.get_one(Estimate, handover.estimate_id))
    session.add_all(
        TakenProject(
            estimate_id=upper.id,
            project_key=new.project_key,
            handover_id=handover.id,
            origin_key=old.project_key,
        )
        for old, new in zip(asked, taken, strict=True)
    )


def _forget_origins(session: Session, upper: Estimate, lower: Estimate) -> None:
    ids = [row.id for row in session.scalars(_origins_from(upper, lower))]
    session.execute(delete(TakenProject).where(TakenProject.id.in_(ids)))


def _settle(actor: Actor, handover: EstimateHandover, state: HandoverState, reason: str) -> None:
    handover.state = state
    handover.reason = reason
    handover.settled_at = actor.moment.business_at
    handover.settled_by = actor.full_name
