"""The second half of the story: run, adopt and change, approve, read the answers."""

from __future__ import annotations

from tests.journeys import story
from tests.journeys.desk import Office
from tests.journeys.people import (
    ADMINISTRATOR,
    APPROVER,
    CITY,
    DISTRICT,
    INSPECTOR,
    PLANNER,
    open_estimate,
    says,
)


def run_scenario(office: Office) -> None:
    """The planner sets a scenario up and runs it; the worker computes."""
    desk = office.at(PLANNER)
    desk.open("/phuong-an")
    desk.show("phuong-an-chua-co")
    desk.send("Lập phương án", {"name_vi": story.SCENARIO, "purpose_vi": story.PURPOSE})
    says(desk, f"chia {story.POOL_OF_ALL_SOURCES} đồng", story.POOL, "mọi kết quả có trọng số bằng nhau")
    desk.follow("Sửa trọng số")
    desk.show("trong-so")
    nothing = dict.fromkeys(desk.boxes("Lưu trọng số"), "0")
    desk.fill("Lưu trọng số", nothing)
    desk.send("Lưu trọng số", status=422)
    desk.show("trong-so-chua-du-100")
    desk.fill("Lưu trọng số", nothing)
    desk.send("Lưu trọng số", story.WEIGHTS)
    desk.show("phuong-an-truoc-khi-chay")
    desk.send("Chạy phương án")
    desk.show("luot-chay-dang-tinh")
    desk.await_result("Kết quả lượt chạy")
    says(
        desk,
        story.PROPOSED_TOTAL,
        story.PROPOSED_LEFT,
        story.WARD_LEAST_APPRAISED,
        story.UPLAND_FULL_APPRAISED,
    )
    desk.show("luot-chay-ket-qua")
    desk.follow(story.WEB_PAGE.name)
    desk.show("vi-sao-khong-duoc")
    desk.follow("Lượt chạy")
    desk.follow(story.UPLAND_COURSES.name)
    desk.show("vi-sao-duoc")


def submit_decision(office: Office) -> None:
    """The planner adopts the run, decides one project by hand and changes one award, with reasons."""
    desk = office.at(PLANNER)
    desk.open("/phuong-an")
    assert "chưa gửi" not in desk.words, "a browser offers again what was sent and accepted"
    desk.show("phuong-an-danh-sach")
    desk.follow(story.SCENARIO, beside="Lượt 1,")
    desk.send("Chọn phương án này")
    says(desk, story.PROPOSED_TOTAL)
    desk.show("du-thao-quyet-dinh")
    desk.follow("Quyết định", beside=story.DIALOGUES.name)
    desk.show("du-an-chua-do-duoc")
    desk.send("Ghi mức phân bổ", {"level": "Đầy đủ"}, status=422)
    desk.show("doi-muc-thieu-ly-do")
    desk.send("Ghi mức phân bổ", {"level": "Đầy đủ", "reason": story.DIALOGUES_REASON})
    says(desk, story.DIALOGUES_REASON, story.DIALOGUES_GIVEN)
    desk.follow("Điều chỉnh", beside=story.UPLAND_COURSES.name)
    desk.fill("Ghi mức phân bổ", {"level": "Tối thiểu", "reason": story.UPLAND_REASON})
    desk.show("doi-muc")
    desk.send("Ghi mức phân bổ", {"level": "Tối thiểu", "reason": story.UPLAND_REASON})
    says(desk, story.UPLAND_REASON, story.UPLAND_LEAST_APPRAISED, story.DECIDED_TOTAL)
    desk.show("du-thao-sau-dieu-chinh")
    desk.send("Trình phê duyệt")
    desk.show("da-trinh-phe-duyet")


def approve_decision(office: Office) -> None:
    """The administrator moves the demonstration's day on; the chairperson approves."""
    desk = office.at(ADMINISTRATOR)
    desk.show("viec-cua-toi-quan-tri")
    desk.open("/quan-tri/ngay-lam-viec")
    desk.send("Đặt ngày làm việc", {"business_on": story.DECISION_DAY})
    desk.show("ngay-lam-viec")
    chair = office.at(APPROVER)
    chair.show("viec-cua-toi-phe-duyet")
    chair.open("/phan-bo")
    chair.follow("Xem quyết định")
    chair.follow("Xem và phê duyệt")
    says(chair, story.DECIDED_TOTAL, story.WEB_PAGE.name)
    chair.show("phe-duyet")
    document = {"number": story.DECISION_NUMBER, "signed_on": story.DECISION_DAY}
    chair.send("Phê duyệt", document, beside="Số quyết định")
    says(chair, f"Quyết định phân bổ số {story.DECISION_NUMBER}", story.DECIDED_TOTAL)
    chair.show("quyet-dinh-da-phe-duyet")


def read_answers(office: Office) -> None:
    """Both offices read their answers; the inspector reads who did what."""
    city = office.at(CITY)
    city.open("/")
    city.show("viec-cua-toi-co-tra-loi")
    city.open("/phan-bo")
    city.show("tra-loi-danh-sach")
    city.follow("UBND TP Nha Trang")
    says(city, *story.CITY_ANSWER, story.WARD_COURSES.name, story.DECISION_NUMBER)
    assert story.WEB_PAGE.name not in city.words, "an office reads another's answer"
    city.show("tra-loi-nha-trang")
    district = office.at(DISTRICT)
    district.open("/phan-bo")
    district.follow("UBND")
    says(district, *story.DISTRICT_ANSWER, story.UPLAND_REASON, story.DIALOGUES_REASON)
    district.show("tra-loi-khanh-vinh")
    _look_around(office)


def _look_around(office: Office) -> None:
    """Pages nobody needs for the thread, but everybody sees some time."""
    inspector = office.at(INSPECTOR)
    inspector.show("viec-cua-toi-thanh-tra")
    inspector.open("/nhat-ky")
    says(inspector, story.UPLAND_REASON)
    inspector.show("nhat-ky")
    inspector.follow("Kiểm tra chuỗi")
    inspector.show("nhat-ky-kiem-tra-chuoi")
    planner = office.at(PLANNER)
    for address, name in (
        ("/tong-hop", "tong-hop"),
        ("/chuong-trinh", "chuong-trinh-muc-tieu"),
        ("/chuong-trinh/nhiem-vu", "chuong-trinh-nhiem-vu"),
    ):
        planner.open(address)
        planner.show(name)
    planner.open("/khong-co-trang-nay", status=404)
    planner.show("khong-tim-thay")
    city = office.at(CITY)
    open_estimate(city)
    city.show("du-toan-da-tham-dinh")
    city.follow("Bản đầy đủ, in")
    says(city, story.SECOND_FULL, story.MENDED_JUSTIFICATION)
    city.show("du-toan-ban-day-du")
    city.open("/phuong-an", status=403)
    city.show("khong-duoc-vao")
    office.at(ADMINISTRATOR).open("/quan-tri")
    office.at(ADMINISTRATOR).show("quan-tri-co-quan")
