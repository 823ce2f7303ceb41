"""Forms of the own office."""

from __future__ import annotations

from flask_babel import lazy_gettext as later
from wtforms import SelectMultipleField

from webapp.form_fields import ChoiceField, DayField, PageForm, ParagraphField, WordsField


class DelegationForm(PageForm):
    """What a written delegation says."""

    function = ChoiceField(later("Phần việc"))
    delegate_id = ChoiceField(later("Người được ủy quyền"))
    acts = SelectMultipleField(later("Việc được ủy quyền"), validate_choice=False)
    valid_from = DayField(later("Từ ngày"))
    valid_to = DayField(later("Đến hết ngày"))
    document_number = WordsField(later("Số văn bản ủy quyền"), 60)
    document_on = DayField(later("Ngày văn bản"))


class RevokeForm(PageForm):
    """Why a delegation ends before its day."""

    reason = ParagraphField(later("Lý do thu hồi"), 500)
