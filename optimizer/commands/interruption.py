"""The interrupt key while a search runs: once = stop and keep the best plan, twice = give up at once.

An engine computes for seconds without coming back to Python, and Python's own signal handlers wait that
long. So the signals are read by a thread of their own, which can also end a process whose engine never comes
back.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from select import select

from optimizer.commands.reporting import FAILED, complain

SIGNALS = (signal.SIGINT, signal.SIGTERM)
STOPPING = "Đang dừng và giữ phương án tốt nhất; bấm Ctrl+C lần nữa để bỏ ngay."
GIVEN_UP = "Đã bỏ theo yêu cầu; không ghi phương án nào."
OVERDUE = "Bộ giải không trở lại dù đã quá xa thời hạn; chương trình dừng, không ghi phương án nào."


@contextmanager
def stopping_on_interrupt(overdue_seconds: float) -> Iterator[Callable[[], bool]]:
    """Listen to the interrupt key (and to a polite end from outside) within the block.

    Args:
        overdue_seconds: end the process when the block takes longer; far more than any time limit within.
    Yields:
        A question for a search: has the end been asked for?
    """
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread may listen to signals; who calls from another one stops the search itself.
        yield lambda: False
        return
    listener = _Listener(overdue_seconds)
    try:
        yield listener.is_asked
    finally:
        listener.close()


class _Listener:
    """Signals arrive as bytes in a socket, whatever the main thread is doing."""

    def __init__(self, overdue_seconds: float) -> None:
        self._asked = threading.Event()
        self._heard, self._told = socket.socketpair()
        self._told.setblocking(False)
        self._handlers = {number: signal.signal(number, _leave_it_to_the_thread) for number in SIGNALS}
        self._wakeup = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._listen, args=(overdue_seconds,), daemon=True)
        self._thread.start()

    def is_asked(self) -> bool:
        """Has the end been asked for?"""
        return self._asked.is_set()

    def close(self) -> None:
        """Give the signals back to who had them."""
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._told.close()
        self._thread.join()
        self._heard.close()

    def _listen(self, overdue_seconds: float) -> None:
        while select([self._heard], [], [], overdue_seconds)[0]:
            received = self._heard.recv(16)
            if not received:
                return
            count = sum(1 for number in received if number in SIGNALS)
            if count and (self._asked.is_set() or count > 1):
                _end_at_once(GIVEN_UP)
            if count:
                complain(STOPPING)
                self._asked.set()
        _end_at_once(OVERDUE)


def _leave_it_to_the_thread(number: int, frame: object) -> None:
    """Keep Python from raising KeyboardInterrupt; the listening thread has been told."""
    del number, frame


def _end_at_once(words: str) -> None:
    """End the process; files are written whole or not at all, so nothing half-done stays behind."""
    complain(words)
    os._exit(FAILED)
