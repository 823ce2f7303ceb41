"""The papers of the guarded province: a file that bears a mark, and a row nobody is asked for yet."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from finance.actors import Actor
from finance.attachments.rules import AttachmentLimits
from finance.attachments.store import FileStore
from finance.dossiers.operations import add_required_paper
from finance.dossiers.rules import OTHER_PAPER, PaperRequirement
from finance.estimates.paper_acts import admit_file, attach_paper
from finance.findings import Severity

# Asked for so late that no estimate of the province meets it.
LATER_PAPER = PaperRequirement(
    "VE_SAU",
    "Giấy tờ của năm sau",
    None,
    None,
    0,
    only_continuing=False,
    severity=Severity.HINTS,
    valid_from=date(2030, 1, 1),
    valid_to=None,
    legal_reference="Công văn thử",
)


def a_later_paper(session: Session, appraiser: Actor) -> int:
    """Id of a row of the table of asked-for papers."""
    return add_required_paper(session, appraiser, LATER_PAPER)


def a_marked_paper(
    session: Session, store: FileStore, officer: Actor, estimate_id: int, project_key: str, mark: str
) -> int:
    """A file whose name and content bear the mark."""
    content = f"%PDF-1.4\n% {mark}\n%%EOF\n".encode()
    limits = AttachmentLimits()
    kept = admit_file(store, f"To trinh {mark}.pdf", content, limits=limits, scanner="")
    place = (project_key, OTHER_PAPER)
    return attach_paper(session, officer, estimate_id, place=place, kept=kept, limits=limits)
