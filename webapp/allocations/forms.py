"""Forms of the decision: changing one award, returning, approving with number and date."""

from __future__ import annotations

from flask_babel import lazy_gettext as later

from finance.allocations.queries import AwardRow
from webapp.form_fields import ChoiceField, DayField, PageForm, ParagraphField, WordsField

NOTHING = "0"


class AwardForm(PageForm):
    """Another level, or nothing, and why."""

    level = ChoiceField(later("Mức bố trí"))
    reason = ParagraphField(later("Lý do (đơn vị đọc nguyên văn)"), 1000)

    def offer(self, award: AwardRow) -> AwardForm:
        """The award's levels, and nothing."""
        levels = ((str(choice.level_id), choice.label_vi) for choice in award.choices)
        self.level.offer([(NOTHING, later("Không bố trí")), *levels])
        return self

    @property
    def level_id(self) -> int | None:
        """The level chosen; None for nothing."""
        return int(self.level.data) if self.level.data != NOTHING else None


class ReturnForm(PageForm):
    """Why the decision goes back."""

    reason = ParagraphField(later("Lý do trả lại"), 1000)


class ApprovalForm(PageForm):
    """The number and the day of the decision."""

    number = WordsField(later("Số quyết định"), 60)
    signed_on = DayField(later("Ngày ký"))
