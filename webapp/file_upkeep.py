"""Upkeep of attached files from the command line: what the scanner has not judged, what nobody names."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from finance.attachments.file_writer import forget_unattached, note_scan
from finance.attachments.queries import hashes_in_use, list_unscanned
from finance.attachments.rules import ScanState
from finance.attachments.scanning import scan_file
from finance.attachments.store import FileStore
from finance.database import SessionFactory, reading, transaction

# A file is stored before its record: what is younger may belong to somebody who is just attaching it.
GRACE = timedelta(hours=24)


def scan_stored_files(
    factory: SessionFactory, store: FileStore, scanner: str, now: datetime, *, is_all: bool
) -> str:
    """Let the scanner judge files; each verdict is kept at once, so that a stopped run keeps its work.

    Args:
        factory: makes sessions.
        store: where the bytes lie.
        scanner: the installation's command; empty for none.
        now: the machine's time.
        is_all: judge again what was judged before, as after new signatures.

    Returns:
        One sentence for the person at the terminal.
    """
    if not scanner:
        return "Chưa cấu hình bộ quét (PHANBO_SCANNER); không quét tệp nào."
    with reading(factory) as session:
        hashes = sorted(hashes_in_use(session)) if is_all else list_unscanned(session)
    found: Counter[ScanState] = Counter()
    for sha256 in hashes:
        # No session is open while the scanner thinks.
        state, words = scan_file(scanner, store.path_of(sha256))
        found[state] += 1
        with transaction(factory) as session:
            note_scan(session, sha256, state, words, at=now)
    counts = ", ".join(f"{state.label_vi}: {found[state]}" for state in ScanState if found[state])
    return f"Đã quét {len(hashes)} tệp{f' ({counts})' if counts else ''}."


def sweep_stored_files(factory: SessionFactory, store: FileStore, now: datetime) -> int:
    """Remove records and bytes that no paper names, but nothing younger than a day.

    Returns:
        How many files were removed.
    """
    # The writer's turn is held meanwhile: nobody can attach a file that is just being removed.
    with transaction(factory) as session:
        forget_unattached(session)
        return store.sweep(hashes_in_use(session), older_than=now - GRACE)
