"""What runs in a worker process: open once, then one job after the other until there are no more.

A worker outlives neither the process that started it nor its own pipe. Ctrl-C at the terminal reaches the
parent alone, which decides what becomes of the workers.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

Act = Callable[[Any], Any]
Opener = Callable[[Any], Act]
"""Told what all jobs share, returns the function that does one job. Both travel by name: keep them at the
top of a module."""

DONE, RAISED = "done", "raised"
PARENT_IS_GONE = 70


def serve(connection: Connection, opener: Opener) -> None:
    """Read what all jobs share, then answer every job with (DONE, result) or (RAISED, words)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        act = opener(connection.recv())
    except EOFError:
        return
    except Exception as error:
        # Whatever it is, it is the answer to every job; the parent tells it.
        act = _refusing(_words_of(error))
    while True:
        try:
            job = connection.recv()
        except EOFError:
            return
        if job is None:
            return
        connection.send(_answer(act, job))


def _answer(act: Act, job: Any) -> tuple[str, Any]:
    try:
        return DONE, act(job)
    except Exception as error:
        # The worker goes on with the next job; this one's failure is its answer.
        return RAISED, _words_of(error)


def _refusing(words: str) -> Act:
    def refuse(_: Any) -> Any:
        raise RuntimeError(words)

    return refuse


def _words_of(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({last[0].name})" if last else ""
    return f"{type(error).__name__}{place}: {error}"


def _end_with_parent() -> None:
    """End at once when the parent is gone; what it would have read is not worth finishing."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(PARENT_IS_GONE)
