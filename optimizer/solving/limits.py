"""How long and how exactly to search, and what is told on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from optimizer.problem import StageName


@dataclass(frozen=True, slots=True)
class SolveLimits:
    """Limits of one search.

    Attributes:
        time_limit_seconds: wall clock guard of the whole search.
        relative_gap_share: the score stage may stop at this gap; 0 = proof.
        threads: threads of the engine, fixed for the process by its first run.
        seed: random seed of the engine.
        engine_name: "highs"; "scip" for a second opinion, "cbc" for comparison.
        is_score_only: True = maximise the score alone and skip every later stage.
        score_tolerance_points: later stages may give up this many points (epsilon), 0 = none.
    """

    time_limit_seconds: float = 60.0
    relative_gap_share: float = 0.0
    threads: int = 1
    seed: int = 0
    engine_name: str = "highs"
    is_score_only: bool = False
    score_tolerance_points: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class SolveProgress:
    """Where the search stands.

    Attributes:
        best_value: best value of the running stage so far, None before the first.
        bound: no plan does better in the running stage.
    Units:
        as in StageRecord: đồng for legal_minimums and cost, points for score.
    """

    stage: StageName
    seconds: float
    best_value: float | None
    bound: float | None


OnProgress = Callable[[SolveProgress], None]
ShouldStop = Callable[[], bool]
