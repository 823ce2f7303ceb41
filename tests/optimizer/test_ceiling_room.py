"""What is left under the ceilings, against the audit."""

from __future__ import annotations

from random import Random

from optimizer import audit_levels
from optimizer.ceiling_room import CeilingRoom
from tests.optimizer.small_problems import random_problem


def test_a_level_breaks_the_ceilings_that_the_audit_says_it_breaks() -> None:
    broken = kept = 0
    for seed in range(60):
        draw = Random(seed)
        problem = random_problem(draw)
        room, taken = CeilingRoom(problem), {}
        for _ in range(8):
            candidate = draw.choice(problem.candidates)
            level = draw.choice(candidate.levels)
            held = next((item for item in candidate.levels if item.id == taken.get(candidate.id)), None)
            before = ceilings_broken(problem, taken)
            after = ceilings_broken(problem, {**taken, candidate.id: level.id})
            excesses = room.excesses(level, held)
            told = {f"ceiling:{'+'.join(item.source_ids)}:{item.year}": item.over_vnd for item in excesses}
            assert told == {key: over for key, over in after.items() if key not in before}
            broken, kept = broken + bool(told), kept + (not told)
            room.take(level, held)
            taken[candidate.id] = level.id
    assert broken > 10
    assert kept > 50


def ceilings_broken(problem: object, level_ids: dict[str, str]) -> dict[str, int]:
    """Return the đồng above every broken ceiling, by the audit."""
    return {
        rule.rule_id: int(rule.amount or 0)
        for rule in audit_levels(problem, level_ids).broken  # type: ignore[arg-type]
        if rule.rule_id.startswith("ceiling:")
    }
