"""A model of money in which HiGHS, asked for 1e-9, called a worse point proven: our settings must not."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from optimizer.engines.highs import HighsEngine
from optimizer.engines.interface import EngineSettings, EngineStatus, LinearModel

MODEL = Path(__file__).parent / "models" / "false-optimum.json"
BEST = -36.35


def the_model() -> LinearModel:
    facts = json.loads(MODEL.read_text(encoding="utf-8"))

    def edges(name: str, missing: float) -> np.ndarray:
        return np.array([missing if value is None else value for value in facts[name]], float)

    return LinearModel(
        [f"c{place}" for place in range(len(facts["costs"]))],
        np.array(facts["costs"], float),
        edges("lower", -math.inf),
        edges("upper", math.inf),
        np.array(facts["is_integer"], bool),
        [f"r{place}" for place in range(len(facts["row_lower"]))],
        edges("row_lower", -math.inf),
        edges("row_upper", math.inf),
        np.array(facts["starts"], np.int32),
        np.array(facts["indices"], np.int32),
        np.array(facts["values"], float),
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_best_point_is_found_and_the_bound_is_true(seed: int) -> None:
    answer = HighsEngine().load(the_model()).solve(EngineSettings(30, seed=seed))
    assert answer.status is EngineStatus.PROVEN
    assert answer.objective == pytest.approx(BEST, abs=1e-6)
    assert answer.bound is not None
    assert answer.bound >= BEST - 1e-6
