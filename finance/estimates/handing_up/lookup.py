"""What the procedure must know of handovers: who sends by himself, and what a refused signature undoes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.agencies.hierarchy import consolidating_parent
from finance.agencies.queries import get_agency
from finance.errors import RuleBroken
from finance.estimates.handing_up.records import EstimateHandover
from finance.estimates.handing_up.states import HandoverState
from finance.estimates.records import Estimate, EstimateVersion


def require_own_sending(session: Session, estimate: Estimate, version: EstimateVersion, on: date) -> None:
    """Refuse to send past the office that consolidates for this one, or what such an office holds.

    An office may have come to send by itself after it handed this version up.

    Raises:
        RuleBroken: names that office.

    Source:
        QĐ 3377/QĐ-UBND (2011), VII.1: estimates are sent by departments and districts.
    """
    upper_id = consolidating_parent(session, estimate.agency_id, on)
    if upper_id is not None:
        raise RuleBroken(f"Dự toán này gửi qua {get_agency(session, upper_id).short_vi} để tổng hợp.")
    handover = find_handover(session, version.id)
    if handover is not None and handover.state in {HandoverState.OFFERED, HandoverState.TAKEN}:
        holder = get_agency(session, handover.upper_agency_id).short_vi
        raise RuleBroken(f"Bản này đã gửi {holder} để tổng hợp; mời đề nghị {holder} trả lại trước khi gửi.")


def find_handover(session: Session, version_id: int) -> EstimateHandover | None:
    """The handover of this version, or None when it was never handed up."""
    return session.scalar(select(EstimateHandover).where(EstimateHandover.version_id == version_id))


def who_gave_back(session: Session, estimate_id: int) -> int | None:
    """Id of the office above that last gave a version of the estimate back, or None."""
    query = select(EstimateHandover.upper_agency_id).where(
        EstimateHandover.estimate_id == estimate_id, EstimateHandover.state == HandoverState.RETURNED
    )
    return session.scalar(query.order_by(EstimateHandover.id.desc()).limit(1))


def withdraw_handover(session: Session, version: EstimateVersion) -> None:
    """A version whose signature is voided is no longer on offer.

    Raises:
        RuleBroken: the office above has taken it in already.
    """
    handover = find_handover(session, version.id)
    if handover is None or handover.state is not HandoverState.OFFERED:
        if handover is not None and handover.state is HandoverState.TAKEN:
            raise RuleBroken("Cấp trên đã tổng hợp dự toán này; muốn sửa, mời đề nghị cấp trên trả lại.")
        return
    # The next signature of the same version is handed up anew: the offer leaves, the audit keeps it.
    session.delete(handover)
    session.flush()  # a version is handed up once
