"""`phanbo doctor` looks at everything, changes nothing, and says what to do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from finance.actions import Action
from finance.agencies.installation import installation_actor
from finance.audit import Change, Subject, record_change
from finance.clock import Moment
from finance.database import make_engine, make_session_factory, transaction
from finance.jobs.operations import request_job
from webapp.config import stored_secret_key
from webapp.doctor import examine

NOW = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder with a stored secret."""
    monkeypatch.setenv("PHANBO_INSTANCE", str(tmp_path))
    stored_secret_key(tmp_path)
    return tmp_path


def act(url: str, at: datetime = NOW, statement: str = "") -> None:
    """One act of the installation, or one statement of somebody with the database in his hands."""
    engine = make_engine(url)
    with transaction(make_session_factory(engine)) as session:
        if statement:
            session.execute(text(statement))
        else:
            subject = Subject("programme", 1, "Chương trình")
            actor = installation_actor(Moment(at, at))
            record_change(session, actor, Action.LOAD_PROGRAMME, subject, seat=None, change=Change())
    engine.dispose()


def lines(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[bool, str]]:
    """What was printed: check -> (sound, words)."""
    found = {}
    for line in capsys.readouterr().out.splitlines():
        verdict, name, words = re.fullmatch(r"(tốt |HỎNG)  ([^:]+): (.*)", line).groups()  # type: ignore[union-attr]
        found[name] = (verdict == "tốt ", words)
    return found


def test_a_sound_installation_is_told_so_line_by_line(
    database_url: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    act(database_url)
    assert examine(database_url, folder, now=NOW) == 0
    found = lines(capsys)
    assert list(found) == [
        "Chặn mã độc XML", "Cấu hình", "Kho dữ liệu", "Phiên bản dữ liệu", "Chuỗi nhật ký", "Đồng hồ",
        "Công việc chờ",
        "Tệp đính kèm",
    ]  # fmt: skip
    assert all(is_good for is_good, _words in found.values())
    assert found["Công việc chờ"][1] == "0 việc chưa xong"
    assert found["Tệp đính kèm"][1].startswith("0 tệp, đủ")


def test_waiting_jobs_are_counted(sqlite_url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engine = make_engine(sqlite_url)
    with transaction(make_session_factory(engine)) as session:
        request_job(session, kind="X", subject_id=1, requested_by_id=1, at=NOW)
    engine.dispose()
    examine(sqlite_url, folder, now=NOW)
    assert lines(capsys)["Công việc chờ"][1] == "1 việc chưa xong"


def test_a_mistyped_address_is_told_and_no_empty_file_is_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = folder / "khong-co.sqlite3"
    assert examine(f"sqlite:///{missing}", folder, now=NOW) == 1
    found = lines(capsys)
    assert found["Kho dữ liệu"] == (False, "chưa có tệp dữ liệu: chạy `phanbo migrate`")
    assert "Chuỗi nhật ký" not in found
    assert not missing.exists()


def test_a_store_in_an_old_shape_is_told_what_to_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = folder / "empty.sqlite3"
    empty.touch()
    assert examine(f"sqlite:///{empty}", folder, now=NOW) == 1
    is_good, words = lines(capsys)["Phiên bản dữ liệu"]
    assert not is_good
    assert "đang ở chưa có gì" in words
    assert "chạy `phanbo migrate`" in words


def test_a_forged_row_is_named(sqlite_url: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        act(sqlite_url)
    act(sqlite_url, statement="DROP TRIGGER audit_entry_no_update")
    act(sqlite_url, statement="UPDATE audit_entry SET reason = 'khác' WHERE id = 2")
    assert examine(sqlite_url, folder, now=NOW) == 1
    assert lines(capsys)["Chuỗi nhật ký"] == (False, "dòng 2 không khớp với chuỗi")


def test_the_noted_end_of_the_chain_shows_a_tail_cut_off(
    sqlite_url: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        act(sqlite_url)
    examine(sqlite_url, folder, now=NOW)
    noted = lines(capsys)["Chuỗi nhật ký"][1].rpartition(" ")[2]
    assert re.fullmatch(r"3:[0-9a-f]{64}", noted)
    act(sqlite_url)
    assert examine(sqlite_url, folder, now=NOW, noted_head=noted) == 0
    capsys.readouterr()
    act(sqlite_url, statement="DROP TRIGGER audit_entry_no_delete")
    act(sqlite_url, statement="DELETE FROM audit_entry WHERE id >= 3")
    assert examine(sqlite_url, folder, now=NOW) == 0, "inside, the chain fits"
    assert examine(sqlite_url, folder, now=NOW, noted_head=noted) == 1
    assert "viết lại hoặc cắt bớt" in capsys.readouterr().out


@pytest.mark.parametrize("head", ["xyz", "3", ":abc", "3:"])
def test_a_misshapen_head_is_told(
    sqlite_url: str, folder: Path, capsys: pytest.CaptureFixture[str], head: str
) -> None:
    assert examine(sqlite_url, folder, now=NOW, noted_head=head) == 1
    assert "phải viết như lần trước đã in" in lines(capsys)["Chuỗi nhật ký"][1]


@pytest.mark.parametrize(("behind", "code"), [(timedelta(minutes=5), 0), (timedelta(minutes=6), 1)])
def test_a_machine_whose_clock_went_back_is_told(
    sqlite_url: str, folder: Path, capsys: pytest.CaptureFixture[str], behind: timedelta, code: int
) -> None:
    act(sqlite_url, at=NOW + behind)
    assert examine(sqlite_url, folder, now=NOW) == code
    assert lines(capsys)["Đồng hồ"][0] is (code == 0)


def test_a_secret_that_others_can_read_is_told(
    sqlite_url: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "secret-key").chmod(0o644)
    assert examine(sqlite_url, folder, now=NOW) == 1
    assert lines(capsys)["Cấu hình"] == (False, "tệp secret-key mở cho người khác đọc: chmod 600")


def test_no_secret_at_all_is_not_sound(
    sqlite_url: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "secret-key").unlink()
    assert examine(sqlite_url, folder, now=NOW) == 1
    assert "PHANBO_SECRET_KEY" in lines(capsys)["Cấu hình"][1]
    monkeypatch.setenv("PHANBO_SECRET_KEY", "k" * 32)
    assert examine(sqlite_url, folder, now=NOW) == 0


def test_an_xml_reader_without_its_guard_is_told(
    sqlite_url: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.doctor.fromstring", lambda _text: None)
    assert examine(sqlite_url, folder, now=NOW) == 1
    assert lines(capsys)["Chặn mã độc XML"][0] is False
