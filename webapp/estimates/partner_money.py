"""What co-agencies ask in an estimate, by office and source: it stands under their own control figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from finance.agencies.queries import get_agency
from finance.estimates.checking.check_context import CheckContext
from finance.estimates.parts.joining import partner_rows
from finance.estimates.rows import ProjectRow
from finance.estimates.totals import estimate_parts, totals_by_source
from finance.reports.round_money import visible_ceilings
from webapp.access import current_actor

if TYPE_CHECKING:
    from finance.database import Session


@dataclass(frozen=True, slots=True)
class PartnerMoney:
    """One source of one co-agency.

    Units:
        đồng; `ceiling_vnd` None where no figure was issued, or the reader may not know it.
    """

    office: str
    source: str
    ceiling_vnd: int | None
    asked_in_year_vnd: int
    asked_vnd: int


def partner_money(
    session: Session, round_id: int, version_id: int, projects: Sequence[ProjectRow], context: CheckContext
) -> tuple[PartnerMoney, ...]:
    """Every source of every co-agency whose lines joined the version, by office."""
    theirs = partner_rows(session, version_id, projects)
    if not theirs:
        return ()
    figures = {
        (row.agency_id, row.source_code): row.amount_vnd
        for row in visible_ceilings(session, current_actor(), round_id)
    }
    rows = []
    for agency_id, found in theirs.items():
        parts = estimate_parts(found)
        in_year = totals_by_source(part for part in parts if part.year == context.fiscal_year)
        office = get_agency(session, agency_id).short_vi
        rows += [
            PartnerMoney(
                office,
                context.sources[code].name_vi if code in context.sources else code,
                figures.get((agency_id, code)),
                in_year.get(code, 0),
                asked,
            )
            for code, asked in totals_by_source(parts).items()
        ]
    return tuple(rows)
