"""One process that loads one province in one way and says how much memory it took at its peak.

    python -m optimizer.bench.memory_probe ours|plan|arrays SIZE SEED ARRAYS

All hold the same problem in memory. "ours" loads it live and solves its relaxation; "arrays" reads finished
arrays (made by somebody else, so that it never sees PuLP), hands them to highspy and does the same; "plan"
goes on to an audited plan.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from random import Random

from optimizer.generators.province import generate_province
from optimizer.problem import AllocationProblem

PLAN_SECONDS, PLAN_GAP = 90.0, 5e-4


def main(arguments: list[str]) -> int:
    """Load, solve and print the peak in kilobytes."""
    who, projects, seed, arrays = arguments
    problem = generate_province(Random(int(seed)), int(projects))  # noqa: S311  a stated seed, not a secret
    held = _bare(Path(arrays)) if who == "arrays" else _ours(problem) if who == "ours" else _plan(problem)
    sys.stdout.write(f"{peak_kilobytes()} {len(problem.candidates)}\n")
    return 0 if held else 1


def peak_kilobytes() -> int:
    """Return the most memory this program has held.

    FRAGILE: ru_maxrss of a started program begins with the peak of the program that started it, so the
    kernel's own figure for this address space is read where there is one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def _ours(problem: AllocationProblem) -> object:
    # Loaded here: the other way must not pay for it.
    from optimizer.solving.live import LiveAllocation

    live = LiveAllocation(problem)
    live.relax()
    return live


def _plan(problem: AllocationProblem) -> object:
    from optimizer.solving.limits import SolveLimits  # as above
    from optimizer.solving.solve import solve

    return solve(problem, SolveLimits(PLAN_SECONDS, PLAN_GAP, is_score_only=True))


def _bare(arrays: Path) -> object:
    from optimizer.bench.bare_highs import loaded, read_arrays  # as above

    highs = loaded(read_arrays(arrays), is_relaxed=True)
    highs.setOptionValue("solver", "ipm")
    highs.run()
    return highs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
