"""From what was typed to a draft: amounts, quantities and years are read or refused, never guessed.

What cannot be read is a finding at its box. The rest of the project is still built, with nought in
place of the unreadable figure, so that the person sees every mistake at once; such a draft is shown,
never saved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from flask_babel import gettext as _

from finance.estimates.draft import LineDraft, ProjectDraft, PromiseDraft, tidy_project
from finance.estimates.levels import LevelCode
from finance.findings import Finding, Location, Severity
from finance.labels import LabelledEnum
from finance.money import NumberUnclear, parse_quantity, parse_vnd
from finance.programme.classification import Nature, ProjectKind
from finance.vietnamese.legacy_encodings import why_unreadable_vi
from webapp.estimates.typed_project import LINE_KEY, TypedLine, TypedProject, TypedPromise

Member = TypeVar("Member", bound=LabelledEnum)
ONCE_THOUSANDTHS = 1000
LONGEST_SHOWN = 40  # letters of a refused text in its sentence


@dataclass(frozen=True, slots=True)
class ReadProject:
    """A project as far as it could be read, and what could not be."""

    project: ProjectDraft
    findings: tuple[Finding, ...]

    @property
    def is_readable(self) -> bool:
        """True when every box was read."""
        return not self.findings


class _Reader:
    """Collects what could not be read while the parts of a project are built."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def refuse(self, field: str, words: str, message: str) -> None:
        """Note that a box cannot be read."""
        place = Location(field=field, words=words)
        self.findings.append(Finding("UNREADABLE", Severity.BLOCKS, message, place))

    def text(self, text: str, field: str, words: str) -> str:
        """The text, refused when its letters were lost on the way or are an old font's."""
        reason = why_unreadable_vi(text)
        if reason:
            shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
            advice = _("Chữ “%(text)s” %(reason)s; mời gõ lại bằng Unicode.", text=shown, reason=reason)
            self.refuse(field, words, advice)
        return text

    def number(self, text: str, parse: Callable[[str], int], blank: int, field: str, words: str) -> int:
        """The figure in a box; `blank` when it is empty."""
        if not text.strip():
            return blank
        try:
            return parse(text)
        except NumberUnclear as unclear:
            self.refuse(field, words, str(unclear))
            return blank

    def choice(self, text: str, kind: type[Member], field: str, words: str) -> Member:
        """The chosen member; the first one stands in for an unknown code."""
        try:
            return kind.of(text)
        except ValueError:
            self.refuse(field, words, _("Không có “%(text)s” trong danh sách; mời chọn lại.", text=text))
            return next(iter(kind))

    def year(self, text: str, field: str, words: str) -> int:
        """A year of four figures."""
        if re.fullmatch(r"[0-9]{4}", text.strip()):
            return int(text)
        self.refuse(field, words, _("Chưa đọc được năm “%(text)s”; mời ghi bốn chữ số.", text=text))
        return 0


def read_project(typed: TypedProject) -> ReadProject:
    """Read every box of the form.

    Args:
        typed: what stands in the boxes; empty rows are not asked for.

    Returns:
        The tidied project, and one finding for each box that cannot be read.
    """
    reader = _Reader()
    head = typed.values
    priority = head["priority"].strip()
    if not re.fullmatch(r"[0-9]{1,4}", priority):
        reader.refuse("priority", _("Thứ tự ưu tiên"), _("Mời ghi một số nguyên, ví dụ 1."))
        priority = "1"
    project = ProjectDraft(
        project_key=head["project_key"],
        priority=int(priority),
        name_vi=reader.text(head["name_vi"], "name_vi", _("Tên dự án")),
        kind=reader.choice(head["kind"], ProjectKind, "kind", _("Loại")),
        task_code=head["task_code"],
        place=reader.text(head["place"], "place", _("Địa bàn thực hiện")),
        justification=reader.text(head["justification"], "justification", _("Thuyết minh sự cần thiết")),
        target_codes=typed.target_codes,
        levels=tuple(LevelCode.of(code) for code in typed.levels),
        lines=tuple(_read_line(reader, index, line) for index, line in enumerate(typed.filled_lines)),
        promises=tuple(
            _read_promise(reader, index, promise, typed.levels)
            for index, promise in enumerate(typed.filled_promises)
        ),
    )
    # Promises keep the order of the form: a finding names the row in which the person wrote.
    return ReadProject(replace(tidy_project(project), promises=project.promises), tuple(reader.findings))


def findings_of_project(findings: list[Finding], index: int) -> Iterator[Finding]:
    """The findings at one project of a draft, with the fields as this project's own page names them."""
    prefix = f"projects-{index}-"
    for finding in findings:
        if finding.location.field.startswith(prefix):
            field = finding.location.field.removeprefix(prefix)
            words = finding.location.words.partition(", ")[2] or finding.location.words
            place = Location(field=field, words=words[:1].upper() + words[1:])
            yield Finding(finding.code, finding.severity, finding.message_vi, place, finding.remedy_vi)


def _read_line(reader: _Reader, index: int, line: TypedLine) -> LineDraft:
    values, row = line.values, _("Dòng chi %(number)s", number=index + 1)

    def at(part: str) -> str:
        return f"lines-{index}-{part}"

    def text(part: str, words: str) -> str:
        return reader.text(values[part], at(part), f"{row}, {words}")

    return LineDraft(
        item_vi=text("item_vi", _("Nội dung chi")),
        source_code=values["source_code"],
        nature=reader.choice(values["nature"], Nature, at("nature"), f"{row}, {_('Tính chất')}"),
        year=reader.year(values["year"], at("year"), f"{row}, {_('Năm')}"),
        unit_name=text("unit_name", _("ĐVT")),
        unit_price_vnd=reader.number(
            values["unit_price_vnd"], parse_vnd, 0, at("unit_price_vnd"), f"{row}, {_('Đơn giá')}"
        ),
        quantities=tuple(
            reader.number(text, parse_quantity, 0, at(f"quantities-{place}"), f"{row}, {_('Số lượng')}")
            for place, text in enumerate(line.quantities)
        ),
        frequency_thousandths=reader.number(
            values["frequency_thousandths"],
            parse_quantity,
            ONCE_THOUSANDTHS,
            at("frequency_thousandths"),
            f"{row}, {_('Số lần')}",
        ),
        budget_code=values["budget_code"],
        norm_code=values["norm_code"],
        over_norm_reason=text("over_norm_reason", _("Lý do vượt định mức")),
        note=text("note", _("Ghi chú")),
        line_key=values[LINE_KEY],
    )


def _read_promise(
    reader: _Reader, index: int, promise: TypedPromise, levels: tuple[str, ...]
) -> PromiseDraft:
    values, row = promise.values, _("Kết quả %(number)s", number=index + 1)
    level = values["level"] or levels[-1]
    return PromiseDraft(
        level=levels.index(level) + 1 if level in levels else len(levels),
        output_code=values["output_code"],
        year=reader.year(values["year"], f"promises-{index}-year", f"{row}, {_('Năm')}"),
        quantity_thousandths=reader.number(
            values["quantity_thousandths"],
            parse_quantity,
            0,
            f"promises-{index}-quantity_thousandths",
            f"{row}, {_('Số lượng')}",
        ),
        component=values["component"],
        unit_codes=promise.unit_codes,
    )
