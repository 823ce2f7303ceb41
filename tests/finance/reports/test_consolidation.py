"""Tổng hợp: four kinds of figures side by side, the same sums as on every other page."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from finance.errors import NotAllowed
from finance.estimates.procedure import return_estimate
from finance.estimates.totals import estimate_total
from finance.reports.consolidation import Consolidation, Grouping, consolidate_round, consolidation_table
from finance.reports.export_tables import write_csv
from finance.reports.workbooks import write_workbook
from tests.builders import Province, a_province
from tests.finance.reviews.review_stages import appraised, edit_of, projects_of, sent


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def look(session: Session, province: Province, grouping: Grouping = Grouping.AREA) -> Consolidation:
    return consolidate_round(session, province.inspector, province.round_id, grouping=grouping)


def test_an_agency_may_not_look(session: Session, province: Province) -> None:
    with pytest.raises(NotAllowed):
        consolidate_round(session, province.preparer, province.round_id, grouping=Grouping.AREA)


@pytest.mark.parametrize("grouping", list(Grouping))
def test_parts_sum_to_the_whole_whichever_way_it_is_laid(
    session: Session, province: Province, grouping: Grouping
) -> None:
    estimate_id = appraised(session, province)
    found = look(session, province, grouping)
    asked = estimate_total(one.project for one in projects_of(session, estimate_id))
    assert found.total.asked_vnd == asked == sum(row.asked_vnd for row in found.rows)
    assert found.total.appraised_vnd == sum(row.appraised_vnd or 0 for row in found.rows) == asked
    assert found.total.cut_vnd == 0


def test_what_does_not_exist_yet_is_unknown_not_nought(session: Session, province: Province) -> None:
    sent(session, province)
    total = look(session, province).total
    assert total.asked_vnd > 0
    assert (total.appraised_vnd, total.cut_vnd, total.proposed_vnd, total.approved_vnd) == (None,) * 4


def test_a_returned_estimate_is_named_and_not_counted(session: Session, province: Province) -> None:
    estimate_id = sent(session, province)
    return_estimate(
        session,
        province.estimate_appraiser,
        estimate_id,
        reason="Thiếu phụ lục.",
        seen_edit=edit_of(session, estimate_id),
    )
    found = look(session, province)
    assert (found.counted, found.total.asked_vnd) == (0, 0)
    assert found.returned == ("UBND thành phố Nha Trang",)


def test_the_files_say_what_the_page_says(session: Session, province: Province) -> None:
    sent(session, province)
    found = look(session, province)
    table = consolidation_table(found)
    lines = write_csv(table).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Nội dung cải cách,Đề nghị (đồng),")
    assert lines[-1] == f"Tổng số,{found.total.asked_vnd},,,,"
    sheet = load_workbook(io.BytesIO(write_workbook(table))).worksheets[0]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[-1][:3] == ["Tổng số", found.total.asked_vnd, None]
    assert len(cells) == len(lines) + len(table.notes) + 2
