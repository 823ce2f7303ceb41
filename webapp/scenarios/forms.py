"""Forms of a scenario's rules: a limit, a word about a project, a tie between projects."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as later
from wtforms import BooleanField

from finance.estimates.levels import LevelCode
from finance.programme.classification import Nature
from finance.scenarios.question_overview import QuestionOverview
from finance.scenarios.rules import LinkKind, LockKind
from webapp.form_fields import ChoiceField, MoneyField, PageForm, ParagraphField, WordsField, labelled_choices

ANY = ("", later("Tất cả"))


class ScenarioForm(PageForm):
    """A new scenario."""

    name_vi = WordsField(later("Tên phương án"), 200)
    purpose_vi = ParagraphField(later("Mục đích, điểm khác so với phương án khác"), 1000, is_optional=True)


class LimitForm(PageForm):
    """A floor or ceiling; each mark left at "Tất cả" restricts nothing."""

    words_vi = WordsField(later("Tên giới hạn"), 300)
    legal_reference = WordsField(later("Căn cứ"), 200, is_optional=True)
    agency = ChoiceField(later("Cơ quan"), is_optional=True)
    area = ChoiceField(later("Lĩnh vực cải cách"), is_optional=True)
    source = ChoiceField(later("Nguồn"), is_optional=True)
    nature = ChoiceField(later("Tính chất chi"), is_optional=True)
    year = ChoiceField(later("Năm"), is_optional=True)
    at_least_vnd = MoneyField(later("Ít nhất (đồng)"), is_optional=True)
    at_most_vnd = MoneyField(later("Nhiều nhất (đồng)"), is_optional=True)
    is_hard = BooleanField(later("Bắt buộc: không phương án nào được vi phạm"), default=True)

    def offer(self, scopes: dict[str, list[tuple[str, str]]]) -> LimitForm:
        """Fill the lists from what the round knows."""
        self.agency.offer([ANY, *scopes["agencies"]])
        self.area.offer([ANY, *scopes["areas"]])
        self.source.offer([ANY, *scopes["sources"]])
        natures = [one for one in Nature if one is not Nature.BOTH]
        self.nature.offer([ANY, *labelled_choices(natures)])
        self.year.offer([ANY, *scopes["years"]])
        return self


class LockForm(PageForm):
    """A word about one project before the run."""

    project = ChoiceField(later("Dự án"))
    kind = ChoiceField(later("Quyết định"), pairs=labelled_choices(LockKind))
    level = ChoiceField(later("Mức"), is_optional=True)
    reason = ParagraphField(later("Lý do (đơn vị sẽ đọc)"), 1000)

    def offer(self, overview: QuestionOverview) -> LockForm:
        """Fill the lists from the pool."""
        self.project.offer([("", later("Chọn dự án")), *project_choices(overview)])
        self.level.offer([("", later("Không nêu mức")), *((one.value, one.label_vi) for one in LevelCode)])
        return self


class LinkForm(PageForm):
    """A tie between two to four projects."""

    kind = ChoiceField(later("Ràng buộc"), pairs=labelled_choices(LinkKind))
    first = ChoiceField(later("Dự án thứ nhất"))
    second = ChoiceField(later("Dự án thứ hai"))
    third = ChoiceField(later("Dự án thứ ba"), is_optional=True)
    fourth = ChoiceField(later("Dự án thứ tư"), is_optional=True)
    reason = ParagraphField(later("Lý do"), 1000, is_optional=True)

    def offer(self, overview: QuestionOverview) -> LinkForm:
        """Fill the lists from the projects that results decide about."""
        for field in self.chosen:
            field.offer([("", later("Chọn dự án")), *project_choices(overview)])
        return self

    @property
    def chosen(self) -> tuple[Any, ...]:
        """The four project fields, in order."""
        return (self.first, self.second, self.third, self.fourth)


def project_choices(overview: QuestionOverview) -> list[tuple[str, str]]:
    """The projects that results decide about, by office."""
    return [(str(one.project_id), f"{one.agency_short}: {one.name_vi}") for one in overview.choices]
