"""Parts of co-agencies brought to a status by the acts people use (see tests/estimate_journeys.py)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.errors import NotReady
from finance.estimates.draft import LineDraft
from finance.estimates.part_operations import (
    accept_part,
    decline_part,
    invite_partner,
    reopen_part,
    save_part,
    sign_part,
    withdraw_invitation,
)
from finance.estimates.parts.frame import frame_text
from finance.estimates.parts.records import ProjectPart
from finance.estimates.parts.rules import PartStatus
from finance.estimates.procedure import check_estimate
from finance.estimates.queries import load_draft
from finance.findings import Finding
from tests.builders import Province, a_line
from tests.estimate_journeys import edit_of

P, A = PartStatus, Action
THEIRS = a_line("In tài liệu", unit_price_vnd=200_000, source_code="NST_TX", quantities=(5_000,))


def invited(session: Session, province: Province, estimate_id: int) -> int:
    """The part of Khánh Vĩnh in Nha Trang's DA1."""
    return invite_partner(
        session,
        province.preparer,
        estimate_id,
        project_key="DA1",
        agency_id=province.agencies["H_KHANHVINH"],
        words="In tài liệu cho học viên của huyện",
        seen_edit=edit_of(session, estimate_id),
    )


def edit(session: Session, part_id: int) -> int:
    return session.get_one(ProjectPart, part_id).edit_number


def frame_of(session: Session, part_id: int) -> str:
    """The lead's project as a fresh page of the part would show it."""
    part = session.get_one(ProjectPart, part_id)
    projects = {one.project_key: one for one in load_draft(session, part.estimate_id).projects}
    return frame_text(projects[part.project_key]) if part.project_key in projects else ""


def save_lines(session: Session, actor: Actor, part_id: int, *lines: LineDraft) -> list[Finding]:
    return save_part(
        session,
        actor,
        part_id,
        lines=lines,
        seen_edit=edit(session, part_id),
        seen_frame=frame_of(session, part_id),
    )


def submit(session: Session, province: Province, estimate_id: int) -> int:
    return check_estimate(session, province.preparer, estimate_id, seen_edit=edit_of(session, estimate_id))


def refused_because(act: Callable[[], object]) -> list[str]:
    """What blocks the act, in words."""
    with pytest.raises(NotReady) as refused:
        act()
    return [finding.message_vi for finding in refused.value.findings]


def act(session: Session, actor: Actor, part_id: int, action: Action) -> None:
    seen = edit(session, part_id)
    acts: dict[Action, Callable[[], object]] = {
        A.WITHDRAW_INVITATION: lambda: withdraw_invitation(
            session, actor, part_id, reason="Thôi", seen_edit=seen
        ),
        A.ACCEPT_PART: lambda: accept_part(session, actor, part_id, seen_edit=seen),
        A.DECLINE_PART: lambda: decline_part(session, actor, part_id, reason="Bận", seen_edit=seen),
        A.SAVE_PART: lambda: save_lines(session, actor, part_id, THEIRS),
        A.SIGN_PART: lambda: sign_part(
            session, actor, part_id, seen_edit=seen, seen_frame=frame_of(session, part_id)
        ),
        A.REOPEN_PART: lambda: reopen_part(session, actor, part_id, reason="Sửa", seen_edit=seen),
    }
    acts[action]()


def bring_part_to(session: Session, province: Province, estimate_id: int, status: PartStatus) -> int:
    part_id = invited(session, province, estimate_id)
    way = {
        P.INVITED: [],
        P.ACCEPTED: [("other_preparer", A.ACCEPT_PART), ("other_preparer", A.SAVE_PART)],
        P.SIGNED: [
            ("other_preparer", A.ACCEPT_PART),
            ("other_preparer", A.SAVE_PART),
            ("other_head", A.SIGN_PART),
        ],
        P.DECLINED: [("other_head", A.DECLINE_PART)],
        P.WITHDRAWN: [("preparer", A.WITHDRAW_INVITATION)],
    }[status]
    for who, action in way:
        act(session, getattr(province, who), part_id, action)
    return part_id
