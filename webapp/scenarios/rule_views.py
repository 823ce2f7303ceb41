"""The rules of a scenario: weights, limits, locks, links; each on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.estimates.levels import LevelCode
from finance.money import QuantityUnclear, parse_quantity
from finance.programme.classification import Nature
from finance.programme.queries import list_areas, list_sources
from finance.rounds.queries import get_round
from finance.scenarios.operations import (
    NewLimit,
    NewLock,
    add_limit,
    add_link,
    remove_limit,
    remove_link,
    remove_lock,
    set_lock,
    set_weights,
)
from finance.scenarios.queries import SettingRow, scenario_settings
from finance.scenarios.question_overview import QuestionOverview, overview_of
from finance.scenarios.rules import LinkKind, LockKind
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.request_scope import read, seen_version
from webapp.scenarios.blueprint import blueprint
from webapp.scenarios.forms import LimitForm, LinkForm, LockForm

if TYPE_CHECKING:
    from finance.database import Session

Answer = Response | str | tuple[str, int]
Change = Callable[["Session"], Any]


@blueprint.get("/phuong-an/<int:scenario_id>/trong-so")
@requires(Action.CHANGE_SCENARIO)
def weights_page(scenario_id: int) -> Answer:
    """The points of every scored result."""
    return _weights_page(scenario_id)


@blueprint.post("/phuong-an/<int:scenario_id>/trong-so")
@requires(Action.CHANGE_SCENARIO)
def set_weights_here(scenario_id: int) -> Answer:
    """Store the points; together exactly 100."""
    with read() as session:
        settings = scenario_settings(session, current_actor(), scenario_id)
    typed: dict[str, str] = {}
    weights: dict[int, int] = {}
    errors: dict[str, tuple[str, ...]] = {}
    for row in settings.weights:
        if row.weight_thousandths is None:
            continue
        name = f"weight-{row.output_id}"
        typed[name] = request.form.get(name, "").strip()
        try:
            weights[row.output_id] = parse_quantity(typed[name])
        except QuantityUnclear as unclear:
            errors[name] = (str(unclear),)
    if errors:
        return _weights_page(scenario_id, typed, errors), 422
    seen = seen_version()
    refusal = carry_out(
        "set_weights",
        {"scenario": scenario_id, "seen": seen, **typed},
        lambda session: set_weights(session, current_actor(), scenario_id, weights=weights, seen_edit=seen),
    )
    if refusal:
        return _weights_page(scenario_id, typed, refusal=refusal), refusal.status
    flash(_("Đã lưu trọng số."), "success")
    return _back(scenario_id)


@blueprint.get("/phuong-an/<int:scenario_id>/gioi-han")
@requires(Action.CHANGE_SCENARIO)
def limit_page(scenario_id: int) -> Answer:
    """The form of a new floor or ceiling."""
    return _form_page("limit", scenario_id, _limit_form(scenario_id))


@blueprint.post("/phuong-an/<int:scenario_id>/gioi-han")
@requires(Action.CHANGE_SCENARIO)
def add_limit_here(scenario_id: int) -> Answer:
    """Add a floor or ceiling."""
    form = _limit_form(scenario_id)
    if not form.validate():
        return _form_page("limit", scenario_id, form), 422
    limit = NewLimit(
        words_vi=form.words_vi.data or "",
        legal_reference=form.legal_reference.data or "",
        agency_codes=_one(form.agency.data),
        area_codes=_one(form.area.data),
        source_codes=_one(form.source.data),
        natures=tuple(Nature.of(code) for code in _one(form.nature.data)),
        years=tuple(int(year) for year in _one(form.year.data)),
        at_least_vnd=form.at_least_vnd.data,
        at_most_vnd=form.at_most_vnd.data,
        is_hard=bool(form.is_hard.data),
    )
    seen = seen_version()
    return _carry_form(
        "limit",
        scenario_id,
        form,
        lambda session: add_limit(session, current_actor(), scenario_id, limit=limit, seen_edit=seen),
    )


@blueprint.post("/phuong-an/<int:scenario_id>/gioi-han/<int:limit_id>/bo")
@requires(Action.CHANGE_SCENARIO)
def remove_limit_here(scenario_id: int, limit_id: int) -> Answer:
    """Take a limit out."""
    seen = seen_version()
    return _carry_removal(
        "remove_limit",
        (scenario_id, limit_id),
        lambda session: remove_limit(
            session, current_actor(), scenario_id, limit_id=limit_id, seen_edit=seen
        ),
    )


@blueprint.get("/phuong-an/<int:scenario_id>/ghim")
@requires(Action.CHANGE_SCENARIO)
def lock_page(scenario_id: int) -> Answer:
    """The form of a word about one project."""
    return _form_page("lock", scenario_id, LockForm().offer(_overview(scenario_id)))


@blueprint.post("/phuong-an/<int:scenario_id>/ghim")
@requires(Action.CHANGE_SCENARIO)
def set_lock_here(scenario_id: int) -> Answer:
    """Commit, pin or bar a project."""
    overview = _overview(scenario_id)
    form = LockForm().offer(overview)
    if not form.validate():
        return _form_page("lock", scenario_id, form), 422
    project_id = int(form.project.data)
    level_id = overview.level_id(project_id, LevelCode.of(form.level.data)) if form.level.data else None
    if form.level.data and level_id is None:
        form.level.errors = [_("Dự án này không có mức đó.")]
        return _form_page("lock", scenario_id, form), 422
    lock = NewLock(project_id, LockKind.of(form.kind.data), form.reason.data or "", level_id)
    seen = seen_version()
    return _carry_form(
        "lock",
        scenario_id,
        form,
        lambda session: set_lock(session, current_actor(), scenario_id, lock=lock, seen_edit=seen),
    )


@blueprint.post("/phuong-an/<int:scenario_id>/ghim/<int:lock_id>/bo")
@requires(Action.CHANGE_SCENARIO)
def remove_lock_here(scenario_id: int, lock_id: int) -> Answer:
    """Leave a project to the computation again."""
    seen = seen_version()
    return _carry_removal(
        "remove_lock",
        (scenario_id, lock_id),
        lambda session: remove_lock(session, current_actor(), scenario_id, lock_id=lock_id, seen_edit=seen),
    )


@blueprint.get("/phuong-an/<int:scenario_id>/rang-buoc")
@requires(Action.CHANGE_SCENARIO)
def link_page(scenario_id: int) -> Answer:
    """The form of a tie between projects."""
    return _form_page("link", scenario_id, LinkForm().offer(_overview(scenario_id)))


@blueprint.post("/phuong-an/<int:scenario_id>/rang-buoc")
@requires(Action.CHANGE_SCENARIO)
def add_link_here(scenario_id: int) -> Answer:
    """Tie projects together."""
    form = LinkForm().offer(_overview(scenario_id))
    if not form.validate():
        return _form_page("link", scenario_id, form), 422
    project_ids = [int(field.data) for field in form.chosen if field.data]
    kind, reason, seen = LinkKind.of(form.kind.data), form.reason.data or "", seen_version()
    return _carry_form(
        "link",
        scenario_id,
        form,
        lambda session: add_link(
            session,
            current_actor(),
            scenario_id,
            kind=kind,
            project_ids=project_ids,
            reason=reason,
            seen_edit=seen,
        ),
    )


@blueprint.post("/phuong-an/<int:scenario_id>/rang-buoc/<int:link_id>/bo")
@requires(Action.CHANGE_SCENARIO)
def remove_link_here(scenario_id: int, link_id: int) -> Answer:
    """Untie projects."""
    seen = seen_version()
    return _carry_removal(
        "remove_link",
        (scenario_id, link_id),
        lambda session: remove_link(session, current_actor(), scenario_id, link_id=link_id, seen_edit=seen),
    )


def _carry_form(name: str, scenario_id: int, form: FlaskForm, change: Change) -> Answer:
    payload = {"scenario": scenario_id, "seen": seen_version(), **typed_content(form)}
    refusal = carry_out(f"scenario_{name}", payload, change)
    if refusal:
        return _form_page(name, scenario_id, form, refusal), refusal.status
    flash(_("Đã ghi vào phương án."), "success")
    return _back(scenario_id)


def _carry_removal(operation: str, ids: tuple[int, int], change: Change) -> Answer:
    refusal = carry_out(operation, {"ids": list(ids), "seen": seen_version()}, change)
    if refusal:
        flash(refusal.sentence, "error")
    else:
        flash(_("Đã bỏ khỏi phương án."), "success")
    return _back(ids[0])


def _back(scenario_id: int) -> Response:
    return redirect(url_for("scenarios.scenario_page", scenario_id=scenario_id), code=303)


def _settings(scenario_id: int) -> SettingRow:
    with read() as session:
        return scenario_settings(session, current_actor(), scenario_id)


def _overview(scenario_id: int) -> QuestionOverview:
    with read() as session:
        return overview_of(session, current_actor(), scenario_id)


def _form_page(name: str, scenario_id: int, form: FlaskForm, refusal: Refusal | None = None) -> str:
    scenario = _settings(scenario_id).scenario
    return render_template(f"scenarios/{name}.html", scenario=scenario, form=form, refusal=refusal)


def _weights_page(
    scenario_id: int,
    typed: dict[str, str] | None = None,
    errors: dict[str, tuple[str, ...]] | None = None,
    refusal: Refusal | None = None,
) -> str:
    settings = _settings(scenario_id)
    return render_template(
        "scenarios/weights.html",
        scenario=settings.scenario,
        weights=settings.weights,
        typed=typed or {},
        errors=errors or {},
        refusal=refusal,
    )


def _limit_form(scenario_id: int) -> LimitForm:
    with read() as session:
        overview = overview_of(session, current_actor(), scenario_id)
        scenario = scenario_settings(session, current_actor(), scenario_id).scenario
        scopes = {
            "agencies": sorted({(one.agency_code, one.agency_short) for one in overview.projects}),
            "areas": [(area.code, f"{area.code}. {area.name_vi}") for area in list_areas(session)],
            "sources": [(one.code, one.name_vi) for one in list_sources(session) if one.enters_pool],
            "years": [(str(year), str(year)) for year in get_round(session, scenario.round_id).years],
        }
    return LimitForm().offer(scopes)


def _one(code: str | None) -> tuple[str, ...]:
    return (code,) if code else ()
