"""Measuring an act: run it often enough, print the figures, compare with what was promised."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

Act = Callable[[], object]


def median_milliseconds(name: str, act: Act, *, times: int = 20) -> float:
    """Run an act several times and print its least, middle and greatest time.

    Returns:
        The middle time; it is the figure to promise by, since a shared machine stumbles now and then.
    """
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    middle = statistics.median(taken)
    print(f"\n{name:<52} {min(taken):9.2f} {middle:9.2f} {max(taken):9.2f} ms", end="")
    return middle
