"""The papers projects must attach: everybody reads the table; the finance office adds and ends its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug.wrappers import Response
from wtforms import BooleanField

from finance.actions import Action
from finance.dossiers.operations import add_required_paper, end_required_paper
from finance.dossiers.queries import PaperRow, paper_table
from finance.dossiers.rules import LONGEST_PAPER_BASIS, LONGEST_PAPER_NAME, PaperRequirement
from finance.errors import NotFound
from finance.findings import Severity
from finance.permissions import may
from finance.programme.classification import Nature, ProjectKind
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.form_fields import (
    ChoiceField,
    DayField,
    MoneyField,
    PageForm,
    ParagraphField,
    WordsField,
    labelled_choices,
)
from webapp.request_scope import present_moment, read
from webapp.rulebook.blueprint import blueprint

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]

# What a paper that is not there does, in the words of the rules' page.
EFFECTS = (
    (Severity.BLOCKS, later("Chặn")),
    (Severity.WARNS, later("Cảnh báo")),
    (Severity.HINTS, later("Gợi ý")),
)
# Money of both natures is asked for by leaving the nature out.
NATURES = (Nature.RECURRENT, Nature.CAPITAL)


class PaperForm(PageForm):
    """A new row of the table of papers."""

    code = WordsField(later("Mã giấy tờ"), 40)
    name_vi = WordsField(later("Tên giấy tờ"), LONGEST_PAPER_NAME)
    project_kind = ChoiceField(
        later("Loại dự án"), is_optional=True, pairs=[("", later("Mọi loại")), *labelled_choices(ProjectKind)]
    )
    nature = ChoiceField(
        later("Tính chất nguồn"),
        is_optional=True,
        pairs=[("", later("Mọi nguồn")), *labelled_choices(NATURES)],
    )
    least_vnd = MoneyField(later("Từ số tiền (đồng)"), is_optional=True)
    only_continuing = BooleanField(later("Chỉ hỏi dự án tiếp tục từ năm trước"))
    severity = ChoiceField(
        later("Khi chưa có"), pairs=[("", later("Chọn")), *((one.value, said) for one, said in EFFECTS)]
    )
    valid_from = DayField(later("Yêu cầu từ ngày"))
    valid_to = DayField(later("Đến hết ngày"), is_optional=True)
    legal_reference = WordsField(later("Căn cứ (số, ngày văn bản, điều khoản)"), LONGEST_PAPER_BASIS)
    note = ParagraphField(later("Ghi chú"), 1000, is_optional=True)

    def requirement(self) -> PaperRequirement:
        """The row as it was typed."""
        return PaperRequirement(
            code=self.code.data or "",
            name_vi=self.name_vi.data or "",
            project_kind=ProjectKind.of(self.project_kind.data) if self.project_kind.data else None,
            nature=Nature.of(self.nature.data) if self.nature.data else None,
            least_vnd=self.least_vnd.data or 0,
            only_continuing=bool(self.only_continuing.data),
            severity=Severity.of(self.severity.data),
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            legal_reference=self.legal_reference.data or "",
            note=self.note.data or "",
        )


class EndPaperForm(PageForm):
    """The last day of a row, and the document that ends it."""

    last_day = DayField(later("Yêu cầu đến hết ngày"))
    legal_reference = WordsField(later("Văn bản làm căn cứ"), LONGEST_PAPER_BASIS)


@blueprint.get("/giay-to-phai-co")
@requires(Action.VIEW_PROGRAMME)
def papers_page() -> Answer:
    """Every row of the table, those in force first."""
    today = present_moment().business_on
    with read() as session:
        rows = paper_table(session)
    return render_template(
        "rulebook/papers.html",
        rows=sorted(rows, key=lambda row: row.is_over(today)),
        today=today,
        effects={one.value: said for one, said in EFFECTS},
        may_keep=may(current_actor(), Action.ADD_REQUIRED_PAPER),
    )


@blueprint.get("/giay-to-phai-co/them")
@requires(Action.ADD_REQUIRED_PAPER)
def add_paper_page() -> Answer:
    """The form of a new row."""
    return _add_page(PaperForm(valid_from=present_moment().business_on))


@blueprint.post("/giay-to-phai-co/them")
@requires(Action.ADD_REQUIRED_PAPER)
def add_paper_here() -> Answer:
    """Ask for a paper from a day on."""
    form = PaperForm()
    if not form.validate():
        return _add_page(form), 422

    def act(session: Session) -> None:
        add_required_paper(session, current_actor(), form.requirement())

    refusal = carry_out("add_required_paper", typed_content(form), act)
    if refusal:
        return _add_page(form, refusal), refusal.status
    flash(_("Đã thêm; dự án thuộc diện được hỏi từ ngày bắt đầu."), "success")
    return redirect(url_for("rulebook.papers_page"), code=303)


@blueprint.get("/giay-to-phai-co/<int:paper_id>/thoi")
@requires(Action.END_REQUIRED_PAPER)
def end_paper_page(paper_id: int) -> Answer:
    """The form of the last day."""
    return _end_page(paper_id, EndPaperForm(last_day=present_moment().business_on))


@blueprint.post("/giay-to-phai-co/<int:paper_id>/thoi")
@requires(Action.END_REQUIRED_PAPER)
def end_paper_here(paper_id: int) -> Answer:
    """Ask for a paper until a day and no longer."""
    form = EndPaperForm()
    if not form.validate():
        return _end_page(paper_id, form), 422

    def act(session: Session) -> None:
        end_required_paper(
            session,
            current_actor(),
            paper_id,
            last_day=form.last_day.data,
            legal_reference=form.legal_reference.data or "",
        )

    refusal = carry_out("end_required_paper", {"paper": paper_id, **typed_content(form)}, act)
    if refusal:
        return _end_page(paper_id, form, refusal), refusal.status
    flash(_("Đã ghi ngày cuối; dòng cũ được giữ để tra cứu."), "success")
    return redirect(url_for("rulebook.papers_page"), code=303)


def _add_page(form: PaperForm, refusal: Refusal | None = None) -> str:
    return render_template("rulebook/paper_add.html", form=form, refusal=refusal)


def _end_page(paper_id: int, form: EndPaperForm, refusal: Refusal | None = None) -> str:
    return render_template("rulebook/paper_end.html", row=_paper(paper_id), form=form, refusal=refusal)


def _paper(paper_id: int) -> PaperRow:
    with read() as session:
        row = next((one for one in paper_table(session) if one.id == paper_id), None)
    if row is None:
        raise NotFound("giấy tờ phải có", paper_id)
    return row
