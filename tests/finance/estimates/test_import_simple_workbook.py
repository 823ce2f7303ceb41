"""The one-sheet template from download to store and out again, on both stores."""

from __future__ import annotations

from sqlalchemy.orm import Session

from finance.estimates.queries import check_context, load_draft
from finance.estimates.totals import draft_total
from finance.estimates.workbook.import_operations import import_workbook
from finance.estimates.workbook.simple_template import simple_template_holds, write_simple_template
from tests.builders import a_draft, a_province
from tests.estimate_journeys import a_saved_estimate, edit_of
from tests.workbook_editing import MADE_AT, edited

FILLED_IN = {
    "Dự toán!B7": "4b",
    "Dự toán!C7": "Mở lớp bồi dưỡng",
    "Dự toán!D7": "Lớp học",
    "Dự toán!E7": "lớp",
    "Dự toán!F7": 1.5,
    "Dự toán!G7": 33_333_333,
    "Dự toán!I7": "NST_TX",
    "Dự toán!B8": "CCHC-01",
    "Dự toán!C8": "Rà soát chính sách",
    "Dự toán!E8": "cuộc",
    "Dự toán!F8": 2,
    "Dự toán!G8": "7.000.000 đ",
    "Dự toán!I8": "NST_TX",
}


def test_a_filled_in_sheet_is_taken_in_and_written_out_again(session: Session) -> None:
    province = a_province(session)
    estimate_id = a_saved_estimate(session, province, a_draft())
    context = check_context(session, province.round_id, province.agencies["H_NHATRANG"])
    content = edited(write_simple_template(context, made_at=MADE_AT), FILLED_IN)

    report = import_workbook(
        session,
        province.preparer,
        estimate_id,
        file_name="du-toan.xlsx",
        content=content,
        seen_edit=edit_of(session, estimate_id),
    )

    assert report.is_taken, report.findings
    stored = load_draft(session, estimate_id)
    # 1,5 x 33.333.333 is half a đồng short of a whole one: rounded up once.
    assert draft_total(stored) == 50_000_000 + 14_000_000
    first_task = next(iter(context.tasks))
    assert [project.task_code for project in stored.projects] == ["4b", first_task]
    assert stored.projects[0].lines[0].note == "Kết quả đầu ra: Lớp học"
    assert simple_template_holds(context, stored, made_at=MADE_AT)
