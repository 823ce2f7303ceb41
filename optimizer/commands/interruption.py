"""The interrupt key while a verb works.

    at the start               the end is at once (optimizer.commands.early_end)
    solve, explain, whatif     once = stop and keep the best plan, twice = give up at once
    batch                      once = end the workers and keep what is done, twice = give up at once
    every other verb           once = give up at once

An engine computes for seconds without coming back to Python, and Python's own signal handlers wait that
long. So the signals are read by a thread of their own, which can also end a process whose engine never comes
back.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from select import select

from optimizer.commands.early_end import SIGNALS, STOPPED, end_at_once
from optimizer.commands.reporting import complain
from optimizer.commands.whole_files import wait_for_whole_files

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
    with _heard(_Listener(STOPPING, overdue_seconds)) as is_asked:
        yield is_asked


@contextmanager
def ending_on_interrupt() -> Iterator[None]:
    """End the process at once when told to within the block, even while an engine computes."""
    with _heard(_Listener()):
        yield


@contextmanager
def raising_on_interrupt() -> Iterator[None]:
    """Raise KeyboardInterrupt in the main thread when told to within the block; told twice, end at once."""
    with _heard(_Listener("", handler=_raise)):
        yield


@contextmanager
def _heard(listener: _Listener) -> Iterator[Callable[[], bool]]:
    """Listen within the block.

    Only the main thread may; who calls from another one stops the search itself.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    listener.open()
    try:
        yield listener.is_asked
    finally:
        listener.close()


class _Listener:
    """Signals arrive as bytes in a socket, whatever the main thread is doing."""

    def __init__(
        self,
        first_words: str | None = None,
        overdue_seconds: float | None = None,
        handler: Callable[[int, object], None] | None = None,
    ) -> None:
        """Prepare to listen.

        Args:
            first_words: said at the first signal, the second one ends the process; None = the first does.
            overdue_seconds: end the process after so long; None = never.
            handler: what Python does in the main thread besides; None = nothing.
        """
        self._first_words, self._overdue_seconds = first_words, overdue_seconds
        self._handler = handler or _leave_it_to_the_thread
        self._asked = threading.Event()

    def open(self) -> None:
        """Begin to listen."""
        self._heard, self._told = socket.socketpair()
        self._told.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, self._handler) for number in SIGNALS}
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def is_asked(self) -> bool:
        """Has the end been asked for?"""
        return self._asked.is_set()

    def close(self) -> None:
        """Give the signals back to who had them, except where the ears have been closed for good."""
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._handlers.items():
            if signal.getsignal(number) is self._handler:
                signal.signal(number, handler)
        self._told.close()
        self._thread.join()
        self._heard.close()

    def _listen(self) -> None:
        while select([self._heard], [], [], self._overdue_seconds)[0]:
            received = self._heard.recv(16)
            if not received:
                return
            self._hear(sum(1 for number in received if number in SIGNALS))
        end_at_once(OVERDUE, wait_for_whole_files)

    def _hear(self, count: int) -> None:
        if count and self._first_words is None:
            end_at_once(STOPPED, wait_for_whole_files)
        if count and (self._asked.is_set() or count > 1):
            end_at_once(GIVEN_UP, wait_for_whole_files)
        if count:
            self._asked.set()
            if self._first_words:
                complain(self._first_words)


def _leave_it_to_the_thread(number: int, frame: object) -> None:
    """Keep Python from raising KeyboardInterrupt; the listening thread has been told."""
    del number, frame


def _raise(number: int, frame: object) -> None:
    del number, frame
    raise KeyboardInterrupt
