"""Taking a workbook in: all mistakes at once and nothing changed, or everything to the đồng, once."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from finance.audit import AuditEntry
from finance.errors import NotAllowed, NotFound, NotInThisStatus, StaleVersion
from finance.estimates.draft import EstimateDraft
from finance.estimates.operations import save_draft
from finance.estimates.queries import (
    check_context,
    current_version,
    estimate_history,
    estimate_row,
    get_workbook_content,
    list_workbooks,
    load_draft,
    version_projects,
)
from finance.estimates.records import CostLine, UploadedWorkbook
from finance.estimates.totals import draft_total, estimate_total
from finance.estimates.workbook.export import WorkbookKind, export_workbook
from finance.estimates.workbook.import_operations import import_workbook
from finance.estimates.workflow import EstimateStatus
from tests.builders import Province, a_draft, a_line, a_project, a_project_of_levels, a_province
from tests.estimate_journeys import a_saved_estimate, bring_to, edit_of
from tests.workbook_editing import a_workbook, edited

# Twelve different mistakes in a workbook that is right everywhere else, in the order of sheets and rows.
TWELVE = {
    "Dự án!B5": ("một", "E_NUMBER"),
    "Dự án!C6": ("Sôû Noäi vuï laøm moät cöûa", "E_LEGACY_FONT"),
    "Dự án!E6": ("9z", "TASK_UNKNOWN"),
    "Dòng chi!E5": ("NS_LA", "SOURCE_UNKNOWN"),
    "Dòng chi!I5": ("1.500", "E_AMBIGUOUS_NUMBER"),
    "Dòng chi!M5": ("=1+1", "E_FORMULA_NO_VALUE"),
    "Dòng chi!F6": ("chi gì đó", "CHOICE_UNKNOWN"),
    "Dòng chi!I6": (12345.5, "E_FRACTION"),
    "Dòng chi!A7": ("DA9", "PROJECT_OF_ROW_UNKNOWN"),
    "Kết quả!C5": ("HAI_LONG", "OUTCOME_PROMISED"),
    "Kết quả!E6": (-3, "E_NEGATIVE"),
    "Kết quả!G7": ("X1; X6", "UNIT_EXEMPT"),
}


@pytest.fixture
def province(session: Session) -> Province:
    return a_province(session)


def _workbook(session: Session, province: Province, draft: EstimateDraft | None = None) -> bytes:
    context = check_context(session, province.round_id, province.agencies["H_NHATRANG"])
    return a_workbook(context, a_draft() if draft is None else draft)


def _everything(session: Session, estimate_id: int) -> tuple[object, ...]:
    return (
        load_draft(session, estimate_id),
        edit_of(session, estimate_id),
        list(session.scalars(select(CostLine.id))),
        session.scalar(select(func.count()).select_from(AuditEntry)),
        session.scalar(select(func.count()).select_from(UploadedWorkbook)),
    )


def test_twelve_mistakes_are_found_in_one_pass_and_change_nothing(
    session: Session, province: Province
) -> None:
    before_import = a_draft(a_project("CU", name_vi="Dự án cũ"))
    estimate_id = a_saved_estimate(session, province, before_import)
    content = edited(_workbook(session, province), {place: value for place, (value, _code) in TWELVE.items()})
    before = _everything(session, estimate_id)

    report = import_workbook(
        session, province.preparer, estimate_id, file_name="du-toan.xlsx", content=content, seen_edit=2
    )

    found = [(finding.location.text_vi, finding.code) for finding in report.findings]
    assert found == [(place, code) for place, (_value, code) in TWELVE.items()]
    assert len({code for _place, code in found}) == 12
    assert not report.is_taken
    assert (report.added, report.changed, report.removed) == ((), (), ())
    assert _everything(session, estimate_id) == before


def test_mended_it_is_taken_to_the_dong_and_a_second_time_changes_nothing(
    session: Session, province: Province
) -> None:
    estimate_id = a_saved_estimate(session, province, a_draft(a_project("CU", name_vi="Dự án cũ")))
    clean = _workbook(session, province)
    wrong = edited(clean, {place: value for place, (value, _code) in TWELVE.items()})
    mended_cells = {
        "Dự án!B5": "1",
        "Dự án!C6": a_draft().projects[1].name_vi,
        "Dự án!E6": "2a",
        "Dòng chi!E5": "NST_TX",
        "Dòng chi!I5": "500.000 đồng",
        "Dòng chi!M5": "10",
        "Dòng chi!F6": "Chi đầu tư phát triển",
        "Dòng chi!I6": 12_345_678,
        "Dòng chi!A7": "DA2",
        "Kết quả!C5": "BOI_DUONG",
        "Kết quả!E6": None,
        "Kết quả!G7": "X1; X2",
    }
    mended = edited(wrong, mended_cells)

    report = import_workbook(
        session, province.preparer, estimate_id, file_name="du-toan.xlsx", content=mended, seen_edit=2
    )

    assert [(found.location.text_vi, found.code) for found in report.findings] == [
        ("Dòng chi!I5", "W_TEXT_NUMBER"),
        ("Dòng chi!M5", "W_TEXT_NUMBER"),
    ]
    assert (report.added, report.changed, report.removed) == (("DA1", "DA2"), (), ("CU",))
    assert load_draft(session, estimate_id) == a_draft()
    projects = version_projects(session, current_version(session, estimate_id).id)
    assert estimate_total(projects) == draft_total(a_draft()) == 61_555_551
    assert estimate_row(session, province.head, estimate_id).edit_number == report.edit_number == 3
    kept = list_workbooks(session, current_version(session, estimate_id).id)
    assert [(book.file_name, book.sha256) for book in kept] == [
        ("du-toan.xlsx", hashlib.sha256(mended).hexdigest())
    ]
    assert get_workbook_content(session, province.head, kept[0].id) == ("du-toan.xlsx", mended)

    before = _everything(session, estimate_id)
    for same in (mended, clean):  # the same bytes, and other bytes that say the same
        again = import_workbook(
            session, province.preparer, estimate_id, file_name="lan-2.xlsx", content=same, seen_edit=3
        )
        assert (again.added, again.changed, again.removed, again.edit_number) == ((), (), (), 3)
        assert again.is_taken
        assert _everything(session, estimate_id) == before


def test_an_import_says_which_projects_it_changed(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    changed = a_draft(a_project(lines=(a_line(unit_price_vnd=400_000),)), a_project_of_levels())
    report = import_workbook(
        session,
        province.preparer,
        estimate_id,
        file_name="a.xlsx",
        content=_workbook(session, province, changed),
        seen_edit=2,
    )
    assert (report.added, report.changed, report.removed) == ((), ("DA1",), ())
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.details["changes"] == ["Sửa dự án DA1 “Bồi dưỡng công chức một cửa (DA1)”: 1 dòng chi."]
    assert entry.details["sha256"] == report.sha256
    assert estimate_history(session, estimate_id)[0].sentence_vi.startswith(
        "Nguyễn Thị Lan nhập từ bảng tính"
    )


def test_out_and_in_again_through_the_doors_changes_nothing(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    name, content = export_workbook(session, province.preparer, estimate_id)
    assert name == "du-toan-H_NHATRANG-BS2012-lan-1.xlsx"
    report = import_workbook(
        session, province.preparer, estimate_id, file_name=name, content=content, seen_edit=2
    )
    assert (report.findings, report.edit_number) == ((), 2)
    empty_name, empty = export_workbook(session, province.head, estimate_id, kind=WorkbookKind.EMPTY)
    assert empty_name == "du-toan-H_NHATRANG-BS2012-mau.xlsx"
    report = import_workbook(
        session, province.preparer, estimate_id, file_name=empty_name, content=empty, seen_edit=2
    )
    assert [finding.code for finding in report.findings] == ["NO_PROJECTS"]
    assert load_draft(session, estimate_id) == a_draft()


def test_nobody_else_imports_exports_or_opens_the_original(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province, a_draft(a_project()))
    content = _workbook(session, province)
    import_workbook(session, province.preparer, estimate_id, file_name="a.xlsx", content=content, seen_edit=2)
    workbook_id = session.scalars(select(UploadedWorkbook.id)).one()
    for stranger in (province.other_preparer, province.estimate_appraiser, province.administrator):
        with pytest.raises(NotFound):
            import_workbook(session, stranger, estimate_id, file_name="a", content=content, seen_edit=3)
        with pytest.raises(NotFound):
            export_workbook(session, stranger, estimate_id)
        with pytest.raises(NotFound):
            get_workbook_content(session, stranger, workbook_id)


def test_an_import_needs_a_draft_a_fresh_page_and_a_preparer(session: Session, province: Province) -> None:
    estimate_id = bring_to(session, province, EstimateStatus.SENT)
    content = _workbook(session, province, a_draft(a_project()))
    edit = edit_of(session, estimate_id)
    with pytest.raises(NotInThisStatus):
        import_workbook(
            session, province.preparer, estimate_id, file_name="a", content=content, seen_edit=edit
        )
    with pytest.raises(StaleVersion):
        import_workbook(session, province.preparer, estimate_id, file_name="a", content=content, seen_edit=2)
    with pytest.raises(NotAllowed):
        import_workbook(
            session, province.estimate_appraiser, estimate_id, file_name="a", content=content, seen_edit=edit
        )


def test_a_long_file_name_keeps_its_end(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province, a_draft(a_project()))
    content = _workbook(session, province)
    name = "d" * 300 + ".xlsx"
    import_workbook(session, province.preparer, estimate_id, file_name=name, content=content, seen_edit=2)
    kept = session.scalars(select(UploadedWorkbook.file_name)).one()
    assert (len(kept), kept[-5:]) == (200, ".xlsx")


def test_warnings_do_not_stop_an_import(session: Session, province: Province) -> None:
    estimate_id = a_saved_estimate(session, province)
    unclassified = a_draft(replace(a_project(), lines=(a_line(budget_code=""),)))
    report = import_workbook(
        session,
        province.preparer,
        estimate_id,
        file_name="a.xlsx",
        content=_workbook(session, province, unclassified),
        seen_edit=2,
    )
    assert [(f.location.text_vi, f.code) for f in report.findings] == [("Dòng chi!C5", "BUDGET_CODE_MISSING")]
    assert report.is_taken
    assert load_draft(session, estimate_id) == unclassified
    save_draft(session, province.preparer, estimate_id, draft=a_draft(), seen_edit=report.edit_number)
