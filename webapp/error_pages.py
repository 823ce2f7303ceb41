"""One table: error class to status and Vietnamese page. Nothing else in the web catches errors.

A refusal is answered as a whole page, or, when htmx asked for a part, as a message that goes to
the top of the page the person is on, so that nothing typed disappears.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as PageNotFound

from finance.errors import (
    Conflict,
    EnvelopeExceeded,
    FinanceError,
    KeyReused,
    NotAllowed,
    NotFound,
    NotInThisStatus,
    NotReady,
    ReasonMissing,
    RecordDamaged,
    RoundClosed,
    RuleBroken,
    SignInRefused,
    StaleVersion,
)
from finance.estimates.parts.frame import FrameChanged
from finance.jobs.operations import LeaseLost
from finance.programme.reference_cells import ReferenceFileWrong
from webapp.request_scope import is_partial_request

log = logging.getLogger("phanbo.web")


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What a refusal looks like: its status, its heading and what to do next."""

    status: int
    heading: str
    next_step: str


ERROR_PAGES: dict[type[FinanceError], ErrorPage] = {
    FinanceError: ErrorPage(400, later("Không thực hiện được"), later("Mời quay lại trang trước.")),
    NotAllowed: ErrorPage(
        403,
        later("Không có quyền"),
        later("Nếu việc này thuộc nhiệm vụ được giao, mời liên hệ quản trị hệ thống của cơ quan."),
    ),
    NotFound: ErrorPage(404, later("Không tìm thấy"), later("Mời mở lại từ “Việc của tôi”.")),
    Conflict: ErrorPage(
        409, later("Nội dung đã thay đổi"), later("Mời tải lại trang, xem nội dung mới rồi thực hiện lại.")
    ),
    StaleVersion: ErrorPage(
        409, later("Hồ sơ đã có bản mới hơn"), later("Mời tải lại trang để xem những thay đổi dưới đây.")
    ),
    FrameChanged: ErrorPage(
        409, later("Dự án đã thay đổi"), later("Mời tải lại trang để xem dự án hiện nay rồi thực hiện lại.")
    ),
    KeyReused: ErrorPage(409, later("Biểu đã được gửi"), later("Mời tải lại trang để xem kết quả.")),
    RuleBroken: ErrorPage(
        422, later("Chưa thực hiện được"), later("Mời sửa theo nội dung trên rồi thực hiện lại.")
    ),
    ReferenceFileWrong: ErrorPage(
        422,
        later("Tệp danh mục có lỗi"),
        later("Mời sửa tệp ở chỗ nêu trên rồi nạp lại; chưa có gì được nạp."),
    ),
    NotReady: ErrorPage(422, later("Còn lỗi phải sửa"), later("Mời sửa các lỗi dưới đây rồi thực hiện lại.")),
    RoundClosed: ErrorPage(422, later("Đã hết hạn"), later("Bản nháp vẫn được giữ nguyên.")),
    NotInThisStatus: ErrorPage(
        422, later("Không đúng bước"), later("Có thể người khác vừa xử lý hồ sơ; mời tải lại trang.")
    ),
    ReasonMissing: ErrorPage(422, later("Thiếu lý do"), later("Mời quay lại và ghi lý do.")),
    EnvelopeExceeded: ErrorPage(
        422, later("Vượt khả năng cân đối"), later("Mời giảm mức phân bổ hoặc điều chỉnh khả năng cân đối.")
    ),
    LeaseLost: ErrorPage(
        409,
        later("Công việc đã được chuyển"),
        later("Không phải làm gì thêm: tiến trình khác đang làm tiếp."),
    ),
    SignInRefused: ErrorPage(401, later("Chưa đăng nhập được"), later("Mời kiểm tra lại tên và mật khẩu.")),
    RecordDamaged: ErrorPage(
        500,
        later("Hệ thống tự dừng"),
        later("Mời báo quản trị kèm mã sự cố. Không có dữ liệu nào bị ghi đè."),
    ),
}

HTTP_PAGES: dict[int, tuple[str, str]] = {
    400: (later("Yêu cầu không hợp lệ"), later("Mời tải lại trang rồi thực hiện lại.")),
    404: (
        later("Không có trang này"),
        later("Địa chỉ có thể đã gõ sai hoặc đã đổi. Mời mở từ “Việc của tôi”."),
    ),
    405: (later("Không có trang này"), later("Mời mở từ “Việc của tôi”.")),
    413: (later("Tệp quá lớn"), later("Mời gửi tệp nhỏ hơn.")),
}


def page_for(error: FinanceError) -> ErrorPage:
    """The row of the table for the error's class, or for the nearest class above it."""
    return next(ERROR_PAGES[kind] for kind in type(error).__mro__ if kind in ERROR_PAGES)


def install_error_pages(app: Flask) -> None:
    """Answer every refusal and every mishap with a page of our own."""
    app.register_error_handler(FinanceError, _answer_refusal)
    app.register_error_handler(CSRFError, _answer_old_page)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(OverflowError, _answer_too_large_number)
    app.register_error_handler(Exception, _answer_mishap)


def _answer_refusal(error: FinanceError) -> Response:
    page = page_for(error)
    incident = _note_incident(error) if page.status >= 500 else ""
    return _answer(
        page.status,
        heading=page.heading,
        sentence=error.sentence_vi,
        next_step=page.next_step,
        findings=getattr(error, "findings", ()),
        differences=getattr(error, "differences", ()),
        incident=incident,
    )


def _answer_old_page(error: CSRFError) -> Response:
    log.info("form refused: %s", error.description)
    return _answer(
        400,
        heading=_("Trang đã quá cũ"),
        sentence=_("Biểu được mở từ phiên làm việc trước nên không được nhận."),
        next_step=_("Mời tải lại trang rồi gửi lại. Nội dung vừa nhập được giữ trong trình duyệt này."),
    )


def _answer_http_error(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    heading, next_step = HTTP_PAGES.get(status, (_("Không thực hiện được"), _("Mời quay lại trang trước.")))
    response = _answer(status, heading=heading, sentence="", next_step=next_step)
    if status == 405 and getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _answer_too_large_number(error: OverflowError) -> Response | HTTPException:
    """An address with a number no store can hold names nothing we have."""
    log.warning("a number too large to look up", exc_info=error)
    return _answer_http_error(PageNotFound())


def _answer_mishap(error: Exception) -> Response:
    """The last hand that catches: log with a number the person can name."""
    incident = _note_incident(error)
    heading = _("Hệ thống gặp sự cố")
    sentence = _("Thao tác vừa rồi chưa được thực hiện; dữ liệu đã lưu không bị ảnh hưởng.")
    next_step = _("Mời thử lại; nếu vẫn gặp, báo quản trị kèm mã sự cố.")
    try:
        return _answer(500, heading=heading, sentence=sentence, next_step=next_step, incident=incident)
    except Exception:  # the frame reads the store, which may be what has failed
        log.exception("incident %s: no page either", incident)
        plain = f"{heading}. {sentence} {next_step} {incident}\n"
        return Response(plain, 500, mimetype="text/plain")


def _note_incident(error: Exception) -> str:
    incident = secrets.token_hex(4).upper()
    log.error("incident %s", incident, exc_info=error)
    return incident


def _answer(status: int, **words: object) -> Response:
    if not is_partial_request():
        return make_response(render_template("error.html", status=status, **words), status)
    response = make_response(render_template("parts/error_message.html", **words), status)
    response.headers["HX-Retarget"] = "#page-messages"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
