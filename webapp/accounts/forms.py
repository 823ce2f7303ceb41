"""Forms of one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as later
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from finance.agencies.rules import MAX_PASSWORD_LENGTH
from webapp.form_fields import PageForm

# Longer texts cannot be right and would only cost hashing time.
LONGEST_TYPED = 4 * MAX_PASSWORD_LENGTH


class SignInForm(PageForm):
    """Name and password; `next` leads back to the page asked for."""

    login = StringField(
        later("Tên đăng nhập"),
        [InputRequired(later("Mời nhập tên đăng nhập.")), Length(max=80, message=later("Tên quá dài."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        later("Mật khẩu"),
        [
            InputRequired(later("Mời nhập mật khẩu.")),
            Length(max=LONGEST_TYPED, message=later("Mật khẩu quá dài.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class PasswordForm(PageForm):
    """The old password and the new one, twice."""

    old_password = PasswordField(
        later("Mật khẩu hiện tại"),
        [
            InputRequired(later("Mời nhập mật khẩu hiện tại.")),
            Length(max=LONGEST_TYPED, message=later("Mật khẩu quá dài.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = PasswordField(
        later("Mật khẩu mới"),
        [
            InputRequired(later("Mời nhập mật khẩu mới.")),
            Length(max=LONGEST_TYPED, message=later("Mật khẩu quá dài.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    repeated_password = PasswordField(
        later("Nhập lại mật khẩu mới"),
        [EqualTo("new_password", message=later("Hai lần nhập mật khẩu mới không giống nhau."))],
        render_kw={"autocomplete": "new-password"},
    )
