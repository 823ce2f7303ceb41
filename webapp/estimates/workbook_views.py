"""The estimate as a workbook: the template out, an upload looked at first, then taken in."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.errors import NotInThisStatus
from finance.estimates.draft import EstimateDraft
from finance.estimates.draft_differences import DraftChanges, compare_drafts
from finance.estimates.workbook_import import import_workbook
from finance.estimates.totals import draft_level_total, draft_total, requested_ordinal
from finance.estimates.workbook.export import export_workbook
from finance.estimates.workbook.reader import read_estimate_workbook
from finance.findings import Finding, blocking_findings
from finance.permissions import require
from webapp.access import current_actor, requires
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.desk import may_edit
from webapp.estimates.project_page import Desk, open_desk
from webapp.request_scope import read, seen_hash, seen_version, submitted_key

Answer = Response | str | tuple[str, int]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
USUAL_NAME = "du-toan.xlsx"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an uploaded workbook would do, before it does it.

    Attributes:
        content: the file itself in base64; it travels with the page and comes back to be taken in,
            so that what was looked at is what is taken.
        projects: per project of the file its key, name, what happens to it, its lines and total.
    """

    file_name: str
    content: str
    sha256: str
    findings: tuple[Finding, ...]
    changes: DraftChanges
    projects: tuple[tuple[str, str, str, int, int], ...]
    total_before_vnd: int
    total_after_vnd: int

    @property
    def is_acceptable(self) -> bool:
        """True when nothing blocks."""
        return not blocking_findings(self.findings)


@blueprint.get("/du-toan/<int:estimate_id>/bang-tinh-mau")
@requires(Action.IMPORT_WORKBOOK)
def download_workbook(estimate_id: int) -> Answer:
    """The office's template, empty or with what is stored."""
    is_filled = request.args.get("co-so-lieu") == "1"
    with read() as session:
        name, content = export_workbook(session, current_actor(), estimate_id, is_filled=is_filled)
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


@blueprint.get("/du-toan/<int:estimate_id>/bang-tinh")
@requires(Action.IMPORT_WORKBOOK)
def workbook_page(estimate_id: int) -> Answer:
    """Template out, file in."""
    return _page(_editable_desk(estimate_id))


@blueprint.post("/du-toan/<int:estimate_id>/bang-tinh")
@requires(Action.IMPORT_WORKBOOK)
def preview_workbook_here(estimate_id: int) -> Answer:
    """Read the uploaded file and show what it would change; nothing is stored."""
    submitted_key()  # a page of ours sent it
    desk = _editable_desk(estimate_id)
    file = request.files.get("workbook")
    if file is None or not file.filename:
        return _page(desk, said=_("Chưa chọn tệp. Mời chọn tệp .xlsx đã điền theo mẫu.")), 422
    preview = _preview(desk, file.filename, file.read())
    return _page(desk, preview), 200 if preview.is_acceptable else 422


@blueprint.post("/du-toan/<int:estimate_id>/bang-tinh/nhap")
@requires(Action.IMPORT_WORKBOOK)
def import_workbook_here(estimate_id: int) -> Answer:
    """Take in the file that was looked at."""
    seen, actor, content = seen_version(), current_actor(), _looked_at_content()
    name = request.form.get("file_name", "") or USUAL_NAME

    def act(session: object) -> list[int]:
        report = import_workbook(
            session,  # type: ignore[arg-type]
            actor,
            estimate_id,
            file_name=name,
            content=content,
            seen_edit=seen,
        )
        return [len(report.added), len(report.changed), len(report.removed), int(report.is_taken)]

    done = attempt("import_workbook", estimate_id, act)
    if isinstance(done, Refused):
        desk = _editable_desk(estimate_id)
        return _page(desk, _preview(desk, name, content), done), done.status
    added, changed, removed, is_taken = done
    if not is_taken:
        # The round changed since the file was looked at: look again, nothing was taken.
        desk = _editable_desk(estimate_id)
        return _page(desk, _preview(desk, name, content)), 422
    if added or changed or removed:
        said = _(
            "Đã nhập bảng tính: thêm %(added)s, sửa %(changed)s, xóa %(removed)s dự án.",
            added=added,
            changed=changed,
            removed=removed,
        )
    else:
        said = _("Bảng tính giống hệt nội dung đang lưu; không có gì thay đổi.")
    flash(said, "success")
    return redirect(url_for("estimates.estimate_page", estimate_id=estimate_id), code=303)


def _looked_at_content() -> bytes:
    """The file as it came back with the page, and the very one that was looked at.

    Raises:
        BadRequest: it is not.
    """
    try:
        content = base64.b64decode(request.form.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest("workbook content is not base64") from None
    if hashlib.sha256(content).hexdigest() != seen_hash():
        raise BadRequest("another workbook than the one looked at")
    return content


def _editable_desk(estimate_id: int) -> Desk:
    with read() as session:
        desk = open_desk(session, estimate_id)
    require(current_actor(), Action.IMPORT_WORKBOOK, desk.estimate.agency_id)
    if not may_edit(current_actor(), desk.estimate):
        raise NotInThisStatus(desk.estimate.status.label_vi, Action.IMPORT_WORKBOOK.label_vi)
    return desk


def _preview(desk: Desk, file_name: str, content: bytes) -> Preview:
    draft, findings = read_estimate_workbook(content, desk.context)
    usable = draft if draft is not None and not blocking_findings(findings) else None
    changes = compare_drafts(desk.stored, usable) if usable else DraftChanges()
    return Preview(
        file_name=file_name,
        content=base64.b64encode(content).decode("ascii"),
        sha256=hashlib.sha256(content).hexdigest(),
        findings=tuple(findings),
        changes=changes,
        projects=tuple(_project_rows(desk.stored, usable, changes)) if usable else (),
        total_before_vnd=draft_total(desk.stored),
        total_after_vnd=draft_total(usable) if usable else 0,
    )


def _project_rows(
    stored: EstimateDraft, draft: EstimateDraft, changes: DraftChanges
) -> list[tuple[str, str, str, int, int]]:
    gone = [one for one in stored.projects if one.project_key in changes.removed]
    rows = []
    for one in (*draft.projects, *gone):
        what = (
            "added"
            if one.project_key in changes.added
            else "changed"
            if one.project_key in changes.changed
            else "removed"
            if one.project_key in changes.removed
            else "same"
        )
        total = draft_level_total(one, requested_ordinal(one.levels))
        rows.append((one.project_key, one.name_vi, what, len(one.lines), total))
    return rows


def _page(desk: Desk, preview: Preview | None = None, refused: Refused | None = None, said: str = "") -> str:
    return render_template(
        "estimates/workbook.html", estimate=desk.estimate, preview=preview, refused=refused, said=said
    )
