"""`phanbo doctor`: is this installation sound? One line a check, exit code 1 when one is not."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from defusedxml import EntitiesForbidden
from defusedxml.ElementTree import fromstring

from finance.attachments.queries import count_by_scan_state, stored_sizes
from finance.attachments.rules import ScanState
from finance.attachments.store import FileStore
from finance.audit import ChainHead, chain_head, find_broken_entry, holds_head, latest_moment
from finance.database import SessionFactory, check_store, make_engine, make_session_factory, reading
from finance.jobs.queries import count_unfinished_jobs
from migrations.command import newest_number, stored_number
from webapp.config import SECRET_FILE_NAME, attachments_folder, settings_from_environment

_BOMB = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
_SQLITE = "sqlite:///"
# Two machines may differ a little; more means that one of them dates acts wrongly.
CLOCK_SLACK = timedelta(minutes=5)

Check = tuple[str, Callable[[], str]]


class Unsound(Exception):
    """A check failed; the words say what to do."""


def examine(address: str, folder: Path, *, now: datetime, noted_head: str = "") -> int:
    """Check store, shape, audit chain, clock, XML guard and settings; print one line each.

    Args:
        address: database address.
        folder: the instance folder.
        now: the machine's time.
        noted_head: the end of the audit chain as an earlier examination printed it, or nothing.

    Returns:
        0 when all is sound, else 1.
    """
    settled = _run((("Chặn mã độc XML", _xml_guard), ("Cấu hình", lambda: _settings(folder))))
    stored = _run((("Kho dữ liệu", lambda: _store(address)),))
    return 0 if stored and _examine_content(address, now, noted_head) and settled else 1


def _examine_content(address: str, now: datetime, noted_head: str) -> bool:
    """What can be looked at only when there is a store."""
    engine = make_engine(address)
    factory = make_session_factory(engine)
    try:
        return _run((("Phiên bản dữ liệu", lambda: _shape(stored_number(engine))),)) and _run(
            (
                ("Chuỗi nhật ký", lambda: _audit(factory, noted_head)),
                ("Đồng hồ", lambda: _clock(factory, now)),
                ("Công việc chờ", lambda: _jobs(factory)),
                ("Tệp đính kèm", lambda: check_attachments(factory, FileStore(attachments_folder()))),
            )
        )
    finally:
        engine.dispose()


def _run(checks: Sequence[Check]) -> bool:
    is_sound = True
    for name, check in checks:
        try:
            words, is_good = check(), True
        except Exception as problem:  # a doctor reports what he finds, whatever it is
            words, is_good = f"{problem}".partition("\n")[0], False
        is_sound = is_sound and is_good
        print(f"{'tốt ' if is_good else 'HỎNG'}  {name}: {words}")
    return is_sound


def _store(address: str) -> str:
    # Only looking: SQLite would make an empty file of a mistyped address.
    if address.startswith(_SQLITE) and not Path(address.removeprefix(_SQLITE)).is_file():
        raise Unsound("chưa có tệp dữ liệu: chạy `phanbo migrate`")
    engine = make_engine(address)
    try:
        check_store(engine)
        with engine.connect():
            return engine.dialect.name
    finally:
        engine.dispose()


def _shape(stored: str | None) -> str:
    newest = newest_number()
    if stored != newest:
        raise Unsound(f"đang ở {stored or 'chưa có gì'}, cần {newest}: chạy `phanbo migrate`")
    return newest


def _audit(factory: SessionFactory, noted_head: str) -> str:
    with reading(factory) as session:
        broken = find_broken_entry(session)
        if broken is not None:
            raise Unsound(f"dòng {broken} không khớp với chuỗi")
        if noted_head and not holds_head(session, _read_head(noted_head)):
            raise Unsound("không còn đi qua mốc đã ghi: nhật ký đã bị viết lại hoặc cắt bớt")
        head = chain_head(session)
    return f"nguyên vẹn; ghi lại mốc này ở nơi khác: {head.count}:{head.entry_hash}"


def _read_head(text: str) -> ChainHead:
    count, _, entry_hash = text.partition(":")
    if not (count.isascii() and count.isdigit() and entry_hash):
        raise Unsound(f"mốc “{text}” phải viết như lần trước đã in: số dòng, dấu hai chấm, mã")
    return ChainHead(int(count), entry_hash)


def _clock(factory: SessionFactory, now: datetime) -> str:
    with reading(factory) as session:
        latest = latest_moment(session)
    if latest is not None and latest > now + CLOCK_SLACK:
        raise Unsound("chậm hơn việc được ghi gần nhất: chỉnh giờ máy trước khi làm tiếp")
    return "không chậm hơn việc được ghi gần nhất"


def _jobs(factory: SessionFactory) -> str:
    with reading(factory) as session:
        return f"{count_unfinished_jobs(session)} việc chưa xong"


def check_attachments(factory: SessionFactory, store: FileStore) -> str:
    """Every attached file lies in the folder, in its size; reading one checks its hash as well.

    Raises:
        Unsound: some do not; says how many.
    """
    with reading(factory) as session:
        sizes, states = stored_sizes(session), count_by_scan_state(session)
    lost = [sha256 for sha256, size in sizes.items() if store.size_of(sha256) != size]
    if lost:
        raise Unsound(
            f"thiếu hoặc hỏng {len(lost)}/{len(sizes)} tệp trong {store.folder}: lấy lại từ bản sao lưu"
        )
    suspect = states.get(ScanState.SUSPECT, 0)
    waiting = states.get(ScanState.WAITING, 0)
    return f"{len(sizes)} tệp, đủ; {waiting} chờ quét, {suspect} nghi có mã độc"


def _xml_guard() -> str:
    try:
        fromstring(_BOMB)
    except EntitiesForbidden:
        return "bật"
    raise Unsound("thư viện đọc XML không từ chối thực thể")


def _settings(folder: Path) -> str:
    settings_from_environment()
    path = folder / SECRET_FILE_NAME
    if os.environ.get("PHANBO_SECRET_KEY"):
        return "đủ; khóa bí mật lấy từ PHANBO_SECRET_KEY"
    if path.stat().st_mode & 0o077:
        raise Unsound(f"tệp {SECRET_FILE_NAME} mở cho người khác đọc: chmod 600")
    return f"đủ; khóa bí mật trong tệp {SECRET_FILE_NAME}, chỉ chủ đọc được"
