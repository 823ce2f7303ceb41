"""What the demonstration's finance office keeps: one norm with its examples, one rule that will block."""

from __future__ import annotations

from datetime import date

from finance.actors import Function
from finance.norms.operations import add_norm
from finance.norms.rules import Example, ExampleVerdict, NormText
from finance.rulebook.operations import date_rule
from webapp.demonstration.story import Story

_BASIS = "Định mức minh họa, không có giá trị pháp lý"
_FIRST_DAY = date(2012, 1, 9)
_NORM = NormText(
    item_vi="Nhập dữ liệu hồ sơ một cửa",
    unit_name="hồ sơ",
    max_vnd=2_500,
    legal_reference=_BASIS,
    valid_from=_FIRST_DAY,
    valid_to=date(2012, 12, 31),
    is_confirmed=False,
    note="Số tiền tự đặt ra để trình diễn hệ thống.",
)
_EXAMPLES = (
    Example(2_500, date(2012, 2, 20), ExampleVerdict.WITHIN),
    Example(2_600, date(2012, 2, 20), ExampleVerdict.ABOVE),
    Example(2_500, date(2013, 1, 1), ExampleVerdict.NOT_APPLIED),
)
# Began with this round: it warns now and blocks from the next quarter.
_NEW_RULE, _BLOCKS_FROM = "NORM_OTHER_LEVEL", date(2012, 4, 1)


def keep_norms_and_rules(story: Story) -> None:
    """Let the finance office write the norm and set the day of the rule."""
    finance_office = story.holder(Function.ESTIMATE_APPRAISAL, "opened")
    add_norm(story.session, finance_office, "MH21", _NORM, examples=_EXAMPLES)
    date_rule(
        story.session,
        finance_office,
        _NEW_RULE,
        blocks_from=_BLOCKS_FROM,
        legal_reference="Công văn minh họa, không có giá trị pháp lý",
        seen_edit=0,
    )
