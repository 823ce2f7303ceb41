"""The words that scripts say, given to them as data so that they go through gettext like all text."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _


def page_words() -> dict[str, str]:
    """Words by key; `{name}` in a text is filled by the script (static/js/words.js)."""
    return {
        "agree": _("Đồng ý"),
        "drop": _("Thôi"),
        "close": _("Đóng"),
        "keys": _("Phím tắt"),
        "keysHelp": _("Xem các phím tắt"),
        "keysSearch": _("Đến ô tìm kiếm"),
        "home": _("Việc của tôi"),
        "lostLine": _("Chưa liên lạc được với máy chủ; nội dung trên trang vẫn còn. Mời thử lại."),
        "rows": _("{count} dòng"),
        "rowsFound": _("{found}/{count} dòng"),
        "kept": _("Còn nội dung đã nhập lúc {hour} chưa gửi."),
        "restore": _("Lấy lại"),
        "forget": _("Bỏ"),
    }


def install_page_words(app: Flask) -> None:
    """Give templates `page_words()`."""
    app.jinja_env.globals["page_words"] = page_words
