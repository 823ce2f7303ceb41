"""The story: what two offices ask, what is returned and cut, what is decided, and every figure to the đồng.

Amounts are worked out by hand here and stand beside the lines they come from; nothing is computed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A cost line as it is typed; one quantity per level."""

    item: str
    unit: str
    price: str
    times: str
    quantities: tuple[str, ...]
    source: str
    budget_code: str
    norm: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised result; `quantity` for what is counted, `units` for what is reached."""

    level: str
    output: str
    quantity: str = ""
    component: str = ""
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """A project as it is typed or filled into the workbook."""

    key: str
    priority: str
    name: str
    kind: str
    kind_words: str
    task: str
    targets: tuple[str, ...]
    place: str
    justification: str
    levels: tuple[str, ...]
    lines: tuple[Line, ...]
    promises: tuple[Promise, ...]


YEAR = "2012"
NATURE = "RECURRENT"
NATURE_WORDS = "Chi thường xuyên"
LEVEL_WORDS = {"MINIMUM": "tối thiểu", "FULL": "đầy đủ"}

# Nha Trang types. 6.000.000 + 1.000.000 + 15.000.000 + 2.700.500 = 24.700.500 at the least;
# 12.000.000 + 2.000.000 + 30.000.000 + 4.500.833 (1.800.333 x 2,5 is 4.500.832,5) = 48.500.833 in full.
WARD_COURSES = Project(
    key="DA01",
    priority="1",
    name="Bồi dưỡng đạt chuẩn cho công chức phường, xã",
    kind="PROJECT",
    kind_words="Dự án",
    task="4a",
    targets=("II.1.k.2",),
    place="Thành phố Nha Trang",
    justification="Nhiều công chức phường, xã chưa qua lớp bồi dưỡng theo chức danh.",
    levels=("MINIMUM", "FULL"),
    lines=(
        Line("Giảng viên", "buổi", "300.000", "1", ("20", "40"), "NST_TX", "6652", "MH06"),
        Line("In tài liệu", "bộ", "40.000", "1", ("25", "50"), "NST_TX", "6651", "MH08"),
        Line("Hỗ trợ tiền ăn học viên", "người/ngày", "60.000", "10", ("25", "50"), "NST_TX", "6658", "MH07"),
        Line("Thuê xe đưa đón học viên", "ngày xe", "1.800.333", "1", ("1,5", "2,5"), "NST_TX", "6751"),
    ),
    promises=(Promise("MINIMUM", "CC_XA_DB", "20"), Promise("FULL", "CC_XA_DB", "45")),
)
PRINTERS = Project(
    key="DA02",
    priority="2",
    name="Bổ sung máy in cho các phòng của thành phố",
    kind="TASK",
    kind_words="Nhiệm vụ",
    task="6đ",
    targets=("II.1.m.2",),
    place="Thành phố Nha Trang",
    justification="Thành phố tự cân đối, không xin ngân sách tỉnh.",
    levels=("FULL",),
    lines=(Line("Máy in", "cái", "4.700.000", "1", ("3",), "NS_HUYEN", "6956", "MH19"),),
    promises=(Promise("FULL", "PL.6dd.1"),),
)
PRINTERS_ASKED = "14.100.000"
FIRST_LEAST, FIRST_FULL = "24.700.500", "48.500.833"
FIRST_TOTAL = "62.600.833"
RETURN_REASON = "Số ngày thuê xe chưa có căn cứ; đề nghị tính theo ngày trọn và nêu rõ tuyến đưa đón."

# The second version: cars for whole days. 23.800.333 at the least, 47.600.666 in full.
WHOLE_DAYS = ("1", "2")
MENDED_JUSTIFICATION = "Xe đưa đón học viên của bốn xã ngoại thành, một ngày đầu khóa và một ngày cuối khóa."
SECOND_LEAST, SECOND_FULL = "23.800.333", "47.600.666"
SECOND_TOTAL = "61.700.666"

# Khánh Vĩnh fills the workbook: 74.500.000 + 51.000.000 + 7.000.000 = 132.500.000.
WEB_PAGE = Project(
    key="DA01",
    priority="1",
    name="Trang thông tin điện tử và dịch vụ công của huyện Khánh Vĩnh",
    kind="PROJECT",
    kind_words="Dự án",
    task="6b",
    targets=("II.1.l.2",),
    place="Huyện Khánh Vĩnh",
    justification="Huyện chưa có trang điện tử nối với cổng của tỉnh.",
    levels=("FULL",),
    lines=(
        Line("Xây dựng trang thông tin điện tử", "hệ thống", "68000000", "1", ("1",), "NST_TX", "7054"),
        Line("Nhập thủ tục hành chính lên trang", "thủ tục", "25000", "1", ("260",), "NST_TX", "7012"),
    ),
    promises=(
        Promise("FULL", "WEB_DVC", component="TRANG", units=("H_KHANHVINH",)),
        Promise("FULL", "WEB_DVC", component="DVC", units=("H_KHANHVINH",)),
    ),
)
UPLAND_COURSES = Project(
    key="DA02",
    priority="2",
    name="Bồi dưỡng chuẩn chức danh cho công chức xã miền núi",
    kind="PROJECT",
    kind_words="Dự án",
    task="4a",
    targets=("II.1.k.3",),
    place="Huyện Khánh Vĩnh",
    justification="Lớp mở tại huyện, có người dạy song ngữ.",
    levels=("MINIMUM", "FULL"),
    lines=(
        Line("Giảng viên", "buổi", "300000", "1", ("20", "40"), "NST_TX", "6652", "MH06"),
        Line("Hỗ trợ tiền ăn học viên", "người/ngày", "60000", "10", ("20", "40"), "NST_TX", "6658", "MH07"),
        Line("Thuê phòng nghỉ", "người/đêm", "150000", "5", ("10", "20"), "NST_TX", "6703", "MH15"),
    ),
    promises=(Promise("MINIMUM", "CC_XA_MN", "15"), Promise("FULL", "CC_XA_MN", "40")),
)
DIALOGUES = Project(
    key="DA03",
    priority="3",
    name="Đối thoại về thủ tục hành chính ở các xã",
    kind="PROJECT",
    kind_words="Dự án",
    task="2b",
    targets=("II.1.đ.1",),
    place="Huyện Khánh Vĩnh",
    justification="Người dân còn ít biết nơi gửi phản ánh; kết quả chỉ thấy qua khảo sát.",
    levels=("FULL",),
    lines=(Line("Viết tin, bài phát ở xã", "bài", "350000", "1", ("20",), "NST_TX", "7012", "MH16"),),
    promises=(),
)
WORKBOOK_NAME = "Dự toán Khánh Vĩnh 2012.xlsx"
UPLAND_TOTAL = "132.500.000"

# Two cuts, in full: meals at 50.000 come to 25.000.000, not 30.000.000; rooms for 16, not 20,
# to 12.000.000, not 15.000.000.
MEALS_WORDS = "Bữa sáng do cơ quan lo; tính 50.000 đồng một ngày."
ROOMS_WORDS = "Bốn học viên ở gần trung tâm huyện, không phải thuê phòng."
CITY_DIFFERENCE, CITY_APPRAISED = "−5.000.000", "56.700.666"
DISTRICT_DIFFERENCE, DISTRICT_APPRAISED = "−3.000.000", "129.500.000"
WARD_LEAST_APPRAISED, WARD_FULL_APPRAISED = "21.300.333", "42.600.666"
UPLAND_LEAST_APPRAISED, UPLAND_FULL_APPRAISED = "25.500.000", "48.000.000"

# 85.000.000 less 2.550.000 kept back and 12.450.000 decided by hand leaves 70.000.000 for results.
ENVELOPE, CONTINGENCY, BY_HAND, POOL = "85.000.000", "2.550.000", "12.450.000", "70.000.000"
# With what the demonstration has of capital and of 2013: 291.000.000 + 3.201.000.000 + 1.047.600.000.
POOL_OF_ALL_SOURCES = "4.609.600.000"
SCENARIO = "Ưu tiên đội ngũ cấp xã"
PURPOSE = "Tám phần mười số điểm cho công chức xã đạt chuẩn."
WEIGHTS = {
    "Công chức cấp xã đồng bằng, đô thị đạt chuẩn": "40",
    "Công chức cấp xã miền núi, dân tộc thiểu số đạt chuẩn": "40",
    "Sở, huyện có trang điện tử": "20",
}
# The plan: the ward courses at the least, the upland courses in full, no money left for the web page.
PROPOSED_TOTAL, PROPOSED_LEFT = "69.300.333", "699.667"
# By hand: the dialogues from the reserved line; the upland courses one level down.
DIALOGUES_REASON = "Cần để người dân biết nơi tra cứu thủ tục; chi từ phần để riêng."
DIALOGUES_GIVEN = "7.000.000"
UPLAND_REASON = "Năm 2012 chỉ đủ giảng viên song ngữ cho một nửa số lớp; phần còn lại xét ở đợt sau."
DECIDED_TOTAL = "53.800.333"
DECISION_NUMBER, DECISION_DAY = "812/QĐ-UBND", "12/03/2012"

# Asked, appraised, allocated, as each office reads it.
CITY_ANSWER = ("47.600.666", "42.600.666", "21.300.333")
DISTRICT_ANSWER = ("132.500.000", "129.500.000", "32.500.000")
