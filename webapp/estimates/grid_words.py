"""What the script of the cost grid says, given to it as data so that it goes through gettext."""

from __future__ import annotations

from flask_babel import gettext as _

Words = dict[str, str | dict[str, str]]


def grid_words() -> Words:
    """Words by key; `{name}` in a text is filled by the script (static/js/estimate_grid.js)."""
    return {
        "pasted": _("Đã dán {count} dòng từ dòng {first}; {unclear} ô cần xem lại"),
        "withoutColumns": _("không lấy cột: {columns}"),
        "withoutTotals": _("không lấy {count} dòng cộng"),
        "withoutHidden": _("không lấy {count} cột, dòng đang ẩn trong bảng tính"),
        "otherAmounts": _("{count} dòng có thành tiền trong bảng tính khác với đơn giá × số lượng"),
        "back": _("Đã hoàn tác."),
        "forward": _("Đã làm lại."),
        "moved": _("Đã chuyển thành dòng {number}."),
        "dropped": _("Đã xóa dòng {number}; bấm “Hoàn tác” để lấy lại."),
        "norm": _("≤ {most} đ/{unit}"),
        "unclear": _("Chưa rõ số “{text}”."),
        "readings": _("Có thể đọc là: {readings}."),
        "orElse": _("; hoặc "),
        "parts": {
            "unit_price_vnd": _("Đơn giá"),
            "frequency_thousandths": _("Số lần"),
            "quantities": _("Số lượng"),
        },
        "kept": _("Đã lưu lúc {hour} (bản nháp)"),
        "notKept": _("Chưa lưu được, sẽ thử lại"),
        "signedOut": _("Chưa lưu được: phiên đăng nhập đã hết; nội dung còn giữ trong trình duyệt này"),
        "refused": _("Chưa lưu được: dự toán không còn mở để sửa, hoặc trang đã cũ; mời tải lại trang"),
        "elsewhere": _("Đồng chí đang nhập dự án này ở một trang khác, lưu lúc {hour}."),
        "goOnHere": _("Nhập tiếp ở trang này"),
    }
