"""Every office's lines stand under its own control figure, whoever's project they are in."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from finance.actions import Action
from finance.estimates.parts.joining import own_rows, partner_rows
from finance.estimates.parts.money import sent_part_charges, visible_part_charges
from finance.estimates.procedure import return_estimate, send_estimate, sign_estimate
from finance.estimates.queries import current_version, version_projects
from finance.estimates.totals import estimate_total
from finance.estimates.workbook.export import export_workbook
from finance.estimates.workflow import EstimateStatus
from finance.reports.consolidation import Grouping, consolidate_round, consolidation_table
from finance.reviews.board import BoardRow
from finance.reviews.queries import board_of_round
from tests.builders import Province, a_ceiling, a_draft, a_line, a_project, a_province
from tests.estimate_journeys import DOCUMENT_ON, a_saved_estimate, bring_to, edit_of
from tests.part_journeys import act, invited, save_lines, submit

A = Action
LEADS, THEIRS = 3_000_000, 1_000_000


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


@pytest.fixture
def estimate_id(session: Session, province: Province) -> int:
    """Nha Trang asks 3 million of its own source; Khánh Vĩnh has signed a part of 1 million of the same."""
    for code in ("H_NHATRANG", "H_KHANHVINH"):
        a_ceiling(session, province.round_id, province.agencies[code], "NS_HUYEN", LEADS)
    own = a_line(source_code="NS_HUYEN", unit_price_vnd=LEADS, quantities=(1_000,))
    estimate_id = a_saved_estimate(session, province, a_draft(a_project(lines=(own,))))
    part_id = invited(session, province, estimate_id)
    act(session, province.other_preparer, part_id, A.ACCEPT_PART)
    theirs = a_line("In", source_code="NS_HUYEN", unit_price_vnd=THEIRS, quantities=(1_000,))
    save_lines(session, province.other_preparer, part_id, theirs)
    act(session, province.other_head, part_id, A.SIGN_PART)
    return estimate_id


def send(session: Session, province: Province, estimate_id: int) -> None:
    seen = submit(session, province, estimate_id)
    seen = sign_estimate(session, province.head, estimate_id, seen_edit=seen)
    send_estimate(
        session, province.head, estimate_id, document_number="1/DT", document_on=DOCUMENT_ON, seen_edit=seen
    )


def board(session: Session, province: Province) -> dict[int, BoardRow]:
    rows = board_of_round(session, province.estimate_appraiser, province.round_id)
    return {row.agency_id: row for row in rows}


def test_the_board_charges_every_line_to_its_own_office(
    session: Session, province: Province, estimate_id: int
) -> None:
    nha_trang, khanh_vinh = province.agencies["H_NHATRANG"], province.agencies["H_KHANHVINH"]
    silent = board(session, province)[khanh_vinh]
    assert (silent.asked_in_parts_vnd, silent.exceeds_ceiling) == (0, False), "the lead has not sent"
    send(session, province, estimate_id)
    rows = board(session, province)
    lead, partner = rows[nha_trang], rows[khanh_vinh]
    assert lead.figures is not None
    assert lead.figures.asked_vnd == LEADS + THEIRS, "the file holds both"
    assert (lead.asked_in_ceiling_vnd, lead.exceeds_ceiling) == (LEADS, False)
    assert (partner.asked_in_ceiling_vnd, partner.asked_in_parts_vnd) == (None, THEIRS)
    assert replace(partner, ceiling_vnd=THEIRS - 1).exceeds_ceiling
    own = a_line(source_code="NS_HUYEN", unit_price_vnd=LEADS - THEIRS, quantities=(1_000,))
    draft = a_draft(a_project(lines=(own,)))
    bring_to(session, province, EstimateStatus.SENT, draft, other=True)
    partner = board(session, province)[khanh_vinh]
    assert (partner.asked_in_ceiling_vnd, partner.asked_in_parts_vnd) == (LEADS, THEIRS)
    assert not partner.exceeds_ceiling
    assert replace(partner, ceiling_vnd=LEADS - 1).exceeds_ceiling


def test_the_joined_lines_are_told_apart_by_office(
    session: Session, province: Province, estimate_id: int
) -> None:
    send(session, province, estimate_id)
    a_returned = edit_of(session, estimate_id)
    lead, partner = province.agencies["H_NHATRANG"], province.agencies["H_KHANHVINH"]
    return_estimate(session, province.estimate_appraiser, estimate_id, reason="Bổ sung", seen_edit=a_returned)
    charges = sent_part_charges(session, province.round_id, 2012)
    assert charges == {partner: {"NS_HUYEN": THEIRS}}, "a returned file was sent"
    projects = version_projects(session, current_version(session, estimate_id).id)
    version_id = current_version(session, estimate_id).id
    assert estimate_total(own_rows(session, version_id, projects)) == LEADS
    theirs = partner_rows(session, version_id, projects)
    assert {office: estimate_total(rows) for office, rows in theirs.items()} == {partner: THEIRS}
    assert lead not in theirs


def test_only_the_two_offices_know_of_a_part_that_is_not_sent(
    session: Session, province: Province, estimate_id: int
) -> None:
    partner = province.agencies["H_KHANHVINH"]
    facts = (province.round_id, partner, 2012)
    assert visible_part_charges(session, province.other_head, *facts) == {"NS_HUYEN": THEIRS}
    assert visible_part_charges(session, province.estimate_appraiser, *facts) == {}
    send(session, province, estimate_id)
    assert visible_part_charges(session, province.estimate_appraiser, *facts) == {"NS_HUYEN": THEIRS}


def test_the_workbook_of_a_co_agency_counts_its_parts(
    session: Session, province: Province, estimate_id: int
) -> None:
    own = a_line(source_code="NS_HUYEN", unit_price_vnd=LEADS, quantities=(1_000,))
    theirs = a_saved_estimate(session, province, a_draft(a_project(lines=(own,))), other=True)
    figures = []
    for computed in (True, False):
        _name, content = export_workbook(session, province.other_preparer, theirs)
        page = load_workbook(io.BytesIO(content), data_only=computed)["Tổng hợp"]
        row = next(row for row in page.iter_rows(min_col=10, max_col=15) if row[0].value == "NS_HUYEN")
        figures.append([cell.value for cell in row[2:]])
    assert figures[0] == [LEADS, LEADS, -THEIRS, THEIRS]
    assert "-$O" in figures[1][2]
    _name, content = export_workbook(session, province.preparer, estimate_id)
    page = load_workbook(io.BytesIO(content), data_only=True)["Tổng hợp"]
    assert page.max_column == 14, "an office without parts elsewhere has no such column"


def test_the_consolidation_says_where_co_agencies_money_stands(
    session: Session, province: Province, estimate_id: int
) -> None:
    actor = province.estimate_appraiser
    send(session, province, estimate_id)
    found = consolidate_round(session, actor, province.round_id, grouping=Grouping.AGENCY)
    assert found.total.asked_vnd == LEADS + THEIRS
    assert "1.000.000 đồng đề nghị" in found.partners_vi
    assert found.partners_vi in consolidation_table(found).notes
    by_source = consolidate_round(session, actor, province.round_id, grouping=Grouping.SOURCE)
    assert by_source.partners_vi == ""
