"""Days off and made-up working days: the administrator writes what the Government has announced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.rounds.public_holidays import (
    LONGEST_NAME,
    LONGEST_REFERENCE,
    DayKind,
    list_holidays,
    set_holiday,
)
from finance.vietnamese.dates import format_date
from webapp.access import current_actor, requires
from webapp.administration.blueprint import blueprint
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.form_fields import ChoiceField, DayField, PageForm, WordsField, labelled_choices
from webapp.request_scope import read

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


class HolidayForm(PageForm):
    """One day and what it is."""

    day = DayField(later("Ngày"))
    kind = ChoiceField(later("Là ngày"), pairs=labelled_choices(DayKind))
    name_vi = WordsField(later("Tên"), LONGEST_NAME)
    legal_reference = WordsField(later("Văn bản làm căn cứ"), LONGEST_REFERENCE)


@blueprint.get("/quan-tri/ngay-nghi")
@requires(Action.SET_HOLIDAY)
def holidays_page() -> Answer:
    """The table of days, the latest first, and the form of one more."""
    return _page(HolidayForm())


@blueprint.post("/quan-tri/ngay-nghi")
@requires(Action.SET_HOLIDAY)
def set_holiday_here() -> Answer:
    """Write a day into the table, or correct it."""
    form = HolidayForm()
    if not form.validate():
        return _page(form), 422

    def act(session: Session) -> None:
        set_holiday(
            session,
            current_actor(),
            day=form.day.data,
            kind=DayKind.of(form.kind.data),
            name_vi=form.name_vi.data or "",
            legal_reference=form.legal_reference.data or "",
        )

    refusal = carry_out("set_holiday", typed_content(form), act)
    if refusal:
        return _page(form, refusal), refusal.status
    flash(
        _("Đã ghi ngày %(day)s; số ngày làm việc còn lại được tính lại.", day=format_date(form.day.data)),
        "success",
    )
    return redirect(url_for("administration.holidays_page"), code=303)


def _page(form: HolidayForm, refusal: Refusal | None = None) -> str:
    with read() as session:
        rows = list_holidays(session)
    return render_template("administration/holidays.html", rows=rows, form=form, refusal=refusal)
