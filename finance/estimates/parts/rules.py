"""The part of a co-agency (cơ quan phối hợp) in another office's project: who may do what, when. Pure.

The lead (chủ trì) invites; the co-agency takes or declines, writes its own lines and signs them. The lead's
submission waits for every part ("ký chung"). A signature holds for the lines and for the frame of the
project it was given for (`finance.estimates.parts.frame`): when the lead changes that, the part must be
signed anew.
A co-agency's lines charge the co-agency's own control figure, never the lead's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from finance.actions import Action
from finance.errors import NotInThisStatus, ReasonMissing
from finance.estimates.draft import LineDraft
from finance.estimates.project_json import line_to_json
from finance.labels import LabelledEnum
from finance.record_base import canonical_json


class PartStatus(LabelledEnum):
    """Where a part stands."""

    INVITED = "INVITED", "đã mời"
    ACCEPTED = "ACCEPTED", "đang soạn"
    SIGNED = "SIGNED", "đã ký"
    DECLINED = "DECLINED", "đã từ chối"
    WITHDRAWN = "WITHDRAWN", "đã rút lời mời"


class Side(LabelledEnum):
    """Which of the two offices does a step."""

    LEAD = "LEAD", "cơ quan chủ trì"
    PARTNER = "PARTNER", "cơ quan phối hợp"


@dataclass(frozen=True, slots=True)
class PartStep:
    """One row of the way of a part."""

    status: PartStatus
    side: Side
    action: Action
    next_status: PartStatus
    needs_reason: bool = False


_P, _A = PartStatus, Action
PART_STEPS: tuple[PartStep, ...] = (
    PartStep(_P.INVITED, Side.LEAD, _A.WITHDRAW_INVITATION, _P.WITHDRAWN, needs_reason=True),
    PartStep(_P.ACCEPTED, Side.LEAD, _A.WITHDRAW_INVITATION, _P.WITHDRAWN, needs_reason=True),
    PartStep(_P.SIGNED, Side.LEAD, _A.WITHDRAW_INVITATION, _P.WITHDRAWN, needs_reason=True),
    PartStep(_P.INVITED, Side.PARTNER, _A.ACCEPT_PART, _P.ACCEPTED),
    PartStep(_P.INVITED, Side.PARTNER, _A.DECLINE_PART, _P.DECLINED, needs_reason=True),
    PartStep(_P.ACCEPTED, Side.PARTNER, _A.DECLINE_PART, _P.DECLINED, needs_reason=True),
    PartStep(_P.ACCEPTED, Side.PARTNER, _A.SAVE_PART, _P.ACCEPTED),
    PartStep(_P.ACCEPTED, Side.PARTNER, _A.SIGN_PART, _P.SIGNED),
    # Signed for a project that has changed since: the head signs again.
    PartStep(_P.SIGNED, Side.PARTNER, _A.SIGN_PART, _P.SIGNED),
    PartStep(_P.SIGNED, Side.PARTNER, _A.REOPEN_PART, _P.ACCEPTED, needs_reason=True),
)
# A part in one of these holds the lead's submission up until it is signed.
LIVE = frozenset({_P.INVITED, _P.ACCEPTED, _P.SIGNED})


def part_step(status: PartStatus, action: Action, reason: str = "") -> PartStep:
    """The row of the table for this act here.

    Raises:
        NotInThisStatus: the table has no such row.
        ReasonMissing: the act needs a reason and has none.
    """
    for step in PART_STEPS:
        if step.status is status and step.action is action:
            if step.needs_reason and not reason.strip():
                raise ReasonMissing(action.label_vi)
            return step
    raise NotInThisStatus(status.label_vi, action.label_vi)


def lines_hash(lines: Sequence[LineDraft]) -> str:
    """What a partner signs: its lines."""
    said = [{**line_to_json(line), "line_key": ""} for line in lines]
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()
