"""Numbers on the command line: what is absurd is refused in words before any work begins."""

from __future__ import annotations

from argparse import ArgumentTypeError

LONGEST_SECONDS = 1_000_000
MOST_THREADS = 256
LARGEST_SEED = 2**31 - 1
"""Engines keep a seed in 32 bits; a larger one would silently become another."""


def seconds(text: str) -> float:
    """Return a time limit in seconds.

    Raises:
        ArgumentTypeError: no number from 0 to a million (about eleven days); NaN and infinity are none.
    """
    return _between(text, LONGEST_SECONDS, "thời hạn phải là số giây")


def gap_share(text: str) -> float:
    """Return how far from the best a search may stop, as a share.

    Raises:
        ArgumentTypeError: no number from 0 to 1.
    """
    return _between(text, 1, "sai số cho phép phải là một tỷ lệ")


def thread_count(text: str) -> int:
    """Return how many threads the engine may use.

    Raises:
        ArgumentTypeError: no whole number from 1 to 256.
    """
    return _whole(text, 1, MOST_THREADS, "số luồng phải là số nguyên")


def engine_seed(text: str) -> int:
    """Return the random seed of the engine.

    Raises:
        ArgumentTypeError: no whole number that engines can keep.
    """
    return _whole(text, 0, LARGEST_SEED, "số gieo phải là số nguyên")


def _between(text: str, most: int, what: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise ArgumentTypeError(f"{what} từ 0 đến {most}; đang là “{text}”")
    return number


def _whole(text: str, least: int, most: int, what: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise ArgumentTypeError(f"{what} từ {least} đến {most}; đang là “{text}”")
    return number
