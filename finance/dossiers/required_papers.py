"""Loading the table of papers that projects must attach: dated data, one file, taken whole or not at all."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor
from finance.audit import AuditEntry, Change, Subject, record_change
from finance.dossiers.records import RequiredPaper
from finance.dossiers.rules import PaperRequirement
from finance.findings import Severity
from finance.permissions import require
from finance.programme.classification import Nature, ProjectKind
from finance.programme.reference_cells import Cells, read_table

FILE_NAME = "required_papers.csv"
KEY = ("code", "project_kind", "nature", "valid_from")
COLUMNS = (
    "code",
    "name_vi",
    "project_kind",
    "nature",
    "least_vnd",
    "only_continuing",
    "severity",
    "valid_from",
    "valid_to",
    "legal_reference",
)


def load_required_papers(
    session: Session, actor: Actor, *, file: Path | Traversable | None = None
) -> tuple[int, bool]:
    """Let the file stand for everything that is asked for; safe to repeat.

    Args:
        file: another province's table; the one packaged with the program when not given, which never
            takes the place of what the finance office has written on its page.

    Returns:
        How many papers the table asks for, and whether the store was changed.

    Raises:
        NotAllowed: the actor does not administer.
        ReferenceFileWrong: the file is wrong; nothing is stored.
    """
    seat = require(actor, Action.LOAD_PROGRAMME)
    given = read_required_papers(file)
    if file is None and _is_kept_by_hand(session):
        return len(_stored_facts(session)), False
    if [_facts(row) for row in given] == _stored_facts(session):
        return len(given), False
    session.execute(delete(RequiredPaper))
    session.add_all(RequiredPaper(position=place, **_facts(row)) for place, row in enumerate(given, start=1))
    subject = Subject("required_paper", 1, "Danh mục giấy tờ kèm dự án")
    change = Change(details={"papers": len(given)})
    record_change(session, actor, Action.LOAD_PROGRAMME, subject, seat=seat, change=change)
    return len(given), True


def read_required_papers(file: Path | Traversable | None = None) -> list[PaperRequirement]:
    """The rows of a table of papers.

    Raises:
        ReferenceFileWrong: names line and column.
    """
    table = file or files("finance.dossiers") / "data" / FILE_NAME
    return read_table(table, COLUMNS, _requirement, key=KEY)


def _requirement(cells: Cells) -> PaperRequirement:
    first, last = cells.validity()
    return PaperRequirement(
        code=cells.ascii_text("code"),
        name_vi=cells.text("name_vi"),
        project_kind=cells.member("project_kind", ProjectKind) if cells.raw("project_kind") else None,
        nature=cells.member("nature", Nature) if cells.raw("nature") else None,
        least_vnd=cells.integer("least_vnd"),
        only_continuing=cells.yes_no("only_continuing"),
        severity=cells.member("severity", Severity),
        valid_from=first,
        valid_to=last,
        legal_reference=cells.text("legal_reference"),
        note=cells.provenance()["note"],
    )


def _is_kept_by_hand(session: Session) -> bool:
    """True once a row was added or ended on the page."""
    acts = (Action.ADD_REQUIRED_PAPER, Action.END_REQUIRED_PAPER)
    return session.scalar(select(AuditEntry.id).where(AuditEntry.action.in_(acts)).limit(1)) is not None


def _stored_facts(session: Session) -> list[dict[str, object]]:
    rows = session.scalars(select(RequiredPaper).order_by(RequiredPaper.position))
    return [_facts(row) for row in rows]


def _facts(row: PaperRequirement | RequiredPaper) -> dict[str, object]:
    names = [*COLUMNS, "note"]
    return {name: getattr(row, name) for name in names}
