"""The command `phanbo VERB`: what the people who run the program type.

migrate               bring the database to the newest shape
load-programme        load the decision's reference data (safe to repeat)
load-demo             load the demonstration province of 2012 into an empty database
create-administrator  name the first administrator of a real installation
practice-round        open a round for practice with the open round's catalogue
sign-ins              print the demonstration's sign-ins
serve                 serve the pages
worker                do the waiting jobs (scenario runs)
scan-files            let the scanner judge attached files it has not judged yet
sweep-files           remove stored files no paper names any more
norm-lines            list the lines of the running rounds that rest on a spending norm
doctor                check store, shape, audit chain and settings, in one page
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from finance.actors import Actor, Capacity, Function
from finance.agencies.installation import installation_actor
from finance.agencies.operations import (
    NewAgency,
    NewPosition,
    add_person,
    assign_function,
    find_assignment,
    grant_position,
    register_agency,
)
from finance.agencies.queries import actor_for, find_agency_by_code, list_persons
from finance.attachments.store import FileStore
from finance.clock import machine_now
from finance.database import (
    Session,
    SessionFactory,
    check_store,
    make_engine,
    make_session_factory,
    reading,
    transaction,
)
from finance.dossiers.required_papers import FILE_NAME as PAPERS_FILE
from finance.dossiers.required_papers import load_required_papers
from finance.errors import FinanceError, RuleBroken
from finance.norms.queries import lines_naming, norm_by_code
from finance.programme.operations import load_programme
from finance.rounds.practice import NewPractice, open_practice_round
from finance.rounds.queries import business_moment_of, current_round
from migrations.command import newest_number, stored_number, upgrade
from webapp.config import (
    SettingsRefused,
    attachments_folder,
    database_url,
    instance_folder,
    stored_secret_key,
)
from webapp.demonstration.people import DEMONSTRATION_SIGN_INS
from webapp.demonstration.province import is_province_loaded, load_province
from webapp.doctor import examine
from webapp.file_upkeep import scan_stored_files, sweep_stored_files
from webapp.norms.listing import norm_lines_text
from webapp.serving import serve_pages
from webapp.worker import work

REFUSED = 2


class StoreNotReady(Exception):
    """The store has not the shape this version of the program needs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code is 0 when it did what was asked."""
    options = _parser().parse_args(arguments)
    act: Callable[[argparse.Namespace], int] = options.act
    try:
        return act(options)
    except FinanceError as error:
        print(error.sentence_vi, file=sys.stderr)
    except (SettingsRefused, StoreNotReady) as error:
        print(error, file=sys.stderr)
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="phanbo", description="Phân Bổ: phân bổ kinh phí cải cách hành chính."
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    _verb(verbs, "migrate", _migrate, "bring the database to the newest shape")
    load = _verb(verbs, "load-programme", _load_programme, "load the decision's reference data")
    load.add_argument("--folder", type=Path, help="another province's folder of reference files")
    _verb(verbs, "load-demo", _load_demo, "load the demonstration province of 2012")
    create = _verb(verbs, "create-administrator", _create_administrator, "name the first administrator")
    create.add_argument("--login", required=True)
    create.add_argument("--name", required=True, help="full name, with Vietnamese marks")
    create.add_argument("--office", required=True, help="code of the office, such as STTTT")
    create.add_argument("--office-name", default="", help="full name, when the office is not known yet")
    practice = _verb(verbs, "practice-round", _open_practice, "open a round for practice")
    practice.add_argument("--code", required=True, help="short code, such as TH0212")
    practice.add_argument("--name", required=True, help="name, with Vietnamese marks")
    practice.add_argument("--login", required=True, help="sign-in name of the finance officer who opens it")
    _verb(verbs, "sign-ins", _print_sign_ins, "print the demonstration's sign-ins")
    serve = _verb(verbs, "serve", _serve, "serve the pages")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=5000)
    worker = _verb(verbs, "worker", _work, "do the waiting jobs")
    worker.add_argument("--once", action="store_true", help="stop when nothing waits")
    scan = _verb(verbs, "scan-files", _scan_files, "let the scanner judge attached files")
    scan.add_argument("--all", action="store_true", help="also those it has judged before")
    _verb(verbs, "sweep-files", _sweep_files, "remove stored files no paper names any more")
    norm = _verb(verbs, "norm-lines", _list_norm_lines, "list the lines that rest on a spending norm")
    norm.add_argument("code", help="code of the norm, such as N05 or N05.2")
    doctor = _verb(verbs, "doctor", _doctor, "check store, shape, audit chain and settings")
    doctor.add_argument("--head", default="", help="end of the audit chain that an earlier doctor printed")
    return parser


def _verb(verbs: argparse._SubParsersAction, name: str, act: Callable, words: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=words, description=words)
    parser.set_defaults(act=act)
    return parser


@contextmanager
def _store() -> Iterator[SessionFactory]:
    """The store, sound and in the newest shape."""
    engine = make_engine(_address())
    try:
        check_store(engine)
        if stored_number(engine) != newest_number():
            raise StoreNotReady("Cơ sở dữ liệu chưa ở phiên bản mới nhất: chạy `phanbo migrate` trước.")
        yield make_session_factory(engine)
    finally:
        engine.dispose()


def _address() -> str:
    address = database_url()
    if address.startswith("sqlite:///"):
        instance_folder().mkdir(parents=True, exist_ok=True)
    return address


def _migrate(_options: argparse.Namespace) -> int:
    engine = make_engine(_address())
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    stored_secret_key(instance_folder())
    print("Cơ sở dữ liệu đã ở phiên bản mới nhất.")
    return 0


def _load_programme(options: argparse.Namespace) -> int:
    with _store() as factory, transaction(factory) as session:
        actor = installation_actor(business_moment_of(session, machine_now()))
        report = load_programme(session, actor, folder=options.folder)
        papers = options.folder / PAPERS_FILE if options.folder else None
        if papers is None or papers.exists():
            load_required_papers(session, actor, file=papers)
    print(report.sentence_vi)
    return 0


def _load_demo(_options: argparse.Namespace) -> int:
    with _store() as factory:
        if is_province_loaded(factory):
            print("Tỉnh minh họa đã được nạp từ trước.")
            return 0
        print(load_province(factory, machine_now).sentence_vi)
    return 0


def _create_administrator(options: argparse.Namespace) -> int:
    with _store() as factory:
        password = getpass.getpass("Mật khẩu: ")
        if getpass.getpass("Nhập lại mật khẩu: ") != password:
            raise RuleBroken("Hai lần nhập mật khẩu không giống nhau.")
        with transaction(factory) as session:
            # By the business date: the seat must be in force on the day the program goes by.
            actor = installation_actor(business_moment_of(session, machine_now()))
            _add_administrator(session, actor, options, password)
    print(f"Đã tạo tài khoản quản trị “{options.login}”.")
    return 0


def _add_administrator(session: Session, actor: Actor, options: argparse.Namespace, password: str) -> None:
    today, source = actor.moment.business_on, "phanbo create-administrator"
    agency = find_agency_by_code(session, options.office)
    if agency is None:
        if not options.office_name:
            # A mistyped code would otherwise stay as an office for ever: nothing is deleted here.
            raise RuleBroken(
                f"Không có cơ quan mã “{options.office}”; cơ quan mới thì ghi thêm --office-name."
            )
        new = NewAgency(options.office, options.office_name, options.office_name, "other", source)
        agency = register_agency(session, actor, new)
    function = Function.ADMINISTRATION
    if find_assignment(session, agency.id, function, today) is None:
        assign_function(session, actor, agency.id, function=function, valid_from=today, source=source)
    person = add_person(session, actor, login=options.login, full_name=options.name, password=password)
    seat = NewPosition(agency.id, function, Capacity.OFFICER, "Quản trị hệ thống", today)
    grant_position(session, actor, person.id, position=seat)


def _open_practice(options: argparse.Namespace) -> int:
    with _store() as factory, transaction(factory) as session:
        model = current_round(session)
        person = next(
            (row for row in list_persons(session, date.min) if row.login == options.login.lower()), None
        )
        if model is None or person is None:
            raise RuleBroken("Cần một đợt đang mở làm mẫu, và tên đăng nhập của người mở đợt tập huấn.")
        actor = actor_for(session, person.id, business_moment_of(session, machine_now()))
        open_practice_round(session, actor, NewPractice(options.code, options.name, model.id))
    print(f"Đã mở đợt tập huấn “{options.name}” theo danh mục của “{model.name_vi}”.")
    return 0


def _print_sign_ins(_options: argparse.Namespace) -> int:
    for sign_in in DEMONSTRATION_SIGN_INS:
        print(f"  {sign_in.login:<12} {sign_in.password:<22} {sign_in.role_vi}: {sign_in.full_name}")
    return 0


def _serve(options: argparse.Namespace) -> int:
    return serve_pages(options.host, options.port)


def _work(options: argparse.Namespace) -> int:
    with _store() as factory:
        return work(factory, machine_now, is_once=options.once)


def _scan_files(options: argparse.Namespace) -> int:
    folder, scanner = attachments_folder(), os.environ.get("PHANBO_SCANNER", "").strip()
    with _store() as factory:
        print(scan_stored_files(factory, FileStore(folder), scanner, machine_now(), is_all=options.all))
    return 0


def _sweep_files(_options: argparse.Namespace) -> int:
    with _store() as factory:
        removed = sweep_stored_files(factory, FileStore(attachments_folder()), machine_now())
    print(f"Đã xóa {removed} tệp không còn giấy tờ nào dùng.")
    return 0


def _list_norm_lines(options: argparse.Namespace) -> int:
    with _store() as factory, reading(factory) as session:
        norm = norm_by_code(session, options.code)
        print(norm_lines_text(norm, lines_naming(session, norm.id)))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    return examine(database_url(), instance_folder(), now=machine_now(), noted_head=options.head)


if __name__ == "__main__":
    sys.exit(main())
