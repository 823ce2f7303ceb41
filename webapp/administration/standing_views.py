"""At which level and under whom an office stands, by dates: who consolidates for whom is read from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.agencies.hierarchy import list_levels, list_standings
from finance.agencies.queries import get_agency, list_agencies
from finance.agencies.standings import place_agency
from webapp.access import current_actor, requires
from webapp.administration.blueprint import blueprint
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.form_fields import ChoiceField, DayField, PageForm, WordsField
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]


class StandingForm(PageForm):
    """A level, the office above, and from when on."""

    level_code = ChoiceField(later("Cấp"))
    parent_id = ChoiceField(later("Cơ quan cấp trên"), is_optional=True)
    valid_from = DayField(later("Từ ngày"))
    source = WordsField(later("Căn cứ"), 200)


@blueprint.get("/quan-tri/co-quan/<int:agency_id>/cap-tren")
@requires(Action.PLACE_AGENCY)
def standing_page(agency_id: int) -> Answer:
    """Where the office has stood, and the form that places it anew, filled with where it stands."""
    with read() as session:
        now = next(iter(list_standings(session, agency_id)), None)
    form = StandingForm(
        level_code=now.level_code if now else "",
        parent_id=str(now.parent_id) if now and now.parent_id else "",
        valid_from=present_moment().business_on,
    )
    return _standing_page(agency_id, form)


@blueprint.post("/quan-tri/co-quan/<int:agency_id>/cap-tren")
@requires(Action.PLACE_AGENCY)
def place_agency_here(agency_id: int) -> Answer:
    """Let the office stand elsewhere from a date on."""
    form = StandingForm()
    _offer(form)
    if not form.validate():
        return _standing_page(agency_id, form), 422
    parent_id = int(form.parent_id.data) if form.parent_id.data else None

    def act(session: Session) -> None:
        place_agency(
            session,
            current_actor(),
            agency_id,
            level_code=form.level_code.data,
            parent_id=parent_id,
            valid_from=form.valid_from.data,
            source=form.source.data,
        )

    refusal = carry_out("place_agency", {"agency": agency_id, **typed_content(form)}, act)
    if refusal:
        return _standing_page(agency_id, form, refusal), refusal.status
    flash(_("Đã ghi cấp và cơ quan cấp trên."), "success")
    return redirect(url_for("administration.standing_page", agency_id=agency_id), code=303)


def _standing_page(agency_id: int, form: StandingForm, refusal: Refusal | None = None) -> str:
    _offer(form)
    with read() as session:
        record = get_agency(session, agency_id)
        agency = {"id": record.id, "name_vi": record.name_vi, "code": record.code}
        standings = list_standings(session, agency_id)
    return render_template(
        "administration/standing.html", agency=agency, standings=standings, form=form, refusal=refusal
    )


def _offer(form: StandingForm) -> None:
    """Levels and offices in force today."""
    today = present_moment().business_on
    with read() as session:
        form.level_code.offer((level.code, level.name_vi) for level in list_levels(session, today))
        offices = [(str(office.id), office.name_vi) for office in list_agencies(session, today)]
    form.parent_id.offer([("", _("(không có)")), *offices])
