"""The audit: who did what, for whom, when, why; whether the chain is whole; a file to take away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from finance.actions import Action
from finance.agencies.queries import list_agencies
from finance.reports.audit_trail import (
    AuditFilter,
    audit_choices,
    audit_table,
    chain_state,
    filter_in_words,
    find_acts,
)
from finance.reports.export_tables import write_csv
from finance.vietnamese.normal import nfc
from webapp.access import current_actor, requires
from webapp.form_fields import labelled_choices, parse_day
from webapp.request_scope import present_moment, read

if TYPE_CHECKING:
    from datetime import date

    from finance.database import Session

blueprint = Blueprint("inspection", __name__, template_folder="templates")

Answer = AnyResponse | str | tuple[str, int]

ROWS_ON_A_PAGE = 50


@blueprint.get("/nhat-ky")
@requires(Action.VIEW_AUDIT)
def audit_page() -> Answer:
    """Acts that fit the filter, newest first."""
    wanted, problems = _filter_from_address()
    page = max(request.args.get("trang", 1, type=int), 1)
    actor = current_actor()
    with read() as session:
        rows, total = find_acts(
            session, actor, wanted, limit=ROWS_ON_A_PAGE, offset=(page - 1) * ROWS_ON_A_PAGE
        )
        names, kinds = audit_choices(session, actor)
        offices = _office_choices(session)
    chosen = {name: value for name, value in request.args.items() if value and name != "trang"}
    answer = render_template(
        "inspection/audit.html",
        rows=rows,
        total=total,
        page=page,
        pages=-(-total // ROWS_ON_A_PAGE),
        url_of=_address_of(chosen),
        chosen=chosen,
        problems=problems,
        names=[(name, name) for name in names],
        kinds=kinds,
        offices=offices,
        acts=sorted(labelled_choices(Action), key=lambda choice: choice[1]),
        summary=filter_in_words(wanted, dict(offices).get(str(wanted.agency_id), "")),
    )
    return (answer, 422) if problems else answer


@blueprint.get("/nhat-ky/kiem-tra-chuoi")
@requires(Action.VIEW_AUDIT)
def chain_page() -> Answer:
    """Walk the chain of hashes and say whether any row was changed, removed or put in between."""
    with read() as session:
        state = chain_state(session, current_actor())
    return render_template("inspection/chain.html", state=state, checked_at=present_moment().recorded_at)


@blueprint.get("/nhat-ky.csv")
@requires(Action.VIEW_AUDIT)
def audit_file() -> Answer:
    """The acts that fit the filter, all pages of them, as CSV."""
    wanted, _problems = _filter_from_address()
    with read() as session:
        table = audit_table(session, current_actor(), wanted, at=present_moment().recorded_at)
    name = f"nhat-ky-{present_moment().business_on:%Y%m%d}.csv"
    return Response(
        write_csv(table),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _filter_from_address() -> tuple[AuditFilter, list[tuple[str, str]]]:
    """The filter of the address, and what of it could not be read (place, sentence)."""
    problems: list[tuple[str, str]] = []

    def day_of(name: str) -> date | None:
        text = request.args.get(name, "").strip()
        try:
            return parse_day(text) if text else None
        except ValueError as unclear:
            problems.append((name, str(unclear)))
            return None

    act = request.args.get("viec", "")
    known = {action.value for action in Action}
    return (
        AuditFilter(
            person_name=nfc(request.args.get("nguoi", "")),
            agency_id=request.args.get("co-quan", type=int),
            subject_kind=request.args.get("loai", ""),
            subject_id=request.args.get("ho-so", type=int),
            action=Action.of(act) if act in known else None,
            first_on=day_of("tu-ngay"),
            last_on=day_of("den-ngay"),
            words=nfc(request.args.get("tim", "")).strip()[:100],
        ),
        problems,
    )


def _address_of(chosen: dict[str, str]) -> Callable[[int], str]:
    def of_page(page: int) -> str:
        arguments: dict[str, Any] = {**chosen, "trang": page}
        return url_for("inspection.audit_page", **arguments)

    return of_page


def _office_choices(session: Session) -> list[tuple[str, str]]:
    return [(str(row.id), row.short_vi) for row in list_agencies(session, present_moment().business_on)]
