"""The forms of a spending norm; the examples stand in rows of the same form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from wtforms import BooleanField, FieldList, Form, FormField

from finance.findings import Finding
from finance.norms.rules import Example, ExampleVerdict, NormText
from finance.programme.queries import NormRow
from webapp.form_fields import (
    ChoiceField,
    DayField,
    MoneyField,
    PageForm,
    ParagraphField,
    WordsField,
    labelled_choices,
)

EXAMPLE_ROWS = 4


class ExampleForm(Form):
    """A price on a day and what the norm must say of it; an empty row is no example."""

    unit_price_vnd = MoneyField(later("Đơn giá (đồng)"), is_optional=True)
    on = DayField(later("Ngày"), is_optional=True)
    level_code = ChoiceField(later("Cấp"), is_optional=True)
    verdict = ChoiceField(
        later("Phải là"), is_optional=True, pairs=[("", later("Chọn")), *labelled_choices(ExampleVerdict)]
    )

    @property
    def is_blank(self) -> bool:
        """True when nothing was typed into the row."""
        return not (self.unit_price_vnd.typed or self.on.typed or self.verdict.data)

    @property
    def is_whole(self) -> bool:
        """True when the row says everything an example needs."""
        return self.unit_price_vnd.data is not None and self.on.data is not None and bool(self.verdict.data)

    def example(self) -> Example:
        """The row as an example."""
        verdict = ExampleVerdict.of(self.verdict.data)
        return Example(self.unit_price_vnd.data, self.on.data, verdict, self.level_code.data or "")


class NormForm(PageForm):
    """What a norm says."""

    code = WordsField(later("Mã định mức"), 16, is_optional=True)
    item_vi = WordsField(later("Nội dung chi"), 300)
    unit_name = WordsField(later("Đơn vị tính"), 80)
    max_vnd = MoneyField(later("Mức trần (đồng)"))
    level_code = ChoiceField(later("Áp dụng cho cấp"), is_optional=True)
    is_firm = BooleanField(later("Không cho phép vượt, kể cả có lý do"))
    legal_reference = WordsField(later("Căn cứ (số, ngày văn bản, điều khoản)"), 200)
    valid_from = DayField(later("Có hiệu lực từ ngày"))
    valid_to = DayField(later("Đến hết ngày"), is_optional=True)
    note = ParagraphField(later("Ghi chú"), 2000, is_optional=True)
    examples = FieldList(FormField(ExampleForm), min_entries=EXAMPLE_ROWS, max_entries=EXAMPLE_ROWS)

    def offer_levels(self, levels: Sequence[tuple[str, str]]) -> None:
        """Put the levels of offices on offer."""
        self.level_code.offer([("", _("Mọi cấp")), *levels])
        for row in self.examples:
            row.form.level_code.offer([("", _("Mọi cấp")), *levels])

    def text(self) -> NormText:
        """What the form says; it must have been found readable."""
        return NormText(
            item_vi=self.item_vi.data or "",
            unit_name=self.unit_name.data or "",
            max_vnd=self.max_vnd.data,
            legal_reference=self.legal_reference.data or "",
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            level_code=self.level_code.data or "",
            is_firm=bool(self.is_firm.data),
            note=self.note.data or "",
        )

    def read_examples(self) -> list[Example]:
        """The rows that are filled in."""
        return [row.form.example() for row in self.examples if row.form.is_whole]

    def note_half_rows(self) -> bool:
        """Say at each row that is begun but not whole what it lacks; True when there is one."""
        half = [row.form for row in self.examples if not row.form.is_blank and not row.form.is_whole]
        for form in half:
            form.verdict.errors = [
                _("Ví dụ cần đủ đơn giá, ngày và kết luận; để trống cả dòng nếu không dùng.")
            ]
        return bool(half)

    def take_findings(self, findings: Sequence[Finding]) -> None:
        """Put each finding under the field it names."""
        whole = [row.form for row in self.examples if row.form.is_whole] or [self.examples[0].form]
        for finding in findings:
            name = finding.location.field
            if name.startswith("examples-"):
                _head, number, field = name.split("-")
                target = whole[min(int(number), len(whole) - 1)][field]
            else:
                target = self[name]
            target.errors = [*target.errors, finding.message_vi]

    def error_lines(self) -> Iterator[tuple[str, str]]:
        """(id of the box, what is wrong with it), in the order of the page."""
        for field in self:
            if field.name != "examples":
                yield from ((field.id, f"{field.label.text}: {said}") for said in field.errors)
        for number, row in enumerate(self.examples, start=1):
            for field in row.form:
                words = _("Ví dụ %(number)s", number=number)
                yield from ((field.id, f"{words}, {field.label.text}: {said}") for said in field.errors)


class RepealForm(PageForm):
    """How a norm ends."""

    last_day = DayField(later("Áp dụng đến hết ngày"))
    ended_by = WordsField(later("Văn bản bãi bỏ"), 300)


def form_from(norm: NormRow) -> dict[str, object]:
    """What the form of the next version begins with."""
    return {
        "item_vi": norm.item_vi,
        "unit_name": norm.unit_name,
        "max_vnd": norm.max_vnd,
        "level_code": norm.level_code,
        "is_firm": norm.is_firm,
    }


def example_rows(norm: NormRow | None, on: date) -> list[dict[str, object]]:
    """Examples to begin with: a price at the ceiling and one above it."""
    if norm is None:
        return []
    return [
        {"unit_price_vnd": norm.max_vnd, "on": on, "verdict": ExampleVerdict.WITHIN.value, "level_code": ""},
        {
            "unit_price_vnd": norm.max_vnd + 1000,
            "on": on,
            "verdict": ExampleVerdict.ABOVE.value,
            "level_code": "",
        },
    ]
