"""`phanbo VERB`: what it did in Vietnamese, 0 when done, 2 and one sentence when refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from finance.actions import Action
from finance.agencies.queries import actor_for, find_agency_by_code, list_agencies, list_persons
from finance.audit import AuditEntry
from finance.clock import machine_now
from finance.database import Session, make_engine, make_session_factory, reading, transaction
from finance.jobs.operations import request_job
from finance.jobs.queries import job_status
from finance.jobs.records import JobState
from finance.permissions import may
from finance.rounds.queries import business_moment_of
from finance.rounds.records import BudgetRound
from finance.rounds.rules import RoundKind
from tests.builders import a_moment
from webapp import commands
from webapp.commands import REFUSED, main
from webapp.demonstration.people import DEMONSTRATION_SIGN_INS, OTHER_SIGN_INS

PASSWORD = "một câu đủ dài"
CREATE = ["create-administrator", "--login", "Quan.Tri", "--name", "Ngô Hải Yến", "--office", "STTTT"]
NEW_OFFICE = ["--office-name", "Sở Thông tin và Truyền thông"]


@pytest.fixture
def store(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated store that the commands are pointed at."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("PHANBO_INSTANCE", str(tmp_path))
    type_passwords(monkeypatch, PASSWORD, PASSWORD)
    return database_url


@pytest.fixture
def sqlite_store(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The same where one store proves it."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("PHANBO_INSTANCE", str(tmp_path))
    type_passwords(monkeypatch, PASSWORD, PASSWORD)
    return sqlite_url


def type_passwords(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    answers = list(typed)

    def answer(_question: str) -> str:
        answers.append(answers[0])
        return answers.pop(0)

    monkeypatch.setattr("getpass.getpass", answer)


def look(url: str, question: Callable[[Session], object]) -> object:
    engine = make_engine(url)
    with reading(make_session_factory(engine)) as session:
        answer = question(session)
    engine.dispose()
    return answer


def change(url: str, act: Callable[[Session], object]) -> object:
    engine = make_engine(url)
    with transaction(make_session_factory(engine)) as session:
        answer = act(session)
    engine.dispose()
    return answer


def administrators(session: Session) -> dict[str, bool]:
    """Login -> may administer at the moment the program goes by."""
    moment = business_moment_of(session, machine_now())
    return {
        row.login: may(actor_for(session, row.id, moment), Action.ADD_PERSON)
        for row in list_persons(session, moment.business_on)
    }


# --- the parser


@pytest.mark.parametrize("arguments", [[], ["dance"], ["create-administrator"], ["serve", "--port", "x"]])
def test_what_is_mistyped_is_explained_with_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "Cách dùng: phanbo" in capsys.readouterr().err


def test_every_verb_of_the_text_is_a_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    usage = capsys.readouterr().out
    documented = [line.split()[0] for line in (commands.__doc__ or "").splitlines() if "  " in line]
    assert documented
    assert [verb for verb in documented if verb not in usage] == []


# --- migrate, load-programme


def test_migrate_makes_everything_a_new_installation_needs_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PHANBO_INSTANCE", str(tmp_path / "new"))
    for _ in range(2):
        assert main(["migrate"]) == 0
    assert capsys.readouterr().out == "Cơ sở dữ liệu đã ở phiên bản mới nhất.\n" * 2
    assert (tmp_path / "new" / "secret-key").stat().st_mode & 0o077 == 0
    assert main(["doctor"]) == 0


@pytest.mark.parametrize(
    "arguments", [["load-programme"], ["load-demo"], CREATE, ["worker", "--once"]], ids=lambda a: a[0]
)
def test_nothing_is_done_on_a_store_that_was_not_migrated(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PHANBO_INSTANCE", str(tmp_path))
    assert main(arguments) == REFUSED
    said = capsys.readouterr()
    assert said.err == "Cơ sở dữ liệu chưa ở phiên bản mới nhất: chạy `phanbo migrate` trước.\n"
    assert said.out == ""


def test_a_store_that_cannot_keep_the_promises_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite://")
    monkeypatch.setenv("PHANBO_INSTANCE", str(tmp_path))
    assert main(["worker", "--once"]) == REFUSED
    assert "Mời báo quản trị." in capsys.readouterr().err


def test_the_programme_is_loaded_and_loading_again_says_so(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load-programme"]) == 0
    assert "dòng mới, 0 dòng thay đổi." in capsys.readouterr().out
    assert main(["load-programme"]) == 0
    assert capsys.readouterr().out == "Danh mục đã đầy đủ từ trước, không có gì thay đổi.\n"
    assert look(store, lambda session: find_agency_by_code(session, "STTTT")) is not None


def test_a_wrong_folder_is_refused_by_file_and_changes_nothing(
    sqlite_store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load-programme", "--folder", str(tmp_path / "nowhere")]) == REFUSED
    said = capsys.readouterr()
    assert ("không có tệp này" in said.err, said.out) == (True, "")
    assert look(sqlite_store, lambda session: list_agencies(session, a_moment().business_on)) == []


# --- create-administrator


def test_the_first_administrator_of_a_real_installation_can_administer_at_once(
    store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CREATE, *NEW_OFFICE]) == 0
    assert capsys.readouterr().out == "Đã tạo tài khoản quản trị “Quan.Tri”.\n"
    assert look(store, administrators) == {"quan.tri": True}
    said = look(store, lambda session: [entry.person_name for entry in session.query(AuditEntry)])
    assert set(said) == {"Cài đặt hệ thống"}  # type: ignore[call-overload]


def test_a_second_one_of_the_same_office_is_no_trouble(sqlite_store: str) -> None:
    main([*CREATE, *NEW_OFFICE])
    again = [word.replace("Quan.Tri", "quan.tri.2") for word in CREATE]
    assert main(again) == 0
    assert look(sqlite_store, administrators) == {"quan.tri": True, "quan.tri.2": True}


def test_beside_the_demonstration_he_administers_on_its_date(sqlite_store: str) -> None:
    record = BudgetRound(
        code="MH",
        name_vi="Đợt minh họa",
        fiscal_year=2012,
        last_year=2013,
        kind=RoundKind.SUPPLEMENTARY,
        is_demonstration=True,
        business_on=a_moment().business_on,
    )
    change(sqlite_store, lambda session: session.add(record))
    assert main([*CREATE, *NEW_OFFICE]) == 0
    assert look(sqlite_store, administrators) == {"quan.tri": True}


@pytest.mark.parametrize(
    ("more", "passwords", "words"),
    [
        ([], [PASSWORD], "Không có cơ quan mã “STTTT”; cơ quan mới thì ghi thêm --office-name."),
        (NEW_OFFICE, ["ngắn"], "Mật khẩu phải có ít nhất 12 ký tự."),
        (NEW_OFFICE, [PASSWORD, PASSWORD + "."], "Hai lần nhập mật khẩu không giống nhau."),
        ([*NEW_OFFICE, "--login", ""], [PASSWORD], "Tên đăng nhập có từ 1 đến 80 ký tự"),
    ],
)
def test_a_slip_leaves_no_half_made_administrator(
    sqlite_store: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    passwords: list[str],
    words: str,
) -> None:
    type_passwords(monkeypatch, *passwords)
    assert main([*CREATE, *more]) == REFUSED
    said = capsys.readouterr()
    assert (words in said.err, said.out) == (True, "")
    assert look(sqlite_store, lambda session: find_agency_by_code(session, "STTTT")) is None


def test_a_name_that_is_taken_is_told(sqlite_store: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([*CREATE, *NEW_OFFICE])
    capsys.readouterr()
    assert main(CREATE) == REFUSED
    assert capsys.readouterr().err == "Tên đăng nhập “quan.tri” đã được dùng; mời chọn tên khác.\n"


# --- demonstration, worker, serve, doctor


def test_the_demonstration_is_loaded_unless_it_is_there(
    sqlite_store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Report:
        sentence_vi = "Đã nạp."

    loaded: list[bool] = []
    monkeypatch.setattr(commands, "is_province_loaded", lambda _factory: bool(loaded))
    monkeypatch.setattr(commands, "load_province", lambda _factory, _clock: loaded.append(True) or Report())
    assert (main(["load-demo"]), main(["load-demo"])) == (0, 0)
    assert capsys.readouterr().out == "Đã nạp.\nTỉnh minh họa đã được nạp từ trước.\n"
    assert loaded == [True]


def test_sign_ins_are_printed_with_what_each_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sign-ins"]) == 0
    printed = capsys.readouterr().out.splitlines()
    desks, others = printed[: len(DEMONSTRATION_SIGN_INS)], printed[len(DEMONSTRATION_SIGN_INS) :]
    for line, sign_in in zip(desks, DEMONSTRATION_SIGN_INS, strict=True):
        assert line.split()[:2] == [sign_in.login, sign_in.password]
        assert line.endswith(f"{sign_in.role_vi}: {sign_in.full_name}")
    assert others[0] == "  Cùng mật khẩu, người của các cơ quan khác:"
    for line, sign_in in zip(others[1:], OTHER_SIGN_INS, strict=True):
        assert line.split()[0] == sign_in.login
        assert line.endswith(f"{sign_in.role_vi}: {sign_in.full_name}")
        assert sign_in.password == DEMONSTRATION_SIGN_INS[0].password


def test_the_worker_does_what_waits_and_stops(sqlite_store: str) -> None:
    def ask(session: Session) -> int:
        now = machine_now()
        return request_job(session, kind="NOBODY_KNOWS", subject_id=1, requested_by_id=1, at=now).id

    job_id = change(sqlite_store, ask)
    assert main(["worker", "--once"]) == 0
    assert look(sqlite_store, lambda session: job_status(session, job_id).state) is JobState.FAILED  # type: ignore[arg-type]


def test_pages_are_served_where_one_says(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(commands, "serve_pages", lambda host, port: asked.append((host, port)) or 0)
    assert main(["serve"]) == 0
    assert main(["serve", "--host", "10.0.0.1", "--port", "8080"]) == 0
    assert asked == [("127.0.0.1", 5000), ("10.0.0.1", 8080)]


def test_serving_without_a_secret_is_refused_in_a_sentence(
    sqlite_store: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0"]) == REFUSED
    assert "PHANBO_SECRET_KEY" in capsys.readouterr().err


def test_the_doctor_answers_with_the_exit_code(
    sqlite_store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PHANBO_SECRET_KEY", "k" * 32)
    assert main(["doctor"]) == 0
    change(
        sqlite_store, lambda session: session.execute(text("UPDATE alembic_version SET version_num='0001'"))
    )
    assert main(["doctor"]) == 1
    assert "HỎNG  Phiên bản dữ liệu: đang ở 0001" in capsys.readouterr().out


def test_the_first_acts_of_a_real_installation_are_dated_by_the_true_time(sqlite_store: str) -> None:
    before = machine_now()
    main([*CREATE, *NEW_OFFICE])
    entries = look(sqlite_store, lambda session: session.query(AuditEntry).all())
    assert entries
    assert all(before <= entry.business_at == entry.recorded_at <= machine_now() for entry in entries)  # type: ignore[attr-defined]
