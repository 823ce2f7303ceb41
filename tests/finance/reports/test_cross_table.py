"""Bảng chéo: the consolidation by any marks, never another total than the store's own."""

from __future__ import annotations

import io
from itertools import product

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.errors import NotAllowed, NotFound, RecordDamaged
from finance.estimates.procedure import return_estimate
from finance.estimates.records import CostLine, EstimateProject, LineQuantity
from finance.reports import cross_table as the_table
from finance.reports.consolidation import Grouping, consolidate_round
from finance.reports.cross_facts import CrossFacts
from finance.reports.cross_layout import CrossLayout, Dimension, Figure
from finance.reports.cross_table import CrossTable, cross_export, cross_table
from finance.reports.export_tables import Column, ExportTable, write_csv
from finance.reports.workbooks import write_workbook
from finance.reviews.operations import conclude_appraisal
from finance.reviews.rules import Verdict
from finance.rounds.practice import NewPractice, open_practice_round
from tests.builders import Province, a_province
from tests.finance.reviews.review_stages import (
    appraised,
    cut_computers,
    edit_of,
    in_estimate_appraisal,
    judge_all,
    projects_of,
    sent,
)

USUAL = CrossLayout(Dimension.AREA, Dimension.SOURCE, Figure.ASKED)


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def look(session: Session, province: Province, layout: CrossLayout = USUAL) -> CrossTable:
    return cross_table(session, province.inspector, province.round_id, layout=layout)


def test_an_agency_may_not_look(session: Session, province: Province) -> None:
    with pytest.raises(NotAllowed):
        cross_table(session, province.preparer, province.round_id, layout=USUAL)


def test_a_practice_round_has_no_table(session: Session, province: Province) -> None:
    new = NewPractice("TH1", "Tập huấn tháng 2", province.round_id)
    practice = open_practice_round(session, province.estimate_appraiser, new)
    with pytest.raises(NotFound):
        cross_table(session, province.inspector, practice, layout=USUAL)


def test_whichever_way_it_is_laid_it_says_what_the_consolidation_says(
    session: Session, province: Province
) -> None:
    estimate_id = in_estimate_appraisal(session, province, verdicts={"DA1": Verdict.REJECT})
    cut_computers(session, province, estimate_id)
    judge_all(session, province, estimate_id)
    appraiser = province.estimate_appraiser
    conclude_appraisal(session, appraiser, estimate_id, seen_edit=edit_of(session, estimate_id))
    said = consolidate_round(session, province.inspector, province.round_id, grouping=Grouping.AREA).total
    expected = {
        Figure.ASKED: said.asked_vnd,
        Figure.APPRAISED: said.appraised_vnd,
        Figure.DIFFERENCE: said.cut_vnd,
        Figure.PROJECTS: len(projects_of(session, estimate_id)),
    }
    assert (said.cut_vnd or 0) < -5_000_000
    ways = [one for one in Dimension if one is not Dimension.AGENCY]
    for (figure, total), columns in product(expected.items(), ways):
        found = look(session, province, CrossLayout(Dimension.AGENCY, columns, figure))
        assert found.total.total == total
        if figure.is_money:
            assert sum(one or 0 for one in found.total.cells) == total


def test_sub_totals_stand_before_their_details_in_the_order_of_the_decision(
    session: Session, province: Province
) -> None:
    sent(session, province)
    layout = CrossLayout(Dimension.AREA, Dimension.YEAR, Figure.ASKED, detail=Dimension.TASK)
    found = look(session, province, layout)
    assert found.columns == ("Năm 2012", "Năm 2013")
    heads = [row for row in found.rows if not row.detail_vi]
    assert [row.name_vi[:2] for row in heads] == ["2.", "4."]
    for place, row in enumerate(found.rows):
        if row.detail_vi:
            continue
        under = [one for one in found.rows[place + 1 :] if one.detail_vi and one.name_vi == row.name_vi]
        assert under[0] is found.rows[place + 1]
        assert row.total == sum(one.total or 0 for one in under)
    assert heads[1].cells[1] is None, "nothing is asked for 2013 there: a dash, not 0"


def test_nothing_appraised_has_no_appraised_table(session: Session, province: Province) -> None:
    sent(session, province)
    found = look(session, province, CrossLayout(Dimension.AREA, Dimension.SOURCE, Figure.APPRAISED))
    assert (found.rows, found.columns, found.total.total) == ((), (), None)
    assert (found.counted, found.appraised_count) == (1, 0)


def test_a_returned_estimate_is_named_and_not_counted(session: Session, province: Province) -> None:
    estimate_id = sent(session, province)
    edit, appraiser = edit_of(session, estimate_id), province.estimate_appraiser
    return_estimate(session, appraiser, estimate_id, reason="Thiếu phụ lục.", seen_edit=edit)
    found = look(session, province)
    assert (found.counted, found.rows) == (0, ())
    assert found.returned == ("UBND thành phố Nha Trang",)


def test_a_total_that_is_not_the_stores_own_is_an_error(
    session: Session, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    appraised(session, province)
    read = the_table.cross_facts

    def one_line_lost(*asked: object) -> CrossFacts:
        known = read(*asked)  # type: ignore[arg-type]
        return CrossFacts(known.facts[1:], known.counted, known.returned, known.stored)

    monkeypatch.setattr(the_table, "cross_facts", one_line_lost)
    for figure in (Figure.ASKED, Figure.APPRAISED, Figure.PROJECTS):
        with pytest.raises(RecordDamaged, match="the store's own total"):
            look(session, province, CrossLayout(Dimension.AREA, Dimension.SOURCE, figure))


def test_the_last_dong_of_an_enormous_amount_is_there(session: Session, province: Province) -> None:
    estimate_id = sent(session, province)
    line = session.scalars(
        select(LineQuantity)
        .join(CostLine, CostLine.id == LineQuantity.line_id)
        .join(EstimateProject, EstimateProject.id == CostLine.project_id)
        .where(EstimateProject.project_key == "DA1")
    ).one()
    line.amount_vnd = 2**53 + 1
    session.flush()
    rest = sum(one.requested_level.asked_vnd for one in projects_of(session, estimate_id)) - (2**53 + 1)
    found = look(session, province, CrossLayout(Dimension.TASK, Dimension.SOURCE, Figure.ASKED))
    assert found.total.total == 2**53 + 1 + rest
    text = write_csv(cross_export(found)).decode("utf-8-sig")
    assert str(2**53 + 1 + rest) in text


def test_the_files_say_what_the_table_says(session: Session, province: Province) -> None:
    sent(session, province)
    layout = CrossLayout(Dimension.AGENCY, Dimension.SOURCE, Figure.ASKED, detail=Dimension.KIND)
    found = look(session, province, layout)
    table = cross_export(found)
    lines = write_csv(table).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Cơ quan,Loại dự án,")
    assert lines[0].endswith(",Tổng số (đồng)")
    assert lines[1].startswith("UBND thành phố Nha Trang,Cộng,")
    shown = (*found.total.cells, found.total.total)
    assert lines[-1] == ",".join(["Tổng số", "Cộng", *(str(one) for one in shown)])
    sheet = load_workbook(io.BytesIO(write_workbook(table))).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[-1] == ["Tổng số", "Cộng", *shown]
    assert len(cells) == len(lines) + len(table.notes) + 2
    assert cells[0][0] == "Kinh phí đề nghị theo cơ quan, loại dự án và nguồn kinh phí"


def test_a_heading_never_becomes_a_formula() -> None:
    table = ExportTable("Bảng", (Column("=1+1"),), (("@x",),))
    assert write_csv(table).decode("utf-8-sig").splitlines() == ["'=1+1", "'@x"]
    cell = load_workbook(io.BytesIO(write_workbook(table))).worksheets[0].cell(3, 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
