"""The story told once, chapter by chapter, at whatever desks the office has.

Every chapter says what each person does and checks what he reads; `tell` runs them in order, up to
the chapter asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from finance.vietnamese.fold import fold
from tests.journeys import story
from tests.journeys.allocating import approve_decision, read_answers, run_scenario, submit_decision
from tests.journeys.desk import Desk, File, Office
from tests.journeys.filling import SAVE, filled_workbook, type_project
from tests.journeys.people import (
    ADVISER,
    CITY,
    CITY_HEAD,
    CITY_OFFICE,
    CONTENT,
    DISTRICT,
    DISTRICT_HEAD,
    DISTRICT_OFFICE,
    FINANCE,
    PLANNER,
    open_estimate,
    says,
)

SENT_ON = "20/02/2012"


class Chapter(Enum):
    """How far the story is told."""

    MONEY = 1
    TYPED = 2
    UPLOADED = 3
    SIGNED = 4
    SENT = 5
    RETURNED = 6
    SENT_AGAIN = 7
    CONTENT = 8
    APPRAISED = 9
    RUN = 10
    SUBMITTED = 11
    APPROVED = 12
    READ = 13


def tell(office: Office, *, after: Chapter | None = None, until: Chapter = Chapter.READ) -> None:
    """Let everybody act, from the end of one chapter to the end of another."""
    begun = after.value if after else 0
    for chapter, act in CHAPTERS.items():
        if begun < chapter.value <= until.value:
            act(office)


def _money(office: Office) -> None:
    """The planner writes down what there is."""
    desk = office.at(PLANNER)
    desk.show("viec-cua-toi-tong-hop")
    desk.follow("Đợt dự toán bổ sung năm 2012")
    desk.show("dot-du-toan")
    desk.follow("Sửa: Ngân sách tỉnh, chi thường xuyên, chi thường xuyên, 2012")
    desk.fill("Ghi khả năng cân đối", {"amount_vnd": "85 triệu"})
    desk.send("Ghi khả năng cân đối", status=422)
    desk.show("kha-nang-can-doi-sai")
    amounts = {
        "amount_vnd": story.ENVELOPE,
        "contingency_vnd": story.CONTINGENCY,
        "unmeasured_vnd": story.BY_HAND,
    }
    desk.send("Ghi khả năng cân đối", amounts)
    says(desk, story.ENVELOPE, story.POOL)
    desk.show("kha-nang-can-doi-da-ghi")


def _typed(office: Office) -> None:
    """Nha Trang types its estimate."""
    desk = office.at(CITY)
    desk.show("viec-cua-toi-nguoi-lap")
    desk.open("/du-toan")
    desk.show("du-toan-danh-sach-trong")
    desk.send("Lập dự toán")
    desk.show("du-toan-chua-co-du-an")
    desk.follow("Thêm dự án")
    desk.show("du-an-trong")
    type_project(desk, story.WARD_COURSES)
    says(desk, story.FIRST_LEAST, story.FIRST_FULL)
    desk.show("du-an-da-luu")
    desk.follow("Về dự toán")
    desk.follow("Thêm dự án")
    type_project(desk, story.PRINTERS)
    says(desk, story.PRINTERS_ASKED)
    desk.follow("Về dự toán")
    says(desk, story.FIRST_LEAST, story.FIRST_FULL, story.PRINTERS_ASKED, story.FIRST_TOTAL)
    desk.show("du-toan-dang-soan")


def _uploaded(office: Office) -> None:
    """Khánh Vĩnh fills its workbook, with one mistake first."""
    desk = office.at(DISTRICT)
    desk.open("/du-toan")
    desk.send("Lập dự toán")
    desk.follow("Nhập, xuất bằng Excel")
    desk.show("bang-tinh-tai-mau")
    template = desk.download("Tải mẫu trống")
    projects = (story.WEB_PAGE, story.UPLAND_COURSES, story.DIALOGUES)
    desk.send("Xem trước", {"workbook": File("Nháp.xlsx", b"not a workbook")}, status=422)
    desk.show("bang-tinh-khong-doc-duoc")
    content = filled_workbook(template, projects)
    desk.send("Xem trước", {"workbook": File(story.WORKBOOK_NAME, content)})
    says(desk, f"từ 0 thành {story.UPLAND_TOTAL} đồng", "thêm 3, sửa 0, xóa 0")
    desk.show("bang-tinh-xem-truoc")
    desk.send("Nhập vào dự toán")
    says(desk, story.UPLAND_TOTAL, story.WORKBOOK_NAME)
    desk.show("du-toan-tu-bang-tinh")
    # The same file once more: nothing would change.
    desk.follow("Nhập, xuất bằng Excel")
    desk.send("Xem trước", {"workbook": File(story.WORKBOOK_NAME, content)})
    says(desk, "nhập cũng không thay đổi gì")
    desk.show("bang-tinh-giong-het")


def _signed(office: Office) -> None:
    """Both estimates are checked and signed by their heads."""
    _check_and_sign(office, CITY, CITY_HEAD, story.FIRST_TOTAL)
    office.at(CITY_HEAD).show("du-toan-da-ky")
    _check_and_sign(office, DISTRICT, DISTRICT_HEAD, story.UPLAND_TOTAL)


def _sent(office: Office) -> None:
    """Both heads send; finance receives both."""
    for head, number in ((CITY_HEAD, "143/UBND-NV"), (DISTRICT_HEAD, "61/UBND-NV")):
        _send(office, head, number)
    desk = office.at(FINANCE)
    desk.open("/")
    desk.show("viec-cua-toi-tham-dinh-du-toan")
    for name in (CITY_OFFICE, DISTRICT_OFFICE):
        _open_review(desk, name)
        desk.send("Tiếp nhận")
        says(desk, "Đã tiếp nhận hồ sơ.")
    desk.show("ho-so-da-tiep-nhan")
    desk.follow("Bảng theo dõi")
    says(desk, story.FIRST_TOTAL, story.UPLAND_TOTAL)
    desk.show("bang-theo-doi")


def _returned(office: Office) -> None:
    """Finance gives Nha Trang's estimate back; without a reason it may not."""
    desk = office.at(FINANCE)
    _open_review(desk, CITY_OFFICE)
    desk.send("Trả lại để hoàn chỉnh", status=422)
    desk.show("tra-lai-thieu-ly-do")
    desk.send("Trả lại để hoàn chỉnh", {"reason": story.RETURN_REASON})
    desk.show("ho-so-da-tra-lai")
    city = office.at(CITY)
    city.open("/")
    says(city, "Nha Trang")
    city.show("viec-cua-toi-bi-tra-lai")


def _sent_again(office: Office) -> None:
    """Nha Trang mends what was said and sends its second version."""
    desk = office.at(CITY)
    open_estimate(desk)
    says(desk, story.RETURN_REASON)
    desk.show("du-toan-bi-tra-lai")
    desk.send("Mở bản lập lại")
    says(desk, "lần 2", "bị trả lại", story.RETURN_REASON)
    desk.follow("Sửa", beside=story.WARD_COURSES.name)
    days = dict(zip(("lines-3-quantities-0", "lines-3-quantities-1"), story.WHOLE_DAYS, strict=True))
    desk.send(SAVE, {"justification": story.MENDED_JUSTIFICATION, **days})
    says(desk, story.SECOND_LEAST, story.SECOND_FULL)
    _check_and_sign(office, CITY, CITY_HEAD, story.SECOND_TOTAL)
    _send(office, CITY_HEAD, "151/UBND-NV")
    finance = office.at(FINANCE)
    _open_review(finance, CITY_OFFICE)
    says(finance, "lần 2", story.SECOND_TOTAL)
    finance.send("Tiếp nhận")


def _content(office: Office) -> None:
    """The content gate: home affairs judges every project, the adviser those of his trade."""
    desk = office.at(CONTENT)
    desk.show("viec-cua-toi-noi-dung")
    for name, projects in (
        (DISTRICT_OFFICE, (story.WEB_PAGE, story.UPLAND_COURSES, story.DIALOGUES)),
        (CITY_OFFICE, (story.WARD_COURSES, story.PRINTERS)),
    ):
        _open_review(desk, name)
        desk.send("Bắt đầu thẩm định nội dung")
        desk.follow("Nội dung")
        if name == DISTRICT_OFFICE:
            desk.show("noi-dung-chua-co-y-kien")
        for project in projects:
            desk.send("Ghi ý kiến", {"verdict": "AGREE"}, beside=f"{project.priority}. {project.name}")
        if name == DISTRICT_OFFICE:
            _advise(office)
        desk.follow("Tổng quan")
        desk.show(f"noi-dung-du-y-kien-{projects[0].task}")
        desk.send("Thông qua nội dung")
        says(desk, "Đã thông qua nội dung")


def _advise(office: Office) -> None:
    """The adviser on information technology must give words when he asks for a change."""
    desk = office.at(ADVISER)
    desk.show("viec-cua-toi-cong-nghe-thong-tin")
    _open_review(desk, DISTRICT_OFFICE)
    desk.follow("Nội dung")
    place = f"{story.WEB_PAGE.priority}. {story.WEB_PAGE.name}"
    desk.send("Ghi ý kiến", {"verdict": "AGREE_WITH_CHANGE"}, beside=place, status=422)
    desk.show("y-kien-thieu-loi")
    words = "Dùng chung máy chủ của tỉnh, không mua riêng."
    desk.send("Ghi ý kiến", {"verdict": "AGREE_WITH_CHANGE", "words": words}, beside=place)
    says(desk, words)


def _appraised(office: Office) -> None:
    """Finance cuts twice, with a legal ground and words; planning gives its opinions; finance concludes."""
    desk = office.at(FINANCE)
    _open_review(desk, CITY_OFFICE)
    desk.follow("Dòng chi")
    desk.show("dong-chi-chua-tham-dinh")
    meals = story.WARD_COURSES.lines[2].item
    desk.follow("Giảm…", beside=meals)
    desk.send("Ghi thẩm định dòng 3", {"unit_price": "50.000"}, status=422)
    desk.show("giam-thieu-ly-do")
    ground = {"reason": "Chưa tiết kiệm", "words": story.MEALS_WORDS}
    desk.send("Ghi thẩm định dòng 3", {"unit_price": "50.000", **ground})
    says(desk, story.MEALS_WORDS, "Chưa tiết kiệm", story.CITY_DIFFERENCE)
    desk.send("Nhận 4 dòng còn lại")
    says(desk, story.CITY_APPRAISED, story.WARD_LEAST_APPRAISED, story.WARD_FULL_APPRAISED)
    desk.show("dong-chi-da-tham-dinh")
    desk.follow("Kết quả cam kết")
    desk.show("ket-qua-chua-tham-dinh")
    desk.send("Nhận 3 kết quả còn lại")

    _open_review(desk, DISTRICT_OFFICE)
    desk.follow("Dòng chi")
    rooms = story.UPLAND_COURSES.lines[2].item
    desk.follow("Giảm…", beside=rooms)
    ground = {"reason": "Không hợp lý", "words": story.ROOMS_WORDS}
    desk.send("Ghi thẩm định dòng 3", {"Số lượng, đầy đủ": "16", **ground})
    says(desk, story.ROOMS_WORDS, story.DISTRICT_DIFFERENCE)
    desk.send("Nhận 5 dòng còn lại")
    says(desk, story.DISTRICT_APPRAISED, story.UPLAND_LEAST_APPRAISED, story.UPLAND_FULL_APPRAISED)
    desk.follow("Kết quả cam kết")
    desk.send("Nhận 4 kết quả còn lại")

    _plan_opinions(office)
    for name, appraised in (
        (CITY_OFFICE, story.CITY_APPRAISED),
        (DISTRICT_OFFICE, story.DISTRICT_APPRAISED),
    ):
        _open_review(desk, name)
        desk.show(f"truoc-ket-luan-{fold(name).split()[-1]}")
        desk.send("Kết luận thẩm định")
        says(desk, "Đã kết luận thẩm định", appraised)
    desk.show("da-ket-luan")


def _plan_opinions(office: Office) -> None:
    desk = office.at(PLANNER)
    for name, projects in (
        (CITY_OFFICE, (story.WARD_COURSES,)),
        (DISTRICT_OFFICE, (story.WEB_PAGE, story.UPLAND_COURSES, story.DIALOGUES)),
    ):
        _open_review(desk, name)
        desk.follow("Ý kiến phân bổ")
        for project in projects:
            desk.send("Ghi ý kiến", {"verdict": "AGREE"}, beside=f"{project.priority}. {project.name}")
        desk.show(f"y-kien-phan-bo-{projects[0].task}")


def _check_and_sign(office: Office, preparer: str, head: str, total: str) -> None:
    desk = office.at(preparer)
    open_estimate(desk)
    says(desk, total)
    desk.send("Trình thủ trưởng")
    says(desk, "Đã trình thủ trưởng.")
    signer = office.at(head)
    signer.open("/")
    signer.show(f"viec-cua-toi-{head.replace('.', '-')}-{total}")
    open_estimate(signer)
    says(signer, total)
    signer.show(f"du-toan-truoc-khi-ky-{total}")
    signer.send("Ký duyệt")
    says(signer, "Đã ký duyệt", "Nơi nhận")


def _send(office: Office, head: str, number: str) -> None:
    desk = office.at(head)
    open_estimate(desk)
    desk.send("Gửi thẩm định", {"document_number": number, "document_on": SENT_ON})
    says(
        desk, f"Đã gửi dự toán theo văn bản số {number}.", "Sở Tài chính", "Sở Kế hoạch và Đầu tư", "để biết"
    )
    desk.show(f"du-toan-da-gui-{number.partition('/')[0]}")


def _open_review(desk: Desk, office_name: str) -> None:
    desk.open("/tham-dinh/bang-theo-doi")
    desk.follow(office_name)


CHAPTERS: dict[Chapter, Callable[[Office], None]] = {
    Chapter.MONEY: _money,
    Chapter.TYPED: _typed,
    Chapter.UPLOADED: _uploaded,
    Chapter.SIGNED: _signed,
    Chapter.SENT: _sent,
    Chapter.RETURNED: _returned,
    Chapter.SENT_AGAIN: _sent_again,
    Chapter.CONTENT: _content,
    Chapter.APPRAISED: _appraised,
    Chapter.RUN: run_scenario,
    Chapter.SUBMITTED: submit_decision,
    Chapter.APPROVED: approve_decision,
    Chapter.READ: read_answers,
}
