"""Bytes lie whole or not at all, once a content, private; the scanner's word decides who gets them."""

from __future__ import annotations

import os
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from finance.attachments.rules import ScanState, may_be_downloaded
from finance.attachments.scanning import scan_file
from finance.attachments.store import FileStore
from finance.errors import RecordDamaged

CONTENT = b"noi dung"


def later_than_all() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def test_a_content_is_kept_once_private_and_without_leftovers(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "papers")
    sha256 = store.keep(CONTENT)
    assert store.keep(CONTENT) == sha256
    files = [path for path in (tmp_path / "papers").rglob("*") if path.is_file()]
    assert files == [store.path_of(sha256)]
    assert store.read(sha256) == CONTENT
    assert store.size_of(sha256) == len(CONTENT)
    if os.name == "posix":
        assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
        assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)

    def full_disk(_descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("finance.attachments.store.os.fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        store.keep(CONTENT)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_damaged_file_is_never_given_out_and_heals_when_kept_again(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    sha256 = store.keep(CONTENT)
    store.path_of(sha256).write_bytes(b"noi dunG")
    with pytest.raises(RecordDamaged):
        store.read(sha256)
    store.keep(CONTENT)
    assert store.read(sha256) == CONTENT
    store.path_of(sha256).unlink()
    with pytest.raises(RecordDamaged):
        store.read(sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63, "a" * 64 + "/x"])
def test_nothing_but_a_hash_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        FileStore(tmp_path).path_of(name)


def test_the_sweep_takes_what_nobody_names_and_nothing_young_or_foreign(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    named, orphan = store.keep(b"named"), store.keep(b"orphan")
    rest = store.path_of(orphan).parent / ".part-killed"
    rest.write_bytes(b"half")
    foreign = store.path_of(orphan).parent / "README"
    foreign.write_text("not ours")
    assert store.sweep({named}, older_than=datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert store.sweep({named}, older_than=later_than_all()) == 2
    assert store.read(named) == b"named"
    assert store.size_of(orphan) is None
    assert foreign.exists()
    assert FileStore(tmp_path / "nowhere").sweep(set(), older_than=later_than_all()) == 0


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("raise SystemExit(0)", ScanState.CLEAN),
        ("print('FOUND'); raise SystemExit(1)", ScanState.SUSPECT),
        ("raise SystemExit(2)", ScanState.WAITING),
    ],
)
def test_the_scanner_speaks_by_its_exit_code(tmp_path: Path, code: str, state: ScanState) -> None:
    path = tmp_path / "file with a space"
    path.write_bytes(CONTENT)
    program = tmp_path / "scanner.py"
    program.write_text(f"import sys, pathlib\npathlib.Path(sys.argv[-1]).read_bytes()\n{code}\n")
    assert scan_file(f"{sys.executable} -S {program}", path)[0] is state


def test_without_a_word_of_the_scanner_the_file_waits(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    assert scan_file("no-such-scanner-anywhere", path)[0] is ScanState.WAITING
    assert scan_file("sleep 5 #", path, seconds=0)[0] is ScanState.WAITING
    assert scan_file("'unclosed", path)[0] is ScanState.WAITING
    assert scan_file("  ", path) == (ScanState.UNSCANNED, "")


def test_only_clean_and_never_scanned_files_are_given_out() -> None:
    assert [state for state in ScanState if may_be_downloaded(state)] == [
        ScanState.CLEAN,
        ScanState.UNSCANNED,
    ]
