"""Attaching, taking off and reading the papers of an estimate: who may see it may read them.

The bytes are looked at, stored and scanned before the transaction (`admit_file`), so that nobody waits
for a disk or a scanner with the writer's turn in his hand.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.actions import Action
from finance.actors import Actor, Function
from finance.attachments.file_content import kind_of_content
from finance.attachments.file_writer import KeptFile, PaperPlace, add_attached, remove_attached
from finance.attachments.queries import AttachedRow, find_scan, get_attached, hashes_in_use, list_attached
from finance.attachments.rules import (
    AttachmentLimits,
    ScanState,
    may_be_downloaded,
    require_fitting_name,
    require_room,
    require_size,
    tidy_file_name,
)
from finance.attachments.scanning import scan_file
from finance.attachments.store import FileStore
from finance.audit import Change
from finance.dossiers.queries import list_required_papers
from finance.dossiers.rules import OTHER_PAPER, ResultCondition, condition_paper
from finance.errors import NotFound, RuleBroken
from finance.estimates.dossier_acts import current_draft, open_version, require_project
from finance.estimates.estimate_lookup import get_visible_estimate, note_edit
from finance.estimates.handing_up.queries import find_upper_handover
from finance.estimates.records import EstimateVersion


def require_may_attach(
    session: Session, actor: Actor, estimate_id: int, *, project_key: str, paper_code: str
) -> None:
    """Refuse before a byte is stored what `attach_paper` would refuse afterwards.

    Raises:
        NotFound, NotAllowed, NotInThisStatus: as every act on an estimate.
        RuleBroken: nobody knows such a paper.
    """
    opened = open_version(session, actor, estimate_id, Action.ATTACH_PAPER, seen_edit=None)
    require_project(current_draft(session, opened.version.id), project_key)
    _require_known_paper(session, actor, paper_code)


def admit_file(
    store: FileStore, name: str, content: bytes, *, limits: AttachmentLimits, scanner: str
) -> KeptFile:
    """Look at a file, store it and let it be scanned; no session is open meanwhile.

    Args:
        store: where bytes lie.
        name: as the browser sent it.
        content: all bytes.
        limits: of the installation.
        scanner: the installation's command; empty for none.

    Raises:
        RuleBroken: too large, empty, of another kind, with something active in it, or infected.
    """
    require_size(len(content), limits)
    kind, tidy = kind_of_content(content), tidy_file_name(name)
    require_fitting_name(tidy, kind)
    sha256 = store.keep(content)
    state, words = scan_file(scanner, store.path_of(sha256))
    return KeptFile(sha256, tidy, len(content), kind, state, words)


def attach_paper(
    session: Session,
    actor: Actor,
    estimate_id: int,
    *,
    place: tuple[str, str],
    kept: KeptFile,
    limits: AttachmentLimits,
) -> int:
    """Attach an admitted file to a project of the draft.

    It only adds, so the page need not be fresh: two officers may attach at the same time.

    Args:
        place: key of the project, and code of the paper it is.
        kept: by `admit_file`.
        limits: of the installation.

    Returns:
        Id of the paper; the same when this very file was attached there before.

    Raises:
        RuleBroken: the scanner suspects the file, or the project has no room for it.
    """
    project_key, paper_code = place
    opened = open_version(session, actor, estimate_id, Action.ATTACH_PAPER, seen_edit=None)
    require_project(current_draft(session, opened.version.id), project_key)
    _require_known_paper(session, actor, paper_code)
    if ScanState.SUSPECT in {kept.scan_state, find_scan(session, kept.sha256)}:
        raise RuleBroken(
            f"Tệp “{kept.name}” bị nghi có mã độc, không nhận. Mời quét máy tính rồi xuất lại tệp sạch."
        )
    there = [row for row in list_attached(session, opened.version.id) if row.project_key == project_key]
    same = [row for row in there if row.paper_code == paper_code and row.sha256 == kept.sha256]
    if same:
        return same[0].id
    require_room([row.size_bytes for row in there], kept.size_bytes, limits)
    at, by = actor.moment.business_at, actor.full_name
    attached = add_attached(
        session, PaperPlace(opened.version.id, project_key, paper_code), kept, at=at, by=by
    )
    said = f"Dự án {project_key}: đính kèm “{kept.name}” ({kept.kind.label_vi}, {kept.size_bytes} byte)."
    change = Change(details={"changes": [said], "sha256": kept.sha256, "project": project_key})
    note_edit(session, actor, opened.estimate, Action.ATTACH_PAPER, seat=opened.seat, change=change)
    return attached


def remove_paper(
    session: Session, actor: Actor, estimate_id: int, *, attached_id: int, seen_edit: int
) -> int:
    """Take a paper off a project of the draft.

    Returns:
        The new edit number.

    Raises:
        RuleBroken: the draft has no such paper (those of sent versions stay for ever).
    """
    opened = open_version(session, actor, estimate_id, Action.REMOVE_PAPER, seen_edit=seen_edit)
    there = [row for row in list_attached(session, opened.version.id) if row.id == attached_id]
    if not there:
        raise RuleBroken("Tệp này không còn trong hồ sơ đang soạn. Mời tải lại trang.")
    row = there[0]
    remove_attached(session, attached_id)
    said = f"Dự án {row.project_key}: gỡ “{row.file_name}”."
    change = Change(details={"changes": [said], "sha256": row.sha256, "project": row.project_key})
    return note_edit(session, actor, opened.estimate, Action.REMOVE_PAPER, seat=opened.seat, change=change)


def get_readable_paper(session: Session, actor: Actor, estimate_id: int, attached_id: int) -> AttachedRow:
    """A paper this person may download.

    Raises:
        NotFound: no such paper of this estimate, or none he may know of; all look the same.
        RuleBroken: it waits for the scanner or is suspected.
    """
    estimate = get_visible_estimate(session, actor, estimate_id)
    row = get_attached(session, attached_id)
    version = session.get_one(EstimateVersion, row.version_id)
    is_own = estimate.agency_id in actor.agencies_of([Function.PREPARE])
    if version.estimate_id != estimate.id or not (is_own or version.sent_at):
        raise NotFound("tệp đính kèm", attached_id)
    return _require_downloadable(row)


def get_handed_up_paper(session: Session, actor: Actor, handover_id: int, attached_id: int) -> AttachedRow:
    """A paper of what an office below handed up, for the office it lies with.

    Raises:
        NotFound: no such handover of the actor's offices, or the version has no such paper.
        RuleBroken: it waits for the scanner or is suspected.
    """
    handover = find_upper_handover(session, actor, handover_id)
    row = get_attached(session, attached_id)
    if row.version_id != handover.version_id:
        raise NotFound("tệp đính kèm", attached_id)
    return _require_downloadable(row)


def discard_unattached(session: Session, store: FileStore, sha256: str) -> None:
    """Remove the bytes of a refused file at once, unless some paper shares them."""
    if sha256 not in hashes_in_use(session):
        store.path_of(sha256).unlink(missing_ok=True)


def _require_downloadable(row: AttachedRow) -> AttachedRow:
    if not may_be_downloaded(row.scan_state):
        raise RuleBroken(f"Tệp “{row.file_name}”: {row.scan_state.label_vi}; chưa thể tải về.")
    return row


def _require_known_paper(session: Session, actor: Actor, paper_code: str) -> None:
    known = {OTHER_PAPER, *(condition_paper(condition) for condition in ResultCondition)}
    known |= {one.code for one in list_required_papers(session, actor.moment.business_on)}
    if paper_code not in known:
        raise RuleBroken("Loại giấy tờ không có trong danh mục. Mời tải lại trang rồi chọn lại.")
