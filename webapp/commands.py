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
from finance.command_line import VietnameseParser
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
from finance.rounds.public_holidays import FILE_NAME as HOLIDAYS_FILE
from finance.rounds.public_holidays import load_public_holidays
from finance.rounds.queries import business_moment_of, current_round
from migrations.command import newest_number, stored_number, upgrade
from webapp.config import (
    SettingsRefused,
    attachments_folder,
    database_url,
    instance_folder,
    stored_secret_key,
)
from webapp.demonstration.people import DEMONSTRATION_SIGN_INS, OTHER_SIGN_INS
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


def _parser() -> VietnameseParser:
    parser = VietnameseParser(prog="phanbo", description="Phân Bổ: phân bổ kinh phí cải cách hành chính.")
    verbs = parser.add_subparsers(required=True, metavar="LỆNH")
    _verb(verbs, "migrate", _migrate, "đưa cơ sở dữ liệu lên phiên bản mới nhất")
    load = _verb(verbs, "load-programme", _load_programme, "nạp dữ liệu gốc của chương trình")
    load.add_argument("--folder", metavar="THƯ_MỤC", type=Path, help="thư mục dữ liệu gốc của một tỉnh khác")
    _verb(verbs, "load-demo", _load_demo, "nạp tỉnh minh họa năm 2012")
    create = _verb(verbs, "create-administrator", _create_administrator, "tạo tài khoản quản trị đầu tiên")
    create.add_argument("--login", metavar="TÊN", required=True, help="tên đăng nhập")
    create.add_argument("--name", metavar="HỌ_TÊN", required=True, help="họ và tên, đủ dấu")
    create.add_argument("--office", metavar="MÃ", required=True, help="mã cơ quan, ví dụ STTTT")
    create.add_argument("--office-name", metavar="TÊN", default="", help="tên đầy đủ nếu cơ quan chưa có")
    practice = _verb(verbs, "practice-round", _open_practice, "mở đợt tập huấn")
    practice.add_argument("--code", metavar="MÃ", required=True, help="mã ngắn, ví dụ TH0212")
    practice.add_argument("--name", metavar="TÊN", required=True, help="tên đợt, đủ dấu")
    practice.add_argument("--login", metavar="TÊN", required=True, help="tên đăng nhập của người mở đợt")
    _verb(verbs, "sign-ins", _print_sign_ins, "in tên đăng nhập của tỉnh minh họa")
    serve = _verb(verbs, "serve", _serve, "phục vụ các trang")
    serve.add_argument("--host", metavar="ĐỊA_CHỈ", default="127.0.0.1", help="mặc định 127.0.0.1")
    serve.add_argument("--port", metavar="SỐ", type=int, default=5000, help="cổng; mặc định 5000")
    worker = _verb(verbs, "worker", _work, "làm các việc đang chờ")
    worker.add_argument("--once", action="store_true", help="dừng khi không còn việc chờ")
    scan = _verb(verbs, "scan-files", _scan_files, "quét mã độc các tệp đính kèm")
    scan.add_argument("--all", action="store_true", help="cả những tệp đã quét trước đây")
    _verb(verbs, "sweep-files", _sweep_files, "xóa các tệp không còn giấy tờ nào dùng")
    norm = _verb(verbs, "norm-lines", _list_norm_lines, "liệt kê các dòng chi theo một định mức")
    norm.add_argument("code", metavar="MÃ", help="mã định mức, ví dụ N05 hoặc N05.2")
    doctor = _verb(verbs, "doctor", _doctor, "kiểm tra cơ sở dữ liệu, chuỗi nhật ký và thiết lập")
    doctor.add_argument("--head", metavar="MÃ", default="", help="đầu cuối của chuỗi nhật ký đã in lần trước")
    return parser


def _verb(verbs: argparse._SubParsersAction, name: str, act: Callable, words: str) -> VietnameseParser:  # type: ignore[type-arg]
    parser: VietnameseParser = verbs.add_parser(
        name, help=words, description=f"{words[0].upper()}{words[1:]}."
    )
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
        holidays = options.folder / HOLIDAYS_FILE if options.folder else None
        if holidays is None or holidays.exists():
            load_public_holidays(session, actor, file=holidays)
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
    print("  Cùng mật khẩu, người của các cơ quan khác:")
    for sign_in in OTHER_SIGN_INS:
        print(f"  {sign_in.login:<15} {sign_in.role_vi}: {sign_in.full_name}")
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
