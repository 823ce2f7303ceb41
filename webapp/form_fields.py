"""Form fields that read what officials write: đồng, days, hours, quantities. What is unclear is refused.

A field that cannot read its text keeps the text and says why in Vietnamese; nothing is guessed.
Dates are typed as dd/mm/yyyy: the date box of an English browser shows 02/06 for the sixth of February.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any, TypeAlias

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from finance.clock import VIETNAM_TIME
from finance.labels import LabelledEnum
from finance.money import NumberUnclear, format_quantity, format_vnd, parse_quantity, parse_vnd
from finance.vietnamese.dates import format_date, read_written_date
from finance.vietnamese.normal import nfc
from webapp.formatting import sentence_case

# Codes and what people read, in the order of the list; the text may be translated later.
Pairs: TypeAlias = Iterable[tuple[str, Any]]

_HOUR = re.compile(r"(\d{1,2})(?:[:hH](\d{2})?)?")


def parse_day(text: str) -> date:
    """Read a day as officials write it, dd/mm/yyyy before all.

    Raises:
        ValueError: with a Vietnamese sentence.
    """
    return read_written_date(text)


def parse_hour(text: str) -> time:
    """Read an hour as 17:00, 17h00 or 17h.

    Raises:
        ValueError: with a Vietnamese sentence.
    """
    match = _HOUR.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise ValueError(_("Chưa đọc được giờ “%(text)s”; mời ghi giờ:phút, ví dụ 17:00.", text=text))
    return time(int(match[1]), int(match[2] or 0))


class PageForm(FlaskForm):
    """A form of a page of ours. It reads the boxes of a sent form and nothing else.

    What it stands on would also take a file or a JSON body in place of a box, and stumble over both.
    """

    def __init__(self, **more: Any) -> None:
        more.setdefault("formdata", request.form or None)
        super().__init__(**more)


class ReadField(StringField):
    """A text that is read into a value; `data` is the value, `typed` the text as it was written."""

    read: Callable[[str], Any]
    show: Callable[[Any], str]
    data: Any

    def __init__(
        self, label: Any = None, validators: Any = (), *, is_optional: bool = False, **more: Any
    ) -> None:
        super().__init__(label, validators, **more)
        self.is_optional = is_optional
        self.flags.required = not is_optional
        self.typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.typed = tidy_words(valuelist[0])
        self.data = None
        if not self.typed and self.is_optional:
            return
        if not self.typed:
            raise ValueError(_("Mời điền ô này."))
        try:
            self.data = type(self).read(self.typed)
        except NumberUnclear as unclear:
            raise ValueError(str(unclear)) from unclear

    def pre_validate(self, form: Any) -> None:
        """A field missing from the request altogether is not filled in either."""
        if self.data is None and not self.is_optional and not self.process_errors:
            raise ValidationError(_("Mời điền ô này."))

    def _value(self) -> str:
        if self.typed or self.data is None:
            return self.typed
        return type(self).show(self.data)


class MoneyField(ReadField):
    """An amount in whole đồng."""

    read = staticmethod(parse_vnd)
    show = staticmethod(format_vnd)

    def __init__(self, label: Any = None, validators: Any = (), **more: Any) -> None:
        more.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label, validators, **more)


class QuantityField(ReadField):
    """A quantity in whole thousandths, typed as 1.234,5."""

    read = staticmethod(parse_quantity)
    show = staticmethod(format_quantity)

    def __init__(self, label: Any = None, validators: Any = (), **more: Any) -> None:
        more.setdefault("render_kw", {"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(label, validators, **more)


class DayField(ReadField):
    """A day, typed as dd/mm/yyyy."""

    read = staticmethod(parse_day)
    show = staticmethod(format_date)

    def __init__(self, label: Any = None, validators: Any = (), **more: Any) -> None:
        more.setdefault("render_kw", {"autocomplete": "off", "placeholder": "dd/mm/yyyy"})
        super().__init__(label, validators, **more)


class HourField(ReadField):
    """An hour of the day, typed as 17:00."""

    read = staticmethod(parse_hour)
    show = staticmethod(lambda hour: f"{hour:%H:%M}")


class WordsField(StringField):
    """A line of text, tidied (NFC, no spaces at the ends) and of limited length."""

    def __init__(self, label: Any, longest: int, *, is_optional: bool = False, **more: Any) -> None:
        super().__init__(label, _words_rules(longest, is_optional=is_optional), filters=[tidy_words], **more)


class ParagraphField(TextAreaField):
    """The same over several lines."""

    def __init__(self, label: Any, longest: int, *, is_optional: bool = False, **more: Any) -> None:
        more.setdefault("render_kw", {"rows": 3})
        super().__init__(label, _words_rules(longest, is_optional=is_optional), filters=[tidy_words], **more)


class ChoiceField(SelectField):
    """A choice of (code, text) pairs; an unknown code is refused in Vietnamese, and so is the empty one,
    which only prompts, unless the choice is optional."""

    def __init__(
        self, label: Any = None, *, is_optional: bool = False, pairs: Pairs = (), **more: Any
    ) -> None:
        super().__init__(label, choices=_as_choices(pairs), **more)
        self.type = "SelectField"  # the field macro knows it by this name
        self.is_optional = is_optional
        self.flags.required = not is_optional

    def offer(self, pairs: Pairs) -> None:
        """Put these pairs on offer."""
        self.choices = _as_choices(pairs)

    def pre_validate(self, form: Any) -> None:
        if not self.data and self.is_optional:
            return
        if not self.data or not any(choice.value == str(self.data) for choice in self.choices):
            raise ValidationError(_("Mời chọn một dòng trong danh sách."))


class YearField(ReadField):
    """A year of four figures."""

    @staticmethod
    def read(text: str) -> int:
        if not re.fullmatch(r"(19|20|21)\d\d", text):
            raise ValueError(_("Năm gồm bốn chữ số, ví dụ 2012."))
        return int(text)

    show = staticmethod(str)

    def __init__(self, label: Any = None, validators: Any = (), **more: Any) -> None:
        more.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"})
        super().__init__(label, validators, **more)


class WholeField(ReadField):
    """A small whole number, such as a place in a list."""

    @staticmethod
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text):
            raise ValueError(_("Mời ghi một số nguyên, ví dụ 12."))
        return int(text)

    show = staticmethod(str)


def labelled_choices(members: Iterable[LabelledEnum]) -> list[tuple[str, str]]:
    """Members of an enum as (code, label with a large first letter), in their own order."""
    return [(str(member.value), sentence_case(member.label_vi)) for member in members]


def tidy_words(text: Any) -> str:
    """One Unicode form, no spaces at the ends; a file sent in place of words says nothing."""
    return nfc(text).strip() if isinstance(text, str) else ""


def at_hour(day: date, hour: time) -> datetime:
    """That hour of that day in Viet Nam."""
    return datetime.combine(day, hour, VIETNAM_TIME)


def _as_choices(pairs: Pairs) -> list[SelectChoice]:
    return [SelectChoice(value=str(value), label=text) for value, text in pairs]


def _words_rules(longest: int, *, is_optional: bool) -> list[Any]:
    rules: list[Any] = [Length(max=longest, message=later("Nhiều nhất %(longest)s ký tự.", longest=longest))]
    return rules if is_optional else [DataRequired(later("Mời điền ô này.")), *rules]
