"""Options that several verbs share; absurd numbers are refused in words before any work begins."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError

LONGEST_SECONDS = 1_000_000
MOST_THREADS = 256
LARGEST_SEED = 2**31 - 1
"""Engines keep a seed in 32 bits; a larger one would silently become another."""


def add_time_limit(parser: ArgumentParser, usual: float, words: str = "giây cho mỗi lần chạy") -> None:
    """Ask for a time limit; words say of what."""
    parser.add_argument(
        "--time-limit", type=seconds, default=usual, metavar="GIÂY", help=f"{words}; mặc định {usual:g}"
    )


def add_gap(parser: ArgumentParser, usual: float = 0.0) -> None:
    """Ask how far from the best a search may stop."""
    parser.add_argument(
        "--gap", type=gap_share, default=usual, metavar="TỶ_LỆ",
        help=f"được dừng khi cách cận trên không quá tỷ lệ này; mặc định {usual:g}",
    )  # fmt: skip


def add_threads(parser: ArgumentParser, words: str = "số luồng của bộ giải; mặc định 1") -> None:
    """Ask how many threads the engine may use."""
    parser.add_argument("--threads", type=thread_count, default=1, metavar="SỐ", help=words)


def add_seed(parser: ArgumentParser) -> None:
    """Ask for the random seed of the engine."""
    parser.add_argument(
        "--seed", type=engine_seed, default=0, metavar="SỐ", help="số gieo của bộ giải; mặc định 0"
    )


def add_engine(parser: ArgumentParser) -> None:
    """Ask which engine searches."""
    parser.add_argument(
        "--engine", choices=("highs", "scip", "cbc"), default="highs", help="bộ giải; mặc định highs"
    )


def add_stages(parser: ArgumentParser) -> None:
    """Ask for the whole chain of stages or the score alone."""
    parser.add_argument(
        "--stages", choices=("score", "all"), default="all",
        help="all: mọi chặng theo thứ tự (mặc định); score: chỉ tối đa điểm",
    )  # fmt: skip


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
