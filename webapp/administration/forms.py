"""Forms of the administrator."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import PasswordField
from wtforms.validators import DataRequired, Length, ValidationError

from finance.actors import Capacity, Function
from finance.agencies.rules import MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH
from webapp.form_fields import ChoiceField, DayField, PageForm, ParagraphField, WordsField, labelled_choices

# Kinds of offices as the reference files name them.
OFFICE_KINDS = (
    ("department", later("Sở")),
    ("office", later("Văn phòng")),
    ("inspectorate", later("Thanh tra")),
    ("board", later("Ban")),
    ("zone_authority", later("Ban quản lý khu")),
    ("district_committee", later("Ủy ban nhân dân cấp huyện")),
    ("commune_committee", later("Ủy ban nhân dân cấp xã")),
    ("committee", later("Ủy ban nhân dân tỉnh")),
    ("other", later("Cơ quan khác")),
)


class AgencyForm(PageForm):
    """What must be known to register an office."""

    name_vi = WordsField(later("Tên đầy đủ"), 200)
    short_vi = WordsField(later("Tên ngắn"), 80)
    code = WordsField(later("Mã cơ quan"), 40)
    kind = ChoiceField(later("Loại"), pairs=OFFICE_KINDS)
    budget_code = WordsField(later("Mã đơn vị quan hệ ngân sách"), 7, is_optional=True)
    valid_from = DayField(later("Thành lập ngày"), is_optional=True)
    source = WordsField(later("Căn cứ"), 200)

    def validate_budget_code(self, field: WordsField) -> None:
        """Seven figures, or nothing yet."""
        if field.data and not (field.data.isascii() and field.data.isdigit() and len(field.data) == 7):
            raise ValidationError(_("Mã gồm bảy chữ số; để trống nếu chưa có."))


class FunctionForm(PageForm):
    """A function given to an office from a date on."""

    function = ChoiceField(
        later("Chức năng"),
        pairs=labelled_choices(function for function in Function if function is not Function.PREPARE),
    )
    valid_from = DayField(later("Từ ngày"))
    source = WordsField(later("Căn cứ"), 200)


class EndFunctionForm(PageForm):
    """The last day of a function and the decision that takes it."""

    function = ChoiceField(
        later("Chức năng"),
        pairs=labelled_choices(function for function in Function if function is not Function.PREPARE),
    )
    last_day = DayField(later("Ngày cuối"))
    source = WordsField(later("Căn cứ"), 200)


class PersonForm(PageForm):
    """Someone who can sign in."""

    full_name = WordsField(later("Họ và tên"), 200)
    login = WordsField(
        later("Tên đăng nhập"),
        80,
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        later("Mật khẩu ban đầu"),
        [
            DataRequired(later("Mời điền ô này.")),
            Length(
                min=MIN_PASSWORD_LENGTH,
                max=MAX_PASSWORD_LENGTH,
                message=later(
                    "Mật khẩu có từ %(least)s đến %(most)s ký tự.",
                    least=MIN_PASSWORD_LENGTH,
                    most=MAX_PASSWORD_LENGTH,
                ),
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class PositionForm(PageForm):
    """A seat given to a person between two dates."""

    agency_id = ChoiceField(later("Cơ quan"))
    function = ChoiceField(later("Chức năng"), pairs=labelled_choices(Function))
    capacity = ChoiceField(later("Tư cách"), pairs=labelled_choices(Capacity))
    title_vi = WordsField(later("Chức danh"), 120)
    valid_from = DayField(later("Từ ngày"))
    valid_to = DayField(later("Đến hết ngày"), is_optional=True)

    def validate_valid_to(self, field: DayField) -> None:
        """The last day lies not before the first."""
        first = self.valid_from.data
        if field.data and first and field.data < first:
            raise ValidationError(_("Ngày cuối không được trước ngày đầu."))


class EndPositionForm(PageForm):
    """The last day of a seat."""

    last_day = DayField(later("Ngày cuối giữ vị trí"))


class LockForm(PageForm):
    """Why an account is locked."""

    reason = ParagraphField(later("Lý do"), 500)


class ClockForm(PageForm):
    """The demonstration's business date."""

    business_on = DayField(later("Ngày làm việc"))
