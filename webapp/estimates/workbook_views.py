"""The estimate as a workbook: out, looked at, back with notes, taken in, undone."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.errors import NotInThisStatus
from finance.estimates.workbook.export import WorkbookKind, export_workbook
from finance.estimates.workbook.import_operations import (
    UndoableImport,
    find_upload,
    keep_upload,
    latest_import,
    take_workbook,
    undo_import,
)
from finance.estimates.workbook.import_plan import ReadWorkbook, read_workbook
from finance.estimates.workbook.isolated import read_workbook_apart
from finance.estimates.workbook.package import (
    CONSOLIDATION_LIMITS,
    USUAL_LIMITS,
    ReadLimits,
    check_package,
)
from finance.estimates.workbook.result_sheet import CheckStamp
from finance.estimates.workbook.returned import WorkbookNotMarkable
from finance.estimates.workbook.returned_apart import marked_copy
from finance.estimates.workbook.rule_set import rule_set_name
from finance.findings import Finding
from finance.permissions import require
from webapp.access import current_actor, requires
from webapp.estimates.attempts import Refused, attempt
from webapp.estimates.blueprint import blueprint
from webapp.estimates.desk import may_edit
from webapp.estimates.looked_at import choices_of, gone_page, show_looked_at
from webapp.estimates.project_page import Desk, open_desk
from webapp.request_scope import present_moment, read, seen_version, submitted_key, write

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/du-toan/<int:estimate_id>/bang-tinh-mau")
@requires(Action.IMPORT_WORKBOOK)
def download_workbook(estimate_id: int) -> Answer:
    """The office's template: empty, with what is stored, or the simple one of a single sheet."""
    kind = WorkbookKind.EMPTY
    if request.args.get("co-so-lieu") == "1":
        kind = WorkbookKind.FILLED
    elif request.args.get("gian-don") == "1":
        kind = WorkbookKind.SIMPLE
    with read() as session:
        name, content = export_workbook(session, current_actor(), estimate_id, kind=kind)
    return _file(name, content)


@blueprint.get("/du-toan/<int:estimate_id>/bang-tinh")
@requires(Action.IMPORT_WORKBOOK)
def workbook_page(estimate_id: int) -> Answer:
    """Template out, file in, the last import undone."""
    return _page(_editable_desk(estimate_id))


@blueprint.post("/du-toan/<int:estimate_id>/bang-tinh")
@requires(Action.IMPORT_WORKBOOK)
def preview_workbook_here(estimate_id: int) -> Answer:
    """Keep the uploaded file and lead to where it is looked at; nothing of the estimate changes."""
    submitted_key()  # a page of ours sent it
    desk = _editable_desk(estimate_id)
    file = request.files.get("workbook")
    if file is None or not file.filename:
        return _page(desk, said=_("Chưa chọn tệp. Mời chọn tệp .xlsx đã điền theo mẫu.")), 422
    name, content = file.filename, file.read()
    refused = check_package(content, _read_limits(desk))
    if refused:
        # What is no workbook is not kept, and there is nothing to put a note in.
        return _page(desk, file_name=name, findings=refused), 422
    with write() as session:
        sha256 = keep_upload(session, current_actor(), estimate_id, file_name=name, content=content)
    return redirect(url_for("estimates.looked_at_page", estimate_id=estimate_id, sha256=sha256), code=303)


@blueprint.get("/du-toan/<int:estimate_id>/bang-tinh/tep/<string(length=64):sha256>")
@requires(Action.IMPORT_WORKBOOK)
def looked_at_page(estimate_id: int, sha256: str) -> Answer:
    """What the workbook says and would change."""
    desk = _editable_desk(estimate_id)
    workbook = _looked_at(desk, sha256)
    return gone_page(desk) if workbook is None else show_looked_at(desk, sha256, workbook)


@blueprint.get("/du-toan/<int:estimate_id>/bang-tinh/tep/<string(length=64):sha256>/ghi-chu")
@requires(Action.IMPORT_WORKBOOK)
def returned_workbook(estimate_id: int, sha256: str) -> Answer:
    """His own file with a note at every finding's cell."""
    desk = _editable_desk(estimate_id)
    workbook = _looked_at(desk, sha256)
    if workbook is None:
        return gone_page(desk)
    stamp = CheckStamp(
        workbook.file_name,
        workbook.sha256,
        present_moment().business_at,
        rule_set_name(desk.context),
        desk.context.round_name,
        desk.context.agency_name,
    )
    try:
        content = marked_copy(workbook.content, workbook.findings, stamp, limits=_read_limits(desk))
    except WorkbookNotMarkable as wrong:
        said = f"{wrong.said_vi} {_('Danh sách lỗi dưới đây vẫn đầy đủ.')}"
        return show_looked_at(desk, sha256, workbook, said=said), 422
    return _file(f"{workbook.file_name.removesuffix('.xlsx')}-ghi-chu.xlsx", content)


@blueprint.post("/du-toan/<int:estimate_id>/bang-tinh/tep/<string(length=64):sha256>/nhap")
@requires(Action.IMPORT_WORKBOOK)
def import_workbook_here(estimate_id: int, sha256: str) -> Answer:
    """Take in the workbook that was looked at, with the conflicts decided."""
    seen, actor, desk = seen_version(), current_actor(), _editable_desk(estimate_id)
    workbook = _looked_at(desk, sha256)
    if workbook is None:
        return gone_page(desk)
    choices = choices_of(workbook, desk.stored, request.form)

    def act(session: Session) -> list[int]:
        report = take_workbook(
            session, actor, estimate_id, workbook=workbook, seen_edit=seen, choices=choices
        )
        counts = [len(report.added), len(report.changed), len(report.removed), len(report.open_conflicts)]
        return [*counts, int(report.is_taken)]

    done = attempt("import_workbook", estimate_id, act)
    if isinstance(done, Refused):
        # The estimate changed since the file was looked at: look again.
        desk = _editable_desk(estimate_id)
        return show_looked_at(desk, sha256, workbook, choices=choices, refused=done), done.status
    added, changed, removed, left, is_taken = done
    if not is_taken:
        said = _("Còn %(count)s chỗ cả hai bên cùng sửa chưa chọn.", count=left) if left else ""
        return show_looked_at(desk, sha256, workbook, choices=choices, said=said), 422
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


@blueprint.post("/du-toan/<int:estimate_id>/bang-tinh/hoan-tac")
@requires(Action.IMPORT_WORKBOOK)
def undo_import_here(estimate_id: int) -> Answer:
    """Undo the last import; what was changed since stays."""
    seen, actor = seen_version(), current_actor()
    import_id = request.form.get("import_id", 0, type=int)

    def act(session: Session) -> list[int]:
        changes = undo_import(session, actor, estimate_id, import_id=import_id, seen_edit=seen)
        return [len(changes.added), len(changes.changed), len(changes.removed)]

    done = attempt("undo_import", estimate_id, act)
    if isinstance(done, Refused):
        return _page(_editable_desk(estimate_id), refused=done), done.status
    added, changed, removed = done
    said = _(
        "Đã hoàn tác lần nhập bảng tính: thêm lại %(added)s, sửa lại %(changed)s, bỏ %(removed)s dự án.",
        added=added,
        changed=changed,
        removed=removed,
    )
    flash(said, "success")
    return redirect(url_for("estimates.estimate_page", estimate_id=estimate_id), code=303)


def undoable_import(estimate_id: int) -> UndoableImport | None:
    """The last import as long as it can be undone, for whoever may edit."""
    with read() as session:
        return latest_import(session, current_actor(), estimate_id)


def _looked_at(desk: Desk, sha256: str) -> ReadWorkbook | None:
    """The kept workbook, read outside any writer's transaction; None when it is gone."""
    with read() as session:
        kept = find_upload(session, current_actor(), desk.estimate.id, sha256)
    if kept is None:
        return None
    reader = partial(read_workbook_apart, limits=_read_limits(desk))
    return read_workbook(kept.content, desk.context, file_name=kept.file_name, read=reader)


def _read_limits(desk: Desk) -> ReadLimits:
    """How large this office's workbooks may be: the setting names those that consolidate."""
    is_large = desk.context.agency_code in current_app.config["LARGE_WORKBOOK_AGENCIES"]
    return CONSOLIDATION_LIMITS if is_large else USUAL_LIMITS


def _editable_desk(estimate_id: int) -> Desk:
    with read() as session:
        desk = open_desk(session, estimate_id)
    require(current_actor(), Action.IMPORT_WORKBOOK, desk.estimate.agency_id)
    if not may_edit(current_actor(), desk.estimate):
        raise NotInThisStatus(desk.estimate.status.label_vi, Action.IMPORT_WORKBOOK.label_vi)
    return desk


def _file(name: str, content: bytes) -> Response:
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


def _page(
    desk: Desk,
    *,
    said: str = "",
    refused: Refused | None = None,
    file_name: str = "",
    findings: list[Finding] | None = None,
) -> str:
    return render_template(
        "estimates/workbook.html",
        estimate=desk.estimate,
        undoable=undoable_import(desk.estimate.id),
        refused=refused,
        said=said,
        file_name=file_name,
        findings=findings or [],
    )
