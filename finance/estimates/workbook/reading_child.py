"""The child process of `isolated`: one question on standard input, one answer on standard output."""

from __future__ import annotations

import pickle
import sys

from finance.estimates.workbook.reader import read_estimate_workbook
from finance.estimates.workbook.reading_limits import limit_this_process


def answer_one_question() -> None:
    """Read the question under the caps and answer it."""
    # From the parent alone, which made it a moment ago.
    content, context, limits, template = pickle.load(sys.stdin.buffer)  # noqa: S301
    limit_this_process(limits.growth_bytes, limits.cpu_seconds)
    draft, findings = read_estimate_workbook(content, context, limits=limits, template=template)
    sys.stdout.buffer.write(pickle.dumps((draft, findings), pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    answer_one_question()
