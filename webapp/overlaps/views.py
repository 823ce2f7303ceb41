"""Pairs of requests that look alike: the list, two side by side, the conclusion; hints for the agency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from werkzeug.wrappers import Response

from finance.actions import Action
from finance.overlaps.marking import mark_shared
from finance.overlaps.operations import decide_overlap
from finance.overlaps.queries import (
    JudgedPair,
    ProjectName,
    alike_for_agency,
    overlap_list,
    overlap_pair,
)
from finance.overlaps.rules import OverlapVerdict
from finance.overlaps.search import Pair
from finance.permissions import may
from finance.rounds.queries import current_round
from webapp.access import current_actor, requires
from webapp.form_answers import Refusal, carry_out, typed_content
from webapp.form_fields import ChoiceField, PageForm, ParagraphField, labelled_choices
from webapp.request_scope import read, seen_version

if TYPE_CHECKING:
    from finance.database import Session

blueprint = Blueprint("overlaps", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]

LONGEST_KEY = 40


class ConclusionForm(PageForm):
    """A reviewer's conclusion about a pair."""

    verdict = ChoiceField(
        later("Kết luận"), pairs=[("", later("Chọn kết luận")), *labelled_choices(OverlapVerdict)]
    )
    reason = ParagraphField(later("Lý do"), 2000)


@blueprint.get("/doi-chieu-trung-lap")
@requires(Action.VIEW_REVIEWS)
def list_page() -> Answer:
    """The pairs of the open round, against every round."""
    shown = request.args.get("xem", "")
    with read() as session:
        budget_round = current_round(session)
        found = overlap_list(session, current_actor(), budget_round.id) if budget_round else None
    pairs = [pair for pair in found.pairs if _is_wanted(pair, shown)] if found else []
    return render_template(
        "overlaps/list.html", budget_round=budget_round, found=found, pairs=pairs, shown=shown
    )


@blueprint.get("/doi-chieu-trung-lap/cap")
@requires(Action.VIEW_REVIEWS)
def pair_page() -> Answer:
    """Two projects side by side, what they share, and the conclusions."""
    pair = _asked_pair()
    return _pair_page(pair, ConclusionForm()) if pair else _to_the_list()


@blueprint.post("/doi-chieu-trung-lap/cap")
@requires(Action.DECIDE_OVERLAP)
def decide_here() -> Answer:
    """Close the pair with a conclusion."""
    asked, form = _asked_pair(), ConclusionForm()
    if asked is None:
        return _to_the_list()
    pair = asked
    if not form.validate():
        return _pair_page(pair, form), 422
    seen = seen_version()

    def act(session: Session) -> None:
        decide_overlap(
            session,
            current_actor(),
            pair=pair,
            verdict=OverlapVerdict.of(form.verdict.data),
            reason=form.reason.data or "",
            seen_edit=seen,
        )

    content = {"pair": [list(name) for name in pair], "seen": seen, **typed_content(form)}
    refusal = carry_out("decide_overlap", content, act)
    if refusal:
        return _pair_page(pair, form, refusal), refusal.status
    flash(_("Đã ghi kết luận."), "success")
    return redirect(url_for("overlaps.list_page"), code=303)


@blueprint.app_template_global("alike_projects")
def alike_projects(estimate_id: int, project_key: str) -> list[Pair]:
    """What the visitor may see that is like a stored project; for the hint on its page."""
    with read() as session:
        return alike_for_agency(session, current_actor(), (estimate_id, project_key))


blueprint.app_template_global("mark_shared")(mark_shared)


def _pair_page(
    pair: tuple[ProjectName, ProjectName], form: ConclusionForm, refusal: Refusal | None = None
) -> str:
    with read() as session:
        found = overlap_pair(session, current_actor(), *pair)
    return render_template(
        "overlaps/pair.html",
        pair=found,
        form=form,
        refusal=refusal,
        may_decide=may(current_actor(), Action.DECIDE_OVERLAP),
    )


def _asked_pair() -> tuple[ProjectName, ProjectName] | None:
    """The two projects an address names: ?a=17&ma=DA01&b=23&mb=DA02; None when it names no two."""
    names = []
    for estimate, key in (("a", "ma"), ("b", "mb")):
        number, project_key = request.args.get(estimate, type=int), request.args.get(key, "")
        if number is None or not 0 < len(project_key) <= LONGEST_KEY:
            return None
        names.append((number, project_key))
    return names[0], names[1]


def _to_the_list() -> Response:
    """Whoever names no pair is shown them all."""
    return redirect(url_for("overlaps.list_page"), code=303)


def _is_wanted(pair: JudgedPair, shown: str) -> bool:
    if shown == "chua-ket-luan":
        return pair.standing is None
    if shown == "da-ket-luan":
        return pair.standing is not None
    return True
