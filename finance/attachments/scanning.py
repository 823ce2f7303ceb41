"""Asking the installation's own scanner about a file: a command with the path as last word.

Exit code 0 is clean, 1 is infected (clamdscan and clamscan answer so); anything else, a missing
program or a long silence means "not yet known", and the file waits.
"""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from finance.attachments.rules import ScanState

SCAN_SECONDS = 60
LONGEST_WORDS = 300
CLEAN, INFECTED = 0, 1


def scan_file(command: str, path: Path, *, seconds: int = SCAN_SECONDS) -> tuple[ScanState, str]:
    """What the scanner says of a stored file.

    Args:
        command: as set by the installation, such as ``clamdscan --no-summary --fdpass``; empty for none.
        path: the stored file.
        seconds: how long it may think.

    Returns:
        The state and the scanner's own words, shortened.
    """
    if not command.strip():
        return ScanState.UNSCANNED, ""
    try:
        # The command is the administrator's setting, the path is our own hash: nothing a person typed.
        done = subprocess.run(  # noqa: S603
            [*shlex.split(command), str(path)], capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return ScanState.WAITING, f"bộ quét không trả lời trong {seconds} giây"
    except (OSError, ValueError) as broken:
        return ScanState.WAITING, f"không chạy được bộ quét: {broken}"[:LONGEST_WORDS]
    said = (done.stdout + b" " + done.stderr).decode("utf-8", "replace").replace("\x00", "").strip()
    state = {CLEAN: ScanState.CLEAN, INFECTED: ScanState.SUSPECT}.get(done.returncode, ScanState.WAITING)
    return state, said.replace(str(path), path.name[:12])[:LONGEST_WORDS]
