"""One process that loads one province in one way and says how much memory it took at its peak.

    python -m optimizer.bench.memory_probe ours|arrays SIZE SEED ARRAYS

Both hold the same problem in memory. "ours" loads it live and solves its relaxation; "arrays" reads finished
arrays (made by somebody else, so that it never sees PuLP), hands them to highspy and does the same.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from random import Random

from optimizer.generators.province import generate_province
from optimizer.problem import AllocationProblem

KILOBYTES_PER_UNIT = 1 if sys.platform != "darwin" else 1 / 1024


def main(arguments: list[str]) -> int:
    """Load, solve and print the peak in kilobytes."""
    who, projects, seed, arrays = arguments
    problem = generate_province(Random(int(seed)), int(projects))  # noqa: S311  a stated seed, not a secret
    held = _ours(problem) if who == "ours" else _bare(Path(arrays))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTES_PER_UNIT
    sys.stdout.write(f"{int(peak)} {len(problem.candidates)}\n")
    return 0 if held else 1


def _ours(problem: AllocationProblem) -> object:
    # Loaded here: the other way must not pay for it.
    from optimizer.solving.live import LiveAllocation

    live = LiveAllocation(problem)
    live.relax()
    return live


def _bare(arrays: Path) -> object:
    from optimizer.bench.bare_highs import loaded, read_arrays  # as above

    highs = loaded(read_arrays(arrays), is_relaxed=True)
    highs.setOptionValue("solver", "ipm")
    highs.run()
    return highs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
