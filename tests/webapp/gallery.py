"""A page that shows every part once: looked at by tests and people, never a route of the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import Blueprint, Response, make_response, render_template, request

from finance.actions import Action
from finance.errors import StaleVersion
from finance.findings import Finding, Location, Severity
from finance.labels import LabelledEnum
from webapp.access import current_visitor, public_route, requires
from webapp.request_scope import seen_version, submitted_key

blueprint = Blueprint("gallery", __name__, template_folder="templates")

TODAY = date(2012, 2, 6)


class Step(LabelledEnum):
    """The states of an estimate, as a sample."""

    DRAFT = "DRAFT", "đang lập"
    CHECKED = "CHECKED", "đã trình thủ trưởng"
    SIGNED = "SIGNED", "đã ký"
    SENT = "SENT", "đã gửi"
    RECEIVED = "RECEIVED", "đã tiếp nhận"
    CONTENT_APPRAISAL = "CONTENT_APPRAISAL", "thẩm định nội dung"
    ESTIMATE_APPRAISAL = "ESTIMATE_APPRAISAL", "thẩm định dự toán"
    APPRAISED = "APPRAISED", "đã thẩm định"


@dataclass(frozen=True, slots=True)
class Line:
    """One cost line."""

    kind: str
    text: str
    unit: str
    thousandths: int
    price_vnd: int
    asked_vnd: int
    appraised_vnd: int | None


LINES = (
    Line(
        "Tập huấn, bồi dưỡng",
        "Tập huấn nghiệp vụ một cửa liên thông cho công chức cấp xã",
        "lớp",
        4000,
        62_500_000,
        250_000_000,
        225_000_000,
    ),
    Line(
        "Khảo sát, điều tra",
        "Khảo sát mức độ hài lòng của người dân, tổ chức về thủ tục đất đai",
        "cuộc",
        1000,
        180_000_000,
        180_000_000,
        180_000_000,
    ),
    Line(
        "Ấn phẩm",
        "In tờ rơi hướng dẫn thủ tục hành chính, song ngữ",
        "nghìn tờ",
        12500,
        1_234_000,
        15_425_000,
        None,
    ),
    Line(
        "Đường truyền",
        "Thuê đường truyền nối bộ phận một cửa với các xã, thị trấn",
        "tháng",
        12000,
        35_000_000,
        420_000_000,
        400_000_000,
    ),
)

FINDINGS = (
    Finding(
        "E1",
        Severity.BLOCKS,
        "viết kiểu Anh (1,200,000), không rõ là bao nhiêu",
        Location(field="price", words="Dòng 3, Đơn giá"),
        "Viết 1.200.000.",
    ),
    Finding(
        "E2", Severity.BLOCKS, "không có trong danh mục loại chi", Location(sheet="Chi tiết", cell="C14")
    ),
    Finding("W1", Severity.WARNS, "cao hơn định mức 12 %", Location(words="Dòng 1, Đơn giá"), "Ghi lý do."),
    Finding("H1", Severity.HINTS, "chưa ghi cơ quan phối hợp", Location(words="Dự án 2")),
)


@blueprint.get("/gallery")
@public_route("a page of the tests")
def gallery_page() -> Response:
    """Every part once."""
    history = [
        (datetime(2012, 2, 6, 3, 4, tzinfo=UTC), "Nguyễn Thị Lan trình thủ trưởng: dự toán bổ sung năm 2012"),
        (datetime(2012, 2, 3, 8, 30, tzinfo=UTC), "Nguyễn Thị Lan lập dự toán mới: dự toán bổ sung năm 2012"),
    ]
    page = render_template(
        "gallery/parts.html",
        steps=list(Step),
        Step=Step,
        lines=LINES,
        findings=FINDINGS,
        today=TODAY,
        days=timedelta(days=1),
        history_entries=history,
        url_of=lambda number: f"?page={number}",
    )
    return make_response(page)


@blueprint.get("/gallery/administration")
@requires(Action.ADD_PERSON)
def administration_page() -> str:
    """Only for administrators."""
    return "ok"


@blueprint.post("/gallery/save")
@requires(Action.VIEW_WORKLIST)
def save_here() -> str:
    """Answers what it read from the guard; the word `stale` raises a conflict, `table` answers a table."""
    if request.form.get("word") == "stale":
        raise StaleVersion(1, 2, ["Dòng 3: đơn giá 1.000 → 2.000"])
    if request.form.get("word") == "table":
        return render_template("gallery/swapped.html")
    visitor = current_visitor()
    assert visitor is not None
    return f"<p>{visitor.actor.full_name} {submitted_key()} {seen_version()}</p>"


@blueprint.get("/gallery/broken")
@public_route("a page of the tests")
def broken_page() -> str:
    """A mishap."""
    raise ZeroDivisionError("secret inside")
