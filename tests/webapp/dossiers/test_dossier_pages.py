"""Dossiers, papers and the list of what is missing, as people meet them in the browser."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from finance.agencies.records import SignInSession
from finance.attachments.queries import list_attached
from finance.attachments.rules import AttachmentLimits, ScanState
from finance.database import reading
from finance.estimates.queries import current_version
from tests.paper_files import EXCEL_WITH_MACROS, a_package, a_pdf
from tests.webapp.estimates.agency_desk import NOW, Desk, Visitor
from webapp.doctor import Unsound, check_attachments
from webapp.file_upkeep import scan_stored_files, sweep_stored_files
from webapp.paper_desk import PaperDesk

WHOLE = {
    "dossier-condition-SCOPE": "1",
    "dossier-evidence-SCOPE": "Văn bản 12",
    "dossier-outputs-0-baseline": "40,5",
    "dossier-outputs-0-baseline_on": "31/12/2011",
    "dossier-outputs-0-baseline_source": "Báo cáo năm",
    "dossier-minimum_level": "FULL",
    "dossier-continuity": "CONTINUING",
    "dossier-outturn-ACTUAL-amount": "1.000.000",
    "dossier-after_costs": "SOME",
    "dossier-costs-0-item": "Bảo trì",
    "dossier-costs-0-year": "2013",
    "dossier-costs-0-amount": "5.000.000",
}


@pytest.fixture
def officer(desk: Desk) -> Visitor:
    return desk.visitor(desk.province.preparer)


def page_of(desk: Desk, key: str = "DA1") -> str:
    return f"{desk.address}/ho-so/du-an?ma={key}"


def save(desk: Desk, officer: Visitor, **typed: str) -> TestResponse:
    """Save a whole dossier, some boxes typed over; `__` in a name stands for `-`."""
    page = officer.get(page_of(desk)).text
    fields = officer.fields(page, f"{desk.address}/ho-so/du-an")
    for name, text in (WHOLE | {name.replace("__", "-"): text for name, text in typed.items()}).items():
        fields[name] = text
    return officer.client.post(f"{desk.address}/ho-so/du-an", data=fields)


def attach(desk: Desk, officer: Visitor, content: bytes, name: str = "Báo giá.pdf") -> TestResponse:
    fields = officer.fields(officer.get(page_of(desk)).text, f"{desk.address}/ho-so/giay-to")
    fields["paper"] = (BytesIO(content), name)  # type: ignore[assignment]
    return officer.client.post(
        f"{desk.address}/ho-so/giay-to", data=fields, content_type="multipart/form-data"
    )


def papers(desk: Desk) -> list[tuple[int, str, ScanState]]:
    with reading(desk.factory) as session:
        version = current_version(session, desk.estimate_id).id
        return [(row.id, row.file_name, row.scan_state) for row in list_attached(session, version)]


def store_of(desk: Desk) -> PaperDesk:
    found: PaperDesk = desk.app.extensions["phanbo-papers"]
    return found


def test_a_dossier_is_typed_saved_and_stands_in_its_boxes_again(desk: Desk, officer: Visitor) -> None:
    answer = save(desk, officer)
    assert answer.status_code == 303, answer.text
    page = officer.get(page_of(desk)).text
    fields = officer.fields(page, f"{desk.address}/ho-so/du-an")
    assert {name: fields[name] for name in WHOLE} == WHOLE
    again = save(desk, officer)
    assert again.status_code == 303
    assert {name: officer.fields(page, f"{desk.address}/ho-so/du-an")[name] for name in WHOLE} == WHOLE


def test_what_cannot_be_read_comes_back_as_typed_with_its_reason(desk: Desk, officer: Visitor) -> None:
    wrong = {
        "dossier__outturn__ACTUAL__amount": "một triệu",
        "dossier__outputs__0__baseline_on": "32/13/2011",
        "dossier__costs__0__item": "",
        "dossier__outputs__0__unmeasured": "1",
    }
    answer = save(desk, officer, **wrong)
    assert answer.status_code == 422
    for box in ("outturn-ACTUAL-amount", "outputs-0-baseline_on", "costs-0-item", "outputs-0-baseline"):
        assert f'id="dossier-{box}-error"' in answer.text, box
        assert f'href="#dossier-{box}"' in answer.text
    assert 'value="một triệu"' in answer.text
    assert 'value="32/13/2011"' in answer.text
    assert desk.row().edit_number == 2


def test_who_was_too_late_sees_what_differs_and_loses_nothing(desk: Desk, officer: Visitor) -> None:
    page = officer.get(page_of(desk)).text
    fields = officer.fields(page, f"{desk.address}/ho-so/du-an")
    assert save(desk, desk.visitor(desk.province.head)).status_code == 303
    fields["dossier-minimum_reason"] = "Vì một lớp là ít nhất"
    late = officer.client.post(f"{desk.address}/ho-so/du-an", data=fields)
    assert late.status_code == 409
    assert "Vì một lớp là ít nhất" in late.text
    assert "lý do mức tối thiểu" in late.text


def test_a_paper_is_attached_downloaded_as_a_download_and_taken_off(desk: Desk, officer: Visitor) -> None:
    assert attach(desk, officer, a_pdf()).status_code == 303
    ((paper, name, state),) = papers(desk)
    assert (name, state) == ("Báo giá.pdf", ScanState.UNSCANNED)
    answer = officer.get(f"{desk.address}/ho-so/giay-to/{paper}")
    assert answer.data == a_pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert (
        "default-src 'none'; script-src 'self'"
        in officer.get(desk.address).headers["Content-Security-Policy"]
    )
    page = officer.get(page_of(desk)).text
    assert officer.send(page, f"{desk.address}/ho-so/go-giay-to").status_code == 303
    assert papers(desk) == []
    assert officer.get(f"{desk.address}/ho-so/giay-to/{paper}").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (a_package(EXCEL_WITH_MACROS), "du toan.xlsx", "macro"),
        (a_pdf(), "du toan.xlsx", "nội dung là tệp PDF"),
        (b"", "trong.pdf", "Tệp trống"),
        (a_pdf() + b"0" * 300_000, "to.pdf", "0,3 MB, quá mức 0,2 MB"),
    ],
    ids=["macros", "renamed", "empty", "too large"],
)
def test_a_bad_file_is_refused_on_the_page_and_leaves_nothing(
    desk: Desk, officer: Visitor, content: bytes, name: str, words: str
) -> None:
    usual = store_of(desk)
    # The test's own client keeps larger bodies in files it forgets to close.
    limits = AttachmentLimits(file_bytes=200_000)
    desk.app.extensions["phanbo-papers"] = PaperDesk(usual.store, limits, usual.scanner)
    answer = attach(desk, officer, content, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert papers(desk) == []
    assert not [path for path in store_of(desk).store.folder.rglob("*") if path.is_file()]


def test_an_infected_file_is_thrown_away_at_once(desk: Desk, officer: Visitor, tmp_path: Path) -> None:
    use_scanner(desk, tmp_path, exit_code=1)
    answer = attach(desk, officer, a_pdf())
    assert answer.status_code == 422
    assert "nghi có mã độc" in answer.text
    assert not [path for path in store_of(desk).store.folder.rglob("*") if path.is_file()]


def use_scanner(desk: Desk, folder: Path, *, exit_code: int) -> str:
    program = folder / "scanner.py"
    program.write_text(f"raise SystemExit({exit_code})")
    usual = store_of(desk)
    command = f"{sys.executable} -S {program}"
    desk.app.extensions["phanbo-papers"] = PaperDesk(usual.store, usual.limits, command)
    return command


def test_upkeep_scans_what_waits_sweeps_what_is_orphaned_and_the_doctor_misses_what_is_lost(
    desk: Desk, officer: Visitor, tmp_path: Path
) -> None:
    command = use_scanner(desk, tmp_path, exit_code=2)
    assert attach(desk, officer, a_pdf()).status_code == 303
    ((paper, _name, state),) = papers(desk)
    assert state is ScanState.WAITING
    refused = officer.get(f"{desk.address}/ho-so/giay-to/{paper}")
    assert refused.status_code == 422
    store, factory = store_of(desk).store, desk.factory
    assert "PHANBO_SCANNER" in scan_stored_files(factory, store, "", NOW, is_all=False)
    use_scanner(desk, tmp_path, exit_code=0)
    assert "1 tệp" in scan_stored_files(factory, store, command, NOW, is_all=False)
    assert "0 tệp" in scan_stored_files(factory, store, command, NOW, is_all=False)
    assert officer.get(f"{desk.address}/ho-so/giay-to/{paper}").status_code == 200
    assert "1 tệp, đủ" in check_attachments(factory, store)
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    assert sweep_stored_files(factory, store, tomorrow) == 0
    officer.send(officer.get(page_of(desk)).text, f"{desk.address}/ho-so/go-giay-to")
    assert sweep_stored_files(factory, store, datetime.now(UTC)) == 0, "somebody may just be attaching it"
    assert sweep_stored_files(factory, store, tomorrow) == 1
    attach(desk, officer, a_pdf())
    store.path_of(next(iter(hashes(desk)))).unlink()
    with pytest.raises(Unsound, match="1/1 tệp"):
        check_attachments(factory, store)


def hashes(desk: Desk) -> list[str]:
    with reading(desk.factory) as session:
        version = current_version(session, desk.estimate_id).id
        return [row.sha256 for row in list_attached(session, version)]


def test_the_list_is_by_page_leads_to_the_boxes_and_its_count_falls(desk: Desk, officer: Visitor) -> None:
    page = officer.get(f"{desk.address}/con-thieu").text
    assert "Hồ sơ dự án DA1" in page
    count = officer.get(f"{desk.address}/con-thieu/so-luong").text
    assert "2 cảnh báo" in count
    assert "2 cảnh báo" in officer.get(desk.address).text
    head = desk.visitor(desk.province.head)
    save(desk, head, dossier__continuity="NEW", dossier__outturn__ACTUAL__amount="")
    after = officer.get(f"{desk.address}/con-thieu/so-luong?da-xem=0").text
    assert "2 cảnh báo" not in after
    assert "vừa thay đổi" in after
    changed = officer.get(f"{desk.address}/con-thieu").text
    address = f"{page_of(desk)}#dossier-outputs-0-data_source"
    assert address in changed.replace("&amp;", "&")
    assert 'id="dossier-outputs-0-data_source"' in officer.get(page_of(desk)).text


def test_a_reason_for_a_warning_is_read_by_the_reviewers(desk: Desk, officer: Visitor) -> None:
    page = officer.get(f"{desk.address}/con-thieu").text
    answer = officer.send(page, f"{desk.address}/con-thieu/ly-do", reason="Hồ sơ gửi sau theo công văn 5")
    assert answer.status_code == 303
    assert "Hồ sơ gửi sau theo công văn 5" in officer.get(f"{desk.address}/ho-so").text
    # Both projects lack their dossier in the same words: each has a reason of its own.
    assert "1 cảnh báo" in officer.get(f"{desk.address}/con-thieu/so-luong").text
    again = officer.get(f"{desk.address}/con-thieu").text
    assert "cho cả 2 chỗ có cùng cảnh báo này" in again
    both = {"reason": "Cả hai gửi sau", "everywhere": "yes"}
    assert officer.send(again, f"{desk.address}/con-thieu/ly-do", **both).status_code == 303
    assert "Không còn điểm nào thiếu" in officer.get(f"{desk.address}/con-thieu/so-luong").text
    assert officer.get(f"{desk.address}/ho-so").text.count("Cả hai gửi sau") == 2
    empty = officer.send(page, f"{desk.address}/con-thieu/ly-do", reason="")
    assert empty.status_code == 409, "the page is old by now"


def test_a_page_that_asks_by_itself_is_no_sign_of_life(desk: Desk, officer: Visitor) -> None:
    officer.get(desk.address)
    with desk.factory() as session, session.begin():
        for row in session.query(SignInSession):
            row.last_seen_at = NOW - timedelta(minutes=10)
    with officer.client.session_transaction() as cookie:
        cookie["seen_at"] = 0
    officer.get(f"{desk.address}/con-thieu/so-luong")
    assert seen(desk) == NOW - timedelta(minutes=10)
    officer.get(f"{desk.address}/con-thieu")
    assert seen(desk) == NOW


def seen(desk: Desk) -> datetime:
    with desk.factory() as session:
        (row,) = session.query(SignInSession).all()
        return row.last_seen_at
