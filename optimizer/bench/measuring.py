"""CPU seconds of this process and its children, and peers that take turns.

A clock on the wall would measure whatever else the machine does; CPU seconds of one thread do not. Peers
take turns so that a slow minute of the machine falls on all of them.
"""

from __future__ import annotations

import gc
import resource
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import process_time
from typing import TypeVar

Answer = TypeVar("Answer")


def cpu_seconds() -> float:
    """Return the CPU seconds used so far by this process and by children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


def timed(act: Callable[[], Answer]) -> tuple[float, Answer]:
    """Return the CPU seconds of an act, and what it answered."""
    # Neither the rubbish of whoever came before nor what the bench itself holds is this act's to walk over.
    gc.collect()
    gc.freeze()
    try:
        began = cpu_seconds()
        answer = act()
        return cpu_seconds() - began, answer
    finally:
        gc.unfreeze()


def in_turns(acts: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the middle CPU seconds of every act; the acts take turns, round after round."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(rounds):
        for name, act in acts.items():
            taken[name].append(timed(act)[0])
    return {name: median(seconds) for name, seconds in taken.items()}


def middle(values: Sequence[float]) -> float:
    """Return the middle value."""
    return median(values)
