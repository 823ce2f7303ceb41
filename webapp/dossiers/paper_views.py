"""Papers of a project: attached, taken off, downloaded; never shown inside the browser."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from flask import flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.attachments.file_writer import KeptFile
from finance.attachments.queries import AttachedRow
from finance.attachments.rules import MEDIA_TYPES, ScanState, tidy_file_name
from finance.errors import RuleBroken
from finance.estimates.paper_acts import (
    admit_file,
    attach_paper,
    discard_unattached,
    get_readable_paper,
    remove_paper,
    require_may_attach,
)
from webapp.access import current_actor, requires
from webapp.dossiers.blueprint import blueprint
from webapp.dossiers.dossier_page import show_dossier
from webapp.form_answers import carry_out
from webapp.formatting import in_short
from webapp.paper_desk import paper_desk
from webapp.request_scope import read, seen_version, write

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

# A downloaded file that is opened in place after all may do nothing: no script, no form, no window.
SANDBOX = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@blueprint.post("/du-toan/<int:estimate_id>/ho-so/giay-to")
@requires(Action.ATTACH_PAPER)
def attach_paper_here(estimate_id: int) -> Answer:
    """Attach the chosen files as one kind of paper: all of them, or none and the reason."""
    actor, desk = current_actor(), paper_desk()
    key, code = request.form.get("project_key", ""), request.form.get("paper_code", "")
    try:
        with read() as session:
            require_may_attach(session, actor, estimate_id, project_key=key, paper_code=code)
        kept = _admitted_files()
    except RuleBroken as refused:
        return show_dossier(estimate_id, key, paper_error=refused.sentence_vi), 422

    def act(session: Session) -> None:
        for file in kept:
            attach_paper(session, actor, estimate_id, place=(key, code), kept=file, limits=desk.limits)

    payload = {"estimate": estimate_id, "place": [key, code], "files": [file.sha256 for file in kept]}
    refusal = carry_out("attach_paper", payload, act)
    if refusal:
        _discard_suspects(kept)
        return show_dossier(estimate_id, key, paper_error=refusal.sentence), refusal.status
    names = in_short([file.name for file in kept], between=", ")
    flash(_("Đã đính kèm %(names)s.", names=names), "success")
    return _to_papers(estimate_id, key)


@blueprint.post("/du-toan/<int:estimate_id>/ho-so/go-giay-to")
@requires(Action.REMOVE_PAPER)
def remove_paper_here(estimate_id: int) -> Answer:
    """Take a paper off the draft; sent versions keep theirs."""
    seen, actor, key = seen_version(), current_actor(), request.form.get("project_key", "")
    attached_id = request.form.get("attached_id", 0, type=int)

    def act(session: Session) -> int:
        return remove_paper(session, actor, estimate_id, attached_id=attached_id, seen_edit=seen)

    payload = {"estimate": estimate_id, "paper": attached_id, "seen": seen}
    refusal = carry_out("remove_paper", payload, act)
    if refusal:
        return show_dossier(estimate_id, key, paper_error=refusal.sentence), refusal.status
    flash(_("Đã gỡ tệp khỏi hồ sơ dự án."), "success")
    return _to_papers(estimate_id, key)


@blueprint.get("/du-toan/<int:estimate_id>/ho-so/giay-to/<int:attached_id>")
@requires(Action.VIEW_ESTIMATE)
def download_paper(estimate_id: int, attached_id: int) -> Answer:
    """The file as it came, always as a download."""
    with read() as session:
        paper = get_readable_paper(session, current_actor(), estimate_id, attached_id)
    return as_download(paper)


def as_download(paper: AttachedRow) -> Response:
    """The bytes of a paper the visitor may have, never to be shown inside the browser."""
    content = paper_desk().store.read(paper.sha256)
    answer = send_file(
        BytesIO(content),
        mimetype=MEDIA_TYPES[paper.kind],
        as_attachment=True,
        download_name=paper.file_name,
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _admitted_files() -> list[KeptFile]:
    """The chosen files, looked at, stored and scanned.

    Raises:
        RuleBroken: no file was chosen, or one cannot be taken; the sentence names it.
    """
    desk = paper_desk()
    chosen = [file for file in request.files.getlist("paper") if file.filename]
    if not chosen:
        raise RuleBroken(_("Chưa chọn tệp nào. Mời chọn tệp rồi bấm Đính kèm."))
    if len(chosen) > desk.limits.project_files:
        raise RuleBroken(
            _("Chọn quá nhiều tệp trong một lần; nhiều nhất %(most)s tệp.", most=desk.limits.project_files)
        )
    kept = []
    for file in chosen:
        name, content = tidy_file_name(file.filename or ""), file.read()
        file.close()
        try:
            kept.append(admit_file(desk.store, name, content, limits=desk.limits, scanner=desk.scanner))
        except RuleBroken as refused:
            raise RuleBroken(f"{name}: {refused.sentence_vi}") from refused
    return kept


def _discard_suspects(kept: list[KeptFile]) -> None:
    suspects = [file.sha256 for file in kept if file.scan_state is ScanState.SUSPECT]
    if suspects:
        with write() as session:  # the writer's turn: nobody attaches it meanwhile
            for sha256 in suspects:
                discard_unattached(session, paper_desk().store, sha256)


def _to_papers(estimate_id: int, key: str) -> Response:
    address = url_for("dossiers.dossier_page", estimate_id=estimate_id, ma=key, _anchor="dossier-papers")
    return redirect(address, code=303)
