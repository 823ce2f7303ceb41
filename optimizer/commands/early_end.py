"""Told to end (Ctrl-C, or a polite end from outside), the program ends at any moment: one sentence, one code.

From its first line on, while packages are still being loaded, and while an engine computes for seconds
without coming back to Python. Verbs that keep the best plan, or what is done so far, listen themselves while
they work (optimizer.commands.interruption). This module loads next to nothing: it comes before everything
that takes time.

What Python itself does before the program's first line (some hundredths of a second) is out of its hands.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from optimizer.commands.exit_codes import FAILED

SIGNALS = (signal.SIGINT, signal.SIGTERM)
STOPPED = "Đã dừng theo yêu cầu; không có kết quả nào."
SHORTEST_JSON = len("--j")
ERRORS, ANSWERS = 2, 1
"""The numbers of standard error and standard output."""
SECONDS_TO_FINISH_A_FILE = 2.0


def end_at_once(words: str, before: Callable[[float], object] | None = None) -> None:
    """End the process with one sentence; under --json with the one object it has promised.

    Args:
        words: why, one sentence without quotation marks.
        before: waits at most so many seconds until nothing is half-written.
    """
    if before is not None:
        before(SECONDS_TO_FINISH_A_FILE)
    # Past Python's own streams: whoever is ended may be writing to them at this moment.
    _write(ERRORS, words + "\n")
    if is_json_asked(sys.argv[1:]):
        _write(ANSWERS, f'{{"exit_code": {FAILED}, "failure": "{words}"}}\n')
    os._exit(FAILED)


def is_json_asked(arguments: Sequence[str]) -> bool:
    """Tell whether --json is among the arguments, shortened too, before anybody has read them."""
    return any("--json".startswith(word) and len(word) >= SHORTEST_JSON for word in arguments)


def listen_from_now_on() -> None:
    """End at once when told to; for the time before there is anything to finish or to keep."""
    for number in SIGNALS:
        signal.signal(number, _end)


def close_the_ears() -> None:
    """Heed no signal from now on: the work is done, its code and its answer stand."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _end(number: int, frame: object) -> None:
    del number, frame
    end_at_once(STOPPED)


def _write(stream: int, words: str) -> None:
    with suppress(OSError):
        os.write(stream, words.encode())
