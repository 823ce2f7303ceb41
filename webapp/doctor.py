"""`phanbo doctor`: is this installation sound? One line a check, exit code 1 when one is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from defusedxml import EntitiesForbidden
from defusedxml.ElementTree import fromstring

from finance.audit import find_broken_entry
from finance.database import check_store, make_engine, make_session_factory, reading
from finance.jobs.queries import count_unfinished_jobs
from migrations.command import newest_number, stored_number
from webapp.config import SECRET_FILE_NAME

_BOMB = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


def examine(address: str, folder: Path) -> int:
    """Check store, shape, audit chain, XML guard and secret; print one line each.

    Args:
        address: database address.
        folder: the instance folder.
    """
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Kho dữ liệu", lambda: _store(address)),
        ("Phiên bản dữ liệu", lambda: _shape(address)),
        ("Chuỗi nhật ký", lambda: _audit(address)),
        ("Công việc chờ", lambda: _jobs(address)),
        ("Chặn mã độc XML", _xml_guard),
        ("Khóa bí mật", lambda: _secret(folder)),
    )
    is_sound = True
    for name, check in checks:
        try:
            words, is_good = check(), True
        except Exception as problem:  # a doctor reports what he finds, whatever it is
            words, is_good = str(problem), False
        is_sound = is_sound and is_good
        print(f"{'tốt ' if is_good else 'HỎNG'}  {name}: {words}")
    return 0 if is_sound else 1


def _store(address: str) -> str:
    engine = make_engine(address)
    check_store(engine)
    return engine.dialect.name


def _shape(address: str) -> str:
    stored, newest = stored_number(make_engine(address)), newest_number()
    if stored != newest:
        raise RuntimeError(f"đang ở {stored}, cần {newest}: chạy `phanbo migrate`")
    return newest


def _audit(address: str) -> str:
    with reading(make_session_factory(make_engine(address))) as session:
        broken = find_broken_entry(session)
    if broken is not None:
        raise RuntimeError(f"dòng {broken} không khớp với chuỗi")
    return "nguyên vẹn"


def _jobs(address: str) -> str:
    with reading(make_session_factory(make_engine(address))) as session:
        return f"{count_unfinished_jobs(session)} việc chưa xong"


def _xml_guard() -> str:
    try:
        fromstring(_BOMB)
    except EntitiesForbidden:
        return "bật"
    raise RuntimeError("thư viện đọc XML không từ chối thực thể")


def _secret(folder: Path) -> str:
    path = folder / SECRET_FILE_NAME
    if not path.exists():
        return "lấy từ PHANBO_SECRET_KEY"
    if path.stat().st_mode & 0o077:
        raise RuntimeError(f"tệp {SECRET_FILE_NAME} mở cho người khác đọc: chmod 600")
    return f"tệp {SECRET_FILE_NAME}, chỉ chủ đọc được"
