"""A commune's estimate on its way through Nha Trang: signed, handed up, taken in, given back."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.attachments.file_writer import KeptFile
from finance.attachments.rules import AttachmentLimits, FileKind, ScanState
from finance.dossiers.rules import OTHER_PAPER, Dossier
from finance.estimates.dossier_acts import save_dossier
from finance.estimates.handing_up.queries import list_handovers
from finance.estimates.handovers import return_estimate_down, submit_estimate_up, take_estimate
from finance.estimates.operations import save_draft, start_estimate
from finance.estimates.paper_acts import attach_paper
from finance.estimates.procedure import check_estimate, revise_estimate, sign_estimate
from tests.builders import Province, a_draft, a_project
from tests.estimate_journeys import a_saved_estimate, edit_of
from tests.plan_journeys import Communes


def written_below(session: Session, province: Province, communes: Communes, *projects: Any) -> int:
    """The commune's estimate, still a draft."""
    officer = communes.officer
    estimate_id = start_estimate(session, officer, round_id=province.round_id, agency_id=communes.first_id)
    draft = a_draft(*(projects or (a_project("X1"), a_project("X2", priority=2))))
    save_draft(session, officer, estimate_id, draft=draft, seen_edit=1)
    return estimate_id


def sign_below(session: Session, communes: Communes, estimate_id: int) -> None:
    """The officer hands the draft on, the head signs."""
    check_estimate(session, communes.officer, estimate_id, seen_edit=edit_of(session, estimate_id))
    sign_estimate(session, communes.head, estimate_id, seen_edit=edit_of(session, estimate_id))


def signed_below(session: Session, province: Province, communes: Communes, *projects: Any) -> int:
    """The commune's estimate, signed by its head."""
    estimate_id = written_below(session, province, communes, *projects)
    sign_below(session, communes, estimate_id)
    return estimate_id


def hand_up(session: Session, province: Province, communes: Communes, estimate_id: int) -> int:
    """Hand the signed version up; id of the handover."""
    submit_estimate_up(session, communes.officer, estimate_id, seen_edit=edit_of(session, estimate_id))
    row = list_handovers(session, province.preparer, province.round_id)[-1]
    assert row.estimate_id == estimate_id
    return row.id


def offered(session: Session, province: Province, communes: Communes) -> tuple[int, int]:
    """The commune's estimate handed up, and the handover."""
    estimate_id = signed_below(session, province, communes)
    return estimate_id, hand_up(session, province, communes, estimate_id)


def taken(session: Session, province: Province, communes: Communes) -> tuple[int, int, int]:
    """The district's estimate with the commune's projects in it, the commune's, and the handover."""
    upper_id = a_saved_estimate(session, province, a_draft(a_project("DA1")))
    estimate_id, handover_id = offered(session, province, communes)
    edit = edit_of(session, estimate_id)
    assert take_estimate(session, province.preparer, handover_id, seen_edit=edit) == upper_id
    return upper_id, estimate_id, handover_id


def give_back(session: Session, province: Province, estimate_id: int, handover_id: int) -> None:
    """The district returns the estimate."""
    return_estimate_down(
        session,
        province.preparer,
        handover_id,
        reason="Thiếu báo giá",
        seen_edit=edit_of(session, estimate_id),
    )


def open_again(session: Session, communes: Communes, estimate_id: int) -> None:
    """The commune opens its next version."""
    revise_estimate(session, communes.officer, estimate_id, seen_edit=edit_of(session, estimate_id))


def put_paper(session: Session, actor: Actor, estimate_id: int, key: str, name: str) -> int:
    """Attach a file of this name to a project of the draft."""
    digest = sha256(name.encode()).hexdigest()
    kept = KeptFile(digest, name, 1000, FileKind.PDF, ScanState.CLEAN)
    place = (key, OTHER_PAPER)
    return attach_paper(session, actor, estimate_id, place=place, kept=kept, limits=AttachmentLimits())


def put_dossier(session: Session, actor: Actor, estimate_id: int, key: str, words: str) -> None:
    """Say something in the dossier of a project."""
    edit = edit_of(session, estimate_id)
    save_dossier(session, actor, estimate_id, dossier=Dossier(key, minimum_reason=words), seen_edit=edit)
