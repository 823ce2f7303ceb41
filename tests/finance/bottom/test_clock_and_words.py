"""The one clock, and the small values everything is said with: labels, findings, refusals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from finance.clock import VIETNAM_TIME, Moment, business_moment, machine_now
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
from finance.findings import Finding, Location, Severity, blocking_findings
from finance.labels import LabelledEnum

DEMONSTRATED = date(2012, 2, 15)


def test_a_real_round_goes_by_the_true_time() -> None:
    true = datetime(2026, 1, 5, 3, 30, tzinfo=UTC)
    assert business_moment(true, None) == Moment(true, true)


def test_the_demonstration_has_its_own_date_and_the_present_hour_of_viet_nam() -> None:
    true = datetime(2026, 1, 5, 3, 30, 15, tzinfo=UTC)
    moment = business_moment(true, DEMONSTRATED)
    assert moment.business_at == datetime(2012, 2, 15, 10, 30, 15, tzinfo=VIETNAM_TIME)
    assert moment.business_on == DEMONSTRATED
    assert moment.recorded_at == true


@pytest.mark.parametrize(
    ("true", "day"),
    [
        (datetime(2011, 12, 31, 16, 59, 59, tzinfo=UTC), date(2011, 12, 31)),
        (datetime(2011, 12, 31, 17, 0, 0, tzinfo=UTC), date(2012, 1, 1)),
        (datetime(2012, 1, 1, 0, 0, 0, tzinfo=VIETNAM_TIME), date(2012, 1, 1)),
        (datetime(2011, 12, 31, 12, 0, tzinfo=timezone(timedelta(hours=-12))), date(2012, 1, 1)),
    ],
)
def test_the_day_changes_at_midnight_in_viet_nam(true: datetime, day: date) -> None:
    assert business_moment(true, None).business_on == day


@pytest.mark.parametrize("hour", [0, 16, 17, 23])
def test_the_demonstrations_day_never_slips_over_midnight(hour: int) -> None:
    true = datetime(2026, 1, 5, hour, 59, 59, tzinfo=UTC)
    assert business_moment(true, DEMONSTRATED).business_on == DEMONSTRATED


def test_a_moment_without_a_zone_is_no_moment() -> None:
    aware, naive = datetime(2012, 1, 1, tzinfo=UTC), datetime(2012, 1, 1)  # noqa: DTZ001
    for pair in ((aware, naive), (naive, aware)):
        with pytest.raises(ValueError, match="aware"):
            Moment(*pair)


def test_the_machines_time_is_aware_and_now() -> None:
    assert abs(datetime.now(UTC) - machine_now()) < timedelta(minutes=1)


# --- labels


class Colour(LabelledEnum):
    """Two colours."""

    RED = "RED", "đỏ"
    BLUE = "BLUE", "xanh"


def test_a_label_is_found_by_its_code_and_prints_as_the_code() -> None:
    assert Colour.of("RED") is Colour.RED
    assert (Colour.BLUE.label_vi, str(Colour.BLUE), Colour.BLUE.value) == ("xanh", "BLUE", "BLUE")
    for unknown in ("red", "", "đỏ"):
        with pytest.raises(ValueError, match="is not a Colour"):
            Colour.of(unknown)


# --- findings


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (Location(field="x", sheet="Dự toán", cell="F14", words="Dòng 3"), "Dự toán!F14"),
        (Location(words="Dòng 3, Đơn giá"), "Dòng 3, Đơn giá"),
        (Location(sheet="Dự toán"), "Dự toán"),
        (Location(), "Toàn bộ hồ sơ"),
    ],
)
def test_a_finding_says_where_as_a_person_would(location: Location, words: str) -> None:
    assert location.text_vi == words


def test_only_blocking_findings_stop_an_act_in_the_order_found() -> None:
    findings = [Finding(str(n), severity, "…") for n, severity in enumerate([*Severity, *Severity])]
    assert [finding.code for finding in blocking_findings(findings)] == ["0", "3"]


# --- refusals

BLOCKING = Finding("no-price", Severity.BLOCKS, "Thiếu đơn giá.")


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (NotAllowed("ký duyệt", "Vì A."), FinanceError, "không có quyền “ký duyệt” đối với hồ sơ này. Vì A."),
        (NotFound("dự toán", 7), FinanceError, "Không tìm thấy dự toán được yêu cầu."),
        (StaleVersion(1, 2), Conflict, "đã được người khác thay đổi"),
        (KeyReused("k"), Conflict, "nội dung khác"),
        (RuleBroken("Số tiền không được âm."), RuleBroken, "Số tiền không được âm."),
        (NotReady([BLOCKING, BLOCKING]), RuleBroken, "Còn 2 lỗi phải sửa"),
        (
            RoundClosed("lập và gửi dự toán", datetime(2012, 2, 29, 10, tzinfo=UTC), "17:00 29/02/2012"),
            RuleBroken,
            "Đã hết hạn “lập và gửi dự toán” (17:00 29/02/2012).",
        ),
        (
            NotInThisStatus("nháp", "ký duyệt"),
            RuleBroken,
            "Không thể “ký duyệt” khi hồ sơ đang ở trạng thái “nháp”",
        ),
        (ReasonMissing("trả lại"), RuleBroken, "Phải ghi lý do khi “trả lại”."),
        (EnvelopeExceeded("Năm 2012", 10**9, 10**9 + 1234), RuleBroken, "vượt khả năng cân đối 1.234 đồng"),
        (SignInRefused(), FinanceError, "Tên đăng nhập hoặc mật khẩu không đúng."),
        (SignInRefused(15), FinanceError, "thử lại sau 15 giây"),
        (RecordDamaged("sum"), FinanceError, "Mời báo quản trị."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, FinanceError) else "",
)
def test_every_refusal_says_in_vietnamese_what_and_how_to_go_on(
    error: FinanceError, kind: type[FinanceError], words: str
) -> None:
    assert isinstance(error, kind)
    assert words in error.sentence_vi


def test_an_unknown_name_and_a_wrong_password_sound_alike() -> None:
    assert SignInRefused().sentence_vi == SignInRefused(0).sentence_vi
    assert "mật khẩu" in SignInRefused().sentence_vi
