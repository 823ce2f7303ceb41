"""Forms of a round."""

from __future__ import annotations

from flask_babel import lazy_gettext as later
from wtforms import BooleanField

from finance.programme.classification import Nature, OutputKind
from finance.rounds.rules import RoundKind, RoundStage
from webapp.form_fields import (
    ChoiceField,
    DayField,
    HourField,
    MoneyField,
    PageForm,
    ParagraphField,
    QuantityField,
    WholeField,
    WordsField,
    YearField,
    labelled_choices,
)


class RoundForm(PageForm):
    """What must be known to open a round."""

    code = WordsField(later("Mã đợt"), 40)
    name_vi = WordsField(later("Tên đợt"), 200)
    kind = ChoiceField(later("Loại đợt"), pairs=labelled_choices(RoundKind))
    fiscal_year = YearField(later("Năm ngân sách"))
    last_year = YearField(later("Năm cuối của kinh phí"))
    is_demonstration = BooleanField(later("Đợt minh họa, dùng ngày làm việc riêng"))
    business_on = DayField(later("Ngày làm việc minh họa"), is_optional=True)


class DeadlineForm(PageForm):
    """The last instant of one stage."""

    stage = ChoiceField(later("Giai đoạn"), pairs=labelled_choices(RoundStage))
    due_on = DayField(later("Ngày cuối"))
    due_hour = HourField(later("Giờ cuối"))


class ExtensionForm(PageForm):
    """A longer time to send for one office."""

    agency_id = ChoiceField(later("Cơ quan"))
    until_on = DayField(later("Gia hạn đến ngày"))
    until_hour = HourField(later("Đến giờ"))
    reason = ParagraphField(later("Lý do"), 500)


class CloseForm(PageForm):
    """Why a round is closed."""

    reason = ParagraphField(later("Lý do khép đợt"), 500)


class PracticeForm(PageForm):
    """A round for practice and the round it takes its catalogue from."""

    name_vi = WordsField(later("Tên đợt tập huấn"), 200)
    code = WordsField(later("Mã đợt"), 40)
    model_round_id = ChoiceField(later("Lấy danh mục của đợt"))


class CeilingForm(PageForm):
    """The control figure of one office from one source."""

    agency_id = ChoiceField(later("Cơ quan"))
    source_code = ChoiceField(later("Nguồn kinh phí"))
    amount_vnd = MoneyField(later("Số kiểm tra (đồng)"))


class EnvelopeForm(PageForm):
    """The money there is from one source, nature and year, and what is kept back of it."""

    source_code = ChoiceField(later("Nguồn kinh phí"))
    nature = ChoiceField(later("Tính chất chi"), pairs=labelled_choices((Nature.RECURRENT, Nature.CAPITAL)))
    year = ChoiceField(later("Năm"))
    amount_vnd = MoneyField(later("Khả năng cân đối (đồng)"))
    contingency_vnd = MoneyField(later("Dự phòng để lại (đồng)"))
    unmeasured_vnd = MoneyField(later("Dành cho dự án chưa đo được kết quả (đồng)"))


class OutputForm(PageForm):
    """A result of the round's catalogue with its measured baseline."""

    code = WordsField(later("Mã kết quả"), 40)
    sort = WholeField(later("Thứ tự"))
    name_vi = WordsField(later("Tên kết quả"), 300)
    kind = ChoiceField(later("Cách tính"), pairs=labelled_choices(OutputKind))
    unit_name = WordsField(later("Đơn vị tính"), 60)
    target_code = ChoiceField(later("Thuộc mục tiêu"), is_optional=True)
    task_code = ChoiceField(later("Thuộc nhiệm vụ"), is_optional=True)
    start = QuantityField(later("Mức xuất phát"))
    target = QuantityField(later("Mức phải đạt"))
    year = YearField(later("Năm phải đạt"))
    components = ParagraphField(later("Các phần phải có"), 2000, is_optional=True)
    baseline = QuantityField(later("Hiện trạng"))
    measured_on = DayField(later("Ngày đo"))
    measured_source = ParagraphField(later("Nguồn số liệu"), 1000)
    is_invented = BooleanField(later("Số liệu minh họa, không phải số đo thật"))


class UnitsForm(PageForm):
    """Named units, one a line, as pasted from a spreadsheet."""

    lines = ParagraphField(later("Danh sách đơn vị"), 100_000, render_kw={"rows": 12, "spellcheck": "false"})
